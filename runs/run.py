"""The run directory: what one job was asked, what its models replied, what came out.

`runs/<yyyymmdd-hhmmss>-<job>-<slug>/` holds `config.json`, `journal.jsonl`, `results.jsonl`, artifacts, and at last
`summary.json`: a run with a summary is finished. A lock file, held with flock by the process that works on the run,
tells a running one from an interrupted one; the kernel lets go of it when that process dies, however it dies.
"""

import fcntl
import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, NamedTuple

from classwright.errors import ClasswrightError, InputError, JournalError
from classwright.runs.atomic import write_atomic
from classwright.runs.journal import Journal
from classwright.runs.lines import Line, Lines, Mode
from classwright.runs.origin import origin

Status = Literal["finished", "interrupted", "running"]

_ID = re.compile(r"\d{8}-\d{6}-[a-z0-9_.-]+")


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
        self._lock = _acquire(path) if mode == "append" else None
        self._units: dict[str, int] = {}  # the line of its result, 0 while on its way to the disk
        try:
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
        if unit in self._units:
            raise JournalError(
                f"{self.path / 'results.jsonl'}, line {line.number}: unit {unit} is already in line {self._units[unit]}"
            )
        self._units[unit] = line.number

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
        self._units[unit] = 0
        try:
            self._units[unit] = (await self._results.append({"unit": unit, "result": result})).number
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

    def finish(self, summary: dict[str, Any]) -> None:
        """Write `summary.json`, the last act of a run: from now on it counts as finished."""
        if self.mode != "append":
            raise ClasswrightError(f"{self.path}: open for reading only, it cannot be finished")
        write_atomic(self.path / "summary.json", json.dumps(summary, indent=2, ensure_ascii=False) + "\n")

    def summary(self) -> dict[str, Any] | None:
        """What `finish` wrote, or None where the run is not finished."""
        path = self.path / "summary.json"
        return _read_json(path) if path.exists() else None

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


class RunInfo(NamedTuple):
    """A run as `classwright runs list` shows it."""

    id: str
    path: Path
    job: str
    status: Status
    created: str


def runs_root(root: str | Path | None = None) -> Path:
    """Where runs are kept: `root`, else the variable CLASSWRIGHT_RUNS, else `./runs`."""
    return Path(root or os.environ.get("CLASSWRIGHT_RUNS") or "runs")


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


def read_config(path: Path) -> dict[str, Any]:
    """What `config.json` of a run directory holds: at least `job`.

    Raises:
        JournalError: It is damaged.
    """
    config = _read_json(path / "config.json")
    if not isinstance(config.get("job"), str):
        raise JournalError(f"{path / 'config.json'}: it names no job")
    return config


def find_run(path_or_id: str | Path, root: str | Path | None = None) -> Path:
    """The directory of a run, by path, id or the unambiguous beginning of an id.

    Raises:
        InputError: None or several fit.
    """
    if (Path(path_or_id) / "config.json").is_file():
        return Path(path_or_id)
    name, folder = str(path_or_id), runs_root(root)
    ids = [path.name for path in _folders(folder)]
    fits = [name] if name in ids else [run for run in ids if name and run.startswith(name)]
    if len(fits) == 1:
        return folder / fits[0]
    if fits:
        raise InputError(
            f"{name}: {len(fits)} runs in {folder} begin so ({', '.join(fits[:3])} ...); write more of the id"
        )
    near = get_close_matches(name, ids, n=3, cutoff=0.3) or ids[-3:]
    raise InputError(
        f"{name}: no such run in {folder}" + (f"; there are {', '.join(near)}" if near else ", which holds no runs")
    )


def list_runs(root: str | Path | None = None) -> list[RunInfo]:
    """All runs in a folder, oldest first; a folder that is not there holds none."""
    found = []
    for path in _folders(runs_root(root)):
        try:
            config = _read_json(path / "config.json")
        except JournalError:
            config = {}  # a damaged run is listed too; opening it says what is wrong
        found.append(
            RunInfo(path.name, path, str(config.get("job", "?")), status(path), str(config.get("created", "?")))
        )
    return found


def status(path: Path) -> Status:
    """Whether a run directory is finished, being worked on by a live process, or interrupted."""
    if (path / "summary.json").exists():
        return "finished"
    try:
        descriptor = os.open(path / "lock", os.O_RDONLY)
    except OSError:
        return "interrupted"
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return "interrupted"
    except OSError:
        return "running"
    finally:
        os.close(descriptor)


def _folders(root: Path) -> list[Path]:
    if not root.is_dir():
        return []
    return sorted(path for path in root.iterdir() if _ID.fullmatch(path.name) and (path / "config.json").is_file())


def _acquire(path: Path) -> int:
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


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise JournalError(f"{path}: cannot be read: {error}") from error
    if not isinstance(value, dict):
        raise JournalError(f"{path}: not a JSON object")
    return value
