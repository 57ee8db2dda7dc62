"""Whether a simulated student's words are a student's: persona drift, parroting, and the grade level of the words."""

import re
from collections.abc import Sequence
from statistics import mean
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from classwright.classroom.reading_level import ALLOWED, SHORT
from classwright.skilltree.readability import readability

_TUTOR_TALK = re.compile(
    r"\b(?:tutor|teacher|assistant)\s*:|\bas an ai\b|\blanguage model\b|\bthe student\b"
    r"|\b(?:great|good|nice) (?:job|work|question)\b|\bwell done\b|\bremember (?:that|to)\b"
    r"|\byou (?:should|need to|have to|can|must|got|said|made|are|were)\b"
    r"|\blet(?:'s| us|'s) (?:break|go through|look at|review|try|start)\b"
    r"|\byour (?:answer|work|mistake|approach|thinking)\b",
    re.I,
)
_SPEAKS_OF_SELF = re.compile(r"\b(?:I|my|me|mine)\b|\bI'", re.I)
GRAM = 3
PARROTED = 0.6
"""Share of a turn's word triples that also stand in what the tutor just said, from which it is parroted."""


class Voiced(NamedTuple):
    """A student's turn with what it was said in reply to.

    Attributes:
        text: The student's words.
        heard: The tutor's turn before.
        grade: The student's school grade.
        place: Which of the student's replies in its talk it is, from 0.
    """

    text: str
    heard: str
    grade: int
    place: int


class Voice(BaseModel):
    """What was found; shares 0..1, None where nothing could be measured.

    Attributes:
        turns: Turns with words; silent ones are left out.
        out_of_role: Share that speak as a tutor, of the student, or as a program.
        early, late: The same share among first and among fourth and later replies; `late - early` is the drift.
        parroted: Share of turns of five words or more that mostly repeat the tutor's words.
        reading_grade: Mean Flesch-Kincaid grade of turns of `SHORT` words or more.
        too_hard: Share of those that read more than two grades (at least grade 3) above the student's.
        words: Mean length.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    turns: int
    out_of_role: float | None
    early: float | None
    late: float | None
    parroted: float | None
    reading_grade: float | None
    too_hard: float | None
    words: float | None


def voice(turns: Sequence[Voiced]) -> Voice:
    """Measure the words of students, all together."""
    spoken = [t for t in turns if t.text.strip()]
    long = [(readability(t.text), t) for t in spoken]
    readable = [(r.grade, t) for r, t in long if r.words >= SHORT]
    return Voice(
        turns=len(spoken),
        out_of_role=_share([out_of_role(t.text) for t in spoken]),
        early=_share([out_of_role(t.text) for t in spoken if t.place == 0]),
        late=_share([out_of_role(t.text) for t in spoken if t.place >= 3]),
        parroted=_share([parroted(t.text, t.heard) for t in spoken if len(t.text.split()) >= 5]),
        reading_grade=mean(g for g, _ in readable) if readable else None,
        too_hard=_share([g > max(3.0, t.grade + ALLOWED) for g, t in readable]),
        words=mean(len(t.text.split()) for t in spoken) if spoken else None,
    )


def out_of_role(text: str) -> bool:
    """Whether words that should be a student's are a tutor's: addressed to a "you", of the student, or a program's."""
    found = _TUTOR_TALK.search(text)
    if found is None:
        return False
    # "You said that I should add" is a student's; a turn that never says "I" and tells a "you" what to do is not.
    return not _SPEAKS_OF_SELF.search(text) or not found.group().lower().startswith("you")


def parroted(text: str, heard: str) -> bool:
    """Whether a turn mostly repeats what was just said to the student."""
    own, theirs = _grams(text), set(_grams(heard))
    return bool(own) and sum(g in theirs for g in own) / len(own) >= PARROTED


def _grams(text: str) -> list[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return [tuple(words[i : i + GRAM]) for i in range(len(words) - GRAM + 1)]


def _share(found: Sequence[bool]) -> float | None:
    return mean(found) if found else None
