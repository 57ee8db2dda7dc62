"""Whether two answers in words say the same, as far as code can tell: strict, but fair to how an answer is phrased."""

import re
import unicodedata
from typing import Literal

from classwright.classroom.claims import content, denials
from classwright.classroom.equations import numbers_in

Agreement = Literal["same", "different", "unsure"]
"""unsure: they share words, or one may be short for the other; somebody has to read them."""

_LIST = re.compile(r"\s*(?:[,;/&+]|\band\b|\bor\b|\bas well as\b|\by\b|\bund\b|\bet\b)\s*", re.I)
_PREAMBLE = re.compile(
    r"^\W*(?:the (?:correct |right )?answer is|answer:|it is|it's|they are|it was|they were|this is|that is)\s+", re.I
)
_YES_NO = re.compile(r"^\W*(yes|no|true|false)\b", re.I)


def agree(a: str, b: str) -> Agreement:
    """Compare two answers to the same question.

    Case, punctuation, articles, endings and the order of a list do not count. Numbers must be equal, and neither may
    deny what the other says. An answer may say more than the other ("in the chloroplasts of the leaf" for "the
    chloroplasts") as long as it names as many things. Synonyms are beyond code.

    Args:
        a: An answer.
        b: Another.
    """
    a, b = _plain(a), _plain(b)
    if not a or not b:
        return "different"
    if a == b:
        return "same"
    if numbers_in(a) != numbers_in(b):
        return "different"
    decided = [m[1].lower() if (m := _YES_NO.match(x)) else "" for x in (a, b)]
    if all(decided):
        return "same" if _truth(decided[0]) == _truth(decided[1]) else "different"
    if denials(a) != denials(b):
        return "different"
    first, second = _things(a), _things(b)
    if len(first) == len(second) and _pair_up(first, second):
        return "same"
    words, others = set().union(*first), set().union(*second)
    if not words and not others:
        return "same"  # nothing but equal numbers
    if words & others or _short_for(a, b) or _short_for(b, a):
        return "unsure"
    return "unsure" if min(len(words), len(others)) > 3 else "different"


def _plain(text: str) -> str:
    text = " ".join(unicodedata.normalize("NFKC", text).lower().split()).strip(" .!\"'“”*`")
    return _PREAMBLE.sub("", text).strip()


def _truth(word: str) -> bool:
    return word in ("yes", "true")


def _things(answer: str) -> list[set[str]]:
    """The content words of each thing that an answer names. A number is a thing without words; numbers are compared
    apart. An answer of small words alone ("it", "up") is those words.
    """
    found = []
    for piece in _LIST.split(answer):
        words = {word for word in content(piece) if not numbers_in(word)}
        if words or numbers_in(piece):
            found.append(words)
    return found or [set(re.findall(r"[^\W\d_]+", answer))]


def _pair_up(first: list[set[str]], second: list[set[str]]) -> bool:
    """Whether the things of two lists can be matched one to one, each with one that says no less."""
    if not first:
        return not second
    one, rest = first[0], first[1:]
    return any(
        (one <= other or other <= one) and _pair_up(rest, second[:i] + second[i + 1 :])
        for i, other in enumerate(second)
    )


def _short_for(short: str, long: str) -> bool:
    letters = re.sub(r"\W", "", short)
    initials = "".join(word[0] for word in re.findall(r"[^\W\d_]+", long) if word not in ("of", "the", "and"))
    return 1 < len(letters) <= 6 and letters == initials
