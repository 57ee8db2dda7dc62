"""Item response theory: the two-parameter logistic model of items and learners.

P(right) = 1 / (1 + exp(-a (theta - b))): an item has a discrimination a and a difficulty b, a learner an ability theta,
with theta standard normal in the population (Birnbaum 1968). Fitted by marginal maximum likelihood: EM over the
abilities (Bock & Aitkin 1981), integrated by Gauss-Hermite quadrature. Responses that are missing are left out.
"""

from dataclasses import dataclass

import numpy as np

from classwright.errors import InputError

QUADRATURE = 31
"""Points of the integral over ability."""
SLOPE_BELIEF, INTERCEPT_BELIEF = (1.0, 1.0), (0.0, 3.0)
"""Weak normal beliefs (mean, standard deviation) on a and on -a b, worth about one learner: items that all answer right
or all answer wrong get finite parameters (after Mislevy 1986, "Bayes modal estimation in item response models")."""
FLAT = 0.1
"""Below this discrimination an item says nothing of ability, and its difficulty has no meaning."""


@dataclass(frozen=True, eq=False)
class IrtFit:
    """Fitted items.

    Attributes:
        discrimination: a of each item, (items,). Negative: better learners fail it; the item or its key is wrong.
        difficulty: b of each item, in standard deviations of ability, (items,); NaN where |a| < `FLAT`.
        discrimination_error: Standard error of a, (items,), from the scores of the marginal likelihood.
        difficulty_error: Standard error of b, (items,); NaN where b is.
        objective: Marginal log-likelihood plus the log of the weak beliefs after each iteration; never decreases.
        converged: Whether the last iteration changed it by less than the tolerance.
        learners: Learners with at least one response.
    """

    discrimination: np.ndarray
    difficulty: np.ndarray
    discrimination_error: np.ndarray
    difficulty_error: np.ndarray
    objective: tuple[float, ...]
    converged: bool
    learners: int
    _intercept: np.ndarray

    def chance(self, theta: np.ndarray | float) -> np.ndarray:
        """P(right) of every item for abilities, (..., items)."""
        return _logistic(np.asarray(theta)[..., None] * self.discrimination + self._intercept)

    def ability(self, responses: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Ability of learners: mean and standard deviation of its posterior (EAP, Bock & Mislevy 1982).

        Args:
            responses: (learners, items): 1 right, 0 wrong, NaN missing. A learner without any gets mean 0, deviation 1.

        Returns:
            Two arrays (learners,), in standard deviations of the population.

        Raises:
            InputError: Another number of items, or a value that is none of these.
        """
        right, seen = _split(responses)
        if right.shape[1] != len(self.discrimination):
            raise InputError(f"responses to {right.shape[1]} items, fitted were {len(self.discrimination)}")
        nodes, weights = quadrature()
        _, posterior = _posterior(right, seen, self.discrimination, self._intercept, nodes, weights)
        mean = posterior @ nodes
        return mean, np.sqrt(np.maximum(posterior @ nodes**2 - mean**2, 0))

    def information(self, theta: np.ndarray | float) -> np.ndarray:
        """Fisher information of every item at abilities, a^2 P (1 - P), (..., items)."""
        p = self.chance(theta)
        return self.discrimination**2 * p * (1 - p)

    def most_discriminating(self, k: int, theta: float | None = None) -> list[int]:
        """The `k` items that tell learners apart best, best first.

        Args:
            k: How many; at most all items.
            theta: Near this ability, by information; None: over all, by discrimination.
        """
        value = self.discrimination if theta is None else self.information(theta)
        return [int(i) for i in np.argsort(-value, kind="stable")[:k]]


def fit_irt(responses: np.ndarray, *, iterations: int = 500, tolerance: float = 1e-4) -> IrtFit:
    """Fit the two-parameter model.

    Args:
        responses: (learners, items): 1 right, 0 wrong, NaN missing; see `Log.matrix`.
        iterations: EM iterations at most.
        tolerance: Change of the objective, nats, below which it has converged.

    Raises:
        InputError: Fewer than two learners or items with a response, or a value that is none of these.
    """
    right, seen = _split(responses)
    if (seen.any(axis=1)).sum() < 2 or (seen.any(axis=0)).sum() < 2:
        raise InputError("a fit of items needs responses of at least two learners to at least two items")
    kept = seen.any(axis=1)
    right, seen = right[kept], seen[kept]
    nodes, weights = quadrature()
    share = (right.sum(axis=0) + 0.5) / (seen.sum(axis=0) + 1)
    a, c = np.ones(right.shape[1]), np.log(share / (1 - share))
    objective: list[float] = []
    while True:
        total, posterior = _posterior(right, seen, a, c, nodes, weights)
        objective.append(total + _log_belief(a, c))
        converged = len(objective) > 1 and objective[-1] - objective[-2] < tolerance
        if converged or len(objective) > iterations:
            break
        a, c = _maximize(right.T @ posterior, seen.T @ posterior, a, c, nodes)
    errors = _errors(right, seen, posterior, a, c, nodes)
    clear = np.abs(a) >= FLAT
    b = np.divide(-c, a, out=np.full(len(a), np.nan), where=clear)
    return IrtFit(a, b, errors[0], np.where(clear, errors[1], np.nan), tuple(objective), converged, int(kept.sum()), c)


def quadrature(points: int = QUADRATURE) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights (points,) of the integral over a standard normal ability."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(points)
    return nodes, weights / weights.sum()


def simulate_responses(a: np.ndarray, b: np.ndarray, theta: np.ndarray, seed: int) -> np.ndarray:
    """Responses that the model would give, float (learners, items)."""
    chance = _logistic((theta[:, None] - b) * a)
    return (np.random.default_rng(seed).random(chance.shape) < chance).astype(float)


def _split(responses: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Right answers and answers at all, float (learners, items) each."""
    table = np.asarray(responses, dtype=float)
    if table.ndim != 2:
        raise InputError(f"responses are a table of learners by items, not {table.ndim}-dimensional")
    seen = ~np.isnan(table)
    if not np.isin(table[seen], (0.0, 1.0)).all():
        raise InputError("responses must be 1 (right), 0 (wrong) or missing")
    return np.where(seen, table, 0.0), seen.astype(float)


def _posterior(
    right: np.ndarray, seen: np.ndarray, a: np.ndarray, c: np.ndarray, nodes: np.ndarray, weights: np.ndarray
) -> tuple[float, np.ndarray]:
    """E-step: the marginal log-likelihood and each learner's posterior over the nodes, (learners, nodes)."""
    z = nodes[:, None] * a + c
    wrong = -np.logaddexp(0, z)  # log P(wrong); log P(right) is z more
    joint = right @ z.T + seen @ wrong.T + np.log(weights)
    top = joint.max(axis=1, keepdims=True)
    posterior = np.exp(joint - top)
    mass = posterior.sum(axis=1, keepdims=True)
    return float((top + np.log(mass)).sum()), posterior / mass


def _maximize(
    hits: np.ndarray, tries: np.ndarray, a: np.ndarray, c: np.ndarray, nodes: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """M-step: Newton's method on every item's concave weighted logistic regression, all items at once.

    Args:
        hits: Expected right answers per item and node, (items, nodes).
        tries: Expected answers, (items, nodes).
        a: Discriminations, (items,).
        c: Intercepts, (items,).
        nodes: Abilities, (nodes,).
    """

    def value(a: np.ndarray, c: np.ndarray) -> np.ndarray:
        z = a[:, None] * nodes + c[:, None]
        return (hits * z - tries * np.logaddexp(0, z)).sum(axis=1) + _beliefs(a, c)

    for _ in range(8):
        p = _logistic(a[:, None] * nodes + c[:, None])
        left, spread = hits - tries * p, tries * p * (1 - p)
        da = left @ nodes - (a - SLOPE_BELIEF[0]) / SLOPE_BELIEF[1] ** 2
        dc = left.sum(axis=1) - (c - INTERCEPT_BELIEF[0]) / INTERCEPT_BELIEF[1] ** 2
        aa = spread @ nodes**2 + 1 / SLOPE_BELIEF[1] ** 2
        ac, cc = spread @ nodes, spread.sum(axis=1) + 1 / INTERCEPT_BELIEF[1] ** 2
        det = aa * cc - ac**2
        step_a, step_c = (cc * da - ac * dc) / det, (aa * dc - ac * da) / det
        size, now = np.ones(len(a)), value(a, c)
        for _ in range(20):  # halve the step of the items where it went too far
            worse = value(a + size * step_a, c + size * step_c) < now
            if not worse.any():
                break
            size[worse] /= 2
        size[value(a + size * step_a, c + size * step_c) < now] = 0
        a, c = a + size * step_a, c + size * step_c
        if max(np.abs(step_a).max(), np.abs(step_c).max()) < 1e-8:
            break
    return a, c


def _beliefs(a: np.ndarray, c: np.ndarray) -> np.ndarray:
    (mean_a, sd_a), (mean_c, sd_c) = SLOPE_BELIEF, INTERCEPT_BELIEF
    return -(((a - mean_a) / sd_a) ** 2) / 2 - ((c - mean_c) / sd_c) ** 2 / 2


def _log_belief(a: np.ndarray, c: np.ndarray) -> float:
    return float(_beliefs(a, c).sum())


def _errors(
    right: np.ndarray, seen: np.ndarray, posterior: np.ndarray, a: np.ndarray, c: np.ndarray, nodes: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Standard errors of a and b from the empirical information: the sum of squared scores, item by item."""
    p = _logistic(nodes[:, None] * a + c)  # (nodes, items)
    score_c = right - seen * (posterior @ p)
    score_a = right * (posterior @ nodes)[:, None] - seen * (posterior @ (nodes[:, None] * p))
    aa = (score_a**2).sum(axis=0) + 1 / SLOPE_BELIEF[1] ** 2
    cc = (score_c**2).sum(axis=0) + 1 / INTERCEPT_BELIEF[1] ** 2
    ac = (score_a * score_c).sum(axis=0)
    det = aa * cc - ac**2
    var_a, var_c, cov = cc / det, aa / det, -ac / det
    with np.errstate(divide="ignore", invalid="ignore"):  # an item with a = 0 has no difficulty; the caller drops it
        var_b = var_c / a**2 + c**2 * var_a / a**4 - 2 * c * cov / a**3
    return np.sqrt(var_a), np.sqrt(np.maximum(var_b, 0))


def _logistic(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(z, -700, 700)))
