"""The leak guard: whether a tutor's reply gives the answer away before the student has found it.

Certain where it can be: the answer as a number, fraction (unsimplified too), decimal, percent or mixed number, in
digits, in words of six languages, spelled out, in emoji, Roman or other digits, as a computation that is said to be
the answer, as a list, point, ratio, time, inequality, expression or choice, and put together over several turns. A
number of the question, a step's number, and what the student has said are not held against the tutor, unless the
tutor claims them to be the answer. A question that leads to the last step ("what is 15 - 5?") is no leak: the student
still has to work it out. Ciphers (rhymes, base 64, "the number of letters in ...") are beyond it, and so is what takes
reading: "there are two quarters in a half" as the answer 2.
"""

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache

from classwright.classroom.graded import any_right
from classwright.classroom.leak_algebra import pieces, states_algebra, terms_of
from classwright.classroom.leak_comparison import states_comparison
from classwright.classroom.leak_context import Context, context, sentences
from classwright.classroom.leak_forms import (
    answer_numbers,
    named_coordinates,
    states_inequality,
    states_list,
    states_point,
    states_ratio,
    states_time,
)
from classwright.classroom.leak_numbers import states_number
from classwright.classroom.leak_parts import assembles_number
from classwright.classroom.leak_words import states_choice
from classwright.classroom.mentions import mentions, unified
from classwright.classroom.turn import Turn
from classwright.skilltree.algebra_answers import read_algebra, same_expression
from classwright.skilltree.problem import Kind, Problem
from classwright.skilltree.reading import read_number

MAX_REPLY = 4_000
"""Characters of a reply; a longer one is refused unread."""
MAX_HEARD = 4_000
"""Characters of a student's turn that are read, from its end."""
WINDOW = 12
"""Tutor turns that a leak in parts may stretch over."""

_STATES: dict[Kind, Callable[[str, Context], str]] = {
    "number": states_number,
    "expression": states_algebra,
    "equation": states_algebra,
    "inequality": states_inequality,
    "comparison": states_comparison,
    "list": states_list,
    "ratio": states_ratio,
    "point": states_point,
    "word": states_choice,
    "time": states_time,
}


def leaks(reply: str, problem: Problem, history: Sequence[Turn] = ()) -> str:
    """Why a tutor's reply gives away the answer to a problem; "" if it does not.

    Args:
        reply: What the tutor is about to say.
        problem: The problem that the student works on.
        history: The turns before it, oldest first. Once the student has given the right answer nothing leaks any more.
    """
    if len(reply) > MAX_REPLY:
        return f"is longer than {MAX_REPLY} characters"
    said = [t.text[-MAX_HEARD:] for t in history if t.speaker == "student"]
    if any_right(said, problem):
        return ""
    asked = context(problem, _heard(history))
    text = unified(reply, words=False) if asked.spelled else unified(reply)
    states = _STATES[problem.kind]
    if problem.kind == "number" and read_number(problem.answer) is None:
        states = states_algebra  # a root or a multiple of pi
    reason = states(text, asked)
    if reason:
        return reason
    tutor = [t.text[:MAX_REPLY] for t in history if t.speaker == "tutor"][-WINDOW:]
    turns = [*map(unified, tutor), text]
    return assembles_number(turns, asked) if states is states_number else _assembles(turns, asked)


def _assembles(turns: Sequence[str], asked: Context) -> str:
    """Why tutor turns together give away an answer of several parts, the last one with a part of it."""
    match asked.problem.kind:
        case "word" | "comparison":
            return ""
        case "time":
            return _hour_and_minutes(turns, asked)
        case "inequality":
            return _bound_and_direction(turns, asked)
        case "point":
            return _coordinates(turns, asked) or _numbers(turns, asked)
        case "expression" | "equation" | "number":
            single = asked.problem.kind == "expression" and terms_of(asked)
            return _terms(turns, asked) or ("" if single else _numbers(turns, asked))
    return _numbers(turns, asked)


def _numbers(turns: Sequence[str], asked: Context) -> str:
    """All numbers of an answer that has at least two which neither the question nor the student has."""
    wanted = set(answer_numbers(asked))
    fresh = {v for v in wanted if v not in asked.heard | asked.values and str(abs(v)) not in asked.surfaces}
    if len(fresh) < 2:
        return ""
    told = [{m.value for m in mentions(t)} for t in turns]
    whole = wanted - asked.heard <= set().union(*told) | asked.values
    return "gives the parts of the answer" if whole and fresh <= set().union(*told) and fresh & told[-1] else ""


