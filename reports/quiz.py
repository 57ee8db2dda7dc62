"""The exit ticket and the independent practice as a quiz, before it takes the form of one standard or another."""

from dataclasses import dataclass
from typing import Literal

from classwright.classroom.plan import TIERS, LessonPlan
from classwright.reports.accepted import accepted, asks_for_order
from classwright.skilltree.problem import Problem

COMPARISONS = ("<", ">", "=")
"""What a comparison is chosen from."""


@dataclass(frozen=True)
class Question:
    """One question of a quiz.

    Attributes:
        id: A name that XML takes, unique in the quiz.
        title: "Exit ticket 1".
        text: The question as the learner reads it.
        form: Chosen from `choices`, or typed.
        choices: All there is to choose from.
        answers: The right choice, or every accepted spelling with the plan's own first.
        unit: Shown behind the place for the answer.
    """

    id: str
    title: str
    text: str
    form: Literal["choice", "typed"]
    choices: tuple[str, ...]
    answers: tuple[str, ...]
    unit: str = ""


@dataclass(frozen=True)
class Section:
    """Questions that belong together."""

    id: str
    title: str
    questions: tuple[Question, ...]


def quiz(plan: LessonPlan) -> list[Section]:
    """The exit ticket, then the three tiers of independent practice."""
    parts = [("exit", "Exit ticket", plan.exit_ticket.problems)]
    parts += [(tier, f"Practice: {tier}", plan.independent.tier(tier)) for tier in TIERS]
    return [
        Section(name, title, tuple(_question(p, f"{name}-{n}", f"{title} {n}") for n, p in enumerate(problems, 1)))
        for name, title, problems in parts
    ]


def _question(p: Problem, name: str, title: str) -> Question:
    if p.kind == "comparison":
        return Question(name, title, p.text, "choice", COMPARISONS, (p.answer,))
    if p.kind == "word" and p.answer in p.choices:
        return Question(name, title, p.text, "choice", p.choices, (p.answer,))
    text = " ".join(filter(None, (p.text, asks_for_order(p))))
    return Question(name, title, text, "typed", (), tuple(accepted(p)), p.unit)
