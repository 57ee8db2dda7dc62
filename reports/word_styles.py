# pyright: reportAttributeAccessIssue=false, reportArgumentType=false
"""The look of a Word document: page, styles, header and footer, properties."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from classwright.reports.document import Document, Paper

if TYPE_CHECKING:
    from docx.document import Document as DocxDocument

INK, SOFT, ACCENT, WARM = "1D2433", "5A6477", "2456A6", "B4540A"
PAPERS: dict[Paper, tuple[float, float]] = {"letter": (21.59, 27.94), "a4": (21.0, 29.7)}
"""Width and height in centimeters."""
MARGIN = 2.2
NUMBERED = 7
"""The abstract numbering of "List Number" in python-docx's template."""
BODY, SPOKEN = "Calibri", "Georgia"
BOXES = {"Box": (ACCENT, "F4F6FA"), "Warning Box": (WARM, "FDF5EC")}
"""Style -> color of its edge and of its background."""


def text_width(paper: Paper) -> int:
    """Width of the text in EMU."""
    from docx.shared import Cm

    return Cm(PAPERS[paper][0] - 2 * MARGIN)


def prepare(docx: "DocxDocument", paper: Paper, document: Document, created: datetime | None) -> None:
    """Set up an empty document: properties, page, styles, header and footer."""
    _properties(docx, document, created)
    _page(docx, paper)
    _styles(docx, paper, document)
    _edges(docx, paper, document)


def shade(target: Any, color: str) -> None:
    """Give a paragraph or a table cell a background (six hexadecimal digits)."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    fill = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", color)):
        fill.set(qn(f"w:{name}"), value)
    if hasattr(target, "_tc"):
        target._tc.get_or_add_tcPr().append(fill)
    else:
        _insert(target._element.get_or_add_pPr(), fill)


def box_in(target: Any, box: str) -> None:
    """Give a paragraph or style the edge and background of a box."""
    edge, fill = BOXES[box]
    _insert(target._element.get_or_add_pPr(), _left_border(edge))
    shade(target, fill)


def _properties(docx: "DocxDocument", document: Document, created: datetime | None) -> None:
    properties = docx.core_properties
    properties.title, properties.subject = document.title, document.kind
    properties.author = properties.last_modified_by = "Classwright"
    properties.comments, properties.language = "", document.language
    if created is not None:
        properties.created = properties.modified = created.replace(tzinfo=None)


def _page(docx: "DocxDocument", paper: Paper) -> None:
    from docx.shared import Cm

    section = docx.sections[0]
    section.page_width, section.page_height = (Cm(size) for size in PAPERS[paper])
    section.left_margin = section.right_margin = Cm(MARGIN)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(1.9)
    section.header_distance = section.footer_distance = Cm(1.0)


def _styles(docx: "DocxDocument", paper: Paper, document: Document) -> None:
    from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
    from docx.shared import Cm, Emu

    normal = docx.styles["Normal"]
    _font(normal, BODY, 12.5 if document.large else 11, INK)
    _language(docx, document.language)
    _space(normal, 0, 5, 1.12)
    _title(docx)
    for name, size, color, before, after in (("Heading 1", 14, ACCENT, 15, 4), ("Heading 2", 11.5, INK, 9, 3)):
        heading = docx.styles[name]
        _font(heading, BODY, size, color, bold=True)
        _space(heading, before, after, 1.0)
        heading.paragraph_format.tab_stops.add_tab_stop(Emu(text_width(paper)), WD_TAB_ALIGNMENT.RIGHT)
    for name in ("Body Text", "List Number", "List Bullet", "List Continue"):
        style = docx.styles[name]
        _space(style, 0, 4, 1.12)
        for spacing in style.element.pPr.findall(_tag("contextualSpacing")):
            style.element.pPr.remove(spacing)
    docx.styles["List Continue"].paragraph_format.left_indent = Cm(0.635)
    _font(_new(docx, "Say"), SPOKEN, 11)
    _font(_new(docx, "Aside"), BODY, 10, SOFT)
    _space(_new(docx, "Table Text"), 2, 2, 1.0)
    for name in BOXES:
        style = _new(docx, name)
        _space(style, 0, 0, 1.15)
        style.paragraph_format.left_indent = style.paragraph_format.right_indent = Cm(0.3)
        box_in(style, name)
    lines = _new(docx, "Name Line")
    _space(lines, 2, 8, 1.0)
    width = text_width(paper)
    lines.paragraph_format.tab_stops.add_tab_stop(Emu(int(width * 0.66)), WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.LINES)
    lines.paragraph_format.tab_stops.add_tab_stop(Emu(width), WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.LINES)
    _font(_new(docx, "Spoken", character=True), SPOKEN, None)
    _font(_new(docx, "Minutes", character=True), BODY, 10, SOFT, bold=False)


def _title(docx: "DocxDocument") -> None:
    title, lead = docx.styles["Title"], docx.styles["Subtitle"]
    _font(title, BODY, 21, INK, bold=True)
    _space(title, 0, 2, 1.0)
    for border in title.element.pPr.findall(_tag("pBdr")):
        title.element.pPr.remove(border)
    _font(lead, BODY, 11, SOFT)
    lead.font.italic = lead.font.bold = False
    for spread in lead.element.rPr.findall(_tag("spacing")):  # the template sets its letters wide apart
        lead.element.rPr.remove(spread)
    _space(lead, 0, 8, 1.0)


def _edges(docx: "DocxDocument", paper: Paper, document: Document) -> None:
    """What is the title and which kind on top of every page, and its number below."""
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Emu

    section = docx.sections[0]
    for name in ("Header", "Footer"):
        style = docx.styles[name]
        _font(style, BODY, 9, SOFT)
        style.paragraph_format.tab_stops.clear_all()
        style.paragraph_format.tab_stops.add_tab_stop(Emu(text_width(paper)), WD_TAB_ALIGNMENT.RIGHT)
    section.header.paragraphs[0].add_run(f"{document.title}\t{document.kind}")
    footer = section.footer.paragraphs[0]
    footer.add_run("Classwright\tPage ")
    _field(footer, "PAGE")
    footer.add_run(" of ")
    _field(footer, "NUMPAGES")


def _field(paragraph: Any, name: str) -> None:
    """A field that Word fills in: the number of the page or of all pages."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _new(docx: "DocxDocument", name: str, *, character: bool = False) -> Any:
    from docx.enum.style import WD_STYLE_TYPE

    style = docx.styles.add_style(name, WD_STYLE_TYPE.CHARACTER if character else WD_STYLE_TYPE.PARAGRAPH)
    if not character:
        style.base_style = docx.styles["Normal"]
        style.quick_style = True
    return style


