"""Grading: every way to write an answer, every near miss, and nothing that raises."""

import time
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classwright.skilltree.grading import grade, same_answer
from classwright.skilltree.problem import Draft, Kind
from classwright.skilltree.reading import extract_answer, read_number
from classwright.skilltree.units import measure
from classwright.skilltree.values import decimal_text, mixed_text

# what is asked for: (answer, options) -> {given: right / wrong / ungradable}
CASES: list[tuple[str, dict, str, str, str]] = [
    # answer, options of the draft, right, wrong, ungradable; spellings are separated by " | "
    ("5/6", {}, "5/6 | 10/12 | −10/−12 | x = 5/6 | = 5/6 | 5/6. | **5/6** | $\\frac{5}{6}$ | 5/6 of a cup", "6/5 | -5/6 | 0.83 | 5 | 5/7",
     "5/6 or 6/5"),
    ("5/6", {"form": "simplest"}, "5/6", "10/12 | 0.8333", "simplest form"),
    ("3/2", {"form": "simplest"}, "3/2 | 1 1/2", "6/4 | 1 2/4 | 1.5", ""),
    ("1 1/2", {"form": "mixed"}, "1 1/2 | 1 and 1/2 | 1\\frac{1}{2}", "3/2 | 1.5 | 11/2", ""),
    ("7/4", {"form": "improper"}, "7/4", "1 3/4 | 1.75", ""),
    ("0.75", {"form": "decimal"}, "0.75 | .75 | 0.750", "3/4 | 75% | 7.5", ""),
    ("3.2 * 10^5", {"form": "scientific"}, "3.2 x 10^5 | 3.2×10^5 | 3.2 * 10^(5)", "32 x 10^4 | 320000 | 3.2 x 10^4", ""),
    ("12", {}, "12 | 12.0 | 24/2 | twelve | 12 apples | The answer is 12. | ANSWER: 12 | I got 12 | \\boxed{12} | 7 + 5 = 12",
     "13 | -12 | 1.2 | 120", "7 + 5 | | I do not know | it is not 12 | 12 or 13 | 12 R 1 | 11, no, 12"),
    ("-3", {}, "-3 | −3 | - 3 | (-3) | negative 3 | minus three", "3 | -4", "5-8"),
    ("1250", {}, "1,250 | 1250 | 1250.00", "1.250 | 125", "1,25"),
    ("25%", {}, "25% | 25 | 25 percent | 0.25 | 1/4", "2.5% | 0.25%", ""),
    ("25%", {"form": "percent"}, "25% | 25", "0.25 | 1/4", ""),
    ("0.25", {}, "25%", "25", ""),
    ("3.50", {"unit": "dollars"}, "$3.50 | 3.5 | 3.50 dollars | $ 3.50", "$35 | 350 cents | 3.50 m", ""),
    ("12", {"unit": "cm"}, "12 cm | 12 centimeters | 12cm | 12", "120 mm | 12 square cm | 0.12 m | 12 m", ""),
    ("12", {"unit": "square cm"}, "12 square centimeters | 12 cm² | 12 cm^2 | 12 sq cm", "12 cm", ""),
    ("60", {"unit": "kilometers per hour"}, "60 km/h | 60 kilometers per hour", "60 km", ""),
    ("30", {"unit": "degrees"}, "30° | 30 degrees | $30^\\circ$", "60°", ""),
    ("3:4", {"kind": "ratio"}, "3:4 | 6:8 | 3 to 4 | 3/4 | 3 : 4", "4:3 | 3:5", "3"),
    ("3:4", {"kind": "ratio", "form": "simplest"}, "3:4", "6:8", ""),
    ("(3, -2)", {"kind": "point"}, "(3, -2) | (3,−2) | 3, -2 | x = 3, y = -2 | y=-2 and x=3 | The point is (3, -2), I think.", "(-2, 3) | (3, 2)",
     "3 | somewhere"),
    ("no solution", {"kind": "point"}, "no solution | none", "(1, 2)", ""),
    ("3:45", {"kind": "time"}, "3:45 | 03:45 | 3:45 p.m. | quarter to four | 15 minutes before 4", "4:45 | 3:54", "3.45"),
    ("3:00", {"kind": "time"}, "3 o'clock | 3:00 | 3 pm", "4 o'clock", ""),
    ("x < 8", {"kind": "inequality"}, "x < 8 | 8 > x | x<8.0 | x is less than 8", "x > 8 | x ≤ 8 | x + 1 < 9 | x < 9", "8"),
    ("x >= -2", {"kind": "inequality"}, "x ≥ -2 | -2 <= x | x is at least -2 | $x \\geq -2$", "x > -2", ""),
    ("-2 < x <= 5", {"kind": "inequality"}, "-2 < x <= 5 | x > -2 and x <= 5 | 5 >= x > -2", "-2 < x < 5 | x > -2", ""),
    ("x < -1 or x > 3", {"kind": "inequality"}, "x < -1 or x > 3 | x > 3 or x < -1", "-1 < x < 3", ""),
    ("y = 2x + 1", {"kind": "equation"}, "y = 2x + 1 | y=1+2x | 2x - y = -1 | 2y = 4x + 2 | 2x + 1", "y = 2x - 1 | y = x + 2", "two x plus one"),
    ("x + 5 = 12", {"kind": "equation"}, "x + 5 = 12 | 5 + x = 12 | 12 = x + 5", "x = 7 | x - 5 = 12", "12"),
    ("x^2 + 5x + 6", {"kind": "expression"}, "x^2 + 5x + 6 | 6 + 5x + x² | (x+2)(x+3) | $x^{2}+5x+6$", "x^2 + 6x + 5 | 5x", "idk"),
    ("x^2 + 5x + 6", {"kind": "expression", "form": "expanded"}, "x^2 + 5x + 6", "(x+2)(x+3) | x^2 + 2x + 3x + 6", ""),
    ("(x + 2)(x + 3)", {"kind": "expression", "form": "factored"}, "(x+3)(x+2) | (-x-2)(-x-3)", "x^2 + 5x + 6 | x(x+5) + 6 | (x+1)(x+6)", ""),
    ("3x(2x + 3)", {"kind": "expression", "form": "factored"}, "3x(2x+3) | (2x+3)*3x", "3(2x^2+3x) | x(6x+9) | 6x^2 + 9x", ""),
    ("3(x + 1)^2", {"kind": "expression", "form": "factored"}, "3(x+1)^2 | 3(x+1)(x+1)", "3(x^2+2x+1)", ""),
    ("5x", {"kind": "expression", "form": "simplest"}, "5x | 5*x", "2x + 3x | 4x", ""),
    ("8x^5", {"kind": "expression", "form": "simplest"}, "8x^5", "8x^2x^3 | 8x^6", ""),
    ("5*sqrt(2)", {"kind": "expression", "form": "simplest"}, "5√2 | 5sqrt(2) | 5\\sqrt{2}", "sqrt(50) | √50 | 7.07", ""),
    ("300 + 40 + 5", {"kind": "expression", "form": "expanded"}, "300 + 40 + 5 | 5+300+40", "345 | 300 + 45", ""),
    ("9*pi", {"kind": "expression", "unit": "square cm"}, "9π | 9pi | 9 π square cm | A = 9π | I got 9π.", "28.26 | 6π | 9π cm", ""),
    ("1/(x + 1)", {"kind": "expression"}, "1/(1 + x) | 2/(2x + 2)", "1/x + 1", ""),
    ("3*2^x", {"kind": "expression"}, "3 * 2^x | 3(2)^x | 1.5 * 2^(x+1)", "6^x", ""),
    ("(-1 + sqrt(5))/2", {"kind": "expression"}, "\\frac{-1+\\sqrt{5}}{2} | (√5 - 1)/2", "\\frac{1+\\sqrt{5}}{2}", "\\foo{"),
    ("x^(1/3)", {"kind": "expression"}, "\\sqrt[3]{x} | x^(1/3)", "\\sqrt[4]{x}", ""),
    ("x^-3", {"kind": "expression"}, "x^-3 | x^(-3) | 1/x^3", "x^3 | -3x", ""),
    ("<", {"kind": "comparison", "expression": "compare(1/2, 3/4)"}, "< | less than | 1/2 < 3/4 | 3/4 > 1/2 | is less than", "> | = | 1/2 > 3/4 | greater",
     "1/2 | 5 < 6"),
    ("2, 3, 5", {"kind": "list"}, "2, 3, 5 | 2,3,5 | 2, 3 and 5 | {2, 3, 5} | [2,3,5]", "2, 5, 3 | 2, 3", "the primes"),
    ("2, 3", {"kind": "list", "form": "set"}, "3, 2 | x = 2 or x = 3 | 2 and 3", "2 | 2, 4 | 2, 3, 4", ""),
    ("1/8, 1/5, 1/3", {"kind": "list"}, "1/8 < 1/5 < 1/3 | 1/8, 1/5, 2/6", "1/3, 1/5, 1/8", ""),
    ("1000, 2000", {"kind": "list"}, "1,000, 2,000 | 1000,2000", "1,000", ""),
    ("triangle", {"kind": "word", "choices": ("triangle", "square")}, "Triangle | a triangle | triangles | It is a triangle because it has 3 sides.",
     "square", "circle | triangle or square | not a triangle"),
    ("isosceles", {"kind": "word", "choices": ("isosceles", "not isosceles")}, "isosceles", "not isosceles", ""),
    ("yes", {"kind": "word", "choices": ("yes", "no")}, "yes | Yes, because 7 * 13 = 91 | y", "no | No.", "maybe"),
    ("II", {"kind": "word", "choices": ("I", "II", "III", "IV")}, "II | quadrant II | Quadrant 2 | second quadrant", "III | 4", ""),
    ("√86", {"kind": "word", "choices": ("√86", "√196")}, "√86 | sqrt(86)", "√196", ""),
    ("no solution", {}, "no solution | none", "5 | infinitely many solutions", "hm"),
    ("infinitely many solutions", {}, "infinitely many solutions | all real numbers", "no solution | 0", ""),
]  # fmt: skip

