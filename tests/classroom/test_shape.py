from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.classroom.shape import drawn_range, learn_shape, samples
from classwright.errors import InputError

SOME = ("counting.compare_story", "whole.add_regroup", "whole.two_step_story", "fractions.add_unlike", "decimals.multiply",
        "ratios.percent_of", "equations.two_step_story", "statistics.mean", "geometry.perimeter")  # fmt: skip


@pytest.mark.parametrize("skill", SOME)
def test_fresh_problems_of_the_skill_fit_its_shape(skill):
    shape = learn_shape(skill)
    fresh = list(samples(skill, 60, first=9_000_000))
    fitting = sum(not shape.fault(p.expression, p.level) for p in fresh)
    assert fitting >= 0.97 * len(fresh)


@pytest.mark.parametrize(("skill", "other"), [
    ("fractions.add_unlike", "fractions.add_like"), ("fractions.add_like", "fractions.add_unlike"),
    ("fractions.add_unlike", "fractions.subtract_unlike"), ("whole.add_2digit", "whole.add_regroup"),
    ("whole.add_regroup", "whole.add_3digit"), ("equations.two_step_story", "equations.one_step_story"),
    ("decimals.powers_of_ten", "decimals.divide_by_whole"), ("decimals.multiply", "ratios.percent_of"),
])  # fmt: skip
def test_problems_of_a_neighboring_skill_do_not(skill, other):
    shape = learn_shape(skill)
    rows = list(samples(other, 30, first=9_000_000))
    assert sum(shape.level_of(p.expression, p.level) is not None for p in rows) <= 0.1 * len(rows)


@pytest.mark.parametrize(("skill", "expression", "why"), [
    ("fractions.add_unlike", "5/8 + 3/8", "numbers 2 and 4 are different"),
    ("fractions.add_unlike", "1/4 + 1/3 + 2/5 + 1/4", "not built like"),
    ("whole.add_regroup", "41 + 12", "regrouping of ones"),
    ("whole.add_3digit", "407 + 90215", "at most"),
    ("counting.add_within_10", "8 + 7", "at most"),
    ("whole.divide_facts", "7 / 2", "whole"),
    ("decimals.powers_of_ten", "7.4 * 30", "one of 10"),
    ("ratios.percent_of", "seven", "seven"),
])  # fmt: skip
def test_a_refusal_says_what_does_not_fit(skill, expression, why):
    assert why in learn_shape(skill).fault(expression, 1)


def test_the_wanted_level_is_kept_where_it_fits_else_the_lowest_is_taken():
    shape = learn_shape("whole.add_3digit")
    assert shape.level_of("465 + 105", 1) == 1
    rows = list(samples("whole.add_3digit", 20, first=9_500_000))
    assert sum(shape.level_of(p.expression, p.level) == p.level for p in rows) >= 58
    assert shape.level_of("2 + 2", 1) is None


def test_a_skill_without_a_generator_has_no_shape():
    with pytest.raises(InputError):
        learn_shape("history.rome")


@given(st.lists(st.fractions(min_value=-100, max_value=100, max_denominator=20), min_size=1, max_size=60))
def test_a_range_holds_all_that_was_seen_and_does_not_cross_zero(values):
    low, high = drawn_range(values)
    assert low <= min(values) <= max(values) <= high
    assert low >= 0 or min(values) < 0
    assert high <= 0 or max(values) > 0


def test_a_limit_that_is_often_reached_is_not_widened():
    sums = [Fraction(n) for n in range(2, 11)] * 40
    low, high = drawn_range(sums)
    assert 1 < low <= 2
    assert 10 <= high < 11
