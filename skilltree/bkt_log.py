"""Fit knowledge tracing to a whole response log, a skill at a time, with prerequisites in mind.

A skill with few responses has a badly determined P(L0). What the log says about its prerequisites helps: a learner who
does not know what a skill stands on hardly knows the skill. For a skill s let r(s) be the mean, over the learners who
answered it, of the weakest prerequisite's P(known) at the time of their first answer (traced with the prerequisite's
fitted model; its P(L0) where the learner never met it). Over all skills of the log together, P(L0) is some share c of
r (one number, estimated from the unshrunk fits, weighted by learners). P(L0) of s is then drawn towards c r(s) by a
Beta prior worth `strength` learners. This empirical Bayes scheme is ours; the idea of borrowing from prerequisites
follows Käser et al. (2014), "Beyond knowledge tracing: modeling skill topologies with Bayesian networks".
"""

from collections.abc import Mapping

import numpy as np

from classwright.skilltree.bkt_fit import BktFit, Bounds, PriorBelief, fit_bkt
from classwright.skilltree.response_log import Log, pad
from classwright.skilltree.tracing import BKT
from classwright.skilltree.tree import SkillTree

STRENGTH = 20.0
"""How many learners the prior belief about P(L0) is worth, by default."""


def fit_log(
    log: Log,
    tree: SkillTree | None = None,
    *,
    forget: bool = False,
    bounds: Bounds | None = None,
    strength: float = STRENGTH,
    restarts: int = 5,
    seed: int = 0,
) -> dict[str, BktFit]:
    """The fitted model of every skill in a log.

    Args:
        log: The responses.
        tree: Prerequisites for the prior belief about P(L0); None: every skill for itself.
        forget: Fit P(F) too.
        bounds: Largest slip and guess.
        strength: How many learners the prior belief is worth; 0 switches it off.
        restarts: Starting points of EM.
        seed: Seed of the starting points.

    Returns:
        Skill -> fit, in teaching order where a tree is given, else by name. `belief` says what P(L0) was drawn to.
    """
    here = set(np.unique(log.skill).tolist())
    names = [name for i, name in enumerate(log.skills) if i in here]
    if tree is not None:
        names = [name for name in tree if name in names] + [name for name in names if name not in tree]

    def fit(name: str, belief: PriorBelief | None = None) -> BktFit:
        return fit_bkt(
            log.sequences(name)[0], forget=forget, bounds=bounds, belief=belief, restarts=restarts, seed=seed
        )

    fits = {name: fit(name) for name in names}
    if tree is None or not strength:
        return fits
    needs = {name: [q for q in tree.prerequisites(name) if q in fits] for name in names if name in tree}
    needs = {name: found for name, found in needs.items() if found}
    models = {name: found.model for name, found in fits.items()}
    ready = {name: readiness(log, name, found, models) for name, found in needs.items()}
    share = _share(fits, ready)
    for name, found in needs.items():  # prerequisites first: each is drawn on with its own final model
        mode = float(np.clip(share * readiness(log, name, found, models), 0.01, 0.99))
        fits[name] = fit(name, PriorBelief(mode, strength))
        models[name] = fits[name].model
    return fits


def readiness(log: Log, skill: str, prerequisites: list[str], models: Mapping[str, BKT]) -> float:
    """The mean over learners of P(known) of the weakest prerequisite when they first answered a skill, 0..1."""
    position = np.arange(len(log))
    first = np.full(len(log.learners), len(log))
    own = np.flatnonzero(log.skill == log.skills.index(skill))
    np.minimum.at(first, log.learner[own], own)
    weakest = np.ones(len(log.learners))
    for name in prerequisites:
        before = (log.skill == log.skills.index(name)) & (position < first[log.learner])
        known = np.full(len(log.learners), models[name].prior)
        rows, who = pad(log.learner[before], log.correct[before])
        known[who] = beliefs(models[name], rows)[:, -1]
        weakest = np.minimum(weakest, known)
    return float(weakest[np.unique(log.learner[own])].mean())


def beliefs(model: BKT, rows: np.ndarray) -> np.ndarray:
    """P(known) before every response and after the last, for all learners at once.

    Args:
        model: The skill's parameters.
        rows: (learners, longest): 1 right, 0 wrong, -1 after the end; see `Log.sequences`.

    Returns:
        (learners, longest + 1); after a learner's last response the value stays.
    """
    found = np.full((len(rows), rows.shape[1] + 1), model.prior)
    for t in range(rows.shape[1]):
        before, right = found[:, t], rows[:, t] == 1
        if_known = before * np.where(right, 1 - model.slip, model.slip)
        evidence = if_known + (1 - before) * np.where(right, model.guess, 1 - model.guess)
        after = np.divide(if_known, evidence, out=before.copy(), where=evidence > 0)
        after = after * (1 - model.forget) + (1 - after) * model.learn
        found[:, t + 1] = np.where(rows[:, t] >= 0, after, before)
    return found


def _share(fits: Mapping[str, BktFit], ready: Mapping[str, float]) -> float:
    """What share of the readiness for a skill is knowledge of the skill, over all skills together; at most 1."""
    weight = sum(fits[name].learners * value for name, value in ready.items())
    return min(1.0, sum(fits[name].learners * fits[name].model.prior for name in ready) / weight) if weight else 1.0
