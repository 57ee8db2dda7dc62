"""Trees in CASE 1.1 JSON, in which states exchange standards (1EdTech Competencies and Academic Standards Exchange).

A package holds a CFDocument, CFItems and CFAssociations. Reading: items are skills, `precedes` is a prerequisite, and
`isChildOf` only groups: an item that has children and takes part in no `precedes` is a heading, not a skill. Writing: a
skill is a CFItem, its strand (the part of its id before the first dot) a heading; what CASE has no field for goes into
the items' and the document's `extensions`, so that reading the file back gives an equal tree.
"""

import json
import re
import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from classwright.errors import InputError
from classwright.skilltree.imported import Dropped, Imported, dropped, read_json, refuse, short_name
from classwright.skilltree.skill import Misconception, Skill
from classwright.skilltree.tree import SkillTree
from classwright.skilltree.tree_files import explain

_SPACE = uuid.UUID("6f0c3f5e-3f0a-5f43-9d0e-2b0d5b1c7a11")
"""Namespace of the identifiers: the same skill always gets the same one."""
_OURS = "classwright"
_ADVICE = "export the whole framework, with every item that it refers to"


def read_case(path: Path | str) -> Imported:
    """Read a CASE package (1.0 or 1.1).

    Raises:
        InputError: The file is no CASE package, or an item or association is incomplete or refers to an item that is
            not in the file; names the file and the items.
        TreeError: The prerequisites do not make a tree.
    """
    path = Path(path)
    package = read_json(path)
    package = package.get("CFPackage", package) if isinstance(package, dict) else package
    if not isinstance(package, dict) or not isinstance(package.get("CFItems"), list):
        raise InputError(f"{path}: not a CASE package: it has no list CFItems")
    document = package.get("CFDocument")
    if not isinstance(document, dict) or not document.get("identifier"):
        raise InputError(f"{path}: not a CASE package: its CFDocument has no identifier")
    items = _items(path, package["CFItems"])
    links = _links(path, package.get("CFAssociations", []), items, str(document["identifier"]))
    parents = {after for _, after in links["isChildOf"]}
    linked = {end for link in links["precedes"] for end in link}
    headings = [name for name in items if name in parents and name not in linked]
    kept = {name: item for name, item in items.items() if name not in headings}
    refuse(path, [] if kept else ["it holds headings but no item that could be a skill"])
    ids = _ids(kept)
    edges = [(ids[a], ids[b]) for a, b in dict.fromkeys(links["precedes"])]
    before: defaultdict[str, list[str]] = defaultdict(list)
    for a, b in edges:
        before[b].append(a)
    source = f"CASE: {document.get('title') or path.name}"
    skills = [_skill(path, item, ids[name], tuple(before[ids[name]]), source) for name, item in kept.items()]
    tree = SkillTree(skills, _misconceptions(path, document), str(path))
    twice = len(links["precedes"]) - len(edges)
    others = [Dropped(f"associations {kind}: only precedes is a prerequisite", len(found))
              for kind, found in sorted(links.items()) if kind not in ("precedes", "isChildOf")]  # fmt: skip
    parts = [Dropped(f"{name}: a tree has no place for them", len(package[name]))
             for name in ("CFRubrics", "CFOutcomes") if package.get(name)]  # fmt: skip
    groups = [Dropped("associations isChildOf: they group skills, they order nothing", len(links["isChildOf"]))]
    return Imported(
        tree,
        (
            *dropped("headings: items with children and no precedes", [_label(items[name]) for name in headings]),
            *(groups if links["isChildOf"] else ()),
            *others,
            *([Dropped("associations precedes that are there twice", twice)] if twice else ()),
            *parts,
        ),
    )


