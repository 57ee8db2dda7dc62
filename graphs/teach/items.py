"""The problems of an experiment: from the bank or a file, and the exam problems that belong to one of them."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from classwright.agents.model_student import MAX_TOKENS, Exemplar
from classwright.agents.words import Embed
from classwright.classroom.isomorphic import isomorphic
from classwright.errors import InputError
from classwright.skilltree.bank import generator_ids, numbers, problems
from classwright.skilltree.problem import Problem

SHOTS = 9_000
"""Offset of the seeds of worked examples from those of teaching problems."""
CHARS, FRAME = 3.5, 60
"""Characters per token of such texts, and tokens of what stands around them in a prompt."""
NEARBY = 8
"""Problems of the bank drawn per problem wanted, to take the nearest of."""

ExamFrom = Literal["variants", "nearest", "skill"]
"""Exam problems: the same pattern with other numbers, the nearest by meaning, or others of the same skill; those of a
skill (of a file) are the same for all teaching problems of a seed, so that they can be compared."""


class Seeded(BaseModel):
    """What all experiments' settings share.

    Attributes:
        seeds: Each draws its own problems.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    seeds: tuple[int, ...] = Field(default=(0, 1, 2), min_length=1)

    def checked(self) -> Self:
        """The same settings.

        Raises:
            InputError: seeds repeat.
        """
        if len(set(self.seeds)) != len(self.seeds):
            raise InputError(f"seeds {list(self.seeds)}: a seed twice is one seed; name different ones")
        return self


class Drawn(Seeded):
    """Problems of the bank.

    Attributes:
        skills: Skills to draw problems from, in turn.
        level: Their difficulty, 1-3.
    """

    skills: tuple[str, ...] = ("counting.subtract_within_10",)
    level: int = Field(default=1, ge=1, le=3)

    def checked(self) -> Self:
        """The same settings.

        Raises:
            InputError: seeds or skills repeat, or a skill has no generator.
        """
        known_skills(self.skills)
        return super().checked()


def known_skills(skills: tuple[str, ...]) -> None:
    """Check that there are problems for skills.

    Raises:
        InputError: there is no skill, one twice, or one without a generator; names it.
    """
    unknown = [s for s in skills if s not in generator_ids()]
    if unknown or not skills:
        raise InputError(f"skills: no problems for {', '.join(unknown) or 'no skill'}; see `classwright tree list`")
    if len(set(skills)) != len(skills):
        raise InputError(f"skills {list(skills)}: a skill twice is one skill; name different ones")


class Items(Drawn):
    """Teaching problems, of the bank or of a file.

    Attributes:
        file: A problem file (GSM8K's form, for example) in place of skills; "" for none.
        skip_bad: Leave out lines of the file that cannot be used (a gold answer is missing, say) instead of stopping.
        problems: Teaching problems per seed.
        shots: Worked examples that stand before every question to student and teacher alike, so that a small base model
            knows the form; of the same skill, never a teaching problem that it stands before, nor one of its exam.
    """

    seeds: tuple[int, ...] = Field(default=(0,), min_length=1)
    skills: tuple[str, ...] = ("counting.subtract_within_10", "counting.add_within_20")
    file: str = ""
    skip_bad: bool = False
    problems: int = Field(default=10, ge=1, le=10_000)
    shots: int = Field(default=3, ge=0, le=20)

    def checked(self) -> Self:
        """The same settings.

        Raises:
            InputError: as `Drawn.checked`; or the file cannot be used (a gold answer is missing, for example), or there
                are fewer problems than asked for.
        """
        if self.file:
            Seeded.checked(self)
        else:
            super().checked()
        for seed in self.seeds:
            teaching(self, seed)
        return self


class Examined(Items):
    """Teaching problems that are judged by an exam.

    Attributes:
        exam: Exam problems per teaching problem.
        exam_from: Where they come from.
    """

    exam: int = Field(default=5, ge=1, le=200)
    exam_from: ExamFrom = "variants"

    def checked(self) -> Self:
        """The same settings.

        Raises:
            InputError: as `Items.checked`; or variants of a problem from a file, which has none.
        """
        if self.file and self.exam_from == "variants":
            raise InputError('exam_from = "variants" needs skills of the bank; for a file say "nearest" or "skill"')
        return super().checked()


def unit_names(items: Items) -> list[str]:
    """One unit a seed and teaching problem: "s0/p003"."""
    return [f"s{seed}/p{n:03d}" for seed in items.seeds for n in range(items.problems)]


def place(unit: str) -> tuple[int, int]:
    """(seed, number of the problem) of a unit."""
    seed, number = unit.split("/")
    return int(seed[1:]), int(number[1:])


def by_skill(s: Drawn) -> list[str]:
    """One unit a seed and skill: "s0/counting.add_within_20"."""
    return [f"s{seed}/{skill}" for seed in s.seeds for skill in s.skills]


def seed_and_skill(unit: str) -> tuple[int, str]:
    """Of a unit made by `by_skill`."""
    seed, skill = unit.split("/")
    return int(seed[1:]), skill


def teaching_problem(items: Items, unit: str) -> Problem:
    """The teaching problem of a unit."""
    seed, n = place(unit)
    return teaching(items, seed)[n]


