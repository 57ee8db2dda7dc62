"""Writing an endpoint into a recipe that a person may have written: only its table changes, comments stay."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from classwright.errors import InputError
from classwright.models.served import answers, check_same
from classwright.runs.atomic import write_atomic
from classwright.runs.capabilities import Capabilities
from classwright.runs.recipe import ROLES, Recipe
from classwright.runs.tomlfile import explain, read_toml

NAMED = ("default", *(role for role in ROLES if role != "embedder"))
_OWN = ("base_url", "model", "gguf", "adapter", "api_key_env", "concurrency")
_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\s-]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*=")
_QUOTE = '"'


def check_roles(roles: Sequence[str]) -> None:
    """See that roles are those of a recipe.

    Raises:
        InputError: One is not.
    """
    for role in roles:
        if role not in NAMED:
            raise InputError(f"--role {role}: no such role; there are {', '.join(NAMED)}")


def write_endpoint(
    path: Path,
    role: str,
    url: str,
    model: str,
    capabilities: Capabilities,
    concurrency: int | None = None,
    key_name: str | None = None,
) -> list[str]:
    """Make an endpoint the one of a role; made with the recipe's folder if the file is not there.

    Servers that the role's table names already stay beside it if they answer, under the same name, for the same model.

    Args:
        path: The recipe.
        role: "default" or a role; "evaluator" joins the panel, or replaces its judge of the same model name.
        url, model: The endpoint's API root and the model's name there.
        capabilities: What it does.
        concurrency: Most requests at a time, for each server.
        key_name: The variable that holds its key.

    Returns:
        All servers that now share the role.

    Raises:
        InputError: The file is no recipe, names the role in a way that cannot be changed here, or another server of
            the same name serves a different model.
    """
    text = path.read_text("utf-8") if path.exists() else ""
    table = _table(read_toml(path) if path.exists() else {}, role, model)
    urls = _shared(table, url, model)
    values: dict[str, Any] = {"base_url": urls[0] if len(urls) == 1 else urls, "model": model}
    values |= {"api_key_env": key_name} if key_name else {}
    values |= {"concurrency": concurrency * len(urls)} if concurrency else {}
    changed = _with_table(text, role, model, values, capabilities.model_dump(exclude_none=True))
    _check(path, changed)
    write_atomic(path, changed)
    return urls


def rename_model(path: Path, url: str, old: str, new: str) -> int:
    """Give a model at an endpoint another name in every table that names both; how many these were.

    Raises:
        InputError: The file is no recipe.
    """
    text = path.read_text("utf-8") if path.exists() else ""
    blocks = _blocks(text)
    count = 0
    for block in blocks:
        found = {match[1]: line for line in block if (match := _KEY.match(line))}
        if f"{_QUOTE}{url}{_QUOTE}" in found.get("base_url", "") and f"{_QUOTE}{old}{_QUOTE}" in found.get("model", ""):
            block[block.index(found["model"])] = f"model = {json.dumps(new)}"
            count += 1
    if count:
        changed = "".join("\n".join(block) + "\n" for block in blocks if block)
        _check(path, changed)
        write_atomic(path, changed)
    return count


def _table(recipe: dict[str, Any], role: str, model: str) -> dict[str, Any]:
    """What a recipe says of a role now."""
    models = recipe.get("models")
    if not isinstance(models, dict):
        return {}
    if role == "evaluator":
        panel = models.get("evaluators")
        judges = [judge for judge in panel if isinstance(judge, dict)] if isinstance(panel, list) else []
        return next((judge for judge in judges if judge.get("model") == model), {})
    table = models.get(role)
    return table if isinstance(table, dict) else {}


def _shared(table: dict[str, Any], url: str, model: str) -> list[str]:
    """The servers of the role from now on: those of the table that live and serve the same, then this one."""
    if table.get("model") != model:
        return [url]
    known = table.get("base_url")
    living = []
    for other in [known] if isinstance(known, str) else known or []:
        if other != url and answers(other):
            living.append(other)
    check_same([*living, url], model)
    return [*living, url]


def _with_table(text: str, role: str, model: str, values: dict[str, Any], can: dict[str, Any]) -> str:
    """The recipe's text with a role's table set; keys of it that are none of an endpoint's place stay."""
    name = "models.evaluators" if role == "evaluator" else f"models.{role}"
    blocks = _blocks(text)
    inner = f"{name}.capabilities"
    at = next((n for n, block in enumerate(blocks) if _is_table(block, name, role, model)), None)
    own = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    abilities = [f"[{inner}]", *(f"{key} = {json.dumps(value)}" for key, value in can.items())]
    if at is None:
        header = f"[[{name}]]" if role == "evaluator" else f"[{name}]"
        blocks += [[*([""] if text.strip() else []), header, *own, "", *abilities]]
    else:
        header, *lines = blocks[at]
        stay = [line for line in lines if not ((match := _KEY.match(line)) and match[1] in _OWN)]
        while stay and not stay[-1].strip():
            stay.pop()
        blocks[at] = [header, *own, *stay, "", *abilities, ""]
        if at + 1 < len(blocks) and _name(blocks[at + 1]) == inner:
            del blocks[at + 1]
    return "".join("\n".join(block) + "\n" for block in blocks if block).rstrip("\n") + "\n"


def _is_table(block: list[str], name: str, role: str, model: str) -> bool:
    if not block or _name(block) != name:
        return False
    return role != "evaluator" or any(
        (match := _KEY.match(line)) and match[1] == "model" and json.dumps(model) in line for line in block
    )


def _name(block: list[str]) -> str:
    match = _HEADER.match(block[0]) if block else None
    return re.sub(r"\s", "", match[2]) if match else ""


def _blocks(text: str) -> list[list[str]]:
    """The lines of a TOML file, those before the first header and those of each table."""
    blocks: list[list[str]] = [[]]
    for line in text.splitlines():
        if _HEADER.match(line):
            blocks.append([])
        blocks[-1].append(line)
    return blocks


def _check(path: Path, text: str) -> None:
    """See that what is to be written is a recipe."""
    import tomllib

    from pydantic import ValidationError

    try:
        Recipe.model_validate(tomllib.loads(text))
    except ValidationError as error:
        raise InputError(f"{path}: {explain(error, Recipe)}") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            f"{path}: names this role in a form that cannot be changed here; edit it by hand ({error})"
        ) from error
