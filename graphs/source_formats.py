"""The text of PDF pages, Word documents and web pages, with headings and structure as Markdown."""

import io
import re
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from classwright.errors import InputError

SECONDS = 300
"""Longest that a PDF is read: 500 pages of a textbook take under half a minute."""
MOST_UNPACKED = 400 << 20
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


def read_pdf(path: Path, raw: bytes, progress: Callable[[int, int], None]) -> list[str]:
    """The text of each page of a PDF, without running heads, its lines joined to paragraphs.

    Args:
        path: For messages.
        raw: The file.
        progress: Told (pages read, pages in all).

    Raises:
        InputError: No PDF, one that needs a password, or one that takes too long.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    began = time.monotonic()
    locked = f"{path}: is encrypted; save a copy without a password"
    try:
        reader = PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):  # many are only locked against printing
            raise InputError(locked)
        total, pages = len(reader.pages), []
        for number in range(total):
            pages.append(reader.pages[number].extract_text().split("\n"))
            progress(number + 1, total)
            if time.monotonic() - began > SECONDS:
                raise InputError(
                    f"{path}: page {number + 1} of {total} after {SECONDS} s; give the chapter that the lesson is about"
                )
    except (DependencyError, FileNotDecryptedError) as error:
        raise InputError(locked) from error
    except InputError:
        raise
    except RecursionError as error:
        raise InputError(f"{path}: is no PDF that can be read: it refers to itself") from error
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, OSError, AssertionError) as error:
        # a damaged file shows in whatever pypdf meets first
        raise InputError(f"{path}: is no PDF that can be read: {str(error)[:100] or type(error).__name__}") from error
    return [paragraphs(lines) for lines in _without_running_heads(pages)]


def paragraphs(lines: Sequence[str]) -> str:
    """The lines of a page as paragraphs: a line goes on in the next unless it is short, or ends a sentence before one
    that begins anew; a word divided at the end of a line is whole again.
    """
    lines = [" ".join(line.split()) for line in lines]
    widths = sorted(map(len, filter(None, lines)))
    full = widths[len(widths) * 9 // 10] if widths else 0
    text, last = "", ""
    for line in lines:
        if not text or not line or not last:
            text += ("\n\n" if text and line and not last else "") + line
        elif re.search(r"[a-zäöüß]-$", last) and re.match(r"[a-zäöüß]", line):
            text = text[:-1] + line
        else:
            anew = bool(re.match(r"[A-ZÄÖÜ0-9•\-–*(“\"¿¡]", line))
            listed = bool(re.match(r"(?:[•*–-]|\(?\d{1,2}[.)]|[a-h]\))\s", line))
            ended = bool(re.search(r"[.!?:;…][\"”’)]?$", last))
            short = len(last) < 0.75 * full
            text += ("\n" if listed or (anew and (short or (ended and len(last) < 0.9 * full))) else " ") + line
        last = line
    return text


def _without_running_heads(pages: list[list[str]]) -> Iterator[list[str]]:
    """Pages without those of their first and last two lines that many pages share but for a number."""
    shapes = Counter(shape for page in pages for shape in {_shape(line) for line in _edges(page)} if shape)
    often = {shape for shape, n in shapes.items() if n >= 4 and n > len(pages) / 3}
    for page in pages:
        lines = [line for line in page if line.strip()]
        heads = 0
        while heads < min(2, len(lines) - 1) and _shape(lines[heads]) in often:
            heads += 1
        feet = 0
        while feet < min(2, len(lines) - heads - 1) and _shape(lines[-1 - feet]) in often:
            feet += 1
        first, last = (lines[heads], lines[-1 - feet]) if lines else ("", "")
        start = page.index(first) if heads else 0
        stop = len(page) - page[::-1].index(last) if feet else len(page)
        yield page[start:stop]


def _edges(page: list[str]) -> list[str]:
    lines = [line for line in page if line.strip()]
    return [*lines[:2], *lines[-2:]]


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.split())).lower()


def read_docx(path: Path, raw: bytes) -> str:
    """The text of a Word document: headings as "## ...", lists as "- ...", rows of a table as "a | b".

    Raises:
        InputError: No Word document, one with a password, or one that unpacks to too much.
    """
    from docx import Document
    from docx.oxml.exceptions import InvalidXmlError
    from docx.table import Table
    from lxml.etree import XMLSyntaxError

    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(f"{path}: is encrypted, or an old .doc; save a copy as .docx without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise InputError(f"{path}: too long for a source; give the chapter that the lesson is about")
        document = Document(io.BytesIO(raw))
        blocks: list[str] = []
        for item in document.iter_inner_content():
            if isinstance(item, Table):
                blocks.append("\n".join(map(_row, item.rows)))
                continue
            style = (item.style.name or "") if item.style is not None else ""
            heading = re.fullmatch(r"Heading (\d)", style)
            text = _said(item._p).strip()
            if not text:
                continue
            if style == "Title" or heading:
                blocks.append(f"{'#' * min(int(heading[1]) if heading else 1, 6)} {' '.join(text.split())}")
            else:
                blocks.append(f"- {text}" if style.startswith("List") else text)
    except (zipfile.BadZipFile, KeyError, ValueError, XMLSyntaxError, InvalidXmlError, NotImplementedError) as error:
        raise InputError(f"{path}: is no Word document that can be read: {str(error)[:100]}") from error
    return "\n\n".join(blocks)


def _row(row: Any) -> str:
    cells = list(dict.fromkeys(cell._tc for cell in row.cells))  # a merged cell comes once for each place it fills
    return " | ".join(" ".join(_said(cell).split()) for cell in cells)


def _said(node: Any) -> str:
    """The text of an element of a Word document with its equations on one line: "(a + b)/2", "x^2"."""
    tag = node.tag
    if not isinstance(tag, str) or tag.endswith("}Fallback"):
        return ""  # a second copy of a text box, for old readers
    match tag:
        case t if t in (f"{_W}t", f"{_M}t"):
            return node.text or ""
        case t if t == f"{_W}tab":
            return " "
        case t if t in (f"{_W}br", f"{_W}cr"):
            return "\n"
        case t if t == f"{_M}f":
            return "/".join(_whole(node.find(f"{_M}{part}")) for part in ("num", "den"))
        case t if t == f"{_M}sSup":
            return f"{_whole(node.find(f'{_M}e'))}^{_whole(node.find(f'{_M}sup'))}"
        case t if t == f"{_M}rad":
            return f"√{_whole(node.find(f'{_M}e'))}"
    text = "".join(_said(child) for child in node)
    return text + "\n" if tag == f"{_W}p" else text


def _whole(node: Any) -> str:
    """A part of an equation, in parentheses where it is more than a number or a letter."""
    text = _said(node).strip() if node is not None else ""
    return text if re.fullmatch(r"\w*(?:\.\w+)?", text) else f"({text})"


def read_html(text: str) -> str:
    """What a reader sees of a web page's text: no scripts, menus or hidden parts."""
    reader = _Page()
    reader.feed(text)
    reader.close()
    return re.sub(r"(?:[ \t]|\| (?=\n))*\n[ \t]*", "\n", "".join(reader.out))


