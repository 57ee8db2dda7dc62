"""Where the units of a bulk run are done: in this process, or by worker processes on a Ray cluster.

A unit (a dialogue, a unit of an experiment) asks models and gives a result; whoever has it done stores the result and
counts what it took. On a cluster the journal of a unit is that of the worker that does it, see `runs/shards.py`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from classwright.graphs.engine import Do, Work, engine_of
from classwright.models.roles import Models
from classwright.runs.progress import Progress
from classwright.runs.run import Run


@asynccontextmanager
async def workplace(run: Run, models: Models, do: Do, progress: Progress) -> AsyncIterator[tuple[Work, int]]:
    """What has units done, as the run's config says, and how many processes do them.

    Args:
        run: Open; its journal is merged again when a cluster is left.
        models: Of this process; their meter counts what workers do.
        do: Does one unit.
        progress: Told that workers are started.

    Raises:
        InputError: There is no such cluster, it is too small, or its machines do not see the run.
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
