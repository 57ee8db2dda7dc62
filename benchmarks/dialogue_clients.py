"""Clients that hold the same dialogues against a simulated server, one a process: ours and the plain ways to do it.

    python benchmarks/dialogue_clients.py ours|raw|lockstep|live URL DIALOGUES TURNS SLOTS

Prints one JSON object: wall and CPU seconds of holding the dialogues, calls, the longest dialogue's seconds of service,
the process's most memory in MB. `raw` and `lockstep` send prompts of the same length as ours, and do nothing else: no
checks, no journal, no state.
"""

import asyncio
import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

RULES = "A tutor and a student talk about one problem. You speak for one of them, as the last lines say. " * 4


def body(dialogue: int, call: int, talk: str) -> dict[str, Any]:
    messages = [
        {"role": "system", "content": RULES},
        {"role": "user", "content": f"The talk so far:\n{talk}\n\n---\nSay the next turn."},
    ]
    return {"model": "sim", "messages": messages, "temperature": 0.7, "max_tokens": 120, "seed": 1000 * dialogue + call}


async def raw(url: str, dialogues: int, turns: int, slots: int, *, lockstep: bool) -> dict[str, Any]:
    """Plain asyncio and aiohttp: every dialogue as it comes, or `slots` dialogues at a time turn by turn."""
    import aiohttp

    free = asyncio.Semaphore(slots)
    talks = [f"Problem {d}" for d in range(dialogues)]
    spent = [0.0] * dialogues
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=600)) as session:

        async def call(d: int, k: int) -> None:
            data = json.dumps(body(d, k, talks[d])).encode()
            async with free:
                began = time.perf_counter()
                async with session.post(f"{url}/chat/completions", data=data) as response:
                    reply = json.loads(await response.read())
                spent[d] += time.perf_counter() - began
            talks[d] += "\n" + reply["choices"][0]["message"]["content"]

        async def hold(d: int) -> None:
            for k in range(2 * turns):
                await call(d, k)

        wall, cpu = time.perf_counter(), time.process_time()
        if lockstep:
            for start in range(0, dialogues, slots):
                batch = range(start, min(start + slots, dialogues))
                for k in range(2 * turns):
                    await asyncio.gather(*(call(d, k) for d in batch))
        else:
            await asyncio.gather(*(hold(d) for d in range(dialogues)))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"wall_s": wall, "cpu_s": cpu, "calls": 2 * turns * dialogues, "longest_s": max(spent)}


def ours(url: str, dialogues: int, turns: int, slots: int, *, window: int | None = None) -> dict[str, Any]:
    """`classwright dialogue`: a model tutor and a model student, with guard, checks and journal."""
    from classwright.graphs import dialogue  # noqa: F401  (imports are not what is measured)
    from classwright.graphs.dialogue_plan import DialogueRequest
    from classwright.graphs.dialogues import start
    from classwright.runs.recipe import ModelSpec, ModelSpecs, Recipe

    spec = ModelSpec(base_url=(url,), model="sim", concurrency=slots, timeout_s=600)
    request = DialogueRequest(
        skills=("fractions.add_unlike", "equations.two_step"),
        n=dialogues,
        turns=turns,
        tutors=("model",),
        student="model",
    )
    marks: dict[str, tuple[float, float]] = {}

    def progress(label: str, done: int, total: int) -> None:
        marks.setdefault(label.split(" (")[0], (time.perf_counter(), time.process_time()))

    with tempfile.TemporaryDirectory() as root:
        summary = start(request, Recipe(models=ModelSpecs(default=spec)), window=window, root=root, progress=progress)
    (began, cpu), (ended, cpu_ended) = marks["dialogues"], marks["measuring"]
    return {
        "wall_s": ended - began,
        "cpu_s": cpu_ended - cpu,
        "calls": summary["calls"],
        "longest_s": summary["longest_s"],
        "said": summary["efficiency"],
        "failed": summary["failed"],
    }


def main() -> None:
    name, url, *numbers = sys.argv[1:]
    dialogues, turns, slots = map(int, numbers)
    if name == "ours":
        result = ours(url, dialogues, turns, slots)
    elif name == "live":
        result = ours(url, dialogues, turns, slots, window=dialogues)
    else:
        result = asyncio.run(raw(url, dialogues, turns, slots, lockstep=name == "lockstep"))
    result["rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(result))


if __name__ == "__main__":
    main()
