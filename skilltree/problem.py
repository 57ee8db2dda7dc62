"""A problem with its exact answer, and the draft a generator makes of it."""

from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["number", "expression", "equation", "inequality", "comparison", "list", "ratio", "point", "word", "time"]
"""How an answer is read when it is graded (see `grading`).

number: integer, decimal, fraction, mixed number, percent or money, compared exactly; expression: compared as algebra;
equation and inequality: `y = 2x + 1`, `x < 8`; comparison: `<`, `>` or `=`; list: numbers or words with commas;
ratio: `3:4`; point: `(3, -2)`; word: one of `choices`, or a single word; time: `3:45`.
"""

Form = Literal[
    "", "simplest", "fraction", "mixed", "improper", "decimal", "percent", "expanded", "factored", "scientific", "set"
]
"""The form an answer must have beside its value; "" takes any. "set": a list whose order does not matter."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a generator returns.

    Attributes:
        text: The question as the learner reads it.
        answer: The exact answer in canonical form, without unit.
        expression: The same question for code, in the language of `expression.evaluate`; its value is the answer.
        steps: Worked steps, one sentence or equation each; the last one reaches the answer.
        values: The numbers and words the question is made of; buggy rules read them.
        family: Name of the pattern within the skill; problems of a family differ only in numbers and context.
        kind: How the answer is read.
        form: The form the answer must have.
        unit: Unit of the answer, shown and accepted but never required, for example "cm" or "apples".
        choices: The words to choose from, for kind "word".
    """

    text: str
    answer: str
    expression: str
    steps: tuple[str, ...]
    values: dict[str, Any]
    family: str = "plain"
    kind: Kind = "number"
    form: Form = ""
    unit: str = ""
    choices: tuple[str, ...] = field(default=())


class Problem(BaseModel):
    """One question with its answer; (skill, level, seed, interest) reproduce it exactly."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    skill: str
    level: int = Field(ge=1, le=3)
    seed: int
    interest: str | None = None
    text: str
    answer: str
    expression: str
    steps: tuple[str, ...]
    values: dict[str, Any]
    family: str
    kind: Kind = "number"
    form: Form = ""
    unit: str = ""
    choices: tuple[str, ...] = ()
