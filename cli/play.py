"""`classwright play`: take one side of a dialogue yourself."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from classwright.cli import options, output
from classwright.errors import InputError

if TYPE_CHECKING:
    from classwright.cli.play_terminal import AtTerminal
    from classwright.runs.recipe import Recipe

INTERRUPTED = 130


class Side(StrEnum):
    """Whom the person plays."""

    student = "student"
    teacher = "teacher"


class Tutor(StrEnum):
    """Who tutors the person."""

    socratic = "socratic"
    bridge = "bridge"
    model = "model"
    tell = "tell"
    next_step = "next-step"


class Student(StrEnum):
    """Whom the person teaches."""

    knowledge = "knowledge"
    persona = "persona"
    model = "model"


class Words(StrEnum):
    """Who words what code decided."""

    model = "model"
    code = "code"


def play(
    skill: Annotated[str, typer.Argument(metavar="SKILL", help="A skill id (classwright tree show).")],
    side: Annotated[Side, typer.Option("--as", help="Whom you play.")],
    tutor: Annotated[Tutor | None, typer.Option(help="As a student: who tutors you. [socratic]")] = None,
    student: Annotated[Student | None, typer.Option(help="As a teacher: whom you teach. [knowledge]")] = None,
    misconception: Annotated[
        str, typer.Option(metavar="ID", help="As a teacher: what the student holds. [one of the skill's, not shown]")
    ] = "",
    level: Annotated[int, typer.Option(min=1, max=3, help="Level of the problem.")] = 1,
    turns: Annotated[int, typer.Option(min=1, max=200, help="Tutor turns at most.")] = 12,
    words: Annotated[
        Words | None,
        typer.Option(help="Who words what code decided. [model, but code for the embedded base without adapters]"),
    ] = None,
    recipe: options.RecipeFile = None,
    model: options.ModelFile = None,
    base_only: options.BaseOnly = False,
    seed: options.Seed = None,
    root: options.RunsFolder = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Take one side of a dialogue: a student with a tutor, or a teacher whose student holds something you cannot see.

    What a model says is checked as a whole (leaks, equations, the coded answer) before you see its first word; then it
    is typed out. Everything is kept in a run; /quit, Ctrl-D or Ctrl-C leave it, `classwright runs resume RUN` goes on.
    """
    from classwright.cli.play_terminal import AtTerminal
    from classwright.graphs.play import PlayRequest, start

    if side is Side.student and (student or misconception):
        raise InputError("--student and --misconception are for --as teacher; as a student you are the student")
    if side is Side.teacher and tutor:
        raise InputError("--tutor is for --as student; as a teacher you are the tutor")
    settings = options.recipe_of(recipe, base_only)
    request = PlayRequest(
        side=side.value, skill=skill, tutor=(tutor or Tutor.socratic).value,
        student=(student or Student.knowledge).value, misconception=misconception, level=level, turns=turns,
        words=words.value if words else _who_words(settings, model), seed=settings.seed if seed is None else seed,
    )  # fmt: skip
    person = AtTerminal()

    def begin(progress: output.Report) -> dict[str, Any]:
        return start(request, settings, person, gguf=str(model) if model else None, root=root, progress=progress)

    _play(person, begin, json=json)


def go_on(run: Path, *, json: bool) -> None:
    """Go on with a talk that was left: what was said is shown again."""
    from classwright.cli.play_terminal import AtTerminal
    from classwright.graphs.play import resume

    person = AtTerminal()
    _play(person, lambda progress: resume(run, replay=False, progress=progress, person=person), json=json)


def _who_words(settings: "Recipe", model: Path | None) -> Any:
    named = any(spec.base_url or spec.gguf for spec in settings.models.resolved().values())
    return "model" if model or named or settings.models.adapters else "code"


def _play(person: "AtTerminal", begin: Any, *, json: bool) -> None:
    from classwright.cli.play_terminal import Left

    try:
        with output.spinner() as progress:
            summary = begin(progress)
    except (Left, KeyboardInterrupt) as left:
        summary = left_open(person)
        output.emit(summary, json=json, text="\n".join(summary["notes"]["facts"] + [summary["resume"]]))
        if isinstance(left, KeyboardInterrupt) or left.interrupted:
            raise typer.Exit(INTERRUPTED) from left
        return
    output.emit(summary, json=json, text=lambda: describe(summary))


def left_open(person: "AtTerminal") -> dict[str, Any]:
    """The JSON object of a talk that was left; nothing that is still hidden is in it.

    Raises:
        KeyboardInterrupt: it was left before anything was said or shown.
    """
    from classwright.graphs.play import so_far

    seat = person.seat
    if seat is None:
        raise KeyboardInterrupt
    notes = so_far(seat).model_dump(mode="json") if seat.turns else {"facts": [], "missed": [], "effects": []}
    return {
        "run": seat.run,
        "status": "open",
        "side": seat.request.side,
        "skill": seat.request.skill,
        "turns": len(seat.turns),
        "notes": notes,
        "resume": f"The talk is open; `classwright runs resume {seat.run}` goes on there.",
    }


def describe(summary: dict[str, Any]) -> Any:
    """A finished talk for a person: the observer's notes, and as a teacher what each move did."""
    from rich.console import Group
    from rich.table import Table

    from classwright.classroom.observation_notes import Notes

    notes = Notes.model_validate(summary["notes"])
    parts: list[Any] = ["", "The observer's notes"]
    parts += [f"  - {line}" for line in notes.lines()]
    if notes.effects:
        table = Table("line", "move", "what it did", "mastery before", "after", box=None, pad_edge=False)
        for e in notes.effects:
            table.add_row(str(e.line), e.submove, e.did(), *(f"{m:.2f}" for m in e.mastery))
        parts += ["", table]
    return Group(*parts, "", f"Report: {summary['run']}/{summary['report']}")
