"""The real roots of a polynomial in one letter, exactly."""

from fractions import Fraction
from itertools import product
from math import isqrt

from classwright.errors import InputError
from classwright.skilltree.polynomial import Polynomial, Value, exact_root, lift, lower, square_root


def polynomial_roots(equation: Polynomial, name: str) -> list[Value] | None:
    """The real numbers that make a polynomial in `name` zero, or None when all do.

    Degree one and two by formula (other letters allowed in degree one), higher degrees by rational roots.
    """
    if not equation.terms:
        return None
    by_power = equation.coefficients(name)
    low = min(by_power)
    by_power = {power - low: lower(value) for power, value in by_power.items()}
    degree = max(by_power)
    zero: list[Value] = [0] if low > 0 else []
    if degree == 0:
        return zero
    if degree == 1:
        quotient = (-lift(by_power.get(0, 0))).divided_by(lift(by_power[1]))
        if quotient is None:
            raise InputError(f"{by_power[1]} cannot be divided by here")
        return [*zero, lower(quotient)]
    numbers = [by_power.get(power, 0) for power in range(degree + 1)]
    if any(isinstance(c, Polynomial) for c in numbers):
        raise InputError(f"the equation in {name} has other letters or roots in degree {degree}")
    return zero + _numeric_roots([Fraction(c) for c in numbers if not isinstance(c, Polynomial)])


def _numeric_roots(coefficients: list[Fraction]) -> list[Value]:
    if len(coefficients) == 3:
        c, b, a = coefficients
        discriminant = b * b - 4 * a * c
        if discriminant < 0:
            return []
        root = lift(square_root(discriminant))
        return list({lower((lift(-b) + sign * root) * lift(1 / (2 * a))): 0 for sign in (lift(1), lift(-1))})
    if len(coefficients) == 2:
        return [-coefficients[0] / coefficients[1]]
    if not any(coefficients[1:-1]):
        degree = len(coefficients) - 1
        root = exact_root(-coefficients[0] / coefficients[-1], degree)
        if root is None and degree % 2 == 0 and -coefficients[0] / coefficients[-1] < 0:
            return []
        if root is None:
            raise InputError("the equation has an irrational root of high degree")
        return [root] if degree % 2 or not root else [-root, root]
    root = _rational_root(coefficients)
    if root is None:
        raise InputError("the equation of degree 3 or more has no rational root")
    reduced = [Fraction()] * (len(coefficients) - 1)
    carry = Fraction()
    for power in range(len(coefficients) - 1, 0, -1):
        carry = coefficients[power] + carry * root
        reduced[power - 1] = carry
    return list(dict.fromkeys([root, *_numeric_roots(reduced)]))


def _rational_root(coefficients: list[Fraction]) -> Fraction | None:
    scale = 1
    for c in coefficients:
        scale *= c.denominator
    last, first = abs(int(coefficients[0] * scale)), abs(int(coefficients[-1] * scale))
    if max(last, first) > 10**8:
        raise InputError("the equation has coefficients that are too large")
    for top, bottom, sign in product(_divisors(last), _divisors(first), (1, -1)):
        candidate = Fraction(sign * top, bottom)
        if not sum(c * candidate**power for power, c in enumerate(coefficients)):
            return candidate
    return None


def _divisors(n: int) -> list[int]:
    return sorted({d for i in range(1, isqrt(n) + 1) if n % i == 0 for d in (i, n // i)}) or [0]
