"""A vLLM server from its start to its end: started, waited for until it is healthy, watched, stopped."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from classwright.errors import ClasswrightError, InputError, StoppedError
from classwright.models import processes
from classwright.models.serve_flags import Flags, command, environment
from classwright.models.serve_log import last_error, last_lines
from classwright.models.serve_state import Server, find, forget, read_all, save, servers_folder, stop
from classwright.models.served import list_models, request_json
from classwright.models.weights import Progress

FIRST_PORT, PORTS = 8000, 100
POLL_S = 0.2
TAIL = 3
"""Lines of the log that are shown where it holds no error."""


def choose_port(wanted: int | None) -> int:
    """A free port of this machine, from 8000 on, or the one that is wanted.

    Raises:
        InputError: That one is taken, or there is none.
    """
    if wanted is not None:
        if not _is_free(wanted):
            owner = next((f"server {s.name}" for s in read_all() if s.port == wanted and s.running), "another program")
            raise InputError(f"port {wanted} is taken by {owner}; leave --port out to take a free one")
        return wanted
    given = {server.port for server in read_all()}
    for port in range(FIRST_PORT, FIRST_PORT + PORTS):
        if port not in given and _is_free(port):
            return port
    raise InputError(f"no port from {FIRST_PORT} to {FIRST_PORT + PORTS - 1} is free; name one with --port")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def server_name(model: str, folder: Path) -> str:
    """A name for a server of a model: the model's, or with a number where servers of the same model run already.

    Raises:
        InputError: A server with a different model has the model's name.
    """
    running = [server for server in read_all() if server.running]
    for server in running:
        if server.model == model and server.folder != folder:
            raise InputError(
                f"{model} is the name of a different model ({server.folder}, at {server.url}); "
                "give this one another --name"
            )
    taken = {server.name for server in running}
    return next(name for n in count(1) if (name := model if n == 1 else f"{model}-{n}") not in taken)


def launch(flags: Flags, python: Path, *, left: bool) -> tuple[Server, subprocess.Popen[bytes]]:
    """Start the process and write its state; it is not healthy yet. Call it within `changing()`.

    Args:
        flags: What it is started with.
        python: The interpreter of vLLM's environment.
        left: Whether it is to outlive this process.
    """
    log = servers_folder() / f"{flags.server}.log"
    if log.exists():
        os.replace(log, log.with_suffix(".log.1"))
    with log.open("wb") as out:
        process = subprocess.Popen(
            command(flags, python), stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
            env=environment(flags), start_new_session=True, cwd=servers_folder(),
        )  # fmt: skip
    try:
        keeper = None if left else os.getpid()
        server = Server(
            name=flags.server, model=flags.model, folder=flags.folder, port=flags.port, build=flags.build,
            share=flags.share, max_length=flags.max_length, max_loras=flags.max_loras, max_rank=flags.max_rank,
            pid=process.pid, since=processes.started(process.pid) or 0, keeper=keeper,
            keeper_since=keeper and processes.started(keeper), log=log, adapters=tuple(flags.adapters),
        )  # fmt: skip
        save(server)
    except BaseException:
        processes.end(process.pid, processes.started(process.pid) or 0)
        process.wait()
        raise
    return server, process


@dataclass
class Hold:
    """A server that is held.

    Attributes:
        server: As it was launched.
        process: Its process, a child of this one.
        announced: Whether it has been announced as ready: from then on, Ctrl-C is the regular end.
    """

    server: Server
    process: subprocess.Popen[bytes]
    announced: bool = False


@contextmanager
def kept(name: str, start: Callable[[], tuple[Server, subprocess.Popen[bytes]]], *, left: bool) -> Iterator[Hold]:
    """Launch a server; while inside, Ctrl-C and SIGTERM end the work with it; leaving stops it.

    Args:
        name: The server's name.
        start: Launches it; signals are held before it does, so that none can leave a server without its keeper.
        left: If all went well, leave it running.

    Raises:
        StoppedError: Ctrl-C or SIGTERM came before it was announced.
    """
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, _interrupt) for number in numbers}
    keep, hold = False, None
    try:
        hold = Hold(*start())
        yield hold
        keep = left
        if keep:
            hold.process.returncode = 0  # it outlives this object, which is no mistake
    except KeyboardInterrupt as error:
        if hold is None or not hold.announced:
            raise StoppedError(f"{name} was stopped before it was ready") from error
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave half of it behind
        if hold is not None and not keep:
            shut_down(hold.server, hold.process)
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(signum: int, frame: object) -> None:
    raise KeyboardInterrupt


def wait_until_healthy(
    server: Server, process: subprocess.Popen[bytes], timeout_s: float, progress: Progress | None = None
) -> Server:
    """Wait until a server says that it is healthy and lists its model.

    Returns:
        Its state, now marked ready.

    Raises:
        InputError: It ended, or was not healthy in time; its last error is in the message.
        StoppedError: Another command stopped it.
    """
    started = time.monotonic()
    while not _healthy(server):
        waited = time.monotonic() - started
        if process.poll() is not None:
            if not _is_known(server):
                raise StoppedError(f"{server.name} was stopped by another command before it was ready")
            raise InputError(f"{server.name} did not start: {why_ended(server, process.returncode)}")
        if waited > timeout_s:
            tail = last_error(server.log) or " | ".join(last_lines(server.log, TAIL)) or "its log is empty"
            raise InputError(f"{server.name} was not healthy after {timeout_s:g} s: {tail} (log: {server.log})")
        if progress is not None:
            progress(f"Starting {server.name} ({waited:.0f} s: {_doing(server)})", 0, 0)
        time.sleep(POLL_S)
    ready = server.model_copy(update={"ready": True})
    save(ready)
    return ready


def watch(server: Server, process: subprocess.Popen[bytes]) -> None:
    """Wait with a server until another command stops it, or for ever.

    Raises:
        InputError: It ended by itself or was killed; its last error is in the message.
    """
    while process.poll() is None:
        time.sleep(POLL_S)
    if _is_known(server):
        raise InputError(f"{server.name} ended: {why_ended(server, process.returncode)}")


def _is_known(server: Server) -> bool:
    """Whether nobody has forgotten it; `stop_servers` does so before it ends a server."""
    return any(known.name == server.name and known.pid == server.pid for known in read_all())


def shut_down(server: Server, process: subprocess.Popen[bytes]) -> None:
    """End a server of this process, with all its own, and forget it."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    stop(server)


