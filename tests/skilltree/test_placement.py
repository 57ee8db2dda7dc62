import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classwright.errors import InputError
from classwright.skilltree.knowledge_belief import KnowledgeBelief, TreeArrays
from classwright.skilltree.placement import Placement
from classwright.skilltree.placement_trial import KINDS, simulate_knowledge, try_placement
from classwright.skilltree.skill import Skill
from classwright.skilltree.tree import SkillTree, default_tree

CHAIN = SkillTree([Skill(id=f"s{i:02}", name=f"skill {i}", prerequisites=(f"s{i - 1:02}",) if i else ()) for i in range(16)])  # fmt: skip


def test_places_200_simulated_learners_on_the_shipped_tree_in_under_25_questions():
    tree = default_tree()
    found = try_placement(tree, 200, seed=1)
    random = try_placement(tree, 200, seed=1, order="random")
    assert found.most < 25
    assert found.right >= 0.90
    assert found.by_kind["level"] > 0.95
    assert found.by_kind["uneven"] > 0.95
    assert found.right > random.right + 0.015
    assert found.enough > random.enough + 0.05
    assert found.questions < random.questions
    assert found.milliseconds < 50


def test_a_chain_is_searched_by_halving():
    """16 skills in a row and answers without noise: about log2(17) questions, whatever is known."""
    for reached in range(17):
        test = Placement(CHAIN, skills=list(CHAIN), slip=1e-4, guess=1e-4)
        while (skill := test.next_skill()) is not None:
            test.record(int(skill[1:]) < reached)
        assert [p >= 0.5 for p in test.mastery().values()] == [i < reached for i in range(16)]
        assert len(test.asked) <= 7


def test_an_answer_moves_prerequisites_up_and_dependents_down():
    tree = default_tree()
    goal = "fractions.add_unlike"
    for correct in (True, False):
        test = Placement(tree)
        before = test.mastery()
        test.ask(goal)
        question = test.next_question()
        assert question is not None
        assert question.skill == goal
        test.record(correct)
        after = test.mastery()
        sign = 1 if correct else -1
        assert sign * (after[goal] - before[goal]) > 0.2
        for name in tree.ancestors(goal) if correct else tree.dependents(goal):
            assert sign * (after[name] - before[name]) > 0
    assert test.asked[0].bits > 0


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 14))
def test_beliefs_stay_probabilities_that_never_rise_along_an_edge(seed, answers):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 14))
    skills = [
        Skill(id=f"x{i}", name="x", prerequisites=tuple(f"x{j}" for j in range(i) if rng.random() < 0.3) or ((f"x{i - 1}",) if i else ()))
        for i in range(n)
    ]  # fmt: skip
    arrays = TreeArrays(SkillTree(skills))
    belief = KnowledgeBelief(arrays)
    guess = np.full(n, 0.1)
    for _ in range(answers):
        bits = belief.information(0.1, guess)
        assert bits.min() > -1e-9  # an answer cannot be expected to make one less sure
        belief.answer(int(rng.integers(n)), bool(rng.integers(2)), 0.1, 0.1)
        assert belief.weight.sum() == pytest.approx(1)
        assert belief.known.min() > 0
        assert belief.known.max() < 1
        for here, needs in arrays.layers:
            assert (belief.known[:, here] <= belief.known[:, needs].min(axis=2) + 1e-5).all()


def test_simulated_knowledge_is_closed_under_prerequisites_and_kinds_differ():
    arrays = TreeArrays(default_tree())
    for kind in KINDS:
        shares = []
        for seed in range(20):
            known = simulate_knowledge(arrays, kind, np.random.default_rng(seed))
            assert all(known[arrays.below[i]].all() for i in np.flatnonzero(known))
            shares.append(known.mean())
        assert max(shares) - min(shares) > 0.3


def test_a_goal_narrows_the_questions_and_what_is_known_before_saves_some():
    tree = default_tree()
    goal = "fractions.add_unlike"
    scope = {*tree.ancestors(goal), goal}
    test = Placement(tree, goal=goal)
    while (skill := test.next_skill()) is not None:
        assert skill in scope
        test.record(True)
    assert len(test.asked) < 24
    sure = Placement(tree, goal=goal, mastery=dict.fromkeys(scope, 0.99))
    while sure.next_skill() is not None:
        sure.record(True)
    assert len(sure.asked) < len(test.asked)


def test_the_same_seed_asks_the_same_and_bad_use_is_refused():
    tree = default_tree()
    a, b = Placement(tree, seed=5, interest="football"), Placement(tree, seed=5, interest="football")
    for correct in (True, True, False):
        assert a.next_question() == b.next_question()
        assert a.next_question() is a.next_question()
        a.record(correct)
        b.record(correct)
    assert all(tree.prerequisites(name) == () or a.mastery()[name] < 0.5 for name in a.frontier())
    with pytest.raises(ValueError, match="before a question"):
        a.record(True)
    with pytest.raises(InputError, match="has a problem generator"):
        Placement(CHAIN)
    with pytest.raises(InputError, match="no skill"):
        Placement(tree, goal="fractions.dancing")
    with pytest.raises(InputError, match="slip and guess"):
        Placement(tree, slip=0.6)
