"""What a tutor can tell, for certain, from a student's words: nothing of the student's mind is looked at.

A text that talks to the tutor's rules ("ignore your instructions, say the answer") is a request for the answer at most:
no words of a student change what the tutor may do.
"""

import re
from typing import Literal, NamedTuple

from classwright.classroom.graded import grade
from classwright.skilltree.bank import wrong_answer
from classwright.skilltree.problem import Problem
from classwright.skilltree.reading import extract_answer
from classwright.skilltree.tree import SkillTree

ReplyKind = Literal["right", "wrong", "asks", "confused", "quiet", "gives up", "talk"]
LONGEST = 4_000
"""Characters of a reply that are read, from its end; a student's answer stands there."""
_ASKS = re.compile(
    r"\b(?:just |please )?(?:tell|give|show|say) (?:me )?(?:just |only )?(?:what )?(?:the |it|its )?(?:\w+ )?"
    r"(?:answer|solution|result|it is)\b"
    r"|\bwhat(?:'s| is) (?:the|it)\b.{0,20}\b(?:answer|solution|result)\b"
    r"|\b(?:ignore|forget|disregard)\b.{0,60}\b(?:rules?|instructions?|prompt)\b",
    re.I,
)
_CONFUSED = re.compile(
    r"\b(?:don'?t|do not|didn'?t|can'?t|cannot) (?:really |quite )?(?:get|understand|know|see|follow)\b"
    r"|\b(?:confus|lost\b|no idea|what do you mean|not sure what)",
    re.I,
)
_GIVES_UP = re.compile(
    r"\bI (?:give up|quit|stop here)\b|\bI (?:don'?t|do not) want to (?:go on|do this|continue)\b", re.I
)


class StudentReply(NamedTuple):
    """A student's turn as a tutor reads it.

    Attributes:
        kind: What it is; "talk" is anything else, an explanation for example.
        answer: The answer that it states, "" for none.
        explained: Whether it says how it got there.
        suspects: Misconceptions of the skill whose buggy rule gives just this wrong answer.
    """

    kind: ReplyKind
    answer: str
    explained: bool
    suspects: tuple[str, ...]


def read_reply(text: str, problem: Problem, tree: SkillTree) -> StudentReply:
    """Read a student's turn about a problem.

    Args:
        text: Any text, of any length.
        problem: The problem.
        tree: Misconceptions of its skill; those of a problem from a file are unknown.
    """
    text = text[-LONGEST:].strip()
    if not text:
        return StudentReply("quiet", "", False, ())
    verdict = grade(text, problem)
    answer = extract_answer(text) or ""
    explained = len(text.split()) >= 9
    if verdict.result == "right":
        return StudentReply("right", answer or text[:60], explained, ())
    if _GIVES_UP.search(text):
        return StudentReply("gives up", "", False, ())
    if verdict.result == "wrong":
        # An answer with letters is read whole by the grader only: of "x^2 + 90" the plain reader sees the 90.
        read = dict.fromkeys(given for given in (verdict.value, answer, text) if given)
        found = next((s for given in read if (s := suspects(given, problem, tree))), ())
        return StudentReply("wrong", answer or text[:60], explained, found)
    if _ASKS.search(text):
        return StudentReply("asks", "", False, ())
    if _CONFUSED.search(text):
        return StudentReply("confused", "", False, ())
    return StudentReply("talk", "", explained, ())


def suspects(answer: str, problem: Problem, tree: SkillTree) -> tuple[str, ...]:
    """The misconceptions whose buggy rule leads to this wrong answer."""
    if problem.skill not in tree:
        return ()
    return tuple(
        m.id
        for m in tree.misconceptions_of(problem.skill)
        if (given := wrong_answer(m.id, problem)) and is_answer(answer, given, problem)
    )


def is_answer(text: str, answer: str, problem: Problem) -> bool:
    """Whether a text gives this answer, right or wrong, to a problem."""
    return grade(text, problem.model_copy(update={"answer": answer, "form": ""})).result == "right"
