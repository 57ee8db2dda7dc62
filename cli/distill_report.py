"""`classwright distill report` and `distill measure`: what a trained student learned and forgot."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from classwright.cli import options, output

if TYPE_CHECKING:
    from classwright.distill.report import Findings


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What `classwright distill train` made.")],
    teacher_size: Annotated[
        str | None, typer.Option("--teacher-size", metavar="N", help="Its parameters (7B), where no name says them.")
    ] = None,
    student_size: Annotated[
        str | None, typer.Option("--student-size", metavar="N", help="The student's, likewise (135M).")
    ] = None,
    seed: options.Seed = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Report what a trained student learned and forgot, with intervals, as report.html, report.md and report.json."""
    from classwright.distill.report import report as write

    sizes = _size(teacher_size, "--teacher-size"), _size(student_size, "--student-size")
    output.say(f"reading {folder}")
    found = write(folder, seed=seed or 0, teacher=sizes[0], student=sizes[1])
    result: dict[str, Any] = {
        "folder": str(folder),
        "files": [str(folder / f"report.{ending}") for ending in ("html", "md", "json")],
        **found.model_dump(mode="json", exclude={"folder", "curves"}),
    }
    output.emit(result, json=json, text=lambda: page(found, folder))


def measure(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What `classwright distill train` made.")],
    texts: Annotated[
        Path | None, typer.Option("--texts", metavar="FILE", help="General texts, one a line: forgetting and RETAIN.")
    ] = None,
    teacher: Annotated[
        str, typer.Option("--teacher", metavar="MODEL", help="As --base of `distill train`: fidelity and provenance.")
    ] = "",
    items: Annotated[int, typer.Option("--items", min=1, help="Held-out rows, exam items and texts at most.")] = 40,
    seed: options.Seed = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Measure for the report what needs models: forgetting, the RETAIN curve, fidelity, where sentences come from."""
    from classwright.distill.measure import measure as run

    wanted = read_texts(texts)[:items] if texts else []
    with output.progress_bar(quiet=quiet) as progress:
        written, notes = run(folder, texts=wanted, teacher=teacher, items=items, seed=seed or 0, progress=progress)
    result = {"folder": str(folder), "files": written, "notes": notes}
    output.emit(result, json=json, text="\n".join([*written, *notes]))


def read_texts(path: Path) -> list[str]:
    """The texts of a file, one a line.

    Raises:
        InputError: It cannot be read, or holds none.
    """
    from classwright.errors import InputError

    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read as UTF-8 text: {error}") from error
    if not (found := [line.strip() for line in lines if line.strip()]):
        raise InputError(f"{path}: holds no text; write one a line")
    return found


def _size(text: str | None, option: str) -> int | None:
    from classwright.distill.capacity import parameters_in
    from classwright.errors import InputError

    if text is None:
        return None
    size = int(text) if text.isdecimal() else parameters_in(text)
    if not size:
        raise InputError(f"{option} {text}: give a number of parameters, for example 135M, 7B or 135000000")
    return size


def page(found: "Findings", folder: Path) -> Any:
    """A report for the terminal."""
    from rich.console import Group
    from rich.table import Table

    parts: list[Any] = []
    if found.groups:
        table = Table("items", "before", "after", "change, points", "pairs", box=None, pad_edge=False)
        for g in found.groups:
            d = g.change.difference if g.change else None
            change = "-" if d is None or d.mean is None else f"{_points(d.mean)} [{_points(d.low)}, {_points(d.high)}]"
            name = g.name if g.by == "all" else f"{g.by} {g.name}"
            table.add_row(name, _share(g.before), _share(g.after), change, str(d.items if d else 0))
        parts.append(table)
    if found.silent:
        parts.append(f"Accuracy cannot speak: {found.silent}")
    parts += found.claims
    if found.capacity:
        parts.append(found.capacity.words)
    if found.missing:
        parts.append("Not measured: " + "; ".join(line.split(":")[0] for line in found.missing))
    parts.append(f"Report: {folder / 'report.html'}")
    return Group(*parts)


def _share(s: Any) -> str:
    return "-" if s is None else f"{100 * s.share:.1f} % [{100 * s.low:.0f}, {100 * s.high:.0f}]"


def _points(x: float | None) -> str:
    return "-" if x is None else f"{100 * x:+.1f}"
