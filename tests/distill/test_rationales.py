"""Rationales from the problem bank: what they say, and what training never sees of the exam."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.classroom.equations import false_equations
from classwright.distill.beyond_items import composed_items
from classwright.distill.candidates import DataRequest
from classwright.distill.data import build
from classwright.distill.exam_result import Answered
from classwright.distill.families import digits, family, operands, operations, template
from classwright.distill.profile import diagnose
from classwright.distill.rationales import TWO_DIGIT, make_rationales, rationale, worked
from classwright.distill.rows import read_exam
from classwright.errors import InputError
from classwright.prompts import render
from classwright.skilltree.bank import generator_ids, problem
from classwright.skilltree.grading import grade
from classwright.skilltree.tree import default_tree

TREE = default_tree()


@pytest.fixture(scope="module")
def made():
    return make_rationales(TWO_DIGIT, 800, 0, TREE)


def asked(thing) -> str:
    return next(m.content for m in reversed(thing.messages) if m.role == "user")


def numbers(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\d+", text.replace(",", "")))


@given(st.sampled_from(sorted(generator_ids())), st.integers(0, 10_000), st.integers(1, 3), st.booleans())
def test_every_rationale_ends_in_the_right_answer_and_says_nothing_false(skill, seed, level, story):
    p = problem(skill, seed, level, "football" if story else None)
    text = rationale(p)
    assert text.splitlines()[-1] == f"ANSWER: {p.answer}"
    assert grade(text, p).result == "right"
    assert not any(step in text for step in p.steps if step.startswith("Check"))
    assert worked(p)
    assert false_equations(worked(p), questions=False) == []


def test_a_rationale_goes_digit_by_digit_and_repeats_nothing():
    add, subtract = problem("whole.add_regroup", 0, 2), problem("whole.subtract_regroup", 0, 2)
    assert (add.text, subtract.text) == ("Add 56 and 26.", "Subtract 14 from 82.")
    assert rationale(add) == "Ones: 6 + 6 = 12. Write 2 and trade 10 ones for 1 ten. Tens: 5 + 2 + 1 = 8.\nANSWER: 82"
    assert rationale(subtract) == (
        "Ones: 2 is less than 4, so break one of the tens. Then 12 - 4 = 8. Tens: 7 - 1 = 6.\nANSWER: 68"
    )


def test_there_are_as_many_as_asked_of_every_skill_and_kind(made):
    assert len(made.train) == 800
    assert Counter(r.skill for r in made.train) == dict.fromkeys(TWO_DIGIT, 200)
    assert Counter(i.kind for i in made.exam) == {"held_out": 200, "unseen_template": 100, "longer": 100}
    assert [r.id for r in made.held_out] == [i.id for i in made.exam if i.kind == "held_out"]
    assert made.notes == []


def test_the_prompt_is_the_exams_own(made):
    row, item = made.train[0], made.exam[0]
    for thing in (row, item):
        prompt = [m.model_dump() for m in thing.messages if m.role != "assistant"]
        assert prompt == render("exam", material="", exemplars=[], question=asked(thing))


def test_no_operands_of_the_exam_are_in_training(made):
    trained = {numbers(asked(r)) for r in made.train}
    for kind in ("held_out", "unseen_template", "longer"):
        items = [i for i in made.exam if i.kind == kind]
        assert not trained & {numbers(asked(i)) for i in items}, kind


def test_templates_that_were_kept_are_in_no_row_but_every_skill_keeps_some(made):
    def families(things):
        return {family(_problem_of(t.id)) for t in things}

    unseen = families(i for i in made.exam if i.kind == "unseen_template")
    assert unseen
    assert not unseen & families((*made.train, *made.held_out))
    assert {r.family for r in made.train} == families(made.train)
    for skill in TWO_DIGIT:
        kinds = {": story" in f or ", story:" in f for f in families(made.train) if f.startswith(f"{skill}/")}
        assert kinds == {True, False}


def _problem_of(name: str):
    skill, level, seed, interest = name.split("/")
    return problem(skill, int(seed), int(level), None if interest == "bare" else interest)


def test_longer_ones_have_three_digits_and_both_operations_alike(made):
    longer = [_problem_of(i.id) for i in made.exam if i.kind == "longer"]
    assert {digits(p) for p in longer} == {3}
    assert max(digits(_problem_of(r.id)) for r in made.train) == 2
    assert Counter(next(iter(operations(p))) for p in longer) == {"Add": 50, "Sub": 50}


def test_equal_seeds_give_equal_rows_and_others_do_not(made):
    assert make_rationales(TWO_DIGIT, 800, 0, TREE) == made
    assert make_rationales(TWO_DIGIT, 50, 1, TREE).train[0] != made.train[0]


def test_a_skill_with_few_problems_or_none_says_so():
    few = "whole.multiply_facts"
    with pytest.raises(InputError, match=r"only \d+ different .* ask for fewer"):
        make_rationales([few], 5000, 0, TREE, levels=[1])
    with pytest.raises(InputError, match="has no problem generator"):
        make_rationales(["no.such"], 5, 0, TREE)


def test_a_template_is_what_is_left_without_numbers_and_scene():
    seeds = range(40)
    bare = {template(problem("whole.add_regroup", s, 2)) for s in seeds}
    told = {template(problem("whole.add_regroup", s, 2, i)) for s in seeds for i in ("football", "baking")}
    assert bare == {f"bare, bare: {t}" for t in ("Work out # + #.", "Find the sum: # + #", "Add # and #.")}
    assert len(told) == 3
    assert not bare & told
    a = problem("whole.add_regroup", 3, 2)
    assert operands(a) == operands(problem("whole.add_regroup", 3, 2, "football")) == numbers(a.text)


def test_an_exam_beyond_training_puts_skills_together_and_asks_others(tmp_path):
    skills = ("whole.add_regroup", "whole.subtract_regroup")
    other = ("whole.round_nearest",)
    request = DataRequest(task="rationale", skills=skills, n=20, exam=8, composed=3, other_skills=other)
    build(request, [], tmp_path, progress=lambda *_: None)
    exam = {i.id: i for i in read_exam(tmp_path / "exam.jsonl")}
    whole = [i for i in exam.values() if i.kind == "composed"]
    assert len(whole) == 3
    for i in whole:
        assert [exam[f"{i.id}#{n}"].skill for n in (1, 2)] == list(skills)
    assert sum(i.kind == "other_skill" and i.skill == "whole.round_nearest" for i in exam.values()) == 4
    right = [Answered(id=i.id, skill=i.skill, kind=i.kind, right=i.kind != "composed") for i in exam.values()]
    rates = diagnose(right)
    assert rates is not None
    assert (rates.n, rates.ig) == (3, 1.0)
    plain = tmp_path / "plain"
    build(request.model_copy(update={"composed": 0, "other_skills": ()}), [], plain, progress=lambda *_: None)
    assert (plain / "train.jsonl").read_bytes() == (tmp_path / "train.jsonl").read_bytes()
    with pytest.raises(InputError, match="--other-skills whole.add_regroup: is trained"):
        build(request.model_copy(update={"other_skills": skills}), [], tmp_path, progress=lambda *_: None)
    with pytest.raises(InputError, match="no composed problem of the tree needs only"):
        composed_items(skills[:1], 1, 0)
