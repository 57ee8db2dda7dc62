"""What skill a teacher means by a topic in words."""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

import numpy as np

from classwright.skilltree.tree import SkillTree

Embed = Callable[[Sequence[str]], Awaitable[np.ndarray]]

CLEAR = 0.5
"""Cosine similarity from which a topic is taken to mean a skill (offline embeddings: "fraction addition" against its
skill .54, a school subject outside the tree under .35)."""


class Resolved(NamedTuple):
    """How a topic was understood: the skill (None: outside the tree) and a sentence that says so."""

    skill: str | None
    note: str


async def resolve_topic(topic: str, tree: SkillTree, embed: Embed) -> Resolved:
    """The skill a topic means: an id, a name, or the nearest in meaning.

    Raises:
        InputError: the topic looks like a skill id and is none; the nearest are named.
    """
    wanted = topic.strip()
    if wanted in tree:
        return Resolved(wanted, "")
    if "." in wanted and " " not in wanted:
        tree[wanted]  # raises, naming the nearest ids
    skills = [tree[s] for s in tree]
    for s in skills:
        if s.name.casefold() == wanted.casefold():
            return Resolved(s.id, "")
    vectors = await embed([wanted, *(s.name for s in skills), *(f"{s.name}. {s.description}" for s in skills)])
    scores = np.maximum(vectors[1 : len(skills) + 1] @ vectors[0], vectors[len(skills) + 1 :] @ vectors[0])
    order = np.argsort(-scores)
    best = skills[int(order[0])]
    near = ", ".join(skills[int(i)].id for i in order[1:3])
    if scores[order[0]] < CLEAR:
        return Resolved(None, f"“{wanted}” is outside the skill tree (nearest: {best.id}, {near})")
    return Resolved(best.id, f"“{wanted}” was understood as {best.id}: {best.name} (next nearest: {near})")
