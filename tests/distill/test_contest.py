"""Trainings beside each other."""

import json

import pytest

from classwright.cli.main import run
from classwright.distill.contest import contest
from classwright.errors import InputError


def training(folder, right, *, kinds=("held_out",), before=None, **record):
    """A training whose exam after it has the first `right` of 20 items right."""
    folder.mkdir(parents=True)
    for name, n in (("after", right), ("before", before)):
        if n is not None:
            rows = [{"id": f"{k}{i}", "kind": k, "skill": "add", "right": i < n} for k in kinds for i in range(20)]
            (folder / f"exam.{name}.json").write_text(json.dumps({"rows": rows}))
    (folder / "training.json").write_text(json.dumps({"config": {}, **record}))
    return folder


def test_arms_are_compared_in_pairs_over_items_with_one_correction(tmp_path):
    arms = {
        "sft": [training(tmp_path / "a", 4, before=1, rows=10, seconds=5.0)],
        "better": [training(tmp_path / "b1", 18), training(tmp_path / "b2", 20)],
        "same": [training(tmp_path / "c", 4)],
    }
    found = contest(arms, [("better", "sft"), ("same", "sft")], seed=0)
    assert [(a.name, a.trainings, a.accuracy["all"].mean) for a in found.arms] == [
        ("base", 0, 0.05), ("sft", 1, 0.2), ("better", 2, pytest.approx(0.95)), ("same", 1, 0.2)
    ]  # fmt: skip
    assert found.arms[1].rows == 10
    better, same = found.effects
    assert better.difference.mean == pytest.approx(0.75)
    assert better.shown
    assert not same.shown
    assert better.p is not None
    assert better.adjusted == pytest.approx(2 * better.p)
    assert found.shows[0].startswith("better against sft: better: +75.0 points [")
    assert found.shows[1].startswith("same against sft: no difference was shown: +0.0 points")
    assert any(line.startswith("One training of sft, same") for line in found.cannot)


def test_what_cannot_be_compared_is_said(tmp_path):
    a = training(tmp_path / "a", 4)
    with pytest.raises(InputError, match="took different exams"):
        contest({"a": [a], "b": [training(tmp_path / "b", 4, kinds=("longer",))]}, [("b", "a")], seed=0)
    with pytest.raises(InputError, match="--pair names c, which is no arm; there are a, base"):
        contest({"a": [a]}, [("c", "a")], seed=0)
    with pytest.raises(InputError, match="no training holds the exam before it"):
        contest({"a": [a]}, [("a", "base")], seed=0)
    floor = contest({"a": [training(tmp_path / "d", 0)], "b": [training(tmp_path / "e", 0)]}, [("b", "a")], seed=0)
    assert "at the floor in every arm" in floor.cannot[0]


def test_the_command_prints_and_writes_the_table(tmp_path, capsys):
    a, b = (training(tmp_path / name, n, kinds=("held_out", "longer")) for name, n in (("a", 4), ("b", 19)))
    out = tmp_path / "out"
    assert run(["distill", "compare", f"x={a}", f"y={b}", "--out", str(out), "--json"]) == 0
    assert [e["arm"] for e in json.loads(capsys.readouterr().out)["effects"]] == ["y"]
    page = (out / "comparison.md").read_text()
    assert "| arm | trainings | all | held_out | longer |" in page
    assert "y against x: better" in page
    assert run(["distill", "compare", str(a)]) == 2
    assert "write NAME=DIR" in capsys.readouterr().err
