"""Evaluators asked in a fan-out with 40 % duplicates: how many reach the server, and how near the bound it ends.

    python benchmarks/fanout.py [--repeats 5] [--judgments 600] [--judges 3] [--slots 64]

A panel judges texts at temperature 0, in structured output; two texts of five stand there again under another key, as
the same passage in several plans does. Identical requests are sent once (`models/endpoint.py`), whether all are asked
at once or so many at a time (`--window`), yet every judgment has an entry of its own in the journal.
"""

import argparse
import asyncio
import json
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.sim_server import serve
from classwright.models.roles import open_models
from classwright.runs.journal import Journal, Key
from classwright.runs.recipe import ModelSpec, ModelSpecs, Recipe

SHARE = 0.4
SERVICE_S = 0.3


class Verdict(BaseModel):
    """A judgment."""

    score: int = Field(ge=1, le=5)


def service_s(body: dict[str, Any]) -> float:
    return SERVICE_S


def verdict(body: dict[str, Any]) -> dict[str, int]:
    """A score that depends on the text alone."""
    return {"score": random.Random(body["messages"][-1]["content"]).randint(1, 5)}


def texts(judgments: int, seed: int) -> list[str]:
    """Texts of which 40 % stand there before, in random order."""
    own = [
        f"Passage {i}: why one half and one third are not two fifths." for i in range(round((1 - SHARE) * judgments))
    ]
    rng = random.Random(seed)
    found = own + rng.choices(own, k=judgments - len(own))
    rng.shuffle(found)
    return found


async def judge(url: str, asked: list[str], judges: int, slots: int, window: int) -> dict[str, Any]:
    specs = tuple(
        ModelSpec(base_url=(url,), model=f"judge-{j}", concurrency=slots, temperature=0.0) for j in range(judges)
    )
    with tempfile.TemporaryDirectory() as folder, Journal.open(Path(folder) / "journal.jsonl") as journal:
        async with open_models(Recipe(models=ModelSpecs(default=specs[0], evaluators=specs)), journal) as models:
            places = asyncio.Semaphore(window)

            async def one(i: int, j: int) -> int:
                messages = [{"role": "system", "content": "Rate the passage from 1 to 5."},
                            {"role": "user", "content": asked[i]}]  # fmt: skip
                key = Key(f"{i:05d}", "evaluator", "rate", j)
                async with places:
                    return (await models.evaluators[j].structured(Verdict, messages, key=key)).score

            wall, cpu = time.perf_counter(), time.process_time()
            scores = await asyncio.gather(*(one(i, j) for i in range(len(asked)) for j in range(judges)))
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        entries = len(journal)
    assert entries == len(scores) == len(asked) * judges
    by_text = {text: scores[judges * i : judges * (i + 1)] for i, text in enumerate(asked)}
    assert all(by_text[text] == scores[judges * i : judges * (i + 1)] for i, text in enumerate(asked))
    return {"wall_s": wall, "cpu_ms": 1000 * cpu / len(scores)}


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--repeats", type=int, default=5)
    arguments.add_argument("--judgments", type=int, default=600)
    arguments.add_argument("--judges", type=int, default=3)
    arguments.add_argument("--slots", type=int, default=64)
    arguments.add_argument("--window", type=int, default=128)
    arguments.add_argument("--json", action="store_true")
    asked = arguments.parse_args()
    if not asked.json:
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {asked.judgments} texts x {asked.judges} "
              f"judges, {SHARE:.0%} duplicates, {asked.slots} slots; median of {asked.repeats}")  # fmt: skip
        print(f"{'asked':<14}{'judgments':>10}{'sent':>7}{'duplicates':>11}{'wall s':>8}{'bound s':>9}"
              f"{'efficiency':>11}{'CPU ms':>8}{'MB':>6}")  # fmt: skip
    rows = []
    for name, window in (("all at once", asked.judgments * asked.judges), (f"{asked.window} at a time", asked.window)):
        runs = []
        for seed in range(asked.repeats):
            passages = texts(asked.judgments, seed)
            different = len(set(passages)) * asked.judges
            with serve(asked.slots, service_s, verdict) as (url, served):
                found = asyncio.run(judge(url, passages, asked.judges, asked.slots, window))
                sent = served().requests
            bound = different * SERVICE_S / asked.slots
            runs.append(found | {"sent": sent, "twice": sent - different, "bound_s": bound,
                                 "efficiency": bound / found["wall_s"]})  # fmt: skip
        row = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        row |= {"asked": name, "most_twice": max(run["twice"] for run in runs),
                "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}  # fmt: skip
        rows.append(row)
        if not asked.json:
            print(f"{name:<14}{asked.judgments * asked.judges:>10}{row['sent']:>7.0f}{row['most_twice']:>11.0f}"
                  f"{row['wall_s']:>8.2f}{row['bound_s']:>9.2f}{row['efficiency']:>11.3f}{row['cpu_ms']:>8.2f}"
                  f"{row['rss_mb']:>6.0f}", flush=True)  # fmt: skip
    if asked.json:
        print(json.dumps(rows))


if __name__ == "__main__":
    main()
