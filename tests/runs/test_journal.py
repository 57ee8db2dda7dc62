import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classwright.errors import ClasswrightError, JournalError
from classwright.runs.journal import Journal, Key

K = Key("lesson", "teacher", "hook", 3)


def write(path: Path, count: int) -> bytes:
    async def run() -> None:
        with Journal.open(path) as journal:
            for number in range(count):
                reply = {"text": f"Grüße {number}", "n": number}
                await journal.append(Key("u", "a", "t", number), f"h{number}", reply, request={"m": number})

    asyncio.run(run())
    return path.read_bytes()


def test_a_key_has_one_text_form_and_units_may_hold_slashes():
    assert str(K) == "lesson/teacher/hook/3"
    assert Key.parse("a/b/tutor/say/3r1") == Key("a/b", "tutor", "say", "3r1")
    assert str(K.retry(1)) == "lesson/teacher/hook/3r1"
    for bad in ("a/b/c", "", "a//b/c", "/a/b/c"):
        with pytest.raises(ValueError, match="not a journal key"):
            Key.parse(bad)


async def test_what_was_appended_is_found_at_once_and_after_reopening(tmp_path):
    path = tmp_path / "journal.jsonl"
    with Journal.open(path) as journal:
        assert journal.lookup(K, "h") is None
        await journal.append(K, "h", {"text": "½ + ⅓"}, request={"x": 1}, role="teacher")
        assert journal.lookup(K, "h") == {"text": "½ + ⅓"}
        assert K in journal
    with Journal.open(path, "replay") as journal:
        assert journal.lookup(Key("lesson", "teacher", "hook", "3"), "h") == {"text": "½ + ⅓"}
        [entry] = journal.entries()
        assert (entry.line, str(entry.key), entry.hash) == (1, str(K), "h")
        assert entry.extra["request"] == {"x": 1}
        assert entry.extra["role"] == "teacher"
        with pytest.raises(ClasswrightError, match="reading only"):
            await journal.append(K.retry(1), "h", {})


async def test_another_request_under_the_same_key_is_refused_with_file_line_and_key(tmp_path):
    path = tmp_path / "journal.jsonl"
    with Journal.open(path) as journal:
        await journal.append(Key("u", "a", "t", 0), "h", {"text": "x"})
        await journal.append(K, "h", {"text": "x"})
        with pytest.raises(JournalError) as caught:
            journal.lookup(K, "other")
    assert str(path) in str(caught.value)
    assert "line 2" in str(caught.value)
    assert str(K) in str(caught.value)


