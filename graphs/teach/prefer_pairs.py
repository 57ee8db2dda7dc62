"""Preference pairs of `prefer`: which exam items count, what scores how much, which pairs are made, how reliable.

A rationale's score is half its correctness and half its teaching score (LbT M2); a question's, whose right answer
nobody knows, its teaching score alone (ARTE). How far scores can be trusted is their split-half reliability within a
problem: the correlation of scores from two halves of the exam, stepped up to the whole (Spearman, 1910; Brown, 1910).
"""

import json
from collections import defaultdict
from itertools import combinations
from random import Random
from typing import Any

import numpy as np

from classwright.skilltree.irt import fit_irt

Record = dict[str, Any]
"""One problem: items (ids of the exam), exam (rationale -> right or wrong per item), right (None for questions), texts,
prompt."""


def discriminating(records: dict[str, Record], keep: int) -> set[str]:
    """Ids of the exam items that count: all, or of each exam those that tell rationales apart best.

    Args:
        records: Unit -> record.
        keep: Items per exam; 0 for all.
    """
    exams: dict[tuple[str, ...], list[list[bool]]] = defaultdict(list)
    for record in records.values():
        exams[tuple(record["items"])] += record["exam"]
    found: set[str] = set()
    for items, rows in exams.items():
        best = fit_irt(np.array(rows, float)).most_discriminating(keep) if 0 < keep < len(items) else range(len(items))
        found |= {items[i] for i in best}
    return found


def teaching(record: Record, items: set[str]) -> list[float]:
    """Teaching score of each rationale, 0..1: the student's accuracy on the items that count."""
    places = [n for n, item in enumerate(record["items"]) if item in items]
    return [float(np.mean([answers[n] for n in places])) for answers in record["exam"]]


def scores(record: Record, items: set[str]) -> list[float]:
    """Score of each rationale or question, 0..1."""
    taught = teaching(record, items)
    return [t if r is None else 0.5 * r + 0.5 * t for r, t in zip(record["right"], taught, strict=True)]


def pairs(record: Record, items: set[str], gap: float, most: int, seed: str) -> list[tuple[int, int]]:
    """(better, worse) of a problem whose scores differ by more than the gap; where there are more, `most` are drawn."""
    got = scores(record, items)
    there = [n for n, text in enumerate(record["texts"]) if text.strip()]
    apart = [(i, j) for i, j in combinations(there, 2) if abs(got[i] - got[j]) > gap + 1e-9]
    found = [(i, j) if got[i] > got[j] else (j, i) for i, j in apart]
    return sorted(Random(f"pairs/{seed}").sample(found, most)) if len(found) > most else found


def reliability(records: dict[str, Record], items: set[str], seed: int, splits: int = 100) -> float | None:
    """Split-half reliability of the teaching scores within a problem; None where nothing varies.

    The correlation is the mean over random splits of the exam, of deviations from the problem's mean; a negative one is
    given as it is.
    """
    tables = []
    for record in records.values():
        places = [n for n, item in enumerate(record["items"]) if item in items]
        tables.append(np.array(record["exam"], float)[:, places])
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(splits):
        halves: list[list[np.ndarray]] = [[], []]
        for t in tables:
            order = rng.permutation(t.shape[1])
            half = t.shape[1] // 2
            for side, part in zip(halves, (order[:half], order[half : 2 * half]), strict=True):
                mean = t[:, part].mean(axis=1) if half else np.zeros(len(t))
                side.append(mean - mean.mean())
        a, b = np.concatenate(halves[0]), np.concatenate(halves[1])
        if a.std() > 1e-9 and b.std() > 1e-9:
            found.append(float(np.corrcoef(a, b)[0, 1]))
    if not found:
        return None
    r = float(np.mean(found))
    return 2 * r / (1 + r) if r > 0 else r


def lines(s: Any, records: dict[str, Record]) -> list[str]:
    """The pairs as JSON lines, with prompt, chosen and rejected as chat messages (TRL's conversational preference)."""
    items = discriminating(records, s.keep)
    found = []
    for unit, record in records.items():
        got = scores(record, items)
        for better, worse in pairs(record, items, s.gap, s.most, unit):
            line = {
                "prompt": record["prompt"],
                "chosen": [{"role": "assistant", "content": record["texts"][better]}],
                "rejected": [{"role": "assistant", "content": record["texts"][worse]}],
                "chosen_score": round(got[better], 4), "rejected_score": round(got[worse], 4), "unit": unit,
            }  # fmt: skip
            found.append(json.dumps(line, ensure_ascii=False))
    return found


def card(s: Any, records: dict[str, Record], models: dict[str, str]) -> str:
    """What the pairs are, in Markdown."""
    items = discriminating(records, s.keep)
    made = {unit: len(pairs(record, items, s.gap, s.most, unit)) for unit, record in records.items()}
    r = reliability(records, items, s.seeds[0])
    trust = "cannot be had, the scores do not vary" if r is None else f"{r:.2f}"
    half = "half correctness of the rationale, half " if s.kind == "rationale" else ""
    return f"""# Preference pairs from teaching scores

- Pairs of {s.kind}s: {sum(made.values())} of {sum(n > 0 for n in made.values())} problems
- They differ by more than {s.gap}; at most {s.most} a problem
- Teacher: {models["teacher"]}; student: {models["student"]}
- Score: {half}the student's accuracy on {s.keep or s.exam} of {s.exam} exam problems ({s.exam_from})
- Problems: {s.file or ", ".join(s.skills)}; seeds {", ".join(map(str, s.seeds))}
- Split-half reliability of the teaching scores within a problem: {trust}
- Format: one JSON object a line with prompt, chosen and rejected as chat messages (TRL's conversational preference)
"""
