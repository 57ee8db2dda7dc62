# pyright: reportAttributeAccessIssue=false, reportArgumentType=false
"""A paper document as a Word file: real styles, lists that count, equations, page numbers (python-docx)."""

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from classwright.reports.document import (
    Block,
    Box,
    Document,
    Heading,
    Item,
    Items,
    Line,
    NameLine,
    PageBreak,
    Paper,
    Paragraph,
    Table,
)
from classwright.reports.math_nodes import flat_runs
from classwright.reports.omml import omml
from classwright.reports.pieces import pieces
from classwright.reports.stable_zip import repack
from classwright.reports.word_styles import ACCENT, NUMBERED, SOFT, box_in, prepare, shade, text_width

if TYPE_CHECKING:
    from docx.document import Document as DocxDocument
    from docx.text.paragraph import Paragraph as DocxParagraph

    Adder = Callable[[str], DocxParagraph]


def write_docx(document: Document, paper: Paper, created: datetime | None) -> bytes:
    """The document as a .docx file; the same document gives the same bytes.

    Args:
        document: What is on it.
        paper: Size of the page.
        created: For the file's properties; None leaves the time out of them.
    """
    from docx import Document as new_document

    writer = _Writer(new_document(), paper)
    writer.begin(document, created)
    for block in document.blocks:
        writer.add(block)
    out = io.BytesIO()
    writer.docx.save(out)
    return repack(out.getvalue())


class _Writer:
    """Writes blocks one after another.

    `page_break` waits for the next paragraph; `number` is the numbering of the last list.
    """

    def __init__(self, docx: "DocxDocument", paper: Paper) -> None:
        self.docx, self.paper, self.page_break, self.number = docx, paper, False, 0

    def begin(self, document: Document, created: datetime | None) -> None:
        prepare(self.docx, self.paper, document, created)
        self.paragraph("Title").add_run(document.title)
        if document.lead:
            self.paragraph("Subtitle").add_run(document.lead)

    def paragraph(self, style: str) -> "DocxParagraph":
        made = self.docx.add_paragraph(style=style)
        if self.page_break:
            made.paragraph_format.page_break_before = True
            self.page_break = False
        return made

    def add(self, block: Block) -> None:
        match block:
            case PageBreak():
                self.page_break = True
            case Heading(text, level, note):
                heading = self.paragraph(f"Heading {level}")
                write(heading, ((text, ""),))
                if note:
                    heading.add_run(f"\t{note}", style="Minutes")
            case Paragraph(line, style):
                write(self.paragraph({"body": "Body Text", "say": "Say", "soft": "Aside"}[style]), line)
            case Items():
                self.items(block)
            case Table():
                self.table(block)
            case Box(blocks, tone):
                self.box(blocks, "Box" if tone == "plain" else "Warning Box")
            case NameLine():
                self.paragraph("Name Line").add_run("Name \t  Date \t")

    def items(self, block: Items) -> None:
        if block.numbered and block.first == 1:
            self.number = _restart(self.docx)
        if block.columns == 1:
            for item in block.items:
                self.item(item, self.paragraph, block.numbered)
            return
        rows = [block.items[i : i + block.columns] for i in range(0, len(block.items), block.columns)]
        table = self.docx.add_table(rows=0, cols=block.columns)
        for row in rows:
            made = table.add_row()
            _keep_whole(made)
            adders = [_adder(cell) for cell in made.cells]
            written = [self.question(item, add, block.numbered) for item, add in zip(row, adders, strict=False)]
            if any(item.room for item in row):  # what is below has a row of its own: lines for answers side by side
                for paragraph in written:
                    paragraph.paragraph_format.keep_with_next = True
                under = table.add_row()
                _keep_whole(under)
                adders = [_adder(cell) for cell in under.cells]
            for item, add in zip(row, adders, strict=False):
                self.below(item, add)

    def item(self, item: Item, add: "Adder", numbered: bool) -> None:
        made = [self.question(item, add, numbered), *self.below(item, add)]
        for paragraph in made[:-1]:
            paragraph.paragraph_format.keep_with_next = True

    def question(self, item: Item, add: "Adder", numbered: bool) -> "DocxParagraph":
        from docx.shared import Cm

        made = add("List Number" if numbered else "List Bullet")
        if numbered:
            _count(made, self.number)
        write(made, item.line)
        if item.room:
            made.paragraph_format.space_after = Cm(item.room)
        return made

    def below(self, item: Item, add: "Adder") -> "list[DocxParagraph]":
        from docx.shared import Cm

        made = [add("List Continue") for _ in item.below]
        for paragraph, line in zip(made, item.below, strict=True):
            write(paragraph, line)
        if made and item.room:
            made[-1].paragraph_format.space_after = Cm(0.5)
        return made

    def box(self, blocks: Sequence[Paragraph | Items], style: str) -> None:
        from docx.shared import Cm, Pt

        made: list[DocxParagraph] = []
        for block in blocks:
            if isinstance(block, Paragraph):
                made.append(self.paragraph(style))
                write(made[-1], block.line, spoken=block.style == "say")
                continue
            if block.numbered:
                self.number = _restart(self.docx)
            for item in block.items:
                made.append(self.paragraph("List Number" if block.numbered else "List Bullet"))
                if block.numbered:
                    _count(made[-1], self.number)
                made[-1].paragraph_format.left_indent, made[-1].paragraph_format.right_indent = Cm(0.935), Cm(0.3)
                made[-1].paragraph_format.space_after = Pt(0)
                box_in(made[-1], style)
                write(made[-1], item.line)
        for paragraph in made[:-1]:
            paragraph.paragraph_format.keep_with_next = True
        made[-1].paragraph_format.space_after = Pt(9)

    def table(self, block: Table) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        table = self.docx.add_table(rows=0, cols=len(block.header), style="Table Grid")
        table.autofit = False
        width = text_width(self.paper)
        for column, share in zip(table.columns, block.widths, strict=True):
            column.width = int(width * share)
        for r, row in enumerate((block.header, *block.rows)):
            cells = table.add_row().cells
            for c, (cell, text) in enumerate(zip(cells, row, strict=True)):
                cell.width = int(width * block.widths[c])
                cell.paragraphs[0].style = "Table Text"
                write(cell.paragraphs[0], ((text, "strong" if r == 0 or r == len(block.rows) else ""),))
                if c:
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
                if r == 0:
                    shade(cell, "E9EEF7")
        _repeat_header(table.rows[0])


