"""Start, resume and replay the runs of `classwright judge`: what stands around the check and the rubric."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from classwright.errors import ClasswrightError
from classwright.graphs import judge_check, judge_rubric
from classwright.graphs.judge_check_result import CheckRequest, CheckResult
from classwright.graphs.judge_rubric import RubricRequest, RubricResult
from classwright.models import loop
from classwright.models.endpoint import Transport
from classwright.models.roles import Models, open_models
from classwright.models.usage import Meter
from classwright.prompts import prompt_hashes
from classwright.reports.judge import check_html, rubric_markdown
from classwright.runs.atomic import write_atomic
from classwright.runs.progress import Progress
from classwright.runs.recipe import Recipe
from classwright.runs.run import Run, create_run, open_run
from classwright.skilltree.tree import SkillTree, default_tree

CHECK, RUBRIC = "judge-check", "judge-rubric"
UNIT = "judges"

Request = CheckRequest | RubricRequest
Result = CheckResult | RubricResult


def start(
    request: Request,
    recipe: Recipe,
    *,
    gguf: str | None = None,
    root: str | Path | None = None,
    progress: Progress,
    endpoint: Transport | None = None,
) -> dict[str, Any]:
    """Make a run and carry it out; returns the summary (the JSON object of `classwright judge check` or `rubric`).

    Args:
        request: A check of the judges, or a text to be judged by a rubric.
        recipe: Models and limits; the evaluators are the judges.
        gguf: Weights for every role that the recipe leaves open.
        root: Where runs are kept.
        progress: Told what is going on.
        endpoint: Answers in place of the recipe's models (a `ScriptedModel`).

    Raises:
        InputError, ClasswrightError: see the parts. A judge that cannot be reached is part of the result.
    """
    check = isinstance(request, CheckRequest)
    config = {
        "request": request.model_dump(mode="json"),
        "recipe": recipe.record(),
        "gguf": str(gguf) if gguf else None,
        "seed": request.seed,
        "prompts": prompt_hashes(),
    }
    slug = "labels" if check and not request.lessons else "judges" if check else request.skill
    with create_run(root, CHECK if check else RUBRIC, slug, config) as run:
        return loop.run(_carry_out(run, progress, endpoint))


def resume(run_dir: Path, *, replay: bool, progress: Progress, endpoint: Transport | None = None) -> dict[str, Any]:
    """Go on with an interrupted run, or replay one from its journal alone.

    Args:
        run_dir: The run's directory.
        replay: Ask no model and write nothing; the result must come out as it is stored.
        progress: Told what is going on.
        endpoint: As in `start`.

    Raises:
        JournalError: the journal is damaged or belongs to another program state.
        ClasswrightError: a replay of a run that never finished, or one that gives another result.
    """
    with open_run(run_dir, mode="replay" if replay else "append") as run:
        return loop.run(_carry_out(run, progress, endpoint))


async def _carry_out(run: Run, progress: Progress, endpoint: Transport | None) -> dict[str, Any]:
    began = time.monotonic()
    recipe = Recipe.model_validate(run.config["recipe"])
    seed = int(run.config["seed"])
    async with open_models(recipe, run.journal, seed=seed, gguf=run.config["gguf"], endpoint=endpoint) as models:
        stage = _Stage(progress, models.meter)
        ticker = asyncio.create_task(stage.tick())
        try:
            result = await _work(run, default_tree(), models, stage)
        finally:
            ticker.cancel()
        summary = summarize(run, result, models.meter, time.monotonic() - began)
        if run.mode == "replay":
            _compare(run, result)
            return summary
        await _write(run, result, summary, models)
    return summary


async def _work(run: Run, tree: SkillTree, models: Models, stage: Callable[[str], None]) -> Result:
    if run.job == CHECK:
        request = CheckRequest.model_validate(run.config["request"])
        return await judge_check.check_judges(judge_check.Context(request, tree, models, stage))
    text = RubricRequest.model_validate(run.config["request"])
    return await judge_rubric.judge_rubric(judge_rubric.Context(text, tree, models, stage))


class _Stage:
    """Passes progress on, with the number of replies so far; how many there will be depends on the judges."""

    def __init__(self, progress: Progress, meter: Meter) -> None:
        self._progress, self._meter, self._said = progress, meter, "starting"

    def __call__(self, what: str) -> None:
        self._said = what
        self._progress(f"{what} ({self._meter.calls} replies)", self._meter.calls, 0)

    async def tick(self) -> None:
        while True:
            await asyncio.sleep(0.5)
            self(self._said)


async def _write(run: Run, result: Result, summary: dict[str, Any], models: Models) -> None:
    if isinstance(result, CheckResult):
        write_atomic(run.path / "report.html", check_html(result, summary, models.identities()))
    else:
        write_atomic(run.path / "rubric.md", rubric_markdown(result))
    if not run.has_result(UNIT):
        await run.add_result(UNIT, result.model_dump(mode="json"))
    run.finish(summary)


def _compare(run: Run, result: Result) -> None:
    stored = run.result(UNIT)
    if stored is None:
        raise ClasswrightError(f"{run.path}: the run has no result to compare with; resume it first")
    if type(result).model_validate(stored) != result:
        raise ClasswrightError(f"{run.path}: the replayed result differs from the stored one: the program changed")


def summarize(run: Run, result: Result, meter: Meter, seconds: float) -> dict[str, Any]:
    """The JSON object of a finished run."""
    cost = {
        "calls": meter.calls,
        "reused": meter.reused,
        "tokens": meter.tokens,
        "seconds": round(seconds, 1),
    }
    if isinstance(result, CheckResult):
        judges = [
            {
                **report.standing.model_dump(mode="json", exclude={"tried", "control", "view"}),
                "asked": len(report.standing.tried),
                **report.model_dump(mode="json", include={"controls", "own_words", "labels"}),
            }
            for report in result.judges
        ]
        found = result.model_dump(mode="json", include={"lessons", "bar", "agreement", "texts", "of"})
        report = {"report": str(run.path / "report.html")}
        return {"run": str(run.path), **report, "judges": judges, **found, **cost}
    found = result.model_dump(mode="json", include={"skill", "source", "status", "judges"})
    scores = {x.perturbation: {**x.score.model_dump(), "stable": x.stable} for x in result.readings}
    met = result.readings[0].met if result.readings else {}
    claims = [{**c.model_dump(), "met": met.get(c.id)} for c in result.claims]
    return {"run": str(run.path), **found, "scores": scores, "claims": claims, **cost}
