from hypothesis import given
from hypothesis import strategies as st

from classwright.classroom.audience import assemble
from classwright.classroom.draft import draft_plan
from classwright.classroom.pool import Merit, beats, copy_of, difference, front
from classwright.skilltree.sampling import sample_class
from classwright.skilltree.tree import default_tree

SOME = st.one_of(st.none(), st.floats(0, 1).map(lambda x: round(x, 1)))
MERITS = st.builds(Merit, SOME, SOME, SOME, st.integers(0, 5))


def plan(approach="balanced", seed=1):
    tree = default_tree()
    audience = assemble(sample_class(4, 7, tree, "fractions.add_unlike"), "fractions.add_unlike", tree)
    return draft_plan(tree, audience, 45, approach, seed, None)


def test_a_plan_that_is_worse_everywhere_leaves_the_front():
    pool = {"a": Merit(0.5, 0.0, 4.0, 300), "b": Merit(0.4, -1.0, 3.0, 400), "c": Merit(0.3, 1.0, 3.0, 300)}
    assert front(pool) == ["a", "c"]


def test_what_is_not_known_decides_nothing():
    assert not beats(Merit(None, 1.0, None, 10), Merit(0.9, 1.0, None, 10))
    assert beats(Merit(0.9, None, None, 10), Merit(0.8, 2.0, None, 10))


def test_doubts_decide_where_nothing_else_does():
    assert beats(Merit(words=9, doubts=1), Merit(words=9, doubts=2))
    assert front({"long": Merit(words=20), "doubtful": Merit(words=10, doubts=3)}) == ["long", "doubtful"]
    assert front({"a": Merit(strength=0.1), "b": Merit(strength=0.9, doubts=5)}) == ["b", "a"]


def test_equal_plans_both_stay_and_keep_their_order():
    assert front({"first": Merit(0.5), "second": Merit(0.5)}) == ["first", "second"]


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), MERITS, min_size=1, max_size=8))
def test_the_front_is_what_nobody_beats(pool):
    best = front(pool)
    for i, m in pool.items():
        beaten = any(beats(o, m) for j, o in pool.items() if j != i)
        assert (i in best) == (not beaten)


def test_a_copy_is_not_new_and_another_approach_is():
    a = plan()
    assert difference(a, a) == 0
    assert copy_of(a.model_copy(deep=True), [("old", a)]) == "old"
    assert copy_of(plan("practice"), [("old", a)]) == ""
    assert 0 < difference(a, plan("practice")) <= 1


def test_one_new_problem_is_enough_to_be_new():
    a = plan()
    b = a.model_copy(deep=True)
    b.guided.problems = b.guided.problems[:-1]
    b.guided.minutes += 1
    assert copy_of(b, [("old", a)]) == ""
