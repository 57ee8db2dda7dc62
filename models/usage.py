"""What a run's model calls cost, and the hard caps on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import Any

from classwright.errors import ClasswrightError
from classwright.runs.recipe import Limits

_tally: ContextVar[list[int] | None] = ContextVar("tally", default=None)
_part: ContextVar["Part | None"] = ContextVar("part", default=None)


class LimitError(ClasswrightError):
    """The next call could go beyond a cap of the recipe; raise the cap and resume the run."""


@dataclass
class Part:
    """Counts of one unit of a run, a dialogue for example, whatever runs beside it.

    Attributes:
        calls, reused, prompt_tokens, completion_tokens, seconds: As in `Meter`.
        asked_s: Seconds of the replies that were asked for in this process.
    """

    calls: int = 0
    reused: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    asked_s: float = 0.0

    @property
    def tokens(self) -> int:
        """Prompt and completion tokens together."""
        return self.prompt_tokens + self.completion_tokens


@dataclass
class Meter:
    """Counts of one run. A reply taken from the journal counts like the call it once was, so a resumed run ends with
    the same totals as an undisturbed one; `reused` says how many those are.

    Attributes:
        calls: Replies, one a journal key.
        reused: Those of them that came from the journal.
        prompt_tokens: As the endpoints reported them.
        completion_tokens: As the endpoints reported them.
        seconds: Time spent in answered requests, summed over parallel ones (so it can exceed the wall time).
        retries: Requests sent again after a failure, in this process.
        errors: Calls that failed for good, in this process.
    """

    calls: int = 0
    reused: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    retries: int = 0
    errors: int = 0

    def __post_init__(self) -> None:
        self._reserved_calls = 0
        self._reserved_tokens = 0

    @property
    def tokens(self) -> int:
        """Prompt and completion tokens together."""
        return self.prompt_tokens + self.completion_tokens

    def add(self, prompt_tokens: int, completion_tokens: int, seconds: float, *, reused: bool = False) -> None:
        """Count one reply."""
        self.calls += 1
        self.reused += reused
        self.prompt_tokens += prompt_tokens
        self.completion_tokens += completion_tokens
        self.seconds += seconds
        if (counts := _tally.get()) is not None:
            for place, n in enumerate((1, prompt_tokens, completion_tokens)):
                counts[place] += n
        if (part := _part.get()) is not None:
            part.calls += 1
            part.reused += reused
            part.prompt_tokens += prompt_tokens
            part.completion_tokens += completion_tokens
            part.seconds += seconds
            part.asked_s += 0.0 if reused else seconds

    @contextmanager
    def tally(self) -> Iterator[list[int]]:
        """Counts [calls, prompt tokens, completion tokens] of what is done inside, whatever runs beside it."""
        counts = [0, 0, 0]
        token = _tally.set(counts)
        try:
            yield counts
        finally:
            _tally.reset(token)

    @contextmanager
    def part(self) -> Iterator[Part]:
        """Counts apart what is done inside; it counts in the whole as well."""
        part = Part()
        token = _part.set(part)
        try:
            yield part
        finally:
            _part.reset(token)

    def take_back(self, part: Part) -> None:
        """No longer count a unit that is begun again and will read its replies from the journal."""
        _count(self, part, -1)

    def add_part(self, part: Part) -> None:
        """Count what a worker process did for one unit; in the unit that is counted here as well."""
        _count(self, part)
        if (own := _part.get()) is not None:
            _count(own, part)
            own.asked_s += part.asked_s

    def add_again(self, calls: int, prompt_tokens: int, completion_tokens: int) -> None:
        """Count replies of an earlier process that this one does not read one by one."""
        self.calls += calls
        self.reused += calls
        self.prompt_tokens += prompt_tokens
        self.completion_tokens += completion_tokens

    @contextmanager
    def reserve(self, limits: Limits, tokens: int) -> Iterator[None]:
        """Hold room for one call while it is under way.

        Args:
            limits: The caps.
            tokens: What the call may use: its prompt, estimated, and the longest reply it may give.

        Raises:
            LimitError: Together with what is used and under way, the call could go beyond a cap.
        """
        if limits.calls is not None and self.calls + self._reserved_calls + 1 > limits.calls:
            raise LimitError(
                f"limit of {limits.calls} model calls reached ({self.calls} made); "
                "raise calls under [limits] in the recipe and start again"
            )
        if limits.tokens is not None and self.tokens + self._reserved_tokens + tokens > limits.tokens:
            raise LimitError(
                f"limit of {limits.tokens} tokens reached ({self.tokens} used, the next call may take {tokens}); "
                "raise tokens under [limits] in the recipe and start again"
            )
        self._reserved_calls += 1
        self._reserved_tokens += tokens
        try:
            yield
        finally:
            self._reserved_calls -= 1
            self._reserved_tokens -= tokens

    def as_dict(self) -> dict[str, Any]:
        """All counts, for a summary."""
        return asdict(self) | {"tokens": self.tokens, "seconds": round(self.seconds, 3)}


def _count(counts: Meter | Part, part: Part, sign: int = 1) -> None:
    """Add what both kinds of counts hold of a part, or take it away again."""
    counts.calls += sign * part.calls
    counts.reused += sign * part.reused
    counts.prompt_tokens += sign * part.prompt_tokens
    counts.completion_tokens += sign * part.completion_tokens
    counts.seconds += sign * part.seconds
