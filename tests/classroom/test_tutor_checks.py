import pytest

from classwright.classroom.turn import Turn
from classwright.classroom.tutor_checks import affirms, affirms_wrong, faults
from classwright.skilltree.bank import problem

P = problem("whole.add_2digit", 5, 2)
WRONG = [Turn(speaker="student", text=f"I got {int(P.answer) + 10}.")]
RIGHT = [Turn(speaker="student", text=f"I got {P.answer}.")]


def test_a_good_turn_has_no_fault():
    assert faults("Which digits do you add first, and why?", P, WRONG) == []


@pytest.mark.parametrize(("text", "why"), [
    (f"The answer is {P.answer}.", "gives the answer away"),
    ("Remember that 5 + 4 = 10. What comes next?", "false equation: 5 + 4 = 10"),
    ("Tutor: What do you do first?", "speaks of the talk"),
    ("As an AI, I would add the ones first.", "speaks of the talk"),
    ("The student says it is so.", "speaks of the talk"),
    ("Tut: Good work, check it the same way.", "speaks of the talk"),
    ("When you say: This is a new one.\nYour response: I understand.", "speaks of the talk"),
    ("Next, ask the student why they added.", "speaks of the talk"),
    ("Student: But what if I add the tens first?", "speaks of the talk"),
    ("That is right! Now write it down.", "says that a wrong answer is right"),
    ("Hm.", "1 words"),
    ("word " * 91, "91 words"),
])  # fmt: skip
def test_each_fault_is_named(text, why):
    assert any(f.startswith(why) for f in faults(text, P, WRONG)), faults(text, P, WRONG)


def test_students_of_the_story_may_be_spoken_of():
    trip = P.model_copy(update={"text": "The students of a class pay 4 dollars each. The student council adds 20."})
    assert faults("What does the student council add, and to what?", trip, WRONG) == []


def test_what_was_said_before_is_not_said_again_however_it_is_spelled():
    said = [*WRONG, Turn(speaker="tutor", text="Which digits do you add first?")]
    assert "was said before" in faults("which digits do you add FIRST", P, [*said, *WRONG])


@pytest.mark.parametrize(("text", "found"), [
    ("That is right.", True),
    ("Well done, you found it.", True),
    ("You are absolutely right about that.", True),
    ("Is that right?", False),
    ("That is not right.", False),
    ("You are almost right.", False),
    ("How do you know that you are right?", False),
    ("Let us look at the tens.", False),
])  # fmt: skip
def test_praise_counts_only_where_the_sentence_neither_asks_nor_doubts(text, found):
    assert affirms(text) is found
    assert affirms_wrong(text, P, WRONG) is found
    assert not affirms_wrong(text, P, RIGHT)
    assert not affirms_wrong(text, P, [])
