"""`classwright coach` as a person calls it."""

import json

import pytest

from classwright.cli.main import run
from tests.fake_openai import FakeServer, say
from tests.graphs.test_coach import coach

TALK = """Ms. Okafor: Hi Zorana, how did you add 1/2 and 1/3?
Zorana: I added the tops and the bottoms, so 1/2 + 1/3 = 2/5.
Ms. Okafor: Okay, good, on to number four, Zorana.
Zorana: Kwame says 2/5 is less than a half, is that bad?
"""


@pytest.fixture(autouse=True)
def talk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "talk.txt").write_text(TALK)


def test_the_page_and_the_screen_have_the_names_the_server_has_not(tmp_path, capsys):
    with FakeServer(lambda request: say(json.dumps(coach(request.body)))) as server:
        (tmp_path / "r.toml").write_text(f'[models.default]\nbase_url = "{server.url}"\nmodel = "m"\n')
        assert run(["coach", "talk.txt", "--recipe", "r.toml", "--out", "page.html", "--json", "--quiet"]) == 0
        sent = json.dumps(server.bodies)
    found = json.loads(capsys.readouterr().out)
    assert "Zorana" not in sent
    assert "Okafor" not in sent
    lines = TALK.splitlines()
    quotes = (
        [e for r in found["ratings"] for e in r["evidence"]]
        + found["highlights"]
        + found["missed"]
        + found["suggestions"]
    )
    assert all(q["quote"] in lines[q["line"] - 1] for q in quotes)
    assert "Zorana" in (tmp_path / "page.html").read_text()
    assert all(r["status"] in ("uncalibrated", "missing") for r in found["ratings"])


def test_the_screen_says_uncalibrated(tmp_path, capsys):
    with FakeServer(lambda request: say(json.dumps(coach(request.body)))) as server:
        (tmp_path / "r.toml").write_text(f'[models.default]\nbase_url = "{server.url}"\nmodel = "m"\n')
        assert run(["coach", "talk.txt", "--recipe", "r.toml", "--quiet"]) == 0
    shown = capsys.readouterr().out
    assert shown.count("(uncalibrated)") == 7
    assert "error confirmed, line 2: “1/2 + 1/3 = 2/5”" in shown
    assert "Suggestions\n  line 2: " in shown


def test_without_a_model_the_counts_are_shown(capsys):
    assert run(["coach", "talk.txt", "--quiet"]) == 0
    shown = capsys.readouterr().out
    assert "Tutor's share of the words" in shown
    assert "too small to judge teaching" in shown


@pytest.mark.parametrize(
    ("text", "arguments", "message"),
    [
        ("Teacher: Hi\nTeacher: Hello?\n", [], "t.txt: only Teacher speaks"),
        ("<b>Hi</b>\n", [], "no line begins with its speaker"),
        ('{"conversation": "Teacher: (sing)La"}\n', ["--format", "mathdial"], "question is missing"),
        (TALK, ["--teacher", "Bob"], "nobody is labeled 'Bob'"),
        (TALK, ["--out", "page.pdf"], "page.pdf: the page is HTML"),
        (TALK, ["--names", "none.txt"], "none.txt: cannot be read"),
    ],
)
def test_mistakes_are_one_line(tmp_path, capsys, text, arguments, message):
    (tmp_path / "t.txt").write_text(text)
    assert run(["coach", "t.txt", *arguments, "--quiet"]) == 2
    shown = capsys.readouterr().err
    assert message in shown
    assert len(shown.strip().splitlines()) == 1
