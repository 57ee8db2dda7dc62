"""How near independent calls come to the fastest possible, beside aiohttp, openai, langchain abatch and inspect_ai.

    python benchmarks/flat.py [--repeats 5] [--concurrency 64,256] [--python PYTHON] [--service fixed,lognormal]

A simulated server with as many slots as the client may use, whose replies take 0.5 s each, or a lognormal time (sigma
0.8) of the same mean. Efficiency is bound over wall, the bound being service / slots by the server's own account. Every
client is a process of its own, and they take turns; the server is another process on the same cores. `--python` names a
Python that has langchain-openai and inspect_ai; without it they are left out, and that is said.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.dialogues import fixed_s, lognormal_s, reply
from benchmarks.flat_clients import CLIENTS, ELSEWHERE
from benchmarks.sim_server import serve

HERE = Path(__file__).resolve().parent
SERVICE = {"fixed": fixed_s, "lognormal": lognormal_s}


def measured(name: str, service: str, calls: int, concurrency: int, python: str | None) -> dict[str, Any]:
    with serve(concurrency, SERVICE[service], reply) as (url, served):
        command = [str(python) if name in ELSEWHERE else sys.executable, str(HERE / "flat_clients.py"), name, url]
        done = subprocess.run([*command, str(calls), str(concurrency)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{name} failed:\n{done.stderr[-2000:]}")
        found, work = json.loads(done.stdout.strip().splitlines()[-1]), served()
    assert work.requests == calls + 1, (name, work)  # one before the clock starts
    bound = work.busy_s * calls / (calls + 1) / concurrency
    return found | {"bound_s": bound, "efficiency": bound / found["wall_s"], "cpu_ms": 1000 * found["cpu_s"] / calls}


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--repeats", type=int, default=5)
    arguments.add_argument("--concurrency", default="64,256")
    arguments.add_argument("--rounds", type=int, default=24, help="calls are so many times the concurrency")
    arguments.add_argument("--service", default="fixed")
    arguments.add_argument("--only", default=",".join(CLIENTS))
    arguments.add_argument("--python", help="a Python that has langchain-openai and inspect_ai")
    asked = arguments.parse_args()
    names = [n for n in asked.only.split(",") if asked.python or n not in ELSEWHERE]
    if left := set(asked.only.split(",")) - set(names):
        print(f"not measured without --python: {', '.join(sorted(left))}")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, median of {asked.repeats} [least, most]")
    print(
        f"{'service':<10}{'C':>5} {'client':<10}{'wall s':>8}{'bound s':>9}{'efficiency':>22}"
        f"{'CPU ms/call':>13}{'MB':>6}"
    )
    for service in asked.service.split(","):
        for concurrency in map(int, asked.concurrency.split(",")):
            calls = asked.rounds * concurrency
            runs: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
            for _ in range(asked.repeats):
                for name in names:
                    runs[name].append(measured(name, service, calls, concurrency, asked.python))
            for name, found in runs.items():
                ratios = sorted(r["efficiency"] for r in found)
                wall, bound, cpu = (statistics.median(r[k] for r in found) for k in ("wall_s", "bound_s", "cpu_ms"))
                spread = f"{statistics.median(ratios):.3f} [{ratios[0]:.3f}, {ratios[-1]:.3f}]"
                print(f"{service:<10}{concurrency:>5} {name:<10}{wall:>8.2f}{bound:>9.2f}{spread:>22}{cpu:>13.2f}"
                      f"{max(r['rss_mb'] for r in found):>6.0f}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
