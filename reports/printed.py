"""An answer as it is printed: "5*sqrt(3)" as 5√3, "p <= 54" as p ≤ 54, with its unit."""

import re

from classwright.skilltree.problem import Problem

_SIGNS = {"<=": "≤", ">=": "≥", "!=": "≠"}
_ROOTS = {"sqrt": "√", "cbrt": "∛"}


def printed(text: str) -> str:
    """A canonical answer with printed signs; a text without any stays as it is."""
    text = re.sub(r"\b(sqrt|cbrt)\((\w+)\)", lambda m: _ROOTS[m[1]] + m[2], text)
    text = re.sub(r"\b(sqrt|cbrt)(?=\()", lambda m: _ROOTS[m[1]], text)
    text = re.sub(r"\*?\bpi\b", "π", text)
    text = re.sub(r"(?<=[\w)])\*(?=[√∛(a-z])", "", text)
    text = re.sub(r" \* ", " × ", text)
    return re.sub(r"<=|>=|!=", lambda m: _SIGNS[m[0]], text)


def printed_answer(problem: Problem) -> str:
    """The answer to a problem with its unit: "7.45 dollars", "63°", "√145 units"."""
    return with_unit(printed(problem.answer), problem.unit)


def with_unit(answer: str, unit: str) -> str:
    """An answer before its unit, in which "°" and "%" stand close."""
    return f"{answer}{'' if unit in ('°', '%', '') else ' '}{unit}"
