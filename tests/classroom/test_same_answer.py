import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.classroom.same_answer import agree


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        ("Oxygen", "oxygen.", "same"),
        ("the chloroplasts", "In the chloroplasts of the leaf", "same"),
        ("sugar and oxygen", "Oxygen and sugar", "same"),
        ("Plants make sugar and oxygen", "sugar and oxygen", "same"),
        ("water, light and carbon dioxide", "carbon dioxide, water, and light", "same"),
        ("1789", "In 1789", "same"),
        ("six", "6", "same"),
        ("57 grams", "57", "same"),
        ("Yes, it does", "yes", "same"),
        ("The answer is: Paris", "Paris", "same"),
        ("oxygen", "oxygen and nitrogen", "unsure"),
        ("carbon dioxide", "carbon monoxide", "unsure"),
        ("USA", "United States of America", "unsure"),
        ("1789", "1798", "different"),
        ("No", "Yes", "different"),
        ("It is red", "It is not red", "different"),
        ("Paris", "London", "different"),
        ("", "x", "different"),
    ],
)
def test_answers_in_words(a, b, verdict):
    assert agree(a, b) == verdict
    assert agree(b, a) == verdict


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_it_never_fails_and_takes_no_sides(a, b):
    assert agree(a, b) == agree(b, a)
    assert agree(a, a) in ("same", "different")
