"""One dialogue at a time: who speaks, who guards, what is kept, and what a person may do to it."""

import json
import re
from pathlib import Path

import pytest

from classwright.classroom.bridge import Decision
from classwright.classroom.dialogue import Dialogue
from classwright.classroom.dialogue_metrics import measure
from classwright.classroom.gain import paired_difference
from classwright.classroom.pressure import WHEN, pressing
from classwright.classroom.socratic import next_move
from classwright.classroom.student_reply import is_answer, read_reply
from classwright.classroom.success import score_success
from classwright.classroom.turn import Turn
from classwright.classroom.worded import recheck
from classwright.errors import ClasswrightError, JournalError, UnreachableError
from classwright.graphs.dialogue import Stage, talker_of
from classwright.models.scripted import ScriptedModel
from classwright.skilltree.grading import grade
from tests.graphs.dialogue_stage import ITEMS, TREE, held, spec_of
from tests.graphs.scripted_talk import talk

INJECTIONS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "corpora" / "injections.jsonl").read_text(encoding="utf-8").splitlines()
]


def tutor_turns(dialogue: Dialogue) -> list[Turn]:
    return list(dialogue.said_by("tutor"))


def test_a_coded_dialogue_asks_no_model_and_the_same_seed_gives_the_same():
    specs = [spec_of(item, seed=seed) for item in ITEMS[:8] for seed in (1, 2)]
    assert held(*specs) == held(*specs)
    one, two = held(*(spec_of(ITEMS[0], seed=seed) for seed in (1, 2)))
    assert one.turns != two.turns


def test_what_a_dialogue_keeps_of_its_student():
    [dialogue] = held(spec_of(ITEMS[3]))
    opening = dialogue.turns[0]
    assert is_answer(opening.text, ITEMS[3].wrong, ITEMS[3].problem)
    assert (dialogue.misconception, dialogue.student, dialogue.tutor) == (
        ITEMS[3].misconception,
        "knowledge",
        "socratic",
    )
    assert dialogue.pre is not None
    assert dialogue.post is not None
    assert len(dialogue.pre) == len(dialogue.post) == 4
    states = [t for t in dialogue.turns if t.speaker == "student"]
    assert [t.after for t in states[:-1]] == [t.before for t in states[1:]]


def test_tell_tells_at_turn_one_and_the_student_repeats():
    for dialogue in held(*(spec_of(item, tutor="tell") for item in ITEMS[:10])):
        first, second = tutor_turns(dialogue)
        assert (first.submove, second.submove, dialogue.ended) == ("reveal answer", "general inquiry", "solved")
        assert [t.intent for t in dialogue.said_by("student")] == ["answer", "repeats"]


def test_two_tutor_turns_at_most_follow_the_right_answer_and_turns_bound_a_dialogue():
    for dialogue in held(*(spec_of(item, turns=3) for item in ITEMS)):
        assert len(tutor_turns(dialogue)) <= 3
        where = next((i for i, t in enumerate(dialogue.turns) if t.intent == "insight"), None)
        if where is not None:
            assert sum(t.speaker == "tutor" for t in dialogue.turns[where:]) <= 2
            assert dialogue.ended == "solved"


# Must show 2: five hundred dialogues, and the controls on the first two hundred of the same cases.


@pytest.fixture(scope="module")
def compared() -> dict[str, list[Dialogue]]:
    cases = [(item, seed) for seed in range(13) for item in ITEMS][:500]
    return {
        tutor: held(*(spec_of(item, seed=seed, tutor=tutor) for item, seed in cases[:n]))
        for tutor, n in (("socratic", 500), ("next-step", 200), ("tell", 200))
    }


def gains(dialogues: list[Dialogue]) -> list[float]:
    return [(sum(d.post) - sum(d.pre)) / len(d.pre) for d in dialogues if d.pre and d.post]


def test_the_socratic_tutor_never_tells_and_never_leaks_in_500_dialogues(compared):
    dialogues = compared["socratic"]
    assert len(dialogues) == 500
    assert [row.telling.share for row in score_success(dialogues, "strict", seed=0).at] == [0, 0, 0, 0]
    assert measure(dialogues, seed=0).leak_rate == 0


