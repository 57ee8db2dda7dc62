"""Figures of words: exact values where theory gives them, and a plain algorithm to compare the fast one with."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.distill.copying import copied, words_of
from classwright.distill.move_reader import MoveReader, told_submove
from classwright.distill.number_copies import number_copies
from classwright.distill.variety import distinct, variety

WORDS = st.lists(st.sampled_from(["a", "b", "c", "7", "12"]), max_size=9).map(" ".join)


def longest_run(text, others):
    """By trying every run."""
    mask = lambda t: ["#" if w[0].isdigit() else w for w in words_of(t)]  # noqa: E731
    words, best = mask(text), 0
    for other in map(mask, others):
        runs = {tuple(other[i:j]) for i in range(len(other)) for j in range(i + 1, len(other) + 1)}
        best = max([best, *(j - i for i in range(len(words)) for j in range(i + 1, len(words) + 1)
                            if tuple(words[i:j]) in runs)])  # fmt: skip
    return best


@given(st.lists(WORDS, max_size=4), st.lists(WORDS, max_size=4))
def test_the_longest_run_is_that_of_the_plain_algorithm(texts, others):
    found = copied(texts, others)
    assert [c.run for c in found] == [longest_run(t, others) for t in texts]
    assert [c.verbatim for c in found] == [words_of(t) in [words_of(o) for o in others] for t in texts]


def test_a_pattern_with_other_numbers_is_copied_but_not_verbatim():
    [same, other, none] = copied(
        ["You have 3 apples.", "You have 41 apples!", "Nothing like it"], ["you have 3 APPLES"]
    )
    assert (same.verbatim, same.share) == (True, 1)
    assert (other.verbatim, other.share) == (False, 1)
    assert (none.verbatim, none.run) == (False, 0)


def test_runs_do_not_go_over_the_end_of_a_text():
    [found] = copied(["one two three four"], ["one two", "three four"])
    assert found.run == 2


def test_numbers_must_be_those_of_the_prompt_and_the_required_ones_there():
    good = number_copies("I got 3/4, and one more.", "3/4 of 8", ["3/4"])
    assert good.exact
    assert good.any
    bad = number_copies("I got 5.", "3 + 4", ["7|seven"])
    assert bad.strange == (Fraction(5),)
    assert bad.missing == ("7|seven",)
    assert number_copies("It is seven.", "3 + 4 = 7", ["7|seven"]).exact
    assert not number_copies("Two of them.", "", []).any


def test_distinct_counts_different_grams():
    assert distinct([["a", "b"], ["a", "b", "c"]], 1) == pytest.approx(3 / 5)
    assert distinct([["a", "b"], ["a", "b", "c"]], 2) == pytest.approx(2 / 3)
    assert distinct([["a"]], 2) is None


def test_variety_is_one_for_different_words_and_falls_for_equal_texts():
    fresh = variety([f"w{n}a w{n}b w{n}c" for n in range(10)], seed=1)
    assert fresh[3].mean == fresh[3].low == fresh[3].high == 1
    same = variety(["a b c"] * 10, seed=1)
    assert same[1].mean == pytest.approx(1 / 5)
    assert same[1].texts == 5
    assert variety(["a b c"], seed=1) == {}


def test_a_reader_of_moves_learns_from_texts():
    reader = MoveReader([("Are you sure? Check it.", "check"), ("Well done, keep it up.", "close")] * 3)
    assert reader.read("Can you check that? Are you sure?") == "check"
    assert reader.read("Well done!") == "close"
    assert not MoveReader([("x", "one")])
    assert told_submove("...\nWhat it is to do: focus, seek strategy. Ask for another way.\nFor") == "seek strategy"
    assert told_submove("Task: hint") == ""
