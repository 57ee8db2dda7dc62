"""Where a wrong solution leaves the right one."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.classroom.departure import departure
from classwright.classroom.dialogue import problem_from_text
from tests.classroom.file_problems import LEFT_OUT, NUMBER, SHELF, SIGN, SLIP, STOPPED, shelf


@pytest.mark.parametrize(
    ("text", "kind", "equation", "step"),
    [
        (SLIP, "slip", "6 x 14 = 64", 0),
        (SIGN, "plan", "84 + 30 = 114", 1),
        (NUMBER, "plan", "5 x 6 = 30", 2),
        (LEFT_OUT, "left out", "54 + 4 = 58", 2),
        (STOPPED, "stopped", "84 - 30 = 54", 2),
    ],
)
def test_the_first_wrong_place_is_found(text, kind, equation, step):
    d = departure(text, SHELF)
    assert d is not None
    assert (d.kind, d.equation, d.step) == (kind, equation, step)
    assert d.line in text


def test_the_numbers_and_signs_of_the_place_are_told_apart():
    sign, number, left = (departure(t, SHELF) for t in (SIGN, NUMBER, LEFT_OUT))
    assert sign
    assert number
    assert left
    assert sign.signs == ("+", "-")
    assert sign.odd == []
    assert number.odd == ["6"]
    assert number.wanted == {Fraction(4)}
    assert left.odd == ["4"]  # compared with 54 + 20, which the line looks like


@pytest.mark.parametrize(
    "right",
    [
        "\n".join(SHELF.steps),
        "5 x 4 = 20\n6 x 14 = 84\n84 - 30 = 54\n54 + 20 = 74",
        "14 x 6 = 84\n30 from 84 is 84 - 30 = 54\n4 x 5 = 20\n20 + 54 = 74",
        "6 x 14 - 30 = 54\n5 x 4 = 20\n54 + 20 = 74",
    ],
)
def test_a_right_solution_in_another_order_or_form_departs_nowhere(right):
    assert departure(right, SHELF) is None


@pytest.mark.parametrize("text", ["", "I got 54.", "I don't know.", "x" * 10_000])
def test_words_without_a_calculation_show_nothing(text):
    assert departure(text, SHELF) is None


def test_a_solution_that_does_not_lead_to_the_answer_cannot_be_compared():
    assert departure(SIGN, shelf(steps=("Just count them.",))) is None
    assert departure(SIGN, shelf(answer="75", expression="75")) is None


def test_the_same_numbers_with_another_sign_are_wrong_even_if_the_result_stands_in_the_question():
    p = problem_from_text(
        "p", "Ann has $200 more than Dan. Dan has $400. How much have both?", "1000",
        ("Ann has $400 + $200 = $600.", "Both have $600 + $400 = $1000."),
    )  # fmt: skip
    d = departure("$400 - $200 = $200\nBoth have $200 + $400 = $600\nThe answer is 600.", p)
    assert d is not None
    assert (d.kind, d.equation, d.step) == ("plan", "$400 - $200 = $200", 0)


@given(a=st.integers(2, 60), b=st.integers(2, 60), c=st.integers(2, 60), off=st.integers(1, 9))
def test_a_false_result_is_always_a_slip(a, b, c, off):
    text = f"A box has {a} rows of {b} pens, and {c} more lie beside it. How many pens?"
    p = problem_from_text("p", text, str(a * b + c), (f"{a} x {b} = {a * b}", f"{a * b} + {c} = {a * b + c}"))
    wrong = a * b + off
    d = departure(f"{a} x {b} = {wrong}\n{wrong} + {c} = {wrong + c}\nThe answer is {wrong + c}.", p)
    assert d is not None
    assert (d.kind, d.step, d.result) == ("slip", 0, str(wrong))


def test_a_solution_that_goes_on_in_words_has_not_stopped_there():
    assert departure("6 x 14 = 84\n84 - 30 = 54\nThen I add all the others and get to 99.", SHELF) is None
