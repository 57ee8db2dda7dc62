"""iterate: teaching material improved over rounds from students' failures (LbT M3, Ning et al., 2024).

init, then per round: exam, reflect, improve, select. The teacher writes material for a skill; students take an exam
with it in their context; the teacher sees failures and writes what the material lacks, then new candidates; the ones
with the best exam stay (a beam). Several students, who differ in the worked examples they know and in how freely they
answer, help against overfitting to one. What is reported is accuracy on a held-out exam. The ablation reflects on
random answers instead of failures, everything else equal.
"""

from collections import defaultdict
from collections.abc import Sequence
from random import Random
from typing import Any, Literal

from pydantic import Field

from classwright.agents.model_student import take
from classwright.agents.tutor import tidy
from classwright.errors import OutputError
from classwright.graphs.teach.frame import Cost, Curve, Outcome, Stage, Values, room, table
from classwright.graphs.teach.items import Items, shots
from classwright.models.together import together
from classwright.prompts import render
from classwright.runs.journal import Key
from classwright.skilltree.bank import problems
from classwright.skilltree.problem import Problem

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


class Settings(Items):
    """Part `[teach.iterate]` of a recipe.

    Attributes:
        rounds: Of exam, reflect, improve, select.
        beam: Materials kept.
        candidates: New ones per kept one and round.
        exam: Exam problems that select; as many others are held out for the report.
        students: Different students.
    """

    skills: tuple[str, ...] = ("counting.subtract_within_10",)
    rounds: int = Field(default=2, ge=1, le=20)
    beam: int = Field(default=1, ge=1, le=8)
    candidates: int = Field(default=2, ge=1, le=8)
    exam: int = Field(default=8, ge=2, le=200)
    students: int = Field(default=2, ge=1, le=8)


def units(s: Settings) -> list[str]:
    """One unit a seed and skill."""
    return [f"s{seed}/{skill}" for seed in s.seeds for skill in s.skills]


def cost(s: Settings) -> Cost:
    """Two arms of rounds, and the exams before and after."""
    exams = s.exam * s.students
    rounds = 2 * s.rounds * s.beam * (1 + s.candidates * (1 + exams))
    calls = len(s.seeds) * len(s.skills) * (1 + rounds + exams * (2 + 2 * s.rounds + 2))
    return Cost(calls, calls * CALL_TOKENS)


async def run(unit: str, stage: Stage) -> dict[str, Any]:
    """One seed and skill: both arms from the same first material."""
    s: Settings = stage.settings
    seed, skill = int(unit.split("/")[0][1:]), unit.split("/")[1]
    drawn = problems(skill, 2 * s.exam, seed + 7, s.level)
    half = len(drawn) // 2
    dev, held = drawn[:half], drawn[half:]
    school = School(unit, seed, s, stage)
    first = await school.write("init", "0", skill=stage.tree[skill].name, material="", shown="", advice="")
    nothing = await school.exam("", held, "none-held")
    start, start_held = await together(school.exam(first, dev, "first-dev"), school.exam(first, held, "first-held"))
    out: dict[str, Any] = {
        "no material": _right(nothing),
        "first material": _right(start_held),
        "material": {"": first},
    }
    for arm in ("failures", "random"):
        text, curve = await _improve(arm, first, start, dev, held, school)
        out[arm] = curve[-1]
        out[f"{arm} by round"] = [_right(start_held), *curve]
        out["material"][arm] = text
    return out


Answers = list[tuple[str, Problem, str, bool]]
"""(student, problem, what it answered, right) of an exam."""


