import pytest

from classwright.classroom.audience import assemble
from classwright.classroom.draft import draft_plan
from classwright.classroom.plan import Idea, Words
from classwright.classroom.proposals import Proposals, apply
from classwright.classroom.verify import verify
from classwright.skilltree.bank import problems
from classwright.skilltree.sampling import sample_class
from classwright.skilltree.tree import default_tree

TREE = default_tree()
GOAL = "fractions.add_unlike"


@pytest.fixture(scope="module")
def plan():
    return draft_plan(TREE, assemble(sample_class(6, 7, TREE, GOAL), GOAL, TREE), 45, "balanced", 7, "baking")


def offered(plan, levels):
    fresh = problems(GOAL, 12, 99, 1, avoid=plan.problems())
    return [
        p.model_copy(update={"id": f"{GOAL}/model/{i}", "family": "model", "level": level, "values": {}})
        for i, (p, level) in enumerate(zip(fresh, levels, strict=False), 1)
    ]


def test_problems_take_the_place_of_bank_problems_of_their_level(plan):
    new = apply(plan, Proposals(asked=True, problems=offered(plan, (1, 2, 3))))
    changed = [(a, b) for a, b in zip(plan.problems(), new.problems(), strict=True) if a != b]
    assert len(changed) == 3
    assert all((a.skill, a.level) == (b.skill, b.level) for a, b in changed)
    assert verify(new, TREE).passed
    assert new.timetable() == plan.timetable()


def test_the_exit_ticket_and_the_problems_with_hints_stay(plan):
    new = apply(plan, Proposals(asked=True, problems=offered(plan, [1, 2, 3] * 4)))
    assert new.exit_ticket == plan.exit_ticket
    assert new.guided.problems[: len(new.guided.hints)] == plan.guided.problems[: len(plan.guided.hints)]
    assert {o.assessed_by for o in new.objectives} <= {p.id for p in new.exit_ticket.problems}


def test_at_most_half_of_a_part_is_replaced(plan):
    new = apply(plan, Proposals(asked=True, problems=offered(plan, [2] * 12)))
    core = [p.family == "model" for p in new.independent.core]
    assert 0 < sum(core) <= -(-len(core) // 2)


def test_ideas_are_added_and_the_old_plan_is_untouched(plan):
    idea = Idea(kind="question", skill=GOAL, place="explanation", text=Words(text="Why?", source="model"))
    before = plan.model_copy(deep=True)
    new = apply(plan, Proposals(asked=True, ideas=[idea], problems=offered(plan, [1])))
    assert new.ideas == [idea]
    assert plan == before


def test_nothing_asked_changes_nothing(plan):
    assert apply(plan, Proposals(asked=False, why="it solved 0 of 3")) == plan
