import pytest

from classwright.agents.student import PersonaStudent, say_answer, states
from classwright.models.chat import Chat
from classwright.models.scripted import ScriptedModel
from classwright.skilltree.bank import problem
from classwright.skilltree.learner import Learner
from classwright.skilltree.tree import default_tree

P = problem("fractions.add_unlike", 7, 2)
HOW = "I added the top numbers and I added the bottom numbers."


async def no_topic(texts):
    raise AssertionError("these slots have no topic")


@pytest.mark.parametrize(
    ("said", "used"),
    [
        ("I got 2/9. I added the tops and the bottoms.", True),
        ("I got 2/9, but maybe it is 1/2.", False),
        ("I added the tops and the bottoms together.", False),
    ],
)
async def test_a_students_words_are_kept_only_if_they_state_the_coded_answer(said, used):
    chat = Chat("student", ScriptedModel([said, said]), "m")
    words = await say_answer(P, "2/9", HOW, chat, no_topic, unit="u", place="1", school_grade=5)
    assert (words.source == "model") is used
    assert states(words.text, "2/9", P)


async def test_a_persona_is_graded_and_its_rambling_is_ungradable_not_wrong():
    tree = default_tree()
    learner = Learner(pseudonym="otter-0001", grade=5, mastery={"fractions.add_like": 0.9, "fractions.add_unlike": 0.2})
    model = ScriptedModel([f"I think so.\nANSWER: {P.answer}", "ANSWER: 17/3", "I do not know, sorry."])
    student = PersonaStudent(learner, tree, Chat("student", model, "m"))
    results = [(await student.answer(P, unit="u", ordinal=str(i)))[1].result for i in range(3)]
    assert results == ["right", "wrong", "ungradable"]
    prompt = model.seen[0]["messages"][0]["content"]
    assert tree["fractions.add_like"].name in prompt
