"""The exact value of a problem's expression, independent of the generator that wrote the problem.

The language is school arithmetic and algebra: `3/4 + 0.5`, `2(x + 3)^2`, `solve(2x + 3 = 11, x)`, `mean(3, 5, 10)`. It
is normalized by `notation`, parsed with `ast` and walked over whitelisted nodes; nothing is ever executed. Numbers are
integers and Fractions, algebra is `polynomial`; functions come from one table (`FUNCTIONS`, and `NODE_FUNCTIONS` for
those that need an argument unevaluated, such as an equation to solve). Length, depth, exponents and results are
bounded, so that an expression from a model or a stranger costs milliseconds or an InputError, never the machine.
"""

import ast
from fractions import Fraction
from functools import lru_cache
from typing import Any

from classwright.errors import InputError
from classwright.skilltree import algebra, data_functions, number_functions, shape_functions, symbolic
from classwright.skilltree.notation import to_python
from classwright.skilltree.polynomial import MAX_BITS, Polynomial, is_exact, letter, lift, lower, power
from classwright.skilltree.values import Relation, show

FUNCTIONS = number_functions.FUNCTIONS | data_functions.FUNCTIONS | shape_functions.FUNCTIONS
NODE_FUNCTIONS = algebra.NODE_FUNCTIONS
_NAMES = frozenset(FUNCTIONS) | frozenset(NODE_FUNCTIONS)
_COMPARISONS = {ast.Eq: "=", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


@lru_cache(maxsize=4096)
def evaluate(expression: str) -> str:
    """The canonical value of an expression: "5/6", "3:4", "x < 3", "x^2 + 5x + 6", "(3, -2)", "2, 3, 5", a word.

    A result is written as a decimal when the expression has a decimal and the result terminates, else as a fraction.

    Raises:
        InputError: the expression is not in the language, has no value, or is too large.
    """
    return show(value(expression), "." in expression)


def value(expression: str) -> Any:
    """Like `evaluate`, but the value itself: int, Fraction, Polynomial, Relation, list, tuple (a point) or str.

    Raises:
        InputError: see `evaluate`.
    """
    try:
        return lower(_value(parse(expression), {}))
    except RecursionError:
        raise InputError(f"the expression {expression[:60]!r} is nested too deeply") from None


@lru_cache(maxsize=4096)
def parse(expression: str) -> ast.expr:
    """The syntax tree of an expression.

    Raises:
        InputError: it does not parse, or is too long or too deep.
    """
    source = to_python(expression, _NAMES)
    try:
        return ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise InputError(f"the expression {expression[:80]!r} does not parse") from None


def _value(node: ast.AST, known: dict[Any, Any]) -> Any:
    """The value of a node; `known` gives letters (and, while solving, absolute values) a value."""
    match node:
        case ast.Constant():
            return node.value
        case ast.BinOp():
            return _operate(node.op, _value(node.left, known), _value(node.right, known))
        case ast.Call():
            return _call(node, known)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
            inner = _value(node.operand, known)
            return inner if isinstance(node.op, ast.UAdd) else _operate(ast.Sub(), 0, inner)
        case ast.Name():
            return known[node.id] if node.id in known else letter(node.id)
        case ast.Compare():
            signs = tuple(_COMPARISONS[type(sign)] for sign in node.ops)
            return Relation(tuple(_value(part, known) for part in (node.left, *node.comparators)), signs)
        case ast.Tuple():
            return tuple(_value(part, known) for part in node.elts)
    raise InputError(f"{ast.unparse(node)[:60]} is not in the expression language")


def _operate(sign: ast.operator, a: Any, b: Any) -> Any:
    numbers = isinstance(a, int | Fraction) and isinstance(b, int | Fraction)
    if not numbers and not (_is_algebra(a) and _is_algebra(b)):
        raise InputError(f"{show(a)} and {show(b)} cannot be combined by arithmetic")
    match sign:
        case ast.Pow():
            result = power(a, b) if numbers or is_exact(a, b) else None
            return symbolic.combine("^", a, b) if result is None else result
        case ast.Div():
            return _divide(a, b, numbers)
    if not numbers:
        if not is_exact(a, b):
            return symbolic.combine(_SIGNS[type(sign)], a, b)
        a, b = lift(a), lift(b)
    if isinstance(sign, ast.Add):
        result = a + b
    elif isinstance(sign, ast.Sub):
        result = a - b
    else:
        result = a * b
    if numbers and result.numerator.bit_length() + result.denominator.bit_length() > 2 * MAX_BITS:
        raise InputError("the result is too large")
    return result


_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}


def _divide(a: Any, b: Any, numbers: bool) -> Any:
    if numbers:
        if not b:
            raise InputError("division by zero")
        return a / b if isinstance(a, Fraction) else Fraction(a) / b
    if not is_exact(a, b):
        return symbolic.combine("/", a, b)
    divisor = lift(b)
    if not divisor.terms:
        raise InputError("division by zero")
    quotient = lift(a).divided_by(divisor)
    return symbolic.combine("/", a, b) if quotient is None else lower(quotient)


def _is_algebra(a: Any) -> bool:
    return isinstance(a, int | Fraction | Polynomial) or symbolic.is_symbolic(a)


def _call(node: ast.Call, known: dict[Any, Any]) -> Any:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if node in known:  # an absolute value whose sign `algebra.solve` is trying
        return _operate(ast.Mult(), known[node], _value(node.args[0], known))
    if name not in _NAMES:
        raise InputError(f"there is no function {ast.unparse(node.func)[:30]}")
    try:
        if name in NODE_FUNCTIONS:
            return NODE_FUNCTIONS[name](_value, known, *node.args)
        arguments = [lower(_value(argument, known)) for argument in node.args]
        keywords = {word.arg: lower(_value(word.value, known)) for word in node.keywords if word.arg}
        return FUNCTIONS[name](*arguments, **keywords)
    except (TypeError, ValueError, AttributeError, ZeroDivisionError, OverflowError) as error:
        # the arguments come from outside: a word where a number belongs, one argument too few ...
        raise InputError(f"{ast.unparse(node)[:80]} does not fit the function {name}: {error}") from error
