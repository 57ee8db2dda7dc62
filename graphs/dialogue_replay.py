"""Replay of a bulk run: every dialogue is held once more from the journal alone and must come out as it is stored."""

from typing import Any

from classwright.classroom.dialogue import Dialogue
from classwright.errors import ClasswrightError, JournalError
from classwright.graphs.dialogue_store import plan_of
from classwright.models.endpoint import Transport
from classwright.models.roles import open_models
from classwright.runs.progress import Progress
from classwright.runs.recipe import Recipe
from classwright.runs.run import Run


async def replay(run: Run, progress: Progress, endpoint: Transport | None = None) -> dict[str, Any]:
    """Replay a run that is open for it; returns what `classwright runs replay` prints.

    Args:
        run: Open for replay.
        progress: Told.
        endpoint: What the run was held with in place of the recipe's models; it is not asked.

    Raises:
        JournalError: A reply is missing, answers another request, or a dialogue is not in the plan.
        ClasswrightError: A dialogue comes out differently.
    """
    from classwright.graphs.dialogue import Stage, hold

    plan, recipe = plan_of(run), Recipe.model_validate(run.config["recipe"])
    places = {plan.unit(i): i for i in range(len(plan))}
    same = 0
    async with open_models(recipe, run.journal, plan.request.seed, run.config["gguf"], endpoint) as models:
        stage = Stage(plan.tree, models)
        for unit, result in run.results():
            if result["dialogue"] is None:
                continue
            if unit not in places:
                raise JournalError(f"{run.path}: no dialogue {unit} is planned; the program or config.json changed")
            stored = Dialogue.model_validate(result["dialogue"])
            spec = plan.spec(places[unit]).model_copy(update={"id": stored.id})
            if _said(await hold(spec, stage)) != _said(stored):
                raise ClasswrightError(f"{run.path}: {unit} comes out differently than stored: the program changed")
            same += 1
            progress("replaying", same, len(plan))
        return {"run": str(run.path), "dialogues": same, "replies": models.meter.calls, "same": True}


def _said(dialogue: Dialogue) -> dict[str, Any]:
    """A dialogue without its times, which the journal rounds."""
    turns = [turn.model_copy(update={"latency_s": None}) for turn in dialogue.turns]
    return dialogue.model_copy(update={"turns": tuple(turns)}).model_dump(mode="json")
