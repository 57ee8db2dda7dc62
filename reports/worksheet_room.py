"""Room to write on a worksheet: as much as the pages have that its problems take anyway.

Heights are estimated; those of the Word file and of the PDF are alike within two millimeters a problem. A wrong
estimate costs a page with much white on it, nothing else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from classwright.reports.document import Block, Heading, Item, Items, NameLine, Paper, Paragraph
from classwright.reports.line_fit import lines
from classwright.reports.math_nodes import Fraction, Math, Mixed, Piece
from classwright.reports.pieces import pieces
from classwright.reports.word_styles import MARGIN, PAPERS

LINE, MIXED, STACKED = 0.62, 0.95, 1.2
"""Height of a line of 12.5 points, of one with a mixed number in it, and of one with a fraction, cm."""
AROUND = 1.1
"""Height of an answer line and the space after it, cm."""
EDGES = 4.4
"""Top and bottom margin of a page, and what may be wrong with the estimate, cm."""
HEADING, NAME = 1.3, 1.1
POINTS = 72 / 2.54
TIGHTEST, WIDEST = 0.85, 2.4
"""How much the usual room may shrink to save a page, and grow to fill one."""


def filled(blocks: Sequence[Block], paper: Paper, head: float = 0.0) -> list[Block]:
    """Blocks that begin on a new page, with the room of their items so that they fill the pages they need.

    Args:
        blocks: Headings, paragraphs and lists.
        paper: Size of the page.
        head: What stands above them on the first page, cm.
    """
    usual, tight = _pages(blocks, paper, head, 1.0), _pages(blocks, paper, head, TIGHTEST)
    wanted = min(usual, tight)
    factor = WIDEST
    while factor > TIGHTEST and _pages(blocks, paper, head, factor) > wanted:
        factor -= 0.05
    return [replace(b, items=tuple(_roomy(i, factor) for i in b.items)) if isinstance(b, Items) else b for b in blocks]


def _roomy(item: Item, factor: float) -> Item:
    return replace(item, room=int(item.room * factor * 10 + 1e-6) / 10)


def _pages(blocks: Sequence[Block], paper: Paper, head: float, factor: float) -> int:
    """Pages taken when every room is `factor` times as high; a row of problems is not broken."""
    width, tall = PAPERS[paper][0] - 2 * MARGIN, PAPERS[paper][1] - EDGES
    pages, used = 1, head
    for row in _rows(blocks, width, factor):
        if used and used + row > tall:
            pages, used = pages + 1, 0.0
        used += row
    return pages


def _rows(blocks: Sequence[Block], width: float, factor: float) -> Iterator[float]:
    """Heights of what stays whole; a heading goes with the row that follows."""
    above = 0.0
    for block in blocks:
        match block:
            case Heading():
                above += HEADING
            case NameLine():
                above += NAME
            case Paragraph(line):
                above += text_height("".join(text for text, _ in line), width)
            case Items(items, columns=columns):
                room = width / columns - 0.7
                for i in range(0, len(items), columns):
                    yield above + max(_height(item, room, factor) for item in items[i : i + columns])
                    above = 0.0


def _height(item: Item, width: float, factor: float) -> float:
    question = "".join(text for text, _ in item.line)
    return text_height(question, width) + item.room * factor + AROUND


def text_height(text: str, width: float) -> float:
    """Height of a text in the type of a worksheet, cm.

    Args:
        text: May hold line breaks and typed mathematics.
        width: Room for a line, cm.
    """
    total = 0.0
    for part in text.split("\n"):
        n = lines(part, 12.5, width * POINTS)
        taller = sorted(map(_taller, pieces(part)), reverse=True)
        total += LINE * n + sum(taller[:n])
    return total


def _taller(piece: Piece) -> float:
    """How much higher a line is for a piece in it, cm."""
    if not isinstance(piece, Math):
        return 0.0
    if any(isinstance(node, Fraction) for node in piece.nodes):
        return STACKED - LINE
    return MIXED - LINE if any(isinstance(node, Mixed) for node in piece.nodes) else 0.0
