"""Bulk runs on a local Ray cluster of two workers: one is killed, and everything is there once, as without Ray."""

import json
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from classwright.errors import StoppedError
from classwright.graphs.dialogue_plan import DialogueRequest
from classwright.graphs.dialogues import resume, start
from classwright.graphs.engine import Engine
from classwright.graphs.teach import job
from classwright.models import processes
from classwright.models.scripted import Say, completion
from classwright.runs.recipe import ModelSpec, ModelSpecs, Recipe
from classwright.runs.run import open_run
from tests.fake_openai import Answer, FakeServer
from tests.graphs.scripted_talk import talk
from tests.graphs.test_teach_select import SETTINGS, planted

ray = pytest.importorskip("ray")
pytestmark = pytest.mark.filterwarnings("default")

DIALOGUES = int(os.environ.get("RAY_DIALOGUES", "120"))
PLACES = 8
TWO = Engine(workers=2)
TIMES = ("run", "report", "seconds", "service_s", "dialogues_per_s", "longest_s", "bound_s", "efficiency", "reused")


def quiet(label: str, done: int, total: int) -> None:
    """Says nothing."""


def answer(request: Any) -> Answer:
    return Answer(completion(Say(talk(request.body)), "m", request.body), delay_s=0.02)


def recipe(url: str) -> Recipe:
    return Recipe(models=ModelSpecs(default=ModelSpec(base_url=(url,), model="m", concurrency=PLACES)))


def asked_for(n: int) -> DialogueRequest:
    return DialogueRequest(skills=("fractions.add_unlike",), n=n, seed=5, students=4, turns=4)


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_bytes().split(b"\n")[:-1]]


def without_times(value: Any) -> Any:
    """A record without what a clock says, as its bytes."""

    def strip(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: strip(v) for k, v in value.items() if k not in ("latency_s", "seconds", "crc32", "at")}
        return [strip(v) for v in value] if isinstance(value, list | tuple) else value

    return json.dumps(strip(value), sort_keys=True)


def results(run: Path) -> list[str]:
    with open_run(run, mode="replay") as opened:
        return [without_times(record) for record in opened.results_by_unit()]


def journal(run: Path) -> dict[str, str]:
    """Key -> entry; every key must be there once."""
    entries = lines(run / "journal.jsonl")
    assert len({e["key"] for e in entries}) == len(entries)
    return {e["key"]: without_times(e) for e in entries}


def summary(run: Path) -> dict[str, Any]:
    stored = json.loads((run / "summary.json").read_text())
    return json.loads(without_times({k: v for k, v in stored.items() if k not in TIMES}))


def worker_of(run: Path, replies: int) -> int:
    """The process of the worker that first has so many replies in its shard."""
    while True:
        for shard in (run / "shards").glob("*/"):
            file = shard / "journal.jsonl"
            if file.exists() and file.read_bytes().count(b"\n") >= replies:
                return int((shard / "lock").read_text())
        time.sleep(0.01)


def only_run(root: Path) -> Path:
    while not (runs := [p for p in root.glob("2*") if (p / "config.json").exists()]):
        time.sleep(0.01)
    return runs[0]


def test_one_of_two_workers_is_killed_and_nothing_is_lost_or_there_twice(tmp_path):
    killed: list[float] = []

    def kill() -> None:
        os.kill(worker_of(only_run(tmp_path / "ray"), DIALOGUES), signal.SIGKILL)
        killed.append(time.monotonic())

    with FakeServer(answer) as server:
        plain = Path(start(asked_for(DIALOGUES), recipe(server.url), root=tmp_path / "plain", progress=quiet)["run"])
        asked_plain = len(server.requests)
        server.requests.clear()
        killer = threading.Thread(target=kill, daemon=True)
        killer.start()
        found = start(asked_for(DIALOGUES), recipe(server.url), root=tmp_path / "ray", engine=TWO, progress=quiet)
        asked = len(server.requests)
    assert killed
    run = Path(found["run"])
    assert (found["dialogues"], found["failed"]) == (DIALOGUES, 0)
    assert results(run) == results(plain)
    assert journal(run) == journal(plain)
    assert summary(run) == summary(plain)
    # Only what the dead worker had in flight, or on its way to the disk, was asked again.
    assert asked_plain <= asked <= asked_plain + PLACES
    assert not (run / "shards").exists()
    assert resume(run, replay=True, progress=quiet)["dialogues"] == DIALOGUES
    with open_run(run, mode="replay") as opened:
        assert len(opened.journal) == asked_plain


