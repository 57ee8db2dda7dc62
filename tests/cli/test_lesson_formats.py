"""`classwright lesson --format`: one lesson in every format, each opened by a library that reads it."""

import json
import sqlite3
import zipfile
from pathlib import Path
from types import SimpleNamespace

import docx
import pypdf
import pytest
from lxml import etree, html  # pyright: ignore[reportAttributeAccessIssue]
from pptx import Presentation

from classwright.classroom.plan import TIERS, LessonPlan
from classwright.cli.main import run
from classwright.graphs.lesson_run import resume
from classwright.models.scripted import Say, completion
from classwright.reports.printed import printed_answer
from tests.fake_openai import Answer, FakeServer
from tests.graphs.scripted_agents import play
from tests.reports.lessons import GOAL

FILES = {
    "lesson.md", "lesson.html", "lesson.docx", "lesson.pdf", "worksheet.docx", "worksheet.pdf", "answers.docx",
    "answers.pdf", "slides.pptx", "quiz-qti21.zip", "quiz-qti12.zip", "cards.apkg", "xapi.json",
}  # fmt: skip
MADE = FILES - {"lesson.md", "lesson.html"}


def answer(request) -> Answer:
    reply = play(request.body)
    return Answer(completion(Say(reply if isinstance(reply, str) else json.dumps(reply)), "m", request.body))


