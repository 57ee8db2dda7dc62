"""Start, resume and replay a bulk run of dialogues: what stands around the scheduler."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from classwright.classroom.dialogue import Dialogue
from classwright.classroom.problem_file import read_problem_file
from classwright.classroom.transcripts import write_transcripts
from classwright.errors import StoppedError, UnreachableError
from classwright.graphs import dialogue_replay
from classwright.graphs.dialogue_pause import Pause
from classwright.graphs.dialogue_plan import DialogueRequest, Plan
from classwright.graphs.dialogue_progress import Pace
from classwright.graphs.dialogue_schedule import Outcome, Schedule
from classwright.graphs.dialogue_spec import DialogueSpec
from classwright.graphs.dialogue_store import (
    dialogues_named,
    dialogues_of,
    is_done,
    plan_of,
    problems_path,
    record,
    to_hold,
)
from classwright.graphs.dialogue_summary import Outcomes, outcomes
from classwright.graphs.engine import Engine, engine_of, refuse_caps
from classwright.graphs.sharded import workplace
from classwright.models import loop
from classwright.models.endpoint import Transport
from classwright.models.roles import Models, open_models
from classwright.prompts import prompt_hashes
from classwright.reports.dialogues import dialogues_html
from classwright.runs.atomic import check_folder, write_atomic
from classwright.runs.listing import runs_root
from classwright.runs.progress import Progress
from classwright.runs.recipe import Limits, Recipe
from classwright.runs.run import Run, create_run, open_run
from classwright.skilltree.tree import default_tree

JOB = "dialogue"
PATIENCE_S = 300.0
LEAST_WINDOW = 8
PLACES = 32
"""Requests at a time that an endpoint takes which does not say."""


def start(
    request: DialogueRequest,
    recipe: Recipe,
    *,
    problems: Path | None = None,
    skip_bad: bool = False,
    budget: int | None = None,
    window: int | None = None,
    patience_s: float = PATIENCE_S,
    gguf: str | None = None,
    root: str | Path | None = None,
    out: str | Path | None = None,
    engine: Engine | None = None,
    progress: Progress,
    endpoint: Transport | None = None,
) -> dict[str, Any]:
    """Make a run and hold its dialogues; returns the summary (the JSON object of `classwright dialogue`).

    Args:
        request: What is asked for.
        recipe: Models and limits.
        problems: The file that `request.problems` names; the run keeps a copy.
        skip_bad: Leave out and count the file's bad lines.
        budget: Tokens that the run may take; else the recipe's limit.
        window: Dialogues that go on at once; None: twice as many as the endpoints take requests.
        patience_s: How long a dead endpoint is waited for.
        gguf, root, progress, endpoint: As in `lesson_run.start`.
        out: A folder that gets a copy of the report and the dialogues.
        engine: A cluster whose workers hold the dialogues, None for this process.

    Raises:
        InputError: A bad file, an unknown skill, or `out` cannot be written; nothing was written then.
        UnreachableError: An endpoint was dead for longer than the patience; all that was answered is kept.
        StoppedError: Ctrl-C; all that was answered is kept.
    """
    tree = default_tree()
    Plan(request, tree, read_problem_file(problems, skip_bad=skip_bad).entries if problems else ())
    refuse_caps(engine, recipe.limits, "calls")
    if out is not None:
        check_folder(Path(out))
    config = {
        "request": request.model_dump(mode="json"),
        "recipe": recipe.record(),
        "skip_bad": skip_bad,
        "budget": budget if budget is not None else recipe.limits.tokens,
        "window": window,
        "patience_s": patience_s,
        "gguf": str(gguf) if gguf else None,
        "out": str(out) if out else None,
        "engine": engine.model_dump() if engine else None,
        "seed": request.seed,
        "prompts": prompt_hashes(),
    }
    slug = request.skills[0] if request.skills else Path(request.problems).stem
    with create_run(root, JOB, slug, config) as run:
        if problems is not None:
            write_atomic(problems_path(run.path, request), problems.read_bytes())
        with _said_how_to_go_on(run):
            return loop.run(_carry_out(run, config["budget"], progress, endpoint))


def resume(
    run_dir: Path,
    *,
    replay: bool,
    progress: Progress,
    endpoint: Transport | None = None,
    budget: int | None = None,
    retry_failed: bool = False,
    engine: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Go on with an interrupted or stopped run, or replay a finished one from its journal.

    Args:
        run_dir: The run's directory.
        replay: Ask no model and write nothing; every dialogue must come out as it is stored.
        progress: Told what is going on.
        endpoint: As in `start`.
        budget: Tokens that the run may take in all, in place of what it was started with.
        retry_failed: Hold dialogues that failed once more, as new ones with the same problem, student and luck.
        engine: Fields of an `Engine` in place of what the run was started with; empty for this process.

    Raises:
        JournalError: A file of the run is damaged or belongs to another program state.
        ClasswrightError: A replay that comes out differently.
        As `start` otherwise.
    """
    with open_run(run_dir, mode="replay" if replay else "append") as run:
        if replay:
            return loop.run(dialogue_replay.replay(run, progress, endpoint))
        run.config |= {"engine": engine} if engine is not None else {}
        with _said_how_to_go_on(run):
            limit = budget if budget is not None else run.config["budget"]
            return loop.run(_carry_out(run, limit, progress, endpoint, retry_failed=retry_failed))


