"""Fit Bayesian knowledge tracing to responses by expectation maximization.

EM for hidden Markov models (Baum et al. 1970; for knowledge tracing: Pardos & Heffernan 2010, "Navigating the parameter
space of Bayesian knowledge tracing models"), with every parameter kept inside `Bounds`, so that the model stays
identifiable (van de Sande 2013). Each M-step maximizes exactly within the bounds, so the objective never decreases.
Several seeded starting points run for a while; the best of them runs to the end (Biernacki, Celeux & Govaert 2003).
"""

from dataclasses import dataclass

import numpy as np

from classwright.errors import InputError
from classwright.skilltree.hidden_markov import PARAMETERS, Counts, Patterns, expect, log_likelihood, patterns
from classwright.skilltree.tracing import BKT

LEAST = 0.001
"""No parameter but `forget` comes nearer to 0 or 1; a probability of exactly 0 could never be left again."""
SHORT_RUN = 25
"""EM iterations of every starting point before the best is chosen."""
FIRST_START = (0.4, 0.15, 0.1, 0.2, 0.05)


@dataclass(frozen=True)
class Bounds:
    """The largest slip and guess; together below 1, or the states could change places.

    The defaults are wide: above .5 an error (a right answer) would no longer speak for not knowing (knowing).
    """

    slip: float = 0.49
    guess: float = 0.49

    def __post_init__(self) -> None:
        if not (self.slip > LEAST and self.guess > LEAST and self.slip + self.guess < 1):
            raise InputError(
                f"bounds of slip and guess must be above {LEAST} and together below 1, not {self.slip} and {self.guess}"
            )


@dataclass(frozen=True)
class PriorBelief:
    """What is thought of P(L0) before looking: a Beta distribution with this mode, worth so many learners."""

    mode: float
    learners: float


@dataclass(frozen=True)
class BktFit:
    """A fitted model of one skill.

    Attributes:
        model: The parameters.
        log_likelihood: Of the responses under them.
        objective: After each iteration, from the start: the log-likelihood, plus the log of the prior belief if there
            is one. Never decreases.
        iterations: EM iterations of the best starting point.
        converged: Whether the last one changed the objective by less than the tolerance.
        learners: Learners with a response.
        responses: Responses.
        errors: Parameter -> standard error, from the curvature of the objective; None for one that stands at a bound
            or where the data do not determine it.
        intervals: Parameter -> 95 % interval, from the curvature on the log-odds scale; None likewise.
        belief: The prior belief about P(L0) that was used.
    """

    model: BKT
    log_likelihood: float
    objective: tuple[float, ...]
    iterations: int
    converged: bool
    learners: int
    responses: int
    errors: dict[str, float | None]
    intervals: dict[str, tuple[float, float] | None]
    belief: PriorBelief | None = None


def fit_bkt(
    sequences: np.ndarray,
    *,
    forget: bool = False,
    bounds: Bounds | None = None,
    belief: PriorBelief | None = None,
    restarts: int = 5,
    seed: int = 0,
    iterations: int = 1000,
    tolerance: float = 1e-5,
) -> BktFit:
    """Fit the model of one skill.

    Args:
        sequences: (learners, longest): 1 right, 0 wrong, -1 after a learner's last response; see `Log.sequences`.
        forget: Fit P(F) too; otherwise it is 0.
        bounds: Largest slip and guess.
        belief: What is thought of P(L0) beforehand; None: nothing.
        restarts: Starting points, at least 1; the first is always the same.
        seed: Seed of the others.
        iterations: At most so many.
        tolerance: The objective's change, in nats, below which EM has converged.

    Raises:
        InputError: There is no response.
    """
    p = patterns(sequences)
    if not p.active:
        raise InputError("there are no responses to fit")
    limits = bounds or Bounds()
    low, high = _box(limits, forget=forget)
    current = _starts(low, high, restarts, seed)
    current, trail = _run(p, current, low, high, belief, forget, min(SHORT_RUN, iterations), 0.0)
    best = int(np.argmax(trail[-1]))
    current, objective = current[best : best + 1], [float(values[best]) for values in trail]
    current, trail = _run(p, current, low, high, belief, forget, iterations - len(objective) + 1, tolerance)
    objective += [float(values[0]) for values in trail[1:]]
    found = current[0]
    errors, intervals = _spread(p, found, low, high, belief, forget=forget)
    return BktFit(
        model=BKT(**dict(zip(PARAMETERS, map(float, found), strict=True))),
        log_likelihood=float(log_likelihood(p, current)[0]),
        objective=tuple(objective),
        iterations=len(objective) - 1,
        converged=len(objective) > 1 and objective[-1] - objective[-2] < tolerance,
        learners=int(p.weight.sum()),
        responses=int(((p.rows >= 0).sum(axis=1) * p.weight).sum()),
        errors=errors,
        intervals=intervals,
        belief=belief,
    )


def simulate(model: BKT, learners: int, length: int, seed: int) -> np.ndarray:
    """Responses that the model itself would give; int8 (learners, length), 1 right and 0 wrong."""
    rng = np.random.default_rng(seed)
    known = rng.random(learners) < model.prior
    rows = np.empty((learners, length), dtype=np.int8)
    for t in range(length):
        rows[:, t] = rng.random(learners) < np.where(known, 1 - model.slip, model.guess)
        luck = rng.random(learners)
        known = np.where(known, luck >= model.forget, luck < model.learn)
    return rows


