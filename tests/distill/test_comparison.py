"""What may be said of two exams."""

import pytest

from classwright.distill.comparison import claim, compare
from classwright.distill.exam_result import Answered


def exam(right: dict[str, list[int | None]], kind: str = "held_out", skill: str = "add") -> list[Answered]:
    """Item -> marks."""
    return [
        Answered(id=i, kind=kind, skill=skill, right=None if m is None else bool(m))
        for i, ms in right.items()
        for m in ms
    ]


def marks(n: int, right: int, prefix: str = "i") -> dict[str, list[int | None]]:
    return {f"{prefix}{k}": [int(k < right)] for k in range(n)}


def test_a_change_is_paired_by_item_with_its_test():
    (g,) = compare(exam(marks(20, 2)), exam(marks(20, 16)), seed=0)
    assert (g.name, g.by) == ("all items", "all")
    assert g.before is not None
    assert g.after is not None
    assert (g.before.share, g.after.share, g.after.items) == (0.1, 0.8, 20)
    assert (g.after.low, g.after.high) == pytest.approx((0.5840, 0.9193), abs=1e-4)
    assert g.change is not None
    assert g.change.difference.mean == pytest.approx(0.7)
    assert g.change.p == pytest.approx(2 / 2**14)  # McNemar: 14 won, 0 lost
    assert claim(g).startswith("all items: accuracy has risen: +70.0 points [")
    (back,) = compare(exam(marks(20, 16)), exam(marks(20, 2)), seed=0)
    assert "has fallen: -70.0 points" in claim(back)


def test_no_change_is_claimed_whose_interval_includes_zero():
    (g,) = compare(exam(marks(20, 10)), exam(marks(20, 11)), seed=0)
    assert claim(g).startswith("all items: no change of accuracy was shown: +5.0 points")


def test_one_item_shows_nothing_though_its_interval_has_no_width():
    (g,) = compare(exam({"a": [0]}), exam({"a": [1]}), seed=0)
    assert g.change is not None
    assert (g.change.difference.low, g.change.p) == (1.0, 1.0)
    assert "no change of accuracy was shown" in claim(g)


def test_kinds_and_skills_are_corrected_together():
    before = [*exam(marks(7, 0)), *exam(marks(7, 0, "l"), "longer", "carry")]
    after = [*exam(marks(7, 7)), *exam(marks(7, 0, "l"), "longer", "carry")]
    groups = compare(before, after, seed=0)
    assert [(g.by, g.name) for g in groups] == [
        ("all", "all items"), ("kind", "held_out"), ("kind", "longer"), ("skill", "add"), ("skill", "carry")
    ]  # fmt: skip
    held_out = groups[1].change
    assert held_out is not None
    assert held_out.p == pytest.approx(2 / 2**7)
    assert held_out.adjusted == pytest.approx(5 * 2 / 2**7)
    assert "no change" in claim(groups[1])  # .016 alone, .078 among five comparisons


def test_items_without_a_pair_and_answers_without_a_judgment():
    groups = compare(exam({"a": [1], "b": [None]}), exam({"b": [1], "c": [0]}), seed=0)
    assert groups[0].change is None
    assert "nothing can be said" in claim(groups[0])
    (only,) = compare([], exam(marks(4, 2)), seed=0)
    assert only.before is None
    assert only.after is not None
    assert only.after.share == 0.5
    assert compare([], [], seed=0) == []


def test_several_answers_to_an_item_are_averaged_first():
    (g,) = compare(exam({"a": [0, 0], "b": [0, 1]}), exam({"a": [1, 1, 1], "b": [0, 1]}), seed=0)
    assert g.change is not None
    assert (g.change.difference.mean, g.change.difference.items, g.change.test) == (0.5, 2, "sign flip")
