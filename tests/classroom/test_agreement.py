import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.classroom.agreement import krippendorff, macro_f1, score_labels, wilson

OBSERVERS = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
"""Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section C: four observers, twelve units."""

CODERS = """
. . . . . 3 4 1 2 1 1 3 3 . 3
1 . 2 1 3 3 4 3 . . . . . . .
. . 2 1 3 4 4 . 2 1 1 3 3 . 4
"""
"""The three coders of the example in the encyclopedias: nominal .691, interval .811."""


def units(table: str) -> list[tuple[int | None, ...]]:
    rows = [[None if v == "." else int(v) for v in line.split()] for line in table.strip().splitlines()]
    return list(zip(*rows, strict=True))


@pytest.mark.parametrize(
    ("table", "level", "alpha"),
    [
        (OBSERVERS, "nominal", 0.743),
        (OBSERVERS, "ordinal", 0.815),
        (OBSERVERS, "interval", 0.849),
        (CODERS, "nominal", 0.691),
        (CODERS, "interval", 0.811),
    ],
)
def test_alpha_of_the_textbook(table, level, alpha):
    found = krippendorff(units(table), level)
    assert found.value is not None
    assert found.value == pytest.approx(alpha, abs=5e-4)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.value <= found.high


def test_alpha_is_one_for_agreement_and_none_where_nothing_can_be_compared():
    assert krippendorff([("a", "a"), ("b", "b")]).value == 1
    assert krippendorff([("a", "a"), ("a", "a")]).value is None
    assert krippendorff([("a", None), (None, "b")]) == (None, None, None, 0)
    assert krippendorff([]).value is None


@given(
    st.lists(st.tuples(*[st.sampled_from([1, 2, 3, None])] * 3), max_size=12), st.sampled_from(["nominal", "ordinal"])
)
def test_alpha_does_not_depend_on_the_order_of_judges_or_units_and_is_at_most_one(rows, level):
    a = krippendorff(rows, level, resamples=20).value
    b = krippendorff([row[::-1] for row in reversed(rows)], level, resamples=20).value
    assert (a is None) == (b is None)
    if a is not None and b is not None:
        assert a == pytest.approx(b)
        assert a <= 1 + 1e-12


def test_wilson_of_the_literature():
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=1e-4)
    assert wilson(0, 0) == (0, 1)
    z = 1.959964
    assert wilson(1, 1)[0] == pytest.approx(1 / (1 + z * z), abs=1e-5)
    with pytest.raises(ValueError, match="3 successes of 2"):
        wilson(3, 2)


def test_macro_f1_by_hand():
    gold = ["yes", "yes", "yes", "no", "no", "some"]
    said = ["yes", "yes", "no", "no", "yes", "no"]
    # yes: 2 hits of 3 gold and 3 said, F1 2/3; no: 1 hit of 2 and 3, F1 2/5; some: never said, 0
    assert macro_f1(gold, said) == pytest.approx((2 / 3 + 2 / 5 + 0) / 3)


def test_labels_stand_beside_the_majority_and_missing_ones_count_nowhere():
    gold = ["yes"] * 6 + ["no"] * 4
    said = ["yes"] * 5 + [None, None] + ["no"] * 3
    s = score_labels(gold, said)
    assert (s.n, s.missing, s.accuracy) == (8, 2, 1.0)
    assert (s.majority, s.majority_accuracy) == ("yes", 0.6)
    assert s.majority_f1 == pytest.approx((2 * 6 / 16) / 2)
    assert math.isclose(s.low, wilson(8, 8)[0])
    other = score_labels(gold, said, "no")
    assert (other.majority, other.majority_accuracy) == ("no", 0.4)
    with pytest.raises(ValueError, match="none of 1"):
        score_labels(["yes"], [None])
