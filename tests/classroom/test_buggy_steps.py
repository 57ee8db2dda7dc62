"""Wrong solutions from a problem's own steps: consistent, plausible, reproducible."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classwright.classroom.arithmetic_bugs import BUGS
from classwright.classroom.buggy_steps import FARTHEST, wrong_solutions
from classwright.classroom.equations import false_equations
from classwright.classroom.problem_record import problem_of
from classwright.classroom.solution_chain import chain_of, leads_to
from classwright.classroom.solution_steps import read_solution
from classwright.skilltree.bank import problem as drawn
from classwright.skilltree.grading import grade
from classwright.skilltree.problem import Problem


def made(question: str, answer: str) -> Problem:
    return problem_of({"question": question, "answer": answer}, "made", 1).problem


KITES = made(
    "Ana sold 48 kites in spring and half as many in fall. Each kite costs $3. How much money did she get in all?",
    "In fall she sold 48/2 = <<48/2=24>>24 kites.\nTogether that is 48+24 = <<48+24=72>>72 kites.\n"
    "She got 72 * $3 = $<<72*3=216>>216.\n#### 216",
)
SALE = made(
    "A coat costs $80. In a sale it is 25% cheaper. How much does it cost then?",
    "The coat is 80*.25 = $<<80*.25=20>>20 cheaper.\nIt costs 80-20 = $<<80-20=60>>60.\n#### 60",
)
BOARDS = made(
    "A board of 52 inches is cut from one of 81 inches. The rest is used. How many inches are used of 12 such boards?",
    "The rest is 81 - 52 = 29 inches.\nOf 12 boards that is 29 * 12 = 348 inches.\n#### 348",
)
BUS = made(
    "A bus carries 38 children, 27 parents and 6 teachers. How many people are on 4 such buses?",
    "A bus carries 38 + 27 + 6 = <<38+27+6=71>>71 people.\nFour buses carry 71 x 4 = <<71*4=284>>284 people.\n#### 284",
)
MARBLES = made(
    "Max has 47 marbles. Lea has 28 more marbles than Max. How many marbles does Lea have?",
    "Lea has 47 + 28 = <<47+28=75>>75 marbles.\n#### 75",
)
ALL = [KITES, SALE, BOARDS, BUS, MARBLES]


@pytest.mark.parametrize(
    ("p", "bug", "expected"),
    [
        (KITES, "multiplied_for_divided", {"432"}),  # 48*2=96, 48+96=144, 144*3
        (KITES, "step_left_out", {"288", "144"}),  # (48+48)*3 and 48*3; 24*3 stopped_early gives too
        (KITES, "stopped_early", {"72"}),
        (KITES, "added_for_multiplied", {"75"}),
        (SALE, "percent_as_number", {"55"}),  # "25% is $25"
        (SALE, "added_for_subtracted", {"100"}),
        (SALE, "decimal_point", {"78"}),  # $2 off; $200 off would leave less than nothing
        (BOARDS, "smaller_from_larger", {"372"}),  # 31 * 12
        (BOARDS, "added_for_subtracted", {"1596"}),  # 133 * 12
        (BUS, "quantity_left_out", {"260", "176", "132"}),
        (BUS, "step_left_out", {"152", "108", "24"}),
        (MARBLES, "reversed_comparison", {"19"}),
        (MARBLES, "carry_forgotten", {"65"}),
        (MARBLES, "digits_swapped", {"57"}),
        (MARBLES, "added_for_multiplied", set()),
    ],
)
def test_the_wrong_answer_follows_from_the_bug(p: Problem, bug: str, expected: set[str]) -> None:
    assert {w.answer for w in wrong_solutions(p, 0, 99) if w.bug == bug} == expected


def test_the_lines_say_what_the_numbers_say() -> None:
    (left_out,) = (w for w in wrong_solutions(KITES, 0, 99) if w.answer == "288")
    assert left_out.text.split("\n") == ["Together that is 48 + 48 = 96 kites.", "She got 96 * $3 = $288.",
                                         "The answer is 288."]  # fmt: skip
    assert (left_out.bug, left_out.step) == ("step_left_out", 0)
    assert left_out.correct == "In fall she sold 48/2 = 24 kites."
    (percent,) = (w for w in wrong_solutions(SALE, 0, 99) if w.bug == "percent_as_number")
    assert percent.text.split("\n") == ["25% is $25 cheaper.", "It costs 80 - 25 = $55.", "The answer is 55."]
    (stopped,) = (w for w in wrong_solutions(KITES, 0, 99) if w.bug == "stopped_early")
    assert (stopped.step, stopped.correct) == (2, KITES.steps[2])


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(ALL), st.integers(0, 10**6), st.integers(1, 5))
def test_what_every_wrong_solution_keeps(p: Problem, seed: int, n: int) -> None:
    found = wrong_solutions(p, seed, n)
    assert found == wrong_solutions(p, seed, n)
    assert 1 <= len(found) <= n
    assert len({w.answer for w in found}) == len(found)
    for w in found:
        assert grade(w.answer, p).result == "wrong"
        assert grade(w.text, p).result == "wrong"
        assert 1 / FARTHEST <= Fraction(w.answer) / Fraction(p.answer) <= FARTHEST
        assert w.step is not None
        assert w.correct == p.steps[w.step]
        assert w.text.split("\n")[: w.step] == list(p.steps[: w.step])  # all right before the wrong step
        assert len(false_equations(w.text)) <= (w.bug in SLIPS)  # only a slip is a wrong calculation


SLIPS = {name for name, bug in BUGS.items() if bug.slip}


def test_seeds_differ_and_bugs_come_in_turn() -> None:
    assert len({wrong_solutions(BUS, seed, 1)[0].bug for seed in range(40)}) >= 5
    assert len({w.bug for w in wrong_solutions(BUS, 3, 5)}) == 5
    ideas = sum(not BUGS[wrong_solutions(BUS, seed, 1)[0].bug].slip for seed in range(60))
    assert ideas > 40


def test_a_problem_of_the_bank_can_be_solved_wrong_too() -> None:
    p = drawn("whole.add_2digit", 5, 2)
    assert all(grade(w.answer, p).result == "wrong" for w in wrong_solutions(p, 1, 3))


@pytest.mark.parametrize(
    "p",
    [
        made("How many?", "There are 7.\n#### 7"),
        made("What is x?", "x + 5 = 9\n#### 4"),
        made("Which is it?", "yes"),
        made("How many?", "First 3 + 4 = <<3+4=7>>7.\n#### 9"),
    ],
)
def test_none_where_no_calculation_leads_to_the_answer(p: Problem) -> None:
    assert wrong_solutions(p, 0, 3) == ()


def test_a_wrong_answer_to_how_many_is_a_whole_number() -> None:
    p = made("How many bags of 4 hold 20 nuts and 8 nuts?", "20 + 8 = 28 nuts.\n28 / 4 = 7 bags.\n#### 7")
    assert {w.answer for w in wrong_solutions(p, 0, 99)} >= {"5", "3"}
    assert all("." not in w.answer and "/" not in w.answer for w in wrong_solutions(p, 0, 99))


def test_a_given_number_that_is_a_result_too_is_told_apart_by_its_use() -> None:
    chain = chain_of(made("Tom has 6 pens and buys 6 more at $2. How much are all worth?",
                          "He has 6 + 6 = 12 pens.\nThey are worth 12 * 2 = $24.\n#### 24"))  # fmt: skip
    assert chain is not None
    assert [dict(u) for u in chain.uses] == [{}, {0: 0}]
    assert leads_to(chain, 0)


def test_every_bug_says_what_it_is_and_who_describes_it() -> None:
    assert len(BUGS) >= 15
    assert all((bug.idea and bug.source[-4:].strip(")").isdigit()) or "(" in bug.source for bug in BUGS.values())


def test_steps_are_the_steps_of_the_problem() -> None:
    assert KITES.steps == tuple(s.text for s in read_solution(KITES.values["worked"]))
