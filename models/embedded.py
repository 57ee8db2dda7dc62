"""The embedded model: llama.cpp's OpenAI-compatible server inside this process, started when first needed."""

import asyncio
import atexit
import gc
import os
import signal
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from classwright.errors import InputError, UnreachableError
from classwright.models import weights
from classwright.models.weights import Progress

CONTEXT = 4096
"""Tokens of prompt and reply together that one request can have."""

STOP_S = 10
"""Longest that a process may take to let go of its servers at its end, s."""

_servers: dict[tuple[Path, Path | None, tuple[Path, ...]], Any] = {}
_starting = threading.Lock()
_progress: Progress | None = None


def show_progress(progress: Progress | None) -> None:
    """Where to report the first download of the weights; one place a process, because any call may be the first."""
    global _progress
    _progress = progress


async def start(
    file: Path | None = None, slots: int = 4, adapter: Path | None = None, choice: Sequence[Path] = ()
) -> str:
    """The API root of a server for these weights; starts it if this process has none.

    Args:
        file: GGUF weights; None takes the default's, which are fetched first where they are not in the cache.
        slots: Requests answered at a time; further ones wait. A server that runs keeps the number it has.
        adapter: A LoRA adapter, as GGUF, that changes these weights for every request.
        choice: Further ones, that a request turns on by their place here: `"lora": [{"id": 0, "scale": 1.0}]`.

    Raises:
        UnreachableError: xllamacpp is not installed, or the weights cannot be fetched.
        InputError: The file is not there or no model that llama.cpp can load.
    """
    return await asyncio.to_thread(_start, file, slots, adapter, choice)


def _start(file: Path | None, slots: int, adapter: Path | None, choice: Sequence[Path]) -> str:
    with _starting:
        try:
            import xllamacpp
        except ImportError as error:
            raise UnreachableError(
                "the embedded model needs xllamacpp: pip install 'classwright[local]', or name a model in a recipe"
            ) from error
        path = (file or weights.get_smollm2(_progress)).expanduser().resolve()
        place = (path, adapter and adapter.expanduser().resolve(), tuple(choice))
        if place not in _servers:
            for needed in filter(None, (*place[:2], *choice)):
                check_file(needed)
            if not _servers:
                atexit.register(stop)
            _servers[place] = _serve(xllamacpp, *place, slots=slots)
        return f"{_servers[place].listening_address}/v1"


def _serve(xllamacpp: Any, path: Path, adapter: Path | None, choice: tuple[Path, ...], *, slots: int) -> Any:
    threads = thread_count()
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.model_alias = {path.stem}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_parallel = slots
    params.n_ctx = CONTEXT * slots
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.n_threads_http = slots + 2
    params.cache_ram_mib = 0  # prompts are not kept: replies must not depend on what was asked before
    params.cors_origins = "http://127.0.0.1"  # no page of the web may ask it
    params.ui = False
    params.verbosity = -1
    beside = []
    for file in (*choice, *filter(None, (adapter,))):  # those to choose from come first, so that their places are ids
        info = xllamacpp.CommonAdapterLoraInfo()
        info.path, info.scale = str(file), float(file == adapter)
        beside.append(info)
    params.lora_adapters = beside
    try:
        return xllamacpp.Server(params)
    except RuntimeError as error:
        names = ", ".join(info.path for info in beside)
        what = f"this model with the adapter {names}" if names else "this model"
        raise InputError(f"{path}: llama.cpp cannot load {what} ({error})") from error


def thread_count() -> int:
    """Threads to compute with: the variable CLASSWRIGHT_THREADS, else one a core.

    llama.cpp's threads wait for each other after every layer, so that one that the system holds up holds up all: on two
    cores shared with other work, two threads were five times slower than one (8 to 39 tokens/s), on idle ones a third
    faster (88 to 65). The text does not depend on the number.

    Raises:
        InputError: The variable is not a positive number.
    """
    named = os.environ.get("CLASSWRIGHT_THREADS", "").strip()
    if named:
        if not named.isdigit() or int(named) == 0:
            raise InputError(f"CLASSWRIGHT_THREADS is {named!r}; it should be a number from 1")
        return int(named)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def check_file(path: Path) -> None:
    """See that a file is GGUF weights.

    Raises:
        InputError: It is not there, cannot be read, or is something else.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    if magic != b"GGUF":
        raise InputError(f"{path}: not a GGUF file")


def stop() -> None:
    """End all servers of this process; called at its exit.

    llama.cpp waits for requests under way, and for ever if their connections stay open while it ends. Leaving
    `open_models` closes them; should one be left all the same, the kernel ends the process after `STOP_S`.
    """
    main = threading.current_thread() is threading.main_thread()
    if main and _servers:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(STOP_S)
    _servers.clear()
    gc.collect()
    if main:
        signal.alarm(0)
