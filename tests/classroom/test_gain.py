import pytest

from classwright.classroom.gain import normalized_gain, paired_difference


def test_gain_is_the_share_of_what_could_be_won():
    g = normalized_gain([0.5, 0.5, 0.5], [0.75, 0.75, 0.75], seed=1)
    assert (g.mean, g.low, g.high, g.n) == (0.5, 0.5, 0.5, 3)


def test_no_gain_at_the_ceiling():
    g = normalized_gain([1.0, 1.0], [1.0, 1.0], seed=1)
    assert g.mean is None
    assert g.low is None


def test_interval_covers_the_mean_and_is_reproducible():
    pre, post = [0.2, 0.4, 0.6, 0.5], [0.5, 0.4, 0.9, 0.8]
    g = normalized_gain(pre, post, seed=3)
    assert g.low is not None
    assert g.mean is not None
    assert g.high is not None
    assert g.low <= g.mean <= g.high
    assert g == normalized_gain(pre, post, seed=3)


@pytest.mark.parametrize(("pre", "post"), [([], []), ([0.1], [0.1, 0.2])])
def test_scores_must_pair_up(pre, post):
    with pytest.raises(ValueError, match="scores before"):
        normalized_gain(pre, post, seed=1)


def test_bootstrap_interval_has_about_its_nominal_coverage():
    import numpy as np

    rng = np.random.default_rng(0)
    hits = 0
    for seed in range(200):
        pre = rng.binomial(10, 0.5, 60) / 10
        post = rng.binomial(10, 0.75, 60) / 10
        g = normalized_gain(pre.tolist(), post.tolist(), seed=seed, resamples=400)
        assert g.low is not None
        assert g.high is not None
        hits += g.low <= 0.5 <= g.high
    assert 0.89 <= hits / 200 <= 0.99


def test_a_paired_difference_has_the_interval_of_its_pairs():
    d = paired_difference([0.1, 0.5, 0.9], [0.3, 0.7, 1.1], seed=1)
    assert d.mean == pytest.approx(0.2)
    assert (d.low, d.high, d.n) == (pytest.approx(0.2), pytest.approx(0.2), 3)
    with pytest.raises(ValueError, match="pair up"):
        paired_difference([], [], seed=1)
