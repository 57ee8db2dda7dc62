"""The spellings of an answer that a quiz program accepts, which compares letters and cannot reckon.

Every spelling in the list is one that our own grading counts as right; the list is not every such spelling, since an
expression has no end of them.
"""

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import permutations, product

from classwright.errors import InputError
from classwright.reports.printed import printed, with_unit
from classwright.skilltree.grading import grade
from classwright.skilltree.problem import Problem
from classwright.skilltree.reading import read_number
from classwright.skilltree.values import decimal_text, mixed_text

ANY_ORDER = 4
"""Longest list of which every order is accepted; of a longer one the question asks for a fixed order."""
UNREDUCED = 12
"""Factor up to which fractions are accepted that are not in lowest terms, where the question does not ask for that."""
MOST = 200
"""Spellings of one answer at most."""
_FLIPPED = {"<": ">", ">": "<", "≤": "≥", "≥": "≤", "<=": ">=", ">=": "<=", "=": "="}


def accepted(p: Problem) -> list[str]:
    """Spellings of the answer that are right, the plan's own first."""
    found: dict[str, None] = {p.answer: None}
    for spelling in _candidates(p):
        if len(found) == MOST:
            break
        if spelling not in found and _right(spelling, p):
            found[spelling] = None
    return list(found)


def asks_for_order(p: Problem) -> str:
    """What the question must add so that its answer has one spelling: "" or a sentence."""
    if p.kind != "list" or p.form != "set" or len(_items(p.answer)) <= ANY_ORDER:
        return ""
    numbers = all(read_number(item) for item in _items(p.answer))
    order = "from least to greatest" if numbers else "in alphabetical order"
    return f"Write them {order}, with commas between them."


def _right(spelling: str, p: Problem) -> bool:
    try:
        return grade(spelling, p).result == "right"
    except InputError:  # an answer of a subject without code
        return False


def _candidates(p: Problem) -> Iterator[str]:
    match p.kind:
        case "list":
            yield from _lists(p)
        case "point":
            yield from _spaced(p.answer)
            yield from _spaced(p.answer.strip("()"))
        case "ratio":
            parts = [part.strip() for part in p.answer.split(":")]
            yield from (sign.join(parts) for sign in (":", " : ", " to "))
        case "inequality" | "equation":
            yield from _relations(p.answer)
        case "expression":
            yield from _sums(p.answer)
            yield from _factors(p.answer)
            yield from (p.answer.replace("*pi", pi) for pi in ("pi", " pi", " π"))
        case "time":
            yield p.answer.zfill(5)
            yield p.answer.removeprefix("0")
        case "number":
            yield from _numbers(p)
        case _:
            yield p.answer.capitalize()
    yield printed(p.answer)


def _numbers(p: Problem) -> Iterator[str]:
    yield from (printed(p.answer), p.answer.replace(",", ""), p.answer.lstrip("+"))
    answer = read_number(p.answer)
    plain = [p.answer]
    if answer is not None:
        value = Fraction(answer.value)
        plain += [text for text in (decimal_text(value), mixed_text(value), str(value)) if text]
        if value.denominator == 1:
            plain.append(f"{int(value):,}")
        else:
            plain += [text.removeprefix("0") for text in plain if text.startswith("0.")]
            plain += [f"{value.numerator * k}/{value.denominator * k}" for k in range(2, UNREDUCED + 1)]
        if p.unit == "dollars":
            plain += [f"{float(value):.2f}"] if decimal_text(value) else []
            plain += [f"${text}" for text in plain]
    yield from plain
    if p.unit:
        yield from (with_unit(text, p.unit) for text in plain)
    yield from (text.replace("-", "−") for text in plain if text.startswith("-"))


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",")]


def _lists(p: Problem) -> Iterator[str]:
    items = _items(p.answer)
    orders: Iterable[tuple[str, ...]] = [tuple(items)]
    if p.form == "set" and len(items) <= ANY_ORDER:
        orders = permutations(items)
    elif p.form == "set":
        numbers = [read_number(item) for item in items]
        key = {i: (n.value if n else 0, item) for i, (n, item) in enumerate(zip(numbers, items, strict=True))}
        orders = [tuple(items[i] for i in sorted(key, key=key.__getitem__))]
    for order in orders:
        yield from (comma.join(order) for comma in (", ", ",", " and " if len(order) == 2 else ", "))


def _spaced(text: str) -> Iterator[str]:
    """With and without spaces and parentheses around what has a minus, with a printed minus."""
    for spelling in (text, re.sub(r"\s+", "", text), re.sub(r"\s*([=<>≤≥+*-])\s*", r" \1 ", text).strip()):
        yield spelling
        yield printed(spelling)
        yield spelling.replace("-", "−")


def _relations(text: str) -> Iterator[str]:
    """The relation, turned around, each with signs as typed and as printed."""
    found = re.split(r"\s*(<=|>=|[<>=])\s*", text)
    turned = [_FLIPPED.get(part, part) for part in reversed(found)]
    for parts in (found, turned):
        sides = [list(_sums(part)) if i % 2 == 0 else [part] for i, part in enumerate(parts)]
        for chosen in product(*sides):
            yield from _spaced(" ".join(chosen))


def _sums(text: str) -> Iterator[str]:
    """The terms of a sum in every order, with and without spaces; other expressions as they are."""
    yield from _spaced(text)
    terms = re.findall(r"(?:^|[+-])\s*[^+\s-][^+\s()-]*(?:\^\(?-?\w+\)?)?", text)
    if "(" in text or not 1 < len(terms) <= 3 or "".join(terms).replace(" ", "") != text.replace(" ", ""):
        return
    signed = [term.replace(" ", "") if term[0] in "+-" else "+" + term.replace(" ", "") for term in terms]
    for order in permutations(signed):
        yield from _spaced(re.sub(r"(?<!^)([+-])", r" \1 ", "".join(order).removeprefix("+")))


def _factors(text: str) -> Iterator[str]:
    """The factors in parentheses of a product in every order."""
    factors = re.findall(r"\([^()]*\)(?:\^\d+)?", text)
    first = text[: text.find("(")]
    if 1 < len(factors) <= 3 and first + "".join(factors) == text:
        for order in permutations(factors):
            yield from _spaced(first + "".join(order))
