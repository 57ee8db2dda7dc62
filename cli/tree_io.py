"""`classwright tree import` and `export`: skill trees in the formats of others."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from classwright.cli import options, output

if TYPE_CHECKING:
    from classwright.skilltree.imported import Dropped
    from classwright.skilltree.tree import SkillTree

FormatOption = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help="case (CASE 1.1 JSON), csv (tables of skills and edges), oatutor (a map step -> skills), "
        "ccss (the Common Core as a graph; import only).",
    ),
]
TreeFile = Annotated[
    Path | None, typer.Option("--tree", metavar="FILE", help="Another tree (.toml or .json) than the shipped one.")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this file to `classwright tree`."""
    app.command("import")(import_command)
    app.command()(export)


def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to read.")],
    form: FormatOption,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the tree goes, .json or .toml.")],
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Read a tree in another format, say what it could not keep, and write it as a tree of our own."""
    from classwright.skilltree.imports import import_tree

    found = import_tree(file, form)
    found.tree.save(out)
    result = {"file": str(out), **counts(found.tree), "dropped": records(found.dropped)}
    if found.items:
        result["items"] = len(found.items)
    output.emit(result, json=json, text="\n".join([_line(result), *map(_said, found.dropped)]))


def export(
    form: FormatOption,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where it goes; csv writes others beside it.")],
    tree: TreeFile = None,
    title: Annotated[str, typer.Option(help="Title of the framework (case).")] = "Skill tree",
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Write a tree in another format, and say what that format cannot hold."""
    from classwright.runs.atomic import write_atomic
    from classwright.skilltree.imports import export_tree
    from classwright.skilltree.tree import SkillTree, default_tree

    found = default_tree() if tree is None else SkillTree.load(tree)
    done = export_tree(found, out, form, title)
    for path, text in done.files.items():
        write_atomic(path, text)
    result = {"files": [str(path) for path in done.files], **counts(found), "dropped": records(done.dropped)}
    said = [f"{', '.join(result['files'])}: {len(found)} skills", *map(_said, done.dropped)]
    output.emit(result, json=json, text="\n".join(said))


def counts(tree: "SkillTree") -> dict[str, Any]:
    """The size of a tree."""
    return {
        "skills": len(tree),
        "edges": tree.graph.number_of_edges(),
        "longest_path": len(tree.longest_path()),
        "alone": sum(1 for name in tree if not tree.prerequisites(name) and not tree.dependents(name)),
    }


def records(found: "tuple[Dropped, ...]") -> list[dict[str, Any]]:
    """What was dropped, for JSON."""
    return [{"what": d.what, "count": d.count, "examples": list(d.examples)} for d in found]


def _line(result: dict[str, Any]) -> str:
    alone = f", {result['alone']} skills without any edge" if result["alone"] else ""
    return (
        f"{result['file']}: {result['skills']} skills, {result['edges']} edges, "
        f"longest path {result['longest_path']}{alone}"
    )


def _said(dropped: "Dropped") -> str:
    return f"dropped: {dropped}"
