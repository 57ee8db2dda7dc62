"""What a course leaves behind: the same simulated class with spaced reviews, without, and with all practice at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel

from classwright.classroom.gain import Difference, paired_difference
from classwright.classroom.plan import LessonPlan
from classwright.classroom.rehearsal import sit, teach
from classwright.classroom.student import KnowledgeStudent
from classwright.skilltree.bank import problems
from classwright.skilltree.problem import Problem

ITEMS = 6
"""Test items a skill."""
TEST = 7_000_051
"""Offset of the seed of the test items; lessons, reviews and lesson tests draw from others."""
DELAY_DAYS = 14
"""Days from the last session to the test."""


@dataclass(frozen=True)
class Event:
    """One session of a course as a class lives through it.

    Attributes:
        day: Day of the course, 0 is the first.
        plan: The lesson without its reviews; None in a session of reviews only.
        reviews: Skill -> problems of its review.
    """

    day: int
    plan: LessonPlan | None
    reviews: Mapping[str, Sequence[Problem]] = field(default_factory=dict)


class Retention(BaseModel):
    """Shares of right answers on the taught skills some time after the course.

    Attributes:
        days: From the last session to the test.
        items: Test items a student.
        students: Simulated students.
        spaced, none, massed: Mean share with the reviews as planned; with no reviews; with the same problems all at
            once, right after the skill's lesson.
        over_none, over_massed: Paired differences of spaced, by student.
        by_skill: Skill -> (spaced, none).
    """

    days: int
    items: int
    students: int
    spaced: float
    none: float
    massed: float
    over_none: Difference
    over_massed: Difference
    by_skill: dict[str, tuple[float, float]]


def live(people: Sequence[KnowledgeStudent], event: Event, days_since: int) -> None:
    """Let students forget for some days, then go through a session: reviews first, then the lesson."""
    for student in people:
        if days_since:
            student.rest(days_since)
        for items in event.reviews.values():
            for problem in items:
                student.practice(problem, feedback=True)
        if event.plan is not None:
            teach(event.plan, student)


def retention(
    people: Sequence[KnowledgeStudent], events: Sequence[Event], skills: Sequence[str], seed: int
) -> Retention:
    """Compare three courses with the same lessons, the same students and the same luck.

    Args:
        people: The class before the course; stays as it is.
        events: The course.
        skills: What was taught; the test asks about each.
        seed: Seed of the test items and the intervals.
    """
    shown = [p for e in events for p in [*(e.plan.problems() if e.plan else ()), *_all(e)]]
    test = {s: problems(s, ITEMS, seed + TEST, 2, avoid=shown) or problems(s, ITEMS, seed + TEST, 2) for s in skills}
    arms = {
        "spaced": list(events),
        "none": [Event(e.day, e.plan) for e in events],
        "massed": _massed(events),
    }
    scores = {arm: _scores(people, course, test) for arm, course in arms.items()}
    means = {arm: [sum(row.values()) / len(row) for row in rows] for arm, rows in scores.items()}
    n = len(people)
    by_skill = {
        s: (round(sum(r[s] for r in scores["spaced"]) / n, 4), round(sum(r[s] for r in scores["none"]) / n, 4))
        for s in skills
    }
    return Retention(
        days=DELAY_DAYS,
        items=sum(map(len, test.values())),
        students=n,
        **{arm: round(sum(values) / n, 4) for arm, values in means.items()},
        over_none=paired_difference(means["none"], means["spaced"], seed=seed),
        over_massed=paired_difference(means["massed"], means["spaced"], seed=seed),
        by_skill=by_skill,
    )


def _all(event: Event) -> list[Problem]:
    return [p for items in event.reviews.values() for p in items]


def _massed(events: Sequence[Event]) -> list[Event]:
    """The same problems, all of a skill's reviews moved to the end of the session of its lesson."""
    moved: dict[str, list[Problem]] = {}
    for event in events:
        for skill, items in event.reviews.items():
            moved.setdefault(skill, []).extend(items)
    out = []
    for event in events:
        out.append(Event(event.day, event.plan))
        skill = event.plan.skill if event.plan else None
        if skill in moved:
            out.append(Event(event.day, None, {skill: moved.pop(skill)}))
    return out


def _scores(
    people: Sequence[KnowledgeStudent], events: Sequence[Event], test: Mapping[str, Sequence[Problem]]
) -> list[dict[str, float]]:
    """Per student, the share of right answers by skill, after the course and the delay."""
    students = [s.copy() for s in people]
    before = events[0].day
    for event in events:
        live(students, event, event.day - before)
        before = event.day
    found = []
    for student in students:
        student.rest(DELAY_DAYS)
        found.append({skill: sum(r.right for r in sit(student, items)) / len(items) for skill, items in test.items()})
    return found
