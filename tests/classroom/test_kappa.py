import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.classroom.kappa import cohen_kappa, kappa_with_interval

LABELS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40)


def table(both: int, first: int, second: int, neither: int) -> tuple[list[bool], list[bool]]:
    rows = [(True, True)] * both + [(True, False)] * first + [(False, True)] * second + [(False, False)] * neither
    return [a for a, _ in rows], [b for _, b in rows]


def test_a_table_done_by_hand():
    # agreement .70; chance .5 * .6 + .5 * .4 = .50
    assert cohen_kappa(*table(20, 5, 10, 15)) == pytest.approx(0.4)


def test_perfect_opposite_and_undefined():
    assert cohen_kappa([1, 0, 1], [1, 0, 1]) == 1
    assert cohen_kappa([1, 0], [0, 1]) == -1
    assert cohen_kappa([1, 1], [1, 1]) is None
    assert cohen_kappa([], []) is None
    with pytest.raises(ValueError):
        cohen_kappa([1], [])


@given(LABELS)
def test_it_does_not_matter_who_is_first(rows):
    one, two = [a for a, _ in rows], [b for _, b in rows]
    assert cohen_kappa(one, two) == pytest.approx(cohen_kappa(two, one), nan_ok=False) or cohen_kappa(one, two) is None


def test_the_interval_covers_the_value_and_missing_labels_count_in_nothing():
    one, two = table(20, 5, 10, 15)
    found = kappa_with_interval([*one, None, True], [*two, True, None], seed=3)
    assert found.n == 50
    assert found.value == pytest.approx(0.4)
    assert found.low is not None
    assert found.high is not None
    assert 0.1 < found.low < 0.4 < found.high < 0.7
    assert found == kappa_with_interval(one, two, seed=3)
    assert kappa_with_interval([None, True], [True, None]).value is None
