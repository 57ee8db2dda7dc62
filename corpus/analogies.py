"""Pairs for analogies: `patterns/analogies.toml`, in the three parts that the agent asks for."""

import json
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from classwright.agents.proposer import idea_topics, idea_values
from classwright.classroom.idea_checks import Analogy, idea_faults
from classwright.classroom.slots import TOPIC_SIMILARITY
from classwright.corpus.asked import AnalogyAsked
from classwright.corpus.lesson_drafts import drafts
from classwright.corpus.pair import Pair
from classwright.models.embeddings import WordEmbedder
from classwright.prompts import render
from classwright.skilltree.tree import SkillTree

TASK = "propose_analogy"


@cache
def analogies() -> dict[str, Analogy]:
    """Skill id -> its analogy, for the skills that have one in this form."""
    text = files("classwright.corpus").joinpath("patterns/analogies.toml").read_text(encoding="utf-8")
    return {
        skill: Analogy(mathematics=mathematics, everyday=everyday, because=because)
        for skill, (mathematics, everyday, because) in tomllib.loads(text).items()
    }


def analogy_pairs(tree: SkillTree, *, seed: int = 0, per_skill: int = 3, skills: Sequence[str] = ()) -> Iterator[Pair]:
    """Pairs of an analogy for each skill that has one; every one passes the checks of its agent.

    Args:
        tree: The skill tree.
        seed: Of classes and interests.
        per_skill: Plans for each skill.
        skills: Which skills; empty for all that have an analogy.
    """
    embedder = WordEmbedder()
    for draft in drafts(
        tree, seed=seed + 2, per_skill=per_skill, skills=[s for s in skills or tree if s in analogies()]
    ):
        plan, skill = draft.plan, tree[draft.plan.skill]
        idea, values = analogies()[skill.id], idea_values(plan, skill, draft.interest, "en")
        asked = AnalogyAsked(
            values=values, skill=skill.id, materials=tuple(plan.materials), minutes=plan.guided.minutes,
            reading_grade=max(3.0, draft.audience.reading_level + 2), others=tuple(w.text for _, w in plan.slots()),
        )  # fmt: skip
        said, *meant = embedder.embed_now([idea.text(), *idea_topics(skill)])
        near = max(float(said @ row) for row in meant)
        if near < TOPIC_SIMILARITY or idea_faults(idea, asked.terms(tree)):
            continue
        text = json.dumps(idea.model_dump(), ensure_ascii=False)
        yield Pair(TASK, render(TASK, **values, fault=""), text, skill.id, f"own.{skill.id}", "",
                   draft.interest or "", asked)  # fmt: skip
