"""ModelStudent: what it is shown, and how its answer is read."""

import pytest

from classwright.agents.model_student import Exemplar, take
from classwright.models.chat import Chat
from classwright.models.scripted import ScriptedModel
from classwright.runs.journal import Key
from classwright.skilltree.bank import problems

PROBLEM = problems("counting.subtract_within_10", 1, 3, 1)[0]


async def answered(reply: str, **more):
    model = ScriptedModel([reply])
    found = await take(PROBLEM, Chat("student", model, "m"), key=Key("u", "student", "exam", 0), **more)
    return found, model.seen[0]


@pytest.mark.parametrize(
    ("reply", "result", "answer"),
    [
        (f"Count back.\nANSWER: {PROBLEM.answer}", "right", PROBLEM.answer),
        ("Count back.\nANSWER: 99", "wrong", "99"),
        ("I do not know.", "ungradable", ""),
        ("", "ungradable", ""),
    ],
)
async def test_an_answer_is_graded_by_code(reply, result, answer):
    found, _ = await answered(reply)
    assert (found.result, found.answer) == (result, answer)
    assert found.text == reply


async def test_examples_are_earlier_turns_and_material_stands_before_all():
    shown = (Exemplar("What is 1 + 1?", "One more.", "2"), Exemplar("What is 2 + 2?", "", "4"))
    _, body = await answered("ANSWER: 1", exemplars=shown, material="Count back.", temperature=0.3, max_tokens=50)
    assert [(m["role"], m["content"]) for m in body["messages"][1:]] == [
        ("user", "What is 1 + 1?"), ("assistant", "One more.\nANSWER: 2"),
        ("user", "What is 2 + 2?"), ("assistant", "ANSWER: 4"), ("user", PROBLEM.text),
    ]  # fmt: skip
    assert body["messages"][0]["content"].endswith("What you were taught:\nCount back.")
    assert (body["temperature"], body["max_tokens"]) == (0.3, 50)


async def test_without_material_nothing_is_said_of_any():
    _, body = await answered("ANSWER: 1")
    assert "taught" not in body["messages"][0]["content"]
    assert len(body["messages"]) == 2
