from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.classroom.equations import false_equations, find_equations, numbers_in

TRUE = [
    "1/2 + 1/3 = 5/6", "So 3 x 4 = 12.", "$3.50 + $1.25 = $4.75", "1 m = 100 cm", "25% = 1/4", "1 1/2 = 3/2",
    "3:4 = 6:8", "area = 3 × 4 = 12 square cm", "12 inches = 1 foot", "3/4 > 2/3", "|−4| = 4", "2³ = 8",
    "1,000 - 1 = 999", "**1/2 = 2/4**", "3 days = 72 hours", "25% of 80 = 20", "half of 10 = 5", "5 minus 3 is 2",
    "Twenty-five plus five equals thirty.", "3 tens + 4 ones = 34", "2 sixths + 3 sixths = 5/6", "8 ÷ 1/2 = 16",
    "Step 1: 3 + 4 = 7", "1) 3 + 4 = 7", "10 divided by 2 is 5", "1/2 = 0.5 = 50%", "5 + 3 = 8 red apples", "√25 = 5", "√9 + √16 = 7",
]  # fmt: skip
FALSE = [
    "2 + 2 = 5", "1 m = 10 cm", "three plus four is eight", "3 + 4 = 7 + 2 = 9", "half of 10 = 6", "7 × 8 = 54",
    "1/2 + 1/3 = 2/5", "Note that 0.3 > 0.45.", "3 × 4 = 13 apples", "25% of 80 = 25", "4 hundreds + 2 ones = 42", "√25 = 4",
]  # fmt: skip
OPEN = [
    "x + 5 = 12", "8 + __ = 11", "3 + ? = 5", "f(3) = 10", "17 / 5 = 3 R 2", "1 box = 4 cookies", "2m + 3 = 7",
    "4m = 12", "3:45 + 0:30 = 4:15", "2(x+3) = 2x + 6", "3 + 4 = ?", "√2 = 1.41",
]  # fmt: skip
NONE = ["There is one plus side: 5 is nice", "the sum of 3 and 4 = 7", "> a quoted line", "Read pages 3-5 today."]


@pytest.mark.parametrize("text", TRUE)
def test_true_equations_are_found_and_hold(text):
    assert {e.truth for e in find_equations(text)} == {"true"}


@pytest.mark.parametrize("text", FALSE)
def test_false_equations_are_found(text):
    assert false_equations(text)


@pytest.mark.parametrize("text", OPEN)
def test_algebra_and_blanks_are_not_judged(text):
    assert not false_equations(text)
    assert all(e.truth == "open" for e in find_equations(text))


@pytest.mark.parametrize("text", NONE)
def test_prose_is_no_equation(text):
    assert find_equations(text) == []


def test_a_question_may_ask_about_a_false_equation():
    assert false_equations("Is 2 + 2 = 5? Show why.") == ["2 + 2 = 5"]
    assert false_equations("Is 2 + 2 = 5? Show why.", questions=False) == []
    assert false_equations("Is it so? 2 + 2 = 5.", questions=False) == ["2 + 2 = 5"]


fractions = st.fractions(min_value=0, max_value=99, max_denominator=20)


@given(fractions, fractions, st.sampled_from("+-*"), st.sampled_from(["So {} now.", "{}", "We write {}, as said."]))
def test_any_computation_is_judged_by_its_value(a, b, operator, sentence):
    value = {"+": a + b, "-": a - b, "*": a * b}[operator]
    assert not false_equations(sentence.format(f"{a} {operator} {b} = {value}"))
    assert false_equations(sentence.format(f"{a} {operator} {b} = {value + 1}"))


@given(st.text(max_size=200))
def test_any_text_can_be_searched(text):
    find_equations(text)
    numbers_in(text)


def test_numbers_are_read_in_digits_and_words():
    found = numbers_in("3/4 of twenty-five and 1,200 at 25%")
    assert {Fraction(3, 4), Fraction(25), Fraction(1200), Fraction(1, 4)} <= found
