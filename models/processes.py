"""Processes that outlive the one that started them: told apart from later ones of the same number, ended whole.

Read from /proc, so on Linux only. And what a Python of another environment is started with.
"""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")


def foreign_environment() -> dict[str, str]:
    """Our variables for a Python of another environment, without those that would lead it to our packages."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith("PYTHON") and name != "VIRTUAL_ENV"
    }


def started(pid: int) -> int | None:
    """When a process started, in clock ticks since the machine did; None where it has ended.

    With its number this names a process for good: numbers are used again, such a pair is not.
    """
    fields = _stat(pid)
    return None if fields is None or fields[0] == "Z" else int(fields[19])


def members(session: int) -> list[int]:
    """The living processes of a session, which a process started with `start_new_session` and all its children are."""
    found = []
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            fields = _stat(int(entry.name))
            if fields is not None and fields[0] != "Z" and int(fields[3]) == session:
                found.append(int(entry.name))
    return found


def end(session: int, since: int, grace_s: float = 20.0) -> None:
    """End all processes of a session: its leader is asked first, what remains after `grace_s` is killed.

    Args:
        session: The number of its leader.
        since: When the leader started (`started`). If another process has the number now, nothing is ended.
        grace_s: How long the leader may take to end in order, s.
    """
    now = started(session)
    if now is not None and now != since:
        return
    if now is not None:
        _signal(session, signal.SIGTERM)
        _wait(lambda: started(session) is None, grace_s)
    _wait(lambda: not members(session), 1.0)  # its children notice
    for pid in members(session):
        _signal(pid, signal.SIGKILL)
    _wait(lambda: not members(session), 5.0)


def _wait(over, longest_s: float) -> None:
    until = time.monotonic() + longest_s
    while not over() and time.monotonic() < until:
        time.sleep(0.05)


def _signal(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat from the third (the state) on; the second, a name, may hold anything."""
    try:
        return (PROC / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return None
