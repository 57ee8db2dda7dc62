"""What a suggestion for a tutor's next words must be: one sentence, readable, true, and not the answer."""

import re
from collections.abc import Sequence

from classwright.classroom.bridge import Strategy
from classwright.classroom.equations import false_equations
from classwright.classroom.leak import leaks
from classwright.classroom.mentions import mentions
from classwright.classroom.reading_level import ALLOWED, SHORT
from classwright.classroom.turn import Turn
from classwright.classroom.tutor_checks import affirms_wrong
from classwright.skilltree.problem import Problem
from classwright.skilltree.readability import readability, syllables

WORDS = (4, 40)
SAME = 0.75
"""Share of the shorter sentence's words from which two sentences say the same."""
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|etc|vs|Mr|Mrs|Ms|Dr|Prof|a\.m|p\.m)\.", re.I)
_ENDS = re.compile(r"[.!?…]+[\"”')]*(?=\s|$)")
_TAG = re.compile(r"\[[A-Z]+-\d+\]")
_LABEL = re.compile(r"^\s*(?:tutor|student|teacher|assistant|user|system|suggestion|sentence|\d[.)])\s*:?\s", re.I)
_OUTSIDE = re.compile(
    r"\b(?:as an ai|language model|the (?:student|tutor) (?:should|says|is|has|needs|could)|you could (?:ask|say|tell)|"
    r"(?:ask|tell) the student|here(?:'s| is) (?:a|the|one) (?:sentence|suggestion|question))\b",
    re.I,
)
_OWN_NUMBERS = frozenset(("provide_example", "provide_similar_problem", "simplify_question"))
_PRAISES = re.compile(r"\b(?:right|correct|yes|exactly|good|well|great|nice)\b", re.I)


def sentences(text: str) -> int:
    """The number of sentences in a text; a number's point or an abbreviation's ends none."""
    plain = _ABBREVIATION.sub("x", " ".join(text.split()))
    pieces = [piece for piece in _ENDS.split(plain) if re.search(r"\w", piece)]
    return len(pieces)


def suggestion_faults(
    text: str,
    strategy: Strategy,
    turns: Sequence[Turn],
    *,
    grade: int | None,
    problem: Problem | None,
    others: Sequence[str] = (),
    known_tags: frozenset[str] = frozenset(),
) -> list[str]:
    """Why a sentence cannot be suggested, one reason each; empty if it can.

    Args:
        text: The sentence, with tags for names.
        strategy: What it should do.
        turns: The talk before it.
        grade: The student's grade, 0 for Kindergarten; None where nobody said, and nothing is measured.
        problem: What the talk is about; None where it is not known, and nothing can leak.
        others: The other suggestions.
        known_tags: The tags that stand for somebody; any other was made up.
    """
    found: list[str] = []
    words = text.split()
    if not WORDS[0] <= len(words) <= WORDS[1]:
        found.append(f"{len(words)} words, not {WORDS[0]} to {WORDS[1]}")
    if "\n" in text.strip():
        found.append("several lines")
    elif (n := sentences(text)) != 1:
        found.append(f"{n} sentences, not one")
    elif not _ENDS.search(text.strip()[-4:]):
        found.append("it does not end like a sentence")
    if _LABEL.search(text) or _OUTSIDE.search(text):
        found.append("it speaks about the talk; write what the tutor says to the student")
    if made_up := set(_TAG.findall(text)) - known_tags:
        found.append(f"{min(made_up)} stands for nobody")
    found += _about_strategy(text, strategy)
    if strategy not in _OWN_NUMBERS and (strange := _strange_numbers(text, turns, problem)):
        found.append(f"{strange} stands nowhere in the talk")
    if grade is not None and (why := too_hard(text, grade)):
        found.append(why)
    if wrong := false_equations(text, questions=False):
        found.append(f"false equation: {wrong[0]}")
    if problem is not None:
        if why := leaks(text, problem, turns):
            found.append(f"gives the answer away: {why}")
        if affirms_wrong(text, problem, turns):
            found.append("says that a wrong answer is right")
    if any(same(text, t.text) for t in turns if t.speaker == "tutor"):
        found.append("the tutor said this before")
    if any(same(text, other) for other in others):
        found.append("another suggestion says the same")
    return found


def too_hard(text: str, grade: int) -> str:
    """Why a sentence is too hard to read for a grade, "" if it is not; the rule is that of `reading_level`."""
    plain = _TAG.sub("Sam", text)
    score, limit = readability(plain), max(3.0, grade + ALLOWED)
    if score.words < SHORT or score.grade <= limit:
        return ""
    hard = sorted({w.lower() for w in re.findall(r"[A-Za-z]{4,}", plain)}, key=lambda w: (-syllables(w), w))[:3]
    easier = f"make it shorter and use easier words than {', '.join(hard)}"
    return f"reads like grade {score.grade:.1f}, not {limit:.1f}; {easier}"


def same(one: str, two: str) -> bool:
    """Whether two sentences use nearly the same words."""
    a, b = (set(re.findall(r"[^\W_]+", text.lower())) for text in (one, two))
    least = min(len(a), len(b))
    return least > 2 and len(a & b) >= SAME * max(len(a), len(b))


def _strange_numbers(text: str, turns: Sequence[Turn], problem: Problem | None) -> str:
    """A number that neither the talk nor the problem has, "" for none; numbers up to three count anything."""
    talk = " ".join((*(t.text for t in turns), problem.text if problem else ""))
    values, digits = {m.value for m in mentions(talk)}, set(re.findall(r"\d+", talk))
    for m in mentions(_TAG.sub("", text)):
        parts = set(re.findall(r"\d+", m.surface))
        if m.value not in values and not 0 <= m.value <= 3 and not (parts and parts <= digits):
            return m.surface
    return ""


def _about_strategy(text: str, strategy: Strategy) -> list[str]:
    """What shows that a sentence is not of its strategy, as far as words can show that."""
    if strategy == "ask_question" and "?" not in text:
        return ["it asks nothing"]
    if strategy == "affirm_correct_answer" and not _PRAISES.search(text):
        return ["it confirms nothing"]
    return []
