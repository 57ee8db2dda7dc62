"""Typed mathematics in running text: "Work out 3/4 + 1/6." as pieces that a page can set as fractions and powers.

The reader is exact: the pieces of a text, written out again by `plain`, are the text, character for character. What it
is not sure of (a date, a unit such as km/h, a time, a range) stays text. Read by every format, so that an expression
looks the same in all of them.
"""

import re
from typing import Literal

from classwright.reports.math_nodes import (
    Fraction,
    Group,
    Letter,
    Math,
    Mixed,
    Node,
    Nodes,
    Number,
    Piece,
    Power,
    Root,
    Sign,
    drops_parentheses,
    plain,
)

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+")
_BLANK = re.compile(r"□|_{2,}")
_PRINTED_POWER = re.compile(r"[²³⁴⁵⁶⁷⁸⁹]+")
_SIGN = re.compile(r" (<=|>=|[-+×÷·*=<>≤≥≠≈±−]) ")
_WORDS = frozenset(
    "s th st nd rd cm mm km kg mg ml am pm ft lb oz yd in hr vs of to or by my no is it as at ex ox".split()
)
"""Letters behind a number that are words or units, never variables."""
MAX_DEPTH = 20
"""Parentheses within parentheses that are read."""
_ALONE = frozenset("aios")
"""Letters that are words when they stand alone."""
_BEFORE = frozenset(" \n\t(\"“'[$…")
"""What may stand before a stretch of mathematics."""
_STARTS = re.compile(r"[-−]?[\d.A-Za-z(|√∛□_π]")


def pieces(text: str) -> list[Piece]:
    """A text as plain stretches and mathematics, in order; joined by `plain` they give the text.

    A number alone is plain text. So is what is ambiguous: "24/11/2026", "3:45", "5 cm", "x-ray".
    """
    found: list[Piece] = []
    start = position = 0
    while position < len(text):
        stretch = _math_at(text, position)
        if stretch is None:
            position += 1
            continue
        math, end = stretch
        if position > start:
            found.append(text[start:position])
        found.append(math)
        start = position = end
    if start < len(text):
        found.append(text[start:])
    return found


def _math_at(text: str, position: int) -> tuple[Math, int] | None:
    """The mathematics that begins exactly here, with its end; None where there is none worth setting."""
    if (position and text[position - 1] not in _BEFORE) or not _STARTS.match(text, position):
        return None
    reader = _Reader(text, position)
    nodes = reader.sequence()
    if not nodes or (len(nodes) == 1 and (isinstance(nodes[0], Number) or _is_label(nodes[0]))):
        return None
    end, after = reader.position, text[reader.position : reader.position + 2]
    if re.match(r"\w|[-–−'’/:^][\w(]|\.\d", after) and not _before_a_word(nodes, text[end - 1 : end + 2]):
        return None
    if plain(nodes) != text[position:end] or (len(nodes) == 1 and _is_word(nodes[0], text, position, end)):
        return None
    return Math(nodes), end


def _is_label(node: Node) -> bool:
    """Whether it is "(a)" or "(2)"."""
    return (
        isinstance(node, Group)
        and not node.bars
        and len(node.items) == 1
        and (len(node.items[0]) == 1 and isinstance(node.items[0][0], Letter | Number))
    )


def _before_a_word(nodes: Nodes, around: str) -> bool:
    """Whether a hyphen and a word follow: 1/2-inch, x-axis."""
    ends = isinstance(nodes[-1], Fraction | Mixed) or (len(nodes) == 1 and around[0] in "xy")
    return ends and re.fullmatch(r".-[a-z]", around) is not None


def _is_word(node: Node, text: str, start: int, end: int) -> bool:
    """Whether a letter alone is a word, a label, or the sign of "3 x 4"."""
    if not isinstance(node, Letter):
        return False
    around = text[max(0, start - 2) : end + 2]
    return (
        node.name in _ALONE
        or node.name.isupper()
        or re.match(r"\.[a-z]", text[end : end + 2]) is not None
        or bool(re.fullmatch(r"\d x \d", around))
        or text[end : end + 4] == "-ray"
    )


