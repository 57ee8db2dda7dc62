"""`classwright tree build`: a skill tree of any subject, proposed by a model from a topic or a text."""

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from classwright.cli import options, output


def register(app: typer.Typer) -> None:
    """Add the command of this file to `classwright tree`."""
    app.command()(build)


def build(
    topic: Annotated[
        str, typer.Argument(metavar="TOPIC", help='What it is about, for example "Photosynthesis, grade 7".')
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the tree goes, .json or .toml.")],
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="A text to take skills from: .pdf, .md or .txt.")
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, max=20, help="Rounds of proposals at most.")] = 2,
    recipe: options.RecipeFile = None,
    model: options.ModelFile = None,
    base_only: options.BaseOnly = False,
    seed: options.Seed = None,
    root: options.RunsFolder = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Let a model propose skills and prerequisites in rounds; code checks, merges and asks again about what is weak."""
    from classwright.errors import InputError
    from classwright.graphs.source_text import read_source
    from classwright.graphs.tree_build import TreeRequest
    from classwright.graphs.tree_build_run import start

    settings = options.recipe_of(recipe, base_only)
    if not topic.strip():
        raise InputError("the topic is empty; say what the tree is about")
    if out.suffix.lower() not in (".json", ".toml"):
        raise InputError(f"{out}: a skill tree is saved as .json or .toml")
    if model is None and settings.models.teacher.over(settings.models.default).embedded:
        raise InputError(
            "the embedded model is too small to propose a skill tree; name a larger one (--model FILE.gguf, or "
            "base_url and model in a recipe)"
        )
    request = TreeRequest(
        topic=topic.strip(),
        grade=grade_in(topic),
        source=source.name if source else "",
        passages=tuple(read_source(source)) if source else (),
        rounds=rounds,
        seed=settings.seed if seed is None else seed,
    )
    with output.progress_bar(quiet=quiet) as progress:
        summary = start(request, settings, gguf=str(model) if model else None, root=root, out=out, progress=progress)
    output.emit(summary, json=json, text=lambda: describe(summary))


def grade_in(topic: str) -> int | None:
    """The grade that a topic names ("grade 7", "7th grade", "Kindergarten"), None where it names none."""
    if re.search(r"\bkindergarten\b|\bgrade\s+k\b", topic, re.IGNORECASE):
        return 0
    found = re.search(r"\bgrade\s+(\d{1,2})\b|\b(\d{1,2})(?:st|nd|rd|th)\s+grade\b", topic, re.IGNORECASE)
    grade = int(found[1] or found[2]) if found else None
    return grade if grade is not None and grade <= 12 else None


def describe(summary: dict[str, Any]) -> str:
    """The summary for a person."""
    lines = [
        f"{summary['tree']}: {summary['skills']} skills, {summary['edges']} prerequisites, all proposed by the model; "
        f"longest path {summary['longest_path']}",
        f"{summary['cited']} skills cite their passage; {summary['merged']} proposals were merged",
        f"{summary['asked_again']} prerequisites were asked about again, {summary['not_asked_again']} stand unasked",
        f"left out: {len(summary['left_out'])}",
    ]
    lines += [f"  {left['what']}: {left['why']}" for left in summary["left_out"][:10]]
    lines.append(f"Everything that was decided: {Path(summary['run']) / 'decisions.md'}")
    lines.append(f"Cost: {summary['calls']} replies, {summary['tokens']} tokens, {summary['seconds']} s")
    return "\n".join(lines)
