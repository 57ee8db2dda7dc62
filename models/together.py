"""Wait for several model calls at once without losing any."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from classwright.errors import UnreachableError

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")


async def together(*work: Awaitable[T]) -> list[T]:
    """The results in order. Where one fails the others still end before the first error is raised.

    What is under way is paid for: canceled, or left alone as `asyncio.gather` does, it would miss the journal. Only
    when an endpoint cannot be reached, which ends a run, nothing is waited for: every call would try in vain.
    """
    tasks = [asyncio.ensure_future(w) for w in work]
    if not tasks:
        return []
    try:
        ended, going_on = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        if any(isinstance(task.exception(), UnreachableError) for task in ended):
            for task in going_on:
                task.cancel()
        done = await asyncio.gather(*tasks, return_exceptions=True)
    except asyncio.CancelledError:  # unlike gather, wait leaves its tasks running
        for task in tasks:
            task.cancel()
        raise
    errors = [result for result in done if isinstance(result, BaseException)]
    if errors:
        raise next((e for e in errors if not isinstance(e, asyncio.CancelledError)), errors[0])
    return list(done)  # pyright: ignore[reportReturnType]


async def both(first: Awaitable[A], second: Awaitable[B]) -> tuple[A, B]:
    """Two results of different kinds; see `together`."""
    a, b = await together(first, second)  # pyright: ignore[reportArgumentType]
    return a, b  # pyright: ignore[reportReturnType]
