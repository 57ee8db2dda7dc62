"""Learning gain with its interval."""

from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel

from classwright.classroom.resampling import resampled_means


class Gain(BaseModel):
    """Normalized gain of a group.

    Attributes:
        mean: (post - pre) / (1 - pre) of the group's mean scores; None at the ceiling, where it says nothing.
        low, high: Percentile bootstrap interval over students.
        n: Students.
        pre, post: Mean scores, 0..1.
        level: Confidence level of the interval.
    """

    mean: float | None
    low: float | None
    high: float | None
    n: int
    pre: float
    post: float
    level: float = 0.95


def normalized_gain(
    pre: Sequence[float], post: Sequence[float], *, seed: int, resamples: int = 2000, level: float = 0.95
) -> Gain:
    """Normalized gain g = (post - pre) / (1 - pre) (Hake 1998) with a percentile bootstrap interval over students.

    Args:
        pre: Scores before, 0..1, one a student.
        post: Scores after, same order.
        seed: Seed of the resampling.
        resamples: Bootstrap samples; those that land on the ceiling (mean pre = 1) are left out.
        level: Confidence level.

    Raises:
        ValueError: no students, or lists of different length.
    """
    if not pre or len(pre) != len(post):
        raise ValueError(f"{len(pre)} scores before and {len(post)} after")
    before, after = np.asarray(pre, float), np.asarray(post, float)
    mean = _gain(before.mean(), after.mean())
    b, a = resampled_means(np.stack([before, after], axis=1), np.random.default_rng(seed), resamples).T
    gains = (a - b)[b < 1] / (1 - b[b < 1])
    low = high = None
    if mean is not None and len(gains):
        low, high = (float(q) for q in np.quantile(gains, [(1 - level) / 2, (1 + level) / 2]))
    return Gain(
        mean=mean, low=low, high=high, n=len(before), pre=float(before.mean()), post=float(after.mean()), level=level
    )


def _gain(pre: float, post: float) -> float | None:
    return None if pre >= 1 else float((post - pre) / (1 - pre))


class Difference(BaseModel):
    """How much more one treatment gives than another on the same cases.

    Attributes:
        mean: Mean of the paired differences.
        low, high: Percentile bootstrap interval over the cases.
        n: Cases.
        level: Confidence level.
    """

    mean: float
    low: float
    high: float
    n: int
    level: float = 0.95


def paired_difference(
    a: Sequence[float], b: Sequence[float], *, seed: int, resamples: int = 2000, level: float = 0.95
) -> Difference:
    """Mean of b - a over paired cases with a percentile bootstrap interval (Efron & Tibshirani 1993, ch. 13).

    Args:
        a, b: One value a case, in the same order.
        seed: Seed of the resampling.
        resamples: Bootstrap samples.
        level: Confidence level.

    Raises:
        ValueError: no cases, or lists of different length.
    """
    if not a or len(a) != len(b):
        raise ValueError(f"{len(a)} and {len(b)} values do not pair up")
    d = np.asarray(b, float) - np.asarray(a, float)
    means = resampled_means(d, np.random.default_rng(seed), resamples)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Difference(mean=float(d.mean()), low=float(low), high=float(high), n=len(d), level=level)
