"""Which sentences of a text state something, and whether a source says the same.

Support is decided by code from words and word vectors, so it can be wrong in both directions: see `best_support` for what
was measured. A claim without support is shown to the teacher, never removed.
"""

import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

from classwright.classroom.equations import numbers_in
from classwright.classroom.source import sentences, unwrapped

COVERAGE = 0.85
"""Least share of a claim's content words that one place of the source must hold."""
SIMILARITY = 0.45
"""Least cosine similarity between the claim and that place."""
CONTRARY = 0.6
"""Share of a claim's content words from which a place can speak against it."""
LEAST_WORDS = 3
"""Content words from which a sentence can state something."""

_STOP = frozenset(
    "a an the and or but so if then than that this these those there here it its they them their we us our you your he "
    "she his her him i me my is are was were be been being am do does did done has have had having can could may might "
    "will would shall should must of in on at to from by for with about into onto over under as up out off "
    "while when where which who whom whose what how why because also only very just too more most some any each every all "
    "both many much few such other another one ones own per via again ever even let lets get gets got how's it's "
    "called call calls means mean says say said tell tells told comes come goes go gone went take takes took taken taking "
    "place way ways kind thing things something first finally end use uses used using need needs make makes made making "
    "happen happens become becomes became themselves itself himself herself ourselves yourself although though almost nearly "
    "want wants wanted not never no none neither nor without cannot nothing nobody don doesn didn isn aren".split()
)
"""Words that carry no content of a subject; verbs that fit every subject are among them."""
_IRREGULAR = {
    "leaves": "leaf", "fell": "fall", "fallen": "fall", "rose": "rise", "risen": "rise", "ran": "run", "fed": "feed",
    "grew": "grow", "grown": "grow", "men": "man", "women": "woman", "children": "child", "people": "person", "ate": "eat",
    "eaten": "eat", "built": "build", "found": "find", "held": "hold", "kept": "keep", "knew": "know", "known": "know",
    "led": "lead", "lost": "lose", "sold": "sell", "sent": "send", "shone": "shine", "spoke": "speak", "wrote": "write",
    "written": "write", "won": "win", "feet": "foot", "teeth": "tooth", "mice": "mouse", "halves": "half", "wolves": "wolf",
    "lives": "life", "better": "good", "best": "good", "fought": "fight", "thought": "think", "taught": "teach",
    "bought": "buy", "brought": "bring", "caught": "catch", "chose": "choose", "broke": "break", "froze": "freeze",
    "frozen": "freeze", "gave": "give", "given": "give", "sunlight": "light", "multiplying": "multiply",
}  # fmt: skip
_NEGATION = re.compile(r"\b(?:not|never|no|none|neither|nor|without|cannot|nothing|nobody)\b|n['’]t\b", re.I)
_OPPOSITES = [
    frozenset(pair.split())
    for pair in (
        "more less|most least|increase decrease|rise sink|rise fall|hot cold|hot cool|warm cold|light dark|day night|before after|"
        "add subtract|multiply divide|same differ|same different|equal unequal|numerator denominator|large small|big small|"
        "high low|heavy light|thick thin|fast slow|wet dry|salt fresh|rich poor|rich bankrupt|good bad|true false|first last|"
        "north south|east west|positive negative|above below|inside outside|win lose|open close|double halve|always never|"
        "melt freeze|evaporate condense|past future|young old|hard soft|strong weak|solid liquid|liquid gas|longer shorter|"
        "greater smaller|greater less|visible invisible|root leaf|red green|begin end|birth death|peace war|male female"
    ).split("|")
]


class Support(NamedTuple):
    """The place of a source that supports a claim best.

    Attributes:
        place: Its index among the places.
        coverage: Share of the claim's content words that it holds, 0..1.
        similarity: Cosine similarity, -1..1.
    """

    place: int
    coverage: float
    similarity: float


def content(text: str) -> list[str]:
    """The content words of a text by their stems, in order. Scripts without spaces count by pairs of characters."""
    found = []
    for word in re.findall(r"[^\W\d_]+", text.lower().replace("’s", "").replace("'s", "")):
        if re.match(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]", word):
            found += [word[i : i + 2] for i in range(len(word) - 1)]
        elif len(word) > 1 and word not in _STOP:
            found.append(stem(word))
    return found


