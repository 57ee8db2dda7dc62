"""The exact value of a numeric expression as people write it, with its unit: "3 tens + 4 ones", "$3.50 + $1.25"."""

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import NamedTuple

# unit -> (dimension, size in the base unit of the dimension); dimension "" is a plain number: tens, thirds, dozens
UNITS: dict[str, tuple[str, Fraction]] = {}
for _dimension, _table in {
    "length": "mm millimeter 1/1000;cm centimeter 1/100;m meter 1;km kilometer 1000",
    "customary length": "in inch 1;ft foot 12;yd yard 36;mi mile 63360",
    "mass": "g gram 1;kg kilogram 1000;mg milligram 1/1000",
    "customary mass": "oz ounce 1;lb pound 16",
    "volume": "ml milliliter 1/1000;l liter 1",
    "customary volume": "cup cup 1;pt pint 2;qt quart 4;gal gallon 16",
    "time": "s second 1;min minute 60;h hour 3600;day day 86400;week week 604800",
    "money": "cent cent 1;dollar dollar 100;penny penny 1;nickel nickel 5;dime dime 10",
    "": "one one 1;ten ten 10;hundred hundred 100;thousand thousand 1000;dozen dozen 12;pair pair 2;half half 1/2;"
    "third third 1/3;fourth fourth 1/4;fifth fifth 1/5;sixth sixth 1/6;seventh seventh 1/7;eighth eighth 1/8;"
    "ninth ninth 1/9;tenth tenth 1/10;twelfth twelfth 1/12;hundredth hundredth 1/100;thousandth thousandth 1/1000",
}.items():
    for _row in _table.split(";"):
        _short, _long, _size = _row.split()
        for _name in (_short, _long, _long + "s"):
            UNITS[_name] = (_dimension, Fraction(_size))
