"""An expression taken apart: its form without numbers, its numbers, the results on the way, what is true of them."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from math import gcd

from classwright.errors import InputError
from classwright.skilltree import data_functions
from classwright.skilltree.expression import parse, value

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
        listed: The numbers of lists of data, which are leaves only by their least, their greatest and their count.
        last: Sign of the operation that is done last, "" where that is a function, an equation or nothing.
        inner: Values of the operations on numbers alone, in the order they are done, the whole expression's last
            where that is a number.
        facts: What is true of it, each fact with its negation where both can matter.
    """

    pattern: str = ""
    leaves: list[Fraction] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    listed: list[Fraction] = field(default_factory=list)
    last: str = ""
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
    tree = parse(_DECIMAL.sub(mark, expression))
    found.pattern = _Walk(found, decimals).show(tree)
    found.last = _SIGNS[type(tree.op)] if isinstance(tree, ast.BinOp) else ""
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
            self.into.listed += values
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
