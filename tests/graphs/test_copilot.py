"""Copilot sessions with scripted models and scripted persons."""

import json
import re
from pathlib import Path

import pytest

from classwright.agents.copilot import EXAMPLES, strategies_for
from classwright.classroom.dialogue import Dialogue, problem_from_text
from classwright.classroom.nameless import nameless
from classwright.classroom.strategies import MEANING
from classwright.classroom.turn import Turn
from classwright.errors import ClasswrightError
from classwright.graphs.copilot import CopilotDecision, Session, Situation, resume, start
from classwright.models.scripted import ScriptedModel
from classwright.runs.recipe import Recipe

PENS = problem_from_text("p", "Zorana has 12 pens and gives Kwame 5. How many are left?", "7")
TALK = (
    Turn(speaker="tutor", text="Hi Zorana, what did you do?", label="Ms. Okafor"),
    Turn(speaker="student", text="I did 12 + 5, Kwame did too. My mail is zo@example.org.", label="Zorana"),
)
GOOD = {
    "ask_question": "What happens to the pens when you give some away, [NAME-2]?",
    "provide_hint": "Think about whether you have more or fewer pens after you give some away.",
    "simplify_question": "Let's start with 3 pens and give away just 1.",
    "explain_concept": "When we give things away we have fewer, because some are gone.",
    "provide_example": "For example, I had 4 apples and ate 1 of them.",
    "provide_strategy": "Draw all the pens and cross out the ones you give away.",
    "provide_similar_problem": "Let's try a similar one with 6 cups and 2 broken ones.",
    "encourage_student": "You wrote both numbers down, so you are on a good way.",
    "provide_correction": "You are close, but look at the plus sign once more.",
    "affirm_correct_answer": "Yes, that is right, well thought out.",
}


def quiet(label: str, done: int, total: int) -> None:
    pass


def strategy_of(body) -> str:
    wanted = re.search(r"It should (.*)\.", body["messages"][1]["content"])
    return next(s for s, meaning in MEANING.items() if wanted and meaning == wanted[1])


def words(body):
    return {"sentence": GOOD[strategy_of(body)]}


def situation(interactive: bool = False, problem=PENS, **more) -> Situation:
    hidden, tags = nameless(Dialogue(id="d", problem=problem, turns=TALK), ["Bo"], ["pens of Bo"])
    return Situation(
        topic=tags.hide("pens of Bo"), grade=4, dialogue=hidden, interactive=interactive, hidden=len(tags), **more
    )


def person(*decisions: CopilotDecision, seen: list[Session] | None = None):
    left = list(decisions)

    async def decide(session: Session) -> CopilotDecision:
        if seen is not None:
            seen.append(session)
        if not left:
            raise ClasswrightError("left")
        return left.pop(0)

    return decide


def do(what, **more) -> CopilotDecision:
    return CopilotDecision(do=what, **more)


def suggested(root, script=words, **more):
    model = ScriptedModel(script)
    return start(situation(**more), Recipe(), root=root, progress=quiet, endpoint=model), model


def test_three_sentences_with_three_strategies(tmp_path):
    s, model = suggested(tmp_path)
    assert [x["strategy"] for x in s["suggestions"]] == ["ask_question", "provide_hint", "simplify_question"]
    assert [x["text"] for x in s["suggestions"]] == [GOOD[x["strategy"]] for x in s["suggestions"]]
    assert s["checked"] == {"reading level": True, "leak guard": True, "equations": True}
    assert len(model.seen) == 3


def test_no_name_leaves_and_none_is_kept(tmp_path):
    s, model = suggested(tmp_path)
    kept = "".join(f.read_text() for f in Path(s["run"]).rglob("*") if f.is_file())
    assert s["hidden"] == 5
    for secret in ("Zorana", "Kwame", "Okafor", "example.org", "Bo"):
        assert re.search(rf"\b{secret}\b", json.dumps(model.seen)) is None
        assert re.search(rf"\b{secret}\b", kept) is None


def test_a_refused_sentence_is_asked_for_once_more_with_its_fault(tmp_path):
    def leaks_first(body):
        again = "was not used" in body["messages"][1]["content"]
        return words(body) if again else {"sentence": "So there are 7 pens left."}

    s, model = suggested(tmp_path, leaks_first)
    assert len(s["suggestions"]) == 3
    assert all("gives the answer away" in x["refused"][0] for x in s["suggestions"])
    assert len(model.seen) == 6
    assert "gives the answer away" in model.seen[3]["messages"][1]["content"]


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("Add them. Then look again.", "2 sentences, not one"),
        ("So the answer is 7.", "gives the answer away"),
        ("So 12 - 5 = 8 pens.", "false equation"),
        ("Investigate methodically whichever subtraction characteristically corresponds to distributing several stationery articles among acquaintances.",
         "reads like grade"),
        ("Think about it, [NAME-9], once more.", "stands for nobody"),
    ],
)  # fmt: skip
def test_what_fails_twice_is_missing_and_said_so(tmp_path, sentence, why):
    s, model = suggested(tmp_path, lambda body: {"sentence": sentence})
    assert s["suggestions"] == []
    assert [x["strategy"] for x in s["missing"]] == ["ask_question", "provide_hint", "simplify_question"]
    assert all(why in x["why"] for x in s["missing"][1:])
    assert len(model.seen) == 6


