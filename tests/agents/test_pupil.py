"""A coded student in a model's words: what is kept, what is refused, what stands instead."""

import pytest

from classwright.agents.pupil import say, wording_fault
from classwright.agents.tutor import tidy
from classwright.agents.tutor_socratic import socratic
from classwright.classroom.turn import StudentState, Turn
from classwright.classroom.utterance import Utterance
from classwright.models.chat import Chat
from classwright.models.scripted import ScriptedModel
from classwright.skilltree.tree import default_tree
from tests.classroom.file_problems import SHELF, SIGN

STATE = StudentState(mastery=0.5)
INSISTS = Utterance(intent="insists", answer="134", how="84 + 30 = 114.")


async def worded(utterance: Utterance, *replies: str, turns: tuple[Turn, ...] = ()) -> Turn:
    chat = Chat("student", ScriptedModel(list(replies)), "m")
    return await say(utterance, SHELF, turns, chat, unit="d", seed=1, grade_level=4, before=STATE, after=STATE)


async def test_words_that_state_the_coded_answer_are_kept():
    turn = await worded(INSISTS, "But 84 + 30 is 114, so it is 134!")
    assert (turn.text, turn.source, turn.refused) == ("But 84 + 30 is 114, so it is 134!", "model", ())


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("I still get 120.", "does not state just the answer 134"),
        ("The student insists that it is 134.", "speaks of the student"),
        ("It is 134.\nI am done.", "several lines"),
        ("I say it is 134. I say it is 134.", "says a sentence twice"),
        ("It must state this answer and no other. It is 134.", "repeats the instructions"),
        ("Then he bought some worms and some more worms for the fish, and then the cat came and ate all of them up, and "
         "then the dog and the bird were sad for many days, and the cow too. It is 134.", "more than"),
    ],
)  # fmt: skip
async def test_other_words_are_refused_once_named_and_then_replaced(reply, why):
    model = ScriptedModel([reply, reply])
    turn = await say(INSISTS, SHELF, (), Chat("student", model, "m"), unit="d", seed=1, grade_level=4, before=STATE,
                     after=STATE)  # fmt: skip
    assert turn.source == "curated"
    assert "134" in turn.text
    assert [why in r for r in turn.refused] == [True, True]
    assert "was not used" in model.seen[1]["messages"][-1]["content"]


@pytest.mark.parametrize(
    ("intent", "good", "bad"),
    [
        ("confused", "Huh? What do you mean?", "I like this problem very much."),
        ("asks", "Please tell me what it is.", "Let me think about the shelves."),
        ("gives up", "I can't do this.", "Let me think about the shelves."),
        ("gives up", "I don't want to go on.", "What a wonderful word, “You cannot find it yourself.”"),
    ],
)
def test_words_without_an_answer_must_sound_like_what_is_meant(intent, good, bad):
    assert wording_fault(good, Utterance(intent=intent), SHELF) == ""
    assert wording_fault(bad, Utterance(intent=intent), SHELF).startswith("does not sound like")


def test_a_student_who_is_lost_does_not_name_the_way_to_the_answer():
    lost = Utterance(intent="confused")
    assert (
        wording_fault("I'm confused. How can we add 54 and 20?", lost, SHELF, (Turn(speaker="student", text=SIGN),))
        != ""
    )
    assert wording_fault("I'm confused. Which line do you mean?", lost, SHELF) == ""


@pytest.mark.parametrize(("reply", "used"), [("Great thinking, bye!", True), ("What is your next question?", False)])
async def test_a_goodbye_asks_nothing_more(reply, used):
    turns = (Turn(speaker="student", text="It is 74."),)
    chat = Chat("tutor", ScriptedModel([reply, reply]), "m")
    said = await socratic(SHELF, default_tree(), turns, chat, unit="d", seed=1, language="en")
    assert said.closes
    assert (said.turn.text == reply) is used


@pytest.mark.parametrize(("label", "speaker"), [
    ("Turn:", "tutor"), ("Tutor:", "tutor"), ("The tutor says:", "tutor"), ("Next turn:", "tutor"), ("Turn 1:", "tutor"),
    ("Student's next turn:", "student"), ("Student:", "student"),
])  # fmt: skip
def test_a_label_before_the_words_is_taken_off(label, speaker):
    assert tidy(f'{label} "Why did you add?"', speaker) == "Why did you add?"
    assert tidy("Your turn: why did you add?") == "Your turn: why did you add?"


@pytest.mark.parametrize(("text", "speaker"), [("Student: I added.", "tutor"), ("Tutor: Why?", "student")])
def test_who_speaks_for_the_other_is_found_out(text, speaker):
    assert tidy(text, speaker) == text


async def test_a_model_that_fails_in_three_turns_is_asked_no_more_in_the_talk():
    model = ScriptedModel(lambda request: "The student is in grade 5.")
    chat = Chat("tutor", model, "m")
    turns: list[Turn] = []
    for _ in range(5):
        student = await say(INSISTS, SHELF, turns, chat, unit="d", seed=1, grade_level=4, before=STATE, after=STATE)
        turns.append(student)
        said = await socratic(SHELF, default_tree(), turns, chat, unit="d", seed=1, language="en")
        turns.append(said.turn)
    assert [len(t.refused) for t in turns] == [2] * 6 + [0] * 4
    assert {t.source for t in turns} == {"curated"}
    kept = turns[-1].model_copy(update={"source": "model"})  # words that were used once earn it further attempts
    await socratic(SHELF, default_tree(), [*turns, kept, turns[0]], chat, unit="d", seed=1, language="en")
    assert len(model.seen) == 14


def test_an_explanation_is_about_what_the_student_did():
    explains = Utterance(intent="explains", how="I thought I have to put 84 and 30 together.")
    assert wording_fault("I put 84 and 30 in one heap.", explains, SHELF) == ""
    assert wording_fault("I am still on page 84 of it.", explains, SHELF) == ""
    assert wording_fault("I like shelves and books.", explains, SHELF).startswith("does not say this")
    assert wording_fault("I put 84 and 30 together, as 84 - 77 = 30.", explains, SHELF).startswith("brings in 77")


@pytest.mark.parametrize("words", [
    "I am still in grade 5. I put 84 and 30 together.", "I'm a student. I put 84 and 30 together.",
    "I put 84 and 30 together. The answer must be one word.", "I have a student who put 84 and 30 together.",
    "I'm so glad I could help! I put 84 and 30 together.",
])  # fmt: skip
def test_a_student_does_not_say_its_instructions(words):
    explains = Utterance(intent="explains", how="I thought I have to put 84 and 30 together.")
    assert wording_fault(words, explains, SHELF).startswith("speaks of the student")


async def test_plain_sentences_are_not_repeated_while_there_are_others():
    said: tuple[Turn, ...] = ()
    for _ in range(6):
        turn = await say(INSISTS, SHELF, said, None, unit="d", seed=1, grade_level=4, before=STATE, after=STATE)
        said = (*said, turn)
    assert len({t.text for t in said}) == 6


@pytest.mark.parametrize(
    ("reply", "used"),
    [("Why did you use 84 + 30 there?", True), ("You used 84 + 30 there.", False), ("Do you like this story?", False)],
)
async def test_a_socratic_tutor_words_the_move_and_no_other(reply, used):
    turns = (Turn(speaker="student", text=SIGN),)
    chat = Chat("tutor", ScriptedModel([reply, reply]), "m")
    said = await socratic(SHELF, default_tree(), turns, chat, unit="d", seed=1, language="en")
    assert (said.turn.text == reply) is used
    assert (said.turn.meant != "") is used
