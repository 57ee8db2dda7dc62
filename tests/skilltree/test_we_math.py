import itertools

import pytest

from classwright.skilltree import bank
from classwright.skilltree.we_math import case, next_step, rates

ROWS = [(k, whole, parts) for k in (2, 3, 4, 5) for whole in (True, False) for parts in itertools.product((True, False), repeat=k)]  # fmt: skip


@pytest.mark.parametrize("k", [2, 3, 4, 5])
def test_the_whole_truth_table(k):
    """Written out from the definitions by how many of the k sub-problems are right."""
    table = {(whole, parts): (case(whole, parts), case(whole, parts, "loose")) for n, whole, parts in ROWS if n == k}
    assert len(table) == 2 ** (k + 1)
    for (whole, parts), (strict, loose) in table.items():
        s = sum(parts)
        if not whole:
            assert strict == loose == ("IG" if s == k else "IK")
        else:
            assert strict == ("CM" if s == k else "RM")
            assert loose == ("RM" if s == 0 else "CM")


def test_how_often_each_case_stands_in_the_tables():
    for k in (2, 3, 4, 5):
        strict = [case(whole, parts) for n, whole, parts in ROWS if n == k]
        loose = [case(whole, parts, "loose") for n, whole, parts in ROWS if n == k]
        assert [strict.count(c) for c in ("IK", "IG", "CM", "RM")] == [2**k - 1, 1, 1, 2**k - 1]
        assert [loose.count(c) for c in ("IK", "IG", "CM", "RM")] == [2**k - 1, 1, 2**k - 1, 1]


def test_the_published_formulas_by_hand():
    results = [(True, (True, True)), (True, (True, False)), (False, (True, True)), (False, (False, True)),
               (True, (False, False))]  # fmt: skip
    strict, loose = rates(results), rates(results, "loose")
    assert (strict.n, strict.ik, strict.ig, strict.cm, strict.rm) == (5, 0.2, 0.2, 0.2, 0.4)
    assert strict.rm_rate == pytest.approx(2 / 3)
    assert strict.score == pytest.approx((1 + 0.5) / 5)
    assert (loose.cm, loose.rm, loose.rm_rate) == (0.4, 0.2, pytest.approx(1 / 3))
    assert loose.score == pytest.approx((2 + 0.5) / 5)
    assert rates([(False, (True, True))]).rm_rate is None


def test_what_to_do_next_on_real_composed_problems():
    for name, skills in bank.composed_skills().items():
        problem = bank.composed(name, seed=1)
        k = len(problem.parts)
        assert 2 <= k <= 5
        first_wrong = (False,) + (True,) * (k - 1)
        taught = next_step(problem, False, first_wrong)
        assert (taught.case, taught.action, taught.skills) == ("IK", "teach", (problem.parts[0].skill,))
        assert problem.parts[0].skill in taught.words
        composed = next_step(problem, False, (True,) * k)
        assert (composed.case, composed.action) == ("IG", "compose")
        assert set(composed.skills) == set(skills)
        assert next_step(problem, True, (True,) * k).action == "advance"
        again = next_step(problem, True, first_wrong)
        assert (again.case, again.action, again.skills) == ("RM", "probe", (problem.parts[0].skill,))
        loose = next_step(problem, True, first_wrong, "loose")
        assert (loose.case, loose.action) == ("CM", "advance")
        assert problem.parts[0].skill in loose.words


def test_impossible_input_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        case(True, ())
    with pytest.raises(ValueError, match="no composed"):
        rates([])
    with pytest.raises(ValueError, match="1 results for"):
        next_step(bank.composed("whole.two_deliveries", 1), True, (True,))
