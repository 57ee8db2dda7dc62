"""Slides as a PowerPoint file (python-pptx): real titles, counted steps, speaker notes, and nothing that overflows."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from classwright.reports.deck import Look, Slide
from classwright.reports.line_fit import height
from classwright.reports.math_nodes import Fraction, Math, Mixed, Node, Number, Power, flat_runs, plain
from classwright.reports.pieces import pieces
from classwright.reports.stable_zip import repack

WIDTH, HEIGHT = 960.0, 540.0
"""Of a slide, in points (13.33 by 7.5 inches)."""
LEFT, TOP, TITLE = 54.0, 122.0, 72.0
ROOM = WIDTH - 2 * LEFT
TALL = HEIGHT - TOP - 30
INDENT = 48.0
SIZES = (40, 36, 32, 28, 24, 20)
"""Type sizes that are tried, in points; what does not fit at the smallest goes on on another slide."""
GAP = 10.0
FONT = "Calibri"
INK, QUIET, ACCENT = "1D2433", "5A6477", "2456A6"

Run = tuple[str, bool, int]
"""A text, whether it is italic, and how far it is raised in percent of its size."""
TOP_OF_FRACTION, BOTTOM_OF_FRACTION, EXPONENT = 24, -12, 30
ZERO_WIDTH = "\u200b"
LARGER = 1.3
"""Raised and lowered text is shown at two thirds of its size, too small for a fraction at the back of a room."""


def write_pptx(title: str, slides: list[Slide], language: str, created: datetime | None) -> bytes:
    """Slides as a .pptx file; the same slides give the same bytes.

    Args:
        title: For the file's properties.
        slides: The first becomes the title slide.
        language: BCP 47.
        created: For the file's properties; None leaves the time out of them.
    """
    from pptx import Presentation
    from pptx.util import Pt

    show = Presentation()
    show.slide_width, show.slide_height = Pt(WIDTH), Pt(HEIGHT)
    _widen(show)
    properties = show.core_properties
    properties.title, properties.author, properties.language = title, "Classwright", language
    properties.last_modified_by = "Classwright"
    if created is not None:
        properties.created = properties.modified = created.replace(tzinfo=None)
    for n, slide in enumerate(slides):
        if n == 0 and not slide.lines:
            _title_slide(show, slide)
            continue
        for part, size in fitted(slide):
            _add(show, part, size)
    out = io.BytesIO()
    show.save(out)
    return repack(out.getvalue())


def fitted(slide: Slide) -> list[tuple[Slide, int]]:
    """A slide with the largest type at which it fits, or several where it does not fit at the smallest."""
    for size in SIZES:
        if _tall(slide.lines, size) <= TALL:
            return [(slide, size)]
    small = SIZES[-1]
    parts: list[list[tuple[str, Look]]] = [[]]
    counts = [slide.first]
    for text, look in _cut(slide.lines, small):
        if parts[-1] and _tall((*parts[-1], (text, look)), small) > TALL:
            counts.append(counts[-1] + sum(shown in ("number", "old") for _, shown in parts[-1]))
            parts.append([])
        parts[-1].append((text, look))
    return [
        (replace(slide, title=slide.title if i == 0 else f"{slide.title} (continued)", lines=tuple(p), first=n), small)
        for i, (p, n) in enumerate(zip(parts, counts, strict=True))
    ]


def runs(text: str) -> list[Run]:
    """A text as runs: fractions with a small top and bottom and a slash, powers raised, letters italic.

    Slides keep to such runs since equations are lost when PowerPoint's files are opened elsewhere.
    """
    found: list[Run] = []
    for piece in pieces(text):
        if isinstance(piece, Math):
            found += _math_runs(piece)
        else:
            found.append((piece, False, 0))
    return found


def _math_runs(math: Math) -> Iterator[Run]:
    for node in math.nodes:
        match node:
            case Mixed(whole, fraction):
                yield whole, False, 0
                yield from _small_fraction(fraction)
            case Fraction((Number(),), (Number(),)):
                yield from _small_fraction(node)
            case Power(base, exponent):
                yield from _plain_runs(base)
                yield from ((text, italic, EXPONENT) for text, italic in _flat((*exponent,)))
            case _:
                yield from _plain_runs(node)


def _small_fraction(fraction: Fraction) -> Iterator[Run]:
    yield plain(fraction.top), False, TOP_OF_FRACTION
    yield "⁄", False, 0
    yield plain(fraction.bottom), False, BOTTOM_OF_FRACTION


def _plain_runs(node: Node) -> Iterator[Run]:
    yield from ((text, italic, 0) for text, italic in _flat((node,)))


def _flat(nodes: tuple[Node, ...]) -> list[tuple[str, bool]]:
    math = Math(nodes)
    return flat_runs(math) if math.flat else [(plain(math).replace("-", "−"), False)]


def _tall(lines: tuple[tuple[str, Look], ...], size: int) -> float:
    total = 0.0
    for text, look in lines:
        for part in text.split("\n"):
            taller = LARGER if any(raised for _, _, raised in runs(part)) else 1.0
            total += height([part], _size(look, size), ROOM - _indent(look), 0) * taller
        total += GAP
    return total


def _size(look: Look, size: int) -> int:
    return min(size, 24) if look == "lead" else size


def _indent(look: Look) -> float:
    return INDENT if look in ("number", "old", "bullet") else 0.0


def _cut(lines: tuple[tuple[str, Look], ...], size: int) -> Iterator[tuple[str, Look]]:
    """Lines, those that are taller than a slide cut between words."""
    for text, look in lines:
        rest: list[str] = []
        for word in text.split(" "):
            if rest and _tall(((" ".join([*rest, word]), look),), size) > TALL:
                yield " ".join(rest), look
                rest = []
            rest.append(word)
        yield " ".join(rest), look


def _widen(show: Any) -> None:
    """Spread the placeholders of the template, which is made for 4:3, over the wide slide."""
    factor = WIDTH / 720
    for master in show.slide_masters:
        for owner in (master, *master.slide_layouts):
            for shape in owner.shapes:
                shape.left, shape.width = int(shape.left * factor), int(shape.width * factor)


def _title_slide(show: Any, slide: Slide) -> None:
    from pptx.util import Pt

    made = show.slides.add_slide(show.slide_layouts[0])
    title, lead = made.shapes.title, made.placeholders[1]
    _place(title, LEFT, 170, ROOM, 130)
    _write(title.text_frame, [(slide.title, "body")], 44, ACCENT, bold=True)
    lead.element.getparent().remove(lead.element)
    rule = made.shapes.add_connector(1, Pt(LEFT), Pt(310), Pt(LEFT + 120), Pt(310))
    rule.line.width = Pt(4)
    rule.line.color.rgb = _color(ACCENT)
    _note(made, slide.notes)


def _add(show: Any, slide: Slide, size: int) -> None:
    made = show.slides.add_slide(show.slide_layouts[1])
    _place(made.shapes.title, LEFT, 30, ROOM, TITLE)
    title_size = next((s for s in (44, 40, 36, 30, 26) if height([slide.title], s, ROOM, 0) <= TITLE), 22)
    _write(made.shapes.title.text_frame, [(slide.title, "body")], title_size, ACCENT, bold=True)
    body = made.placeholders[1]
    _place(body, LEFT, TOP, ROOM, TALL)
    _write(body.text_frame, list(slide.lines), size, INK, first=slide.first)
    _note(made, slide.notes)


def _place(shape: Any, left: float, top: float, width: float, tall: float) -> None:
    from pptx.util import Pt

    shape.left, shape.top, shape.width, shape.height = Pt(left), Pt(top), Pt(width), Pt(tall)


def _write(
    frame: Any, lines: list[tuple[str, Look]], size: int, color: str, *, bold: bool = False, first: int = 1
) -> None:
    from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
    from pptx.util import Pt

    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.vertical_anchor = MSO_ANCHOR.BOTTOM if bold else MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for n, (text, look) in enumerate(lines):
        paragraph = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
        paragraph.alignment, paragraph.space_after, paragraph.space_before = PP_ALIGN.LEFT, Pt(GAP), Pt(0)
        paragraph.line_spacing = 1.0
        _bullet(paragraph, look, first, _size(look, size))
        ink = {"old": QUIET, "lead": QUIET, "answer": ACCENT}.get(look, color)
        parts = runs(text)
        if _indent(look) and parts and any(parts[0][1:]):  # a number or bullet is set like what it stands before
            parts.insert(0, (ZERO_WIDTH, False, 0))
        for words, italic, raised in parts:
            for i, part in enumerate(words.split("\n")):
                if i:
                    paragraph.add_line_break()
                if part:
                    _run(paragraph, part, _size(look, size), ink, bold or look == "answer", italic, raised)


def _run(paragraph: Any, text: str, size: int, color: str, bold: bool, italic: bool, raised: int) -> None:
    from pptx.util import Pt

    run = paragraph.add_run()
    run.text = text
    run.font.name, run.font.size, run.font.bold, run.font.italic = FONT, Pt(size), bold, italic or None
    run.font.color.rgb = _color(color)
    if raised in (TOP_OF_FRACTION, BOTTOM_OF_FRACTION):
        run.font.size = Pt(round(size * LARGER))
    if raised:
        run.font._element.set("baseline", str(raised * 1000))


def _bullet(paragraph: Any, look: Look, first: int, size: int) -> None:
    from pptx.oxml.ns import qn
    from pptx.util import Pt

    properties = paragraph._p.get_or_add_pPr()
    indent = Pt(_indent(look))
    properties.set("marL", str(int(indent)))
    properties.set("indent", str(-int(indent)))
    if indent:  # else a number has the size of what follows, and that may be a fraction
        properties.append(properties.makeelement(qn("a:buSzPts"), {"val": str(size * 100)}))
    if look in ("number", "old"):
        mark = properties.makeelement(qn("a:buAutoNum"), {"type": "arabicPeriod", "startAt": str(first)})
    elif look == "bullet":
        mark = properties.makeelement(qn("a:buChar"), {"char": "•"})
    else:
        mark = properties.makeelement(qn("a:buNone"), {})
    properties.append(mark)


def _color(value: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(value)


def _note(slide: Any, text: str) -> None:
    if text.strip():
        slide.notes_slide.notes_text_frame.text = text.strip()
