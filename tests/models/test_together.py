import asyncio

import pytest

from classwright.models.together import together


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
