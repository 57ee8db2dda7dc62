"""`classwright lesson --from`: a teacher's files, good, bad and long."""

import json

import pytest

from classwright.cli.main import run
from classwright.cli.output import settings
from tests.cli.test_lesson_command import GOAL, answer, fails, recipe
from tests.fake_openai import FakeServer
from tests.graphs.test_source_text import locked, word_file
from tests.made_pdf import pdf

QUICK = ("--class", "3", "--seed", "7", "--rounds", "0", "--candidates", "1")
SENTENCE = "To add fractions with unlike denominators, first write them with the same denominator."


@pytest.fixture(autouse=True)
def own_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("CLASSWRIGHT_RUNS", str(tmp_path / "runs"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "runs"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.md", b"", "holds no text"),
        ("empty.docx", b"", "no Word document"),
        ("locked.pdf", locked("secret"), "encrypted; save a copy without a password"),
        ("locked.docx", b"\xd0\xcf\x11\xe0 locked", "encrypted"),
        ("scan.pdf", pdf([[], []]), "run OCR on it first"),
        ("notes.odt", b"x", "a source is read from .pdf, .docx, .md, .html or .txt"),
        ("latin.txt", "café".encode("latin-1"), "save it as UTF-8"),
        ("missing.md", None, "cannot be read: No such file"),
    ],
)
def test_a_bad_file_is_one_line_before_anything_is_spent(tmp_path, own_runs, capsys, name, content, says):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    code, line = fails(capsys, GOAL, *QUICK, "--quiet", "--from", name)
    assert code == 2
    assert says in line
    assert name in line
    assert not own_runs.exists()


def test_a_comparison_takes_no_source(tmp_path, capsys):
    (tmp_path / "notes.md").write_text(SENTENCE)
    code, line = fails(capsys, GOAL, "--compare", "single,full", "--from", "notes.md")
    assert (code, "--from is for one lesson" in line) == (2, True)


def test_a_subject_outside_the_tree_needs_its_minutes_too(tmp_path, capsys, own_runs):
    given = recipe(tmp_path, "http://127.0.0.1:9/v1")
    code, line = fails(capsys, "photosynthesis", "--class", "3", "--minutes", "10", "--recipe", given)
    assert (code, "at least 20" in line, own_runs.exists()) == (2, True, False)


def test_several_files_ground_one_lesson_that_the_run_can_repeat_without_them(tmp_path, capsys):
    (tmp_path / "notes.md").write_text(f"# Adding\n\n{SENTENCE}\n")
    (tmp_path / "book.docx").write_bytes(word_file())
    (tmp_path / "page.html").write_text("<h1>Fractions</h1><p>Pieces of different size cannot be counted together.")
    with FakeServer(answer) as server:
        files = [word for name in ("notes.md", "book.docx", "page.html") for word in ("--from", name)]
        assert run(["lesson", GOAL, *QUICK, *files, "--json", "--quiet", "--recipe", recipe(tmp_path, server.url)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [f["name"] for f in found["sources"]["files"]] == ["notes.md", "book.docx", "page.html"]
    assert found["sources"]["found"] >= 1
    for name in ("notes.md", "book.docx", "page.html"):
        (tmp_path / name).unlink()
    assert run(["runs", "replay", found["run"], "--json", "--quiet"]) == 0
    assert json.loads(capsys.readouterr().out)["sources"] == found["sources"]
    (tmp_path / found["run"] / "sources" / "01-notes.md.txt").write_text("changed")
    assert run(["runs", "replay", found["run"], "--quiet"]) == 1
    assert "the text of notes.md is missing or was changed since the run began" in capsys.readouterr().err


def test_a_book_of_500_pages_is_read_and_indexed_with_progress(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(settings, "quiet", False)  # a command before in this process may have been quiet
    pages = [[f"Page {n} tells of water that rises in plants and of the light of the sun."] * 3 for n in range(500)]
    pages[321] = [SENTENCE]
    (tmp_path / "book.pdf").write_bytes(pdf(pages))
    with FakeServer(answer) as server:
        assert run(["lesson", GOAL, *QUICK, "--from", "book.pdf", "--recipe", recipe(tmp_path, server.url)]) == 0
    out, err = capsys.readouterr()
    assert "reading book.pdf" in err
    assert "indexing book.pdf" in err
    assert "Source: book.pdf: 1 of 500 passages bear on it" in out
    [page] = (tmp_path / "runs").glob("*/lesson.md")
    assert "book.pdf, page 322" in page.read_text()
