"""End to end against a real vLLM: tokens/s of bulk dialogues beside the server's own best batches; reuse of prompts.

    python benchmarks/end_to_end.py [--dialogues 200] [--repeats 3] [--slots 8] [--url URL --model NAME]

A server is started as `classwright serve` starts one (or `--url` names one that is idle); a model tutor and a model
student talk through guard, checks and journal. The bound: the same prompts, with replies of the same lengths, offered
at once at the batch size that is fastest here, without seeds. Reuse is what the server's counters say
(`vllm:prefix_cache_hits`), against the most that any order of these prompts and a cache without end could give. The
loss of makespan is that of our bound on live dialogues against all of them at once. Each measurement has a cache salt
of its own, so that none finds what another one left.
"""

import argparse
import asyncio
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import urlopen

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.reuse import block_size, counters, most_reusable

NAME = "end-to-end"
SETTLE_S = 1.0
"""A server's counters stand still after so long without a request, s."""
START_S = 600.0


class Asked(NamedTuple):
    """A request that a run made, and the tokens of its prompt and of its reply."""

    body: dict[str, Any]
    prompt: int
    out: int


class Measured(NamedTuple):
    """What one way of offering requests came to; seconds are of the clock, `cpu_s` those of this process."""

    wall_s: float
    cpu_s: float
    calls: int
    prompt: int
    out: int
    queried: float
    hit: float


def metrics_of(url: str) -> str:
    with urlopen(f"{url.removesuffix('/v1')}/metrics", timeout=30) as response:
        return response.read().decode()


@contextmanager
def server(asked: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """The address of a server and its model's name; one of ours ends with the measurement."""
    if asked.url:
        yield asked.url, asked.model
        return
    from classwright.distill.base import trainable
    from classwright.models import serve
    from classwright.models.serve_install import installed
    from classwright.models.serve_plan import Wish, plan
    from classwright.models.serve_state import changing

    environment = installed()
    more = ("--max-num-seqs", str(asked.slots))
    wish = Wish(NAME, trainable(asked.model).resolve(), share=asked.memory_share, max_length=2048, more=more)

    def start() -> Any:
        with changing():
            return serve.launch(plan(wish, environment.build), environment.python, left=False)

    with serve.kept(NAME, start, left=False) as hold:
        ready = serve.wait_until_healthy(hold.server, hold.process, START_S)
        hold.announced = True  # Ctrl-C ends the measurement; what is there is printed
        print(f"vLLM {environment.version} ({environment.build} build) serves {asked.model}")
        yield ready.url, ready.model


def dialogues(
    url: str, model: str, asked: argparse.Namespace, n: int, seed: int, salt: str, window: int | None
) -> tuple[Measured, list[Asked]]:
    """Hold n dialogues; also the requests that were made, in the order in which they were answered."""
    from classwright.graphs.dialogue_plan import DialogueRequest
    from classwright.graphs.dialogues import start
    from classwright.runs.journal import Journal
    from classwright.runs.recipe import ModelSpec, ModelSpecs, Recipe

    spec = ModelSpec(base_url=(url,), model=model, concurrency=asked.slots, max_tokens=asked.max_tokens, timeout_s=600,
                     extra_body={"cache_salt": salt})  # fmt: skip
    request = DialogueRequest(skills=("fractions.add_unlike", "equations.two_step"), n=n, seed=seed,
                              turns=asked.turns, tutors=("model",), student="model")  # fmt: skip
    marks: dict[str, tuple[float, float]] = {}

    def progress(label: str, done: int, total: int) -> None:
        marks.setdefault(label.split(" (")[0], (time.perf_counter(), time.process_time()))

    queried, hit = counters(metrics_of(url))
    with tempfile.TemporaryDirectory() as root:
        told = start(request, Recipe(models=ModelSpecs(default=spec)), window=window, root=root, progress=progress)
        with Journal.open(Path(told["run"]) / "journal.jsonl", "replay") as journal:
            entries = [(e.extra["request"], e.reply["raw"]["usage"]) for e in journal.entries() if "request" in e.extra]
    if told["failed"] or told["retries"]:
        raise SystemExit(f"{told['failed']} dialogues failed, {told['retries']} requests were repeated")
    time.sleep(SETTLE_S)
    queried, hit = (now - then for now, then in zip(counters(metrics_of(url)), (queried, hit), strict=True))
    (began, cpu), (ended, cpu_ended) = marks["dialogues"], marks["measuring"]
    calls = [Asked(body, usage["prompt_tokens"], usage["completion_tokens"]) for body, usage in entries]
    prompt, out = (sum(column) for column in zip(*((c.prompt, c.out) for c in calls), strict=True))
    return Measured(ended - began, cpu_ended - cpu, len(calls), prompt, out, queried, hit), calls


async def batch(url: str, calls: Sequence[Asked], at_once: int, salt: str) -> Measured:
    """Offer requests as fast as the server takes them, so many at a time, with replies as long as they were."""
    import aiohttp

    free = asyncio.Semaphore(at_once)
    out = [0] * len(calls)
    connector, limit = aiohttp.TCPConnector(limit=0), aiohttp.ClientTimeout(total=3600)
    queried, hit = counters(metrics_of(url))
    async with aiohttp.ClientSession(connector=connector, timeout=limit) as session:

        async def call(number: int, asked: Asked) -> None:
            kept = {key: asked.body[key] for key in ("model", "messages", "temperature")}
            length = {"max_tokens": asked.out, "min_tokens": asked.out, "ignore_eos": True, "cache_salt": salt}
            async with free, session.post(f"{url}/chat/completions", json=kept | length) as response:
                response.raise_for_status()
                out[number] = (await response.json())["usage"]["completion_tokens"]

        wall, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*(call(number, asked) for number, asked in enumerate(calls)))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert out == [asked.out for asked in calls]
    await asyncio.sleep(SETTLE_S)
    queried, hit = (now - then for now, then in zip(counters(metrics_of(url)), (queried, hit), strict=True))
    return Measured(wall, cpu, len(calls), sum(c.prompt for c in calls), sum(out), queried, hit)


