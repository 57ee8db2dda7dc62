"""The stability-gap metrics on curves worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.distill.stability import (
    lowest_accuracy,
    polyglot_score,
    recovered_gap,
    stability,
    windowed_forgetting,
    worst_case,
    z_scores,
)

OLD = [(0, 0.8), (10, 0.5), (20, 0.7), (30, 0.75)]
OTHER = [(0, 0.6), (10, 0.6), (20, 0.4), (30, 0.5)]
NEW = [(0, 0.0), (10, 0.4), (20, 0.6), (30, 0.9)]


def test_the_gap_is_seen_although_the_end_looks_well():
    s = stability({"new": NEW, "old": OLD, "other": OTHER}, "new")
    assert s.lowest == {"old": 0.5, "other": 0.4}
    assert s.min_acc == pytest.approx(0.45)
    assert s.wc_acc == pytest.approx(0.9 / 3 + 2 / 3 * 0.45)
    assert s.forgetting == pytest.approx({"new": 0.0, "old": 0.3, "other": 0.2})


def test_what_was_learned_later_counts_from_then():
    s = stability({"new": NEW, "old": OLD}, "new", learned={"old": 10})
    assert s.min_acc == 0.7  # 0.5 at the step itself is when it was learned
    with pytest.raises(ValueError, match="no evaluation after step 30"):
        lowest_accuracy(OLD, 30)


def test_a_window_sees_only_what_stands_in_it():
    slow = [(n, 0.9 - 0.1 * n) for n in range(6)]
    assert windowed_forgetting(slow, 2) == pytest.approx(0.1)
    assert windowed_forgetting(slow, 3) == pytest.approx(0.2)
    assert windowed_forgetting(slow, 99) == pytest.approx(0.5)
    with pytest.raises(ValueError, match="window of 1"):
        windowed_forgetting(slow, 1)


def test_one_task_alone():
    s = stability({"new": NEW}, "new")
    assert (s.min_acc, s.wc_acc) == (None, 0.9)
    with pytest.raises(ValueError, match="current task old"):
        stability({"new": NEW}, "old")
    assert worst_case(0.9, 0.3, 2) == pytest.approx(0.6)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.integers(2, 8))
def test_forgetting_is_the_largest_drop_between_any_two_in_a_window(values, window):
    curve = list(enumerate(values))
    pairs = [a - b for i, a in enumerate(values) for b in values[i : i + window]]
    assert windowed_forgetting(curve, window) == max(pairs)
    assert windowed_forgetting(curve, window) <= windowed_forgetting(curve, window + 1)


def test_the_polyglot_score_of_two_teachers():
    assert recovered_gap(0.2, 0.5, 0.8) == pytest.approx(0.5)
    assert recovered_gap(0.8, 0.9, 0.8) is None
    assert z_scores([1.0, 3.0]) == [-1.0, 1.0]
    assert z_scores([2.0, 2.0]) == [0.0, 0.0]
    assert polyglot_score(0.5, -1.0) == -0.25
