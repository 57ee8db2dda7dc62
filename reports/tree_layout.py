"""Where the nodes of a layered graph go: columns by layer, few crossings, short edges.

The steps of Sugiyama, Tagawa & Toda (1981): an edge over several layers is cut into pieces by bends, the order in each
layer is improved by sweeps of the barycenter heuristic (the best order seen is kept), and heights are drawn towards the
neighbors without changing the order, by isotonic regression (pool adjacent violators).
"""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Node = tuple[str, ...]
"""(name,) for a node, (source, target, layer) for a bend."""

SWEEPS = 16
ALIGNMENTS = 12


@dataclass(frozen=True)
class Layout:
    """Positions of a layered graph.

    Attributes:
        layers: Names in each layer, top to bottom.
        height: Name -> vertical center.
        bends: Edge -> vertical positions where it passes the layers between its ends.
        total: Height of the whole picture.
        crossings: Number of pairs of edge pieces that cross.
    """

    layers: tuple[tuple[str, ...], ...]
    height: Mapping[str, float]
    bends: Mapping[tuple[str, str], tuple[float, ...]]
    total: float
    crossings: int


def lay_out(
    depth: Mapping[str, int], edges: Iterable[tuple[str, str]], node_height: float = 46, bend_height: float = 9
) -> Layout:
    """Lay out a graph whose edges all lead from a lower to a higher layer.

    Args:
        depth: Name -> layer, from 0; the order of the names is the first guess for the order in the layers.
        edges: (source, target) pairs with depth[source] < depth[target].
        node_height: Vertical room of a node.
        bend_height: Vertical room of an edge that passes a layer.
    """
    edges = list(edges)
    layers: list[list[Node]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for name, layer in depth.items():
        layers[layer].append((name,))
    before: defaultdict[Node, list[Node]] = defaultdict(list)
    after: defaultdict[Node, list[Node]] = defaultdict(list)
    for source, target in edges:
        chain: list[Node] = [(source,)]
        for layer in range(depth[source] + 1, depth[target]):
            bend = (source, target, str(layer))
            layers[layer].append(bend)
            chain.append(bend)
        chain.append((target,))
        for a, b in pairwise(chain):
            after[a].append(b)
            before[b].append(a)
    layers, crossings = _order(layers, before, after)
    room = {node: node_height if len(node) == 1 else bend_height for layer in layers for node in layer}
    center = _align(layers, before, after, room)
    low = min((center[node] - room[node] / 2 for node in room), default=0.0)
    bends = {
        (source, target): tuple(
            center[source, target, str(layer)] - low for layer in range(depth[source] + 1, depth[target])
        )
        for source, target in edges
    }
    return Layout(
        layers=tuple(tuple(node[0] for node in layer if len(node) == 1) for layer in layers),
        height={node[0]: center[node] - low for node in room if len(node) == 1},
        bends=bends,
        total=max((center[node] + room[node] / 2 for node in room), default=0.0) - low,
        crossings=crossings,
    )


def _order(
    layers: list[list[Node]], before: Mapping[Node, list[Node]], after: Mapping[Node, list[Node]]
) -> tuple[list[list[Node]], int]:
    best, fewest = [list(layer) for layer in layers], count_crossings(layers, after)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        todo = range(1, len(layers)) if forward else range(len(layers) - 2, -1, -1)
        for i in todo:
            fixed = layers[i - 1] if forward else layers[i + 1]
            layers[i] = _by_barycenter(layers[i], fixed, before if forward else after)
        crossings = count_crossings(layers, after)
        if crossings < fewest:
            best, fewest = [list(layer) for layer in layers], crossings
    return best, fewest


def _by_barycenter(layer: list[Node], fixed: list[Node], neighbors: Mapping[Node, list[Node]]) -> list[Node]:
    """The layer by the mean place of each node's neighbors in the fixed layer; without any, it keeps its share."""
    place = {node: n for n, node in enumerate(fixed)}
    keys = {}
    for n, node in enumerate(layer):
        around = [place[other] for other in neighbors.get(node, ())]
        keys[node] = (sum(around) / len(around) if around else n * len(fixed) / len(layer), n)
    return sorted(layer, key=keys.__getitem__)


def count_crossings(layers: Sequence[Sequence[Node]], after: Mapping[Node, list[Node]]) -> int:
    """Pairs of edge pieces between neighboring layers that cross, given the order in the layers."""
    total = 0
    for here, there in pairwise(layers):
        place = {node: n for n, node in enumerate(there)}
        seen: list[int] = []
        for node in here:
            ends = sorted(place[other] for other in after.get(node, ()))
            total += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return total


def _align(
    layers: list[list[Node]],
    before: Mapping[Node, list[Node]],
    after: Mapping[Node, list[Node]],
    room: Mapping[Node, float],
) -> dict[Node, float]:
    """Vertical centers: every layer as near to its neighbors' heights as its order and the room allow."""
    center: dict[Node, float] = {}
    for layer in layers:
        height = -sum(room[node] for node in layer) / 2
        for node in layer:
            center[node] = height + room[node] / 2
            height += room[node]
    for turn in range(ALIGNMENTS):
        for layer in layers if turn % 2 == 0 else reversed(layers):
            wishes, offsets, offset = [], [], 0.0
            for i, node in enumerate(layer):
                offset += (room[node] + room[layer[i - 1]]) / 2 if i else 0.0
                around = [*before.get(node, ()), *after.get(node, ())]
                wish = sum(center[other] for other in around) / len(around) if around else center[node]
                wishes.append(wish - offset)
                offsets.append(offset)
            for node, height, shift in zip(layer, isotonic(wishes), offsets, strict=True):
                center[node] = height + shift
    return center


def isotonic(values: Sequence[float]) -> list[float]:
    """The nondecreasing sequence nearest to `values` in squares (pool adjacent violators)."""
    blocks: list[tuple[float, int]] = []
    for value in values:
        mean, size = value, 1
        while blocks and blocks[-1][0] > mean:
            other, n = blocks.pop()
            mean, size = (other * n + mean * size) / (n + size), n + size
        blocks.append((mean, size))
    return [mean for mean, size in blocks for _ in range(size)]
