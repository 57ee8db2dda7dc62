"""The run directory: what one job was asked, what its models replied, what came out.

`runs/<yyyymmdd-hhmmss>-<job>-<slug>/` holds `config.json`, `journal.jsonl`, `results.jsonl`, artifacts, and at last
`summary.json`: a run with a summary is finished. A lock file, held with flock by the process that works on the run,
tells a running one from an interrupted one; the kernel lets go of it when that process dies, however it dies.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from classwright.errors import ClasswrightError, JournalError
from classwright.runs.atomic import write_atomic
from classwright.runs.journal import Journal
from classwright.runs.lines import Line, Lines, Mode
from classwright.runs.listing import find_run, read_config, read_json, runs_root
from classwright.runs.lock import acquire
from classwright.runs.origin import origin
from classwright.runs.shards import merge


class Run:
    """An open run directory. Use as a context manager: leaving it closes the files and lets go of the lock.

    Attributes:
        path: The directory.
        config: What `config.json` holds.
        mode: "append" for the process that works on the run and holds its lock; "replay" never writes.
        journal: The run's journal, open in the same mode.
    """

    def __init__(self, path: Path, config: dict[str, Any], mode: Mode) -> None:
        self.path = path
        self.config = config
        self.mode: Mode = mode
        self._lock = acquire(path) if mode == "append" else None
        self._units: dict[str, Line | None] = {}  # where its result lies, None while on its way to the disk
        try:
            if mode == "append":
                merge(path)
            self.journal = Journal.open(path / "journal.jsonl", mode)
            try:
                self._results = Lines(path / "results.jsonl", mode, self._index)
            except BaseException:
                self.journal.close()
                raise
        except BaseException:
            self._release()
            raise

    @property
    def id(self) -> str:
        """The directory's name."""
        return self.path.name

    @property
    def job(self) -> str:
        """The job that the run does, for example "lesson"."""
        return str(self.config["job"])

    def _index(self, line: Line) -> None:
        unit = line.record.get("unit")
        if not isinstance(unit, str) or "result" not in line.record:
            raise JournalError(f"{self.path / 'results.jsonl'}, line {line.number}: not a result (unit and result)")
        if (first := self._units.get(unit)) is not None:
            raise JournalError(
                f"{self.path / 'results.jsonl'}, line {line.number}: unit {unit} is already in line {first.number}"
            )
        self._units[unit] = line._replace(record={})

    async def add_result(self, unit: str, result: Any) -> None:
        """Store what came out of one finished unit (a lesson, a dialogue, an exam); on the disk when this returns.

        Args:
            unit: The unit's name, once a run.
            result: JSON only.

        Raises:
            JournalError: The unit has a result already.
            ClasswrightError: The run is open for replay, or the disk refuses.
        """
        if unit in self._units:
            raise JournalError(f"{self.path / 'results.jsonl'}: unit {unit} has a result already")
        self._units[unit] = None
        try:
            line = await self._results.append({"unit": unit, "result": result})
            self._units[unit] = line._replace(record={})
        except Exception:
            del self._units[unit]
            raise

    def has_result(self, unit: str) -> bool:
        """Whether the unit is finished."""
        return unit in self._units

    def results(self) -> Iterator[tuple[str, Any]]:
        """The finished units with what came out of them, in the order they were stored."""
        for line in self._results:
            yield line.record["unit"], line.record["result"]

    def results_by_unit(self) -> Iterator[tuple[str, Any]]:
        """As `results`, in the order of the units' names: the same however units that ran side by side ended."""
        for unit, line in sorted(self._units.items(), key=lambda item: item[0]):
            if line is not None:
                yield unit, self._results.read(line.offset, line.length, line.number)["result"]

    def merge_shards(self) -> None:
        """Take what workers have journaled into the run's journal; they must be ended.

        Raises:
            As `shards.merge`.
        """
        self.journal.close()
        merge(self.path)
        self.journal = Journal.open(self.path / "journal.jsonl", self.mode)

    def result(self, unit: str) -> Any | None:
        """What came out of a unit, None where it is not finished."""
        return next((result for name, result in self.results() if name == unit), None)

    def finish(self, summary: dict[str, Any]) -> None:
        """Write `summary.json`, the last act of a run: from now on it counts as finished."""
        if self.mode != "append":
            raise ClasswrightError(f"{self.path}: open for reading only, it cannot be finished")
        write_atomic(self.path / "summary.json", json.dumps(summary, indent=2, ensure_ascii=False) + "\n")

    def summary(self) -> dict[str, Any] | None:
        """What `finish` wrote, or None where the run is not finished."""
        path = self.path / "summary.json"
        return read_json(path) if path.exists() else None

    def close(self) -> None:
        """Close the files and let go of the lock; closing twice is fine."""
        self.journal.close()
        self._results.close()
        self._release()

    def _release(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def create_run(root: str | Path | None, job: str, slug: str, config: dict[str, Any]) -> Run:
    """Make a new run directory and open it, locked for this process.

    Args:
        root: Where runs are kept (see `runs_root`).
        job: Name of the job, for example "lesson".
        slug: What the run is about, for example the skill's id; other characters than a-z, 0-9, `.`, `_` become `-`.
        config: What reproduces the run: resolved recipe, command arguments, seed, prompt hashes, model identities.
            Job, time, versions and git revision are added.

    Raises:
        ClasswrightError: The directory cannot be written; nothing half-written stays behind.
    """
    now = datetime.now().astimezone()
    words = re.sub(r"[^a-z0-9._]+", "-", slug.lower()).strip("-.")[:60] or "run"
    path = _new_folder(runs_root(root), f"{now:%Y%m%d-%H%M%S}-{job}-{words}")
    full = {"job": job, "created": now.isoformat(timespec="seconds"), **origin(), **config}
    try:
        write_atomic(path / "config.json", json.dumps(full, indent=2, ensure_ascii=False) + "\n")
        return Run(path, full, "append")
    except BaseException:
        shutil.rmtree(path, ignore_errors=True)
        raise


def child_run(parent: Run, name: str, job: str, config: dict[str, Any]) -> Run:
    """Open a run inside another one, or make it: a cell of an experiment, a lesson of a course.

    It lies in `cells/<name>` of the parent, is a full run directory, and is not listed with the others.

    Args:
        parent: The run that it belongs to, open for writing.
        name: Its name, once a parent; a-z, 0-9, `.`, `_`, `-`, `+`.
        job: The job it does.
        config: As in `create_run`; ignored where the run is there already.

    Raises:
        ClasswrightError: The directory cannot be written.
        JournalError: Its journal or results are damaged.
    """
    path = parent.path / "cells" / name
    if (path / "config.json").exists():
        return Run(path, read_config(path), parent.mode)
    if parent.mode != "append":
        raise ClasswrightError(f"{path}: this part of the run never started; resume the run first")
    full = {"job": job, "created": parent.config["created"], **origin(), **config}
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ClasswrightError(f"{path}: cannot be written: {error.strerror}") from error
    write_atomic(path / "config.json", json.dumps(full, indent=2, ensure_ascii=False) + "\n")
    return Run(path, full, parent.mode)


def _new_folder(root: Path, name: str) -> Path:
    for attempt in range(1, 1000):
        path = root / (name if attempt == 1 else f"{name}-{attempt}")
        try:
            root.mkdir(parents=True, exist_ok=True)
            path.mkdir()
            return path
        except FileExistsError as error:
            if not root.is_dir():
                raise ClasswrightError(f"{root}: not a folder, runs cannot be kept there") from error
        except OSError as error:
            raise ClasswrightError(f"{path}: cannot be written: {error.strerror}") from error
    raise ClasswrightError(f"{root}: a thousand runs named {name}")


def open_run(path_or_id: str | Path, root: str | Path | None = None, mode: Mode = "append") -> Run:
    """Open a run to go on with it ("append": takes its lock) or to read it ("replay": never writes).

    Args:
        path_or_id: A run directory, a run's id, or the unambiguous beginning of an id.
        root: Where runs are kept (see `runs_root`).
        mode: What the run is opened for.

    Raises:
        InputError: There is no such run; the nearest are named.
        ClasswrightError: Another process works on the run.
        JournalError: The journal or the results are damaged.
    """
    path = find_run(path_or_id, root)
    return Run(path, read_config(path), mode)
