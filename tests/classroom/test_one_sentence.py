import pytest

from classwright.classroom.dialogue import problem_from_text
from classwright.classroom.one_sentence import same, sentences, suggestion_faults, too_hard
from classwright.classroom.turn import Turn

PENS = problem_from_text("p", "Tom has 12 pens and gives away 5. How many are left?", "7")
TALK = (
    Turn(speaker="tutor", text="What did you do with the 5 pens?"),
    Turn(speaker="student", text="The answer is 17."),
)


@pytest.mark.parametrize(
    ("text", "n"),
    [("What is 3.5 times 2?", 1), ("Good. Now add.", 2), ("Look at it, e.g. the 4.", 1), ("Wow! Why?", 2), ("Hmm... why?", 2), ("", 0),
     ("Mr. Lee has 2.5 m, right?", 1)],
)  # fmt: skip
def test_sentences_are_counted(text, n):
    assert sentences(text) == n


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Add it. Then look.", "2 sentences, not one"),
        ("Look", "1 words, not 4"),
        ("Look at the pens again", "does not end like a sentence"),
        ("You could ask the student about the pens.", "speaks about the talk"),
        ("Tutor: think about the pens again.", "speaks about the talk"),
        ("So 12 - 5 = 8 pens are left here.", "false equation"),
        ("So the answer is 7 pens.", "gives the answer away"),
        ("Yes, that's right, 17 it is.", "says that a wrong answer is right"),
        ("What did you do with the 5 pens?", "the tutor said this before"),
        ("Think about the 20 pens once more.", "20 stands nowhere in the talk"),
        ("Think about it, [NAME-9], once more.", "[NAME-9] stands for nobody"),
        ("Think about the pens he gave away now.", "another suggestion says the same"),
        ("Considering hypothetical redistribution of stationery, investigate systematically whatever operation characterizes giving "
         "things away.", "reads like grade"),
    ],
)  # fmt: skip
def test_each_fault_is_found(text, why):
    found = suggestion_faults(
        text, "provide_hint", TALK, grade=4, problem=PENS, others=["Think about the pens he gave away."],
        known_tags=frozenset({"[NAME-1]"}),
    )  # fmt: skip
    assert any(why in fault for fault in found), found


def test_a_good_sentence_passes():
    text = "What happens to the pens when Tom gives some away, [NAME-1]?"
    assert (
        suggestion_faults(text, "ask_question", TALK, grade=4, problem=PENS, known_tags=frozenset({"[NAME-1]"})) == []
    )
    assert suggestion_faults(text.replace("?", "."), "ask_question", TALK, grade=4, problem=PENS,
                             known_tags=frozenset({"[NAME-1]"})) == ["it asks nothing"]  # fmt: skip
    assert suggestion_faults("Yes, those are the words I used.", "provide_hint", TALK, grade=None, problem=None) == []
    assert "it confirms nothing" in suggestion_faults(
        "Look at the pens now.", "affirm_correct_answer", TALK, grade=4, problem=PENS
    )


def test_a_grade_bears_what_is_two_grades_above():
    text = "Think about how many pieces the first person has before the second person takes some of them away."
    assert too_hard(text, 1)
    assert too_hard(text, 9) == ""
    assert too_hard("Investigate characteristic denominators.", 1) == ""  # too short to be measured


def test_sameness_is_of_words():
    assert same("Think about the pens.", "think, about the pens!")
    assert not same("Think about the pens.", "What do the two numbers tell you?")
