"""One dialogue about one problem, from the first turn to how it ended."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from classwright.classroom.turn import Turn
from classwright.skilltree.problem import Problem

StudentKind = Literal["knowledge", "persona", "model", "human", "unknown"]
Ending = Literal["solved", "gave up", "turns", "closed"]


class Dialogue(BaseModel):
    """A finished dialogue, one line of `results.jsonl` or of a transcript.

    Attributes:
        problem: What it is about; None for a transcript that does not say, which then has no score of success.
        skill: The problem's skill, "" where unknown.
        misconception: What the student held at the start; None for none or unknown.
        wrong_solution: The student's own wrong solution that the dialogue starts from, "" for none.
        tutor: The tutor's name in the recipe or transcript ("socratic", "bridge", "human", a model).
        student: The kind of student.
        profile: How the student was described to whoever played them, "" for nothing.
        turns: In order.
        ended: How it ended; None for a transcript that does not say.
        pre, post: Right or wrong per item of the test before and after, the same items or isomorphic ones in the same
            order; None where no test was taken.
        origin: What a foreign transcript holds beyond this, so that it can be written back.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1, max_length=200)
    problem: Problem | None = None
    skill: str = ""
    misconception: str | None = None
    wrong_solution: str = ""
    tutor: str = ""
    student: StudentKind = "unknown"
    profile: str = ""
    seed: int | None = None
    turns: tuple[Turn, ...]
    ended: Ending | None = None
    pre: tuple[bool, ...] | None = None
    post: tuple[bool, ...] | None = None
    origin: dict[str, Any] = Field(default_factory=dict)

    def said_by(self, speaker: str) -> tuple[Turn, ...]:
        """The turns of one speaker, in order."""
        return tuple(t for t in self.turns if t.speaker == speaker)


def problem_from_text(id: str, question: str, answer: str, steps: tuple[str, ...] = ()) -> Problem:
    """A problem that comes from a file and has no generator; its answer is a number or an expression as written."""
    return Problem(
        id=id, skill="", level=1, seed=0, text=question, answer=answer, expression=answer, steps=steps, values={},
        family="file", kind="number",
    )  # fmt: skip
