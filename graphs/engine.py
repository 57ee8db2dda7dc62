"""Which processes do the units of a bulk run, and what a unit is to them."""

from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from classwright.errors import InputError
from classwright.models.roles import Models
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
