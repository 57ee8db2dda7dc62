"""prefer: preference pairs from teaching scores (LbT M2, Ning et al., 2024; ARTE, Liu et al., 2024).

The pairs train a teacher. A rationale's score is half its correctness and half its teaching score; of two rationales
for one problem the better is preferred where the scores differ by more than a gap, at most some pairs a problem. Exam
items are not equally good at telling rationales apart: a two-parameter item response model of all answers picks the
most discriminating ones (ARTE). The pairs are written in the trainer's format with a card. How much the scores can be
trusted is their split-half reliability: the correlation of scores from two halves of the exam, stepped up
(Spearman-Brown).
"""

import json
from itertools import combinations
from random import Random
from typing import Any

import numpy as np
from pydantic import Field

from classwright.agents.model_student import Exemplar, take
from classwright.classroom.effects import estimate as mean_of
from classwright.classroom.effects import spearman
from classwright.errors import InputError
from classwright.graphs.teach.frame import Cost, Outcome, Row, Stage, Table, room
from classwright.graphs.teach.items import ExamFrom, Items, exam_problems, place, shots, teaching_problem, unit_names
from classwright.models.together import together
from classwright.prompts import render
from classwright.runs.journal import Key
from classwright.skilltree.irt import fit_irt

PAIR_TOKENS, EXAM_TOKENS = 350, 450


class Settings(Items):
    """Part `[teach.prefer]` of a recipe.

    Attributes:
        samples: Rationales per problem.
        exam: Exam problems per problem.
        exam_from: Where they come from.
        keep: Of them, the most discriminating ones that count; 0 for all.
        gap: Least difference of two scores that makes a pair.
        most: Pairs per problem at most.
        temperature: Of the rationales.
    """

    samples: int = Field(default=6, ge=2, le=256)
    exam: int = Field(default=6, ge=2, le=200)
    exam_from: ExamFrom = "variants"
    keep: int = Field(default=0, ge=0, le=200)
    gap: float = Field(default=0.3, ge=0, lt=1)
    most: int = Field(default=8, ge=1, le=1000)
    temperature: float = Field(default=0.9, gt=0, le=2)


units = unit_names


def cost(s: Settings) -> Cost:
    """Rationales, and an exam for each; one exam with nothing."""
    n = len(unit_names(s))
    return Cost(n * (s.samples * (1 + s.exam) + s.exam), n * (s.samples * (PAIR_TOKENS + s.exam * EXAM_TOKENS)))


async def run(unit: str, stage: Stage) -> dict[str, Any]:
    """One problem: its rationales, whether they are right, and every exam answer."""
    s: Settings = stage.settings
    teacher, student = stage.models.chat("teacher"), stage.models.chat("student")
    seed, _ = place(unit)
    problem = teaching_problem(s, unit)
    exam = await exam_problems(problem, s.exam, seed, s.exam_from, s, stage.models.embed)
    form = shots(s, problem, seed)
    written = await together(
        *(take(problem, teacher, key=Key(unit, "teacher", "rationale", n), exemplars=form, temperature=s.temperature,
               max_tokens=200) for n in range(s.samples))
    )  # fmt: skip

    async def taught(n: int, text: str, answer: str) -> list[bool]:
        shown = (*form, Exemplar(problem.text, text, answer))
        answers = await together(
            *(take(p, student, key=Key(unit, "student", f"exam{n}", k), exemplars=shown) for k, p in enumerate(exam))
        )
        return [a.result == "right" for a in answers]

    exams = await together(*(taught(n, a.text, a.answer) for n, a in enumerate(written)))
    nothing = await together(
        *(take(p, student, key=Key(unit, "student", "nothing", k), exemplars=form) for k, p in enumerate(exam))
    )
    prompt = render("exam", material="", exemplars=[], question=problem.text)
    return {"prompt": prompt, "texts": [a.text for a in written], "right": [a.result == "right" for a in written],
            "exam": exams, "nothing": [a.result == "right" for a in nothing]}  # fmt: skip


def discriminating(records: dict[str, dict[str, Any]], keep: int) -> list[int]:
    """Places of the exam items that tell rationales apart best, by a two-parameter model of all answers.

    Items of different problems at the same place are taken as one, as they are drawn alike.
    """
    rows = np.array([answers for r in records.values() for answers in r["exam"]], float)
    if not keep or keep >= rows.shape[1] or len(rows) < 3:
        return list(range(rows.shape[1]))
    return sorted(fit_irt(rows).most_discriminating(keep))


def scores(record: dict[str, Any], items: list[int]) -> list[float]:
    """Score of each rationale, 0..1: half its correctness, half the student's accuracy on these exam items."""
    return [
        0.5 * right + 0.5 * float(np.mean([answers[i] for i in items]))
        for right, answers in zip(record["right"], record["exam"], strict=True)
    ]


