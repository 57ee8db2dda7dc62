"""The observer's sentence: kept only if what it quotes was said where it says."""

import pytest

from classwright.agents.observer import in_words, sentence_fault
from classwright.classroom.dialogue import Dialogue
from classwright.classroom.observation_notes import take_notes
from classwright.classroom.talk_lines import talk_lines
from classwright.classroom.turn import Turn
from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.models.scripted import ScriptedModel
from classwright.skilltree.tree import default_tree
from tests.classroom.file_problems import SHELF

TALK = Dialogue(id="d", problem=SHELF, turns=(
    Turn(speaker="student", text="I got 134."),
    Turn(speaker="tutor", text="Why did you add the 30 books?"),
    Turn(speaker="student", text="Oh. Then I get 74."),
))  # fmt: skip
GOOD = "In line 2 the tutor asks “Why did you add” and that makes the student look at Monday again."


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (GOOD, ""),
        (GOOD.replace("“", '"').replace("”", '"'), ""),
        (GOOD.replace("line 2", "line 3"), "does not stand in the line"),
        (GOOD.replace("line 2", "line 9"), "names no line"),
        (GOOD.replace("Why did you add", "Why did you subtract"), "does not stand in the line"),
        (GOOD.replace("“", "").replace("”", ""), "quotes nothing"),
        (GOOD + " Then it went on.", "2 sentences"),
        ("Line 2 is good.", "4 words"),
        (GOOD.replace("Monday", "2 + 2 = 5"), "false equation"),
    ],
)
def test_a_sentence_is_checked_against_the_talk(text, fault):
    found = sentence_fault(text, talk_lines(TALK))
    assert fault in found
    assert bool(fault) == bool(found)


@pytest.mark.parametrize(
    ("replies", "sentence"),
    [([GOOD], GOOD), (["Nice talk.", GOOD], GOOD), (["Nice talk.", "Nice talk!"], ""), ([OutputError("empty"), GOOD], GOOD)],
)  # fmt: skip
async def test_it_is_asked_for_once_more_and_then_left_out(replies, sentence):
    model = ScriptedModel(replies)
    notes = take_notes(TALK, default_tree())
    found = await in_words(TALK, notes, Chat("evaluator", model, "m"), unit="d")
    assert found == notes.model_copy(update={"sentence": sentence})
    assert len(model.seen) == len(replies)
    assert "2 Tutor: Why did you add the 30 books?" in model.seen[0]["messages"][-1]["content"]
