"""Places at an endpoint: at most so many requests at a time, the urgent ones first."""

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from heapq import heappop, heappush
from typing import TypeVar

T = TypeVar("T")
MOMENT = 0.01
"""Seconds; what is urgent is asked within a few turns of the event loop."""

_urgent: ContextVar[bool] = ContextVar("urgent", default=False)


@contextmanager
def urgent() -> Iterator[None]:
    """What is asked for inside goes before everything else that waits for a place.

    For the calls that a run's later calls depend on: with those at the end of the line, places stand empty later.
    """
    token = _urgent.set(True)
    try:
        yield
    finally:
        _urgent.reset(token)


async def after_urgent(work: Awaitable[T]) -> T:
    """The result of work that starts a moment later, when the urgent calls begun beside it stand in line.

    Whoever comes to free places first gets them, and a call that many functions lie before comes last.
    """
    try:
        await asyncio.sleep(MOMENT)
    except asyncio.CancelledError:
        if asyncio.iscoroutine(work):
            work.close()
        raise
    return await work


class Places:
    """A semaphore of `n` places that go to who is urgent, then to who came first.

    Example:
        async with places:
            ...
    """

    def __init__(self, n: int) -> None:
        self._free = n
        self._waiting: list[tuple[bool, int, asyncio.Future[None]]] = []
        self._came = 0

    async def __aenter__(self) -> None:
        if self._free:
            self._free -= 1
            return
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._came += 1
        heappush(self._waiting, (not _urgent.get(), self._came, place))
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():  # it was given the place and cannot take it any more
                self._hand_on()
            raise

    async def __aexit__(self, *_: object) -> None:
        self._hand_on()

    def _hand_on(self) -> None:
        while self._waiting:
            *_, place = heappop(self._waiting)
            if not place.done():
                place.set_result(None)
                return
        self._free += 1
