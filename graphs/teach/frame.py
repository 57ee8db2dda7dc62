"""The frame of every experiment: units that resume, arms on the same items, tables with intervals, what may be claimed.

An experiment is a module with

    Settings              a pydantic model of its part of the recipe, `[teach.<name>]`
    units(settings)       its units (one a problem and seed), by name, in order; each is done once and kept
    cost(settings)        the calls and tokens that it will need at most
    run(unit, stage)      does one unit; returns a record (JSON)
    analyze(settings, records)   -> Outcome

and nothing else: what is alike in all of them is here.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict, Field, field_validator

from classwright.classroom.effects import Effect, Estimate, effect, estimate, holm
from classwright.models.roles import Models
from classwright.skilltree.tree import SkillTree

FLOOR, CEILING = 0.05, 0.95
"""A student that is below or above this in every arm leaves no room for an effect."""


class Stage(NamedTuple):
    """What units are done with."""

    tree: SkillTree
    models: Models
    settings: Any


class Cost(NamedTuple):
    """What an experiment needs at most, beside what the journal holds already."""

    calls: int
    tokens: int


class Row(BaseModel):
    """One arm of a table.

    Attributes:
        arm: Its name.
        what: What it is, in a few words.
        value: Its mean, over items.
        control: Whether it is there to be beaten.
    """

    model_config = ConfigDict(frozen=True)

    arm: str
    what: str
    value: Estimate
    control: bool = False


class Table(BaseModel):
    """Arms on the same items.

    Attributes:
        title: What is measured.
        unit: Of the values, for example "share right".
        rows: The arms.
        effects: Arms against controls; in an `Outcome`, corrected over all comparisons of all its tables.
        seeds: Seeds behind every row.
    """

    model_config = ConfigDict(frozen=True)

    title: str
    unit: str
    rows: list[Row]
    effects: list[Effect]
    seeds: int


class Curve(BaseModel):
    """Lines to draw: name -> (x, y) points; `band` name -> (low, high) for each point."""

    model_config = ConfigDict(frozen=True)

    title: str
    x: str
    y: str
    lines: dict[str, list[tuple[float, float]]]
    band: dict[str, list[tuple[float, float]]] = Field(default_factory=dict)


class Outcome(BaseModel):
    """What an experiment found.

    Attributes:
        tables: With intervals.
        curves: To draw.
        figures: Single numbers with what stands behind them, for example "AUC of the teaching score".
        silent: Why the experiment cannot speak, "" if it can.
        notes: What a reader must know.
    """

    model_config = ConfigDict(frozen=True)

    tables: list[Table] = Field(default_factory=list)
    curves: list[Curve] = Field(default_factory=list)
    figures: dict[str, Estimate] = Field(default_factory=dict)
    silent: str = ""
    notes: list[str] = Field(default_factory=list)

    @field_validator("tables")
    @classmethod
    def _corrected(cls, tables: list[Table]) -> list[Table]:
        """The tables with Holm's correction over all comparisons of the experiment."""
        fixed = iter(holm([e for t in tables for e in t.effects]))
        return [t.model_copy(update={"effects": [next(fixed) for _ in t.effects]}) for t in tables]

    def claims(self) -> list[str]:
        """One sentence per comparison; none claims an effect whose interval includes zero or falls to correction.

        Where tables compare the same arms the sentences name the table; one whose arms all have all or nothing right
        says that, as it cannot show anything. An arm without a single item is named.
        """
        pairs = Counter((e.arm, e.control) for t in self.tables for e in t.effects)
        named = any(n > 1 for n in pairs.values())
        said: list[str] = []
        for t in self.tables:
            where = f"{t.title}: " if named else ""
            flat = _no_room(t) if named else ""
            said += [where + flat] if flat else [where + claim(e, t) for e in t.effects]
        lost = [f"{r.arm}: no item is left of “{t.title}”" for t in self.tables for r in t.rows if not r.value.items]
        return said + lost


def _no_room(t: Table) -> str:
    """Why a table cannot show anything, "" if it can."""
    means = [r.value.mean for r in t.rows if r.value.mean is not None]
    if not t.effects or any(m not in (0, 1) for m in means) or len(set(means)) != 1:
        return ""
    what = "the floor: nothing is right" if means[0] == 0 else "the ceiling: all is right"
    return f"every arm is at {what}, so no difference can show"


class Experiment(Protocol):
    """What the frame needs of an experiment's module."""

    Settings: Any
    units: Callable[[Any], list[str]]
    cost: Callable[[Any], Cost]
    run: Callable[[str, Stage], Awaitable[dict[str, Any]]]
    analyze: Callable[[Any, dict[str, dict[str, Any]]], Outcome]


Values = dict[str, dict[str, list[float]]]
"""Arm -> item -> values."""


def table(
    title: str,
    unit: str,
    values: Values,
    about: dict[str, str],
    *,
    against: Sequence[tuple[str, str]],
    controls: Sequence[str],
    seeds: int,
    seed: int,
) -> Table:
    """A table of arms with their comparisons.

    Args:
        title, unit: What is measured.
        values: Arm -> item -> values; of an arm without a single item the row says so, and nothing is compared.
        about: Arm -> what it is; its order is the table's.
        against: (arm, control) pairs to compare.
        controls: Arms that are there to be beaten.
        seeds: Seeds behind the values.
        seed: Seed of the bootstrap.
    """
    rows = [
        Row(arm=arm, what=what, value=estimate(values.get(arm, {}), seed=seed), control=arm in controls)
        for arm, what in about.items()
    ]
    effects = [effect(a, b, values, seed=seed) for a, b in against if values.get(a) and values.get(b)]
    return Table(title=title, unit=unit, rows=rows, effects=effects, seeds=seeds)


def claim(e: Effect, t: Table) -> str:
    """What may be said of one comparison."""
    d = e.difference
    if d.mean is None or d.low is None or d.high is None:
        return f"{e.arm} against {e.control}: no item is left that both have; nothing can be said"
    behind = f"{d.items} items, {t.seeds} seed{'s' if t.seeds != 1 else ''}"
    p = f", p = {e.p:.3f} ({e.test}), {e.adjusted:.3f} after Holm" if e.p is not None and e.adjusted is not None else ""
    figures = f"{d.mean:+.3f} [{d.low:+.3f}, {d.high:+.3f}]{p}; {behind}"
    if not e.shown:
        return f"no difference between {e.arm} and {e.control} was shown: {figures}"
    return f"{e.arm} is {'above' if d.mean > 0 else 'below'} {e.control}: {figures}"


def room(who: str, *arms: dict[str, list[float]]) -> str:
    """Why a student leaves no room for an effect; "" if it does.

    Args:
        who: The student.
        arms: Item -> right or wrong (1 or 0), with and without what is tried: one arm that moves is room enough.
    """
    means = [estimate(values, seed=0, resamples=1).mean for values in arms]
    known = [m for m in means if m is not None]
    if len(known) < len(means) or not known:
        return f"no item is left for {who}"
    if max(known) <= FLOOR:
        return (
            f"{who} is at the floor in every arm ({max(known):.0%} right at best): easier problems or a stronger model"
        )
    if min(known) >= CEILING:
        least = f"{min(known):.0%} right at least"
        return f"{who} is at the ceiling in every arm ({least}): harder problems or a weaker model"
    return ""