SPELLINGS = [
    (answer, options, spelling.strip(), result)
    for answer, options, *columns in CASES
    for result, column in zip(("right", "wrong", "ungradable"), columns, strict=True)
    for spelling in (column.split(" | ") if column else [])
]


@pytest.mark.parametrize(("answer", "options", "given", "result"), SPELLINGS)
def test_spelling(answer: str, options: dict, given: str, result: str) -> None:
    draft = Draft(
        "", answer, options.get("expression", ""), (), {}, **{k: v for k, v in options.items() if k != "expression"}
    )
    verdict = grade(given, draft)
    assert verdict.result == result, verdict
    assert bool(verdict.reason) == (result != "right")


def test_repeating_the_question_is_no_answer() -> None:
    asked = Draft("Simplify 2x + 3x.", "5x", "simplify(2x + 3x)", (), {}, kind="expression")
    assert grade("2x + 3x", asked).result == "wrong"
    assert grade("5x", asked).result == "right"


EXTRACTS = {
    "My answer is 5/6.": "5/6",
    "I got 5/6. I added the tops.": "5/6",
    "First 2 + 3.\nANSWER: 5\n": "5",
    "Final answer: **0.75**": "0.75",
    "So \\boxed{\\frac{1}{2}} it is": "\\frac{1}{2}",
    "1/2 + 1/3 = 5/6": "5/6",
    "There are 12 left, because I took some away.": "12",
    "I got 3 at first, but the answer is 5.": "5",
    "x = 12 - 5\nx = 7": "7",
    "3 or 2": None,
    "I think 3, maybe 4": None,
    "It is not 7.": None,
    "ANSWER: 3\nANSWER: 4": None,
    "no idea": None,
    "": None,
}


