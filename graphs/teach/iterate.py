"""iterate: teaching material improved over rounds from students' failures (LbT M3, Ning et al., 2024).

init, then per round: exam, reflect, improve, select. The teacher writes material for a skill; students take an exam
with it in their context; the teacher sees failures and writes what the material lacks, then new candidates; the ones
with the best exam stay (a beam). Several students, who differ in the worked examples they know and in how freely they
answer, help against overfitting to one; students of code differ in the misconception they hold, which the material must
answer. What is reported is accuracy on a held-out exam. The ablation reflects on random answers instead of failures,
everything else equal.
"""

from collections import defaultdict
from collections.abc import Sequence
from random import Random
from typing import Any, Literal, Self

from pydantic import Field

from classwright.errors import InputError
from classwright.graphs.teach.frame import Cost, Curve, Outcome, Stage, Values, room, table
from classwright.graphs.teach.items import Drawn, by_skill, draw, seed_and_skill
from classwright.graphs.teach.school import Answers, School
from classwright.models.together import together
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import default_tree

Reflect = Literal["failures", "random"]
ARMS = {
    "failures": "material improved from the students' failures",
    "random": "the same, reflecting on random answers instead (ablation)",
    "first material": "before any round",
    "no material": "nothing taught",
}
SHOWN = 4
"""Answers that the teacher sees per reflection."""
CALL_TOKENS = 600


class Settings(Drawn):
    """Part `[teach.iterate]` of a recipe.

    Attributes:
        rounds: Of exam, reflect, improve, select.
        beam: Materials kept.
        candidates: New ones per kept one and round.
        exam: Exam problems that select; as many others are held out for the report.
        students: Different students.
        students_kind: Language models with worked examples in their context, or students of code with misconceptions.
        shots: Worked examples that a model student knows.
    """

    seeds: tuple[int, ...] = Field(default=(0,), min_length=1)
    rounds: int = Field(default=2, ge=1, le=20)
    beam: int = Field(default=1, ge=1, le=8)
    candidates: int = Field(default=2, ge=1, le=8)
    exam: int = Field(default=8, ge=2, le=200)
    students: int = Field(default=2, ge=1, le=8)
    students_kind: Literal["model", "knowledge"] = "model"
    shots: int = Field(default=3, ge=0, le=20)

    def checked(self) -> Self:
        """The same settings.

        Raises:
            InputError: as `Drawn.checked`; too few problems; or a skill without a misconception for students of code.
        """
        super().checked()
        for seed in self.seeds:
            for skill in self.skills:
                draw(skill, 2 * self.exam, seed + 7, self.level)
        bare = [s for s in self.skills if not default_tree().misconceptions_of(s)]
        if self.students_kind == "knowledge" and bare:
            raise InputError(f"students_kind: {bare[0]} has no misconception that a student of code could hold")
        return self


units = by_skill


def cost(s: Settings) -> Cost:
    """Two arms of rounds with their exams; held-out exams before, after the first material, and after every round."""
    exam = s.exam * s.students if s.students_kind == "model" else 0
    # The first round has one material; from the second on a beam of them is improved.
    improved = sum(min(s.beam, 1 + r * s.candidates) for r in range(s.rounds))
    arm = improved * (1 + s.candidates * (1 + exam)) + s.rounds * exam
    calls = len(by_skill(s)) * (1 + 3 * exam + 2 * arm)
    return Cost(calls, calls * CALL_TOKENS)


async def run(unit: str, stage: Stage) -> dict[str, Any]:
    """One seed and skill: both arms from the same first material."""
    s: Settings = stage.settings
    seed, skill = seed_and_skill(unit)
    drawn = draw(skill, 2 * s.exam, seed + 7, s.level)
    dev, held = drawn[: s.exam], drawn[s.exam :]
    school = School(unit, seed, s, stage, drawn)
    first = await school.write("init", "0", skill=stage.tree[skill].name)
    nothing, start, start_held = await together(
        school.exam("", held, "none-held"), school.exam(first, dev, "first-dev"), school.exam(first, held, "first-held")
    )
    out: dict[str, Any] = {"no material": _right(nothing), "first material": _right(start_held)}
    texts = {"": first}
    for arm in ("failures", "random"):
        texts[arm], curve = await _improve(arm, first, start, dev, held, school)
        out[arm] = curve[-1]
        out[f"{arm} by round"] = [_right(start_held), *curve]
    return out | {"material": texts}


