"""The options that every command takes, declared once."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from classwright.cli import output

if TYPE_CHECKING:
    from pydantic import BaseModel

    from classwright.graphs.engine import Engine
    from classwright.runs.recipe import Recipe

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
Licence = Annotated[
    str, typer.Option("--licence", "--license", help="The teacher's licence, where it is not known here.")
]
LicenceOk = Annotated[
    bool, typer.Option("--licence-ok", "--license-ok", help="You may train on a teacher whose licence forbids it.")
]
BaseOnly = Annotated[
    bool, typer.Option("--base-only", help="The embedded model as it is, without the adapters that come with it.")
]
RunsFolder = Annotated[
    Path | None, typer.Option("--root", metavar="DIR", help="Where runs are kept; else CLASSWRIGHT_RUNS, else ./runs.")
]


class EngineKind(StrEnum):
    """What does the units of a bulk run."""

    local = "local"
    ray = "ray"


EngineOption = Annotated[EngineKind | None, typer.Option("--engine", help="local: this process; ray: a Ray cluster.")]
Workers = Annotated[
    int | None, typer.Option("--workers", min=1, max=10_000, help="With ray: worker processes [the cluster's CPUs].")
]
Address = Annotated[
    str | None,
    typer.Option(
        "--address", metavar="auto|HOST:PORT", help="With ray: a running cluster [one of this machine's own]."
    ),
]


def engine(kind: EngineKind | None, workers: int | None, address: str | None) -> "Engine | None":
    """The cluster that options ask for, None for this process.

    Raises:
        InputError: Options of a cluster without one, or Ray is not installed.
    """
    from importlib.util import find_spec

    from classwright.errors import InputError

    if kind is EngineKind.ray:
        from classwright.graphs.engine import Engine

        if find_spec("ray") is None:
            raise InputError('--engine ray needs Ray: pip install "classwright[ray]"')
        return Engine(workers=workers, address=address or "local")
    if workers is not None or address is not None:
        raise InputError("--workers and --address are for --engine ray")
    return None


def changed_engine(
    kind: EngineKind | None, workers: int | None, address: str | None, stored: dict[str, Any] | None
) -> dict[str, Any] | None:
    """What options make of a stored run's engine: its fields, none for this process; None where they change nothing."""
    if kind is None and stored:
        stored = dict(stored) | {"workers": workers} if workers is not None else dict(stored)
        return stored | {"address": address} if address is not None else stored
    chosen = engine(kind, workers, address)
    return None if kind is None else chosen.model_dump() if chosen else {}


def recipe_of(file: Path | None, base_only: bool) -> "Recipe":
    """The recipe of a run that is to begin, with the adapters that it begins with.

    Raises:
        InputError: See `load_recipe` and `shipped.with_adapters`.
    """
    from classwright.models.shipped import with_adapters
    from classwright.runs.recipe import load_recipe

    return with_adapters(load_recipe(file), base_only=base_only)


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
