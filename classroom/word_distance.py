"""How much of a text was changed: the edit distance over words."""

from collections.abc import Sequence


def word_distance(before: str, after: str) -> float:
    """Levenshtein distance over words (1966), as a share of the longer text: 0 is the same, 1 has nothing in common."""
    a, b = before.split(), after.split()
    return changed_words(a, b) / max(len(a), len(b), 1)


def changed_words(a: Sequence[str], b: Sequence[str]) -> int:
    """The least number of words inserted, removed or replaced that turns `a` into `b`."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]
