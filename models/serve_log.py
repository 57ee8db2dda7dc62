"""What a server's log says went wrong, in one line."""

import re
from pathlib import Path

TAIL_BYTES = 256 << 10
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_PREFIX = re.compile(
    r"^\s*(\((EngineCore|APIServer|Worker|ApiServer)[^)]*\)\s*)?"  # the process
    r"((ERROR|WARNING|INFO|CRITICAL|DEBUG)\s+\d\d-\d\d \d\d:\d\d:\d\d\s*(\[[^\]]*\])?\s*)?"  # level, time, place
)
_RAISED = re.compile(r"^(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Interrupt|Exit)\b(?::\s*\S.*)?$")
_MARKED = re.compile(r"^(ERROR|CRITICAL)\b|: error: |^Killed$|^Segmentation fault|^Fatal Python error")
_FOLLOWS = ("Engine core initialization failed", "Engine process failed to start", "See root cause above")
"""What one process says when another has failed; the cause stands above."""
LONGEST = 400


def last_lines(log: Path, n: int = 1) -> list[str]:
    """The last lines of a log that say anything, oldest first, without colors and the prefixes of vLLM."""
    return [text for line in _lines(log) if (text := plain(line))][-n:]


def last_error(log: Path) -> str:
    """The line of a log that says why the server ended, at most 400 characters; "" where none looks like it.

    The last exception whose message is a cause of its own: the API server's last words are usually that the engine
    failed, and the engine's exception, which says why, stands above.
    """
    marked = ""
    for line in reversed(_lines(log)):
        text = plain(line)
        if _RAISED.match(text) and not any(said in text for said in _FOLLOWS):
            return _short(text)
        if not marked and text and _MARKED.search(_ANSI.sub("", line)) and not text.startswith("Traceback"):
            marked = text
    return _short(marked)


def plain(line: str) -> str:
    """A line without colors and the prefixes of vLLM."""
    return _PREFIX.sub("", _ANSI.sub("", line)).strip()


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def _lines(log: Path) -> list[str]:
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - TAIL_BYTES))
            return file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
