import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from classwright.errors import ClasswrightError, InputError, JournalError
from classwright.runs.atomic import write_atomic
from classwright.runs.journal import Key
from classwright.runs.listing import find_run, list_runs, runs_root, status
from classwright.runs.run import create_run, open_run


def test_a_run_says_what_reproduces_it(tmp_path):
    with create_run(tmp_path, "lesson", "Fractions / Add, unlike", {"seed": 7, "recipe": {"seed": 7}}) as run:
        assert re.fullmatch(r"\d{8}-\d{6}-lesson-fractions-add-unlike", run.id)
        config = json.loads((run.path / "config.json").read_text())
        assert config == run.config
        assert (config["job"], config["seed"], config["recipe"]) == ("lesson", 7, {"seed": 7})
        assert config["versions"]["pydantic"]
        assert {"created", "python", "platform", "git"} <= set(config)
        assert run.job == "lesson"


def test_runs_are_kept_where_the_variable_says(tmp_path, monkeypatch):
    monkeypatch.setenv("CLASSWRIGHT_RUNS", str(tmp_path / "there"))
    assert runs_root() == tmp_path / "there"
    assert runs_root(tmp_path) == tmp_path
    monkeypatch.delenv("CLASSWRIGHT_RUNS")
    assert runs_root() == Path("runs")


def test_two_runs_of_one_second_have_different_ids(tmp_path):
    with create_run(tmp_path, "lesson", "x", {}) as one, create_run(tmp_path, "lesson", "x", {}) as two:
        assert one.path != two.path


async def test_results_are_kept_one_a_unit(tmp_path):
    with create_run(tmp_path, "dialogue", "x", {}) as run:
        await run.add_result("d1", {"turns": 3})
        await run.add_result("d2", {"turns": 4})
        with pytest.raises(JournalError, match="unit d1 has a result already"):
            await run.add_result("d1", {})
        assert run.has_result("d1")
        assert not run.has_result("d3")
        path = run.path
    with open_run(path, mode="replay") as run:
        assert list(run.results()) == [("d1", {"turns": 3}), ("d2", {"turns": 4})]
        with pytest.raises(ClasswrightError, match="reading only"):
            await run.add_result("d3", {})
        with pytest.raises(ClasswrightError, match="reading only"):
            run.finish({})


async def test_a_torn_result_is_owed_again_and_a_damaged_one_is_named(tmp_path):
    with create_run(tmp_path, "dialogue", "x", {}) as run:
        await run.add_result("d1", {"turns": 3})
        await run.add_result("d2", {"turns": 4})
        path = run.path / "results.jsonl"
    raw = path.read_bytes()
    path.write_bytes(raw[:-3])
    with open_run(path.parent) as run:
        assert not run.has_result("d2")
        await run.add_result("d2", {"turns": 4})
    path.write_bytes(raw.replace(b'"turns":3', b'"turns":9'))
    with pytest.raises(JournalError, match=r"results\.jsonl, line 1: damaged"):
        open_run(path.parent)
    assert status(path.parent) == "interrupted", "a run that cannot be opened is not left locked"


def test_status_follows_the_life_of_a_run(tmp_path):
    with create_run(tmp_path, "lesson", "x", {}) as run:
        path = run.path
        assert status(path) == "running"
        assert [info.status for info in list_runs(tmp_path)] == ["running"]
        with pytest.raises(ClasswrightError, match=f"process {os.getpid()} is working on this run"):
            open_run(path)
        with open_run(path, mode="replay") as reader:
            assert reader.summary() is None
    assert status(path) == "interrupted"
    with open_run(path) as run:
        run.finish({"calls": 3})
        assert run.summary() == {"calls": 3}
    assert status(path) == "finished"


HOLDER = """
import sys, time
from classwright.runs.run import create_run
run = create_run(sys.argv[1], "lesson", "x", {})
print(run.path, flush=True)
time.sleep(60)
"""


