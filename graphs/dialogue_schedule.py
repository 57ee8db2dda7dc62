"""Holds many dialogues at once: so many live at a time that every place of the endpoints is taken, and no more.

A dialogue that fails is data, not a crash: it is stored with its error and counted. What ends a run early is said in a
word ("budget"), or raised: a dead endpoint after all patience, a damaged journal, a full disk.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from classwright.classroom.dialogue import Dialogue
from classwright.errors import ClasswrightError, InputError, JournalError, UnreachableError
from classwright.graphs.dialogue_pause import Pause
from classwright.graphs.dialogue_spec import DialogueSpec
from classwright.models.usage import LimitError, Meter, Part

STRIKES = 3
"""Times that one dialogue may get no answer while others get theirs."""
HOPELESS = 20
"""Failures in a row, without any success, after which a run of more dialogues is not worth its calls."""
TOKENS_A_TURN = 1500
"""What a tutor's turn and a student's take together, at most, until dialogues have shown it."""
TICK_S = 0.5
SEEN = 8
"""Finished dialogues from which on their most expensive one says what a dialogue may take."""


class Failure(NamedTuple):
    """Why a dialogue did not come to its end: the error's class and its message in one line."""

    kind: str
    message: str


class Outcome(NamedTuple):
    """One dialogue after it was held.

    Attributes:
        unit: Its place in the plan (a repeated try has another `spec.id`).
        dialogue: None if it failed, with the reason in `failure`.
        cost: Of the try that counts.
        asked_s: Seconds of all replies asked for in this process, over all tries.
    """

    unit: str
    spec: DialogueSpec
    dialogue: Dialogue | None
    failure: Failure | None
    cost: Part
    asked_s: float


@dataclass
class Schedule:
    """The scheduler of one run.

    Attributes:
        hold: Holds one dialogue.
        store: Stores what came out; on the disk when it returns.
        meter: Counts calls and tokens of the run.
        window: Dialogues live at once.
        pause: Holds all back while an endpoint is dead.
        budget: Tokens that the run may take, None for no end.
        tick: Called twice a second.
        live: Dialogues that go on now, with what they took so far.
        held, failed: Dialogues that ended well or badly, in this process.
        asked_s: Seconds of all replies asked for in this process.
        longest_s: Those of the one dialogue that took most.
        stopped: Why no more dialogues are let in, "" while they are.
    """

    hold: Callable[[DialogueSpec], Awaitable[Dialogue]]
    store: Callable[[Outcome], Awaitable[None]]
    meter: Meter
    window: int
    pause: Pause
    budget: int | None = None
    tick: Callable[[], None] = lambda: None
    live: dict[str, Part] = field(default_factory=dict)
    held: int = 0
    failed: int = 0
    asked_s: float = 0.0
    longest_s: float = 0.0
    stopped: str = ""

    async def run(self, specs: Iterator[tuple[str, DialogueSpec]]) -> str:
        """Hold all dialogues of an iterator of (unit, spec); returns "" or why no more were let in ("budget").

        Raises:
            UnreachableError: An endpoint is dead and the patience at its end.
            ClasswrightError: Nothing can be stored, the journal is of another program, the recipe is wrong, or the
                first `HOPELESS` dialogues all failed.
        """
        self._specs = specs
        self._gate = asyncio.Lock()
        self._ended = asyncio.Event()
        self._most = 0
        self._row = 0
        self._trier: Part | None = None
        ticker = asyncio.create_task(self._ticks())
        workers = [asyncio.create_task(self._work()) for _ in range(self.window)]
        try:
            await asyncio.gather(*workers)
        except BaseException:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
            raise
        finally:
            ticker.cancel()
        return self.stopped

    async def _work(self) -> None:
        while (entry := await self._next()) is not None:
            unit, spec = entry
            try:
                outcome = await self._patiently(unit, spec)
            except LimitError as error:
                self.stopped = self.stopped or ("budget" if self.budget is not None else str(error))
                return
            finally:
                self.live.pop(unit, None)
                self._ended.set()
            self._count(outcome)
            await self.store(outcome)
            if self._row >= HOPELESS and not self.held:
                assert outcome.failure is not None
                raise ClasswrightError(
                    f"the first {self._row} dialogues failed, the last one: {outcome.failure.message}"
                )

    async def _next(self) -> tuple[str, DialogueSpec] | None:
        """The next dialogue, when it may begin; None when none may begin any more."""
        async with self._gate:
            await self.pause.passed()
            if self.stopped:
                return None
            entry = next(self._specs, None)
            if entry is None:
                return None
            while not self._fits(entry[1]):
                if not self.live:
                    self.stopped = "budget"
                if self.stopped:
                    return None
                self._ended.clear()
                await self._ended.wait()
            self.live[entry[0]] = Part()
            return entry

    def _fits(self, spec: DialogueSpec) -> bool:
        """Whether one more dialogue stays within the budget, even if each live one comes to take the most."""
        if self.budget is None:
            return True
        most = self.most_tokens(spec)
        owed = sum(max(0, most - part.tokens) for part in self.live.values())
        return self.meter.tokens + owed + most <= self.budget

    def most_tokens(self, spec: DialogueSpec) -> int:
        """What a dialogue may take: the most that one took, with a tenth more, or a guess before any ended."""
        if self.held < SEEN:
            guess = spec.turns * TOKENS_A_TURN if _asks(spec) else 0
            return max(guess, self._most)
        return round(1.1 * self._most)

    async def _patiently(self, unit: str, spec: DialogueSpec) -> Outcome:
        """Hold one dialogue; where no model answers, wait and begin again (what was answered is in the journal)."""
        strikes, asked_s, tries = 0, 0.0, False
        while True:
            part = Part()
            try:
                with self.meter.part() as part:
                    self.live[unit] = part
                    self._trier = part if tries else self._trier
                    dialogue = await self.hold(spec)
            except UnreachableError as error:
                self._trier = None if tries else self._trier
                asked_s += part.asked_s
                self.meter.take_back(part)
                alone = not self.pause.on and tries
                strikes += alone
                if strikes >= STRIKES:
                    failure = Failure("UnreachableError", f"no answer {strikes} times while others got theirs: {error}")
                    return Outcome(unit, spec, None, failure, part, asked_s)
                tries = await self.pause.failed(error, tried=tries)
            except (LimitError, JournalError, InputError):
                raise
            except Exception as error:
                if tries:
                    self.pause.answered()
                failure = Failure(type(error).__name__, " ".join(str(error).split())[:500])
                return Outcome(unit, spec, None, failure, part, asked_s + part.asked_s)
            else:
                self.pause.finished()
                if tries:
                    self.pause.answered()
                return Outcome(unit, spec, dialogue, None, part, asked_s + part.asked_s)

    async def _ticks(self) -> None:
        """Tells how far the run is; ends a pause as soon as the one who tries has got a new answer."""
        while True:
            if self._trier is not None and self._trier.calls > self._trier.reused:
                self._trier = None
                self.pause.answered()
            self.tick()
            await asyncio.sleep(TICK_S)

    def _count(self, outcome: Outcome) -> None:
        self.asked_s += outcome.asked_s
        self.longest_s = max(self.longest_s, outcome.asked_s)
        self._most = max(self._most, outcome.cost.tokens)
        if outcome.failure is None:
            self.held, self._row = self.held + 1, 0
        else:
            self.failed, self._row = self.failed + 1, self._row + 1


def _asks(spec: DialogueSpec) -> bool:
    """Whether any model is asked for this dialogue."""
    coded = spec.words == "code" and spec.student == "knowledge"
    return not (coded and spec.tutor in ("socratic", "tell", "next-step"))
