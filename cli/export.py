"""`classwright export`: a finished lesson in the formats a school uses."""

from pathlib import Path
from typing import Annotated, Any

import typer

from classwright.cli import options, output


def export(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A lesson run's id, the beginning of it, or its folder.")],
    formats: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="LIST",
            help="md, html, docx, pdf, worksheet, answers, pptx, qti21, qti12, anki, xapi with commas between, or all.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder that the files go to.")],
    paper: Annotated[str, typer.Option(help="Size of the pages: letter or a4.")] = "letter",
    root: options.RunsFolder = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Write a finished lesson as lesson plan, worksheet, answer key, slides, quiz, flash cards or statements."""
    from classwright.errors import InputError
    from classwright.reports.export import ALL, make, parse_formats, parse_paper
    from classwright.runs.atomic import check_folder

    wanted, size = parse_formats(formats), parse_paper(paper)
    check_folder(out)
    result, created, name = load_lesson(run, root)
    made = make(result, wanted, run=name, created=created, paper=size)
    for format_name, why in made.left_out.items():
        if ALL not in formats:
            raise InputError(f"{format_name}: {why}; export another format")
        output.say(f"left out {format_name}: {why}")
    found: dict[str, Any] = {
        "run": name,
        "files": [str(path) for path in made.write(out)],
        "left_out": made.left_out,
    }
    output.emit(found, json=json, text="\n".join(found["files"]))


def load_lesson(run: str, root: Path | None) -> tuple[Any, Any, str]:
    """The result of a finished lesson run, when it began, and its id.

    Raises:
        InputError: there is no such run, it is none of a lesson, or it is not finished.
    """
    from datetime import datetime

    from classwright.errors import InputError
    from classwright.graphs.lesson_result import LessonResult
    from classwright.runs.run import open_run

    with open_run(run, root, "replay") as opened:
        if opened.job != "lesson":
            raise InputError(f"{opened.path}: a run of the job {opened.job}; only lessons can be exported")
        stored = opened.result("lesson")
        if stored is None:
            raise InputError(
                f"{opened.path}: the lesson is not finished; `classwright runs resume {opened.id}` goes on with it"
            )
        return LessonResult.model_validate(stored), datetime.fromisoformat(opened.config["created"]), opened.id
