"""The problems of an experiment: from the bank or a file, and the exam problems that belong to one of them."""

from pathlib import Path
from random import Random
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from classwright.agents.model_student import Exemplar
from classwright.agents.words import Embed
from classwright.classroom.isomorphic import isomorphic
from classwright.errors import InputError
from classwright.skilltree.bank import generator_ids, problems
from classwright.skilltree.problem import Problem

SHOTS = 9_000
"""Offset of the seeds of worked examples from those of teaching problems."""

ExamFrom = Literal["variants", "nearest", "skill"]
"""Exam problems: the same pattern with other numbers, the nearest by meaning, or others of the same skill."""


class Items(BaseModel):
    """Which problems, the part that all experiments' settings share.

    Attributes:
        skills: Skills of the bank to draw problems from, in turn.
        level: Their difficulty, 1-3.
        file: A problem file (GSM8K's form, for example) in place of skills; "" for none.
        problems: Teaching problems per seed.
        seeds: Seeds; each draws its own problems.
        shots: Worked examples that stand before every question to student and teacher alike, so that a small base model
            knows the form; of the same skill, never a teaching or exam problem.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    skills: tuple[str, ...] = ("whole.add_2digit", "whole.subtract_2digit")
    level: int = Field(default=1, ge=1, le=3)
    file: str = ""
    problems: int = Field(default=10, ge=1, le=10_000)
    seeds: tuple[int, ...] = Field(default=(0,), min_length=1)
    shots: int = Field(default=3, ge=0, le=20)

    def checked(self) -> "Items":
        """The same settings.

        Raises:
            InputError: a skill has no generator, seeds repeat, or there is no such file.
        """
        if len(set(self.seeds)) != len(self.seeds):
            raise InputError(f"[teach] seeds {list(self.seeds)}: a seed twice is one seed; name different ones")
        if self.file and not Path(self.file).is_file():
            raise InputError(f"[teach] file: there is no file {self.file}")
        unknown = [s for s in self.skills if s not in generator_ids()]
        if not self.file and (unknown or not self.skills):
            raise InputError(f"[teach] skills: no problems for {', '.join(unknown) or 'no skill at all'}")
        return self


def unit_names(items: Items) -> list[str]:
    """One unit a seed and teaching problem: "s0/p003"."""
    return [f"s{seed}/p{n:03d}" for seed in items.seeds for n in range(items.problems)]


def place(unit: str) -> tuple[int, int]:
    """(seed, number of the problem) of a unit."""
    seed, number = unit.split("/")
    return int(seed[1:]), int(number[1:])


def teaching_problem(items: Items, unit: str) -> Problem:
    """The teaching problem of a unit.

    Raises:
        InputError: the file has fewer problems than asked for.
    """
    seed, n = place(unit)
    if items.file:
        pool = _pool(items.file)
        order = Random(f"teach/{seed}").sample(range(len(pool)), len(pool))
        if n >= len(order):
            raise InputError(f"{items.file}: {len(pool)} problems, fewer than the {items.problems} asked for")
        return pool[order[n]]
    skill = items.skills[n % len(items.skills)]
    per_skill = -(-items.problems // len(items.skills))
    drawn = problems(skill, per_skill, seed + 1, items.level)
    if n // len(items.skills) >= len(drawn):
        raise InputError(f"{skill} has only {len(drawn)} different problems at level {items.level}")
    return drawn[n // len(items.skills)]


def shots(items: Items, problem: Problem, seed: int) -> list[Exemplar]:
    """The worked examples that stand before every question about a problem."""
    if not items.shots:
        return []
    if items.file:
        others = [p for p in _pool(items.file) if p.id != problem.id and p.steps]
        drawn = Random(f"shots/{seed}/{problem.id}").sample(others, min(items.shots, len(others)))
    else:
        drawn = problems(problem.skill, items.shots, seed + SHOTS, items.level, avoid=(problem,))
    return [Exemplar(p.text, " ".join(p.steps), p.answer) for p in drawn]


_pools: dict[str, list[Problem]] = {}


def _pool(file: str) -> list[Problem]:
    from classwright.classroom.problem_file import read_problem_file

    if file not in _pools:
        _pools[file] = [entry.problem for entry in read_problem_file(Path(file)).entries]
    return _pools[file]


async def exam_problems(
    problem: Problem, n: int, seed: int, source: ExamFrom, items: Items, embed: Embed
) -> list[Problem]:
    """The exam that a teaching problem is judged by.

    Args:
        problem: The teaching problem; never among them.
        n: How many.
        seed: Draws them.
        source: Where they come from; a problem from a file has no variants.
        items: The experiment's problems.
        embed: For the nearest.

    Raises:
        InputError: variants of a problem from a file.
    """
    if items.file:
        if source == "variants":
            raise InputError('exam_from = "variants" needs skills of the bank; a file has "nearest" or "skill"')
        others = [p for p in _pool(items.file) if p.id != problem.id]
        if source == "skill":
            return Random(f"exam/{seed}/{problem.id}").sample(others, min(n, len(others)))
        vectors = await embed([problem.text, *(p.text for p in others)])
        order = np.argsort(-(vectors[1:] @ vectors[0]), kind="stable")
        return [others[int(i)] for i in order[:n]]
    if source == "variants":
        return isomorphic(problem, n, seed + 77)
    drawn = problems(problem.skill, 8 * n, seed + 78, problem.level, avoid=(problem,))
    if source == "skill":
        return Random(f"exam/{seed}/{problem.id}").sample(drawn, min(n, len(drawn)))
    vectors = await embed([problem.text, *(p.text for p in drawn)])
    order = np.argsort(-(vectors[1:] @ vectors[0]), kind="stable")
    return [drawn[int(i)] for i in order[:n]]
