"""Instruct models of the Hugging Face hub, downloaded by name into the model cache."""

import os
import urllib.error
import urllib.request
from pathlib import Path
from typing import NamedTuple

from classwright.errors import InputError, UnreachableError
from classwright.models.weights import BLOCK, Progress, cache_folder, check, fetching

STUDENT = "student.gguf"
"""What a training calls the student's weights in its directory."""


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
    with fetching(target) as folder:
        if folder is not None:
            url = f"{hub}/{hosted.repository}/resolve/main/{hosted.file}"
            _download(url, folder / "weights", f"Downloading {target.name}", progress)
            os.replace(folder / "weights", target)
    return target


def find(name: str | Path) -> Path:
    """A GGUF file named by its path, by the directory of a training, or, once fetched, by its name in `HUB`.

    Raises:
        InputError: There is no such file.
    """
    path = Path(name).expanduser()
    if not path.exists() and str(name).lower() in HUB:
        path = cache_folder() / HUB[str(name).lower()].file
        if not path.exists():
            raise InputError(f"{name}: not fetched yet; run `classwright models get {name}`")
    return path / STUDENT if (path / STUDENT).is_file() else path


def _hosted(name: str) -> Hosted:
    if name.lower() in HUB:
        return HUB[name.lower()]
    parts = name.split("/", 2)
    if len(parts) == 3 and all(parts) and name.endswith(".gguf") and ".." not in name:
        return Hosted(f"{parts[0]}/{parts[1]}", parts[2], "")
    raise InputError(f"{name}: no such model; there are smollm2, {', '.join(HUB)}, or owner/repository/file.gguf")


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
        check(target, checksum, url)