def recipe(folder: Path, url: str) -> str:
    (folder / "recipe.toml").write_text(f'[models.default]\nbase_url = "{url}"\nmodel = "m"\ntimeout_s = 5\n')
    return str(folder / "recipe.toml")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A lesson for Mia, by the command, in all formats: folder, what was printed, and the plan."""
    folder = tmp_path_factory.mktemp("formats")
    (folder / "mia.toml").write_text('name = "Mia Example"\ngrade = 5\ninterests = ["baking"]\n')
    with pytest.MonkeyPatch.context() as patch, FakeServer(answer) as server:
        patch.setenv("CLASSWRIGHT_RUNS", str(folder / "runs"))
        words = ["lesson", GOAL, "--learner", str(folder / "mia.toml"), "--seed", "7", "--rounds", "0", "--quiet"]
        words += ["--candidates", "1", "--recipe", recipe(folder, server.url), "--out", str(folder / "out")]
        assert run([*words, "--format", "all", "--paper", "a4"]) == 0
    [path] = [p for p in (folder / "runs").iterdir() if p.name != "memory"]
    summary = json.loads((path / "summary.json").read_text())
    plan = json.loads((path / "plan.json").read_text())
    return SimpleNamespace(run=path, out=folder / "out", summary=summary, plan=plan)


def test_every_format_is_in_the_run_and_in_the_folder_named_and_listed(made) -> None:
    for folder in (made.run, made.out):
        assert {p.name for p in folder.iterdir()} >= FILES | {"report.html", "plan.json"}
    for name in FILES:
        assert (made.run / name).read_bytes() == (made.out / name).read_bytes()
    listed = [Path(f) for f in made.summary["files"]]
    assert {p.name for p in listed} == FILES | {"report.html", "plan.json"}
    assert len(listed) == 2 * (len(FILES) + 2)
    assert all(p.exists() for p in listed)
    assert made.summary["left_out"] == {}


def test_documents_open_in_their_readers(made) -> None:
    title, first = made.plan["title"], made.plan["exit_ticket"]["problems"][0]["text"]
    for name in ("lesson", "worksheet", "answers"):
        word = docx.Document(str(made.run / f"{name}.docx"))
        assert word.paragraphs[0].text == title
        assert word.sections[0].page_height.cm == pytest.approx(29.7, abs=0.1)  # pyright: ignore[reportOptionalMemberAccess]
        pdf = pypdf.PdfReader(made.run / f"{name}.pdf")
        assert pdf.metadata is not None
        assert pdf.metadata.title == title
        assert round(float(pdf.pages[0].mediabox.height)) == 842
        assert all(len(page.extract_text()) > 60 for page in pdf.pages)  # header and footer and more
    show = Presentation(str(made.run / "slides.pptx"))
    assert show.slides[0].shapes.title.text_frame.text == title  # pyright: ignore[reportOptionalMemberAccess]
    page = html.fromstring((made.run / "lesson.html").read_text())
    assert page.findtext(".//h1") == title
    assert first in (made.run / "lesson.md").read_text()


def test_quizzes_cards_and_statements_open_in_their_readers(made, tmp_path) -> None:
    asked = [p["text"] for p in made.plan["exit_ticket"]["problems"]]
    for version in ("21", "12"):
        with zipfile.ZipFile(made.run / f"quiz-qti{version}.zip") as archive:
            assert archive.testzip() is None
            files = {name: etree.fromstring(archive.read(name)) for name in archive.namelist()}
        listed = {f.get("href") for f in files["imsmanifest.xml"].iter("{*}file")}
        assert listed == set(files) - {"imsmanifest.xml"}
        assert sum(len(list(f.iter("{*}assessmentItem", "{*}item"))) for f in files.values()) >= len(asked)
    with zipfile.ZipFile(made.run / "cards.apkg") as archive:
        archive.extract("collection.anki2", tmp_path)
    cards = sqlite3.connect(tmp_path / "collection.anki2")
    assert cards.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    [notes] = cards.execute("SELECT count(*) FROM notes").fetchone()
    cards.close()
    assert notes >= len(asked)
    statements = json.loads((made.run / "xapi.json").read_text())
    assert len(statements) > 1
    assert {"actor", "verb", "object", "timestamp", "id"} <= set(statements[0])


def test_the_worksheet_has_no_answer_and_the_key_has_all_of_them_in_its_order(made) -> None:
    plan = LessonPlan.model_validate(made.plan)
    key = docx.Document(str(made.run / "answers.docx"))
    heads = [p.text for p in key.paragraphs if p.style and p.style.name == "Heading 1"]
    assert heads[0] == "Answers at a glance"
    order = ["Warm-up", "Practice together", *(f"On your own: Set {s}" for s in "ABC"), "Exit ticket"]
    places = [next(i for i, head in enumerate(heads) if head.startswith(part)) for part in order]
    assert places == sorted(places)
    quick = key.paragraphs[2 : 2 + len(order)]
    assert [p.text.split(":")[0] for p in quick] == [o.split(":")[0] for o in order]
    whole = [p for p in plan.warm_up.problems if "/" not in p.answer]
    assert all(printed_answer(p) in quick[0].text.replace("\u00a0", " ") for p in whole)
    worksheet = "".join(page.extract_text() for page in pypdf.PdfReader(made.run / "worksheet.pdf").pages)
    assert "→" not in worksheet
    asked = [*plan.warm_up.problems, *plan.guided.problems, *plan.exit_ticket.problems]
    asked += [p for tier in TIERS for p in plan.independent.tier(tier)]
    assert worksheet.count("Answer:") == len(asked)


def test_no_file_of_the_run_knows_the_name(made) -> None:
    for path in [*made.run.rglob("*"), *made.out.rglob("*")]:
        if path.is_file():
            assert b"Mia" not in path.read_bytes()
        if path.is_file() and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                assert all(b"Mia" not in archive.read(name) for name in archive.namelist())


def test_a_run_that_was_killed_before_its_files_writes_the_same_ones_when_resumed(made) -> None:
    before = {name: (made.run / name).read_bytes() for name in MADE}
    for name in (*MADE, "summary.json"):
        (made.run / name).unlink()
    summary = resume(made.run, replay=False, progress=lambda *_: None)  # every reply is in the journal
    assert summary["files"] == made.summary["files"]
    assert {name: (made.run / name).read_bytes() for name in MADE} == before
    assert resume(made.run, replay=True, progress=lambda *_: None)["files"] == []  # a replay writes nothing


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--format", "docs"], "did you mean docx"),
        (["--format", ""], "no format is named"),
        (["--format", "pdf", "--paper", "a3"], "letter and a4"),
        (["--format", "pdf", "--out", "file/x"], "file/x"),
        (["--format", "pdf", "--compare", "single,full"], "--format and --out are for one lesson"),
    ],
)
def test_what_cannot_be_written_is_found_before_anything_is_asked(tmp_path, monkeypatch, capsys, words, says) -> None:
    monkeypatch.setenv("CLASSWRIGHT_RUNS", str(tmp_path / "runs"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    with FakeServer(answer) as server:
        code = run(["lesson", GOAL, "--class", "3", "--quiet", "--recipe", recipe(tmp_path, server.url), *words])
        assert server.requests == []
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    [line] = [line for line in err.splitlines() if line.startswith("classwright:")]
    assert says in line
    assert not (tmp_path / "runs").exists()


def test_statements_of_a_subject_without_rehearsal_are_refused_before_anything_is_asked(
    tmp_path, monkeypatch, capsys
) -> None:
    monkeypatch.setenv("CLASSWRIGHT_RUNS", str(tmp_path / "runs"))
    with FakeServer(answer) as server:
        words = ["lesson", "photosynthesis", "--class", "3", "--quiet", "--format", "pdf,xapi"]
        assert run([*words, "--recipe", recipe(tmp_path, server.url)]) == 2
        assert server.requests == []
    assert "--format xapi" in capsys.readouterr().err
