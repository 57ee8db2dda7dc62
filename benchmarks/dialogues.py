"""How near bulk dialogues come to the fastest possible, beside plain asyncio, lock-step, inspect_ai; their memory.

    python benchmarks/dialogues.py [--repeats 3] [--inspect-python PYTHON] [--only ours,raw] [--skip-live]

512 dialogues of 24 calls against a simulated server with 128 slots, whose replies take 0.5 s each, or a lognormal time
(sigma 0.8) of the same mean. Efficiency is bound over wall, the bound being max(longest dialogue, service / slots) by
the server's own account. Every client is a process of its own; the server is another one.
"""

import argparse
import json
import math
import os
import random
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.sim_server import serve

HERE = Path(__file__).resolve().parent
MEAN_S, SIGMA = 0.5, 0.8
WORDS = (
    "think about what the parts have in common and how big each one is then look at your picture again and try to say "
    "why the pieces are not the same size before you go on with that idea in your own words"
).split()


def fixed_s(body: dict[str, Any]) -> float:
    return MEAN_S


def lognormal_s(body: dict[str, Any]) -> float:
    rng = random.Random(f"{body.get('seed')} {body['messages']}")
    return rng.lognormvariate(math.log(MEAN_S) - SIGMA**2 / 2, SIGMA)


def quick_s(body: dict[str, Any]) -> float:
    return 0.02


def reply(body: dict[str, Any]) -> str:
    """Words that solve nothing and give nothing away."""
    rng = random.Random(f"{body.get('seed')} {body['messages'][-1]['content'][-400:]}")
    return " ".join(rng.choices(WORDS, k=18)).capitalize() + "?"


def client(name: str, url: str, size: tuple[int, int, int], inspect_python: str | None) -> dict[str, Any]:
    if name == "inspect":
        command = [str(inspect_python), str(HERE / "inspect_client.py"), url]
    else:
        command = [sys.executable, str(HERE / "dialogue_clients.py"), name, url]
    done = subprocess.run([*command, *map(str, size)], capture_output=True, text=True, check=False, env=os.environ)
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def measured(name: str, service: Any, size: tuple[int, int, int], inspect_python: str | None) -> dict[str, Any]:
    slots = size[2]
    with serve(slots, service, reply) as (url, served):
        found = client(name, url, size, inspect_python)
        work = served()
    bound = max(found["longest_s"], work.busy_s / slots)
    return found | {"served": work.requests, "bound_s": bound, "efficiency": bound / found["wall_s"]}


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--repeats", type=int, default=3)
    arguments.add_argument("--dialogues", type=int, default=512)
    arguments.add_argument("--turns", type=int, default=12)
    arguments.add_argument("--slots", type=int, default=128)
    arguments.add_argument("--live", type=int, default=5000)
    arguments.add_argument("--live-turns", type=int, default=6)
    arguments.add_argument("--only", default="ours,raw,lockstep,inspect")
    arguments.add_argument("--skip-live", action="store_true")
    arguments.add_argument("--inspect-python", help="a Python that has inspect_ai and openai")
    asked = arguments.parse_args()
    names = asked.only.split(",")
    if "inspect" in names and not asked.inspect_python:
        print("inspect_ai: not measured, no --inspect-python")
        names.remove("inspect")
    size = (asked.dialogues, asked.turns, asked.slots)
    print(
        f"{size[0]} dialogues x {2 * size[1]} calls, {size[2]} slots, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}, median of {asked.repeats}"
    )
    print(
        f"{'service':<10} {'client':<9} {'wall s':>8} {'bound s':>8} {'efficiency':>18} {'CPU ms/call':>11} {'MB':>5}"
    )
    for label, service in (("fixed", fixed_s), ("lognormal", lognormal_s)):
        for name in names:
            runs = [measured(name, service, size, asked.inspect_python) for _ in range(asked.repeats)]
            ratios = sorted(r["efficiency"] for r in runs)
            cpu = statistics.median(1000 * r["cpu_s"] / r["calls"] for r in runs)
            median = sorted(runs, key=lambda r: r["efficiency"])[len(runs) // 2]
            spread = f"{statistics.median(ratios):.3f} [{ratios[0]:.2f}, {ratios[-1]:.2f}]"
            print(f"{label:<10} {name:<9} {median['wall_s']:>8.1f} {median['bound_s']:>8.1f} {spread:>18} {cpu:>11.2f} "
                  f"{max(r['rss_mb'] for r in runs):>5.0f}", flush=True)  # fmt: skip
            assert all(r["served"] == r["calls"] == 2 * size[0] * size[1] for r in runs), runs
    if not asked.skip_live:
        live = (asked.live, asked.live_turns, size[2])
        found = measured("live", quick_s, live, None)
        print(f"{live[0]} live dialogues x {2 * live[1]} calls: {found['rss_mb']:.0f} MB, {found['wall_s']:.0f} s, "
              f"CPU {1000 * found['cpu_s'] / found['calls']:.2f} ms a call")  # fmt: skip


if __name__ == "__main__":
    main()
