import pytest

from classwright.classroom.audience import assemble
from classwright.classroom.draft import draft_plan
from classwright.classroom.plan import TIERS
from classwright.classroom.verify import verify
from classwright.skilltree.learner import Learner
from classwright.skilltree.tree import default_tree

TREE = default_tree()
GOAL = "whole.add_3digit"
LIKES = {"support": ("chess", "dogs"), "core": ("baking",), "stretch": ("space", "music")}
KNOWS = {"support": 0.2, "core": 0.65, "stretch": 0.95}


def classroom(**interests):
    before = dict.fromkeys(TREE.ancestors(GOAL), 0.9)
    return [
        Learner(
            pseudonym=f"{tier}-{i}",
            grade=2,
            interests=interests.get(tier, LIKES[tier]),
            mastery={**before, GOAL: share},
        )
        for tier, share in KNOWS.items()
        for i in range(3)
    ]


def plan_for(people, interest="football"):
    return draft_plan(TREE, assemble(people, GOAL, TREE), 45, "balanced", 7, interest)


def test_each_group_practices_in_the_interest_that_most_of_it_share():
    people = classroom()
    people[1] = people[1].model_copy(update={"interests": ("dogs",)})
    people[2] = people[2].model_copy(update={"interests": ("dogs",)})
    plan = plan_for(people)
    told = {tier: {p.interest for p in plan.independent.tier(tier)} - {None} for tier in TIERS}
    assert told == {"support": {"dogs"}, "core": {"baking"}, "stretch": {"space"}}
    assert {p.interest for p in plan.guided.problems} - {None} == {"football"}
    assert verify(plan, TREE).findings == []


def test_a_group_without_interests_has_that_of_the_lesson():
    plan = plan_for(classroom(core=()))
    assert {p.interest for p in plan.independent.core} - {None} == {"football"}


def test_the_numbers_of_a_tier_do_not_depend_on_its_interest():
    a, b = plan_for(classroom()), plan_for(classroom(support=("trains",), stretch=("robots",)))
    assert [p.expression for p in a.problems()] == [p.expression for p in b.problems()]


@pytest.mark.parametrize("goal", [GOAL, "fractions.add_unlike", "geometry.angle_types"])
def test_every_group_has_an_activity_and_knows_what_to_do_when_stuck_or_done(goal):
    people = [Learner(pseudonym=f"p{i}", grade=4, mastery={goal: share}) for i, share in enumerate((0.1, 0.65, 0.95))]
    plan = draft_plan(TREE, assemble(people, goal, TREE), 60, "balanced", 7, None)
    texts = [g.activity.text for g in plan.groups]
    assert len(set(texts)) == len(texts) >= 1
    assert all("When stuck:" in t and "When done:" in t for t in texts)
