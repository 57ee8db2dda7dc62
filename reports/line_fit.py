"""How many lines a text takes on a slide, from the widths of the letters."""

from collections.abc import Sequence

_WIDTHS = {
    22: "\"'", 23: " il·", 25: ",.Ij’", 27: ":;", 30: "()`", 31: "-[]f{}", 33: "!tJ", 35: "r⁄²³°", 39: "/\\s", 40: "z",
    43: "xLc“”", 46: "kvy?FS|", 48: "aZg", 50: "#*+<=>^_e~ETY×÷−√≤≥–", 53: "$0123456789CbdhnopquKPX", 55: "BRπ",
    58: "AV", 63: "DHG□●○", 66: "NOQU&", 71: "%w…", 80: "m★■▲", 88: "M@W—",
}  # fmt: skip
_WIDTH = {letter: hundredths / 100 for hundredths, letters in _WIDTHS.items() for letter in letters}
"""Widths in em of Calibri, and of Carlito which has the same, rounded up."""
WIDE = 1.0
"""Width of any other letter: that of a Chinese character, so that a guess is never too small."""
LINE_HEIGHT = 1.22
SAFE = 1.06
"""The fonts of another machine may be a little wider."""


def width(text: str, size: float) -> float:
    """Width of a text on one line.

    Args:
        text: Without line breaks.
        size: Of the type, in points.

    Returns:
        Points.
    """
    return SAFE * size * sum(_WIDTH.get(letter, WIDE if ord(letter) > 0x2E80 else 0.66) for letter in text)


def lines(text: str, size: float, room: float) -> int:
    """How many lines a text takes when it is broken at spaces; a word wider than the room is broken anywhere.

    Args:
        text: May hold line breaks.
        size: Of the type, in points.
        room: Width to write in, in points.
    """
    return sum(_wrapped(paragraph, size, room) for paragraph in text.split("\n"))


def _wrapped(paragraph: str, size: float, room: float) -> int:
    count, used = 1, 0.0
    space = width(" ", size)
    for word in paragraph.split(" "):
        wide = width(word, size)
        if used and used + space + wide > room:
            count, used = count + 1, 0.0
        if wide > room:
            more = int(wide // room)
            count, wide = count + more, wide - more * room
        used += wide + (space if used else 0.0)
    return count


def height(paragraphs: Sequence[str], size: float, room: float, gap: float) -> float:
    """Height of paragraphs in points, with `gap` points after each."""
    return sum(lines(p, size, room) * size * LINE_HEIGHT + gap for p in paragraphs)