async def test_a_key_is_stored_once_also_while_the_first_is_under_way(tmp_path):
    with Journal.open(tmp_path / "j") as journal:
        outcomes = await asyncio.gather(*(journal.append(K, "h", {}) for _ in range(3)), return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [type(None), JournalError, JournalError]
        with pytest.raises(JournalError, match="asked twice"):
            await journal.append(K, "h", {})
        assert len(journal) == 1


async def test_keys_that_would_not_read_back_the_same_are_refused(tmp_path):
    with Journal.open(tmp_path / "j") as journal:
        for key in (Key("u", "a/b", "t", 0), Key("u", "a", "t", "1/2"), Key("", "a", "t", 0)):
            with pytest.raises(ValueError, match="journal key"):
                await journal.append(key, "h", {})


async def test_an_append_whose_caller_is_canceled_is_still_stored_and_known(tmp_path):
    with Journal.open(tmp_path / "j") as journal:
        task = asyncio.create_task(journal.append(K, "h", {"text": "x"}))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        for _ in range(200):
            if K in journal:
                break
            await asyncio.sleep(0.01)
        assert journal.lookup(K, "h") == {"text": "x"}


async def test_many_appends_at_a_time_share_their_syncs(tmp_path, monkeypatch):
    synced = []
    fsync = os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda descriptor: (synced.append(descriptor), time.sleep(0.005), fsync(descriptor))
    )
    with Journal.open(tmp_path / "j") as journal:
        await asyncio.gather(*(journal.append(Key("u", "a", "t", n), "h", {"n": n}) for n in range(500)))
        assert len(journal) == 500
    assert len(synced) < 25
    with Journal.open(tmp_path / "j", "replay") as journal:
        assert [entry.reply["n"] for entry in journal.entries()] == list(range(500))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_file_cut_anywhere_opens_with_its_whole_lines(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("cut") / "journal.jsonl"
    raw = write(path, 4)
    cut = data.draw(st.integers(0, len(raw)))
    path.write_bytes(raw[:cut])
    whole = raw[:cut].count(b"\n")
    with Journal.open(path, "replay") as journal:
        assert len(journal) == whole
    assert path.read_bytes() == raw[:cut]
    with Journal.open(path) as journal:
        assert len(journal) == whole
        for number in range(whole):
            assert journal.lookup(Key("u", "a", "t", number), f"h{number}") == {"text": f"Grüße {number}", "n": number}

        async def redo() -> None:
            for number in range(whole, 4):
                await journal.append(Key("u", "a", "t", number), f"h{number}", {"n": number})

        asyncio.run(redo())
    assert [json.loads(line)["key"] for line in path.read_bytes().splitlines()] == [f"u/a/t/{n}" for n in range(4)]


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_byte_changed_in_an_earlier_line_is_named(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("flip") / "journal.jsonl"
    raw = bytearray(write(path, 4))
    last = raw[:-1].rindex(b"\n") + 1
    place = data.draw(st.integers(0, last - 2))
    raw[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(raw)
    with pytest.raises(JournalError) as caught:
        Journal.open(path)
    line = bytes(raw[:place]).count(b"\n") + 1
    assert str(path) in str(caught.value)
    assert f"line {line}" in str(caught.value)
    assert path.read_bytes() == bytes(raw), "a damaged journal is left as it is"


def test_a_key_that_occurs_twice_in_the_file_is_named(tmp_path):
    path = tmp_path / "journal.jsonl"
    raw = write(path, 2)
    path.write_bytes(raw + raw.splitlines(keepends=True)[0])
    with pytest.raises(JournalError, match=r"line 3: key u/a/t/0 is already in line 1"):
        Journal.open(path)


def test_a_line_that_is_whole_but_no_entry_is_named(tmp_path):
    import zlib

    path = tmp_path / "journal.jsonl"
    body = b'"some":1}'
    path.write_bytes(b'{"crc32":"%08x",' % zlib.crc32(body) + body + b"\n")
    with pytest.raises(JournalError, match="line 1: not a journal entry"):
        Journal.open(path)


WRITER = """
import asyncio, sys
from classwright.runs.journal import Journal, Key

async def worker(journal, name):
    number = 0
    while True:
        await journal.append(Key("u", name, "t", number), "h", {"text": "x" * 2000, "n": number})
        sys.stdout.write(f"{name} {number}\\n")
        number += 1

async def main():
    journal = Journal.open(sys.argv[1])
    await asyncio.gather(*(worker(journal, f"w{n}") for n in range(16)))

sys.stdout.reconfigure(line_buffering=True)
asyncio.run(main())
"""


@pytest.mark.parametrize("milliseconds", [5, 60, 200])
def test_after_kill_9_everything_that_was_promised_is_there(tmp_path, milliseconds):
    path = tmp_path / "journal.jsonl"
    with (tmp_path / "out").open("w+") as out:
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=out)
        while not path.exists() or path.stat().st_size == 0:
            assert process.poll() is None
            time.sleep(0.002)
        time.sleep(milliseconds / 1000)
        process.send_signal(signal.SIGKILL)
        process.wait()
        out.seek(0)
        promised = [line.split() for line in out if line.endswith("\n")]
    assert promised
    with Journal.open(path) as journal:
        for name, number in promised:
            reply = journal.lookup(Key("u", name, "t", number), "h")
            assert reply is not None
            assert reply["n"] == int(number)
        assert len(journal) >= len(promised)


FULL = """
import asyncio, resource, signal, sys
from classwright.errors import ClasswrightError
from classwright.runs.journal import Journal, Key

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))

async def main():
    journal = Journal.open(sys.argv[1])
    stored = 0
    for number in range(20):
        try:
            await journal.append(Key("u", "a", "t", number), "h", {"text": "x" * 900})
            stored += 1
        except ClasswrightError as error:
            print(stored, len(str(error).splitlines()), error)
            break
    journal.close()

asyncio.run(main())
"""


def test_a_full_disk_is_one_clear_error_and_the_file_stays_whole(tmp_path):
    path = tmp_path / "journal.jsonl"
    done = subprocess.run([sys.executable, "-c", FULL, str(path)], capture_output=True, text=True, check=True)
    stored, lines, message = done.stdout.split(maxsplit=2)
    assert lines == "1"
    assert str(path) in message
    assert "File too large" in message
    raw = path.read_bytes()
    assert raw.endswith(b"\n")
    assert raw.count(b"\n") == int(stored) == 4
    with Journal.open(path) as journal:
        assert len(journal) == 4


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_read_only_folder_is_one_clear_error(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(ClasswrightError, match=r"journal\.jsonl: cannot be opened: Permission denied"):
            Journal.open(tmp_path / "journal.jsonl")
    finally:
        tmp_path.chmod(0o700)


def test_a_journal_where_none_can_be_is_one_clear_error(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ClasswrightError, match="cannot be opened: Not a directory"):
        Journal.open(tmp_path / "file" / "journal.jsonl")
