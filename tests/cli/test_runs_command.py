import json
import sys
import types

import pytest

from classwright.cli import main, output
from classwright.cli import runs as runs_command
from classwright.runs.run import create_run, open_run


@pytest.fixture(autouse=True)
def fresh_settings(monkeypatch):
    monkeypatch.setattr(output, "settings", output.Settings())


@pytest.fixture
def job(monkeypatch) -> list[tuple[str, bool]]:
    """A job of this test, and the list of what it was asked to do."""
    calls: list[tuple[str, bool]] = []

    def resume(run_dir, *, replay, progress):
        progress("working", 1, 1)
        with open_run(run_dir, mode="replay" if replay else "append") as run:
            calls.append((run.id, replay))
            if not replay:
                run.finish({"calls": 3})
            return {"run": run.id, "replay": replay}

    module = types.ModuleType("job_of_this_test")
    vars(module)["resume"] = resume
    monkeypatch.setitem(sys.modules, "job_of_this_test", module)
    monkeypatch.setitem(runs_command.RESUME, "test", "job_of_this_test:resume")
    return calls


def run_json(capsys, *arguments: str):
    assert main.run([*arguments, "--json", "--quiet"]) == 0
    printed, messages = capsys.readouterr()
    assert messages == ""
    assert printed.count("\n") == 1
    return json.loads(printed)


def test_list_shows_runs_with_their_state(tmp_path, capsys):
    assert run_json(capsys, "runs", "list")["runs"] == []
    with create_run(None, "lesson", "a", {}) as one, create_run(None, "lesson", "b", {}) as two:
        two.finish({})
        found = run_json(capsys, "runs", "list")["runs"]
    assert [(run["id"], run["status"]) for run in found] == [(one.id, "running"), (two.id, "finished")]
    assert main.run(["runs", "list"]) == 0
    printed = capsys.readouterr().out
    assert one.id in printed
    assert "interrupted" in printed


def test_list_of_another_folder(tmp_path, capsys):
    create_run(tmp_path / "other", "lesson", "a", {}).close()
    assert len(run_json(capsys, "runs", "list", "--root", str(tmp_path / "other"))["runs"]) == 1
    assert main.run(["runs", "list"]) == 0
    assert capsys.readouterr().out.startswith("no runs in ")


def test_show_says_how_far_a_run_came(capsys):
    with create_run(None, "lesson", "a", {"seed": 7}) as run:
        run.finish({"calls": 3, "gain": {"mean": 0.4}})
    result = run_json(capsys, "runs", "show", run.id)
    assert (result["status"], result["replies"], result["results"]) == ("finished", 0, 0)
    assert result["config"]["seed"] == 7
    assert result["summary"]["calls"] == 3
    assert result["files"] == ["config.json", "journal.jsonl", "results.jsonl", "summary.json"]
    assert main.run(["runs", "show", run.id[:15]]) == 0
    assert "calls: 3" in capsys.readouterr().out


def test_resume_and_replay_call_the_job_that_the_run_is_of(capsys, job):
    create_run(None, "test", "a", {}).close()
    run = run_json(capsys, "runs", "list")["runs"][0]
    assert run_json(capsys, "runs", "resume", run["id"]) == {"run": run["id"], "replay": False}
    assert run_json(capsys, "runs", "replay", run["path"]) == {"run": run["id"], "replay": True}
    assert job == [(run["id"], False), (run["id"], True)]
    assert run_json(capsys, "runs", "list")["runs"][0]["status"] == "finished"


def test_a_run_in_use_is_refused_with_one_line(capsys, job):
    with create_run(None, "test", "a", {}) as run:
        assert main.run(["runs", "resume", run.id]) == 1
    printed, message = capsys.readouterr()
    assert printed == ""
    assert "is working on this run" in message
    assert message.count("\n") == 1
    assert job == []


def test_a_job_that_cannot_go_on_is_named(capsys):
    create_run(None, "nonsense", "a", {}).close()
    run = run_json(capsys, "runs", "list")["runs"][0]
    assert main.run(["runs", "resume", run["id"]]) == 2
    assert "job nonsense is none that can go on; there are lesson" in capsys.readouterr().err


def test_a_damaged_journal_is_one_line_with_file_and_line(capsys, job):
    with create_run(None, "test", "a", {}) as run:
        pass
    (run.path / "journal.jsonl").write_bytes(b'{"crc32":"00000000","key":1}\n')
    for action in ("show", "resume", "replay"):
        assert main.run(["runs", action, run.id, "--quiet"]) == 1
        printed, message = capsys.readouterr()
        assert printed == ""
        assert f"{run.path / 'journal.jsonl'}, line 1: damaged" in message
        assert message.count("\n") == 1


def test_the_lesson_job_can_be_resumed_and_replayed():
    import importlib
    import inspect

    module, function = runs_command.RESUME["lesson"].split(":")
    resume = getattr(importlib.import_module(module), function)
    inspect.signature(resume).bind("run", replay=True, progress=print)