UNITS |= {"feet": UNITS["foot"], "inches": UNITS["inch"], "pennies": UNITS["penny"], "halves": UNITS["half"],
           "L": UNITS["l"], "mL": UNITS["ml"]}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text: its kind (number, operator, relation, word, blank, other) and where it stands."""

    kind: str
    text: str
    start: int
    end: int


class Quantity(NamedTuple):
    """A value with its unit: (dimension, size in the dimension's base unit), size 0 for a unit nobody knows."""

    value: Fraction
    unit: tuple[str, Fraction] | None


class OpenError(Exception):
    """The expression is not a plain number: nothing can be said."""


def value_of(side: list[Token]) -> Quantity:
    """The exact value of a side with its unit.

    Raises:
        OpenError: it holds a variable, a blank or a form that is not arithmetic.
    """
    if any(t.text == ":" for t in side) and len(side) != 3:
        raise OpenError  # times of day, or ratios inside a computation
    parser = _Parser(side)
    quantity = parser.sum()
    if parser.i != len(side):
        raise OpenError
    return quantity


class _Parser:
    """Recursive descent over one side: sum, product, power, atom; "of" after a percent is written as * by `atom`."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.i = tokens, 0

    def peek(self, ahead: int = 0) -> str:
        j = self.i + ahead
        return self.tokens[j].text if j < len(self.tokens) else ""

    def kind(self, ahead: int = 0) -> str:
        j = self.i + ahead
        return self.tokens[j].kind if j < len(self.tokens) else ""

    def sum(self) -> Quantity:
        total = self.product()
        while self.peek() in ("+", "-"):
            sign = 1 if self.peek() == "+" else -1
            self.i += 1
            term = self.product()
            value, other, unit = total.value, term.value, total.unit or term.unit
            if total.unit is None and term.unit and term.unit[1] and term.unit[0]:
                raise OpenError  # "3 + 2 m": m may be a letter
            if total.unit and total.unit[1] and term.unit is None:
                raise OpenError
            if total.unit and term.unit and total.unit != term.unit:
                if total.unit[0] != term.unit[0]:
                    raise OpenError
                value, other, unit = value * total.unit[1], other * term.unit[1], (total.unit[0], Fraction(1))
            total = Quantity(value + sign * other, unit)
        return total

    def product(self) -> Quantity:
        left = self.power()
        while self.peek() in ("*", "/") or self.peek() == "(":
            operator = "*" if self.peek() == "(" else self.peek()
            if self.peek() != "(":
                self.i += 1
            right = self.power()
            if operator == "*":
                if left.unit and right.unit:
                    raise OpenError  # square units
                left = Quantity(left.value * right.value, left.unit or right.unit)
            else:
                unit = left.unit if not right.unit else None if left.unit == right.unit else _raise_open()
                left = Quantity(left.value / right.value, unit)
        return left

    def power(self) -> Quantity:
        if self.peek() == "-":
            self.i += 1
            operand = self.power()
            return Quantity(-operand.value, operand.unit)
        base = self.atom()
        if self.peek() in ("^", "**"):
            self.i += 1
            exponent = self.power()
            if exponent.value.denominator != 1 or abs(exponent.value) > 64 or base.unit:
                raise OpenError
            return Quantity(base.value ** int(exponent.value), None)
        return base

    def atom(self) -> Quantity:
        if self.peek() == "(":
            self.i += 1
            inside = self.sum()
            if self.peek() != ")":
                raise OpenError
            self.i += 1
            return inside
        if self.peek() == "|":
            self.i += 1
            inside = self.sum()
            if self.peek() != "|":
                raise OpenError
            self.i += 1
            return Quantity(abs(inside.value), inside.unit)
        if self.peek() == "√":
            self.i += 1
            return Quantity(_root(self.atom()), None)
        if self.kind() != "number":
            raise OpenError
        value, unit = _number(self.peek())
        self.i += 1
        if self._tight_fraction():  # "8 / 1/2": a fraction written without spaces binds first
            value /= _number(self.peek(1))[0]
            self.i += 2
            if self.peek() in ("^", "**"):
                raise OpenError
        if self._mixed(value):
            value += Fraction(int(self.peek()), int(self.peek(2)))
            self.i += 3
        if self.peek() == ":":  # a ratio is compared as a quotient
            self.i += 1
            if self.kind() != "number" or self.peek(1) == ":":
                raise OpenError
            value /= _number(self.peek())[0]
            self.i += 1
        if self.kind() == "word":
            word = self.peek()
            if word in ("R", "r", "remainder") or (len(word) == 1 and word not in UNITS):
                raise OpenError
            unit = UNITS.get(word) or UNITS.get(word.lower()) or (_singular(word), Fraction(0))
            self.i += 1
            while self.kind() == "word":  # "12 square centimeters", "3 red apples"
                unit = (f"{unit[0]} {_singular(self.peek())}", Fraction(0))
                self.i += 1
            if unit[0] == "":
                value, unit = value * unit[1], None
        return Quantity(value, unit)

    def _tight_fraction(self) -> bool:
        n, slash, d = (self.tokens[j] if j < len(self.tokens) else None for j in range(self.i - 1, self.i + 2))
        if n is None or slash is None or d is None or not (n.text.isdigit() and d.text.isdigit()):
            return False
        return slash.text == "/" and n.end == slash.start and slash.end == d.start

    def _mixed(self, whole: Fraction) -> bool:
        """Whether "n/d" follows a whole number directly: a mixed number such as 1 1/2."""
        return (
            whole.denominator == 1
            and self.kind() == "number"
            and self.peek(1) == "/"
            and self.kind(2) == "number"
            and self.peek().isdigit()
            and self.peek(2).isdigit()
            and int(self.peek()) < int(self.peek(2))
        )


def _raise_open() -> None:
    raise OpenError


def _root(q: Quantity) -> Fraction:
    """The square root of a perfect square."""
    top, bottom = isqrt(max(q.value.numerator, 0)), isqrt(q.value.denominator)
    if q.unit or q.value < 0 or Fraction(top, bottom) ** 2 != q.value:
        raise OpenError
    return Fraction(top, bottom)


def _singular(word: str) -> str:
    return word.lower().removesuffix("s")


def _number(text: str) -> tuple[Fraction, tuple[str, Fraction] | None]:
    if len(text) > 60:
        raise OpenError
    money, percent = text.startswith("$"), text.endswith("%")
    value = Fraction(text.strip("$%").replace(",", ""))
    return (value / 100 if percent else value), (UNITS["dollar"] if money else None)
