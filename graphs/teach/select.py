"""select: which of a teacher's answers is right, judged by how well each teaches (LbT M1, Ning et al., 2024).

For a teaching problem the teacher writes n rationale and answer pairs. Each pair stands as a worked example before
every exam problem; the student's accuracy there is the pair's teaching score. MAX takes the answer of the best pair,
SUM the answer with the largest summed score, AVG with the largest mean; self-consistency takes the commonest answer,
greedy the likeliest one, self-eval the one that the teacher itself finds likeliest to be right.

M1 uses the answers of the exam problems and self-consistency uses none, so the controls matter: "no demonstration, same
labels" takes the commonest answer of pairs written with the exam problems and their answers in view, "answer only"
scores pairs shown without their rationale, "shuffled exams" gives every pair the exam of one drawn at random.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from math import exp
from random import Random
from typing import Any, NamedTuple

from pydantic import Field

from classwright.agents.model_student import Exemplar, take
from classwright.classroom.effects import Estimate, auc
from classwright.classroom.effects import estimate as mean_of
from classwright.errors import OutputError
from classwright.graphs.teach.frame import Cost, Outcome, Stage, Values, room, table
from classwright.graphs.teach.items import (
    Examined,
    exam_problems,
    exam_tokens,
    place,
    shots,
    teaching_problem,
    unit_names,
)
from classwright.models.chat import Chat, Message
from classwright.models.together import together
from classwright.prompts import render
from classwright.runs.journal import Key
from classwright.skilltree.grading import grade
from classwright.skilltree.problem import Draft, Problem

ARMS = {
    "SUM": "largest summed teaching score of an answer",
    "MAX": "answer of the best teaching pair",
    "AVG": "largest mean teaching score of an answer",
    "self-consistency": "commonest answer",
    "greedy": "the likeliest answer",
    "self-eval": "the answer that the teacher finds likeliest to be right",
    "SUM, shuffled exams": "SUM with every pair given the exam of a pair drawn at random",
    "SUM, answer only": "SUM with pairs shown without rationale",
    "no demonstration, same labels": "commonest answer of pairs written with the exam's answers in view",
}
CONTROLS = tuple(arm for arm in ARMS if arm not in ("SUM", "MAX", "AVG"))
PAIR_LENGTH = 200
"""Longest pair, tokens."""
SHUFFLES = 20
"""Draws of the AUC with shuffled exams, per problem."""


class Settings(Examined):
    """Part `[teach.select]` of a recipe.

    Attributes:
        samples: Rationale and answer pairs per teaching problem.
        temperature: Of the pairs.
    """

    samples: int = Field(default=6, ge=2, le=256)
    temperature: float = Field(default=0.8, gt=0, le=2)


units = unit_names


def cost(s: Settings) -> Cost:
    """Pairs with and without labels, one greedy answer, self-evaluation; exams with the pair, its answer, nothing."""
    n = len(unit_names(s))
    pairs, exams = 3 * s.samples + 1, 2 * s.samples * s.exam + s.exam
    tokens = pairs * exam_tokens(s, reply=PAIR_LENGTH) + exams * exam_tokens(s, shown=1)
    return Cost(n * (pairs + exams), n * tokens)


async def run(unit: str, stage: Stage) -> dict[str, Any]:
    """One teaching problem: its pairs and their scores."""
    s: Settings = stage.settings
    teacher, student = stage.models.chat("teacher"), stage.models.chat("student")
    seed, _ = place(unit)
    problem = teaching_problem(s, unit)
    exam = await exam_problems(problem, seed, s, stage.models.embed)
    form = shots(s, problem, seed, exam)
    labels = "\n".join(f"{p.text} ANSWER: {p.answer}" for p in exam)

    async def written(task: str, n: int, temperature: float, material: str = "") -> dict[str, Any]:
        key = Key(unit, "teacher", task, n)
        answer = await take(problem, teacher, key=key, exemplars=form, material=material, temperature=temperature,
                            max_tokens=PAIR_LENGTH)  # fmt: skip
        return {"text": answer.text, "answer": answer.answer, "right": answer.result == "right"}

    pairs = await together(*(written("pair", n, s.temperature) for n in range(s.samples)))
    labeled = await together(*(written("labeled", n, s.temperature, labels) for n in range(s.samples)))
    greedy = await written("greedy", 0, 0.0)

    async def score(tag: str, exemplars: Sequence[Exemplar]) -> list[bool]:
        shown = (*form, *exemplars)
        answers = await together(
            *(take(p, student, key=Key(unit, "student", tag, k), exemplars=shown) for k, p in enumerate(exam))
        )
        return [a.result == "right" for a in answers]

    full = [Exemplar(problem.text, rationale(p["text"]), p["answer"]) for p in pairs]
    bare = [Exemplar(problem.text, "", p["answer"]) for p in pairs]
    scored = await together(*(score(f"exam{n}", (e,)) for n, e in enumerate(full)))
    short = await together(*(score(f"short{n}", (e,)) for n, e in enumerate(bare)))
    nothing = await score("nothing", ())
    keys = [Key(unit, "teacher", "belief", n) for n in range(len(pairs))]
    beliefs = await together(*(believed(problem, p["text"], teacher, k) for p, k in zip(pairs, keys, strict=True)))
    return {"pairs": pairs, "labeled": labeled, "greedy": greedy, "exam": scored, "short": short, "nothing": nothing,
            "belief": beliefs, "gold": problem.answer, "problem": problem.text, "kind": problem.kind,
            "form": problem.form}  # fmt: skip


async def believed(problem: Problem, work: str, chat: Chat, key: Key) -> float | None:
    """How likely a model finds worked text right, 0..1, from log-probabilities; None where it gives none."""
    return await chance_of_right(render("believe", question=problem.text, worked=work[:1500] or "(nothing)"), chat, key)


async def chance_of_right(messages: Sequence[Message], chat: Chat, key: Key) -> float | None:
    """The chance that a model gives to "right" against "wrong", 0..1; None where it gives no log-probability."""
    try:
        return exp((await chat.choice_logprobs(("right", "wrong"), messages, key=key))["right"])
    except OutputError:
        return None


def rationale(text: str) -> str:
    """The text without its line with the answer."""
    lines = text.strip().splitlines()
    return "\n".join(line for line in lines if not line.strip().upper().startswith("ANSWER:"))


class Picks(NamedTuple):
    """What every arm answers for one problem: arm -> right or not. Who has no answer to pick is not right.

    Attributes:
        right: Without "self-eval" where the endpoint gives no log-probabilities.
        scores: Teaching score of each pair, 0..1.
    """

    right: dict[str, bool]
    scores: list[float]


def picks(record: dict[str, Any], seed: int) -> Picks:
    """The answers that the arms pick, and the pairs' teaching scores."""
    pairs = record["pairs"]
    groups = _groups(pairs, record)
    scores = [_share(e) for e in record["exam"]]
    order = Random(f"shuffle/{seed}/{record['problem']}").sample(range(len(pairs)), len(pairs))
    arms = {
        "SUM": by(groups, scores, sum),
        "MAX": by(groups, scores, max),
        "AVG": by(groups, scores, _mean),
        "self-consistency": by(groups, [1.0] * len(pairs), sum),
        "SUM, shuffled exams": by(groups, [scores[i] for i in order], sum),
        "SUM, answer only": by(groups, [_share(e) for e in record["short"]], sum),
    }
    if all(b is not None for b in record["belief"]):
        arms["self-eval"] = by(groups, record["belief"], max)
    right = {arm: pick is not None and bool(pairs[pick]["right"]) for arm, pick in arms.items()}
    labeled = by(_groups(record["labeled"], record), [1.0] * len(record["labeled"]), sum)
    right["no demonstration, same labels"] = labeled is not None and bool(record["labeled"][labeled]["right"])
    right["greedy"] = bool(record["greedy"]["right"])
    return Picks(right, scores)


