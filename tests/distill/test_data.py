"""Training sets from finished runs: what a row says, what is left out and why, and what is on which side of the split."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from classwright.classroom.dialogue import Dialogue
from classwright.classroom.isomorphic import isomorphic
from classwright.classroom.leak import leaks
from classwright.distill.candidates import Candidate
from classwright.distill.data_request import parse_filters
from classwright.distill.families import operands
from classwright.distill.licences import checked_licence, licence
from classwright.distill.rows import Message, PreferenceRow, Row, read_card, read_exam, read_rows
from classwright.distill.selection import select, split
from classwright.errors import InputError
from classwright.graphs.dialogue import TESTS
from classwright.prompts import render
from classwright.runs.run import create_run, open_run
from classwright.skilltree.bank import problem, wrong_answer
from classwright.skilltree.tree import default_tree
from tests.distill.made_runs import SKILLS, dataset, dialogue_run
from tests.graphs.scripted_school import ran
from tests.graphs.scripted_talk import talk
from tests.graphs.test_lesson import run_lesson
from tests.graphs.test_teach_prefer import SETTINGS, planted

TREE = default_tree()


@pytest.fixture(scope="module")
def coded(tmp_path_factory) -> Path:
    """Dialogues that no model worded, with a control tutor beside."""
    return dialogue_run(tmp_path_factory.mktemp("coded"), tutors=("socratic", "tell"))


@pytest.fixture(scope="module")
def worded(tmp_path_factory) -> Path:
    """Dialogues that a model worded, whose first draft of every third turn gives the answer away."""
    return dialogue_run(tmp_path_factory.mktemp("worded"), leaky, words="model", skills=SKILLS[::-1])


def leaky(body):
    asked = body["messages"][-1]["content"]
    if "You are the tutor" in asked and body["seed"] % 3 == 0 and "was not used" not in asked:
        return "Tutor and student: I am no turn at all"
    return talk(body)


def dialogues(run: Path) -> dict[str, Dialogue]:
    with open_run(run, mode="replay") as opened:
        return {unit: Dialogue.model_validate(result["dialogue"]) for unit, result in opened.results()}


def everything(out: Path) -> list:
    return [*read_rows(out / "train.jsonl"), *read_rows(out / "held_out.jsonl")]


# ---------------------------------------------------------------------------------------------------------- the tutor


def test_a_tutors_rows_are_its_turns_after_the_prompt_that_its_agent_renders(coded, tmp_path):
    summary = dataset(tmp_path, coded, task="tutor", cap=None)
    rows, held = everything(tmp_path), dialogues(coded)
    turns = sum(len(d.said_by("tutor")) for d in held.values() if d.tutor == "socratic")
    assert summary["train"] + summary["held_out"] + sum(summary["dropped"].values()) == turns + 16
    assert summary["dropped"]["a control tutor, which tells"] == 16
    for row in rows:
        _, unit, place = row.id.split("/")
        d, i = held[unit], int(place)
        assert d.problem is not None
        assert [m.role for m in row.messages] == ["system", "user", "assistant"]
        assert row.messages[2].content == d.turns[i].text
        assert row.trained == (2,)
        assert f"For example: {d.turns[i].text}" in row.messages[1].content
        assert leaks(row.messages[2].content, d.problem, d.turns[:i]) == ""


def test_a_prompt_that_is_rendered_anew_is_the_one_that_was_asked(worded, tmp_path, monkeypatch):
    from classwright.distill import tutor_rows

    dataset(tmp_path / "journal", worded, task="tutor", cap=None)
    monkeypatch.setattr(tutor_rows.Talk, "_attempts", lambda self, i: [])
    dataset(tmp_path / "anew", worded, task="tutor", cap=None)
    assert [r.messages for r in everything(tmp_path / "journal")] == [r.messages for r in everything(tmp_path / "anew")]


def test_the_words_are_the_models_and_the_card_names_it(worded, tmp_path):
    dataset(tmp_path, worded, task="tutor")
    card = read_card(tmp_path)
    assert set(card.teacher.split(" + ")) <= {"code", "smollm2"}
    assert "smollm2" in card.teacher
    assert card.licence == "Apache-2.0"
    assert card.sources == (worded.name,)
    assert card.prompts == {
        "tutor_socratic": json.loads((worded / "config.json").read_text())["prompts"]["tutor_socratic"]
    }
    assert any(r.messages[-1].content.startswith("Well, ") for r in everything(tmp_path))
    assert not any("was not used" in m.content for r in everything(tmp_path) for m in r.messages)
    assert card.scores["scored"] == card.counts["split"]["train"] + card.counts["split"]["held_out"]
    assert "| train |" in (tmp_path / "README.md").read_text()


def test_a_tutor_that_decides_itself_learns_from_the_free_prompt(coded, tmp_path):
    dataset(tmp_path, coded, task="tutor", decides="model", cap=None)
    rows, held = everything(tmp_path), dialogues(coded)
    for row in rows:
        _, unit, place = row.id.split("/")
        about = held[unit].problem
        assert about is not None
        assert f"the right answer is {about.answer}." in row.messages[1].content
        last = not any(t.speaker == "tutor" for t in held[unit].turns[int(place) + 1 :])
        assert last or not row.messages[-1].content.endswith("DONE")
    assert any(row.messages[-1].content.endswith("DONE") for row in rows)


def test_a_dialogue_as_a_chat_has_a_loss_flag_per_turn(coded, tmp_path, monkeypatch):
    from classwright.distill import tutor_rows

    monkeypatch.setattr(tutor_rows, "leaks", lambda text, *rest: "x" if "How" in text else "")
    summary = dataset(tmp_path, coded, task="tutor", form="chat")
    rows = everything(tmp_path)
    assert any(r.trained != Row.model_validate(r.model_dump(exclude={"trained"})).trained for r in rows)
    for row in rows:
        said = [m.role for m in row.messages]
        assert said[:2] == ["system", "user"]
        assert said[-1] == "assistant"
        assert [i for i, m in enumerate(row.messages) if m.role == "assistant" and "How" not in m.content] == list(
            row.trained
        )
    assert len(rows) + summary["dropped"].get("gives the answer away", 0) == 16


def test_pairs_are_what_was_accepted_against_the_draft_that_was_refused(worded, tmp_path):
    summary = dataset(tmp_path, worded, task="tutor", pairs=True)
    pairs = everything(tmp_path)
    assert read_card(tmp_path).kind == "preference"
    assert all(isinstance(p, PreferenceRow) for p in pairs)
    for pair in pairs:
        _, unit, place, _ = pair.id.split("/")
        assert pair.chosen == dialogues(worded)[unit].turns[int(place)].text
        assert pair.rejected != pair.chosen
    assert any(p.rejected == "Tutor and student: I am no turn at all" for p in pairs)
    assert summary["dropped"]["no draft was refused, so there is no pair"] > 0


def test_a_question_is_preferred_to_telling_in_the_same_talk(tmp_path):
    run = dialogue_run(tmp_path / "runs", tutors=("socratic", "tell"))
    dataset(tmp_path / "out", run, task="tutor", pairs=True, against="telling", held_out=0)
    pairs = [p for p in read_rows(tmp_path / "out" / "train.jsonl") if isinstance(p, PreferenceRow)]
    assert pairs
    told = {t.text for d in dialogues(run).values() if d.tutor == "tell" for t in d.turns if t.speaker == "tutor"}
    asked = {t.text for d in dialogues(run).values() if d.tutor == "socratic" for t in d.turns if t.speaker == "tutor"}
    assert {p.rejected for p in pairs} <= told
    assert {p.chosen for p in pairs} <= asked
    assert all("You are the tutor." in "".join(m.content for m in p.prompt) for p in pairs)
    with pytest.raises(InputError, match="--against telling is for --pairs of --task tutor"):
        dataset(tmp_path / "out", run, task="student", pairs=True, against="telling")
    with pytest.raises(InputError, match="no situation in which one tutor led and another told"):
        dataset(tmp_path / "out", dialogue_run(tmp_path / "one"), task="tutor", pairs=True, against="telling")


def test_filters_leave_out_what_leaks_is_false_or_was_not_solved(coded, tmp_path, monkeypatch):
    from classwright.distill import tutor_rows

    unsolved = [d for d in dialogues(coded).values() if d.ended != "solved" and d.tutor == "socratic"]
    summary = dataset(tmp_path / "a", coded, task="tutor", filters=("solved",), cap=None)
    assert summary["dropped"].get("the dialogue was not solved", 0) == len(unsolved)
    monkeypatch.setattr(tutor_rows, "leaks", lambda text, p, turns: "says it" if len(turns) == 1 else "")
    monkeypatch.setattr(tutor_rows, "false_equations", lambda text, questions: ["2 + 2 = 5"] if "?" not in text else [])
    found = dataset(tmp_path / "b", coded, task="tutor", cap=None)["dropped"]
    assert found["gives the answer away"] == 16
    assert found["a false equation"] > 0
    plain = dataset(tmp_path / "c", coded, task="tutor", filters=(), cap=None)["dropped"]
    assert not {"gives the answer away", "a false equation"} & plain.keys()


def test_a_score_that_is_asked_for_must_be_there(coded, tmp_path):
    summary = dataset(tmp_path, coded, task="tutor", filters=("judged",), least_score=0.1, held_out=0)
    assert summary["scores"]["least"] >= 0.1
    assert summary["dropped"]["a score under 0.1"] > 0
    with pytest.raises(InputError, match="no usable row: .*nobody judged it"):
        dataset(tmp_path, coded, task="student", filters=("judged",))


# -------------------------------------------------------------------------------------------------------- the student


def test_a_students_answers_are_those_of_the_idea_it_is_told_to_hold(coded, tmp_path):
    dataset(tmp_path, coded, task="student", cap=None)
    exam = read_exam(tmp_path / "exam.jsonl")
    rows = {r.id: r for r in everything(tmp_path)}
    assert {i.kind for i in exam} == {"misconception", "knows"}
    for item in exam:
        reply = rows[item.id].messages[-1].content
        assert item.result(reply) == "right"
        assert item.messages == rows[item.id].messages[:-1]
        if item.kind == "misconception":
            says = reply.splitlines()[0]
            idea = next(m for m in TREE.misconceptions.values() if m.says == says)
            assert idea.name in item.messages[0].content
            assert item.skill in idea.skills
    said = [r for r in rows.values() if "You are the student, in grade" in r.messages[1].content]
    for row in said:
        _, unit, place = row.id.split("/")
        assert row.messages[-1].content == dialogues(coded)[unit].turns[int(place)].text


def test_the_wrong_answer_of_a_held_misconception_comes_from_its_buggy_rule(coded, tmp_path):
    dataset(tmp_path, coded, task="student", cap=None)
    held, causes = dialogues(coded), Counter()
    for row in everything(tmp_path):
        _, unit, place = row.id.split("/")
        when, _, n = place.partition(".")
        if not n:
            continue
        d = held[unit]
        assert d.problem is not None
        assert d.seed is not None
        asked = isomorphic(d.problem, TESTS, d.seed + 1, d.misconception)[int(n)]
        assert row.messages[-2].content == asked.text
        assert ("A tutor has just talked with you" in row.messages[0].content) == (when == "post")
        says, _, answer = row.messages[-1].content.partition("\nANSWER: ")
        idea = next((m for m in TREE.misconceptions.values() if m.says == says), None)
        assert answer == (wrong_answer(idea.id, asked) if idea else asked.answer)
        causes[when, idea is not None] += 1
    assert len(causes) == 4


def test_a_test_that_cannot_be_reconstructed_is_left_out(coded, tmp_path, monkeypatch):
    from classwright.classroom.student import KnowledgeStudent, Response

    monkeypatch.setattr(KnowledgeStudent, "answer", lambda self, p: Response(p.id, "1", False, "misconception", "x"))
    found = dataset(tmp_path, coded, task="student", cap=None)["dropped"]
    assert found["the stored post-test is not what the coded student would answer now"] > 0
    assert not (tmp_path / "exam.jsonl").exists()


def test_words_of_a_student_can_be_learned_where_a_model_was_asked_for_them(worded, coded, tmp_path):
    dataset(tmp_path, worded, task="student", decides="code", cap=None)
    assert all("What the student means:" in r.messages[1].content for r in everything(tmp_path))
    with pytest.raises(InputError, match="no model was asked for the words"):
        dataset(tmp_path, coded, task="student", decides="code")


# ------------------------------------------------------------------------------------------------ lessons, rationales


def test_the_accepted_slots_of_a_lesson_with_the_prompt_of_their_first_attempt(tmp_path):
    summary, _ = run_lesson(tmp_path / "runs")
    dataset(tmp_path / "out", Path(summary["run"]), task="lesson")
    rows = everything(tmp_path / "out")
    plan = json.loads((Path(summary["run"]) / "plan.json").read_text())
    texts = json.dumps(plan, ensure_ascii=False)
    assert "whole" not in {r.skill for r in rows}
    assert len(rows) > 5
    for row in rows:
        assert json.dumps(row.messages[-1].content, ensure_ascii=False)[1:-1] in texts
        assert row.family.startswith("fractions.add_unlike/")
        assert "was not used" not in row.messages[-2].content
    assert {r.family.split("/")[1] for r in rows} >= {"hook", "explanation", "closing"}


def test_right_rationales_and_preference_pairs_of_a_teaching_run(tmp_path):
    summary, _ = ran("prefer", SETTINGS, planted, tmp_path / "runs")
    run = Path(summary["run"])
    dataset(tmp_path / "sft", run, task="rationale", held_out=0)
    rows = read_rows(tmp_path / "sft" / "train.jsonl")
    assert all("good way" in r.messages[-1].content for r in rows if isinstance(r, Row))
    found = dataset(tmp_path / "dpo", run, task="rationale", pairs=True, held_out=0)
    pairs = read_rows(tmp_path / "dpo" / "train.jsonl")
    written = (run / "preferences.jsonl").read_text().splitlines()
    assert len(pairs) + found["dropped"].get("a duplicate", 0) == len(written)
    assert all(p.score is not None and p.score > 0.3 for p in pairs)
    assert read_card(tmp_path / "dpo").teacher == "scripted"
    assert read_card(tmp_path / "dpo").licence == "unknown"


# ------------------------------------------------------------------------------------------------- selection and split


def candidate(name: str, text: str = "", skill: str = "a", level: int = 1, seed: int = 0) -> Candidate:
    messages = (Message(role="user", content=f"ask {name}"), Message(role="assistant", content=text or f"say {name}"))
    about = problem("whole.add_regroup", seed, level)
    return Candidate(Row(id=name, messages=messages, skill=skill, family=f"{skill}/{name[0]}"), ("code",), (), about)


def test_the_cap_counts_words_whatever_their_numbers():
    offered = [candidate(f"x{n}", f"How did you get {n}?") for n in range(9)] + [candidate("y", "Why?")]
    dropped: Counter[str] = Counter()
    kept = select(offered, dropped, cap=3, hard=None, seed=0)
    assert sorted(c.row.id[0] for c in kept) == ["x", "x", "x", "y"]
    assert dropped == {"more than 3 of the same words": 6}
    assert select(list(reversed(offered)), Counter(), cap=3, hard=None, seed=0) == kept
    assert select(offered, Counter(), cap=3, hard=None, seed=1) != kept


def test_a_duplicate_is_the_same_prompt_and_the_same_words():
    one = candidate("x")
    twin = Candidate(one.row.model_copy(update={"id": "z", "source": "other"}), ("code",), (), one.problem)
    dropped: Counter[str] = Counter()
    assert len(select([one, twin, candidate("y")], dropped, cap=None, hard=None, seed=0)) == 2
    assert dropped == {"a duplicate": 1}


@pytest.mark.parametrize(("hard", "kept"), [(0.5, (4, 4)), (0.25, (12, 4)), (1.0, (0, 4)), (0.0, (12, 0))])
def test_the_mix_has_the_wanted_share_and_as_many_as_it_can(hard, kept):
    offered = [candidate(f"e{n}") for n in range(12)] + [candidate(f"h{n}", level=2 + n % 2) for n in range(4)]
    dropped: Counter[str] = Counter()
    found = select(offered, dropped, cap=None, hard=hard, seed=0)
    assert (sum(c.level == 1 for c in found), sum(c.level != 1 for c in found)) == kept
    assert sum(dropped.values()) == 16 - sum(kept)


def test_a_mix_that_cannot_be_had_is_refused():
    with pytest.raises(InputError, match=r"--hard 0\.5: no row has a problem that is hard"):
        select([candidate("e")], Counter(), cap=None, hard=0.5, seed=0)
    bare = Candidate(candidate("e").row, ("code",), ())
    with pytest.raises(InputError, match="no row's problem has a level"):
        select([bare], Counter(), cap=None, hard=0.5, seed=0)


def test_a_family_is_on_one_side_and_so_are_the_numbers(coded, tmp_path):
    dataset(tmp_path, coded, task="tutor", held_out=0.3, cap=None)
    train, held = read_rows(tmp_path / "train.jsonl"), read_rows(tmp_path / "held_out.jsonl")
    assert not {r.family for r in train} & {r.family for r in held}
    problems = {unit: d.problem for unit, d in dialogues(coded).items()}

    def asked(rows):
        return {(r.skill, operands(problems[r.id.split("/")[1]])) for r in rows}  # pyright: ignore[reportArgumentType]

    assert not asked(train) & asked(held)
    offered = [candidate("x1", seed=1), candidate("y1", seed=1), candidate("z1", seed=2)]
    for seed in range(9):
        dropped: Counter[str] = Counter()
        mine, other = split(offered, dropped, 0.4, (), seed)
        numbers = [{operands(c.problem) for c in side if c.problem} for side in (mine, other)]
        assert not numbers[0] & numbers[1]
        assert len(mine) + len(other) + sum(dropped.values()) == 3


def test_whole_skills_can_be_held_out_and_nothing_else_with_a_share_of_zero():
    offered = [
        candidate(f"{f}{n}", skill=s, seed=n + 10 * ord(f) + 9999 * ord(s))
        for s in "abc"
        for f in "xyz"
        for n in range(3)
    ]
    train, held = split(offered, Counter(), 0.0, ("b",), 0)
    assert {c.row.skill for c in held} == {"b"}
    assert {c.row.skill for c in train} == {"a", "c"}
    train, held = split(offered, Counter(), 0.0, (), 0)
    assert held == []
    for share in (0.1, 0.5):
        _, held = split(offered, Counter(), share, (), 0)
        assert share <= len(held) / 27 <= share + 3 / 27


def test_a_split_that_cannot_be_had_is_refused():
    with pytest.raises(InputError, match="one problem family .* --held-out 0"):
        split([candidate("x1"), candidate("x2")], Counter(), 0.1, (), 0)
    with pytest.raises(InputError, match="no row is of it"):
        split([candidate("x1")], Counter(), 0.1, ("zebra",), 0)
    with pytest.raises(InputError, match="nothing is left to train on"):
        split([candidate("x1")], Counter(), 0.1, ("a",), 0)


# ------------------------------------------------------------------------------------------------------ licences, runs


@pytest.mark.parametrize(
    ("teacher", "text", "forbids"),
    [
        ("SmolLM2-135M-Instruct.Q4_1", "Apache-2.0", False), ("Qwen/Qwen2.5-7B-Instruct", "Apache-2.0", False),
        ("Qwen2.5-3B-Instruct", "Qwen licence", False), ("code", "Apache-2.0", False), ("gpt-4o-mini", "OpenAI", True),
        ("openai/gpt-oss-20b", "Apache-2.0", False), ("claude-sonnet-4-5", "Anthropic", True),
        ("meta-llama/Llama-3-8B", "Llama", True), ("Llama-3.1-8B-Instruct", "Llama", False), ("zebra-9b", "unknown", False),
    ],
)  # fmt: skip
def test_what_is_known_of_a_teachers_licence(teacher, text, forbids):
    found, no = licence(teacher)
    assert found.startswith(text)
    assert no is forbids


def test_a_licence_that_forbids_training_is_refused_unless_told(tmp_path):
    run = dialogue_run(tmp_path / "runs", words="model", teacher="gpt-4o", n=6)
    with pytest.raises(InputError, match="the teacher gpt-4o: OpenAI terms .* --licence-ok"):
        dataset(tmp_path / "out", run, task="tutor")
    assert not (tmp_path / "out" / "train.jsonl").exists()
    dataset(tmp_path / "out", run, task="tutor", licence_ok=True)
    assert "OpenAI terms" in read_card(tmp_path / "out").licence
    assert checked_licence(["zebra", "code"], "CC-BY-4.0") == "Apache-2.0 + CC-BY-4.0"


def test_a_run_without_a_usable_row_says_why_each_was_dropped(tmp_path):
    control = dialogue_run(tmp_path / "runs", tutors=("tell",), n=5)
    with pytest.raises(InputError, match=rf"{control.name}: no usable row: 5 × a control tutor, which tells$"):
        dataset(tmp_path / "out", control, task="tutor")
    with pytest.raises(InputError, match="a dialogue run has nothing for --task lesson, which needs lesson or course"):
        dataset(tmp_path / "out", control, task="lesson")
    with create_run(tmp_path / "runs", "lesson", "x", {"request": {}}) as run:
        pass
    with pytest.raises(InputError, match="no usable row: 1 × the lesson is not finished"):
        dataset(tmp_path / "out", run.path, task="lesson")


def test_runs_are_needed_but_for_rationales_and_named_once(coded, tmp_path):
    with pytest.raises(InputError, match="--task tutor is made from runs"):
        dataset(tmp_path, task="tutor")
    with pytest.raises(InputError, match="is named twice"):
        dataset(tmp_path, coded, coded, task="tutor")
    with pytest.raises(InputError, match="nothing to prefer"):
        dataset(tmp_path, task="rationale", pairs=True)
    with pytest.raises(InputError, match="--hard is for runs"):
        dataset(tmp_path, task="rationale", hard=0.5)
    with pytest.raises(InputError, match="--skills is for rationales from the problem bank"):
        dataset(tmp_path, coded, task="tutor", skills=SKILLS)


def test_a_new_dataset_leaves_nothing_of_an_older_one(coded, tmp_path):
    dataset(tmp_path, task="rationale", n=40, exam=10)
    assert (tmp_path / "exam.jsonl").exists()
    assert read_card(tmp_path).counts["exam"] == {"held_out": 10, "unseen_template": 5, "longer": 5}
    dataset(tmp_path, coded, task="tutor", held_out=0)
    assert {p.name for p in tmp_path.iterdir()} == {"train.jsonl", "card.json", "README.md"}


def test_equal_requests_give_equal_files(coded, tmp_path):
    for name in ("a", "b"):
        dataset(tmp_path / name, coded, task="student")
    files = sorted(p.name for p in (tmp_path / "a").iterdir())
    assert all((tmp_path / "a" / f).read_bytes() == (tmp_path / "b" / f).read_bytes() for f in files)


def test_several_runs_together_in_any_order(coded, worded, tmp_path):
    dataset(tmp_path / "a", coded, worded, task="tutor")
    dataset(tmp_path / "b", worded, coded, task="tutor")
    assert (tmp_path / "a" / "train.jsonl").read_bytes() == (tmp_path / "b" / "train.jsonl").read_bytes()
    assert set(Counter(r.source for r in everything(tmp_path / "a"))) == {coded.name, worded.name}


def test_filters_are_read_from_an_option():
    assert parse_filters("verified, solved,verified") == ("verified", "solved")
    assert parse_filters("none") == parse_filters("") == ()
    with pytest.raises(InputError, match="--filter solvd: there is no such filter"):
        parse_filters("solvd")


def test_the_chat_prompt_names_no_answer():
    text = render("distill_chat", speaker="tutor", problem="What is 2 + 3?")[0]["content"]
    assert re.search(r"tutor.*2 \+ 3", text, re.S)
