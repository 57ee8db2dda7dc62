"""Whether a simulated class can be believed: what its students do, measured against what they are said to be.

The checks follow SPECS "Simulated-student validity" (arXiv 2601.05473, 2605.25601): wrong answers track the specified
mastery, untaught misconceptions persist, answers do not change under pressure without a reason, and learning runs at
the published rate (Koedinger et al., PNAS 2023).
"""

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt
from statistics import mean

from pydantic import BaseModel

from classwright.classroom.learning import logit
from classwright.classroom.student import KnowledgeStudent
from classwright.skilltree.bank import problem, problems

BINS = ((0.0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.01))
TOLERANCE = 0.10
CREDIBLE_RATE = (0.03, 0.25)
"""Log-odds per opportunity outside of which learning is slower or faster than any published data set."""


class Bin(BaseModel):
    """Students of a range of mastery: what they are said to get wrong and what they got wrong, shares 0..1."""

    low: float
    high: float
    answers: int
    expected_wrong: float
    observed_wrong: float


class Validity(BaseModel):
    """The report.

    Attributes:
        bins: Error rate by mastery; empty bins are left out.
        largest_gap: Largest difference between expected and observed, None without answers.
        monotone: Whether errors fall as mastery rises.
        persistence: Share of untaught misconceptions still held after six practice problems, None without any.
        pressure: Share of answers that change when the same item is asked again, with nothing taught.
        rate: Log-odds won per practice opportunity with feedback, mean over students without a misconception.
        opportunities: Opportunities that take a ready learner from .65 to .80 right.
        doubts: What speaks against believing this class; empty if nothing does.
    """

    bins: list[Bin]
    largest_gap: float | None
    monotone: bool
    persistence: float | None
    pressure: float
    rate: float | None
    opportunities: int | None
    doubts: list[str]


def check_class(students: Sequence[KnowledgeStudent], skill: str, seed: int, items: int = 20) -> Validity:
    """Measure a simulated class on a skill.

    Args:
        students: The class, left as it was.
        skill: The skill that the job is about.
        seed: Seed of the items.
        items: Items of middle difficulty each student answers.
    """
    asked = problems(skill, items, seed + 31, 2)
    rows = [(s.mastery.get(skill, 0.5), [s.answer(p).right for p in asked]) for s in students]
    bins = []
    for low, high in BINS:
        inside = [(m, r) for m, r in rows if low <= m < high]
        if inside:
            wrong = 1 - mean(mean(r) for _, r in inside)
            bins.append(
                Bin(low=low, high=min(high, 1.0), answers=len(inside) * len(asked),
                    expected_wrong=1 - mean(m for m, _ in inside), observed_wrong=wrong)
            )  # fmt: skip
    gap = max((abs(b.expected_wrong - b.observed_wrong) for b in bins), default=None)
    rates = [_rate(s, skill, seed) for s in students if not _hindered(s, skill)]
    first = students[0]
    report = Validity(
        bins=bins,
        largest_gap=gap,
        monotone=all(a.observed_wrong >= b.observed_wrong - _noise(a) - _noise(b) for a, b in pairwise(bins)),
        persistence=_persistence(students, skill, seed),
        pressure=mean(s.answer(p) != s.answer(p) for s in students for p in asked[:3]),
        rate=mean(rates) if rates else None,
        opportunities=_opportunities(first, skill, seed),
        doubts=[],
    )
    return report.model_copy(update={"doubts": _doubts(report)})


def _hindered(student: KnowledgeStudent, skill: str) -> bool:
    held = any(skill in student.tree.misconception(m).skills for m in student.held)
    return held or student.readiness(skill) < 0.999


def _rate(student: KnowledgeStudent, skill: str, seed: int, n: int = 5) -> float:
    copy = student.copy()
    copy.mastery[skill] = min(max(copy.mastery.get(skill, 0.5), 0.05), 0.9)
    start = logit(copy.mastery[skill])
    for k in range(n):
        copy.practice(problem(skill, seed + k, 2), feedback=True)
    return (logit(copy.mastery[skill]) - start) / n


def _opportunities(student: KnowledgeStudent, skill: str, seed: int) -> int | None:
    copy = student.copy()
    copy.held.clear()
    copy.mastery |= dict.fromkeys(copy.tree.prerequisites(skill), 0.95) | {skill: 0.65}
    for k in range(200):
        if copy.mastery[skill] >= 0.8:
            return k
        copy.practice(problem(skill, seed + k, 2), feedback=True)
    return None


def _persistence(students: Sequence[KnowledgeStudent], skill: str, seed: int) -> float | None:
    """Practice alone, with no move against it, must not talk a student out of a misconception."""
    kept = []
    for student in students:
        copy = student.copy()
        for k in range(6):
            copy.practice(problem(skill, seed + k, 2), feedback=True)
        kept += [m in copy.held for m in student.held]
    return mean(kept) if kept else None


def _noise(b: Bin) -> float:
    """The standard error of a bin's error rate."""
    return sqrt(b.expected_wrong * (1 - b.expected_wrong) / b.answers)


def _doubts(v: Validity) -> list[str]:
    found = []
    off = [b for b in v.bins if abs(b.expected_wrong - b.observed_wrong) > TOLERANCE + 2 * _noise(b)]
    if off:
        found.append(f"error rates differ from the specified mastery by up to {v.largest_gap:.0%}")
    if not v.monotone:
        found.append("errors do not fall as mastery rises")
    if v.persistence is not None and v.persistence < 0.9:
        found.append(f"only {v.persistence:.0%} of untaught misconceptions persist")
    if v.pressure > 0.05:
        found.append(f"{v.pressure:.0%} of answers change when the question is only asked again")
    if v.rate is not None and not CREDIBLE_RATE[0] <= v.rate <= CREDIBLE_RATE[1]:
        found.append(f"students win {v.rate:.2f} log-odds an opportunity; people win about 0.1")
    return found
