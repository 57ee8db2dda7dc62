"""Which misconception free words answer: measured on the whole tree, on paraphrases, and on harmless turns."""

import asyncio
import json
from pathlib import Path

import pytest

from classwright.agents.addressing import addressed, heard
from classwright.classroom.idea_words import covered
from classwright.classroom.turn import Turn
from classwright.models.embeddings import WordEmbedder
from classwright.skilltree.bank import problem
from classwright.skilltree.tree import default_tree

TREE = default_tree()
CORPORA = Path(__file__).parents[1] / "corpora"
EMBED = WordEmbedder().embed


def rows(name):
    return [json.loads(line) for line in (CORPORA / name).read_text(encoding="utf-8").splitlines()]


def found(cases):
    """The misconception found per (text, skill)."""

    async def all_of():
        return [await addressed(text, problem(skill, 1, 2), TREE, EMBED) for text, skill in cases]

    return asyncio.run(all_of())


@pytest.mark.parametrize("part", ["question", "repair"])
def test_every_question_and_repair_is_recognized_as_its_own(part):
    pairs = [(m, skill) for skill in TREE for m in TREE.misconceptions_of(skill)]
    assert found([(getattr(m, part), skill) for m, skill in pairs]) == [m.id for m, _ in pairs]


def test_most_questions_in_other_words_are_recognized_and_few_taken_for_another():
    corpus = rows("addressing.jsonl")
    said = found([(r["text"], r["skill"]) for r in corpus])
    right = sum(a == r["misconception"] for a, r in zip(said, corpus, strict=True))
    mixed_up = sum(a not in (None, r["misconception"]) for a, r in zip(said, corpus, strict=True))
    assert len(corpus) >= 40
    assert right / len(corpus) >= 0.8
    assert mixed_up / len(corpus) <= 0.06


def test_general_remarks_and_remarks_on_a_wrong_answer_answer_no_misconception():
    corpus = [r for r in rows("harmless.jsonl") if r["form"] in ("general", "wrong answer")]
    said = found([(r["reply"], r["problem"].split("/")[0]) for r in corpus])
    assert len(corpus) > 100
    assert sum(a is not None for a in said) / len(corpus) <= 0.02


def test_what_answers_a_misconception_of_another_skill_is_seldom_taken_for_one_of_this():
    cases = []
    for n, skill in enumerate(TREE):
        known = {m.id for m in TREE.misconceptions_of(skill)}
        others = [
            m for m in TREE.misconceptions.values() if m.id not in known and m.id.split(".")[0] == skill.split(".")[0]
        ]
        cases += [(f"{m.question} {m.repair}", skill) for m in (others[n % len(others)], others[-n % len(others)])]
    assert sum(a is not None for a in found(cases)) / len(cases) <= 0.1


def test_nothing_is_answered_by_silence_or_where_nothing_is_known():
    assert found([("", "fractions.add_unlike"), (" ", "fractions.add_unlike")]) == [None, None]
    p = problem("fractions.add_unlike", 1).model_copy(update={"skill": ""})
    assert asyncio.run(addressed("Is 1/2 + 1/2 the same as 2/4?", p, TREE, EMBED)) is None


def test_a_turn_that_answers_a_misconception_is_heard_as_what_it_is():
    m = TREE.misconception("fractions.add_numerators_and_denominators")
    p = problem("fractions.add_unlike", 1, 2)

    def hear(text, move, submove):
        turn = Turn.model_validate({"speaker": "tutor", "text": text, "move": move, "submove": submove})
        return asyncio.run(heard(turn, p, TREE, EMBED))

    asked = hear(m.question.rstrip(".") + "?", "focus", "seek strategy")
    assert (asked.addresses, asked.submove) == (m.id, "perturb the question")
    shown = hear(m.repair.replace("?", "."), "generic", "general inquiry")
    assert (shown.addresses, shown.submove) == (m.id, "guide student focus")
    told = hear(m.question, "telling", "reveal strategy")
    assert (told.addresses, told.submove) == (m.id, "reveal strategy")
    plain = hear("Are you sure?", "probing", "seek self-correction")
    assert (plain.addresses, plain.submove) == (None, "seek self-correction")


def test_words_count_by_how_rare_they_are_and_two_are_too_few():
    m = TREE.misconception("counting.ignores_the_zero")
    assert covered(m.question, m, TREE) == 1
    assert covered("zero nothing whatever", m, TREE) == 0
    assert 0 < covered("Is three hundred five the same number as thirty-five? You forgot four", m, TREE) < 1
