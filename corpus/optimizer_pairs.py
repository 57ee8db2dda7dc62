"""Pairs for the optimizer: real plans rehearsed with simulated classes, and the edit that the evidence asks for."""

import json
import re
from collections.abc import Iterator, Sequence
from random import Random

from classwright.agents.optimizer import OFFERED, Choice, question
from classwright.classroom.audience import students
from classwright.classroom.edits import Edit, possible_edits
from classwright.classroom.learning import LearningModel
from classwright.classroom.rehearsal import Rehearsal, make_exam, rehearse
from classwright.corpus.lesson_drafts import drafts
from classwright.corpus.pair import Pair
from classwright.corpus.pattern import Deck, fill, tables
from classwright.corpus.phrases import raised
from classwright.skilltree.tree import SkillTree

_STUDENTS = re.compile(r"(\d+) of (\d+) students still answer (.+?) to ['\"]")
_KINDS = {
    ("insert", "misconception"): "misconception", ("insert", "guided practice"): "practice",
    ("insert", "worked example"): "example", ("insert", "explanation"): "review",
    ("replace", "guided practice"): "replace", ("reorder", "misconception"): "reorder",
    ("remove", "misconception"): "drop", ("remove", "explanation"): "skip",
}  # fmt: skip


def optimizer_pairs(
    tree: SkillTree, *, seed: int = 0, per_skill: int = 2, skills: Sequence[str] = ()
) -> Iterator[Pair]:
    """Pairs of a rehearsed plan with its edits, and the edit that is chosen with a reason, as JSON.

    The edits stand in a drawn order, so that the choice has to be read from the evidence and not from the place.

    Args:
        tree: The skill tree.
        seed: Of classes, plans and order.
        per_skill: Plans for each skill.
        skills: Which skills; empty for all of the tree.
    """
    deck, model = Deck(f"{seed}/optimize"), LearningModel()
    for draft in drafts(tree, seed=seed + 1, per_skill=per_skill, skills=skills):
        rng = Random(f"{seed}/optimize/{draft.name}")
        exam = make_exam([*draft.audience.missing, draft.plan.skill], seed)
        rehearsal = rehearse(draft.plan, students(draft.audience, tree, seed, model), exam, seed)
        offered = possible_edits(draft.plan, rehearsal, tree)[:OFFERED]
        if len(offered) < 2:
            continue
        rng.shuffle(offered)
        chosen = max(offered, key=lambda e: strength(e, rehearsal))
        values = _values(chosen, tree)
        pattern = deck.offer(tables("optimize")[_KINDS[chosen.action, chosen.part]], values, 1)[0]
        deck.use(pattern.name)
        answer = Choice(reason=fill(pattern.text, values), edit=offered.index(chosen) + 1)
        about = chosen.target if chosen.target in tree.misconceptions else ""
        messages = question(draft.plan, rehearsal, offered, tree, "")
        text = json.dumps(answer.model_dump(), ensure_ascii=False)
        yield Pair("optimize", messages, text, draft.plan.skill, pattern.name, about)


def strength(edit: Edit, rehearsal: Rehearsal) -> float:
    """How many students or answers an edit's evidence speaks of, by what can be read in the prompt.

    A worked example answers the same wrong answers as practice, for half of them, as in `possible_edits`; a review
    those of the students who are not right; what helps nobody weighs its minutes.
    """
    found = re.search(r"(\d+) (?:of \d+ |wrong answers)", edit.evidence)
    if found:
        return int(found[1]) / (2 if (edit.action, edit.part) in _HALF else 1)
    share = re.search(r"(\d+)%", edit.evidence)
    if share and edit.action == "insert":
        return rehearsal.gain.n * (1 - int(share[1]) / 100)
    return edit.minutes


_HALF = {("insert", "worked example"), ("replace", "guided practice")}


def _values(edit: Edit, tree: SkillTree) -> dict[str, str]:
    """What the reasons for an edit are filled with."""
    values: dict[str, str] = {}
    if found := _STUDENTS.search(edit.evidence):
        values |= {"n": found[1], "of": found[2], "answer": found[3]}
    elif found := re.search(r"(\d+)(?: of (\d+))?", edit.evidence):
        values |= {"n": found[1]} | ({"of": found[2]} if found[2] else {})
    if found := re.search(r"\d+%", edit.evidence):
        values["share"] = found[0]
    if edit.target in tree:
        values |= {"name": tree[edit.target].name, "name_c": raised(tree[edit.target].name)}
    elif edit.target:
        values["does"] = tree.misconception(edit.target).name
    return values
