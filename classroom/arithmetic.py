"""Arithmetic as solutions write it: numbers, signs and parentheses, with its exact value."""

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

NUMBER = r"(?:\$\s?)?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?%?|\$?\.\d+%?"
"""A number of a solution, with its dollar, commas and percent sign."""
MAX_TERMS = 60
MAX_DIGITS = 15
"""Digits of a number that takes part in a calculation."""


class Term(NamedTuple):
    """A number, sign or parenthesis of a calculation.

    Attributes:
        text: Its plain form: "3000.50", "20%", "+", "*", "(".
        written: As it stands in the solution: "$3,000.50", "x".
    """

    text: str
    written: str

    @property
    def is_number(self) -> bool:
        """Whether it is a number."""
        return self.text[0] not in "+-*/()"


@lru_cache(maxsize=4096)
def number_of(text: str) -> Fraction | None:
    """A number as written in a solution ("$3,000.50", "20%", ".5"); a percent is divided by 100, None for no number."""
    plain = text.strip().replace("$", "").replace(",", "").strip()
    percent = plain.endswith("%")
    plain = plain.removesuffix("%")
    if not re.fullmatch(r"\d+(?:\.\d+)?|\.\d+", plain) or len(plain) > MAX_DIGITS:
        return None
    return Fraction("0" + plain if plain.startswith(".") else plain) / (100 if percent else 1)


def evaluate(terms: Sequence[str]) -> Fraction | None:
    """The exact value of a calculation, None where it is none.

    Args:
        terms: Plain numbers ("3", ".5", "20%"), signs and parentheses; a sign before a number is allowed.
    """
    if not terms or len(terms) > MAX_TERMS:
        return None
    try:
        value, at = _sum(terms, 0)
    except (ValueError, ZeroDivisionError, RecursionError):
        return None
    return value if at == len(terms) else None


def _sum(terms: Sequence[str], at: int) -> tuple[Fraction, int]:
    value, at = _product(terms, at)
    while at < len(terms) and terms[at] in "+-":
        other, after = _product(terms, at + 1)
        value, at = (value + other if terms[at] == "+" else value - other), after
    return value, at


def _product(terms: Sequence[str], at: int) -> tuple[Fraction, int]:
    value, at = _factor(terms, at)
    while at < len(terms) and terms[at] in "*/":
        other, after = _factor(terms, at + 1)
        value, at = (value * other if terms[at] == "*" else value / other), after
    return value, at


def _factor(terms: Sequence[str], at: int) -> tuple[Fraction, int]:
    if at >= len(terms):
        raise ValueError
    if terms[at] == "-":
        value, at = _factor(terms, at + 1)
        return -value, at
    if terms[at] == "(":
        value, at = _sum(terms, at + 1)
        if at >= len(terms) or terms[at] != ")":
            raise ValueError
        return value, at + 1
    number = number_of(terms[at])
    if number is None:
        raise ValueError
    return number, at + 1
