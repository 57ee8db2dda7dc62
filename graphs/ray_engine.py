"""Has the units of a run done on a Ray cluster: gives them to the least busy worker, and takes over from dead ones.

A unit stays with its worker, whose journal holds its replies. Where a worker dies, its shard is read and its units go
on elsewhere with the replies that it had stored, so that nothing is asked twice but what was on its way.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from classwright.errors import ClasswrightError, InputError, JournalError, UnreachableError
from classwright.graphs.engine import Do, Engine, Work
from classwright.graphs.ray_connect import connected, silenced
from classwright.graphs.ray_worker import Done, Worker
from classwright.models.roles import Models
from classwright.runs.progress import Progress
from classwright.runs.run import Run
from classwright.runs.shards import Handed, handed_by_unit, left_by, shard_folder

DEATHS = 3
"""Workers that one unit may see die."""
START_S = 300.0
"""Longest time until a worker is ready, s: a cluster may start a machine for it."""
CLOSE_S = 10.0
"""Longest time for a worker to end, s."""
AT_ONCE = 10_000
"""Units that one worker may have at a time; the scheduler gives out far fewer."""
SHARED = "embeddings"
"""Entries of the journal under this name belong to no unit (`models/embeddings.py`)."""


@asynccontextmanager
async def open_cluster(
    run: Run, models: Models, do: Do, engine: Engine, progress: Progress
) -> AsyncIterator[tuple[Work, int]]:
    """Workers that do units, and how many; leaving ends them and merges their shards into the run.

    After an error the shards stay, and whoever opens the run next merges them.

    Raises:
        InputError: As `sharded.workplace`.
        ClasswrightError: No worker becomes ready.
    """
    with connected(engine) as cpus, silenced():
        workers = engine.workers or int(cpus)
        if workers > cpus:
            raise InputError(
                f"--workers {workers}: the cluster has {cpus:g} CPUs and a worker needs one; ask for fewer"
            )
        cluster = _Cluster(run, models, do, workers)
        progress(f"starting {workers} workers", 0, 0)
        try:
            await cluster.start()
            yield cluster.work, workers
        finally:
            await cluster.close()
    run.merge_shards()


@dataclass(eq=False)
class _Hand:
    """A worker as its employer sees it."""

    number: int
    actor: Any
    busy: int = 0
    ready: bool = False
    burial: "asyncio.Task[None] | None" = None


class _Cluster:
    def __init__(self, run: Run, models: Models, do: Do, workers: int) -> None:
        self._run, self._models, self._do, self._workers = run, models, do, workers
        self._hands: list[_Hand] = []
        self._homes: dict[str, _Hand] = {}
        self._handed: dict[str, Handed] = {}
        self._numbers = 0
        self._news = asyncio.Event()
        self._failure = UnreachableError("all workers are gone")
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Start the workers; returns when one is ready."""
        if len(self._run.journal):
            self._handed = handed_by_unit(self._run.journal.entries(), lambda unit: not self._run.has_result(unit))
        self._shared = self._handed.pop(SHARED, {})
        for _ in range(self._workers):
            self._hire()
        await self._pick("")

    def _hire(self) -> None:
        import ray

        number, self._numbers = self._numbers, self._numbers + 1
        needs: dict[str, Any] = {"num_cpus": 1, "max_concurrency": AT_ONCE, "scheduling_strategy": "SPREAD"}
        kind: Any = ray.remote(**needs)(Worker)
        hand = _Hand(number, kind.remote(str(self._run.path.resolve()), number, self._workers, self._do))
        self._hands.append(hand)
        self._begin(self._welcome(hand))

    def _begin(self, what: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(what)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _welcome(self, hand: _Hand) -> None:
        from ray.exceptions import RayError

        try:
            done: Done = await asyncio.wait_for(_ref(hand.actor.open.remote(self._shared)), START_S)
            if done.error is not None:
                raise done.error
            hand.ready = True
        except (RayError, TimeoutError) as error:
            self._hands.remove(hand)
            told = str(error).strip().splitlines()
            self._failure = UnreachableError(f"worker {hand.number} did not start: {told[0] if told else 'too slow'}")
        except ClasswrightError as error:
            self._hands.remove(hand)
            self._failure = error
        finally:
            asyncio.get_running_loop().call_soon(self._news.set)  # when this task is no longer among those under way

    async def _pick(self, name: str) -> _Hand:
        """The worker that a unit belongs to, else the least busy one.

        Raises:
            UnreachableError: There is none, and one that was started now did not become ready.
            ClasswrightError: What kept it from getting ready.
        """
        if not self._hands and not self._tasks:
            self._hire()
        while True:
            home = self._homes.get(name)
            if home is not None and home in self._hands:
                return home
            ready = [hand for hand in self._hands if hand.ready]
            if ready:
                return min(ready, key=lambda hand: hand.busy)
            if not self._hands and not self._tasks:
                raise self._failure
            self._news.clear()
            await self._news.wait()

    async def work(self, name: str, unit: Any) -> Any:
        """Have a unit done; see `engine.Work`.

        Raises:
            ClasswrightError: `DEATHS` workers died over it.
            JournalError: A worker that is cut off cannot be ended.
            Whatever doing it raises.
        """
        from ray.exceptions import RayActorError

        for _ in range(DEATHS):
            hand = await self._pick(name)
            self._homes[name] = hand
            hand.busy += 1
            try:
                done: Done = await _ref(hand.actor.work.remote(unit, self._handed.get(name, {})))
            except RayActorError:
                await self._bury(hand)
                continue
            finally:
                hand.busy -= 1
            meter = self._models.meter
            meter.add_part(done.part)
            meter.retries += done.retries
            meter.errors += done.errors
            if done.error is not None:
                raise done.error
            self._homes.pop(name, None)
            self._handed.pop(name, None)
            return done.result
        raise ClasswrightError(f"{DEATHS} workers died over it, one after the other")

    async def _bury(self, hand: _Hand) -> None:
        """Read what a dead worker left, once, and start another one."""
        if hand.burial is None:
            hand.burial = self._begin(self._inherit(hand))
        await asyncio.shield(hand.burial)

    async def _inherit(self, hand: _Hand) -> None:
        import ray

        hand.ready = False
        self._hands.remove(hand)
        with contextlib.suppress(Exception):
            ray.kill(hand.actor, no_restart=True)
        mine = {name for name, home in self._homes.items() if home is hand}
        folder = shard_folder(self._run.path, hand.number)
        try:
            left = await asyncio.to_thread(left_by, folder, mine.__contains__)
        except ClasswrightError as error:
            raise JournalError(f"{folder}: its worker does not answer and cannot be ended: {error}") from error
        for name, entries in left.items():
            self._handed[name] = self._handed.get(name, {}) | entries
        for name in mine:
            del self._homes[name]
        self._hire()

    async def close(self) -> None:
        """End all workers; what they have on its way to the disk arrives."""
        import ray

        for task in list(self._tasks):
            task.cancel()
        ends = [asyncio.create_task(_ref(hand.actor.close.remote())) for hand in self._hands if hand.ready]
        if ends:
            await asyncio.wait(ends, timeout=CLOSE_S)
        for end in ends:
            end.cancel()
        await asyncio.gather(*ends, return_exceptions=True)
        for hand in self._hands:
            with contextlib.suppress(Exception):
                ray.kill(hand.actor, no_restart=True)


async def _ref(ref: Any) -> Any:
    """A Ray reference as a coroutine."""
    return await ref
