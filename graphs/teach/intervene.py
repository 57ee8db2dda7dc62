"""intervene: whom to help with a limited budget, by a mental model of the student (Saha, Hase & Bansal, NeurIPS 2023).

The teacher sees a few examples of how the student answered, with and without an explanation, and from them predicts, by
log-probabilities, how likely the student is to be right on a new problem without and with the teacher's explanation.
Expected utility is their difference; of N problems the b N with the largest utility get an explanation. Arms differ in
how the problems are ranked; explanations are personalized (the student's examples stand in the prompt) or not; a
misaligned teacher picks the lowest utility and explains the wrong way. The gold answer is in no prompt of a prediction.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, NamedTuple, Self

from pydantic import Field

from classwright.agents.model_student import take
from classwright.agents.tutor import tidy
from classwright.classroom.effects import Estimate, spearman
from classwright.classroom.effects import estimate as mean_of
from classwright.errors import InputError, OutputError
from classwright.graphs.teach.frame import Cost, Curve, Outcome, Stage, Values, room, table
from classwright.graphs.teach.items import Items, shots, teaching
from classwright.graphs.teach.select import believed, chance_of_right
from classwright.models.together import together
from classwright.prompts import render
from classwright.runs.journal import Key
from classwright.skilltree.problem import Problem

BUDGETS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
ARMS = {
    "utility": "largest expected utility first",
    "utility, unpersonalized": "the same ranking, explanations without the student's examples",
    "oracle": "problems that the explanation truly helps first",
    "least confidence": "problems on which the student is least confident first",
    "random": "in random order (mean of 20 orders)",
    "no help": "nobody is helped",
    "misaligned": "lowest utility first, with explanations that lead astray",
}
CONTROLS = ("random", "no help", "misaligned", "least confidence", "utility, unpersonalized")
ORDERS = 20
CALL_TOKENS = 450


class Settings(Items):
    """Part `[teach.intervene]` of a recipe.

    Attributes:
        examples: Of the student's answers that the teacher sees.
        problems: Problems per seed that may be explained.
    """

    examples: int = Field(default=3, ge=1, le=20)
    problems: int = Field(default=20, ge=5, le=10_000)

    def checked(self) -> Self:
        """The same settings.

        Raises:
            InputError: as `Items.checked`, with the problems that are shown to the teacher as examples.
        """
        super().checked()
        for seed in self.seeds:
            teaching(_with_examples(self), seed)
        return self


def _with_examples(s: Settings) -> Settings:
    return s.model_copy(update={"problems": s.problems + s.examples})


def units(s: Settings) -> list[str]:
    """One unit a seed: its problems compete for the budget."""
    return [f"s{seed}" for seed in s.seeds]


def cost(s: Settings) -> Cost:
    """Per problem: three explanations, four answers, two predictions, one confidence; three calls per example."""
    calls = len(s.seeds) * (s.problems * 10 + s.examples * 3)
    return Cost(calls, calls * CALL_TOKENS)


async def run(unit: str, stage: Stage) -> dict[str, Any]:
    """One seed: everything that the rankings and the budget curves are made from.

    Raises:
        InputError: an endpoint gives no log-probabilities; known after the first problem.
    """
    s: Settings = stage.settings
    drawn = teaching(_with_examples(s), int(unit[1:]))
    shown, asked = drawn[: s.examples], drawn[s.examples :]
    examples = await together(*(_example(unit, n, p, stage) for n, p in enumerate(shown)))
    told = "\n\n".join(_as_text(e, with_help=False) for e in examples)
    helped = "\n\n".join(_as_text(e, with_help=True) for e in examples)
    first = await _item(unit, 0, asked[0], told, helped, stage)
    for role, chance in (("teacher", first["predicted_helped"]), ("student", first["confidence"])):
        if chance is None:
            raise InputError(
                f"intervene needs the log-probabilities of an answer, and the {role}'s endpoint gives none; "
                f"name a model for [models.{role}] that has them"
            )
    others = [_item(unit, n, p, told, helped, stage) for n, p in enumerate(asked) if n]
    return {"items": [first, *await together(*others)], "examples": examples}


async def _example(unit: str, n: int, problem: Problem, stage: Stage) -> dict[str, Any]:
    student = stage.models.chat("student")
    text = await _explain(problem, "", Key(unit, "teacher", "shown", n), stage)
    form = shots(stage.settings, problem, int(unit[1:]))
    before, after = await together(
        take(problem, student, key=Key(unit, "student", "shown", f"{n}-alone"), exemplars=form),
        take(problem, student, key=Key(unit, "student", "shown", f"{n}-helped"), exemplars=form, material=text),
    )
    return {
        "question": problem.text, "explanation": text,
        "alone": before.answer, "alone_right": before.result == "right",
        "helped": after.answer, "helped_right": after.result == "right",
    }  # fmt: skip


def _as_text(e: dict[str, Any], *, with_help: bool) -> str:
    answer, right = (e["helped"], e["helped_right"]) if with_help else (e["alone"], e["alone_right"])
    help_ = f"\nExplanation given: {e['explanation']}" if with_help else ""
    return (
        f"Problem: {e['question']}{help_}\nThe student answered {answer or 'nothing'}: {'right' if right else 'wrong'}."
    )


async def _item(unit: str, n: int, problem: Problem, told: str, helped: str, stage: Stage) -> dict[str, Any]:
    """One problem: explanations, the student's answers with and without each, predictions, confidence."""
    student = stage.models.chat("student")
    texts = await together(
        _explain(problem, told, Key(unit, "teacher", "personal", n), stage),
        _explain(problem, "", Key(unit, "teacher", "plain", n), stage),
        _explain(problem, told, Key(unit, "teacher", "astray", n), stage, astray=True),
    )
    form = shots(stage.settings, problem, int(unit[1:]))
    answers = await together(
        take(problem, student, key=Key(unit, "student", "alone", n), exemplars=form),
        *(
            take(problem, student, key=Key(unit, "student", tag, n), exemplars=form, material=text)
            for tag, text in zip(("personal", "plain", "astray"), texts, strict=True)
        ),
    )
    right = [a.result == "right" for a in answers]
    predicted = await together(
        _predict(problem, told, "", Key(unit, "teacher", "predict", f"{n}-alone"), stage),
        _predict(problem, helped, texts[0], Key(unit, "teacher", "predict", f"{n}-helped"), stage),
    )
    own = f"ANSWER: {answers[0].answer}"
    confidence = await believed(problem, own, student, Key(unit, "student", "confidence", n))
    return {"alone": right[0], "personal": right[1], "plain": right[2], "astray": right[3],
            "predicted_alone": predicted[0], "predicted_helped": predicted[1], "confidence": confidence}  # fmt: skip


