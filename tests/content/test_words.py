"""The words of the shipped content: complete, true, readable, and one sound tree."""

from classwright.classroom.equations import find_equations
from classwright.skilltree import bank
from classwright.skilltree.readability import readability
from classwright.skilltree.skill import Misconception, Skill
from classwright.skilltree.tree import default_tree

FREE = {"source"}  # a shipped skill comes from nowhere else


def test_every_field_of_a_skill_is_filled(skill: dict) -> None:
    filled = Skill.model_validate(skill)
    empty = [name for name in Skill.model_fields if name not in FREE and getattr(filled, name) in ("", (), {}, None)]
    assert set(empty) <= {"prerequisites"}, f"empty: {empty}"
    assert 2 <= len(filled.method) <= 5
    assert filled.id.split(".")[0] in bank.CONTENT


def test_a_child_of_the_grade_can_read_the_explanation(skill: dict) -> None:
    level = readability(skill["explanation"])
    allowed = skill["grade"] + (3 if skill["grade"] <= 1 else 2)
    assert level.grade <= allowed, (
        f"reads at grade {level.grade:.1f}, at most {allowed} is allowed: {skill['explanation']}"
    )
    assert 2 <= level.sentences <= 6, f"{level.sentences} sentences"


def test_everything_a_skill_says_is_true(skill: dict) -> None:
    texts = [
        skill["explanation"],
        skill["picture"],
        skill["description"],
        *skill["method"],
        *skill["vocabulary"].values(),
    ]
    for text in texts:
        assert all(equation.truth != "false" for equation in find_equations(text)), text


def test_a_misconception_is_complete_and_true(misconception: dict) -> None:
    filled = Misconception.model_validate(misconception)
    for text in (filled.says, filled.question, filled.repair):
        assert all(equation.truth != "false" for equation in find_equations(text)), text


def test_the_tree_is_sound_and_complete() -> None:
    tree = default_tree()
    assert len(tree) >= 220
    assert len(tree.misconceptions) >= 0.85 * len(tree)
    assert set(tree) == bank.generator_ids()
    assert set(tree.misconceptions) == bank.rule_ids()
    assert len(bank.composed_skills()) >= len(tree) / 4.5
    for skill in tree.skills.values():
        for before in skill.prerequisites:
            assert tree[before].grade <= skill.grade, f"{before} comes after {skill.id}"  # type: ignore[operator]


def test_nearly_every_skill_has_a_misconception() -> None:
    tree = default_tree()
    without = [skill for skill in tree if not tree.misconceptions_of(skill)]
    assert len(without) <= 0.1 * len(tree), without
