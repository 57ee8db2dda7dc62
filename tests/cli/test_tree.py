"""`classwright tree` as a person calls it: one object with --json, one line and exit code 2 for bad input."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from classwright.skilltree.tree import default_tree

GOAL = "fractions.add_unlike"
MIA = 'name = "Mia Example"\ngrade = 5\n[mastery]\n"fractions.equivalent" = 0.85\n"fractions.add_like" = 0.6\n'


def call(*arguments: str | Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    program = "import sys; from classwright.cli.main import main; sys.argv[0] = 'classwright'; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "tree", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def mia(tmp_path: Path) -> Path:
    path = tmp_path / "mia.toml"
    path.write_text(MIA)
    return path


def test_show() -> None:
    everything = json.loads(call("show", "--json").stdout)
    assert len(everything["skills"]) == len(default_tree())
    one = json.loads(call("show", GOAL, "--json").stdout)
    assert one["id"] == GOAL
    assert "fractions.equivalent" in one["prerequisites"]
    assert "fractions.add_numerators_and_denominators" in [m["id"] for m in one["misconceptions"]]
    assert "common denominator" in call("show", GOAL).stdout
    wrong = call("show", "fractions.ad_unlike", code=2)
    assert "did you mean fractions.add_unlike" in wrong.stderr
    assert wrong.stdout == ""


def test_path(mia: Path) -> None:
    whole = json.loads(call("path", GOAL, "--json").stdout)["path"]
    assert [row["skill"] for row in whole] == default_tree().path(GOAL)
    hers = json.loads(call("path", GOAL, "--learner", mia, "--json").stdout)
    assert "Mia" not in json.dumps(hers)
    skills = [row["skill"] for row in hers["path"]]
    assert skills[-1] == GOAL
    assert "fractions.add_like" in skills
    assert not {"fractions.equivalent", "counting.count_objects"} & set(skills)


def test_validate_names_every_fault(tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(
        '[[skills]]\nid = "a"\nname = "a"\nprerequisites = ["b", "x"]\n[[skills]]\nid = "b"\nname = "b"\nprerequisites = ["a"]\n'
    )
    done = call("validate", bad, code=2)
    assert "unknown prerequisite x" in done.stderr
    assert "a -> b -> a" in done.stderr
    record = json.loads(call("validate", bad, "--json", code=2).stdout)
    assert record["ok"] is False
    assert len(record["faults"]) == 2


def test_validate_counts(tmp_path: Path) -> None:
    default_tree().save(tmp_path / "all.json")
    record = json.loads(call("validate", tmp_path / "all.json", "--json").stdout)
    tree = default_tree()
    assert (record["skills"], record["edges"]) == (len(tree), tree.graph.number_of_edges())
    assert record["longest_path"] == len(tree.longest_path())
    assert record["faults"] == []


def test_the_shipped_tree_is_valid() -> None:
    record = json.loads(call("validate", "--json").stdout)
    assert record["ok"]
    assert record["generators"] == record["skills"]
    assert record["rules"] == record["misconceptions"]
    assert record["composed"] > 50


def test_problems_are_reproducible() -> None:
    arguments = ("problems", GOAL, "-n", "3", "--seed", "4", "--interest", "baking", "--wrong", "--json")
    record = json.loads(call(*arguments).stdout)
    assert json.loads(call(*arguments).stdout) == record
    assert len(record["problems"]) == 3
    assert all(p["answer"] and p["wrong"] for p in record["problems"])
    quiz = json.loads(call("problems", GOAL, "--no-answers", "--json").stdout)
    assert all(set(p) == {"id", "text"} for p in quiz["problems"])
    assert "Answer:" in call("problems", GOAL).stdout
    few = call("problems", "counting.make_10", "-n", "30")
    assert "has only 9 different problems" in few.stderr


def test_draw(tmp_path: Path, mia: Path) -> None:
    svg, page = tmp_path / "tree.svg", tmp_path / "tree.html"
    assert json.loads(call("draw", "--out", svg, "--json").stdout)["skills"] == len(default_tree())
    assert svg.read_text("utf-8").startswith("<svg")
    call("draw", "--out", page, "--learner", mia, "--goal", GOAL)
    text = page.read_text("utf-8")
    assert "<script>" in text
    assert "Mia" not in text
    assert ".svg or .html" in call("draw", "--out", tmp_path / "tree.pdf", code=2).stderr
    assert "no skill" in call("draw", "--out", svg, "--goal", "x.y", code=2).stderr
