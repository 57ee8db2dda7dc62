import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classwright.classroom.equations import false_equations
from classwright.classroom.worked_steps import twin, worked_steps
from classwright.skilltree.bank import problem

ARITHMETIC = ("whole.two_step_story", "fractions.add_unlike", "fractions.subtract_mixed", "decimals.multiply",
              "measurement.money_decimals", "ratios.percent_of", "geometry.perimeter", "integers.add",
              "equations.two_step_story", "whole.divide_facts")  # fmt: skip


def test_operations_come_one_a_step_the_innermost_first():
    assert worked_steps("(22 + 42) / 8", "8") == ("22 + 42 = 64.", "64 ÷ 8 = 8.", "So the answer is 8.")
    assert worked_steps("20 - 4*1.56", "13.76") == ("4 × 1.56 = 6.24.", "20 - 6.24 = 13.76.", "So the answer is 13.76.")


def test_unlike_fractions_are_brought_to_one_denominator():
    first, second, _ = worked_steps("3/4 + 1/6", "11/12")
    assert first == "Use 12 as the bottom number: 3/4 = 9/12 and 1/6 = 2/12."
    assert second == "3/4 + 1/6 = 11/12."


def test_an_equation_is_solved():
    steps = worked_steps("solve(6x + 10 = 34, x)", "4")
    assert steps[0].endswith("6x + 10 = 34.")
    assert "6x = 24" in steps[1]
    assert steps[-1] == "So the answer is 4."


def test_a_function_is_explained_by_the_method_of_its_skill():
    assert worked_steps("median(1, 5, 9)", "5", ("Put them in order.",))[0] == "Put them in order."


@given(st.sampled_from(ARITHMETIC), st.integers(0, 10**5), st.integers(1, 3))
@settings(max_examples=150)
def test_steps_are_true_and_reach_the_answer(skill, seed, level):
    p = problem(skill, seed, level)
    steps = worked_steps(p.expression, p.answer)
    assert [e for step in steps for e in false_equations(step)] == []
    assert steps[-1] == f"So the answer is {p.answer}."


@pytest.mark.parametrize("skill", ["fractions.add_unlike", "whole.multiply_facts", "decimals.divide_by_whole"])
def test_a_twin_has_the_same_numbers_and_no_words_of_its_own_story(skill):
    bare = problem(skill, 3, 1)
    story = f"A farmer asks about {' and '.join(re.findall(r'[0-9./]+', bare.text))}. How much is it?"
    found = twin(skill, 1, bare.expression, story)
    assert found is None or found.expression == bare.expression
    assert twin(skill, 1, "123456 + 654321", story) is None
