"""`classwright teach`: learning-by-teaching experiments."""

from typing import Annotated, Any

import typer

from classwright.cli import options, output


def teach(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="select, prefer, iterate, intervene, order, compose or supervise; `list` explains them"
        ),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the calls and tokens it will need at most, and stop.")
    ] = False,
    engine: options.EngineOption = None,
    workers: options.Workers = None,
    address: options.Address = None,
    recipe: options.RecipeFile = None,
    model: options.ModelFile = None,
    base_only: options.BaseOnly = False,
    seed: options.Seed = None,
    root: options.RunsFolder = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Run a learning-by-teaching experiment from a recipe: all arms on the same items, with controls and intervals."""
    from classwright.graphs.teach import job

    if name == "list":
        output.emit(job.EXPERIMENTS, json=json)
        return
    settings, source = options.recipe_of(recipe, base_only), str(recipe or "recipe")
    cluster = options.engine(engine, workers, address)
    if seed is not None:
        settings = settings.model_copy(update={"seed": seed})
    if dry_run:
        cost = job.estimate_cost(name, settings, source)
        found = {"experiment": name, "calls": cost.calls, "tokens": cost.tokens}
        output.emit(found, json=json, text=f"{name}: at most {cost.calls:,} calls and about {cost.tokens:,} tokens")
        return
    with output.progress_bar(quiet=quiet) as progress:
        summary = job.start(
            name,
            settings,
            gguf=str(model) if model else None,
            root=root,
            progress=progress,
            source=source,
            engine=cluster,
        )
    output.emit(summary, json=json, text=lambda: page(summary))


def page(summary: dict[str, Any]) -> Any:
    """An experiment for a person."""
    from rich.console import Group
    from rich.table import Table

    parts: list[Any] = []
    for t in summary["tables"]:
        table = Table("arm", t["unit"], "items", title=t["title"], title_justify="left", box=None, pad_edge=False)
        for row in t["rows"]:
            table.add_row(row["arm"] + (" (control)" if row["control"] else ""), figure(row["value"]),
                          str(row["value"]["items"]))  # fmt: skip
        parts.append(table)
    if summary["silent"]:
        parts.append(f"The experiment cannot speak: {summary['silent']}")
    parts += summary["claims"]
    parts += [f"{label}: {figure(e)} ({e['items']} items)" for label, e in summary["figures"].items()]
    parts += summary["notes"]
    parts.append(f"{summary['calls']} replies, {summary['tokens']} tokens. Report: {summary['report']}")
    return Group(*parts)


def figure(e: dict[str, Any]) -> str:
    """A mean with its interval."""
    return "no item left" if e["mean"] is None else f"{e['mean']:.3f} [{e['low']:.3f}, {e['high']:.3f}]"
