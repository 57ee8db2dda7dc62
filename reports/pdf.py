"""A paper document as PDF, set by Typst: real mathematics, embedded fonts, bookmarks, tags for screen readers.

Typst comes as one wheel with its own fonts and needs nothing else on the machine. The file is exported as PDF/UA-1
(ISO 14289-1), which also refuses a character that no font has, so that no text can vanish or come out as a box.
"""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from classwright.errors import ClasswrightError, InputError
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
    line,
)
from classwright.reports.math_nodes import (
    TOGETHER,
    Fraction,
    Group,
    Letter,
    Mixed,
    Node,
    Nodes,
    Number,
    Piece,
    Power,
    Root,
    Sign,
    flat_runs,
    plain,
)
from classwright.reports.pieces import pieces

FONTS = ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono")
"""The text fonts that come with Typst: Latin, Greek, Cyrillic, Hebrew, signs and shapes."""
_PAPERS: dict[Paper, str] = {"letter": "us-letter", "a4": "a4"}
_RELATIONS = {"=", "<", ">", "≤", "≥", "≠", "≈"}
_SHOWN = {"-": "−", "<=": "≤", ">=": "≥", "*": "·"}


def write_pdf(document: Document, paper: Paper, created: datetime | None) -> bytes:
    """The document as PDF; the same document gives the same bytes where Typst's own fonts have every character.

    The fonts of the machine are asked only for characters that Typst's own do not have.

    Args:
        document: What is on it.
        paper: Size of the page.
        created: For the file's properties; None gives 1970-01-01.

    Raises:
        InputError: no font on this machine has a character of the document.
    """
    import typst

    template = files("classwright.reports").joinpath("document.typ").read_bytes()
    when = created.astimezone(UTC) if created else datetime(1970, 1, 1, tzinfo=UTC)
    missing = ""
    for own_fonts_only in (True, False):
        try:
            made = typst.compile(
                template,
                format="pdf",
                ignore_system_fonts=own_fonts_only,
                sys_inputs={"document": json.dumps(record(document, paper), ensure_ascii=False)},
                pdf_standards=["ua-1"],
                timestamp=when,
            )
        except typst.TypstError as error:
            if "could not be displayed" not in error.message:
                raise ClasswrightError(f"the PDF of {document.title!r} could not be set: {error.message}") from error
            missing = error.message.split("`")[1].strip('"')
            continue
        assert isinstance(made, bytes)
        return made
    raise InputError(
        f"no font on this machine has {missing!r}, which {document.title!r} needs for a PDF; install one (for most "
        "scripts: Noto), or export docx or html, which use the reader's fonts"
    )


def record(document: Document, paper: Paper) -> dict[str, Any]:
    """What `document.typ` reads."""
    return {
        "title": document.title,
        "about": document.kind,
        "lead": document.lead,
        "language": document.language,
        "large": document.large,
        "paper": _PAPERS[paper],
        "fonts": list(FONTS),
        "blocks": [_block(block) for block in document.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text, level, note):
            return {"kind": "heading", "line": _line(line(text)), "level": level, "note": note}
        case Paragraph(words, style):
            return {"kind": "paragraph", "line": _line(words), "style": style}
        case Items(items, numbered, first, columns):
            listed = [_item(item) for item in items]
            return {"kind": "items", "items": listed, "numbered": numbered, "first": first, "columns": columns}
        case Table():
            return {"kind": "table", **asdict(block)}
        case Box(blocks, tone):
            return {"kind": "box", "blocks": [_block(inner) for inner in blocks], "tone": tone}
        case PageBreak():
            return {"kind": "page"}
        case NameLine():
            return {"kind": "name"}


def _item(item: Item) -> dict[str, Any]:
    return {"line": _line(item.line), "below": [_line(below) for below in item.below], "room": item.room}


def _line(words: Line) -> list[dict[str, Any]]:
    return [{"mark": mark, "pieces": [_piece(piece) for piece in pieces(text)]} for text, mark in words]


def _piece(piece: Piece) -> dict[str, Any]:
    if isinstance(piece, str):
        return {"text": piece}
    if piece.flat:
        return {"runs": flat_runs(piece)}
    return {"math": _row(piece.nodes), "alt": plain(piece), "stacked": _stacked(piece.nodes),
            "short": len(plain(piece)) <= TOGETHER}  # fmt: skip


def _stacked(nodes: Nodes) -> int:
    """0: nothing is stacked; 1: the fraction of a mixed number at most; 2: a fraction."""
    found = 0
    for node in nodes:
        match node:
            case Fraction():
                return 2
            case Mixed():
                found = 1
            case Group(items):
                found = max(found, *(_stacked(item) for item in items))
            case Power(base, exponent):
                found = max(found, _stacked((base, *exponent)))
            case Root(_, inside):
                found = max(found, _stacked(inside))
    return found


def _row(nodes: Nodes) -> list[list[Any]]:
    return [_node(node) for node in nodes]


def _node(node: Node) -> list[Any]:
    match node:
        case Number(text):
            return ["number", text]
        case Letter(name):
            return ["letter", name]
        case Sign(text, unary):
            shown = _SHOWN.get(text, text)
            return ["minus"] if unary else ["relation" if shown in _RELATIONS else "sign", shown]
        case Group(items, bars):
            return ["bars", _row(items[0])] if bars else ["group", [_row(item) for item in items]]
        case Fraction(top, bottom):
            return ["fraction", _row(top), _row(bottom)]
        case Mixed(whole, fraction):
            return ["mixed", whole, _node(fraction)]
        case Power(base, exponent):
            return ["power", _node(base), _row(exponent)]
        case Root(index, inside):
            return ["root", index, _row(inside)]
