"""What a training reads: the rows of a dataset directory, its held-out rows, and its exam."""

import random
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from classwright.distill.rows import EXAM, HELD_OUT, TRAIN, ExamItem, PreferenceRow, Row, read_exam, read_rows
from classwright.distill.settings import TrainSettings
from classwright.errors import InputError


class TrainingSet(NamedTuple):
    """A dataset directory.

    Attributes:
        rows: To train on, each of a weight above 0.
        held_out: Rows that are not trained on.
        exam: All exam items.
        digest: SHA-256 of the file of rows.
    """

    folder: Path
    rows: list[Row] | list[PreferenceRow]
    held_out: list[Row] | list[PreferenceRow]
    exam: list[ExamItem]
    digest: str


def read_training_set(folder: Path, settings: TrainSettings) -> TrainingSet:
    """Read a dataset directory for a method.

    Raises:
        InputError: It is none, holds no row with a weight, or rows that the method cannot learn from.
    """
    path = folder / TRAIN
    if not path.is_file():
        raise InputError(f"{folder}: holds no {TRAIN}; make a dataset with `classwright distill data`")
    rows: list[Any] = [row for row in read_rows(path) if row.weight > 0]
    if not rows:
        raise InputError(f"{path}: no usable rows, all have weight 0")
    pairs = isinstance(rows[0], PreferenceRow)
    if pairs != (settings.method == "dpo"):
        held = "preference pairs, which only dpo" if pairs else "supervised rows, which dpo cannot learn from; every"
        raise InputError(f"{path}: holds {held} {'learns from' if pairs else 'other method can'}")
    held_out: list[Any] = read_rows(folder / HELD_OUT) if _has_lines(folder / HELD_OUT) else []
    exam = read_exam(folder / EXAM) if _has_lines(folder / EXAM) else []
    return TrainingSet(folder, rows, held_out, exam, sha256(path.read_bytes()).hexdigest())


def _has_lines(path: Path) -> bool:
    return path.is_file() and bool(path.read_bytes().strip())


def validation(exam: Sequence[ExamItem], n: int, seed: int) -> list[ExamItem]:
    """The items that choose the best checkpoint: up to `n` of kind "held_out", or of any kind where there are none.

    What they say of the finished model is too good, as it was chosen by them: a final figure leaves them out.
    """
    pool = [item for item in exam if item.kind == "held_out"] or list(exam)
    return random.Random(seed).sample(pool, min(n, len(pool)))


def prompt_of(row: Row) -> list[dict[str, str]]:
    """The chat up to the first reply that is trained, as transformers takes it."""
    return [message.model_dump() for message in row.messages[: min(row.trained)]]
