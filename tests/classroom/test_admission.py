import re

import pytest

from classwright.classroom.admission import Offer, Terms, admit, plain_expression, written_skills
from classwright.classroom.equations import false_equations
from classwright.classroom.verify import check_problem
from classwright.skilltree.bank import wrong_answer
from classwright.skilltree.expression import evaluate
from classwright.skilltree.grading import grade
from classwright.skilltree.tree import default_tree

TREE = default_tree()
GOOD = Offer("Rosa uses 3/4 cup of flour for bread and 1/6 cup for rolls. How many cups does Rosa use in all?",
             "3/4 + 1/6", "11/12")  # fmt: skip


def terms(skill="fractions.add_unlike", level=1, taken=(), examples=(), reading_grade=7.0):
    return Terms(TREE[skill], level, frozenset(taken), reading_grade, examples)


def test_a_good_problem_becomes_a_normal_one():
    p, faults = admit(GOOD, terms(), 3)
    assert faults == []
    assert p is not None
    assert (p.id, p.family, p.skill) == ("fractions.add_unlike/model/3", "model", "fractions.add_unlike")
    assert (p.answer, p.unit, p.kind) == ("11/12", "cups", "number")
    assert check_problem(p) == []
    assert grade("11/12 cups", p).result == "right"
    assert "11/12" in p.steps[-1]
    assert [e for step in p.steps for e in false_equations(step)] == []


def test_no_rule_of_the_bank_fails_on_it():
    p, _ = admit(GOOD, terms(), 1)
    assert p is not None
    for m in TREE.misconceptions_of(p.skill):
        wrong = wrong_answer(m.id, p)
        assert wrong is None or grade(wrong, p).result == "wrong"


def test_an_answer_above_one_is_written_as_the_skill_writes_it():
    offer = Offer(GOOD.text.replace("1/6", "5/6"), "3/4 + 5/6", "19/12")
    p, faults = admit(offer, terms(level=2), 1)
    assert faults == []
    assert p is not None
    assert p.answer == "1 7/12"


@pytest.mark.parametrize(("change", "why"), [
    ({"expression": "3/4 + 1/4", "answer": "1"}, "this skill's problems have"),
    ({"expression": "3/4 - 1/6", "answer": "7/12"}, "not built like"),
    ({"expression": "3/4 + 1/6 + 1/2"}, "not built like"),
    ({"expression": "flour + rolls"}, "no function and no letter"),
    ({"answer": "4/10"}, "the answer is 11/12, and the model said 4/10"),
    ({"answer": "ten"}, "the model said ten"),
    ({"text": GOOD.text.replace("1/6", "1/8")}, "6 of the calculation is not in the text"),
    ({"text": GOOD.text.replace("bread", "2 loaves")}, "2 is not used"),
    ({"text": GOOD.text.replace("?", ".")}, "one question"),
    ({"text": "Sure! " + GOOD.text}, "talks about itself"),
    ({"text": "Add 3/4 and 1/6 how much?"}, "words, not"),
    ({"text": GOOD.text.replace("Rosa uses", "Notwithstanding considerable organizational difficulties Rosa utilizes")},
     "reads like grade"),
])  # fmt: skip
def test_each_refusal_has_its_reason(change, why):
    p, faults = admit(GOOD._replace(**change), terms(), 1)
    assert p is None
    assert any(why in f for f in faults), faults


def test_what_is_in_the_plan_or_the_test_is_refused_in_any_order_of_its_numbers():
    for taken in ("fractions.add_unlike 3/4 + 1/6", "fractions.add_unlike 1/6 + 3/4"):
        p, faults = admit(GOOD, terms(taken=[taken]), 1)
        assert p is None
        assert "of the plan or of a test" in faults[0]
    assert admit(GOOD, terms(taken=["fractions.subtract_unlike 3/4 + 1/6"]), 1)[0] is not None


def test_an_example_with_other_numbers_is_refused():
    p, faults = admit(GOOD, terms(examples=[GOOD.text.replace("3/4", "2/5")]), 1)
    assert p is None
    assert faults == ["it is an example with other numbers"]


def test_a_problem_of_another_level_takes_that_level():
    offer = Offer(
        "A farm has 465 hens and gets 105 more hens. How many hens does the farm have now?", "465 + 105", "570"
    )
    p, faults = admit(offer, terms("whole.add_3digit", level=3), 1)
    assert faults == []
    assert p is not None
    assert p.level == 1


def test_an_equation_is_solved_for_its_letter():
    offer = Offer("Sam has $10 and saves $6 every week. After how many weeks does Sam have $34?", "6w + 10 = 34", "4")
    p, faults = admit(offer, terms("equations.two_step_story"), 1)
    assert faults == []
    assert p is not None
    assert p.expression == "solve(6w + 10 = 34, w)"


@pytest.mark.parametrize(("written", "plain"), [
    ("$5 * 3 = $15", "5 * 3"), ("1,200 + 35", "1200 + 35"), ("6x + 10 = 34", "solve(6x + 10 = 34, x)"),
    ("x = (34 - 10) / 6", "(34 - 10) / 6"), ("solve(2x = 6, x)", "solve(2x = 6, x)"), ("3/4 + 1/6.", "3/4 + 1/6"),
])  # fmt: skip
def test_what_models_put_around_an_expression_is_left_out(written, plain):
    assert plain_expression(written) == plain
    assert evaluate(plain)


def test_only_skills_with_stories_are_written_for():
    assert written_skills(["fractions.add_unlike", "polynomials.add"]) == ["fractions.add_unlike"]


def test_numbers_of_steps_and_answer_are_not_from_another_story():
    p, _ = admit(Offer("A baker sells 8 trays of 3 rolls and 14 loose rolls. How many rolls are sold in all?",
                       "8 * 3 + 14", "38"), terms("whole.two_step_story", level=2), 1)  # fmt: skip
    assert p is not None
    assert "marbles" not in " ".join(p.steps)
    assert re.search(r"\b38\b", p.steps[-1])