def write(paragraph: "DocxParagraph", line: Line, *, spoken: bool = False) -> None:
    """Add a line to a paragraph: runs of text, equations where the text holds mathematics."""
    from docx.oxml import parse_xml

    for text, mark in line:
        strong, color = mark in ("strong", "answer"), {"answer": ACCENT, "soft": SOFT}.get(mark, "")
        for piece in pieces(text):
            if isinstance(piece, str):
                _run(paragraph, piece, strong, mark == "em", color, spoken)
            elif piece.flat:
                for part, italic in flat_runs(piece):
                    _run(paragraph, part, strong, italic or mark == "em", color, spoken)
            else:
                paragraph._p.append(parse_xml(omml(piece, bold=strong, color=color)))


def _run(paragraph: "DocxParagraph", text: str, bold: bool, italic: bool, color: str, spoken: bool) -> None:
    from docx.shared import RGBColor

    run = paragraph.add_run(text)  # "\n" becomes a line break
    if spoken:
        run.style = "Spoken"
    run.bold, run.italic = bold or None, italic or None
    if color:
        run.font.color.rgb = RGBColor.from_string(color)


def _restart(docx: "DocxDocument") -> int:
    """A new numbering of the numbered list style, which begins at 1; Word would go on counting otherwise."""
    numbering = docx.part.numbering_part.element
    number = numbering.add_num(NUMBERED)
    number.add_lvlOverride(ilvl=0).add_startOverride(1)
    return number.numId


def _count(paragraph: "DocxParagraph", number: int) -> None:
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_numId().val = number
    properties.get_or_add_ilvl().val = 0


def _adder(cell: Any) -> "Adder":
    """Adds paragraphs to a table cell; the first is the one that every cell has."""
    unused = [cell.paragraphs[0]]

    def add(style: str) -> "DocxParagraph":
        if not unused:
            return cell.add_paragraph(style=style)
        unused[0].style = style
        return unused.pop()

    return add


def _keep_whole(row: Any) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _repeat_header(row: Any) -> None:
    from docx.oxml import OxmlElement

    _keep_whole(row)
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