@contextmanager
def _said_how_to_go_on(run: Run) -> Iterator[None]:
    """Adds to an error that ends a run early how to go on with it."""
    named = run.id if run.path.parent.resolve() == runs_root().resolve() else run.path
    hint = f"`classwright runs resume {named}` goes on with it"
    try:
        yield
    except KeyboardInterrupt:
        raise StoppedError(f"stopped, everything answered is kept; {hint}") from None
    except UnreachableError as error:
        raise UnreachableError(f"{error}; everything answered is kept, {hint}") from error


async def _carry_out(
    run: Run, budget: int | None, progress: Progress, endpoint: Transport | None, *, retry_failed: bool = False
) -> dict[str, Any]:
    plan, recipe = plan_of(run), Recipe.model_validate(run.config["recipe"])
    refuse_caps(engine_of(run), recipe.limits, "calls")
    # The whole run's cap stands behind the scheduler's own, which lets no dialogue begin that could go beyond.
    recipe = recipe.model_copy(update={"limits": Limits(calls=recipe.limits.calls, tokens=budget)})
    began = time.monotonic()
    async with (
        open_models(recipe, run.journal, plan.request.seed, run.config["gguf"], endpoint) as models,
        workplace(run, models, hold_one, progress) as (work, _),
    ):
        for _, result in run.results():
            models.meter.add_again(result["calls"], result["prompt_tokens"], result["completion_tokens"])

        async def store(outcome: Outcome) -> None:
            await run.add_result(*record(run, outcome))

        slots = places(models, plan.request)
        pause = Pause(run.config["patience_s"])
        schedule = Schedule(
            hold=lambda spec: work(spec.id, spec),
            store=store,
            meter=models.meter,
            window=run.config["window"] or max(LEAST_WINDOW, 2 * slots),
            pause=pause,
            budget=budget,
        )
        before = sum(1 for i in range(len(plan)) if is_done(run, plan.unit(i)))
        schedule.tick = Pace(schedule, len(plan), before, progress).tell
        stopped = await schedule.run(to_hold(run, plan, retry_failed=retry_failed))
        seconds = time.monotonic() - began
        efficiency = _efficiency(schedule, slots, seconds - pause.total_s)
        progress("measuring", 0, 0)
        found = outcomes(run.results_by_unit(), plan.request.tutors, plan.request.seed)
        summary = _summary(run, plan, models, found, stopped, budget) | efficiency
    summary["seconds"] = round(seconds, 1)
    summary["dialogues_per_s"] = round((schedule.held + schedule.failed) / seconds, 2) if seconds else None
    _write(run, plan, found, summary)
    if not stopped:
        run.finish(summary)
    return summary


async def hold_one(spec: DialogueSpec, models: Models) -> Dialogue:
    """Hold one dialogue with the models of the process that this runs in."""
    from classwright.graphs.dialogue import Stage, hold

    return await hold(spec, Stage(default_tree(), models))


def places(models: Models, request: DialogueRequest) -> int:
    """Requests that the endpoints of those who speak take at a time, all endpoints together."""
    roles = []
    if any(t in ("bridge", "model") or (t == "socratic" and request.words == "model") for t in request.tutors):
        roles.append("tutor")
    if request.student != "knowledge" or request.words != "code":
        roles.append("student")
    endpoints = {id(e): e for e in (models.chat(role).endpoint for role in roles)}
    return sum(getattr(e, "concurrency", PLACES) for e in endpoints.values())


def _efficiency(schedule: Schedule, slots: int, seconds: float) -> dict[str, Any]:
    """How near the run came to what is possible, in this process.

    No run ends before its longest dialogue, nor before all its work divided by the places.
    """
    bound = max(schedule.longest_s, schedule.asked_s / slots) if slots else 0.0
    return {
        "slots": slots,
        "longest_s": round(schedule.longest_s, 2),
        "bound_s": round(bound, 2),
        "efficiency": round(bound / seconds, 3) if bound and seconds > 0 else None,
    }


def _summary(
    run: Run, plan: Plan, models: Models, found: Outcomes, stopped: str, budget: int | None
) -> dict[str, Any]:  # fmt: skip
    done = sum(row.dialogues for row in found.tutors)
    return {
        "run": str(run.path),
        "report": str(run.path / "report.html"),
        "status": "stopped" if stopped else "finished",
        "stopped": stopped,
        "planned": len(plan),
        "dialogues": done,
        "failed": len(found.failures),
        "retried": found.retried,
        "budget": budget,
        **{k: v for k, v in models.meter.as_dict().items() if k != "seconds"},
        "service_s": round(models.meter.seconds, 1),
        **found.model_dump(mode="json", exclude={"retried", "failures"}),
        "failures": [f.model_dump() for f in found.failures[:20]],
    }


def _write(run: Run, plan: Plan, found: Outcomes, summary: dict[str, Any]) -> None:
    shown = dialogues_named(run, [s.unit for s in found.shown])
    page = dialogues_html(plan.request, found, summary, shown)
    write_atomic(run.path / "report.html", page)
    if run.config["out"]:
        out = Path(run.config["out"])
        write_atomic(out / "report.html", page)
        write_transcripts(out / "dialogues.jsonl", dialogues_of(run), "jsonl")
