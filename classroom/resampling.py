"""Bootstrap resamples of cases, drawn in blocks: ten thousand cases need no gigabyte."""

from collections.abc import Iterator

import numpy as np

BLOCK = 2_000_000
"""Draws held at once."""


def resampled_means(values: np.ndarray, rng: np.random.Generator, resamples: int) -> np.ndarray:
    """Means of `resamples` samples of the cases, drawn with replacement (Efron & Tibshirani 1993, ch. 6).

    Args:
        values: Shape (n,) or (n, c): one case a row. Columns are resampled together.
        rng: Source of the draws; the result does not depend on the size of the blocks.
        resamples: How many.

    Returns:
        Shape (resamples,) or (resamples, c).
    """
    blocks = [values[draws].mean(axis=1) for draws in _draws(len(values), rng, resamples)]
    return np.concatenate(blocks)


def _draws(n: int, rng: np.random.Generator, resamples: int) -> Iterator[np.ndarray]:
    rows = max(1, BLOCK // max(1, n))
    for start in range(0, resamples, rows):
        yield rng.integers(0, n, (min(rows, resamples - start), n))
