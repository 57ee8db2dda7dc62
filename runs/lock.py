"""Locks of files, held with flock by a live process. The kernel lets go of them however that one dies.

A run directory has one, which says who works on the run.
"""

import fcntl
import math
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from classwright.errors import ClasswrightError

POLL_S = 0.05
MOMENT_S = 0.2
"""`status` of another process holds a run's lock for less."""


def lock(file: Path, wait_s: float = math.inf) -> int:
    """Lock a file, made if it is missing; closing the descriptor returned lets go of it. No child inherits it.

    Args:
        file: Its folder is there.
        wait_s: How long to wait for another process, s.

    Raises:
        TimeoutError: Another process held it all the time.
        OSError: It cannot be written, or its file system has no locks.
    """
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if wait_s == math.inf:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            return descriptor
        until = time.monotonic() + wait_s
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return descriptor
            if time.monotonic() >= until:
                raise TimeoutError(f"{file} is locked by another process")
            time.sleep(POLL_S)
    except BaseException:
        os.close(descriptor)
        raise


@contextmanager
def locked(file: Path, wait_s: float = math.inf) -> Iterator[None]:
    """Hold the lock of a file; see `lock`."""
    descriptor = lock(file, wait_s)
    try:
        yield
    finally:
        os.close(descriptor)


def acquire(path: Path) -> int:
    """Take the lock of a run directory; closing the descriptor returned lets go of it.

    Raises:
        ClasswrightError: Another process holds it; its number is named.
    """
    file = path / "lock"
    try:
        descriptor = lock(file, MOMENT_S)
    except TimeoutError as error:
        owner = file.read_text("ascii", "replace").strip()
        told = f"{path}: process {owner or '?'} is working on this run; wait for it or end it first"
        raise ClasswrightError(told) from error
    except OSError as error:
        raise ClasswrightError(f"{file}: cannot be locked: {error.strerror}") from error
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    except OSError as error:
        os.close(descriptor)
        raise ClasswrightError(f"{file}: cannot be written: {error.strerror}") from error
    return descriptor


def is_held(path: Path) -> bool:
    """Whether a live process holds the lock of a run directory."""
    try:
        descriptor = os.open(path / "lock", os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return False
    except OSError:
        return True
    finally:
        os.close(descriptor)
