import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from classwright.errors import InputError
from classwright.skilltree.irt import FLAT, fit_irt, quadrature, simulate_responses


def world(seed: int, learners: int = 1000, items: int = 40):
    rng = np.random.default_rng(seed)
    return rng.uniform(0.6, 2.2, items), rng.normal(0, 1.2, items), rng.normal(0, 1, learners)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_items_and_abilities_come_back(seed):
    a, b, theta = world(seed)
    responses = simulate_responses(a, b, theta, seed)
    fit = fit_irt(responses)
    assert fit.converged
    assert np.corrcoef(fit.difficulty, b)[0, 1] > 0.98
    assert np.corrcoef(fit.discrimination, a)[0, 1] > 0.9
    assert np.abs((fit.difficulty - b) / fit.difficulty_error).max() < 4.5
    inside = np.abs(fit.discrimination - a) < 1.96 * fit.discrimination_error
    assert 0.8 < inside.mean() <= 1
    mean, deviation = fit.ability(responses)
    assert np.corrcoef(mean, theta)[0, 1] > 0.93
    assert np.mean(np.abs(mean - theta) < 1.96 * deviation) == pytest.approx(0.95, abs=0.03)


def test_a_third_of_the_answers_missing_does_not_bias_the_difficulties():
    a, b, theta = world(4, learners=1500)
    responses = simulate_responses(a, b, theta, 4)
    responses[np.random.default_rng(40).random(responses.shape) < 0.33] = np.nan
    fit = fit_irt(responses)
    assert np.corrcoef(fit.difficulty, b)[0, 1] > 0.97
    assert np.abs(np.mean(fit.difficulty - b)) < 0.1


def test_more_right_answers_mean_more_ability():
    a, b, theta = world(5, learners=300, items=12)
    fit = fit_irt(simulate_responses(a, b, theta, 5))
    ladder = np.tril(np.ones((13, 12)), -1)  # row k: the first k items right
    mean, deviation = fit.ability(ladder)
    assert (fit.discrimination > 0).all()
    assert (np.diff(mean) > 0).all()
    assert deviation.max() < 1
    nobody, whole = fit.ability(np.full((1, 12), np.nan))
    assert nobody[0] == pytest.approx(0, abs=1e-9)
    assert whole[0] == pytest.approx(1, abs=1e-6)


def test_the_most_discriminating_items_are_found():
    rng = np.random.default_rng(6)
    a = np.full(30, 0.7)
    a[[3, 11, 20]] = 2.5
    b = rng.normal(0, 0.8, 30)
    fit = fit_irt(simulate_responses(a, b, rng.normal(0, 1, 1500), 6))
    assert set(fit.most_discriminating(3)) == {3, 11, 20}
    at = fit.most_discriminating(1, theta=2.0)[0]
    assert fit.information(2.0)[at] == fit.information(2.0).max()
    assert fit.information(fit.difficulty[3])[3] == pytest.approx(fit.discrimination[3] ** 2 / 4)
    assert len(fit.most_discriminating(99)) == 30


def test_a_reversed_item_has_a_negative_discrimination_and_a_random_one_no_difficulty():
    a, b, theta = world(7, learners=2000, items=15)
    responses = simulate_responses(a, b, theta, 7)
    responses[:, 0] = 1 - responses[:, 0]
    responses[:, 1] = np.random.default_rng(70).random(2000) < 0.5
    fit = fit_irt(responses)
    assert fit.discrimination[0] < -0.3
    assert abs(fit.discrimination[1]) < 0.2
    assert np.isnan(fit.difficulty[1]) == (abs(fit.discrimination[1]) < FLAT)
    assert 0 not in fit.most_discriminating(14)


def test_the_quadrature_integrates_a_normal():
    nodes, weights = quadrature()
    assert weights.sum() == pytest.approx(1)
    assert [float(weights @ nodes**k) for k in (1, 2, 4)] == pytest.approx([0, 1, 3])


@settings(max_examples=30, deadline=None)
@given(arrays(float, st.tuples(st.integers(2, 10), st.integers(2, 6)), elements=st.sampled_from([0.0, 1.0])))
def test_em_never_makes_the_objective_worse_and_stays_finite(responses):
    fit = fit_irt(responses, iterations=60)
    assert np.diff(fit.objective).min(initial=0) > -1e-8
    assert np.isfinite(fit.discrimination).all()
    assert np.isfinite(fit.ability(responses)[0]).all()


@pytest.mark.parametrize(
    ("responses", "message"),
    [
        (np.full((3, 3), np.nan), "two learners"),
        (np.array([[1.0, 0.0]]), "two learners"),
        (np.array([[1.0], [0.0]]), "two items"),
        (np.array([[1.0, 0.5], [0.0, 1.0]]), "1 \\(right\\), 0"),
        (np.array([1.0, 0.0]), "table"),
    ],
)
def test_what_cannot_be_fitted_is_refused(responses, message):
    with pytest.raises(InputError, match=message):
        fit_irt(responses)
