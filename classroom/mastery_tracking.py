"""Whether simulated students err as often as their specified mastery says (arXiv 2601.05473).

Mastery is the chance of a right answer to a problem of middle difficulty (level 2) of the skill, before slips and
guesses, which change it by up to 3 points. A misconception decides how a student errs, not how often.
"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import mean

from pydantic import BaseModel, ConfigDict

from classwright.classroom.student import KnowledgeStudent
from classwright.skilltree.bank import generator_ids, problems, wrong_answer
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree

MASTERIES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
TOLERANCE = 0.10
ITEMS = 20


class MasteryBin(BaseModel):
    """The students of one specified mastery: who they are, and the share of wrong answers, said and seen, 0..1."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mastery: float
    students: int
    answers: int
    expected_wrong: float
    observed_wrong: float


class Tracking(BaseModel):
    """Error rate against mastery.

    Attributes:
        misconceptions: Whether each student held one of its skill.
        own_errors: Share of the wrong answers that are the misconception's, None without misconceptions.
        bins: By mastery, ascending.
        largest_gap: Largest difference between expected and observed.
        monotone: Whether errors fall with every step of mastery.
        passed: No gap above ten points, and monotone.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    misconceptions: bool
    own_errors: float | None
    bins: tuple[MasteryBin, ...]
    largest_gap: float
    monotone: bool
    passed: bool


def track_mastery(tree: SkillTree, students: int, seed: int, *, misconceptions: bool, items: int = ITEMS) -> Tracking:
    """Let students of every mastery, over all skills by turns, answer problems of middle difficulty.

    Args:
        tree: The skill tree.
        students: How many, at least one for each of `MASTERIES`.
        seed: Of the students and the problems.
        misconceptions: Whether each holds a misconception of its skill.
        items: Problems each answers.
    """
    skills = [s for s in tree if s in generator_ids() and (tree.misconceptions_of(s) or not misconceptions)]
    asked: dict[str, Sequence[Problem]] = {}
    rows: dict[float, list[float]] = {m: [] for m in MASTERIES}
    answers, own, wrong = dict.fromkeys(MASTERIES, 0), 0, 0
    for i in range(students):
        mastery, skill = MASTERIES[i % len(MASTERIES)], skills[i // len(MASTERIES) % len(skills)]
        paper = asked.setdefault(skill, problems(skill, items, seed + 17, 2))
        held = {m.id for m in tree.misconceptions_of(skill)[:1]} if misconceptions else set[str]()
        student = KnowledgeStudent(f"s{i}", seed * 1_000_003 + i, {skill: mastery}, held, tree)
        said = [student.answer(p) for p in paper]
        rows[mastery].append(mean(not r.right for r in said))
        answers[mastery] += len(said)
        apply = [r for r, p in zip(said, paper, strict=True) if not r.right and any(wrong_answer(m, p) for m in held)]
        wrong += len(apply)
        own += sum(r.cause == "misconception" for r in apply)
    bins = tuple(
        MasteryBin(mastery=m, students=len(shares), answers=answers[m], expected_wrong=1 - m,
                   observed_wrong=mean(shares))
        for m, shares in rows.items() if shares
    )  # fmt: skip
    gap = max(abs(b.expected_wrong - b.observed_wrong) for b in bins)
    monotone = all(a.observed_wrong > b.observed_wrong for a, b in pairwise(bins))
    return Tracking(
        misconceptions=misconceptions, own_errors=own / wrong if wrong else None, bins=bins, largest_gap=gap,
        monotone=monotone, passed=gap <= TOLERANCE and monotone,
    )  # fmt: skip
