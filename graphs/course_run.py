"""Start, resume and replay a course: what stands around the graph."""

import time
from pathlib import Path
from typing import Any

from classwright.classroom.course import with_reviews
from classwright.classroom.verify import verify
from classwright.errors import ClasswrightError
from classwright.graphs.course import State, feasible, run_course
from classwright.graphs.course_lesson import Context, CourseRequest
from classwright.graphs.course_result import CourseResult
from classwright.models import loop
from classwright.models.endpoint import Transport
from classwright.prompts import prompt_hashes
from classwright.reports.course import course_html
from classwright.reports.lesson import lesson_html
from classwright.runs.atomic import check_folder, write_atomic
from classwright.runs.listing import runs_root
from classwright.runs.progress import Progress
from classwright.runs.recipe import Recipe
from classwright.runs.run import Run, create_run, open_run
from classwright.skilltree.tree import default_tree

JOB = UNIT = "course"
INDEX = "index.html"


def start(
    request: CourseRequest,
    recipe: Recipe,
    *,
    gguf: str | None = None,
    root: str | Path | None = None,
    out: str | Path | None = None,
    progress: Progress,
    endpoint: Transport | None = None,
) -> dict[str, Any]:
    """Make a run and carry it out; returns the summary (the JSON object of `classwright course`).

    Args:
        request: What is asked for.
        recipe: Models and limits; a limit holds for each lesson.
        gguf: Weights for every role that the recipe leaves open.
        root: Where runs are kept.
        out: A folder that gets a copy of the pages.
        progress: Told what is going on.
        endpoint: Answers for every role in place of the recipe's models (a `ScriptedModel`).

    Raises:
        InputError: too few weeks for the goal, or `out` cannot be written; nothing was written then.
        UnreachableError, ClasswrightError: see the lesson job.
    """
    feasible(request, default_tree())
    if out is not None:
        check_folder(Path(out))
    config = {
        "request": request.model_dump(mode="json"),
        "recipe": recipe.record(),
        "gguf": str(gguf) if gguf else None,
        "out": str(out) if out else None,
        "seed": request.lesson.seed,
        "prompts": prompt_hashes(),
    }
    with create_run(root, JOB, request.goal, config) as run:
        return loop.run(_carry_out(run, runs_root(root) / "memory", progress, endpoint))


def resume(run_dir: Path, *, replay: bool, progress: Progress, endpoint: Transport | None = None) -> dict[str, Any]:
    """Go on with an interrupted course, or replay one from its lessons' journals alone.

    Args:
        run_dir: The run's directory.
        replay: Ask no model and write nothing; the course must come out as it is stored.
        progress: Told what is going on.
        endpoint: As in `start`.

    Raises:
        JournalError: a journal is damaged or belongs to another program state.
        ClasswrightError: a replay of a course that never finished, or one that comes out differently.
    """
    with open_run(run_dir, mode="replay" if replay else "append") as run:
        return loop.run(_carry_out(run, Path(run_dir).parent / "memory", progress, endpoint))


async def _carry_out(run: Run, memory: Path, progress: Progress, endpoint: Transport | None) -> dict[str, Any]:
    began = time.monotonic()
    request = CourseRequest.model_validate(run.config["request"])
    state = await run_course(Context(request, default_tree(), run, memory, progress, endpoint))
    summary = summarize(run, state, time.monotonic() - began)
    if run.mode == "replay":
        _compare(run, state["result"])
        return summary
    pages = _pages(run, state)
    for folder in (run.path, *([Path(run.config["out"])] if run.config["out"] else [])):
        for name, text in pages.items():
            write_atomic(folder / name, text)
    if not run.has_result(UNIT):
        await run.add_result(UNIT, state["result"].model_dump(mode="json"))
    run.finish(summary)
    return summary


def _pages(run: Run, state: State) -> dict[str, str]:
    """The index and a page for each lesson, with the reviews of its session in its warm-up.

    Raises:
        ClasswrightError: a lesson with its reviews does not pass verification; a mistake of the program.
    """
    tree = default_tree()
    pages = {INDEX: course_html(state["result"], tree)}
    for session in state["result"].sessions:
        if not session.page:
            continue
        result = state["results"][session.page]
        plan = with_reviews(result.plan, session.reviews)
        checks = verify(with_reviews(result.english, session.reviews), tree)  # code reads no other language
        if not checks.passed:
            faults = "; ".join(f"{f.kind} in {f.where}: {f.what}" for f in checks.findings[:3])
            raise ClasswrightError(f"{run.path}: {session.page} with its reviews is faulty: {faults}")
        pages[session.page] = lesson_html(result.model_copy(update={"plan": plan, "checks": checks}))
    return pages


def _compare(run: Run, result: CourseResult) -> None:
    stored = run.result(UNIT)
    if stored is None:
        raise ClasswrightError(f"{run.path}: the run has no finished course to compare with; resume it first")
    if CourseResult.model_validate(stored) != result:
        raise ClasswrightError(f"{run.path}: the replayed course differs from the stored one: the program changed")


def summarize(run: Run, state: State, seconds: float) -> dict[str, Any]:
    """The JSON object of a finished course."""
    result: CourseResult = state["result"]
    calls, tokens, reused = state["cost"]
    lessons = [s for s in result.sessions if s.skill]
    return {
        "run": str(run.path),
        "index": str(run.path / INDEX),
        "goal": result.goal,
        "weeks": result.weeks,
        "lessons": [
            {
                "week": s.week,
                "session": s.number,
                "skill": s.skill,
                "again": s.kind == "again",
                "page": s.page,
                "reviews": list(s.reviews),
                "gain": s.gain and s.gain[0],
                "before": s.before,
                "after": s.after,
            }
            for s in lessons
        ],
        "reviews": sum(len(s.reviews) for s in result.sessions),
        "left_out": [skill for skill, _ in result.left_out],
        "not_reached": result.not_reached,
        "free_sessions": result.free,
        "retention": result.retention.model_dump(mode="json", exclude={"by_skill"}) if result.retention else None,
        "calls": calls,
        "reused": reused,
        "tokens": tokens,
        "seconds": round(seconds, 1),
    }
