"""The missing-skill profile of a student: which skills its answers say it lacks, and how surely.

He et al. (2025, "STAT: Skill-Targeted Adaptive Training"): the profile counts, over the questions that a student fails,
the skills that they need. Here every item names its skill, so the profile is the error rate per skill, with Wilson's
interval. Composed items count for themselves; what they say beside their sub-problems is We-Math's diagnosis
(`skilltree.we_math`).
"""

from collections import defaultdict
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from classwright.classroom.agreement import wilson
from classwright.distill.exam_result import Answered, composed_results, judged
from classwright.skilltree.we_math import Mode, Rates, rates


class Standing(BaseModel):
    """A student in one skill.

    Attributes:
        items: Items with a judged answer.
        right: Items right; an item answered several times counts with its share.
        accuracy, low, high: Share right with its Wilson interval, 0..1.
    """

    model_config = ConfigDict(frozen=True)

    skill: str
    items: int
    right: float
    accuracy: float
    low: float
    high: float

    @property
    def missing(self) -> float:
        """Share of the skill's items that went wrong, 0..1."""
        return 1 - self.accuracy


def profile(answers: Sequence[Answered], kinds: Sequence[str] = ()) -> list[Standing]:
    """The student in every skill, the most surely missing one first.

    Ranked by the upper end of the interval, so that three errors of three do not stand before ninety of a hundred; then
    by accuracy and name.

    Args:
        answers: Of an exam.
        kinds: Count only these kinds; all unless given.
    """
    by_skill: dict[str, list[Answered]] = defaultdict(list)
    for a in answers:
        if a.skill and (not kinds or a.kind in kinds):
            by_skill[a.skill].append(a)
    found = []
    for skill, rows in by_skill.items():
        shares = [sum(values) / len(values) for values in judged(rows).values()]
        if shares:
            right = sum(shares)
            low, high = wilson(right, len(shares))
            found.append(
                Standing(skill=skill, items=len(shares), right=right, accuracy=right / len(shares), low=low, high=high)
            )
    return sorted(found, key=lambda s: (s.high, s.accuracy, s.skill))


def missing_skills(standings: Sequence[Standing], mastered: float = 0.8) -> list[str]:
    """The skills whose whole interval lies below mastery, in the order of the profile."""
    return [s.skill for s in standings if s.high < mastered]


def diagnose(answers: Sequence[Answered], mode: Mode = "strict") -> Rates | None:
    """We-Math's rates over the composed items; None where no composed item has its sub-problems beside it."""
    results = composed_results(answers)
    return rates(results, mode) if results else None
