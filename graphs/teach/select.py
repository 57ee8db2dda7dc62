"""select: which of a teacher's answers is right, judged by how well each teaches (LbT M1, Ning et al., 2024).

For a teaching problem the teacher writes n rationale and answer pairs. Each pair stands as a worked example before
every exam problem; the student's accuracy there is the pair's teaching score. MAX takes the answer of the best pair,
SUM the answer with the largest summed score, AVG with the largest mean; self-consistency takes the commonest answer,
greedy the likeliest one, self-eval the one that the teacher itself finds likeliest to be right.

M1 uses the answers of the exam problems and self-consistency uses none, so the controls matter: "no demonstration" uses
the same labels without any pair, "answer only" shows the pairs without their rationale, "shuffled exams" scores each
pair by another pair's exam.
"""

from collections import defaultdict
from collections.abc import Sequence
from random import Random
from typing import Any, NamedTuple

from pydantic import Field

from classwright.agents.model_student import Exemplar, take
from classwright.classroom.effects import Estimate, auc
from classwright.classroom.effects import estimate as mean_of
from classwright.graphs.teach.frame import Cost, Outcome, Stage, Values, room, table
from classwright.graphs.teach.items import ExamFrom, Items, exam_problems, place, shots, teaching_problem, unit_names
from classwright.models.together import together
from classwright.runs.journal import Key
from classwright.skilltree.grading import grade
from classwright.skilltree.problem import Problem

ARMS = {
    "SUM": "largest summed teaching score of an answer",
    "MAX": "answer of the best teaching pair",
    "AVG": "largest mean teaching score of an answer",
    "self-consistency": "commonest answer",
    "greedy": "the likeliest answer",
    "self-eval": "the answer that the teacher finds likeliest to be right",
    "SUM, shuffled exams": "SUM with each pair scored by another pair's exam",
    "SUM, answer only": "SUM with pairs shown without rationale",
    "SUM, no demonstration": "SUM with the exam's labels but no pair shown: same labels, no teaching",
}
CONTROLS = (
    "self-consistency",
    "greedy",
    "self-eval",
    "SUM, shuffled exams",
    "SUM, answer only",
    "SUM, no demonstration",
)
PAIR_TOKENS, EXAM_TOKENS = 350, 450


class Settings(Items):
    """Part `[teach.select]` of a recipe.

    Attributes:
        samples: Rationale and answer pairs per teaching problem.
        exam: Exam problems per teaching problem.
        exam_from: Where they come from.
        temperature: Of the pairs.
    """

    samples: int = Field(default=6, ge=2, le=256)
    exam: int = Field(default=5, ge=1, le=200)
    exam_from: ExamFrom = "variants"
    temperature: float = Field(default=0.8, gt=0, le=2)


units = unit_names


def cost(s: Settings) -> Cost:
    """Pairs, one greedy answer, self-evaluation, and three exams: with the pair, its answer only, and nothing."""
    n = len(unit_names(s))
    pairs, exams = 2 * s.samples + 1, 2 * s.samples * s.exam + s.exam
    return Cost(n * (pairs + exams), n * (pairs * PAIR_TOKENS + exams * EXAM_TOKENS))


async def run(unit: str, stage: Stage) -> dict[str, Any]:
    """One teaching problem: its pairs and their scores."""
    s: Settings = stage.settings
    teacher, student = stage.models.chat("teacher"), stage.models.chat("student")
    seed, _ = place(unit)
    problem = teaching_problem(s, unit)
    exam = await exam_problems(problem, s.exam, seed, s.exam_from, s, stage.models.embed)
    form = shots(s, problem, seed)

    async def written(n: int | str, temperature: float) -> dict[str, Any]:
        key = Key(unit, "teacher", "pair", n)
        answer = await take(problem, teacher, key=key, exemplars=form, temperature=temperature, max_tokens=200)
        return {"text": answer.text, "answer": answer.answer, "right": answer.result == "right"}

    pairs = await together(*(written(n, s.temperature) for n in range(s.samples)))
    greedy = await written("greedy", 0.0)

    async def score(tag: str, exemplars: Sequence[Exemplar]) -> list[bool]:
        shown = (*form, *exemplars)
        answers = await together(
            *(take(p, student, key=Key(unit, "student", tag, k), exemplars=shown) for k, p in enumerate(exam))
        )
        return [a.result == "right" for a in answers]

    full = [Exemplar(problem.text, _rationale(p["text"]), p["answer"]) for p in pairs]
    bare = [Exemplar(problem.text, "", p["answer"]) for p in pairs]
    scored = await together(*(score(f"exam{n}", (e,)) for n, e in enumerate(full)))
    short = await together(*(score(f"short{n}", (e,)) for n, e in enumerate(bare)))
    nothing = await score("nothing", ())
    keys = [Key(unit, "teacher", "belief", n) for n in range(len(pairs))]
    doubts = await together(*(_believed(problem, p, teacher, k) for p, k in zip(pairs, keys, strict=True)))
    return {"pairs": pairs, "greedy": greedy, "exam": scored, "short": short, "nothing": nothing, "belief": doubts,
            "gold": problem.answer, "problem": problem.text, "kind": problem.kind, "form": problem.form}  # fmt: skip


