"""Reading what a learner or a model wrote: the answer inside free text, and numbers as people write them."""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from classwright.skilltree.notation import plain

Spelling = Literal["integer", "decimal", "fraction", "mixed", "percent", "scientific", "words"]


@dataclass(frozen=True, slots=True)
class ReadNumber:
    """A number as it was written.

    Attributes:
        value: Its exact value; a percent is divided by 100.
        spelling: How it was written.
        unit: The words after it (or "dollars" for "$"), lower case, possibly "".
        parts: (whole, numerator, denominator) of a fraction or mixed number, for questions of form.
    """

    value: Fraction
    spelling: Spelling
    unit: str = ""
    parts: tuple[int, int, int] = (0, 0, 1)


_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\.\d+|\d+"
_NUMBER = re.compile(
    rf"""(?P<sign>-\s*|negative\s+|minus\s+)?(?P<currency>\$\s*)?(?P<sign2>-)?
    (?:(?P<whole>\d+)\s+(?:and\s+)?(?P<mtop>\d+)\s*/\s*(?P<mbottom>\d+)
     | (?P<top>\d+)\s*/\s*(?P<bottom>-?\d+)
     | (?P<digits>{_DIGITS})(?:\s*(?:\*|x|\\times)\s*10\s*\^\s*[({{]?(?P<power>-?\d+)[)}}]?)?)
    (?P<percent>\s*(?:%|percent\b))?(?P<unit>[\s-]*(?:[a-z°¢²³][a-z°¢²³.\s^\d-]*)?)$""",
    re.VERBOSE | re.IGNORECASE,
)
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_WORDS = {word: n for n, word in enumerate(_ONES.split())} | {
    word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_LEADS = re.compile(r"^(?:[a-z]\s*=|=|is|it is|it's|about to be)\s*", re.IGNORECASE)
_NO_UNIT = re.compile(
    r"\b(or|and|not|maybe|but|to|of|plus|minus|times|over|is|than|r|remainder|because|if|so|with|x)\b|\d", re.IGNORECASE
)
MAX_UNIT_WORDS = 4
MAX_TEXT = 4000


@lru_cache(maxsize=4096)
def read_number(text: str) -> ReadNumber | None:
    """A text that is one number, with an optional unit after it and `x =` before it; None when it is anything else.

    "5/6", "1 1/2", "-3", "−3", "0.75", "75%", "$3.50", "1,250 m", "x = 4", "3.2 x 10^5", "seven". Not a number: "3 +
    4", "3 or 2", "5 R 1", "".
    """
    text = tidy(text)
    if len(text) > 120:
        return None
    text = _LEADS.sub("", text)
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1].strip()
    match = _NUMBER.match(text)
    if match is None:
        return _read_words(text)
    unit = " ".join(match["unit"].lower().replace("-", " ").split()).strip(" .")
    if len(unit.split()) > MAX_UNIT_WORDS or (unit and _NO_UNIT.search(unit.replace("^2", "²").replace("^3", "³"))):
        return None
    if match["currency"]:
        unit = unit or "dollars"
    if match["sign"] and match["sign2"]:
        return None
    sign = -1 if match["sign"] or match["sign2"] else 1
    return _build(match, sign, unit)


def _build(match: re.Match[str], sign: int, unit: str) -> ReadNumber | None:
    parts = (0, 0, 1)
    if match["whole"]:
        parts = (int(match["whole"]), int(match["mtop"]), int(match["mbottom"]))
        spelling: Spelling = "mixed"
    elif match["top"]:
        parts = (0, int(match["top"]), int(match["bottom"]))
        spelling = "fraction"
    else:
        digits = match["digits"].replace(",", "")
        value = Fraction(digits)
        spelling = "decimal" if "." in digits else "integer"
        if match["power"]:
            if abs(int(match["power"])) > 300:
                return None
            value, spelling = value * Fraction(10) ** int(match["power"]), "scientific"
        if match["percent"]:
            value, spelling = value / 100, "percent"
        return ReadNumber(sign * value, spelling, unit)
    if not parts[2]:
        return None
    value = parts[0] + Fraction(parts[1], parts[2])
    if match["percent"]:
        value, spelling = value / 100, "percent"
    return ReadNumber(sign * value, spelling, unit, parts)


def _read_words(text: str) -> ReadNumber | None:
    words = text.lower().replace("-", " ").split()
    negative = words[:1] in (["negative"], ["minus"])
    words = words[negative:]
    value, used = 0, 0
    for word in words[:2]:
        n = _WORDS.get(word)
        if n is None or (used and not (value >= 20 and value % 10 == 0 and 0 < n < 10)):
            break
        value, used = value + n, used + 1
    unit = " ".join(words[used:])
    if (
        not used
        or len(unit.split()) > MAX_UNIT_WORDS
        or _NO_UNIT.search(unit)
        or any(w in _WORDS for w in words[used:])
    ):
        return None
    return ReadNumber(Fraction(-value if negative else value), "words", unit)


_MARKED = re.compile(
    r"(?:^|[\s*_(])(?:final\s+)?answer\s*[*_]*\s*:\s*[*_]*(.+?)[*_]*\s*$", re.IGNORECASE | re.MULTILINE
)
_SAID = re.compile(r"\b(?:answer\s+(?:is|was|should be|would be|must be)|answer\s*=)\s*:?\s*", re.IGNORECASE)
_GOT = re.compile(
    r"\b(?:i\s+(?:got|get|have got|think it(?:'s| is)|say|found|wrote|chose|pick|picked)|it(?:'s| is| equals| makes)"
    r"|that(?:'s| is| makes| gives)|which (?:is|gives|makes)|we get|so it(?:'s| is))\s*:?\s*",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?:^|\b(?:so|then|thus|hence)\s+)[a-z]\s*=\s*", re.IGNORECASE | re.MULTILINE)
