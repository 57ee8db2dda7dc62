"""What to teach when: the next skill, a sequence over several weeks with spaced review, and a score for orders.

Reviews come back after expanding intervals (1, 2, 4, 8 ... sessions; Landauer & Bjork 1978, Cepeda et al. 2006).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from statistics import mean
from typing import Literal

import numpy as np

from classwright.errors import InputError
from classwright.skilltree.learner import Learner
from classwright.skilltree.tree import MASTERED, SkillTree

INTERVALS = (1, 2, 4, 8, 16)
"""Sessions from teaching to the first review, from there to the second, and so on."""
REVIEW_MINUTES = 5
"""Minutes of one review."""
TEACH_MINUTES = 40
"""Minutes to teach a skill of which nothing is known; less in proportion to what is known (see `minutes_for`)."""
LEAST_MINUTES = 15


@dataclass(frozen=True, slots=True)
class Activity:
    """One thing done in a session: a skill is taught, practiced on (taught further) or reviewed."""

    skill: str
    kind: Literal["teach", "continue", "review"]
    minutes: int


@dataclass(frozen=True, slots=True)
class Session:
    """One session of a sequence; weeks and the sessions of a week count from 1."""

    week: int
    number: int
    activities: tuple[Activity, ...]

    @property
    def minutes(self) -> int:
        """Minutes of all activities."""
        return sum(activity.minutes for activity in self.activities)


def next_skill(tree: SkillTree, mastery: Mapping[str, float], goal: str, threshold: float = MASTERED) -> str | None:
    """The skill to teach next on the way to a goal: the first unmastered one whose prerequisites are all mastered.

    Returns:
        Its id (of several the one that stands first in teaching order), or None when the goal is mastered.
    """
    if mastery.get(tree[goal].id, 0.0) >= threshold:
        return None
    return tree.path(goal, mastery, threshold)[0]


def minutes_for(mastery: float) -> int:
    """Minutes to teach a skill to learners of a mean mastery: 40 when nothing is known, at least 15, in fives."""
    return max(LEAST_MINUTES, 5 * round(TEACH_MINUTES * (1 - mastery) * 1.25 / 5))


def sequence(
    tree: SkillTree,
    learners: Learner | Sequence[Learner],
    goal: str,
    weeks: int,
    minutes_per_week: int,
    sessions_per_week: int = 1,
) -> list[Session]:
    """A teaching sequence to a goal with spaced reviews, within a time budget.

    Skills come in teaching order, only after their prerequisites; what does not fit into a session is continued in the
    next. Each taught skill is reviewed at expanding intervals. Reviews that are due come first and take at most a third
    of a session, the longest due first; one that finds no room waits. Once everything is taught, reviews go on.

    Args:
        tree: The skill tree.
        learners: One learner or a class; a class is planned for its mean mastery.
        goal: Id of the skill to reach.
        weeks: Number of weeks.
        minutes_per_week: Minutes of teaching a week.
        sessions_per_week: Into how many sessions of equal length a week is divided.

    Returns:
        The sessions up to the goal and, as far as weeks are left, the reviews after it.

    Raises:
        InputError: the time does not suffice; the message says how many weeks would.
    """
    people = [learners] if isinstance(learners, Learner) else list(learners)
    length = minutes_per_week // max(sessions_per_week, 1)
    if not people or weeks < 1 or sessions_per_week < 1:
        raise InputError("a sequence needs at least one learner, one week and one session a week")
    if length < LEAST_MINUTES + REVIEW_MINUTES:
        raise InputError(
            f"a session of {length} minutes is too short; at least {LEAST_MINUTES + REVIEW_MINUTES} are needed"
        )
    average = {
        skill: mean(person.mastery.get(skill, 0.0) for person in people) for skill in [*tree.ancestors(goal), goal]
    }
    to_teach = [(skill, minutes_for(average[skill])) for skill in tree.path(goal, average)]
    planned = _fill(to_teach, length)
    needed = -(-_sessions_of_teaching(planned) // sessions_per_week)
    if needed > weeks:
        raise InputError(
            f"{len(to_teach)} skills to {goal} do not fit into {weeks} weeks of {minutes_per_week} minutes; "
            f"{needed} weeks would do"
        )
    found = []
    for index, activities in enumerate(planned[: weeks * sessions_per_week]):
        if activities:
            found.append(Session(index // sessions_per_week + 1, index % sessions_per_week + 1, tuple(activities)))
    return found


def _fill(to_teach: list[tuple[str, int]], length: int) -> list[list[Activity]]:
    """Sessions of `length` minutes until everything is taught, and the reviews that come due after it."""
    waiting = list(to_teach)
    due: list[tuple[int, int, str]] = []  # (session, review number, skill)
    sessions: list[list[Activity]] = []
    started: set[str] = set()
    while waiting or due:
        now, left, activities = len(sessions), length, []
        room = length if not waiting else length // 3
        while due and due[0][0] <= now and room >= REVIEW_MINUTES:
            _, number, skill = heappop(due)
            activities.append(Activity(skill, "review", REVIEW_MINUTES))
            room, left = room - REVIEW_MINUTES, left - REVIEW_MINUTES
            if number + 1 < len(INTERVALS):
                heappush(due, (now + INTERVALS[number + 1], number + 1, skill))
        while waiting and left >= min(waiting[0][1], LEAST_MINUTES):
            skill, need = waiting[0]
            spent = min(need, left)
            if 0 < need - spent < 5:
                spent = need - 5  # leave no scrap for the next session
            activities.append(Activity(skill, "continue" if skill in started else "teach", spent))
            started.add(skill)
            left -= spent
            if spent < need:
                waiting[0] = (skill, need - spent)
                break
            waiting.pop(0)
            heappush(due, (now + INTERVALS[0], 0, skill))
        sessions.append(activities)
    return sessions


def _sessions_of_teaching(sessions: list[list[Activity]]) -> int:
    return max((i for i, session in enumerate(sessions, 1) if any(a.kind != "review" for a in session)), default=0)


def order_score(order: Sequence[int], features: Sequence[np.ndarray]) -> float:
    """The Curriculum Designer's score of an order of classes (SPECS "Curriculum Designer").

    With D the distances between the classes' mean features, scaled to 0..1, and v the classes' mean feature variance
    scaled to 0..1: score = 1 - v(first) + sum over i <= (n-1)/2 of [1 - D(c_i, c_(n-1-i)) + D(c_i, c_(i+1))].
    Scaling by the greatest value is our reading of a detail that was not published.

    Args:
        order: A permutation of range(n).
        features: For each class (skill, task) an array (items, dimensions), one row an item.
    """
    distances, spread = _distances(features)
    return _score(order, distances, spread)


def _distances(features: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    centers = np.array([np.asarray(rows, dtype=float).mean(axis=0) for rows in features])
    distances = np.linalg.norm(centers[:, None, :] - centers[None, :, :], axis=2)
    spread = np.array([np.asarray(rows, dtype=float).var(axis=0).mean() for rows in features])
    return distances / (distances.max() or 1.0), spread / (spread.max() or 1.0)


def _score(order: Sequence[int], distances: np.ndarray, spread: np.ndarray) -> float:
    n = len(order)
    total = 1.0 - float(spread[order[0]])
    for i in range((n + 1) // 2):
        total += 1.0 - float(distances[order[i], order[n - 1 - i]])
        if i + 1 < n:
            total += float(distances[order[i], order[i + 1]])
    return total


def best_order(
    tree: SkillTree, skills: Sequence[str], features: Sequence[np.ndarray], limit: int = 200_000
) -> tuple[list[str], float]:
    """The order of skills with the highest `order_score` among those that the prerequisites allow.

    Every allowed order is tried (depth first), so the number of skills must be small; a prerequisite counts also when
    it is reached over skills that are not in the list.

    Args:
        tree: The skill tree.
        skills: The skills to order, at least one.
        features: One array (items, dimensions) for each skill.
        limit: How many complete orders are tried at most.

    Raises:
        InputError: more than `limit` orders are allowed, or a skill is unknown or twice there.
    """
    if not skills or len(set(skills)) != len(skills) or len(features) != len(skills):
        raise InputError("an order needs different skills, and features for each of them")
    before = [{skills.index(a) for a in tree.ancestors(skill) if a in skills} for skill in skills]
    distances, spread = _distances(features)
    best: tuple[float, list[int]] = (float("-inf"), [])
    tried = 0
    stack: list[list[int]] = [[]]
    while stack:
        order = stack.pop()
        if len(order) == len(skills):
            tried += 1
            if tried > limit:
                raise InputError(
                    f"{len(skills)} skills can be ordered in more than {limit} ways; order fewer at a time"
                )
            best = max(
                best, (_score(order, distances, spread), order), key=lambda item: (item[0], [-i for i in item[1]])
            )
            continue
        placed = set(order)
        stack += [[*order, i] for i in reversed(range(len(skills))) if i not in placed and before[i] <= placed]
    return [skills[i] for i in best[1]], best[0]
