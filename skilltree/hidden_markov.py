"""The two-state hidden Markov model under knowledge tracing, for many learners and many starting points at once.

State 1: the skill is known. Arrays have one row a starting point and one column a learner; learners are sorted by the
number of their responses, so that at each step only those who still answer are worked on. Scaled forward-backward
recursion after Rabiner (1989), "A tutorial on hidden Markov models", section V.A.
"""

from dataclasses import dataclass

import numpy as np

PARAMETERS = ("prior", "learn", "slip", "guess", "forget")
"""The order of the parameters in an array (starts, 5)."""


@dataclass(frozen=True)
class Patterns:
    """The different response sequences of a skill, longest first, and how many learners gave each.

    Attributes:
        rows: int8 (patterns, longest): 1 right, 0 wrong, -1 after the end.
        weight: Learners with this sequence, float (patterns,).
        active: How many patterns still have a response at each step; never rises.
    """

    rows: np.ndarray
    weight: np.ndarray
    active: tuple[int, ...]


@dataclass(frozen=True)
class Counts:
    """Expected counts of an E-step, each (starts,), summed over learners: what the M-step needs.

    Attributes:
        learners: Learners.
        known_first: Learners who know the skill before the first answer.
        known_right: Right answers while the skill is known; and so on.
        unknown_steps: Steps to a next response from the unknown state; of these, `learned` learn it.
        known_steps: Steps from the known state; of these, `forgot` forget it.
    """

    learners: np.ndarray
    known_first: np.ndarray
    known_right: np.ndarray
    known_wrong: np.ndarray
    unknown_right: np.ndarray
    unknown_wrong: np.ndarray
    unknown_steps: np.ndarray
    learned: np.ndarray
    known_steps: np.ndarray
    forgot: np.ndarray


def patterns(sequences: np.ndarray) -> Patterns:
    """Sort sequences (learners, longest; 1 right, 0 wrong, -1 after the end) and count equal ones."""
    sequences = np.asarray(sequences, dtype=np.int8)
    sequences = sequences[(sequences[:, :1] >= 0).any(axis=1)] if sequences.size else sequences.reshape(0, 0)
    rows, weight = np.unique(sequences, axis=0, return_counts=True)
    length = (rows >= 0).sum(axis=1)
    order = np.argsort(-length, kind="stable")
    rows, length = rows[order], length[order]
    longest = int(length[0]) if len(length) else 0
    active = tuple(int((length > t).sum()) for t in range(longest))
    return Patterns(rows[:, :longest], weight[order].astype(float), active)


def log_likelihood(p: Patterns, parameters: np.ndarray) -> np.ndarray:
    """The log-likelihood of all responses under each row of `parameters` (starts, 5); (starts,)."""
    return _forward(p, parameters)[0]


def expect(p: Patterns, parameters: np.ndarray) -> tuple[np.ndarray, Counts]:
    """E-step: the log-likelihood (starts,) and the expected counts under `parameters` (starts, 5)."""
    total, known, scale = _forward(p, parameters)
    _, learn, slip, guess, forget = (parameters[:, i, None] for i in range(5))
    starts, n = len(parameters), len(p.weight)
    zero = np.zeros(starts)
    sums = {name: zero.copy() for name in ("kr", "kw", "ur", "uw", "unknown_steps", "learned", "known_steps", "forgot")}
    back_known, back_unknown = np.ones((starts, n)), np.ones((starts, n))
    first = zero
    for t in range(len(p.active) - 1, -1, -1):
        m = p.active[t]
        weight, right = p.weight[:m], p.rows[:m, t] == 1
        a_known = known[t]
        gamma = a_known * back_known[:, :m] * weight  # the backward value is scaled so that this is P(known | all)
        other = weight - gamma
        sums["kr"] += gamma[:, right].sum(axis=1)
        sums["kw"] += gamma[:, ~right].sum(axis=1)
        sums["ur"] += other[:, right].sum(axis=1)
        sums["uw"] += other[:, ~right].sum(axis=1)
        if t == 0:
            first = gamma.sum(axis=1)
            break
        # Backward through the answer at t and the step from t - 1 to t.
        if_known = np.where(right, 1 - slip, slip) * back_known[:, :m] / scale[t]
        if_unknown = np.where(right, guess, 1 - guess) * back_unknown[:, :m] / scale[t]
        before = known[t - 1][:, :m]
        sums["known_steps"] += (before * ((1 - forget) * if_known + forget * if_unknown) * weight).sum(axis=1)
        sums["unknown_steps"] += ((1 - before) * (learn * if_known + (1 - learn) * if_unknown) * weight).sum(axis=1)
        sums["learned"] += ((1 - before) * learn * if_known * weight).sum(axis=1)
        sums["forgot"] += (before * forget * if_unknown * weight).sum(axis=1)
        back_known[:, :m] = (1 - forget) * if_known + forget * if_unknown
        back_unknown[:, :m] = learn * if_known + (1 - learn) * if_unknown
    counts = Counts(
        np.full(starts, p.weight.sum()), first, sums["kr"], sums["kw"], sums["ur"], sums["uw"],
        sums["unknown_steps"], sums["learned"], sums["known_steps"], sums["forgot"],
    )  # fmt: skip
    return total, counts


def _forward(p: Patterns, parameters: np.ndarray) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
    """Log-likelihood (starts,); per step P(known | answers so far) and the probability of the answer, (starts, m)."""
    prior, learn, slip, guess, forget = (parameters[:, i, None] for i in range(5))
    total = np.zeros(len(parameters))
    known: list[np.ndarray] = []
    scale: list[np.ndarray] = []
    belief = np.broadcast_to(prior, (len(parameters), len(p.weight)))
    for t, m in enumerate(p.active):
        if t:
            before = known[-1][:, :m]
            belief = before * (1 - forget) + (1 - before) * learn
        right = p.rows[:m, t] == 1
        if_known = belief[:, :m] * np.where(right, 1 - slip, slip)
        evidence = if_known + (1 - belief[:, :m]) * np.where(right, guess, 1 - guess)
        total += np.log(evidence) @ p.weight[:m]
        known.append(if_known / evidence)
        scale.append(evidence)
    return total, known, scale
