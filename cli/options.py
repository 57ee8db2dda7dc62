"""The options that every command takes, declared once."""

from pathlib import Path
from typing import Annotated

import typer

from classwright.cli import output


def _quiet(value: bool) -> bool:
    output.settings.quiet = output.settings.quiet or value
    return value


Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output, nothing else there.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no messages.", callback=_quiet)]
Seed = Annotated[int | None, typer.Option("--seed", min=0, help="Seed of everything random; else the recipe's.")]
RecipeFile = Annotated[
    Path | None,
    typer.Option("--recipe", metavar="FILE", help="Which model plays which role, settings, limits (TOML), or `quick`."),
]
ModelFile = Annotated[
    Path | None,
    typer.Option("--model", metavar="GGUF", help="Weights used wherever the recipe names no model: a file or a name."),
]
RunsFolder = Annotated[
    Path | None, typer.Option("--root", metavar="DIR", help="Where runs are kept; else CLASSWRIGHT_RUNS, else ./runs.")
]
