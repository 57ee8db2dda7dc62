"""Every generator, buggy rule and composed problem of the shipped content, checked against independent derivations."""

import re
from collections import Counter
from fractions import Fraction
from itertools import cycle, islice

import pytest
import sympy

from classwright.classroom.equations import find_equations
from classwright.errors import InputError
from classwright.skilltree import bank
from classwright.skilltree.expression import evaluate, value
from classwright.skilltree.grading import grade
from classwright.skilltree.problem import Problem
from classwright.skilltree.scenes import INTERESTS

LEVELS = (1, 2, 3)
SEEDS = 334  # a level, so about 1,000 problems of every skill
INTEREST = tuple(islice(cycle((*INTERESTS, "pottery")), 400))

# Skills with fewer than 200 different questions at some level, and how many each level has.
FINITE = {
    # facts: there are no more
    "counting.add_tens": (56, 200, 200),
    "counting.add_within_10": (21, 35, 110),
    "counting.add_within_20": (90, 35, 200),
    "counting.add_within_5": (10, 18, 9),
    "counting.compare_story": (42, 114, 150),
    "counting.count_back": (14, 16, 44),
    "counting.count_on": (30, 47, 130),
    "counting.make_10": (9, 27, 105),
    "counting.odd_even": (20, 79, 200),
    "counting.subtract_within_10": (21, 30, 105),
    "counting.subtract_within_20": (45, 36, 200),
    "counting.subtract_within_5": (10, 18, 19),
    "counting.teen_numbers": (9, 18, 18),
    "counting.ten_more_less": (79, 158, 158),
    "counting.unknown_addend": (42, 166, 200),
    "geometry.name_shapes": (144, 81, 35),
    "geometry.partition_equal": (33, 200, 200),
    "geometry.sides_corners": (9, 86, 200),
    "measurement.tell_time_5min": (72, 132, 132),
    "measurement.tell_time_hour": (12, 12, 48),
    "whole.arrays": (36, 98, 162),
    "whole.divide_facts": (27, 49, 63),
    "whole.equal_groups": (72, 98, 98),
    "whole.multiply_facts": (51, 49, 82),
    "whole.unknown_factor": (108, 196, 200),
    # small numbers on purpose at the easier levels
    "counting.compare_to_10": (180, 200, 200),
    "geometry.angle_pairs": (191, 200, 200),
    "geometry.angle_types": (173, 173, 200),
    "geometry.area_parallelogram": (180, 200, 200),
    "geometry.area_rectangle": (146, 200, 200),
    "geometry.area_squares": (121, 169, 200),
    "geometry.pythagoras": (178, 178, 200),
    "geometry.surface_area": (196, 200, 200),
    "geometry.triangle_angles": (200, 152, 200),
    "whole.distributive": (140, 200, 200),
    "whole.divide_remainder": (135, 200, 200),
    "whole.factors": (182, 200, 200),
    "whole.gcf": (85, 162, 200),
    "whole.lcm": (171, 200, 200),
    "whole.multiply_by_tens": (40, 128, 200),
    "whole.powers_of_ten": (196, 200, 200),
    "statistics.probability_complement": (170, 170, 170),
    "statistics.probability_simple": (140, 200, 200),
    "statistics.two_way_table": (200, 200, 150),
}
EXEMPT = {Fraction(n) for n in (0, 1, 2, 3, 4, 7, 10, 12, 24, 60, 90, 100, 180, 360, 365, 1000)}
ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
WORDS = {w: n for n, w in enumerate(ONES.split())}
WORDS |= {w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
PLURAL_OF_ONE = re.compile(
    r"(?<![\d./+-])(?<![-+−] )\b1 "
    r"(?:boxes|bags|packs|trays|stickers|pencils|tickets|meters|liters|dollars|cups|muffins)\b"
)
PRONOUNS = re.compile(r"\b(?:he|she|his|her|hers|him|himself|herself)\b", re.IGNORECASE)


def sample(skill: str, seeds: int, interest: bool = False) -> list[Problem]:
    return [
        bank.problem(skill, seed, level, INTEREST[seed + level] if interest else None)
        for level in LEVELS
        for seed in range(seeds)
    ]


def numbers_in(text: str) -> set[Fraction]:
    """Every number that a reader finds in a text: digits, digits with commas, and number words."""
    found = {
        Fraction(n.replace(",", "")) for n in re.findall(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+", text)
    }
    for first, second in re.findall(r"([a-z]+)(?:[- ]([a-z]+))?", text.lower()):
        for words in ((first,), (second,), (first, second)):
            if all(word in WORDS for word in words):
                found.add(Fraction(sum(WORDS[word] for word in words)))
    return found


def literals(expression: str) -> set[Fraction]:
    bare = re.sub(r'"[^"]*"|repeating\([^)]*\)', "", expression)  # 0.272727… is written repeating(0, 27)
    return {Fraction(n) for n in re.findall(r"(?<![A-Za-z_])\d+(?:\.\d+)?", bare)}


def test_answers_are_what_the_expression_says_and_grade_right(skill: dict) -> None:
    for p in sample(skill["id"], SEEDS):
        assert not re.search(r"None|Fraction\(|\bnan\b", p.text), p.text
        derived = evaluate(p.expression)
        verdict = grade(derived, p.model_copy(update={"form": "set" if p.form == "set" else ""}))
        assert verdict.result == "right", (
            f"{p.id}: {p.text} | {p.expression} = {derived}, answer {p.answer}: {verdict.reason}"
        )
        own = grade(p.answer, p)
        assert own.result == "right", (
            f"{p.id}: the answer {p.answer!r} grades {own.result}: {own.reason} ({p.kind}, {p.form})"
        )
        hidden = literals(p.expression) - numbers_in(p.text) - EXEMPT
        assert not hidden, f"{p.id}: {sorted(map(str, hidden))} of {p.expression} not in: {p.text}"


def test_context_keeps_the_numbers_and_reads_well(skill: dict) -> None:
    for bare, told in zip(sample(skill["id"], 40), sample(skill["id"], 40, interest=True), strict=True):
        assert (bare.expression, bare.answer, bare.kind, bare.form) == (
            told.expression,
            told.answer,
            told.kind,
            told.form,
        ), bare.id
        hidden = literals(told.expression) - numbers_in(told.text) - EXEMPT
        assert not hidden, (
            f"{told.id} {told.interest}: {sorted(map(str, hidden))} of {told.expression} not in: {told.text}"
        )
        for p in (bare, told):
            assert not PRONOUNS.search(p.text), f"{p.id} {p.interest}: pronoun in: {p.text}"
            assert not re.search(r"  |\w [.,!](?!\.)", p.text), f"{p.id}: spaces in: {p.text!r}"
            assert not PLURAL_OF_ONE.search(p.text), f"{p.id}: plural in: {p.text}"


def test_steps_are_true(skill: dict) -> None:
    for p in sample(skill["id"], 25) + sample(skill["id"], 5, interest=True):
        assert 1 <= len(p.steps) <= 7, f"{p.id}: {len(p.steps)} steps"
        for text in (*p.steps, p.text):
            for equation in find_equations(text):
                assert equation.truth != "false", f"{p.id}: {equation.text!r} is false in: {text!r}"


def test_there_are_many_different_questions(skill: dict) -> None:
    for level in LEVELS:
        wanted = FINITE.get(skill["id"], (200, 200, 200))[level - 1]
        seen: set[str] = set()
        for seed in range(2000):
            seen.add(bank.problem(skill["id"], seed, level).expression)
            if len(seen) >= wanted:
                break
        assert len(seen) >= wanted, f"level {level} has {len(seen)} different questions"


def test_arithmetic_agrees_with_sympy() -> None:
    checked: Counter[str] = Counter()
    for skill in sorted(bank.generator_ids()):
        for p in sample(skill, 8):
            plain = re.fullmatch(r"[\d\s.+*/()^-]+", p.expression) and re.search(r"[-+*/^]", p.expression)
            if p.kind != "number" or not plain:
                continue
            exact = re.sub(r"\d+\.\d+|\d+", lambda m: f"Rational('{m[0]}')", p.expression.replace("^", "**"))
            assert sympy.sympify(exact) == sympy.Rational(str(Fraction(value(p.expression)))), p.expression
            checked[skill] += 1
    assert len(checked) > 100  # the other skills ask for more than arithmetic


def test_a_buggy_rule_gives_a_wrong_answer_that_can_be_graded(misconception: dict) -> None:
    name, applied, tried = misconception["id"], 0, 0
    for skill in misconception["skills"]:
        here = 0
        for level in (2, 3):
            for seed in range(40):
                p = bank.problem(skill, seed, level)
                wrong = bank.wrong_answer(name, p)
                tried += 1
                assert wrong == bank.wrong_answer(name, p)
                if wrong is None:
                    continue
                here += 1
                verdict = grade(wrong, p)
                assert verdict.result == "wrong", (
                    f"{p.id}: {wrong!r} grades {verdict.result} ({verdict.reason}): {p.text} answer {p.answer}"
                )
        assert here, f"the rule never applies to {skill}"
        applied += here
    # some rules fit only one family of a skill's problems ("turned" shapes, vertical angles)
    assert applied >= 0.3 * tried, f"the rule applies to {applied} of {tried} problems"


def test_composed_problems_and_their_parts() -> None:
    composed = bank.composed_skills()
    assert composed
    known = bank.generator_ids()
    for name, skills in composed.items():
        assert 2 <= len(skills) <= 5, name
        assert set(skills) <= known, f"{name}: {set(skills) - known}"
        for level in LEVELS:
            for seed in range(25):
                whole, parts = bank.composed(name, seed, level, INTEREST[seed] if seed % 2 else None)
                assert {p.skill for p in parts} == set(skills), name
                for p in (whole, *parts):
                    try:
                        derived = evaluate(p.expression)
                    except InputError as error:
                        pytest.fail(f"{p.id}: {error}")
                    free = p.model_copy(update={"form": "set" if p.form == "set" else ""})
                    assert grade(derived, free).result == "right", (
                        f"{p.id}: {p.text} | {p.expression} = {derived}, not {p.answer}"
                    )
                    assert grade(p.answer, p).result == "right", f"{p.id}: {p.answer} {p.kind} {p.form}"
                    for text in (*p.steps, p.text):
                        assert all(e.truth != "false" for e in find_equations(text)), f"{p.id}: {text}"
