"""A teacher's own text: its pages, how it is kept with a run, and the passages it is quoted by.

A passage is always a piece of the text as it stands there, so that a quote can be looked up.
"""

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, field_validator

PASSAGE = 600
"""Longest passage in characters: a paragraph, short enough to be read in a lesson plan."""
LEAST = 40
"""Shortest passage in characters; what is shorter is a heading or a page number and says nothing by itself."""
_MARK = re.compile(r"\f\[page (\d+)\]\n")
_HEADING = re.compile(r"^(#{1,6}) +(.+?)(?: +#+)?$", re.M)
_CUTS = [r"(?<=\n)(?=#{1,6} )", r"\n\s*\n", r"(?<=[.!?…])\s+(?=\S)", r"\n", r"\s+", ""]
"""Where a text may be cut, the best place first: before a heading, between paragraphs, sentences, lines, words."""


class Source(BaseModel):
    """A text that was read from a file.

    Attributes:
        name: The file's name, without a folder.
        pages: The text of each page; one entry where the kind of file has no pages. Headings are Markdown ("## ...").
        paged: Whether `pages` are pages that a reader can turn to.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    pages: tuple[str, ...] = Field(min_length=1)
    paged: bool = False

    @field_validator("pages")
    @classmethod
    def _no_marks(cls, pages: tuple[str, ...]) -> tuple[str, ...]:
        if any("\f" in page for page in pages):
            raise ValueError("a form feed marks a page, no page holds one")
        return pages

    @property
    def digest(self) -> str:
        """SHA-256 of the text as it is kept; the name is no part of it."""
        return sha256(to_text(self).encode()).hexdigest()

    @property
    def blank_pages(self) -> list[int]:
        """Pages, from 1, on which no text was found (pictures, scans)."""
        return [n for n, page in enumerate(self.pages, 1) if self.paged and not page.strip()]

    def where(self, page: int) -> str:
        """How a reader finds a page (from 1): "notes.pdf, page 3", or "notes.md"."""
        return f"{self.name}, page {page}" if self.paged else self.name


class Excerpt(NamedTuple):
    """A passage in its place.

    Attributes:
        source: As a reader finds it ("notes.pdf, page 3").
        headings: The headings that it stands under, outermost first.
        text: The words, exactly as on the page.
    """

    source: str
    headings: tuple[str, ...]
    text: str

    def described(self) -> str:
        """The passage with its headings, which is what is compared by meaning."""
        return ". ".join((*self.headings, self.text))


def to_text(source: Source) -> str:
    """The text that is kept in a run's directory: pages marked by a form feed and "[page 3]"."""
    if not source.paged:
        return source.pages[0]
    return "".join(f"\f[page {n}]\n{page}\n" for n, page in enumerate(source.pages, 1))


def from_text(name: str, text: str) -> Source:
    """The source that `to_text` has written."""
    pieces = _MARK.split(text)
    if len(pieces) == 1:
        return Source(name=name, pages=(text,))
    return Source(name=name, pages=tuple(page.removesuffix("\n") for page in pieces[2::2]), paged=True)


def excerpts(source: Source, longest: int = PASSAGE) -> list[Excerpt]:
    """The passages of a source in reading order, none over two pages, each under its headings.

    Args:
        source: The text.
        longest: Most characters of a passage; cut at paragraphs, else at sentences, lines, words.
    """
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        _CUTS, is_separator_regex=True, keep_separator="end", chunk_size=longest, chunk_overlap=0, add_start_index=True
    )
    found: list[Excerpt] = []
    standing: list[tuple[int, str]] = []
    for number, page in enumerate(source.pages, 1):
        marks = list(_HEADING.finditer(page))
        for document in splitter.create_documents([page]):
            start = document.metadata["start_index"]
            while marks and marks[0].start() <= start:
                standing = _under(standing, marks.pop(0))
            text = document.page_content
            while heading := _HEADING.match(text):  # a passage's own heading is said by `headings`
                text = text[heading.end() :].lstrip()
                inside = page.find(text, start) if text else len(page)
                while marks and marks[0].start() < inside:
                    standing = _under(standing, marks.pop(0))
            if len(text.strip()) >= LEAST:
                found.append(Excerpt(source.where(number), tuple(title for _, title in standing), text.strip()))
    return found


def _under(standing: Sequence[tuple[int, str]], heading: re.Match[str]) -> list[tuple[int, str]]:
    level = len(heading[1])
    return [*(h for h in standing if h[0] < level), (level, heading[2].strip())]


_ABBREVIATED = re.compile(
    r"(?:(?i:\b(?:e\.g|i\.e|etc|vs|cf|ca|approx|fig|mr|mrs|ms|dr|st|b\.c|a\.d|u\.s))|\b[A-Z]|^\W*\d{1,3})\.$"
)
"""What ends with a period that ends no sentence: abbreviations, initials, the number of a list's entry."""


def sentences(text: str) -> list[str]:
    """The sentences of a text, each as it stands there. A line break ends a sentence, an abbreviation does not."""
    found: list[str] = []
    for line in text.split("\n"):
        start = 0
        for end in re.finditer(r"(?<=[.!?…])[\"”’)]?\s+(?=[\w“\"‘(¿¡])|(?<=[。！？])", line):
            piece = line[start : end.start()] + line[end.start() : end.end()].rstrip()
            if not _ABBREVIATED.search(piece):
                found.append(piece)
                start = end.end()
        found.append(line[start:])
    return [sentence.strip() for sentence in found if sentence.strip()]
