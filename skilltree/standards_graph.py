"""The Common Core as a graph: nodes (id, description, group) and links (source, target, type).

Only links of type Dependency become prerequisites; a conceptual connection has no order in which it could be taught.
"""

import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from classwright.errors import InputError
from classwright.skilltree.imported import Dropped, Imported, read_json, refuse, short_name
from classwright.skilltree.skill import Skill
from classwright.skilltree.tree import SkillTree

DEPENDENCY = "Dependency"


def read_standards_graph(path: Path | str) -> Imported:
    """Read a graph of standards.

    Raises:
        InputError: The file is no such graph, or a node or link is incomplete; names the file and the items.
        TreeError: The dependencies do not make a tree.
    """
    path = Path(path)
    graph = read_json(path)
    if (
        not isinstance(graph, dict)
        or not isinstance(graph.get("nodes"), list)
        or not isinstance(graph.get("links"), list)
    ):
        raise InputError(f"{path}: not a graph of standards: it needs the lists nodes and links")
    faults = [f"nodes[{i}] has no {key}" for i, node in enumerate(graph["nodes"])
              for key in ("id", "description") if not _text(node, key)]  # fmt: skip
    faults += [f"links[{i}] has no {key}" for i, link in enumerate(graph["links"])
               for key in ("source", "target", "type") if not _text(link, key)]  # fmt: skip
    refuse(path, faults)
    before: defaultdict[str, list[str]] = defaultdict(list)
    others: Counter[str] = Counter()
    twice = []
    for link in graph["links"]:
        if link["type"] != DEPENDENCY:
            others[link["type"]] += 1
        elif link["source"] in before[link["target"]]:
            twice.append(f"{link['source']} -> {link['target']}")
        else:
            before[link["target"]].append(link["source"])
    known = {node["id"] for node in graph["nodes"]}
    refuse(path, [f"a dependency leads to {name}, which is not in nodes" for name in before if name not in known])
    skills = [
        Skill(
            id=node["id"],
            name=short_name(node["description"]),
            grade=grade_of(_text(node, "group")),
            description=node["description"],
            standards=(node["id"],),
            prerequisites=tuple(before[node["id"]]),
            source=f"standards graph {path.name}",
        )
        for node in graph["nodes"]
    ]
    out = [Dropped(f"links of type {kind}: they have no order", n) for kind, n in others.most_common()]
    if twice:
        out.append(Dropped("dependencies that are there twice", len(twice), tuple(twice[:3])))
    return Imported(SkillTree(skills, source=str(path)), tuple(out))


def grade_of(group: str) -> int | None:
    """The grade of a group ("Grade K" is 0); None for a high school category, which belongs to no grade."""
    found = re.fullmatch(r"Grade (K|[1-9]|1[0-2])", group)
    return None if found is None else 0 if found[1] == "K" else int(found[1])


def _text(record: Any, key: str) -> str:
    value = record.get(key) if isinstance(record, dict) else None
    return value if isinstance(value, str) else ""
