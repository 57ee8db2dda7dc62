"""training.json: what a training is and what came of it."""

import resource
import sys
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from classwright.distill.settings import TrainSettings
from classwright.distill.train_log import TrainLog
from classwright.distill.training_set import TrainingSet
from classwright.errors import InputError
from classwright.runs.atomic import write_atomic

RECORD = "training.json"
State = Literal["training", "trained", "exported", "done"]


class Record(BaseModel):
    """A training.

    Attributes:
        config: Its settings, with "data" and "data_sha256".
        state: How far it is.
        rows, tokens, supervised: Of the data: rows, all tokens, tokens with loss.
        left_out: Rows that the method could not use.
        steps: Steps of the optimizer.
        seconds: Of training and evaluation in it.
        peak_mb: Most memory of the process that finished it, MB.
        best: The evaluation that chose the model.
        agreement, compared: Top-1 agreement of merged model and adapter, and on how many tokens.
        exam: Kind of item -> [right, items], without those that chose the model.
        validation: [right, items] of those that did.
        curves: Step, loss (nats a token) and accuracy by kind of item.
    """

    model_config = ConfigDict(extra="forbid")

    config: dict[str, Any]
    state: State = "training"
    versions: dict[str, str] = Field(default_factory=dict)
    rows: int = 0
    tokens: int = 0
    supervised: int = 0
    left_out: int = 0
    steps: int = 0
    stopped_early: bool = False
    seconds: float = 0.0
    peak_mb: float = 0.0
    best: dict[str, Any] | None = None
    files: list[str] = Field(default_factory=list)
    agreement: float | None = None
    compared: int = 0
    exam: dict[str, list[int]] = Field(default_factory=dict)
    validation: list[int] = Field(default_factory=list)
    notes: list[str] = Field(default_factory=list)
    curves: list[dict[str, Any]] = Field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """Everything but the curves."""
        return self.model_dump(exclude={"curves"})

    def take(self, log: TrainLog) -> None:
        """Take over what the log says."""
        self.best, self.seconds = log.best, log.seconds
        self.curves = [
            {"step": line["step"], "accuracy": {"held_out": line["accuracy"]}}
            if "accuracy" in line
            else {"step": line["step"], "loss": line["loss"]}
            for line in log.lines
        ]


def open_record(out: Path, settings: TrainSettings, found: TrainingSet) -> Record:
    """The record of a training that was begun in `out`, or a new one.

    Raises:
        InputError: Another training stands there.
    """
    config = settings.model_dump() | {"data": str(found.folder), "data_sha256": found.digest}
    path = out / RECORD
    if not path.is_file():
        return Record(config=config, versions=_versions())
    try:
        record = Record.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise InputError(f"{path}: not the record of a training; name another --out") from error
    begun = TrainSettings().model_dump() | record.config  # a setting that is newer than the record had its default
    other = [key for key, value in config.items() if key != "data" and begun.get(key) != value]
    if other:
        told = ", ".join(f"{key} {begun.get(key)} instead of {config[key]}" for key in other)
        raise InputError(f"{out}: holds a training with {told}; name another --out, or remove this one")
    return record


def write_record(out: Path, record: Record) -> Path:
    """Write `training.json`."""
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    record.peak_mb = max(record.peak_mb, round(kilobytes / 1000, 1))
    return write_atomic(out / RECORD, record.model_dump_json(indent=1) + "\n")


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    names = ("torch", "transformers", "trl", "peft", "accelerate")
    return {"python": sys.version.split()[0], **{name: version(name) for name in names}}