def write_case(tree: SkillTree, title: str = "Skill tree", changed: datetime | None = None) -> str:
    """The tree as a CASE 1.1 package, JSON text; `read_case` gives an equal tree.

    Args:
        tree: The tree.
        title: Title of the CFDocument.
        changed: Time of the last change; None: now.
    """
    moment = (changed or datetime.now(UTC)).isoformat(timespec="seconds")
    document = _id("document", title)
    about = {"CFDocumentURI": _uri(document, title), "lastChangeDateTime": moment}
    strands = dict.fromkeys(strand for name in tree if (strand := _strand(name)))
    heads = [
        {"identifier": _id("strand", strand), "uri": f"urn:uuid:{_id('strand', strand)}", "fullStatement": strand,
         "CFItemType": "Strand", **about}
        for strand in strands
    ]  # fmt: skip
    items = [_item(skill) | about for skill in tree.skills.values()]
    links = []
    for strand in strands:
        links.append(_association("isChildOf", _id("strand", strand), strand, document, title) | about)
    for skill in tree.skills.values():
        strand = _strand(skill.id)
        parent = (_id("strand", strand), strand) if strand else (document, title)
        links.append(_association("isChildOf", _id("skill", skill.id), skill.name, *parent) | about)
        for number, before in enumerate(skill.prerequisites, 1):
            link = _association("precedes", _id("skill", before), tree[before].name, _id("skill", skill.id), skill.name)
            links.append(link | {"sequenceNumber": number} | about)
    package = {
        "CFDocument": {
            "identifier": document,
            "uri": f"urn:uuid:{document}",
            "title": title,
            "creator": "Classwright",
            "caseVersion": "1.1",
            "adoptionStatus": "Draft",
            "lastChangeDateTime": moment,
            "CFPackageURI": _uri(document, title),
            "extensions": {
                _OURS: {"misconceptions": [m.model_dump(mode="json") for m in tree.misconceptions.values()]}
            },
        },
        "CFItems": heads + items,
        "CFAssociations": links,
    }
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"


def _items(path: Path, raw: list[Any]) -> dict[str, dict[str, Any]]:
    """Identifier -> item, each with what a skill needs."""
    found: dict[str, dict[str, Any]] = {}
    faults = []
    for i, item in enumerate(raw):
        name = item.get("identifier") if isinstance(item, dict) else None
        where = f"CFItems[{i}]" + (f" {name}" if name else "")
        if not isinstance(name, str) or not name:
            faults.append(f"{where} has no identifier")
        elif name in found:
            faults.append(f"{where} is there twice")
        elif not isinstance(item.get("fullStatement"), str) or not item["fullStatement"]:
            faults.append(f"{where} has no fullStatement")
        else:
            found[name] = item
    refuse(path, faults)
    return found


def _links(path: Path, raw: Any, items: Mapping[str, Any], document: str) -> defaultdict[str, list[tuple[str, str]]]:
    """Kind of association -> (origin, destination), those between items checked."""
    if not isinstance(raw, list):
        raise InputError(f"{path}: CFAssociations is no list")
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    faults, unresolved = [], []
    for i, link in enumerate(raw):
        where = f"CFAssociations[{i}]"
        kind = link.get("associationType") if isinstance(link, dict) else None
        if not isinstance(kind, str) or not kind:
            faults.append(f"{where} has no associationType")
            continue
        ends = [_end(link.get(side)) for side in ("originNodeURI", "destinationNodeURI")]
        if not all(ends):
            faults.append(f"{where} ({kind}) has no {'destination' if ends[0] else 'origin'}NodeURI with an identifier")
            continue
        known = {*items, document} if kind == "isChildOf" else items
        if kind in ("precedes", "isChildOf"):
            unresolved += [
                f"{where} ({kind}) refers to {end}, which is not in CFItems" for end in ends if end not in known
            ]
        found[kind].append((ends[0], ends[1]))
    refuse(path, faults)
    refuse(path, unresolved, _ADVICE)
    return found


def _end(node: Any) -> str:
    name = node.get("identifier") if isinstance(node, dict) else None
    return name if isinstance(name, str) else ""


def _ids(items: Mapping[str, dict[str, Any]]) -> dict[str, str]:
    """Identifier -> skill id: the code that people use, where it is there and names one item only."""
    codes = Counter(_code(item) for item in items.values())
    return {name: code if codes[code := _code(item)] == 1 and code else name for name, item in items.items()}


def _code(item: Mapping[str, Any]) -> str:
    own = _extension(item).get("id")
    code = own if isinstance(own, str) else item.get("humanCodingScheme")
    return code if isinstance(code, str) and len(code) <= 200 else ""


