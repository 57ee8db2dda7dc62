import asyncio

from classwright.models.places import Places, urgent


async def ask(places: Places, name: str, done: list[str], seconds: float = 0.0) -> None:
    async with places:
        await asyncio.sleep(seconds)
        done.append(name)


async def test_the_urgent_go_first_then_who_came_first():
    places, done = Places(1), []
    first = asyncio.create_task(ask(places, "first", done, 0.01))
    await asyncio.sleep(0)
    waiting = [asyncio.create_task(ask(places, name, done)) for name in ("a", "b")]
    with urgent():
        waiting += [asyncio.create_task(ask(places, name, done)) for name in ("urgent 1", "urgent 2")]
    await asyncio.gather(first, *waiting)
    assert done == ["first", "urgent 1", "urgent 2", "a", "b"]


async def test_no_more_are_let_in_than_there_are_places():
    places, now, most = Places(3), 0, 0

    async def one() -> None:
        nonlocal now, most
        async with places:
            now += 1
            most = max(most, now)
            await asyncio.sleep(0.001)
            now -= 1

    await asyncio.gather(*(one() for _ in range(20)))
    assert most == 3


async def test_a_canceled_request_gives_its_place_back():
    places, done = Places(1), []
    holder = asyncio.create_task(ask(places, "holder", done, 0.01))
    await asyncio.sleep(0)
    waiting, given = (asyncio.create_task(ask(places, name, done)) for name in ("waiting", "given"))
    await asyncio.sleep(0)
    waiting.cancel()
    await holder
    given.cancel()  # it has been handed the place, but did not run yet
    await asyncio.gather(waiting, given, return_exceptions=True)
    await asyncio.wait_for(ask(places, "later", done), 1)
    assert done == ["holder", "later"]
