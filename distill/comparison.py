"""Accuracy of two exams on the same items: what may be said of the change, over all, by kind and by skill."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from classwright.classroom.agreement import wilson
from classwright.classroom.effects import Effect, effect, holm
from classwright.distill.exam_result import Answered, judged

By = Literal["all", "kind", "skill"]


class Share(BaseModel):
    """Right answers of one exam: share of items with its Wilson interval."""

    model_config = ConfigDict(frozen=True)

    share: float
    low: float
    high: float
    items: int


class Group(BaseModel):
    """Items of one kind or skill, or all.

    Attributes:
        before, after: None where the exam holds none of them.
        change: After minus before on the items of both; None without such.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    by: By
    before: Share | None
    after: Share | None
    change: Effect | None


def compare(before: Sequence[Answered], after: Sequence[Answered], *, seed: int) -> list[Group]:
    """Accuracy before and after, of all items, by kind and by skill, in the order of the exam.

    Changes are paired by item and corrected together (Holm). A kind or skill that all items have is left out: it would
    be the same comparison again.

    Args:
        before, after: The answers; either may be empty.
        seed: Seed of the bootstraps.
    """
    every = [*before, *after]
    kinds: list[tuple[By, str]] = [("kind", name) for name in dict.fromkeys(a.kind for a in every)]
    skills: list[tuple[By, str]] = [("skill", name) for name in dict.fromkeys(a.skill for a in every)]
    whole: list[tuple[By, str]] = [("all", "all items")] if every else []
    names = whole + [row for part in (kinds, skills) if len(part) > 1 for row in part if row[1]]
    groups = []
    for by, name in names:
        before_items, after_items = (
            judged(a for a in answers if by == "all" or getattr(a, by) == name) for answers in (before, after)
        )
        values = {"before": before_items, "after": after_items}
        paired = before_items.keys() & after_items.keys()
        change = effect("after", "before", values, seed=seed) if paired else None
        groups.append(Group(name=name, by=by, before=_share(before_items), after=_share(after_items), change=change))
    corrected = iter(holm([g.change for g in groups if g.change]))
    return [g.model_copy(update={"change": next(corrected)}) if g.change else g for g in groups]


def _share(items: dict[str, list[float]]) -> Share | None:
    if not items:
        return None
    right = sum(sum(values) / len(values) for values in items.values())
    low, high = wilson(right, len(items))
    return Share(share=right / len(items), low=low, high=high, items=len(items))


def claim(group: Group) -> str:
    """What may be said of a group's change; no effect whose interval includes zero or that falls to correction."""
    e, what = group.change, group.name if group.by == "all" else f"{group.by} {group.name}"
    d = e.difference if e else None
    if e is None or d is None or d.mean is None or d.low is None or d.high is None:
        return f"{what}: no item was answered both before and after; nothing can be said"
    p = f", p = {e.p:.3f} ({e.test}), {e.adjusted:.3f} after Holm" if e.p is not None and e.adjusted is not None else ""
    figures = f"{100 * d.mean:+.1f} points [{100 * d.low:+.1f}, {100 * d.high:+.1f}]{p}; {d.items} items"
    if not e.shown:
        return f"{what}: no change of accuracy was shown: {figures}"
    return f"{what}: accuracy has {'risen' if d.mean > 0 else 'fallen'}: {figures}"
