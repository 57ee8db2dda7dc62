"""Queries over a tree of 100,000 skills and 200,000 edges: Classwright, networkx and a bare CSR bound in one run.

    python benchmarks/skilltree.py [--skills 100000] [--edges 200000] [--repeats 7] [--json]

The bound is what the same question costs on scipy's compressed sparse rows with nothing around it: no ids, no checks,
no argument in a form that a person would write. "arrays" is `CompiledTree` with numbers in and out, as the bound;
"ids" is `SkillTree` as everybody calls it. Each query is asked for a small, a middle and the largest cone of
prerequisites; the best of the repeats counts, the ways take turns, so that noise on the machine falls on all of them.
Needs scipy, which Classwright itself does not.
"""

import argparse
import gc
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order

from classwright.skilltree.planning import next_skill
from classwright.skilltree.tree import SkillTree


def records(skills: int, edges: int, seed: int) -> list[dict[str, Any]]:
    """A tree like a large curriculum: every skill needs a recent one, and some further ones from longer ago."""
    rng = random.Random(seed)
    needs: list[set[int]] = [set() for _ in range(skills)]
    for i in range(1, skills):
        needs[i].add(rng.randrange(max(0, i - skills // 50), i))
    left = edges - (skills - 1)
    while left > 0:
        i = rng.randrange(1, skills)
        j = rng.randrange(max(0, i - skills // 5), i)
        if j not in needs[i]:
            needs[i].add(j)
            left -= 1
    return [
        {"id": f"s{i}", "name": f"skill {i}", "grade": min(12, 13 * i // skills),
         "prerequisites": [f"s{j}" for j in sorted(before)]}
        for i, before in enumerate(needs)
    ]  # fmt: skip


class Bound:
    """The questions on bare arrays, in scipy's words."""

    def __init__(self, tree: SkillTree) -> None:
        place = {name: i for i, name in enumerate(tree)}
        counts = [len(skill.prerequisites) for skill in tree.skills.values()]
        start = np.concatenate([[0], np.cumsum(counts)])
        below = np.array([place[b] for skill in tree.skills.values() for b in skill.prerequisites])
        self.n = len(place)
        self.rows = csr_matrix((np.ones(len(below), dtype=np.int8), below, start), shape=(self.n, self.n))
        depth = np.array([tree.depths[name] for name in tree])
        self.layers = []
        for level in range(1, int(depth.max()) + 1):
            skills = np.flatnonzero(depth == level)
            part = self.rows[skills]
            self.layers.append((skills, part.indptr[:-1].copy(), part.indices.copy()))

    def ancestors(self, skill: int) -> np.ndarray:
        return breadth_first_order(self.rows, skill, return_predecessors=False)[1:]

    def path(self, goal: int, mastered: np.ndarray) -> np.ndarray:
        """What is unmastered below a goal: rows of mastered skills are emptied, so that nothing goes through them."""
        stop = mastered.copy()
        stop[goal] = False
        found = breadth_first_order(self._open(stop), goal, return_predecessors=False)
        return np.sort(found[~stop[found]])

    def _open(self, mastered: np.ndarray) -> csr_matrix:
        keep = ~mastered[np.repeat(np.arange(self.n), np.diff(self.rows.indptr))]
        start = np.concatenate([[0], np.cumsum(keep)])[self.rows.indptr]
        return csr_matrix((self.rows.data[keep], self.rows.indices[keep], start), shape=(self.n, self.n))

    def propagate(self, mastery: np.ndarray) -> np.ndarray:
        worth = mastery.copy()
        for skills, first, below in self.layers:
            worth[skills] = np.minimum(worth[skills], np.minimum.reduceat(worth[below], first))
        return worth


def plain_path(graph: nx.DiGraph, goal: str, mastery: dict[str, float], order: dict[str, int]) -> list[str]:
    """With networkx alone: drop what is mastered, take the ancestors of what is left, sort."""
    known = {name for name, share in mastery.items() if share >= 0.8}
    rest = nx.restricted_view(graph, known - {goal}, [])
    return sorted(nx.ancestors(rest, goal) | {goal}, key=order.__getitem__)


def plain_propagate(graph: nx.DiGraph, mastery: dict[str, float]) -> dict[str, float]:
    worth: dict[str, float] = {}
    for name in nx.topological_sort(graph):
        worth[name] = min([mastery[name], *(worth[before] for before in graph.predecessors(name))])
    return worth


def best(ways: dict[str, Callable[[], Any]], repeats: int) -> dict[str, float]:
    """The best time of each way, ms; they take turns."""
    found = dict.fromkeys(ways, float("inf"))
    for _ in range(repeats):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            found[name] = min(found[name], 1000 * (time.perf_counter() - began))
    return found


def measure(skills: int, edges: int, repeats: int, seed: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tree.json"
        file.write_text(json.dumps({"skills": records(skills, edges, seed), "misconceptions": []}))
        before = _memory()
        tree, first = _timed_load(file)
        load_mb = _memory() - before
        times = [first, *(_timed_load(file)[1] for _ in range(2))]
    began = time.perf_counter()
    compiled = tree.compiled
    compiled.layers()
    compile_s = time.perf_counter() - began
    bound, graph = Bound(tree), tree.graph
    order = {name: i for i, name in enumerate(tree)}
    rng = np.random.default_rng(seed)
    names = list(tree)
    sizes = {name: len(compiled.ancestors(order[name])) for name in names[:: max(1, skills // 400)]}
    by_size = sorted(sizes, key=sizes.__getitem__)
    goals = {"small": by_size[len(by_size) // 20], "middle": by_size[len(by_size) // 2], "large": by_size[-1]}
    shares = np.where(rng.random(skills) < 0.3, 0.9, rng.random(skills) * 0.7)
    mastery = dict(zip(names, shares.tolist(), strict=True))
    mastered = shares >= 0.8
    for name in goals.values():  # a goal that is mastered has no next skill
        mastery[name], shares[order[name]], mastered[order[name]] = 0.2, 0.2, False
    rows = []
    for size, goal in goals.items():
        at = order[goal]
        assert set(tree.ancestors(goal)) == nx.ancestors(graph, goal)
        assert tree.path(goal, mastery) == plain_path(graph, goal, mastery, order)
        assert np.array_equal(compiled.missing(at, mastered), bound.path(at, mastered))
        ways = {
            "ancestors": {
                "classwright": lambda goal=goal: tree.ancestors(goal),
                "arrays": lambda at=at: compiled.ancestors(at),
                "networkx": lambda goal=goal: nx.ancestors(graph, goal),
                "bound": lambda at=at: bound.ancestors(at),
            },
            "path": {
                "classwright": lambda goal=goal: tree.path(goal, mastery),
                "arrays": lambda at=at: compiled.missing(at, mastered),
                "networkx": lambda goal=goal: plain_path(graph, goal, mastery, order),
                "bound": lambda at=at: bound.path(at, mastered),
            },
            "next skill": {
                "classwright": lambda goal=goal: next_skill(tree, mastery, goal),
                "arrays": lambda at=at: compiled.missing(at, mastered)[0],
                "networkx": lambda goal=goal: plain_path(graph, goal, mastery, order)[0],
                "bound": lambda at=at: bound.path(at, mastered)[0],
            },
        }
        for query, found in ways.items():
            rows.append({"query": query, "cone": size, "skills": sizes[goal], **best(found, repeats)})
    worth = compiled.propagate(shares)
    assert np.allclose(worth, bound.propagate(shares))
    assert np.allclose(worth, list(map(plain_propagate(graph, mastery).__getitem__, names)))
    found = best(
        {
            "arrays": lambda: compiled.propagate(shares),
            "networkx": lambda: plain_propagate(graph, mastery),
            "bound": lambda: bound.propagate(shares),
        },
        repeats,
    )
    rows.append({"query": "propagate", "cone": "all", "skills": skills, **found})
    return {
        "skills": len(tree),
        "edges": graph.number_of_edges(),
        "longest_path": len(tree.longest_path()),
        "load_s": {"best": round(min(times), 3), "all": [round(t, 3) for t in times]},
        "load_mb": round(load_mb),
        "compile_s": round(compile_s, 3),
        "arrays_mb": round(_bytes(compiled) / 2**20, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "repeats": repeats,
        "queries": rows,
        "worst_ratio_arrays": max(row["arrays"] / row["bound"] for row in rows),
        "worst_ratio_ids": max(row["classwright"] / row["bound"] for row in rows if "classwright" in row),
    }


def _timed_load(file: Path) -> tuple[SkillTree, float]:
    gc.collect()
    began = time.perf_counter()
    tree = SkillTree.load(file)
    return tree, time.perf_counter() - began


def _bytes(compiled: Any) -> int:
    layers = sum(a.nbytes for layer in compiled.layers() for a in layer)
    return compiled.start.nbytes + compiled.below.nbytes + layers


def _memory() -> float:
    """Resident memory of this process, MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def table(result: dict[str, Any]) -> str:
    lines = [
        f"{result['skills']} skills, {result['edges']} edges, longest path {result['longest_path']}",
        f"load from disk {result['load_s']['best']} s (all: {result['load_s']['all']}), {result['load_mb']} MB; "
        f"arrays built in {result['compile_s']} s, {result['arrays_mb']} MB; peak {result['peak_mb']} MB",
        f"best of {result['repeats']}, ms; the ratio is to the bound",
        f"{'query':12}{'cone':>14}{'ids':>9}{'arrays':>9}{'networkx':>10}{'bound':>9}{'ids':>7}{'arrays':>8}",
    ]
    for row in result["queries"]:
        ids = row.get("classwright")
        ratio = f"{ids / row['bound']:.2f}" if ids else "-"
        cone, shown = f"{row['cone']} {row['skills']}", f"{ids:.2f}" if ids else "-"
        lines.append(
            f"{row['query']:12}{cone:>14}{shown:>9}{row['arrays']:>9.2f}{row['networkx']:>10.2f}{row['bound']:>9.2f}"
            f"{ratio:>7}{row['arrays'] / row['bound']:>8.2f}"
        )
    lines.append(f"worst ratio: ids {result['worst_ratio_ids']:.2f}, arrays {result['worst_ratio_arrays']:.2f}")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description="Skill tree queries at scale")
    parser.add_argument("--skills", type=int, default=100_000)
    parser.add_argument("--edges", type=int, default=200_000)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    result = measure(given.skills, given.edges, given.repeats, given.seed)
    print(json.dumps(result) if given.json else table(result))
    return 0 if result["worst_ratio_arrays"] <= 2 and result["load_s"]["best"] < 2 else 1


if __name__ == "__main__":
    sys.exit(main())
