"""An exam put to a model that is named: a base before training, a student after it."""

from pathlib import Path
from typing import Any

from classwright.distill.base import Precision, load_model, load_tokenizer, trainable
from classwright.distill.examine import REPLY_TOKENS, Marked, examine, scores
from classwright.distill.quiet import quiet, wait_idly
from classwright.distill.rows import EXAM, ExamItem, read_exam
from classwright.runs.atomic import write_atomic
from classwright.runs.progress import Progress


def examine_model(
    model: str,
    exam: Path,
    out: Path | None = None,
    items: int = 0,
    *,
    precision: Precision = "bf16",
    reply_tokens: int = REPLY_TOKENS,
    threads: int | None = None,
    progress: Progress = lambda label, done, total: None,
) -> dict[str, Any]:
    """Put an exam to a model.

    Args:
        model: As the base of a training.
        exam: A dataset directory or an exam file.
        out: Where the answers go, if anywhere.
        items: Items of each kind at most, the first ones; 0 for all.
        precision, reply_tokens, threads: Of the computation.
        progress: Told how many are answered.

    Returns:
        {"model", "exam": kind -> [right, items]}.

    Raises:
        InputError: No such model or exam.
    """
    wait_idly()
    import torch

    from classwright.models.embedded import thread_count

    asked = first_of_each(read_exam(exam / EXAM if exam.is_dir() else exam), items)
    torch.set_num_threads(threads or thread_count())
    with quiet():
        folder = trainable(model, progress)
        marks = examine(
            asked,
            answering(folder, precision),
            load_tokenizer(folder),
            max_tokens=reply_tokens,
            progress=lambda done, of: progress("Examining", done, of),
        )
    if out is not None:
        write_marks(out, marks)
    return {"model": model, "exam": {kind: list(score) for kind, score in scores(marks).items()}}


def answering(folder: Path, precision: Precision) -> Any:
    """The model of a directory, on the GPU where there is one."""
    import torch

    model: Any = load_model(folder, precision)
    return model.to("cuda") if torch.cuda.is_available() else model


def first_of_each(exam: list[ExamItem], n: int) -> list[ExamItem]:
    """The first `n` items of each kind; all where `n` is 0."""
    seen: dict[str, int] = {}
    kept = []
    for item in exam:
        seen[item.kind] = seen.get(item.kind, 0) + 1
        if not n or seen[item.kind] <= n:
            kept.append(item)
    return kept


def write_marks(path: Path, marks: list[Marked]) -> Path:
    """Write a model's answers, as `exam_result.read_answers` reads them."""
    import json

    rows = [mark.model_dump() for mark in marks]
    return write_atomic(path, json.dumps({"rows": rows}, ensure_ascii=False, indent=1) + "\n")
