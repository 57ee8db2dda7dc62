import re
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classwright.classroom.expression_form import take_apart
from classwright.errors import InputError
from classwright.skilltree.bank import generator_ids, problem


def test_numbers_and_letters_leave_the_pattern():
    assert take_apart("3/4 + 1/6").pattern == take_apart("8/9 + 1/10").pattern
    assert take_apart("solve(9w - 15 = 48, w)").pattern == take_apart("solve(2x + 3 = 11, x)").pattern
    assert take_apart("3/4 + 1/6").pattern != take_apart("3/4 - 1/6").pattern
    assert take_apart("3/4 + 1/6").pattern != take_apart("3/4 + 1/6 + 1/2").pattern


def test_signs_and_decimals_belong_to_their_numbers():
    reading = take_apart("-2.50 + (-7)")
    assert reading.leaves == [Fraction(-5, 2), Fraction(-7)]
    assert reading.places == [2, 0]
    assert reading.inner[-1] == Fraction(-19, 2)


def test_a_list_of_data_keeps_its_least_greatest_and_count():
    reading = take_apart("mean(13, 8, 6)")
    assert reading.leaves == [6, 13, 3]
    assert reading.listed == [6, 8, 13]
    assert reading.pattern == take_apart("mean(1, 2, 3, 4, 5)").pattern


@pytest.mark.parametrize(("expression", "fact"), [
    ("29 + 4", "regrouping of ones in operation 1"), ("23 + 4", "no regrouping of ones in operation 1"),
    ("404 - 68", "regrouping in operation 1"), ("3/4 + 1/6", "numbers 2 and 4 are different"),
    ("4/9 + 4/9", "numbers 2 and 4 are equal"), ("60 / 10", "number 2 divides number 1"), ("60 / 10", "result 1 is whole"),
])  # fmt: skip
def test_what_is_true_of_the_numbers_is_found(expression, fact):
    assert fact in take_apart(expression).facts


def test_what_is_no_expression_is_an_error():
    for text in ("seven plus two", "3 +", "import os", "1/0"):
        with pytest.raises(InputError):
            take_apart(text)


@settings(deadline=None)
@example("geometry.transformations", 0, 2)
@given(st.sampled_from(sorted(generator_ids())), st.integers(0, 10**6), st.integers(1, 3))
def test_every_problem_of_the_bank_can_be_taken_apart(skill, seed, level):
    expression = problem(skill, seed, level).expression
    reading = take_apart(expression)
    assert reading.pattern
    assert len(reading.leaves) == len(reading.places)
    assert not re.search(r"\b\d", reading.pattern)  # "rotate90" is the name of a function


@given(st.integers(1, 999), st.integers(1, 999), st.sampled_from("+-*"))
def test_a_pattern_does_not_depend_on_its_numbers(a, b, sign):
    assert take_apart(f"{a} {sign} {b}").pattern == take_apart(f"7 {sign} 3").pattern
    assert take_apart(f"{a} {sign} {b}").leaves == [a, b]
