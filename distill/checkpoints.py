"""Checkpoints that are whole, and the best model so far.

A checkpoint counts once a mark stands in it, written after all of it; one without is what a kill left behind.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from classwright.runs.atomic import sync_folder, write_atomic

_MARK = "whole"
KEPT = 2


def mark_whole(checkpoint: Path) -> None:
    """Say that a checkpoint is whole, and remove older ones."""
    write_atomic(checkpoint / _MARK, "")
    for old in sorted(_whole(checkpoint.parent), key=step_of)[:-KEPT]:
        (old / _MARK).unlink()
        shutil.rmtree(old)


def last_whole(folder: Path, *, clean: bool = True) -> Path | None:
    """The latest whole checkpoint; broken ones are removed if `clean`."""
    whole = _whole(folder)
    for path in folder.glob("checkpoint-*") if clean else ():
        if path not in whole:
            shutil.rmtree(path)
    return max(whole, key=step_of, default=None)


def _whole(folder: Path) -> list[Path]:
    return [path for path in folder.glob("checkpoint-*") if (path / _MARK).is_file()]


def step_of(path: Path) -> int:
    """The step that a checkpoint or a best model was saved after."""
    return int(path.name.rpartition("-")[2])


def best_folder(folder: Path, step: int) -> Path:
    """Where the model of a step is kept if it is the best."""
    return folder / f"best-{step}"


def save_best(folder: Path, step: int, save: Callable[[Path], None]) -> None:
    """Keep a model as the best so far; what `save` writes appears whole or not at all."""
    target = best_folder(folder, step)
    temporary = folder / f".{target.name}.tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    save(temporary)
    shutil.rmtree(target, ignore_errors=True)
    os.replace(temporary, target)
    sync_folder(folder)


def keep_only_best(folder: Path, step: int) -> None:
    """Remove the models that are no longer the best."""
    for path in folder.glob("best-*"):
        if step_of(path) < step:
            shutil.rmtree(path)
