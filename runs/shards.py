"""Shards of a run: the journals that several worker processes write beside each other, and how they become one.

Worker number k appends to `shards/<k>/journal.jsonl` and holds the lock of that folder as long as it lives; nobody else
writes there. Whoever opens the run to go on with it moves all entries into the run's own journal, byte for byte, so
that a run goes on with any number of workers, or with none. A torn last line of a killed worker is dropped as always.
"""

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from classwright.errors import ClasswrightError, JournalError
from classwright.runs.journal import Entry, Journal, Key
from classwright.runs.lines import Line, Lines, Mode
from classwright.runs.lock import acquire

LET_GO_S = 20.0
"""How long a worker that was ended may take to let go of its shard."""

Handed = dict[str, tuple[str, dict[str, Any]]]
"""Stored replies of one unit: key -> (request hash, reply)."""


class ShardJournal(Journal):
    """A worker's own journal, which also answers from entries of other journals that are handed to it.

    Args:
        folder: The shard's folder, made if it is missing; locked until the journal is closed.

    Raises:
        ClasswrightError: Another process holds the shard, or it cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ClasswrightError(f"{folder}: cannot be written: {error.strerror}") from error
        self._handed: Handed = {}
        self._lock: int | None = acquire(folder)
        try:
            super().__init__(folder / "journal.jsonl", "append")
        except BaseException:
            os.close(self._lock)
            raise

    def __contains__(self, key: object) -> bool:
        return str(key) in self._handed or super().__contains__(key)

    @contextlib.contextmanager
    def given(self, handed: Handed) -> Iterator[None]:
        """Within, entries of other journals answer as well."""
        self._handed |= handed
        try:
            yield
        finally:
            for key in handed:
                self._handed.pop(key, None)

    def lookup(self, key: Key, request_hash: str) -> dict[str, Any] | None:
        """As `Journal.lookup`, in what was handed over first."""
        if (found := self._handed.get(str(key))) is None:
            return super().lookup(key, request_hash)
        if found[0] != request_hash:
            raise JournalError(
                f"{self.path}: {key} was answered for another request than the one asked now; the recipe, a prompt or "
                "the program changed since, or differs between the workers' machines"
            )
        return found[1]

    def close(self) -> None:
        """Finish appends under way, close the file and let go of the shard."""
        super().close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def shard_folder(run: Path, number: int) -> Path:
    """Where worker `number` of a run writes."""
    return run / "shards" / f"{number:04d}"


def handed_by_unit(entries: Iterator[Entry], wanted: Callable[[str], bool]) -> dict[str, Handed]:
    """Stored entries of the units that are `wanted`, as they are handed to a worker: unit -> its entries."""
    found: dict[str, Handed] = {}
    for entry in entries:
        if wanted(entry.key.unit):
            found.setdefault(entry.key.unit, {})[str(entry.key)] = (entry.hash, entry.reply)
    return found


def left_by(folder: Path, wanted: Callable[[str], bool]) -> dict[str, Handed]:
    """What a worker that is dead has stored, as `handed_by_unit`.

    Raises:
        ClasswrightError: It still lives.
    """
    os.close(_taken(folder))  # it has let go: nothing is written there any more
    with Journal.open(folder / "journal.jsonl", "replay") as journal:
        return handed_by_unit(journal.entries(), wanted)


def merge(run: Path) -> int:
    """Move all entries of a run's shards into its journal; returns how many. The caller holds the run's lock.

    A merge that is cut off is finished by the next one. Of an entry that several workers stored (units never; but the
    vector of a text may be), the first is kept.

    Raises:
        JournalError: A line other than a torn last one is damaged, or two entries of one key answer different requests.
        ClasswrightError: A worker still lives, or the disk refuses.
    """
    folders = sorted((run / "shards").glob("*/")) if (run / "shards").is_dir() else []
    if not folders:
        return 0
    path, known, moved = run / "journal.jsonl", dict[str, str](), 0
    locks = [_taken(folder) for folder in folders]
    try:
        _read(path, "append", lambda line: known.__setitem__(line.record["key"], line.record["hash"]))
        with open(path, "ab") as journal:
            for folder in folders:
                source = folder / "journal.jsonl"
                if not source.exists():
                    continue
                with open(source, "rb") as raw:

                    def move(line: Line, raw: Any = raw, source: Path = source) -> None:
                        nonlocal moved
                        key, digest = str(line.record.get("key")), str(line.record.get("hash"))
                        if key in known:
                            if known[key] != digest:
                                raise JournalError(f"{source}, line {line.number}: {key} has another request in {path}")
                            return
                        known[key] = digest
                        raw.seek(line.offset)
                        journal.write(raw.read(line.length + 1))
                        moved += 1

                    _read(source, "replay", move)
            journal.flush()
            os.fsync(journal.fileno())
        shutil.rmtree(run / "shards")
    except OSError as error:
        raise ClasswrightError(f"{run}: its shards cannot be merged: {error.strerror or error}") from error
    finally:
        for lock in locks:
            os.close(lock)
    return moved


def _read(path: Path, mode: Mode, visit: Callable[[Line], None]) -> None:
    Lines(path, mode, visit).close()


def _taken(folder: Path) -> int:
    """The lock of a shard whose worker is dead or about to die."""
    patience = time.monotonic() + LET_GO_S
    while True:
        try:
            return acquire(folder)
        except ClasswrightError:
            if time.monotonic() > patience:
                raise
            time.sleep(0.1)
