"""Who works on a run: a file locked with flock by the live process. The kernel lets go of it however that one dies."""

import fcntl
import os
import time
from pathlib import Path

from classwright.errors import ClasswrightError


def acquire(path: Path) -> int:
    """Take the lock of a run directory; closing the descriptor returned lets go of it.

    Raises:
        ClasswrightError: Another process holds it; its number is named.
    """
    try:
        descriptor = os.open(path / "lock", os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise ClasswrightError(f"{path / 'lock'}: cannot be written: {error.strerror}") from error
    for attempt in range(5):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
            return descriptor
        except BlockingIOError:
            if attempt < 4:
                time.sleep(0.05)  # `status` of another process holds it for a moment
        except OSError as error:
            os.close(descriptor)
            raise ClasswrightError(f"{path / 'lock'}: cannot be locked: {error.strerror}") from error
    owner = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
    os.close(descriptor)
    raise ClasswrightError(f"{path}: process {owner or '?'} is working on this run; wait for it or end it first")


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
