"""Number words of six languages as digits: "cuarenta y dos" is 42, "five sixths" 5/6, "null Komma fünf" 0.5.

English, Spanish, French, German, Portuguese and Italian. The names of 0 to 999 are generated and looked up, the longest
first, so that there is no grammar to get wrong; thousands are put together from them. Words that are also ordinary
words somewhere ("once", "due", "one", "un") count only where the text around them says so.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache

from classwright.classroom.number_names import bared, german, number_names, part_names

LONGEST = 9
"""Tokens that the longest name has ("novecientos noventa y nueve" has 4, with spare for variants)."""

_POINT = frozenset("point komma coma virgule virgola virgula ponto punto".split())
_MINUS = frozenset("minus negative menos moins meno".split())
_THOUSAND = frozenset("thousand tausend mil mille mila".split())
_AND = frozenset("and y et e und".split())
_OVER = frozenset("over sobre sur durch su fratto".split())
_ONE = frozenset("one a an un une una uno ein eine einen um uma".split())
_ORDINARY = frozenset(
    "one a an un une una uno ein eine einen um uma once due cent elf otto sei mil null dos seis nove vent zwo die hundred".split()
)
"""Number words that are something else too, in their own language or in another one of the six."""

_MEASURES = frozenset(
    "foot inch yard mile meter centimeter kilometer hour minute day week kilogram gram pound liter dollar".split()
)
_TELLS = frozenset(
    "is are equals equal get gets be makes gives answer number result exactly just only minus negative plus times over by "
    "es son est sont ist sind sono respuesta reponse antwort resposta risposta igual egal gleich macht fait sur sobre "
    "komma coma virgule virgola virgula point ergibt da viene kommt bekommst obtienes obtiens scrivi ecris escribe escreve "
    "schreib risultato resultado resultat ergebnis".split()
)
"""Words after which an ordinary word such as "one" is a number."""

_FOREIGN = {
    "es": "el la los las es respuesta que son tienes entonces numero de resultado escribe te da",
    "fr": "le la les est reponse que vous donc il resultat nombre de tu ecris obtiens non",
    "de": "der die das ist antwort sind also ergibt du zahl es kommt schreib heraus hin bekommst",
    "pt": "o os as a e resposta que sao entao voce da numero de resultado escreve certo",
    "it": "il lo gli e la risposta che sono quindi numero di della risultato viene scrivi giusto",
}  # fmt: skip
_FOREIGN_WORDS = tuple(frozenset(words.split()) for words in _FOREIGN.values())

_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|\S")


def words_to_digits(text: str) -> str:
    """A text in which every number in words stands in digits; everything else stays as it is.

    Integers below a million, decimals ("zero point six two"), fractions ("five sixths", "fünf Sechstel", "cinco sobre
    seis"), mixed numbers ("one and a half"). Digits said one by one ("four two") become "4 2".
    """
    if not re.search(r"[^\W\d_]{2}", text):
        return text
    tokens = [(m[0], m.start(), m.end()) for m in _TOKEN.finditer(text)]
    bare = [bared(t) for t, _, _ in tokens]
    foreign = _languages(bare)
    out: list[str] = []
    at = 0
    for i, j, digits in _spoken(text, tokens, bare, foreign):
        out += [text[at : tokens[i][1]], digits]
        at = tokens[j - 1][2]
    return _joined("".join(out) + text[at:])


def _languages(bare: list[str]) -> bool:
    """Whether a text is in one of the five languages that are not English."""
    present = set(bare)
    return any(len(present & words) >= 2 for words in _FOREIGN_WORDS)


def _spoken(
    text: str, tokens: list[tuple[str, int, int]], bare: list[str], foreign: bool
) -> Iterator[tuple[int, int, str]]:
    """(first token, token after the last, digits) of each number or part in words."""
    numbers, parts, first = number_names(), part_names(), _first_words()
    i = 0
    previous = ""  # what the token before was read as: "number", "part" or nothing
    while i < len(bare):
        found, end = None, i
        begins = bare[i] in first or _COMPOUND.fullmatch(bare[i])  # most words begin no name: nothing to look up
        for j in range(min(len(bare), i + LONGEST), i, -1) if begins else ():
            phrase = _phrase(text, tokens, bare, i, j)
            if phrase is None:
                continue
            if phrase in parts and (previous == "number" or (i and bare[i - 1] in _ONE)):
                found, end, previous = f"/{parts[phrase]}", j, "part"
                break
            if (phrase in _THOUSAND or phrase == "hundred") and previous == "number":
                continue  # "trois mille": joined later
            if j == i + 1 and (whole := _compound(phrase)):
                found, end, previous = str(whole), j, "number"
                break
            if phrase in numbers and _is_number(phrase, bare, i, j, parts, foreign):
                found, end, previous = str(numbers[phrase]), j, "number"
                break
        if found is None:
            previous = "number" if bare[i].isdigit() else previous if bare[i] == "-" else ""
            i += 1
            continue
        yield i, end, found
        i = end


@cache
def _first_words() -> frozenset[str]:
    """The words that a name of a number or a part begins with."""
    return frozenset(name.split(" ", 1)[0] for names in (number_names(), part_names()) for name in names)


_COMPOUND = re.compile(r"([a-z]*?)(?:tausend(?:und)?|mila|mille)([a-z]*)")


def _compound(word: str) -> int | None:
    """A German or Italian word for a number from a thousand on: "vierzigtausendzwei", "tremilacento"."""
    match = _COMPOUND.fullmatch(word)
    if match is None or not any(match.groups()):
        return None
    head = number_names().get(match[1]) if match[1] else 1
    rest = number_names().get(match[2]) if match[2] else 0
    return None if head is None or rest is None else 1000 * head + rest


def _phrase(text: str, tokens: list[tuple[str, int, int]], bare: list[str], i: int, j: int) -> str | None:
    """Tokens i to j as a name, None where something other than a space or a hyphen stands between them."""
    words = []
    for k in range(i, j):
        if bare[k] == "-" and words and k + 1 < j:
            continue
        if not bare[k].isalpha():
            return None
        if words and not re.fullmatch(r"[\s\-‐‑]*", text[tokens[k - 1][2] : tokens[k][1]]):
            return None
        words.append(bare[k])
    return " ".join(words)


def _is_number(phrase: str, bare: list[str], i: int, j: int, parts: dict[str, int], foreign: bool) -> bool:
    """Whether a name is meant as a number here; always so unless it is an ordinary word too."""
    if phrase not in _ORDINARY:
        return True
    before = bare[i - 1] if i else ""
    after = bare[j] if j < len(bare) else ""
    if after in parts or after in _OVER or after in _POINT or " ".join(bare[j : j + 2]) in parts:
        return True
    if phrase in ("a", "an"):
        return False
    if phrase == "one" and after in _MEASURES:
        return True  # "one foot longer"
    if (
        phrase in _ONE
        and after in ("in", "out")
        and any(t.isdigit() or t in number_names() for t in bare[j + 1 : j + 3])
    ):
        return True  # "one in four"
    ends = after in ("", ".", "!", "?", ",", ";", ")") or after in ("plus", "minus", "times", "and")
    if phrase in _ONE:
        if (
            before in _POINT
            or before in _OVER
            or before in _THOUSAND
            or (before in number_names() and _POINT & set(bare[max(0, i - 6) : i]))
        ):
            return True
        return ends and (before in _TELLS or before in (":", "=", "(", "<", ">") or before in number_names())
    return (
        foreign
        or (ends and before in _TELLS)
        or before in _OVER
        or before in (":", "=", '"', "'", "“")
        or before in number_names()
    )


_HALF = ("half", "demie?", "medio", "media", "mei[oa]", "mezz[oa]")
_HALVES = {name: str(n) for n in range(2, 21) for name in (bared(german(n)[0]) + "einhalb",)} | {
    "eineinhalb": "1", "anderthalb": "1"
}  # fmt: skip


def _any(words: frozenset[str]) -> str:
    return "|".join(sorted(words))


_JOINS: list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = [
    (re.compile(rf"\b({'|'.join(_HALVES)})\b", re.I), lambda m: f"{_HALVES[bared(m[1])]} 1/2"),
    (re.compile(r"\b(\d{1,2})[\s-]+hundred\b(?:,?\s+(?:and\s+)?(\d{1,2})\b)?(?!\s*/)", re.I),
     lambda m: str(int(m[1]) * 100 + int(m[2] or 0))),
    (re.compile(rf"\b(?:(\d{{1,3}})[\s-]+|(?:a|one)\s+|(?<![\w]))(?:{_any(_THOUSAND)})\b"
                rf"(?:,?\s+(?:(?:{_any(_AND)})\s+)?(\d{{1,3}})\b)?(?!\s*/)", re.I),
     lambda m: str(int(m[1] or 1) * 1000 + int(m[2] or 0)) if m[1] or m[2] else m[0]),
    (re.compile(r"\b(?:half\s+(?:a|1)\s+|(?:(\d+)|a|one)\s+)dozen\b", re.I),
     lambda m: str(12 * int(m[1] or 1)) if not m[0].lower().startswith("half") else "6"),
    (re.compile(rf"\b(\d+)\s+(?:{_any(_POINT)}|vírgula)\s+(\d+(?:[ ,]+\d)*)\b", re.I),
     lambda m: f"{m[1]}.{re.sub(r'[ ,]', '', m[2])}"),
    (re.compile(r"(?<!the )(?<!this )(?<!that )(?<!a )(?<!which )(?<!each )(?<![\w])point\s+(\d(?:[ ,]+\d)*)\b", re.I),
     lambda m: f"0.{re.sub(r'[ ,]', '', m[1])}"),
    (re.compile(r"\b(?:a|an|one|un|une|una|uno|ein|eine|um|uma)\s+/(\d+)", re.I), r"1/\1"),
    (re.compile(r"\bhalf\s+(?=an?\s)", re.I), "1/2 "),
    (re.compile(r"(\b(?:is|equals|get|answer|answer:|=)\s+)half\b(?!\s+(?:of|as|way|the|past|after)\b)", re.I), r"\g<1>1/2"),
    (re.compile(r"(\d)[\s-]*(?<![\s-]{2})/(\d+)"), r"\1/\2"),
    (re.compile(rf"\b(\d+)\s+(?:{_any(_OVER)}|über)\s+(\d+)\b", re.I), r"\1/\2"),
    (re.compile(rf"\b(\d+|one|uno?|une?|ein|eins|eine|um)\s+(?:wholes?\s+|enteros?\s+|entiers?\s+|ganze\s+|interi?o?\s+|inteiros?\s+)?"
                rf"(?:{_any(_AND)})\s+(?:(\d+/\d+)|(?:{'|'.join(_HALF)})\b)", re.I),
     lambda m: f"{m[1] if m[1].isdigit() else 1} {m[2] or '1/2'}"),
    (re.compile(rf"(?<![\w)] )(?<!\w)(?:{_any(_MINUS)})\s+(?=\d)|(?<=[a-z] )(?:{_any(_MINUS)})\s+(?=\d)", re.I), "-"),
]  # fmt: skip


def _joined(text: str) -> str:
    """Join what belongs together: thousands, dozens, decimals, fractions, mixed numbers, signs."""
    if not re.search(r"\d|half|halb|dozen", text, re.I):
        return text  # every rule needs one of these
    for pattern, replacement in _JOINS:
        text = pattern.sub(replacement, text)
    return text
