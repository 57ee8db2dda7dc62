"""Where the units of a bulk run are done: in this process, or by worker processes on a Ray cluster.

A unit (a dialogue, a unit of an experiment) asks models and gives a result; whoever runs it stores the result and counts
what it took. On a cluster the journal of a unit is that of the worker that does it, see `runs/shards.py`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from classwright.errors import InputError
from classwright.models.roles import Models
from classwright.runs.progress import Progress
from classwright.runs.recipe import Limits
from classwright.runs.run import Run

Do = Callable[[Any, Models], Awaitable[Any]]
"""Does one unit, told what it is, with the models of the process that it runs in. It and what it takes and gives can be
pickled."""
Work = Callable[[str, Any], Awaitable[Any]]
"""Has one unit done: its name in the journal, and what it is."""


class Engine(BaseModel):
    """A cluster that a run's units are done on.

    Attributes:
        workers: Worker processes, None for one for each CPU of the cluster.
        address: "local" for a cluster of this machine that lives as long as the run, "auto" for the one that this
            machine belongs to, or where its head is (`host:port`).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    workers: int | None = Field(default=None, ge=1, le=10_000)
    address: str = "local"


def refuse_caps(engine: Engine | None, limits: Limits, *caps: str) -> None:
    """Find out whether a recipe has caps that several workers cannot hold to together.

    Raises:
        InputError: It has one of these.
    """
    for cap in caps:
        if engine is not None and getattr(limits, cap) is not None:
            raise InputError(
                f"{cap} under [limits] cannot be held to by several workers at once; leave it out, or --engine ray"
            )


def engine_of(run: Run) -> Engine | None:
    """What does the units of a run, None for this process."""
    stored = run.config.get("engine")
    return Engine.model_validate(stored) if stored and run.mode == "append" else None


@asynccontextmanager
async def workplace(run: Run, models: Models, do: Do, progress: Progress) -> AsyncIterator[tuple[Work, int]]:
    """What has units done, as the run's config says, and how many processes do them.

    Args:
        run: Open; its journal is merged again when a cluster is left.
        models: Of this process; their meter counts what workers do.
        do: Does one unit.
        progress: Told that workers are started.

    Raises:
        InputError: Ray is not installed, there is no such cluster, or it cannot do what the recipe asks for.
    """
    engine = engine_of(run)
    if engine is None:

        async def here(name: str, unit: Any) -> Any:
            return await do(unit, models)

        yield here, 1
        return
    from classwright.graphs.ray_engine import open_cluster

    async with open_cluster(run, models, do, engine, progress) as found:
        yield found
