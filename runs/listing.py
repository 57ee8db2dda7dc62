"""Finding runs in the folder where they are kept, and the state that each is in."""

import json
import os
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, NamedTuple

from classwright.errors import InputError, JournalError
from classwright.runs.lock import is_held

Status = Literal["finished", "interrupted", "running"]

_ID = re.compile(r"\d{8}-\d{6}-[a-z0-9_.-]+")


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


def read_config(path: Path) -> dict[str, Any]:
    """What `config.json` of a run directory holds: at least `job`.

    Raises:
        JournalError: It is damaged.
    """
    config = read_json(path / "config.json")
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
            config = read_json(path / "config.json")
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
    return "running" if is_held(path) else "interrupted"


def _folders(root: Path) -> list[Path]:
    if not root.is_dir():
        return []
    return sorted(path for path in root.iterdir() if _ID.fullmatch(path.name) and (path / "config.json").is_file())


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file of a run.

    Raises:
        JournalError: It cannot be read or holds something else.
    """
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise JournalError(f"{path}: cannot be read: {error}") from error
    if not isinstance(value, dict):
        raise JournalError(f"{path}: not a JSON object")
    return value
