"""How much of what a misconception's question, repair or name says stands in a text, by its rare words."""

import re
from collections import Counter
from math import log

from classwright.skilltree.skill import Misconception
from classwright.skilltree.tree import SkillTree

FEWEST = 3
"""Words that a text must share with a description; one or two that agree are chance."""
_STOP = frozenset(
    "a an the of to in on is are it you your and or do does that this what how many which with for be as at if one can "
    "they them their there not so by than then i we would could have has more".split()
)
_made: list[tuple[SkillTree, dict[str, float]]] = []


def descriptions(misconception: Misconception) -> tuple[str, str, str]:
    """The texts that say what answers a misconception: its diagnostic question, its repair, its name."""
    return misconception.question, misconception.repair, misconception.name


def covered(text: str, misconception: Misconception, tree: SkillTree) -> float:
    """The largest share of a description's words that a text holds, 0..1, each word weighed by how rare it is.

    The weight is the inverse document frequency over the tree's misconceptions (Spärck Jones, 1972); numbers are left
    out, as a tutor takes others.
    """
    weight = _weights(tree)
    said = _words(text)
    best = 0.0
    for description in descriptions(misconception):
        words = _words(description)
        shared = words & said
        if len(shared) >= FEWEST:
            best = max(best, sum(weight[w] for w in shared) / sum(weight[w] for w in words))
    return best


def _weights(tree: SkillTree) -> dict[str, float]:
    """Word -> weight in a tree; kept for the last few trees, as a run asks for it turn after turn."""
    for known, weights in _made:
        if known is tree:
            return weights
    number = len(tree.misconceptions)
    seen = Counter(w for m in tree.misconceptions.values() for w in _words(" ".join(descriptions(m))))
    weights = {word: log((1 + number) / n) for word, n in seen.items()}
    _made[:] = [*_made[-3:], (tree, weights)]
    return weights


def _words(text: str) -> set[str]:
    """Content words without a plural s."""
    words = re.findall(r"[a-z]+", text.lower())
    return {w[:-1] if w.endswith("s") and len(w) > 3 else w for w in words} - _STOP
