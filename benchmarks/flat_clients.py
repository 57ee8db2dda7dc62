"""Clients that send the same independent calls to a simulated server, one a process: ours and four others.

    PYTHON benchmarks/flat_clients.py ours|aiohttp|openai|langchain|inspect URL CALLS CONCURRENCY

Prints one JSON object: wall and CPU seconds of the calls, and the process's most memory in MB. `ours` is a chat with
its journal, seeds, checks and counts; the others do nothing with a reply but take its text. Each sends one call before
the clock starts, so that imports are not what is measured.
"""

import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

RULES = "You judge one turn of a tutor. Say in one sentence what it does for the student, and nothing else. " * 4
TALK = "Student: I added the tops and the bottoms. Tutor: What would one half and one half be, done like that? " * 8


def messages(i: int) -> list[dict[str, str]]:
    """About 400 tokens, as a short judgment has; the last line differs."""
    return [{"role": "system", "content": RULES}, {"role": "user", "content": f"{TALK}\nTurn number {i}."}]


Timed = tuple[float, float]


async def _timed(ask: Callable[[int], Awaitable[object]], calls: int) -> Timed:
    await ask(calls)
    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(ask(i) for i in range(calls)))
    return time.perf_counter() - wall, time.process_time() - cpu


async def ours(url: str, calls: int, concurrency: int) -> Timed:
    from classwright.models.roles import open_models
    from classwright.runs.journal import Journal, Key
    from classwright.runs.recipe import ModelSpec, ModelSpecs, Recipe

    recipe = Recipe(models=ModelSpecs(default=ModelSpec(base_url=(url,), model="sim", concurrency=concurrency)))
    with tempfile.TemporaryDirectory() as folder, Journal.open(Path(folder) / "journal.jsonl") as journal:
        async with open_models(recipe, journal) as models:
            chat = models.chat("default")

            async def ask(i: int) -> object:
                return await chat.text(messages(i), key=Key(f"{i:06d}", "bench", "flat"), max_tokens=120)

            return await _timed(ask, calls)


async def aiohttp_(url: str, calls: int, concurrency: int) -> Timed:
    import aiohttp

    free = asyncio.Semaphore(concurrency)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def ask(i: int) -> object:
            body = {"model": "sim", "messages": messages(i), "temperature": 0.7, "max_tokens": 120, "seed": i}
            async with free, session.post(f"{url}/chat/completions", data=json.dumps(body).encode()) as response:
                return json.loads(await response.read())["choices"][0]["message"]["content"]

        return await _timed(ask, calls)


async def openai_(url: str, calls: int, concurrency: int) -> Timed:
    from openai import AsyncOpenAI

    free = asyncio.Semaphore(concurrency)
    async with AsyncOpenAI(base_url=url, api_key="none", timeout=600) as client:

        async def ask(i: int) -> object:
            async with free:
                reply = await client.chat.completions.create(
                    model="sim", messages=messages(i), temperature=0.7, max_tokens=120, seed=i  # pyright: ignore
                )  # fmt: skip
            return reply.choices[0].message.content

        return await _timed(ask, calls)


async def langchain(url: str, calls: int, concurrency: int) -> Timed:
    from langchain_openai import ChatOpenAI  # pyright: ignore[reportMissingImports]

    model = ChatOpenAI(model="sim", base_url=url, api_key="none", temperature=0.7, max_tokens=120, timeout=600)
    batch = [[(m["role"], m["content"]) for m in messages(i)] for i in range(calls)]
    await model.ainvoke(batch[0])
    wall, cpu = time.perf_counter(), time.process_time()
    await model.abatch(batch, config={"max_concurrency": concurrency})
    return time.perf_counter() - wall, time.process_time() - cpu


async def inspect(url: str, calls: int, concurrency: int) -> Timed:
    os.environ |= {"INSPECT_DISPLAY": "none", "INSPECT_LOG_LEVEL": "error"}
    from inspect_ai.model import (  # pyright: ignore[reportMissingImports]
        ChatMessageSystem,
        ChatMessageUser,
        GenerateConfig,
        get_model,
    )

    config = GenerateConfig(max_connections=concurrency, timeout=600, temperature=0.7, max_tokens=120)
    async with get_model("openai/sim", base_url=url, api_key="none", responses_api=False, config=config) as model:

        async def ask(i: int) -> object:
            system, user = messages(i)
            said = [ChatMessageSystem(content=system["content"]), ChatMessageUser(content=user["content"])]
            return (await model.generate(said, config=GenerateConfig(seed=i))).completion

        return await _timed(ask, calls)


CLIENTS = {"ours": ours, "aiohttp": aiohttp_, "openai": openai_, "langchain": langchain, "inspect": inspect}
ELSEWHERE = ("langchain", "inspect")
"""Those that need a Python of their own."""


def main() -> None:
    name, url, calls, concurrency = sys.argv[1:]
    run: Callable[..., Timed] = asyncio.run
    if name == "ours":
        from classwright.models.loop import run  # the loop that jobs run in
    wall, cpu = run(CLIENTS[name](url, int(calls), int(concurrency)))
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"wall_s": wall, "cpu_s": cpu, "rss_mb": rss}))


if __name__ == "__main__":
    main()
