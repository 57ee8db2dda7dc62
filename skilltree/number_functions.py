"""Functions of the expression language on numbers: place value, division, factors, fractions, decimals and time."""

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor, gcd, isqrt, lcm
from typing import Any

from classwright.errors import InputError
from classwright.skilltree import symbolic
from classwright.skilltree.polynomial import Number, Polynomial, Value, exact_root, lift, lower, power, square_root
from classwright.skilltree.values import decimal_text, mixed_text, show

LARGEST = 10**12
LONGEST_LIST = 500


def whole(x: Any) -> int:
    """An argument that must be an integer of moderate size.

    Raises:
        InputError: it is not.
    """
    if not isinstance(x, int | Fraction) or x.denominator != 1 or abs(x) > LARGEST:
        raise InputError(f"{show(x)[:40]} is not a whole number up to {LARGEST}")
    return int(x)


def real(x: Any) -> Any:
    """An argument as a number that can be compared: itself, or about 40 decimal digits of roots and pi."""
    if isinstance(x, Polynomial):
        return x.real()
    return symbolic.to_real(x) if symbolic.is_symbolic(x) else x


def difference(a: Value, b: Value) -> Any:
    """`a - b` as something with a sign, exact for fractions."""
    if isinstance(a, Polynomial) or isinstance(b, Polynomial):
        return real(lower(lift(a) - lift(b)))
    return a - b


def compare(a: Value, b: Value) -> str:
    """ "<", ">" or "="."""
    sign = difference(a, b)
    return "<" if sign < 0 else ">" if sign > 0 else "="


def absolute(x: Value) -> Value:
    """|x|."""
    return -x if real(x) < 0 else x


def round_to(x: Number, place: Number) -> Fraction:
    """`x` rounded to a multiple of `place` (100, 1, 0.1 ...), halves away from zero as in school."""
    steps = Fraction(abs(x)) / Fraction(place)
    rounded = floor(steps + Fraction(1, 2)) * Fraction(place)
    return -rounded if x < 0 else rounded


def digit(x: Number, place: Number) -> int:
    """Which digit stands at a place: 4 for x = 3.47 and place 0.1."""
    return floor(abs(x) / Fraction(place)) % 10


def ordered(*items: Value) -> list[Value]:
    """The items from least to greatest."""
    return sorted(items, key=lambda x: Fraction(real(x)))


def is_prime(n: int) -> bool:
    """Whether an integer is prime (trial division)."""
    n = whole(n)
    return n > 1 and all(n % d for d in range(2, isqrt(n) + 1))


def prime_factors(n: Number) -> list[int]:
    """The prime factors of an integer above 1 with repetition, ascending."""
    rest, found, d = whole(n), [], 2
    while d * d <= rest:
        while rest % d == 0:
            found.append(d)
            rest //= d
        d += 1
    return [*found, rest] if rest > 1 else found


