"""`classwright course`: a unit of several weeks on the way to a goal."""

from pathlib import Path
from typing import Annotated, Any

import typer

from classwright.cli import options, output


def course(
    goal: Annotated[str, typer.Argument(metavar="GOAL", help="The skill to reach: an id or a topic in words.")],
    weeks: Annotated[int, typer.Option(min=1, max=52, help="Weeks that there are.")],
    learner: Annotated[Path | None, typer.Option(help="A learner's TOML file.")] = None,
    klass: Annotated[
        str | None, typer.Option("--class", metavar="FILE|N", help="A class's TOML file, or how many to sample.")
    ] = None,
    lessons_per_week: Annotated[int, typer.Option(min=1, max=5, help="Sessions a week, Monday to Friday.")] = 2,
    minutes: Annotated[int | None, typer.Option(min=20, max=600, help="Minutes of a session [recipe: 45].")] = None,
    interest: Annotated[str | None, typer.Option(help="What word problems are about.")] = None,
    rounds: Annotated[int | None, typer.Option(min=0, max=50, help="Rounds of improvement a lesson [recipe].")] = None,
    candidates: Annotated[int | None, typer.Option(min=1, max=50, help="First drafts a lesson [recipe].")] = None,
    memory: Annotated[bool, typer.Option(help="Use what earlier lessons showed.")] = True,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="A folder that gets a copy of the pages.")] = None,
    recipe: options.RecipeFile = None,
    model: options.ModelFile = None,
    base_only: options.BaseOnly = False,
    seed: options.Seed = None,
    root: options.RunsFolder = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Plan a unit: a lesson for each skill on the way to a goal, spaced reviews, and one page that leads to them."""
    from classwright.cli.lesson import build_request
    from classwright.errors import InputError
    from classwright.graphs.course_lesson import CourseRequest
    from classwright.graphs.course_run import start

    settings = options.recipe_of(recipe, base_only)
    lesson = build_request(
        goal, settings, learner=learner, klass=klass, minutes=LONG, interest=interest, rounds=rounds,
        candidates=candidates, seed=seed, memory=memory, embedded_only=model is None,
    )  # fmt: skip
    if lesson.outside:
        raise InputError(f"{goal!r} is not in the skill tree; a course follows the tree (classwright tree show)")
    request = CourseRequest(
        lesson=lesson, weeks=weeks, per_week=lessons_per_week, minutes=minutes or settings.lesson.minutes
    )
    with output.progress_bar(quiet=quiet) as progress:
        summary = start(request, settings, gguf=str(model) if model else None, root=root, out=out, progress=progress)
    output.emit(summary, json=json, text=lambda: describe(summary, lesson.resolved))


LONG = 600
"""Minutes in which any goal fits with all its prerequisites: the course, not one lesson, must hold them."""


def describe(summary: dict[str, Any], resolved: str) -> str:
    """The summary for a person."""
    lines = [resolved] if resolved else []
    lessons = summary["lessons"]
    lines.append(f"{summary['goal']} in {summary['weeks']} weeks: {len(lessons)} lessons, {summary['reviews']} reviews")
    for s in lessons:
        gain = f", gain {s['gain']:.2f}" if s["gain"] is not None else ""
        again = " (again)" if s["again"] else ""
        reviews = f"; reviews {', '.join(s['reviews'])}" if s["reviews"] else ""
        lines.append(f"  week {s['week']}, session {s['session']}: {s['skill']}{again}{gain}{reviews}")
    if summary["left_out"]:
        lines.append(f"No lesson of their own, known best: {', '.join(summary['left_out'])}")
    if summary["not_reached"]:
        lines.append(f"Not reached, plan more weeks: {', '.join(summary['not_reached'])}")
    if kept := summary["retention"]:
        d = kept["over_none"]
        lines.append(
            f"Remembered {kept['days']} days later (simulated): {kept['spaced']:.1%} with reviews, {kept['none']:.1%} "
            f"without ({d['mean']:+.1%} [{d['low']:+.1%}, {d['high']:+.1%}])"
        )
    lines.append(f"Cost: {summary['calls']} replies, {summary['tokens']} tokens, {summary['seconds']} s")
    lines.append(f"Course: {summary['index']}")
    return "\n".join(lines)
