"""Every number that a text states, however it is written: digits, words, fractions, emoji, other scripts.

`unified` brings a text into one spelling; `mentions` reads the numbers of a unified text. What a number is there for
(an answer, a step's number, a number of the question) is for the caller to judge.
"""

import html
import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from classwright.classroom.quantity import UNITS
from classwright.classroom.spoken_numbers import words_to_digits
from classwright.skilltree.notation import plain
from classwright.skilltree.reading import from_latex

MAX_DIGITS = 40
"""Longer runs of digits are no number that a pupil writes; they are left alone."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A number in a unified text.

    Attributes:
        value: Its exact value; a percent is divided by 100.
        surface: How it stands there, without spaces and thousands commas: "12/40", "1 1/2", "25.46", "52%".
        start, end: Where it stands.
        unit: The word right after it, lower case, possibly "".
    """

    value: Fraction
    surface: str
    start: int
    end: int
    unit: str = ""

    @property
    def size(self) -> tuple[str, Fraction] | None:
        """(dimension, amount in the base unit) where the word after it is a known unit: "half an hour", "120 cm"."""
        dimension, factor = UNITS.get(self.unit, ("", Fraction(0)))
        return (dimension, self.value * factor) if dimension else None


_TAGS = re.compile(r"</?(?:b|i|u|em|strong|span|sub|sup|code|br|p|mark|div)\b[^<>]{0,80}>", re.I)
_PLUS_MINUS = re.compile(r"(?:±|\+/-|\bplus\s+or\s+minus)\s?(\d[\d./]{0,12}|[a-z]{3,6})", re.I)
_TOO_LONG = re.compile(rf"\d{{{MAX_DIGITS + 1},}}")
_BOXED = re.compile(r"\\boxed\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_SMALL_FRACTION = re.compile(r"[⁰¹²³⁴-⁹]+\s?[⁄/]\s?[₀-₉]+")
_POWERS = str.maketrans({c: f"^{i}" for i, c in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")})
_BOLD = re.compile(r"(?<![\w)\]])(\*{1,3}|_{1,3})(?=[^\s*_])([^*\n]{1,200}?)(?<=[^\s*])\1(?![\w(])")
_LETTERS = re.compile(r"(?<![^\W\d_])(?:[^\W\d_][ ._·•-]){2,}[^\W\d_](?![^\W\d_])")
_ROMAN = re.compile(r"(?<![\w'’])(?=[MDCLXVI])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})(?![\w'’])")
_ROMAN_SIZES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


@lru_cache(maxsize=8192)
def unified(text: str, *, words: bool = True) -> str:
    """A text in one spelling: keyboard signs, ASCII digits, no markup and no emphasis; number words become digits.

    Args:
        text: Anything.
        words: False leaves number words as they are.
    """
    text = html.unescape(text)
    text = _TAGS.sub("", text)
    text = _SMALL_FRACTION.sub(lambda m: unicodedata.normalize("NFKC", m[0]).replace("⁄", "/"), text)
    text = text.translate(_POWERS).replace("🔟", "10").replace("💯", "100").replace("’", "'")
    if "\\" in text:
        text = from_latex(_BOXED.sub(r"\1", text))
    text = _PLUS_MINUS.sub(r"-\1 and \1", text)
    text = plain(text.replace("**", "").replace("__", ""))
    if not text.isascii():
        text = "".join(_character(c) for c in unicodedata.normalize("NFKC", _fractions(text)))
    text = text.replace("⁄", "/").replace("`", "")
    for _ in range(2):
        text = _BOLD.sub(r"\2", text)
    text = _LETTERS.sub(lambda m: re.sub(r"[ ._·•-]", "", m[0]), text)
    text = _ROMAN.sub(_roman, text)
    text = _TOO_LONG.sub(lambda m: short if len(short := m[0].lstrip("0")) <= MAX_DIGITS else "…", text)
    return words_to_digits(text) if words else text


def _fractions(text: str) -> str:
    """½ as 1/2 (with a space before it after a digit), before NFKC makes 1½ look like 11/2."""
    out = []
    for c in text:
        if not c.isascii() and "VULGAR FRACTION" in unicodedata.name(c, ""):
            out.append((" " if out and out[-1][-1:].isdigit() else "") + unicodedata.normalize("NFKC", c))
        else:
            out.append(c)
    return "".join(out)


def _character(c: str) -> str:
    """An ASCII digit for a digit of any script; nothing for what cannot be seen (and an emoji's keycap)."""
    if c.isascii():
        return c
    category = unicodedata.category(c)
    if category in ("Cf", "Me") or "VARIATION SELECTOR" in unicodedata.name(c, ""):
        return ""
    return str(unicodedata.digit(c)) if category == "Nd" else c


def _roman(match: re.Match[str]) -> str:
    numeral = match[0]
    if len(numeral) < 2:
        return numeral  # a letter
    sizes = [_ROMAN_SIZES[c] for c in numeral]
    total = sum(-a if a < b else a for a, b in zip(sizes, [*sizes[1:], 0], strict=True))
    return str(total)


_NUMBER = re.compile(
    r"""(?<![\w.^:])(?:(?<![\d)])(?P<sign>-)\s?|(?<=[(\s])(?P<sign2>-)|)(?:[$€£]\s?)?
    (?:(?P<whole>\d{1,9})\s+(?P<mtop>\d{1,9})\s?/\s?(?P<mbottom>\d{1,9})
     | (?P<top>\d{1,12})\s?/\s?(?P<bottom>\d{1,12})
     | (?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+))
    (?P<percent>\s?(?:%|percent\b|per\s?cent\b|prozent\b|por\s?cient\w*|por\s?cento|pour\s?cent|per\s?cento))?
    (?!:\d|\.\d|(?:st|nd|rd)\b|(?<=\d)th\b)""",
    re.VERBOSE | re.I,
)
_UNIT = re.compile(r"[\s-]?(?:an?\s+|of an?\s+)?([a-z°]+)", re.I)
_OUT_OF = re.compile(
    r"\b(\d{1,9}|one)\s+(?:(?:part|piece|chance|time|share)s?\s+)?(?:out\s+of|in|of|von|de\s+cada|sur|su|em|of\s+every)\s+(?:every\s+)?(\d{1,9})\b",
    re.I,
)
_COMMA = re.compile(r"(?<![\w.,])(-?\d{1,9}),(\d+)(?![\w,]|\.\d)")
_DOTS = re.compile(r"(?<![\w.,])(-?\d{1,3}(?:[.' ]\d{3})+)(?![\w]|[.,]\d)")
_MONEY = re.compile(r"\b(\d{1,9})\s+dollars?\s+(?:and\s+)?(\d{1,2})(?:\s+cents?)?\b", re.I)


@lru_cache(maxsize=8192)
def mentions(text: str) -> tuple[Mention, ...]:
    """The numbers of a unified text in order.

    Where a spelling can be read two ways ("3,10" as a decimal or as two numbers, "1.250" as 1250) both are there; so
    is "9 out of 10" as a fraction beside its two numbers. Letters glued to a number ("3x") are left to the caller.
    """
    found = [m for match in _NUMBER.finditer(text) if (m := _read(match, text)) is not None]
    for match in _OUT_OF.finditer(text):
        top = 1 if match[1].lower() == "one" else int(match[1])
        if int(match[2]):
            found.append(Mention(Fraction(top, int(match[2])), f"{top}/{match[2]}", *match.span()))
    for match in _COMMA.finditer(text):
        if len(match[2]) <= MAX_DIGITS:
            found.append(Mention(Fraction(f"{match[1]}.{match[2]}"), f"{match[1]}.{match[2]}", *match.span()))
    for match in _DOTS.finditer(text):
        digits = re.sub(r"[.' ]", "", match[1])
        found.append(Mention(Fraction(digits), digits, *match.span()))
    for match in _MONEY.finditer(text):
        value = Fraction(int(match[1])) + Fraction(int(match[2]), 100)
        found.append(Mention(value, f"{match[1]}.{match[2]:0>2}", *match.span(), unit="dollars"))
    return tuple(sorted(found, key=lambda m: (m.start, -m.end)))


def _read(match: re.Match[str], text: str) -> Mention | None:
    sign = -1 if match["sign"] or match["sign2"] else 1
    start = match.start()
    if sign < 0 and re.search(r"[\d)%]\s*$", text[max(0, start - 8) : start + (text[start] != "-")]):
        sign = 1  # a difference
    after = _UNIT.match(text, match.end())
    unit = after[1].lower() if after else ""
    if match["whole"] or match["top"]:
        top, bottom = match["mtop"] or match["top"], match["mbottom"] or match["bottom"]
        if not int(bottom):
            return None
        value = int(match["whole"] or 0) + Fraction(int(top), int(bottom))
        surface = f"{match['whole']} {top}/{bottom}" if match["whole"] else f"{top}/{bottom}"
    else:
        surface = match["digits"].replace(",", "")
        if len(surface) > MAX_DIGITS:
            return None
        value = Fraction(surface)
        surface = surface.lstrip("0") or "0" if surface.isdigit() else surface
    if match["percent"]:
        value, surface = value / 100, surface + "%"
    return Mention(sign * value, "-" * (sign < 0) + surface, start, match.end(), unit)