class _Page(HTMLParser):
    _UNSEEN = frozenset("script style noscript template nav header footer aside head svg form button select".split())
    _BLOCKS = frozenset(
        "p div section article main ul ol dl dd dt table tr figure blockquote pre h1 h2 h3 h4 h5 h6 li".split()
    )
    _EMPTY = frozenset("area base br col embed hr img input link meta source track wbr".split())

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._open: list[str] = []
        self._unseen: list[str] = []
        self._pre = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._EMPTY:
            if not self._unseen and tag in ("br", "hr"):
                self.out.append("\n")
            return
        given = dict(attrs)
        hidden = "hidden" in given or "display:none" in (given.get("style") or "").replace(" ", "").lower()
        if self._unseen or tag in self._UNSEEN or hidden:
            self._unseen.append(tag)
            return
        if self._open and self._open[-1] == "mfrac second":
            self.out.append("/")
        if self._open and self._open[-1].startswith("mfrac"):
            self._open[-1] = "mfrac second"
        self._open.append(tag)
        if tag in self._BLOCKS:
            self.out.append("\n" if tag in ("li", "tr") else "\n\n")
        if re.fullmatch(r"h[1-6]", tag):
            self.out.append("#" * int(tag[1]) + " ")
        elif tag == "li":
            self.out.append("- ")
        self._pre += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            if tag in self._unseen:
                while self._unseen.pop() != tag:
                    pass
            return
        if tag not in (name.split()[0] for name in self._open):
            return
        while (name := self._open.pop().split()[0]) != tag:
            self._pre -= name == "pre"
        self._pre -= tag == "pre"
        if tag in self._BLOCKS:
            self.out.append("\n" if tag in ("li", "tr") else "\n\n")
        elif tag in ("td", "th"):
            self.out.append(" | ")

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if self._open and self._open[-1].startswith("sup") and re.fullmatch(r"\s*[-−]?(?:\d+|[a-z])\s*", data):
            power = bool(re.search(r"(?:\d|\)|\b[A-Za-z])$", "".join(self.out[-2:])))
            data = "^" + data.strip() if power else ""  # anything else is a footnote
        self.out.append(data if self._pre else re.sub(r"\s+", " ", data))
