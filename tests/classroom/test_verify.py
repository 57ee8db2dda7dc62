import pytest

from classwright.classroom.audience import assemble, students
from classwright.classroom.draft import draft_plan
from classwright.classroom.edits import apply_edit, possible_edits
from classwright.classroom.learning import LearningModel
from classwright.classroom.plan import Objective
from classwright.classroom.rehearsal import make_exam, rehearse
from classwright.classroom.timetable import APPROACHES
from classwright.classroom.verify import verify
from classwright.skilltree.bank import numbers
from classwright.skilltree.sampling import sample_class
from classwright.skilltree.tree import default_tree

TREE = default_tree()
GOALS = (
    "counting.add_within_5", "counting.count_on", "whole.subtract_regroup", "fractions.add_unlike", "decimals.compare",
    "ratios.unit_rate", "integers.add", "equations.two_step", "functions.slope_intercept",
    "polynomials.factor_trinomial", "geometry.area_triangle", "measurement.elapsed_time", "statistics.median",
)  # fmt: skip


def make(goal="fractions.add_unlike", approach="balanced", minutes=45):
    audience = assemble(sample_class(8, 7, TREE, goal), goal, TREE)
    exam = make_exam([*audience.missing, goal], 7)
    plan = draft_plan(TREE, audience, minutes, approach, 7, "baking", [*exam.before, *exam.after])
    return plan, audience, exam


@pytest.mark.parametrize("goal", GOALS)
def test_a_drafted_plan_passes_every_check_and_so_do_its_edits(goal):
    plan, audience, exam = make(goal, minutes=60)
    held_out = [*exam.before, *exam.after]
    assert verify(plan, TREE, held_out).findings == []
    klass = students(audience, TREE, 7, LearningModel())
    for edit in possible_edits(plan, rehearse(plan, klass, exam, 7), TREE):
        edited, _ = apply_edit(plan, edit, TREE, 7, held_out)
        assert verify(edited, TREE, held_out).findings == []


@pytest.mark.parametrize("approach", sorted(APPROACHES))
def test_every_approach_uses_all_minutes_and_assesses_every_objective(approach):
    plan, _, _ = make(approach=approach)
    assert sum(m for _, m in plan.timetable()) == 45
    assert {o.assessed_by for o in plan.objectives} <= {p.id for p in plan.exit_ticket.problems}


def test_all_four_planted_faults_are_caught():
    plan, _, exam = make()
    bad = plan.model_copy(deep=True)
    item = bad.independent.core[0]
    bad.independent.core[0] = item.model_copy(update={"answer": "7/9"})
    bad.explanations[0].text.text += " Remember that 1/2 + 1/3 = 2/5."
    bad.guided.minutes += 3
    bad.objectives.append(Objective(id="O9", skill=plan.skill, text="I can explain it.", assessed_by="nowhere"))
    found = verify(bad, TREE, [*exam.before, *exam.after])
    assert {f.kind for f in found.findings} == {"wrong answer", "false equation", "minutes", "objective"}
    assert (found.wrong_answers, found.false_equations) == (1, 1)


def test_a_plan_that_practices_the_test_is_caught():
    plan, _, exam = make()
    bad = plan.model_copy(deep=True)
    bad.guided.problems.append(exam.after[0])
    assert [f.kind for f in verify(bad, TREE, exam.after).findings] == ["test leak"]


def test_a_wrong_idea_that_its_rule_does_not_give_is_caught():
    plan, _, _ = make()
    bad = plan.model_copy(deep=True)
    bad.repairs[0].wrong_answer = "99"
    assert [f.kind for f in verify(bad, TREE).findings] == ["coverage"]


def test_a_number_changed_in_the_text_is_caught():
    plan, _, _ = make("whole.add_3digit")
    bad = plan.model_copy(deep=True)
    item = bad.guided.problems[-1]
    number = max(str(v) for v in item.values.values() if isinstance(v, int) and v > 99)
    bad.guided.problems[-1] = item.model_copy(update={"text": item.text.replace(number, "1")})
    assert verify(bad, TREE).wrong_answers == 1


def test_lesson_and_test_share_no_item_and_the_two_forms_differ():
    plan, _, exam = make()
    practiced = {numbers(p) for p in plan.practice_problems()}
    before, after = ({numbers(p) for p in form} for form in (exam.before, exam.after))
    assert not practiced & (before | after)
    assert not before & after
    assert [p.level for p in exam.before] == [p.level for p in exam.after]


def test_a_skill_of_few_facts_says_that_the_test_repeats_the_lesson():
    plan, _, exam = make("counting.add_within_5")
    assert verify(plan, TREE, exam.after).facts == ["counting.add_within_5"]
    plan, _, exam = make()
    assert verify(plan, TREE, exam.after).facts == []
