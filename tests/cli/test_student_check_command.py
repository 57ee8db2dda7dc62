import json

import pytest
from typer.testing import CliRunner

from classwright.cli.main import app

runner = CliRunner()


def test_it_prints_one_object_and_the_run_is_resumable_by_its_job():
    done = runner.invoke(
        app, ["dialogue", "check-students", "--n", "6", "--tracked", "90", "--seed", "2", "--json", "--quiet"]
    )
    assert done.exit_code == 0, done.output
    summary = json.loads(done.stdout)
    assert summary["kinds"][0]["student"] == "knowledge"
    assert summary["kinds"][0]["items"] == 6
    again = runner.invoke(app, ["runs", "replay", summary["run"], "--json", "--quiet"])
    assert again.exit_code == 0, again.output
    assert json.loads(again.stdout)["kinds"] == summary["kinds"]


def test_for_a_person_it_says_the_scores():
    done = runner.invoke(app, ["dialogue", "check-students", "--n", "6", "--tracked", "90", "--quiet"])
    assert "selective flip score (label of the code, a look at the spot):" in done.stdout
    assert "untaught, six turns:" in done.stdout
    assert "error rate tracks mastery, without a misconception" in done.stdout


@pytest.mark.parametrize(
    ("option", "said"), [("persno", "did you mean persona?"), ("", "names none"), ("human", "there are")]
)
def test_unknown_kinds_are_refused_by_name(option, said):
    done = runner.invoke(app, ["dialogue", "check-students", "--student", option])
    assert done.exit_code != 0
    assert said in str(done.exception)