async def _improve(
    arm: Reflect, first: str, start: Answers, dev: Sequence[Problem], held: Sequence[Problem], school: School
) -> tuple[str, list[list[float]]]:
    """The best material after all rounds, and the held-out answers (1 right) of the best after each round."""
    s = school.settings
    pool: list[tuple[float, str, Answers]] = [(_share(start), first, start)]
    curve: list[list[float]] = []
    for number in range(1, s.rounds + 1):
        new: list[tuple[float, str, Answers]] = []
        for b, (_, material, answers) in enumerate(pool):
            place = f"{arm}-{number}-{b}"
            shown = seen_by_teacher(arm, answers, f"{school.seed}/{place}")
            advice = await school.write("reflect", place, material=material, shown=shown)
            texts = await together(
                *(school.write("improve", f"{place}-{c}", material=material, shown=shown, advice=advice)
                  for c in range(s.candidates))
            )  # fmt: skip
            there = [(c, t) for c, t in enumerate(texts) if t]
            exams = await together(*(school.exam(t, dev, f"{place}-{c}-dev") for c, t in there))
            new += [(_share(e), t, e) for (_, t), e in zip(there, exams, strict=True)]
        pool = sorted([*pool, *new], key=lambda row: -row[0])[: s.beam]
        curve.append(_right(await school.exam(pool[0][1], held, f"{arm}-{number}-held")))
    return pool[0][1], curve


def seen_by_teacher(arm: Reflect, answers: Answers, seed: str) -> str:
    """What the teacher reflects on: failures, or random answers of the same exam, one a line."""
    pool = [a for a in answers if not a.right] if arm == "failures" else list(answers)
    drawn = Random(f"iterate/{seed}").sample(pool, min(SHOWN, len(pool)))
    lines = [f"{a.student} on {a.problem.text!r} answered {a.said!r}; right is {a.problem.answer}" for a in drawn]
    return "\n".join(lines) or "No student failed."


def _share(answers: Answers) -> float:
    return sum(a.right for a in answers) / len(answers)


def _right(answers: Answers) -> list[float]:
    return [float(a.right) for a in answers]


def analyze(s: Settings, records: dict[str, dict[str, Any]]) -> Outcome:
    """Held-out accuracy per arm, and by round. An item is a problem; its values are the students' answers to it."""
    values: Values = {arm: defaultdict(list) for arm in ARMS}
    by_round: dict[str, list[list[float]]] = defaultdict(list)
    for unit, record in records.items():
        for arm in ARMS:
            for n, right in enumerate(record[arm]):
                values[arm].setdefault(f"{unit}/{n % s.exam}", []).append(right)
        for arm in ("failures", "random"):
            by_round[arm].append([sum(r) / len(r) for r in record[f"{arm} by round"]])
    against = [("failures", "random"), ("failures", "first material"), ("failures", "no material")]
    controls = ("random", "first material", "no material")
    found = table("accuracy on the held-out exam", "share right", values, ARMS, against=against, controls=controls,
                  seeds=len(s.seeds), seed=s.seeds[0])  # fmt: skip
    mean = {arm: [sum(c[k] for c in all_) / len(all_) for k in range(s.rounds + 1)] for arm, all_ in by_round.items()}
    drawn = Curve(title="Held-out accuracy by round", x="round", y="share right",
                  lines={arm: [(float(k), y) for k, y in enumerate(ys)] for arm, ys in mean.items()})  # fmt: skip
    who = f"{s.students} student{'s' if s.students > 1 else ''} ({s.students_kind})"
    notes = [f"{who}; an item is a problem, answered by all of them"]
    return Outcome(tables=[found], curves=[drawn], notes=notes, silent=room("the students", *values.values()))
