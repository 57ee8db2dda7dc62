"""Questions that code cannot check: two independent solutions, and what happens when they do not agree."""

import re
from typing import Any

import pytest

from classwright.agents.solver import Settled, settle
from classwright.errors import UnreachableError
from classwright.models.chat import Chat
from classwright.models.scripted import ScriptedModel

QUESTION = "What does a leaf give off?"


def solvers(first: Any, second: Any, same: Any = None) -> ScriptedModel:
    """A model whose two ways of solving say these answers; `same` is what it says of two answers."""

    def reply(body: dict[str, Any]) -> Any:
        user = body["messages"][1]["content"]
        if "Task: compare answers" in user:
            return same(user) if callable(same) else {"same": same}
        assert "Task: answer" in user
        assert "stated" not in user
        said = first if "school test" in body["messages"][0]["content"] else second
        return {"reason": "Leaves do that.", "answer": said} if isinstance(said, str) else said

    return ScriptedModel(reply)


async def ask(model: ScriptedModel, stated: str, **options) -> Settled:
    return await settle(
        QUESTION,
        stated,
        Chat("teacher", model, "m"),
        unit="u",
        place="guided.1",
        topic="photosynthesis",
        grade=6,
        **options,
    )


async def test_agreeing_solutions_keep_the_plans_own_wording():
    model = solvers("oxygen", "Oxygen.")
    assert await ask(model, "Oxygen gas") == Settled(
        question=QUESTION, answer="Oxygen gas", by="code", reason="Leaves do that."
    )
    assert len(model.seen) == 2
    a, b = model.seen
    assert a["messages"] != b["messages"]
    assert a["seed"] != b["seed"]
    assert "Oxygen gas" not in str(model.seen)


async def test_of_an_answer_that_is_an_explanation_the_short_form_stands():
    long = "oxygen, which is the gas that is left over when a leaf makes its sugar in the light of the sun"
    said = await ask(solvers("oxygen", "Oxygen.", True), long)
    assert (said.answer, said.first) == ("oxygen", "")


async def test_the_class_text_is_shown_to_both():
    model = solvers("oxygen", "oxygen")
    await ask(model, "oxygen", passages=["Oxygen is left over."])
    assert all("Oxygen is left over." in str(body) for body in model.seen)


async def test_what_both_say_replaces_a_wrong_statement():
    said = await ask(solvers("oxygen", "the gas oxygen"), "nitrogen")
    assert (said.answer, said.first, said.by) == ("oxygen", "nitrogen", "code")


async def test_disagreement_is_no_answer():
    said = await ask(solvers("oxygen", "starch"), "oxygen")
    assert said.answer is None
    assert said.why == "two solutions disagree: “oxygen” and “starch”"


@pytest.mark.parametrize(("same", "answer"), [(True, "oxygen"), (False, None)])
async def test_where_code_cannot_tell_an_opinion_decides_and_is_marked(same, answer):
    said = await ask(solvers("oxygen", "oxygen and water vapor", same), "oxygen")
    assert said.answer == answer
    assert said.by == ("model" if same else "code")


async def test_an_opinion_that_flips_with_the_order_is_none():
    def flips(user: str) -> dict[str, bool]:
        first = re.search(r"First answer: (.+)", user)
        return {"same": first is not None and first[1] == "oxygen"}

    said = await ask(solvers("oxygen", "oxygen and water vapor", flips), "oxygen")
    assert said.answer is None


@pytest.mark.parametrize(
    ("second", "why"),
    [("cannot be answered", "cannot be answered"), ({"answer": ""}, "no solution"), ({"nonsense": 1}, "no solution")],
)
async def test_a_missing_solution_is_missing(second, why):
    said = await ask(solvers("oxygen", second), "oxygen")
    assert said.answer is None
    assert why in said.why


async def test_an_unreachable_model_ends_the_run():
    with pytest.raises(UnreachableError):
        await ask(ScriptedModel(lambda body: UnreachableError("gone")), "oxygen")
