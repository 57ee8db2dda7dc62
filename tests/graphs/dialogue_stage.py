"""Dialogues on a small stage: a coded student, scripted models, a journal."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from classwright.classroom.dialogue import Dialogue
from classwright.classroom.flip_items import FlipItem, flip_items
from classwright.graphs.dialogue import Ask, Stage, hold
from classwright.graphs.dialogue_spec import DialogueSpec
from classwright.models.roles import open_models
from classwright.models.scripted import ScriptedModel
from classwright.runs.journal import Journal
from classwright.runs.recipe import Recipe
from classwright.skilltree.learner import Learner
from classwright.skilltree.tree import default_tree

TREE = default_tree()
ITEMS = flip_items(TREE, 40, 2)
NOBODY = ScriptedModel(())
"""A model that may not be asked."""


def spec_of(item: FlipItem, **more: Any) -> DialogueSpec:
    """A dialogue about an item with a student who is ready and holds its misconception."""
    skill = item.problem.skill
    learner = Learner(
        pseudonym="otter",
        grade=TREE[skill].grade or 0,
        mastery=dict.fromkeys(TREE.ancestors(skill), 0.95) | {skill: 0.4},
        misconceptions=(item.misconception,),
    )
    given: dict[str, Any] = {
        "id": f"d.{item.misconception}", "problem": item.problem, "misconception": item.misconception,
        "learner": learner, "words": "code", "seed": 3,
    }  # fmt: skip
    return DialogueSpec(**(given | more))


def held(
    *specs: DialogueSpec,
    script: Callable[[dict[str, Any]], Any] | Sequence[Any] = (),
    journal: Path | None = None,
    replay: bool = False,
    ask: Ask | None = None,
    model: ScriptedModel | None = None,
) -> list[Dialogue]:
    """The dialogues of specs, held one after another."""

    async def work() -> list[Dialogue]:
        with Journal.open(journal, "replay" if replay else "append") if journal else nullcontext() as open_journal:
            endpoint = model or ScriptedModel(script)
            async with open_models(Recipe(), open_journal, 0, None, endpoint) as models:
                return [await hold(spec, Stage(TREE, models, ask)) for spec in specs]

    return asyncio.run(work())