@pytest.mark.parametrize("text", EXTRACTS)
def test_extract(text: str) -> None:
    assert extract_answer(text) == EXTRACTS[text]


fractions = st.fractions(min_value=-200, max_value=200, max_denominator=60)


def spellings(number: Fraction) -> list[str]:
    found = [
        str(number),
        mixed_text(number),
        f"{number.numerator * 3}/{number.denominator * 3}",
        f"My answer is {number}.",
    ]
    found += [f"x = {number}", f"ANSWER: {number}", str(number).replace("-", "−"), f"{mixed_text(number)} apples"]
    decimal = decimal_text(number)
    return found if decimal is None else [*found, decimal, f"{decimal_text(number * 100)}%"]


@given(fractions)
def test_every_spelling_of_a_number_is_right_for_every_other(number: Fraction) -> None:
    for given_ in spellings(number):
        assert same_answer(given_, str(number)), given_
        read = read_number(given_) if given_[0] not in "MA" else None
        assert read is None or read.value == number


@given(fractions, fractions.filter(bool))
def test_anything_off_is_wrong(number: Fraction, off: Fraction) -> None:
    for given_ in spellings(number + off):
        assert grade(given_, Draft("", str(number), "", (), {})).result == "wrong", given_


coefficient = st.integers(-9, 9)


