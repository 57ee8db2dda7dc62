"""Solving in the expression language: equations, inequalities, systems, and what follows from an equation of a line.

Each function takes `(evaluate, known, *nodes)`: the evaluator of `expression`, the letters that already have a value,
and the syntax trees of its arguments. An inequality is solved by its boundaries and one test point between each two of
them, an absolute value by trying both signs and keeping what satisfies the equation: no case analysis to get wrong.
"""

import ast
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

from classwright.errors import InputError
from classwright.skilltree import symbolic
from classwright.skilltree.polynomial import Number, Polynomial, Value, is_exact, letter, lift, lower
from classwright.skilltree.roots import polynomial_roots
from classwright.skilltree.values import Relation, show

Evaluate = Callable[[ast.AST, dict[Any, Any]], Any]
Known = Mapping[Any, Any]

NO_SOLUTION = "no solution"
EVERY_NUMBER = "infinitely many solutions"
ALL_REALS = "all real numbers"


def solve(evaluate: Evaluate, known: Known, relation: ast.AST, unknown: ast.AST) -> Any:
    """The solution of an equation (a value, an ascending list, or words) or of an inequality ("x < 3")."""
    name = _letter(unknown)
    if isinstance(relation, ast.BoolOp) or not _is_equation(relation):
        return _solve_inequality(evaluate, known, relation, name)
    found = _roots(evaluate, known, relation, name)
    if found is None:
        return EVERY_NUMBER
    return NO_SOLUTION if not found else found[0] if len(found) == 1 else found


def _roots(evaluate: Evaluate, known: Known, relation: ast.AST, name: str) -> list[Value] | None:
    """All real solutions in ascending order; None when every number is one."""
    absolutes = [n for n in ast.walk(relation) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "abs"]
    if len(absolutes) > 4:
        raise InputError("the equation has more than 4 absolute values")
    found: set[Value] = set()
    edges: set[Value] = set()  # where an absolute value turns, if the equation is an identity for some signs
    for signs in product((1, -1), repeat=len(absolutes)):
        chosen = {**known, **dict(zip(absolutes, signs, strict=True))}
        sides = _sides(evaluate(relation, chosen))
        if not is_exact(*sides):
            raise InputError(f"the equation {show(sides[0])} = {show(sides[1])} is outside school algebra")
        candidates = polynomial_roots(lift(sides[0]) - lift(sides[1]), name)
        if candidates is None:
            inner = [lift(evaluate(node.args[0], chosen)) for node in absolutes]
            edges |= {root for polynomial in inner for root in polynomial_roots(polynomial, name) or ()}
            if not edges:
                return None
            continue
        found |= {c for c in candidates if _holds(evaluate, known, relation, name, c)}
    pieces = [_holds(evaluate, known, relation, name, x) for x in _between(edges)]
    if any(pieces):
        if all(pieces):
            return None
        raise InputError("the equation holds on a whole piece of the number line")
    return sorted(found, key=_size)


def _between(ends: Iterable[Value]) -> list[Fraction]:
    """A point before, between each two and after some numbers; [] for none."""
    sizes = sorted(Fraction(_size(end)) for end in ends)
    return [sizes[0] - 1, *((a + b) / 2 for a, b in pairwise(sizes)), sizes[-1] + 1] if sizes else []


def _solve_inequality(evaluate: Evaluate, known: Known, relation: ast.AST, name: str) -> str:
    parts = relation.values if isinstance(relation, ast.BoolOp) else [relation]
    ends: set[Value] = set()
    for part in parts:
        if not isinstance(part, ast.Compare):
            raise InputError(f"{ast.unparse(part)[:60]} is no inequality")
        for left, right in pairwise([part.left, *part.comparators]):
            equation = ast.Compare(left=left, ops=[ast.Eq()], comparators=[right])
            ends |= set(_roots(evaluate, known, equation, name) or ())
    ordered = sorted(ends, key=_size)

    def inside(x: Value) -> bool:
        return _holds(evaluate, known, relation, name, x)

    if not ordered:
        return ALL_REALS if inside(0) else NO_SOLUTION
    between = _between(ordered)
    # truth along the line: open piece, end, open piece, end, ..., open piece
    truths = [inside(between[0])]
    for end, point in zip(ordered, between[1:], strict=True):
        truths += [inside(end), inside(point)]
    return _intervals(truths, ordered, name)


