"""Which sentence of a story tells what."""

from fractions import Fraction

import pytest

from classwright.classroom.story_sentences import asking, sentences, telling
from tests.classroom.file_problems import SHELF


def test_sentences_end_where_they_end():
    assert sentences("Mr. Lee has $3.50. He buys 2 pens. What is left?") == [
        "Mr. Lee has $3.50.", "He buys 2 pens.", "What is left?",
    ]  # fmt: skip


def test_the_sentence_that_asks_is_found():
    assert asking(SHELF.text) == "How many books does Ida have now?"
    assert asking("Work out 3 + 4.") == "Work out 3 + 4."
    assert asking("") == ""


@pytest.mark.parametrize(
    ("number", "told"),
    [(30, "On Monday she gives 30 books away."), (4, "On Tuesday 5 friends each bring her 4 books."),
     (14, "Ida has 6 shelves with 14 books on each.")],
)  # fmt: skip
def test_the_sentence_with_a_number_is_found(number, told):
    assert telling(SHELF.text, {Fraction(number)}) == told


def test_without_a_number_words_decide():
    assert telling(SHELF.text, set(), "After Monday there are fewer.") == "On Monday she gives 30 books away."
    assert telling(SHELF.text, {Fraction(999)}, "zebra") == ""


def test_of_a_long_sentence_the_fitting_clause_is_quoted():
    text = ("A farmer who lives beside the old river has 12 cows in the north field, 9 goats in the south field near the "
            "road, and 7 sheep in the barn that his father built many years ago. How many animals are there?")  # fmt: skip
    assert telling(text, {Fraction(9)}) == "9 goats in the south field near the road"
