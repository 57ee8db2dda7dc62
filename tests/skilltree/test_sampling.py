"""Sampled classes are reproducible and credible."""

from statistics import mean

import pytest

from classwright.errors import InputError
from classwright.skilltree.sampling import LEEWAY, sample_class
from classwright.skilltree.scenes import INTERESTS
from classwright.skilltree.tree import default_tree

GOAL = "fractions.add_unlike"


def test_the_same_seed_gives_the_same_class_and_more_learners_only_add() -> None:
    tree = default_tree()
    assert sample_class(8, 7, tree, GOAL) == sample_class(8, 7, tree, GOAL)
    assert sample_class(20, 7, tree, GOAL)[:8] == sample_class(8, 7, tree, GOAL)
    assert sample_class(8, 7, tree, GOAL) != sample_class(8, 8, tree, GOAL)


def test_mastery_of_the_goal_is_what_people_show_before_practice() -> None:
    shares = sorted(x.mastery[GOAL] for x in sample_class(600, 1, default_tree(), GOAL))
    assert 0.60 <= mean(shares) <= 0.68  # .65, a little less where a weak prerequisite holds it back
    assert 0.50 <= mean(shares[:300]) <= 0.58
    assert 0.71 <= mean(shares[300:]) <= 0.79


def test_mastery_follows_the_prerequisites() -> None:
    tree = default_tree()
    for goal in (GOAL, "equations.two_step", "counting.make_10"):
        for learner in sample_class(60, 3, tree, goal):
            assert set(learner.mastery) == {*tree.ancestors(goal), goal}
            for skill, share in learner.mastery.items():
                assert 0 <= share <= 1
                assert all(share <= learner.mastery[before] + LEEWAY + 0.011 for before in tree.prerequisites(skill))


def test_a_class_varies_and_fits_the_tree() -> None:
    tree = default_tree()
    people = sample_class(200, 5, tree, GOAL)
    assert len({x.pseudonym for x in people}) == 200
    assert all(x.name == "" and x.grade == tree[GOAL].grade for x in people)
    assert {i for x in people for i in x.interests} <= set(INTERESTS)
    assert len({i for x in people for i in x.interests}) > 15
    held = [m for x in people for m in x.misconceptions]
    assert set(held) <= set(tree.misconceptions)
    of_goal = {m.id for m in tree.misconceptions_of(GOAL)}
    share = mean(bool(of_goal & set(x.misconceptions)) for x in people)
    assert 0.2 < share < 0.7
    weak, strong = people_by_mastery(people)
    assert mean(len(x.misconceptions) for x in weak) > mean(len(x.misconceptions) for x in strong)
    assert mean(sum(x.abilities.values()) for x in weak) < mean(sum(x.abilities.values()) for x in strong)
    assert abs(mean(x.reading_level or 0 for x in people) - 5) < 0.4


def people_by_mastery(people):
    ordered = sorted(people, key=lambda x: x.mastery[GOAL])
    return ordered[:100], ordered[100:]


def test_bad_requests() -> None:
    with pytest.raises(InputError, match="at least one"):
        sample_class(0, 1, default_tree(), GOAL)
    with pytest.raises(InputError, match="no skill"):
        sample_class(3, 1, default_tree(), "nothing.like_it")
