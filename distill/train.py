"""A training from data to exported student: prepare, train, export, examine; each is resumed where a kill ended it."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from classwright.distill import exam_result
from classwright.distill.base import STUDENT, check_fit, load_model, load_tokenizer, trainable
from classwright.distill.checkpoints import last_whole, step_of
from classwright.distill.exam_before import examine_before
from classwright.distill.exam_run import answering, write_marks
from classwright.distill.examine import examine, scores, total
from classwright.distill.export import Exported, check_exportable, export
from classwright.distill.faults import out_of_memory
from classwright.distill.masks import Encoded, encode, encode_pair, preflight
from classwright.distill.memory import clear
from classwright.distill.quiet import quiet, wait_idly
from classwright.distill.rows import Row
from classwright.distill.settings import Method, TrainSettings
from classwright.distill.setup import Setup
from classwright.distill.train_log import TrainLog
from classwright.distill.train_record import Record, open_record, write_record
from classwright.distill.training_set import TrainingSet, read_training_set, validation
from classwright.distill.watch import chosen, watch
from classwright.runs import lock
from classwright.runs.atomic import check_folder
from classwright.runs.progress import Progress

CHECKPOINTS = "checkpoints"
COMPARED = 24
"""Held-out chats on which an adapter and its merged model are compared."""


def train(
    data: Path,
    settings: TrainSettings,
    out: Path,
    progress: Progress = lambda label, done, total: None,
    say: Callable[[str], None] = lambda message: None,
    *,
    before: bool = False,
) -> dict[str, Any]:
    """Train a student; called again with the same arguments, go on where it was ended.

    Args:
        data: A dataset directory (see `rows`).
        settings: How.
        out: Where the student goes: `merged/`, `adapter/`, `student.gguf`, `adapter.gguf`, `training.json`,
            `log.jsonl`, `exam.after.json`; checkpoints stand under `checkpoints/` until it is done.
        progress: Told how far it is.
        say: Told messages for a person: one decoded sample, notes.
        before: Whether the base takes the exam too, at the end and where that is not done: `exam.before.json`.

    Returns:
        `training.json` without its curves, as a summary.

    Raises:
        InputError: Data, base or settings do not fit, or `out` holds another training.
        ClasswrightError: The loss became no number, memory ran out, or merging changed the model.
    """
    wait_idly()
    check_folder(out)
    held = lock.acquire(out) if _first_process() else None
    try:
        found = read_training_set(data, settings)
        record = open_record(out, settings, found)
        if record.state == "done":
            say(f"{out}: this training is done; here is what it found")
        else:
            _work(found, settings, out, record, progress, say)
        if before and found.exam and _first_process() and not (out / exam_result.BEFORE).is_file():
            _start(settings)
            clear()
            with quiet():
                examine_before(found.exam, trainable(settings.base, progress), settings, out, progress)
        return record.summary()
    finally:
        if held is not None:
            os.close(held)


def _work(
    found: TrainingSet,
    settings: TrainSettings,
    out: Path,
    record: Record,
    progress: Progress,
    say: Callable[[str], None],
) -> None:
    _start(settings)
    base = trainable(settings.base, progress)
    tokenizer = load_tokenizer(base)
    looked = preflight(found.rows, tokenizer)
    record.rows, record.tokens, record.supervised = looked.rows, looked.tokens, looked.trained
    asked = validation(found.exam, settings.eval_items, settings.seed)
    with quiet():
        if record.state == "training":
            say(looked.sample)
            for note in check_exportable(base):
                say(note)
            _train(found, settings, out, base, asked, record, progress)
            record.state = "trained"
            clear()  # the export needs the memory
        log = TrainLog(out)
        record.take(log)
        if not _first_process():
            return
        write_record(out, record)
        if record.state == "trained":
            progress("Exporting", 0, 0)
            chats = [_encoded(row, tokenizer) for row in (found.held_out or found.rows)[:COMPARED]]
            _note_export(record, export(chosen(log, out / CHECKPOINTS), base, out, chats, settings.gguf))
            record.state = "exported"
            write_record(out, record)
        clear()
        if found.exam:
            _examine(found, settings, out, {item.id for item in asked}, record, progress)
        shutil.rmtree(out / CHECKPOINTS, ignore_errors=True)
        record.state = "done"
        write_record(out, record)


def _start(settings: TrainSettings) -> None:
    import torch

    torch.set_num_threads(settings.threads or _threads())


def _train(
    found: TrainingSet, settings: TrainSettings, out: Path, base: Path, asked: list[Any], record: Record, progress: Any
) -> None:
    from transformers import PrinterCallback

    checkpoints = out / CHECKPOINTS
    checkpoints.mkdir(exist_ok=True)
    log = TrainLog(out)
    last = last_whole(checkpoints, clean=_first_process())
    if _first_process():
        log.go_back_to(step_of(last) if last else -1)
        write_record(out, record)
    if last is not None and settings.patience and log.worse_since >= settings.patience:
        record.steps, record.stopped_early = step_of(last), True  # it had stopped, and was killed after that
        return
    progress("Loading the model", 0, 0)
    setup = _setup(found, settings, base, checkpoints, progress)
    try:
        trainer = trainer_of(settings.method)(setup)
        record.left_out = setup.left_out
        trainer.remove_callback(PrinterCallback)
        trainer.add_callback(watch(trainer, log, settings, asked, progress))
        trainer.train(resume_from_checkpoint=str(last) if last else None)
        record.steps = trainer.state.global_step
        record.stopped_early = trainer.state.global_step < trainer.state.max_steps
    except (RuntimeError, MemoryError) as error:
        if (told := out_of_memory(error, settings)) is not None:
            raise told from error
        raise


def trainer_of(method: Method) -> Callable[[Setup], Any]:
    """The function that makes a method's trainer; its module is imported now, as TRL takes seconds."""
    from importlib import import_module

    return import_module(f"classwright.distill.train_{method.replace('-', '_')}").trainer


