"""Which patterns can say what a coded student means, and what fills them: only what its prompt gives."""

import re
from collections.abc import Sequence

from classwright.classroom.graded import grade
from classwright.classroom.turn import Turn
from classwright.classroom.utterance import Utterance
from classwright.corpus.dialogue_phrases import Values, Words, clause
from classwright.corpus.phrases import raised, sentences
from classwright.corpus.voiced import voiced
from classwright.skilltree.problem import Problem

YOUNG, OLD = 2, 6
"""Grades up to which a student speaks like a small child, and from which like an older one."""
_LONGEST_HEARD = 8
"""Words of a tutor's question that a student quotes."""
_BACK = re.compile(
    r"^(?P<steps>.*?)\s*Before, I (?:said “(?P<says>.+)” That does not work|did it another way)\.$", re.S
)


def acts_for(act: str, grade: int) -> list[str]:
    """An act and its variants for a grade."""
    return [act, *([f"{act}_young"] if grade <= YOUNG else [f"{act}_old"] if grade >= OLD else [])]


def act_of(utterance: Utterance, after: bool) -> str:
    """The act of an utterance, "" where no patterns are written for it.

    Args:
        utterance: What is meant.
        after: Whether the student has had the right answer before.
    """
    intent = utterance.intent
    if intent == "explains" and after:
        return "explains_back" if _BACK.match(utterance.how) else "explains"
    if intent in ("insists", "insight") and utterance.how:
        return f"{intent}_why"
    return "" if intent == "quiet" else intent.replace(" ", "_")


def student_values(utterance: Utterance, misconception: str | None, problem: Problem, turns: Sequence[Turn]) -> Values:
    """What can fill a pattern for an utterance."""
    values: dict[str, str | Words] = {"answer": utterance.answer, "heard": _heard(turns)}
    if (back := _BACK.match(utterance.how)) and utterance.intent == "explains":
        steps = [s for s in map(clause, sentences(back["steps"])) if s and _claims_nothing(s, problem)]
        step = Words(tuple(("", s) for s in steps)) if steps else ""
        says = clause(back["says"] or "")
        return values | {"step": step, "says": says, "says_cap": raised(says)}
    return values | reasons(utterance.how, misconception)


def reasons(how: str, misconception: str | None) -> dict[str, str | Words]:
    """A reason as sentences and as a clause: as the prompt gives it, or as somebody wrote it for the misconception."""
    if not how:
        return {}
    written = [] if misconception is None else [
        (f"{misconception}#{n}", text) for n, text in enumerate(voiced()[misconception].says, 1)
    ]  # fmt: skip
    texts = [("", how), *written]
    short = [(name, why) for name, text in texts if (why := clause(text))]
    return {"how": Words(tuple(texts)), "why": Words(tuple(short)) if short else ""}


def _claims_nothing(step: str, problem: Problem) -> bool:
    """Whether a step can be told after the answer was found: what reads like another answer would be refused."""
    return grade(step, problem).result != "wrong"


def _heard(turns: Sequence[Turn]) -> str:
    """The question that the tutor asked last, if it is short and holds no number."""
    last = turns[-1].text if turns and turns[-1].speaker == "tutor" else ""
    asked = [s for s in re.split(r"(?<=[.!?:])\s+", last) if s.endswith("?")]
    said = asked[-1] if asked else ""
    plain = 2 < len(said.split()) <= _LONGEST_HEARD and not re.search(r"[\d“”]", said)
    return said if plain else ""
