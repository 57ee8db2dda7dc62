"""Texts compared letter by letter without case and accents."""

import unicodedata


def visible(text: str) -> str:
    """A text without invisible format characters, which could hide a name from every pattern."""
    return "".join(c for c in text if unicodedata.category(c) != "Cf")


def fold(text: str) -> tuple[str, list[int]]:
    """A text in small letters without accents, and for each of its characters the place in the original."""
    out: list[str] = []
    places: list[int] = []
    for i, char in enumerate(text):
        for plain in unicodedata.normalize("NFKD", char):
            if unicodedata.combining(plain):
                continue
            for folded in plain.casefold().replace("’", "'"):
                out.append(folded)
                places.append(i)
    return "".join(out), places


def plain(text: str) -> str:
    """A text in small letters without accents and with single spaces."""
    return " ".join(fold(text)[0].split())
