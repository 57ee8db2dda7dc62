"""The checks a model's words must pass before they enter a slot of a lesson.

A model writes words; every fact is given to it. So its text may use only the numbers it was given, must hold no false
equation, must not repeat itself, must speak about the topic, and must be readable. What fails keeps the curated text.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from classwright.classroom.equations import false_equations, numbers_in
from classwright.skilltree.readability import readability

_PREAMBLE = re.compile(
    r"^\W*(sure|certainly|of course|absolutely|here('s| is| are)|okay|as an ai|i'm sorry|i cannot|the following)\b",
    re.I,
)
_MARKUP = re.compile(
    r"(^\s*#)|(```)|(\[[A-Za-z][^\]]{0,40}\])|(\{\w+\})|(https?://)|(<[a-z/]+>)|(\*\*\s*$)|(_{3,})", re.M
)
_FILLER = re.compile(
    r"\b(fun and \w+|\w+ and fun|a (great|fun|creative|unique|wonderful) way to|not only\b.*\bbut also|engaging|"
    r"in today's world|it is important to (note|understand|remember)|i hope|dive into|unlock|exciting journey)\b",
    re.I,
)
_ROLE = re.compile(r"^\s*(task|user|assistant|system|teacher|student|skill|opening|lesson|title|note)\s*:", re.I | re.M)


class SlotRules(NamedTuple):
    """What a slot allows.

    Attributes:
        words: Least and most words.
        reading_grade: Highest reading grade (Flesch-Kincaid); None where a teacher reads it.
        numbers_from: Texts whose numbers may be used; numbers up to `free_numbers` may be used anyway.
        must_mention: Each of these must occur (ignoring case), any of the alternatives separated by "|".
        topic: What the text must be about, for the embedding check; "" for no check.
        avoid: Texts the slot must not simply repeat.
        content: Facts that it must carry: at least `content_words` of their longer words (all, if there are fewer) must
            occur; "" for no check.
    """

    words: tuple[int, int]
    reading_grade: float | None
    numbers_from: Sequence[str]
    must_mention: Sequence[str] = ()
    topic: str = ""
    avoid: Sequence[str] = ()
    free_numbers: int = 2
    content: str = ""
    content_words: int = 3


TOPIC_SIMILARITY = 0.35
"""Least cosine similarity to the topic with the offline embeddings (PITFALLS: related texts .54-.65, unrelated .13)."""


def check_words(text: str, rules: SlotRules) -> list[str]:
    """What is wrong with a model's text for a slot, one reason each; empty if it may be used.

    The topic is not checked here, as it needs embeddings: see `agents.teacher`.
    """
    found = []
    words = text.split()
    if not rules.words[0] <= len(words) <= rules.words[1]:
        found.append(f"{len(words)} words, not {rules.words[0]} to {rules.words[1]}")
    if not words:
        return found
    if _PREAMBLE.search(text):
        found.append("talks about itself instead of the lesson")
    if _MARKUP.search(text) or _ROLE.search(text):
        found.append("holds markup, a label or a blank to fill in")
    if not re.search(r"[.!?\")]\s*$", text):
        found.append("ends in the middle of a sentence")
    if filler := _FILLER.search(text):
        found.append(f"filler: {filler.group()[:40]}")
    given = longer_words(rules.content)
    if len(longer_words(text) & given) < min(rules.content_words, len(given)):
        found.append("says too little of what it was given")
    if wrong := false_equations(text):
        found.append(f"false equation: {wrong[0]}")
    allowed = set().union(*(numbers_in(t) for t in rules.numbers_from)) if rules.numbers_from else set()
    strange = sorted(n for n in numbers_in(text) - allowed if n > rules.free_numbers or n.denominator != 1)
    if strange:
        found.append(f"a number it was not given: {strange[0]}")
    if why := repetition(text):
        found.append(why)
    if rules.reading_grade is not None and (level := readability(text).grade) > rules.reading_grade:
        found.append(f"reads like grade {level:.0f}, not {rules.reading_grade:.0f}")
    for wanted in rules.must_mention:
        if not any(w.strip().lower() in text.lower() for w in wanted.split("|")):
            found.append(f"does not mention {wanted.replace('|', ' or ')}")
    if any(_same(text, old) for old in rules.avoid):
        found.append("repeats another part word for word")
    return found


def longer_words(text: str) -> set[str]:
    """The words of a text that carry content: five letters or more, by their first five letters."""
    return {w[:5] for w in re.findall(r"[a-z]{5,}", text.lower())}


def repetition(text: str) -> str:
    """Why a text is repetitive, "" if it is not: a sentence twice, eight words twice, or four words three times.

    Shorter runs come back in good texts too, as a skill's name does.
    """
    sentences = [" ".join(re.findall(r"\w+", s.lower())) for s in re.split(r"[.!?]+", text)]
    counts = Counter(s for s in sentences if len(s.split()) > 2)
    if counts and counts.most_common(1)[0][1] > 1:
        return "says a sentence twice"
    words = re.findall(r"\w+", text.lower())
    for length, times in ((8, 2), (4, 3)):
        runs = Counter(tuple(words[i : i + length]) for i in range(len(words) - length + 1))
        if runs and runs.most_common(1)[0][1] >= times:
            return "repeats itself"
    return ""


def _same(a: str, b: str) -> bool:
    return re.findall(r"\w+", a.lower()) == re.findall(r"\w+", b.lower())