def _intervals(truths: list[bool], ends: list[Value], name: str) -> str:
    """Words for the set that `truths` marks: odd places are the ends themselves, even places the pieces around them."""
    runs: list[tuple[int, int]] = []
    for place, truth in enumerate(truths):
        if truth and place and truths[place - 1]:
            runs[-1] = (runs[-1][0], place)
        elif truth:
            runs.append((place, place))
    texts = []
    for first, last in runs:
        low = None if first == 0 else show(ends[(first - 1) // 2])
        high = None if last == len(truths) - 1 else show(ends[last // 2])
        low_sign, high_sign = ("<=" if first % 2 else "<"), ("<=" if last % 2 else "<")
        if low is None and high is None:
            return ALL_REALS
        if first == last and first % 2:
            texts.append(f"{name} = {low}")
        elif high is None:
            texts.append(f"{name} {low_sign.replace('<', '>')} {low}")
        elif low is None:
            texts.append(f"{name} {high_sign} {high}")
        else:
            texts.append(f"{low} {low_sign} {name} {high_sign} {high}")
    return " or ".join(texts) or NO_SOLUTION


def holds(relation: Relation) -> bool:
    """Whether a relation between values is true.

    Raises:
        InputError: letters whose size is not known are compared.
    """
    for sign, (a, b) in zip(relation.signs, pairwise(relation.values), strict=True):
        if not is_exact(a, b):
            raise InputError(f"{show(a)} and {show(b)} cannot be compared")
        gap = lower(lift(a) - lift(b))
        if sign in ("=", "!="):
            true = (gap == 0) == (sign == "=")
        else:
            size = _size(gap)
            true = {"<": size < 0, "<=": size <= 0, ">": size > 0, ">=": size >= 0}[sign]
        if not true:
            return False
    return True


def _holds(evaluate: Evaluate, known: Known, relation: ast.AST, name: str, x: Value) -> bool:
    if isinstance(relation, ast.BoolOp):
        found = (_holds(evaluate, known, part, name, x) for part in relation.values)
        return all(found) if isinstance(relation.op, ast.And) else any(found)
    try:
        return holds(evaluate(relation, {**known, name: x}))
    except InputError as error:
        if "division by zero" in str(error) or "not a real number" in str(error):
            return False
        raise


def solve_system(evaluate: Evaluate, known: Known, first: ast.AST, second: ast.AST, x: ast.AST, y: ast.AST) -> Any:
    """The point where two linear equations hold (Cramer's rule), or words."""
    rows = []
    for relation in (first, second):
        sides = _sides(evaluate(relation, dict(known)))
        rows.append(_linear(lift(sides[0]) - lift(sides[1]), _letter(x), _letter(y)))
    (a, b, e), (c, d, f) = rows
    determinant = a * d - b * c
    if determinant:
        return ((b * f - d * e) / determinant, (c * e - a * f) / determinant)
    if not any((a, b, c, d)):
        raise InputError("the system has no unknown")
    return EVERY_NUMBER if a * f == c * e and b * f == d * e else NO_SOLUTION


def _linear(equation: Polynomial, x: str, y: str) -> tuple[Fraction, Fraction, Fraction]:
    """The coefficients (a, b, e) of a x + b y + e."""
    found = {(((x, 1),), 1): Fraction(), (((y, 1),), 1): Fraction(), ((), 1): Fraction()}
    for key, value in equation.terms.items():
        if key not in found:
            raise InputError(f"{equation} = 0 is not linear in {x} and {y}")
        found[key] = value
    a, b, e = found.values()
    return a, b, e


def number_of_solutions(evaluate: Evaluate, known: Known, relation: ast.AST, unknown: ast.AST) -> str:
    """ "one solution", "two solutions", "no solution" or "infinitely many solutions"."""
    found = _roots(evaluate, known, relation, _letter(unknown))
    if found is None:
        return EVERY_NUMBER
    return {0: NO_SOLUTION, 1: "one solution", 2: "two solutions"}.get(len(found), f"{len(found)} solutions")


def line_slope(evaluate: Evaluate, known: Known, relation: ast.AST) -> Number | str:
    """The slope of a line given by an equation in x and y of any form, "undefined" when it is vertical."""
    a, b, _ = _line(evaluate, known, relation)
    return -a / b if b else "undefined"


def y_intercept(evaluate: Evaluate, known: Known, relation: ast.AST) -> Number | str:
    """Where a line given by an equation crosses the y-axis."""
    _, b, e = _line(evaluate, known, relation)
    return -e / b if b else NO_SOLUTION


def x_intercept(evaluate: Evaluate, known: Known, relation: ast.AST) -> Number | str:
    """Where a line given by an equation crosses the x-axis."""
    a, _, e = _line(evaluate, known, relation)
    return -e / a if a else NO_SOLUTION


def _line(evaluate: Evaluate, known: Known, relation: ast.AST) -> tuple[Fraction, Fraction, Fraction]:
    left, right = _sides(evaluate(relation, dict(known)))
    return _linear(lift(left) - lift(right), "x", "y")


def solve_for(evaluate: Evaluate, known: Known, relation: ast.AST, unknown: ast.AST) -> Any:
    """A letter in terms of the others, from an equation in which it occurs to the first power."""
    name = _letter(unknown)
    sides = _sides(evaluate(relation, dict(known)))
    if not is_exact(*sides):
        raise InputError(f"{show(sides[0])} = {show(sides[1])} is outside school algebra")
    equation = lift(sides[0]) - lift(sides[1])
    lowest = min((power for power in equation.coefficients(name)), default=0)
    by_power = (equation * letter(name) ** -lowest if lowest < 0 else equation).coefficients(name)
    if set(by_power) - {0} != {1}:
        raise InputError(f"{equation} = 0 is not linear in {name}")
    top, bottom = -by_power.get(0, lift(0)), by_power[1]
    quotient = top.divided_by(bottom)
    return symbolic.combine("/", top, bottom) if quotient is None else lower(quotient)


def _sides(value: Any) -> tuple[Any, Any]:
    if not isinstance(value, Relation) or value.signs != ("=",):
        raise InputError(f"{show(value)[:60]} is no equation")
    return value.values[0], value.values[1]


def _is_equation(node: ast.AST) -> bool:
    return isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq)


def _letter(node: ast.AST) -> str:
    if not isinstance(node, ast.Name):
        raise InputError(f"{ast.unparse(node)[:20]} is no letter to solve for")
    return node.id


def _size(x: Value) -> Decimal | Fraction:
    return x.real() if isinstance(x, Polynomial) else Fraction(x)


NODE_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "solve": solve,
    "solve_system": solve_system,
    "solve_for": solve_for,
    "number_of_solutions": number_of_solutions,
    "line_slope": line_slope,
    "x_intercept": x_intercept,
    "y_intercept": y_intercept,
}
