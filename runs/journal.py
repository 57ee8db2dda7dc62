"""The journal: every model reply and every human decision of a run, stored before anything uses it.

A killed run resumes by looking its entries up again, a finished run replays without a model. One line an entry::

    {"crc32":"…","key":"unit/agent/task/ordinal","hash":"…","reply":{…},"request":{…},"at":"2026-11-24T10:00:00+00:00"}
"""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, Self

from classwright.errors import JournalError
from classwright.runs.lines import Line, Lines, Mode


class Key(NamedTuple):
    """Where in the program a reply belongs.

    `ordinal` counts by position in the program, never by order of completion, so that parallel calls replay alike.
    Only `unit` may contain a slash.
    """

    unit: str
    agent: str
    task: str
    ordinal: int | str = 0

    def __str__(self) -> str:
        """The form that the journal stores: "unit/agent/task/ordinal"."""
        return f"{self.unit}/{self.agent}/{self.task}/{self.ordinal}"

    @classmethod
    def parse(cls, text: str) -> "Key":
        """The key of its stored form; the ordinal stays a string.

        Raises:
            ValueError: `text` does not have four parts.
        """
        parts = text.rsplit("/", 3)
        if len(parts) != 4 or not all(parts):
            raise ValueError(f"not a journal key: {text!r}")
        return cls(*parts)

    def retry(self, number: int) -> "Key":
        """The key of the reply to repair retry `number` (from 1): ordinal 3 becomes "3r1"."""
        return self._replace(ordinal=f"{self.ordinal}r{number}")


class Entry(NamedTuple):
    """One stored entry, with the number of its line from 1."""

    line: int
    key: Key
    hash: str
    reply: dict[str, Any]
    extra: dict[str, Any]


class _Place(NamedTuple):
    number: int
    offset: int
    length: int
    hash: str


class Journal:
    """An open journal. Holds only where each entry lies, so a journal of a million replies needs little memory."""

    def __init__(self, path: str | Path, mode: Mode) -> None:
        self.path = Path(path)
        self.mode: Mode = mode
        self._places: dict[str, _Place] = {}
        self._waiting: set[str] = set()
        self._lines = Lines(self.path, mode, self._index)

    @classmethod
    def open(cls, path: str | Path, mode: Mode = "append") -> "Journal":
        """Open a journal and check every line.

        Args:
            path: The file, usually `journal.jsonl` of a run directory.
            mode: "append" makes a missing file and cuts off a torn last line; "replay" never writes.

        Raises:
            JournalError: A line other than a torn last one is damaged, or a key occurs twice: file and line are named.
            ClasswrightError: The file cannot be read or written.
        """
        return cls(path, mode)

    def _index(self, line: Line) -> None:
        key, digest = line.record.get("key"), line.record.get("hash")
        if not isinstance(key, str) or not isinstance(digest, str) or not isinstance(line.record.get("reply"), dict):
            raise JournalError(f"{self.path}, line {line.number}: not a journal entry (it has no key, hash and reply)")
        if key in self._places:
            raise JournalError(
                f"{self.path}, line {line.number}: key {key} is already in line {self._places[key].number}"
            )
        self._places[key] = _Place(line.number, line.offset, line.length, digest)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, key: object) -> bool:
        return str(key) in self._places

    def lookup(self, key: Key, request_hash: str) -> dict[str, Any] | None:
        """The stored reply to a request, or None where it was never stored.

        Args:
            key: The place in the program.
            request_hash: The hash that was stored with the reply.

        Raises:
            JournalError: An entry with this key answers another request: recipe, prompt or program changed since.
        """
        place = self._places.get(str(key))
        if place is None:
            return None
        if place.hash != request_hash:
            raise JournalError(
                f"{self.path}, line {place.number}: {key} answers another request than the one asked now; the recipe, "
                "a prompt or the program changed since. Start a new run, or undo the change"
            )
        return self._lines.read(place.offset, place.length, place.number)["reply"]

    async def append(self, key: Key, request_hash: str, reply: dict[str, Any], **extra: Any) -> None:
        """Store one reply; returns when it is on the disk.

        Appends that run at the same time share one write and one sync, done off the event loop.

        Args:
            key: The place in the program; each key is stored once.
            request_hash: What `lookup` will compare.
            reply: The reply or decision, JSON only.
            extra: Further fields of the entry, JSON only (the chat stores its `request`).

        Raises:
            JournalError: The key is stored already.
            ClasswrightError: The journal is open for replay, or the disk refuses.
        """
        name = str(key)
        if tuple(Key.parse(name)) != (key.unit, key.agent, key.task, str(key.ordinal)):
            raise ValueError(f"agent, task and ordinal of a journal key hold no slash: {name}")
        if name in self._places or name in self._waiting:
            raise JournalError(f"{self.path}: key {name} is asked twice; every call needs a key of its own")
        self._waiting.add(name)
        record = {"key": name, "hash": request_hash, "reply": reply, **extra}
        record["at"] = datetime.now(UTC).isoformat(timespec="milliseconds")
        try:
            future = self._lines.put(record)
        except BaseException:
            self._waiting.discard(name)
            raise
        stored = asyncio.wrap_future(future)
        # The index learns of the line even where the caller is canceled meanwhile: it is on the disk all the same.
        stored.add_done_callback(lambda done: self._stored(name, done))
        await asyncio.shield(stored)

    def _stored(self, name: str, done: "asyncio.Future[Line]") -> None:
        self._waiting.discard(name)
        if not done.cancelled() and done.exception() is None:
            self._index(done.result())

    def entries(self) -> Iterator[Entry]:
        """All entries in the order they were stored, read from the file."""
        for line in self._lines:
            record = dict(line.record)
            key, digest, reply = record.pop("key"), record.pop("hash"), record.pop("reply")
            yield Entry(line.number, Key.parse(key), digest, reply, record)

    def close(self) -> None:
        """Finish appends under way and close the file; closing twice is fine."""
        self._lines.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
