from fractions import Fraction

import pytest

from classwright.classroom.expression_form import take_apart
from classwright.classroom.story import (
    asked_unit,
    is_story,
    learn_stories,
    numbers_of,
    question_of,
    story_faults,
    story_samples,
)
from classwright.skilltree.bank import problem

UNLIKE = "Rosa uses 3/4 cup of flour for bread and 1/6 cup for rolls. How many cups does Rosa use in all?"


def faults(text, expression, answer, skill="fractions.add_unlike"):
    return story_faults(text, expression, answer, learn_stories(skill)[take_apart(expression).pattern])


@pytest.mark.parametrize(("text", "stated", "maybe"), [
    ("3/4 cup and 1 1/2 cups", [3, 4, 1, 1, 2], []),
    ("$3.50 for 1,200 pens, 25% off", [Fraction(7, 2), 1200, 25], []),
    ("Three boys share twenty plums", [3, 20], []),
    ("Two angles of 65° and 38°", [65, 38], [2]),
    ("one of the two girls has 5", [5], [1, 2]),
    ("twice as many as half a dozen", [2, 2, 12], []),
])  # fmt: skip
def test_numbers_of_a_story(text, stated, maybe):
    found = numbers_of(text)
    assert sorted(found.stated.elements()) == sorted(stated)
    assert sorted(found.maybe.elements()) == sorted(maybe)


def test_the_question_and_what_it_counts():
    text = "Mr. Lee has 4 bags. How many goal cards are in each bag?"
    assert question_of(text) == "How many goal cards are in each bag?"
    assert asked_unit(text) == "goal cards"
    assert question_of("Find the sum.") == asked_unit("How long is it?") == ""


def test_a_good_story_has_no_fault():
    assert faults(UNLIKE, "3/4 + 1/6", "11/12") == []
    assert faults("Sam has $10 and saves $6 every week. After how many weeks does Sam have $34?", "solve(6x + 10 = 34, x)",
                  "4", "equations.two_step_story") == []  # fmt: skip


@pytest.mark.parametrize(("text", "why"), [
    (UNLIKE.replace("1/6", "1/5"), "5 is not used"),
    (UNLIKE.replace("1/6", "1/5"), "6 of the calculation is not in the text"),
    (UNLIKE.replace("for rolls", "for 8 rolls"), "8 is not used"),
    (UNLIKE.replace("for rolls", "for rolls, so 11/12 cup"), "it tells the answer"),
    (UNLIKE.replace("in all", "in all? Why"), "one question"),
    (UNLIKE.replace("?", "."), "one question"),
    (UNLIKE.replace("does Rosa use in all", "are left"), "the calculation ends with adding"),
    (UNLIKE.replace("How many cups does", "How many rolls does"), "is no number of rolls"),
    (UNLIKE.replace("1/6 cup", "1/6 of the rest"), "a part of the rest"),
    (UNLIKE.replace("in all?", "in all, and how many are left?"), "two things"),
])  # fmt: skip
def test_each_contradiction_is_named(text, why):
    assert any(why in f for f in faults(text, "3/4 + 1/6", "11/12"))


def test_parts_of_one_whole_are_not_more_than_it():
    text = "Ben eats 3/4 of the cake and Ana eats 5/6 of it. How much of the cake do they eat together?"
    assert any("more than the whole" in f for f in faults(text, "3/4 + 5/6", "1 7/12"))


def test_a_sum_is_no_answer_to_what_is_taken_away():
    text = "Ana has 9 pens and Ben has 4 pens. How many pens do they have altogether?"
    assert any("subtracting" in f for f in faults(text, "9 - 4", "5", "counting.compare_story"))


@pytest.mark.parametrize("skill", ["geometry.name_shapes", "statistics.sort_count", "equations.both_sides",
                                   "polynomials.add", "counting.count_objects", "history.rome"])  # fmt: skip
def test_a_skill_without_stories_has_none_to_write(skill):
    assert learn_stories(skill) == {}


@pytest.mark.parametrize("skill", ["whole.two_step_story", "fractions.add_unlike", "decimals.multiply", "ratios.speed",
                                   "equations.two_step_story", "measurement.money_decimals"])  # fmt: skip
def test_code_reads_the_banks_own_stories(skill):
    forms = learn_stories(skill)
    rows = [(p, take_apart(p.expression).pattern) for p in story_samples(skill, 40, first=8_000_000) if is_story(p)]
    read = [not story_faults(p.text, p.expression, p.answer, forms[pattern]) for p, pattern in rows if pattern in forms]
    assert len(read) > 60
    assert sum(read) >= 0.97 * len(read)


def test_a_hidden_number_need_not_be_named_a_given_one_must():
    form = learn_stories("ratios.percent_of")
    p = next(p for p in story_samples("ratios.percent_of", 5) if is_story(p))
    pattern = take_apart(p.expression).pattern
    assert form[pattern].stated == (True, False, True)  # 40/100 * 210: the 100 stands in no text
    assert not is_story(problem("fractions.add_unlike", 1, 1))
