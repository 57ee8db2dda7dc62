"""The page of a bulk run, and its charts."""

import re
from xml.etree import ElementTree

import pytest

from classwright.classroom.gain import Difference
from classwright.reports.dialogue_charts import move_bars, success_curves
from classwright.reports.dialogues import claim


def texts(svg: str) -> list[str]:
    return ["".join(e.itertext()) for e in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_curves_have_a_point_for_each_k_and_a_label_for_each_tutor():
    curves = {"socratic": [(1, 0.25, 0.2, 0.3), (3, 0.5, 0.4, 0.6)], "<tell>": [(1, 0.0, 0.0, 0.0), (3, 0.5, 0.4, 0.6)]}
    svg = success_curves(curves)
    assert svg.count("<circle") == 4
    assert {"1", "3", "100%", "socratic 50%", "<tell> 50%"} <= set(texts(svg))
    heights = [float(y) for y in re.findall(r'y="([\d.]+)" style="fill', svg)]
    assert abs(heights[0] - heights[1]) >= 14  # equal ends, labels apart
    assert success_curves({}) == ""


def test_bars_are_as_long_as_the_shares():
    svg = move_bars({"a": {"focus": 0.75, "telling": 0.25, "probing": 0.0, "generic": 0.0}})
    widths = [float(w) for w in re.findall(r'<rect x="[\d.]+" y="4" width="([\d.]+)"', svg)]
    assert len(widths) == 2
    assert widths[0] == pytest.approx(3 * widths[1], abs=0.2)


def test_no_difference_is_claimed_whose_interval_includes_zero():
    def said(mean: float, low: float, high: float) -> str:
        return claim(Difference(mean=mean, low=low, high=high, n=9), "a", "b", "more is learned", "in what is learned")

    assert said(0.1, 0.01, 0.2).startswith("With b more is learned than with a")
    assert said(-0.1, -0.2, -0.01).startswith("With a more is learned than with b")
    assert said(0.1, 0.0, 0.2).startswith("No difference in what is learned was shown between a and b")