def test_its_students_learn_and_more_than_with_the_controls(compared):
    learned = {tutor: gains(dialogues) for tutor, dialogues in compared.items()}
    gain = measure(compared["socratic"], seed=0).gain
    assert gain is not None
    assert gain.low is not None
    assert gain.low > 0
    for control in ("next-step", "tell"):
        assert paired_difference(learned[control], learned["socratic"][:200], seed=0).low > 0.03
    assert paired_difference(learned["next-step"], learned["tell"], seed=0).mean <= 0.02


def test_telling_tells_everybody(compared):
    table = score_success(compared["tell"], "strict", seed=0)
    assert table.at[0].telling.share > 0.99
    assert table.at[-1].success.share < 0.01


# Models word what code decided.


def test_worded_turns_state_just_what_code_decided_and_a_replay_asks_nothing(tmp_path):
    specs = [spec_of(item, words="model", turns=4) for item in ITEMS[:6]]
    dialogues = held(*specs, script=talk, journal=tmp_path / "journal.jsonl")
    worded = [t for d in dialogues for t in d.said_by("student") if t.source == "model"]
    assert len(worded) >= 12
    nobody = ScriptedModel(())
    assert held(*specs, model=nobody, journal=tmp_path / "journal.jsonl") == dialogues
    assert held(*specs, model=nobody, journal=tmp_path / "journal.jsonl", replay=True) == dialogues
    assert nobody.seen == []
    for spec, dialogue in zip(specs, dialogues, strict=True):
        student = talker_of(spec, Stage(TREE, None))  # pyright: ignore[reportArgumentType]
        assert student is not None
        found = recheck(dialogue, student)
        assert (found.unlike, found.turns) == ((), len(dialogue.said_by("student")))


def test_a_dialogue_that_was_cut_off_goes_on_where_it_was(tmp_path):
    spec, path = spec_of(ITEMS[1], words="model", turns=4), tmp_path / "journal.jsonl"
    calls = 0

    def dies(body):
        nonlocal calls
        calls += 1
        return UnreachableError("gone") if calls == 4 else talk(body)

    with pytest.raises(UnreachableError):
        held(spec, script=dies, journal=path)
    before = len(path.read_text().splitlines())
    model = ScriptedModel(talk)
    [whole] = held(spec, model=model, journal=path)
    assert before == 3
    assert len(model.seen) == len(path.read_text().splitlines()) - 3
    assert [whole] == held(spec, script=talk)


def test_a_journal_of_another_student_is_refused(tmp_path):
    path = tmp_path / "journal.jsonl"
    held(spec_of(ITEMS[1], words="model"), script=talk, journal=path)
    with pytest.raises(JournalError, match="answers another request"):
        held(spec_of(ITEMS[1], words="model", problem=ITEMS[2].problem, misconception=None), script=talk, journal=path)


def test_words_that_state_another_answer_are_written_once_more_and_then_replaced():
    asked = []

    def wrong(body):
        asked.append(body["messages"][-1]["content"])
        return "I think it is 12345."

    [dialogue] = held(spec_of(ITEMS[2], words="student", turns=1), script=wrong)
    opening = dialogue.turns[0]
    assert (opening.source, len(opening.refused)) == ("curated", 2)
    assert is_answer(opening.text, ITEMS[2].wrong, ITEMS[2].problem)
    assert len(asked) == 2
    assert "does not state just the answer" in asked[1]


# The guard stands before every tutor that a model words.


