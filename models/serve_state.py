"""The servers that run here: a file each in the cache, so that any command finds, stops and cleans up after them."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from classwright.errors import ClasswrightError, InputError
from classwright.models import processes
from classwright.models.serve_log import last_error
from classwright.models.weights import cache_folder
from classwright.runs.atomic import write_atomic
from classwright.runs.lock import lock

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
"""Names of servers and adapters: they are parts of file names, and of names that requests carry."""


class Adapter(BaseModel):
    """One version of a LoRA adapter at a server; requests call it `NAME@VERSION`."""

    model_config = ConfigDict(frozen=True)

    name: str
    version: int
    folder: Path

    @property
    def served(self) -> str:
        """What requests call it."""
        return f"{self.name}@{self.version}"


class Server(BaseModel):
    """A vLLM server that `classwright serve` started.

    Attributes:
        name: What it is called here.
        model: What requests call its model; several servers may share it, to share the load.
        folder: The model directory.
        port: On 127.0.0.1.
        build: "gpu" or "cpu".
        share: Of the memory, 0 to 1; None where none was asked for.
        max_length: Tokens of prompt and reply.
        max_loras: Adapters that it has room for; 0: none can be loaded.
        max_rank: Largest rank of an adapter.
        pid, since: The server's process and when it started (see `processes.started`).
        keeper, keeper_since: The command that waits for it and stops it; None where it was left to itself.
        log: What it prints.
        ready: Whether it has been healthy.
        adapters: Loaded, oldest first.
    """

    name: str
    model: str
    folder: Path
    port: int
    build: Literal["cpu", "gpu"]
    share: float | None = None
    max_length: int
    max_loras: int = 0
    max_rank: int = 0
    pid: int
    since: int
    keeper: int | None = None
    keeper_since: int | None = None
    log: Path
    ready: bool = False
    adapters: tuple[Adapter, ...] = ()

    @property
    def url(self) -> str:
        """Root of its API."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def running(self) -> bool:
        """Whether its process lives."""
        return processes.started(self.pid) == self.since

    @property
    def kept(self) -> bool:
        """Whether it was left to itself, or the command that started it still waits for it."""
        return self.keeper is None or processes.started(self.keeper) == self.keeper_since

    def newest(self, adapter: str) -> Adapter | None:
        """The newest loaded version of an adapter."""
        return max((a for a in self.adapters if a.name == adapter), key=lambda a: a.version, default=None)


class Ended(NamedTuple):
    """A server that was found ended or left behind, and why."""

    name: str
    why: str


def servers_folder() -> Path:
    """Where the state and the logs of servers are."""
    return cache_folder() / "servers"


@contextmanager
def changing() -> Iterator[None]:
    """Held while a server is added or changed: names, ports and memory are given out one at a time."""
    folder = servers_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = lock(folder / ".lock")
    except OSError as error:
        raise ClasswrightError(f"{folder}: cannot be written: {error.strerror}") from error
    try:
        yield
    finally:
        os.close(held)


def save(server: Server) -> None:
    """Write a server's state."""
    write_atomic(servers_folder() / f"{server.name}.json", server.model_dump_json(indent=2) + "\n")


def forget(name: str) -> None:
    """Remove a server's state; its log stays."""
    (servers_folder() / f"{name}.json").unlink(missing_ok=True)


def find(name: str) -> Server:
    """The state of a server that runs.

    Raises:
        InputError: None of this name runs.
    """
    known = {server.name: server for server in read_all() if server.running}
    if name not in known:
        there = f"there are {', '.join(sorted(known))}" if known else "none runs; `classwright serve MODEL` starts one"
        raise InputError(f"no server {name}; {there}")
    return known[name]


def read_all() -> list[Server]:
    """The state of every server, by name, running or not. A file that cannot be read is no server's."""
    found = []
    for path in servers_folder().glob("*.json"):
        try:
            found.append(Server.model_validate_json(path.read_bytes()))
        except (OSError, ValidationError):
            path.unlink(missing_ok=True)  # written by another version; a state is written whole
    return sorted(found, key=lambda server: server.name)


def sweep() -> list[Ended]:
    """Forget servers that ended, and end those whose command was killed; their last error is told."""
    ended = []
    for server in read_all():
        if server.running and server.kept:
            continue
        why = "left behind by a command that was killed" if server.running else last_error(server.log) or "it ended"
        stop(server)
        ended.append(Ended(server.name, why))
    return ended


def stop(server: Server) -> None:
    """End a server with all its processes, and forget it."""
    processes.end(server.pid, server.since)
    forget(server.name)
