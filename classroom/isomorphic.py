"""Isomorphic problems: the same pattern with other numbers, for the test before and after a dialogue."""

from classwright.skilltree.bank import generator_ids, problems, wrong_answer
from classwright.skilltree.problem import Problem

DRAWN = 6
"""Problems drawn per problem that is wanted."""


def isomorphic(problem: Problem, n: int, seed: int, misconception: str | None = None) -> list[Problem]:
    """`n` problems of the same skill, level and pattern; fewer where the skill has no more, none for one from a file.

    Args:
        problem: The problem they are like; it is not among them.
        n: How many.
        seed: Draws them.
        misconception: If given, only problems on which it shows.
    """
    if not n or problem.skill not in generator_ids():
        return []
    drawn = problems(problem.skill, DRAWN * n, seed, problem.level, avoid=(problem,))
    if misconception is not None:
        drawn = [p for p in drawn if wrong_answer(misconception, p)]
    alike = [p for p in drawn if p.family == problem.family]
    return (alike + [p for p in drawn if p.family != problem.family])[:n]
