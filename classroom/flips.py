"""The selective flip score: does a simulated student change its answer for the right reason (arXiv 2605.12748).

After a wrong answer from a misconception the student gets feedback that addresses it (targeted), feedback that
addresses another plausible misconception (misaligned), or "that is wrong" (generic). A student who really holds the
misconception flips to right under targeted feedback only; one who just solves the problem flips under all three.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

Feedback = Literal["targeted", "misaligned", "generic"]
FEEDBACKS: tuple[Feedback, ...] = ("targeted", "misaligned", "generic")


class Flip(BaseModel):
    """What one student did with one piece of feedback.

    Attributes:
        item: The misconception, problem and student, so that the three kinds of feedback can be compared.
        flipped: Whether the next answer is right; None where it could not be graded, which counts in no rate.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    item: str
    feedback: Feedback
    flipped: bool | None


class FlipScore(BaseModel):
    """The score.

    Attributes:
        rates: Feedback -> share of right answers after it, 0..1.
        counts: Feedback -> graded answers.
        over_misaligned, over_generic: How much oftener targeted feedback flips than each control, -1..1.
        score: The smaller of the two: the paper states a score against each control, and we take the harder one.
        low, high: Percentile bootstrap interval of `score` over items (95 %).
        items: Items that have a graded answer under all three kinds; the others are left out.
        ungraded: Answers that could not be graded.
    """

    rates: dict[Feedback, float]
    counts: dict[Feedback, int]
    over_misaligned: float
    over_generic: float
    score: float
    low: float
    high: float
    items: int
    ungraded: int


def selective_flip(flips: Sequence[Flip], *, seed: int, resamples: int = 2000) -> FlipScore | None:
    """The selective flip score of a kind of student; None where no item was tried with all three kinds of feedback.

    Args:
        flips: Outcomes, any number for an item and feedback.
        seed: Seed of the bootstrap over items.
        resamples: Bootstrap samples.
    """
    table: dict[str, dict[Feedback, list[bool]]] = {}
    for flip in flips:
        if flip.flipped is not None:
            table.setdefault(flip.item, {}).setdefault(flip.feedback, []).append(flip.flipped)
    whole = {item: row for item, row in table.items() if len(row) == len(FEEDBACKS)}
    if not whole:
        return None
    rows = np.array([[float(np.mean(row[f])) for f in FEEDBACKS] for _, row in sorted(whole.items())])
    means = rows.mean(axis=0)
    draws = np.random.default_rng(seed).integers(0, len(rows), (resamples, len(rows)))
    resampled = rows[draws].mean(axis=1)
    scores = resampled[:, 0] - resampled[:, 1:].max(axis=1)
    low, high = np.quantile(scores, [0.025, 0.975])
    return FlipScore(
        rates={f: float(m) for f, m in zip(FEEDBACKS, means, strict=True)},
        counts={f: sum(len(row[f]) for row in whole.values()) for f in FEEDBACKS},
        over_misaligned=float(means[0] - means[1]),
        over_generic=float(means[0] - means[2]),
        score=float(means[0] - means[1:].max()),
        low=float(low),
        high=float(high),
        items=len(rows),
        ungraded=sum(f.flipped is None for f in flips),
    )
