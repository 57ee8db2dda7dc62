import pytest

from classwright.classroom.student_voice import Voiced, out_of_role, parroted, voice

HEARD = "Look at the bottom numbers of the two fractions. What do they tell you?"


@pytest.mark.parametrize(("text", "found"), [
    ("I got 3/7. I added the tops.", False),
    ("You said that I should add them.", False),
    ("I think you are right.", False),
    ("Great job! Now try the next one.", True),
    ("You should add the numerators first.", True),
    ("Remember that the denominators must match.", True),
    ("Tutor: What is 2 plus 2?", True),
    ("As an AI, I cannot say.", True),
    ("The student would say 5.", True),
    ("", False),
])  # fmt: skip
def test_words_that_are_not_a_students(text, found):
    assert out_of_role(text) is found


def test_parroting_is_repeating_what_was_just_said():
    assert parroted("Look at the bottom numbers of the two fractions.", HEARD)
    assert not parroted("I looked at the numbers and I still get 3/7.", HEARD)
    assert not parroted("ok", HEARD)


def test_drift_is_measured_from_the_first_to_the_later_replies():
    turns = [Voiced("I got 3/7.", HEARD, 4, 0), Voiced("I don't know.", HEARD, 4, 1),
             Voiced("You should add the tops.", HEARD, 4, 3), Voiced("", HEARD, 4, 4)]  # fmt: skip
    found = voice(turns)
    assert (found.turns, found.early, found.late) == (3, 0, 1)
    assert found.out_of_role == pytest.approx(1 / 3)
    assert found.words == pytest.approx((3 + 3 + 5) / 3)
    assert (found.reading_grade, found.too_hard) == (None, None)


def test_words_too_hard_for_the_grade_are_found():
    hard = ("Consequently, multiplying denominators indiscriminately produces inappropriate representations of "
            "proportional relationships between quantities.")  # fmt: skip
    easy = "I put the two bars side by side and then I saw that one is a bit longer than mine."
    found = voice([Voiced(hard, HEARD, 3, 0), Voiced(easy, HEARD, 3, 0)])
    assert found.too_hard == 0.5


def test_nothing_was_said():
    found = voice([])
    assert found.turns == 0
    assert {found.out_of_role, found.early, found.late, found.parroted, found.words} == {None}