def test_the_same_sentence_three_times_is_one_suggestion(tmp_path):
    s, _ = suggested(tmp_path, lambda body: {"sentence": "What does giving away do to the pens?"})
    assert len(s["suggestions"]) == 1
    assert {x["why"] for x in s["missing"]} == {"another suggestion says the same"}


def test_the_example_of_the_instructions_is_no_suggestion(tmp_path):
    s, _ = suggested(tmp_path, lambda body: {"sentence": EXAMPLES[strategy_of(body)][1]})  # pyright: ignore[reportArgumentType]
    assert {x["why"] for x in s["missing"]} == {"it repeats the example of the instructions"}


def test_words_that_are_no_json_are_missing(tmp_path):
    s, _ = suggested(tmp_path, lambda body: "hm")
    assert len(s["missing"]) == 3


def test_a_session_of_choosing_editing_and_accepting(tmp_path):
    seen: list[Session] = []
    decide = person(
        do("choose", number=2), do("regenerate"), do("edit", number=1, text="Two sentences. And 12 - 5 = 8."),
        do("accept"), seen=seen,
    )  # fmt: skip
    s = start(situation(True), Recipe(), root=tmp_path, progress=quiet, endpoint=ScriptedModel(words), decide=decide)
    assert (s["status"], s["accepted"], s["rounds"]) == ("accepted", "Two sentences. And 12 - 5 = 8.", 2)
    assert s["decisions"] == ["choose", "regenerate", "edit", "accept"]
    assert 0 < s["changed"] <= 1
    assert [x.strategy for x in seen[0].suggestions] == ["ask_question", "provide_hint", "simplify_question"]
    assert not {x.strategy for x in seen[2].suggestions} & {x.strategy for x in seen[0].suggestions}
    assert (seen[1].chosen, seen[1].text) == (2, GOOD["provide_hint"])
    assert any("false equation" in w for w in seen[3].warnings)
    entries = [json.loads(line) for line in (Path(s["run"]) / "journal.jsonl").read_text().splitlines()]
    logged = [(e["key"], e["reply"]["do"]) for e in entries if "/person/" in e["key"]]
    assert logged == [(f"copilot/person/decision/{i}", what) for i, what in enumerate(s["decisions"], 1)]
    again = resume(Path(s["run"]), replay=True, progress=quiet, endpoint=ScriptedModel([]))
    assert again["accepted"] == s["accepted"]


def test_accepting_another_than_the_chosen_one_takes_that_one(tmp_path):
    decide = person(do("choose", number=2), do("accept", number=3))
    s = start(situation(True), Recipe(), root=tmp_path, progress=quiet, endpoint=ScriptedModel(words), decide=decide)
    assert (s["accepted"], s["changed"]) == (GOOD["simplify_question"], 0)


def test_rejecting_ends_without_a_sentence(tmp_path):
    s = start(
        situation(True),
        Recipe(),
        root=tmp_path,
        progress=quiet,
        endpoint=ScriptedModel(words),
        decide=person(do("reject")),
    )
    assert (s["status"], s["accepted"], s["changed"]) == ("rejected", "", None)


def test_a_session_that_was_left_goes_on_where_it_was(tmp_path):
    with pytest.raises(ClasswrightError, match="left"):
        start(situation(True), Recipe(), root=tmp_path, progress=quiet, endpoint=ScriptedModel(words),
              decide=person(do("choose", number=1)))  # fmt: skip
    [run] = list(tmp_path.iterdir())
    with pytest.raises(ClasswrightError, match="decision 2 is still open"):
        resume(run, replay=True, progress=quiet, endpoint=ScriptedModel([]))
    seen: list[Session] = []
    model = ScriptedModel([])
    s = resume(run, replay=False, progress=quiet, endpoint=model, decide=person(do("accept"), seen=seen))
    assert (seen[0].number, seen[0].chosen) == (2, 1)
    assert s["accepted"] == GOOD["ask_question"]


def turn(text: str, speaker="student") -> Turn:
    return Turn.model_validate({"speaker": speaker, "text": text})


def test_strategies_fit_what_the_student_said():
    right = strategies_for([turn("It is 7.")], PENS, 0)
    assert right[0] == "affirm_correct_answer"
    wrong = [s for n in range(4) for s in strategies_for([turn("12 - 5 = 8")], None, n)]
    assert "affirm_correct_answer" not in wrong
    assert "provide_correction" in wrong[:3]
    after_example = strategies_for([turn("For example, imagine 3 pens.", "tutor"), turn("hm")], None, 0)
    assert "provide_example" not in after_example


def test_every_round_has_three_different_strategies():
    for problem in (PENS, None):
        for text in ("It is 7.", "12 - 5 = 8", "hm", ""):
            for n in range(8):
                assert len(set(strategies_for([turn(text)], problem, n))) == 3


def test_every_strategy_has_an_example_of_one_sentence():
    from classwright.classroom.one_sentence import suggestion_faults

    assert set(EXAMPLES) == set(MEANING)
    for strategy, (said, sentence) in EXAMPLES.items():
        assert suggestion_faults(sentence, strategy, [turn(said)], grade=6, problem=None) == []
