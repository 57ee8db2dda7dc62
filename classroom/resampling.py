"""Bootstrap resamples of cases, drawn in blocks: ten thousand cases need no gigabyte."""

import numpy as np

BLOCK = 1_000_000
"""Numbers held at once."""


def resampled_means(values: np.ndarray, rng: np.random.Generator, resamples: int) -> np.ndarray:
    """Means of `resamples` samples of the cases, drawn with replacement (Efron & Tibshirani 1993, ch. 6).

    Args:
        values: Shape (n,) or (n, c): one case a row. Columns are resampled together.
        rng: Source of the draws; the result does not depend on the size of the blocks.
        resamples: How many.

    Returns:
        Shape (resamples,) or (resamples, c).
    """
    rows = max(1, BLOCK // max(1, values.size))
    blocks = []
    for start in range(0, resamples, rows):
        draws = rng.integers(0, len(values), (min(rows, resamples - start), len(values)))
        blocks.append(values[draws].mean(axis=1))
    return np.concatenate(blocks)
