import pytest

from classwright.classroom.audience import assemble, stuck_on
from classwright.classroom.draft import draft_plan
from classwright.classroom.retold import (
    VALIDATORS,
    Personalized,
    Ruling,
    by_bank,
    told_in_interest,
    verdicts,
    with_retold,
)
from classwright.classroom.verify import verify
from classwright.skilltree import bank
from classwright.skilltree.interests import widened
from classwright.skilltree.learner import Learner
from classwright.skilltree.sampling import sample_class
from classwright.skilltree.tree import default_tree

TREE = default_tree()
GOAL = "fractions.add_unlike"
PLAN = draft_plan(TREE, assemble(sample_class(6, 7, TREE, GOAL), GOAL, TREE), 45, "balanced", 7, "baking")
GROUPS = bank.problem("whole.equal_groups", 4, 2)


@pytest.mark.parametrize("skill", ["whole.equal_groups", "fractions.add_unlike", "measurement.mass_volume_story"])
@pytest.mark.parametrize("interest", ["baking", "Minecraft", "sports"])
@pytest.mark.parametrize("grain", ["topic", "subtopic", "reference"])
def test_the_banks_own_version_is_the_same_problem_at_the_grain(skill, interest, grain):
    p = bank.problem(skill, 4, 2)
    made = by_bank(p, interest, grain, 5, "not asked")
    assert (made.source, made.why, made.interest) == ("bank", "not asked", widened(interest, grain))
    assert (made.problem.id, made.problem.answer, made.problem.expression) == (p.id, p.answer, p.expression)
    assert {r.validator for r in made.rulings} <= set(VALIDATORS)
    if made.rulings:
        assert made.verdict("solvability") is True


def test_a_bank_version_that_does_not_name_a_reference_says_so():
    made = by_bank(GROUPS, "Minecraft", "reference", 5, "not asked")
    assert made.verdict("authenticity") is False
    assert "does not mention Minecraft" in [r.why for r in made.rulings]
    assert by_bank(GROUPS, "Minecraft", "topic", 5, "not asked").verdict("authenticity") is True


def test_bare_mathematics_has_no_context_to_judge():
    made = by_bank(bank.problem("equations.absolute_value", 3, 1), "space", "reference", 5, "not asked")
    assert made.rulings == []
    assert verdicts([made]) == dict.fromkeys(VALIDATORS, (0, 0, 0))


def test_one_no_outweighs_a_yes_and_a_yes_outweighs_not_knowing():
    def ruled(*passed):
        rulings = [Ruling(validator="realism", passed=x, by="code") for x in passed]
        return Personalized(problem=GROUPS, interest="x", grain="topic", source="bank", rulings=rulings)

    found = [ruled(True, False), ruled(None, True), ruled(None), ruled(True)]
    assert [p.verdict("realism") for p in found] == [False, True, None, True]
    assert verdicts(found)["realism"] == (2, 1, 1)


def test_retold_problems_take_their_places_and_curated_hints_follow():
    told = told_in_interest(PLAN)
    assert told
    assert all(p.interest for p in told)
    new = {
        (p.id, p.interest): p.model_copy(update={"text": f"Once more: {p.text}", "steps": ("Look.", *p.steps)})
        for p in told
    }
    made = with_retold(PLAN, new, TREE)
    assert [p.text for p in told_in_interest(made)] == [f"Once more: {p.text}" for p in told]
    first = made.guided.problems[0]
    assert made.guided.hints[0].text in (
        f"Begin with this: {first.steps[0]}",
        f"Where would you start? {TREE[GOAL].method[0]}",
    )
    assert made.exit_ticket == PLAN.exit_ticket
    assert verify(made, TREE).passed


def test_a_problem_in_another_interest_stays():
    [first, *_] = told_in_interest(PLAN)
    made = with_retold(PLAN, {(first.id, "chess"): first.model_copy(update={"text": "x"})}, TREE)
    assert made == PLAN


@pytest.mark.parametrize(("weak", "expected"), [(0, None), (1, None), (2, True), (4, True)])
def test_a_group_is_stuck_where_half_of_it_lacks_a_prerequisite(weak, expected):
    needed = TREE.prerequisites(GOAL)[0]
    known = dict.fromkeys(TREE.ancestors(GOAL), 0.9) | {GOAL: 0.3}
    people = [
        Learner(pseudonym=f"L{i}", grade=5, mastery=known | ({needed: 0.2} if i < weak else {})) for i in range(4)
    ]
    audience = assemble(people, GOAL, TREE)
    assert stuck_on(audience, [x.pseudonym for x in people], TREE) == (needed if expected else None)