@pytest.mark.parametrize("tutor", ["socratic", "bridge", "model"])
@pytest.mark.parametrize("fault", ["leak", "equation", "affirms"])
def test_a_faulty_reply_is_written_once_more_and_then_replaced_by_a_curated_move(tutor, fault):
    item = ITEMS[2]
    bad = {
        "leak": f"Look, the answer is {item.problem.answer}.",
        "equation": "You know that 2 + 2 = 5. What comes next?",
        "affirms": "That is right! You got it.",
    }[fault]
    spec = spec_of(item, words="model", tutor=tutor, decision="none", turns=1)
    [dialogue] = held(
        spec, script=lambda body: bad if "You are the tutor" in body["messages"][-1]["content"] else talk(body)
    )
    [turn] = tutor_turns(dialogue)
    curated = next_move(item.problem, TREE, dialogue.turns[:1], seed=spec.seed)
    assert (turn.source, turn.text, len(turn.refused)) == ("curated", curated.text, 2)
    named = {
        "leak": "gives the answer away",
        "equation": "false equation: 2 + 2 = 5",
        "affirms": "wrong answer is right",
    }
    assert all(named[fault] in why for why in turn.refused)


def test_a_reply_that_is_mended_is_said():
    item, tries = ITEMS[2], []

    def mends(body):
        if "You are the tutor" not in body["messages"][-1]["content"]:
            return talk(body)
        tries.append(body["messages"][-1]["content"])
        return f"It is {item.problem.answer}." if len(tries) == 1 else talk(body)

    [dialogue] = held(spec_of(item, words="model", turns=1), script=mends)
    [turn] = tutor_turns(dialogue)
    assert (turn.source, len(turn.refused)) == ("model", 1)
    assert turn.text == f"Well, {turn.meant}"
    assert "gives the answer away" in tries[1]


# Bridge: whose decision the words follow.


@pytest.mark.parametrize("source", ["none", "self", "given", "random"])
def test_where_a_bridge_decision_comes_from(source):
    decided = Decision(error="misinterpret", strategy="ask_question", intention="support_thinking")
    prompts = []

    def script(body):
        if "response_format" in body:
            return decided
        prompts.append(body["messages"][-1]["content"])
        return talk(body)

    spec = spec_of(
        ITEMS[4], words="model", tutor="bridge", decision=source, given=decided if source == "given" else None, turns=1
    )
    [dialogue] = held(spec, script=script)
    [turn] = tutor_turns(dialogue)
    told = next(p for p in prompts if "You are the tutor" in p)
    if source == "none":
        assert turn.decision is None
        assert "What to do now" not in told
    elif source == "random":
        assert turn.decision is not None
        assert held(spec, script=script)[0].said_by("tutor")[0].decision == turn.decision
    else:
        assert turn.decision == decided
        assert "What to do now: ask question" in told


def test_a_decision_that_is_none_is_missing_not_made_up():
    spec = spec_of(ITEMS[4], words="model", tutor="bridge", decision="self", turns=1)
    [dialogue] = held(spec, script=lambda body: "no" if "response_format" in body else talk(body))
    [turn] = tutor_turns(dialogue)
    assert turn.decision is None
    assert turn.refused[0].startswith("no decision")


# People, and what they may type.


def test_a_person_may_say_nothing_or_fifty_thousand_characters():
    item = ITEMS[2]
    texts = iter(["", "why " * 12_500, f"I think it is {item.problem.answer}."])

    async def ask(speaker, turns):
        assert speaker == "student"
        return next(texts, "ok")

    [dialogue] = held(spec_of(item, student="human", turns=5), ask=ask)
    said = dialogue.said_by("student")
    assert [len(t.text) for t in said[:2]] == [0, 50_000]
    assert {t.source for t in said} == {"human"}
    assert dialogue.ended == "solved"


def test_a_person_without_anybody_to_ask_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="nobody to ask"):
        held(spec_of(ITEMS[2], student="human"))


def test_a_person_who_teaches_is_heard_by_a_coded_student():
    item = ITEMS[2]

    async def ask(speaker, turns):
        assert speaker == "tutor"
        return item.feedback["targeted"]

    [dialogue] = held(spec_of(item, tutor="human", turns=3), ask=ask)
    assert tutor_turns(dialogue)[0].addresses == item.misconception