def teaching(items: Items, seed: int) -> tuple[Problem, ...]:
    """All teaching problems of a seed, skills in turn.

    Raises:
        InputError: there are fewer than asked for.
    """
    return _teaching(items.file, items.skip_bad, items.skills, items.level, items.problems, seed)


@lru_cache(maxsize=32)
def _teaching(
    file: str, skip_bad: bool, skills: tuple[str, ...], level: int, n: int, seed: int
) -> tuple[Problem, ...]:  # fmt: skip
    if file:
        held = pool(file, skip_bad)
        if n > len(held):
            raise InputError(f"{file}: {len(held)} problems, fewer than the {n} asked for")
        return tuple(Random(f"teach/{seed}").sample(held, n))
    turn = len(skills)
    drawn = [draw(skill, -(-n // turn), seed + 1, level) for skill in skills]
    return tuple(drawn[i % turn][i // turn] for i in range(n))


def draw(skill: str, n: int, seed: int, level: int, avoid: Sequence[Problem] = ()) -> tuple[Problem, ...]:
    """`n` different problems of a skill, none with the numbers of those to avoid.

    Raises:
        InputError: it has fewer.
    """
    return _draw(skill, n, seed, level, tuple(numbers(p) for p in avoid))


@lru_cache(maxsize=256)
def _draw(skill: str, n: int, seed: int, level: int, avoid: tuple[str, ...]) -> tuple[Problem, ...]:
    found = problems(skill, n, seed, level, avoid=avoid)
    if len(found) < n:
        beside = f" beside {len(avoid)} others" if avoid else ""
        raise InputError(
            f"{skill} has only {len(found)} different problems at level {level}{beside}, fewer than the {n} asked for"
        )
    return tuple(found)


def shots(items: Items, problem: Problem, seed: int, avoid: Sequence[Problem] = ()) -> list[Exemplar]:
    """The worked examples that stand before a problem and before its exam, `avoid`."""
    if not items.shots:
        return []
    if items.file:
        used = {p.id for p in (problem, *avoid)}
        others = [p for p in pool(items.file, items.skip_bad) if p.id not in used and p.steps]
        drawn = Random(f"shots/{seed}/{problem.id}").sample(others, min(items.shots, len(others)))
        return [worked(p) for p in drawn]
    return worked_examples(problem.skill, items.shots, seed, items.level, (problem, *avoid))


def worked_examples(skill: str, n: int, seed: int, level: int, avoid: Sequence[Problem]) -> list[Exemplar]:
    """`n` worked problems of a skill, none of which is among those to avoid."""
    return [worked(p) for p in draw(skill, n, seed + SHOTS, level, avoid)] if n else []


def worked(problem: Problem) -> Exemplar:
    """A problem with its right solution."""
    return Exemplar(problem.text, " ".join(problem.steps), problem.answer)


def exam_tokens(items: Items, shown: int = 0, reply: int = MAX_TOKENS) -> int:
    """Tokens of one answered question at most, about: the worked examples, `shown` more, the question, the reply."""
    few = teaching(items, items.seeds[0])[:10]
    chars = sum(len(p.text) + sum(len(step) + 1 for step in p.steps) for p in few) / len(few)
    return round(FRAME + (items.shots + shown + 1) * (chars / CHARS + 10)) + reply


@lru_cache(maxsize=8)
def pool(file: str, skip_bad: bool) -> list[Problem]:
    """The problems of a file.

    Raises:
        InputError: it cannot be used; the message names its lines.
    """
    from classwright.classroom.problem_file import read_problem_file

    try:
        return [entry.problem for entry in read_problem_file(Path(file), skip_bad=skip_bad).entries]
    except InputError as error:
        raise InputError(str(error).replace("--skip-bad leaves", "skip_bad = true leaves")) from error


async def exam_problems(problem: Problem, seed: int, items: Examined, embed: Embed) -> tuple[Problem, ...]:
    """The exam that a teaching problem is judged by; the problem itself is never among them.

    Args:
        problem: The teaching problem.
        seed: Draws them.
        items: The experiment's problems.
        embed: For the nearest.

    Raises:
        InputError: there are fewer than asked for.
    """
    n = items.exam
    found = _candidates(problem, seed, items)
    if items.exam_from == "nearest":
        vectors = await embed([problem.text, *(p.text for p in found)])
        found = [found[int(i)] for i in np.argsort(-(vectors[1:] @ vectors[0]), kind="stable")]
    if len(found) < n:
        source = items.file or problem.skill
        raise InputError(f"{source}: {len(found)} exam problems for “{problem.text[:60]}”, fewer than {n}")
    return tuple(found[:n])


def _candidates(problem: Problem, seed: int, items: Examined) -> list[Problem]:
    if items.exam_from == "variants":
        return isomorphic(problem, items.exam, seed + 77)
    common = items.exam_from == "skill"
    avoid = teaching(items, seed) if common else (problem,)
    if items.file:
        used = {p.id for p in avoid}
        others = [p for p in pool(items.file, items.skip_bad) if p.id not in used]
        return Random(f"exam/{seed}").sample(others, len(others)) if common else others
    if common:
        same = tuple(p for p in avoid if p.skill == problem.skill)
        return list(draw(problem.skill, items.exam, seed + 78, items.level, same))
    return problems(problem.skill, NEARBY * items.exam, seed + 78, problem.level, avoid=avoid)