class _Reader:
    """Reads mathematics from a place in a text as far as it goes; `position` is the first character not read."""

    def __init__(self, text: str, position: int) -> None:
        self.text, self.position = text, position
        self.depth, self.in_bars = 0, False

    def sequence(self) -> Nodes:
        """Values joined by signs with a space on both sides; () where none begins here."""
        nodes = self.value()
        while nodes and (sign := _SIGN.match(self.text, self.position)):
            before, self.position = self.position, sign.end()
            value = self.value()
            if not value:
                self.position = before
                break
            nodes += (Sign(sign[1]), *value)
        return nodes

    def value(self) -> Nodes:
        """A minus or not, and factors side by side: -3x^2, 2(x + 1), 3/4, 2 1/2."""
        start = self.position
        sign: Nodes = ()
        if self.text[start : start + 1] in ("-", "−"):
            sign, self.position = (Sign(self.text[start], unary=True),), start + 1
        factors = self.factors()
        if not factors:
            self.position = start
            return ()
        return sign + factors

    def factors(self) -> Nodes:
        """Values side by side, the last of which may be a fraction."""
        nodes: Nodes = ()
        while node := self.factor(nodes[-1] if nodes else None):
            nodes += (node,)
            if printed := _PRINTED_POWER.match(self.text, self.position):
                nodes, self.position = (*nodes, Number(printed[0])), printed.end()
            if self.text[self.position : self.position + 1] == "/":
                fraction = self.below(nodes)
                if fraction is None:
                    break
                nodes = (fraction,)
                break
        return nodes

    def below(self, top: Nodes) -> Node | None:
        """The fraction whose top was read and whose bottom follows, a mixed number where it is one."""
        start = self.position
        self.position += 1
        bottom = self.factor(None, single=True)
        if bottom is None or self.text[self.position : self.position + 1] == "/":
            self.position = start
            return None
        if isinstance(top[-1], Mixed):  # 1 2/3/4
            self.position = start
            return None
        return Fraction(self.inside(top, "top"), self.inside((bottom,), "bottom"))

    def inside(self, nodes: Nodes, place: Literal["top", "bottom", "exponent"]) -> Nodes:
        """Nodes without the parentheses that only hold them together."""
        if len(nodes) == 1 and isinstance(nodes[0], Group) and not nodes[0].bars and len(nodes[0].items) == 1:
            content = nodes[0].items[0]
            if drops_parentheses(content, place):
                return content
        return nodes

    def factor(self, before: Node | None, *, single: bool = False) -> Node | None:
        """A value with the power it is raised to; `single`: no mixed number."""
        atom = self.atom(before, single=single)
        if atom is not None and self.text[self.position : self.position + 1] == "^":
            start = self.position
            self.position += 1
            sign: Nodes = ()
            if self.text[self.position : self.position + 1] in ("-", "−"):
                sign, self.position = (Sign(self.text[self.position], unary=True),), self.position + 1
            exponent = self.atom(None, single=True)
            if exponent is None:
                self.position = start
                return atom
            return Power(atom, self.inside((*sign, exponent), "exponent"))
        return atom

    def atom(self, before: Node | None, *, single: bool = False) -> Node | None:
        """A number, letter, blank, group or root; `before` is the factor it would stand beside."""
        text, start = self.text, self.position
        if number := _NUMBER.match(text, start):
            if isinstance(before, Number) or (before is not None and not isinstance(before, Group | Root)):
                return None
            return self.number(number[0], number.end(), alone=before is None and not single)
        if blank := _BLANK.match(text, start):
            self.position = blank.end()
            return Number(blank[0])
        match text[start : start + 1]:
            case "(":
                return self.group()
            case "|":
                return self.bars()
            case "√" | "∛":
                return self.root()
            case "π":
                self.position += 1
                return Letter("π")
        return self.letter(before)

    def number(self, digits: str, end: int, *, alone: bool) -> Node | None:
        """A number with its sign of percent or degree, or a mixed number where it stands alone."""
        text = self.text
        if re.match(r":\d|[.,]\d", text[end : end + 2]):
            return None  # a time, a ratio, a number in another country's form
        mixed = re.compile(r" (\d+)/(\d+)(?![\d/.,]\d|\d|/|[-–]\w|[a-z])").match(text, end)
        if alone and digits.isdigit() and mixed:
            self.position = mixed.end()
            return Mixed(digits, Fraction((Number(mixed[1]),), (Number(mixed[2]),)))
        if text[end : end + 1] in ("%", "°"):
            self.position = end + 1
            return Number(digits + text[end])
        word = re.compile(r"[A-Za-z]+").match(text, end)
        if word and (word[0] in _WORDS or len(word[0]) > 3 or not word[0].islower()):
            return None  # 2nd, 5cm, 4s, 20C
        self.position = end
        return Number(digits)

    def letter(self, before: Node | None) -> Node | None:
        """A letter; several side by side only behind a number or before a power."""
        word = re.compile(r"[A-Za-z]+").match(self.text, self.position)
        if word is None or not (word[0].islower() or len(word[0]) == 1):
            return None
        many = len(word[0]) > 1 and before is None
        raised = self.text[word.end() : word.end() + 1] == "^" or re.fullmatch(r"[a-z][xy]", word[0])  # mx + b
        if len(word[0]) > 3 or (many and not raised) or (len(word[0]) > 1 and word[0] in _WORDS):
            return None
        self.position += 1
        return Letter(word[0][0])

    def group(self) -> Node | None:
        """Values with commas between parentheses."""
        start = self.position
        if self.depth == MAX_DEPTH:
            return None
        self.position, self.depth = start + 1, self.depth + 1
        items: list[Nodes] = []
        while item := self.sequence():
            items.append(item)
            if self.text[self.position : self.position + 2] != ", ":
                break
            self.position += 2
        self.depth -= 1
        if not items or self.text[self.position : self.position + 1] != ")":
            self.position = start
            return None
        self.position += 1
        return Group(tuple(items))

    def bars(self) -> Node | None:
        """An absolute value; one inside another could not be told from two side by side."""
        start = self.position
        if self.in_bars:
            return None
        self.position, self.in_bars = start + 1, True
        inside = self.sequence()
        self.in_bars = False
        if not inside or self.text[self.position : self.position + 1] != "|":
            self.position = start
            return None
        self.position += 1
        return Group((inside,), bars=True)

    def root(self) -> Node | None:
        """A root of a number, a letter or a group."""
        start = self.position
        index: Literal[2, 3] = 2 if self.text[start] == "√" else 3
        self.position += 1
        inside = self.atom(None, single=True)
        if inside is None:
            self.position = start
            return None
        held = inside.items[0] if isinstance(inside, Group) and not inside.bars and len(inside.items) == 1 else ()
        return Root(index, held if len(held) > 1 else (inside,))
