"""Rows within a budget of tokens: what fits, what is spread, what is an error."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.distill.row_budget import Sized, spread, within_budget
from classwright.distill.rows import Message, Row
from classwright.errors import InputError

TALK = (Message(role="user", content="a"), Message(role="assistant", content="b"))


def sized(n: int, task: str = "hook", tokens: int = 10, skill: str = "s", pattern: str = "p") -> Sized:
    row = Row(id=f"{task}/{skill}/{n}", messages=TALK, skill=skill, task=task, pattern=pattern)
    return Sized(row, tokens)


def test_a_rare_task_is_taken_whole_and_frequent_ones_up_to_the_same_number():
    rows = [sized(n, "rare") for n in range(5)]
    rows += [sized(n, "often", 10) for n in range(100)] + [sized(n, "long", 40) for n in range(100)]
    kept, table = within_budget(rows, 5 * 10 + 20 * 50 + 49)
    assert [(t.task, t.rows, t.tokens) for t in table] == [("long", 20, 800), ("often", 20, 200), ("rare", 5, 50)]
    assert [(t.of_rows, t.of_tokens) for t in table] == [(100, 4000), (100, 1000), (5, 50)]
    assert Counter(row.task for row in kept) == {"long": 20, "often": 20, "rare": 5}


def test_a_weight_changes_a_tasks_room():
    rows = [sized(n, task) for task in "abc" for n in range(100)]
    _, table = within_budget(rows, 10 * (10 + 20 + 5), {"b": 2.0, "c": 0.5})
    assert [t.rows for t in table] == [10, 20, 5]


def test_all_rows_are_taken_where_they_fit():
    rows = [sized(n, task) for task in "ab" for n in range(7)]
    kept, _ = within_budget(rows, 10_000, {"a": 0.1})
    assert len(kept) == 14


def test_a_beginning_is_spread_over_skills_and_patterns():
    rows = [sized(100 * s + n, skill=f"s{s}", pattern=f"p{n % 4}") for s in range(5) for n in range(40)]
    first = spread(rows, 3)[:20]
    assert set(Counter(s.row.skill for s in first).values()) == {4}
    assert set(Counter(s.row.pattern for s in first).values()) == {5}


def test_a_budget_that_is_too_small_and_a_weight_of_no_task_are_named():
    with pytest.raises(InputError, match="tokens = 15: one row of each task has 20"):
        within_budget([sized(1, "a"), sized(2, "b")], 15)
    with pytest.raises(InputError, match="no row is of the task hock; there are hook"):
        within_budget([sized(1)], 100, {"hock": 2.0})


rows_of = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(1, 50), st.sampled_from("xyz"), st.sampled_from("pq")), min_size=1
).map(lambda found: [sized(n, task, tokens, skill, pattern) for n, (task, tokens, skill, pattern) in enumerate(found)])


@given(rows_of, st.integers(150, 2000), st.integers(0, 3))
def test_the_budget_is_kept_the_order_of_rows_does_not_matter_and_more_tokens_take_more(rows, tokens, seed):
    kept, table = within_budget(rows, tokens, {}, seed)
    size = {s.row.id: s.tokens for s in rows}
    assert sum(size[row.id] for row in kept) == sum(t.tokens for t in table) <= tokens
    assert len({row.id for row in kept}) == len(kept)
    assert within_budget(rows[::-1], tokens, {}, seed) == (kept, table)
    more, _ = within_budget(rows, tokens + 100, {}, seed)
    assert {row.id for row in kept} <= {row.id for row in more}
    assert sorted(s.row.id for s in spread(rows, seed)) == sorted(size)
