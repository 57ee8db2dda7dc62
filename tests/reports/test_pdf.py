"""PDF files, read with pypdf."""

import io
import re
from datetime import UTC, datetime
from typing import Any

import pypdf
import pytest

from classwright.errors import InputError
from classwright.reports.answers_document import answers_document
from classwright.reports.document import Document, Paper, Paragraph, line
from classwright.reports.lesson_document import lesson_document
from classwright.reports.math_nodes import Math, plain
from classwright.reports.pdf import write_pdf
from classwright.reports.pieces import pieces
from classwright.reports.worksheet_document import worksheet_document
from tests.reports.lessons import CLAIM, GOAL, ODD, lesson

WHEN = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def opened(document: Document, paper: Paper = "letter") -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(write_pdf(document, paper, WHEN)))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def alternatives(reader: pypdf.PdfReader) -> list[str]:
    """The alternative texts of the structure tree: what a screen reader says for each formula."""
    found: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if "/Alt" in node:
                found.append(str(node["/Alt"]))
            if "/K" in node:
                walk(node["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"])  # type: ignore[index]
    return found


def fonts(reader: pypdf.PdfReader) -> list[dict[str, Any]]:
    return [
        font.get_object()
        for page in reader.pages
        for font in page["/Resources"].get_object().get("/Font", {}).values()  # type: ignore[union-attr]
    ]


@pytest.fixture(scope="module")
def plan_file():
    return opened(lesson_document(lesson()))


def test_the_file_says_what_it_is(plan_file) -> None:
    assert plan_file.metadata.title == lesson().plan.title
    assert plan_file.metadata.author == "Classwright"
    assert plan_file.metadata.creation_date == WHEN
    assert plan_file.trailer["/Root"]["/Lang"] == "en"
    assert plan_file.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert [float(x) for x in plan_file.pages[0].mediabox[2:]] == [612, 792]
    a4 = opened(lesson_document(lesson()), "a4").pages[0].mediabox
    assert [round(float(x)) for x in a4[2:]] == [595, 842]


def test_bookmarks_lead_to_the_parts(plan_file) -> None:
    heads = [entry.title for entry in plan_file.outline if not isinstance(entry, list)]
    assert heads[:5] == ["At a glance", "Warm-up: are we ready?", "Opening", "The idea", "Worked example 1"]


def test_every_font_is_embedded(plan_file) -> None:
    assert fonts(plan_file)
    for font in fonts(plan_file):
        descendant = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descendant["/FontDescriptor"])


@pytest.mark.parametrize("skill", [GOAL, *ODD])
def test_words_and_formulas_are_those_of_the_plan(skill: str) -> None:
    result = lesson(skill)
    reader = opened(lesson_document(result))
    text = squeezed("".join(page.extract_text() for page in reader.pages))
    spoken = alternatives(reader)
    for p in [*result.plan.guided.problems, *result.plan.exit_ticket.problems]:
        for piece in pieces(p.text):
            if isinstance(piece, Math) and not piece.flat:
                assert plain(piece) in spoken
            elif isinstance(piece, str) and len(piece.split()) == 1:
                assert squeezed(piece) in text
    assert squeezed(result.plan.explanations[-1].method[0]) in text or any(
        isinstance(p, Math) for p in pieces(result.plan.explanations[-1].method[0])
    )
    assert squeezed(result.plan.notes[0].text)[:30] in text


def test_shapes_and_signs_can_be_read_back() -> None:
    reader = opened(Document("Signs", "Test", [Paragraph(line("★■●▲○□ → ∛ √ ≤ × ÷ · ° … “x” Ёж Ωμέγα ñçł"))]))
    text = reader.pages[0].extract_text()
    assert all(sign in text for sign in "★■●▲○□→∛√≤×÷·°…“Ёжμέγαñçł")


def test_a_character_without_a_font_is_an_error_that_names_it() -> None:
    strange = "\U0010fffd"  # of private use: no font has it
    with pytest.raises(InputError, match="no font on this machine has .*docx or html") as error:
        write_pdf(Document("Strange", "Test", [Paragraph(line(f"See {strange} here."))]), "letter", WHEN)
    assert "10fffd" in str(error.value) or strange in str(error.value)


def test_ideas_passages_and_unsupported_claims_are_there(plan_file) -> None:
    text = squeezed("".join(page.extract_text() for page in plan_file.pages))
    for part in ("Unlike denominators are like coins", "Fold two strips", "notes.pdf, page 3", CLAIM):
        assert squeezed(part) in text


def test_the_worksheet_has_a_page_per_tier_and_no_answers() -> None:
    plan = lesson().plan
    reader = opened(worksheet_document(plan))
    texts = [page.extract_text() for page in reader.pages]
    first = [next(i for i, t in enumerate(texts) if part in t) for part in ("Set A", "Set B", "Set C", "Exit ticket")]
    assert first == sorted(set(first))
    assert first[0] > 0
    assert all("Name" in texts[i] and "Date" in texts[i] for i in (0, *first))
    spoken = alternatives(reader)
    asked = {plain(p) for q in plan.problems() for p in pieces(q.text) if isinstance(p, Math)}
    assert set(spoken) <= asked  # no formula but those of the questions
    assert "→" not in "".join(texts)
    keyed = alternatives(opened(answers_document(plan)))
    assert {p.answer for p in plan.exit_ticket.problems} <= set(keyed)


def test_the_same_lesson_gives_the_same_bytes() -> None:
    document = lesson_document(lesson("integers.absolute_value"))
    assert write_pdf(document, "a4", WHEN) == write_pdf(document, "a4", WHEN)
