"""A teacher's files: every kind is read, every bad one is one line that says what to do."""

import io
import time

import pytest
from docx import Document
from docx.oxml import parse_xml
from pypdf import PdfReader, PdfWriter

from classwright.classroom.source import Source
from classwright.errors import InputError, JournalError
from classwright.graphs.source_formats import MOST_UNPACKED, paragraphs
from classwright.graphs.source_text import clean, keep_sources, kept_sources, load_sources, read_file, read_sources
from tests.made_pdf import pdf

MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
HALF = (
    f'<m:oMath xmlns:m="{MATH}"><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>x+2</m:t></m:r></m:den></m:f>'
    "<m:r><m:t>=</m:t></m:r><m:sSup><m:e><m:r><m:t>y</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>"
)
WEB = """<html><head><title>t</title><style>p{}</style></head><body><nav>Menu</nav><h1>Plants</h1>
<p>Leaves make
sugar &amp; oxygen: CO<sub>2</sub>. x<sup>2</sup>, note<sup>3</sup>. <math><mfrac><mn>1</mn><mn>2</mn></mfrac></math> of it.</p>
<ul><li>one<li>two</ul><div hidden>SECRET <p>order</p></div><p style="display: none">SECRET</p>
<table><tr><td>a</td><td>b</td></tr></table><script>SECRET</script><p>End"""


