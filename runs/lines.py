"""An append-only file of JSON lines that survives kill -9: what the journal and the results are written with.

Every line is one JSON object whose first field is a CRC-32 of the rest of the line, so a changed byte is noticed even
where the JSON stays valid. A line without its newline at the end of the file is torn: its writer died in the middle,
nobody was told that it is stored, and it is dropped. Any other damage stops with the file and the line number.
"""

import asyncio
import contextlib
import json
import os
import queue
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Literal, NamedTuple

from classwright.errors import ClasswrightError, JournalError
from classwright.runs.atomic import sync_folder

Mode = Literal["append", "replay"]

LINGER_S = 0.005
"""How long the writer waits for more lines, s, if it has written within this time: a sync costs far more than a line,
and where lines come so fast nobody waits for a single one. A line that comes alone is written at once."""
_PREFIX = b'{"crc32":"'
_BODY = len(_PREFIX) + 8 + 2  # the prefix, eight hexadecimal digits, `",`


class Line(NamedTuple):
    """One stored line: its number from 1, where it lies in the file (bytes, without the newline), its record."""

    number: int
    offset: int
    length: int
    record: dict[str, Any]


class Lines:
    """An open file of lines. A thread of its own writes and syncs, so many appends under way share one sync.

    Args:
        path: The file; mode "append" makes it, mode "replay" takes a missing one as empty and never writes.
        mode: "append" drops a torn last line from the file; "replay" only ignores it.
        visit: Called with every whole line while the file is checked.

    Raises:
        JournalError: A line other than a torn last one is damaged.
        ClasswrightError: The file cannot be read or written.
    """

    def __init__(self, path: Path, mode: Mode, visit: Callable[[Line], None]) -> None:
        self.path = path
        self.mode: Mode = mode
        self._queue: queue.SimpleQueue[tuple[bytes, Future[Line], dict[str, Any]] | None] = queue.SimpleQueue()
        self._writer: threading.Thread | None = None
        self._closed = False
        self._failure: str | None = None
        self._descriptor = self._open()
        try:
            self._end, self._count = self._check(visit)
        except BaseException:
            if self._descriptor is not None:
                os.close(self._descriptor)
            raise

    def _open(self) -> int | None:
        try:
            if self.mode == "replay":
                return os.open(self.path, os.O_RDONLY) if self.path.exists() else None
            new = not self.path.exists()
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
            if new:
                sync_folder(self.path.parent)
            return descriptor
        except OSError as error:
            raise ClasswrightError(f"{self.path}: cannot be opened: {error.strerror}") from error

    def _check(self, visit: Callable[[Line], None]) -> tuple[int, int]:
        """Read every line once; returns the end of the last whole line and the number of lines."""
        end = count = 0
        for line in self:
            visit(line)
            end, count = line.offset + line.length + 1, line.number
        if self.mode == "append" and self._descriptor is not None and os.fstat(self._descriptor).st_size > end:
            try:
                os.ftruncate(self._descriptor, end)
            except OSError as error:
                raise ClasswrightError(f"{self.path}: cannot be written: {error.strerror}") from error
        return end, count

    def __iter__(self) -> Iterator[Line]:
        """The whole lines in order, read from the file; a torn last one is left out."""
        if self._descriptor is None:
            return
        offset = 0
        with open(self.path, "rb") as file:
            for number, raw in enumerate(file, start=1):
                if not raw.endswith(b"\n"):
                    return
                yield Line(number, offset, len(raw) - 1, self._decode(raw[:-1], number))
                offset += len(raw)

    def read(self, offset: int, length: int, number: int) -> dict[str, Any]:
        """The record of one line whose place is known."""
        if self._descriptor is None:
            raise JournalError(f"{self.path}: line {number} is gone")
        return self._decode(os.pread(self._descriptor, length, offset), number)

    def _decode(self, raw: bytes, number: int) -> dict[str, Any]:
        stored = raw[len(_PREFIX) : len(_PREFIX) + 8]
        if raw.startswith(_PREFIX) and raw[_BODY - 2 : _BODY] == b'",' and stored == _checksum(raw[_BODY:]):
            try:
                record = json.loads(b"{" + raw[_BODY:])
            except ValueError:
                record = None
            if isinstance(record, dict):
                return record
        raise JournalError(
            f"{self.path}, line {number}: damaged. Restore the file, or cut it before this line to redo from there"
        )

    async def append(self, record: dict[str, Any]) -> Line:
        """Store one record; returns when it is on the disk.

        Args:
            record: Not empty, JSON only.

        Raises:
            ClasswrightError: The file is open for reading only, or the disk refuses.
        """
        # Shielded: a cancelled waiter cannot take back a line that is already on its way to the disk.
        return await asyncio.shield(asyncio.wrap_future(self.put(record)))

    def put(self, record: dict[str, Any]) -> "Future[Line]":
        """As `append`, for code outside an event loop: the future ends when the line is on the disk."""
        if self.mode == "replay":
            raise ClasswrightError(f"{self.path}: open for reading only, nothing can be added")
        if self._closed:
            raise ClasswrightError(f"{self.path}: already closed, nothing can be added")
        body = json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False)[1:].encode("utf-8")
        raw = _PREFIX + _checksum(body) + b'",' + body + b"\n"
        future: Future[Line] = Future()
        future.set_running_or_notify_cancel()  # from here on it cannot be canceled
        self._queue.put((raw, future, record))
        if self._writer is None:
            # A daemon: a program that forgets to close must still be able to end. All that was promised is on the disk.
            self._writer = threading.Thread(target=self._write_batches, name=f"lines {self.path.name}", daemon=True)
            self._writer.start()
        return future

    def _write_batches(self) -> None:
        """The writer thread: takes all that waits, writes it, syncs once, and tells every waiter."""
        written = -LINGER_S
        while True:
            batch = [self._queue.get()]
            if time.monotonic() - written < LINGER_S:
                time.sleep(LINGER_S)
            with contextlib.suppress(queue.Empty):
                while batch[-1] is not None:
                    batch.append(self._queue.get_nowait())
            entries = [entry for entry in batch if entry is not None]
            error = self._write(b"".join(raw for raw, _, _ in entries)) if entries else None
            for raw, future, record in entries:
                if error is not None:
                    future.set_exception(ClasswrightError(error))
                    continue
                self._count += 1
                line = Line(self._count, self._end, len(raw) - 1, record)
                self._end += len(raw)
                future.set_result(line)
            written = time.monotonic()
            if batch[-1] is None:
                return

    def _write(self, raw: bytes) -> str | None:
        """Write and sync; the message of what went wrong, or None. After a failed write the part written is cut off."""
        if self._failure is not None:
            return self._failure
        assert self._descriptor is not None
        try:
            rest = memoryview(raw)
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
            os.fsync(self._descriptor)
        except OSError as error:
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, self._end)
            # After a failed fsync the kernel may have thrown the pages away, so nothing more is promised for this file.
            self._failure = f"{self.path}: cannot be written: {error.strerror}. Make room, then resume the run"
            return self._failure
        return None

    def close(self) -> None:
        """Finish what is under way and close the file; closing twice is fine."""
        if self._closed:
            return
        self._closed = True
        if self._writer is not None:
            self._queue.put(None)
            self._writer.join()
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _checksum(body: bytes) -> bytes:
    return b"%08x" % zlib.crc32(body)
