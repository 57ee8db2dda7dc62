"""Grading that remembers: a dialogue asks of each student turn again and again whether it has the answer."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from classwright.skilltree import grading
from classwright.skilltree.problem import Form, Kind
from classwright.skilltree.verdict import Question, Verdict

REMEMBERED = 16_384
"""Verdicts that are kept: those of more than a thousand dialogues that are held at once."""


class _Asked(NamedTuple):
    text: str
    answer: str
    expression: str
    kind: Kind
    form: Form
    unit: str
    choices: tuple[str, ...]


def grade(given: str, problem: Question) -> Verdict:
    """The verdict of `skilltree.grading.grade`, computed once for the same words and question."""
    return _grade(given, _asked(problem))


def any_right(given: Iterable[str], problem: Question) -> bool:
    """Whether one of these texts has the right answer."""
    asked = _asked(problem)
    return any(_grade(text, asked).result == "right" for text in given)


def _asked(problem: Question) -> _Asked:
    return _Asked(
        problem.text, problem.answer, problem.expression, problem.kind, problem.form, problem.unit, problem.choices
    )


@lru_cache(maxsize=REMEMBERED)
def _grade(given: str, asked: _Asked) -> Verdict:
    return grading.grade(given, asked)
