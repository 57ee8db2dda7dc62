"""log.jsonl: what a training did, a line a step and a line an evaluation; and what a resume takes from it."""

import json
from pathlib import Path
from typing import Any

from classwright.runs.atomic import write_atomic

LOG = "log.jsonl"


class TrainLog:
    """The log of a training; lines are plain JSON.

    A step: {"step", "epoch", "loss" (nats a token), "token_accuracy", "rate", "grad_norm", "seconds"}.
    An evaluation: {"step", "right", "items", "accuracy", "seconds"}. Seconds count from the beginning, without the time
    between a kill and the resume.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / LOG
        self.lines = read_log(folder)

    def go_back_to(self, step: int) -> None:
        """Forget what came after a step: it is done again."""
        self.lines = [line for line in self.lines if line["step"] <= step]
        write_atomic(self.path, "".join(json.dumps(line) + "\n" for line in self.lines))

    def add(self, **line: Any) -> None:
        """Add a line."""
        self.lines.append(line)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    @property
    def evaluations(self) -> list[dict[str, Any]]:
        """The lines of evaluations."""
        return [line for line in self.lines if "accuracy" in line]

    @property
    def best(self) -> dict[str, Any] | None:
        """The best evaluation after the first step, of equals the last."""
        trained = [line for line in self.evaluations if line["step"] > 0]
        return max(trained, key=lambda line: (line["accuracy"], line["step"]), default=None)

    @property
    def worse_since(self) -> int:
        """Evaluations since accuracy last rose, those before training included."""
        rose, highest = 0, -1.0
        for number, line in enumerate(self.evaluations):
            if line["accuracy"] > highest:
                rose, highest = number, line["accuracy"]
        return max(0, len(self.evaluations) - 1 - rose)

    @property
    def seconds(self) -> float:
        """Seconds so far."""
        return self.lines[-1]["seconds"] if self.lines else 0.0


def read_log(folder: Path) -> list[dict[str, Any]]:
    """The whole lines of a training's log; a torn last one is left out."""
    path = folder / LOG
    text = path.read_text("utf-8") if path.is_file() else ""
    return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines() if line.strip()]
