"""`classwright distill words`: models' words on held-out rows of the corpus, put to the agents' own checks."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from classwright.cli import options, output

if TYPE_CHECKING:
    from classwright.distill.words_exam import WordsReport


def words(
    models: Annotated[
        list[str],
        typer.Argument(
            metavar="MODEL...",
            help="curated, base, embedded, a GGUF file, a training's directory, each of these with +ADAPTER.gguf, "
            "NAME@URL of an endpoint, or a recipe.",
        ),
    ],
    data: Annotated[Path, typer.Option("--data", metavar="DIR", help="Made by `distill data --task corpus`.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the result goes; again, to go on.")],
    limit: Annotated[
        int, typer.Option("--limit", min=0, help="Rows of each task, of every kind that is held out; 0 for all.")
    ] = 40,
    judges: Annotated[
        Path | None,
        typer.Option("--judges", metavar="RECIPE", help="Whose evaluators compare the texts, once admitted."),
    ] = None,
    judged: Annotated[int, typer.Option("--judged", min=1, help="Rows of each task that they compare.")] = 4,
    seed: options.Seed = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Ask models for held-out texts of the corpus: what agents accept, numbers, copying, variety, speed, judges."""
    from classwright.distill.words_exam import compare_words
    from classwright.runs.recipe import load_recipe

    recipe = load_recipe(judges) if judges else None
    with output.progress_bar(quiet=quiet) as progress:
        found = compare_words(
            models, data, out, per_task=limit, seed=seed or 0, judges=recipe, judged=judged, progress=progress
        )
    files = [str(out / f"words.{ending}") for ending in ("html", "md", "json")]
    result: dict[str, Any] = {"out": str(out), "files": files, **found.model_dump(mode="json")}
    output.emit(result, json=json, text=lambda: page(found, out))


def page(found: "WordsReport", out: Path) -> Any:
    """A comparison for the terminal."""
    from rich.console import Group
    from rich.table import Table

    from classwright.reports.words import ROWS

    table = Table("over all tasks", *(m.model for m in found.models), box=None, pad_edge=False)
    for label, field in ROWS:
        table.add_row(label, *(_share(getattr(m.total, field)) for m in found.models))
    tasks = Table("used, by task", *(m.model for m in found.models), box=None, pad_edge=False)
    for task in found.models[0].tasks:
        tasks.add_row(task, *(_share(m.tasks[task].accepted) for m in found.models))
    lines = [
        f"{m.model}: {b.measure} {b.wanted}: {'not measured' if b.met is None else 'met' if b.met else 'NOT met'}"
        for m in found.models
        for b in m.bars
    ]
    for b in found.judged.bouts:
        lines.append(f"{b.first} against {b.second}: {b.wins} won, {b.losses} lost, {b.ties} tied")
    if found.judged.status != "admitted":
        what = "withheld" if found.judged.status == "withheld" else "not measured"
        lines.append(f"Blind comparison {what}: {found.judged.why}")
    return Group(table, "", tasks, "", *lines, f"Page: {out / 'words.html'}")


def _share(s: Any) -> str:
    return "-" if s is None else f"{100 * s.share:.0f} % [{100 * s.low:.0f}, {100 * s.high:.0f}]"
