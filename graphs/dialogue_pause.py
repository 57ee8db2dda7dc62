"""Waiting for an endpoint that died in the middle of a bulk run, and going on when it is back."""

import asyncio
import time

from classwright.errors import UnreachableError

FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 30.0
"""Waits between tries, s; each is twice as long as the one before."""
SETTLE_S = 2.0
"""Time after which a finished dialogue shows that the models answer: replies that were on their way have arrived."""


class Pause:
    """Holds everything back while an endpoint is dead; one dialogue at a time tries whether it is back.

    Args:
        patience_s: Time from the first failure after which the run is given up.
        first_wait_s: The first wait.

    Attributes:
        message: What is waited for and for how long, "" while nothing is.
    """

    def __init__(self, patience_s: float, first_wait_s: float = FIRST_WAIT_S) -> None:
        self.patience_s, self.first_wait_s = patience_s, first_wait_s
        self.message = ""
        self.paused_s = 0.0
        self._over: asyncio.Event | None = None  # None: not paused
        self._since = 0.0
        self._wait = first_wait_s
        self._trying = False

    @property
    def on(self) -> bool:
        """Whether the run is paused."""
        return self._over is not None

    @property
    def total_s(self) -> float:
        """How long the run has been paused, all pauses together, s."""
        return self.paused_s + (time.monotonic() - self._since if self.on else 0.0)

    async def passed(self) -> None:
        """Return when the run is not paused."""
        while self._over is not None:
            await self._over.wait()

    async def failed(self, error: UnreachableError, *, tried: bool) -> bool:
        """A dialogue got no answer; returns when it may go on.

        Args:
            error: What it got.
            tried: Whether this dialogue was the one to try.

        Returns:
            Whether it is now the one to try; if so it reports back by `failed` or `answered`.

        Raises:
            UnreachableError: The patience is at its end.
        """
        if self._over is None:
            self._over, self._since, self._wait = asyncio.Event(), time.monotonic(), self.first_wait_s
        if tried:
            self._trying = False
        if self._trying:
            await self.passed()
            return False
        self._trying = True
        left = self.patience_s - (time.monotonic() - self._since)
        if left <= 0:
            raise UnreachableError(f"{error}; waited {self.patience_s:g} s")
        wait = min(self._wait, left)
        self._wait = min(2 * self._wait, LONGEST_WAIT_S)
        self.message = f"paused, trying again in {wait:.0f} s: {error}"
        await asyncio.sleep(wait)
        return True

    def answered(self) -> None:
        """The one who tried got an answer: all go on."""
        self._trying = False
        if self._over is not None:
            self.paused_s += time.monotonic() - self._since
            self._over.set()
            self._over = None
            self.message = ""

    def finished(self) -> bool:
        """A dialogue came to its end; where that shows that the models answer, the pause is over (then True)."""
        if self._over is None or time.monotonic() - self._since < SETTLE_S:
            return False
        self.answered()
        return True