def why_ended(server: Server, code: int) -> str:
    """Why a server ended, in one line: its last error, or the signal that killed it."""
    how = f"killed by signal {-code} ({signal.Signals(-code).name})" if code < 0 else f"exit code {code}"
    error = last_error(server.log)
    if not error and code >= 0:
        error = " | ".join(last_lines(server.log, TAIL))
    return f"{error} ({how}; log: {server.log})" if error else f"{how} (log: {server.log})"


def stop_servers(names: list[str] | None) -> list[str]:
    """Stop servers by name, or all; returns whose they were.

    Raises:
        InputError: None of a name runs; those before it are stopped.
    """
    servers = [s for s in read_all() if s.running] if names is None else [find(name) for name in names]
    for server in servers:
        forget(server.name)  # first, so that its command knows that it was meant to end
        stop(server)
    return [server.name for server in servers]


def _healthy(server: Server) -> bool:
    """Whether it says so and lists its own model; another program at the port is not it."""
    try:
        request_json(f"{server.url.removesuffix('/v1')}/health", timeout_s=5)
        return any(served.id == server.model for served in list_models(server.url, timeout_s=5))
    except ClasswrightError:
        return False


def _doing(server: Server) -> str:
    line = (last_lines(server.log) or [""])[0]
    return line if len(line) <= 60 else line[:57] + "..."
