"""The optimizer: chooses the edit that the evidence asks for most, with a reason; it never sees scoring code."""

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from pydantic import BaseModel, Field

from classwright.agents.evaluator import Ciddp
from classwright.agents.free_edits import FreeEdit
from classwright.classroom.edits import Edit
from classwright.classroom.plan import LessonPlan
from classwright.classroom.rehearsal import Rehearsal
from classwright.errors import OutputError
from classwright.models.chat import Chat, Message
from classwright.prompts import render
from classwright.runs.journal import Key
from classwright.skilltree.tree import SkillTree

E = TypeVar("E", Edit, FreeEdit)

OFFERED = 5
"""Edits offered to the model at once."""


class Choice(BaseModel):
    """What the model answers."""

    reason: str = Field(description="One short sentence that names the evidence")
    edit: int = Field(ge=1, le=OFFERED)


class Decision(NamedTuple, Generic[E]):
    """The chosen edit: who chose, and why."""

    edit: E
    by: str
    reason: str


async def choose_edit(
    plan: LessonPlan,
    rehearsal: Rehearsal,
    edits: Sequence[Edit],
    tree: SkillTree,
    chat: Chat,
    *,
    unit: str,
    remembered: str,
) -> Decision[Edit]:
    """The model's choice among the edits; code's (the weightiest) where the model gives no valid one, and it says so.

    Args:
        plan: The plan to improve.
        rehearsal: What happened with it.
        edits: Possible edits, weightiest first, at least one.
        tree: The skill tree.
        chat: The optimizer's model.
        unit: Journal unit.
        remembered: What earlier lessons on this skill showed, "" if nothing.
    """
    offered = edits[:OFFERED]
    return await decide(offered, question(plan, rehearsal, offered, tree, remembered), chat, unit, "optimize")


def question(
    plan: LessonPlan, rehearsal: Rehearsal, offered: Sequence[Edit], tree: SkillTree, remembered: str
) -> list[Message]:
    """What the model is asked; arguments as those of `choose_edit`, with the edits that are offered."""
    return render(
        "optimize", title=plan.title, minutes=plan.minutes, outcome=outcome(rehearsal), remembered=remembered,
        edits=[e.describe(tree) for e in offered],
    )  # fmt: skip


async def choose_free_edit(
    plan: LessonPlan, ciddp: Ciddp | None, edits: Sequence[FreeEdit], chat: Chat, *, unit: str
) -> Decision[FreeEdit]:
    """As `choose_edit`, for a plan on a subject without code, where there is no rehearsal.

    Args:
        plan: The plan to improve.
        ciddp: What judges say of it.
        edits: Possible edits, weightiest first, at least one; a single one is not a question for a model.
        chat: The optimizer's model.
        unit: Journal unit.
    """
    if len(edits) == 1:
        return Decision(edits[0], "code", "the only edit that the evidence asks for")
    offered = edits[:OFFERED]
    admitted = ciddp is not None and ciddp.status == "admitted"
    levels = {name: level for name, level in ciddp.levels.items() if level is not None} if ciddp and admitted else {}
    messages = render(
        "free_optimize", title=plan.title, minutes=plan.minutes, levels=levels, unsupported=len(plan.unsupported),
        sourced=bool(plan.passages), edits=[e.describe() for e in offered],
    )  # fmt: skip
    return await decide(offered, messages, chat, unit, "free_optimize")


async def decide(
    offered: Sequence[E], messages: Sequence[Message], chat: Chat, unit: str, task: str
) -> Decision[E]:  # fmt: skip
    """The model's choice among what its prompt offers; the first one where it gives no valid choice."""
    try:
        said = await chat.structured(Choice, messages, key=Key(unit, chat.role, task, "1"), max_tokens=160)
    except OutputError as e:
        return Decision(offered[0], "code", f"the optimizer gave no valid choice ({e})")
    if said.edit > len(offered):
        return Decision(offered[0], "code", f"the optimizer chose edit {said.edit} of {len(offered)}")
    return Decision(offered[said.edit - 1], "model", said.reason)


def outcome(rehearsal: Rehearsal) -> str:
    """A rehearsal in one line, as evidence and not as a score to please."""
    g = rehearsal.gain
    kept = sum(rehearsal.kept.values())
    freed = sum(rehearsal.freed.values())
    return (
        f"{g.n} students, {g.pre:.0%} right before and {g.post:.0%} after; "
        f"{freed} misconceptions given up, {kept} still held"
    )