def test_the_lock_of_a_killed_process_is_gone(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        path = Path(process.stdout.readline().strip())
        assert status(path) == "running"
        with pytest.raises(ClasswrightError) as caught:
            open_run(path)
        assert str(process.pid) in str(caught.value)
        assert len(str(caught.value).splitlines()) == 1
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert status(path) == "interrupted"
    open_run(path).close()


async def test_the_journal_of_a_run_goes_on_where_it_ended(tmp_path):
    with create_run(tmp_path, "lesson", "x", {}) as run:
        await run.journal.append(Key("u", "a", "t", 0), "h", {"text": "x"})
    with open_run(run.id, tmp_path) as again:
        assert again.journal.lookup(Key("u", "a", "t", 0), "h") == {"text": "x"}
        assert again.config == run.config


def test_a_run_is_found_by_path_id_or_its_beginning(tmp_path):
    for name in ("20260101-000000-lesson-a", "20260101-000001-lesson-b", "20260202-000000-lesson-c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text('{"job": "lesson", "created": "then"}')
    (tmp_path / "__pycache__").mkdir()
    assert [info.id[-1] for info in list_runs(tmp_path)] == ["a", "b", "c"]
    assert find_run(tmp_path / "20260101-000000-lesson-a") == tmp_path / "20260101-000000-lesson-a"
    assert find_run("20260202", tmp_path) == tmp_path / "20260202-000000-lesson-c"
    with pytest.raises(InputError, match=r"2 runs in .* begin so"):
        find_run("20260101", tmp_path)
    with pytest.raises(InputError, match=r"no such run in .*; there are 20260202-000000-lesson-c"):
        find_run("20260202-000000-lesson-x", tmp_path)
    with pytest.raises(InputError, match="which holds no runs"):
        find_run("x", tmp_path / "nothing")
    assert list_runs(tmp_path / "nothing") == []


def test_a_damaged_config_is_named_and_still_listed(tmp_path):
    path = tmp_path / "20260101-000000-lesson-a"
    path.mkdir()
    (path / "config.json").write_text("{")
    assert [(info.id, info.job) for info in list_runs(tmp_path)] == [(path.name, "?")]
    with pytest.raises(JournalError, match=r"config\.json: cannot be read"):
        open_run(path)


def test_where_no_run_can_be_made_is_one_clear_error_and_leaves_nothing(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ClasswrightError, match=r"not a folder|Not a directory"):
        create_run(tmp_path / "file", "lesson", "x", {})
    with pytest.raises(TypeError):
        create_run(tmp_path / "r", "lesson", "x", {"bad": object()})
    assert list((tmp_path / "r").iterdir()) == []


def test_write_atomic_replaces_whole_files(tmp_path):
    path = tmp_path / "new" / "a.txt"
    write_atomic(path, "eins\r\nzwei ½\n")
    assert path.read_bytes() == "eins\r\nzwei ½\n".encode()
    write_atomic(path, b"\x00\xff")
    assert path.read_bytes() == b"\x00\xff"
    assert [entry.name for entry in path.parent.iterdir()] == ["a.txt"]
    mask = os.umask(0o022)
    os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask


def test_write_atomic_leaves_the_old_file_when_it_fails(tmp_path):
    (tmp_path / "folder" / "inside").mkdir(parents=True)
    with pytest.raises(ClasswrightError, match="folder: cannot be written"):
        write_atomic(tmp_path / "folder", "x")
    assert [entry.name for entry in tmp_path.iterdir()] == ["folder"]
    write_atomic(tmp_path / "a", "old")
    code = """
import resource, signal, sys
from classwright.errors import ClasswrightError
from classwright.runs.atomic import write_atomic
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    write_atomic(sys.argv[1], "x" * 1000)
except ClasswrightError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "a")], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"{tmp_path / 'a'}: cannot be written: File too large"
    assert (tmp_path / "a").read_text() == "old"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a", "folder"]


def test_a_reader_never_sees_half_a_file(tmp_path):
    path = tmp_path / "a"
    write_atomic(path, "0" * 100_000)
    code = """
import sys
from classwright.runs.atomic import write_atomic
for number in range(200):
    write_atomic(sys.argv[1], str(number % 10) * 100_000)
"""
    process = subprocess.Popen([sys.executable, "-c", code, str(path)])
    seen = set()
    while process.poll() is None:
        text = path.read_text()
        assert len(text) == 100_000
        assert text == text[0] * 100_000
        seen.add(text[0])
        time.sleep(0.001)
    assert process.returncode == 0
    assert len(seen) > 1