_END = re.compile(r"[.!?](?:\s|$)|[;\n]|,?\s+(?:because|since|by|when|after|as i|which)\b", re.IGNORECASE)
_ANY_NUMBER = re.compile(
    rf"(?<![\w.^])-?\s?\$?(?:\d+\s+\d+\s*/\s*\d+|\d+\s*/\s*\d+|{_DIGITS})(?:\s*%|\s*[x*]\s*10\s?\^\s?-?\d+)?(?![\w^]|\.\d)",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:not|never|no|neither|nor|or|can't|cannot|isn't|don't|doesn't|wasn't)\b|n't\b", re.IGNORECASE
)


def extract_answer(text: str) -> str | None:
    """The answer in free text, None when there is none or it is not clear which one is meant.

    In this order: `\\boxed{x}` or a line `ANSWER: x`; "the answer is x"; "I got x", "that is x"; `... = x` at the very
    end; the only number in the text. Two different answers of the same rank are None, and so is a lone number in a
    sentence that denies or doubts it.
    """
    text = text[-MAX_TEXT:]
    marked = _boxed(text) + [m[1] for m in _MARKED.finditer(text)]
    if marked:
        return _only(marked)
    flat = plain(text)
    for pattern in (_SAID, _GOT, _NAMED):
        said = [_until_end(flat[m.end() :]) for m in pattern.finditer(flat)]
        said = [
            part
            for part in said
            if part and (pattern is _SAID or read_number(part) or (pattern is _GOT and _ANY_NUMBER.match(part)))
        ]
        if said:
            return _only(said)
    last = re.search(r"=\s*([^=<>\n]{1,60}?)[\s.!]*$", flat)
    if last and not _NEGATED.search(flat):
        return last[1].strip()
    return None if _NEGATED.search(flat) else only_number(flat)


def only_number(text: str) -> str | None:
    """The number of a text that holds a single one (perhaps repeated), else None."""
    found: dict[Fraction, str] = {}
    for match in _ANY_NUMBER.finditer(text):
        piece = match[0]
        before = text[: match.start()].rstrip()
        if piece.startswith("-") and before and before[-1].isalnum():
            return None  # "7-3": a difference, not the number -3
        number = read_number(piece)
        if number is not None:
            found.setdefault(number.value, piece.strip())
        if len(found) > 1:
            return None
    return next(iter(found.values()), None)


def tidy(text: str) -> str:
    """An answer without decoration: spaces, `$...$`, asterisks, quotes, a closing period, simple LaTeX."""
    text = plain(text).strip()
    if "\\" in text or "^{" in text:
        text = from_latex(text)
    if len(text) > 2 and text.startswith("$") and text.endswith("$"):
        text = text.strip("$")
    return text.strip(" \t\n*_`\"'").removesuffix(".").strip(" \t\n*_`\"'")


_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}|\\[dt]?frac\s*(\d)\s*(\d)")
_ROOT = re.compile(r"\\sqrt\s*\{([^{}]*)\}")
_LATEX = [
    (re.compile(r"\\(?:left|right|displaystyle|,|;|!|quad|\s)"), " "),
    (re.compile(r"\\(?:text|mathrm|mbox|textbf|mathbf)\s*\{([^{}]*)\}"), r" \1"),
    (re.compile(r"\\(?:cdot|times)\s*"), "*"),
    (re.compile(r"\\div\s*"), "/"),
    (re.compile(r"\\leq?(?![a-z])"), "<="),
    (re.compile(r"\\geq?(?![a-z])"), ">="),
    (re.compile(r"\\lt(?![a-z])"), "<"),
    (re.compile(r"\\gt(?![a-z])"), ">"),
    (re.compile(r"\\pi(?![a-z])"), "pi"),
    (re.compile(r"\^\s*\{?\\circ\}?"), " degrees"),
    (re.compile(r"\^\s*\{([^{}]*)\}"), r"^(\1)"),
    (re.compile(r"\\([%$])"), r"\1"),
    (re.compile(r"\\[()\[\]]"), ""),
]


def from_latex(text: str) -> str:
    """The simple LaTeX that models write in answers, as plain text: `\\frac{5}{6}` becomes "5/6"."""
    for _ in range(4):  # from the inside out: a root in a fraction, a fraction in a root
        text, roots = _ROOT.subn(r"sqrt(\1)", text)
        text, fractions = _FRACTION.subn(_plain_fraction, text)
        if not roots + fractions:
            break
    for pattern, replacement in _LATEX:
        text = pattern.sub(replacement, text)
    return text


def _plain_fraction(match: re.Match[str]) -> str:
    top, bottom = match[1] or match[3], match[2] or match[4]
    before = " " if match.start() and match.string[match.start() - 1].isdigit() else ""
    if top.strip().isdigit() and bottom.strip().isdigit():
        return f"{before}{top.strip()}/{bottom.strip()}"
    return f"{before}({top})/({bottom})"


def _boxed(text: str) -> list[str]:
    found = []
    for match in re.finditer(r"\\boxed\s*\{", text):
        depth, end = 1, match.end()
        while end < len(text) and depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        if not depth:
            found.append(text[match.end() : end - 1])
    return found


def _until_end(text: str) -> str:
    match = _END.search(text)
    return (text[: match.start()] if match else text).strip(" *_\"'")


def _only(candidates: list[str]) -> str | None:
    """The one answer among candidates that all say the same, else None."""
    keys = set()
    for candidate in candidates:
        number = read_number(candidate)
        keys.add(tidy(candidate).lower() if number is None else number.value)
    return candidates[-1].strip() if len(keys) == 1 else None
