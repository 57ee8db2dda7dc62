"""Exact values with letters, square roots and pi: what arithmetic on fractions alone cannot hold.

A `Polynomial` is a sum of terms `coefficient * sqrt(radical) * x^a * y^b ...`: a Fraction, a square-free radical and
integer exponents, which may be negative (`x^-2`). pi is treated as one more letter. The form is unique, so
two polynomials are equal exactly when their terms are equal; no computer algebra system is needed for school algebra.
"""

from collections.abc import Mapping
from decimal import Decimal, localcontext
from fractions import Fraction
from math import gcd

from classwright.errors import InputError

Number = int | Fraction
Monomial = tuple[tuple[str, int], ...]
Key = tuple[Monomial, int]

MAX_TERMS = 400
MAX_EXPONENT = 2000
MAX_BITS = 4096
_PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459")


class Polynomial:
    """A sum of terms; immutable. `terms` maps (letters with exponents, radical) to a non-zero coefficient."""

    __slots__ = ("terms",)

    def __init__(self, terms: Mapping[Key, Number]) -> None:
        if len(terms) > MAX_TERMS:
            raise InputError(f"the expression has more than {MAX_TERMS} terms")
        self.terms: dict[Key, Fraction] = {key: Fraction(value) for key, value in terms.items() if value}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Polynomial | int | Fraction) and self.terms == lift(other).terms

    def __hash__(self) -> int:
        return hash(frozenset(self.terms.items()))

    def __add__(self, other: "Polynomial") -> "Polynomial":
        total = dict(self.terms)
        for key, value in other.terms.items():
            total[key] = total.get(key, Fraction()) + value
        return Polynomial(total)

    def __neg__(self) -> "Polynomial":
        return Polynomial({key: -value for key, value in self.terms.items()})

    def __sub__(self, other: "Polynomial") -> "Polynomial":
        return self + -other

    def __mul__(self, other: "Polynomial") -> "Polynomial":
        if len(self.terms) * len(other.terms) > 20 * MAX_TERMS:
            raise InputError("the expression is too long to multiply out")
        total: dict[Key, Fraction] = {}
        for (letters_a, radical_a), value_a in self.terms.items():
            for (letters_b, radical_b), value_b in other.terms.items():
                common = gcd(radical_a, radical_b)
                key = (_join(letters_a, letters_b), radical_a * radical_b // common**2)
                total[key] = total.get(key, Fraction()) + value_a * value_b * common
        return Polynomial(total)

    def __pow__(self, exponent: int) -> "Polynomial":
        if exponent < 0:
            return lift(1).divided_by(self**-exponent) or _no_division()
        if len(self.terms) > 1 and exponent > 24:
            raise InputError(f"the exponent {exponent} is too large for a sum")
        result, square = lift(1), self
        while exponent:
            if exponent & 1:
                result = result * square
            exponent >>= 1
            if exponent:
                square = square * square
        return result

    def divided_by(self, other: "Polynomial") -> "Polynomial | None":
        """The quotient when the divisor is a single term or `a + b*sqrt(r)`, or divides exactly; else None."""
        if len(other.terms) == 1:
            (((letters, radical), value),) = other.terms.items()
            inverse = {(tuple((name, -power) for name, power in letters), radical): 1 / (value * radical)}
            return self * Polynomial(inverse)
        if len(other.terms) == 2 and not other.letters():
            # rationalize: (a + b)(a - b) = a^2 - b^2 is a fraction when both are multiples of square roots
            (key_a, a), (key_b, b) = other.terms.items()
            conjugate = Polynomial({key_a: a, key_b: -b})
            norm = (other * conjugate).constant()
            return self * conjugate * lift(1 / Fraction(norm)) if norm else None
        return _divide_exactly(self, other)

    def letters(self) -> list[str]:
        """The letters that occur, pi included, in alphabetical order."""
        return sorted({name for letters, _ in self.terms for name, _ in letters})

    def constant(self) -> Fraction | None:
        """The value when there is neither a letter nor a root, else None."""
        if not self.terms:
            return Fraction()
        return self.terms.get(((), 1)) if len(self.terms) == 1 else None

    def coefficients(self, letter: str) -> dict[int, "Polynomial"]:
        """Power of `letter` -> its coefficient, a polynomial in the other letters."""
        found: dict[int, dict[Key, Fraction]] = {}
        for (letters, radical), value in self.terms.items():
            power = dict(letters).get(letter, 0)
            rest = tuple(pair for pair in letters if pair[0] != letter)
            found.setdefault(power, {})[rest, radical] = value
        return {power: Polynomial(terms) for power, terms in found.items()}

    def content(self) -> tuple[Fraction, Monomial]:
        """The greatest common factor of all terms: a positive number and letters with their lowest exponents."""
        numerator, denominator = 0, 1
        lowest: dict[str, int] | None = None
        for (letters, _), value in self.terms.items():
            numerator = gcd(numerator, value.numerator)
            denominator = denominator * value.denominator // gcd(denominator, value.denominator)
            powers = dict(letters)
            if lowest is None:
                lowest = powers
            else:
                lowest = {name: min(power, powers.get(name, 0)) for name, power in lowest.items() if name in powers}
        return Fraction(numerator, denominator), tuple(sorted((lowest or {}).items()))

    def real(self) -> Decimal:
        """The value to about 50 digits, for comparing sizes.

        Raises:
            InputError: a letter other than pi occurs.
        """
        with localcontext() as context:
            context.prec = 50
            total = Decimal()
            for (letters, radical), value in self.terms.items():
                term = Decimal(value.numerator) / Decimal(value.denominator) * Decimal(radical).sqrt()
                for name, power in letters:
                    if name != "pi":
                        raise InputError(f"the size of an expression with {name} is not known")
                    term *= _PI**power
                total += term
            return total

    def __str__(self) -> str:
        """Highest power first: "x^2 + 5x + 6", "-3sqrt(2)", "9pi", "x/2" as "1/2x"."""
        if not self.terms:
            return "0"
        parts = []
        for (letters, radical), value in sorted(self.terms.items(), key=_term_order):
            root = f"sqrt({radical})" if radical > 1 else ""
            body = "".join(name if power == 1 else f"{name}^{power}" for name, power in _pi_first(letters))
            size = "" if abs(value) == 1 and (root or body) else str(abs(value))
            if "/" in size and (root or body):
                size = f"({size})"  # (1/2)x, not 1/2x: nobody reads it as 1/(2x)
            parts.append((" - " if value < 0 else " + ") + size + root + body)
        first = parts[0]
        parts[0] = "-" + first[3:] if first.startswith(" - ") else first[3:]
        return "".join(parts)

    __repr__ = __str__


Value = Number | Polynomial


def letter(name: str) -> Polynomial:
    """The polynomial that is one letter (or pi)."""
    return Polynomial({(((name, 1),), 1): 1})


def lift(value: Value) -> Polynomial:
    """A number as a polynomial; a polynomial as it is."""
    return value if isinstance(value, Polynomial) else Polynomial({((), 1): value})


def lower(value: Value) -> Value:
    """A polynomial without letters and roots as its number; anything else as it is."""
    if isinstance(value, Polynomial) and len(value.terms) <= 1:
        constant = value.constant()
        return value if constant is None else constant
    return value


def is_exact(*values: object) -> bool:
    """Whether all values are numbers or polynomials, neither words nor sympy expressions."""
    return all(isinstance(value, int | Fraction | Polynomial) for value in values)


def square_root(value: Value) -> Value:
    """The exact square root of a number that is not negative, as a number or `a*sqrt(r)` with r square-free.

    Raises:
        InputError: a negative number, letters, or a number too large to factor.
    """
    number = lower(value)
    if isinstance(number, Polynomial):
        return _root_of_term(number)
    if number < 0:
        raise InputError(f"sqrt({number}) is not a real number")
    outside, inside = square_part(number.numerator * number.denominator)
    return lower(Polynomial({((), inside): Fraction(outside, number.denominator)}))


def square_part(number: int) -> tuple[int, int]:
    """(a, b) with `number = a^2 * b` and b square-free (positive integers).

    Raises:
        InputError: a number above 10^12 that is no perfect square, too large to factor here.
    """
    from math import isqrt

    if not number:
        return 0, 1
    if isqrt(number) ** 2 == number:
        return isqrt(number), 1
    if number > 10**12:
        raise InputError(f"the square root of {number} is too large to simplify")
    outside, inside, factor = 1, number, 2
    while factor * factor <= inside:
        while inside % (factor * factor) == 0:
            inside //= factor * factor
            outside *= factor
        factor += 1
        if factor > 10_000 and isqrt(inside) ** 2 == inside:
            return outside * isqrt(inside), 1
    return outside, inside


def power(base: Value, exponent: Value) -> Value | None:
    """`base ^ exponent` where it is exact here (integer exponent, or a root that comes out); else None.

    Raises:
        InputError: division by zero, an imaginary root, or a result too large.
    """
    exponent = lower(exponent)
    base = lower(base)
    if isinstance(exponent, Polynomial):
        return None
    if exponent.denominator == 1:
        n = int(exponent)
        if abs(n) > MAX_EXPONENT:
            raise InputError(f"the exponent {n} is too large")
        if isinstance(base, Polynomial):
            return lower(base**n)
        if n < 0 and not base:
            raise InputError("division by zero")
        if max(base.numerator.bit_length(), base.denominator.bit_length()) * abs(n) > MAX_BITS:
            raise InputError(f"{base}^{n} is too large")
        return Fraction(base) ** n
    if exponent.denominator == 2:
        root = square_root(base)
        return power(root, exponent.numerator)
    if isinstance(base, Polynomial):
        return None
    root = exact_root(base, exponent.denominator)
    return None if root is None else power(root, exponent.numerator)


def exact_root(number: Number, degree: int) -> Fraction | None:
    """The rational root of an odd or even degree, None when it is irrational or not real."""
    if (number < 0 and degree % 2 == 0) or degree > 64:
        return None
    roots = [_integer_root(abs(part), degree) for part in (number.numerator, number.denominator)]
    if None in roots:
        return None
    return Fraction(roots[0] or 0, roots[1] or 1) * (-1 if number < 0 else 1)


def _integer_root(number: int, degree: int) -> int | None:
    low, high = 0, 1 << (number.bit_length() // degree + 1)
    while low < high:
        middle = (low + high + 1) // 2
        if middle**degree <= number:
            low = middle
        else:
            high = middle - 1
    return low if low**degree == number else None


def _root_of_term(value: Polynomial) -> Polynomial:
    """The square root of one term with even exponents, letters standing for positive numbers as in school."""
    if len(value.terms) == 1:
        (((letters, radical), coefficient),) = value.terms.items()
        if radical == 1 and all(power % 2 == 0 for _, power in letters):
            return lift(square_root(coefficient)) * Polynomial({(tuple((n, p // 2) for n, p in letters), 1): 1})
    raise InputError(f"the square root of {value} does not come out")


def _join(a: Monomial, b: Monomial) -> Monomial:
    if not a or not b:
        return a or b
    powers = dict(a)
    for name, exponent in b:
        powers[name] = powers.get(name, 0) + exponent
        if abs(powers[name]) > MAX_EXPONENT:
            raise InputError(f"the exponent {powers[name]} is too large")
    return tuple(sorted(pair for pair in powers.items() if pair[1]))


def _divide_exactly(dividend: Polynomial, divisor: Polynomial) -> Polynomial | None:
    """Long division in the divisor's first letter; None unless it comes out without remainder."""
    letters = divisor.letters()
    if not letters or not divisor.terms:
        return None
    name = letters[0]
    powers = divisor.coefficients(name)
    lead = max(powers)
    quotient, rest = Polynomial({}), dividend
    for _ in range(50):
        if not rest.terms:
            return quotient
        now = rest.coefficients(name)
        high = max(now)
        if high < lead:
            return None
        factor = now[high].divided_by(powers[lead]) if len(powers[lead].terms) == 1 else None
        if factor is None:
            return None
        step = factor * letter(name) ** (high - lead)
        quotient, rest = quotient + step, rest - step * divisor
    return None


def _pi_first(letters: Monomial) -> list[tuple[str, int]]:
    return sorted(letters, key=lambda pair: (pair[0] != "pi", pair[0]))


def _term_order(item: tuple[Key, Fraction]) -> tuple:
    (letters, radical), _ = item
    plain = [pair for pair in letters if pair[0] != "pi"]
    return (
        -sum(exponent for _, exponent in plain),
        [(name, -exponent) for name, exponent in plain],
        -len(letters),
        radical,
    )


def _no_division() -> Polynomial:
    raise InputError("one divided by a sum has no expanded form")
