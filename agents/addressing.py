"""Which misconception a tutor's free words answer, so that a coded student knows whether it was meant.

A tutor whose move code picked says so itself. For a model's or a person's words the nearest of the skill's
misconceptions counts, by the meaning of its diagnostic question, its repair and its name and by the rare words that it
shares with them, if it is near enough and clearly nearer than the next.

Measured over the whole tree (tests/agents/test_addressing.py; the limits were chosen on the same texts): every question
and repair is recognized as its own; of 44 questions in other words and with other numbers
(tests/corpora/addressing.jsonl) 82 % are, 5 % are taken for another misconception of the skill; of 174 general remarks
and remarks on a wrong answer 1 % are taken for an answer to a misconception, and of what answers a misconception of
another skill 7 %. Words that talk about the right method alone are taken for one in a third of all cases.
"""

from classwright.agents.words import Embed
from classwright.classroom.idea_words import covered, descriptions
from classwright.classroom.moves import Submove, move_of
from classwright.classroom.turn import Turn
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree

NEAR = 0.55
"""Least cosine similarity with the offline embeddings; a text that shares enough words needs less."""
LOOSE = 0.2
"""The similarity that it then needs."""
COVERED = 0.4
"""Share of a description's words, weighed by rarity, that is enough."""
AHEAD = 0.05
"""Least lead over the next misconception, of the similarity plus half the share."""


async def heard(turn: Turn, problem: Problem, tree: SkillTree, embed: Embed) -> Turn:
    """A tutor's turn as a coded student hears it: with the misconception that its words answer.

    Rules that look for cues cannot see what a question is about, so a turn that answers a misconception is taken for
    what it is: a question that puts the idea in doubt, or a look at the very spot. Telling stays telling.
    """
    about = await addressed(turn.text, problem, tree, embed)
    if about is None or turn.move == "telling":
        return turn.model_copy(update={"addresses": about})
    kind: Submove = "perturb the question" if "?" in turn.text else "guide student focus"
    return turn.model_copy(update={"addresses": about, "move": move_of(kind), "submove": kind})


async def addressed(text: str, problem: Problem, tree: SkillTree, embed: Embed) -> str | None:
    """The misconception of the problem's skill that a tutor's words answer; None for none."""
    if problem.skill not in tree:
        return None
    known = tree.misconceptions_of(problem.skill)
    if not known or not text.strip():
        return None
    vectors = await embed([text, *(t for m in known for t in descriptions(m))])
    near = (vectors[1:] @ vectors[0]).reshape(len(known), -1).max(axis=1)
    shares = [covered(text, m, tree) for m in known]
    scores = [float(n) + share / 2 for n, share in zip(near, shares, strict=True)]
    best, *others = sorted(range(len(known)), key=lambda i: -scores[i])
    if others and scores[best] - scores[others[0]] < AHEAD:
        return None
    enough = near[best] >= NEAR or (shares[best] >= COVERED and near[best] >= LOOSE)
    return known[best].id if enough else None
