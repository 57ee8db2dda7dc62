"""How near a lesson's calls come to the fastest possible: wall time against max(critical path, service time / slots).

    python benchmarks/lesson.py [--repeats 5] [--slots 4,8,16,64]

The critical path is measured with a slot for every request; the work is what the server says it served. Replies take
the same time each, or a lognormal time (sigma 0.5) of the same mean.
"""

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.sim_server import serve
from classwright.graphs.lesson_run import start
from classwright.graphs.lesson_state import LessonRequest
from classwright.runs.recipe import Recipe
from classwright.skilltree.sampling import sample_class
from classwright.skilltree.tree import default_tree
from tests.graphs.scripted_agents import play

GOAL = "fractions.add_unlike"
SIGMA = 0.5


def service_s(body: dict[str, Any]) -> float:
    """0.2 s for the prompt and 10 ms for each of about half of the tokens that the request allows."""
    return 0.2 + 0.005 * min(body["max_tokens"], 160)


def varied_s(body: dict[str, Any]) -> float:
    """The same on average; a request always takes the time it takes."""
    rng = random.Random(json.dumps(body, sort_keys=True))
    return service_s(body) * rng.lognormvariate(-(SIGMA**2) / 2, SIGMA)


def lesson(url: str, concurrency: int) -> float:
    """Seconds that a lesson with 4 drafts and 3 rounds takes."""
    people = sample_class(8, 7, default_tree(), GOAL)
    request = LessonRequest(
        topic=GOAL, skill=GOAL, learners=tuple(people), minutes=45, interest="baking", rounds=3, candidates=4, keep=2,
        seed=7, memory=False,
    )  # fmt: skip
    recipe = Recipe.model_validate(
        {"models": {"default": {"base_url": url, "model": "sim", "concurrency": concurrency}}}
    )
    with tempfile.TemporaryDirectory() as root:
        began = time.perf_counter()
        start(request, recipe, root=root, progress=lambda *_: None)
        return time.perf_counter() - began


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--repeats", type=int, default=5)
    arguments.add_argument("--slots", default="4,8,16,64")
    chosen = arguments.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, median of {chosen.repeats}")
    print(f"{'service':<10} {'slots':>6} {'wall s':>8} {'bound s':>8} {'ratio':>6}")
    for name, seconds in (("fixed", service_s), ("lognormal", varied_s)):
        with serve(4096, seconds, play) as (url, served):
            lesson(url, 4096)  # loads the tree, the embeddings and the checks
            served()
            path = min(lesson(url, 4096) for _ in range(2))
            work = served().busy_s / 2
        print(f"{name}: critical path {path:.2f} s, service time {work:.1f} s")
        for slots in map(int, chosen.slots.split(",")):
            with serve(slots, seconds, play) as (url, _):
                wall = statistics.median(lesson(url, slots) for _ in range(chosen.repeats))
            bound = max(path, work / slots)
            print(f"{name:<10} {slots:>6} {wall:>8.2f} {bound:>8.2f} {wall / bound:>6.2f}", flush=True)


if __name__ == "__main__":
    main()
