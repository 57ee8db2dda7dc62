import random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classwright.skilltree.compiled import LARGE, CompiledTree
from classwright.skilltree.planning import next_skill
from classwright.skilltree.skill import Skill
from classwright.skilltree.tree import SkillTree


def random_tree(n: int, seed: int) -> SkillTree:
    rng = random.Random(seed)
    return SkillTree(
        Skill(id=f"s{i}", name="s", prerequisites=tuple(f"s{j}" for j in rng.sample(range(i), min(i, rng.choice((0, 1, 2, 3))))), source="x")
        for i in range(n)
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 30), st.integers(0, 10**6))
def test_arrays_answer_as_the_graph_does(n, seed):
    tree = random_tree(n, seed)
    compiled = CompiledTree({name: tree[name].prerequisites for name in tree})
    rng = random.Random(seed)
    mastery = {name: rng.choice((0.2, 0.9)) for name in tree if rng.random() < 0.7}
    values = np.array([mastery.get(name, 0.0) for name in compiled.names])
    for name in tree:
        at = compiled.place[name]
        assert tuple(compiled.ids(compiled.ancestors(at))) == tree.ancestors(name)
        assert set(tree.ancestors(name)) == nx.ancestors(tree.graph, name)
        assert compiled.path(name, mastery, 0.8) == tree.path(name, mastery)
        assert compiled.ids(compiled.missing(at, values >= 0.8)) == tree.path(name, mastery)
        assert compiled.path(name, mastery, 0.0) == tree.path(name, mastery, 0.0) == [name]
    worth, weakest = compiled.propagate(values), compiled.weakest(values)
    for name in tree:
        below = [mastery.get(q, 0.0) for q in tree.ancestors(name)]
        direct = [mastery.get(q, 0.0) for q in tree.prerequisites(name)]
        assert worth[compiled.place[name]] == min([mastery.get(name, 0.0), *below])
        assert weakest[compiled.place[name]] == min(direct, default=1.0)


def test_a_large_tree_uses_them_and_gives_the_same_answers():
    tree = random_tree(LARGE, 3)
    rng = random.Random(3)
    mastery = {name: rng.random() for name in tree}
    for name in rng.sample(list(tree), 20):
        assert set(tree.ancestors(name)) == nx.ancestors(tree.graph, name)
        steps = tree.path(name, mastery)
        known = {q for q, share in mastery.items() if share >= 0.8}
        assert set(steps) == {name, *nx.ancestors(nx.restricted_view(tree.graph, known - {name}, []), name)}
        assert steps == sorted(steps, key=tree.compiled.place.__getitem__)
        if mastery[name] < 0.8:
            first = next_skill(tree, mastery, name)
            assert first == steps[0]
    with pytest.raises(Exception, match="no skill"):
        tree.path("nothing")


def test_a_tree_without_edges_or_skills():
    alone = CompiledTree({"a": (), "b": ()})
    assert alone.propagate(np.array([0.3, 0.4])).tolist() == [0.3, 0.4]
    assert alone.weakest(np.array([0.3, 0.4])).tolist() == [1.0, 1.0]
    assert alone.path("a", {}, 0.8) == ["a"]
    assert CompiledTree({}).layers() == []
