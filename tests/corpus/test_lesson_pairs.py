"""The lesson's part of the corpus: real prompts, texts that pass, even use of patterns, the same for the same seed."""

import json
from collections import Counter, defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.agents.optimizer import Choice
from classwright.classroom.equations import numbers_in
from classwright.corpus.lesson_drafts import drafts
from classwright.corpus.lesson_pairs import lesson_pairs, tried
from classwright.corpus.narration import narrate_aloud
from classwright.corpus.optimizer_pairs import optimizer_pairs
from classwright.corpus.pattern import Deck, Pattern, fill, tables
from classwright.corpus.phrases import lowered, to_they, verb_phrase
from classwright.corpus.scene_words import INTERESTS, questions, scenes
from classwright.prompts import render
from classwright.skilltree.bank import problem
from classwright.skilltree.tree import default_tree

TREE = default_tree()
SOME = list(TREE)[::9]
WRITTEN = ("hook", "talk", "hint", "family_note", "note", "group", "closing")
"""Tasks of the lesson whose texts are made from sentence patterns; explanations are written for each skill."""


@pytest.fixture(scope="module")
def found():
    return list(tried(TREE, seed=3, per_skill=3, skills=SOME))


@pytest.fixture(scope="module")
def pairs(found):
    return [t.pair for t in found if not t.faults]


def test_every_task_of_the_lesson_is_there(pairs):
    assert {p.task for p in pairs} == {*WRITTEN, "explanation"}


def test_under_a_tenth_of_the_texts_fail_a_check_of_the_agents(found):
    assert sum(bool(t.faults) for t in found) / len(found) < 0.1


def test_no_prompt_has_the_same_text_twice(pairs):
    assert max(Counter((p.messages[-1]["content"], p.text) for p in pairs).values()) == 1


def test_the_same_seed_gives_the_same_pairs_and_another_one_others():
    one, again, other = (list(lesson_pairs(TREE, seed=s, per_skill=1, skills=SOME[:3])) for s in (1, 1, 2))
    assert one == again
    assert {p.text for p in one} != {p.text for p in other}


def test_the_prompt_is_what_the_agent_renders(pairs):
    """A pair's prompt can be made again from its plan with the agent's template, without note and fault."""
    p = next(p for p in pairs if p.task == "hook" and p.interest)
    grade = p.messages[0]["content"].split("grade ")[1].split(" ")[0]
    values = {"skill": TREE[p.skill].name, "interest": p.interest, "grade": grade, "language": "en"}
    assert p.messages == render("hook", **values, note="", fault="")


def test_a_note_and_a_family_note_keep_what_they_were_given(pairs):
    for p in pairs:
        if p.task == "family_note":
            asked = p.messages[-1]["content"].split("Problem to try at home: ")[1].split("\nWrite 2")[0]
            assert asked in p.text
        if p.task == "note":
            wrong = p.messages[-1]["content"].split("Likely wrong answer: ")[1].split("\n")[0]
            assert wrong in p.text
            assert p.misconception in TREE.misconceptions


def test_no_placeholder_is_left(pairs):
    assert not [p.text for p in pairs if "{" in p.text and "{" not in p.messages[-1]["content"]]


def test_each_task_has_thirty_patterns_and_none_is_used_for_more_than_a_twentieth(pairs):
    by_task = defaultdict(Counter)
    for p in pairs:
        by_task[p.task][p.pattern] += 1
    for task in WRITTEN:
        uses = by_task[task]
        assert len(uses) >= 30, task
        assert max(uses.values()) <= max(2, 0.05 * uses.total()), task


def test_an_opening_names_its_interest_and_no_number(pairs):
    hooks = [p for p in pairs if p.task == "hook"]
    assert {bool(p.interest) for p in hooks} == {True, False}
    for p in hooks:
        assert p.interest.lower() in p.text.lower()
        assert all(n <= 1 or n in numbers_in(TREE[p.skill].name) for n in numbers_in(p.text))


@pytest.mark.parametrize("skill", SOME)
def test_a_narration_keeps_every_number_of_the_steps_and_ends_with_the_answer(skill):
    from random import Random

    for seed in range(4):
        p = problem(skill, seed, 1 + seed % 3)
        text = narrate_aloud("Let us begin.", p.steps, p.answer, Random(seed))
        said = numbers_in(text)
        assert all(numbers_in(step) <= said for step in p.steps)
        assert p.answer in text
        assert numbers_in(text) <= set().union(numbers_in(p.answer), *(numbers_in(s) for s in p.steps)) | {1, 2}


def test_there_are_forty_interests_with_five_scenes_and_questions_for_every_kind():
    assert len(INTERESTS) >= 40
    assert all(len(scenes(i)) >= 5 for i in INTERESTS)
    assert all(n <= 1 for i in (*INTERESTS, None) for s in scenes(i) for n in numbers_in(s))
    assert all(len(questions(s)) >= 4 for s in TREE)


def test_a_skills_plans_do_not_depend_on_the_other_skills():
    alone = [d.plan for d in drafts(TREE, seed=1, per_skill=2, skills=SOME[1:2])]
    among = [d.plan for d in drafts(TREE, seed=1, per_skill=2, skills=SOME[:3]) if d.plan.skill == SOME[1]]
    assert alone == among


def test_the_optimizer_chooses_what_its_evidence_counts_most():
    made = list(optimizer_pairs(TREE, seed=1, per_skill=1, skills=SOME))
    assert len(made) > len(SOME) / 2
    places = Counter()
    for p in made:
        choice = Choice.model_validate(json.loads(p.text))
        line = p.messages[-1]["content"].split(f"\n{choice.edit}. ")[1].split("\n")[0]
        assert numbers_in(choice.reason) <= numbers_in(p.messages[-1]["content"])
        assert "Evidence" in line
        places[choice.edit] += 1
    assert len(places) > 1


@given(st.integers(1, 40), st.integers(1, 60))
def test_a_deck_uses_patterns_evenly(patterns, deals):
    deck, cards = Deck("x"), [Pattern(f"p{n}", f"text {n}") for n in range(patterns)]
    uses = Counter({p.name: 0 for p in cards})
    for _ in range(deals):
        name = deck.offer(cards, (), 1)[0].name
        deck.use(name)
        uses[name] += 1
    assert max(uses.values()) - min(uses.values()) <= 1


def test_a_pattern_that_lacks_a_value_is_not_offered():
    cards = [Pattern("a", "{do} it"), Pattern("b", "plain")]
    assert [p.name for p in Deck("x").offer(cards, {"step": ""}, 5)] == ["b"]


def test_words_of_steps():
    assert verb_phrase("Add the ones.") == "add the ones"
    assert verb_phrase("If it is 5 or more, go up.") == ""
    assert verb_phrase("Add the ones. Then add the tens.") == ""
    assert lowered("Ava has more.") == "Ava has more."
    assert lowered("The sum is 5.") == "the sum is 5."
    assert to_they("say what it tells you about your bar") == "say what it tells them about their bar"
    assert fill("first {do}. then stop.", {"do": "add"}) == "First add. Then stop."


def test_no_list_of_patterns_is_short():
    least = {"hook": 60, "hint": 30, "family_note": 30, "note": 30, "group": 30, "closing": 30, "optimize": 30}
    for task, n in least.items():
        assert sum(map(len, tables(task).values())) >= n, task
    assert len(tables("talk")["openings"]) >= 30
