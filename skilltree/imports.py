"""Trees in and out of foreign formats, by name."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from classwright.errors import InputError
from classwright.skilltree.imported import Dropped, Imported
from classwright.skilltree.skill_csv import read_skill_csv, skill_csv
from classwright.skilltree.skill_maps import items_of, read_skill_map, write_skill_map
from classwright.skilltree.standards import read_case, write_case
from classwright.skilltree.standards_graph import read_standards_graph
from classwright.skilltree.tree import SkillTree

Format = Literal["case", "ccss", "csv", "oatutor"]
"""case: CASE 1.1 JSON; ccss: the Common Core as a graph, to read only; csv: tables; oatutor: a map step -> skills."""

_READ = {"case": read_case, "ccss": read_standards_graph, "csv": read_skill_csv, "oatutor": read_skill_map}
WRITABLE = ("case", "csv", "oatutor")


def import_tree(path: Path | str, form: str) -> Imported:
    """Read a tree.

    Args:
        path: The file.
        form: One of `Format`.

    Raises:
        InputError: There is no such format, or the file does not fit it; names the file and the item.
        TreeError: The records do not make a tree.
    """
    if form not in _READ:
        raise InputError(f"there is no format {form!r}; there are {', '.join(get_args(Format))}")
    return _READ[form](path)


@dataclass(frozen=True)
class Exported:
    """A tree in a foreign format.

    Attributes:
        files: File -> its text, for the caller to write.
        dropped: What the format cannot hold.
    """

    files: dict[Path, str]
    dropped: tuple[Dropped, ...] = ()


def export_tree(tree: SkillTree, path: Path | str, form: str, title: str = "Skill tree") -> Exported:
    """A tree in another format.

    Args:
        tree: The tree.
        path: Where it will be written; csv has further files beside it.
        form: One of `WRITABLE`.
        title: Title of the framework, for case.

    Raises:
        InputError: The format cannot be written.
    """
    if form not in WRITABLE:
        raise InputError(f"a tree cannot be written as {form!r}; there are {', '.join(WRITABLE)}")
    if form == "csv":
        return Exported(skill_csv(tree, path))
    if form == "case":
        return Exported({Path(path): write_case(tree, title)})
    items, left = items_of(tree)
    return Exported({Path(path): write_skill_map(items)}, left)
