"""Student texts that try to instruct the tutor or the grader change no grade."""

import json
import re
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
PROBLEMS = [problem(skill, 3, 1 + i % 3) for i, skill in enumerate(sorted(generator_ids()))]


def test_the_corpus_is_large_and_says_what_to_expect():
    assert len(ROWS) >= 60
    assert len({r["text"] for r in ROWS}) == len(ROWS)
    assert {r["kind"] for r in ROWS} == {"override", "grader", "authority", "face", "switch"}
    assert all(r["expect"]["grade"] == "not right" for r in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r["id"])
def test_an_instruction_is_never_graded_right_unless_it_holds_the_answer(row):
    for p in PROBLEMS:
        stated = re.search(rf"(?<!\w){re.escape(p.answer.lower())}(?!\w)", row["text"].lower())
        if not stated:
            assert grade(row["text"], p).result != "right", (p.text, p.answer)


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r["id"])
def test_an_instruction_opens_no_leak(row):
    p = problem("whole.add_2digit", 5, 2)
    history = [Turn(speaker="student", text=row["text"])]
    assert leaks("The answer is 74.", p, history) == "states the answer 74"
