"""The leak guard on its corpora and on what a corpus cannot hold: any text, any problem."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classwright.classroom.leak import leaks
from classwright.classroom.turn import Turn
from classwright.skilltree.bank import generator_ids, problem
from classwright.skilltree.problem import Problem

CORPORA = Path(__file__).parents[1] / "corpora"
KINDS = {"number", "expression", "equation", "inequality", "comparison", "list", "ratio", "point", "word", "time"}


def corpus(name: str) -> list[dict]:
    return [json.loads(line) for line in (CORPORA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def asked(row: dict) -> Problem:
    skill, level, seed = row["problem"].split("/")
    return problem(skill, int(seed), int(level))


def judged(row: dict) -> str:
    return leaks(row["reply"], asked(row), [Turn.model_validate(t) for t in row["history"]])


def said(*turns: tuple[str, str]) -> list[Turn]:
    return [Turn.model_validate({"speaker": speaker, "text": text}) for speaker, text in turns]


SUM = problem("whole.add_2digit", 5, 2)  # 52 + 22 = 74
FRACTIONS = problem("fractions.add_unlike", 5, 2)  # 5/9 + 3/5 = 1 7/45


@pytest.mark.parametrize("name", ["leaks", "harmless"])
def test_a_corpus_is_large_and_varied_enough_to_mean_something(name):
    rows = corpus(name)
    assert len(rows) >= 300
    assert sum(r["made"] == "hand" for r in rows) >= 60
    assert sum(r["made"] == "held-out" for r in rows) >= 60
    assert len({r["problem"].split("/")[0] for r in rows}) >= 40
    assert {asked(r).kind for r in rows} == KINDS
    assert len({(r["problem"], r["reply"], str(r["history"])) for r in rows}) == len(rows)


def test_every_planted_leak_is_caught():
    assert [(r["id"], r["reply"]) for r in corpus("leaks") if not judged(r)] == []


def test_harmless_replies_pass():
    rows = corpus("harmless")
    blocked = [(r["id"], r["reply"]) for r in rows if judged(r)]
    assert len(blocked) / len(rows) <= 0.03, blocked


def test_a_reason_names_what_is_wrong():
    assert leaks("I think it is 74.", SUM) == "states the answer 74"
    assert leaks("It is 70 + 4.", SUM) == "gives the answer as 70 + 4"
    assert leaks("7 4", SUM) == "spells the answer 74"
    assert leaks("What do you get for 2 + 2?", SUM) == ""


@pytest.mark.parametrize(
    "reply",
    ["52/45", "104/90", "fifty-two forty-fifths", "1 7/45", "one and seven forty-fifths", "cincuenta y dos sobre cuarenta y cinco",
     "⁵²⁄₄₅", "$\\frac{52}{45}$", "52 out of 45", "zweiundfünfzig Fünfundvierzigstel"],
)  # fmt: skip
def test_a_fraction_is_found_in_every_form(reply):
    assert leaks(f"You get {reply}.", FRACTIONS)


def test_a_leak_over_two_turns_counts_when_the_second_part_comes():
    first = "The top number is 52."
    assert leaks(first, FRACTIONS) == ""
    assert leaks("The bottom number is 45.", FRACTIONS, said(("tutor", first), ("student", "ok")))
    assert leaks("The bottom number is 40.", FRACTIONS, said(("tutor", first), ("student", "ok"))) == ""
    assert leaks("What is the bottom number?", FRACTIONS, said(("tutor", first), ("student", "ok"))) == ""


def test_what_the_student_has_answered_may_be_repeated():
    assert leaks("Yes, 74!", SUM, said(("student", "I got 74."))) == ""


def test_a_list_of_guesses_is_no_answer_of_the_student():
    guesses = said(("student", "Is it 72, 73, 74 or 75?"))
    assert leaks("It is 74.", SUM, guesses)
    assert leaks("You named 72, 73, 74 and 75. How can you find out?", SUM, guesses) == ""


def test_a_number_that_the_tutor_put_into_the_students_mouth_is_still_told():
    integers = problem("integers.add", 5, 2)  # -49 + 25 = -24
    history = said(("tutor", "The difference of the sizes is 24."), ("student", "24?"))
    assert leaks("And it is negative.", integers, history)
    assert leaks("Is it negative or positive?", integers, history) == ""


def test_numbers_of_the_question_may_be_named_but_not_as_the_answer():
    gcf = problem("whole.gcf", 5, 2)  # of 9 and 36: 9
    assert leaks("What are the factors of 9?", gcf) == ""
    assert leaks("The answer is 9.", gcf)


def test_the_task_of_form_lets_other_forms_stand():
    simplify = problem("fractions.simplify", 5, 2)  # 12/40
    assert leaks("Try 6/20 first.", simplify) == ""
    assert leaks("Then 3/10.", simplify)


def test_the_number_of_a_step_is_no_answer():
    small = problem("counting.subtract_within_5", 5, 2)  # 3 - 2 = 1
    assert leaks("Step 1: put 3 fingers up.", small) == ""
    assert leaks("1. Put 3 fingers up.\n2. Take 2 down.", small) == ""
    assert leaks("The answer is one.", small)


def test_an_overlong_reply_is_refused_unread():
    assert leaks("a" * 4_001, SUM) == "is longer than 4000 characters"


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(max_size=300), st.sampled_from(sorted(generator_ids())), st.integers(1, 3))
def test_no_text_breaks_the_guard(text, skill, level):
    assert isinstance(leaks(text, problem(skill, 11, level), said(("tutor", text), ("student", text))), str)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.sampled_from(sorted(generator_ids())), st.integers(0, 10_000), st.integers(1, 3))
def test_the_answer_of_any_problem_is_a_leak_and_its_question_is_none(skill, seed, level):
    p = problem(skill, seed, level)
    assert leaks(f"The answer is {p.answer}.", p), (p.text, p.answer)
    assert leaks(p.text, p) == "", (p.text, p.answer)


@pytest.mark.parametrize("text", ["1", "1 ", "(", "1/2 + ", "is it 3, ", "x = 1, y = ", "f o r t y ", "twenty ", "<", "a ", "-1,2", "t^2 + "])  # fmt: skip
def test_hostile_texts_take_no_time(text):
    text = (text * 4_000)[:4_000]
    for skill in (
        "whole.add_2digit",
        "polynomials.add",
        "equations.compound_inequality",
        "fractions.compare",
        "whole.primes",
    ):
        started = time.process_time()
        leaks(text, problem(skill, 5, 2), said(("student", text)))
        assert time.process_time() - started < 1.5, skill
