"""Sel, Syn and the arms at equal tokens."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classwright.distill.profile import Standing
from classwright.distill.reweight import ARMS, Made, nearest, select, skill_weights, synthesize
from classwright.distill.rows import Message, Row
from classwright.errors import InputError


def row(name: str, skill: str, text: str = "q") -> Row:
    return Row(
        id=name, skill=skill, messages=(Message(role="user", content=text), Message(role="assistant", content="a"))
    )


def standing(skill: str, accuracy: float) -> Standing:
    return Standing(skill=skill, items=10, right=10 * accuracy, accuracy=accuracy, low=0, high=1)


ROWS = [row(f"{skill}{n:02d}", skill) for skill in "abc" for n in range(20)]


def ten(r: Row) -> int:
    return 10


def test_shares_follow_the_error_rates():
    standings = [standing("a", 0.25), standing("b", 0.75), standing("c", 1.0)]
    assert skill_weights(standings) == pytest.approx({"a": 0.75, "b": 0.25, "c": 0})
    assert skill_weights(standings, 2) == pytest.approx({"a": 0.9, "b": 0.1, "c": 0})
    assert skill_weights([standing("a", 1.0), standing("b", 1.0)]) == {"a": 0.5, "b": 0.5}


def test_sel_draws_by_share_and_uniform_alike():
    sel = select(ROWS, "sel", 200, ten, shares={"a": 0.75, "b": 0.25, "c": 0, "none": 9}, seed=0)
    assert Counter(r.skill for r in sel) == {"a": 15, "b": 5}
    uniform = select(ROWS, "uniform", 300, ten, seed=0)
    assert Counter(r.skill for r in uniform) == {"a": 10, "b": 10, "c": 10}


def test_shares_are_of_tokens_not_of_rows():
    sel = select(ROWS, "sel", 400, lambda r: 30 if r.skill == "a" else 10, shares={"a": 0.5, "b": 0.5}, seed=0)
    tokens = Counter()
    for r in sel:
        tokens[r.skill] += 30 if r.skill == "a" else 10
    assert abs(tokens["a"] - tokens["b"]) <= 30


def test_a_row_comes_again_under_another_id_and_not_too_often():
    sel = select(ROWS, "sel", 450, ten, shares={"a": 1.0}, seed=0)
    assert len({r.id for r in sel}) == 45
    assert Counter(r.id.split("~")[0] for r in sel).most_common(1)[0][1] == 3
    assert {r.id for r in sel[:20]} == {f"a{n:02d}" for n in range(20)}  # every row once before any comes again
    with pytest.raises(InputError, match="600 tokens in 60 rows, fewer than the 700"):
        select(ROWS, "sel", 700, ten, shares={"a": 1.0}, seed=0)


def test_a_skill_that_is_used_up_leaves_its_share_to_the_others():
    sel = select([row("a1", "a"), *ROWS[20:40]], "sel", 100, ten, shares={"a": 0.5, "b": 0.5}, seed=0, most=2)
    assert Counter(r.skill for r in sel) == {"a": 2, "b": 8}


def test_nearest_takes_the_rows_most_like_what_failed():
    axes = {"cat": [1.0, 0.0], "dog": [0.0, 1.0], "both": [0.6, 0.8]}
    rows = [row("r1", "a", "dog"), row("r2", "a", "both"), row("r3", "a", "cat")]
    near = nearest(rows, ["cat"], lambda texts: np.array([axes[t] for t in texts]))
    assert near == pytest.approx({"r1": 0, "r2": 0.6, "r3": 1})
    assert [r.id for r in select(rows, "nearest", 40, ten, nearness=near, seed=0)] == ["r3", "r2", "r1", "r3~2"]
    with pytest.raises(ValueError, match="failed no question"):
        nearest(rows, [], lambda texts: np.zeros((0, 2)))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 900), st.integers(0, 5), st.lists(st.integers(1, 9), min_size=60, max_size=60))
def test_all_arms_have_equal_tokens_up_to_one_row(tokens, seed, sizes):
    lengths = {r.id: n for r, n in zip(ROWS, sizes, strict=True)}

    def size(r: Row) -> int:
        return lengths[r.id.split("~")[0]]

    budget = min(tokens, sum(sizes))
    shares, nearness = dict.fromkeys("abc", 1.0), dict.fromkeys(lengths, 0.0)
    for arm in ARMS:
        drawn = select(ROWS, arm, budget, size, seed=seed, shares=shares, nearness=nearness)
        assert budget - 9 < sum(map(size, drawn)) <= budget
        assert len({r.id for r in drawn}) == len(drawn)
        assert drawn == select(ROWS, arm, budget, size, seed=seed, shares=shares, nearness=nearness)


def test_what_an_arm_needs_must_be_given():
    for arm in ("sel", "nearest"):
        with pytest.raises(ValueError, match=f"arm {arm} needs"):
            select(ROWS, arm, 10, ten, seed=0)
    with pytest.raises(InputError, match="no row is about a missing skill"):
        select(ROWS, "sel", 10, ten, shares={"z": 1.0}, seed=0)


def test_syn_keeps_what_solutions_agree_on():
    replies = {0: ["5", "5", "4"], 1: ["5", None, "4"], 2: ["6", "6", "6"], 3: ["5", "5", "5"]}

    def make(skill: str, n: int):
        return None if n == 4 else Made(row(f"{skill}/{n}", skill, f"{skill} {n}"), "5")

    made = synthesize({"a": 2}, make, lambda m: replies[int(m.row.id.split("/")[1])])
    assert [r.id for r in made.rows] == ["a/0", "a/3"]  # two of three agree; 2 agree on another answer
    assert made.dropped == {"solutions do not agree": 2}
    short = synthesize({"a": 2}, make, lambda m: ["4", "4", "4"], attempts=3)
    assert short.rows == []
    assert short.dropped == {"solutions do not agree": 5, "not made": 1}


def test_syn_makes_nothing_twice_and_compares_answers_as_told():
    made = synthesize(
        {"a": 3}, lambda s, n: Made(row(f"{s}/{n}", s, "same"), "1/2"), lambda m: ["0.5", "0.5", "x"],
        same=lambda a, b: (a, b) == ("0.5", "1/2"),
    )  # fmt: skip
    assert [r.id for r in made.rows] == ["a/0"]
    assert made.dropped == {"duplicate": 11}
