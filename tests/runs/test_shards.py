"""Shards: merged byte for byte, again after a merge that was cut off, never twice, never while a worker lives."""

import asyncio
import os
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classwright.errors import ClasswrightError, JournalError
from classwright.runs import shards
from classwright.runs.journal import Journal, Key
from classwright.runs.run import create_run, open_run
from classwright.runs.shards import ShardJournal, handed_by_unit, left_by, merge, shard_folder


def store(journal: Journal, *names: str, digest: str = "h") -> None:
    async def put() -> None:
        for name in names:
            await journal.append(Key(name, "tutor", "turn", 0), digest, {"text": f"{name}, é"})

    asyncio.run(put())


def write(run: Path, number: int, *names: str, digest: str = "h") -> Path:
    with ShardJournal(shard_folder(run, number)) as journal:
        store(journal, *names, digest=digest)
    return shard_folder(run, number) / "journal.jsonl"


def keys(run: Path) -> list[str]:
    with Journal.open(run / "journal.jsonl", "replay") as journal:
        return [entry.key.unit for entry in journal.entries()]


def test_entries_of_all_shards_are_moved_byte_for_byte(tmp_path):
    with Journal.open(tmp_path / "journal.jsonl") as journal:
        store(journal, "a")
    whole = (tmp_path / "journal.jsonl").read_bytes()
    whole += write(tmp_path, 0, "b", "c").read_bytes() + write(tmp_path, 1, "d").read_bytes()
    assert merge(tmp_path) == 3
    assert (tmp_path / "journal.jsonl").read_bytes() == whole
    assert not (tmp_path / "shards").exists()
    assert merge(tmp_path) == 0


@settings(max_examples=40, deadline=None)
@given(cut=st.floats(0, 1), torn=st.integers(0, 60), seed=st.integers(0, 99))
def test_a_merge_that_is_cut_off_anywhere_is_finished_by_the_next(tmp_path_factory, cut, torn, seed):
    run, rng = tmp_path_factory.mktemp("run"), random.Random(seed)
    names = [f"u{i}" for i in range(9)]
    rng.shuffle(names)
    files = [write(run, k, *names[3 * k : 3 * k + 3]) for k in range(3)]
    moved = b"".join(file.read_bytes() for file in files)
    with open(files[2], "ab") as file:  # the line that a killed worker was at
        file.write(b'{"crc32":"00000000","key":"lost/tutor/turn/0","hash":"h"'[:torn])
    (run / "journal.jsonl").write_bytes(moved[: int(cut * len(moved))])
    merge(run)
    assert sorted(keys(run)) == sorted(names)
    assert (run / "journal.jsonl").read_bytes() == moved


def test_an_entry_that_two_workers_stored_is_kept_once_unless_the_requests_differ(tmp_path):
    write(tmp_path, 0, "a", "b")
    write(tmp_path, 1, "b", "c")
    assert merge(tmp_path) == 3
    assert keys(tmp_path) == ["a", "b", "c"]
    write(tmp_path, 0, "c", digest="another")
    with pytest.raises(JournalError, match=r"line 1: c/tutor/turn/0 has another request in"):
        merge(tmp_path)


def test_a_shard_of_a_living_worker_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(shards, "LET_GO_S", 0.0)
    with ShardJournal(shard_folder(tmp_path, 0)) as journal:
        store(journal, "a")
        with pytest.raises(ClasswrightError, match=f"process {os.getpid()} is working"):
            merge(tmp_path)
        with pytest.raises(ClasswrightError, match="is working"):
            left_by(shard_folder(tmp_path, 0), lambda unit: True)
        with pytest.raises(ClasswrightError, match="is working"):
            ShardJournal(shard_folder(tmp_path, 0))
    assert merge(tmp_path) == 1


def test_what_a_dead_worker_left_answers_in_another_ones_journal(tmp_path):
    write(tmp_path, 0, "a", "b")
    left = left_by(shard_folder(tmp_path, 0), lambda unit: unit == "a")
    assert list(left) == ["a"]
    with ShardJournal(shard_folder(tmp_path, 1)) as journal:
        key = Key("a", "tutor", "turn", 0)
        assert journal.lookup(key, "h") is None
        assert key not in journal
        with journal.given(left["a"]):
            assert key in journal, "what asks by `in` first would pay for the reply again"
            assert journal.lookup(key, "h") == {"text": "a, é"}
            with pytest.raises(JournalError, match="answered for another request"):
                journal.lookup(key, "changed")
        assert journal.lookup(key, "h") is None
        store(journal, "c")
        assert list(handed_by_unit(journal.entries(), lambda unit: True)) == ["c"]


def test_whoever_opens_a_run_to_go_on_takes_the_shards_in(tmp_path):
    with create_run(tmp_path, "dialogue", "x", {}) as run:
        path = run.path
        write(path, 0, "a")
        run.merge_shards()
        assert Key("a", "tutor", "turn", 0) in run.journal
        asyncio.run(run.add_result("b", 1))
        asyncio.run(run.add_result("a", 2))
        assert list(run.results_by_unit()) == [("a", 2), ("b", 1)]
    write(path, 1, "b")
    with open_run(path, mode="replay") as run:
        assert len(run.journal) == 1
    with open_run(path) as run:
        assert len(run.journal) == 2
        assert list(run.results_by_unit()) == [("a", 2), ("b", 1)]
        assert list(run.results()) == [("b", 1), ("a", 2)]
