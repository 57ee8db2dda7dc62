import math
import random

import pytest

from classwright.classroom.bradley_terry import bradley_terry, strength_intervals


def test_two_items_have_the_odds_of_their_wins():
    s = bradley_terry({("a", "b"): 3, ("b", "a"): 1}, prior=0)
    assert s["a"] - s["b"] == pytest.approx(math.log(3), abs=1e-6)
    assert sum(s.values()) == pytest.approx(0, abs=1e-9)


def test_three_items_satisfy_the_likelihood_equations():
    wins = {("a", "b"): 4.0, ("b", "a"): 2.0, ("b", "c"): 5.0, ("c", "b"): 1.5, ("a", "c"): 3.0, ("c", "a"): 0.5}
    s = bradley_terry(wins, prior=0)
    for i in "abc":
        won = sum(w for (winner, _), w in wins.items() if winner == i)
        expected = sum(
            (wins[i, j] + wins[j, i]) / (1 + math.exp(s[j] - s[i])) for j in "abc" if j != i
        )  # fmt: skip
        assert won == pytest.approx(expected, abs=1e-6)


def test_planted_strengths_are_recovered_within_their_intervals():
    rng = random.Random(3)
    true = {f"p{k}": 0.6 * k - 1.2 for k in range(5)}
    wins: dict[tuple[str, str], float] = {}
    for a in true:
        for b in true:
            if a < b:
                for _ in range(300):
                    won = rng.random() < 1 / (1 + math.exp(true[b] - true[a]))
                    pair = (a, b) if won else (b, a)
                    wins[pair] = wins.get(pair, 0) + 1
    found, intervals = bradley_terry(wins), strength_intervals(wins)
    assert sorted(found, key=found.__getitem__) == sorted(true, key=true.__getitem__)
    for name, value in true.items():
        assert found[name] == pytest.approx(value, abs=0.25)
        low, high = intervals[name]
        assert low < found[name] < high
        assert 0.1 < high - low < 0.6
    assert sum(low <= true[n] <= high for n, (low, high) in intervals.items()) >= 4


def test_who_won_everything_has_a_strength_and_ties_make_equals():
    s = bradley_terry({("a", "b"): 1, ("b", "c"): 1}, items=["d"])
    assert s["a"] > s["b"] > s["c"]
    assert all(math.isfinite(v) for v in s.values())
    assert s["d"] == pytest.approx(s["b"], abs=1e-6)
    tie = bradley_terry({("a", "b"): 0.5, ("b", "a"): 0.5})
    assert tie["a"] == pytest.approx(tie["b"])
    assert bradley_terry({}) == {}
    with pytest.raises(ValueError, match="a against a"):
        bradley_terry({("a", "a"): 1})
