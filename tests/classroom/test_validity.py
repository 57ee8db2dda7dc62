import random

import pytest

from classwright.classroom.learning import LearningModel
from classwright.classroom.student import KnowledgeStudent
from classwright.classroom.validity import check_class
from classwright.skilltree.bank import problem
from classwright.skilltree.tree import default_tree

TREE = default_tree()
GOAL = "fractions.add_unlike"
WRONG_IDEA = "fractions.add_numerators_and_denominators"


def klass(n=120, **model):
    rng = random.Random(3)
    ready = dict.fromkeys(TREE.ancestors(GOAL), 0.95)
    return [
        KnowledgeStudent(
            f"s{i}", i, ready | {GOAL: rng.uniform(0.05, 0.95)}, {WRONG_IDEA} if i % 3 == 0 else set(), TREE,
            LearningModel(**model),
        )
        for i in range(n)
    ]  # fmt: skip


def test_the_default_class_is_credible_and_learns_at_the_published_rate():
    v = check_class(klass(), GOAL, 7)
    assert v.doubts == []
    assert v.rate == pytest.approx(0.1, abs=0.001)
    assert v.opportunities == pytest.approx(7, abs=2)
    assert v.persistence == 1
    assert v.pressure == 0
    assert len(v.bins) == 5


def test_a_class_that_learns_far_too_fast_is_doubted():
    v = check_class(klass(practice=0.8), GOAL, 7)
    assert any("log-odds" in d for d in v.doubts)


def test_a_class_that_guesses_is_doubted():
    v = check_class(klass(guess=0.5), GOAL, 7)
    assert any("specified mastery" in d for d in v.doubts)


def test_forgetting_takes_part_of_what_was_learned_and_spaced_sessions_keep_more():
    massed, spaced = (klass(1)[0] for _ in range(2))
    for s in (massed, spaced):
        s.held.clear()
        s.mastery[GOAL] = 0.5
    for k in range(6):
        massed.practice(problem(GOAL, k, 2), feedback=True)
    for k in range(6):
        spaced.practice(problem(GOAL, k, 2), feedback=True)
        spaced.rest(0)
    assert massed.mastery[GOAL] == pytest.approx(spaced.mastery[GOAL])
    for s in (massed, spaced):
        s.rest(30)
    assert 0.5 < massed.mastery[GOAL] < spaced.mastery[GOAL]
    assert massed.learned[GOAL] == pytest.approx(0.6 * 31**-0.12, abs=0.001)
