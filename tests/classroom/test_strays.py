"""Words of a model beside the plain sentence that they stand for."""

import pytest

from classwright.classroom.strays import longer, off_the_point

PLAIN = "You wrote “6 - 2 = 4”. What in the story made you take away there?"


@pytest.mark.parametrize("text", ["Why did you do 6 - 2?", "What part of the story made you subtract?"])
def test_the_same_in_other_words_is_on_the_point(text):
    assert off_the_point(text, PLAIN) == ""


@pytest.mark.parametrize("text", ["The thought process is important.", "", "What do you like to eat?"])
def test_something_else_is_off_the_point(text):
    assert off_the_point(text, PLAIN).startswith("does not say this")


def test_a_plain_sentence_of_few_words_asks_for_few():
    assert off_the_point("Okay, I stop here now.", "I stop.") == ""


def test_much_longer_words_are_told():
    assert longer("word " * 34, "one two three " * 5) == ""
    assert longer("word " * 35, "one two three " * 5) == "35 words, more than 34"
