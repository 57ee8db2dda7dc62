"""compose: students taught on few composed skills, tested on more (SKILL-MIX, Yu et al., 2023; Zhao et al., 2024).

A student sees worked chains of k = 1, or of k = 2 and 3, at equal tokens, and is tested on chains of k = 4 and 5 and on
skills that no example showed. Metrics as published: full marks (the result is right), all skills (every step is right
from the student's own last number), skill fraction (share of steps).
"""

from collections import defaultdict
from random import Random
from typing import Any, Self

from pydantic import Field

from classwright.agents.model_student import Exemplar
from classwright.classroom.chains import OPERATIONS, Chain, chain, mark
from classwright.errors import InputError, OutputError
from classwright.graphs.teach.frame import Cost, Outcome, Stage, Table, Values, room, table
from classwright.graphs.teach.items import Seeded
from classwright.models.together import together
from classwright.prompts import render
from classwright.runs.journal import Key

ARMS = {
    "k = 2, 3": "worked chains of two and three skills",
    "k = 1": "single skills, at equal tokens",
    "nothing": "one example of the form only",
}
TESTS = ("k = 4", "k = 5", "held-out skills")


class Settings(Seeded):
    """Part `[teach.compose]` of a recipe.

    Attributes:
        skills: Taught ones, names of `classroom.chains.OPERATIONS`.
        held_out: Skills that no example shows.
        words: Words of teaching material per arm (equal for all, as tokens go with words).
        items: Test items per test and seed.
    """

    skills: tuple[str, ...] = ("add", "subtract", "double", "next")
    held_out: tuple[str, ...] = ("ten more", "ten below")
    words: int = Field(default=150, ge=20, le=4000)
    items: int = Field(default=12, ge=2, le=1000)

    def checked(self) -> Self:
        """The same settings.

        Raises:
            InputError: seeds repeat, an unknown skill, one that is both taught and held out, or skills of which no
                chains can be made.
        """
        for name in (*self.skills, *self.held_out):
            if name not in OPERATIONS:
                raise InputError(f"skills: there is no {name}; there are {', '.join(OPERATIONS)}")
        if shared := set(self.skills) & set(self.held_out):
            raise InputError(f"held_out: {shared.pop()} is taught as well")
        if len(self.skills) < 2 or not self.held_out:
            raise InputError("skills: needs at least two taught skills and one held out")
        try:
            for seed in self.seeds:
                exams(self, seed)
        except ValueError as error:
            raise InputError(f"skills: {error}") from error
        return super().checked()


def units(s: Settings) -> list[str]:
    """One unit a seed."""
    return [f"s{seed}" for seed in s.seeds]


def cost(s: Settings) -> Cost:
    """Each test item once per arm."""
    calls = len(s.seeds) * len(ARMS) * len(TESTS) * s.items
    return Cost(calls, calls * (2 * s.words + 150))


def material(arm: str, s: Settings, seed: int) -> list[Exemplar]:
    """The worked chains of an arm: as many as fit into its words."""
    rng = Random(f"compose/{seed}/{arm}")
    lengths = {"k = 1": (1,), "k = 2, 3": (2, 3), "nothing": (1,)}[arm]
    shown: list[Exemplar] = []
    used = n = 0
    while True:
        c = chain(lengths[n % len(lengths)], s.skills, rng)
        size = len(c.text.split()) + len(c.worked().split()) + 2
        if shown and (used + size > s.words or arm == "nothing"):
            return shown
        shown.append(Exemplar(c.text, c.worked(), str(c.answer)))
        used += size
        n += 1


def exams(s: Settings, seed: int) -> dict[str, list[Chain]]:
    """The test items, the same for every arm."""
    rng = Random(f"compose/{seed}/tests")
    return {
        "k = 4": [chain(4, s.skills, rng) for _ in range(s.items)],
        "k = 5": [chain(5, s.skills, rng) for _ in range(s.items)],
        "held-out skills": [chain(2, s.held_out, rng) for _ in range(s.items)],
    }


async def run(unit: str, stage: Stage) -> dict[str, Any]:
    """One seed: every arm takes every test."""
    s: Settings = stage.settings
    seed = int(unit[1:])
    out: dict[str, Any] = {}
    for place, arm in enumerate(ARMS):
        shown = [(e.question, e.text()) for e in material(arm, s, seed)]
        marks = {}
        for name, items in exams(s, seed).items():
            tag = f"{place}-{TESTS.index(name)}"
            marks[name] = await together(*(_marked(unit, tag, i, c, shown, stage) for i, c in enumerate(items)))
        out[arm] = marks
    return {"arms": out, "examples": {arm: len(material(arm, s, seed)) for arm in ARMS}}


async def _marked(
    unit: str, tag: str, n: int, problem: Chain, shown: list[tuple[str, str]], stage: Stage
) -> list[float]:
    messages = render("exam", material="", exemplars=shown, question=problem.text)
    try:
        reply = await stage.models.chat("student").text(
            messages, key=Key(unit, "student", tag, n), max_tokens=120, temperature=0.0
        )
    except OutputError:
        return [0.0, 0.0, 0.0]
    return [float(x) for x in mark(reply.text, problem)]


def analyze(s: Settings, records: dict[str, dict[str, Any]]) -> Outcome:
    """Full marks, all skills and skill fraction per arm and test."""
    out: list[Table] = []
    steps: Values = {arm: {} for arm in ARMS}
    for metric, place in (("skill fraction", 2), ("full marks", 0), ("all skills", 1)):
        for test in TESTS:
            values: Values = defaultdict(dict)
            for unit, record in records.items():
                for arm in ARMS:
                    for i, marks in enumerate(record["arms"][arm][test]):
                        values[arm][f"{unit}/{i}"] = [marks[place]]
            if metric == "skill fraction":
                for arm in ARMS:
                    steps[arm] |= {f"{test}/{i}": v for i, v in values[arm].items()}
            against = [("k = 2, 3", "k = 1"), ("k = 2, 3", "nothing")]
            out.append(table(f"{metric}, {test}", "share", values, ARMS, against=against, controls=("k = 1", "nothing"),
                             seeds=len(s.seeds), seed=s.seeds[0]))  # fmt: skip
    counts = [record["examples"] for record in records.values()]
    shown = ", ".join(f"{arm} {sum(c[arm] for c in counts) / len(counts):.1f}" for arm in ARMS)
    notes = [f"worked examples shown: {shown}; within {s.words} words each, but for “nothing”, which shows one"]
    return Outcome(tables=out, notes=notes, silent=room("the student", *steps.values()))
