"""The result of grading, and what grading reads of a problem."""

from dataclasses import dataclass
from typing import Literal, Protocol

from classwright.skilltree.problem import Form, Kind

Result = Literal["right", "wrong", "ungradable"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of grading.

    Attributes:
        result: "right", "wrong" or "ungradable".
        reason: One sentence for a wrong or ungradable answer, "" for a right one.
        value: The answer that was read, in the words of the learner; None when none was found.
    """

    result: Result
    reason: str = ""
    value: str | None = None


class Question(Protocol):
    """What grading reads of a problem; `Problem` and `Draft` both have it."""

    # ruff: noqa: D102
    @property
    def text(self) -> str: ...
    @property
    def answer(self) -> str: ...
    @property
    def expression(self) -> str: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def form(self) -> Form: ...
    @property
    def unit(self) -> str: ...
    @property
    def choices(self) -> tuple[str, ...]: ...


def judged(true: bool, value: str, wrong: str = "the value is different") -> Verdict:
    """A right verdict, or a wrong one with its reason."""
    return Verdict("right", "", value) if true else Verdict("wrong", wrong, value)
