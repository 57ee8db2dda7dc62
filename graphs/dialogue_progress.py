"""How far a bulk run is, how fast it goes and when it will be done, in one line."""

import time
from collections import deque
from dataclasses import dataclass, field

from classwright.graphs.dialogue_schedule import Schedule
from classwright.runs.progress import Progress

SPAN_S = 30.0
"""Seconds over which a pace is taken."""


@dataclass
class Pace:
    """Tells how a run goes.

    Attributes:
        schedule: The run's scheduler.
        total: Dialogues of the plan.
        before: Those that were done before this process began.
        progress: Told.
    """

    schedule: Schedule
    total: int
    before: int
    progress: Progress
    _seen: deque[tuple[float, int, int]] = field(default_factory=deque)

    def tell(self) -> None:
        """Say how far it is now."""
        s = self.schedule
        now, calls, tokens = time.monotonic(), s.meter.calls - s.meter.reused, s.meter.tokens
        self._seen.append((now, calls, tokens))
        while now - self._seen[0][0] > SPAN_S:
            self._seen.popleft()
        done = self.before + s.held + s.failed
        if why := s.pause.message:
            self.progress(why, done, self.total)
            return
        self.progress(f"dialogues ({', '.join(self._figures(done))})", done, self.total)

    def _figures(self, done: int) -> list[str]:
        s = self.schedule
        (began, calls, tokens), (now, calls_now, tokens_now) = self._seen[0], self._seen[-1]
        figures = [f"{len(s.live)} live"]
        if now > began:
            rate = (calls_now - calls) / (now - began)
            figures += [f"{rate:.1f} calls/s", f"{(tokens_now - tokens) / (now - began):.0f} tokens/s"]
            if (left := self._left_s(done, rate)) is not None:
                figures.append(f"{duration(left)} left")
        if s.failed:
            figures.append(f"{s.failed} failed")
        return figures

    def _left_s(self, done: int, rate: float) -> float | None:
        """Seconds that the rest takes, by the calls that a dialogue takes; those that go on have made some already."""
        s = self.schedule
        ended = s.held + s.failed
        if not ended or rate <= 0:
            return None
        under_way = sum(part.calls for part in s.live.values())
        each = (s.meter.calls - s.meter.reused - under_way) / ended
        return max(0.0, (self.total - done) * each - under_way) / rate


def duration(seconds: float) -> str:
    """A time in words: "40 s", "12 min", "3 h 20 min"."""
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
