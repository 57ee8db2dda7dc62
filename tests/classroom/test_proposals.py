import pytest

from classwright.classroom.audience import assemble
from classwright.classroom.draft import draft_plan
from classwright.classroom.plan import Idea, Words
from classwright.classroom.proposals import Proposals, apply, fit
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


def test_bare_problems_are_replaced_before_those_in_an_interest(plan):
    new = apply(plan, Proposals(asked=True, problems=offered(plan, [1, 2, 3])))
    assert [p for p in new.problems() if p.interest] == [p for p in plan.problems() if p.interest]


def test_what_fits_is_taken_and_a_part_that_spoils_the_plan_is_refused_by_name(plan):
    good, wrong, leak = offered(plan, [1, 2, 3])
    wrong = wrong.model_copy(update={"answer": "77"})
    silly = Idea(kind="analogy", skill=GOAL, place="explanation", text=Words(text="It is like 2 + 2 = 5."))
    fine = Idea(kind="question", skill=GOAL, place="explanation", text=Words(text="Why is it so?"))
    asked = Proposals(asked=True, problems=[good, wrong, leak], ideas=[silly, fine])
    new, found = fit(plan, asked, TREE, held_out=[leak.model_copy(update={"id": "test/1"})])
    assert verify(new, TREE, [leak]).passed
    assert (found.problems, found.ideas) == ([good], [fine])
    assert [(r.kind, r.why[0].split(" in ")[0]) for r in found.refused] == [
        ("problem", "wrong answer"), ("problem", "test leak"), ("analogy", "false equation")
    ]  # fmt: skip
    assert (found.proposed, found.admitted) == (5, 2)


def test_faults_that_a_plan_had_before_refuse_nothing(plan):
    broken = plan.model_copy(deep=True)
    broken.minutes += 1
    _, found = fit(broken, Proposals(asked=True, problems=offered(plan, [1])), TREE)
    assert (len(found.problems), found.refused) == (1, [])