def _setup(found: TrainingSet, settings: TrainSettings, base: Path, checkpoints: Path, progress: Progress) -> Setup:
    tokenizer = load_tokenizer(base)
    model: Any = load_model(base, "fp32" if settings.full else settings.base_precision)
    check_fit(tokenizer, model, base)
    if settings.adapter is not None:
        from peft import PeftModel

        model = PeftModel.from_pretrained(model, settings.adapter, is_trainable=True)
    teacher = trainable(settings.teacher, progress) if settings.teacher is not None else None
    tokenizer.padding_side = "right"
    return Setup(settings, base, model, tokenizer, found.rows, checkpoints, teacher)


def _examine(
    found: TrainingSet, settings: TrainSettings, out: Path, asked: set[str], record: Record, progress: Progress
) -> None:
    """The whole exam with the exported model; items that chose the checkpoint are kept apart in the table."""
    folder = out / STUDENT
    marks = examine(
        found.exam,
        answering(folder, settings.base_precision),
        load_tokenizer(folder),
        max_tokens=settings.reply_tokens,
        progress=lambda done, of: progress("Examining", done, of),
    )
    write_marks(out / exam_result.AFTER, marks)
    fresh = [m for m in marks if m.id not in asked]
    record.exam = {kind: list(score) for kind, score in scores(fresh).items()}
    record.validation = list(total([m for m in marks if m.id in asked]))


def _note_export(record: Record, exported: Exported) -> None:
    record.files = list(exported.files)
    record.agreement, record.compared = exported.agreement, exported.tokens
    record.notes = list(exported.notes)


def _encoded(row: Any, tokenizer: Any) -> Encoded:
    return encode(row, tokenizer) if isinstance(row, Row) else encode_pair(row, tokenizer)[0]


def _threads() -> int:
    from classwright.models.embedded import thread_count

    return thread_count()


def _first_process() -> bool:
    """Whether this process writes: the only one, or the first of several that `accelerate launch` started."""
    return os.environ.get("RANK", "0") == "0"
