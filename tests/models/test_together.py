import asyncio

import pytest

from classwright.errors import UnreachableError
from classwright.models.together import both, together


def test_the_others_end_before_an_error_is_raised():
    done = []

    async def good(n):
        await asyncio.sleep(0.01 * n)
        done.append(n)
        return n

    async def bad():
        raise ValueError("no")

    async def main():
        await together(good(2), bad(), good(1))

    with pytest.raises(ValueError, match="no"):
        asyncio.run(main())
    assert sorted(done) == [1, 2]


def test_results_keep_the_order_of_the_calls():
    async def after(seconds, value):
        await asyncio.sleep(seconds)
        return value

    async def main():
        return await together(after(0.02, "a"), after(0.0, "b"))

    assert asyncio.run(main()) == ["a", "b"]


def test_nothing_is_waited_for_when_an_endpoint_cannot_be_reached():
    ended = []

    async def waits():
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("waits")

    async def dead():
        raise UnreachableError("nobody there")

    async def main():
        await both(together(waits(), waits()), dead())

    with pytest.raises(UnreachableError, match="nobody there"):
        asyncio.run(asyncio.wait_for(main(), 5))
    assert ended == ["waits", "waits"]


def test_canceling_the_whole_cancels_every_part():
    ended = []

    async def waits(n):
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(n)

    async def main():
        whole = asyncio.ensure_future(together(waits(1), waits(2)))
        await asyncio.sleep(0.01)
        whole.cancel()
        with pytest.raises(asyncio.CancelledError):
            await whole
        await asyncio.sleep(0)

    asyncio.run(main())
    assert sorted(ended) == [1, 2]


def test_two_results_of_different_kinds():
    async def number():
        return 1

    async def word():
        return "one"

    async def nothing():
        return await together()

    async def main():
        return await both(number(), word()), await nothing()

    assert asyncio.run(main()) == ((1, "one"), [])