async def tokenized(url: str, calls: Sequence[Asked]) -> list[list[int]]:
    """The tokens of prompts, by the server's own tokenizer and chat template."""
    import aiohttp

    free = asyncio.Semaphore(8)
    async with aiohttp.ClientSession() as session:

        async def one(asked: Asked) -> list[int]:
            body = {key: asked.body[key] for key in ("model", "messages")}
            async with free, session.post(f"{url.removesuffix('/v1')}/tokenize", json=body) as response:
                response.raise_for_status()
                tokens = (await response.json())["tokens"]
            assert len(tokens) == asked.prompt, (len(tokens), asked.prompt)
            return tokens

        return await asyncio.gather(*map(one, calls))


def best_batch(url: str, calls: Sequence[Asked], sizes: Sequence[int]) -> int:
    """The batch size at which the server writes most tokens a second."""
    speeds = {}
    for size in sizes:
        found = asyncio.run(batch(url, calls, size, f"{time.time_ns()}"))
        speeds[size] = found.out / found.wall_s
        print(f"{len(calls)} requests, {size:>3} at once: {speeds[size]:.1f} tokens/s", flush=True)
    return max(speeds, key=lambda size: speeds[size])


def figures(found: Measured, best: Measured, most: int) -> tuple[float, ...]:
    """What is printed of one measurement."""
    speed = found.out / found.wall_s
    return (found.wall_s, found.calls, speed, found.prompt / found.wall_s, speed / (best.out / best.wall_s),
            1000 * found.cpu_s / found.calls, found.hit / found.prompt, found.hit / most if most else 1.0)  # fmt: skip


