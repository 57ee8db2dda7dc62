"""The Socratic tutor at a problem from a file: it speaks of the student's own wrong line, and never of the result."""

import pytest

from classwright.classroom.leak import leaks
from classwright.classroom.socratic import next_move
from classwright.classroom.story_sentences import numbers_of
from classwright.classroom.turn import Turn
from classwright.skilltree.tree import default_tree
from tests.classroom.file_problems import SHELF, WRONG

LATER = {"slip": {84}, "sign": {54}, "number": {20}, "left out": {20}, "stopped": {20, 74}}
"""Results that the student still has to find."""


def talk(name: str, replies: int, *, say: str = "I still think so.") -> list[Turn]:
    """A student who stays with a wrong solution, and the tutor's turns."""
    turns = [Turn(speaker="student", text=WRONG[name][0])]
    for _ in range(replies):
        move = next_move(SHELF, default_tree(), turns, seed=3)
        turns.append(Turn(speaker="tutor", text=move.text, move=move.move, submove=move.submove))
        turns.append(Turn(speaker="student", text=say))
    return turns


def tutor(turns: list[Turn]) -> list[Turn]:
    return [t for t in turns if t.speaker == "tutor"]


@pytest.mark.parametrize(
    ("name", "points"),
    [("slip", "“6 x 14 = 64”"), ("sign", "take"), ("number", "the 6"), ("left out", "the 4"),
     ("stopped", "“How many books does Ida have now?”")],
)  # fmt: skip
def test_the_first_move_goes_to_the_wrong_place(name, points):
    first = next_move(SHELF, default_tree(), talk(name, 0), seed=3)
    assert (points if name != "sign" else "“84 + 30 = 114”") in first.text
    assert first.text.endswith("?")


@pytest.mark.parametrize("name", WRONG)
def test_nothing_is_said_twice_nothing_told_before_the_end_and_nothing_leaks(name):
    turns = talk(name, 8)
    said = tutor(turns)
    assert len({t.text for t in said}) == len(said)
    assert [t.move for t in said[:4]].count("telling") == 0
    for i, turn in enumerate(turns):
        if turn.speaker == "tutor":
            assert not leaks(turn.text, SHELF, turns[:i])
            assert not numbers_of(turn.text) & (LATER[name] | {74})


def test_the_ladder_ends_with_the_operation_but_not_its_result():
    told = next(t for t in tutor(talk("sign", 8)) if t.submove == "reveal strategy")
    assert told.text == "In that line you have to take away, not add. Which numbers go together?"


def test_the_sentence_of_the_story_that_belongs_to_the_step_is_read_again():
    texts = [t.text for t in tutor(talk("sign", 3))]
    assert any("“On Monday she gives 30 books away.”" in t for t in texts)
    texts = [t.text for t in tutor(talk("number", 3))]
    assert any("“On Tuesday 5 friends each bring her 4 books.”" in t for t in texts)


def test_a_student_who_is_lost_gets_one_line_to_look_at():
    turns = [*talk("sign", 1), Turn(speaker="tutor", text="Well?"), Turn(speaker="student", text="I am lost.")]
    assert "“84 + 30 = 114”" in next_move(SHELF, default_tree(), turns).text


def test_repeating_one_line_does_not_change_what_the_talk_is_about():
    turns = talk("number", 2, say="But 54 + 30 = 84. Then it is 84.")
    assert "5 x 6 = 30" in next_move(SHELF, default_tree(), turns, seed=3).text


def test_after_success_the_wrong_line_is_asked_about():
    turns = [Turn(speaker="student", text=WRONG["sign"][0]), Turn(speaker="tutor", text="Look again.", move="focus"),
             Turn(speaker="student", text="Now I get 74.")]  # fmt: skip
    move = next_move(SHELF, default_tree(), turns)
    assert (move.submove, move.closes) == ("ask for explanation", False)
    assert "“84 + 30 = 114”" in move.text


def test_words_of_a_model_count_as_the_move_that_they_stand_for():
    """A reworded move is not made again: what was meant is kept beside the words."""
    turns = talk("sign", 0)
    first = next_move(SHELF, default_tree(), turns)
    turns += [Turn(speaker="tutor", text="Why plus?", meant=first.text, move=first.move, submove=first.submove),
              Turn(speaker="student", text="I still get 134.")]  # fmt: skip
    assert next_move(SHELF, default_tree(), turns).text != first.text


def test_of_an_answer_alone_the_story_is_gone_through():
    turns = [Turn(speaker="student", text="I got 134.")]
    texts = []
    for _ in range(4):
        move = next_move(SHELF, default_tree(), turns)
        texts.append(move.text)
        turns += [Turn(speaker="tutor", text=move.text), Turn(speaker="student", text="I still get 134.")]
    assert texts[0] == "Which numbers of the story did you use, and what did you do with them?"
    assert "“Ida has 6 shelves with 14 books on each.”" in texts[1]
