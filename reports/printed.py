"""An answer as it is printed: "5*sqrt(3)" as 5√3, "p <= 54" as p ≤ 54, with its unit."""

import re

from classwright.skilltree.problem import Problem

_SIGNS = {"<=": "≤", ">=": "≥", "!=": "≠"}
_ONE = {"inches": "inch", "feet": "foot", "people": "person"} | {
    f"{word}s": word
    for word in (
        "adult bead bag car cat cent centimeter corner cup day dog dollar dot flag fork gallon gram hour kilogram "
        "kilometer liter marble meter milliliter millimeter minute month name notebook ounce part pencil piece pint "
        "pound quart rose row second side spoon square star sticker student triangle truck unit van vote week yard"
    ).split()
}
"""Units of the tree's answers -> what they are for 1."""
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
    """An answer before its unit, in which "°" and "%" stand close: "63°", "2 inches", "1 inch"."""
    if answer in ("1", "-1"):
        unit = re.sub(rf"\b({'|'.join(_ONE)})\b", lambda m: _ONE[m[1]], unit, count=1)
    return f"{answer}{'' if unit in ('°', '%', '') else ' '}{unit}"