class School:
    """The students, the teacher, and where their replies belong in the journal."""

    def __init__(self, unit: str, seed: int, settings: Settings, stage: Stage) -> None:
        self.unit, self.seed, self.settings, self.stage = unit, seed, settings, stage

    async def exam(self, material: str, items: Sequence[Problem], tag: str) -> Answers:
        """Every student's answers with this material."""

        async def one(k: int, n: int, problem: Problem) -> tuple[str, Problem, str, bool]:
            answer = await take(
                problem, self.stage.models.chat("student"), key=Key(self.unit, "student", tag, f"{k}-{n}"),
                exemplars=shots(self.settings, problem, self.seed + 31 * k), material=material,
                temperature=0.0 if k == 0 else 0.5,
            )  # fmt: skip
            return f"student {k + 1}", problem, answer.answer or answer.text[:80], answer.result == "right"

        return await together(
            *(one(k, n, p) for k in range(self.settings.students) for n, p in enumerate(items))
        )  # fmt: skip

    async def write(self, task: str, place: str, **values: str) -> str:
        """A text of the teacher: first material, a reflection, or improved material; "" where it wrote none."""
        key = Key(self.unit, "teacher", task, place)
        try:
            reply = await self.stage.models.chat("teacher").text(
                render(f"iterate_{task}", **values), key=key, max_tokens=220, temperature=0.7
            )
        except OutputError:
            return ""
        return tidy(reply.text)


async def _improve(
    arm: Reflect, first: str, start: Answers, dev: Sequence[Problem], held: Sequence[Problem], school: School
) -> tuple[str, list[list[float]]]:
    """The best material after all rounds, and the held-out answers (1 right) of the best after each round."""
    s = school.settings
    pool: list[tuple[float, str, Answers]] = [(_share(start), first, start)]
    curve: list[list[float]] = []
    for round_ in range(1, s.rounds + 1):
        new: list[tuple[float, str, Answers]] = []
        for b, (_, material, answers) in enumerate(pool[: s.beam]):
            place = f"{arm}-{round_}-{b}"
            shown = seen_by_teacher(arm, answers, f"{school.seed}/{place}")
            advice = await school.write("reflect", place, material=material, shown=shown, skill="", advice="")
            texts = await together(
                *(school.write("improve", f"{place}-{c}", material=material, shown=shown, advice=advice, skill="")
                  for c in range(s.candidates))
            )  # fmt: skip
            exams = await together(*(school.exam(t, dev, f"{place}-{c}-dev") for c, t in enumerate(texts)))
            new += [(_share(e), t, e) for t, e in zip(texts, exams, strict=True) if t]
        pool = sorted([*pool, *new], key=lambda row: -row[0])[: max(s.beam, 1)]
        curve.append(_right(await school.exam(pool[0][1], held, f"{arm}-{round_}-held")))
    return pool[0][1], curve


def seen_by_teacher(arm: Reflect, answers: Answers, seed: str) -> str:
    """What the teacher reflects on: failures, or random answers of the same exam, one a line."""
    pool = [a for a in answers if not a[3]] if arm == "failures" else list(answers)
    drawn = Random(f"iterate/{seed}").sample(pool, min(SHOWN, len(pool)))
    lines = [f"{who} on {p.text!r} answered {said!r}; right is {p.answer}" for who, p, said, _ in drawn]
    return "\n".join(lines) or "No student failed."


def _share(answers: Answers) -> float:
    return sum(a[3] for a in answers) / len(answers) if answers else 0.0


def _right(answers: Answers) -> list[float]:
    return [float(a[3]) for a in answers]


def analyze(s: Settings, records: dict[str, dict[str, Any]]) -> Outcome:
    """Held-out accuracy per arm, and by round."""
    values: Values = defaultdict(dict)
    by_round: dict[str, list[list[float]]] = defaultdict(list)
    for unit, record in records.items():
        for arm in ARMS:
            for n, right in enumerate(record[arm]):
                values[arm][f"{unit}/{n}"] = [right]
        for arm in ("failures", "random"):
            by_round[arm].append([sum(r) / len(r) for r in record[f"{arm} by round"]])
    against = [("failures", "random"), ("failures", "first material"), ("failures", "no material")]
    controls = ("random", "first material", "no material")
    found = table("accuracy on the held-out exam", "share right", values, ARMS, against=against, controls=controls,
                  seeds=len(s.seeds), seed=s.seeds[0])  # fmt: skip
    mean = {arm: [sum(c[k] for c in all_) / len(all_) for k in range(s.rounds + 1)] for arm, all_ in by_round.items()}
    drawn = Curve(title="Held-out accuracy by round", x="round", y="share right",
                  lines={arm: [(float(k), y) for k, y in enumerate(ys)] for arm, ys in mean.items()})  # fmt: skip
    return Outcome(tables=[found], curves=[drawn], silent=room(values["no material"], "the students"))
