"""Knowledge tracing against numbers worked out by hand and against simulation."""

from random import Random
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from classwright.skilltree.tracing import BKT, DEFAULT


def test_numbers_by_hand() -> None:
    bkt = BKT(prior=0.4, learn=0.2, slip=0.1, guess=0.25)
    assert bkt.predict(0.4) == pytest.approx(0.4 * 0.9 + 0.6 * 0.25)
    assert bkt.posterior(0.4, True) == pytest.approx(0.36 / 0.51)
    assert bkt.update(0.4, True) == pytest.approx(0.36 / 0.51 + (1 - 0.36 / 0.51) * 0.2)
    assert bkt.posterior(0.4, False) == pytest.approx(0.04 / 0.49)
    assert bkt.trace([True, False])[0] == 0.4
    assert len(bkt.trace([True, False])) == 3


def test_forgetting() -> None:
    bkt = BKT(prior=1, learn=0, slip=0, guess=0, forget=0.25)
    assert bkt.trace([True, True]) == [1, 0.75, 0.75]  # each right answer proves it known again


@pytest.mark.parametrize(
    "wrong",
    [
        {"slip": 0.6, "guess": 0.4},
        {"slip": 0.5, "guess": 0.5},
        {"prior": 1.2},
        {"learn": 0.7, "forget": 0.4},
        {"guess": -0.1},
        {"other": 1},
    ],
)
def test_bounds(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        BKT(**{"prior": 0.5, "learn": 0.1, "slip": 0.1, "guess": 0.2, **wrong})


share = st.floats(0.01, 0.49)


@given(share, share, share, share, st.lists(st.booleans(), max_size=30))
def test_beliefs_are_probabilities_and_right_answers_raise_them(prior, learn, slip, guess, responses) -> None:
    bkt = BKT(prior=prior, learn=learn, slip=slip, guess=guess)
    assert all(0 <= p <= 1 for p in bkt.trace(responses))
    assert bkt.posterior(prior, True) >= prior >= bkt.posterior(prior, False)


def test_belief_is_calibrated_on_simulated_learners() -> None:
    """Among simulated learners the mean belief equals the share that really knows the skill (Bayes with true parameters)."""
    rng, bkt = Random(4), BKT(prior=0.3, learn=0.15, slip=0.08, guess=0.2, forget=0.05)
    beliefs, truths = [], []
    for _ in range(4000):
        known, belief = rng.random() < bkt.prior, bkt.prior
        for _ in range(8):
            right = rng.random() < (1 - bkt.slip if known else bkt.guess)
            belief = bkt.update(belief, right)
            known = rng.random() >= bkt.forget if known else rng.random() < bkt.learn
        beliefs.append(belief)
        truths.append(known)
    sure = [truth for truth, belief in zip(truths, beliefs, strict=True) if belief > 0.8]
    assert mean(beliefs) == pytest.approx(mean(truths), abs=0.02)
    assert mean(sure) == pytest.approx(mean(b for b in beliefs if b > 0.8), abs=0.03)


def test_defaults_are_bounded() -> None:
    assert DEFAULT.slip <= 0.1
    assert DEFAULT.guess <= 0.3
    assert DEFAULT.predict(DEFAULT.prior) == pytest.approx(0.55)
