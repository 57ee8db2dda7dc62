"""Start, resume and replay a lesson run: what stands around the graph."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from classwright.agents.memory import open_memory
from classwright.classroom.source import Source
from classwright.errors import ClasswrightError, JournalError
from classwright.graphs.baselines import best_of_n, eduplanner, self_refine
from classwright.graphs.lesson import canonical, outcome_of, run_graph
from classwright.graphs.lesson_result import LessonResult, parts
from classwright.graphs.lesson_sources import rests_on
from classwright.graphs.lesson_state import Context, LessonRequest
from classwright.graphs.review_desk import Decide
from classwright.graphs.source_text import keep_sources, kept_sources
from classwright.graphs.topic import run_topic
from classwright.models import loop
from classwright.models.embeddings import WordEmbedder
from classwright.models.endpoint import Transport
from classwright.models.roles import Models, open_models
from classwright.models.usage import Meter
from classwright.prompts import prompt_hashes
from classwright.reports.document import Paper
from classwright.reports.export import Made, make
from classwright.reports.lesson import lesson_html, lesson_markdown
from classwright.reports.lesson_report import report_html
from classwright.runs.atomic import check_folder, write_atomic
from classwright.runs.listing import list_runs
from classwright.runs.progress import Progress
from classwright.runs.recipe import Recipe
from classwright.runs.run import Run, child_run, create_run, open_run, runs_root
from classwright.skilltree.tree import default_tree

UNIT = "lesson"


def start(
    request: LessonRequest,
    recipe: Recipe,
    *,
    gguf: str | None = None,
    root: str | Path | None = None,
    out: str | Path | None = None,
    progress: Progress,
    endpoint: Transport | None = None,
    decide: Decide | None = None,
    formats: Sequence[str] = (),
    paper: Paper = "letter",
    sources: Sequence[Source] = (),
) -> dict[str, Any]:
    """Make a run and carry it out; returns the summary (the JSON object of `classwright lesson`).

    Args:
        request: What is asked for.
        recipe: Models and limits.
        gguf: Weights for every role that the recipe leaves open.
        root: Where runs are kept.
        out: A folder that gets a copy of the pages.
        progress: Told what is going on.
        endpoint: Answers for every role in place of the recipe's models (a `ScriptedModel`).
        decide: Asks the teacher of a request with a review.
        formats: Keys of `reports.export.FORMATS` that the lesson is written in at the end.
        paper: Size of the pages.
        sources: The texts that the request names; they are kept with the run.

    Raises:
        InputError, UnreachableError, ClasswrightError: see the parts.
    """
    if out is not None:
        check_folder(Path(out))
    config = {
        "request": request.model_dump(mode="json"),
        "recipe": recipe.record(),
        "gguf": str(gguf) if gguf else None,
        "out": str(out) if out else None,
        "formats": list(formats),
        "paper": paper,
        "seed": request.seed,
        "prompts": prompt_hashes(),
    }
    with create_run(root, "lesson", request.skill, config) as run:
        keep_sources(run.path, sources)
        return loop.run(carry_out(run, runs_root(root) / "memory", progress, endpoint, decide))


def resume(
    run_dir: Path,
    *,
    replay: bool,
    progress: Progress,
    endpoint: Transport | None = None,
    decide: Decide | None = None,
) -> dict[str, Any]:
    """Go on with an interrupted lesson run, or replay one from its journal alone.

    Args:
        run_dir: The run's directory.
        replay: Ask no model and write nothing; the plan must come out as it is stored.
        progress: Told what is going on.
        endpoint, decide: As in `start`.

    Raises:
        JournalError: the journal is damaged or belongs to another program state, or a source was changed since.
        ClasswrightError: a replay of a run that never finished, or one that gives another plan.
        InputError: the folder that gets a copy cannot be written.
    """
    with open_run(run_dir, mode="replay" if replay else "append") as run:
        if run.config["out"] and not replay:
            check_folder(Path(run.config["out"]))
        return loop.run(carry_out(run, runs_root(Path(run_dir).parent) / "memory", progress, endpoint, decide))


def rebuild_memory(root: str | Path | None = None) -> int:
    """Make the memory again from the finished lesson runs in a folder; returns how many lessons it remembers."""
    outcomes, edits = [], []
    for info in list_runs(root):
        if info.job != "lesson" or info.status != "finished":
            continue
        with open_run(info.path, mode="replay") as run:
            request = LessonRequest.model_validate(run.config["request"])
            results = [LessonResult.model_validate(record) for _, record in run.results()]
            outcomes += [outcome_of(run.id, request, r) for r in results if r.rehearsal is not None and not r.rejected]
            edits += [e for r in results for e in r.changed]

    async def store() -> int:
        with open_memory(runs_root(root) / "memory", WordEmbedder().embed) as memory:
            return await memory.rebuild(outcomes, edits)

    return loop.run(store())


async def carry_out(
    run: Run,
    memory: Path,
    progress: Progress,
    endpoint: Transport | None = None,
    decide: Decide | None = None,
) -> dict[str, Any]:
    """Do what a lesson run was asked for, or go on with it; returns the summary.

    Args:
        run: The run, open.
        memory: The folder of the memory.
        progress: Told what is going on.
        endpoint, decide: As in `start`.
    """
    began = time.monotonic()
    request = LessonRequest.model_validate(run.config["request"])
    recipe = Recipe.model_validate(run.config["recipe"])
    sources = kept_sources(run.path, request.sources)
    async with open_models(
        recipe, run.journal, seed=request.seed, gguf=run.config["gguf"], endpoint=endpoint
    ) as models:
        stage = _Stage(progress)
        context = Context(request, default_tree(), models, run, memory, stage, decide, sources)
        ticker = asyncio.create_task(stage.tick(models.meter))
        try:
            result = await _way(request)(context)
        finally:
            ticker.cancel()
        summary = summarize(run.path, result, models.meter, time.monotonic() - began)
        if run.mode == "replay":
            _compare(run, result)
            return summary
        await _write(run, result, summary, models)
    return summary


async def lesson_within(
    parent: Run, name: str, request: LessonRequest, memory: Path, progress: Progress, endpoint: Transport | None
) -> tuple[LessonResult, dict[str, Any]]:
    """A lesson as a part of another run, from its own run inside that one if it is finished: result and summary.

    Args:
        parent: The run it belongs to, whose config holds the recipe, the weights and the prompts.
        name: The lesson's name in it.
        request: What is asked for.
        memory, progress, endpoint: As in `carry_out`.

    Raises:
        JournalError: the lesson's run was made for another request: the tree or the program changed since.
    """
    config = {
        "request": request.model_dump(mode="json"),
        "recipe": parent.config["recipe"],
        "gguf": parent.config["gguf"],
        "out": None,
        "seed": request.seed,
        "prompts": parent.config["prompts"],
    }
    with child_run(parent, name, "lesson", config) as run:
        if run.config["request"] != config["request"]:
            raise JournalError(f"{run.path / 'config.json'}: the lesson was made for another class; start a new run")
        summary = run.summary()
        if summary is None or run.mode == "replay":
            summary = await carry_out(run, memory, progress, endpoint)
        return LessonResult.model_validate(run.result(UNIT)), summary


def _way(request: LessonRequest) -> Callable[[Context], Awaitable[LessonResult]]:
    if request.outside:
        return run_topic
    baselines = {"best-of-n": best_of_n, "self-refine": self_refine, "eduplanner": eduplanner}
    return baselines.get(request.arm, run_graph)


class _Stage:
    """Passes progress on, and repeats the last word with the number of replies so far, so that a bar stays alive."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.said = ("starting", 0, 1)

    def __call__(self, what: str, done: int, total: int) -> None:
        self.said = (what, done, total)
        self.progress(what, done, total)

    async def tick(self, meter: Meter) -> None:
        while True:
            await asyncio.sleep(0.5)
            what, done, total = self.said
            self.progress(f"{what} ({meter.calls} replies)", done, total)


