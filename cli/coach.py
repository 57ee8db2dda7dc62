"""`classwright coach`: a transcript as a teacher's coach sees it."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from classwright.cli import options, output

if TYPE_CHECKING:
    from classwright.classroom.deidentify import Tags


class TranscriptFormat(StrEnum):
    """What a transcript is."""

    text = "text"
    jsonl = "jsonl"
    mathdial = "mathdial"
    chat = "chat"


FormatOption = Annotated[
    TranscriptFormat | None, typer.Option("--format", help="text: 'Teacher: ...' lines. Left out: found out.")
]
DialogueOption = Annotated[str, typer.Option("--dialogue", metavar="N|ID", help="Which dialogue of a file of several.")]
TeacherOption = Annotated[
    str, typer.Option("--teacher", metavar="LABEL", help="In plain text, the label of the teacher, if no usual one.")
]
NamesOption = Annotated[
    Path | None, typer.Option("--names", metavar="FILE", help="Names to take out besides the speakers', one a line.")
]


def coach(
    transcript: Annotated[Path, typer.Argument(metavar="TRANSCRIPT", help="Plain text, or a file of dialogues.")],
    format: FormatOption = None,
    dialogue: DialogueOption = "",
    teacher: TeacherOption = "",
    names: NamesOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.html", help="Also write the page here, with the names.")
    ] = None,
    recipe: options.RecipeFile = None,
    model: options.ModelFile = None,
    base_only: options.BaseOnly = False,
    seed: options.Seed = None,
    root: options.RunsFolder = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Rate a transcript (CLASS, MQI; uncalibrated), quote moments, suggest what the teacher does not do already."""
    from classwright.classroom.deidentify import names_from_file
    from classwright.classroom.nameless import nameless
    from classwright.classroom.plain_transcript import read_dialogue
    from classwright.classroom.talk_lines import talk_lines
    from classwright.errors import InputError
    from classwright.graphs.coach import CoachMaterial, start
    from classwright.reports.coach import coach_html
    from classwright.runs.atomic import check_folder, write_atomic

    settings = options.recipe_of(recipe, base_only)
    if out is not None:
        if out.suffix.lower() not in (".html", ".htm"):
            raise InputError(f"{out}: the page is HTML; name a file that ends in .html")
        check_folder(out.parent)
    read = read_dialogue(transcript, format.value if format else None, which=dialogue, teacher=teacher)
    hidden, tags = nameless(read, names_from_file(names) if names else ())
    material = CoachMaterial(dialogue=hidden, hidden=len(tags), seed=settings.seed if seed is None else seed)
    with output.progress_bar(quiet=quiet) as progress:
        summary = start(material, settings, gguf=str(model) if model else None, root=root, progress=progress)
    summary = {"transcript": str(transcript), "dialogue": read.id, **with_names(summary, tags)}
    if out is not None:
        write_atomic(out, coach_html([str(line) for line in talk_lines(read)], summary))
        summary["out"] = str(out)
    output.emit(summary, json=json, text=lambda: _page(summary))


def with_names(value: Any, tags: "Tags") -> Any:
    """A JSON object with what its tags stand for, for the person's own screen and file."""
    if isinstance(value, str):
        return tags.restore(value)
    if isinstance(value, dict):
        return {key: with_names(x, tags) for key, x in value.items()}
    return [with_names(x, tags) for x in value] if isinstance(value, list) else value


def _page(s: dict[str, Any]) -> str:
    o = s["observed"]
    lines = [
        f"{s['transcript']}: {o['turns']} turns",
        f"Tutor's share of the words: {_share(o['talk_ratio'])}; questions: {o['questions']} "
        f"({o['open_questions']} of them how, why, explain); uptake: {_share(o['uptake'])}",
        "Moves: " + ", ".join(f"{m} {x:.0%}" for m, x in o["moves"].items()),
        "Strategies, by rules: "
        + (", ".join(f"{n.replace('_', ' ')} {k}" for n, k in o["strategies"].items()) or "none"),
        f"Student turns with an error that code can see: {o['errors']}",
    ]
    for m in o["moments"]:
        then = f" - line {m['then']}: “{m['reply']}”" if m["then"] != m["line"] else ""
        lines.append(f"  {m['kind']}, line {m['line']}: “{m['quote']}”{then}")
    if not s["asked"]:
        lines += ["", f"No ratings, highlights or suggestions: {s['why']}"]
    else:
        lines += ["", f"Ratings, UNCALIBRATED. {s['note']}."]
        lines += [f"  Doubtful: {doubt}" for doubt in s["doubts"]]
        for r in s["ratings"]:
            name = f"  {r['instrument']:5} {r['name']}" + (" (reversed)" if r["reversed"] else "")
            if r["level"] is None:
                lines.append(f"{name}: missing ({r['why']})")
                continue
            lines.append(f"{name}: {r['level']:g} of {r['top']} (uncalibrated)")
            lines += [
                f"        line {e['line']}: “{e['quote']}” {reason}"
                for e, reason in zip(r["evidence"], r["reasons"], strict=True)
            ]
        for title, key in (("Worth keeping", "highlights"), ("Missed chances", "missed")):
            lines += ["", title] + [f"  line {m['line']}: “{m['quote']}” {m['why']}" for m in s[key]]
        lines += ["", "Suggestions"]
        for x in s["suggestions"]:
            lines += [f"  line {x['line']}: “{x['quote']}”", f"        {x['strategy'].replace('_', ' ')}: {x['text']}"]
        lines += [f"  (dropped, line {x['line']}: {x['dropped']})" for x in s["dropped"]]
        lines += [f"  (not found, {why})" for why in s["not_found"]]
    lines += ["", f"Cost: {s['calls']} replies, {s['tokens']} tokens, {s['seconds']} s"]
    lines.append(f"Report: {s.get('out') or s['run'] + '/report.html'}")
    return "\n".join(lines)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"
