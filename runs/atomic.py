"""Writing a file whole or not at all."""

import contextlib
import os
import tempfile
from pathlib import Path

from classwright.errors import ClasswrightError, InputError


def write_atomic(path: str | Path, data: str | bytes) -> Path:
    """Write `data` to `path` so that a reader sees the old file or the whole new one, never a part.

    The bytes go to a temporary file in the same folder, are synced to the disk and renamed into place; the folder is
    made if it is missing. On failure nothing is left behind and an old file stays as it was.

    Args:
        path: Where the file goes.
        data: Text (written as UTF-8, newlines as they are) or bytes.

    Returns:
        The path written.

    Raises:
        ClasswrightError: The folder cannot be written or the disk is full.
    """
    path = Path(path)
    raw = data.encode("utf-8") if isinstance(data, str) else data
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=".tmp", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fchmod(file.fileno(), 0o666 & ~_umask())  # mkstemp makes 0600, which a web server cannot read
            os.fsync(file.fileno())
        os.replace(temporary, path)
        temporary = None
        sync_folder(path.parent)
    except OSError as error:
        raise ClasswrightError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
    return path


def check_folder(folder: Path) -> None:
    """Find out whether files can be written to a folder that a user named, before any work is done.

    Raises:
        InputError: They cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".classwright-probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise InputError(f"{folder}: cannot be written ({error.strerror}); name another folder with --out") from error


def sync_folder(folder: Path) -> None:
    """Make a rename or a new file in `folder` survive a power cut; where a folder cannot be synced, do nothing."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
