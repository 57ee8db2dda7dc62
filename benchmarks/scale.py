"""How many dialogues a fleet of servers holds: throughput, prefix-cache hits and tail, simulated.

    python benchmarks/scale.py [--repeats 5] [--tables servers,window,lengths,shards] [--quick]

Everything here is simulated (`fleet.py`); no server was measured. A server is one GPU by its roofline: a decoding step
reads the weights and every sequence's keys and values at a share of the memory's bandwidth, reading a prompt takes two
floating-point operations a parameter and token at a share of the peak. The defaults are the data sheet of an H100 SXM
(3.35 TB/s, 989 TFLOPS bf16, 80 GB) and a model of 7.6 billion parameters with 28 layers of 4 key-value heads of 128
(Qwen2.5-7B). Dialogues alternate between a tutor's and a student's prompt, each of which grows by the turns.
"""

import argparse
import math
import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.fleet import BLOCK, Call, Dialogue, Outcome, ServerSpec, quantile, simulate

CONTEXT = 400
"""Tokens that a sequence has in the cache while it is decoded, mean: for the time that reading them takes."""


@dataclass(frozen=True)
class Gpu:
    """A data sheet, and what share of it is reached (vLLM's order of magnitude)."""

    bandwidth: float = 3.35e12
    flops: float = 989e12
    memory: float = 80e9
    bandwidth_share: float = 0.6
    flops_share: float = 0.4
    memory_share: float = 0.9


@dataclass(frozen=True)
class Llm:
    """A model in bf16."""

    parameters: float = 7.6e9
    layers: int = 28
    kv_heads: int = 4
    head: int = 128
    other_bytes: float = 4e9

    @property
    def kv_bytes(self) -> float:
        """Bytes of a token's keys and values."""
        return 2 * 2 * self.layers * self.kv_heads * self.head


def server(gpu: Gpu, llm: Llm, slots: int) -> ServerSpec:
    """The server that a model on a GPU makes, by its roofline."""
    read = gpu.bandwidth * gpu.bandwidth_share
    compute = 2 * llm.parameters / (gpu.flops * gpu.flops_share)
    room = gpu.memory * gpu.memory_share - 2 * llm.parameters - llm.other_bytes
    return ServerSpec(
        slots=slots,
        step_s=2 * llm.parameters / read,
        sequence_s=CONTEXT * llm.kv_bytes / read + compute,
        prefill_per_s=1 / compute,
        cache_blocks=int(room / llm.kv_bytes / BLOCK),
    )


@dataclass(frozen=True)
class Lengths:
    """How long dialogues and turns are, in tokens.

    Attributes:
        rules: The system message of a role, alike in all dialogues.
        problem: What opens a dialogue: problem, student.
        tail: The end of a prompt, new in every call.
        turns: Mean of the tutor's turns; a call of the student follows each.
        out: Mean of a reply.
        sigma: Of the logarithm of replies and turns; 0: all alike.
    """

    rules: int = 120
    problem: int = 60
    tail: int = 60
    turns: float = 8
    out: float = 60
    sigma: float = 0.8


def dialogues(n: int, lengths: Lengths, seed: int) -> list[Dialogue]:
    """Calls of `n` dialogues whose prompts grow by their turns."""
    rng, fresh = random.Random(seed), count(1 << 62)

    def drawn(mean: float) -> int:
        factor = rng.lognormvariate(-(lengths.sigma**2) / 2, lengths.sigma) if lengths.sigma else 1.0
        return max(1, round(mean * factor))

    found: list[Dialogue] = []
    for number in range(n):
        history, calls = 0, []
        for k in range(2 * min(40, drawn(lengths.turns))):
            role, out = k % 2, drawn(lengths.out)
            lasting = lengths.rules + lengths.problem + history
            tokens = lasting + lengths.tail
            blocks = tuple(
                -(role << 20 | i) - 1 if BLOCK * (i + 1) <= lengths.rules
                else (2 * number + role) << 24 | i if BLOCK * (i + 1) <= lasting
                else next(fresh)
                for i in range(math.ceil(tokens / BLOCK))
            )  # fmt: skip
            start = blake2b(f"{role} {number}".encode(), digest_size=8).digest()
            calls.append(Call(blocks, tokens, out, start))
            history += out
        found.append(calls)
    return found


@dataclass(frozen=True)
class Setting:
    """One row: a fleet, its clients and what it is asked."""

    servers: int = 4
    window: float = 2.0
    route: str = "affinity"
    shards: int = 1
    lengths: Lengths = Lengths()


Row = tuple[str, Setting]


