"""Exact numbers as a learner writes them."""

from fractions import Fraction


def dec(x: Fraction | int) -> str:
    """The exact decimal "-0.75", "12". A decimal that never ends comes back as a fraction in lowest terms."""
    x = Fraction(x)
    d, places = x.denominator, 0
    while d % 10 == 0 or d % 2 == 0 or d % 5 == 0:
        d = d // 10 if d % 10 == 0 else d // 2 if d % 2 == 0 else d // 5
        places += 1
    if d != 1:
        return str(x)
    digits = str(abs(x.numerator) * 10**places // x.denominator).rjust(places + 1, "0")
    body = f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".") if places else digits
    return f"-{body}" if x < 0 else body


def money(x: Fraction | int) -> str:
    """Dollars without the sign: "12", "3.50"; exact when the amount is not whole cents."""
    text = dec(x)
    return f"{text}0" if "." in text and len(text.split(".")[1]) == 1 else text


def mixed(x: Fraction | int) -> str:
    """A mixed number in lowest terms: "3", "5/6", "-1 1/2"."""
    x = Fraction(x)
    whole, rest = divmod(abs(x.numerator), x.denominator)
    if not rest or not whole:
        return str(x)
    return f"{'-' if x < 0 else ''}{whole} {rest}/{x.denominator}"


def commas(n: int) -> str:
    """ "3,472"."""
    return f"{n:,}"
