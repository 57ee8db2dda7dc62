"""Problems that compose k small skills: "Start with 7. Add 5. Double it. Take away 4." Each step is one skill.

They are what SKILL-MIX style tests need: the same skills in any number and order, every step gradable on its own.
"""

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple


class Step(NamedTuple):
    """One operation of a chain.

    Attributes:
        skill: Its name.
        says: How it is told.
        result: The number after it.
    """

    skill: str
    says: str
    result: int


class Chain(NamedTuple):
    """A composed problem.

    Attributes:
        start: The first number.
        steps: The operations in order.
    """

    start: int
    steps: tuple[Step, ...]

    @property
    def text(self) -> str:
        """The problem as a student reads it."""
        return f"Start with {self.start}. {' '.join(s.says for s in self.steps)} What do you get?"

    @property
    def answer(self) -> int:
        """The last result."""
        return self.steps[-1].result

    def worked(self) -> str:
        """The results of all steps, as a student is to write them."""
        return "\n".join(f"{s.says} {s.result}" for s in self.steps)


def _add(n: int, rng: Random) -> tuple[str, int]:
    k = rng.randint(2, 9)
    return f"Add {k}.", n + k


def _subtract(n: int, rng: Random) -> tuple[str, int]:
    k = rng.randint(1, min(9, n))
    return f"Take away {k}.", n - k


def _double(n: int, rng: Random) -> tuple[str, int]:
    return "Double it.", 2 * n


def _ten_more(n: int, rng: Random) -> tuple[str, int]:
    return "Add ten.", n + 10


def _next(n: int, rng: Random) -> tuple[str, int]:
    return "Go to the next number.", n + 1


def _round_down(n: int, rng: Random) -> tuple[str, int]:
    return "Go down to the ten below.", n - n % 10


OPERATIONS: dict[str, Callable[[int, Random], tuple[str, int]]] = {
    "add": _add,
    "subtract": _subtract,
    "double": _double,
    "ten more": _ten_more,
    "next": _next,
    "ten below": _round_down,
}
LARGEST = 60
"""No number is doubled beyond it."""
TRIES = 200
"""Chains begun anew where none of the skills fits the number reached (doubling a large one, taking away from 0)."""


def chain(k: int, skills: Sequence[str], rng: Random) -> Chain:
    """A problem of k steps, each from one of the skills; no skill twice in a row where another fits.

    Args:
        k: Steps, at least 1.
        skills: Names of `OPERATIONS`.
        rng: Source of chance.

    Raises:
        ValueError: an unknown skill, or none; or skills of which no chain of this length can be made.
    """
    if not skills or any(s not in OPERATIONS for s in skills):
        raise ValueError(f"skills of a chain are among {', '.join(OPERATIONS)}, not {list(skills)}")
    for _ in range(TRIES):
        start = n = rng.randint(2, 15)
        steps: list[Step] = []
        while len(steps) < k:
            fitting = [s for s in skills if (s != "double" or n <= LARGEST // 2) and (s != "subtract" or n >= 1)]
            others = [s for s in fitting if not steps or s != steps[-1].skill]
            if not fitting:
                break
            skill = rng.choice(others or fitting)
            says, n = OPERATIONS[skill](n, rng)
            steps.append(Step(skill, says, n))
        if len(steps) == k:
            return Chain(start, tuple(steps))
    raise ValueError(f"no chain of {k} steps can be made of {', '.join(skills)} alone")


class Marks(NamedTuple):
    """How a chain was worked.

    Attributes:
        full: Whether the last result is right.
        every: Whether every step follows from the one before it, the student's own.
        share: Share of steps that do, 0..1.
    """

    full: bool
    every: bool
    share: float


def mark(text: str, problem: Chain) -> Marks:
    """Grade a worked chain: one result a line; a step counts if it is right from the student's own number before it.

    Args:
        text: The student's work, a line a step (the last number of a line is its result).
        problem: The chain.
    """
    lines = [line for line in text.splitlines() if re.search(r"\d", line)]
    final = re.findall(r"ANSWER:\s*(-?\d+)", text, re.I)
    numbers = [int(re.findall(r"-?\d+", line)[-1][:9]) for line in lines if not re.match(r"\s*ANSWER", line, re.I)]
    before, good = problem.start, 0
    for step, got in zip(problem.steps, numbers, strict=False):
        good += got == _apply(step, before)
        before = got
    last = int(final[-1][:9]) if final else numbers[-1] if numbers else None
    k = len(problem.steps)
    return Marks(last == problem.answer, good == k, good / k)


def _apply(step: Step, n: int) -> int:
    """The step done to another number."""
    k = int(re.sub(r"\D", "", step.says) or 0)
    return {
        "add": n + k, "subtract": n - k, "double": 2 * n, "ten more": n + 10, "next": n + 1, "ten below": n - n % 10,
    }[step.skill]  # fmt: skip