def _box(bounds: Bounds, *, forget: bool) -> tuple[np.ndarray, np.ndarray]:
    low = np.array([LEAST, LEAST, LEAST, LEAST, LEAST if forget else 0.0])
    # learn + forget stays below 1, as BKT asks: a learner who knows is likelier to know next time than one who does not
    high = np.array([1 - LEAST, 0.5 if forget else 1 - LEAST, bounds.slip, bounds.guess, 0.49 if forget else 0.0])
    return low, high


def _starts(low: np.ndarray, high: np.ndarray, restarts: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    drawn = rng.uniform([0.05, 0.02, 0.02, 0.05, 0.01], [0.9, 0.5, 0.35, 0.45, 0.2], size=(max(restarts, 1), 5))
    drawn[0] = FIRST_START
    return np.clip(drawn, low, high)


def _run(
    p: Patterns,
    current: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    belief: PriorBelief | None,
    forget: bool,
    iterations: int,
    tolerance: float,
) -> tuple[np.ndarray, list[np.ndarray]]:
    """EM from every row of `current`; the parameters reached and the objective before and after each iteration."""
    total, counts = expect(p, current)
    trail = [total + _log_belief(current, belief)]
    for _ in range(max(iterations, 0)):
        current = np.clip(_maximize(counts, current, belief, forget=forget), low, high)
        total, counts = expect(p, current)
        trail.append(total + _log_belief(current, belief))
        if len(current) == 1 and trail[-1][0] - trail[-2][0] < tolerance:
            break
    return current, trail


def _maximize(c: Counts, old: np.ndarray, belief: PriorBelief | None, *, forget: bool) -> np.ndarray:
    """M-step without the bounds. Each parameter's term is concave on its own, so clipping it to its bounds is exact."""
    more = (belief.mode * belief.learners, belief.learners) if belief else (0.0, 0.0)
    new = old.copy()
    new[:, 0] = (c.known_first + more[0]) / (c.learners + more[1])
    new[:, 1] = _share(c.learned, c.unknown_steps, old[:, 1])
    new[:, 2] = _share(c.known_wrong, c.known_right + c.known_wrong, old[:, 2])
    new[:, 3] = _share(c.unknown_right, c.unknown_right + c.unknown_wrong, old[:, 3])
    if forget:
        new[:, 4] = _share(c.forgot, c.known_steps, old[:, 4])
    return new


def _share(part: np.ndarray, whole: np.ndarray, old: np.ndarray) -> np.ndarray:
    """Part / whole; where nothing was counted the parameter does not matter and stays."""
    return np.where(whole > 1e-12, part / np.maximum(whole, 1e-12), old)


def _log_belief(parameters: np.ndarray, belief: PriorBelief | None) -> np.ndarray:
    prior = parameters[:, 0]
    if belief is None:
        return np.zeros(len(parameters))
    return belief.learners * (belief.mode * np.log(prior) + (1 - belief.mode) * np.log1p(-prior))


def _spread(
    p: Patterns, found: np.ndarray, low: np.ndarray, high: np.ndarray, belief: PriorBelief | None, *, forget: bool
) -> tuple[dict[str, float | None], dict[str, tuple[float, float] | None]]:
    """Standard errors and 95 % intervals from the observed information on the log-odds scale (delta method).

    The curvature comes from central differences, all of them in one pass. Parameters at a bound are held fixed.
    """
    free = [i for i in range(5 if forget else 4) if low[i] * 1.01 < found[i] < high[i] - LEAST / 100]
    errors: dict[str, float | None] = {PARAMETERS[i]: None for i in range(5 if forget else 4)}
    intervals: dict[str, tuple[float, float] | None] = dict.fromkeys(errors)
    k, step = len(free), 1e-3
    if not k:
        return errors, intervals
    center = np.log(found[free] / (1 - found[free]))
    shifts = np.array([a * step * (np.eye(k)[i]) + b * step * np.eye(k)[j]
                       for i in range(k) for j in range(k) for a in (1, -1) for b in (1, -1)])  # fmt: skip
    points = np.tile(found, (len(shifts), 1))
    points[:, free] = 1 / (1 + np.exp(-(center + shifts)))
    values = (log_likelihood(p, points) + _log_belief(points, belief)).reshape(k, k, 2, 2)
    curvature = (values[..., 0, 0] - values[..., 0, 1] - values[..., 1, 0] + values[..., 1, 1]) / (4 * step**2)
    information = -(curvature + curvature.T) / 2
    weakest = float(np.linalg.eigvalsh(information)[0])
    if weakest <= 1e-4:  # flat in some direction: the data do not determine the parameters together
        return errors, intervals
    spread = np.sqrt(np.diag(np.linalg.inv(information)))
    for at, i in enumerate(free):
        errors[PARAMETERS[i]] = float(spread[at] * found[i] * (1 - found[i]))
        ends = 1 / (1 + np.exp(-(center[at] + 1.96 * spread[at] * np.array([-1, 1]))))
        intervals[PARAMETERS[i]] = (float(ends[0]), float(ends[1]))
    return errors, intervals