def _label(item: Mapping[str, Any]) -> str:
    return str(item.get("humanCodingScheme") or short_name(item["fullStatement"], 40))


def _extension(record: Mapping[str, Any]) -> dict[str, Any]:
    extensions = record.get("extensions")
    ours = extensions.get(_OURS) if isinstance(extensions, dict) else None
    return ours if isinstance(ours, dict) else {}


def _skill(path: Path, item: dict[str, Any], name: str, before: tuple[str, ...], source: str) -> Skill:
    """The skill of an item: what Classwright wrote into it, and whatever was changed in the open fields since."""
    own = {key: value for key, value in _extension(item).items() if key != "prerequisites"}
    record: dict[str, Any] = own or {"source": source}
    seen = _open_fields(item)
    was = _open_fields(_item(_checked(path, item, {**own, "id": name}))) if own else {}
    record |= {key: value for key, value in seen.items() if was.get(key) != value}
    if not own and (code := item.get("humanCodingScheme")):
        record["standards"] = [str(code)]
    return _checked(path, item, record | {"id": name, "prerequisites": before})


def _open_fields(item: Mapping[str, Any]) -> dict[str, Any]:
    """What the CASE fields of an item say."""
    statement = item["fullStatement"]
    short = item.get("abbreviatedStatement")
    return {
        "name": short if isinstance(short, str) and short else short_name(statement) or statement,
        "description": statement,
        "grade": _grade(item.get("educationLevel")),
    }


def _checked(path: Path, item: Mapping[str, Any], record: dict[str, Any]) -> Skill:
    try:
        return Skill.model_validate(record)
    except ValidationError as error:
        lines = "; ".join(explain(error, Skill))
        raise InputError(f"{path}: CFItem {item['identifier']}: {lines}") from error


def _misconceptions(path: Path, document: Mapping[str, Any]) -> list[Misconception]:
    found = _extension(document).get("misconceptions", [])
    try:
        return [Misconception.model_validate(record) for record in found]
    except (ValidationError, TypeError) as error:
        lines = explain(error, Misconception) if isinstance(error, ValidationError) else ["no list"]
        raise InputError(f"{path}: CFDocument: misconceptions: {'; '.join(lines)}") from error


def _item(skill: Skill) -> dict[str, Any]:
    name = _id("skill", skill.id)
    item: dict[str, Any] = {
        "identifier": name,
        "uri": f"urn:uuid:{name}",
        "humanCodingScheme": skill.id,
        "fullStatement": skill.description or skill.name,
        "abbreviatedStatement": skill.name,
        "CFItemType": "Skill",
    }
    if skill.grade is not None:
        item["educationLevel"] = ["KG" if skill.grade == 0 else f"{skill.grade:02}"]
    rest = skill.model_dump(mode="json", exclude_defaults=True, exclude={"prerequisites"})
    return item | {"extensions": {_OURS: rest}}


def _grade(levels: Any) -> int | None:
    """The lowest grade of CEDS education levels ("KG", "05", ...); None where there is none."""
    found = []
    for level in levels if isinstance(levels, list) else [levels]:
        if str(level).upper() in ("KG", "K"):
            found.append(0)
        elif re.fullmatch(r"0?[1-9]|1[0-2]", str(level)):
            found.append(int(level))
    return min(found, default=None)


def _strand(name: str) -> str:
    """What stands before the first dot of a skill's id; "" where there is no dot."""
    return name.partition(".")[0] if "." in name else ""


def _association(kind: str, origin: str, title: str, destination: str, other: str) -> dict[str, Any]:
    name = _id(kind, f"{origin} {destination}")
    return {
        "identifier": name,
        "uri": f"urn:uuid:{name}",
        "associationType": kind,
        "originNodeURI": _uri(origin, title),
        "destinationNodeURI": _uri(destination, other),
    }


def _uri(identifier: str, title: str) -> dict[str, str]:
    return {"title": title, "identifier": identifier, "uri": f"urn:uuid:{identifier}"}


def _id(kind: str, name: str) -> str:
    return str(uuid.uuid5(_SPACE, f"{kind}/{name}"))
