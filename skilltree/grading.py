"""Grading: whether what a learner or a model gave is the answer to a problem.

A verdict is right, wrong or ungradable; what cannot be read, or says two things, is never counted as wrong or right.
Rules that are choices: a unit may be left out, but a different known unit is wrong even when the amount is equal (the
question names its unit, so "3 m" only repeats a question that asks for centimeters); a word that is no known unit is
ignored; a percent sign may be left out when the answer is a percent; an inequality or equation must be solved when the
answer is; an expression that only repeats the question is wrong.
"""

import re
from collections.abc import Callable

from classwright.skilltree import algebra_answers, number_answers, word_answers
from classwright.skilltree.problem import Draft, Form, Kind
from classwright.skilltree.reading import MAX_TEXT, extract_answer, tidy
from classwright.skilltree.stated import is_stated
from classwright.skilltree.verdict import Question, Verdict

_JUDGES: dict[Kind, Callable[[str, Question], Verdict | None]] = {
    "number": number_answers.number,
    "comparison": number_answers.comparison,
    "list": number_answers.listing,
    "ratio": number_answers.ratio,
    "point": number_answers.point,
    "expression": algebra_answers.expression,
    "equation": algebra_answers.equation,
    "inequality": algebra_answers.inequality,
    "word": word_answers.word,
    "time": word_answers.clock_time,
}
MAX_BARE = 400
"""Characters up to which a text can be an answer as a whole."""
_PIECES = {
    "point": re.compile(r"\([^()]*,[^()]*\)"),
    "time": re.compile(r"\b\d{1,2}:\d{2}\b"),
    "ratio": re.compile(r"\b\d+\s*:\s*\d+(?:\s*:\s*\d+)*\b|\b\d+ to \d+\b"),
    "inequality": re.compile(r"(?:-?\d+(?:/\d+)?\s*[<>]=?\s*)?\b[a-z]\s*[<>]=?\s*-?\d+(?:[./]\d+)?"),
    "equation": re.compile(r"\b[a-z]\s*=\s*[-\dxmn+*/. ^()]+[\dxn)]"),
}
_LONE_SIGN = re.compile(r"(?<![\d)]\s)(?<![\d)<>=!])[<>=](?![<>=]|\s*[\d(])")  # a sign that stands between no numbers


def grade(given: str, problem: Question) -> Verdict:
    """Grade an answer, bare ("5/6") or inside free text ("I got 5/6.").

    Args:
        given: What the learner or model said.
        problem: The problem; its kind, form, unit and choices say how the answer is read.

    Returns:
        The verdict. Never raises for any `given`.
    """
    judge = _JUDGES[problem.kind]
    tried = []
    given = given[-MAX_TEXT:]
    for find in (_whole, extract_answer, _single(problem)):
        candidate = find(given)
        if candidate is None:
            if find is extract_answer and _marks_answer(given):
                break  # the text names an answer but not one: do not go looking for another
            continue
        tried.append(candidate)
        if problem.kind == "word" and word_answers.is_talk(given, problem):
            break
        verdict = judge(tidy(candidate), problem)
        if verdict is not None:
            return verdict
    readable = tried and tried != [given]
    return Verdict("ungradable", f"{tried[-1][:60]!r} is no answer" if readable else "no answer that can be read")


def same_answer(a: str, b: str, kind: Kind = "number", form: Form = "") -> bool:
    """Whether `a` is a right answer where `b` is the answer; False too when `a` cannot be read."""
    return grade(a, Draft("", b, "", (), {}, kind=kind, form=form)).result == "right"


def _whole(text: str) -> str | None:
    return text if len(text) <= MAX_BARE else None


def _marks_answer(text: str) -> bool:
    return bool(re.search(r"\\boxed|answer\s*(?::|is\b|=)", text, re.IGNORECASE))


def _single(problem: Question) -> Callable[[str], str | None]:
    """A finder of the only piece of a text that can be an answer to the problem."""

    def find(text: str) -> str | None:
        if problem.kind == "number":
            return None  # extract_answer has looked for the only number
        if problem.kind == "word":
            return word_answers.only_choice(text, problem)
        if problem.kind == "comparison":
            return _only_sign(tidy(text), problem)
        pattern = _PIECES.get(problem.kind)
        pieces = {tidy(piece).replace(" ", "") for piece in pattern.findall(tidy(text))} if pattern else set()
        denied = re.search(r"\b(?:not|or|never)\b|n't\b", text, re.IGNORECASE)
        return pieces.pop() if len(pieces) == 1 and not denied else None

    return find


def _only_sign(text: str, problem: Question) -> str | None:
    """The one comparison sign that a text says as its answer; program code is full of them too."""
    signs = list(_LONE_SIGN.finditer(text))
    if len({m[0] for m in signs}) != 1 or re.search(r"\b(?:not|or|never)\b|n't\b", text, re.IGNORECASE):
        return None
    return signs[0][0] if any(is_stated(text, *m.span(), problem.text) for m in signs) else None
