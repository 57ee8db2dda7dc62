"""The shape of a skill's problems, learned from its generator: what an expression of this skill looks like.

A pattern is an expression without its numbers and letters ("n/n + n/n"). Over many problems of the bank each pattern
gets, per level, the range of every number in it and of every intermediate result, and the facts that held every time:
that one number is larger than another, divides it, differs from it, that the ones are carried, that a quotient is
whole. So the difference between adding fractions with like and with unlike denominators, or between adding with and
without regrouping, is found and not written down (dynamic detection of invariants: Ernst et al. 2001).
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from itertools import combinations
from math import gcd

from classwright.errors import InputError
from classwright.skilltree import data_functions
from classwright.skilltree.bank import problem
from classwright.skilltree.expression import parse, value
from classwright.skilltree.problem import Problem
from classwright.skilltree.values import show

SAMPLES = 400
"""Problems a level that a shape is learned from."""
FIRST_SEED = 3_000_000
"""They come from seeds that no lesson and no test uses."""
ENOUGH = 120
"""Problems of a pattern from which a fact that always held is believed: a fact that fails in one problem of 120 or more
often would have shown with probability 1 - (1 - 1/120)^120 = 63 %, one that fails in one of 26 with 99 %."""
RARE = 40
"""A pattern seen less often at a level has no ranges of its own."""

_DECIMAL = re.compile(r"\d+\.\d+")
_MARK = 10**30
_SIGNS: dict[type, str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "^"}
_RELATIONS: dict[type, str] = {ast.Eq: "=", ast.NotEq: "!="}
_SAMPLED = frozenset(data_functions.FUNCTIONS) | {"order", "only_primes", "list"}
"""Functions of a list of numbers of any length."""


@dataclass
class Reading:
    """An expression taken apart.

    Attributes:
        pattern: Its form: "n" a number, "x", "y" letters, "t" a text.
        leaves: Its numbers from left to right; a minus sign belongs to its number.
        places: Decimal places of each leaf as written.
        inner: Values of the operations on numbers alone, in the order they are done, the whole expression's last
            where that is a number.
        facts: What is true of it, each fact with its negation where both can matter.
    """

    pattern: str = ""
    leaves: list[Fraction] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    inner: list[Fraction] = field(default_factory=list)
    facts: set[str] = field(default_factory=set)

    def measures(self) -> dict[str, Fraction]:
        """Everything that has a range."""
        found = {f"number {i}": x for i, x in enumerate(self.leaves, 1)}
        found |= {f"decimal places of number {i}": Fraction(p) for i, p in enumerate(self.places, 1)}
        return found | {f"result {i}": x for i, x in enumerate(self.inner, 1)}


def take_apart(expression: str) -> Reading:
    """The reading of an expression.

    Raises:
        InputError: it is not in the language or has no value.
    """
    result = value(expression)
    decimals: list[str] = []

    def mark(match: re.Match[str]) -> str:
        decimals.append(match.group())
        return str(_MARK + len(decimals) - 1)

    found = Reading()
    found.pattern = _Walk(found, decimals).show(parse(_DECIMAL.sub(mark, expression)))
    if isinstance(result, int | Fraction):
        found.inner.append(Fraction(result))
    found.facts |= set(_facts(found))
    return found


class _Walk:
    """Writes the pattern of a tree and notes the numbers it meets."""

    def __init__(self, into: Reading, decimals: list[str]) -> None:
        self.into, self.decimals, self.letters = into, decimals, dict[str, str]()

    def show(self, node: ast.AST, sign: int = 1) -> str:
        """The pattern of a node; a sign of -1 goes into its first number."""
        number = self._number(node)
        if number is not None:
            return self._leaf(sign * number[0], number[1])
        match node:
            case ast.Constant():
                return "t"
            case ast.Name():
                return self._letter(node) if node.id == "pi" else self._leaf(Fraction(sign), 0) + self._letter(node)
            case ast.UnaryOp(op=ast.USub()):
                return self.show(node.operand, -sign) if _has_letter(node) else f"-({self.show(node.operand)})"
            case ast.UnaryOp():
                return self.show(node.operand, sign)
            case ast.BinOp():
                return self._operation(node, sign)
            case ast.Compare():
                out = self.show(node.left)
                for relation, side in zip(node.ops, node.comparators, strict=True):
                    out += f" {_RELATIONS.get(type(relation), '<')} {self.show(side)}"
                return out
            case ast.Call():
                return self._call(node)
            case ast.Tuple():
                return "(" + ", ".join(self.show(e) for e in node.elts) + ")"
        raise InputError(f"{ast.unparse(node)[:60]} is not in the expression language")

    def _operation(self, node: ast.BinOp, sign: int) -> str:
        operator = _SIGNS[type(node.op)]
        algebra = _has_letter(node)
        if operator in "+-" and algebra:
            left = self.show(node.left, sign)
            return f"({left} + {self.show(node.right, -sign if operator == '-' else sign)})"
        if operator == "*" and self._number(node.left) is not None and isinstance(node.right, ast.Name):
            return self.show(node.left, sign) + self._letter(node.right)
        if operator == "^" and isinstance(node.left, ast.Name) and node.left.id != "pi":
            return f"{self._leaf(Fraction(sign), 0)}{self._letter(node.left)}^{self.show(node.right)}"
        before = len(self.into.leaves)
        left = self.show(node.left, sign if algebra else 1)
        right = self.show(node.right)
        self._note(node, before)
        return f"({left} {operator} {right})"

    def _call(self, node: ast.Call) -> str:
        name = node.func.id if isinstance(node.func, ast.Name) else "?"
        numbers = [self._number(a) for a in node.args]
        if name in _SAMPLED and len(numbers) > 2 and all(n is not None for n in numbers):
            values = sorted(n[0] for n in numbers if n)
            for x in (values[0], values[-1], Fraction(len(values))):
                self._leaf(x, max(n[1] for n in numbers if n))
            return f"{name}(n...)"
        if len(node.args) > 3 and any(isinstance(a, ast.Constant) and isinstance(a.value, str) for a in node.args):
            return f"{name}(t...)"
        args = [self._letter(a) if isinstance(a, ast.Name) else self.show(a) for a in node.args]
        args += [f"{k.arg}={self.show(k.value)}" for k in node.keywords]
        return f"{name}({', '.join(args)})"

    def _number(self, node: ast.AST) -> tuple[Fraction, int] | None:
        """A literal, with its decimal places; None for anything else."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            inner = self._number(node.operand)
            return None if inner is None else (-inner[0], inner[1])
        if not isinstance(node, ast.Constant) or not isinstance(node.value, int):
            return None
        if _MARK <= node.value < _MARK + len(self.decimals):
            text = self.decimals[node.value - _MARK]
            return Fraction(text), len(text.partition(".")[2])
        return Fraction(node.value), 0

    def _leaf(self, x: Fraction, places: int) -> str:
        self.into.leaves.append(x)
        self.into.places.append(places)
        return "n"

    def _letter(self, node: ast.Name) -> str:
        if node.id == "pi":
            return "pi"
        return self.letters.setdefault(node.id, "xyzuvw"[min(len(self.letters), 5)])

    def _note(self, node: ast.BinOp, first: int) -> None:
        """The value of an operation on numbers, and what happens to the ones in it."""
        a, b = self._worth(node.left), self._worth(node.right)
        if a is None or b is None:
            return
        place = len(self.into.inner)
        result = self._worth(node)
        if result is None:
            return
        self.into.inner.append(result)
        if isinstance(node.op, ast.Add | ast.Sub) and a.denominator == b.denominator == 1:
            for name, carried in _carries(int(a), int(b), isinstance(node.op, ast.Add)).items():
                self.into.facts.add(f"{name if carried else 'no ' + name} in operation {place + 1}")

    def _worth(self, node: ast.AST) -> Fraction | None:
        """The exact value of a node of plain arithmetic; None where there is more to it."""
        number = self._number(node)
        if number is not None:
            return number[0]
        if not isinstance(node, ast.BinOp):
            return None
        a, b = self._worth(node.left), self._worth(node.right)
        if a is None or b is None:
            return None
        match node.op:
            case ast.Add():
                return a + b
            case ast.Sub():
                return a - b
            case ast.Mult():
                return a * b
            case ast.Div():
                return a / b if b else None
        return None


