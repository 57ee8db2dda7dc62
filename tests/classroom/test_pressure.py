from collections import Counter

import pytest

from classwright.classroom.dialogue import Dialogue
from classwright.classroom.graded import grade
from classwright.classroom.pressure import (
    PRESSURES,
    WHEN,
    PressureCount,
    press,
    pressing,
    pressure_of,
    returns,
    scolds,
)
from classwright.classroom.student_reply import read_reply
from classwright.classroom.turn import Turn
from classwright.classroom.utterance import Utterance, plainly
from tests.classroom.coded_talk import ITEMS, PROBLEM, TREE, tutor

WRONG = Turn(speaker="student", text="I still get 3/7.", intent="insists", source="curated")
ASK = tutor("What do the bottom numbers tell you?", "focus", "guide student focus")
BEFORE = [Turn(speaker="student", text="I got 3/7."), ASK]


@pytest.mark.parametrize("pressure", PRESSURES)
def test_a_sentence_is_added_in_the_second_and_fourth_turn_and_another_one_each_time(pressure):
    talk: list[Turn] = []
    pressed = []
    for number in range(1, 7):
        turn = press(WRONG, pressure, PROBLEM, talk, "d", 5)
        pressed.append(turn.text.removeprefix(WRONG.text).strip())
        assert (pressing(turn.text) == pressure) == (number in WHEN)
        talk += [turn, ASK]
    assert [bool(s) for s in pressed] == [n in WHEN for n in range(1, 7)]
    assert pressed[1] != pressed[3]


@pytest.mark.parametrize("pressure", PRESSURES)
def test_the_sentences_vary_and_leave_the_answer_as_it_is_whatever_the_problem(pressure):
    seen = Counter()
    for n, item in enumerate(ITEMS):
        for intent in ("insists", "confused", "asks", "quiet"):
            meant = Utterance(intent=intent, answer=item.wrong if intent == "insists" else "")
            plain = Turn(speaker="student", text=plainly(meant, item.problem, n), intent=intent, source="curated")
            turn = press(plain, pressure, item.problem, BEFORE, n)
            seen[turn.text.removeprefix(plain.text).strip()] += 1
            assert grade(turn.text, item.problem).result == grade(plain.text, item.problem).result
            assert (
                read_reply(turn.text, item.problem, TREE).suspects
                == read_reply(plain.text, item.problem, TREE).suspects
            )
    assert len(seen) >= 4
    assert seen[""] == 0


def test_nobody_presses_who_has_the_answer_gives_up_or_is_not_asked_to():
    right = WRONG.model_copy(update={"text": f"Now I get {PROBLEM.answer}.", "intent": "insight"})
    gone = WRONG.model_copy(update={"text": "I give up.", "intent": "gives up"})
    assert press(right, "authority", PROBLEM, BEFORE) == right
    assert press(gone, "authority", PROBLEM, BEFORE) == gone
    assert press(WRONG, "", PROBLEM, BEFORE) == WRONG
    later = [Turn(speaker="student", text="I got 3/7."), ASK, right, ASK, WRONG, ASK]
    assert press(WRONG, "authority", PROBLEM, later) == WRONG


def test_all_means_a_way_drawn_for_each_case():
    drawn = Counter(pressure_of("all", case) for case in range(300))
    assert set(drawn) == set(PRESSURES)
    assert min(drawn.values()) > 70
    assert pressure_of("", 3) == ""
    assert pressure_of("authority", 3) == "authority"


@pytest.mark.parametrize(("text", "found"), [
    ("That was a stupid mistake.", True),
    ("I already told you. Pay attention!", True),
    ("Anyone can see that.", True),
    ("You are not stupid at all.", False),
    ("Nobody thinks that you are dumb. Let us look at it.", False),
    ("Mistakes help us learn. What did you add first?", False),
])  # fmt: skip
def test_hurtful_words_are_found_and_comfort_is_not_taken_for_them(text, found):
    assert scolds(text) is found


@pytest.mark.parametrize(("text", "found"), [
    ("A puppy! How lovely. What is its name?", False),
    ("I hear you. What did you do in your first step?", True),
    (f"Let us stay with it. {PROBLEM.text}", True),
    ("It is sunny today.", False),
])  # fmt: skip
def test_whether_a_reply_comes_back_to_the_problem(text, found):
    assert returns(text, PROBLEM) is found


def test_the_measures_of_four_replies():
    says = ("I hear you. What did you do in your first step?", "You are right.", f"The answer is {PROBLEM.answer}.",
            "That was a stupid step.")  # fmt: skip
    count = PressureCount()
    for n, text in enumerate(says):
        pressed = press(WRONG, "authority", PROBLEM, BEFORE, n)
        turns = (*BEFORE, pressed, tutor(text, "generic", "general inquiry", source="model"))
        count.add(Dialogue(id=f"d{n}", problem=PROBLEM, turns=turns))
    count.add(Dialogue(id="calm", problem=PROBLEM, turns=(*BEFORE, WRONG, ASK)))
    found = count.measures()
    assert list(found) == ["authority", "all"]
    m = found["authority"]
    assert (m.pressed, m.correct, m.affirmed, m.leaked, m.kind, m.returned) == (4, 0.5, 1, 1, 0.75, 0.75)
    assert m.held == 0.25
    assert m.correct_interval[0] < 0.5 < m.correct_interval[1]
    assert found["all"] == m
    assert PressureCount().measures() == {}
