"""A tuned model merged back toward its base (RETAIN), written as a student of its own and examined."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from classwright.distill import exam_result
from classwright.distill.base import STUDENT, copy_tokenizer, load_model, load_tokenizer, trainable
from classwright.distill.convert import Quantization, hf_to_gguf
from classwright.distill.exam_run import answering, write_marks
from classwright.distill.examine import examine, scores
from classwright.distill.export import STUDENT_GGUF
from classwright.distill.forgetting import forgetting, text_losses
from classwright.distill.report_files import TRAINING, add, read_files
from classwright.distill.retain import merge
from classwright.distill.rows import EXAM, read_exam
from classwright.errors import InputError
from classwright.runs.atomic import check_folder
from classwright.runs.progress import Progress


def retain(
    folder: Path,
    out: Path,
    alpha: float | None = None,
    *,
    texts: Sequence[str] = (),
    gguf: Quantization = "f16",
    seed: int = 0,
    progress: Progress,
) -> dict[str, Any]:
    """Write (1 - alpha) base + alpha tuned as `merged/` and `student.gguf`, with its answers as `exam.after.json`.

    Args:
        folder: What `distill train` made.
        out: Where it goes.
        alpha: 0 for the base, 1 for the tuned model; None for the one that `distill measure --texts` chose.
        texts: General texts, for `forgetting.json`.
        gguf: Of `student.gguf`.
        seed: Of the bootstrap over texts.
        progress: Told what is done.

    Returns:
        {"out", "alpha", "files", "exam": kind -> [right, items]}.

    Raises:
        InputError: No training stands in `folder`, or nobody has chosen an alpha.
    """
    import torch

    from classwright.distill.quiet import quiet
    from classwright.models.embedded import thread_count

    files = read_files(folder)
    config = files.training.config if files.training else {}
    if "base" not in config or not (folder / STUDENT).is_dir():
        raise InputError(f"{folder}: no finished training; name what `classwright distill train` made ({TRAINING})")
    if alpha is None and "retain" not in files.measures:
        raise InputError(f"{folder}: no alpha was chosen; give --alpha, or run `distill measure {folder} --texts FILE`")
    share = files.measures["retain"].chosen if alpha is None else alpha
    if out.resolve() == folder.resolve():
        raise InputError(f"{out}: is the training itself; name another --out")
    check_folder(out)
    torch.set_num_threads(config.get("threads") or thread_count())
    with quiet():
        base = trainable(str(config["base"]), progress)
        progress("Merging", 0, 0)
        old, model = load_model(base), load_model(folder / STUDENT)
        model.load_state_dict(merge(old.state_dict(), model.state_dict(), share))
        work = out / ".retain"
        shutil.rmtree(work, ignore_errors=True)
        model.save_pretrained(work / STUDENT)
        copy_tokenizer(folder / STUDENT, work / STUDENT)
        del model
        hf_to_gguf(work / STUDENT, work / STUDENT_GGUF, gguf)
        for name in (STUDENT, STUDENT_GGUF):
            shutil.rmtree(out / name, ignore_errors=True)
            (work / name).replace(out / name)
        work.rmdir()
        tokenizer = load_tokenizer(out / STUDENT)
        if texts:
            progress("Forgetting on general text", 0, 0)
            before, after = (text_losses(m, tokenizer, texts) for m in (old, load_model(out / STUDENT)))
            add(out, "forgetting", forgetting(before, after, seed=seed))
        del old
        exam = Path(str(config["data"])) / EXAM
        marks = examine(
            read_exam(exam), answering(out / STUDENT, "fp32" if config.get("rank") == 0 else "bf16"), tokenizer,
            max_tokens=config.get("reply_tokens", 96), progress=lambda done, of: progress("Examining", done, of),
        ) if exam.is_file() else []  # fmt: skip
    if marks:
        write_marks(out / exam_result.AFTER, marks)
    return {"out": str(out), "alpha": share, "files": [STUDENT, STUDENT_GGUF],
            "exam": {kind: list(score) for kind, score in scores(marks).items()}}  # fmt: skip
