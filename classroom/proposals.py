"""What a model proposed for a plan beyond its slots: what was admitted, what was refused and why, and where it goes."""

from collections.abc import Iterator, Sequence
from math import ceil

from pydantic import BaseModel, Field

from classwright.classroom.plan import TIERS, Idea, LessonPlan
from classwright.classroom.verify import verify
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree

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

    @property
    def admitted(self) -> int:
        """How many parts were admitted."""
        return len(self.problems) + len(self.ideas)

    @property
    def proposed(self) -> int:
        """How many parts were proposed, second attempts included."""
        return self.admitted + len(self.refused)


def fit(
    plan: LessonPlan, proposals: Proposals, tree: SkillTree, held_out: Sequence[Problem] = ()
) -> tuple[LessonPlan, Proposals]:
    """The plan with the admitted parts, verified as a whole; a part with which the plan has a new fault is refused.

    Args:
        plan: The plan without them.
        proposals: What was admitted by itself.
        tree: The skill tree.
        held_out: Test items that the plan may not show.

    Returns:
        The plan, and the proposals with such parts among those refused.
    """
    before = set(_faults(plan, tree, held_out))

    def faults(parts: Proposals) -> list[str]:
        return [f for f in _faults(apply(plan, parts), tree, held_out) if f not in before]

    if not faults(proposals):
        return apply(plan, proposals), proposals
    kept, refused = Proposals(asked=True), list(proposals.refused)
    for p in proposals.problems:
        if why := faults(kept.model_copy(update={"problems": [*kept.problems, p]})):
            refused.append(Refusal(kind="problem", place=p.id.rsplit("/", 1)[-1], text=p.text, why=why))
        else:
            kept.problems.append(p)
    for idea in proposals.ideas:
        if why := faults(kept.model_copy(update={"ideas": [*kept.ideas, idea]})):
            refused.append(Refusal(kind=idea.kind, place=idea.kind, text=idea.text.text, why=why))
        else:
            kept.ideas.append(idea)
    changed = {"problems": kept.problems, "ideas": kept.ideas, "refused": refused}
    return apply(plan, kept), proposals.model_copy(update=changed)


def _faults(plan: LessonPlan, tree: SkillTree, held_out: Sequence[Problem]) -> list[str]:
    return [f"{f.kind} in {f.where}: {f.what}" for f in verify(plan, tree, held_out).findings]


def apply(plan: LessonPlan, proposals: Proposals) -> LessonPlan:
    """The plan with admitted problems in practice and admitted ideas in their places.

    A problem takes the place of a bank problem of the same skill and level: first in guided practice behind the
    problems that come with a hint, then in the independent practice of its tier, bare problems before those that are
    told in an interest. At most half of a part is replaced. The exit ticket, the objectives and the minutes stay.
    """
    copy = plan.model_copy(deep=True)
    waiting = list(proposals.problems)
    for part, first in _parts(copy):
        room = ceil(SHARE * len(part[first:]))
        for i in sorted(range(first, len(part)), key=lambda i: part[i].interest is not None):
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
