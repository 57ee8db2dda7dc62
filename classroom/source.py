"""A teacher's own text: its pages, how it is kept with a run, and the passages it is quoted by.

A passage is always a piece of the text as it stands there, so that a quote can be looked up.
"""

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, field_validator

PASSAGE = 600
"""Longest passage in characters: a paragraph, short enough to be read in a lesson plan."""
LEAST = 40
"""Shortest passage in characters; what is shorter is a heading or a page number and says nothing by itself."""
SHORT = 120
"""Characters up to which a paragraph is short."""
_MARK = re.compile(r"\f\[page (\d+)\]\n")
_HEADING = re.compile(r"^(#{1,6}) +(.+?)(?: +#+)?$", re.M)
_ENTRY = re.compile(r"\s*(?:[-*•–]|\(?\d{1,2}[.)]|[a-h]\))\s")
_CUTS = [r"\n\s*\n", r"(?<=[.!?…])\s+|(?<=[。！？])", r"\n", r"\s+", ""]
"""Where a passage may be cut, the best place first: between paragraphs, sentences, lines, words, anywhere."""


class SourceRef(BaseModel):
    """What a run's request says of a text: enough to know it again, without its words.

    Attributes:
        name: The file's name, without a folder.
        digest: SHA-256 of the text.
        pages: How many pages a reader can turn to; 0 where the kind of file has none.
        blank: Pages, from 1, on which no text was found.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    digest: str
    pages: int = 0
    blank: tuple[int, ...] = ()


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

    def ref(self) -> SourceRef:
        """What a request says of it."""
        pages = len(self.pages) if self.paged else 0
        return SourceRef(name=self.name, digest=self.digest, pages=pages, blank=tuple(self.blank_pages))

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

    def place(self) -> str:
        """Where a reader finds it: the page, or the heading where there are no pages ("notes.md, “Fractions”")."""
        if not self.headings or re.search(r", page \d+$", self.source):
            return self.source
        return f"{self.source}, “{self.headings[-1]}”"

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
    """The passages of a source in reading order: its paragraphs, each under its headings, none over two pages.

    The entries of a list that follow each other make one passage, long paragraphs are cut at sentences.

    Args:
        source: The text.
        longest: Most characters of a passage.
    """
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        _CUTS, is_separator_regex=True, keep_separator="end", chunk_size=longest, chunk_overlap=0
    )
    found: list[Excerpt] = []
    standing: list[tuple[int, str]] = []
    for number, page in enumerate(source.pages, 1):
        for heading, paragraphs in _sections(page, r"\n+" if source.paged else r"\n\s*\n"):
            if heading is not None:
                standing = [*(h for h in standing if h[0] < len(heading[1])), (len(heading[1]), heading[2].strip())]
            titles = tuple(title for _, title in standing)
            pieces = [
                piece.strip()
                for start, end in _joined(page, paragraphs)
                for piece in splitter.split_text(page[start:end])
            ]
            found += [Excerpt(source.where(number), titles, piece) for piece in pieces if len(piece) >= LEAST]
    return found


def _sections(page: str, gap: str) -> Iterator[tuple[re.Match[str] | None, list[tuple[int, int]]]]:
    """Each heading of a page (None before the first) with the places, start to end, of the paragraphs under it."""
    headings = list(_HEADING.finditer(page))
    starts = [0, *(h.end() for h in headings)]
    ends = [*(h.start() for h in headings), len(page)]
    for heading, start, end in zip([None, *headings], starts, ends, strict=True):
        paragraphs = []
        for cut in [*re.finditer(gap, page[start:end]), None]:
            stop = end if cut is None else start + cut.start()
            paragraphs.append(
                (paragraphs[-1][2] if paragraphs else start, stop, end if cut is None else start + cut.end())
            )
        yield heading, [(first, last) for first, last, _ in paragraphs if page[first:last].strip()]


def _joined(page: str, paragraphs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The entries of a list, and what is too short to stand alone, together with what they follow."""
    found: list[tuple[int, int]] = []
    for start, end in paragraphs:
        entry = _ENTRY.match(page, start) or end - start < LEAST
        if found and entry and end - start < SHORT and found[-1][1] - found[-1][0] < SHORT:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


_ABBREVIATED = re.compile(
    r"(?:(?i:\b(?:e\.g|i\.e|etc|vs|cf|ca|approx|fig|mr|mrs|ms|dr|st|b\.c|a\.d|u\.s))|\b[A-Z]|^\W*\d{1,3})\.$"
)
"""What ends with a period that ends no sentence: abbreviations, initials, the number of a list's entry."""


def unwrapped(text: str) -> str:
    """A text whose lines were broken to fit a page, with one line for each paragraph and each entry of a list."""
    return re.sub(r"(?<!\n)\n(?!\n|\s*(?:[-*•–]|\(?\d{1,2}[.)]|[a-h]\)|#{1,6})\s)", " ", text)


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
