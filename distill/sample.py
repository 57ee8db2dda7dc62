"""A training set made of another one and of what a teacher and the student themselves say (see `sampled_rows`)."""

import shutil
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from classwright.distill.base import trainable
from classwright.distill.candidates import CODE
from classwright.distill.card import readme
from classwright.distill.licences import checked_licence
from classwright.distill.quiet import quiet, wait_idly
from classwright.distill.rows import (
    CARD,
    EXAM,
    HELD_OUT,
    TRAIN,
    Card,
    PreferenceRow,
    Row,
    read_card,
    read_rows,
    write_card,
    write_rows,
)  # fmt: skip
from classwright.distill.sampled_rows import WAYS, Draw, How, prompt_of
from classwright.distill.samples import Samples, Speaker
from classwright.distill.train_grpo import answer_of
from classwright.errors import InputError
from classwright.runs.atomic import check_folder, write_atomic
from classwright.runs.progress import Progress

NOTES: dict[How, str] = {
    "dasd": "Two stages, low temperature first: train with --keep-order.",
    "plain": "The control of dasd: as many draws at the high temperature, without selection or schedule.",
    "mixed": "Beside the rows of the source, replies that the student began and the teacher ended rightly.",
    "pairs": "The teacher's right reply against the student's wrong one.",
    "perspectives": "Rows of one prompt are weighted by what the student is ready to learn.",
}


class SampleRequest(BaseModel):
    """What is to be made.

    Attributes:
        how: See `sampled_rows`.
        teacher, student: As the base of a training; perspectives need no teacher.
        rows: Rows of the source to use, drawn by the seed; 0 for all.
        samples, keep, reply_tokens, sharpness, seed: See `sampled_rows.Draw`.
        licence, licence_ok: As in `candidates.DataRequest`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    how: How
    teacher: str | None = None
    student: str = "smollm2"
    rows: int = Field(default=0, ge=0)
    samples: int = Field(default=4, ge=1, le=64)
    keep: int = Field(default=1, ge=1)
    reply_tokens: int = Field(default=96, ge=1)
    sharpness: float = Field(default=1.0, gt=0, allow_inf_nan=False)
    seed: int = Field(default=0, ge=0)
    licence: str = ""
    licence_ok: bool = False

    @model_validator(mode="after")
    def _fits_together(self) -> "SampleRequest":
        if self.teacher is None and self.how != "perspectives":
            raise ValueError(f"{self.how} asks a teacher; name one with --teacher")
        if self.teacher is not None and self.how == "perspectives":
            raise ValueError("perspectives asks the student only; leave --teacher out")
        return self


def sample(data: Path, request: SampleRequest, out: Path, progress: Progress) -> dict[str, Any]:
    """Make the dataset `out` of the dataset `data`; called again after a kill, go on with what was drawn.

    Returns:
        What `classwright distill sample` prints.

    Raises:
        InputError: The data holds no supervised row that can be used, `out` holds something else, the teacher's licence
            forbids training, or not one reply was right.
    """
    if out.resolve() == data.resolve():
        raise InputError(f"{out}: is the dataset itself; name another --out")
    wait_idly()
    check_folder(out)
    teachers = [request.teacher] if request.teacher else []
    terms = checked_licence(teachers, request.licence, ok=request.licence_ok) if teachers else ""
    rows, dropped = _usable(data, request)
    told = request.model_dump(mode="json", exclude={"licence", "licence_ok"})
    kept = Samples(out, {**told, "data_sha256": sha256((data / TRAIN).read_bytes()).hexdigest()}, request.seed)
    _one_thread_a_core()
    with quiet():
        teacher = Speaker.of(trainable(request.teacher, progress)) if request.teacher else None
        # The control never asks the student.
        student = Speaker.of(trainable(request.student, progress)) if request.how != "plain" else None
        draw = Draw(kept, teacher, student, request.samples, request.keep, request.reply_tokens, request.sharpness,
                    request.seed, progress)  # fmt: skip
        made = list(WAYS[request.how](rows, draw))
    if not made:
        wanted = "a right reply against a wrong one" if request.how == "pairs" else "a right reply"
        raise InputError(f"{out}: of {len(rows)} rows not one gave {wanted}; take a better teacher, or more --samples")
    card = _card(data, request, rows, made, dropped, terms)
    write_rows(out / TRAIN, made)
    for name in (HELD_OUT, EXAM):
        if (data / name).is_file() and not (name == HELD_OUT and isinstance(made[0], PreferenceRow)):
            shutil.copyfile(data / name, out / name)
    write_atomic(out / "README.md", readme(card))
    write_card(out, card)
    return {"out": str(out), "train": len(made), "of": len(rows), "dropped": dict(dropped), **_said(card)}


def _usable(data: Path, request: SampleRequest) -> tuple[list[Row], Counter[str]]:
    """The rows to ask about, drawn by the seed, and why others are none."""
    found, dropped = [], Counter[str]()
    for row in read_rows(data / TRAIN):
        if not isinstance(row, Row):
            raise InputError(f"{data / TRAIN}: holds preference pairs; name a dataset of supervised rows")
        if row.messages[-1].role != "assistant":
            dropped["it does not end in a reply"] += 1
        elif request.how != "perspectives" and answer_of(row) is None:
            dropped["its reply gives no number as its answer, so no other could be graded"] += 1
        else:
            found.append(row)
    if request.how in ("mixed", "pairs"):  # who asks by prompt needs each once
        found = list({prompt_of(row): row for row in reversed(found)}.values())[::-1]
    if not found:
        raise InputError(f"{data / TRAIN}: no usable row: " + "; ".join(f"{n} × {why}" for why, n in dropped.items()))
    if request.rows and request.rows < len(found):
        chosen = set(Random(f"sample/{request.seed}").sample(range(len(found)), request.rows))
        found = [row for n, row in enumerate(found) if n in chosen]
    return found, dropped


def _card(
    data: Path,
    request: SampleRequest,
    rows: Sequence[Row],
    made: Sequence[Row | PreferenceRow],
    dropped: Counter[str],
    terms: str,
) -> Card:
    source = read_card(data) if (data / CARD).is_file() else Card(kind="sft", task="unknown", teacher=CODE)
    own = request.how in ("mixed", "perspectives")  # the source's replies are in it too
    teacher = " + ".join(dict.fromkeys([*([source.teacher] if own else []), *filter(None, [request.teacher])]))
    licence = " + ".join(dict.fromkeys([*([source.licence] if own else []), *filter(None, [terms])]))
    return Card(
        kind="preference" if isinstance(made[0], PreferenceRow) else "sft", task=source.task, teacher=teacher,
        licence=licence, sources=(*source.sources, str(data)), prompts=source.prompts,
        selection=request.model_dump(mode="json", exclude={"licence"}),
        counts={"split": {"train": len(made)}, "skill": dict(Counter(r.skill or "none" for r in made).most_common())},
        dropped=dict(dropped), notes=(NOTES[request.how], f"Made from {len(rows)} rows of {data}.", *source.notes),
    )  # fmt: skip


def _said(card: Card) -> dict[str, Any]:
    return {"kind": card.kind, "teacher": card.teacher, "licence": card.licence, "notes": list(card.notes[:2])}


def _one_thread_a_core() -> None:
    import torch

    from classwright.models.embedded import thread_count

    torch.set_num_threads(thread_count())
