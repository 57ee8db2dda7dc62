"""Grading of numbers, comparisons, lists, ratios and points."""

import re
from fractions import Fraction
from typing import Any

from classwright.errors import InputError
from classwright.skilltree.algebra_answers import expression, letters_of, read_algebra
from classwright.skilltree.expression import value
from classwright.skilltree.forms import number_fault, scientific_fault
from classwright.skilltree.polynomial import Polynomial
from classwright.skilltree.reading import ReadNumber, read_number
from classwright.skilltree.units import measure, unit_fault
from classwright.skilltree.values import Relation
from classwright.skilltree.verdict import Question, Verdict, judged
from classwright.skilltree.word_answers import is_special, special, spoken


def number(text: str, problem: Question) -> Verdict | None:
    """Judge a number by value, form and unit; None when the text is not one number."""
    given = read_number(text) or _last_side(text)
    if is_special(text) or is_special(problem.answer):
        numbers = [read_number(item) for item in _items(text)]
        return special(text, problem, bool(numbers) and None not in numbers)
    answer = read_number(problem.answer)
    if answer is None:  # a root or a multiple of pi: not a plain number after all
        return expression(text, problem)
    if given is None:
        return None
    fault = unit_fault(given.unit, problem.unit)
    if fault:
        return Verdict("wrong", fault, text)
    equal = given.value == answer.value
    if answer.spelling == "percent" and given.spelling != "percent":
        as_percent = given.value == 100 * answer.value and given.unit in ("", "percent")
        if as_percent:
            return Verdict("right", "", text)
        equal = equal and problem.form == ""
    if not equal:
        return Verdict("wrong", "the value is different", text)
    form_fault = scientific_fault(text) if problem.form == "scientific" else number_fault(given, problem.form, answer)
    return Verdict("wrong", form_fault, text) if form_fault else Verdict("right", "", text)


def _last_side(text: str) -> ReadNumber | None:
    """The number at the end of an equation such as "2/4 + 1/4 = 3/4", or the one beside a letter in "5 = x"."""
    sides = text.split("=")
    if len(sides) < 2 or not all(side.strip() for side in sides):
        return None
    last = read_number(sides[-1])
    first = read_number(sides[0])
    if first is not None and re.fullmatch(r"\s*[A-Za-z]\s*", sides[-1]):
        return first  # 5 = x
    return last


_COMPARISON_WORDS = [
    (re.compile(r"\b(?:is\s+)?(?:less|smaller|fewer|shorter|lower)(?:\s+than)?\b", re.IGNORECASE), "<"),
    (re.compile(r"\b(?:is\s+)?(?:greater|more|bigger|larger|longer|higher)(?:\s+than)?\b", re.IGNORECASE), ">"),
    (re.compile(r"\b(?:is\s+|are\s+)?(?:equal|equals|the same)(?:\s+(?:to|as))?\b", re.IGNORECASE), "="),
]


_BOTH = re.compile(
    r"(?:(?:i think|yes|so|because)[ ,]+)?(?:that )?(?:they(?:[ '’]?re)?|both|these|those|it(?:['’]?s)?"
    r"|(?:both |the(?:se)? |the two )?(?:sides|numbers|fractions|decimals|amounts)|the two)(?: both)?(?: are)?",
    re.IGNORECASE,
)
"""What is said to be equal or the same, where it can only be the two that are compared."""


def comparison(text: str, problem: Question) -> Verdict | None:
    """Judge a comparison sign, alone, in words, or between the two sides of the question."""
    for pattern, sign in _COMPARISON_WORDS:
        text = pattern.sub(f" {sign} ", text)
    signs = re.findall(r"[<>=]", text)
    if len(signs) != 1 or len(text) > 80:
        return None
    left, right = (side.strip() for side in text.split(signs[0]))
    sign = signs[0]
    if sign == "=" and not right and _BOTH.fullmatch(left):
        left = ""
    if left or right:
        asked = re.fullmatch(r"compare\((.+)\)", problem.expression.strip())
        given = (read_algebra(left, set()), read_algebra(right, set()))
        if asked is None or None in given:
            return None
        pair = value(f"list({asked[1]})")
        if (given[1], given[0]) == tuple(pair) and given[0] != given[1]:
            sign = {"<": ">", ">": "<"}.get(sign, sign)
        elif given != tuple(pair):
            return None
    return judged(sign == problem.answer.strip(), text, "the comparison is different")


