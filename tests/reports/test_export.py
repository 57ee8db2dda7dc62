"""`export` and `classwright export`: which files, from which runs, and what goes wrong before any work."""

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from classwright.cli.main import run as command
from classwright.errors import InputError
from classwright.graphs.lesson import LessonRequest
from classwright.graphs.lesson_run import start
from classwright.models.scripted import ScriptedModel
from classwright.reports.export import FORMATS, export, parse_formats
from classwright.runs.recipe import Recipe
from classwright.runs.run import create_run
from classwright.skilltree.learner import load_learners, public
from classwright.skilltree.tree import default_tree
from tests.graphs.scripted_agents import play
from tests.reports.lessons import GOAL, ODD, lesson

RUN = "20261124-093000-lesson-fractions.add_unlike"
FILES = {
    "lesson.md", "lesson.html", "lesson.docx", "lesson.pdf", "worksheet.docx", "worksheet.pdf", "answers.docx",
    "answers.pdf", "slides.pptx", "quiz-qti21.zip", "quiz-qti12.zip", "cards.apkg", "xapi.json",
}  # fmt: skip


def all_bytes(folder: Path) -> bytes:
    """The bytes of every file, those inside of ZIP files unpacked."""
    found = b""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found += path.name.encode() + path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    found += b"".join(archive.read(name) for name in archive.namelist())
    return found


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Path:
    """A lesson for a learner with a name, run to its end."""
    folder = tmp_path_factory.mktemp("mia")
    (folder / "mia.toml").write_text('name = "Mia Example"\ngrade = 5\ninterests = ["baking"]\n')
    learners = tuple(public(x) for x in load_learners(folder / "mia.toml", default_tree()))
    request = LessonRequest(
        topic=GOAL, skill=GOAL, learners=learners, minutes=45, interest="baking", rounds=0, candidates=1, keep=1, seed=7
    )
    start(request, Recipe(), root=folder / "runs", progress=lambda *_: None, endpoint=ScriptedModel(play))
    [path] = [p for p in (folder / "runs").iterdir() if p.name != "memory"]
    return path


def test_all_formats_of_a_finished_run_and_one_json_object(finished: Path, tmp_path: Path, capsys) -> None:
    assert command(["export", str(finished), "--format", "all", "--out", str(tmp_path / "out"), "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    found = json.loads(out)
    assert found["run"] == finished.name
    assert found["left_out"] == {}
    assert {Path(f).name for f in found["files"]} == FILES == {p.name for p in (tmp_path / "out").iterdir()}
    statements = json.loads((tmp_path / "out" / "xapi.json").read_text())
    created = datetime.fromisoformat(json.loads((finished / "config.json").read_text())["created"])
    assert datetime.fromisoformat(statements[0]["timestamp"]) == created


def test_no_format_knows_a_name(finished: Path, tmp_path: Path) -> None:
    assert command(["export", str(finished), "--format", "all", "--out", str(tmp_path), "--quiet"]) == 0
    assert b"Mia" not in all_bytes(tmp_path)


def test_formats_can_be_chosen_and_paper_too(finished: Path, tmp_path: Path, capsys) -> None:
    words = ["export", finished.name[:15], "--root", str(finished.parent), "--out", str(tmp_path)]
    assert command([*words, "--format", "pdf, worksheet", "--paper", "a4"]) == 0
    assert {p.name for p in tmp_path.iterdir()} == {"lesson.pdf", "worksheet.docx", "worksheet.pdf"}
    assert b"595.2" in (tmp_path / "lesson.pdf").read_bytes()
    assert capsys.readouterr().out.count("\n") == 3


@pytest.mark.parametrize("skill", ODD)
def test_odd_lessons_have_every_format(skill: str, tmp_path: Path) -> None:
    files = export(lesson(skill, rehearsed=True), FORMATS, tmp_path, run=RUN)
    assert {f.name for f in files} == FILES
    assert all(f.stat().st_size > 300 for f in files)


def test_the_same_lesson_gives_the_same_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        export(lesson(rehearsed=True), FORMATS, tmp_path / name, run=RUN)
    assert all_bytes(tmp_path / "a") == all_bytes(tmp_path / "b")


def test_the_time_comes_from_the_run(tmp_path: Path) -> None:
    export(lesson(rehearsed=True), ["xapi"], tmp_path, run=RUN)
    first = json.loads((tmp_path / "xapi.json").read_text())[0]
    assert datetime.fromisoformat(first["timestamp"]) == datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    with pytest.raises(InputError, match="when the run began"):
        export(lesson(rehearsed=True), ["xapi"], tmp_path, run="a-lesson")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("docs", "did you mean docx"),
        ("qti", "did you mean qti"),
        ("", "no format is named"),
        ("zzzz", "there are md, html"),
    ],
)
def test_an_unknown_format_is_named_with_the_nearest(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=says):
        export(lesson(), [text], tmp_path / "out", run=RUN)
    assert not (tmp_path / "out").exists()


def test_formats_come_once_in_a_fixed_order() -> None:
    assert parse_formats("pdf,docx,pdf") == ["docx", "pdf"]
    assert parse_formats("all,md") == list(FORMATS)


def fails(capsys, *words: str) -> str:
    assert command(["export", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    [line] = [line for line in err.splitlines() if line.startswith("classwright:")]
    return line


def test_a_folder_that_cannot_be_written_is_found_before_any_work(finished: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "file").write_text("")
    line = fails(capsys, str(finished), "--format", "pdf", "--out", str(tmp_path / "file" / "x"))
    assert str(tmp_path / "file" / "x") in line
    assert "--out" in line


def test_a_run_that_is_none_of_a_finished_lesson_is_refused(tmp_path: Path, capsys) -> None:
    with (
        create_run(tmp_path, "lesson", "half", {"seed": 1}) as half,
        create_run(tmp_path, "tree-build", "t", {}) as tree,
    ):
        half_path, tree_path = half.path, tree.path
    assert "runs resume" in fails(capsys, str(half_path), "--format", "pdf", "--out", str(tmp_path / "out"))
    assert "tree-build" in fails(capsys, str(tree_path), "--format", "pdf", "--out", str(tmp_path / "out"))
    assert "--paper" in fails(
        capsys, str(half_path), "--format", "pdf", "--paper", "a3", "--out", str(tmp_path / "out")
    )


def test_a_lesson_without_rehearsal_has_no_statements(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="xapi: the lesson was not rehearsed"):
        export(lesson(), ["md", "xapi"], tmp_path, run=RUN)
    assert not (tmp_path / "lesson.md").exists()