@given(coefficient, coefficient, coefficient, coefficient.filter(bool))
def test_polynomials_are_compared_as_algebra(a: int, b: int, c: int, off: int) -> None:
    answer = f"{a}*x^2 + ({b})*x + ({c})"
    assert same_answer(f"({c}) + x*({a}x + ({b}))", answer, "expression")
    assert not same_answer(f"({c + off}) + x*({a}x + ({b}))", answer, "expression")
    assert same_answer(f"y - ({b})x = {a}x^2 + ({c})", f"y = {answer}", "equation")


@given(st.integers(-20, 20), st.integers(-20, 20), st.integers(1, 20))
def test_points_lists_and_ratios(x: int, y: int, k: int) -> None:
    assert same_answer(f"x = {x}, y = {y}", f"({x}, {y})", "point")
    assert not same_answer(f"({x + k}, {y})", f"({x}, {y})", "point")
    assert same_answer(f"{x} and {y}", f"{x}, {y}", "list")
    assert same_answer(f"{y}, {x}", f"{x}, {y}", "list", "set")
    a, b = abs(x) + 1, abs(y) + 1
    assert same_answer(f"{a * k}:{b * k}", f"{a}:{b}", "ratio")
    assert not same_answer(f"{a * k}:{b * k + 1}", f"{a}:{b}", "ratio")


ANSWERS: dict[Kind, str] = {
    "number": "5/6", "expression": "x^2 + 5x + 6", "equation": "y = 2x + 1", "inequality": "x < 8", "comparison": "<",
    "list": "2, 3, 5", "ratio": "3:4", "point": "(3, -2)", "word": "triangle", "time": "3:45",
}  # fmt: skip
pieces = st.sampled_from("0 1 23 4/5 -7 0.5 + - * / ^ ( ) = < > , : ; . % $ x y pi \\frac{1}{2} \\boxed{ } | √ ² ½ and or not answer is ANSWER: I got \n".split(" "))  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.one_of(st.text(max_size=60), st.lists(pieces, max_size=12).map(" ".join)), st.sampled_from(sorted(ANSWERS)))
def test_nothing_that_is_given_raises(given_: str, kind: Kind) -> None:
    verdict = grade(given_, Draft("", ANSWERS[kind], "", (), {}, kind=kind))
    assert verdict.result in ("right", "wrong", "ungradable")


@pytest.mark.parametrize("kind", sorted(ANSWERS))
def test_hostile_answers_cost_little(kind: Kind) -> None:
    start = time.perf_counter()
    hostile = ["9" * 100_000, "(" * 50_000, "1/" * 20_000, "x^" * 9_000, "9^9^9^9", "1 " * 40_000, "answer is " * 9_000, "-" * 50_000,
               "$" * 30_000, "\\frac{" * 9_000, "\\boxed{" * 5_000, "a, " * 20_000, "= 1 " * 20_000, "(x+y+z)^500", " " * 100_000]  # fmt: skip
    for text in hostile:
        assert grade(text, Draft("", ANSWERS[kind], "", (), {}, kind=kind)).result != "right"
    assert time.perf_counter() - start < 10


def test_units() -> None:
    assert measure("square centimeters") == measure("cm²") == measure("sq. cm") == "cm^2"
    assert measure("miles per hour") == "mi/h"
    assert measure("apples") is None
    assert measure("") is None
