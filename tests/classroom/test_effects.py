from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.classroom.effects import auc, effect, estimate, holm, mcnemar, permutation_p, sign_flip, spearman

BITS = st.lists(st.sampled_from((0.0, 1.0)), min_size=1, max_size=12)


def test_mcnemar_is_the_exact_binomial_test_of_what_was_won_and_lost():
    assert mcnemar([1, 1, 1, 1, 1, 1, 0, 0]) == pytest.approx(2 / 2**6)
    assert mcnemar([1] * 8 + [-1] * 2 + [0] * 5) == pytest.approx(2 * sum(comb(10, k) for k in range(3)) / 2**10)
    assert mcnemar([1, -1]) == 1
    assert mcnemar([0, 0]) == 1


def test_sign_flips_of_few_items_are_all_gone_through():
    # of the 8 signs of (1, 2, 3) only the observed one and its mirror reach 2
    assert sign_flip(np.array([1.0, 2.0, 3.0]), seed=0) == pytest.approx(2 / 8)
    assert sign_flip(np.array([-1.0, 2.0, 3.0]), seed=0) == pytest.approx(4 / 8)
    assert sign_flip(np.zeros(5), seed=0) == 1


@given(BITS)
def test_sign_flip_and_mcnemar_agree_on_wins_and_losses(bits):
    differences = [1.0 if b else -1.0 for b in bits]
    assert sign_flip(np.array(differences), seed=0) == pytest.approx(mcnemar(differences))


def test_drawn_sign_flips_come_near_the_exact_test():
    differences = [1.0] * 14 + [-1.0] * 6
    assert sign_flip(np.array(differences), seed=3) == pytest.approx(mcnemar(differences), abs=0.02)


def test_holm_steps_down_and_never_reorders():
    arms = {"c": {str(i): [0.0] for i in range(10)}}
    for n, name in ((10, "all"), (7, "most"), (4, "some")):
        arms[name] = {str(i): [float(i < n)] for i in range(10)}
    found = holm([effect(a, "c", arms, seed=0) for a in ("some", "all", "most")])
    assert [e.p for e in found] == pytest.approx([2 / 16, 2 / 1024, 2 / 128])
    assert [e.adjusted for e in found] == pytest.approx([2 / 16, 3 * 2 / 1024, 2 * 2 / 128])
    assert [e.shown for e in found] == [False, True, True]


def test_holm_is_monotone_and_at_most_one():
    arms = {"c": {str(i): [0.0] for i in range(4)}, "a": {str(i): [float(i < 3)] for i in range(4)}}
    found = holm([effect("a", "c", arms, seed=0)] * 3)
    assert [e.adjusted for e in found] == pytest.approx([0.75, 0.75, 0.75])
    assert holm([]) == []


def test_auc_is_the_chance_that_a_positive_is_above_a_negative_ties_half():
    assert auc([3, 2, 1, 0], [True, True, False, False]) == 1
    assert auc([1, 2, 3], [True, False, True]) == 0.5
    assert auc([1, 1, 0], [True, False, False]) == pytest.approx(0.75)
    assert auc([1, 2], [True, True]) is None
    with pytest.raises(ValueError, match="2 scores and 1 labels"):
        auc([1, 2], [True])


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=2, max_size=12))
def test_auc_equals_counting_all_pairs(rows):
    scores, labels = [float(s) for s, _ in rows], [y for _, y in rows]
    pairs = [(a > b) + (a == b) / 2 for a, y in rows if y for b, z in rows if not z]
    found = auc(scores, labels)
    assert found is None if not pairs else found == pytest.approx(sum(pairs) / len(pairs))


def test_spearman_is_one_minus_six_d_squared():
    a, b = [1, 2, 3, 4, 5], [2, 1, 4, 3, 5]
    assert spearman(a, b) == pytest.approx(1 - 6 * 4 / (5 * 24))
    assert spearman(a, [1, 1, 1, 1, 1]) is None
    assert spearman([1, 2], [1, 2]) is None


def test_a_permutation_p_counts_the_observed_order_once():
    x = np.arange(5.0)
    assert permutation_p(lambda o: float(np.corrcoef(x[o], x)[0, 1]), 5, seed=0) == pytest.approx(1 / 120, abs=0.008)
    assert permutation_p(lambda o: 0.0, 5, seed=0) == 1


def test_an_estimate_is_over_items_and_seeds_of_an_item_are_averaged_first():
    found = estimate({"a": [0, 0, 0, 1], "b": [1], "none": []}, seed=0)
    assert (found.mean, found.items, found.values) == (0.625, 2, 5)
    empty = estimate({"x": []}, seed=0)
    assert (empty.mean, empty.low, empty.high, empty.items) == (None, None, None, 0)


def test_an_effect_counts_only_items_that_both_have():
    arms = {"a": {"1": [1], "2": [1], "3": [0]}, "c": {"1": [0], "2": [1], "4": [0]}}
    e = effect("a", "c", arms, seed=0)
    assert (e.difference.mean, e.difference.items, e.test) == (0.5, 2, "McNemar")
    assert e.size == pytest.approx(0.5 / np.std([1, 0], ddof=1))
    apart = effect("a", "c", {"a": {"1": [1]}, "c": {"2": [0]}}, seed=0)
    assert (apart.p, apart.difference.mean, apart.shown) == (None, None, False)


def test_values_that_are_no_single_bits_get_the_sign_flip_test():
    arms = {"a": {"1": [1, 0], "2": [1, 1]}, "c": {"1": [0], "2": [0]}}
    assert effect("a", "c", arms, seed=0).test == "sign flip"


def test_nothing_is_claimed_where_every_item_differs_alike_but_they_are_few():
    arms = {"a": {str(i): [1] for i in range(5)}, "c": {str(i): [0] for i in range(5)}}
    e = holm([effect("a", "c", arms, seed=0)])[0]
    assert e.difference.low == 1
    assert e.size is None  # nothing varies
    assert not e.shown  # 2/32 is no evidence


def test_intervals_cover_what_they_should():
    rng = np.random.default_rng(0)
    hits = 0
    for trial in range(300):
        draws = rng.random(60) < 0.4
        e = estimate({str(i): [float(d)] for i, d in enumerate(draws)}, seed=trial, resamples=600)
        assert e.low is not None
        assert e.high is not None
        hits += e.low <= 0.4 <= e.high
    assert 0.91 <= hits / 300 <= 0.98
