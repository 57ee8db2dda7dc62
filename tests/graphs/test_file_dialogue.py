"""Dialogues about a problem from a file, from a wrong solution to the right answer, all in plain words."""

import pytest

from classwright.classroom.dialogue import Dialogue
from classwright.classroom.dialogue_metrics import measure
from classwright.classroom.student import KnowledgeStudent
from classwright.classroom.talk_model import TalkModel
from classwright.classroom.talker import talker
from classwright.classroom.turn import Turn
from classwright.graphs.dialogue import Stage, hold
from classwright.graphs.dialogue_spec import DialogueSpec
from classwright.models.roles import open_models
from classwright.models.scripted import ScriptedModel
from classwright.runs.recipe import Recipe
from classwright.skilltree.learner import Learner
from classwright.skilltree.tree import default_tree
from tests.classroom.file_problems import SHELF, WRONG

TREE = default_tree()
SURE = TalkModel(
    at_spot=1, elsewhere=0, insight={**TalkModel().insight, "recall relevant information": 1.0}, recheck=1.0
)
"""Whoever is led to the spot sees it."""


async def held(name: str, *, seed: int = 5, **more) -> Dialogue:
    text, answer = WRONG[name]
    spec = DialogueSpec(
        id="d", problem=SHELF, learner=Learner(pseudonym="otter-1", grade=4), wrong_answer=answer, wrong_solution=text,
        words="code", seed=seed, **more,
    )  # fmt: skip
    async with open_models(Recipe(), endpoint=ScriptedModel([])) as models:
        return await hold(spec, Stage(TREE, models))


@pytest.mark.parametrize("name", WRONG)
async def test_a_student_who_is_led_to_the_spot_finds_it_and_says_what_was_wrong(name):
    d = await held(name, talk=SURE)
    assert d.ended == "solved"
    found = next(t for t in d.turns if t.intent == "insight")
    assert "74" in found.text
    why = [t.text for t in d.turns if t.intent == "explains"]
    assert why
    assert measure([d]).leak_rate == 0


async def test_what_the_student_says_of_its_work_fits_the_work():
    texts = {name: [t.text for t in (await held(name, talk=SURE)).said_by("student")] for name in WRONG}
    assert "I just worked 6 x 14 out wrong." in texts["slip"]
    assert "In 84 + 30 = 114 I have to take away, not add. That is what the story says." in texts["sign"]
    assert any("“On Tuesday 5 friends each bring her 4 books.”" not in t and "5 x 6 = 30" in t for t in texts["number"])
    assert any("a step before 54 + 4 = 58" in t for t in texts["left out"])
    assert any("The friends bring 5 x 4 = 20 books." in t for t in texts["left out"])


@pytest.mark.parametrize(
    ("text", "sees"), [("Look at the 84 + 30 again. What happens there?", True), ("Look at your work again.", False)]
)
def test_a_move_helps_where_it_points_to_the_wrong_line(text, sees):
    text_, answer = WRONG["sign"]
    student = KnowledgeStudent("otter-1", 3, {}, set(), TREE)
    person = talker(student, SHELF, None, SURE, wrong=answer, solution=text_)
    said = person.reply(Turn(speaker="tutor", text=text, move="focus", submove="recall relevant information"))
    assert (said.intent == "insight") is sees


async def test_an_observer_speaks_last_and_is_no_part_of_the_measures():
    plain, watched = await held("sign"), await held("sign", observer=True)
    assert watched.turns[:-1] == plain.turns
    notes = watched.turns[-1]
    assert notes.speaker == "observer"
    assert "The student had the right answer in line" in notes.text
    assert measure([watched]).model_dump(exclude={"turns"}) == measure([plain]).model_dump(exclude={"turns"})


async def test_an_observers_model_is_asked_once_the_talk_is_over():
    text, answer = WRONG["sign"]
    spec = DialogueSpec(
        id="d", problem=SHELF, tutor="tell", learner=Learner(pseudonym="otter-1", grade=4), wrong_answer=answer,
        wrong_solution=text, seed=5, observer=True,
    )  # fmt: skip
    sentence = "Line 2 tells “So the answer is 74” and leaves the student nothing to find for itself."

    def script(body):
        return sentence if "You watched" in body["messages"][0]["content"] else "Okay, so the answer is 74."

    async with open_models(Recipe(), endpoint=ScriptedModel(script)) as models:
        d = await hold(spec, Stage(TREE, models))
    assert d.turns[-1].text.endswith(f"In words: {sentence}")
