"""Typed mathematics in text: found where it is, left alone where it is not, and never changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from classwright.reports.latex import markup_with_latex
from classwright.reports.math_nodes import Fraction, Math, Number, plain
from classwright.reports.mathml import markup
from classwright.reports.pieces import pieces
from tests.reports.lessons import GOAL, ODD, plan
from tests.reports.linear import xhtml_text


@given(st.text() | st.text(alphabet="0123456789 /+-=().,|^√∛xyzab□_%°:", max_size=60))
def test_pieces_written_out_again_are_the_text(text: str) -> None:
    assert "".join(plain(piece) for piece in pieces(text)) == text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Work out 3/4 + 1/6.", ["3/4 + 1/6"]),
        ("a 3/4 cup and 2 1/2 cups, 1/2-inch", ["3/4", "2 1/2", "1/2"]),
        ("Solve 4|y - 5| - 10 = 14.", ["4|y - 5| - 10 = 14"]),
        ("the part -b/(2a) of ax^2 + bx + c = 0", ["-b/(2a)", "ax^2 + bx + c = 0"]),
        ("7.6 × 10^-5 or 2^(x + 1)", ["7.6 × 10^-5", "2^(x + 1)"]),
        ("t = (T - 17)/2", ["t = (T - 17)/2"]),
        ("∛(-27/64) and 8√10", ["∛(-27/64)", "8√10"]),
        ("the y-intercept of f(x) = 2x^2", ["y", "f(x) = 2x^2"]),
        ("Put 7 in place of x.", ["x"]),
        ("3/4 = □/12", ["3/4 = □/12"]),
        ("The point (3, -2)", ["(3, -2)"]),
    ],
)
def test_mathematics_is_found_whole(text: str, found: list[str]) -> None:
    assert [plain(piece) for piece in pieces(text) if isinstance(piece, Math)] == found


@pytest.mark.parametrize(
    "text",
    [
        "On 24/11/2026 or 11/24/2026, at 3:45, in 10-12 minutes.",
        "He or she and/or they drive 60 km/h; e.g. 5cm, 2nd, count by 4s, an x-ray.",
        "Make 3 x 4 rows. A class (a) of 24, see (2). I have 12.",
        "$4.25 + $3.20 at 9 - then stop",
    ],
)
def test_what_is_not_sure_stays_text(text: str) -> None:
    assert pieces(text) == [text]


def test_a_fraction_loses_the_parentheses_that_only_hold_its_top_together() -> None:
    [math] = pieces("(z + 7)/6")
    assert isinstance(math, Math)
    [fraction] = math.nodes
    assert isinstance(fraction, Fraction)
    assert fraction.bottom == (Number("6"),)
    assert plain(fraction.top) == "z + 7"


@pytest.mark.parametrize("skill", [GOAL, *ODD])
def test_markup_of_every_text_of_a_plan_says_the_same(skill: str) -> None:
    for _, text in plan(skill).texts():
        assert xhtml_text(etree.fromstring(f"<p>{markup(text)}</p>")) == text


def test_markup_escapes_text_and_mathematics() -> None:
    assert markup("<b> & 3 < x") == "&lt;b&gt; &amp; 3\u00a0&lt;\u00a0<i>x</i>"
    assert "<mo>&lt;</mo>" in markup("1/2 < 3/4")


def test_cards_hold_latex() -> None:
    assert markup_with_latex("Is 1 1/2 < √2?\nx^-1 ≤ (a + b)/5") == (
        r"Is \(1\frac{1}{2} &lt; \sqrt{2}\)?<br>\(x^{-1} \le \frac{a + b}{5}\)"
    )