def factors(n: Number) -> list[int]:
    """All positive factors of a positive integer, ascending."""
    n = whole(n)
    small = [d for d in range(1, isqrt(n) + 1) if n % d == 0]
    return small + [n // d for d in reversed(small) if d * d != n]


def decimal(x: Number) -> str:
    """The terminating decimal.

    Raises:
        InputError: it does not terminate.
    """
    text = decimal_text(x)
    if text is None:
        raise InputError(f"{x} has no terminating decimal")
    return text


def percent(x: Number) -> str:
    """ "25%", "12.5%", "33 1/3%"."""
    return f"{decimal_text(100 * x) or mixed_text(100 * x)}%"


def ratio(*parts: Number) -> str:
    """The ratio in lowest whole terms: "3:4"."""
    scale = lcm(*(part.denominator for part in parts))
    wholes = [int(part * scale) for part in parts]
    common = gcd(*wholes)
    return ":".join(str(n // common) for n in wholes)


def scientific(x: Number) -> str:
    """ "3.2 * 10^5"."""
    size, exponent = Fraction(abs(x)), 0
    if not size:
        return "0"
    while size >= 10:
        size, exponent = size / 10, exponent + 1
    while size < 1:
        size, exponent = size * 10, exponent - 1
    return f"{'-' if x < 0 else ''}{decimal(size)} * 10^{exponent}"


def expanded_form(x: Number) -> str:
    """ "300 + 40 + 5"; also of a terminating decimal: "3 + 0.4"."""
    text = decimal(abs(x))
    point = text.find(".") if "." in text else len(text)
    parts = []
    for i, figure in enumerate(text):
        if figure not in "0.":
            place = Fraction(10) ** (point - i - (i < point))
            parts.append(decimal(int(figure) * place))
    return " + ".join(parts) or "0"


def cube_root(x: Value) -> Any:
    """The exact cube root, a sympy expression when it is irrational."""
    root = exact_root(x, 3) if isinstance(x, int | Fraction) else None
    return symbolic.cube_root(x) if root is None else root


def neighbors(x: Value) -> list[int]:
    """The two whole numbers on either side of a number that is not whole."""
    below = floor(real(x))
    return [below, below + 1]


def repeating(start: Number, block: Number) -> Fraction:
    """The number start.blockblockblock...: 27/99 for start 0 and block 27."""
    digits = len(str(whole(block)))
    return start + Fraction(whole(block), 10**digits - 1)


def only_irrational(*pairs: Any) -> str:
    """The label of the single irrational value among label, value, label, value, ..."""
    rational = (int, Fraction)
    found = [label for label, x in zip(pairs[::2], pairs[1::2], strict=True) if not isinstance(x, rational)]
    if len(found) != 1:
        raise InputError(f"{len(found)} of the values are irrational, not one")
    return found[0]


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    if not (hours.isdigit() and minutes.isdigit() and int(hours) <= 24 and int(minutes) < 60):
        raise InputError(f"{clock!r} is no time like 3:45")
    return int(hours) * 60 + int(minutes)


def time_add(clock: str, minutes: Number) -> str:
    """The time some minutes later (earlier when negative) on a 12-hour clock."""
    total = (_minutes(clock) + whole(minutes)) % 720
    return f"{total // 60 or 12}:{total % 60:02d}"


def minutes_between(start: str, end: str) -> int:
    """Minutes from one time to the next time the clock shows the other, within 12 hours."""
    return (_minutes(end) - _minutes(start)) % 720


def clock(hours: Number, minutes: Number) -> str:
    """ "3:45"."""
    return f"{whole(hours)}:{whole(minutes):02d}"


def clock_hands(hour: Number, long_hand: Number) -> str:
    """The time when the short hand has passed `hour` and the long hand points to a number 1-12."""
    return clock(hour, whole(long_hand) % 12 * 5)


def _list_of(n: Any) -> int:
    if whole(n) > LONGEST_LIST:
        raise InputError(f"a list of {n} is too long")
    return whole(n)


def _multiples_between(k: Number, low: Number, high: Number) -> list[int]:
    first = floor(low / Fraction(k)) + 1
    last = ceil(high / Fraction(k)) - 1
    _list_of(last - first + 1)
    return [whole(k) * n for n in range(first, last + 1)]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": absolute,
    "sqrt": square_root,
    "cbrt": cube_root,
    "floor": lambda x: floor(real(x)),
    "ceil": lambda x: ceil(real(x)),
    "quotient": lambda a, b: floor(Fraction(a) / b),
    "remainder": lambda a, b: a - b * floor(Fraction(a) / b),
    "gcd": lambda a, *n: gcd(*map(whole, (a, *n))),
    "lcm": lambda a, *n: lcm(*map(whole, (a, *n))),
    "min": lambda *x: ordered(*x)[0],
    "max": lambda *x: ordered(*x)[-1],
    "round_to": round_to,
    "digit": digit,
    "place_value": lambda x, place: digit(x, place) * Fraction(place),
    "compare": compare,
    "order": ordered,
    "order_desc": lambda *x: ordered(*x)[::-1],
    "list": lambda *x: list(x),
    "mixed": mixed_text,
    "improper": lambda x: str(Fraction(x)),
    "simplest": lambda x: str(Fraction(x)),
    "decimal": decimal,
    "percent": percent,
    "ratio": ratio,
    "scientific": scientific,
    "expanded_form": expanded_form,
    "factors": factors,
    "is_factor": lambda k, n: whole(n) % whole(k) == 0,
    "missing_factors": lambda n, *known: [d for d in factors(n) if d not in known],
    "multiples": lambda n, k: [n * i for i in range(1, _list_of(k) + 1)],
    "multiples_between": _multiples_between,
    "is_prime": is_prime,
    "only_primes": lambda *n: sorted(p for p in n if is_prime(p)),
    "prime_factors": prime_factors,
    "even_odd": lambda n: "odd" if whole(n) % 2 else "even",
    "count_by": lambda start, step, k: [start + step * i for i in range(1, _list_of(k) + 1)],
    "neighbors": neighbors,
    "repeating": repeating,
    "only_irrational": only_irrational,
    "time_add": time_add,
    "minutes_between": minutes_between,
    "clock": clock,
    "clock_hands": clock_hands,
    "coins_value": lambda quarters, dimes, nickels, pennies: 25 * quarters + 10 * dimes + 5 * nickels + pennies,
    "power": power,
}
