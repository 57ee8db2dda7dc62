"""A course in code: which lesson and which reviews when, within the weeks that there are.

Each skill on the way to the goal gets a lesson, in teaching order. A taught skill comes back as a few warm-up problems
after expanding intervals (days, counted from its lesson): spaced practice is remembered longer than massed (Cepeda,
Pashler, Vul, Wixted & Rohrer 2006, a review of 317 experiments), the more so the longer the memory is to last, and what
is forgotten follows a power of time (Wixted & Carpenter 2007), so that a gap may grow with each review.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from classwright.classroom.audience import MISSING
from classwright.classroom.plan import LessonPlan
from classwright.classroom.student import KnowledgeStudent
from classwright.errors import InputError
from classwright.skilltree.bank import problems
from classwright.skilltree.learner import Learner
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree

INTERVALS = (1, 3, 7, 14, 28)
"""Days after a skill's lesson at which it is due for a review; a session does what is due by then."""
REVIEW_PROBLEMS = 2
REVIEW_MINUTES = 3
"""Minutes of one skill's review: its problems at a minute and a half."""
SHARE = 5
"""Reviews take at most one in so many minutes of a session that has a lesson."""
SCHOOL_DAYS = 5
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


@dataclass(frozen=True)
class Choice:
    """Which skills get a lesson.

    Attributes:
        taught: In teaching order, the goal last.
        left_out: Skills on the way that get none, with the class's mean mastery: those known best.
    """

    taught: tuple[str, ...]
    left_out: tuple[tuple[str, float], ...]


def session_days(weeks: int, per_week: int) -> list[int]:
    """Days of the sessions, 0 being the first Monday, spread evenly over Monday to Friday.

    Args:
        weeks: At least 1.
        per_week: 1 to 5.
    """
    last = SCHOOL_DAYS - 1
    within = [0] if per_week == 1 else [round(i * last / (per_week - 1)) for i in range(per_week)]
    return [7 * week + day for week in range(weeks) for day in within]


def choose_skills(tree: SkillTree, mastery: Mapping[str, float], goal: str, weeks: int, per_week: int) -> Choice:
    """The skills that get a lesson: all that are not mastered; where the time is short, not the best known.

    A prerequisite that the class masters to `audience.MISSING` or more does not hold a lesson back, so it can do
    without one of its own; the others cannot.

    Args:
        tree: The skill tree.
        mastery: Mean mastery of the class, of the goal and all it rests on.
        goal: The skill to reach.
        weeks, per_week: Weeks and lessons a week.

    Raises:
        InputError: even the skills that cannot be left out are too many; says what fits and what does not.
    """
    slots = weeks * per_week
    way = tree.path(goal, mastery)
    needed = [s for s in way if s == goal or mastery[s] < MISSING]
    if len(needed) > slots:
        fits, over = needed[:slots], needed[slots:]
        enough = -(-len(needed) // per_week)
        raise InputError(
            f"{len(needed)} lessons are needed to reach {goal}, and {weeks} weeks of {per_week} have {slots}. "
            f"What fits: {', '.join(fits)}. What does not: {', '.join(over)}. "
            f"Take --weeks {enough}, or {fits[-1]} as the goal"
        )
    spare = sorted((s for s in way if s not in needed), key=lambda s: (-mastery[s], s))
    left = set(spare[: max(0, len(way) - slots)])
    return Choice(tuple(s for s in way if s not in left), tuple((s, round(mastery[s], 4)) for s in way if s in left))


def due_reviews(taught: Mapping[str, int], last: Mapping[str, int], day: int) -> list[str]:
    """The skills that are due for a review on a day, the longest due first.

    Args:
        taught: Skill -> day of its lesson.
        last: Skill -> day on which it was met last, in its lesson or a review.
        day: The day of the session.
    """
    due = {}
    for skill, start in taught.items():
        open_ = [start + d for d in INTERVALS if last[skill] < start + d <= day]
        if open_:
            due[skill] = open_[0]
    return sorted(due, key=lambda s: (due[s], taught[s], s))


def most_reviews(minutes: int, alone: bool) -> int:
    """How many skills a session can review: within a fifth of it beside a lesson, within a third of it alone."""
    return minutes // (3 if alone else SHARE) // REVIEW_MINUTES


def review_problems(skills: Sequence[str], seed: int, avoid: Sequence[Problem]) -> dict[str, list[Problem]]:
    """Warm-up problems for the reviews, new ones as far as the bank has them."""
    used = list(avoid)
    found = {}
    for skill in skills:
        fresh = problems(skill, REVIEW_PROBLEMS, seed, 2, avoid=used) or problems(skill, REVIEW_PROBLEMS, seed, 2)
        used += fresh
        found[skill] = fresh
    return found


def with_reviews(plan: LessonPlan, reviews: Mapping[str, Sequence[Problem]]) -> LessonPlan:
    """The plan with the reviews before its warm-up, in minutes of their own."""
    new = plan.model_copy(deep=True)
    new.warm_up.problems[:0] = [p for items in reviews.values() for p in items]
    new.warm_up.minutes += REVIEW_MINUTES * len(reviews)
    new.minutes += REVIEW_MINUTES * len(reviews)
    return new


def class_after(learners: Sequence[Learner], people: Sequence[KnowledgeStudent]) -> tuple[Learner, ...]:
    """The learners as simulated students have become them: the class of the next lesson.

    Args:
        learners: Public records.
        people: Their simulated students, one or several lives each, found by pseudonym. Mastery is the mean over the
            lives; a misconception is held where more than half of them hold it.
    """
    found = []
    for learner in learners:
        lives = [s for s in people if s.pseudonym == learner.pseudonym]
        mastery = {k: round(sum(s.mastery[k] for s in lives) / len(lives), 4) for k in sorted(lives[0].mastery)}
        held = sorted({m for s in lives for m in s.held})
        kept = tuple(m for m in held if 2 * sum(m in s.held for s in lives) > len(lives))
        found.append(learner.model_copy(update={"mastery": dict(learner.mastery) | mastery, "misconceptions": kept}))
    return tuple(found)


def mean_mastery(people: Sequence[KnowledgeStudent], skills: Sequence[str]) -> dict[str, float]:
    """Mean mastery of each skill, 0..1."""
    return {s: round(sum(p.mastery[s] for p in people) / len(people), 4) for s in skills}
