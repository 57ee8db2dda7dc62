"""A coded student reads teaching material: what it says decides, by meaning, which misconceptions it can repair."""

import re
from collections.abc import Sequence

from classwright.agents.addressing import addressed
from classwright.agents.words import Embed
from classwright.classroom.student import KnowledgeStudent
from classwright.skilltree.problem import Problem

WINDOW = 2
"""Sentences read at a time, beside each alone: a repair may need two."""


async def answered_ideas(material: str, problem: Problem, student: KnowledgeStudent, embed: Embed) -> list[str]:
    """Misconceptions of the problem's skill that the material answers, in the order it does.

    Args:
        material: The text; read sentence by sentence, as one that answers an idea may stand anywhere in it.
        problem: A problem of the skill.
        student: For its tree.
        embed: See `addressing.addressed`.
    """
    found: list[str] = []
    for part in passages(material):
        about = await addressed(part, problem, student.tree, embed)
        if about is not None and about not in found:
            found.append(about)
    return found


def passages(material: str) -> list[str]:
    """The sentences of a text, and every two that follow each other."""
    sentences = [s.strip() for s in re.split(r"(?<=[.?!])\s+|\n+", material) if s.strip()]
    pairs = [" ".join(sentences[i : i + WINDOW]) for i in range(len(sentences) - WINDOW + 1)]
    return sentences + pairs


async def read(student: KnowledgeStudent, material: str, problem: Problem, embed: Embed) -> KnowledgeStudent:
    """The student after reading: it may give up a misconception that the material answers, and is explained the skill.

    The chance is that of a full repair; the same text is the same chance, another text a new one.
    """
    after = student.copy()
    if not material.strip():
        return after
    for misconception in await answered_ideas(material, problem, after, embed):
        after.be_repaired(misconception, after.model.repair, material)
    after.gain(problem.skill, after.model.explanation)
    return after


async def sit(
    student: KnowledgeStudent, material: str, items: Sequence[Problem], embed: Embed
) -> list[tuple[str, bool]]:  # fmt: skip
    """What the student answers to problems of one skill after reading, and whether it is right."""
    if not items:
        return []
    after = await read(student, material, items[0], embed)
    return [(r.answer, r.right) for r in map(after.answer, items)]
