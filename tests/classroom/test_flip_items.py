import pytest

from classwright.classroom.flip_items import GENERIC, flip_item, flip_items
from classwright.classroom.graded import grade
from classwright.classroom.leak import leaks
from classwright.skilltree.bank import wrong_answer
from classwright.skilltree.tree import default_tree

TREE = default_tree()


@pytest.fixture(scope="module")
def items():
    return flip_items(TREE, 0, 4)


def test_nearly_every_misconception_of_the_tree_has_an_item(items):
    assert len({i.misconception for i in items}) == len(items) >= 0.97 * len(TREE.misconceptions)


def test_an_item_shows_its_misconception_and_its_feedback_gives_nothing_away(items):
    for item in items:
        assert item.wrong == wrong_answer(item.misconception, item.problem)
        assert grade(f"I got {item.wrong}.", item.problem).result == "wrong"
        assert item.problem.skill in TREE.misconception(item.misconception).skills
        assert item.feedback["generic"] == GENERIC
        assert item.feedback["targeted"].startswith(TREE.misconception(item.misconception).question)
        assert not any(leaks(text, item.problem) for text in item.feedback.values())


def test_misaligned_feedback_is_about_another_misconception_of_the_skill_where_there_is_one(items):
    for item in items:
        same = {m.id for m in TREE.misconceptions_of(item.problem.skill)}
        assert item.other != item.misconception
        assert item.about("misaligned") == item.other
        assert item.neighbor == (same == {item.misconception})
        assert (item.other in same) != item.neighbor
        if item.neighbor:
            assert item.other.split(".")[0] in {s.split(".")[0] for s in TREE}


def test_the_seed_draws_the_same_items_and_n_takes_the_first_of_them(items):
    assert flip_items(TREE, 12, 4) == items[:12]
    assert [i.misconception for i in flip_items(TREE, 12, 5)] != [i.misconception for i in items[:12]]


def test_items_of_some_skills_alone():
    skills = {"whole.add_regroup", "fractions.add_unlike"}
    found = flip_items(TREE, 0, 4, skills)
    assert {i.problem.skill for i in found} == skills
    assert {i.misconception for i in found} <= {m.id for s in skills for m in TREE.misconceptions_of(s)}


def test_a_misconception_without_a_rule_has_no_item():
    unknown = TREE.misconception("decimals.forgets_the_point").model_copy(update={"id": "decimals.unheard_of"})
    assert flip_item(unknown, TREE, 0) is None
