import pytest

from classwright.classroom.slots import SlotRules, check_words, repetition

RULES = SlotRules((5, 40), 6.0, ["Work out 1/2 + 1/3.", "5/6"], ("5/6",))


def test_good_words_pass():
    text = "Cut both strips into sixths. Then 1/2 + 1/3 = 5/6, so the strip is nearly full."
    assert check_words(text, RULES) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Too short 5/6.", "words"),
        ("Sure! Here is the text you asked for: it is 5/6 of a cake.", "talks about itself"),
        ("First cut the cake and then see that 1/2 + 1/3 = 2/6 or 5/6.", "false equation"),
        ("First cut the cake into 17 parts and you see that it is 5/6.", "a number it was not given"),
        ("Cut the cake now please. Cut the cake now please. It is 5/6.", "says a sentence twice"),
        ("Cut the cake in parts and count them all up until the end.", "does not mention 5/6"),
        ("Cut the cake in parts and then count them: 5/6 and then", "middle of a sentence"),
        ("## Title\nCut the cake in parts and count them: 5/6.", "markup"),
        ("Teacher: cut the cake in parts and count them all: 5/6.", "markup"),
        (
            "Notwithstanding considerable representational heterogeneity, equivalence transformations guarantee "
            "commensurability, yielding approximately 5/6.",
            "reads like grade",
        ),
    ],
)
def test_bad_words_are_refused_with_the_reason(text, fault):
    assert any(fault in reason for reason in check_words(text, RULES))


def test_repeating_another_part_is_refused():
    rules = RULES._replace(avoid=["Cut the cake and get 5/6."], must_mention=())
    assert check_words("cut the cake, and get 5/6.", rules) == ["repeats another part word for word"]


def test_repeated_runs_of_words_count_as_repetition():
    assert repetition("I have a cake and I have a cake and I have a cake") == "repeats itself"
    assert (
        repetition("We do adding fractions with unlike denominators. Say how adding fractions with unlike parts works.")
        == ""
    )
    assert repetition("Add the tops. Keep the bottom. Simplify.") == ""


def test_filler_and_empty_talk_are_refused():
    rules = SlotRules(
        (5, 60), None, [], content="Find a number that both denominators divide into. Add the numerators."
    )
    assert "filler: a fun way to" in check_words("This is a fun way to teach your denominators and numerators.", rules)
    assert check_words("We talked and we all had a very good time today.", rules) == [
        "says too little of what it was given"
    ]
    assert check_words("First make the denominators equal by finding a number. Then add the numerators.", rules) == []


def test_of_facts_with_few_longer_words_all_must_be_said():
    rules = SlotRules((5, 60), None, [], content="Keep the ones digit. Make the tens one more.")
    assert check_words("We look at the tens digit and make it go up by one.", rules) == []
    assert check_words("We look at the tens and we make them go up by one.", rules) == [
        "says too little of what it was given"
    ]