def pairs(record: dict[str, Any], items: list[int], s: Settings, seed: str) -> list[tuple[int, int]]:
    """(better, worse) rationales of a problem whose scores differ by more than the gap; drawn where there are more."""
    got = scores(record, items)
    found = [
        (i, j) if got[i] > got[j] else (j, i)
        for i, j in combinations(range(len(got)), 2)
        if abs(got[i] - got[j]) > s.gap + 1e-9 and record["texts"][i].strip() and record["texts"][j].strip()
    ]
    return sorted(Random(f"pairs/{seed}").sample(found, s.most)) if len(found) > s.most else found


def reliability(records: dict[str, dict[str, Any]], seed: int, splits: int = 100) -> float | None:
    """Split-half reliability of the teaching scores, stepped up by Spearman-Brown; None where nothing varies."""
    rows = np.array([answers for r in records.values() for answers in r["exam"]], float)
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(splits):
        order = rng.permutation(rows.shape[1])
        half = rows.shape[1] // 2
        a, b = rows[:, order[:half]].mean(axis=1), rows[:, order[half : 2 * half]].mean(axis=1)
        if a.std() > 0 and b.std() > 0:
            r = float(np.corrcoef(a, b)[0, 1])
            found.append(2 * r / (1 + r) if r > -1 else -1.0)
    return float(np.mean(found)) if found else None


def artifacts(s: Settings, records: dict[str, dict[str, Any]], models: dict[str, str]) -> dict[str, str]:
    """File name -> text: the pairs in the trainer's conversational preference format, and their card.

    Raises:
        InputError: no pair is left; the message says why.
    """
    items = discriminating(records, s.keep)
    lines = []
    for unit, record in records.items():
        for better, worse in pairs(record, items, s, unit):
            got = scores(record, items)
            lines.append({
                "prompt": record["prompt"],
                "chosen": [{"role": "assistant", "content": record["texts"][better]}],
                "rejected": [{"role": "assistant", "content": record["texts"][worse]}],
                "chosen_score": round(got[better], 4), "rejected_score": round(got[worse], 4), "unit": unit,
            })  # fmt: skip
    if not lines:
        raise InputError(f"no two rationales of a problem differ by more than {s.gap}: more samples or a smaller gap")
    r = reliability(records, s.seeds[0])
    trust = "cannot be had, the scores do not vary" if r is None else f"{r:.2f}"
    card = f"""# Preference pairs from teaching scores

- Pairs: {len(lines)} of {len({line["unit"] for line in lines})} problems; gap {s.gap}, at most {s.most} a problem
- Teacher: {models["teacher"]}; student: {models["student"]}
- Score: half correctness of the rationale, half the student's accuracy on {len(items)} of {s.exam} exam problems
- Split-half reliability of the teaching scores: {trust}
- Format: one JSON object a line with prompt, chosen and rejected as chat messages (TRL's conversational preference)
"""
    return {"preferences.jsonl": "".join(json.dumps(x, ensure_ascii=False) + "\n" for x in lines), "card.md": card}


def analyze(s: Settings, records: dict[str, dict[str, Any]]) -> Outcome:
    """How many pairs there are, what chosen and rejected ones teach, and how reliable the scores are."""
    items = discriminating(records, s.keep)
    chosen: dict[str, list[float]] = {}
    rejected: dict[str, list[float]] = {}
    correct: dict[str, list[float]] = {}
    teaching: dict[str, list[float]] = {}
    alone: dict[str, list[float]] = {}
    n = 0
    for unit, record in records.items():
        got = [float(np.mean([answers[i] for i in items])) for answers in record["exam"]]
        mine = pairs(record, items, s, unit)
        n += len(mine)
        if mine:
            chosen[unit] = [got[a] for a, _ in mine]
            rejected[unit] = [got[b] for _, b in mine]
        if (r := spearman(got, [float(x) for x in record["right"]])) is not None:
            correct[unit] = [r]
        teaching[unit] = got
        alone[unit] = [float(x) for x in record["nothing"]]
    seed = s.seeds[0]
    rows = [
        Row(arm="chosen", what="rationales preferred", value=mean_of(chosen, seed=seed)),
        Row(arm="rejected", what="rationales they are preferred to", value=mean_of(rejected, seed=seed), control=True),
        Row(arm="no demonstration", what="the student alone", value=mean_of(alone, seed=seed), control=True),
    ]
    title = "what the student gets right after a rationale"
    shown = Table(title=title, unit="share of the exam", rows=rows, effects=[], seeds=len(s.seeds))
    r = reliability(records, seed)
    notes = [
        f"{n} pairs; chosen are above rejected by construction, so their difference is no finding",
        f"exam items that count: {len(items)} of {s.exam}",
        "split-half reliability cannot be had: the scores do not vary" if r is None
        else f"split-half reliability of the teaching scores: {r:.2f}",
    ]  # fmt: skip
    figures = {"teaching score of all rationales": mean_of(teaching, seed=seed),
               "Spearman of teaching score and correctness, within a problem": mean_of(correct, seed=seed)}  # fmt: skip
    silent = room(alone, "the student") or ("" if n else f"no two rationales differ by more than {s.gap}")
    return Outcome(tables=[shown], figures=figures, notes=notes, silent=silent)