async def _explain(problem: Problem, examples: str, key: Key, stage: Stage, *, astray: bool = False) -> str:
    messages = render("intervene_explain", question=problem.text, examples=examples, astray=astray)
    try:
        reply = await stage.models.chat("teacher").text(messages, key=key, max_tokens=120, temperature=0.0)
    except OutputError:
        return ""
    return tidy(reply.text)


async def _predict(problem: Problem, examples: str, explanation: str, key: Key, stage: Stage) -> float | None:
    """The chance, 0..1, that the mental model gives to the student being right; None where it gives none."""
    messages = render("intervene_predict", question=problem.text, examples=examples, explanation=explanation)
    return await chance_of_right(messages, stage.models.chat("teacher"), key)


def area(values: Sequence[float]) -> float:
    """Area under a budget curve by the trapezoid rule, 0..1."""
    return sum((a + b) / 2 * (y - x) for a, b, x, y in zip(values, values[1:], BUDGETS, BUDGETS[1:], strict=False))


def utility(item: dict[str, Any]) -> float:
    """Expected utility of an explanation by the mental model."""
    return item["predicted_helped"] - item["predicted_alone"]


class Order(NamedTuple):
    """How an arm helps: in these orders (their mean counts), with this explanation ("" for none)."""

    orders: list[list[int]]
    explanation: str


