"""How a value of the expression language is written: the canonical form that answers have."""

from fractions import Fraction
from typing import Any, NamedTuple

from classwright.skilltree.polynomial import Number, Polynomial, lower


class Relation(NamedTuple):
    """An equation or inequality as it stands: `values[0] signs[0] values[1] signs[1] ...`."""

    values: tuple[Any, ...]
    signs: tuple[str, ...]


def show(value: Any, decimals: bool = False) -> str:
    """A value in canonical form: "12", "5/6", "0.75", "x^2 + 1", "2, 3, 5", "(3, -2)", "y = 2x + 1", "triangle".

    Args:
        value: A number, Polynomial, Relation, list, tuple (a point), word or sympy expression.
        decimals: Write numbers as decimals where they terminate.
    """
    match value:
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case int():
            return str(value)
        case Fraction():
            text = decimal_text(value) if decimals else None
            return str(value) if text is None else text
        case Polynomial():
            plain = lower(value)
            return str(plain) if isinstance(plain, Polynomial) else show(plain, decimals)
        case Relation():
            out = show(value.values[0], decimals)
            for sign, part in zip(value.signs, value.values[1:], strict=True):
                out += f" {sign} {show(part, decimals)}"
            return out
        case tuple():
            return "(" + ", ".join(show(part, decimals) for part in value) + ")"
        case list():
            return ", ".join(show(part, decimals) for part in value)
    return str(value).replace("**", "^")


def decimal_text(number: Number) -> str | None:
    """The terminating decimal of a number ("0.75"), None when it does not terminate."""
    number = Fraction(number)
    rest, twos, fives = number.denominator, 0, 0
    while rest % 2 == 0:
        rest //= 2
        twos += 1
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    if rest != 1:
        return None
    places = max(twos, fives)
    digits = str(abs(number.numerator) * 10**places // number.denominator).rjust(places + 1, "0")
    sign = "-" if number < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def mixed_text(number: Number) -> str:
    """A mixed number in lowest terms: "1 1/2", "-2 3/4", "3", "5/6"."""
    number = Fraction(number)
    whole, rest = divmod(abs(number.numerator), number.denominator)
    sign = "-" if number < 0 else ""
    if not rest:
        return f"{sign}{whole}"
    part = f"{rest}/{number.denominator}"
    return f"{sign}{whole} {part}" if whole else f"{sign}{part}"
