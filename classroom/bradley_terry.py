"""Strengths from pairwise wins: the Bradley-Terry model, P(i beats j) = s_i / (s_i + s_j)."""

from collections.abc import Iterable, Mapping
from statistics import NormalDist

import numpy as np

PRIOR = 0.1
"""Virtual draws of every item against one reference item of strength 1: so little that one real comparison outweighs
it, and enough that the strength of an item that won or lost all its comparisons exists."""
TOLERANCE, MOST_STEPS = 1e-10, 1_000

Wins = Mapping[tuple[str, str], float]
"""(winner, loser) -> wins; a tie is half a win for each."""


def bradley_terry(wins: Wins, items: Iterable[str] = (), *, prior: float = PRIOR) -> dict[str, float]:
    """Log strengths of greatest likelihood by Newton's method (the likelihood is concave in them: Hunter 2004, "MM
    algorithms for generalized Bradley-Terry models", section 3), ties as half wins, weakly regularized by virtual draws
    against a reference.

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
    beats, own = _chances(log_strength)
    information = _information(matrix + matrix.T, beats, prior, own)
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
    logs = np.zeros(len(matrix))
    for _ in range(MOST_STEPS):
        beats, own = _chances(logs)
        gradient = won - (games * beats).sum(axis=1) - prior * own
        step = np.linalg.pinv(_information(games, beats, prior, own), hermitian=True) @ gradient
        logs = logs + step / max(1.0, float(np.abs(step).max()))  # far from the top a full step can go beyond it
        if np.abs(step).max() < TOLERANCE:
            break
    return logs - logs.mean() if centered else logs


def _chances(logs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The probability that the item of a row beats that of a column, and that it beats the reference."""
    return 1 / (1 + np.exp(logs[None, :] - logs[:, None])), 1 / (1 + np.exp(-logs))


def _information(games: np.ndarray, beats: np.ndarray, prior: float, own: np.ndarray) -> np.ndarray:
    """Fisher's information on the log strengths, at the estimate."""
    information = -games * beats * (1 - beats)
    np.fill_diagonal(information, 0.0)
    np.fill_diagonal(information, -information.sum(axis=1) + prior * own * (1 - own))
    return information
