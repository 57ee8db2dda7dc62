"""Planning: what comes next, sequences with spaced review, and the order score against brute force."""

from itertools import pairwise, permutations

import numpy as np
import pytest

from classwright.errors import InputError
from classwright.skilltree.learner import Learner
from classwright.skilltree.planning import INTERVALS, best_order, minutes_for, next_skill, order_score, sequence
from classwright.skilltree.sampling import sample_class
from classwright.skilltree.skill import Skill
from classwright.skilltree.tree import SkillTree, default_tree

GOAL = "fractions.add_unlike"


def test_next_skill_is_ready_and_unmastered() -> None:
    tree, mastery = default_tree(), {}
    seen = []
    while (skill := next_skill(tree, mastery, GOAL)) is not None:
        assert all(mastery.get(before, 0) >= 0.8 for before in tree.prerequisites(skill))
        seen.append(skill)
        mastery[skill] = 0.9
    assert seen == tree.path(GOAL)
    assert next_skill(tree, {GOAL: 0.85}, GOAL) is None


def test_minutes() -> None:
    assert [minutes_for(m) for m in (0, 0.5, 0.79, 1)] == [50, 25, 15, 15]


@pytest.mark.parametrize("per_week", [1, 2, 3])
def test_a_sequence_keeps_to_time_order_and_spacing(per_week: int) -> None:
    tree = default_tree()
    people = sample_class(6, 2, tree, GOAL)
    sessions = sequence(tree, people, GOAL, weeks=40, minutes_per_week=90, sessions_per_week=per_week)
    taught, when, minutes = [], {}, {}
    reviews: dict[str, list[int]] = {}
    for session in sessions:
        place = (session.week - 1) * per_week + session.number - 1
        assert session.minutes <= 90 // per_week
        assert 1 <= session.number <= per_week
        for activity in session.activities:
            assert activity.minutes > 0
            if activity.kind == "review":
                reviews.setdefault(activity.skill, []).append(place)
            else:
                minutes[activity.skill] = minutes.get(activity.skill, 0) + activity.minutes
                when[activity.skill] = place
                if activity.kind == "teach":
                    taught.append(activity.skill)
    mastery = {s: sum(x.mastery[s] for x in people) / len(people) for s in people[0].mastery}
    assert taught == tree.path(GOAL, mastery)
    assert minutes == {skill: minutes_for(mastery[skill]) for skill in taught}
    for skill, places in reviews.items():
        gaps = [b - a for a, b in pairwise([when[skill], *places])]
        assert all(gap >= wanted for gap, wanted in zip(gaps, INTERVALS, strict=False)), (skill, gaps)
        assert len(gaps) <= len(INTERVALS)
    assert set(reviews) >= set(taught[: len(taught) // 2])


def test_too_little_time_says_what_would_do() -> None:
    tree, novice = default_tree(), Learner(pseudonym="lynx", grade=5)
    with pytest.raises(InputError, match=r"(\d+) weeks would do") as error:
        sequence(tree, novice, GOAL, weeks=2, minutes_per_week=45)
    weeks = int(str(error.value).split("; ")[1].split()[0])
    assert sequence(tree, novice, GOAL, weeks, 45)
    with pytest.raises(InputError, match="do not fit"):
        sequence(tree, novice, GOAL, weeks - 1, 45)
    with pytest.raises(InputError, match="too short"):
        sequence(tree, novice, GOAL, 5, 10)
    with pytest.raises(InputError, match="at least one learner"):
        sequence(tree, [], GOAL, 5, 60)


def test_a_mastered_goal_is_still_taught_once() -> None:
    done = Learner(
        pseudonym="lynx", grade=5, mastery={GOAL: 0.95, **dict.fromkeys(default_tree().ancestors(GOAL), 1.0)}
    )
    first, *later = sequence(default_tree(), done, GOAL, 10, 45)
    assert [(a.skill, a.kind) for a in first.activities] == [(GOAL, "teach")]
    assert {a.kind for session in later for a in session.activities} == {"review"}


def test_order_score_by_hand() -> None:
    """Three classes on a line at 0, 1, 3 with variances 0, 0.01, 0.04 (one dimension)."""
    features = [np.array([[0.0], [0.0]]), np.array([[0.9], [1.1]]), np.array([[2.8], [3.2]])]
    d = {(0, 1): 1 / 3, (0, 2): 1.0, (1, 2): 2 / 3}
    v = [0.0, 0.25, 1.0]
    by_hand = (1 - v[1]) + (1 - d[1, 2] + d[0, 1]) + (1 - 0 + d[0, 2])  # order 1, 0, 2
    assert order_score([1, 0, 2], features) == pytest.approx(by_hand)


def test_the_best_allowed_order_is_the_best_of_all_that_are_allowed() -> None:
    rng = np.random.default_rng(3)
    names = "abcdef"
    needs = {"a": (), "b": ("a",), "c": ("a",), "d": ("b",), "e": ("hidden",), "f": ("e",), "hidden": ("c",)}
    tree = SkillTree([Skill(id=n, name=n, prerequisites=needs[n]) for n in needs])
    features = [rng.normal(i, 1 + i / 4, size=(9, 3)) for i in range(6)]
    order, score = best_order(tree, list(names), features)
    allowed = [
        p for p in permutations(range(6))
        if all(p.index(names.index(a)) < p.index(i) for i in range(6) for a in tree.ancestors(names[i]) if a in names)
    ]  # fmt: skip
    assert 1 < len(allowed) < 720
    assert score == pytest.approx(max(order_score(p, features) for p in allowed))
    assert score == pytest.approx(order_score([names.index(n) for n in order], features))
    with pytest.raises(InputError, match="more than 3 ways"):
        best_order(tree, list(names), features, limit=3)
