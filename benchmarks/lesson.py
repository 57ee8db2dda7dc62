"""How near a lesson's calls come to the fastest possible: wall time against max(critical path, service time / slots).

    python benchmarks/lesson.py [--repeats 5]

The critical path is measured with a slot for every request; the work is what the server says it served.
"""

import argparse
import os
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


def service_s(body: dict[str, Any]) -> float:
    """0.2 s for the prompt and 10 ms for each of about half of the tokens that the request allows."""
    return 0.2 + 0.005 * min(body["max_tokens"], 160)


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
    repeats = arguments.parse_args().repeats
    with serve(4096, service_s, play) as (url, served):
        lesson(url, 4096)  # loads the tree, the embeddings and the checks
        served()
        path = min(lesson(url, 4096) for _ in range(2))
        work = served().busy_s / 2
    print(f"critical path {path:.2f} s, service time {work:.1f} s, {os.cpu_count()} cores, {repeats} repeats (median)")
    print(f"{'slots':>6} {'wall s':>8} {'bound s':>8} {'ratio':>6}")
    for slots in (4, 8, 16, 64):
        with serve(slots, service_s, play) as (url, _):
            wall = statistics.median(lesson(url, slots) for _ in range(repeats))
        bound = max(path, work / slots)
        print(f"{slots:>6} {wall:>8.2f} {bound:>8.2f} {wall / bound:>6.2f}")


if __name__ == "__main__":
    main()
