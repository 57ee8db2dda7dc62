import pytest

from classwright.classroom.audience import assemble
from classwright.classroom.draft import draft_plan
from classwright.classroom.reading_level import reading_findings
from classwright.skilltree.learner import Learner
from classwright.skilltree.tree import default_tree

TREE = default_tree()
HARD = "The aforementioned denominators necessitate a comprehensive reconsideration of equivalent representations in the classroom today."


@pytest.fixture
def plan():
    people = [Learner(pseudonym=f"p{i}", grade=5) for i in range(4)]
    return draft_plan(TREE, assemble(people, "fractions.add_unlike", TREE), 45, "balanced", 7, "baking")


def test_a_drafted_plan_is_readable_at_its_own_grade(plan):
    assert len(reading_findings(plan, 5)) <= 2


def test_a_hard_explanation_is_found_first_with_its_longest_words(plan):
    plan.explanations[0].text.text = HARD
    first = reading_findings(plan, 5)[0]
    assert first.where == "explanation 1"
    assert first.grade is not None
    assert first.grade > first.limit == 7
    assert "reconsideration" in first.what
    assert len(reading_findings(plan, 1)) > len(reading_findings(plan, 5))


def test_what_only_the_teacher_reads_is_left_out(plan):
    plan.notes[0].text = HARD
    plan.groups[0].activity.text = HARD
    assert all("aforementioned" not in f.what for f in reading_findings(plan, 5))


def test_another_language_is_not_measured_and_says_so(plan):
    [only] = reading_findings(plan.model_copy(update={"language": "es"}), 5)
    assert (only.where, only.grade) == ("plan", None)
    assert "not measured" in only.what