CHILDREN = multiprocessing.get_context("spawn")


def clusters() -> list[Path]:
    """Folders of local clusters."""
    return list(Path(tempfile.gettempdir()).glob("cw-ray-*"))


def hold(url: str, root: Path) -> None:
    """What a child process does; it leads a group, to which its cluster belongs."""
    os.setsid()
    try:
        start(asked_for(40), recipe(url), root=root, engine=TWO, progress=quiet)
    except StoppedError:
        os._exit(130)


def test_a_run_that_is_killed_as_a_whole_goes_on_without_workers_and_asks_nothing_twice(tmp_path):
    before = set(clusters())
    with FakeServer(answer) as server:
        child = CHILDREN.Process(target=hold, args=(server.url, tmp_path / "ray"))
        child.start()
        run = only_run(tmp_path / "ray")
        worker_of(run, 20)
        assert child.pid is not None
        os.killpg(child.pid, signal.SIGKILL)
        child.join()
        for left in set(clusters()) - before:  # nobody was left to remove it
            shutil.rmtree(left, ignore_errors=True)
        found = resume(run, replay=False, progress=quiet, engine={})
        asked = len(server.requests)
        plain = Path(start(asked_for(40), recipe(server.url), root=tmp_path / "plain", progress=quiet)["run"])
    assert results(run) == results(plain)
    assert journal(run) == journal(plain)
    assert found["reused"] >= 20
    assert asked <= len(journal(plain)) + PLACES


def test_an_experiment_on_two_workers_comes_out_as_without_them(tmp_path):
    def scripted(request: Any) -> Answer:
        reply = planted(request.body)
        return Answer(completion(reply if isinstance(reply, Say) else Say(reply), "m", request.body))

    found = {}
    with FakeServer(scripted) as server:
        asked = recipe(server.url).model_copy(update={"teach": {"select": {**SETTINGS, "problems": 4, "exam": 2}}})
        for name, engine in (("plain", None), ("ray", TWO)):
            told = job.start("select", asked, root=tmp_path / name, progress=quiet, engine=engine)
            found[name] = {k: v for k, v in told.items() if k not in ("run", "report", "reused")}
            found[name]["journal"] = journal(Path(told["run"]))
    assert found["ray"] == found["plain"]


@contextmanager
def running_cluster() -> Iterator[str]:
    """A cluster as `ray start` makes one; yields its address. Only what was started here is ended."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tempfile.mkdtemp(prefix="cw-head-")  # a short path: Ray's sockets lie there
    words = ["start", "--head", "--block", "--node-ip-address=127.0.0.1", f"--port={port}", "--num-cpus=2",
             "--object-store-memory=100000000", "--include-dashboard=false", "--include-log-monitor=false",
             "--disable-usage-stats", f"--temp-dir={folder}"]  # fmt: skip
    log = Path(folder) / "ray-start.log"
    with log.open("wb") as out:
        head = subprocess.Popen(
            [sys.executable, "-m", "ray.scripts.scripts", *words], start_new_session=True, stdin=subprocess.DEVNULL,
            stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    since = processes.started(head.pid)
    try:
        until = time.monotonic() + 120
        while b"Ray runtime started" not in log.read_bytes():
            assert head.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        yield f"127.0.0.1:{port}"
    finally:
        processes.end(head.pid, since or 0)
        head.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def test_a_cluster_that_runs_already_is_joined_and_left_running(tmp_path, monkeypatch):
    with running_cluster() as address, FakeServer(answer) as server:
        # Others run clusters beside this test: RAY_ADDRESS says which one "auto" is, as Ray has it.
        monkeypatch.setenv("RAY_ADDRESS", address)
        found = {}
        for name, engine in (("plain", None), ("auto", Engine(address="auto")), ("named", Engine(address=address))):
            told = start(asked_for(20), recipe(server.url), root=tmp_path / name, engine=engine, progress=quiet)
            run = Path(told["run"])
            found[name] = (told["dialogues"], results(run), journal(run), summary(run))
            assert not (run / "shards").exists()
            socket.create_connection(("127.0.0.1", int(address.partition(":")[2])), 5).close()
    assert found["auto"] == found["named"] == found["plain"]
    assert found["auto"][0] == 20
