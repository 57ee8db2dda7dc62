"""Functions of the expression language that rewrite, check or evaluate an expression (solving is in `solving`).

Each takes `(evaluate, known, *nodes)`: the evaluator of `expression`, the letters that already have a value, and the
syntax trees of its arguments.
"""

import ast
from collections.abc import Callable
from fractions import Fraction
from math import isqrt
from typing import Any

from classwright.errors import InputError
from classwright.skilltree import solving, symbolic
from classwright.skilltree.polynomial import Number, Polynomial, lift, lower
from classwright.skilltree.solving import Evaluate, Known, holds
from classwright.skilltree.values import Relation, show


def check(evaluate: Evaluate, known: Known, relation: ast.AST, *settings: ast.AST) -> bool:
    """Whether an equation, inequality or system is true for the given letters."""
    values = {**known, **_settings(evaluate, known, settings)}
    if isinstance(relation, ast.BoolOp):
        found = [holds(evaluate(part, values)) for part in relation.values]
        return all(found) if isinstance(relation.op, ast.And) else any(found)
    return holds(evaluate(relation, values))


def at(evaluate: Evaluate, known: Known, expression: ast.AST, *settings: ast.AST) -> Any:
    """An expression with letters replaced: `at(2x + 1, x=3)` has the value 7."""
    return evaluate(expression, {**known, **_settings(evaluate, known, settings)})


def _settings(evaluate: Evaluate, known: Known, settings: tuple[ast.AST, ...]) -> dict[str, Any]:
    found = {}
    for setting in settings:
        if not (isinstance(setting, ast.Compare) and isinstance(setting.left, ast.Name) and len(setting.ops) == 1):
            raise InputError(f"{ast.unparse(setting)[:40]} is no setting like x = 3")
        found[setting.left.id] = lower(evaluate(setting.comparators[0], dict(known)))
    return found


def simplify(evaluate: Evaluate, known: Known, expression: ast.AST) -> Any:
    """The expression in normal form: like terms collected, roots and powers reduced, fractions cancelled."""
    value = evaluate(expression, dict(known))
    return symbolic.simplify(value) if symbolic.is_symbolic(value) else value


def write(evaluate: Evaluate, known: Known, expression: ast.AST) -> Any:
    """The expression, equation or inequality itself, compared as algebra."""
    if isinstance(expression, ast.BoolOp):
        word = " and " if isinstance(expression.op, ast.And) else " or "
        return word.join(show(evaluate(part, dict(known))) for part in expression.values)
    return evaluate(expression, dict(known))


def factor(evaluate: Evaluate, known: Known, expression: ast.AST) -> str:
    """A polynomial as a product: "2x(x + 3)", "(x + 2)(x + 3)"."""
    value = lower(evaluate(expression, dict(known)))
    if not isinstance(value, Polynomial):
        return show(value)
    number, letters = value.content()
    lead = next(iter(sorted(value.terms.items(), key=lambda item: str(Polynomial(dict([item]))), reverse=True)))[1]
    names = value.letters()
    if len(names) == 1 and max(value.coefficients(names[0])) > 1:
        lead = value.coefficients(names[0])[max(value.coefficients(names[0]))].constant() or lead
    common = Polynomial({(letters, 1): -number if lead < 0 else number})
    rest = value.divided_by(common)
    if rest is None:
        raise InputError(f"{value} cannot be factored here")
    pieces = _split_quadratic(rest) or _split_squares(rest)
    if pieces is None and len(rest.terms) > 1 and any(power > 1 for m, _ in rest.terms for _, power in m):
        pieces = [symbolic.factor(rest)]
        inner = pieces[0] if "(" in pieces[0] else f"({pieces[0]})"
    else:
        inner = "".join(f"({piece})" for piece in pieces or ([] if rest == 1 else [rest]))
    outer = "" if common == 1 else "-" if common == -1 else str(common)
    return f"{outer}{inner}" if outer + inner else "1"


def _split_quadratic(rest: Polynomial) -> list[Polynomial] | None:
    """Two linear factors with whole coefficients, or the quadratic itself if it has none; None for no quadratic."""
    names = rest.letters()
    powers = rest.coefficients(names[0]) if len(names) == 1 else {}
    if set(powers) - {0, 1, 2} or 2 not in powers:
        return None
    a, b, c = ((powers[p].constant() or Fraction()) if p in powers else Fraction() for p in (2, 1, 0))
    discriminant = b * b - 4 * a * c
    if discriminant < 0 or isqrt(int(discriminant)) ** 2 != discriminant:
        return [rest]
    pieces = []
    for sign in (1, -1):
        root = (-b + sign * isqrt(int(discriminant))) / (2 * a)
        pieces.append(Polynomial({(((names[0], 1),), 1): root.denominator, ((), 1): -root.numerator}))
    return pieces


def _split_squares(rest: Polynomial) -> list[Polynomial] | None:
    """(a - b) and (a + b) for a difference of squares of two single terms, None for anything else."""
    terms = list(rest.terms.items())
    if len(terms) != 2 or terms[0][1] * terms[1][1] >= 0 or any(power != 2 for (m, _), _ in terms for _, power in m):
        return None
    roots = []
    for (letters, radical), value in sorted(terms, key=lambda item: item[1] < 0):
        size = abs(value)
        if radical != 1 or size.denominator != 1 or isqrt(size.numerator) ** 2 != size:
            return None
        roots.append(Polynomial({(tuple((name, 1) for name, _ in letters), 1): isqrt(size.numerator)}))
    return [roots[0] - roots[1], roots[0] + roots[1]]


def vertex(evaluate: Evaluate, known: Known, expression: ast.AST) -> tuple[Number, Number]:
    """The vertex of a parabola given by a quadratic in one letter."""
    value = evaluate(expression, dict(known))
    if isinstance(value, Relation):
        value = value.values[1]
    names = lift(value).letters()
    powers = lift(value).coefficients(names[0]) if len(names) == 1 else {}
    if set(powers) - {0, 1, 2} or 2 not in powers:
        raise InputError(f"{show(value)} is no quadratic in one letter")
    a, b, c = ((powers[p].constant() or Fraction()) if p in powers else Fraction() for p in (2, 1, 0))
    return -b / (2 * a), c - b * b / (4 * a)


def compose(evaluate: Evaluate, known: Known, outer: ast.AST, inner: ast.AST) -> Any:
    """outer(inner(x)): the letter x of the outer expression stands for the inner one."""
    return evaluate(outer, {**known, "x": evaluate(inner, dict(known))})


NODE_FUNCTIONS: dict[str, Callable[..., Any]] = solving.NODE_FUNCTIONS | {
    "check": check,
    "at": at,
    "simplify": simplify,
    "expand": simplify,
    "write": write,
    "factor": factor,
    "vertex": vertex,
    "compose": compose,
}