def orders(items: Sequence[dict[str, Any]], seed: int) -> dict[str, Order]:
    """Arm -> the order in which it helps; equal scores are in a random order, not in that of the problems."""
    n = len(items)
    rng = Random(f"intervene/{seed}")
    tie = rng.sample(range(n), n)

    def by(score: Callable[[dict[str, Any]], float]) -> list[list[int]]:
        return [sorted(tie, key=lambda i: -score(items[i]))]

    return {
        "utility": Order(by(utility), "personal"),
        "utility, unpersonalized": Order(by(utility), "plain"),
        "oracle": Order(by(lambda i: i["personal"] - i["alone"]), "personal"),
        "least confidence": Order(by(lambda i: -i["confidence"]), "personal"),
        "random": Order([rng.sample(range(n), n) for _ in range(ORDERS)], "personal"),
        "no help": Order([tie], ""),
        "misaligned": Order(by(lambda i: -utility(i)), "astray"),
    }


def curve(items: Sequence[dict[str, Any]], order: Order) -> list[float]:
    """Accuracy at every budget, 0..1."""
    return [
        sum(_outcome(items[i], order.explanation, place < round(b * len(items)))
            for one in order.orders for place, i in enumerate(one)) / (len(items) * len(order.orders))
        for b in BUDGETS
    ]  # fmt: skip


def areas(items: Sequence[dict[str, Any]], order: Order) -> list[float]:
    """Per problem, its outcome averaged over budgets by the trapezoid rule; their mean is the area under the curve."""
    shares = [0.0] * len(items)
    for one in order.orders:
        for place, i in enumerate(one):
            got = [_outcome(items[i], order.explanation, place < round(b * len(items))) for b in BUDGETS]
            shares[i] += area(got) / len(order.orders)
    return shares


def _outcome(item: dict[str, Any], explanation: str, helped: bool) -> float:
    return float(item[explanation] if helped and explanation else item["alone"])


def analyze(s: Settings, records: dict[str, dict[str, Any]]) -> Outcome:
    """Area under the budget curve per arm, and whether the mental model predicts true utility."""
    values: Values = defaultdict(dict)
    lines: dict[str, list[list[float]]] = defaultdict(list)
    alone: dict[str, list[float]] = {}
    rank: dict[str, list[float]] = {}
    helped: dict[str, list[float]] = {}
    predicted: list[float] = []
    true: list[float] = []
    left_out = 0
    for unit, record in records.items():
        items = [i for i in record["items"] if None not in i.values()]
        left_out += len(record["items"]) - len(items)
        if not items:
            continue
        for arm, order in orders(items, int(unit[1:])).items():
            lines[arm].append(curve(items, order))
            for i, value in enumerate(areas(items, order)):
                values[arm][f"{unit}/{i}"] = [value]
        alone[unit], helped[unit] = [float(i["alone"]) for i in items], [float(i["personal"]) for i in items]
        mine, theirs = [utility(i) for i in items], [float(i["personal"]) - float(i["alone"]) for i in items]
        predicted += mine
        true += theirs
        if (r := spearman(mine, theirs)) is not None:
            rank[unit] = [r]
    found = table("accuracy averaged over budgets (area under the budget curve)", "share right", values, ARMS,
                  against=[("utility", c) for c in CONTROLS] + [("misaligned", "no help")], controls=CONTROLS,
                  seeds=len(s.seeds), seed=s.seeds[0])  # fmt: skip
    mean = {arm: [sum(c[k] for c in all_) / len(all_) for k in range(len(BUDGETS))] for arm, all_ in lines.items()}
    drawn = Curve(title="Accuracy by budget", x="share of problems explained", y="share right",
                  lines={arm: list(zip(BUDGETS, ys, strict=True)) for arm, ys in mean.items()})  # fmt: skip
    figures: dict[str, Estimate] = {
        "student's accuracy without help": mean_of(alone, seed=s.seeds[0]),
        "student's accuracy with an explanation": mean_of(helped, seed=s.seeds[0]),
        "Spearman of predicted and true utility, within a seed": mean_of(rank, seed=s.seeds[0]),
    }
    over_all = spearman(predicted, true)
    notes = [
        f"Spearman over all {len(true)} problems: {over_all:+.2f}" if over_all is not None
        else "predicted or true utility is the same for every problem: no rank correlation",
        f"explanations changed the outcome of {sum(t != 0 for t in true)} of {len(true)} problems",
    ]  # fmt: skip
    if left_out:
        notes.append(f"{left_out} problems are left out: a prediction has no log-probability of right or wrong")
    silent = room("the student", alone, helped) or ("" if any(true) else "no explanation changed any outcome")
    return Outcome(tables=[found], curves=[drawn], figures=figures, notes=notes, silent=silent)
