"""Locks: one holder at a time, waited for as long as asked, let go of however the holder ends."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from classwright.runs.lock import lock, locked

HOLDER = """
import sys, time
from pathlib import Path
from classwright.runs.lock import lock
held = lock(Path(sys.argv[1]))
child = __import__("subprocess").Popen(["sleep", "60"])
print(child.pid, flush=True)
time.sleep(60)
"""


def test_one_at_a_time_and_who_waits_gets_it(tmp_path):
    file = tmp_path / "lock"
    held, got = lock(file), []

    def wait() -> None:
        with locked(file):
            got.append(time.monotonic())

    waiting = threading.Thread(target=wait)
    waiting.start()
    with pytest.raises(TimeoutError, match="locked by another process"):
        lock(file, 0.1)
    assert not got
    released = time.monotonic()
    os.close(held)
    waiting.join(10)
    assert got[0] >= released
    os.close(lock(file, 0.0))


def test_a_wait_that_is_bounded_ends_with_the_lock(tmp_path):
    held = lock(tmp_path / "lock")
    threading.Timer(0.1, os.close, (held,)).start()
    os.close(lock(tmp_path / "lock", 10))


def test_a_killed_holder_lets_go_even_where_its_children_live(tmp_path):
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        with pytest.raises(TimeoutError):
            lock(tmp_path / "lock", 0)
        process.kill()
        process.wait()
        os.close(lock(tmp_path / "lock", 5))
        os.kill(child, signal.SIGKILL)


def test_a_failure_leaves_nothing_open(tmp_path):
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(OSError):
        lock(tmp_path / "nowhere" / "lock")
    held = lock(tmp_path / "lock")
    with pytest.raises(TimeoutError):
        lock(tmp_path / "lock", 0)
    os.close(held)
    assert len(os.listdir("/proc/self/fd")) == before
