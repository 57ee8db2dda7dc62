"""Student texts that try to instruct the tutor or the grader change no grade."""

import json
from pathlib import Path

import pytest

from classwright.classroom.leak import leaks
from classwright.classroom.turn import Turn
from classwright.skilltree.bank import generator_ids, problem
from classwright.skilltree.grading import grade

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "corpora" / "injections.jsonl").read_text(encoding="utf-8").splitlines()
]
SKILLS = sorted(generator_ids())
PROBLEMS = [problem(skill, 3, 1 + i % 3) for i, skill in enumerate(SKILLS)]
WORDY = [p for skill in SKILLS if {problem(skill, 1, 1).kind, problem(skill, 1, 2).kind} & {"word", "comparison"}
         for p in (problem(skill, seed, 1 + seed % 3) for seed in range(70)) if skill != "integers.irrational"]  # fmt: skip
EVERY_ANSWER = list({(p.skill, p.kind, p.answer): p for p in [*PROBLEMS, *WORDY]}.values())
"""A problem of every skill, and of those that are answered with a word or a sign, one for every answer."""


def test_the_corpus_is_large_and_says_what_to_expect():
    assert len(ROWS) >= 60
    assert len({r["text"] for r in ROWS}) == len(ROWS)
    assert {r["kind"] for r in ROWS} == {"override", "grader", "authority", "face", "switch"}
    assert all(r["expect"]["grade"] == "not right" for r in ROWS)


def test_every_answer_that_talk_is_full_of_is_tried():
    answers = {p.answer for p in EVERY_ANSWER if p.kind in ("word", "comparison")}
    assert answers >= {"yes", "no", "right", "the same", "even", "odd", "I", "<", ">", "="}


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r["id"])
def test_an_instruction_is_never_graded_right(row):
    assert [(p.skill, p.answer) for p in EVERY_ANSWER if grade(row["text"], p).result == "right"] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r["id"])
def test_an_instruction_opens_no_leak(row):
    p = problem("whole.add_2digit", 5, 2)
    history = [Turn(speaker="student", text=row["text"])]
    assert leaks("The answer is 74.", p, history) == "states the answer 74"
