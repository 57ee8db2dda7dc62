"""Pairs from dialogues: whether they pass the agents' checks, cover what they should, and come out the same again."""

from collections import Counter

import pytest

from classwright.classroom.moves import MOVES
from classwright.corpus.dialogue_pairs import TASKS, dialogue_pairs
from classwright.corpus.dialogue_phrases import bare, load
from classwright.corpus.observed import quote
from classwright.corpus.pair import Pair
from classwright.corpus.tutor_words import verb_phrase
from classwright.corpus.voiced import voiced
from classwright.skilltree.tree import SkillTree, default_tree

Made = tuple[list[Pair], Counter[tuple[str, str, str]]]


@pytest.fixture(scope="module")
def tree() -> SkillTree:
    return default_tree()


@pytest.fixture(scope="module")
def made(tree: SkillTree) -> Made:
    tally: Counter[tuple[str, str, str]] = Counter()
    return list(dialogue_pairs(tree, seed=3, rounds=2, tally=tally)), tally


def test_under_a_tenth_of_the_texts_fail_the_checks(made: Made) -> None:
    _, tally = made
    refused = sum(n for (_, _, outcome), n in tally.items() if outcome not in ("kept", "long"))
    assert refused < 0.1 * sum(tally.values())


def test_every_misconception_has_four_pairs(made: Made, tree: SkillTree) -> None:
    counts = Counter(p.misconception for p in made[0])
    assert [m for m in tree.misconceptions if counts[m] < 4] == []


def test_every_misconception_is_written_for(tree: SkillTree) -> None:
    assert voiced().keys() == tree.misconceptions.keys()
    assert all(len(v.asks) >= 2 and v.says and all("?" in a for a in v.asks) for v in voiced().values())


def test_no_pattern_makes_up_more_than_a_twentieth(made: Made) -> None:
    for task in TASKS:
        counts = Counter(bare(p.pattern) for p in made[0] if p.task == task)
        assert max(counts.values()) <= 0.06 * sum(counts.values()), (task, counts.most_common(2))


def test_a_tutors_text_is_in_other_words_than_its_example(made: Made) -> None:
    for p in made[0]:
        if p.task == "tutor_socratic":
            example = p.messages[-1]["content"].split("For example: ")[1].split("\nNever say")[0]
            assert p.text != example


def test_prompts_are_what_the_agents_render(made: Made) -> None:
    for p in made[0]:
        assert [m["role"] for m in p.messages] == ["system", "user"]
        assert "Your last text was not used" not in p.messages[-1]["content"]


def test_a_move_has_many_patterns() -> None:
    acts = load("tutor_socratic")
    assert sum(map(len, acts.values())) >= 40 * len(MOVES)
    assert sum(map(len, load("student_turn").values())) >= 60
    assert sum(map(len, load("observer").values())) >= 30


def test_the_same_seed_gives_the_same_pairs(tree: SkillTree) -> None:
    def first(seed: int) -> list[Pair]:
        return [p for p, _ in zip(dialogue_pairs(tree, seed=seed, rounds=1), range(40), strict=False)]

    assert first(5) == first(5)
    assert first(5) != first(6)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Let us see. What do you get now?", "What do you get now"),
        ("Take a look at the ones: how many are there?", "how many are there"),
        ("Okay.", ""),
        ("He said “no” and went. Really?", ""),
    ],
)
def test_what_is_quoted_is_a_short_whole_piece(text: str, quoted: str) -> None:
    assert quote(text) == quoted


def test_an_instruction_fits_into_a_sentence_and_a_condition_does_not() -> None:
    assert verb_phrase("Count all the parts.") == "count all the parts"
    assert verb_phrase("If they match, add the tops.") == ""
