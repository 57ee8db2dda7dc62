"""What a run was made with: versions, platform, git revision. Part of every config.json."""

import platform
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Any

import classwright.errors

PACKAGES = (
    "classwright", "aiohttp", "chromadb", "langgraph", "math-verify", "networkx", "numpy", "openai", "peft", "pydantic",
    "sympy", "torch", "transformers", "trl", "wordllama", "xllamacpp",
)  # fmt: skip
"""The packages whose version can change what a run does."""


def origin() -> dict[str, Any]:
    """Versions of the packages that matter (absent ones left out), Python, platform, and the git revision if any."""
    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "versions": versions,
        "git": git_revision(),
    }


def git_revision() -> str | None:
    """The commit that Classwright's own files are at, with "+" where they were changed since; None if installed."""
    folder = Path(classwright.errors.__file__).resolve().parent
    # Only a checkout of our own: an installed copy may lie in a virtual environment inside somebody else's repository.
    if not (folder / ".git").exists():
        return None
    commit = _git(folder, "rev-parse", "--verify", "HEAD")
    if commit is None:
        return None
    return commit + ("+" if _git(folder, "status", "--porcelain", "--untracked-files=no") else "")


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
