from types import SimpleNamespace
from typing import Any

import pytest

from classwright.graphs import dialogue_progress
from classwright.graphs.dialogue_pause import Pause
from classwright.graphs.dialogue_progress import Pace, duration
from classwright.models.usage import Meter, Part


def test_it_tells_the_pace_and_how_long_the_rest_takes(monkeypatch):
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(dialogue_progress, "time", SimpleNamespace(monotonic=lambda: clock.now))
    said = []
    meter = Meter()
    schedule: Any = SimpleNamespace(
        meter=meter, pause=Pause(9), live={"a": Part(calls=6), "b": Part(calls=4)}, held=4, failed=1
    )
    pace = Pace(schedule, total=20, before=5, progress=lambda *words: said.append(words))
    pace.tell()
    assert said[-1] == ("dialogues (2 live, 1 failed)", 10, 20)
    clock.now += 10
    meter.calls, meter.prompt_tokens = 60, 600
    pace.tell()
    # 50 calls for 5 dialogues: 10 each; 10 are left, less the 10 calls of the live ones, at 6 a second.
    assert said[-1] == ("dialogues (2 live, 6.0 calls/s, 60 tokens/s, 15 s left, 1 failed)", 10, 20)
    schedule.pause.message = "paused, trying again in 4 s: http://x"
    pace.tell()
    assert said[-1] == ("paused, trying again in 4 s: http://x", 10, 20)


@pytest.mark.parametrize(("seconds", "words"), [(40, "40 s"), (720, "12 min"), (12_000, "3 h 20 min")])
def test_durations(seconds, words):
    assert duration(seconds) == words