def _font(style: Any, name: str, size: float | None, color: str = "", *, bold: bool | None = None) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.bold = name, bold
    fonts = style.element.get_or_add_rPr().rFonts
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # a theme's font would win over the name
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    if size is not None:
        style.font.size = Pt(size)
    if color:
        style.font.color.rgb = RGBColor.from_string(color)


def _space(style: Any, before: float, after: float, lines: float) -> None:
    from docx.shared import Pt

    space = style.paragraph_format
    space.space_before, space.space_after, space.line_spacing = Pt(before), Pt(after), lines


def _language(docx: "DocxDocument", language: str) -> None:
    """The language of the text, for spelling and for reading aloud."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    run = docx.styles.element.find(f"{_tag('docDefaults')}/{_tag('rPrDefault')}/{_tag('rPr')}")
    for old in run.findall(_tag("lang")):
        run.remove(old)
    lang = OxmlElement("w:lang")
    lang.set(qn("w:val"), "en-US" if language == "en" else language)
    run.append(lang)


def _left_border(color: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders, left = OxmlElement("w:pBdr"), OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "24"), ("space", "6"), ("color", color)):
        left.set(qn(f"w:{name}"), value)
    borders.append(left)
    return borders


_ORDER = tuple(
    "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs".split()
)
"""The beginning of the order that a paragraph's properties must have."""


def _insert(properties: Any, element: Any) -> None:
    """Put a property of a paragraph where the schema wants it."""
    rank = {_tag(name): i for i, name in enumerate(_ORDER)}
    own = rank[element.tag]
    for i, other in enumerate(properties):
        if rank.get(other.tag, len(_ORDER)) > own:
            properties.insert(i, element)
            return
    properties.append(element)


def _tag(name: str) -> str:
    from docx.oxml.ns import qn

    return qn(f"w:{name}")
