"""A worked solution as steps, and the calculations in them.

Calculations are read from GSM8K's annotations (`<<48/2=24>>24`; Cobbe et al. 2021) and from plain ones ("3 bags * $4 =
$12"). What is read is what the solution says: whether a calculation comes out as it says is told by `holds`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from classwright.classroom.arithmetic import MAX_TERMS, NUMBER, Term, evaluate, number_of


@dataclass(frozen=True)
class Calculation:
    """One calculation of a step.

    Attributes:
        terms: The left side.
        result: What the solution says it comes to.
        shown: The result as written, without "$" ("3,000.00").
        start, end: Where it stands in the step's text: the whole equation, or the result alone where the left side is
            said in other words.
        expressed: Whether the left side stands there.
    """

    terms: tuple[Term, ...]
    result: Fraction
    shown: str
    start: int
    end: int
    expressed: bool

    @cached_property
    def holds(self) -> bool:
        """Whether the left side comes to the result, exactly or rounded to the decimals that are shown."""
        exact = evaluate([t.text for t in self.terms])
        places = len(self.shown.partition(".")[2])
        return exact is not None and (
            exact == self.result or (places > 0 and abs(exact - self.result) * 2 <= Fraction(1, 10**places))
        )


@dataclass(frozen=True)
class SolutionStep:
    """One line of a solution, without annotations."""

    text: str
    calculations: tuple[Calculation, ...]


class _Piece(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


_ANNOTATION = re.compile(r"<<([^<>\n]{0,300})>>")
_TOKEN = re.compile(
    rf"(?P<number>{NUMBER})|(?P<per>/\s?[a-z]+)|(?P<times>(?<=[\d)%\s])[xX](?=[\s\d($.]))|(?P<sign>[-+*/×÷·−–])"
    r"|(?P<bracket>[()])|(?P<equal>=)|(?P<word>[^\W\d_]+)|(?P<other>\S)"
)
_SIGNS = {"×": "*", "·": "*", "x": "*", "X": "*", "÷": "/", "−": "-", "–": "-"}
_NO_UNIT = frozenset(
    "is are was were be so and or then that which has have had of for in on at to he she they it we i there if when "
    "because since gives makes means equals with by a an the let".split()
)
_UNIT_WORDS = 3
_LONGEST_RUN = 4 * MAX_TERMS
_FINAL = re.compile(r"\s*####")


def read_solution(solution: str) -> tuple[SolutionStep, ...]:
    """The steps of a worked solution, one a line; a final line `#### n` is no step.

    Args:
        solution: Lines with or without annotations.
    """
    return tuple(_step(line) for line in solution.splitlines() if line.strip() and not _FINAL.match(line))


def plain_text(solution: str) -> str:
    """A solution without its annotations."""
    return _ANNOTATION.sub("", solution)


def _step(line: str) -> SolutionStep:
    text = ""
    marks: list[tuple[int, str]] = []
    last = 0
    for match in _ANNOTATION.finditer(line):
        text += line[last : match.start()]
        marks.append((len(text), match[1]))
        last = match.end()
    text += line[last:]
    lead = len(text) - len(text.lstrip())
    text = text.strip()
    pieces = _pieces(text)
    found = [c for at, inside in marks if (c := _annotated(text, pieces, at - lead, inside))]
    for i, piece in enumerate(pieces):
        if piece.kind == "equal" and (plain := _plain(text, pieces, i)):
            found.append(plain)
    found.sort(key=lambda c: (c.start, -c.end))
    apart: list[Calculation] = []
    for c in found:  # the annotated one of two readings of one equation comes first, for it was found first
        if not apart or c.start >= apart[-1].end:
            apart.append(c)
    return SolutionStep(text, tuple(apart))


def _pieces(text: str) -> list[_Piece]:
    return [_Piece(m.lastgroup or "", m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]


def _terms(pieces: Sequence[_Piece]) -> tuple[Term, ...]:
    """The calculation in a run of pieces, units left out."""
    found = []
    for p in pieces:
        if p.kind == "number":
            found.append(Term(p.text.replace("$", "").replace(",", "").strip(), p.text.strip()))
        elif p.kind in ("sign", "times", "bracket"):
            if p.text == "(" and found and (found[-1].is_number or found[-1].text == ")"):
                found.append(Term("*", ""))
            found.append(Term(_SIGNS.get(p.text, p.text), p.text))
    return tuple(found)


def _left(pieces: Sequence[_Piece], equal: int) -> Sequence[_Piece]:
    """The longest run of pieces before an equal sign that can be a calculation, units of its numbers included."""
    start = i = equal
    words = 0
    while i > max(0, equal - _LONGEST_RUN):
        piece = pieces[i - 1]
        if piece.kind in ("number", "sign", "times", "bracket", "per"):
            words = 0
        elif piece.kind == "word" and words < _UNIT_WORDS and _is_unit(pieces, i - 1):
            words += 1
        else:
            break
        i -= 1
        if piece.kind == "number" or piece.text == "(":
            start = i
    return pieces[start:equal]


def _is_unit(pieces: Sequence[_Piece], i: int) -> bool:
    """Whether a word can belong to the number before it; a letter right behind a number is algebra."""
    word = pieces[i]
    glued = i > 0 and pieces[i - 1].end == word.start
    return word.text.lower() not in _NO_UNIT and not (len(word.text) == 1 and (glued or word.text in "xyzXYZ"))


def _calculation(pieces: Sequence[_Piece]) -> tuple[Sequence[_Piece], tuple[Term, ...]] | None:
    """The longest end of a run that is a calculation with a sign in it; its pieces and terms."""
    for first, piece in enumerate(pieces):
        if piece.kind == "number" or piece.text == "(":
            terms = _terms(pieces[first:])
            if sum(t.is_number for t in terms) > 1 and evaluate([t.text for t in terms]) is not None:
                return pieces[first:], terms
    return None


def _plain(text: str, pieces: Sequence[_Piece], equal: int) -> Calculation | None:
    """The calculation around an equal sign; None where it is one of a chain, algebra, or no calculation."""
    if equal + 1 >= len(pieces) or pieces[equal + 1].kind != "number":
        return None
    result = pieces[equal + 1]
    value = number_of(result.text)
    following = pieces[equal + 2].kind if equal + 2 < len(pieces) else ""
    read = _calculation(_left(pieces, equal))
    letter = re.match(r"[a-zA-Z]\b|\s?[xyzXYZ]\b", text[result.end :])
    if value is None or read is None or letter or following in ("sign", "times", "equal", "number"):
        return None
    left, terms = read
    first = pieces.index(left[0])
    before = pieces[first - 1] if first else None
    glued = before and before.kind == "word" and before.end == left[0].start
    if before and (glued or before.kind in ("number", "sign", "times", "per", "bracket")):
        return None  # only the end of something longer
    shown = result.text.replace("$", "").strip()
    return Calculation(terms, value, shown, left[0].start, result.end, True)


def _annotated(text: str, pieces: Sequence[_Piece], at: int, inside: str) -> Calculation | None:
    """The calculation of an annotation that stood at a place of the text."""
    sides = inside.replace(" ", "").split("=")
    if len(sides) < 2:
        return None
    terms, value = _terms(_pieces(sides[0])), number_of(sides[-1])
    if value is None or evaluate([t.text for t in terms]) is None:
        return None
    match = re.match(rf"\s?{NUMBER}", text[at:])
    shown = match[0].strip() if match and _same(number_of(match[0]), value) else ""
    end = at + (match.end() if match and shown else 0)
    start = at - (text[:at].endswith("$"))
    before = [
        i for i, p in enumerate(pieces) if p.kind == "equal" and p.start < at and not text[p.end : at].strip(" $")
    ]
    if before:
        run = _left(pieces, before[-1])
        for first in (k for k, p in enumerate(run) if p.kind == "number" or p.text == "("):
            said = _terms(run[first:])
            if [_same_term(a, b) for a, b in zip(said, terms, strict=False)] == [True] * max(len(said), len(terms)):
                return Calculation(said, value, shown or sides[-1], run[first].start, end, True)
    return Calculation(terms, value, shown or sides[-1], start, end, False)


def _same(a: Fraction | None, b: Fraction) -> bool:
    return a is not None and b in (a, 100 * a)


def _same_term(a: Term, b: Term) -> bool:
    return number_of(a.text) == number_of(b.text) if a.is_number and b.is_number else a.text == b.text
