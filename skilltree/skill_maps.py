"""Skill maps as OATutor has them (`skillModel.json`): a JSON object, step -> the skills that it needs.

A map has no prerequisites and no texts, so a tree read from one holds skills side by side, and what a map cannot hold
is reported when one is written.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from classwright.errors import InputError
from classwright.skilltree.bank import composed_skills, generator_ids
from classwright.skilltree.imported import Dropped, Imported, read_json, refuse
from classwright.skilltree.skill import Skill
from classwright.skilltree.tree import SkillTree


def read_skill_map(path: Path | str) -> Imported:
    """Read a skill map; its steps are in `Imported.items`.

    Raises:
        InputError: The file is no such map; names the file and the steps.
    """
    path = Path(path)
    table = read_json(path)
    if not isinstance(table, dict):
        raise InputError(f"{path}: not a skill map: it should be one object, step -> list of skills")
    faults = [
        f"step {step!r} should have a list of skill names"
        for step, skills in table.items()
        if not (isinstance(skills, list) and all(isinstance(s, str) and 0 < len(s) <= 200 for s in skills))
    ]
    refuse(path, faults)
    items = {step: tuple(skills) for step, skills in table.items()}
    names = dict.fromkeys(skill for skills in items.values() for skill in skills)
    if not names:
        raise InputError(f"{path}: the skill map names no skill")
    skills = [Skill(id=name, name=name.replace("_", " "), source=f"skill map {path.name}") for name in names]
    return Imported(SkillTree(skills, source=str(path)), (), items)


def write_skill_map(items: Mapping[str, tuple[str, ...]]) -> str:
    """A skill map as JSON text; `read_skill_map` gives the same steps."""
    return json.dumps({step: list(skills) for step, skills in items.items()}, indent=1, ensure_ascii=False) + "\n"


def items_of(tree: SkillTree) -> tuple[dict[str, tuple[str, ...]], tuple[Dropped, ...]]:
    """The items that practice a tree's skills, and what a skill map leaves out of the tree.

    An item is a skill's generator at one of its three levels ("fractions.add_like/2"), a composed problem, or the
    skill itself where it has no generator.
    """
    having = generator_ids()
    items: dict[str, tuple[str, ...]] = {}
    for name in tree:
        items |= {f"{name}/{level}": (name,) for level in (1, 2, 3)} if name in having else {name: (name,)}
    for name, skills in composed_skills().items():
        if all(skill in tree for skill in skills):
            items[name] = tuple(dict.fromkeys(skills))
    left = [
        Dropped("prerequisites: a skill map has none", tree.graph.number_of_edges()),
        Dropped("misconceptions: a skill map has none", len(tree.misconceptions)),
        Dropped("names, texts and grades of skills: a skill map has only ids", len(tree)),
    ]
    return items, tuple(d for d in left if d.count)
