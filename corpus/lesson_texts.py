"""Texts for each slot of a lesson: our own words for the skill, or a sentence pattern filled with the slot's facts."""

import re
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from classwright.agents.words import Slot
from classwright.classroom.equations import numbers_in
from classwright.classroom.slots import longer_words
from classwright.corpus.explained import explained
from classwright.corpus.narration import narrate_aloud
from classwright.corpus.pattern import Deck, Pattern, fill, tables
from classwright.corpus.phrases import (
    lowered,
    method_phrases,
    raised,
    sentences,
    speaks_to_you,
    to_they,
    verb_phrase,
    words_of,
)
from classwright.corpus.scene_words import fitting, questions, scenes
from classwright.skilltree.skill import Skill

YOUNG = 3
"""Grade up to which the shortest patterns are used, and the longer ones are not for grade 1 and below."""
OWN = 0.5
"""Share of closings and group activities that are our own words for the skill, where there are some."""
TRIES = 24
"""Texts that are offered for a slot; the first that passes is taken. A hook or hint must speak of the skill's topic,
and for some skills only a few patterns do."""


class Text(NamedTuple):
    """A text for a slot.

    Attributes:
        text: The text.
        pattern: The pattern that it was made from.
        deck: The deck that the pattern is of.
    """

    text: str
    pattern: str
    deck: Deck


class Decks:
    """A deck for each list of patterns, so that all of them are used evenly."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._decks: dict[str, Deck] = {}

    def __getitem__(self, name: str) -> Deck:
        return self._decks.setdefault(name, Deck(f"{self.seed}/{name}"))


def texts(slot: Slot, skill: Skill, grade: int, interest: str | None, decks: Decks, rng: Random) -> list[Text]:
    """The texts that we have for a slot, those whose patterns were used least first.

    Args:
        slot: The slot, as the agent fills it.
        skill: What it is about.
        grade: Of the class.
        interest: What the lesson is set in, None for nothing.
        decks: Offers the patterns.
        rng: Draws what is not offered in turn.
    """
    v = slot.values
    match slot.task:
        case "hook":
            return _hooks(skill, grade, interest, decks, rng)
        case "explanation":
            return _own("explanations", skill, decks)
        case "talk":
            openings = decks["talk"].offer(tables("talk")["openings"], (), TRIES)
            return [Text(narrate_aloud(p.text, v["steps"], v["answer"], rng), p.name, decks["talk"]) for p in openings]
        case "hint":
            return _hints(skill, decks)
        case "group":
            return _groups(v["tier"], skill, decks, rng)
        case "closing":
            return _closings(skill, grade, decks, rng)
        case "family_note":
            return _filled(
                "family_note", tables("family_note")["any"], {**said_of(skill), "problem": v["problem"]}, decks
            )
        case "note":
            facts = {"problem": v["problem"], "wrong": v["wrong_answer"], "does": v["name"], "share": v["share"]}
            return _filled("note", tables("note")["any"], {**facts, "share_c": raised(v["share"])}, decks)
        case _:
            return []


def said_of(skill: Skill) -> dict[str, str]:
    """A skill's words for patterns: phrase, doing where there is one, and "singular" where a verb may follow."""
    words, known = words_of(skill), numbers_in(skill.name)
    phrase = words.phrase if numbers_in(words.phrase) <= known else skill.name
    values = {"phrase": phrase} | ({} if words.plural else {"singular": ""})
    return values | ({"doing": words.doing} if words.doing and numbers_in(words.doing) <= known else {})


def _hooks(skill: Skill, grade: int, interest: str | None, decks: Decks, rng: Random) -> list[Text]:
    lists = tables("hook")
    found = scenes(interest)
    named = tuple(s for s in found if interest and interest.lower() in s.lower())
    if interest is None or (named and rng.random() < 0.4):
        patterns = [*(lists["plain"] if grade > 1 else ()), *(lists["young"] if grade <= YOUNG else ())]
        patterns += lists["both_plain"] if _differ(skill) else ()
        found = named or found
    else:
        patterns = [*lists["liked"], *(lists["both"] if _differ(skill) else ())]
    made = []
    for pattern in decks["hook"].offer(patterns, _fields({**said_of(skill), "interest": ""}, *_SCENE), TRIES):
        scene, question = rng.choice(fitting(found, skill.id)), rng.choice(questions(skill.id))
        facts = {"scene": scene, "scene_l": lowered(scene), "question": question, "question_l": lowered(question)}
        values = {**said_of(skill), **facts, "interest": interest or ""}
        made.append(Text(fill(pattern.text, values), pattern.name, decks["hook"]))
    return made


