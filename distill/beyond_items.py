"""Exam items beyond what rationales train: skills put together, with their sub-problems, and skills never trained."""

from collections.abc import Collection, Sequence
from itertools import cycle
from random import Random

from classwright.distill.families import operands
from classwright.distill.rationales import item
from classwright.distill.rows import ExamItem
from classwright.errors import InputError
from classwright.skilltree.bank import composed, composed_skills, generator_ids, problem
from classwright.skilltree.problem import Problem

DRAWS = 400
"""Draws after which a skill or a composed problem counts as used up."""


def composed_items(skills: Collection[str], n: int, seed: int, level: int = 2) -> list[ExamItem]:
    """Composed problems of trained skills alone (kind "composed"), each with its sub-problems (kind "part").

    Sub-problems are named as `exam_result.composed_results` and so We-Math's diagnosis read them: "x#1", "x#2" of "x".
    Their numbers may occur in training, as the whole asks for what its parts do.

    Args:
        skills: Trained ones.
        n: Composed problems, kinds of them by turns.
        seed: Draws them.
        level: 1 to 3.

    Raises:
        InputError: No composed problem needs only these skills, or there are fewer different ones.
    """
    names = sorted(name for name, needed in composed_skills().items() if set(needed) <= set(skills))
    if not names:
        raise InputError(f"--composed: no composed problem of the tree needs only {', '.join(sorted(skills))}")
    rng = Random(f"composed/{seed}")
    found: list[ExamItem] = []
    seen: set[str] = set()
    turns = cycle(names)
    for _ in range(DRAWS * len(names)):
        if len(seen) == n:
            return found
        drawn = composed(next(turns), rng.randrange(2**31), level)
        if drawn.problem.text not in seen:
            seen.add(drawn.problem.text)
            found += [_named(drawn.problem, "composed"), *(_named(p, "part") for p in drawn.parts)]
    raise InputError(f"--composed {n}: only {len(seen)} different ones were found at level {level}; ask for fewer")


def other_items(skills: Sequence[str], n: int, seed: int, level: int = 2) -> list[ExamItem]:
    """Problems of skills that are not trained, by turns, kind "other_skill".

    Raises:
        InputError: A skill without a generator, or too few different problems.
    """
    if strange := next((s for s in skills if s not in generator_ids()), None):
        raise InputError(f"--other-skills {strange}: has no problem generator")
    rng = Random(f"other skills/{seed}")
    found: list[Problem] = []
    seen: set[tuple[str, frozenset[str]]] = set()
    turns = cycle(skills)
    for _ in range(DRAWS * len(skills)):
        if len(found) == n:
            break
        p = problem(next(turns), rng.randrange(2**31), level)
        if (p.skill, operands(p)) not in seen:
            seen.add((p.skill, operands(p)))
            found.append(p)
    if len(found) < n:
        raise InputError(f"--other-skills: only {len(found)} different problems of {n} at level {level}; ask for fewer")
    return [item(p, "other_skill") for p in found]


def _named(p: Problem, kind: str) -> ExamItem:
    """The item under the problem's own id, which says what it is a part of."""
    return item(p, kind).model_copy(update={"id": p.id})
