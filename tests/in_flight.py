"""What a killed process had asked for and not stored yet."""

import json
from pathlib import Path

from tests.fake_openai import FakeServer

WRITING_S = 0.25
"""Time in which a reply that was sent reaches the disk, on a busy machine."""


def model_replies(run: Path) -> int:
    """Whole lines that hold a model's reply in the journals of a run and of the runs inside it."""
    lines = [line for file in run.rglob("journal.jsonl") for line in file.read_bytes().split(b"\n")[:-1]]
    return sum("request" in json.loads(line) for line in lines)


def lost_at(killed: float, server: FakeServer, run: Path | None, before: int = 0) -> int:
    """Requests of a killed process that are not in its journal: those in flight when it died.

    What was answered a moment before is on the disk; only a reply of that moment can have been on its way.

    Args:
        killed: When it was killed (`time.monotonic`).
        server: It has seen requests of this run only.
        run: The run, None before there is one.
        before: What earlier kills of the run had lost.
    """
    kept = model_replies(run) if run else 0
    assert kept >= sum(at < killed - WRITING_S for at in server.answered) - before
    return len(server.bodies) - kept - before
