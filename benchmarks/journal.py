"""The journal: how fast it appends, how its bytes grow, and how soon a run of 10 000 dialogues goes on.

    python benchmarks/journal.py [--repeats 5] [--entries 20000] [--dialogues 10000] [--replies 8]

Append: many at a time, as live dialogues do, against the same bytes written and synced by a bare file in equally large
batches. Bytes: of the file, by those of the payload (the request and the reply as JSON). Resume: a run of which all
dialogues but one are finished, from opening it until its first new request.
"""

import argparse
import asyncio
import contextlib
import json
import multiprocessing
import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from classwright.errors import JournalError
from classwright.models.scripted import ScriptedModel
from classwright.runs.journal import Journal, Key
from classwright.runs.lines import Lines

AT_ONCE = 256


def entry(i: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A request of about 400 tokens and its reply, as large as those of a dialogue."""
    talk = f"Student {i}: I added the tops and the bottoms. Tutor: What would one half and one half be? " * 16
    messages = [{"role": "system", "content": "You are the tutor." * 12}, {"role": "user", "content": talk}]
    request = {"model": "sim", "messages": messages, "temperature": 0.7, "max_tokens": 120, "seed": i}
    said = {"role": "assistant", "content": "Look at your picture again: how large is each piece? " * 3}
    raw = {"id": f"chat-{i}", "object": "chat.completion", "created": 0, "model": "sim",
           "choices": [{"index": 0, "message": said, "finish_reason": "stop"}],
           "usage": {"prompt_tokens": 400, "completion_tokens": 40, "total_tokens": 440}}  # fmt: skip
    return request, raw


async def append(path: Path, entries: int) -> dict[str, float]:
    prepared = [entry(i) for i in range(entries)]
    payload = sum(len(json.dumps(part, ensure_ascii=False)) for pair in prepared for part in pair)
    numbers = iter(range(entries))
    with Journal.open(path) as journal:

        async def live() -> None:
            for i in numbers:
                request, raw = prepared[i]
                await journal.append(Key(f"{i:06d}", "tutor", "turn"), "0" * 64, {"raw": raw, "latency_s": 0.5},
                                     request=request, role="tutor")  # fmt: skip

        wall, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*(live() for _ in range(AT_ONCE)))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"wall_s": wall, "cpu_ms": 1000 * cpu / entries, "payload": payload} | bare(path, entries)


def bare(path: Path, entries: int) -> dict[str, float]:
    """The same bytes written and synced in as many batches as there are rounds of live appends."""
    stored = path.read_bytes()
    batch = max(1, len(stored) // (entries // AT_ONCE + 1))
    began = time.perf_counter()
    with open(path.with_suffix(".bare"), "wb", buffering=0) as file:
        for start in range(0, len(stored), batch):
            file.write(stored[start : start + batch])
            os.fsync(file.fileno())
    return {"bound_s": time.perf_counter() - began, "bytes": len(stored)}


def unfinished_run(root: Path, dialogues: int, replies: int) -> Path:
    """A run whose dialogues are all finished but the last, every one a copy of one that was held."""
    from classwright.graphs.dialogue_plan import DialogueRequest
    from classwright.graphs.dialogues import start
    from classwright.runs.recipe import Recipe
    from tests.graphs.scripted_talk import talk

    def request(n: int) -> DialogueRequest:
        return DialogueRequest(skills=("fractions.add_unlike",), n=n, seed=5, students=4)

    def stop(body: dict[str, Any]) -> Exception:
        return JournalError("stopped here")

    held = Path(start(request(1), Recipe(), root=root / "one", progress=_quiet, endpoint=ScriptedModel(talk))["run"])
    result = json.loads((held / "results.jsonl").read_text().splitlines()[0])["result"]
    with contextlib.suppress(JournalError):
        start(request(dialogues), Recipe(), root=root / "many", progress=_quiet, endpoint=ScriptedModel(stop))
    [run] = (root / "many").iterdir()
    journal, results = (Lines(run / name, "append", lambda line: None) for name in ("journal.jsonl", "results.jsonl"))
    for d in range(dialogues - 1):
        unit = f"{d:06d}-socratic"
        results.put({"unit": unit, "result": result | {"dialogue": result["dialogue"] | {"id": unit}}})
        for k in range(replies):
            asked, raw = entry(replies * d + k)
            journal.put({"key": f"{unit}/tutor/turn/{k}", "hash": "0" * 64, "reply": {"raw": raw, "latency_s": 0.5},
                         "request": asked, "role": "tutor", "at": "2026-01-01T00:00:00.000+00:00"})  # fmt: skip
    journal.close()
    results.close()
    return run


def resume(run: Path) -> dict[str, float]:
    from classwright.graphs import dialogue  # noqa: F401  (imports are not what is measured)
    from classwright.graphs.dialogues import resume as go_on

    asked: list[float] = []

    def first(body: dict[str, Any]) -> Exception:
        asked.append(time.perf_counter())
        return JournalError("the first new request")

    began, cpu = time.perf_counter(), time.process_time()
    with contextlib.suppress(JournalError):
        go_on(run, replay=False, progress=_quiet, endpoint=ScriptedModel(first))
    return {"wall_s": asked[0] - began, "cpu_s": time.process_time() - cpu,
            "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}  # fmt: skip


def _quiet(label: str, done: int, total: int) -> None:
    """Says nothing."""


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--repeats", type=int, default=5)
    arguments.add_argument("--entries", type=int, default=20_000)
    arguments.add_argument("--dialogues", type=int, default=10_000)
    arguments.add_argument("--replies", type=int, default=8)
    asked = arguments.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; median of {asked.repeats}")
    print(f"{'entries':>8}{'wall s':>8}{'bound s':>9}{'bound/wall':>11}{'CPU ms/entry':>14}{'MB':>7}"
          f"{'bytes/payload':>15}{'bytes/entry':>13}")  # fmt: skip
    for entries in (asked.entries // 4, asked.entries // 2, asked.entries):
        runs = []
        for _ in range(asked.repeats):
            with tempfile.TemporaryDirectory() as folder:
                runs.append(asyncio.run(append(Path(folder) / "journal.jsonl", entries)))
        row = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        print(f"{entries:>8}{row['wall_s']:>8.2f}{row['bound_s']:>9.2f}{row['bound_s'] / row['wall_s']:>11.2f}"
              f"{row['cpu_ms']:>14.3f}{row['bytes'] / 1e6:>7.1f}{row['bytes'] / row['payload']:>15.3f}"
              f"{row['bytes'] / entries:>13.0f}", flush=True)  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        run = unfinished_run(Path(folder), asked.dialogues, asked.replies)
        # A process of its own each time, whose memory is that of a resume; the first one fills the disk's cache.
        with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
            runs = [pool.apply(resume, (run,)) for _ in range(asked.repeats + 1)][1:]
        size = (run / "journal.jsonl").stat().st_size / 1e6
    walls = sorted(r["wall_s"] for r in runs)
    entries = (asked.dialogues - 1) * asked.replies
    print(f"resume of {asked.dialogues} dialogues with {entries} replies ({size:.0f} MB): "
          f"{statistics.median(walls):.2f} s [{walls[0]:.2f}, {walls[-1]:.2f}] to the first new request, "
          f"CPU {1e6 * statistics.median(r['cpu_s'] for r in runs) / entries:.0f} us a reply, "
          f"{max(r['rss_mb'] for r in runs):.0f} MB")  # fmt: skip


if __name__ == "__main__":
    main()