def main(words: Sequence[str] | None = None) -> list[dict[str, tuple[float, ...]]]:
    """Measure and print; returns the figures of each repeat, for tests."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--repeats", type=int, default=3)
    arguments.add_argument("--dialogues", type=int, default=200)
    arguments.add_argument("--turns", type=int, default=2)
    arguments.add_argument("--max-tokens", type=int, default=32, help="longest turn")
    arguments.add_argument("--slots", type=int, default=8, help="requests that the server computes at a time")
    arguments.add_argument("--batches", default="4,8,16,32", help="batch sizes that are tried for the bound")
    arguments.add_argument("--sample", type=int, default=64, help="requests that they are tried with")
    arguments.add_argument("--memory-share", type=float, help="as of `classwright serve`")
    arguments.add_argument("--skip-all-live", action="store_true")
    arguments.add_argument("--url", help="a server that runs, in place of one of its own")
    arguments.add_argument("--model", default="smollm2", help="with --url, the model's name there")
    asked = arguments.parse_args(words)
    rows: list[dict[str, tuple[float, ...]]] = []
    size = block = 0
    with server(asked) as (url, model):
        block, n = block_size(metrics_of(url)), asked.dialogues
        dialogues(url, model, asked, 2, asked.repeats, "warm-up", None)
        for seed in range(asked.repeats):
            salt = f"{time.time_ns()}"
            run, calls = dialogues(url, model, asked, n, seed, f"{salt}-run", None)
            size = size or best_batch(url, calls[: asked.sample], [int(n) for n in asked.batches.split(",")])
            best = asyncio.run(batch(url, calls, size, f"{salt}-batch"))
            most = most_reusable(asyncio.run(tokenized(url, calls)), block)
            row = {f"batches of {size}": figures(best, best, most), "our window": figures(run, best, most)}
            if not asked.skip_all_live:
                everyone, theirs = dialogues(url, model, asked, n, seed, f"{salt}-all", n)
                most = most_reusable(asyncio.run(tokenized(url, theirs)), block)
                row["all live"] = figures(everyone, best, most)
            if run.queried != run.prompt:
                print(f"the server looked up {run.queried:.0f} tokens, not {run.prompt}: it has other work")
            rows.append(row)
            print(json.dumps({"repeat": seed, **{name: [round(v, 3) for v in row[name]] for name in row}}), flush=True)
    if rows:
        report(rows, asked, block)
    return rows


def report(rows: Sequence[dict[str, tuple[float, ...]]], asked: argparse.Namespace, block: int) -> None:
    """Print medians, with the least and the most where they say how far to trust them."""
    print(f"{asked.dialogues} dialogues of {asked.turns} turns each, replies of at most {asked.max_tokens} tokens, "
          f"{asked.slots} places, blocks of {block} tokens, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; "
          f"median of {len(rows)}")  # fmt: skip
    print(f"{'':<15}{'wall s':>8}{'calls':>7}{'tokens/s':>10}{'prompt/s':>10}{'of the bound':>22}{'CPU ms/call':>13}"
          f"{'hit rate':>10}{'of the best':>13}")  # fmt: skip
    for name in rows[0]:
        of = [row[name] for row in rows]
        wall, calls, speed, read, near, cpu, hits, reuse = (statistics.median(c) for c in zip(*of, strict=True))
        spread = f"{near:.3f} [{min(r[4] for r in of):.2f}, {max(r[4] for r in of):.2f}]"
        print(f"{name:<15}{wall:>8.1f}{calls:>7.0f}{speed:>10.1f}{read:>10.0f}{spread:>22}{cpu:>13.2f}{hits:>10.3f}"
              f"{reuse:>13.3f}")  # fmt: skip
    if "all live" in rows[0]:
        # The seconds of a token, as no two runs say quite the same.
        losses = [row["all live"][2] / row["our window"][2] - 1 for row in rows]
        print(f"makespan loss of our window against all live: {statistics.median(losses):.1%}")
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
