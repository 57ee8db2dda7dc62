"""Computations that a text states, in signs or in words: "2 + 3", "half of 10", "one more than 5", "6 squared"."""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from classwright.errors import InputError
from classwright.skilltree.expression import value

LONGEST = 120
"""Characters that a computation may have."""


@dataclass(frozen=True, slots=True)
class Computation:
    """A computation in a unified text (`mentions.unified`).

    Attributes:
        value: What it comes to.
        text: How it stands there.
        start, end: Where.
    """

    value: Fraction
    text: str
    start: int
    end: int


_N = r"(-?\$?\d[\d,]*(?:\.\d+)?(?:\s?/\s?\d+)?%?)"
_WORDS: list[tuple[re.Pattern[str], str]] = [
    (re.compile(pattern.replace("N", _N), re.I), template)
    for pattern, template in [
        (r"\b(?:the\s+)?sum\s+of\s+N\s+and\s+N", r"(\1+\2)"),
        (r"\b(?:the\s+)?difference\s+(?:of|between)\s+N\s+and\s+N", r"abs(\1-\2)"),
        (r"\b(?:the\s+)?product\s+of\s+N\s+and\s+N", r"(\1*\2)"),
        (r"\b(?:the\s+)?quotient\s+of\s+N\s+and\s+N", r"(\1/\2)"),
        (r"\b(?:the\s+)?(?:square\s+)?root\s+of\s+N", r"sqrt(\1)"),
        (r"\b(?:the\s+)?square\s+of\s+N", r"(\1)^2"),
        (r"\bN\s+squared\b", r"(\1)^2"),
        (r"\bN\s+cubed\b", r"(\1)^3"),
        (r"\b(?:the\s+)?half\s+(?:of\s+)?N|\bla\s+mitad\s+de\s+N|\bla\s+moiti[ée]\s+de\s+N|\bdie\s+hälfte\s+von\s+N"
         r"|\ba\s+metade\s+de\s+N|\bla\s+metà\s+di\s+N", "half"),
        (r"\b(?:double|twice)\s+(?:of\s+)?N|\bel\s+doble\s+de\s+N|\ble\s+double\s+de\s+N|\bdas\s+doppelte\s+von\s+N"
         r"|\bo\s+dobro\s+de\s+N|\bil\s+doppio\s+di\s+N", "double"),
        (r"\b(?:triple|thrice)\s+N|\bthree\s+times\s+N", "triple"),
        (r"\bhalfway\s+between\s+N\s+and\s+N", r"((\1+\2)/2)"),
        (r"\bbetween\s+N\s+and\s+N", "between"),
        (r"\b(?:1|one|a|uno?|eins|un|um)\s+(?:more|greater|bigger|más|mas|mehr|de\s+plus|mais|in\s+più)\s+(?:than|que|als|di|do que)\s+N", r"(1+\1)"),
        (r"\b(?:1|one|a|uno?|eins|un|um)\s+(?:less|fewer|smaller|menos|weniger|de\s+moins|meno|in\s+meno)\s+(?:than|que|als|di|do que)\s+N", r"(\1-1)"),
        (r"N\s+(?:more|greater|bigger|higher|above|más|mas|mehr|de\s+plus|mais|in\s+più)\s+(?:than|que|als|di|do que)\s+N", r"(\1+\2)"),
        (r"N\s+(?:less|fewer|smaller|lower|below|menos|weniger|de\s+moins|meno|in\s+meno)\s+(?:than|que|als|di|do que)\s+N", r"(\2-\1)"),
        (r"\b(?:right\s+|just\s+)?(?:after|follows|following|past)\s+(?:the\s+number\s+)?N", r"(1+\1)"),
        (r"\b(?:right\s+|just\s+)?(?:before|precedes|preceding)\s+(?:the\s+number\s+)?N", r"(\1-1)"),
        (r"\b(?:add|adding)\s+N\s+(?:to|and|with)\s+N", r"(\1+\2)"),
        (r"\b(?:subtract|subtracting|taking|take)\s+N\s+(?:away\s+)?from\s+N", r"(\2-\1)"),
        (r"\b(?:multiply|multiplying)\s+N\s+(?:by|and|with)\s+N", r"(\1*\2)"),
        (r"\b(?:divide|dividing)\s+N\s+by\s+N", r"(\1/\2)"),
        (r"(?<![\d.])(\d+)\s+tens?\s*(?:,|and|\+|,\s*and|plus)?\s+(\d)\s+(?:ones?|units?)\b", r"(10*\1+\2)"),
        (r"(?<![\d.])(\d)\s+hundreds?\s*,?\s*(?:and\s+)?(\d)\s+tens?\s*(?:,|and|,\s*and)?\s+(\d)\s+(?:ones?|units?)\b", r"(100*\1+10*\2+\3)"),
        (r"(\d[\d.]*%)\s+(?:of|de|von|di)\s+N", "of"),
        (r"(\d+\s?/\s?\d+)\s+(?:of|de|von|di)\s+N", "of"),
    ]
]  # fmt: skip
_SIGNS: list[tuple[re.Pattern[str], str]] = [
    (re.compile(rf"(?<=[\d)])\s+(?:{words})\s+(?=[-\d(√])", re.I), f" {sign} ")
    for words, sign in [
        (r"plus|más|mas|mais|più|added\s+to|increased\s+by", "+"),
        (r"minus|menos|moins|meno|take\s+away|decreased\s+by", "-"),
        (r"times|multiplied\s+by|por|fois|vezes|mal|per|x|groups\s+of|lots\s+of", "*"),
        (r"divided\s+by|dividido\s+(?:entre|por)|divisé\s+par|geteilt\s+durch|diviso(?:\s+per)?|split\s+by", "/"),
    ]
]
_ARITHMETIC = re.compile(r"(?<![\w.])[-(√]*\$?\d(?:[\d\s.,+\-*/^()√$%]|sqrt)*[\d)%]|(?<![\w.])(?:√|sqrt)\s?\(?\d+\)?")


