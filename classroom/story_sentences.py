"""The sentences of a word problem: which one tells a number, and which one asks."""

import re
from collections import Counter
from collections.abc import Collection
from fractions import Fraction

from classwright.classroom.mentions import mentions, unified

LONGEST = 30
"""Words of a sentence that is quoted whole; of a longer one, its fitting clause."""
QUESTION = 0.6
"""Weight of the words that a question shares: what it asks is said in the last step anyway."""
_JOINED = re.compile(r"^(?:and|but|while|then)\s+")
_END = re.compile(r"(?<=[.?!])(?<!\bMr\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bSt\.)(?<!\bMrs\.)[\"”']?\s+(?=[A-Z\"“$\d])")
_CLAUSE = re.compile(r"(?<=[,;:])\s+|\s+(?=(?:and|but|while|then)\s)")


def sentences(text: str) -> list[str]:
    """The sentences of a text, on one line each."""
    return [s for s in _END.split(" ".join(text.split())) if s]


def asking(text: str) -> str:
    """The sentence that asks; the last one where none ends with a question mark."""
    parts = sentences(text)
    return next((s for s in reversed(parts) if s.endswith("?")), parts[-1] if parts else "")


def telling(text: str, numbers: Collection[Fraction], words: str = "") -> str:
    """The sentence that tells the most of some numbers, or shares the most words with a text; "" where none does.

    Args:
        text: The problem.
        numbers: What it should tell; they count before words.
        words: What it should be about. A word counts the less, the more sentences have it.
    """
    parts = sentences(text)
    spread = Counter(w for part in parts for w in _content(part))
    wanted = _content(words)

    def fit(part: str) -> tuple[int, float]:
        alike = sum(1 / spread[w] for w in wanted & _content(part) if w in spread)
        return len(set(numbers) & numbers_of(part)), alike * (QUESTION if part.endswith("?") else 1.0)

    best = max(parts, key=fit, default="")
    if not best or fit(best) == (0, 0):
        return ""
    if len(best.split()) > LONGEST:
        best = _JOINED.sub("", max(_CLAUSE.split(best), key=fit).strip(" ,;:"))
    return best


def numbers_of(text: str) -> set[Fraction]:
    """The numbers that a text states, in digits or words."""
    return {m.value for m in mentions(unified(text))}


def _content(text: str) -> set[str]:
    return {w.removesuffix("s")[:6] for w in re.findall(r"[^\W\d_]{4,}", text.lower())}
