"""`classwright distill compare` and `distill retain`: trainings beside each other; a student merged toward its base."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from classwright.cli import options, output

if TYPE_CHECKING:
    from classwright.distill.contest import Contest


def compare(
    arms: Annotated[
        list[str], typer.Argument(metavar="ARM=DIR[,DIR]...", help="Trainings by name; of several seeds with commas.")
    ],
    pairs: Annotated[
        list[str] | None,
        typer.Option("--pair", metavar="ARM:CONTROL", help="May be repeated; else each arm against the first."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where comparison.json and comparison.md go.")
    ] = None,
    seed: options.Seed = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Compare trainings on their exam: accuracy with intervals, effects against controls, forgetting, cost."""
    from classwright.distill.contest import contest
    from classwright.errors import InputError
    from classwright.runs.atomic import write_atomic

    named: dict[str, list[Path]] = {}
    for arm in arms:
        name, sign, folders = arm.partition("=")
        if not sign or not name or not options.words(folders) or name in named:
            raise InputError(f"{arm}: write NAME=DIR, or NAME=DIR,DIR for several seeds; each name once")
        named[name] = [Path(folder) for folder in options.words(folders)]
    first = next(iter(named))
    wanted = [(p.partition(":")[0], p.partition(":")[2]) for p in pairs or []] or [
        (a, first) for a in named if a != first
    ]
    found = contest(named, wanted, seed=seed or 0)
    if out is not None:
        write_atomic(out / "comparison.json", found.model_dump_json(indent=2) + "\n")
        write_atomic(out / "comparison.md", markdown(found))
    output.emit(found.model_dump(mode="json"), json=json, text=lambda: _page(found))


def retain(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What `classwright distill train` made.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the merged student goes.")],
    alpha: Annotated[
        float | None,
        typer.Option("--alpha", min=0, max=1, help="Share of the tuned model; else what `distill measure` chose."),
    ] = None,
    texts: Annotated[
        Path | None, typer.Option("--texts", metavar="FILE", help="General texts, one a line: forgetting.")
    ] = None,
    gguf: Annotated[Literal["q8_0", "f16", "f32"], typer.Option("--gguf", help="student.gguf's matrices.")] = "f16",
    seed: options.Seed = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Merge a trained student back toward its base (RETAIN), and examine it."""
    from classwright.cli.distill_report import read_texts
    from classwright.distill.retained import retain as run

    with output.progress_bar(quiet=quiet) as progress:
        found = run(
            folder, out, alpha, texts=read_texts(texts) if texts else (), gguf=gguf, seed=seed or 0, progress=progress
        )
    output.emit(found, json=json, text=lambda: _merged(found))


def columns(found: "Contest") -> tuple[list[str], list[list[str]]]:
    """A comparison as a table: its head and its rows."""
    kinds = list(dict.fromkeys(k for arm in found.arms for k in arm.accuracy))
    head = ["arm", "trainings", *kinds, "general text, nats", "rows", "seconds"]
    rows = [
        [arm.name, str(arm.trainings or "-"), *(_share(arm.accuracy.get(kind)) for kind in kinds),
         *("-" if x is None else f"{x:{form}}" for x, form in
           ((arm.forgotten, "+.3f"), (arm.rows, ".0f"), (arm.seconds, ".0f")))]
        for arm in found.arms
    ]  # fmt: skip
    return head, rows


def markdown(found: "Contest") -> str:
    """The table as Markdown, with what it shows and what it cannot."""
    head, rows = columns(found)
    lines = [head, ["---"] * len(head), *rows]
    table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    said = "\n".join(f"- {line}" for line in found.shows) or "- Nothing was compared."
    cannot = "\n".join(f"- {line}" for line in found.cannot)
    return (
        f"{table}\n\nShares of right answers with 95 % intervals over items; {found.left_out} items that chose a "
        f"checkpoint are left out. General text: nats a token that it has become less likely.\n\n"
        f"It shows:\n\n{said}\n\nIt cannot show:\n\n{cannot}\n"
    )


def _page(found: "Contest") -> Any:
    from rich.console import Group
    from rich.table import Table

    head, rows = columns(found)
    table = Table(*head, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    return Group(table, *found.shows, *(f"Not shown: {line}" for line in found.cannot))


def _merged(found: dict[str, Any]) -> str:
    told = ", ".join(f"{kind} {right}/{items}" for kind, (right, items) in found["exam"].items())
    return f"{found['out']}: alpha {found['alpha']:g}; {told or 'no exam'}"


def _share(e: Any) -> str:
    return "-" if e is None or e.mean is None else f"{100 * e.mean:.1f} % [{100 * e.low:.0f}, {100 * e.high:.0f}]"