def _has_letter(node: ast.AST) -> bool:
    return any(isinstance(n, ast.Name) and n.id != "pi" and len(n.id) == 1 for n in ast.walk(node))


def _carries(a: int, b: int, adding: bool) -> dict[str, bool]:
    """Whether the ones, or any place, are carried or borrowed."""
    ones = a % 10 + b % 10 > 9 if adding else a % 10 < b % 10
    columns = zip(str(a)[::-1], str(b)[::-1], strict=False) if a >= 0 and b >= 0 else ()
    anywhere = any(int(x) + int(y) > 9 if adding else int(x) < int(y) for x, y in columns)
    return {"regrouping of ones": ones, "regrouping": anywhere}


def _facts(r: Reading) -> Iterator[str]:
    """What is true of the numbers of a reading; each kind of fact in both ways."""
    for i, x in enumerate(r.leaves, 1):
        yield f"number {i} is {'' if x.denominator == 1 else 'not '}whole"
        yield f"number {i} is {'' if x % 10 == 0 else 'not '}a multiple of 10"
    for i, x in enumerate(r.inner, 1):
        yield f"result {i} is {'' if x.denominator == 1 else 'not '}whole"
    for (i, x), (j, y) in combinations(enumerate(r.leaves, 1), 2):
        pair = f"numbers {i} and {j} are"
        yield f"{pair} equal" if x == y else f"{pair} different"
        if x != y:
            yield f"number {i} is {'less' if x < y else 'greater'} than number {j}"
        if x.denominator == y.denominator == 1 and x and y:
            a, b = abs(int(x)), abs(int(y))
            yield f"{pair} {'coprime' if gcd(a, b) == 1 else 'not coprime'}"
            yield f"number {i} {'divides' if b % a == 0 else 'does not divide'} number {j}"
            yield f"number {j} {'divides' if a % b == 0 else 'does not divide'} number {i}"


