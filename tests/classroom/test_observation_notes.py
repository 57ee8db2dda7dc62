"""What an observer notes by code."""

import pytest

from classwright.classroom.dialogue import Dialogue
from classwright.classroom.observation_notes import take_notes
from classwright.classroom.turn import StudentState, Turn
from classwright.skilltree.tree import default_tree
from tests.classroom.file_problems import SHELF, SIGN

TREE = default_tree()
HELD = "fractions.add_across"


def talk(*texts: str, problem=SHELF, **more) -> Dialogue:
    """Turns that begin with the student, by turns."""
    turns = tuple(Turn(speaker="tutor" if i % 2 else "student", text=t) for i, t in enumerate(texts))
    return Dialogue(id="d", problem=problem, turns=turns, **more)


def missed(*texts: str) -> str:
    return " / ".join(take_notes(talk(*texts), TREE).missed)


def test_facts_name_the_lines():
    notes = take_notes(talk("I got 134.", "Why did you add the 30 books?", "Oh. Then I get 74.", "Well done."), TREE)
    assert notes.facts[0] == (
        "The tutor spoke twice, the student twice. The tutor asked 1 question (1 for a how or why), and spoke 53% of the "
        "words."
    )
    assert "The student had the right answer in line 3, after line 2 (ask for explanation)." in notes.facts
    assert notes.missed == ()
    assert notes.effects == ()


def test_an_answer_that_is_given_away_is_noted():
    notes = take_notes(talk("I got 134.", "The answer is 74.", "Okay, 74."), TREE)
    assert "Told: line 2 (reveal answer)." in notes.facts
    assert any(f.startswith("Line 2 gives the answer away") for f in notes.facts)


@pytest.mark.parametrize(
    ("texts", "note"),
    [
        (("The answer is 134.", "Well done!"), "line 1 “The answer is 134”: the error was praised (line 2)."),
        (("I think it is 134.", "That's right. Now, can you say how you did it?"), "line 2 praises a wrong answer"),
        (("I got 134.", "What is 5 x 4? It is 20."), "line 2 asks “What is 5 x 4?” and answers it itself."),
        (("134.", "You need to subtract 30 here.", "134?", "You need to add the 20 too."),
         "line 2, line 4: told twice in a row."),
        (("I got 134.", "What comes after the 84?", "", "You need to subtract 30 from it."),
         "line 4 tells what line 2 asked, as no answer came."),
    ],
)  # fmt: skip
def test_moments_to_think_about(texts, note):
    assert note in missed(*texts)


@pytest.mark.parametrize(
    "texts",
    [
        ("I got 134.", "What is 5 x 4? And what does it tell?"),
        ("I got 134.", "Is that right? Check it with the story."),
        ("I got 134.", "What does the 30 stand for? Take your time."),
        (
            "134.",
            "You need to subtract 30 here.",
            "Why?",
            "What happens on Monday?",
            "134",
            "You need to add the 20 too.",
        ),
    ],
)
def test_good_teaching_is_not_noted(texts):
    assert missed(*texts) == ""


def state(mastery: float, *held: str) -> StudentState:
    return StudentState(mastery=mastery, misconceptions=held)


def taught() -> Dialogue:
    m = next(m.id for m in TREE.misconceptions_of("fractions.add_unlike"))
    ask = Turn(speaker="tutor", text="Is 1/2 + 1/2 the same as 2/4?", move="probing", submove="perturb the question",
               addresses=m, source="curated")  # fmt: skip
    chat = Turn(speaker="tutor", text="Go on.", move="generic", submove="general inquiry", source="curated")
    turns = (
        Turn(speaker="student", text="I got 134.", before=state(0.4, m), after=state(0.4, m)), chat,
        Turn(speaker="student", text="I still get 134.", before=state(0.4, m), after=state(0.4, m)), ask,
        Turn(speaker="student", text="Now I get 74.", before=state(0.4, m), after=state(0.6)),
    )  # fmt: skip
    return Dialogue(id="d", problem=SHELF, misconception=m, turns=turns, pre=(False, False), post=(True, False))


def test_what_each_move_did_is_read_from_the_states():
    d = taught()
    notes = take_notes(d, TREE)
    assert d.misconception
    name = TREE.misconception(d.misconception).name
    assert [(e.line, e.addressed, e.found, e.dropped, e.mastery) for e in notes.effects] == [
        (2, False, False, (), (0.4, 0.4)), (4, True, True, (name,), (0.4, 0.6)),
    ]  # fmt: skip
    assert notes.effects[1].did() == f"gave up for good: {name}; found the answer"
    assert "It gave that up with the move in line 4 (perturb the question)." in notes.facts
    assert "On 2 problems of the same kind it had 0 right before and 1 after." in notes.facts


def test_while_a_talk_goes_on_nothing_hidden_is_told():
    d = taught()
    notes = take_notes(d, TREE, reveal=False)
    assert d.misconception
    assert notes.effects == ()
    assert TREE.misconception(d.misconception).name not in " ".join(notes.lines())


@pytest.mark.parametrize("turns", [(), (SIGN,)])
def test_a_talk_that_hardly_began_can_be_noted(turns):
    assert take_notes(talk(*turns), TREE).facts[0] == "The tutor said nothing."
