"""What a dataset's card counts and notes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import mean
from typing import Any

from classwright.distill.candidates import Candidate
from classwright.distill.rows import ExamItem, Row
from classwright.prompts import prompt_hashes


def score_statistics(scores: Sequence[float]) -> dict[str, float]:
    """How many rows were scored, and mean, least and most of the scores; nothing where none was."""
    if not scores:
        return {}
    return {"scored": len(scores), "mean": mean(scores), "least": min(scores), "most": max(scores)}


def row_counts(train: Sequence[Any], held: Sequence[Any], exam: Iterable[ExamItem]) -> dict[str, dict[str, int]]:
    """Rows by split, skill and family, and exam items by kind."""
    every = [*train, *held]
    return {
        "split": {"train": len(train), "held_out": len(held)},
        "skill": dict(Counter(r.skill or "none" for r in every).most_common()),
        "family": dict(Counter(r.family for r in every).most_common()),
        "held-out family": dict(Counter(r.family for r in held).most_common()),
        "exam": dict(Counter(item.kind for item in exam)),
    }


def row_notes(kept: Sequence[Candidate]) -> list[str]:
    """What a reader must know of the rows."""
    rows = [c.row for c in kept if isinstance(c.row, Row)]
    copies = sum(row.messages[-1].content in row.messages[-2].content for row in rows)
    if not copies:
        return []
    return [
        f"In {copies} of {len(rows)} rows the trained text stands in its own prompt as an example; a student that only "
        "copies it does well on them."
    ]


def template_hashes(templates: Iterable[str]) -> dict[str, str]:
    """Template -> sha256 of its text."""
    known = prompt_hashes()
    return {template: known[template] for template in templates}
