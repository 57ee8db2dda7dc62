"""The job of an experiment: make a run, do its units, resume, analyze, write the report."""

import asyncio
import importlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from classwright.errors import InputError
from classwright.graphs.engine import Engine, Work, engine_of, refuse_caps
from classwright.graphs.sharded import workplace
from classwright.graphs.teach.frame import Cost, Experiment, Outcome, Stage
from classwright.models import loop
from classwright.models.endpoint import Transport
from classwright.models.roles import Models, open_models
from classwright.models.together import together
from classwright.prompts import prompt_hashes
from classwright.reports.teach import teach_html
from classwright.runs.atomic import write_atomic
from classwright.runs.progress import Progress
from classwright.runs.recipe import Recipe
from classwright.runs.run import Run, create_run, open_run
from classwright.runs.tomlfile import explain
from classwright.skilltree.tree import default_tree

EXPERIMENTS = {
    "select": "which of a teacher's answers is right, by how well each teaches (LbT M1)",
    "prefer": "preference pairs from teaching scores, for training a teacher (LbT M2, ARTE)",
    "iterate": "teaching material improved from students' failures (LbT M3)",
    "intervene": "whom to help with a limited budget, by a mental model of the student (theory of mind)",
    "order": "the order of skills: predicted and measured forgetting (Curriculum Designer)",
    "compose": "students taught on few composed skills, tested on more (SKILL-MIX)",
    "supervise": "teaching material with wrong outcomes against wrong steps (guiding through complexity)",
}
AT_ONCE = 16
"""Units under way at a time in a process; endpoints bound their requests themselves."""


def experiment(name: str) -> Experiment:
    """The module of an experiment.

    Raises:
        InputError: there is none of this name.
    """
    if name not in EXPERIMENTS:
        raise InputError(f"there is no experiment {name}; there are {', '.join(EXPERIMENTS)}")
    return importlib.import_module(f"classwright.graphs.teach.{name}")  # pyright: ignore[reportReturnType]


def settings_of(name: str, recipe: Recipe, source: str = "recipe") -> Any:
    """The experiment's part of a recipe, `[teach.<name>]`, checked.

    Args:
        name: The experiment.
        recipe: Where its settings are.
        source: What messages call the recipe, its file for example.

    Raises:
        InputError: an unknown key (the nearest is named) or a wrong value; a table for no experiment.
    """
    unknown = [n for n in recipe.teach if n not in EXPERIMENTS]
    if unknown:
        raise InputError(
            f"{source}, [teach.{unknown[0]}]: there is no such experiment; there are {', '.join(EXPERIMENTS)}"
        )
    model = experiment(name).Settings
    try:
        return model.model_validate(recipe.teach.get(name, {})).checked()
    except ValidationError as error:
        raise InputError(f"{source}, [teach.{name}]: {explain(error, model)}") from error
    except InputError as error:
        raise InputError(f"{source}, [teach.{name}]: {error}") from error


def estimate_cost(name: str, recipe: Recipe, source: str = "recipe") -> Cost:
    """What a run will need at most, for `--dry-run`; nothing is asked."""
    return experiment(name).cost(settings_of(name, recipe, source))


def start(
    name: str,
    recipe: Recipe,
    *,
    gguf: str | None = None,
    root: str | Path | None = None,
    progress: Progress,
    endpoint: Transport | None = None,
    source: str = "recipe",
    engine: Engine | None = None,
) -> dict[str, Any]:
    """Make an experiment's run and carry it out; returns the summary (the JSON object of `classwright teach`)."""
    settings = settings_of(name, recipe, source)
    refuse_caps(engine, recipe.limits, "calls", "tokens")
    config = {
        "experiment": name,
        "settings": settings.model_dump(mode="json"),
        "recipe": recipe.record(),
        "gguf": gguf,
        "seed": recipe.seed,
        "engine": engine.model_dump() if engine else None,
        "prompts": prompt_hashes(),
    }
    with create_run(root, "teach", name, config) as run:
        return loop.run(carry_out(run, progress, endpoint))


def resume(
    run_dir: Path,
    *,
    replay: bool,
    progress: Progress,
    endpoint: Transport | None = None,
    engine: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Go on with an experiment: finished units are read, of the others what was answered is not asked again.

    `engine` holds the fields of an `Engine`, in place of what the run was started with; empty for this process.
    """
    with open_run(run_dir, mode="replay" if replay else "append") as run:
        run.config |= {"engine": engine} if engine is not None else {}
        return loop.run(carry_out(run, progress, endpoint))


async def carry_out(run: Run, progress: Progress, endpoint: Transport | None) -> dict[str, Any]:
    """Do the units that are left, then analyze all of them."""
    module = experiment(run.config["experiment"])
    settings = module.Settings.model_validate(run.config["settings"])
    names = module.units(settings)
    recipe = Recipe.model_validate(run.config["recipe"])
    refuse_caps(engine_of(run), recipe.limits, "calls", "tokens")
    do = partial(_do, run.config["experiment"], settings)
    async with (
        open_models(recipe, run.journal, recipe.seed, run.config["gguf"], endpoint) as models,
        workplace(run, models, do, progress) as (work, workers),
    ):
        records = await _units(names, run, work, workers * AT_ONCE, models, progress)
        outcome = module.analyze(settings, records)
        meter = models.meter
        summary = summarize(run, names, outcome) | {
            "calls": meter.calls, "reused": meter.reused, "tokens": meter.tokens, "models": models.identities(),
        }  # fmt: skip
    if run.mode == "append":
        if hasattr(module, "artifacts") and not outcome.silent:
            roles = {role: summary["models"][role]["model"] for role in ("teacher", "student")}
            for file, text in module.artifacts(settings, records, roles).items():  # pyright: ignore[reportAttributeAccessIssue]
                write_atomic(run.path / file, text)
        write_atomic(run.path / "report.html", teach_html(run.config["experiment"], settings, outcome, summary))
        run.finish(summary)
    return summary


async def _do(name: str, settings: Any, unit: str, models: Models) -> dict[str, Any]:
    """One unit of an experiment, with the models of the process that this runs in."""
    return await experiment(name).run(unit, Stage(default_tree(), models, settings))


async def _units(
    names: Sequence[str], run: Run, work: Work, at_once: int, models: Models, progress: Progress
) -> dict[str, dict[str, Any]]:
    """What came out of all units, in their order; those that are done are read."""
    records = dict(run.results())
    places = asyncio.Semaphore(at_once)
    done = len(records)
    what = f"{run.config['experiment']}: units"
    progress(what, done, len(names))

    async def one(name: str) -> None:
        nonlocal done
        async with places:
            records[name] = await work(name, name)
        if run.mode == "append":
            await run.add_result(name, records[name])
        done += 1
        progress(f"{what} ({models.meter.calls} replies)", done, len(names))

    await together(*(one(name) for name in names if name not in records))
    return {name: records[name] for name in names}


def summarize(run: Run, names: Sequence[str], outcome: Outcome) -> dict[str, Any]:
    """The JSON object of the command, without what it cost."""
    return {
        "run": str(run.path),
        "report": str(run.path / "report.html"),
        "experiment": run.config["experiment"],
        "units": len(names),
        "silent": outcome.silent,
        "claims": [] if outcome.silent else outcome.claims(),
        **outcome.model_dump(mode="json", include={"tables", "figures", "notes"}),
    }