def _groups(pairs: list[dict[str, Any]], record: dict[str, Any]) -> list[list[int]]:
    """Pairs with the same answer, in the order they were written; pairs without an answer belong to none."""
    groups: list[tuple[str, list[int]]] = []
    for n, pair in enumerate(pairs):
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


def by(groups: list[list[int]], scores: Sequence[float], fold: Callable[[list[float]], float]) -> int | None:
    """A pair of the group with the largest folded score; of equals, the larger group, then the earlier."""
    best = max(groups, key=lambda g: (fold([scores[i] for i in g]), len(g), -g[0]), default=None)
    return best[0] if best else None


def _share(right: Sequence[bool]) -> float:
    return sum(right) / len(right) if right else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def shuffled_auc(scores: Sequence[float], labels: Sequence[bool], seed: str) -> float:
    """Mean area under the ROC curve when every pair gets the score of one drawn at random; 0.5 in expectation."""
    rng = Random(f"auc/{seed}")
    return _mean([auc(rng.sample(list(scores), len(scores)), labels) or 0.0 for _ in range(SHUFFLES)])


def analyze(s: Settings, records: dict[str, dict[str, Any]]) -> Outcome:
    """Accuracy of every way to pick, and how well the teaching score tells right pairs from wrong ones."""
    values: Values = defaultdict(dict)
    areas: dict[str, list[float]] = {}
    shuffled: dict[str, list[float]] = {}
    alone: dict[str, list[float]] = {}
    taught: dict[str, list[float]] = {}
    everything: list[tuple[float, bool]] = []
    for unit, record in records.items():
        found = picks(record, place(unit)[0])
        for arm, right in found.right.items():
            values[arm][unit] = [float(right)]
        labels = [bool(p["right"]) for p in record["pairs"]]
        everything += zip(found.scores, labels, strict=True)
        if (area := auc(found.scores, labels)) is not None:
            areas[unit] = [area]
            shuffled[unit] = [shuffled_auc(found.scores, labels, unit)]
        alone[unit], taught[unit] = [_share(record["nothing"])], found.scores
    mixed = len(areas)
    notes = [f"{mixed} of {len(records)} problems have right and wrong pairs; only they tell ways to pick apart"]
    if "self-eval" not in values:
        notes.append("self-eval: the teacher's endpoint gives no log-probabilities")
    results = table("right answers picked", "share of problems", values, ARMS, controls=CONTROLS,
                    against=[("SUM", c) for c in CONTROLS], seeds=len(s.seeds), seed=s.seeds[0])  # fmt: skip
    figures: dict[str, Estimate] = {
        "AUC of the teaching score within a problem": mean_of(areas, seed=s.seeds[0]),
        "AUC with shuffled exams": mean_of(shuffled, seed=s.seeds[0]),
        "student's accuracy without any demonstration": mean_of(alone, seed=s.seeds[0]),
        "student's accuracy with a pair shown": mean_of(taught, seed=s.seeds[0]),
    }
    over_all = auc([x for x, _ in everything], [y for _, y in everything])
    if over_all is not None:
        notes.append(f"AUC over all pairs of all problems together: {over_all:.2f} ({len(everything)} pairs)")
    silent = room("the student", alone, taught) or ("" if mixed else "no problem has both right and wrong pairs")
    return Outcome(tables=[results], figures=figures, silent=silent, notes=notes)