def _items(text: str) -> list[str]:
    text = re.sub(r"^\{(.*)\}$|^\[(.*)\]$", lambda m: m[1] or m[2] or "", text.strip())
    text = re.sub(r"\b[a-z]\s*=\s*", "", text, flags=re.IGNORECASE)
    split = (
        r"\s*(?:;|<|>|\n|,?\s+and\s+|,?\s+or\s+|,\s+)\s*"
        if re.search(r",\s|;|<|>|\n", text)
        else r"\s*(?:,|\s+and\s+|\s+or\s+)\s*"
    )
    return [item.strip() for item in re.split(split, text) if item.strip()]


def _item_value(item: str, letters: set[str]) -> Any:
    number = read_number(item)
    if number is not None and measure(number.unit) is None and number.unit:
        number = None if re.search(r"[a-z]{3,}", number.unit) is None else number
    if number is not None:
        return number.value
    algebra = read_algebra(item, letters)
    if algebra is not None and not isinstance(algebra, Relation):
        return algebra
    return spoken(item)


def listing(text: str, problem: Question) -> Verdict | None:
    """Judge a list item by item; the order counts unless the form is a set."""
    if is_special(text) or is_special(problem.answer):
        return special(text, problem, not any(isinstance(_item_value(item, set()), str) for item in _items(text)))
    letters = letters_of(problem.answer) if re.search(r"[\d^]", problem.answer) else set()
    answer = [_item_value(item, letters) for item in _items(problem.answer)]
    given = [_item_value(item, letters) for item in _items(text)]
    wordy = any(isinstance(item, str) for item in answer)
    if (
        not given
        or (not wordy and any(isinstance(item, str) for item in given))
        or (wordy and len(text) > 4 * len(problem.answer) + 40)
    ):
        return None
    if problem.form == "set":
        same = (
            len(given) == len(answer)
            and all(item in answer for item in given)
            and all(item in given for item in answer)
        )
        return judged(same, text, "the list has other members")
    reason = (
        "the order is different"
        if len(given) == len(answer) and all(item in given for item in answer)
        else "the list is different"
    )
    return judged(given == answer, text, reason)


def _parts(text: str) -> list[Fraction] | None:
    pieces = re.split(r"\s*:\s*|\s+to\s+", text)
    if len(pieces) == 1 and re.fullmatch(r"\s*\d+\s*/\s*\d+\s*", text):
        pieces = text.split("/")
    numbers = [read_number(piece) for piece in pieces]
    if len(pieces) < 2 or None in numbers:
        return None
    return [number.value for number in numbers if number]


def ratio(text: str, problem: Question) -> Verdict | None:
    """Judge a ratio up to a common factor."""
    given, answer = _parts(text), _parts(problem.answer)
    if answer is None:
        raise InputError(f"the answer {problem.answer!r} of a problem of kind ratio is no ratio")
    if given is None:
        return None
    if problem.form == "simplest" and given != answer and _proportional(given, answer):
        return Verdict("wrong", "the ratio is not in simplest form", text)
    return judged(_proportional(given, answer), text, "the ratio is different")


def _proportional(a: list[Fraction], b: list[Fraction]) -> bool:
    return (
        len(a) == len(b)
        and any(a)
        and all(x * b[0] == y * a[0] for x, y in zip(a, b, strict=True))
        and bool(a[0]) == bool(b[0])
    )


def _coordinates(text: str) -> list[Any] | None:
    named = re.findall(r"([xyz])\s*=\s*([^,;=]+?)(?=\s*(?:,|;|and\b|$|\)))", text)
    pieces = [part for _, part in sorted(named)] if len(named) >= 2 else re.split(r"\s*[,;]\s*", text.strip("()[] "))
    values = [read_algebra(piece.strip(), set()) for piece in pieces]
    if len(values) < 2 or any(
        v is None or isinstance(v, Relation) or (isinstance(v, Polynomial) and v.letters()) for v in values
    ):
        return None
    return values


def point(text: str, problem: Question) -> Verdict | None:
    """Judge the coordinates of a point."""
    if is_special(text) or is_special(problem.answer):
        return special(text, problem, _coordinates(text) is not None)
    given, answer = _coordinates(text), _coordinates(problem.answer)
    if answer is None:
        raise InputError(f"the answer {problem.answer!r} of a problem of kind point is no point")
    return None if given is None else judged(given == answer, text, "the point is different")
