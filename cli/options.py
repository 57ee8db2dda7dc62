"""The options that every command takes, declared once."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from classwright.cli import output

if TYPE_CHECKING:
    from pydantic import BaseModel

M = TypeVar("M", bound="BaseModel")


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


def words(text: str | None) -> list[str]:
    """The words of an option that takes several with commas."""
    return [word.strip() for word in (text or "").split(",") if word.strip()]


def validated(model: type[M], values: dict[str, Any]) -> M:
    """The settings that options make; what does not fit together is one line.

    Raises:
        InputError: A value is out of range, or two exclude each other.
    """
    from pydantic import ValidationError

    from classwright.errors import InputError

    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        told = first["msg"].removeprefix("Value error, ")
        raise InputError(f"{place}: {told}" if place else told) from error
