"""The pool of plans: what each is worth, which of them no other beats, and whether a new one is new at all.

EduPlanner (arXiv 2504.05370) keeps a queue sorted by one judge's score. Here a plan has several merits that cannot be
added up (gain in rehearsal, what admitted judges say, length), so the pool keeps the plans that no other plan beats on
every one of them (the Pareto front), and a near copy of a plan does not enter.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from classwright.classroom.plan import LessonPlan
from classwright.skilltree.bank import numbers

NOVELTY = 0.02
"""Least share of a plan's parts that must differ from every plan of the pool (our choice: about one problem)."""


class Merit(NamedTuple):
    """What is known of a plan; None where nothing can be said, which neither wins nor loses.

    Attributes:
        gain: Gain in rehearsal.
        strength: Log strength from blind pairwise comparisons (Bradley-Terry).
        ciddp: Mean level of the admitted judges, 1..5.
        words: Words a teacher has to read; fewer are better.
        doubts: What the plan itself leaves open (`free_checks.doubts`); fewer are better.
    """

    gain: float | None = None
    strength: float | None = None
    ciddp: float | None = None
    words: int = 0
    doubts: int = 0

    def key(self) -> tuple[float, float, float, float, float]:
        """For sorting, best first: gain, pairwise strength, CIDDP, then fewer doubts, then the shorter plan."""
        return (-(self.gain or 0.0), -(self.strength or 0.0), -(self.ciddp or 0.0), self.doubts, self.words)


def beats(a: Merit, b: Merit) -> bool:
    """Whether `a` is at least as good as `b` on every merit that both have, and better on one."""
    pairs = [(x, y) for x, y in zip(a[:3], b[:3], strict=True) if x is not None and y is not None]
    pairs += [(-a.words, -b.words), (-a.doubts, -b.doubts)]
    return all(x >= y for x, y in pairs) and any(x > y for x, y in pairs)


def front(pool: Mapping[str, Merit]) -> list[str]:
    """The plans that no other plan beats, best first by `Merit.key`; ties keep the order of the pool."""
    free = [i for i, m in pool.items() if not any(beats(other, m) for j, other in pool.items() if j != i)]
    return sorted(free, key=lambda i: pool[i].key())


def difference(a: LessonPlan, b: LessonPlan) -> float:
    """Share of the two plans' parts that only one of them has: 0 for copies, 1 for nothing in common (Jaccard)."""
    mine, theirs = _parts(a), _parts(b)
    return 1 - len(mine & theirs) / len(mine | theirs)


def copy_of(plan: LessonPlan, others: Iterable[tuple[str, LessonPlan]]) -> str:
    """The id of a plan that this one hardly differs from, "" if it is new."""
    return next((i for i, other in others if difference(plan, other) < NOVELTY), "")


def length(plan: LessonPlan) -> int:
    """Words in the plan's texts, problems aside: what a teacher has to read."""
    return sum(len(words.text.split()) for _, words in plan.slots()) + sum(len(r.move.split()) for r in plan.repairs)


def _parts(plan: LessonPlan) -> frozenset[tuple[str, str]]:
    """A plan as a set of (place, content): problems by what they ask, texts, and the minutes in order."""
    rows = [(f"minutes {n}", f"{part} {minutes}") for n, (part, minutes) in enumerate(plan.timetable())]
    rows += [
        (f"problem {place}", numbers(p) if p.expression else p.text) for place, group in _places(plan) for p in group
    ]
    rows += [("text", words.text) for _, words in plan.slots()]
    rows += [("misconception", r.misconception) for r in plan.repairs]
    return frozenset(rows)


def _places(plan: LessonPlan) -> list[tuple[str, list]]:
    i = plan.independent
    return [("warm-up", plan.warm_up.problems), ("example", [w.problem for w in plan.worked_examples]),
            ("guided", plan.guided.problems), ("independent", [*i.support, *i.core, *i.stretch]),
            ("exit", plan.exit_ticket.problems)]  # fmt: skip
