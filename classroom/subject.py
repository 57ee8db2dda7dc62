"""Whether a story is about what its skill is about, beyond the calculation: rows and columns, angles, liters, percents.

Many skills share a calculation (4 × 6 is an area, an array and a fact). What tells their stories apart are words that
stand in all stories of the bank on a skill and in the tree's own words for it, and in few stories on other skills.
"""

import re
from collections import Counter
from functools import cache
from typing import NamedTuple

from classwright.classroom.quantity import UNITS
from classwright.classroom.story import is_story, story_samples
from classwright.skilltree.bank import generator_ids, problem
from classwright.skilltree.scenes import INTERESTS
from classwright.skilltree.tree import default_tree

ALWAYS = 0.95
COMMON = 0.25
"""Share of all skills in whose stories a word may stand and still tell something."""


class Subject(NamedTuple):
    """What stories on a skill speak of.

    Attributes:
        words: Stems of which a story has at least one; empty where the skill is about numbers alone.
        measures: Units of which a story has at least one; empty where it needs none.
    """

    words: frozenset[str]
    measures: frozenset[str]


def subject_fault(text: str, skill: str) -> str:
    """Why a story is not about the subject of a skill, "" if it is or the skill has none of its own."""
    subject = learn_subject(skill)
    words = _words(text)
    if subject.words and not words & subject.words:
        return f"it does not speak of {' or '.join(sorted(subject.words)[:4])}"
    if subject.measures and not _measures(text) & subject.measures:
        return f"it measures nothing in {', '.join(sorted(subject.measures)[:4])}"
    return ""


@cache
def learn_subject(skill: str) -> Subject:
    """The subject of the bank's stories on a skill."""
    texts = [p.text for p in story_samples(skill, 40, first=4_500_000) if is_story(p)]
    record = default_tree()[skill]
    said = f"{record.name} {record.description} {record.objective} {record.explanation} {' '.join(record.method)}"
    own = _words(f"{said} {' '.join(record.vocabulary)}")
    if not texts:
        return Subject(frozenset(), frozenset())
    counts = Counter(w for t in texts for w in _words(t))
    always = {w for w, n in counts.items() if n >= ALWAYS * len(texts)}
    measured = [_measures(t) for t in texts]
    measures = frozenset().union(*measured) if all(measured) else frozenset[str]()
    needed = len(measures & _measures(said)) >= 2 or ("measurement" in skill and bool(measures))
    return Subject(frozenset((always & own) - _common()), measures if needed else frozenset())


@cache
def _common() -> frozenset[str]:
    """Words in stories on many skills, and short words."""
    counts: Counter[str] = Counter()
    skills = sorted(generator_ids())
    for skill in skills:
        met: set[str] = set()
        for i in range(6):
            met |= _words(problem(skill, 4_600_000 + i, 1 + i % 3, INTERESTS[i]).text)
        counts.update(met)
    return frozenset(w for w, n in counts.items() if n > COMMON * len(skills) or (len(w) < 4 and w.isalpha()))


def _words(text: str) -> set[str]:
    return {w[:5] for w in re.findall(r"[a-z]+|[%$°]", text.lower().replace("percent", "percent %"))}


def _measures(text: str) -> set[str]:
    return {w for w in re.findall(r"[a-z]+", text.lower()) if w in UNITS and UNITS[w][0]}