def locked(password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([["Plants make their own food."]]))))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def word_file() -> bytes:
    document = Document()
    document.add_heading("Fractions", 0)
    document.add_heading("Adding", 2)
    document.add_paragraph("One half and one third.")
    document.add_paragraph("an entry", style="List Bullet")
    table = document.add_table(2, 2)
    for row, cells in enumerate((("part", "part"), ("1/2", "0.5"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    document.add_paragraph("So ")._p.append(parse_xml(HALF))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def read(tmp_path, name: str, content: bytes, progress=None):
    (tmp_path / name).write_bytes(content)
    return read_file(tmp_path / name, progress)


def test_a_word_document_keeps_headings_lists_tables_and_equations(tmp_path):
    source = read(tmp_path, "notes.docx", word_file())
    assert source.pages == (
        "# Fractions\n\n## Adding\n\nOne half and one third.\n\n- an entry\n\npart | part\n1/2 | 0.5\n\nSo 1/(x+2)=y^2",
    )
    assert source.where(1) == "notes.docx"


def test_of_a_web_page_only_what_a_reader_sees_is_read(tmp_path):
    (page,) = read(tmp_path, "a.html", WEB.encode()).pages
    assert page == (
        "# Plants\n\nLeaves make sugar & oxygen: CO2. x^2, note. 1/2 of it.\n\n- one\n- two\n\na | b\n\nEnd"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_plain_text_in_known_encodings(tmp_path, encoding):
    assert read(tmp_path, "a.txt", "Fée\r\nCafé\u00a0noir".encode(encoding)).pages == ("Fée\nCafé noir",)
    web = f'<meta charset="{encoding}"><p>Café'.encode("utf-8" if encoding == "utf-16" else encoding)
    if encoding != "utf-16":
        assert read(tmp_path, "a.htm", web).pages == ("Café",)


def test_a_web_page_says_its_encoding(tmp_path):
    assert read(tmp_path, "a.htm", '<meta charset="iso-8859-1"><p>Café'.encode("latin-1")).pages == ("Café",)
    with pytest.raises(InputError, match="encoding is klingon"):
        read(tmp_path, "a.html", b'<meta charset="klingon"><p>x')


def test_pages_of_a_pdf_lose_running_heads_and_keep_their_numbers(tmp_path):
    text = "Water climbs from the roots through thin tubes that run"
    pages = [
        ["Biology 7", f"{word} first.", text, f"up the stem of {word}.", f"page {n}"]
        for n, word in enumerate("Ants Bees Cats Dogs Elks Foxes".split(), 1)
    ]
    told = []
    source = read(tmp_path, "book.pdf", pdf([*pages, []]), lambda *a: told.append(a))
    assert source.pages[1] == f"Bees first.\n{text} up the stem of Bees."
    assert source.where(2) == "book.pdf, page 2"
    assert source.blank_pages == [7]
    assert told[-1] == ("reading book.pdf", 7, 7)


def test_lines_of_a_page_become_paragraphs():
    lines = [
        "Chlorophyll catches the light of the sun, and with its photo-",
        "synthesis makes food from water and carbon dioxide.",
        "A new one begins here.",
        "- an entry",
        "2. another",
    ]
    assert paragraphs(lines).split("\n") == [
        "Chlorophyll catches the light of the sun, and with its photosynthesis makes food from water and carbon dioxide.",
        "A new one begins here.",
        "- an entry",
        "2. another",
    ]


def test_a_pdf_locked_against_printing_only_is_read(tmp_path):
    assert read(tmp_path, "a.pdf", locked("")).pages == ("Plants make their own food.",)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.odt", b"x", "read from .pdf, .docx"),
        ("a.md", b"\n \n", "holds no text"),
        ("a.txt", b"caf\xe9 noir", "not UTF-8"),
        ("a.txt", b"a\0b", "zero bytes"),
        ("a.html", b"<script>x</script>", "holds no text"),
        ("a.pdf", b"this is no pdf", "no PDF"),
        ("a.pdf", pdf([["text"]])[:-200], "no PDF|holds no text"),
        ("a.pdf", pdf([[], []]), "a scan"),
        ("a.pdf", locked("secret"), "encrypted"),
        ("a.docx", b"x", "no Word document"),
        ("a.docx", b"\xd0\xcf\x11\xe0 old or locked", "encrypted"),
        ("a.txt", b"word " * 1_100_000, "too long"),
    ],
)
def test_a_bad_file_is_one_clear_line(tmp_path, name, content, message):
    with pytest.raises(InputError, match=message) as caught:
        read(tmp_path, name, content)
    assert str(tmp_path / name) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_word_file_that_unpacks_to_too_much(tmp_path):
    import zipfile

    with pytest.raises(InputError, match="cannot be read"):
        read_file(tmp_path / "none.md")
    with (
        zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/document.xml", "w", force_zip64=True) as entry,
    ):
        for _ in range((MOST_UNPACKED >> 24) + 1):
            entry.write(bytes(1 << 24))
    with pytest.raises(InputError, match="too long"):
        read_file(tmp_path / "a.docx")


def test_texts_are_kept_with_the_run_and_the_originals_no_longer_needed(tmp_path):
    for folder, text in (("a", "Plants make food."), ("b", "Plants make sugar."), ("c", "Plants make food.")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "notes.md").write_text(text)
    (tmp_path / "book.pdf").write_bytes(pdf([["Page one."], ["Page two."]]))
    paths = [*(tmp_path / f / "notes.md" for f in "abc"), tmp_path / "book.pdf"]
    sources = read_sources(paths)
    assert [s.name for s in sources] == ["notes.md", "notes (2).md", "book.pdf"]
    keep_sources(tmp_path / "run", sources)
    for path in paths:
        path.unlink()
    assert load_sources(tmp_path / "run") == sources
    assert load_sources(tmp_path / "nothing") == []
    assert "[page 2]\nPage two." in (tmp_path / "run" / "sources" / "03-book.pdf.txt").read_text()


def test_a_run_gets_the_texts_that_it_was_asked_for_or_none(tmp_path):
    long = Source(name="é" * 140 + ".md", pages=("Plants make food.",))
    paged = Source(name="book.pdf", pages=("One.", "", "Three."), paged=True)
    refs = [long.ref(), paged.ref()]
    assert (refs[0].pages, refs[1].pages, refs[1].blank) == (0, 3, (2,))
    keep_sources(tmp_path, [long, paged])
    assert kept_sources(tmp_path, refs) == [long, paged]
    assert kept_sources(tmp_path, []) == []
    (tmp_path / "sources" / "02-book.pdf.txt").write_text("Other words.")
    with pytest.raises(
        JournalError, match=r"sources: the text of book\.pdf is missing or was changed since the run began"
    ):
        kept_sources(tmp_path, refs)
    (tmp_path / "sources" / "02-book.pdf.txt").write_bytes(b"\xff")
    with pytest.raises(InputError, match=r"02-book\.pdf\.txt: cannot be read"):
        kept_sources(tmp_path, refs)


def test_five_hundred_pages_are_read_in_bounded_time(tmp_path):
    pages = [[f"Sentence {k} of page {n} says that water rises in plants." for k in range(40)] for n in range(500)]
    began = time.monotonic()
    source = read(tmp_path, "book.pdf", pdf(pages))
    assert len(source.pages) == 500
    assert time.monotonic() - began < 60  # 2 s on an idle machine


def test_invisible_characters_and_ligatures_are_written_out():
    assert clean("ﬁve\u00ad\u200b \ud800\x07ﬂ\t ow\r\n\r\n\r\n\nx") == "five fl ow\n\nx"
