from statistics import mean

import pytest

from classwright.classroom.audience import assemble, students
from classwright.classroom.careless import careless_answer
from classwright.classroom.learning import LearningModel, logit, probability
from classwright.classroom.rehearsal import rehearse, teach
from classwright.classroom.student import KnowledgeStudent
from classwright.skilltree.bank import problem, problems, wrong_answer
from classwright.skilltree.grading import grade
from classwright.skilltree.sampling import sample_class
from classwright.skilltree.tree import default_tree

TREE = default_tree()
GOAL = "fractions.add_unlike"
ADDS_BOTH = "fractions.add_numerators_and_denominators"


def student(seed=1, mastery=0.5, held=(), **model):
    ready = dict.fromkeys(TREE.ancestors(GOAL), 0.95)
    return KnowledgeStudent("x", seed, ready | {GOAL: mastery}, set(held), TREE, LearningModel(**model))


@pytest.mark.parametrize("mastery", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_share_of_right_answers_tracks_mastery(mastery):
    items = problems(GOAL, 10, 5, 2)
    right = mean(student(seed, mastery).answer(p).right for seed in range(100) for p in items)
    assert abs(right - mastery) < 0.06


def test_the_same_student_answers_the_same_item_alike():
    p = problem(GOAL, 3, 2)
    assert student().answer(p) == student().answer(problem(GOAL, 3, 2, "football"))


def test_errors_of_a_holder_are_mostly_the_misconceptions_own():
    items = [p for p in problems(GOAL, 60, 5, 2) if wrong_answer(ADDS_BOTH, p)]
    wrong = [r for s in range(20) for p in items if not (r := student(s, 0.2, [ADDS_BOTH]).answer(p)).right]
    share = mean(r.misconception == ADDS_BOTH for r in wrong)
    assert abs(share - 0.85) < 0.05


def test_ten_opportunities_add_one_log_odds():
    s = student(mastery=0.5)
    for p in problems(GOAL, 10, 5, 2):
        s.practice(p, feedback=True)
    assert logit(s.mastery[GOAL]) == pytest.approx(1.0)


def test_about_seven_opportunities_take_a_typical_learner_to_eighty_percent():
    s = student(mastery=0.65)
    n = 0
    while s.mastery[GOAL] < 0.8:
        s.practice(problem(GOAL, n, 2), feedback=True)
        n += 1
    assert 6 <= n <= 9


def test_unready_learners_learn_less():
    ready, unready = student(), student()
    unready.mastery |= dict.fromkeys(TREE.prerequisites(GOAL), 0.1)
    for s in (ready, unready):
        s.practice(problem(GOAL, 1, 2), feedback=True)
    assert unready.mastery[GOAL] < ready.mastery[GOAL]


def test_a_misconception_that_is_not_addressed_persists():
    audience = assemble(sample_class(12, 3, TREE, GOAL), GOAL, TREE)
    from tests.classroom.test_verify import make

    plan, _, _ = make()
    bare = plan.model_copy(update={"repairs": []})
    for original in students(audience, TREE, 3, LearningModel()):
        copy = original.copy()
        assert teach(bare, copy) == []
        assert copy.held == original.held


def test_a_full_repair_frees_about_its_share_of_holders():
    freed = mean(student(seed, held=[ADDS_BOTH]).be_repaired(ADDS_BOTH, 0.5, "lesson") for seed in range(2000))
    assert abs(freed - 0.5) < 0.04


def test_rehearsal_leaves_the_students_as_they_were_and_is_reproducible():
    from tests.classroom.test_verify import make

    plan, audience, exam = make()
    klass = students(audience, TREE, 7, LearningModel())
    first = rehearse(plan, klass, exam, 7)
    assert rehearse(plan, klass, exam, 7) == first
    assert first.gain.n == 24


def test_no_lesson_no_gain():
    from tests.classroom.test_verify import make

    plan, audience, exam = make()
    nothing = dict.fromkeys(("practice", "example", "explanation", "repair", "repair_at_hand", "freed"), 0.0)
    klass = students(audience, TREE, 7, LearningModel(**nothing))
    gain = rehearse(plan, klass, exam, 7).gain
    assert gain.low is not None
    assert gain.high is not None
    assert gain.low <= 0.05
    assert gain.high >= -0.05


@pytest.mark.parametrize("skill", ["fractions.compare", "decimals.add", "ratios.write", "equations.one_step_add",
                                   "geometry.coordinate_plane", "measurement.tell_time_5min", "whole.primes"])  # fmt: skip
def test_a_careless_answer_is_wrong(skill):
    for seed in range(30):
        p = problem(skill, seed, 2)
        slip = careless_answer(p, seed)
        assert slip == "" or grade(slip, p).result != "right"


def test_log_odds_and_probability_are_inverse():
    for p in (0.01, 0.5, 0.99):
        assert probability(logit(p)) == pytest.approx(p)
