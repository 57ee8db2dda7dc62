"""Calculations read from worked solutions, annotated as GSM8K's or plain."""

import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.classroom.arithmetic import evaluate, number_of
from classwright.classroom.solution_steps import read_solution
from classwright.skilltree import expression

LINES = [
    # a line -> its text without annotations, and "left side = result as shown" of its calculations
    ("Tom sold 36/3 = <<36/3=12>>12 kites in May.", "Tom sold 36/3 = 12 kites in May.", ["36/3 = 12"]),
    ("It cost 3 bags * $4/bag = $<<3*4=12>>12.", "It cost 3 bags * $4/bag = $12.", ["3*4 = 12"]),
    ("Half of 36 is <<36/2=18>>18 kites.", "Half of 36 is 18 kites.", ["36/2 = 18"]),
    ("She has 1,250 − 50 = 1,200 left.", "She has 1,250 − 50 = 1,200 left.", ["1250-50 = 1,200"]),
    ("That is 20% of 60, or .2 x 60 = $12.00.", "That is 20% of 60, or .2 x 60 = $12.00.", [".2*60 = 12.00"]),
    ("So 40% + 20% = 60% are blue.", "So 40% + 20% = 60% are blue.", ["40%+20% = 60%"]),
    ("3 + 4 = <<3+4=7>>7 and 7 * 2 = <<7*2=14>>14", "3 + 4 = 7 and 7 * 2 = 14", ["3+4 = 7", "7*2 = 14"]),
    ("The area is 4(2 + 3) = 20.", "The area is 4(2 + 3) = 20.", ["4*(2+3) = 20"]),
    ("Then x + 5 = 9 and 2x = 8.", "Then x + 5 = 9 and 2x = 8.", []),
    ("We know 3 + 2S = 11.", "We know 3 + 2S = 11.", []),
    ("It is 1 + 1 1/2 = 2 1/2 cups.", "It is 1 + 1 1/2 = 2 1/2 cups.", []),
    ("He runs 3 miles a day.", "He runs 3 miles a day.", []),
]


@pytest.mark.parametrize(("line", "text", "calculations"), LINES)
def test_line(line: str, text: str, calculations: list[str]) -> None:
    (step,) = read_solution(line)
    assert step.text == text
    read = [f"{''.join(t.text for t in c.terms)} = {c.shown}" for c in step.calculations]
    assert read == calculations
    assert all(c.holds for c in step.calculations)
    assert all(step.text[c.start : c.end].endswith(c.shown) for c in step.calculations)


def test_the_place_of_an_equation_is_the_equation_without_the_words_before_it() -> None:
    (step,) = read_solution("Since 1 inch is 32 miles, 3 inches are 3 * 32 = <<3*32=96>>96 miles.")
    (c,) = step.calculations
    assert c.expressed
    assert step.text[c.start : c.end] == "3 * 32 = 96"


def test_rounded_results_hold_and_wrong_ones_do_not() -> None:
    rounded, wrong, whole = (read_solution(t)[0].calculations[0] for t in ("10/3 = 3.33", "10/3 = 3.34", "10/3 = 3"))
    assert (rounded.holds, wrong.holds, whole.holds) == (True, False, False)


def test_a_final_line_is_no_step() -> None:
    assert [s.text for s in read_solution("One.\n\n 1 + 1 = 2\n#### 2\n")] == ["One.", "1 + 1 = 2"]


@given(st.lists(st.tuples(st.sampled_from("+-*"), st.integers(0, 99)), min_size=1, max_size=6), st.integers(0, 99))
def test_values_are_exact(rest: list[tuple[str, int]], first: int) -> None:
    terms = [str(first), *(part for sign, n in rest for part in (sign, str(n)))]
    value = expression.value(" ".join(terms))  # an evaluator of its own
    assert evaluate(terms) == value
    line = f"{' '.join(terms)} = <<{''.join(terms)}={value}>>{value}"
    found = read_solution(line)[0].calculations
    assert [c.result for c in found] == ([value] if value >= 0 else [])


@pytest.mark.parametrize(
    "terms", [[], ["+"], ["3", "4"], ["(", "3"], ["3", "/", "0"], ["3", "+"], ["9" * 99], ["1"] * 99]
)
def test_what_has_no_value(terms: list[str]) -> None:
    assert evaluate(terms) is None


def test_numbers() -> None:
    read = [number_of(t) for t in ("$3,000.50", "20%", ".5", "12", "", "$", "1.2.3")]
    assert read == [Fraction(6001, 2), Fraction(1, 5), Fraction(1, 2), 12, None, None, None]


@given(st.text(alphabet="0123456789+-*/()=<>$%., xab\n#", max_size=80))
def test_any_text_is_read(text: str) -> None:
    for step in read_solution(text):
        for c in step.calculations:
            assert 0 <= c.start <= c.end <= len(step.text)


@pytest.mark.parametrize("piece", ["1+", "1=", "(", "<<1+1=2>>", "9", "3 cups * ", "= $"])
def test_hostile_lines_cost_little(piece: str) -> None:
    start = time.perf_counter()
    read_solution(piece * (20_000 // len(piece)) + "=1")
    assert time.perf_counter() - start < 5