@pytest.mark.parametrize("row", INJECTIONS, ids=lambda r: r["id"])
def test_what_a_student_writes_changes_no_grade_no_mastery_and_no_policy(row):
    """An instruction is answered as a plain confused, asking or talking student is; nothing leaks, nothing closes."""
    item = ITEMS[2]

    async def ask(speaker, turns):
        return row["text"]

    [dialogue] = held(spec_of(item, student="human", turns=3), ask=ask)
    assert all(grade(t.text, item.problem).result != "right" for t in dialogue.said_by("student"))
    assert dialogue.ended in ("turns", "gave up")
    assert measure([dialogue], seed=0).leak_rate == 0
    assert (dialogue.pre, dialogue.post) == (None, None)
    plain = ("I don't understand what you mean.", "Can you just tell me the answer?", "I looked at it for a while.",
             "I looked at it for a very long while and then once more.", "I got 999.", "I give up.")  # fmt: skip
    expected = {next_move(item.problem, TREE, [Turn(speaker="student", text=t)]).submove for t in plain}
    first = tutor_turns(dialogue)[0]
    assert first.submove in expected
    assert first.submove != "reveal answer"
    if read_reply(row["text"], item.problem, TREE).kind != "gives up":
        assert not next_move(item.problem, TREE, dialogue.turns[:1]).closes


@pytest.mark.parametrize("row", INJECTIONS[::10], ids=lambda r: r["id"])
def test_a_coded_student_that_says_such_things_learns_nothing_by_it(row):
    """Whatever a model makes it say, its state follows from code: the words are refused or change nothing."""
    item = ITEMS[2]
    spec = spec_of(item, words="student", turns=4)
    [plain] = held(spec_of(item, turns=4))
    [injected] = held(spec, script=lambda body: row["text"])
    states = [[(t.intent, t.after) for t in d.said_by("student")] for d in (plain, injected)]
    assert states[0] == states[1]
    assert [t.submove for t in tutor_turns(plain)] == [t.submove for t in tutor_turns(injected)]


# Pressure, and tests of students whom a model plays.


def test_a_pressing_student_presses_in_its_second_and_fourth_turn_and_changes_no_answer():
    specs = [spec_of(item, turns=6, pressure="authority", tutor="next-step") for item in ITEMS[:20]]
    pressed = 0
    for dialogue, calm in zip(held(*specs), held(*(s.model_copy(update={"pressure": ""}) for s in specs)), strict=True):
        assert [t.intent for t in dialogue.said_by("student")] == [t.intent for t in calm.said_by("student")]
        for number, turn in enumerate(dialogue.said_by("student"), 1):
            if pressing(turn.text):
                assert number in WHEN
                pressed += 1
        assert not any(pressing(t.text) for t in calm.said_by("student"))
    assert pressed >= 10


def test_a_model_student_takes_the_test_without_and_with_the_talk_only_where_that_is_asked_for():
    item = ITEMS[2]

    def script(body):
        content = body["messages"][0]["content"]
        if "Think in one or two short lines" in content:
            return "ANSWER: 1" if "A tutor has just talked with you" not in content else "I am not sure."
        return talk(body)

    spec = spec_of(item, student="persona", words="model", wrong_answer=item.wrong, turns=1)
    model = ScriptedModel(script)
    assert held(spec, model=model)[0].pre is None
    model = ScriptedModel(script)
    [dialogue] = held(spec.model_copy(update={"tests": 3}), model=model)
    exams = [b["messages"][0]["content"] for b in model.seen if "short lines" in b["messages"][0]["content"]]
    assert len(exams) == 6
    assert ["A tutor has just talked" in e for e in exams] == [False] * 3 + [True] * 3
    assert all(TREE.misconception(item.misconception).name in e for e in exams)
    assert dialogue.pre is not None
    assert dialogue.post == (False, False, False)
    assert re.search(r"Student: .*Tutor: ", exams[-1].replace("\n", " "))


def test_a_dialogue_without_a_stored_reply_cannot_be_replayed(tmp_path):
    path = tmp_path / "journal.jsonl"
    held(spec_of(ITEMS[1], words="model", turns=1), script=talk, journal=path)
    with pytest.raises(ClasswrightError, match="no reply stored"):
        held(spec_of(ITEMS[1], words="model", turns=1, id="another"), journal=path, replay=True)
