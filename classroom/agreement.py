"""How far judgments agree with each other and with people: intervals, Krippendorff's alpha, macro-F1.

A judgment that is missing (None) is left out of a figure, never counted as a value.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from statistics import NormalDist
from typing import Any, Literal, NamedTuple

import numpy as np

Level = Literal["nominal", "ordinal", "interval"]


class Alpha(NamedTuple):
    """Krippendorff's alpha with its interval.

    Attributes:
        value: 1 for perfect agreement, 0 for what chance gives, negative for less; None where there is nothing to
            compare (fewer than two judgments of a unit, or all of them the same value).
        low, high: Percentile bootstrap interval over units; None where `value` is.
        units: Units with at least two judgments.
    """

    value: float | None
    low: float | None
    high: float | None
    units: int


class LabelScore(NamedTuple):
    """Predicted against human labels of one dimension.

    Attributes:
        n: Rows with a prediction; `missing` have none and count in nothing else.
        accuracy, low, high: Share of equal labels with its Wilson interval.
        macro_f1: Mean of the F1 of the labels that people used.
        majority: The label that people used most; always saying it gives `majority_accuracy` and `majority_f1`.
    """

    n: int
    missing: int
    accuracy: float
    low: float
    high: float
    macro_f1: float
    majority: str
    majority_accuracy: float
    majority_f1: float


def wilson(successes: float, n: int, level: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval of a share (Wilson 1927; Brown, Cai & DasGupta 2001 recommend it for small n).

    Returns:
        Low and high, 0..1; (0, 1) for n = 0, where nothing is known.

    Raises:
        ValueError: `successes` is not within 0..n.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} successes of {n}")
    if n == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + level) / 2)
    p, zz = successes / n, z * z
    middle = (p + zz / (2 * n)) / (1 + zz / n)
    half = z / (1 + zz / n) * (p * (1 - p) / n + zz / (4 * n * n)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def krippendorff(
    units: Sequence[Sequence[Hashable | None]],
    level: Level = "nominal",
    *,
    order: Sequence[Hashable] | None = None,
    seed: int = 0,
    resamples: int = 1000,
) -> Alpha:
    """Krippendorff's alpha (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability") with a bootstrap interval.

    Args:
        units: What was judged, one row a unit, one entry a judge; None for a missing judgment.
        level: Level of measurement; "interval" needs numbers.
        order: All values from low to high, for "ordinal"; left out: sorted.
        seed: Seed of the bootstrap over units.
        resamples: Bootstrap samples; those in which every value is the same are left out.
    """
    rows = [[v for v in row if v is not None] for row in units]
    rows = [row for row in rows if len(row) > 1]
    values = list(order) if order is not None else sorted({v for row in rows for v in row}, key=_by_value)
    counts = np.array([[row.count(v) for v in values] for row in rows], float).reshape(len(rows), len(values))
    value = _alpha(counts, values, level)
    if value is None:
        return Alpha(None, None, None, len(rows))
    draws = np.random.default_rng(seed).integers(0, len(rows), (resamples, len(rows)))
    found = [a for draw in draws if (a := _alpha(counts[draw], values, level)) is not None]
    low, high = (float(q) for q in np.quantile(found, [0.025, 0.975])) if found else (None, None)
    return Alpha(value, low, high, len(rows))


def _by_value(v: Any) -> Any:
    return (isinstance(v, str), v)


def _alpha(counts: np.ndarray, values: Sequence[Any], level: Level) -> float | None:
    """Alpha from how often each unit (row) got each value (column)."""
    if not len(counts):
        return None
    judged = counts.sum(axis=1)
    # coincidences: every ordered pair of judgments of a unit, weighted so that each judgment counts once
    pairs = (counts / (judged - 1)[:, None]).T @ counts
    pairs -= np.diag((counts / (judged - 1)[:, None]).sum(axis=0))
    totals = pairs.sum(axis=1)
    n = totals.sum()
    distance = _distances(totals, values, level)
    expected = (np.outer(totals, totals) * distance).sum()
    if expected == 0:
        return None
    return float(1 - (n - 1) * (pairs * distance).sum() / expected)


def _distances(totals: np.ndarray, values: Sequence[Any], level: Level) -> np.ndarray:
    """Squared differences between values."""
    k = len(values)
    if level == "nominal":
        return 1 - np.eye(k)
    if level == "interval":
        v = np.asarray(values, float)
        return (v[:, None] - v[None, :]) ** 2
    up = np.concatenate([[0.0], np.cumsum(totals)])
    middle = up[:-1] + totals / 2  # the difference of two ranks: what lies between, and half of each end
    return (middle[:, None] - middle[None, :]) ** 2


def macro_f1(gold: Sequence[str], predicted: Sequence[str]) -> float:
    """Mean F1 over the labels that occur in `gold`; one that is never predicted counts 0.

    Raises:
        ValueError: Nothing to compare, or lists of different length.
    """
    if not gold or len(gold) != len(predicted):
        raise ValueError(f"{len(gold)} gold labels and {len(predicted)} predictions")
    true, said = Counter(gold), Counter(predicted)
    hits = Counter(g for g, p in zip(gold, predicted, strict=True) if g == p)
    return sum(2 * hits[label] / (true[label] + said[label]) for label in true) / len(true)


def score_labels(gold: Sequence[str], predicted: Sequence[str | None], majority: str | None = None) -> LabelScore:
    """Predictions against human labels, beside the baseline that always says the most frequent label.

    Args:
        gold: People's labels.
        predicted: One for each, None where it is missing. The baseline answers those rows too.
        majority: The most frequent label where it is known from more rows than these; else it is counted here (the
            first in the alphabet among equals).

    Raises:
        ValueError: No rows, or no prediction at all.
    """
    pairs = [(g, p) for g, p in zip(gold, predicted, strict=True) if p is not None]
    if not pairs:
        raise ValueError(f"none of {len(gold)} rows has a prediction")
    right = sum(g == p for g, p in pairs)
    top = majority or min(Counter(gold).items(), key=lambda row: (-row[1], row[0]))[0]
    low, high = wilson(right, len(pairs))
    return LabelScore(
        n=len(pairs), missing=len(gold) - len(pairs), accuracy=right / len(pairs), low=low, high=high,
        macro_f1=macro_f1([g for g, _ in pairs], [p for _, p in pairs]),
        majority=top, majority_accuracy=gold.count(top) / len(gold), majority_f1=macro_f1(gold, [top] * len(gold)),
    )  # fmt: skip
