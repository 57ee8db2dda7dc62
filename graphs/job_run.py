"""What stands around a job with one result: a run, its models, its pages, going on with it and replaying it.

What such a job works on is kept in the run, without names, so that it can go on without the file it came from.
"""

import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from classwright.errors import ClasswrightError
from classwright.models import loop
from classwright.models.endpoint import Transport
from classwright.models.roles import Models, open_models
from classwright.prompts import prompt_hashes
from classwright.runs.atomic import write_atomic
from classwright.runs.progress import Progress
from classwright.runs.recipe import Recipe
from classwright.runs.run import Run, create_run, open_run

MATERIAL = "material.json"
UNIT = "result"


@dataclass(frozen=True)
class Job:
    """One kind of job.

    Attributes:
        name: Its name in run directories.
        material: What it works on, kept in the run; holds no names.
        result: What comes out.
        work: Does it.
        pages: File name -> content, of what is written beside the result.
        summarize: The part of the command's JSON object that is the job's own.
    """

    name: str
    material: type[BaseModel]
    result: type[BaseModel]
    work: Callable[[Any, Run, Models, Progress], Awaitable[Any]]
    pages: Callable[[Any, Any, Mapping[str, Any]], dict[str, str]]
    summarize: Callable[[Any, Any], dict[str, Any]]


def start(
    job: Job,
    slug: str,
    material: BaseModel,
    recipe: Recipe,
    *,
    seed: int,
    gguf: str | None = None,
    root: str | Path | None = None,
    progress: Progress,
    endpoint: Transport | None = None,
) -> dict[str, Any]:
    """Make a run and carry it out; returns the JSON object of the command.

    Args:
        job: The job.
        slug: What the run is about, for its folder's name.
        material: What it works on.
        recipe: Models and limits.
        seed: Seed of the run.
        gguf: Weights for every role that the recipe leaves open.
        root: Where runs are kept.
        progress: Told what is going on.
        endpoint: Answers in place of the recipe's models (a `ScriptedModel`).

    Raises:
        UnreachableError, LimitError, ClasswrightError: the run stays and can be gone on with.
    """
    config = {
        "recipe": recipe.record(),
        "gguf": str(gguf) if gguf else None,
        "seed": seed,
        "prompts": prompt_hashes(),
    }
    with create_run(root, job.name, slug, config) as run:
        write_atomic(run.path / MATERIAL, material.model_dump_json(indent=1) + "\n")
        return loop.run(_carry_out(job, run, progress, endpoint))


def resume(
    job: Job, run_dir: Path, *, replay: bool, progress: Progress, endpoint: Transport | None = None
) -> dict[str, Any]:
    """Go on with an interrupted run, or replay one from its journal alone.

    Raises:
        JournalError: the journal is damaged or belongs to another program state.
        ClasswrightError: a replay of a run that never finished, or one that gives another result.
    """
    with open_run(run_dir, mode="replay" if replay else "append") as run:
        return loop.run(_carry_out(job, run, progress, endpoint))


def material_of(job: Job, run: Run) -> Any:
    """What a run works on.

    Raises:
        ClasswrightError: it was killed before that was written, or the file is damaged.
    """
    path = run.path / MATERIAL
    try:
        return job.material.model_validate_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ClasswrightError(f"{path}: cannot be read ({type(error).__name__}); start a new run") from error


async def _carry_out(job: Job, run: Run, progress: Progress, endpoint: Transport | None) -> dict[str, Any]:
    began = time.monotonic()
    material = material_of(job, run)
    recipe = Recipe.model_validate(run.config["recipe"])
    async with open_models(
        recipe, run.journal, seed=run.config["seed"], gguf=run.config["gguf"], endpoint=endpoint
    ) as models:
        result = await job.work(material, run, models, progress)
        meter = models.meter
        summary = {
            "run": str(run.path),
            **job.summarize(material, result),
            "models": {role: x["model"] for role, x in models.identities().items()},
            "calls": meter.calls,
            "reused": meter.reused,
            "tokens": meter.tokens,
            "seconds": round(time.monotonic() - began, 1),
        }
    if run.mode == "replay":
        stored = run.result(UNIT)
        if stored is None:
            raise ClasswrightError(f"{run.path}: the run has no result to compare with; resume it first")
        if job.result.model_validate(stored) != result:
            raise ClasswrightError(f"{run.path}: the replayed result differs from the stored one: the program changed")
        return summary
    for name, content in job.pages(material, result, summary).items():
        write_atomic(run.path / name, content)
    if not run.has_result(UNIT):
        await run.add_result(UNIT, json.loads(result.model_dump_json()))
    run.finish(summary)
    return summary
