"""How the minutes of a lesson are spent: a few approaches, each a set of weights, always adding up exactly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from classwright.errors import InputError
from classwright.skilltree.tree import SkillTree

BASE_MINUTES = 20
"""The shortest lesson on a skill whose prerequisites are ready."""
REVIEW_MINUTES = 7
"""What the review of one missing prerequisite takes: explanation 4, a worked example 3."""


@dataclass(frozen=True)
class Approach:
    """An emphasis: weights of the parts and how many of the most frequent misconceptions the class meets together."""

    name: str
    weights: Mapping[str, float]
    examples: int
    repairs: int


APPROACHES: dict[str, Approach] = {
    a.name: a
    for a in (
        Approach(
            "balanced",
            dict(warm_up=5, hook=3, explanation=8, example=7, repair=4, guided=8, independent=8, exit=3),
            2,
            1,
        ),
        Approach(
            "practice",
            dict(warm_up=4, hook=2, explanation=6, example=5, repair=3, guided=11, independent=12, exit=3),
            1,
            1,
        ),
        Approach(
            "misconceptions",
            dict(warm_up=4, hook=2, explanation=6, example=5, repair=9, guided=9, independent=8, exit=3),
            1,
            2,
        ),
        Approach(
            "examples",
            dict(warm_up=4, hook=3, explanation=7, example=12, repair=4, guided=7, independent=6, exit=3),
            3,
            1,
        ),
    )
}


def need(missing: Sequence[str]) -> int:
    """The minutes that a lesson with so many missing prerequisites needs at least."""
    return BASE_MINUTES + REVIEW_MINUTES * len(missing)


def check_minutes(minutes: int, goal: str, missing: Sequence[str], tree: SkillTree) -> None:
    """Refuse a lesson that cannot hold its prerequisites, and say what would fit.

    Raises:
        InputError: too few minutes.
    """
    if minutes >= need(missing):
        return
    if minutes < BASE_MINUTES:
        raise InputError(
            f"{minutes} minutes are too few for a lesson: at least {need(missing)} (--minutes {need(missing)})"
        )
    first = missing[0]
    raise InputError(
        f"{minutes} minutes are too few for {goal} with {len(missing)} missing prerequisites ({', '.join(missing[:6])}"
        f"{', ...' if len(missing) > 6 else ''}): that needs {need(missing)}. What fits: a lesson on {first} "
        f"({tree[first].name}), the first step of the path"
    )


def allot(minutes: int, approach: Approach, repairs: int, reviews: int) -> dict[str, int]:
    """Whole minutes for every part, adding up to `minutes` (largest remainders), each at least 2.

    Args:
        minutes: Minutes of the lesson; enough by `check_minutes`.
        approach: The emphasis.
        repairs: Misconceptions taught to the class; with none their share goes to guided practice.
        reviews: Prerequisites reviewed; each takes REVIEW_MINUTES off the top.
    """
    weights = dict(approach.weights)
    if not repairs:
        weights["guided"] += weights.pop("repair")
    left = minutes - REVIEW_MINUTES * reviews
    floor = dict.fromkeys(weights, 2)
    if repairs:
        floor["repair"] = 2 * repairs
    floor["example"] = max(2, min(approach.examples, left // 10))
    spare = left - sum(floor.values())
    total = sum(weights.values())
    exact = {part: spare * w / total for part, w in weights.items()}
    out = {part: floor[part] + int(exact[part]) for part in weights}
    rest = left - sum(out.values())
    for part in sorted(weights, key=lambda p: (int(exact[p]) - exact[p], p))[:rest]:
        out[part] += 1
    return out


def split(minutes: int, n: int) -> list[int]:
    """`minutes` in n whole parts, the first ones longer by one where it does not divide; n is at most `minutes`."""
    return [minutes // n + (i < minutes % n) for i in range(n)]
