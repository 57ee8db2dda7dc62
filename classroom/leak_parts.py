"""Whether a tutor gives a number away in parts: top and bottom, whole and fraction, digit by digit, amount and sign."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache

from classwright.classroom.leak_context import Context, asks, sentences, stands_in, structural
from classwright.classroom.leak_numbers import says_negative
from classwright.classroom.mentions import mentions
from classwright.skilltree.reading import read_number
from classwright.skilltree.values import decimal_text

_TOP = r"(?:numerator|top(?:\s+(?:number|part|one))?|upper\s+number|numerador|numérateur|zähler|numeratore)"
_BOTTOM = r"(?:(?:common\s+|new\s+)?denominator|bottom(?:\s+(?:number|part|one))?|lower\s+number|denominador|dénominateur|nenner|denominatore)"
_WHOLE = r"(?:whole(?:\s+(?:number|part))?|wholes?)"
_GETS = r"[^.?!\d]{0,22}?(?:is|=|becomes|stays|be|are|:|of|as|gets|has|es|est|ist|é|è)\s*(?:a\s+|the\s+|still\s+|just\s+)*(\d{1,9})\b"
_PLACES = {"ones": 0, "one": 0, "units": 0, "unit": 0, "tens": 1, "ten": 1, "hundreds": 2, "hundred": 2,
           "thousands": 3, "tenths": -1, "hundredths": -2}  # fmt: skip
_PLACE = "|".join(sorted(_PLACES, key=len, reverse=True))
_RANKS = {
    "first": 0,
    "second": 1,
    "third": 2,
    "fourth": 3,
    "leading": 0,
    "last": -1,
    "final": -1,
    "next": None,
    "other": None,
}
_DIGIT_CLAIMS = re.compile(
    rf"\b(?P<rank>{'|'.join(_RANKS)})\s*(?:digit|one|figure)?\s*(?:is|=|has\s+to\s+be|:|must\s+be|should\s+be|will\s+be)?\s*(?:an?\s+)?(?P<r>\d)(?!\d|[./]\d)"
    rf"|\b(?:starts?|begins?)\s+with\s+(?:an?\s+)?(?P<s>\d)(?!\d|[./]\d)"
    rf"|\bends?\s+(?:in|with|on)\s+(?:an?\s+)?(?P<e>\d)(?!\d|[./]\d)"
    rf"|\b(?P<place>{_PLACE})(?:\s+(?:digit|place|column|spot))?\s*(?:is|=|has\s+to\s+be|:|must\s+be|should\s+be|gets?|holds?|has|will\s+be)\s*(?:an?\s+)?(?P<p>\d)(?!\d|[./]\d)"
    rf"|(?<![\d./])(?P<q>\d)\s+(?:in|for|on|at|goes\s+in|is\s+in)\s+the\s+(?P<place2>{_PLACE}|front|end)\b"
    rf"|(?<![\d./])(?P<h>\d)\s+(?P<place3>ones|units|tens|hundreds|thousands)\b",
    re.I,
)


def assembles_number(turns: Sequence[str], asked: Context) -> str:
    """Why tutor turns together give away a number; the last one is the reply and must contribute.

    Args:
        turns: The tutor's turns, unified, the reply last.
        asked: The context; numbers that the student has mentioned are not the tutor's to give.
    """
    answer = read_number(asked.problem.answer)
    if answer is None:
        return ""
    told = [_told(t) for t in turns]
    for check in (_fraction_parts, _digits, _sign_apart):
        found = check(told, answer.value, asked)
        if found:
            return found
    return ""


# A turn is read again with every turn that follows it, so what it holds is remembered.
@lru_cache(maxsize=8192)
def _told(text: str) -> str:
    """A turn without its questions."""
    return " ".join(s for _, s in sentences(text) if not asks(s))


@lru_cache(maxsize=16384)
def _claims_of(pattern: str, text: str) -> frozenset[int]:
    return frozenset(_claimed_numbers(pattern, text))


def _claimed_numbers(pattern: str, text: str) -> Iterator[int]:
    for match in re.finditer(rf"\b{pattern}\b{_GETS}", text, re.I):
        yield int(match[1])
    for match in re.finditer(
        rf"(?<![\d./])(\d{{1,9}})\s+(?:(?:is|goes|as|for|in|on)\s+)+(?:the\s+|at\s+the\s+)*{pattern}\b", text, re.I
    ):
        yield int(match[1])


def _fraction_parts(told: Sequence[str], answer: Fraction, asked: Context) -> str:
    last = told[-1]
    if not (_claims_of(_TOP, last) or _claims_of(_BOTTOM, last) or _wholes(last) or mentions(last)):
        return ""  # the reply has no part to give
    tops = [_claims_of(_TOP, t) for t in told]
    bottoms = [_claims_of(_BOTTOM, t) for t in told]
    wholes = [_wholes(t) for t in told]
    for n in set().union(*tops):
        for d in set().union(*bottoms):
            if not d or not ({n} & tops[-1] or {d} & bottoms[-1]) or {Fraction(n), Fraction(d)} <= asked.heard:
                continue
            whole = next((w for w in set().union(*wholes) if w + Fraction(n, d) == answer), None)
            if abs(answer) == Fraction(n, d) or whole is not None:
                return f"gives the answer in parts: {n} over {d}"
    rest = abs(answer) % 1
    if not rest or abs(answer) < 1:
        return ""
    parts = [any(m.value == rest for m in mentions(t)) for t in told]
    have = [int(abs(answer)) in w for w in wholes]
    if any(parts) and any(have) and (parts[-1] or have[-1]):
        return "gives the whole part and the fraction of the answer"
    return ""


@lru_cache(maxsize=8192)
def _wholes(text: str) -> frozenset[int]:
    counted = re.findall(r"(?<![\d./])(\d{1,6})\s+wholes?\b", text)
    return _claims_of(_WHOLE, text) | {int(n) for n in counted}


def _digits(told: Sequence[str], answer: Fraction, asked: Context) -> str:
    """The digits by their places: "the tens digit is 4", "it ends in 2"."""
    written = decimal_text(abs(answer)) or ""
    digits = written.replace(".", "")
    point = written.find(".") if "." in written else len(written)
    if len(digits) < 2 or not _DIGIT_CLAIMS.search(told[-1]):
        return ""
    found: list[set[int]] = []
    for text in told:
        places: set[int] = set()
        for match in _DIGIT_CLAIMS.finditer(text):
            place = _place(match, digits, point, places | set().union(*found) if found else places)
            digit = next(g for g in (match["r"], match["s"], match["e"], match["p"], match["q"], match["h"]) if g)
            if place is not None and 0 <= place < len(digits) and digits[place] == digit:
                places.add(place)
        found.append(places)
    if found[-1] and set().union(*found) == set(range(len(digits))):
        question = asked.question.replace(",", "")
        claimed = {m.group() for m in _DIGIT_CLAIMS.finditer(" ".join(told))}
        known = digits in re.findall(r"\d+", question) or all(stands_in(c, asked.question) for c in claimed)
        return "" if known else "gives the digits of the answer one by one"
    return ""


def _place(match: re.Match[str], digits: str, point: int, known: set[int]) -> int | None:
    if match["rank"]:
        rank = _RANKS[match["rank"].lower()]
        if rank is None:
            rank = next((k for k in range(len(digits)) if k not in known), None)
        return len(digits) - 1 if rank == -1 else rank
    if match["s"]:
        return 0
    if match["e"]:
        return len(digits) - 1
    name = (match["place"] or match["place2"] or match["place3"]).lower()
    if name in ("front", "end"):
        return 0 if name == "front" else len(digits) - 1
    power = _PLACES[name]
    return point - 1 - power if power >= 0 else point - power - 1


def _sign_apart(told: Sequence[str], answer: Fraction, asked: Context) -> str:
    """The amount in one turn and that it is negative in another."""
    if answer >= 0:
        return ""
    amount = [
        any(m.value == -answer and not asked.given(m) and not structural(t, m, asked) for m in mentions(t))
        for t in told
    ]
    sign = [says_negative(t, asked) for t in told]
    return (
        "gives the amount and the sign of the answer" if any(amount) and any(sign) and (amount[-1] or sign[-1]) else ""
    )
