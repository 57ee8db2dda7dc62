"""The problem bank: a seeded generator for every skill, a buggy rule for every misconception.

Content modules (`skilltree/content/*.py`) declare them with the decorators below; everything else asks `problem`,
`problems` and `wrong_answer`.
"""

import random
from collections.abc import Callable, Collection, Mapping
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple, TypeVar

from classwright.errors import InputError
from classwright.skilltree.problem import Draft, Problem
from classwright.skilltree.scenes import Scene, draw_scene

Generator = Callable[[random.Random, int, Scene | None], Draft]
Rule = Callable[[Mapping[str, Any]], str | None]
F = TypeVar("F")
Composer = Callable[[random.Random, int, Scene | None], tuple[Draft, list[tuple[str, Draft]]]]

_generators: dict[str, Generator] = {}
_rules: dict[str, Rule] = {}
_composers: dict[str, tuple[tuple[str, ...], Composer]] = {}

FEW = 60
"""Different problems a level that a lesson with its tests may use up."""

CONTENT = ("counting", "whole", "fractions", "decimals", "ratios", "integers", "equations", "functions", "polynomials",
           "geometry", "measurement", "statistics")  # fmt: skip


class Composed(NamedTuple):
    """A problem that needs several skills, with one sub-problem per skill in the order they are used."""

    problem: Problem
    parts: tuple[Problem, ...]


def generator(skill: str) -> Callable[[Generator], Generator]:
    """Declare the generator of a skill: `(rng, level, scene) -> Draft`.

    Level is 1-3. The scene is None for a bare problem and gives names and things for a word problem. Draw every number
    from `rng`, in an order that does not depend on the scene, so that a problem keeps its numbers in any context.
    """
    return _declare(_generators, skill)


def rule(misconception: str) -> Callable[[Rule], Rule]:
    """Declare the buggy rule of a misconception: `(values) -> wrong answer`, None where it does not apply."""
    return _declare(_rules, misconception)


def composer(name: str, skills: Collection[str]) -> Callable[[Composer], Composer]:
    """Declare a composed problem over `skills`: `(rng, level, scene) -> (Draft, [(skill, Draft), ...])`."""

    def declare(function: Composer) -> Composer:
        if name in _composers:
            raise ValueError(f"composed problem {name} is declared twice")
        _composers[name] = (tuple(skills), function)
        return function

    return declare


def _declare(table: dict[str, F], key: str) -> Callable[[F], F]:
    def declare(function: F) -> F:
        if key in table:
            raise ValueError(f"{key} is declared twice")
        table[key] = function
        return function

    return declare


@cache
def load() -> None:
    """Import the content modules, once."""
    for name in CONTENT:
        import_module(f"classwright.skilltree.content.{name}")


def generator_ids() -> frozenset[str]:
    """The skills that have a generator."""
    load()
    return frozenset(_generators)


def rule_ids() -> frozenset[str]:
    """The misconceptions that have a buggy rule."""
    load()
    return frozenset(_rules)


def composed_skills() -> dict[str, tuple[str, ...]]:
    """Name of each composed problem -> the skills it needs."""
    load()
    return {name: skills for name, (skills, _) in _composers.items()}


def problem(skill: str, seed: int, level: int = 1, interest: str | None = None) -> Problem:
    """The problem of a skill for a seed and level (1-3), set in an interest if one is given.

    Raises:
        InputError: the skill has no generator.
    """
    load()
    if skill not in _generators:
        raise InputError(f"skill {skill} has no problem generator")
    key = f"{skill}/{level}/{seed}"
    scene = draw_scene(interest, f"scene/{key}") if interest else None
    return _problem(key, skill, seed, level, interest, _generators[skill](random.Random(key), level, scene))


def _problem(key: str, skill: str, seed: int, level: int, interest: str | None, draft: Draft) -> Problem:
    return Problem(
        id=key, skill=skill, level=level, seed=seed, interest=interest,
        text=draft.text, answer=draft.answer, expression=draft.expression, steps=tuple(draft.steps),
        values=draft.values, family=draft.family, kind=draft.kind, form=draft.form, unit=draft.unit,
        choices=tuple(draft.choices),
    )  # fmt: skip


def problems(
    skill: str, n: int, seed: int, level: int = 1, interest: str | None = None, avoid: Collection[Problem | str] = ()
) -> list[Problem]:
    """`n` problems of a skill that differ from each other and from `avoid` in their numbers, whatever the context.

    `avoid` holds problems, or what `numbers` says of them. Fewer than `n` come back only when a skill has fewer
    different problems (a Kindergarten fact, say).
    """
    seen = {p if isinstance(p, str) else numbers(p) for p in avoid}
    found: list[Problem] = []
    for attempt in range(40 * n):
        candidate = problem(skill, seed * 100_003 + attempt, level, interest)
        if numbers(candidate) not in seen:
            seen.add(numbers(candidate))
            found.append(candidate)
            if len(found) == n:
                break
    return found


@cache
def has_few_problems(skill: str) -> bool:
    """Whether a skill is a small set of facts (sums within 5, say), too few to keep some apart for a test."""
    return any(len({numbers(problem(skill, seed, level)) for seed in range(4 * FEW)}) < FEW for level in (1, 2, 3))


def numbers(p: Problem) -> str:
    """What a problem asks, without its context: two problems with the same value are the same item."""
    return f"{p.skill} {p.expression}"


def composed(name: str, seed: int, level: int = 1, interest: str | None = None) -> Composed:
    """The composed problem of a name for a seed and level, with its sub-problems."""
    load()
    if name not in _composers:
        raise InputError(f"there is no composed problem {name}")
    key = f"{name}/{level}/{seed}"
    scene = draw_scene(interest, f"scene/{key}") if interest else None
    draft, parts = _composers[name][1](random.Random(key), level, scene)
    return Composed(
        _problem(key, name, seed, level, interest, draft),
        tuple(_problem(f"{key}#{i}", skill, seed, level, interest, d) for i, (skill, d) in enumerate(parts, 1)),
    )


def wrong_answer(misconception: str, p: Problem) -> str | None:
    """The answer that a learner with this misconception gives to a problem.

    None where the misconception does not apply to the problem or happens to lead to the right answer.
    """
    load()
    try:
        answer = _rules[misconception](p.values)
    except KeyError:
        if misconception not in _rules:
            raise InputError(f"misconception {misconception} has no buggy rule") from None
        return None  # the rule reads a value that this family of problems does not have
    return None if answer is None or answer == p.answer else answer
