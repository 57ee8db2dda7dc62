"""What the policies plan."""

from hypothesis import given
from hypothesis import strategies as st

from classwright.classroom.agreement import wilson
from classwright.distill.exam_result import Answered
from classwright.distill.loop_policy import State, allot, open_ended, skill_list, skill_tree, uniform
from classwright.distill.profile import Standing
from classwright.skilltree.skill import Skill
from classwright.skilltree.tree import SkillTree, default_tree


def standing(skill: str, right: int, items: int = 40) -> Standing:
    low, high = wilson(right, items)
    return Standing(skill=skill, items=items, right=right, accuracy=right / items, low=low, high=high)


def state(*standings: Standing, answers=(), opened=None, budget=100, seed=0) -> State:
    return State(0, answers, standings, opened or tuple(s.skill for s in standings), budget, seed)


def test_rows_are_divided_with_largest_remainders():
    assert allot(10, {"a": 1, "b": 1, "c": 1}) == {"a": 4, "b": 3, "c": 3}
    assert allot(10, {"a": 0.7, "b": 0.24, "c": 0.06}) == {"a": 7, "b": 2, "c": 1}
    assert allot(5, {"a": 0, "b": 0}) == {}
    assert allot(0, {"a": 1}) == {}


@given(st.integers(1, 200), st.dictionaries(st.text(max_size=3), st.floats(0, 5), min_size=1, max_size=8))
def test_nothing_is_lost_and_nobody_gets_more_than_a_row_too_many(budget, weights):
    given_ = allot(budget, weights)
    total = sum(weights.values())
    if total > 0:
        assert sum(given_.values()) == budget
        assert all(abs(given_.get(k, 0) - budget * w / total) < 1 for k, w in weights.items())


def test_open_ended_makes_rows_like_what_failed():
    exam = [Answered(id=n, right=m) for n, m in (("a", True), ("b", False), ("c", False), ("b", False), ("d", None))]
    assert open_ended(state(answers=exam, budget=5)).like == {"b": 3, "c": 2}
    few = open_ended(state(answers=exam, budget=1))
    assert sum(few.like.values()) == 1
    assert few == open_ended(state(answers=exam, budget=1))
    assert open_ended(state(answers=exam[:1])).like == {}


def test_skill_list_gives_by_error_rate_and_the_control_alike():
    s = state(standing("a", 0), standing("b", 20), standing("c", 40))
    assert skill_list(s).skills == {"a": 67, "b": 33}
    assert uniform(s).skills == {"a": 34, "b": 33, "c": 33}
    assert skill_list(state(standing("c", 40))).skills == {}


def chain() -> SkillTree:
    """Four skills: low -> mid -> high, mid -> side."""
    like = default_tree()["counting.add_within_10"].model_dump()

    def skill(name: str, *before: str) -> Skill:
        return Skill.model_validate(like | {"id": name, "name": name, "prerequisites": before})

    return SkillTree([skill("t.low"), skill("t.mid", "t.low"), skill("t.high", "t.mid"), skill("t.side", "t.mid")])


def test_the_tree_policy_looks_below_a_missing_skill():
    plan = skill_tree(chain(), explore=0.2)(state(standing("t.mid", 10)))
    assert plan.opened == ("t.low",)
    assert plan.skills == {"t.mid": 80, "t.low": 20}


def test_the_tree_policy_goes_on_above_a_mastered_skill():
    plan = skill_tree(chain(), explore=0.2)(state(standing("t.mid", 39), standing("t.low", 40)))
    assert plan.opened == ("t.high", "t.side")
    assert plan.skills == {"t.mid": 80, "t.high": 10, "t.side": 10}
    known = skill_tree(chain(), explore=0.2, known=["t.mid", "t.side"])(
        state(standing("t.mid", 39), standing("t.low", 40))
    )
    assert known.opened == ("t.side",)


def test_the_tree_policy_only_exploits_where_nothing_can_be_opened():
    every = ("t.low", "t.mid", "t.high", "t.side")
    plan = skill_tree(chain())(state(standing("t.mid", 10), standing("t.low", 30), opened=every))
    assert plan.opened == ()
    assert plan.skills == {"t.mid": 75, "t.low": 25}
    assert skill_tree(chain(), explore=0)(state(standing("t.mid", 10))).skills == {"t.mid": 100}


def test_the_tree_policy_only_explores_where_nothing_is_wrong():
    plan = skill_tree(chain())(state(standing("t.low", 40)))
    assert plan.skills == {"t.mid": 100}
    assert plan.opened == ("t.mid",)
