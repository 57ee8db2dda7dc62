import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from classwright.errors import InputError
from classwright.skilltree.bkt_fit import Bounds, PriorBelief, fit_bkt, simulate
from classwright.skilltree.bkt_log import beliefs, fit_log
from classwright.skilltree.hidden_markov import log_likelihood, patterns
from classwright.skilltree.response_log import load_log
from classwright.skilltree.skill import Skill
from classwright.skilltree.tracing import BKT
from classwright.skilltree.tree import SkillTree

TRUTHS = [
    BKT(prior=0.4, learn=0.15, slip=0.1, guess=0.2),
    BKT(prior=0.2, learn=0.3, slip=0.05, guess=0.25),
    BKT(prior=0.6, learn=0.08, slip=0.12, guess=0.15),
    BKT(prior=0.3, learn=0.1, slip=0.08, guess=0.3),
    BKT(prior=0.3, learn=0.2, slip=0.08, guess=0.15, forget=0.05),
]


@pytest.mark.parametrize("truth", TRUTHS, ids=str)
@pytest.mark.parametrize("seed", [11, 12, 13])
def test_parameters_come_back_from_2000_simulated_learners(truth, seed):
    fit = fit_bkt(simulate(truth, 2000, 10, seed), forget=truth.forget > 0, seed=seed)
    assert fit.converged
    for name, error in fit.errors.items():
        off = abs(getattr(fit.model, name) - getattr(truth, name))
        assert off < 0.05, f"{name} is off by {off:.3f}"
        assert error is not None
        assert off < 4 * error  # the standard errors are of the right size


def test_learners_with_different_numbers_of_answers():
    truth = TRUTHS[0]
    rows = simulate(truth, 2000, 12, 5)
    rows[np.arange(12) >= np.random.default_rng(5).integers(3, 13, 2000)[:, None]] = -1
    fit = fit_bkt(rows)
    assert fit.responses == (rows >= 0).sum()
    for name in ("prior", "learn", "slip", "guess"):
        assert getattr(fit.model, name) == pytest.approx(getattr(truth, name), abs=0.05)


def test_intervals_cover_the_truth_about_as_often_as_they_say():
    truth, hits, n = TRUTHS[0], 0, 0
    for seed in range(40):
        fit = fit_bkt(simulate(truth, 400, 8, seed), restarts=1)
        for name, interval in fit.intervals.items():
            if interval is not None:
                n += 1
                hits += interval[0] <= getattr(truth, name) <= interval[1]
    assert n > 150
    assert 0.90 < hits / n < 0.99


def by_definition(rows: np.ndarray, m: BKT) -> float:
    """The log-likelihood as a sum over every path of hidden states."""
    total = 0.0
    for row in rows:
        said, chance = row[row >= 0], 0.0
        for path in itertools.product((0, 1), repeat=len(said)):
            p = m.prior if path[0] else 1 - m.prior
            for a, b in itertools.pairwise(path):
                p *= ((1 - m.forget) if b else m.forget) if a else (m.learn if b else 1 - m.learn)
            for state, right in zip(path, said, strict=True):
                p *= ((1 - m.slip) if right else m.slip) if state else (m.guess if right else 1 - m.guess)
            chance += p
        total += np.log(chance)
    return total


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**20), st.integers(1, 6), st.integers(1, 5))
def test_the_likelihood_is_the_sum_over_all_hidden_paths(seed, learners, length):
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, 2, (learners, length)).astype(np.int8)
    rows[np.arange(length) >= rng.integers(1, length + 1, learners)[:, None]] = -1
    p, l, s, g, f = (float(x) for x in rng.uniform(0.05, 0.45, 5))  # noqa: E741
    model = BKT(prior=p, learn=l, slip=s, guess=g, forget=f)
    found = log_likelihood(patterns(rows), np.array([[p, l, s, g, f]]))
    assert found[0] == pytest.approx(by_definition(rows, model))