async def _write(run: Run, result: LessonResult, summary: dict[str, Any], models: Models) -> None:
    pages = {
        "lesson.md": lesson_markdown(result),
        "lesson.html": lesson_html(result),
        "report.html": report_html(result, summary, models.identities()),
        "plan.json": result.plan.model_dump_json(indent=2) + "\n",
    }
    if result.rejected:
        pages = {"report.html": pages["report.html"]}
    folders = [run.path, *([Path(run.config["out"])] if run.config["out"] and not result.rejected else [])]
    files = [write_atomic(folder / name, text) for folder in folders for name, text in pages.items()]
    if not run.has_result(UNIT):
        await run.add_result(UNIT, result.model_dump(mode="json"))
    if not result.rejected:
        made = _formats(run, result)
        files += [path for folder in folders for path in made.write(folder)]
        summary["left_out"] = made.left_out
    summary["files"] = list(dict.fromkeys(str(path) for path in files))
    run.finish(summary)


def _formats(run: Run, result: LessonResult) -> Made:
    """The lesson in the formats that were asked for; older runs asked for none."""
    created = datetime.fromisoformat(run.config["created"])
    return make(
        result, run.config.get("formats", []), run=run.id, created=created, paper=run.config.get("paper", "letter")
    )


def _compare(run: Run, result: LessonResult) -> None:
    stored = run.result(UNIT)
    if stored is None:
        raise ClasswrightError(f"{run.path}: the run has no finished lesson to compare with; resume it first")
    if canonical(LessonResult.model_validate(stored).plan) != canonical(result.plan):
        raise ClasswrightError(
            f"{run.path}: the replayed plan differs from the stored one: the program or the tree changed"
        )


