"""Reading what a person wrote in TOML, with one clear line for everything that can be wrong with it."""

import tomllib
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from classwright.errors import InputError

M = TypeVar("M", bound=BaseModel)


def read_toml(path: Path) -> dict[str, Any]:
    """The table in a TOML file.

    Raises:
        InputError: The file is missing, unreadable, not UTF-8 or not TOML; the message names the line.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}, line {line}: not UTF-8; save the file as UTF-8") from error
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: not valid TOML: {error}") from error


def read_model(
    path: Path, model: type[M], prepare: Callable[[dict[str, Any]], dict[str, Any]] = lambda table: table
) -> M:
    """A TOML file as a pydantic model.

    Args:
        path: The file.
        model: What it must hold.
        prepare: Applied to the table before it is validated.

    Raises:
        InputError: As `read_toml`, and for an unknown key (the nearest is named) or a wrong value.
    """
    try:
        return model.model_validate(prepare(read_toml(path)))
    except ValidationError as error:
        raise InputError(f"{path}: {explain(error, model)}") from error


def explain(error: ValidationError, model: type[BaseModel]) -> str:
    """The first thing wrong with a table, in one line, with the number of further ones."""
    problems = error.errors(include_url=False)
    problem = problems[0]
    where = _dotted(problem["loc"])
    if problem["type"] == "extra_forbidden":
        known = sorted(_known_keys(model, problem["loc"][:-1]))
        near = get_close_matches(str(problem["loc"][-1]), known, n=1, cutoff=0.6)
        advice = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
        text = f"unknown key {where}; {advice}"
    else:
        message = problem["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
        if not problem["msg"].startswith("Value error"):
            message = f"should be {message}" if "Input should be " in problem["msg"] else message
            message += f", not {_shown(problem['input'])}"
        text = f"{where}: {message}" if where else message
    return text + (f" (and {len(problems) - 1} more)" if len(problems) > 1 else "")


def _dotted(location: tuple[int | str, ...]) -> str:
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _known_keys(model: type[BaseModel], location: tuple[int | str, ...]) -> set[str]:
    """The keys of the table at `location`: walks the models' fields."""
    for part in location:
        if isinstance(part, str) and part in model.model_fields:
            inner = _model_in(model.model_fields[part].annotation)
            if inner is None:
                return set()
            model = inner
    return set(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model inside an annotation such as `tuple[Model, ...]` or `Model | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        found = _model_in(inner)
        if found is not None:
            return found
    return None
