"""What code checks of a translated text: the same numbers, signs, letters, names and lines, in the right language."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from classwright.classroom.equations import false_equations
from classwright.classroom.language import NO_SPACES, base_code, language_fault
from classwright.classroom.plan import LessonPlan
from classwright.classroom.translation import Piece
from classwright.skilltree.scenes import NAMES

_NUMBER = re.compile(r"\$?(?<![A-Za-z0-9_.])\d[\d,]*(?:\.\d+)?%?(?![A-Za-z_]*\d)|(?<=[A-Za-z(])\d+|\d+(?=[A-Za-z])")
_SIGNS = re.compile(r"[=<>≤≥≠×÷·√∛π°²³^|/+★●○■▲◆□▢▭△◯…→]|_{2,}|(?<=[\s(\d])[-−](?=[\d\s(a-z])")
_ABBREVIATION = re.compile(r"(?<=\d)\s?(?:mm|cm|km|kg|mg|ml|mL|°C)\b")
_VARIABLES = re.compile(r"(?<![^\W_])[xnkpqrtbcdfgj](?![^\W\d_]|['’])")
NOT_TRANSLATED = "not translated"
_CHATTER = re.compile(r"^\W*(here (is|are)|sure|certainly|of course|translation|translated|note)\b", re.I)
_EQUATION = re.compile(r"[\d(□_][\d\s.,/+*×÷·^()□_−-]*(?:[=<>≤≥≠][\d\s.,/+*×÷·^()□_−-]*[\d)□_])+")
_NUMBER_WORD = re.compile(
    r"\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|halves|thirds?|fourths?|quarters?|tens|"
    r"hundreds?|thousands?|dozen)\b",
    re.I,
)


def piece_faults(piece: Piece, text: str, language: str, needed: Mapping[str, str] | None = None) -> list[str]:
    """What is wrong with a translated piece, one reason each; empty if it may be used.

    Args:
        piece: The piece in English.
        text: Its translation.
        language: Language code.
        needed: English word -> translation whose beginning must occur where the word occurs: the choices of a problem.
    """
    found = []
    if not text.strip():
        return ["empty"]
    if _CHATTER.search(text) or re.search(r"```|\*\*|^#", text, re.M):
        found.append("holds more than the translation")
    if text.count("\n") != piece.text.count("\n"):
        found.append(f"{text.count(chr(10)) + 1} lines, not {piece.text.count(chr(10)) + 1}")
    if piece.kind == "choices" and len(set(text.casefold().split("\n"))) < len(text.split("\n")):
        found.append("two of the answers became one word")
    for what, pattern in (("number", _NUMBER), ("sign", _SIGNS), ("unit", _ABBREVIATION)):
        if fault := _changed(what, pattern, piece.text, text):
            found.append(fault)
    if (wrong := false_equations(text, questions=False)) and not false_equations(piece.text, questions=False):
        found.append(f"false equation: {wrong[0]}")
    letters = re.findall(r"(?<![A-Za-z'’])[b-hj-z](?![A-Za-z'’])", piece.text)
    if lost := [x for x in letters if x not in re.findall(r"[a-z]", _isolated(text))]:
        found.append(f"the letter {lost[0]} is missing")
    if brought := [x for x in _VARIABLES.findall(text) if x not in letters]:
        found.append(f"the letter {brought[0]} was added")
    if gone := [n for n in _names(piece.text) if n not in text]:
        found.append(f"{gone[0]} is missing")
    if _bare(text) == _bare(piece.text):
        found.append(NOT_TRANSLATED)
    elif piece.kind != "choices" and (left := _english_left(piece.text, text, language)):
        found.append(f"{left!r} is still English")
    elif fault := language_fault(text, language, " ".join(_names(piece.text))):
        found.append(fault)
    if fault := _length_fault(piece.text, text, language):
        found.append(fault)
    for word, wanted in (needed or {}).items():
        if re.search(rf"\b{re.escape(word)}\b", piece.text, re.I) and _root(wanted) not in text.casefold():
            found.append(f"{word!r} should be {wanted!r}")
    return found


class Compared(NamedTuple):
    """A plan held against its translation, text by text.

    Attributes:
        equations, numbers: How many the plan has in its texts.
        changed: "place: what" of every text that lost, gained or falsified one; empty if all are intact.
    """

    equations: int
    numbers: int
    changed: list[str]


def compared(plan: LessonPlan, translated: LessonPlan) -> Compared:
    """Whether every equation, number and sign of a whole plan is where it was, however it was put together."""
    equations = numbers = 0
    changed = []
    for (where, old), (_, new) in zip(plan.texts(), translated.texts(), strict=True):
        before, after = (Counter("".join(e.split()) for e in _EQUATION.findall(t)) for t in (old, new))
        equations += before.total()
        numbers += len(_normal(_NUMBER, old))
        faults = [_changed(what, pattern, old, new) for what, pattern in (("number", _NUMBER), ("sign", _SIGNS))]
        if lost := before - after:
            faults.append(f"the equation {next(iter(lost))} is missing")
        wrong = [e for e in false_equations(new, questions=False) if old != new]
        if wrong and not false_equations(old, questions=False):
            faults.append(f"false equation: {wrong[0]}")
        changed += [f"{where}: {fault}" for fault in faults if fault]
    return Compared(equations, numbers, changed)


def _root(word: str) -> str:
    """The beginning of a word that its inflected forms share: "agudo", "agudos", "aguda"."""
    return word.casefold()[: max(2, len(word) - 2)]


def _english_left(old: str, new: str, language: str) -> str:
    """An English word that stands unchanged where at least half of the words that carry meaning do; "" if fewer do.

    French shares so many words with English (fraction, angle, rectangle) that more are allowed.
    """
    names = {n.lower() for n in NAMES}
    words = list(dict.fromkeys(w for w in re.findall(r"[a-z]{4,}", old.lower()) if w not in names))
    stayed = [w for w in words if w in re.findall(r"[a-z]+", new.lower())]
    most = 2 / 3 if base_code(language) == "fr" else 1 / 2
    return stayed[0] if len(words) > 1 and len(stayed) >= most * len(words) else ""


def _changed(what: str, pattern: re.Pattern[str], old: str, new: str) -> str:
    a, b = Counter(_normal(pattern, old)), Counter(_normal(pattern, new))
    if missing := a - b:
        return f"the {what} {next(iter(missing))} is missing"
    extra = b - a
    if what == "number" and _NUMBER_WORD.search(old):  # "two bags" may become "2 bolsas"
        extra = Counter({n: k for n, k in extra.items() if not re.fullmatch(r"\d{1,2}|100|1000", n)})
    return f"the {what} {next(iter(extra))} was added" if extra else ""


def _normal(pattern: re.Pattern[str], text: str) -> list[str]:
    return [m.strip().replace("−", "-").rstrip(",") for m in pattern.findall(text)]


def _isolated(text: str) -> str:
    return " ".join(re.findall(r"(?<![^\W\d_])[a-z](?![^\W\d_])", text))


def _names(text: str) -> list[str]:
    return [
        n for n in dict.fromkeys(re.findall(r"[A-Z][a-z]+", text)) if n in NAMES and n not in ("Will", "Gabe", "Sam")
    ]


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _length_fault(old: str, new: str, language: str) -> str:
    if base_code(language) in NO_SPACES:
        share, least, most = len(new) / len(old), 0.12, 1.5
    else:
        share, least, most = len(new) / len(old), 0.45, 2.2
    if len(old) < 25:
        most = max(most, (25 + len(old)) / len(old))
    return "" if least <= share <= most else f"{share:.1f} times the length of the English"
