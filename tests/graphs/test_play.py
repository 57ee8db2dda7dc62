"""A person takes one side: what is held, kept, hidden, shown, and gone on with."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from classwright.errors import ClasswrightError, InputError
from classwright.graphs.play import PlayRequest, Said, Seat, hints, play_spec, resume, start
from classwright.models.scripted import ScriptedModel
from classwright.runs.recipe import Recipe
from classwright.runs.run import open_run
from classwright.skilltree.bank import wrong_answer
from classwright.skilltree.tree import default_tree

SKILL = "fractions.add_unlike"
TREE = default_tree()
STUDENT = PlayRequest(side="student", skill=SKILL, seed=4)
TEACHER = PlayRequest(side="teacher", skill=SKILL, seed=4)


class Someone:
    """Says what a list holds, then leaves."""

    def __init__(self, *words: str, hints: int = 0) -> None:
        self.words, self.hints = list(words), hints
        self.seats: list[Seat] = []
        self.shown: list[str] = []

    async def say(self, seat: Seat) -> Said:
        self.seats.append(seat)
        if not self.words:
            raise ClasswrightError("left")
        return Said(text=self.words.pop(0), hints=self.hints, seconds=1.5)

    def show(self, problem, turns: Sequence) -> None:
        self.shown = [t.text for t in turns]


def silent(*_: object) -> None:
    """Progress that nobody looks at."""


def begin(request: PlayRequest, person: Someone, tmp_path: Path, **more):
    return start(request, Recipe(), person, root=tmp_path / "runs", progress=silent, **more)


def only_run(tmp_path: Path) -> Path:
    [found] = (tmp_path / "runs").iterdir()
    return found


def test_a_student_talks_with_a_tutor_until_it_is_solved(tmp_path):
    answer = play_spec(STUDENT, TREE).problem.answer
    person = Someone("I got 12/24, I added everything.", f"Now I get {answer}.", "I forgot the denominators.", hints=1)
    summary = begin(STUDENT, person, tmp_path)
    assert (summary["ended"], summary["status"], summary["hints"]) == ("solved", "finished", 2)
    assert summary["pre"] is None
    assert person.shown[-1] != ""
    assert len(person.shown) == summary["turns"]
    page = (only_run(tmp_path) / "report.html").read_text()
    assert "I added everything." in page
    assert "The observer" in page


def test_what_a_person_says_is_in_the_journal_and_a_left_talk_goes_on(tmp_path):
    answer = play_spec(STUDENT, TREE).problem.answer
    with pytest.raises(ClasswrightError, match="left"):
        begin(STUDENT, Someone("2/24", ""), tmp_path)
    run = only_run(tmp_path)
    with open_run(run, mode="replay") as opened:
        assert [(str(e.key), e.reply["text"]) for e in opened.journal.entries()] == [
            ("play/person/student/0", "2/24"), ("play/person/student/2", ""),
        ]  # fmt: skip
    with pytest.raises(ClasswrightError, match="was left at turn 5"):
        resume(run, replay=True, progress=silent)
    person = Someone(f"It is {answer}.", "I see.")
    summary = resume(run, replay=False, progress=silent, person=person)
    assert summary["ended"] == "solved"
    assert [t.text for t in person.seats[0].turns][::2] == ["2/24", ""]
    assert resume(run, replay=True, progress=silent)["notes"] == summary["notes"]


def test_a_teacher_cures_a_misconception_that_is_told_only_at_the_end(tmp_path):
    spec = play_spec(TEACHER, TREE)
    assert spec.misconception
    m = TREE.misconception(spec.misconception)
    person = Someone(
        *[m.question, f"Look again. {m.repair}", m.question + " Draw it.", "Why does your first idea fail?"] * 3
    )
    summary = begin(TEACHER, person, tmp_path)
    assert summary["misconception"] == m.id
    assert len(summary["pre"]) == len(summary["post"]) == 4
    assert sum(summary["post"]) >= sum(summary["pre"])
    effects = summary["notes"]["effects"]
    assert any(e["addressed"] for e in effects)
    assert any(e["found"] for e in effects)
    first = person.seats[0]
    assert first.turns[0].text
    assert m.name not in " ".join([first.turns[0].text, first.problem.text])


@pytest.mark.parametrize("m", [m.id for m in TREE.misconceptions_of(SKILL)])
def test_the_students_problem_shows_the_misconception(m):
    spec = play_spec(TEACHER.model_copy(update={"misconception": m}), TREE)
    assert spec.misconception == m
    assert wrong_answer(m, spec.problem) not in (None, spec.problem.answer)


def test_a_persona_is_told_the_wrong_answer_to_begin_with():
    spec = play_spec(TEACHER.model_copy(update={"student": "persona"}), TREE)
    assert spec.misconception
    assert spec.wrong_answer == wrong_answer(spec.misconception, spec.problem)
    assert play_spec(TEACHER, TREE).wrong_answer == ""


@pytest.mark.parametrize(
    ("change", "message"),
    [({"skill": "fractions.add_unlik"}, "fractions.add_unlike"), ({"misconception": "nothing"}, "nothing")],
)
def test_what_is_not_there_is_named(tmp_path, change, message):
    with pytest.raises(InputError, match=message):
        begin(TEACHER.model_copy(update=change), Someone(), tmp_path)
    assert not (tmp_path / "runs").exists()


def test_hints_help_and_give_nothing_away():
    spec = play_spec(STUDENT, TREE)
    mine = hints(STUDENT, spec.problem, (), TREE)
    assert mine[0] == TREE[SKILL].method[0]
    assert spec.problem.answer not in " ".join(mine)
    assert "For example: " in hints(TEACHER, spec.problem, (), TREE)[1]


async def test_a_models_tutor_is_heard_only_after_its_check(tmp_path):
    """What leaks never reaches the person; the observer's sentence stands only if it passes."""
    answer = play_spec(STUDENT, TREE).problem.answer
    asked: list[str] = []

    def script(body):
        last = body["messages"][-1]["content"]
        asked.append(last)
        if "You watched" in body["messages"][0]["content"]:
            return "Line 2 helps, as it asks “How did you get” and lets the student think aloud for itself."
        return f"The answer is {answer}." if len(asked) < 3 else "How did you get your numbers?"

    person = Someone("I got 2/24.", f"It is {answer}.", "Thanks.")
    summary = await asyncio.to_thread(
        begin, STUDENT.model_copy(update={"words": "model"}), person, tmp_path, endpoint=ScriptedModel(script)
    )
    assert all(answer not in t.text for s in person.seats for t in s.turns if t.speaker == "tutor")
    heard = person.seats[1].turns[1]
    assert (heard.source, len(heard.refused)) == ("curated", 2)
    assert summary["notes"]["sentence"] == ""  # it quotes what line 2 does not say