@lru_cache(maxsize=8192)
def computations(text: str) -> tuple[Computation, ...]:
    """Every computation with at least two numbers (or one and an operation) in a unified text."""
    if not re.search(r"\d", text):
        return ()  # every rule needs a digit
    signs = text
    for pattern, sign in _SIGNS:
        signs = pattern.sub(lambda m, s=sign: s.rjust(len(m[0])) if len(m[0]) >= len(s) else s, signs)
    found = []
    for match in _ARITHMETIC.finditer(signs[:20_000]):
        written = match[0].strip()
        if len(written) <= LONGEST and re.search(r"[\d)]\s*[-+*/^]\s*[-(√\d]|√|sqrt", written):
            amount = _worth(written)
            if amount is not None and not re.fullmatch(r"-?(?:\d+\s+)?\d+\s?/\s?\d+", written):
                found.append(Computation(amount, " ".join(written.split()), *match.span()))
    for pattern, template in _WORDS:
        for match in pattern.finditer(signs[:20_000]):
            amount = _worded(match, template)
            if amount is not None:
                found.append(Computation(amount, " ".join(match[0].split()), *match.span()))
    return tuple(found)


def _worded(match: re.Match[str], template: str) -> Fraction | None:
    numbers = [g for g in match.groups() if g]
    if template in ("half", "double", "triple"):
        return _worth(f"({numbers[0]})" + {"half": "/2", "double": "*2", "triple": "*3"}[template])
    if template == "of":
        return _worth(f"({numbers[0]})*({numbers[1]})")
    if template == "between":
        low, high = sorted(_worth(n) or Fraction(0) for n in numbers)
        return low + 1 if high - low == 2 else None
    return _worth(match.expand(template))


def _worth(written: str) -> Fraction | None:
    written = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", written).replace("$", "").replace("√", "sqrt")
    written = re.sub(r"sqrt\s?(\d+)", r"sqrt(\1)", written)
    if "," in written.replace("abs(", "") or any(len(d) > 12 for d in re.findall(r"\d+", written)):
        return None
    if any(int(exponent) > 20 for exponent in re.findall(r"\^\s*[(-]*(\d+)", written)):
        return None
    try:
        worth = value(written)
    except InputError:
        return None
    return Fraction(worth) if isinstance(worth, int | Fraction) and not isinstance(worth, bool) else None