@settings(max_examples=40, deadline=None)
@given(
    rows=arrays(np.int8, st.tuples(st.integers(1, 12), st.integers(1, 7)), elements=st.integers(0, 1)),
    forget=st.booleans(),
    mode=st.none() | st.floats(0.05, 0.95),
    seed=st.integers(0, 1000),
)
def test_em_never_makes_the_objective_worse(rows, forget, mode, seed):
    belief = None if mode is None else PriorBelief(mode, 10)
    fit = fit_bkt(rows, forget=forget, belief=belief, restarts=3, seed=seed, iterations=80)
    assert np.diff(fit.objective).min(initial=0) > -1e-9
    m = fit.model
    assert m.slip + m.guess < 1
    assert m.slip <= 0.49
    assert m.guess <= 0.49
    if mode is None:
        assert fit.objective[-1] == pytest.approx(fit.log_likelihood)


def test_the_end_of_em_is_a_maximum():
    rows = simulate(TRUTHS[2], 300, 8, 3)
    fit = fit_bkt(rows, tolerance=1e-10)
    at = np.array([[fit.model.prior, fit.model.learn, fit.model.slip, fit.model.guess, 0.0]])
    for i, step in itertools.product(range(4), (-0.01, 0.01)):
        moved = at.copy()
        moved[0, i] += step
        assert log_likelihood(patterns(rows), moved)[0] < fit.log_likelihood


def test_a_skill_all_answer_right_has_no_determined_parameters():
    fit = fit_bkt(np.ones((30, 4), dtype=np.int8))
    assert set(fit.errors.values()) == {None}
    assert fit.model.predict(fit.model.prior) > 0.95


def test_equal_seeds_give_equal_fits_and_bad_arguments_are_refused():
    rows = simulate(TRUTHS[1], 60, 5, 9)
    assert fit_bkt(rows, seed=4).model == fit_bkt(rows, seed=4).model
    with pytest.raises(InputError, match="no responses"):
        fit_bkt(np.zeros((0, 0)))
    with pytest.raises(InputError, match="together below 1"):
        Bounds(slip=0.6, guess=0.5)


def test_beliefs_are_those_of_the_tracing_model():
    rows = np.array([[1, 0, 1], [0, 1, -1]], dtype=np.int8)
    model = TRUTHS[4]
    found = beliefs(model, rows)
    assert found[0].tolist() == pytest.approx(model.trace([True, False, True]))
    assert found[1].tolist() == pytest.approx([*model.trace([False, True]), model.trace([False, True])[-1]])


def test_prerequisites_steady_the_prior_of_a_skill_with_few_answers(tmp_path):
    tree = SkillTree(
        [
            Skill(id="base", name="base"),
            Skill(id="mid", name="mid", prerequisites=("base",)),
            Skill(id="top", name="top", prerequisites=("mid",)),
        ]
    )
    truth = {
        "base": BKT(prior=0.7, learn=0.1, slip=0.1, guess=0.2),
        "mid": BKT(prior=0.5, learn=0.1, slip=0.1, guess=0.2),
        "top": BKT(prior=0.4, learn=0.1, slip=0.1, guess=0.2),
    }
    errors = {"with": [], "without": []}
    for seed in range(12):
        lines = ["learner,skill,correct,time"]
        for place, (name, learners) in enumerate((("base", 300), ("mid", 300), ("top", 6))):
            for i, row in enumerate(simulate(truth[name], learners, 4, 10 * seed + place)):
                lines += [f"L{i},{name},{c},{place * 10 + t}" for t, c in enumerate(row)]
        path = tmp_path / f"{seed}.csv"
        path.write_text("\n".join(lines))
        log = load_log(path, tree)
        fits = fit_log(log, tree)
        assert list(fits) == ["base", "mid", "top"]
        assert fits["base"].belief is None
        assert fits["top"].belief is not None
        errors["with"].append(abs(fits["top"].model.prior - 0.4))
        errors["without"].append(abs(fit_log(log)["top"].model.prior - 0.4))
    assert np.mean(errors["with"]) < 0.6 * np.mean(errors["without"])
    assert np.mean(errors["with"]) < 0.2
