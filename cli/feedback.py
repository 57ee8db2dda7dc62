"""`classwright feedback`: what students' comments say, as far as a model agrees with people about it."""

from pathlib import Path
from typing import Annotated, Any

import typer

from classwright.cli import options, output


def feedback(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Comments, one a row, UTF-8, with a header.")],
    column: Annotated[str, typer.Option("--column", help="The column of the comments' text.")] = "text",
    labels: Annotated[
        str | None, typer.Option("--labels", help="Labels to ask for, by commas; left out: all nine of SIGHT's.")
    ] = None,
    given: Annotated[
        list[str] | None,
        typer.Option(
            "--given",
            metavar="PREFIX",
            help="Before a label, the name of a column in which somebody gave it (annotator_H1_); once for each "
            "annotator. Left out: columns named like the labels.",
        ),
    ] = None,
    names: Annotated[
        Path | None, typer.Option("--names", metavar="FILE", help="Names to take out, one a line.")
    ] = None,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave out and count rows that cannot be used.")] = False,
    recipe: options.RecipeFile = None,
    model: options.ModelFile = None,
    base_only: options.BaseOnly = False,
    seed: options.Seed = None,
    root: options.RunsFolder = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Label student feedback (SIGHT's nine labels); totals only where the model agrees with given labels."""
    from classwright.classroom.deidentify import names_from_file
    from classwright.classroom.feedback_file import read_feedback
    from classwright.graphs.feedback import material, start

    settings = options.recipe_of(recipe, base_only)
    wanted = chosen_labels(labels)
    read = read_feedback(file, column=column, given=given or (), skip_bad=skip_bad)
    for line in read.skipped:
        output.say(f"left out: {line}")
    if not read.annotators and read.prefixes:
        output.say(
            f"no given labels are used; there are columns with the prefixes {', '.join(read.prefixes)} (--given)"
        )
    work = material(read, wanted, settings.seed if seed is None else seed, names_from_file(names) if names else ())
    with output.progress_bar(quiet=quiet) as progress:
        summary = start(
            work,
            f"{len(work.rows)}-comments",
            settings,
            gguf=str(model) if model else None,
            root=root,
            progress=progress,
        )
    output.emit(summary, json=json, text=lambda: _page(summary))


def chosen_labels(text: str | None) -> tuple[Any, ...]:
    """The labels of an option, in SIGHT's order.

    Raises:
        InputError: one is unknown; the nearest is named.
    """
    from difflib import get_close_matches

    from classwright.classroom.feedback_labels import LABELS, spelled
    from classwright.errors import InputError

    if text is None:
        return LABELS
    wanted = [spelled(word) for word in text.split(",") if word.strip()]
    for word in wanted:
        if word not in LABELS:
            near = get_close_matches(word, LABELS, 1, 0.5)
            raise InputError(
                f"--labels: no label {word!r}"
                + (f"; did you mean {near[0]}?" if near else f"; there are {', '.join(LABELS)}")
            )
    if not wanted:
        raise InputError(f"--labels: names none; there are {', '.join(LABELS)}")
    return tuple(label for label in LABELS if label in wanted)


def _page(summary: dict[str, Any]) -> Any:
    from rich.console import Group
    from rich.table import Table

    table = Table("label", "comments", "share", "kappa", "people", "published", "", box=None, pad_edge=False)
    for t in summary["labels"]:
        total = "–" if t["count"] is None else str(t["count"])
        share = "–" if t["share"] is None else f"{t['share']:.0%} [{t['low']:.0%}, {t['high']:.0%}]"
        why = f"withheld: {t['withheld']}" if t["withheld"] else t["note"]
        if t["missing"]:
            why = "; ".join(filter(None, [why, f"{t['missing']} without a valid answer"]))
        table.add_row(
            t["label"].replace("_", " "), total, share, _two(t["kappa"]), _two(t["people"]),
            f"{t['published_people']:.2f} / {t['published_model']:.2f}", why,
        )  # fmt: skip
    lines = [
        f"{summary['comments']} comments" + (f", {len(summary['skipped'])} rows left out" if summary["skipped"] else "")
    ]
    cost = f"Cost: {summary['calls']} replies, {summary['tokens']} tokens, {summary['seconds']} s"
    published = "published: Cohen's kappa of SIGHT's people / of its model, on other comments"
    return Group(*lines, table, published, cost, f"Report: {summary['run']}/report.html")


def _two(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
