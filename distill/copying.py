"""How much of a text was copied: whether it stands in other texts as it is, and its longest run of words that does."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d[\d.,/:]*\d|\d")
_BASE = 0x9E3779B97F4A7C15
"""An odd multiplier of the rolling hash."""


class Copied(NamedTuple):
    """What of a text is copied.

    Attributes:
        verbatim: Whether the whole of it is one of the other texts, case and punctuation aside.
        run: Words of its longest run that stands in one of them, numbers counted as equal: a sentence pattern filled
            with other numbers is copied as well.
        words: Its words.
    """

    verbatim: bool
    run: int
    words: int

    @property
    def share(self) -> float:
        """The run as a share of the text, 0..1."""
        return self.run / self.words if self.words else 0.0


def copied(texts: Sequence[str], others: Sequence[str]) -> list[Copied]:
    """How much each text copies from any of the others.

    Runs of one word are looked for first, then of two among the places that are left, and so on: a run of n words
    begins only where one of n - 1 does. Runs are compared by a rolling hash of 64 bits, whose chance to confuse two is
    under one in a million for a million words.

    Args:
        texts: What may be copied.
        others: What it may be copied from.
    """
    spoken = [words_of(t) for t in texts]
    known = {tuple(words_of(o)) for o in others}
    runs = _longest_runs([_masked(w) for w in spoken], [_masked(words_of(o)) for o in others])
    return [Copied(tuple(w) in known, run, len(w)) for w, run in zip(spoken, runs, strict=True)]


def words_of(text: str) -> list[str]:
    """The words and numbers of a text in small letters."""
    return [w.replace("’", "'") for w in _WORD.findall(text.lower())]


def _masked(words: Sequence[str]) -> list[str]:
    return ["#" if w[0].isdigit() else w for w in words]


def _longest_runs(texts: Sequence[Sequence[str]], others: Sequence[Sequence[str]]) -> list[int]:
    import numpy as np

    ids: dict[str, int] = {}
    mine, their = (_Flat([[ids.setdefault(w, len(ids)) for w in words] for words in side]) for side in (texts, others))
    codes = np.random.default_rng(0).integers(0, 2**64, size=max(1, len(ids)), dtype=np.uint64)
    best = np.zeros(len(texts), dtype=np.int64)
    length = 0
    while mine.alive.size and their.alive.size:
        length += 1
        mine.grow(codes, length)
        their.grow(codes, length)
        mine.keep(np.isin(mine.hashes, their.hashes))
        their.keep(np.isin(their.hashes, mine.hashes))
        best[mine.text[mine.alive]] = length
    return best.tolist()


class _Flat:
    """Texts one behind the other, with the places from which runs are still followed.

    Attributes:
        words: Word ids of all texts, shape (n,).
        text: The text of each place, shape (n,).
        alive: Places at which a run begins, shape (m,).
        hashes: The hash of each of these runs, shape (m,).
    """

    def __init__(self, texts: Sequence[Sequence[int]]) -> None:
        import numpy as np

        self.words = np.array([w for words in texts for w in words], dtype=np.int64)
        self.text = np.repeat(np.arange(len(texts)), [len(words) for words in texts])
        self.alive = np.arange(len(self.words))
        self.hashes = np.zeros(len(self.words), dtype=np.uint64)

    def grow(self, codes: "np.ndarray", length: int) -> None:
        """Make every run one word longer; one that would leave its text ends."""
        import numpy as np

        last = self.alive + length - 1
        self.keep(
            (last < len(self.words)) & (self.text[np.minimum(last, len(self.words) - 1)] == self.text[self.alive])
        )
        self.hashes = self.hashes * np.uint64(_BASE) + codes[self.words[self.alive + length - 1]]

    def keep(self, those: "np.ndarray") -> None:
        """Follow only some of the runs."""
        self.alive, self.hashes = self.alive[those], self.hashes[those]