def tables(most_servers: int) -> dict[str, list[Row]]:
    """The rows of each table."""
    sizes = [n for n in (1, 2, 4, 8, 16, 32) if n <= most_servers]
    few = min(4, most_servers)
    return {
        "servers": [(f"{n} servers", Setting(servers=n)) for n in sizes]
        + [(f"{few} servers, {r}", Setting(servers=few, route=r)) for r in ("least", "random")],
        "window": [(f"window {w:g} x places", Setting(servers=few, window=w)) for w in (1, 1.5, 2, 4, 8)],
        "lengths": [
            (name, Setting(servers=few, lengths=lengths))
            for name, lengths in {
                "all alike": Lengths(sigma=0), "lognormal 0.4": Lengths(sigma=0.4), "lognormal 0.8": Lengths(),
                "lognormal 1.2": Lengths(sigma=1.2), "16 turns": Lengths(turns=16), "replies of 180": Lengths(out=180),
                "rules of 600": Lengths(rules=600),
            }.items()
        ],
        "shards": [(f"{s} workers", Setting(servers=few, shards=s)) for s in (1, 2, 8, 32)],
    }  # fmt: skip


def run(setting: Setting, spec: ServerSpec, rounds: float, seed: int) -> tuple[Outcome, int]:
    """Simulate one row; returns what came out and the number of dialogues."""
    places = setting.servers * spec.slots
    held = dialogues(round(rounds * places), setting.lengths, seed)
    window = max(setting.shards, round(setting.window * places))
    found = simulate(held, setting.servers, spec, window=window, places=places, route=setting.route,
                     shards=setting.shards, seed=seed)  # fmt: skip
    assert found.calls == sum(map(len, held))
    assert found.makespan_s >= found.bound_s
    return found, len(held)


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--repeats", type=int, default=5)
    arguments.add_argument("--slots", type=int, default=256, help="sequences that a server decodes at a time")
    arguments.add_argument("--rounds", type=float, default=8.0, help="dialogues for each place")
    arguments.add_argument("--servers", type=int, default=16, help="the largest fleet")
    arguments.add_argument("--tables", default="servers,window,lengths,shards")
    arguments.add_argument("--quick", action="store_true", help="64 slots, 4 dialogues a place, 8 servers at most")
    asked = arguments.parse_args()
    slots, rounds, most = (
        (64, 4.0, min(8, asked.servers)) if asked.quick else (asked.slots, asked.rounds, asked.servers)
    )
    spec = server(Gpu(), Llm(), slots)
    print(f"SIMULATED, {os.cpu_count()} cores, median of {asked.repeats} seeds. A server: {slots} sequences, step "
          f"{1000 * spec.step_s:.1f} ms + {1e6 * spec.sequence_s:.0f} us a sequence, reads {spec.prefill_per_s:,.0f} "
          f"tokens/s, caches {spec.cache_blocks:,} blocks; "
          f"{slots / spec.step(slots):,.0f} tokens/s at most")  # fmt: skip
    calls, cpu = 0, time.process_time()
    columns: dict[str, Callable[[Outcome, int, Setting], float]] = {
        "dialogues/s": lambda f, n, s: n / f.makespan_s,
        "a server": lambda f, n, s: n / f.makespan_s / s.servers,
        "bound/wall": lambda f, n, s: f.bound_s / f.makespan_s,
        "hits": lambda f, n, s: f.hit_rate,
        "of best": lambda f, n, s: f.reuse,
        "calls/s": lambda f, n, s: f.calls / f.makespan_s,
        "p50 s": lambda f, n, s: quantile(f.latencies_s, 0.5),
        "p99 s": lambda f, n, s: quantile(f.latencies_s, 0.99),
        "dialogue p99": lambda f, n, s: quantile(f.dialogues_s, 0.99),
        "GPU-h/million": lambda f, n, s: 1e6 * s.servers * f.makespan_s / n / 3600,
    }
    for name, rows in tables(most).items():
        if name not in asked.tables.split(","):
            continue
        print(f"\n{name:<24}" + "".join(f"{c:>14}" for c in columns))
        for label, setting in rows:
            values = []
            for seed in range(asked.repeats):
                found, n = run(setting, spec, rounds, seed)
                calls += found.calls
                values.append([column(found, n, setting) for column in columns.values()])
            medians = [statistics.median(column) for column in zip(*values, strict=True)]
            print(f"{label:<24}" + "".join(f"{value:>14.3f}" for value in medians), flush=True)
    print(f"\nCPU {1000 * (time.process_time() - cpu) / max(1, calls):.3f} ms a simulated call, "
          f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")  # fmt: skip


if __name__ == "__main__":
    main()