def stem(word: str) -> str:
    """A lower-case word without its commonest English endings, cut to six letters: enough to compare, not to read."""
    word = _IRREGULAR.get(word, word)
    for ending, put in (
        ("ies", "y"),
        ("sses", "ss"),
        ("ing", ""),
        ("ed", ""),
        ("es", ""),
        ("s", ""),
        ("ly", ""),
        ("e", ""),
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith(("ss", "us", "is")):
            word = word.removesuffix(ending) + put
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
        word = word[:-1]
    return word[:6]


def best_support(claim: str, places: Sequence[str], similarities: Sequence[float]) -> Support | None:
    """The place that says what a claim says, None if none does.

    A place must hold the claim's content words and all its numbers and mean about the same; it must not deny what the
    claim asserts or hold the opposite of one of its words. A place that does so and is nearer in meaning outweighs it.
    What code cannot see: the source's own words put together wrongly ("keep the numerators and add the denominators"),
    and a synonym that shares no stem. Rates measured on sentences we wrote: tests/classroom/test_claims.py.

    Args:
        claim: One sentence.
        places: Sentences of the source.
        similarities: Cosine similarity of the claim to each.
    """
    mine = set(content(claim))
    found: list[Support] = []
    against = -1.0
    for i, place in enumerate(places):
        similarity, said = float(similarities[i]), set(content(place))
        coverage = len(mine & said) / max(1, len(mine))
        if similarity < SIMILARITY or coverage < CONTRARY:
            continue
        if _opposed(mine, said) or denials(claim) != denials(place):
            against = max(against, similarity)
        elif coverage >= COVERAGE and numbers_in(claim) <= numbers_in(place):
            found.append(Support(i, coverage, similarity))
    best = max(found, key=lambda s: (s.coverage, s.similarity), default=None)
    return best if best is not None and best.similarity > against else None


_ANAPHORA = re.compile(
    r"^\W*(?:it|its|they|them|their|this|that|these|those|there|then|he|she|his|her|both|such|so|when it|some of|"
    r"one of|with (?:this|these)|in this|because of)\b",
    re.I,
)


def places_of(text: str) -> list[str]:
    """The places of a text that can support a claim: each sentence, and where one leans on the sentence before ("It
    rises.", "This process ..."), the two together.
    """
    found = sentences(unwrapped(text))
    return found + [f"{a} {b}" for a, b in pairwise(found) if _ANAPHORA.match(b)]


_OPPOSITE_STEMS = [frozenset(map(stem, pair)) for pair in _OPPOSITES]


def _opposed(claim: set[str], place: set[str]) -> bool:
    return any(claim & pair and place & pair and not claim & pair <= place for pair in _OPPOSITE_STEMS)


def denials(text: str) -> int:
    """Whether a text denies something: 1 for an odd number of denials, else 0."""
    return len(_NEGATION.findall(text)) % 2


_DIRECTION = re.compile(
    r"^\W*(?:now |then |first |next |please |together |in pairs,? |with a partner,? )*"
    r"(?:think|imagine|picture|say|tell|turn|listen|look|watch|draw|write|try|ask|let|let's|share|discuss|explain|describe|"
    r"show|read|name|list|sort|match|label|choose|pick|work|explore|start|begin|point|circle|fold|cut|place|put|hold|"
    r"give|make|take|see|notice|check|remember|repeat|practice|use|find|talk|learn|guess|compare|collect|observe|note|"
    r"prepare|set|divide|expect|answer|call|go|walk|play|praise|encourage|help|remind|students?|learners?|pupils?|"
    r"children|each (?:student|learner|pupil|pair|group|one)|(?:the )?(?:class|group|pairs|groups)|everyone|one partner|"
    r"your (?:child|partner|task)|today|i|we (?:will|are|have|look|learn|begin|start)|we'll|you(?:'ll)? (?:will|are going)|"
    r"this (?:lesson|group|activity)|in this (?:lesson|activity)|by the end|have you|did you|what|why|how|welcome|good|"
    r"to (?:answer|find out|solve|check|see|do) (?:it|this|that|them))\b",
    re.I,
)
"""How sentences begin that direct a lesson instead of stating something about its subject."""


def claims_in(text: str, about: Collection[str] = ()) -> list[str]:
    """The sentences of a text that state something: no questions, no directions to the class, no talk of the lesson.

    Args:
        text: A slot of a plan.
        about: Stems of the subject's words. Where given, a sentence must hold one of them: in an opening or an activity
            the rest is a story.
    """
    found = []
    for sentence in sentences(text):
        words = content(sentence)
        asks = re.search(r"[?？][\"”’)]*$", sentence)
        if len(set(words)) < LEAST_WORDS or asks or _DIRECTION.search(sentence):
            continue
        if not about or set(words) & set(about):
            found.append(sentence)
    return found
