"""What a command prints: its result on standard output, everything else on standard error."""

import json as jsonlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import RenderableType

Report = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is (0: not known)."""


@dataclass
class Settings:
    """How this process talks.

    Attributes:
        quiet: No progress and no messages; errors are shown all the same.
        debug: Errors are shown with their traceback.
    """

    quiet: bool = False
    debug: bool = False


settings = Settings()
_bars: list[Any] = []
"""The bar that is on the terminal now, if any."""


def emit(result: Any, *, json: bool, text: "RenderableType | Callable[[], RenderableType] | None" = None) -> None:
    """Print a command's result, once, as its last act.

    Args:
        result: What the command found or made; JSON only.
        json: Print it as one JSON object. Otherwise `text` is printed for a person.
        text: A string or anything rich can show, or a function that makes it; None shows the result's keys and values.
    """
    if json:
        sys.stdout.write(jsonlib.dumps(result, ensure_ascii=False, allow_nan=False) + "\n")
    elif isinstance(text, str):
        sys.stdout.write(text.rstrip("\n") + "\n")
    else:
        from rich.console import Console

        if text is None:
            text = "\n".join(f"{name}: {value}" for name, value in result.items())
        elif callable(text):
            text = text()
        width = None if sys.stdout.isatty() else 160  # a table in a pipe or a file is not cut to 80 columns
        Console(highlight=False, soft_wrap=isinstance(text, str), width=width).print(text, markup=False)
    sys.stdout.flush()


def say(message: str) -> None:
    """A message to the person at the terminal, on standard error; nothing when quiet."""
    if not settings.quiet:
        sys.stderr.write(message + "\n")
        sys.stderr.flush()


def complain(message: str) -> None:
    """One line about an error, on standard error, quiet or not."""
    sys.stderr.write(f"classwright: {' '.join(message.split())}\n")
    sys.stderr.flush()


@contextmanager
def progress_bar(*, quiet: bool = False) -> Iterator[Report]:
    """Progress on standard error: one bar, whose label is what is being done.

    Where standard error is no terminal, a line whenever the label changes; nothing when quiet.
    """
    if quiet or settings.quiet:
        yield lambda label, done, total: None
        return
    if not sys.stderr.isatty():
        report = _Plain()
        with _downloads(report):
            yield report
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[shown]}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task("", total=None, shown="")

        def report(label: str, done: int, total: int) -> None:
            bars.update(task, description=label, completed=done, total=total or None, shown=_amount(done, total))

        _bars.append(bars)
        try:
            with _downloads(report):
                yield report
        finally:
            _bars.remove(bars)


@contextmanager
def spinner() -> Iterator[Report]:
    """Progress of a talk at a terminal: a spinner that leaves nothing behind; silent elsewhere, and when quiet."""
    if settings.quiet or not sys.stderr.isatty():
        yield lambda label, done, total: None
        return
    from rich.console import Console
    from rich.status import Status

    wheel = Status("", console=Console(stderr=True))

    def report(label: str, done: int, total: int) -> None:
        wheel.update(f"{label} {_amount(done, total)}" if total else label)
        wheel.start()

    _bars.append(wheel)
    try:
        with _downloads(report):
            yield report
    finally:
        _bars.remove(wheel)
        wheel.stop()


@contextmanager
def without_bar() -> Iterator[None]:
    """Takes the progress bar or the spinner away while somebody types."""
    for bars in _bars:
        bars.stop()
    try:
        yield
    finally:
        for bars in _bars:
            bars.start()


@contextmanager
def _downloads(report: Report) -> Iterator[None]:
    """Lets the embedded model's first download, in whatever call it happens, be seen in the same bar."""
    from classwright.models import embedded

    embedded.show_progress(report)
    try:
        yield
    finally:
        embedded.show_progress(None)


class _Plain:
    """Says what is being done when it changes. A number in the label that only counts up is no change."""

    def __init__(self) -> None:
        self._last = ""

    def __call__(self, label: str, done: int, total: int) -> None:
        words = label.split(" (")[0]
        if words != self._last:
            self._last = words
            say(words)


def _amount(done: int, total: int) -> str:
    if max(done, total) >= 1 << 20:
        return f"{done >> 20}/{total >> 20} MB" if total else f"{done >> 20} MB"
    return f"{done}/{total}" if total else str(done)
