"""A second reader of a tutor's moves: naive Bayes over words and word pairs, learned from the texts to train on.

The rules of `classroom.moves` were read off other tutors' talk and see few of our moves; this reader knows our way to
say them, and its own reliability is what it finds in our held-out texts ("curated").
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from math import log

from classwright.distill.copying import words_of

_TOLD = re.compile(r"^What it is to do: (\w+), ([\w -]+?)\. ", re.M)
SMOOTHING = 0.5


class MoveReader:
    """Multinomial naive Bayes (McCallum & Nigam 1998) from a turn's words to its kind of move.

    Args:
        examples: (text, label).
    """

    def __init__(self, examples: Iterable[tuple[str, str]]) -> None:
        self._counts: dict[str, Counter[str]] = defaultdict(Counter)
        self._texts: Counter[str] = Counter()
        for text, label in examples:
            self._counts[label].update(_features(text))
            self._texts[label] += 1
        self._size = len(set().union(*self._counts.values())) if self._counts else 0
        self._totals = {label: counts.total() for label, counts in self._counts.items()}

    def __bool__(self) -> bool:
        return len(self._texts) > 1

    def read(self, text: str) -> str:
        """The likeliest label of a text.

        Raises:
            ValueError: It has learned nothing.
        """
        found = _features(text)
        return max(sorted(self._texts), key=lambda label: self._score(label, found))

    def _score(self, label: str, found: list[str]) -> float:
        counts, total = self._counts[label], self._totals[label] + SMOOTHING * self._size
        prior = log(self._texts[label] / self._texts.total())
        return prior + sum(log((counts[f] + SMOOTHING) / total) for f in found)


def told_submove(prompt: str) -> str:
    """The kind of move that a tutor's prompt asks for, "" if it asks for none."""
    found = _TOLD.search(prompt)
    return found[2] if found else ""


def _features(text: str) -> list[str]:
    words = ["#" if w[0].isdigit() else w for w in words_of(text)] + (["?"] if "?" in text else [])
    return [*words, *(f"{a} {b}" for a, b in pairwise(words))]
