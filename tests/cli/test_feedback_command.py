"""`classwright feedback` as a person calls it."""

import json

import pytest

from classwright.cli.main import run
from tests.fake_openai import FakeServer, say
from tests.graphs.test_feedback import thanks

CSV = "comment,gratitude,general\nThank you so much,1,0\nGreat course,0,1\nThanks!,1,0\nThe sound is bad,0,0\n"


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f.csv").write_text(CSV)


@pytest.fixture
def server(tmp_path):
    with FakeServer(lambda request: say(json.dumps(thanks(request.body)))) as found:
        (tmp_path / "r.toml").write_text(f'[models.default]\nbase_url = "{found.url}"\nmodel = "m"\n')
        yield found


def test_json_is_one_object_with_totals_only_where_kappa_allows(server, capsys):
    arguments = [
        "feedback",
        "f.csv",
        "--column",
        "comment",
        "--labels",
        "gratitude,general,n/a",
        "--recipe",
        "r.toml",
        "-q",
    ]
    assert run([*arguments, "--json"]) == 0
    found = {t["label"]: t for t in json.loads(capsys.readouterr().out)["labels"]}
    assert list(found) == ["general", "gratitude", "na"]
    assert (found["gratitude"]["count"], found["gratitude"]["kappa"]) == (2, 1)
    assert found["general"]["count"] is None
    assert len(server.bodies) == 12


def test_the_screen_says_what_is_withheld(server, capsys):
    assert run(["feedback", "f.csv", "--column", "comment", "--recipe", "r.toml", "-q"]) == 0
    shown = capsys.readouterr().out
    assert "withheld: kappa" in shown
    assert "withheld: no given labels to check against" in shown
    assert "0.92 / 0.93" in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["f.csv"], "line 1: no column 'text'; did you mean --column comment?"),
        (["f.csv", "--column", "comment", "--labels", "gratitud"], "no label 'gratitud'; did you mean gratitude?"),
        (["f.csv", "--column", "comment", "--labels", ","], "--labels: names none"),
        (["none.csv"], "none.csv: cannot be read"),
    ],
)
def test_mistakes_are_one_line(capsys, arguments, message):
    assert run(["feedback", *arguments, "-q"]) == 2
    assert message in capsys.readouterr().err
