"""Start, resume and replay the building of a tree: what stands around the graph."""

import time
from pathlib import Path
from typing import Any

from classwright.errors import ClasswrightError
from classwright.graphs.tree_build import UNIT, Context, TreeRequest, TreeResult, build_tree
from classwright.models import loop
from classwright.models.endpoint import Transport
from classwright.models.roles import open_models
from classwright.models.usage import Meter
from classwright.prompts import prompt_hashes
from classwright.runs.atomic import write_atomic
from classwright.runs.recipe import Recipe
from classwright.runs.run import Run, create_run, open_run
from classwright.skilltree.tree import SkillTree

JOB = "tree-build"


def start(
    request: TreeRequest,
    recipe: Recipe,
    *,
    gguf: str | None = None,
    root: str | Path | None = None,
    out: str | Path | None = None,
    progress: Any,
    endpoint: Transport | None = None,
) -> dict[str, Any]:
    """Make a run and carry it out; returns the summary (the JSON object of `classwright tree build`).

    Args:
        request: What is to be built.
        recipe: Models and limits; the teacher's model proposes.
        gguf: Weights for every role that the recipe leaves open.
        root: Where runs are kept.
        out: Where a copy of the tree goes, .json or .toml.
        progress: Told what is going on.
        endpoint: Answers in place of the recipe's models (a `ScriptedModel`).

    Raises:
        InputError, UnreachableError, OutputError, ClasswrightError: see the parts.
    """
    config = {
        "request": request.model_dump(mode="json"),
        "recipe": recipe.record(),
        "gguf": str(gguf) if gguf else None,
        "out": str(out) if out else None,
        "seed": request.seed,
        "prompts": prompt_hashes(),
    }
    with create_run(root, JOB, request.topic, config) as run:
        return loop.run(_carry_out(run, progress, endpoint))


def resume(run_dir: Path, *, replay: bool, progress: Any, endpoint: Transport | None = None) -> dict[str, Any]:
    """Go on with an interrupted build, or replay one from its journal alone.

    Args:
        run_dir: The run's directory.
        replay: Ask no model and write nothing; the tree must come out as it is stored.
        progress: Told what is going on.
        endpoint: As in `start`.

    Raises:
        JournalError: the journal is damaged or belongs to another program state.
        ClasswrightError: a replay of a run that never finished, or one that gives another tree.
    """
    with open_run(run_dir, mode="replay" if replay else "append") as run:
        return loop.run(_carry_out(run, progress, endpoint))


async def _carry_out(run: Run, progress: Any, endpoint: Transport | None) -> dict[str, Any]:
    began = time.monotonic()
    request = TreeRequest.model_validate(run.config["request"])
    recipe = Recipe.model_validate(run.config["recipe"])
    async with open_models(
        recipe, run.journal, seed=request.seed, gguf=run.config["gguf"], endpoint=endpoint
    ) as models:
        result = await build_tree(Context(request, models, progress))
        summary = summarize(run, result, models.meter, time.monotonic() - began)
        if run.mode == "replay":
            _compare(run, result)
            return summary
        await _write(run, result, summary)
    return summary


async def _write(run: Run, result: TreeResult, summary: dict[str, Any]) -> None:
    tree = SkillTree(result.skills)
    tree.save(run.path / "tree.json")
    write_atomic(run.path / "decisions.md", decisions(result))
    if run.config["out"]:
        tree.save(run.config["out"])
    if not run.has_result(UNIT):
        await run.add_result(UNIT, result.model_dump(mode="json"))
    run.finish(summary)


def _compare(run: Run, result: TreeResult) -> None:
    stored = run.result(UNIT)
    if stored is None:
        raise ClasswrightError(f"{run.path}: the run has no finished tree to compare with; resume it first")
    if TreeResult.model_validate(stored) != result:
        raise ClasswrightError(f"{run.path}: the replayed tree differs from the stored one: the program changed")


def summarize(run: Run, result: TreeResult, meter: Meter, seconds: float) -> dict[str, Any]:
    """The JSON object of a finished build."""
    return {
        "run": str(run.path),
        "tree": str(run.config["out"] or run.path / "tree.json"),
        "topic": result.topic,
        "skills": len(result.skills),
        "edges": len(result.edges),
        "longest_path": len(SkillTree(result.skills).longest_path()),
        "cited": sum("“" in skill.source for skill in result.skills),
        "merged": len(result.merged),
        "left_out": [left.model_dump() for left in result.left],
        "asked_again": result.asked_again,
        "not_asked_again": result.unasked,
        "rounds": result.rounds,
        "calls": meter.calls,
        "reused": meter.reused,
        "tokens": meter.tokens,
        "seconds": round(seconds, 1),
    }


def decisions(result: TreeResult) -> str:
    """What became of every proposal, for a person to look over before the tree is used."""
    lines = [
        f"# {result.topic}",
        "",
        "Skills and prerequisites are proposals of a model. Check them before you teach by them.",
        "",
    ]
    lines += ["## Prerequisites, the least certain first", ""]
    for e in sorted(result.edges, key=lambda e: (e.strength, str(e))):
        asked = (
            f"asked again: yes {e.forward:.2f}, the other way {e.backward:.2f}"
            if e.forward is not None and e.backward is not None
            else f"proposed {e.proposed} times, not asked again"
        )
        lines.append(f"- {e}: {asked}")
    for title, found in (("Merged", result.merged), ("Left out", result.left)):
        lines += ["", f"## {title}", ""] + [f"- {left.what}: {left.why}" for left in found]
    return "\n".join(lines) + "\n"
