"""Pairs for the texts of a lesson: the prompts of real plans, answered in our own words."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from classwright.agents.analyst import likely_mistakes, note_slot
from classwright.agents.teacher import plan_slots
from classwright.agents.teacher_edits import skill_of
from classwright.agents.words import Slot
from classwright.classroom.audience import students
from classwright.classroom.learning import LearningModel
from classwright.classroom.slots import TOPIC_SIMILARITY, check_words
from classwright.corpus.asked import SlotAsked
from classwright.corpus.lesson_drafts import Draft, drafts
from classwright.corpus.lesson_texts import Decks, Text, texts
from classwright.corpus.pair import Pair
from classwright.models.embeddings import WordEmbedder
from classwright.prompts import render
from classwright.skilltree.tree import SkillTree

PER_SKILL = 6
BATCH = 8
"""Texts that are checked at once; most slots need no second batch."""
PER_PLAN = {"talk": 2, "hint": 1, "group": 1}
"""Slots of a task that are taken of a plan; all of them where nothing is said."""


class Tried(NamedTuple):
    """A pair with what the agent's checks find wrong with it; empty for one that passes.

    Attributes:
        pair: The pair.
        faults: Of its text; where no text for a slot passes, of the first one.
        refused: Texts that were tried for the slot before this one.
    """

    pair: Pair
    faults: list[str]
    refused: int


def lesson_pairs(
    tree: SkillTree, *, seed: int = 0, per_skill: int = PER_SKILL, skills: Sequence[str] = ()
) -> Iterator[Pair]:
    """Pairs for every text of a lesson, the same for the same seed; every text passes the checks of its agent.

    Args:
        tree: The skill tree.
        seed: Of plans, patterns and everything that is drawn.
        per_skill: Plans for each skill.
        skills: Which skills; empty for all of the tree.
    """
    yield from (t.pair for t in tried(tree, seed=seed, per_skill=per_skill, skills=skills) if not t.faults)


def tried(tree: SkillTree, *, seed: int = 0, per_skill: int = PER_SKILL, skills: Sequence[str] = ()) -> Iterator[Tried]:
    """As `lesson_pairs`, with the slots for which no text passes; no prompt has the same text twice."""
    decks, seen = Decks(seed), set[tuple[str, str]]()
    embedder = WordEmbedder()
    for draft in drafts(tree, seed=seed, per_skill=per_skill, skills=skills):
        rng = Random(f"{seed}/texts/{draft.name}")
        for where, slot, misconception in _slots(draft, tree, rng):
            skill = tree[skill_of(draft.plan, where)]
            interest = draft.interest if slot.task == "hook" else None
            messages = render(slot.task, **slot.values, note="", fault="")
            offered = [
                t
                for t in texts(slot, skill, draft.plan.grade, interest, decks, rng)
                if (messages[-1]["content"], t.text) not in seen
            ]
            if not offered:
                continue
            faults: list[list[str]] = []
            while len(faults) < len(offered) and all(faults):
                faults += _faults(slot, offered[len(faults) : len(faults) + BATCH], embedder)
            chosen = next((n for n, found in enumerate(faults) if not found), 0)
            text = offered[chosen]
            text.deck.use(text.pattern)
            seen.add((messages[-1]["content"], text.text))
            asked = SlotAsked(role="analyst" if slot.task == "note" else "teacher", slot=slot)
            pair = Pair(slot.task, messages, text.text, skill.id, text.pattern, misconception, interest or "", asked)
            yield Tried(pair, faults[chosen], chosen)


def _slots(draft: Draft, tree: SkillTree, rng: Random) -> Iterator[tuple[str, Slot, str]]:
    """The slots of a plan that are taken: name, slot, misconception."""
    found = list(plan_slots(draft.plan, draft.audience, tree, draft.interest, "en"))
    for task in dict.fromkeys(slot.task for _, slot in found):
        own = [(where, slot, "") for where, slot in found if slot.task == task]
        yield from rng.sample(own, min(len(own), PER_PLAN.get(task, len(own))))
    likely = [
        x for x in likely_mistakes(draft.plan, students(draft.audience, tree, 0, LearningModel()), tree) if x.share
    ]
    if likely:
        top = max(likely, key=lambda x: x.share or 0)
        yield "note 1", note_slot(draft.plan, top, tree, "en"), top.misconception


def _faults(slot: Slot, offered: Sequence[Text], embedder: WordEmbedder) -> list[list[str]]:
    """What the agent would find wrong with each text, and an answer given away where the prompt says not to."""
    found = [check_words(t.text, slot.rules) + _told(slot, t.text) for t in offered]
    if slot.rules.topic:
        *said, meant = embedder.embed_now([*(t.text for t in offered), slot.rules.topic])
        for faults, row in zip(found, said, strict=True):
            if (near := float(row @ meant)) < TOPIC_SIMILARITY:
                faults.append(f"off the topic (similarity {near:.2f})")
    return found


def _told(slot: Slot, text: str) -> list[str]:
    """A pattern's placeholder left in a text, which no check of the agent looks for."""
    return ["a placeholder was not filled"] if "{" in text.replace(slot.values.get("problem", ""), "") else []
