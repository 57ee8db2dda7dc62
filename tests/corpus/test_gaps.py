"""What the corpus once lacked: skills outside the tree, one edit only, rare moves, analogies in three parts."""

import json
import re
from collections import Counter

import pytest

from classwright.classroom.idea_checks import Analogy
from classwright.classroom.moves import move_of
from classwright.corpus.analogies import analogies, analogy_pairs
from classwright.corpus.asked import AnalogyAsked, StudentAsked, TutorAsked
from classwright.corpus.dialogue_pairs import dialogue_pairs
from classwright.corpus.dialogue_phrases import bare, load
from classwright.corpus.lesson_texts import tables
from classwright.corpus.optimizer_pairs import CLASSES, optimizer_pairs
from classwright.corpus.put import put, role_of
from classwright.distill.move_reader import told_submove
from classwright.models.chat import Chat
from classwright.models.embeddings import WordEmbedder
from classwright.models.scripted import ScriptedModel
from classwright.skilltree.tree import default_tree

TREE = default_tree()
LEAST = 30
"""Sentence patterns of a task and of a kind of move."""


@pytest.fixture(scope="module")
def talk():
    return list(dialogue_pairs(TREE, seed=2, rounds=1))


def test_every_row_is_counted_under_a_skill_of_the_tree(talk):
    assert {p.skill for p in talk} <= set(TREE)
    # The problem itself keeps its name, by which a tutor knows that it has no skill of its own.
    assert any(isinstance(p.asked, TutorAsked) and p.asked.problem.skill not in TREE for p in talk)


def test_every_kind_of_move_has_thirty_patterns(talk):
    found = {}
    for p in talk:
        if p.task == "tutor_socratic":
            kind = told_submove(p.messages[-1]["content"])
            found.setdefault(kind, set()).add(bare(p.pattern).rsplit(".", 1)[0])
    acts = load("tutor_socratic")
    for kind, names in found.items():
        move_of(kind)
        assert sum(len(acts[act]) for act in names) >= LEAST, kind


def test_every_task_has_thirty_patterns():
    for task in ("student_says", "student_turn", "observer", "optimize", "hint", "hook", "note", "closing", "group"):
        assert sum(map(len, load(task).values())) >= LEAST, task
    assert len(analogies()) >= LEAST


def test_no_edit_is_chosen_most_of_the_time():
    made = list(optimizer_pairs(TREE, seed=1, per_skill=1, skills=list(TREE)[::12]))
    kinds = Counter(p.pattern.split(".")[0] for p in made)
    assert len(kinds) >= 4
    assert max(kinds.values()) <= 0.45 * kinds.total(), kinds
    assert len(CLASSES) > 1


def test_analogies_pass_the_agents_checks():
    made = list(analogy_pairs(TREE, seed=1, per_skill=1))
    assert len(made) >= LEAST
    assert {p.skill for p in made} <= set(analogies())
    for p in made:
        idea = Analogy.model_validate(json.loads(p.text))
        assert re.match(r".+ is like .+\. .+\.$", idea.text())


@pytest.mark.parametrize("kind", [TutorAsked, StudentAsked, AnalogyAsked])
async def test_an_agent_that_is_asked_again_sends_the_rows_prompt_and_takes_our_text(talk, kind):
    pairs = [*talk, *analogy_pairs(TREE, seed=1, per_skill=1, skills=list(analogies())[:12])]
    chosen = [p for p in pairs if isinstance(p.asked, kind)][:8]
    assert chosen
    for n, p in enumerate(chosen):
        model = ScriptedModel([p.text])
        given = await put(p.asked, p.messages, Chat(role_of(p.asked), model, "m"), WordEmbedder().embed, TREE,
                          unit=f"row {n}")  # fmt: skip
        assert given.accepted, given.refused
        assert model.seen[0]["messages"] == p.messages


def test_a_hint_without_an_instruction_has_patterns_of_its_own():
    assert all("{do}" not in p.text for p in tables("hint")["step"])