def _differ(skill: Skill) -> bool:
    """Whether the skill's verb phrase says more than its noun phrase does."""
    said = said_of(skill)
    return len(longer_words(said.get("doing", "")) - longer_words(said["phrase"])) > 1


_SCENE = ("scene", "scene_l", "question", "question_l")


def _hints(skill: Skill, decks: Decks) -> list[Text]:
    first, *rest = skill.method or ("",)
    facts = {**said_of(skill), "step": first, "step_l": lowered(first)}
    lists = tables("hint")
    do = verb_phrase(first, 14)
    if not do:  # a condition or a statement, which stands by itself
        return _filled("hint", lists["step"], facts, decks) if first else []
    facts["do"] = do
    if rest and (after := verb_phrase(rest[0], 10)):
        facts["next"] = after
    patterns = [p for name, texts in lists.items() if name != "step" for p in texts]
    if speaks_to_you(do):
        patterns = [p for p in patterns if not re.search(r"\b(I|we)\b", p.text)]
    return _filled("hint", patterns, facts, decks)


def _groups(tier: str, skill: Skill, decks: Decks, rng: Random) -> list[Text]:
    own = _own("groups", skill, decks)
    if own and rng.random() < OWN:
        return own
    first, *rest = sentences(skill.picture)
    facts = said_of(skill)
    if (make := verb_phrase(first, 24)) and not make.startswith("let "):  # "they let students" is said to a teacher
        facts["make"] = to_they(make)
    if len(rest) == 1:
        see = verb_phrase(rest[0], 24)
        facts |= {"see_do": to_they(see)} if see else {"see": to_they(rest[0])}
    lists = tables("group")
    return _filled("group", [*lists[tier], *lists[f"{tier}_two"], *lists[f"{tier}_see"]], facts, decks) or own


def _closings(skill: Skill, grade: int, decks: Decks, rng: Random) -> list[Text]:
    own = _own("closings", skill, decks)
    steps = method_phrases(skill.method)
    if len(steps) < 2 or (own and rng.random() < OWN):
        return own
    lists = tables("closing")
    start = rng.choice((0, 0, 1)) if len(steps) > 2 else 0
    facts = {**said_of(skill), "do1": steps[start], "do2": steps[start + 1]}
    patterns = [*(lists["two"] if grade > 1 else ()), *(lists["young"] if grade <= YOUNG else ())]
    if len(steps) > start + 2:
        facts["do3"] = steps[start + 2]
        patterns += lists["three"] if grade > 1 else ()
    return _filled("closing", patterns, facts, decks) or own


def _own(kind: str, skill: Skill, decks: Decks) -> list[Text]:
    """What we wrote for the skill by hand; braces in it are no placeholders."""
    if skill.id not in explained():
        return []
    written = {f"own.{skill.id}.{n}": text for n, text in enumerate(getattr(explained()[skill.id], kind), 1)}
    offered = decks[kind].offer([Pattern(name, "") for name in written], (), TRIES)
    return [Text(written[p.name], p.name, decks[kind]) for p in offered]


_NEEDS_SINGULAR = re.compile(
    r"\{phrase\} (works|comes|helps|is|has|leads|becomes|starts|begins)\b|it becomes|does \{phrase\}"
)


def _fields(values: dict[str, str], *more: str) -> set[str]:
    return {*values, *more}


def _filled(task: str, patterns: Sequence[Pattern], values: dict[str, str], decks: Decks) -> list[Text]:
    if "singular" not in values and "phrase" in values:
        patterns = [p for p in patterns if not _NEEDS_SINGULAR.search(p.text)]
    offered = decks[task].offer(patterns, values.keys(), TRIES)
    return [Text(fill(p.text, values), p.name, decks[task]) for p in offered]