@dataclass
class Pattern:
    """What the bank's problems of one pattern have in common.

    Attributes:
        example: One of their expressions.
        values: Level -> measure -> its values in all problems of that level.
        seen: Level -> how many problems there were.
        facts: What held for all of them; believed only where enough were seen.
    """

    example: str
    values: dict[int, dict[str, list[Fraction]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    seen: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    facts: set[str] = field(default_factory=set)

    def add(self, level: int, reading: Reading) -> None:
        """Take one more problem into account."""
        self.facts = reading.facts & self.facts if self.seen else set(reading.facts)
        self.seen[level] += 1
        for name, x in reading.measures().items():
            self.values[level][name].append(x)

    def fault(self, level: int, reading: Reading, widest: tuple[Fraction, Fraction]) -> str:
        """Why a reading is not like the problems of a level, "" if it is.

        Args:
            level: 1-3.
            reading: What is looked at.
            widest: Least and greatest number in any problem of that level; what a pattern that is rarely seen may use.
        """
        if level not in self.seen:
            return f"no problem of level {level} is built like it"
        for name, x in reading.measures().items():
            low, high = _range(self.values[level][name])
            if self.seen[level] < RARE:
                low, high = min(low, widest[0]), max(high, widest[1])
            if not low <= x <= high:
                return f"{name} is {show(x)}, beyond the {show(low)} to {show(high)} of level {level}"
        if sum(self.seen.values()) >= ENOUGH and (missing := self.facts - reading.facts):
            return f"in this skill {min(missing, key=lambda f: (len(f), f))}"
        return ""


def _range(values: list[Fraction]) -> tuple[Fraction, Fraction]:
    """Least and greatest of what a generator may draw, judged from a sample.

    Each end is widened by its distance to the value that one in a hundred lies beyond, which is nothing where a
    generator has a hard limit that it often reaches, and by the mean gap of even draws. Zero is not crossed.
    """
    ordered = sorted(values)
    k = min(len(ordered) - 1, max(1, len(ordered) // 100))
    low, high = ordered[0], ordered[-1]
    gap = (high - low) / len(ordered)
    lower, upper = low - (ordered[k] - low) - gap, high + (high - ordered[-1 - k]) + gap
    return (max(lower, Fraction(0)) if low >= 0 else lower), (min(upper, Fraction(0)) if high <= 0 else upper)


@dataclass
class Shape:
    """The patterns of a skill's problems."""

    skill: str
    patterns: dict[str, Pattern] = field(default_factory=dict)
    numbers: dict[int, tuple[Fraction, Fraction]] = field(default_factory=dict)

    def fault(self, expression: str, level: int) -> str:
        """Why an expression is not one of this skill at a level, "" if it is."""
        try:
            reading = take_apart(expression)
        except InputError as e:
            return str(e)
        pattern = self.patterns.get(reading.pattern)
        if pattern is None:
            nearest = max(self.patterns.values(), key=lambda p: sum(p.seen.values()))
            return f"{expression} is not built like the problems of this skill, such as {nearest.example}"
        return pattern.fault(level, reading, self.numbers.get(level, (Fraction(0), Fraction(0))))

    def level_of(self, expression: str, wanted: int) -> int | None:
        """The level at which an expression fits, the wanted one if it does there, else the lowest; None: at none."""
        return next((k for k in sorted((1, 2, 3), key=lambda k: (k != wanted, k)) if not self.fault(expression, k)), None)


@cache
def learn_shape(skill: str) -> Shape:
    """The shape of a skill's problems.

    Raises:
        InputError: the skill has no generator.
    """
    shape = Shape(skill)
    for p in samples(skill):
        reading = take_apart(p.expression)
        shape.patterns.setdefault(reading.pattern, Pattern(p.expression)).add(p.level, reading)
        met = [*reading.measures().values(), *shape.numbers.get(p.level, ())]
        if met:
            shape.numbers[p.level] = (min(met), max(met))
    return shape


def samples(skill: str, n: int = SAMPLES, first: int = FIRST_SEED) -> Iterator[Problem]:
    """`n` bare problems of every level."""
    for level in (1, 2, 3):
        for seed in range(first, first + n):
            yield problem(skill, seed, level)
