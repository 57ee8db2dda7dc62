import pytest

from classwright.classroom.mastery_tracking import MASTERIES, track_mastery
from classwright.skilltree.tree import default_tree

TREE = default_tree()


@pytest.mark.parametrize("misconceptions", [False, True])
def test_the_error_rate_of_1000_students_tracks_their_mastery(misconceptions):
    found = track_mastery(TREE, 1000, 3, misconceptions=misconceptions, items=8)
    assert [b.mastery for b in found.bins] == list(MASTERIES)
    assert sum(b.students for b in found.bins) == 1000
    assert found.monotone
    assert found.largest_gap <= 0.06
    assert found.passed


def test_a_misconception_decides_how_a_student_errs_not_how_often():
    without, held = (track_mastery(TREE, 300, 3, misconceptions=m, items=6) for m in (False, True))
    assert without.own_errors is None
    assert held.own_errors == pytest.approx(0.85, abs=0.06)
    assert held.largest_gap < 0.1


def test_the_expected_rate_is_that_of_the_model():
    found = track_mastery(TREE, 900, 5, misconceptions=False, items=10)
    for b in found.bins:  # slip .03, guess .02: p = .02 + .95 m
        assert b.observed_wrong == pytest.approx(1 - (0.02 + 0.95 * b.mastery), abs=0.05)
