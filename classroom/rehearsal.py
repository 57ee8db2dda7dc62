"""Rehearse a plan: pre-test, lesson, post-test with simulated students, on items the lesson never shows."""

from collections import Counter
from collections.abc import Sequence

from pydantic import BaseModel

from classwright.classroom.gain import Gain, normalized_gain
from classwright.classroom.plan import LessonPlan, Tier
from classwright.classroom.student import KnowledgeStudent, Response
from classwright.skilltree.bank import problems
from classwright.skilltree.problem import Problem

PRE, POST = 7_000_003, 7_000_019
"""Offsets of the seeds of the two parallel test forms; lessons draw from other seeds."""


class Exam(BaseModel):
    """Two parallel forms of a test: isomorphic items of the same levels, with no item in common."""

    before: list[Problem]
    after: list[Problem]


class Failure(BaseModel):
    """A way of failing on the post-test."""

    skill: str
    misconception: str | None
    students: int
    answers: int
    example_problem: Problem
    example_answer: str


class Rehearsal(BaseModel):
    """What happened when a plan met the class.

    Attributes:
        gain: On the lesson's goal and reviewed prerequisites together.
        by_skill: Gain per skill.
        scores: Pseudonym -> (before, after), shares of right answers.
        freed: Misconception -> how many students gave it up; `kept`: how many still hold it, of the lesson's skills.
        failures: Post-test failures, most frequent first.
    """

    gain: Gain
    by_skill: dict[str, Gain]
    scores: list[tuple[str, float, float]]
    freed: dict[str, int]
    kept: dict[str, int]
    failures: list[Failure]


def make_exam(skills: Sequence[str], seed: int, items: int = 10, avoid: Sequence[Problem] = ()) -> Exam:
    """A test over the skills in two parallel forms; the last skill (the goal) gets at least half of the items.

    Args:
        skills: Skill ids, the goal last.
        seed: Seed of the items.
        items: Items per form.
        avoid: Problems that must not be in the test.
    """
    goal, others = skills[-1], list(skills[:-1])
    share = max(1, (items // 2) // len(others)) if others else 0
    counts = dict.fromkeys(others, share) | {goal: items - share * len(others)}
    before: list[Problem] = []
    after: list[Problem] = []
    for skill, n in counts.items():
        per_level = Counter((2, 1, 3)[i % 3] for i in range(n))
        for level, k in sorted(per_level.items()):
            first = problems(skill, k, seed + PRE, level, avoid=avoid)
            second = problems(skill, k, seed + POST, level, avoid=[*avoid, *first])
            before += first
            after += second or first  # a Kindergarten fact has no second form
    return Exam(before=before, after=after)


def sit(student: KnowledgeStudent, items: Sequence[Problem]) -> list[Response]:
    """The student's answers to a test; nothing is learned from it."""
    return [student.answer(p) for p in items]


def tier_of(student: KnowledgeStudent, skill: str) -> Tier:
    """The practice tier for a student: support under 0.5 mastery, stretch from 0.8."""
    mastery = student.mastery.get(skill, 0.5)
    return "support" if mastery < 0.5 else "core" if mastery < 0.8 else "stretch"


def teach(plan: LessonPlan, student: KnowledgeStudent) -> list[str]:
    """Put a student through a lesson as it is planned; returns the misconceptions given up, in order.

    The student learns from what the plan really holds: minutes of explanation, worked examples, problems practiced in
    the minutes given, and moves against the misconceptions it holds.
    """
    model, freed = student.model, []
    at_hand = {r.misconception for r in plan.repairs}

    def practice(items: Sequence[Problem], minutes: int, *, feedback: bool) -> None:
        for p in items[: max(1, round(minutes / model.minutes_per_problem))]:
            response = student.practice(p, feedback=feedback)
            wrong_idea = response.misconception
            if (
                feedback
                and wrong_idea in at_hand
                and wrong_idea is not None
                and student.be_repaired(wrong_idea, model.repair_at_hand, p.id)
            ):
                freed.append(wrong_idea)

    practice(plan.warm_up.problems, plan.warm_up.minutes, feedback=True)
    for skill in {e.skill for e in plan.explanations}:
        minutes = sum(e.minutes for e in plan.explanations if e.skill == skill)
        student.gain(skill, min(model.explanation * minutes / 5, model.explanation_cap))
    for example in plan.worked_examples:
        student.gain(example.problem.skill, model.example)
    for repair in plan.repairs:
        odds = model.repair * min(1.0, repair.minutes / model.repair_minutes)
        if repair.minutes and student.be_repaired(repair.misconception, odds, "lesson"):
            freed.append(repair.misconception)
    practice(plan.guided.problems, plan.guided.minutes, feedback=True)
    practice(plan.independent.tier(tier_of(student, plan.skill)), plan.independent.minutes, feedback=True)
    return freed


def rehearse(plan: LessonPlan, students: Sequence[KnowledgeStudent], exam: Exam, seed: int) -> Rehearsal:
    """Pre-test, lesson and post-test of copies of the students, who stay as they were."""
    before, after = [], []
    taught = set(plan.skills)
    freed: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for original in students:
        student = original.copy()
        before.append(sit(student, exam.before))
        freed.update(teach(plan, student))
        kept.update(m for m in student.held if taught & set(student.tree.misconception(m).skills))
        after.append(sit(student, exam.after))
    pre, post = ([_share(r) for r in rows] for rows in (before, after))
    by_skill = {}
    for skill in plan.skills:
        first = [i for i, p in enumerate(exam.before) if p.skill == skill]
        second = [i for i, p in enumerate(exam.after) if p.skill == skill]
        by_skill[skill] = normalized_gain(
            [_share([r[i] for i in first]) for r in before], [_share([r[i] for i in second]) for r in after], seed=seed
        )
    return Rehearsal(
        gain=normalized_gain(pre, post, seed=seed),
        by_skill=by_skill,
        scores=[(s.pseudonym, a, b) for s, a, b in zip(students, pre, post, strict=True)],
        freed=dict(freed),
        kept=dict(kept),
        failures=_failures(students, after, exam.after),
    )


def _share(responses: Sequence[Response]) -> float:
    return sum(r.right for r in responses) / len(responses)


def _failures(
    students: Sequence[KnowledgeStudent], answers: Sequence[Sequence[Response]], items: Sequence[Problem]
) -> list[Failure]:
    found: dict[tuple[str, str | None], list[tuple[str, Problem, str]]] = {}
    for student, responses in zip(students, answers, strict=True):
        for response, item in zip(responses, items, strict=True):
            if not response.right:
                key = (item.skill, response.misconception)
                found.setdefault(key, []).append((student.pseudonym, item, response.answer))
    rows = [
        Failure(skill=skill, misconception=misconception, students=len({r[0] for r in rows}), answers=len(rows),
                example_problem=rows[0][1], example_answer=rows[0][2])
        for (skill, misconception), rows in found.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda f: (-f.answers, f.skill, f.misconception or ""))
