"""Which misconception a tutor's free words answer, so that a coded student knows whether it was meant.

A tutor whose move code picked says so itself. For a model's or a person's words the nearest of the skill's
misconceptions counts, by the meaning of its diagnostic question, its repair and its name, if it is near enough and
clearly nearer than the next.
"""

from classwright.agents.words import Embed
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree

NEAR = 0.45
"""Least cosine similarity with the offline embeddings."""
AHEAD = 0.03
"""Least lead over the next misconception."""


async def addressed(text: str, problem: Problem, tree: SkillTree, embed: Embed) -> str | None:
    """The misconception of the problem's skill that a tutor's words answer; None for none."""
    if problem.skill not in tree:
        return None
    known = tree.misconceptions_of(problem.skill)
    if not known or not text.strip():
        return None
    about = [t for m in known for t in (m.question, m.repair, m.name)]
    vectors = await embed([text, *about])
    near = (vectors[1:] @ vectors[0]).reshape(len(known), 3).max(axis=1)
    order = near.argsort()[::-1]
    best = float(near[order[0]])
    ahead = best - float(near[order[1]]) if len(known) > 1 else AHEAD
    return known[int(order[0])].id if best >= NEAR and ahead >= AHEAD else None
