"""Wait for several model calls at once without losing any."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def together(*work: Awaitable[T]) -> list[T]:
    """The results in order. Where one fails the others still end before the first error is raised.

    What is under way is paid for: canceled, or left alone as `asyncio.gather` does, it would miss the journal.
    """
    done = await asyncio.gather(*work, return_exceptions=True)
    for result in done:
        if isinstance(result, BaseException):
            raise result
    return list(done)  # pyright: ignore[reportReturnType]
