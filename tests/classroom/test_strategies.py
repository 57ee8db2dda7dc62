import pytest

from classwright.classroom.bridge import STRATEGIES
from classwright.classroom.strategies import MEANING, enacted


@pytest.mark.parametrize(
    ("text", "strategy"),
    [
        ("Why did you add the bottoms?", "ask_question"),
        ("Remember what the bottom number tells you.", "provide_hint"),
        ("You need to multiply both numbers by 3.", "provide_strategy"),
        ("For example, a half of 10 is 5.", "provide_example"),
        ("Not quite, the 9 should be a 6.", "provide_correction"),
        ("Let's try a similar problem: half of 8.", "provide_similar_problem"),
        ("Let's break it down into two parts.", "simplify_question"),
        ("That's right!", "affirm_correct_answer"),
        ("Nice try, keep going.", "encourage_student"),
        ("It works because the pieces have the same size.", "explain_concept"),
    ],
)
def test_each_strategy_is_found(text, strategy):
    assert strategy in enacted(text)


def test_plain_words_carry_out_nothing():
    assert enacted("Okay.") <= {"affirm_correct_answer"}
    assert "affirm_correct_answer" not in enacted("That is incorrect.")


def test_every_strategy_but_other_has_a_meaning():
    assert set(MEANING) == set(STRATEGIES) - {"other"}
