"""The seam to sympy, for the little algebra that `polynomial` does not hold: `2^x`, `1/(x + 1)`, irrational cube roots.

sympy is imported on first use; most problems never need it.
"""

import logging
import sys
from decimal import Decimal
from fractions import Fraction
from typing import Any

from classwright.errors import InputError
from classwright.skilltree.polynomial import Polynomial, Value

MAX_OPERATIONS = 200
MAX_LATEX = 120


def is_symbolic(value: object) -> bool:
    """Whether a value is a sympy expression (without importing sympy to find out)."""
    sympy = sys.modules.get("sympy")
    return sympy is not None and isinstance(value, sympy.Expr)


def to_sympy(value: Any) -> Any:
    """A number or polynomial as a sympy expression; letters are positive reals, as in school algebra."""
    import sympy

    if isinstance(value, int):
        return sympy.Integer(value)
    if isinstance(value, Fraction):
        return sympy.Rational(value.numerator, value.denominator)
    if not isinstance(value, Polynomial):
        return value
    total = sympy.Integer(0)
    for (letters, radical), coefficient in value.terms.items():
        term = sympy.Rational(coefficient.numerator, coefficient.denominator) * sympy.sqrt(radical)
        for name, power in letters:
            term *= (sympy.pi if name == "pi" else sympy.Symbol(name, positive=True)) ** power
        total += term
    return total


def read_latex(text: str) -> Any | None:
    """The expression that a LaTeX text is, read by math-verify; None for anything else.

    For what `reading.from_latex` does not know, such as `\\sqrt[3]{x}` or `\\frac{a}{\\frac{b}{c}}`. math-verify's own
    time limits use signals and so work only in the main thread; they are off, and the length of the text bounds it.
    """
    import sympy
    from math_verify import LatexExtractionConfig, parse

    logging.getLogger("math_verify").setLevel(logging.ERROR)  # it warns at every call that the limits are off
    if len(text) > MAX_LATEX or text.count("{") > 12:
        return None
    found = parse(f"${text}$", [LatexExtractionConfig()], fallback_mode="no_fallback", parsing_timeout=None)  # type: ignore[arg-type]
    expression = found[0] if found else None
    if not isinstance(expression, sympy.Expr):
        return None
    return expression.subs({symbol: sympy.Symbol(str(symbol), positive=True) for symbol in expression.free_symbols})


def combine(sign: str, a: Any, b: Any) -> Any:
    """`a sign b` in sympy for + - * / ^.

    Raises:
        InputError: no finite real value, or too large to work with.
    """
    import sympy

    left, right = to_sympy(a), to_sympy(b)
    if sign == "^" and right.is_number and (not right.is_real or abs(right) > 100):
        raise InputError(f"the exponent {right} is too large")
    if sign == "^" and right.is_number and right.is_integer and right < 0 and left.is_zero:
        raise InputError("division by zero")
    match sign:
        case "+":
            result = left + right
        case "-":
            result = left - right
        case "*":
            result = left * right
        case "/":
            if right.is_zero:
                raise InputError("division by zero")
            result = left / right
        case _:
            result = left**right
    if sympy.count_ops(result) > MAX_OPERATIONS:
        raise InputError("the expression is too long for algebra")
    if result.has(sympy.zoo, sympy.nan, sympy.oo, sympy.I):
        raise InputError("the expression has no real value")
    return result


def cube_root(value: Value) -> Any:
    """The real cube root of a number as a sympy expression."""
    import sympy

    return sympy.real_root(to_sympy(value), 3)


def to_real(value: Any) -> Decimal:
    """A sympy expression without letters to 40 digits.

    Raises:
        InputError: it has letters or is not real.
    """
    number = value.evalf(40)
    if not number.is_Float and not number.is_Rational:
        raise InputError(f"the size of {value} is not known")
    return Decimal(str(number))


def simplify(value: Any) -> Any:
    """The simplest form sympy finds."""
    import sympy

    return sympy.nsimplify(sympy.simplify(to_sympy(value)), rational=True)


def factor(value: Any) -> str:
    """A polynomial as a product of irreducible factors over the rationals: "2*(x - y)*(x + y)"."""
    import sympy

    return str(sympy.factor(to_sympy(value))).replace("**", "^")


def same_at_points(a: Any, b: Any) -> bool:
    """Whether two expressions agree at five fixed points to 30 digits (letters positive).

    Different analytic expressions agree at five such points with probability zero, so this needs no simplification.
    """
    import sympy

    left, right = to_sympy(a), to_sympy(b)
    symbols = sorted(left.free_symbols | right.free_symbols, key=str)
    for point in range(1, 6):
        places = {
            s: sympy.Rational(1, 3) + sympy.Rational((17 * point + 7 * i) % 23 + 1, 11) for i, s in enumerate(symbols)
        }
        x, y = (side.subs(places).evalf(40) for side in (left, right))
        if not (x.is_Float or x.is_Rational) or not (y.is_Float or y.is_Rational):
            return False
        if abs(x - y) > sympy.Float("1e-30", 40) * (1 + abs(x)):
            return False
    return True
