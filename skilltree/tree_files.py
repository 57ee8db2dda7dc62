"""Skill trees in files: TOML or JSON with the tables `skills` and `misconceptions`.

Reading is strict: an unknown key, a wrong type or a missing field is an error that names the file, the record and the
key. Writing and reading back gives an equal tree.
"""

import difflib
import gc
import json
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from classwright.errors import InputError
from classwright.skilltree.skill import Misconception, Skill
from classwright.skilltree.tree import TreeError

T = TypeVar("T", bound=BaseModel)
_TABLES = ("skills", "misconceptions")
_ALL: dict[type[BaseModel], TypeAdapter[list[Any]]] = {
    Skill: TypeAdapter(list[Skill]),
    Misconception: TypeAdapter(list[Misconception]),
}
"""Kind of record -> what checks a whole table of them at once."""


def read(path: Path) -> tuple[list[Skill], list[Misconception]]:
    """The records of a `.toml` or `.json` file.

    Raises:
        InputError: the file is missing, not UTF-8, not TOML or JSON; names file and line.
        TreeError: records do not fit; names each key.
    """
    skills, misconceptions, faults = parse_records(read_table(path))
    if faults:
        raise TreeError(faults, str(path))
    return skills, misconceptions


@contextmanager
def collector_paused() -> Iterator[None]:
    """Without the garbage collector: while a large tree grows it would walk through all of it again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def write(skills: Iterable[Skill], misconceptions: Iterable[Misconception], path: Path) -> None:
    """Write records as TOML or JSON, whole or not at all.

    Raises:
        InputError: the ending is neither .toml nor .json, or the file cannot be written.
    """
    record = {
        "skills": [_compact(skill) for skill in skills],
        "misconceptions": [_compact(misconception) for misconception in misconceptions],
    }
    match path.suffix.lower():
        case ".json":
            text = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
        case ".toml":
            text = _toml(record)
        case _:
            raise InputError(f"{path}: a skill tree is saved as .toml or .json")
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise InputError(f"{path} cannot be written: {error.strerror}") from error


def read_table(path: Path) -> dict[str, Any]:
    """The content of a TOML or JSON file as a table, unchecked.

    Raises:
        InputError: it cannot be read; names the file and, where known, the line.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None
    try:
        found = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        kind = "JSON" if path.suffix.lower() == ".json" else "TOML"
        raise InputError(f"{path} is not valid {kind}: {error}") from None
    except RecursionError:
        raise InputError(f"{path} is nested too deeply") from None
    if not isinstance(found, dict):
        raise InputError(f"{path} should hold the tables skills and misconceptions")
    return found


def parse_records(table: dict[str, Any]) -> tuple[list[Skill], list[Misconception], list[str]]:
    """Skills, misconceptions and a line for every record or key that does not fit."""
    faults = [f"unknown key {key!r}{_nearest(key, _TABLES)}" for key in table if key not in _TABLES]
    if not table.get("skills"):
        faults.append("there is no [[skills]] table")
    skills, more = _records(table.get("skills", []), Skill, "skill")
    misconceptions, most = _records(table.get("misconceptions", []), Misconception, "misconception")
    return skills, misconceptions, faults + more + most


def _records(items: Any, kind: type[T], word: str) -> tuple[list[T], list[str]]:
    if not isinstance(items, list):
        return [], [f"{word}s should be a list of tables"]
    try:
        return _ALL[kind].validate_python(items), []
    except ValidationError:
        pass  # record by record, so that each fault is told with its record's id
    found: list[T] = []
    faults: list[str] = []
    for i, item in enumerate(items, 1):
        name = item.get("id") if isinstance(item, dict) else None
        try:
            found.append(kind.model_validate(item))
        except ValidationError as error:
            faults += [f"{word} {name or f'number {i}'}: {line}" for line in explain(error, kind)]
    return found, faults


def explain(error: ValidationError, kind: type[BaseModel]) -> list[str]:
    """One short line for each problem that pydantic found: the key, what is wrong, the nearest key."""
    lines = []
    for problem in error.errors(include_url=False):
        key = ".".join(str(part) for part in problem["loc"])
        match problem["type"]:
            case "extra_forbidden":
                lines.append(f"unknown key {key!r}{_nearest(key, tuple(kind.model_fields))}")
            case "missing":
                lines.append(f"the key {key!r} is missing")
            case _:
                shown = repr(problem["input"])
                message = problem["msg"][0].lower() + problem["msg"][1:]
                lines.append(
                    f"{key or 'the record'}: {message}, not {shown if len(shown) < 60 else shown[:57] + '...'}"
                )
    return lines


def _nearest(key: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(key, known, 1, 0.5)
    return f" (did you mean {near[0]!r}?)" if near else f" (known: {', '.join(known)})"


def shipped_records() -> tuple[list[Skill], list[Misconception]]:
    """The records of every content file, files in alphabetical order.

    Raises:
        TreeError: a record does not fit.
    """
    skills: list[Skill] = []
    misconceptions: list[Misconception] = []
    faults: list[str] = []
    for file in sorted(files("classwright.skilltree.content").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            own_skills, own_misconceptions, own_faults = parse_records(tomllib.loads(file.read_text("utf-8")))
            skills += own_skills
            misconceptions += own_misconceptions
            faults += [f"{file.name}: {fault}" for fault in own_faults]
    if faults:
        raise TreeError(faults, "the shipped skill tree")
    return skills, misconceptions


def _compact(record: BaseModel) -> dict[str, Any]:
    """A record without the fields that have their default value."""
    return record.model_dump(mode="json", exclude_defaults=True)


def _toml(record: dict[str, list[dict[str, Any]]]) -> str:
    blocks = []
    for table, items in record.items():
        for item in items:
            lines = [f"{key} = {_toml_value(value)}" for key, value in item.items()]
            blocks.append("\n".join([f"[[{table}]]", *lines]))
    return "\n\n".join(blocks) + "\n"


def _toml_value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_toml_string(key)} = {_toml_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml_value(item) for item in value) + "]"
    return _toml_string(value) if isinstance(value, str) else json.dumps(value)


def _toml_string(text: str) -> str:
    """A basic string: JSON escapes are TOML escapes, except that TOML also forbids a bare DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
