from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.classroom.chains import OPERATIONS, Chain, Step, chain, mark

ALL = tuple(OPERATIONS)
WORKED = Chain(7, (Step("add", "Add 5.", 12), Step("double", "Double it.", 24), Step("ten below", "Go down.", 20)))


@given(st.integers(0, 10_000), st.integers(1, 6), st.sets(st.sampled_from(ALL), min_size=2))
def test_a_chain_has_k_steps_of_its_skills_and_marks_its_own_work_full(seed, k, skills):
    made = chain(k, sorted(skills), Random(seed))
    assert len(made.steps) == k
    assert {s.skill for s in made.steps} <= skills
    for a, b in zip(made.steps, made.steps[1:], strict=False):
        others = (
            skills - {a.skill} - ({"double"} if a.result > 30 else set()) - ({"subtract"} if a.result < 1 else set())
        )
        assert b.skill != a.skill or not others
    assert all(s.result >= 0 for s in made.steps)
    assert mark(made.worked(), made) == (True, True, 1.0)
    assert mark(f"{made.worked()}\nANSWER: {made.answer}", made) == (True, True, 1.0)


def test_a_chain_is_told_step_by_step():
    assert WORKED.text == "Start with 7. Add 5. Double it. Go down. What do you get?"
    assert WORKED.answer == 20


def test_one_wrong_step_costs_one_step_and_the_result():
    # 7 + 5 = 13 is wrong; 26 and 20 follow from it
    assert mark("Add 5. 13\nDouble it. 26\nGo down. 20", WORKED) == (True, False, pytest.approx(2 / 3))
    assert mark("Add 5. 12\nDouble it. 25\nGo down. 20", WORKED) == (True, False, pytest.approx(2 / 3))
    assert mark("Add 5. 12\nDouble it. 24\nGo down. 21", WORKED) == (False, False, pytest.approx(2 / 3))


def test_a_right_result_without_steps_is_full_marks_but_no_skill():
    assert mark("ANSWER: 20", WORKED) == (True, False, 0.0)


def test_a_result_of_ones_own_that_no_step_explains():
    assert mark("ANSWER: 21", WORKED) == (False, False, 0.0)
    assert mark("I do not know", WORKED) == (False, False, 0.0)
    assert mark("", WORKED) == (False, False, 0.0)
    assert mark("9" * 40, WORKED).full is False


def test_work_that_stops_early_counts_what_is_there():
    assert mark("Add 5. 12", WORKED) == (False, False, pytest.approx(1 / 3))


def test_no_chain_is_made_of_other_skills_than_asked():
    with pytest.raises(ValueError, match="no chain of 9 steps can be made of double alone"):
        chain(9, ("double",), Random(0))
    with pytest.raises(ValueError, match="skills of a chain"):
        chain(2, ("divide",), Random(0))
    with pytest.raises(ValueError, match="skills of a chain"):
        chain(2, (), Random(0))
    assert {s.skill for s in chain(4, ("subtract",), Random(3)).steps} == {"subtract"}
