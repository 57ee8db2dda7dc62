from itertools import pairwise

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from classwright.skilltree.draft_tree import DraftEdge, DraftSkill, assemble, break_circles, slug, without_shortcuts

PAIRS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda p: p[0] != p[1]), unique=True, max_size=18
)


def edges_of(pairs, weights=None):
    return [
        DraftEdge(before=f"s{a}", after=f"s{b}", forward=w, backward=0.0)
        for (a, b), w in zip(pairs, weights or [0.5] * len(pairs), strict=True)
    ]


@given(PAIRS, st.data())
def test_no_circle_is_left_and_only_weak_edges_go(pairs, data):
    weights = data.draw(st.lists(st.floats(0, 1), min_size=len(pairs), max_size=len(pairs)))
    kept, gone = break_circles(edges_of(pairs, weights))
    assert len(kept) + len(gone) == len(pairs)
    graph = nx.DiGraph((e.before, e.after) for e in kept)
    assert nx.is_directed_acyclic_graph(graph)
    for edge, circle in gone:
        steps = circle.split(" -> ")
        assert steps[0] == steps[-1]
        assert (edge.before, edge.after) in pairwise(steps)
    short, implied = without_shortcuts(kept)
    closure = set(nx.transitive_closure(graph).edges)
    assert set(nx.transitive_closure(nx.DiGraph((e.before, e.after) for e in short)).edges) == closure
    assert len(short) + len(implied) == len(kept)
    names = {name for e in short for name in (e.before, e.after)}
    assemble([DraftSkill(id=n, name=n) for n in sorted(names)], short, model="m", source="", grade=None)


def test_the_weakest_edge_of_a_circle_goes():
    kept, ((gone, circle),) = break_circles(edges_of([(0, 1), (1, 2), (2, 0)], [0.9, 0.2, 0.8]))
    assert str(gone) == "s1 -> s2"
    assert set(circle.split(" -> ")) == {"s0", "s1", "s2"}
    assert len(kept) == 2


def test_names_become_ids():
    assert slug("Light & dark reactions!", ()) == "light_dark_reactions"
    assert slug("Café Größe", ()) == "cafe_groe"
    assert slug("光", ()) == "skill"
    assert slug("x", ("x", "x_2")) == "x_3"
