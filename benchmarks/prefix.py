"""How much of their prompts dialogues let a server's cache answer, against the most that could be, and what that costs.

    python benchmarks/prefix.py [--repeats 5] [--dialogues 2000] [--servers 4] [--slots 32]

The prompts are those of `classwright dialogue` (a model as tutor, a model as student, scripted replies), cut into
blocks of 16 tokens of 4 characters. The servers are simulated (`fleet.py`): an LRU cache of so many blocks each,
lognormal decoding times. Reuse is cached tokens by the tokens that any server had read before. The loss of makespan is
against the least busy server for every call and no bound on live dialogues, where service does not depend on the cache.
"""

import argparse
import math
import random
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.fleet import BLOCK, Call, ServerSpec, quantile, simulate
from classwright.models.routing import beginning

CHARACTERS = 4
"""Of a token of English text, about."""
OUT, SIGMA = 60, 0.8
"""Tokens of a reply: mean, and sigma of their logarithm."""
POLICIES = {"ours": ("affinity", False), "least busy": ("least", True), "least busy, window": ("least", False),
            "random, window": ("random", False), "affinity, all live": ("affinity", True)}  # fmt: skip
"""Name -> route, and whether all dialogues are live at once."""


def prompts(dialogues: int, seed: int) -> list[list[dict]]:
    """The requests of a run, dialogue by dialogue."""
    from classwright.graphs.dialogue_plan import DialogueRequest
    from classwright.graphs.dialogues import start
    from classwright.models.scripted import ScriptedModel
    from classwright.runs.journal import Journal
    from classwright.runs.recipe import Recipe
    from tests.graphs.scripted_talk import talk

    request = DialogueRequest(skills=("fractions.add_unlike", "equations.two_step"), n=dialogues, seed=seed, turns=8,
                              tutors=("model",), student="model")  # fmt: skip
    found: dict[str, list[dict]] = {}
    with tempfile.TemporaryDirectory() as root:
        run = start(request, Recipe(), root=root, progress=lambda *_: None, endpoint=ScriptedModel(talk))["run"]
        with Journal.open(Path(run) / "journal.jsonl", "replay") as journal:
            for entry in journal.entries():
                found.setdefault(entry.key.unit, []).append(entry.extra["request"])
    return [found[unit] for unit in sorted(found)]


def call(body: dict, out: int) -> Call:
    """A request with its prompt as a chain of blocks, the last one cut."""
    text = "".join(f"<{m['role']}>{m['content']}" for m in body["messages"])
    tokens = math.ceil(len(text) / CHARACTERS)
    chain, blocks = 0, []
    for i in range(0, len(text), BLOCK * CHARACTERS):
        chain = hash((chain, text[i : i + BLOCK * CHARACTERS]))
        blocks.append(chain)
    return Call(tuple(blocks), tokens, out, beginning(body))


def drawn_out(rng: random.Random) -> int:
    """Tokens of a reply."""
    return max(1, round(OUT * rng.lognormvariate(-(SIGMA**2) / 2, SIGMA)))


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--repeats", type=int, default=5)
    arguments.add_argument("--dialogues", type=int, default=2000)
    arguments.add_argument("--servers", type=int, default=4)
    arguments.add_argument("--slots", type=int, default=32)
    arguments.add_argument("--capacity", default="2000,8000,60000", help="blocks of each server's cache")
    asked = arguments.parse_args()
    places = asked.servers * asked.slots
    found: dict[tuple[int, str], list[tuple[float, float, float, float]]] = {}
    lengths: list[int] = []
    calls, cpu = 0, time.process_time()
    for seed in range(asked.repeats):
        bodies = prompts(asked.dialogues, seed)
        rng = random.Random(seed)
        trace = [[call(body, drawn_out(rng)) for body in of] for of in bodies]
        lengths += [c.tokens for of in trace for c in of]
        for capacity in map(int, asked.capacity.split(",")):
            spec = ServerSpec(slots=asked.slots, cache_blocks=capacity)
            results = {
                name: simulate(
                    trace,
                    asked.servers,
                    spec,
                    window=len(trace) if everyone else 2 * places,
                    places=places,
                    route=route,
                    seed=seed,
                )
                for name, (route, everyone) in POLICIES.items()
            }
            fastest = results["least busy"].makespan_s
            for name, r in results.items():
                assert r.calls == sum(map(len, trace))
                assert r.makespan_s >= r.bound_s - 1e-9
                calls += r.calls
                row = (r.reuse, r.hit_rate, r.makespan_s / fastest - 1, r.bound_s / r.makespan_s)
                found.setdefault((capacity, name), []).append(row)
    lengths.sort()
    print(f"simulated: {asked.dialogues} dialogues, {asked.servers} servers with {asked.slots} slots, window "
          f"{2 * places}; prompts of {statistics.mean(lengths):.0f} tokens (p90 {quantile(lengths, 0.9)}); "
          f"median of {asked.repeats} seeds")  # fmt: skip
    print(f"{'blocks':>7} {'policy':<20}{'reuse of best':>14}{'hit rate':>10}{'makespan loss':>15}{'bound/wall':>12}")
    for (capacity, name), rows in found.items():
        reuse, hits, loss, near = (statistics.median(column) for column in zip(*rows, strict=True))
        print(f"{capacity:>7} {name:<20}{reuse:>14.3f}{hits:>10.3f}{loss:>14.1%} {near:>11.3f}")
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"CPU {1000 * (time.process_time() - cpu) / calls:.3f} ms a simulated call, {rss:.0f} MB")


if __name__ == "__main__":
    main()
