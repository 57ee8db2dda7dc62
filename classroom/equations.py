"""Find every equation in a text and check it.

An equation is two or more numeric expressions joined by =, <, >, <= or >=, in symbols or in words ("three plus four
is seven"). Expressions that hold a letter or a blank are algebra or an exercise: they are counted, not judged.
Arithmetic is exact; units are carried along, so that "1 m = 100 cm" is true and "1 m = 10 cm" is not.
"""

import re
from fractions import Fraction
from itertools import pairwise
from typing import Literal, NamedTuple

from classwright.classroom.quantity import OpenError, Token, value_of

Truth = Literal["true", "false", "open"]
"""open: it holds a variable, a blank or units that code does not know; nothing is claimed about it."""

_WORD_NUMBERS = {
    word: n
    for n, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
} | {word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_TENS = frozenset(str(10 * k) for k in range(2, 10))
_WORD_OPERATORS = {"plus": "+", "minus": "-", "times": "*", "over": "/", "dividedby": "/"}
_WORD_RELATIONS = {"equals": "=", "makes": "=", "is": "=", "gives": "=", "equal": "="}

_TOKEN = re.compile(
    r"""(?P<number>\$?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?|\$?\.\d+)"""
    r"""|(?P<relation><=|>=|!=|[=<>])"""
    r"""|(?P<operator>\*\*|[+\-*/^()|:√])"""
    r"""|(?P<blank>_+|\?|\[\s*\]|[□☐▢◯○⬜])"""
    r"""|(?P<word>[^\W\d_]+)"""
    r"""|(?P<other>\S)""",
    re.VERBOSE,
)
_PLAIN = str.maketrans(
    {"×": "*", "·": "*", "⋅": "*", "÷": "/", "−": "-", "–": "-", "—": "-", "∕": "/", "⁄": "/", "≤": "<", "≥": ">",
     "½": " 1/2", "¼": " 1/4", "¾": " 3/4", "⅓": " 1/3", "⅔": " 2/3", "²": "^2", "³": "^3", "\u00a0": " "}
)  # fmt: skip
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n+")


class Equation(NamedTuple):
    """One relation found in a text."""

    text: str
    truth: Truth


def find_equations(text: str, *, questions: bool = True) -> list[Equation]:
    """Every equation and inequality in a text, in order, with what code says about it.

    Args:
        text: Prose, with or without Markdown.
        questions: Whether a sentence that asks ("Is 3 + 4 = 8?", "True or false: ...") counts as a statement.
    """
    found: list[Equation] = []
    for sentence in _SENTENCE_END.split(text):
        asks = sentence.rstrip(" *_)\"'").endswith("?") or re.match(r"\W*(true or false|is it true)", sentence, re.I)
        if questions or not asks:
            found += _in_sentence(sentence)
    return found


def false_equations(text: str, *, questions: bool = True) -> list[str]:
    """The equations of a text that are false, as they stand there."""
    return [e.text for e in find_equations(text, questions=questions) if e.truth == "false"]


def _in_sentence(sentence: str) -> list[Equation]:
    plain = sentence.replace("≤", "<=").replace("≥", ">=").replace("≠", "!=").translate(_PLAIN)
    plain = re.sub(r"(?<=\d)\s*[xX]\s*(?=[\d(])", " * ", plain)
    plain = re.sub(r"\bdivided by\b", "dividedby", re.sub(r"\bis equal to\b|\bequal to\b", " = ", plain))
    plain = re.sub(r"[`$](?=\\)|\*\*(?=\S[^*]*\*\*)", "", plain)
    tokens = [Token(m.lastgroup or "", m.group(), m.start(), m.end()) for m in _TOKEN.finditer(plain)]
    tokens = _number_words(_punctuation(tokens))
    relations = [i for i, t in enumerate(tokens) if t.kind == "relation"]
    found = []
    for i in relations:
        left, right = _side(tokens, i, -1), _side(tokens, i, +1)
        if not left or not right or not _worth(tokens, i, left, right):
            continue
        shown = plain[left[0].start : right[-1].end].strip()
        try:
            truth: Truth = "true" if _holds(left, tokens[i].text, right) else "false"
        except (OpenError, ZeroDivisionError, OverflowError):
            truth = "open"
        found.append(Equation(re.sub(r"\s+", " ", shown), truth))
    return found


def _punctuation(tokens: list[Token]) -> list[Token]:
    """Tell a question mark from a blank, and the colon of a ratio from the one after "Step 1"."""
    out = []
    for i, t in enumerate(tokens):
        before, after = tokens[i - 1] if i else None, tokens[i + 1] if i + 1 < len(tokens) else None
        if t.text == "?" and before is not None and before.kind in ("number", "word", "other"):
            continue
        if t.text == ":":
            tight = before and after and before.end == t.start and t.end == after.start
            if not (tight and before and after and before.kind == after.kind == "number"):
                out.append(Token("other", ":", t.start, t.end))
                continue
        out.append(t)
    return out


def _number_words(tokens: list[Token]) -> list[Token]:
    """Number words, operator words and relation words as symbols, where a computation in words stands."""
    spoken = any(t.text.lower() in _WORD_OPERATORS for t in tokens if t.kind == "word")
    symbols = any(t.kind == "relation" for t in tokens)
    if not spoken and not symbols:
        return tokens
    out: list[Token] = []
    for i, t in enumerate(tokens):
        word = t.text.lower()
        if t.kind == "word" and word in _WORD_NUMBERS:
            hyphen = len(out) > 1 and out[-1].text == "-" and out[-1].end == t.start
            tens = out[-2] if hyphen else out[-1] if out else None
            if tens and tens.kind == "number" and tens.text in _TENS and 0 < _WORD_NUMBERS[word] < 10:
                del out[-2 if hyphen else -1 :]
                out.append(Token("number", str(int(tens.text) + _WORD_NUMBERS[word]), tens.start, t.end))
            else:
                out.append(Token("number", str(_WORD_NUMBERS[word]), t.start, t.end))
        elif word == "half" and i + 1 < len(tokens) and tokens[i + 1].text == "of":
            out += [
                Token("number", "1", t.start, t.end),
                Token("operator", "/", t.start, t.end),
                Token("number", "2", t.start, t.end),
            ]
        elif (
            word == "of" and out and out[-1].kind == "number" and i + 1 < len(tokens) and tokens[i + 1].kind == "number"
        ):
            out.append(Token("operator", "*", t.start, t.end))
        elif t.kind == "word" and word in _WORD_OPERATORS and out and out[-1].kind == "number":
            out.append(Token("operator", _WORD_OPERATORS[word], t.start, t.end))
        elif spoken and t.kind == "word" and word in _WORD_RELATIONS and out and out[-1].kind == "number":
            out.append(Token("relation", "=", t.start, t.end))
        else:
            out.append(t)
    return out


_LETTER = re.compile(r"[a-zA-Zπθ]")
_JOINING = frozenset("and of by than to from with between or at in per".split())
_FUNCTION_WORDS = frozenset(
    "a and so or then the is are was were of to for but I in on at with because which that as from when if".split()
)


def _belongs(tokens: list[Token], i: int) -> bool:
    """Whether token i can be part of a numeric or algebraic expression."""
    t = tokens[i]
    if t.kind in ("number", "operator", "blank"):
        return True
    if t.kind != "word":
        return False
    before = next((u for u in reversed(tokens[max(0, i - 3) : i]) if u.kind != "word"), None)
    if before is not None and before.kind == "number" and t.text.lower() not in _FUNCTION_WORDS:
        return True  # a unit or counted things: "3 cm", "4 red apples"
    return len(t.text) == 1 and bool(_LETTER.match(t.text)) and t.text not in ("a", "I")


def _side(tokens: list[Token], relation: int, step: int) -> list[Token]:
    """The longest run of expression tokens beside a relation, trimmed to what can be an expression."""
    i, side = relation + step, []
    while 0 <= i < len(tokens) and _belongs(tokens, i):
        side.append(tokens[i])
        i += step
    if step < 0:
        side.reverse()
        while side and ((side[0].kind == "operator" and side[0].text not in "(-|√") or _hanging(side)):
            side.pop(0)
    else:
        while side and side[-1].kind == "operator" and side[-1].text not in ")|":
            side.pop()
        if side and _hanging(side):
            side = side[:-1] if side[-1].text == ")" else []
    return side


def _hanging(side: list[Token]) -> bool:
    texts = [t.text for t in side]
    return texts.count("(") != texts.count(")")


def _worth(tokens: list[Token], relation: int, left: list[Token], right: list[Token]) -> bool:
    """Leave out what only looks like an equation: "x = 3" as a name, "f(2) = 5", a word before the left side."""
    first = next(i for i, t in enumerate(tokens) if t is left[0])
    before = tokens[first - 1] if first else None
    called = left[0].text == "(" and before is not None and before.kind == "word"
    # "the sum of 3 and 4 = 7": the 4 is only the end of what is meant
    spoken = len(left) == 1 and before is not None and before.text.lower() in _JOINING
    return not called and not spoken and any(t.kind in ("number", "blank") for t in left + right)


def _holds(left: list[Token], relation: str, right: list[Token]) -> bool:
    a, b = value_of(left), value_of(right)
    x, y = a.value, b.value
    if a.unit != b.unit:
        known = [q.unit for q in (a, b) if q.unit is not None]
        if len(known) == 2 and known[0][0] == known[1][0]:
            x, y = x * known[0][1], y * known[1][1]
        elif len(known) == 2 or len(left) + len(right) <= 3:
            raise OpenError  # "1 box = 4 cookies" and "1 box = 4" state a rate; "3 * 4 = 12 cookies" can be checked
    return {"=": x == y, "<": x < y, ">": x > y, "<=": x <= y, ">=": x >= y, "!=": x != y}[relation]


def numbers_in(text: str) -> set[Fraction]:
    """Every number that a text mentions: digits, fractions, decimals, percents (also as written) and number words.

    A fraction counts as its value and as its two parts, so that "3/4" covers a text that speaks of 3 of 4 parts.
    """
    plain = text.translate(_PLAIN)
    found: set[Fraction] = set()
    for match in re.finditer(r"(?<![\w.])(\d[\d,]*(?:\.\d+)?)(?:\s*/\s*(\d+))?(%?)", plain):
        try:
            value = Fraction(match.group(1).replace(",", ""))
        except ValueError:
            continue
        found.add(value)
        if match.group(2) and int(match.group(2)):
            found |= {value / int(match.group(2)), Fraction(match.group(2))}
        if match.group(3):
            found.add(value / 100)
    words = re.findall(r"[a-z]+", plain.lower())
    found |= {Fraction(_WORD_NUMBERS[w]) for w in words if w in _WORD_NUMBERS}
    for tens, ones in pairwise(words):
        if _WORD_NUMBERS.get(tens, 0) >= 20 and 0 < _WORD_NUMBERS.get(ones, 0) < 10:
            found.add(Fraction(_WORD_NUMBERS[tens] + _WORD_NUMBERS[ones]))
    return found
