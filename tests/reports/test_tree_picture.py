"""The picture of the tree: a sound layout, a valid SVG, a page that needs nothing from outside."""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.errors import InputError
from classwright.reports.tree_layout import isotonic, lay_out
from classwright.reports.tree_picture import MASTERY, UNKNOWN, draw_page, draw_svg
from classwright.skilltree.skill import Skill
from classwright.skilltree.tree import SkillTree, default_tree

SVG = "{http://www.w3.org/2000/svg}"
GOAL = "fractions.add_unlike"


def test_boxes_of_the_shipped_tree_do_not_overlap_and_edges_lead_right() -> None:
    tree = default_tree()
    layout = lay_out(tree.depths, tree.graph.edges, 46)
    assert sorted(name for layer in layout.layers for name in layer) == sorted(tree)
    for depth, layer in enumerate(layout.layers):
        assert all(tree.depth(name) == depth for name in layer)
        heights = [layout.height[name] for name in layer]
        assert all(b - a >= 46 - 1e-6 for a, b in pairwise(heights))
        assert all(23 - 1e-6 <= height <= layout.total - 23 + 1e-6 for height in heights)
    for (a, b), bends in layout.bends.items():
        assert len(bends) == tree.depth(b) - tree.depth(a) - 1 >= 0


def test_crossings_are_removed_where_none_is_needed() -> None:
    # a ladder given in the worst order: every rung crosses every other
    depth = {
        f"{side}{i}": 0 if side == "a" else 1 for side in "ab" for i in (range(9) if side == "a" else range(8, -1, -1))
    }
    edges = [(f"a{i}", f"b{i}") for i in range(9)]
    assert lay_out(depth, edges).crossings == 0


def test_the_barycenter_sweeps_help_on_the_shipped_tree() -> None:
    from classwright.reports import tree_layout

    tree = default_tree()
    improved = lay_out(tree.depths, tree.graph.edges).crossings
    sweeps, tree_layout.SWEEPS = tree_layout.SWEEPS, 0
    try:
        first_guess = lay_out(tree.depths, tree.graph.edges).crossings
    finally:
        tree_layout.SWEEPS = sweeps
    assert improved < 0.5 * first_guess


@given(st.lists(st.floats(-100, 100), max_size=12))
def test_isotonic_is_the_nearest_nondecreasing_sequence(values: list[float]) -> None:
    found = isotonic(values)
    assert len(found) == len(values)
    assert all(a <= b + 1e-9 for a, b in pairwise(found))
    cost = float(np.sum((np.array(found) - values) ** 2)) if values else 0.0
    for other in (sorted(values), [float(np.mean(values))] * len(values) if values else []):
        assert cost <= float(np.sum((np.array(other) - values) ** 2)) + 1e-6


def test_svg_has_every_skill_and_is_valid() -> None:
    tree = default_tree()
    root = ET.fromstring(draw_svg(tree, title="A <title> & more"))
    boxes = [g for g in root.iter(f"{SVG}g") if g.get("data-id")]
    assert {g.get("data-id") for g in boxes} == set(tree)
    paths = list(root.iter(f"{SVG}path"))
    assert {(p.get("data-a"), p.get("data-b")) for p in paths} == set(tree.graph.edges)
    for g in boxes:  # the words fit into their box
        assert 1 <= len(g.findall(f"{SVG}text")) <= 2
        assert all(len(t.text or "") <= 26 for t in g.findall(f"{SVG}text"))


def test_colors_say_the_mastery_and_numbers_the_path() -> None:
    tree = default_tree()
    mastery = {"fractions.equivalent": 0.85, "fractions.add_like": 0.5, "whole.multiples": 0.1}
    root = ET.fromstring(draw_svg(tree, mastery, GOAL))
    fills = {g.get("data-id"): g.find(f"{SVG}rect").get("fill") for g in root.iter(f"{SVG}g") if g.get("data-id")}  # type: ignore[union-attr]
    assert set(fills) == {*tree.ancestors(GOAL), GOAL}
    assert fills["fractions.equivalent"] == MASTERY[3][1]
    assert fills["fractions.add_like"] == MASTERY[1][1]
    assert fills["whole.multiples"] == MASTERY[0][1]
    assert fills[GOAL] == UNKNOWN[0]
    steps = [g for g in root.iter(f"{SVG}g") if "step" in (g.get("class") or "")]
    assert {g.get("data-id") for g in steps} == set(tree.path(GOAL, mastery))


def test_the_page_is_self_contained_and_safe() -> None:
    mean = Skill(
        id="x", name="</script><b>bold</b>", description='<img src=x onerror="alert(1)">', prerequisites=("y",)
    )
    page = draw_page(SkillTree([mean, Skill(id="y", name="y & z")]), {"y": 0.4}, "x", "<i>title</i>")
    assert "<b>bold" not in page
    assert "<img" not in page
    assert "<i>title" not in page
    assert not re.search(r"<[^<>]*\s(?:src|href)\s*=|@import|url\(", page)
    assert len(re.findall("</script>", page)) == 2
    whole = draw_page(default_tree())
    assert len(whole) < 1_500_000


def test_nothing_to_draw_and_unknown_goals() -> None:
    with pytest.raises(InputError, match="no skill to draw"):
        draw_svg(SkillTree([]))
    with pytest.raises(InputError, match="did you mean"):
        draw_svg(default_tree(), goal="fractions.ad_unlike")
