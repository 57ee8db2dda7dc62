"""A wrong solution of a problem: where it goes wrong, what it comes to, and how a pupil would write it."""

import re

from pydantic import BaseModel, ConfigDict, Field

from classwright.skilltree.grading import grade
from classwright.skilltree.problem import Problem
from classwright.skilltree.reading import extract_answer, read_number

_LAST_NUMBER = re.compile(r"(?<![\w.])-?\$?\d[\d,]*(?:\.\d+)?(?:/\d+)?%?")


class WrongSolution(BaseModel):
    """One wrong solution.

    Attributes:
        bug: What went wrong, a name of `buggy_steps.BUGS`; "" for a solution that somebody wrote.
        step: Index of the first wrong step in the problem's steps; None where nobody knows.
        text: The solution, one step a line, the last line with its answer.
        answer: The wrong answer; "" where code cannot tell what the text comes to.
        correct: The right step in place of the wrong one; "" where `step` is None.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    bug: str = ""
    step: int | None = Field(default=None, ge=0)
    text: str = Field(min_length=1)
    answer: str = ""
    correct: str = ""


def written_solution(text: str, problem: Problem) -> WrongSolution | None:
    """A wrong solution that somebody wrote, with the answer that it comes to; None where that is the right one."""
    text = text.strip()
    last = answer_in(text)
    verdict = grade(last, problem) if last else None
    if verdict is not None and verdict.result == "right":
        return None
    return WrongSolution(text=text, answer=last if verdict is not None and verdict.result == "wrong" else "")


def answer_in(text: str) -> str:
    """The answer of a solution, "" for none.

    It is what stands alone in the last line, else what the text names as its answer, else the last line's last number.
    """
    text = text.strip()
    last = text.rsplit("\n", 1)[-1].removeprefix("####").strip()
    if read_number(last) is not None:
        return last
    numbers = _LAST_NUMBER.findall(last)
    return extract_answer(text) or (numbers[-1] if numbers else "")
