"""A stand-in for Spanish, word by word, and a translator that writes it."""

import re
from typing import Any

from classwright.skilltree.scenes import NAMES

SPANISH = {
    "the": "el", "a": "un", "an": "un", "of": "de", "and": "y", "is": "es", "are": "son", "in": "en", "to": "de", "or": "o",
    "how": "cómo", "many": "cuántos", "what": "qué", "which": "cuál", "each": "cada", "more": "más", "with": "con",
    "for": "por", "it": "lo", "you": "su", "i": "yo", "can": "puedo", "there": "hay", "no": "no", "yes": "sí", "has": "tiene",
}  # fmt: skip


def spanish(text: str) -> str:
    """Word by word: everything else of a text stays."""

    def one(match: re.Match) -> str:
        word = str(match[0])
        if word in NAMES or re.fullmatch(r"[IVX]+|mm|cm|km|kg|mg|ml|[b-zB-Z]|[A-Z]{2,}", word):
            return word
        return SPANISH.get(word.lower(), word.lower() + "ado")

    return re.sub(r"[A-Za-z]+", one, text.replace("'s", "").replace("'", ""))


def asked(body: dict[str, Any]) -> str:
    """The text that a translator is given."""
    return body["messages"][-1]["content"].split("into Spanish:\n")[-1]


def good(body: dict[str, Any]) -> str:
    """A translation that passes every check."""
    return spanish(asked(body))
