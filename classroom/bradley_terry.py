"""Strengths from pairwise wins: the Bradley-Terry model, P(i beats j) = s_i / (s_i + s_j)."""

from collections.abc import Iterable, Mapping
from statistics import NormalDist

import numpy as np

PRIOR = 0.1
"""Virtual draws of every item against one reference item of strength 1: so little that one real comparison outweighs
it, and enough that the strength of an item that won or lost all its comparisons exists."""
TOLERANCE, MOST_STEPS = 1e-10, 100_000

Wins = Mapping[tuple[str, str], float]
"""(winner, loser) -> wins; a tie is half a win for each."""


def bradley_terry(wins: Wins, items: Iterable[str] = (), *, prior: float = PRIOR) -> dict[str, float]:
    """Log strengths by the minorization-maximization algorithm (Hunter 2004, "MM algorithms for generalized
    Bradley-Terry models", eq. 3), ties as half wins, weakly regularized by virtual draws against a reference.

    Args:
        wins: (winner, loser) -> wins, at least 0.
        items: Further items that were compared with nothing; their strength is that of the reference.
        prior: Virtual draws of each item; 0 gives the plain maximum likelihood, which exists only where every item
            beats and loses to others (Ford 1957).

    Returns:
        Item -> natural logarithm of its strength, with mean 0; a difference d means odds of exp(d).

    Raises:
        ValueError: An item is compared with itself, or wins are negative.
    """
    names, matrix = _matrix(wins, items)
    return dict(zip(names, (float(x) for x in _fit(matrix, prior)), strict=True)) if names else {}


def strength_intervals(
    wins: Wins, items: Iterable[str] = (), *, prior: float = PRIOR, level: float = 0.95
) -> dict[str, tuple[float, float]]:
    """Intervals of the log strengths from the Fisher information at the estimate (Hunter 2004, section 5).

    The covariance is that of the strengths with their mean taken away, as `bradley_terry` gives them.
    """
    names, matrix = _matrix(wins, items)
    if not names:
        return {}
    log_strength = _fit(matrix, prior, centered=False)
    games = matrix + matrix.T
    share = 1 / (1 + np.exp(log_strength[None, :] - log_strength[:, None]))
    information = -games * share * (1 - share)
    own = 1 / (1 + np.exp(-log_strength))
    np.fill_diagonal(information, 0.0)
    np.fill_diagonal(information, -information.sum(axis=1) + prior * own * (1 - own))
    center = np.eye(len(names)) - 1 / len(names)
    covariance = center @ np.linalg.pinv(information) @ center
    half = NormalDist().inv_cdf((1 + level) / 2) * np.sqrt(np.clip(np.diag(covariance), 0, None))
    middle = log_strength - log_strength.mean()
    return {n: (float(m - h), float(m + h)) for n, m, h in zip(names, middle, half, strict=True)}


def _matrix(wins: Wins, items: Iterable[str]) -> tuple[list[str], np.ndarray]:
    names = sorted({*items, *(i for pair in wins for i in pair)})
    place = {name: n for n, name in enumerate(names)}
    matrix = np.zeros((len(names), len(names)))
    for (winner, loser), count in wins.items():
        if winner == loser or count < 0:
            raise ValueError(f"{winner} against {loser}: {count} wins")
        matrix[place[winner], place[loser]] += count
    return names, matrix


def _fit(matrix: np.ndarray, prior: float, *, centered: bool = True) -> np.ndarray:
    games, won = matrix + matrix.T, matrix.sum(axis=1) + prior / 2
    strength = np.ones(len(matrix))
    for _ in range(MOST_STEPS):
        below = (games / (strength[:, None] + strength[None, :])).sum(axis=1) + prior / (strength + 1)
        new = np.divide(won, below, out=np.ones_like(won), where=below > 0)
        if not prior:  # without the reference only ratios are determined
            new = new / np.exp(np.log(np.maximum(new, 1e-300)).mean())
        done = np.max(np.abs(np.log(np.maximum(new, 1e-300)) - np.log(np.maximum(strength, 1e-300)))) < TOLERANCE
        strength = new
        if done:
            break
    logs = np.log(np.maximum(strength, 1e-300))
    return logs - logs.mean() if centered else logs
