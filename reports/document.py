"""A paper document as a list of blocks: what is on it, in order. `word` and `pdf` write it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Literal

Mark = Literal["", "strong", "answer", "soft", "em"]
Tone = Literal["plain", "warm"]
Paper = Literal["letter", "a4"]
Line = tuple[tuple[str, Mark], ...]
"""Stretches of text, each with how it is set. Typed mathematics in them is set as such, "\\n" breaks the line."""


@dataclass(frozen=True)
class Heading:
    """A heading; `note` stands at the end of its line ("8 min")."""

    text: str
    level: Literal[1, 2] = 1
    note: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Running text; "say" is what a teacher says aloud, "soft" is said by the way."""

    line: Line
    style: Literal["body", "say", "soft"] = "body"


@dataclass(frozen=True)
class Item:
    """An item of a list: its line, lines under it, and room to write in centimeters."""

    line: Line
    below: tuple[Line, ...] = ()
    room: float = 0.0


@dataclass(frozen=True)
class Items:
    """A list.

    Attributes:
        first: Number of the first item; more than 1 goes on counting in the list before.
        columns: How many items stand side by side.
    """

    items: tuple[Item, ...]
    numbered: bool = True
    first: int = 1
    columns: Literal[1, 2] = 1


@dataclass(frozen=True)
class Table:
    """A table with a header row and a row of totals at the end; `widths` are parts of the width of the page."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]


@dataclass(frozen=True)
class Box:
    """Blocks set apart."""

    blocks: tuple["Paragraph | Items", ...]
    tone: Tone = "plain"


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True)
class NameLine:
    """A line for a name and a date."""


Block = Heading | Paragraph | Items | Table | Box | PageBreak | NameLine


@dataclass(frozen=True)
class Document:
    """A document.

    Attributes:
        title: Stands on top and in the file's properties.
        lead: A line under the title, "" for none.
        kind: What it is, for the header of every page: "Lesson plan", "Worksheet", "Answer key".
        language: BCP 47.
        large: Set it in larger type, for young readers.
    """

    title: str
    kind: str
    blocks: list[Block] = field(default_factory=list)
    lead: str = ""
    language: str = "en"
    large: bool = False


def line(text: str, mark: Mark = "") -> Line:
    """One stretch of text."""
    return ((text, mark),)


def said(text: str) -> list[Paragraph]:
    """What is said aloud, a paragraph for each line of the text."""
    return [Paragraph(line(part), "say") for part in text.split("\n") if part.strip()]


def bullets(texts: Sequence[str]) -> Items:
    """A list without numbers."""
    return Items(tuple(Item(line(t)) for t in texts), numbered=False)


def side_by_side(items: Sequence[tuple[Item, bool]]) -> list[Items]:
    """A numbered list in which neighbors that are short (True) stand two in a row, with equal room."""
    lists: list[Items] = []
    first = 1
    for short, group in groupby(items, key=lambda pair: pair[1]):
        members = tuple(item for item, _ in group)
        columns = 2 if short and len(members) > 1 else 1
        if columns == 2:
            rooms = [max(item.room for item in members[i - i % 2 : i - i % 2 + 2]) for i in range(len(members))]
            members = tuple(replace(item, room=room) for item, room in zip(members, rooms, strict=True))
        lists.append(Items(members, first=first, columns=columns))
        first += len(members)
    return lists


def steps(texts: Sequence[str]) -> Items:
    """A numbered list."""
    return Items(tuple(Item(line(t)) for t in texts))
