"""Trees in CSV: a table of skills, a table of edges, and one of misconceptions.

`tree.csv` has a column per field of `Skill`; `tree.edges.csv` beside it has the columns prerequisite and skill;
`tree.misconceptions.csv` holds the misconceptions. Lists and mappings are JSON in their cell. Writing and reading back
gives an equal tree. A table that a person makes needs only `id` (or only edges), and may give prerequisites in a column
of that name, separated by semicolons.
"""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from classwright.errors import InputError
from classwright.skilltree.imported import Imported, dropped, refuse
from classwright.skilltree.skill import Misconception, Skill
from classwright.skilltree.tree import SkillTree
from classwright.skilltree.tree_files import explain

M = TypeVar("M", bound=BaseModel)
EDGES = ("prerequisite", "skill")


def read_skill_csv(path: Path | str) -> Imported:
    """Read a tree from CSV: a table of skills, with the tables beside it, or a table of edges alone.

    Raises:
        InputError: A file cannot be read or a row does not fit; names the file and the line.
        TreeError: The records do not make a tree.
    """
    path = Path(path)
    header, rows = _table(path)
    if all(name in header for name in EDGES) and "id" not in header:
        edges = _edges(path, header, rows)
        names = dict.fromkeys(end for edge in edges for end in edge)
        skills = [Skill(id=name, name=name, source=f"edges {path.name}") for name in names]
        extra = [name for name in header if name not in EDGES]
        return Imported(_tree(skills, edges, [], path), dropped("columns that an edge does not have", extra))
    if "id" not in header:
        raise InputError(f"{path}: missing column id (or prerequisite and skill, for a table of edges)")
    fields = [name for name in header if name in Skill.model_fields]
    extra = [name for name in header if name not in Skill.model_fields]
    skills = [
        _record(path, line, Skill, {"name": row["id"], **_cells(path, line, row, fields, Skill)}) for line, row in rows
    ]
    beside, wrong = path.with_suffix(".edges.csv"), path.with_suffix(".misconceptions.csv")
    edges = _edges(beside, *_table(beside)) if beside.is_file() else []
    misconceptions: list[Misconception] = []
    if wrong.is_file():
        columns, lines = _table(wrong)
        known = [name for name in columns if name in Misconception.model_fields]
        misconceptions = [
            _record(wrong, line, Misconception, _cells(wrong, line, row, known, Misconception)) for line, row in lines
        ]
    return Imported(_tree(skills, edges, misconceptions, path), dropped("columns that a skill does not have", extra))


def skill_csv(tree: SkillTree, path: Path | str) -> dict[Path, str]:
    """A tree as CSV tables, file -> text: the skills at `path`, the others beside it.

    The table of misconceptions is there even when it is empty: an older one would be read with the tree.
    """
    path = Path(path)
    columns = [name for name in Skill.model_fields if name != "prerequisites"]
    edges = [(before, skill.id) for skill in tree.skills.values() for before in skill.prerequisites]
    names = list(Misconception.model_fields)
    wrong = tree.misconceptions.values()
    return {
        path: _text(columns, ([_cell(getattr(s, name)) for name in columns] for s in tree.skills.values())),
        path.with_suffix(".edges.csv"): _text(list(EDGES), edges),
        path.with_suffix(".misconceptions.csv"): _text(
            names, ([_cell(getattr(m, name)) for name in names] for m in wrong)
        ),
    }


def _table(path: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """The header, and the rows that hold something, each with its line."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if not any(header):
            raise InputError(f"{path}: empty; a table of skills has at least the column id")
        rows = [(reader.line_num, cells) for cells in reader if any(cells)]
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.line_num}: not CSV: {error}") from error
    refuse(path, [f"line {n} has {len(c)} columns, the header {len(header)}" for n, c in rows if len(c) != len(header)])
    return header, [(line, dict(zip(header, cells, strict=True))) for line, cells in rows]


def _edges(path: Path, header: list[str], rows: list[tuple[int, dict[str, str]]]) -> list[tuple[str, str]]:
    missing = [name for name in EDGES if name not in header]
    refuse(path, [f"missing column {name}" for name in missing])
    refuse(path, [f"line {line}: an edge needs both ends" for line, row in rows if not all(row[e] for e in EDGES)])
    return [(row["prerequisite"], row["skill"]) for _, row in rows]


def _tree(
    skills: list[Skill], edges: list[tuple[str, str]], misconceptions: list[Misconception], path: Path
) -> SkillTree:
    before: defaultdict[str, list[str]] = defaultdict(list)
    for a, b in edges:
        before[b].append(a)
    known = {skill.id for skill in skills}
    refuse(path, [f"an edge leads to the unknown skill {name}" for name in before if name not in known])
    linked = [skill.model_copy(update={"prerequisites": (*skill.prerequisites, *before[skill.id])}) for skill in skills]
    return SkillTree(linked, misconceptions, str(path))


def _cells(path: Path, line: int, row: dict[str, str], fields: list[str], kind: type[BaseModel]) -> dict[str, Any]:
    """What the cells of a row say; an empty cell leaves the field's default."""
    found: dict[str, Any] = {}
    for name in fields:
        cell, structured = row[name], _structured(kind, name)
        if not cell:
            continue
        if structured and cell[0] in "[{":
            try:
                found[name] = json.loads(cell)
            except ValueError as error:
                raise InputError(f"{path}, line {line}: {name} is not valid JSON: {error}") from error
        elif structured:
            found[name] = [part.strip() for part in cell.split(";") if part.strip()]
        else:
            found[name] = cell
    return found


def _structured(kind: type[BaseModel], name: str) -> bool:
    return str(kind.model_fields[name].annotation).startswith(("tuple", "dict"))


def _record(path: Path, line: int, kind: type[M], values: dict[str, Any]) -> M:
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise InputError(f"{path}, line {line}: {'; '.join(explain(error, kind))}") from error


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple | dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return str(value)


def _text(header: list[str], rows: Iterable[Iterable[str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()
