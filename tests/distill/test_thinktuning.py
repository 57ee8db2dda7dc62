"""The teacher's tokens are in the rollout and in no loss."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.distill.thinktuning import assemble, masked_labels, rollouts


def test_feedback_is_masked():
    r = assemble([("student", [1, 2]), ("teacher", [7, 8, 9]), ("student", [3])])
    assert r.ids == (1, 2, 7, 8, 9, 3)
    assert r.mask == (1, 1, 0, 0, 0, 1)
    assert masked_labels([5, 5], r) == [-100, -100, 1, 2, -100, -100, -100, 3]


def test_a_rollout_is_cut_with_its_mask():
    assert assemble([("student", [1]), ("teacher", [7, 8])], longest=2) == ((1, 7), (1, 0))
    with pytest.raises(ValueError, match="no token of the student"):
        assemble([("teacher", [7])])
    with pytest.raises(ValueError, match="no token of the student"):
        assemble([("student", [])])


@given(st.lists(st.tuples(st.sampled_from(["student", "teacher"]), st.lists(st.integers(0, 9))), max_size=6))
def test_a_mask_is_as_long_as_its_ids_and_keeps_the_students_only(parts):
    mine = [i for who, ids in parts if who == "student" for i in ids]
    if mine:
        r = assemble([("student" if who == "student" else "teacher", ids) for who, ids in parts])
        assert [i for i, m in zip(r.ids, r.mask, strict=True) if m] == mine


def test_a_share_of_each_group_is_guided():
    heard, asked = [], []

    def student(prompts, so_far):
        heard.append([tuple(ids) for ids in so_far])
        return [[3] if ids else [1, 2] for ids in so_far]

    def feedback(prompts, tries):
        asked.extend(prompts)
        assert all(list(tried) == [1, 2] for tried in tries)
        return [[9]] * len(prompts)

    prompts = ["p"] * 4 + ["q"] * 4
    found = rollouts(prompts, student, feedback, group=4, guided=0.5, rng=Random(0))
    for group in (found[:4], found[4:]):
        assert sorted(r.ids for r in group) == [(1, 2), (1, 2), (1, 2, 9, 3), (1, 2, 9, 3)]
        assert {(r.mask, r.last) for r in group} == {((1, 1), (1, 2)), ((1, 1, 0, 1), (3,))}
    assert sorted(asked) == ["p", "p", "q", "q"]
    assert heard == [[()] * 8, [(1, 2, 9)] * 4], "one batch for all first tries, one for all second ones"
    assert found == rollouts(prompts, student, feedback, group=4, guided=0.5, rng=Random(0))


def test_a_teacher_with_nothing_to_say_leaves_the_rollout_alone():
    group = rollouts("pp", lambda p, s: [[1]] * len(p), lambda p, t: [[]] * len(p), group=2, guided=1.0, rng=Random(0))
    assert [r.ids for r in group] == [(1,), (1,)]
