import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.classroom.timetable import APPROACHES, BASE_MINUTES, REVIEW_MINUTES, allot, split


@given(st.sampled_from(sorted(APPROACHES)), st.integers(0, 4), st.integers(0, 2), st.integers(0, 120))
def test_minutes_always_add_up_and_every_part_has_some(approach, reviews, repairs, extra):
    minutes = BASE_MINUTES + REVIEW_MINUTES * reviews + extra
    parts = allot(minutes, APPROACHES[approach], repairs, reviews)
    assert sum(parts.values()) + REVIEW_MINUTES * reviews == minutes
    assert min(parts.values()) >= 2
    assert ("repair" in parts) == bool(repairs)


@given(st.integers(1, 20), st.integers(1, 60))
def test_split_is_even(n, minutes):
    if minutes >= n:
        parts = split(minutes, n)
        assert sum(parts) == minutes
        assert max(parts) - min(parts) <= 1


@pytest.mark.parametrize("approach", sorted(APPROACHES))
def test_an_approach_weighs_every_part(approach):
    assert set(APPROACHES[approach].weights) == {
        "warm_up", "hook", "explanation", "example", "repair", "guided", "independent", "exit"
    }  # fmt: skip