def summarize(path: Path, result: LessonResult, meter: Meter, seconds: float) -> dict[str, Any]:
    """The JSON object of a finished lesson."""
    plan, gain = result.plan, result.rehearsal.gain if result.rehearsal else None
    sources = [words.source for _, words in plan.slots()]
    ciddp = result.ciddp
    return {
        "run": str(path),
        "status": result.review.status if result.review else "finished",
        "lesson": None if result.rejected else str(path / "lesson.html"),
        "title": plan.title,
        "skills": plan.skills,
        "minutes": plan.minutes,
        "verified": plan.verified,
        "gain": {"mean": gain.mean, "low": gain.low, "high": gain.high, "n": gain.n} if gain else None,
        "ciddp": {**ciddp.levels, "mean": ciddp.mean, "status": ciddp.status, "why": ciddp.why} if ciddp else None,
        "checks": {
            "equations": result.checks.equations,
            "false_equations": result.checks.false_equations,
            "answers": result.checks.answers,
            "wrong_answers": result.checks.wrong_answers,
        },
        "slots": {"model": sources.count("model"), "curated": sources.count("curated")},
        "curated_slots": [name for name, words in plan.slots() if words.source == "curated"],
        **parts(result),
        **rests_on(result),
        "review": reviewed(result),
        "files": [],
        "left_out": {},
        "plans": len(result.steps),
        "stopped": result.stopped,
        "calls": meter.calls,
        "reused": meter.reused,
        "tokens": meter.tokens,
        "seconds": round(seconds, 1),
    }


def reviewed(result: LessonResult) -> dict[str, Any] | None:
    """What a teacher did, for the JSON object; None where nobody was asked."""
    r = result.review
    if r is None:
        return None
    sections = {s.section: {"seconds": s.seconds, "distance": s.distance} for s in r.sections}
    return {"reason": r.reason, "decisions": len(r.steps), "seconds": r.seconds, "sections": sections,
            "unchecked": r.unchecked}  # fmt: skip
