"""A share or mean pooled over the tokens of many texts, with an interval over the texts.

Tokens of one text hang together, so texts are resampled, never tokens.
"""

from collections.abc import Sequence

import numpy as np

from classwright.classroom.effects import LEVEL, RESAMPLES, Estimate
from classwright.classroom.resampling import resampled_means


def pooled(sums: Sequence[float], counts: Sequence[int], *, seed: int, resamples: int = RESAMPLES) -> Estimate:
    """The sum of all texts over the count of all texts: a ratio with its percentile bootstrap interval.

    Args:
        sums: Per text, the sum of the values of its tokens.
        counts: Per text, how many tokens count; texts with none are left out.
        seed: Seed of the bootstrap over texts (Efron & Tibshirani 1993, ch. 13).
        resamples: Bootstrap samples.

    Returns:
        `items` texts and `values` tokens; mean and interval None where no token counts.

    Raises:
        ValueError: Lists of different length.
    """
    if len(sums) != len(counts):
        raise ValueError(f"{len(sums)} sums and {len(counts)} counts")
    rows = np.array([(s, n) for s, n in zip(sums, counts, strict=True) if n > 0], float).reshape(-1, 2)
    if not len(rows):
        return Estimate(mean=None, low=None, high=None, items=0, values=0)
    drawn = resampled_means(rows, np.random.default_rng(seed), resamples)
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    total, count = rows.sum(axis=0)
    return Estimate(mean=float(total / count), low=float(low), high=float(high), items=len(rows), values=int(count))
