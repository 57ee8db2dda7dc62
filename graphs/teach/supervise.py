"""supervise: teaching material with wrong outcomes against wrong steps (He et al., "Guiding through complexity", 2024).

Worked examples are given controlled rates of two kinds of error: the final answer is wrong (outcome), or the steps are
(step-wise). A student taught with each mix takes the same exam; the effect of each kind is read at matched levels of
the other.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from random import Random
from typing import Any, Self

from pydantic import Field

from classwright.agents.model_student import Exemplar, take
from classwright.classroom.careless import careless_answer
from classwright.errors import InputError
from classwright.graphs.teach.frame import Cost, Outcome, Stage, Values, room, table
from classwright.graphs.teach.items import Drawn, by_skill, draw, seed_and_skill
from classwright.models.together import together
from classwright.runs.journal import Key
from classwright.skilltree.problem import Problem

RATES = (0.0, 0.5, 1.0)


class Settings(Drawn):
    """Part `[teach.supervise]` of a recipe.

    Attributes:
        examples: Worked examples in the material.
        problems: Exam problems per seed.
    """

    skills: tuple[str, ...] = ("counting.add_within_20",)
    examples: int = Field(default=4, ge=1, le=20)
    problems: int = Field(default=20, ge=2, le=10_000)

    def checked(self) -> Self:
        """The same settings.

        Raises:
            InputError: as `Drawn.checked`; too few problems, or an example that code cannot spoil.
        """
        super().checked()
        for seed in self.seeds:
            for skill in self.skills:
                for example in draw(skill, self.examples + self.problems, seed + 5, self.level)[: self.examples]:
                    right = spoil(example, outcome=False, step=False, seed=seed)
                    wrong = spoil(example, outcome=True, step=True, seed=seed)
                    if right.answer == wrong.answer or right.rationale == wrong.rationale:
                        raise InputError(f"skills: code cannot make a wrong answer and wrong steps for {skill}")
        return self


def arm(outcome: float, step: float) -> str:
    """An arm's name."""
    return f"outcomes {outcome:.0%} wrong, steps {step:.0%} wrong"


ARMS = {arm(o, s): f"{o:.0%} of the final answers wrong, {s:.0%} of the steps wrong" for o in RATES for s in RATES} | {
    "no material": "nothing shown"
}


units = by_skill


def cost(s: Settings) -> Cost:
    """Each exam problem once per arm."""
    calls = len(by_skill(s)) * len(ARMS) * s.problems
    return Cost(calls, calls * (90 * s.examples + 100))


def spoil(problem: Problem, *, outcome: bool, step: bool, seed: int) -> Exemplar:
    """A worked example with the errors that are asked for: its steps and its answer are spoiled independently.

    A wrong step keeps its form and has one number changed; the answer stays what it would have been.
    """
    steps = list(problem.steps)
    if step:
        steps = [_wrong(line, f"{seed}/{n}", problem) for n, line in enumerate(steps)]
    answer = (careless_answer(problem, f"outcome/{seed}") or problem.answer) if outcome else problem.answer
    return Exemplar(problem.text, "\n".join(steps), answer)


def _wrong(line: str, seed: str, problem: Problem) -> str:
    """The line with its last number changed."""
    number = {"answer": _last(line), "kind": "number", "id": f"{problem.id}/{seed}"}
    changed = careless_answer(problem.model_copy(update=number), seed)
    at = line.rfind(_last(line))
    return line[:at] + changed + line[at + len(_last(line)) :] if changed and at >= 0 else line


def _last(line: str) -> str:
    found = re.findall(r"\d+(?:\.\d+)?", line)
    return found[-1] if found else ""


def material(drawn: Sequence[Problem], outcome: float, step: float, seed: int) -> list[Exemplar]:
    """Worked examples with these rates of errors; which ones are spoiled is drawn apart for the two kinds."""
    n = len(drawn)
    bad_outcome = set(Random(f"outcomes/{seed}").sample(range(n), round(outcome * n)))
    bad_step = set(Random(f"steps/{seed}").sample(range(n), round(step * n)))
    return [spoil(p, outcome=i in bad_outcome, step=i in bad_step, seed=seed) for i, p in enumerate(drawn)]


async def run(unit: str, stage: Stage) -> dict[str, Any]:
    """One seed and skill: the same exam after every mix of errors."""
    s: Settings = stage.settings
    seed, skill = seed_and_skill(unit)
    drawn = draw(skill, s.examples + s.problems, seed + 5, s.level)
    shown, exam = drawn[: s.examples], drawn[s.examples :]
    out: dict[str, list[bool]] = {}
    mixes = {arm(o, w): material(shown, o, w, seed) for o in RATES for w in RATES} | {"no material": []}
    for place, (name, examples) in enumerate(mixes.items()):
        answers = await together(
            *(take(p, stage.models.chat("student"), key=Key(unit, "student", f"mix{place}", n), exemplars=examples)
              for n, p in enumerate(exam))
        )  # fmt: skip
        out[name] = [a.result == "right" for a in answers]
    return out


def analyze(s: Settings, records: dict[str, dict[str, Any]]) -> Outcome:
    """Accuracy per mix, and the effect of each kind of error at matched levels of the other."""
    values: Values = defaultdict(dict)
    for unit, record in records.items():
        for name, right in record.items():
            for n, r in enumerate(right):
                values[name][f"{unit}/{n}"] = [float(r)]
    matched: Values = defaultdict(dict)
    for item in values[arm(0, 0)]:
        for o in RATES:
            matched[f"outcomes {o:.0%} wrong"][item] = [values[arm(o, w)][item][0] for w in RATES]
            matched[f"steps {o:.0%} wrong"][item] = [values[arm(w, o)][item][0] for w in RATES]
    about = {f"outcomes {o:.0%} wrong": "mean over the rates of wrong steps" for o in RATES} | {
        f"steps {o:.0%} wrong": "mean over the rates of wrong outcomes" for o in RATES
    }
    clean = arm(0, 0)
    full = table("accuracy on the exam", "share right", values, ARMS, against=[(clean, "no material")],
                 controls=("no material",), seeds=len(s.seeds), seed=s.seeds[0])  # fmt: skip
    pairs = [("outcomes 100% wrong", "outcomes 0% wrong"), ("steps 100% wrong", "steps 0% wrong"),
             ("steps 100% wrong", "outcomes 100% wrong")]  # fmt: skip
    effects = table("each kind of error at matched levels of the other", "share right", matched, about, against=pairs,
                    controls=("outcomes 0% wrong", "steps 0% wrong"), seeds=len(s.seeds), seed=s.seeds[0])  # fmt: skip
    return Outcome(tables=[effects, full], silent=room("the student", *values.values()))
