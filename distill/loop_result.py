"""What a skill-targeted loop found: accuracy of each arm after every round, and its effects against uniform."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from pydantic import BaseModel

from classwright.classroom.effects import Effect, effect, holm
from classwright.distill.examine import Marked
from classwright.distill.loop_settings import LoopArm, LoopSettings
from classwright.distill.profile import Standing


class ArmResult(BaseModel):
    """An arm over all seeds.

    Attributes:
        rows, tokens: Mean of a round.
        lacking, all: Test accuracy after each round, from 0, means over seeds, on the lacking skills and on all.
    """

    arm: LoopArm
    rows: float
    tokens: float
    lacking: list[float]
    all: list[float]


class LoopResult(BaseModel):
    """What came out.

    Attributes:
        profile: Of the student before the loop, by the diagnosis, the most surely missing skill first.
        lacking: The head of it, on which arms are compared.
        effects: Each arm against "uniform", on the test items of the lacking skills, paired by item, corrected (Holm).
    """

    settings: LoopSettings
    profile: list[Standing]
    lacking: list[str]
    arms: list[ArmResult]
    effects: list[Effect]


def summary(
    arm: LoopArm, tests: Sequence[Sequence[Sequence[Marked]]], sizes: Sequence[tuple[int, int]], lacking: Sequence[str]
) -> ArmResult:
    """An arm over its seeds.

    Args:
        arm: The arm.
        tests: Seed -> round, from 0 -> marks of the test.
        sizes: (rows, tokens) of every round.
        lacking: Skills on which arms are compared.
    """
    rounds = range(len(tests[0]))
    everything = sorted({m.skill for m in tests[0][0]})

    def means(skills: Sequence[str]) -> list[float]:
        return [sum(share(seed[r], skills) for seed in tests) / len(tests) for r in rounds]

    return ArmResult(
        arm=arm, rows=sum(n for n, _ in sizes) / len(sizes), tokens=sum(t for _, t in sizes) / len(sizes),
        lacking=means(lacking), all=means(everything),
    )  # fmt: skip


def share(marks: Sequence[Marked], skills: Sequence[str]) -> float:
    """Share of right answers on some skills."""
    counted = [m.right is True for m in marks if m.skill in skills]
    return sum(counted) / len(counted)


def effects(
    arms: Sequence[LoopArm], tests: Mapping[str, Sequence[Sequence[Sequence[Marked]]]], lacking: Sequence[str]
) -> list[Effect]:
    """Each arm against uniform after the last round, on the lacking skills; none without uniform."""
    if "uniform" not in arms:
        return []
    values: dict[str, dict[str, list[float]]] = {}
    for arm in arms:
        values[arm] = defaultdict(list)
        for seed in tests[arm]:
            for mark in seed[-1]:
                if mark.skill in lacking:
                    values[arm][mark.id].append(float(mark.right is True))
    return holm([effect(arm, "uniform", values, seed=0) for arm in arms if arm != "uniform"])