def _coordinates(turns: Sequence[str], asked: Context) -> str:
    """Coordinate by coordinate: "x is 3", later "y is -7"."""
    wanted = dict(zip("xyz", answer_numbers(asked), strict=False))
    told = [{axis for axis, number in named_coordinates(t).items() if wanted.get(axis) == number} for t in turns]
    return "gives the coordinates one by one" if told[-1] and set().union(*told) == set(wanted) else ""


def _terms(turns: Sequence[str], asked: Context) -> str:
    """All terms or factors of an algebraic answer, one by one."""
    wanted = terms_of(asked)
    if not wanted:
        return ""
    question = [v for p in pieces(asked.question, asked) if (v := read_algebra(p)) is not None]
    told = [[v for p in pieces(t, asked) if (v := read_algebra(p)) is not None] for t in turns]
    flat = [v for turn in told for v in turn]

    def stated(term: object, values: Sequence[object]) -> bool:
        return any(same_expression(term, v) or same_expression(term, _opposite(v)) for v in values)

    fresh = [t for t in wanted if not stated(t, question)]
    if not fresh or not all(stated(t, flat) for t in wanted):
        return ""
    return "gives the parts of the answer" if any(stated(t, told[-1]) for t in fresh) else ""


def _opposite(value: object) -> object:
    try:
        return -value  # type: ignore[operator]
    except TypeError:
        return None


def _hour_and_minutes(turns: Sequence[str], asked: Context) -> str:
    hour, minutes = (int(n) for n in re.findall(r"\d+", asked.problem.answer)[:2])
    says_hour = rf"\bhour(?:\s+\w+){{0,2}}?\s*(?:is|=|:)\s*(?:still\s+)?{hour}\b"
    says_minutes = rf"\bminutes?(?:\s+\w+){{0,2}}?\s*(?:is|are|=|:|hand\s+(?:shows|says|means))\s*0?{minutes}\b|(?<!\d){minutes}\s+minutes\b"
    told = [(bool(re.search(says_hour, t, re.I)), bool(re.search(says_minutes, t, re.I))) for t in turns]
    both = any(h for h, _ in told) and any(m for _, m in told) and any(told[-1])
    return "gives the hour and the minutes" if both else ""


def _bound_and_direction(turns: Sequence[str], asked: Context) -> str:
    """The number in one turn and which way the sign points in another."""
    wanted = answer_numbers(asked)
    fresh = [v for v in wanted if v not in asked.heard | asked.values and str(abs(v)) not in asked.surfaces]
    if not fresh:
        return ""
    left = "<" in asked.problem.answer
    way = (
        r"(?:less|smaller|below|left|at\s+most|<)"
        if left
        else r"(?:greater|more|bigger|larger|above|right|at\s+least|>)"
    )
    direction = re.compile(rf"(?:sign|symbol|arrow|inequality|direction|shade|it|answers?|numbers?|solutions?)\b[^.?!]{{0,30}}?\b(?:is|are|points?|goes?|becomes?|flips?\s+to|to\s+the)\s+(?:a\s+|the\s+|to\s+the\s+)*[\"']?{way}", re.I)  # fmt: skip
    bound = [all(v in {m.value for m in mentions(t)} for v in fresh) for t in turns]
    aims = [any(direction.search(s) and not s.strip().endswith("?") for _, s in sentences(t)) for t in turns]
    return "gives the bound and the direction" if any(bound) and any(aims) and (bound[-1] or aims[-1]) else ""


def _heard(history: Sequence[Turn]) -> frozenset[Fraction]:
    """The numbers that the student was the first to mention; what it only repeats is still the tutor's telling."""
    first: dict[Fraction, bool] = {}
    for turn in history:
        text = turn.text[-MAX_HEARD:] if turn.speaker == "student" else turn.text[:MAX_REPLY]
        for value in _values(text):
            first.setdefault(value, turn.speaker == "student")
    return frozenset(value for value, student in first.items() if student)


@lru_cache(maxsize=8192)
def _values(text: str) -> frozenset[Fraction]:
    return frozenset(m.value for m in mentions(unified(text)))