async def _believed(problem: Problem, pair: dict[str, Any], chat: Any, key: Key) -> float | None:
    """How likely the teacher finds its own pair right, from log-probabilities; None where there are none."""
    from math import exp

    from classwright.errors import OutputError
    from classwright.prompts import render

    messages = render("believe", question=problem.text, worked=pair["text"][:1500] or "(nothing)")
    try:
        found = await chat.choice_logprobs(("right", "wrong"), messages, key=key)
    except OutputError:
        return None
    return exp(found["right"])


def _rationale(text: str) -> str:
    """The text before its last line with the answer."""
    lines = text.strip().splitlines()
    return "\n".join(line for line in lines if not line.strip().upper().startswith("ANSWER:"))


class Picks(NamedTuple):
    """What every arm answers for one problem: arm -> right or wrong; an arm without a pick is missing."""

    right: dict[str, bool]
    scores: list[float]


def picks(record: dict[str, Any], seed: int) -> Picks:
    """The answers that the arms pick, and the pairs' teaching scores."""
    pairs = record["pairs"]
    groups = _groups(record)
    scores = [_share(e) for e in record["exam"]]
    order = list(range(len(pairs)))
    Random(f"shuffle/{seed}/{record['problem']}").shuffle(order)
    arms = {
        "SUM": _by(groups, scores, sum),
        "MAX": _by(groups, scores, max),
        "AVG": _by(groups, scores, lambda v: sum(v) / len(v)),
        "self-consistency": _by(groups, [1.0] * len(pairs), sum),
        "SUM, shuffled exams": _by(groups, [scores[i] for i in order], sum),
        "SUM, answer only": _by(groups, [_share(e) for e in record["short"]], sum),
        "SUM, no demonstration": _by(groups, [_share(record["nothing"])] * len(pairs), sum),
    }
    right = {arm: bool(pairs[pick]["right"]) for arm, pick in arms.items() if pick is not None}
    right["greedy"] = bool(record["greedy"]["right"])
    if all(b is not None for b in record["belief"]):
        best = _by(groups, record["belief"], max)
        if best is not None:
            right["self-eval"] = bool(pairs[best]["right"])
    return Picks(right, scores)


def _groups(record: dict[str, Any]) -> list[list[int]]:
    """Pairs with the same answer, in the order they were written; pairs without an answer belong to none."""
    from classwright.skilltree.problem import Draft

    groups: list[tuple[str, list[int]]] = []
    for n, pair in enumerate(record["pairs"]):
        if not pair["answer"]:
            continue
        for answer, members in groups:
            same = Draft("", answer, "", (), {}, kind=record["kind"], form=record["form"])
            if answer == pair["answer"] or grade(pair["answer"], same).result == "right":
                members.append(n)
                break
        else:
            groups.append((pair["answer"], [n]))
    return [members for _, members in groups]


def _by(groups: list[list[int]], scores: Sequence[float], fold: Any) -> int | None:
    """A pair of the group with the largest folded score; of equals, the larger group, then the earlier."""
    if not groups:
        return None
    best = max(groups, key=lambda g: (fold([scores[i] for i in g]), len(g), -g[0]))
    return best[0]


def _share(right: Sequence[bool]) -> float:
    return sum(right) / len(right) if right else 0.0


def analyze(s: Settings, records: dict[str, dict[str, Any]]) -> Outcome:
    """Accuracy of every way to pick, and how well the teaching score tells right pairs from wrong ones."""
    values: Values = defaultdict(dict)
    areas: dict[str, list[float]] = {}
    shuffled: dict[str, list[float]] = {}
    alone: dict[str, list[float]] = {}
    everything: list[tuple[float, bool]] = []
    for unit, record in records.items():
        found = picks(record, place(unit)[0])
        for arm, right in found.right.items():
            values[arm][unit] = [float(right)]
        labels = [bool(p["right"]) for p in record["pairs"]]
        everything += zip(found.scores, labels, strict=True)
        if (area := auc(found.scores, labels)) is not None:
            areas[unit] = [area]
            order = list(range(len(labels)))
            rng = Random(f"auc/{unit}")
            draws = []
            for _ in range(50):
                rng.shuffle(order)
                draws.append(auc([found.scores[i] for i in order], labels) or 0.0)
            shuffled[unit] = [sum(draws) / len(draws)]
        alone[unit] = [_share(record["nothing"])]
    about = {arm: what for arm, what in ARMS.items() if values.get(arm)}
    missing = [arm for arm in ARMS if arm not in about]
    notes = [f"{arm}: no item is left (the endpoint gives no log-probabilities)" for arm in missing]
    mixed = len(areas)
    notes.append(
        f"{mixed} of {len(records)} problems have right and wrong pairs; only they can tell ways to pick apart"
    )
    pairs = [("SUM", c) for c in CONTROLS if c in about]
    results = table("right answers picked", "share of problems", values, about, against=pairs, controls=CONTROLS,
                    seeds=len(s.seeds), seed=s.seeds[0])  # fmt: skip
    figures: dict[str, Estimate] = {
        "AUC of the teaching score within a problem": mean_of(areas, seed=s.seeds[0]),
        "AUC with shuffled exams": mean_of(shuffled, seed=s.seeds[0]),
        "student's accuracy without any demonstration": mean_of(alone, seed=s.seeds[0]),
    }
    over_all = auc([x for x, _ in everything], [y for _, y in everything])
    if over_all is not None:
        notes.append(f"AUC over all pairs of all problems together: {over_all:.2f} ({len(everything)} pairs)")
    silent = room(alone, "the student") or ("" if mixed else "no problem has both right and wrong pairs")
    return Outcome(tables=[results], figures=figures, silent=silent, notes=notes)
