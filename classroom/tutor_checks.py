"""What a tutor's words must pass before a student hears them."""

import re
from collections.abc import Sequence

from classwright.classroom.equations import false_equations
from classwright.classroom.graded import grade
from classwright.classroom.leak import leaks
from classwright.classroom.slots import repetition
from classwright.classroom.turn import Turn
from classwright.skilltree.problem import Problem

WORDS = (2, 90)
"""Least and most words of a turn."""
_LABEL = re.compile(
    r"^\s*(?:tut(?:or)?|student|child|teacher|assistant|user|system|observer|(?:your |my )?(?:response|reply)"
    r"|when you say)\s*:",
    re.I | re.M,
)
_OUTSIDE = re.compile(
    r"\b(?:as an ai|language model|the student (?:says|is|has)|i cannot|here(?:'s| is) (?:the|a) (?:tutor|next))", re.I
)
_OF_THE_TWO = re.compile(r"\bthe (?:student|tutor|learner)\b", re.I)
_AFFIRMS = re.compile(
    r"\b(?:that(?:'s| is) (?:right|correct|it\b)|you(?:'re| are) (?:absolutely |quite |exactly )?(?:right|correct)"
    r"|exactly right|correct!|well done|perfect|great job|you(?:'ve)? got it|your answer is (?:right|correct))",
    re.I,
)
_DENIES = re.compile(r"\b(?:not|isn't|aren't|almost|nearly|close|if|how do you know|is that|are you)\b", re.I)


def faults(text: str, problem: Problem, turns: Sequence[Turn]) -> list[str]:
    """Why a tutor's reply must not leave, one reason each; empty if it may.

    Args:
        text: What the tutor is about to say.
        problem: The problem.
        turns: The talk before it.
    """
    found: list[str] = []
    words = len(text.split())
    if not WORDS[0] <= words <= WORDS[1]:
        found.append(f"{words} words, not {WORDS[0]} to {WORDS[1]}")
    if why := leaks(text, problem, turns):
        found.append(f"gives the answer away: {why}")
    if wrong := false_equations(text, questions=False):
        found.append(f"false equation: {wrong[0]}")
    if _LABEL.search(text) or _OUTSIDE.search(text) or _of_the_two(text, problem):
        found.append("speaks of the talk instead of in it")
    if affirms_wrong(text, problem, turns):
        found.append("says that a wrong answer is right")
    if why := repetition(text):
        found.append(why)
    plain = _plain(text)
    if any(plain == _plain(t.text) for t in turns if t.speaker == "tutor"):
        found.append("was said before")
    return found


def _of_the_two(text: str, problem: Problem) -> bool:
    """Whether a text is about the tutor or the student, who are none of the people in the problem."""
    told = problem.text.lower()
    return any(who.lower() not in told for who in _OF_THE_TWO.findall(text))


def affirms_wrong(text: str, problem: Problem, turns: Sequence[Turn]) -> bool:
    """Whether a reply confirms the student's last answer although it is wrong."""
    last = next((t for t in reversed(turns) if t.speaker == "student"), None)
    if last is None or grade(last.text[-4000:], problem).result != "wrong":
        return False
    return affirms(text)


def affirms(text: str) -> bool:
    """Whether a reply says that something is right, and neither asks nor doubts it in the same sentence."""
    return any(
        _AFFIRMS.search(sentence) and not _DENIES.search(sentence) and not sentence.rstrip().endswith("?")
        for sentence in re.split(r"(?<=[.!?])\s+", text)
    )


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
