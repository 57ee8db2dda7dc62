"""Cohen's kappa: how far two lists of labels agree beyond what chance gives."""

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np


class Kappa(NamedTuple):
    """Cohen's kappa with its interval.

    Attributes:
        value: 1 for perfect agreement, 0 for what chance gives; None where chance alone agrees perfectly (both sides
            always give one and the same label) or nothing can be compared.
        low, high: Percentile bootstrap interval (95 %) over items; None where `value` is, or no resample has a value.
        n: Items with a label from both sides.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float | None:
    """Kappa of two raters on the same items (Cohen 1960); None where it is not defined.

    Raises:
        ValueError: lists of different length.
    """
    pairs = list(zip(first, second, strict=True))
    if not pairs:
        return None
    n = len(pairs)
    one, two = Counter(first), Counter(second)
    chance = sum(one[label] * two[label] for label in one) / n**2
    observed = sum(a == b for a, b in pairs) / n
    return None if chance == 1 else (observed - chance) / (1 - chance)


def kappa_with_interval(
    first: Sequence[Hashable | None], second: Sequence[Hashable | None], *, seed: int = 0, resamples: int = 1000
) -> Kappa:
    """Kappa over the items that both sides labeled (None is a missing label), with a bootstrap interval over items.

    Raises:
        ValueError: lists of different length.
    """
    pairs = [(a, b) for a, b in zip(first, second, strict=True) if a is not None and b is not None]
    value = cohen_kappa([a for a, _ in pairs], [b for _, b in pairs])
    if value is None:
        return Kappa(None, None, None, len(pairs))
    draws = np.random.default_rng(seed).integers(0, len(pairs), (resamples, len(pairs)))
    found = [
        k for draw in draws if (k := cohen_kappa([pairs[i][0] for i in draw], [pairs[i][1] for i in draw])) is not None
    ]
    low, high = (float(q) for q in np.quantile(found, [0.025, 0.975])) if found else (None, None)
    return Kappa(value, low, high, len(pairs))
