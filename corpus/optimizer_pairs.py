"""Pairs for the optimizer: real plans rehearsed with simulated classes, and the edit that the evidence asks for."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random
from typing import Literal, get_args

from classwright.agents.optimizer import OFFERED, Choice, question
from classwright.classroom.audience import assemble, students
from classwright.classroom.edits import Edit, possible_edits
from classwright.classroom.learning import LearningModel
from classwright.classroom.rehearsal import Rehearsal, make_exam, rehearse
from classwright.corpus.asked import OptimizerAsked
from classwright.corpus.lesson_drafts import Draft, drafts
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
ClassKind = Literal["as planned", "one wrong idea", "weak ground", "knows it"]
CLASSES: tuple[ClassKind, ...] = get_args(ClassKind)
"""As planned: the class of the plan; one wrong idea: nearly sure of the skill, and most hold one misconception; weak
ground: unsure of what the skill builds on; knows it: sure of all, without a wrong idea."""
HOLDS = 0.8
"""Share of a class with one wrong idea that holds it."""
MOST, FEW = 0.3, 5
"""Share of the pairs that one kind of edit may make up, beside the first few."""
ANSWERS = 5
"""Wrong answers of a student with a wrong idea: half of a test is about the goal."""


def optimizer_pairs(
    tree: SkillTree, *, seed: int = 0, per_skill: int = 2, skills: Sequence[str] = ()
) -> Iterator[Pair]:
    """Pairs of a rehearsed plan with its edits, and the edit that is chosen with a reason, as JSON.

    A plan is rehearsed with the class it is for and with others (`CLASSES`), since one class makes the same mistakes
    most of the time; a kind of edit that was chosen too often already is left out. The edits stand in a drawn order, so
    that the choice has to be read from the evidence and not from the place.

    Args:
        tree: The skill tree.
        seed: Of classes, plans and order.
        per_skill: Plans for each skill.
        skills: Which skills; empty for all of the tree.
    """
    deck, kinds = Deck(f"{seed}/optimize"), Counter[str]()
    for draft in drafts(tree, seed=seed + 1, per_skill=per_skill, skills=skills):
        for kind in CLASSES:
            rng = Random(f"{seed}/optimize/{draft.name}/{kind}")
            rehearsal = _rehearsed(draft, kind, tree, rng, seed)
            offered = possible_edits(draft.plan, rehearsal, tree)[:OFFERED]
            if len(offered) < 2:
                continue
            rng.shuffle(offered)
            chosen = max(offered, key=lambda e: strength(e, rehearsal))
            name = _KINDS[chosen.action, chosen.part]
            if kinds[name] > MOST * kinds.total() + FEW:
                continue
            kinds[name] += 1
            yield _pair(draft, rehearsal, offered, chosen, deck, tree)


def _rehearsed(draft: Draft, kind: ClassKind, tree: SkillTree, rng: Random, seed: int) -> Rehearsal:
    """A plan rehearsed with a class of a kind."""
    skill = draft.plan.skill
    taught = [skill, *draft.audience.missing]
    wrong = [m.id for m in tree.misconceptions_of(skill)]
    held: tuple[str, ...] = ()
    match kind:
        case "as planned":
            known = {}
        case "one wrong idea":
            known, held = dict.fromkeys(taught, 0.93), (rng.choice(wrong),) if wrong else ()
        case "weak ground":
            known = dict.fromkeys(taught[1:], 0.05) | {skill: 0.5}
        case "knows it":
            known = dict.fromkeys(taught, 0.97)
    learners = [
        x.model_copy(update={"mastery": {**x.mastery, **known}, "misconceptions": held if rng.random() < HOLDS else ()})
        for x in draft.audience.learners
    ]
    meeting = assemble(learners, skill, tree) if known else draft.audience
    exam = make_exam([*draft.audience.missing, skill], seed)
    return rehearse(draft.plan, students(meeting, tree, seed, LearningModel()), exam, seed)


def _pair(
    draft: Draft, rehearsal: Rehearsal, offered: Sequence[Edit], chosen: Edit, deck: Deck, tree: SkillTree
) -> Pair:
    values = _values(chosen, tree)
    pattern = deck.offer(tables("optimize")[_KINDS[chosen.action, chosen.part]], values, 1)[0]
    deck.use(pattern.name)
    answer = Choice(reason=fill(pattern.text, values), edit=offered.index(chosen) + 1)
    about = chosen.target if chosen.target in tree.misconceptions else ""
    messages = question(draft.plan, rehearsal, offered, tree, "")
    text = json.dumps(answer.model_dump(), ensure_ascii=False)
    asked = OptimizerAsked(offered=tuple(offered), right=answer.edit)
    return Pair("optimize", messages, text, draft.plan.skill, pattern.name, about, asked=asked)


def strength(edit: Edit, rehearsal: Rehearsal) -> float:
    """How many wrong answers an edit's evidence speaks of, by what can be read in the prompt.

    A student who still has a wrong idea, or is not ready, gives `ANSWERS` of them. A worked example answers the same
    ones as practice, for half of them, as in `possible_edits`; what helps nobody weighs its minutes.
    """
    found = re.search(r"(\d+) (of \d+ |wrong answers)", edit.evidence)
    if found:
        each = ANSWERS if found[2].startswith("of") else 1
        return each * int(found[1]) / (2 if (edit.action, edit.part) in _HALF else 1)
    share = re.search(r"(\d+)%", edit.evidence)
    if share and edit.action == "insert":
        return ANSWERS * rehearsal.gain.n * (1 - int(share[1]) / 100)
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
