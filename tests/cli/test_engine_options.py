"""`--engine ray` as a person gives it: what does not fit together is one line, and JSON stays alone on stdout."""

import json
import sys
from pathlib import Path

import pytest

from classwright.cli import options
from classwright.cli.main import run
from classwright.cli.options import EngineKind


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


CODED = ["fractions.add_unlike", "--n", "6", "--words", "code", "--json", "--quiet"]


@pytest.mark.parametrize("option", [["--workers", "2"], ["--address", "auto"]])
@pytest.mark.parametrize("command", [["dialogue", *CODED], ["teach", "select"]])
def test_options_of_a_cluster_need_one(command, option, capsys):
    assert run([*command, *option]) == 2
    assert "--workers and --address are for --engine ray" in capsys.readouterr().err
    assert run([*command, "--engine", "local", *option]) == 2


@pytest.mark.parametrize(
    ("command", "cap"),
    [(["dialogue", *CODED], "calls"), (["teach", "select"], "calls"), (["teach", "select"], "tokens")],
)
def test_a_cap_that_workers_cannot_hold_to_together_is_refused_before_anything_is_made(command, cap, tmp_path, capsys):
    (tmp_path / "my.toml").write_text(f"[limits]\n{cap} = 1000\n")
    assert run([*command, "--engine", "ray", "--recipe", "my.toml"]) == 2
    assert f"{cap} under [limits] cannot be held to by several workers" in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()


def test_without_ray_it_is_said_how_to_get_it(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ray", None)
    assert run(["dialogue", *CODED, "--engine", "ray"]) == 2
    assert 'pip install "classwright[ray]"' in capsys.readouterr().err
    assert not Path("runs").exists()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("127.0.0.1:1", "no Ray cluster answers there"),
        ("somewhere", "it is neither auto nor HOST:PORT"),
        ("auto", "no Ray cluster answers there"),
    ],
)
def test_a_cluster_that_is_not_there_is_one_line(address, told, capsys, monkeypatch):
    pytest.importorskip("ray")
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:1")  # where "auto" is
    assert run(["dialogue", *CODED, "--engine", "ray", "--address", address]) == 2
    shown = capsys.readouterr().err
    assert shown.startswith(f"classwright: --address {address}: ")
    assert told in shown
    assert shown.count("\n") == 1


def test_a_run_goes_on_with_any_number_of_workers_or_none():
    stored = {"workers": 8, "address": "auto"}
    assert options.changed_engine(None, None, None, stored) == stored
    assert options.changed_engine(None, 3, None, stored) == {"workers": 3, "address": "auto"}
    assert options.changed_engine(EngineKind.local, None, None, stored) == {}
    assert options.changed_engine(EngineKind.ray, 2, None, None) == {"workers": 2, "address": "local"}
    assert options.changed_engine(None, None, None, None) is None


@pytest.mark.filterwarnings("default")
def test_the_command_prints_one_object_and_dialogues_are_those_of_one_process(capsys):
    pytest.importorskip("ray")
    found = []
    for more in ([], ["--engine", "ray", "--workers", "1"]):
        assert run(["dialogue", *CODED, *more]) == 0
        summary = json.loads(capsys.readouterr().out)
        assert run(["dialogue", "export", summary["run"], "--out", "d.jsonl", "--format", "jsonl", "--quiet"]) == 0
        capsys.readouterr()
        with open("d.jsonl") as file:
            found.append((summary["dialogues"], summary["tutors"], file.read()))
    assert found[0] == found[1]
    assert found[0][0] == 6
