"""What of a plan learners read, and whether they can: findings for the report, by Flesch-Kincaid, in English only."""

import re
from typing import NamedTuple

from classwright.classroom.plan import LessonPlan
from classwright.skilltree.readability import readability, syllables
from classwright.skilltree.scenes import NAMES

ALLOWED = 2
"""Grades above the readers' level that a text may score: the words of mathematics itself cost about as much."""
SHORT = 12
"""In a text of fewer words one long word is worth several grades: nothing is said about it."""


class ReadingFinding(NamedTuple):
    """A text of a plan that is too hard to read, or why nothing can be said.

    Attributes:
        where: The part of the plan, "plan" for a finding about all of it.
        grade: The reading grade of the text; None where it was not measured.
        limit: The highest grade that would have been fine.
        what: A sentence for the report: the beginning of the text and its longest words.
    """

    where: str
    grade: float | None
    limit: float
    what: str


def reading_findings(plan: LessonPlan, level: float) -> list[ReadingFinding]:
    """The texts that learners of a reading level will find hard, the hardest first.

    Args:
        plan: The plan; what only the teacher reads is left out.
        level: Grade whose texts the learners can read, 0 is Kindergarten (`Audience.reading_level`).

    Returns:
        One finding per text above `level + ALLOWED` (never under grade 3: the formula is not made for less); for a plan
        in another language than English a single one that says that nothing was measured.
    """
    limit = max(3.0, level + ALLOWED)
    if not plan.language.lower().startswith("en"):
        why = f"not measured: the formula is made for English, the plan is in {plan.language!r}"
        return [ReadingFinding("plan", None, limit, why)]
    found: dict[str, ReadingFinding] = {}
    for where, text in learner_texts(plan):
        score = readability(text)
        if score.words >= SHORT and score.grade > limit and text not in found:
            hard = ", ".join(_hardest(text))
            shown = text if len(text) <= 90 else text[:87].rstrip() + "..."
            what = f"reads like grade {score.grade:.1f}, not {limit:.1f}: {shown} (longest words: {hard})"
            found[text] = ReadingFinding(where, round(score.grade, 1), limit, what)
    return sorted(found.values(), key=lambda f: -(f.grade or 0))


def learner_texts(plan: LessonPlan) -> list[tuple[str, str]]:
    """(where, text) of what learners read or are told word for word: problems, explanations, objectives, hints."""
    found = [(f"objective {o.id}", o.text) for o in plan.objectives]
    found += [(f"vocabulary {term}", meaning) for term, meaning in plan.vocabulary.items()]
    found += [(f"explanation {i}", e.text.text) for i, e in enumerate(plan.explanations, 1)]
    found += [(f"example {i}", w.talk.text) for i, w in enumerate(plan.worked_examples, 1)]
    found += [(f"hint {i}", h.text) for i, h in enumerate(plan.guided.hints, 1)]
    return found + [(f"problem {p.id}", p.text) for p in plan.problems()]


def _hardest(text: str) -> list[str]:
    words = dict.fromkeys(w.lower() for w in re.findall(r"[A-Za-z]{4,}", text) if w not in NAMES)
    return sorted(words, key=lambda w: -syllables(w))[:3]
