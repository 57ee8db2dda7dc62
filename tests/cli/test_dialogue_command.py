"""`classwright dialogue score` as a person calls it."""

import json

import pytest
from typer.testing import CliRunner

from classwright.cli import output
from classwright.cli.dialogue import app
from classwright.errors import InputError

LINE = {"qid": 1, "question": "Tom has 12 pens and gives away 5. How many pens are left?", "ground_truth": "12 - 5\n 7",
        "student_incorrect_solution": "12 + 5 = 17", "conversation": "Teacher: (focus)Well?|EOM|Student: 7|EOM|Teacher: (generic)Yes"}  # fmt: skip


@pytest.fixture(autouse=True)
def _loud(monkeypatch):
    monkeypatch.setattr(output.settings, "quiet", False)


@pytest.fixture
def transcript(tmp_path):
    path = tmp_path / "t.jsonl"
    path.write_text(
        json.dumps(LINE)
        + "\n"
        + json.dumps(LINE | {"qid": 2, "conversation": "Teacher: It is 7.|EOM|Student: ok"})
        + "\n"
    )
    return path


def test_json_is_one_object_with_both_modes(transcript):
    found = CliRunner().invoke(app, ["score", str(transcript), "--format", "mathdial", "--mode", "mathdial", "--json"])
    assert found.exit_code == 0
    result = json.loads(found.stdout)
    assert result["success"] == {"1": 0.5, "3": 0.5, "5": 0.5, "7": 0.5}
    assert result["telling"]["1"] == 0.5
    assert set(result["modes"]) == {"mathdial", "strict"}
    assert result["measures"]["agreement"]["n"] == 2
    assert result["measures"]["leaking"] == 0.5


def test_the_page_shows_both_modes(transcript):
    text = CliRunner().invoke(app, ["score", str(transcript), "--format", "mathdial"]).stdout
    assert "strict: success@k" in text
    assert "mathdial: telling@k" in text
    assert "50.0 %" in text


def test_bad_lines_stop_or_are_counted(transcript):
    with transcript.open("a") as file:
        file.write("{}\n")
    with pytest.raises(InputError, match=r"line 3: question is missing or empty; --skip-bad"):
        CliRunner().invoke(app, ["score", str(transcript), "--format", "mathdial"], catch_exceptions=False)
    found = CliRunner().invoke(app, ["score", str(transcript), "--format", "mathdial", "--skip-bad", "--json"])
    assert len(json.loads(found.stdout)["skipped"]) == 1
    assert "left out: line 3" in found.stderr
