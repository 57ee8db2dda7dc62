"""Weights of perspectives by what the student is ready to learn."""

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.distill.perspectives import readiness, weigh, weights
from classwright.distill.rows import Message, Row


def test_readiness_is_greatest_halfway():
    assert [readiness(log(p)) for p in (0.5, 0.25, 0.75, 1.0)] == pytest.approx([1, 0.75, 0.75, 0])
    assert readiness(-800) == 0
    with pytest.raises(ValueError, match="above 0"):
        readiness(0.1)


def test_weights_by_hand():
    assert weights([log(0.5), log(0.75)]) == pytest.approx([2 / 1.75, 1.5 / 1.75])
    assert weights([log(0.5), log(0.75)], 0.5) == pytest.approx([2 / 1.5625, 2 * 0.5625 / 1.5625])
    assert weights([log(0.5), log(0.9)], 1e-4) == pytest.approx([2, 0])
    assert weights([0.0, -900.0]) == [1, 1]  # knows one, cannot follow the other: nothing tells them apart
    assert weights([]) == []
    with pytest.raises(ValueError, match="temperature 0"):
        weights([0.0], 0)


@given(st.lists(st.floats(-50, 0), min_size=1, max_size=8), st.floats(0.05, 20))
def test_no_prompt_counts_more_than_another(likelihoods, temperature):
    found = weights(likelihoods, temperature)
    assert sum(found) == pytest.approx(len(likelihoods))
    assert min(found) >= 0


def test_rows_of_a_prompt_are_weighed_among_themselves():
    def row(name: str, question: str, weight: float = 1.0) -> Row:
        chat = (Message(role="user", content=question), Message(role="assistant", content=name))
        return Row(id=name, messages=chat, weight=weight)

    likelihood = {"a": log(0.5), "b": log(0.75), "c": log(0.1)}
    rows = [row("a", "p"), row("c", "q", 3.0), row("b", "p", 2.0)]
    found = weigh(rows, lambda r: likelihood[r.id])
    assert [r.id for r in found] == ["a", "c", "b"]
    assert [r.weight for r in found] == pytest.approx([2 / 1.75, 3.0, 2 * 1.5 / 1.75])
