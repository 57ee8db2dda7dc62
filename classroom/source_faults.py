"""What a teacher's own text says that code knows to be false: equations and stated answers."""

import re

from classwright.classroom.equations import false_equations
from classwright.classroom.source import Excerpt, sentences, unwrapped

_NUMBER = r"[-−]?\$?\d[\d,]*(?:\.\d+)?(?:\s*/\s*\d+)?%?"
_SUM = rf"(?P<sum>{_NUMBER}(?:(?:\s*[+*/×·÷]\s*|\s[-−]\s){_NUMBER})+)"  # "1914-1918" and "3:4" are no computations
_STATED = re.compile(
    rf"{_SUM}\s*=?\s*[.?;,]?\s*(?:(?:the |your |our )?(?:answer|result|solution|sum|difference|product|quotient)"
    rf"\s*(?:is|:|=)|→|=>|⇒)\s*(?P<answer>{_NUMBER}(?:\s+\d+/\d+)?)(?![\w/])",
    re.I,
)
"""A computation with its answer in words: "3/4 + 1/8. Answer: 7/8", "the sum is", "→"."""
DENIED = re.compile(
    r"\b(?:wrong|incorrect|mistakes?|errors?|false|not true|never|misconceptions?|instead of|don['’]t|do not|careful|"
    r"think that|believe|falsch|fehler|faux|erreur|mal|errado|errores)\b|≠",
    re.I,
)
"""What tells that a sentence reports a mistake or a belief, not a fact."""


def faults_in(passage: Excerpt) -> list[str]:
    """What a passage states against code, a line for each, with the place: "notes.md says 1/2 + 1/3 = 2/5, which is
    false". A false equation that the passage itself calls a mistake is no fault; see `speaks_of_mistakes`.
    """
    found = []
    for where, equation in _false_in(passage.text):
        if not DENIED.search(where):
            found.append(f"{passage.source} says {equation}, which is false")
    return found


def speaks_of_mistakes(passage: Excerpt) -> bool:
    """Whether a passage shows a false equation in order to warn of it; it must not be quoted as a fact."""
    return any(DENIED.search(where) for where, _ in _false_in(passage.text))


def _false_in(text: str) -> list[tuple[str, str]]:
    """(the sentence with its neighbors, the equation) of each false equation."""
    lines = sentences(unwrapped(_with_answers(text)))
    found = []
    for i, line in enumerate(lines):
        around = " ".join(lines[max(0, i - 1) : i + 2])
        found += [(around, equation) for equation in false_equations(line, questions=False)]
    return found


def _with_answers(text: str) -> str:
    """The text with stated answers written as equations."""
    return _STATED.sub(lambda m: f"{m['sum']} = {m['answer']}", text)
