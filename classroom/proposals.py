"""What a model proposed for a plan beyond its slots: what was admitted, what was refused and why, and where it goes."""

from collections.abc import Iterator
from math import ceil

from pydantic import BaseModel, Field

from classwright.classroom.plan import TIERS, Idea, LessonPlan
from classwright.skilltree.problem import Problem

SHARE = 0.5
"""Share of a part's problems that a model's may replace: mistakes can be foreseen on the bank's problems only."""
FAMILY = "model"
"""The family of a problem that a model wrote."""


class Refusal(BaseModel):
    """Something proposed and not admitted.

    Attributes:
        kind: "problem" or the kind of the idea.
        place: Which proposal and which attempt: "2.0".
        text: What was proposed, "" where there was no valid reply.
        why: Every reason, the first of them first.
    """

    kind: str
    place: str
    text: str
    why: list[str] = Field(min_length=1)


class Proposals(BaseModel):
    """The outcome of asking.

    Attributes:
        asked: False where the model was not asked for anything, because it failed the trial; `why` says so.
        solved: Trial problems it solved, of `tried`.
        problems, ideas: What was admitted.
        refused: What was not.
    """

    asked: bool
    why: str = ""
    solved: int = 0
    tried: int = 0
    problems: list[Problem] = []
    ideas: list[Idea] = []
    refused: list[Refusal] = []


def apply(plan: LessonPlan, proposals: Proposals) -> LessonPlan:
    """The plan with admitted problems in practice and admitted ideas in their places.

    A problem takes the place of a bank problem of the same skill and level: first in guided practice behind the
    problems that come with a hint, then in the independent practice of its tier. At most half of a part is replaced.
    The exit ticket, the objectives and the minutes stay.
    """
    copy = plan.model_copy(deep=True)
    waiting = list(proposals.problems)
    for part, first in _parts(copy):
        room = ceil(SHARE * len(part[first:]))
        for i in range(first, len(part)):
            old = part[i]
            fits = [p for p in waiting if (p.skill, p.level) == (old.skill, old.level)]
            if fits and room and old.family != FAMILY:
                part[i] = fits[0]
                waiting.remove(fits[0])
                room -= 1
    copy.ideas += proposals.ideas
    return copy


def _parts(plan: LessonPlan) -> Iterator[tuple[list[Problem], int]]:
    """The lists of problems that can be replaced, each from an index on."""
    yield plan.guided.problems, len(plan.guided.hints)
    for tier in TIERS:
        yield plan.independent.tier(tier), 0
