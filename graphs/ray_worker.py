"""A worker of a Ray cluster: a process with models of its own that does units and journals their replies in its shard.

Errors go back as values, since Ray would wrap them.
"""

import pickle
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from classwright.errors import ClasswrightError, InputError
from classwright.graphs.engine import Do
from classwright.models.rare_collection import rare_collection
from classwright.models.roles import Models, open_models
from classwright.models.usage import Part
from classwright.runs.listing import read_config
from classwright.runs.recipe import Limits, Recipe
from classwright.runs.shards import Handed, ShardJournal, shard_folder


@dataclass
class Done:
    """What came of one unit: its result or its error, what it took, and the worker's retries and errors since the last.

    Attributes:
        result: What the unit gave, None with an error.
        part: Calls and tokens, replies that were stored before included.
        retries, errors: As in `Meter`.
    """

    result: Any = None
    error: Exception | None = None
    part: Part = field(default_factory=Part)
    retries: int = 0
    errors: int = 0


class Worker:
    """The actor. All its methods are coroutines, so units go on side by side.

    Args:
        run: The run's directory, which every machine of the cluster sees at this path.
        number: Of its shard.
        workers: How many there are.
        do: Does a unit.
    """

    def __init__(self, run: str, number: int, workers: int, do: Do) -> None:
        self.run, self.number, self.workers, self.do = Path(run), number, workers, do
        self._stack = AsyncExitStack()

    async def open(self, shared: Handed) -> Done:
        """Take the shard and get the models ready; to be called first.

        Args:
            shared: Stored entries that belong to no unit, such as vectors of texts.
        """
        try:
            if not (self.run / "config.json").is_file():
                raise InputError(
                    f"{self.run}: a worker does not see this run; keep runs (--root) on a file system that all "
                    "machines of the cluster share at one path"
                )
            config = read_config(self.run)
            # The caps on the whole run are held to by whoever gives out its units.
            recipe = Recipe.model_validate(config["recipe"]).model_copy(update={"limits": Limits()})
            self.journal = self._stack.enter_context(ShardJournal(shard_folder(self.run, self.number)))
            self._stack.enter_context(self.journal.given(shared))
            self.models: Models = await self._stack.enter_async_context(
                open_models(recipe, self.journal, config["seed"], config["gguf"], workers=self.workers)
            )
            self._stack.enter_context(rare_collection())
        except Exception as error:
            await self._stack.aclose()
            return Done(error=portable(error))
        return Done()

    async def work(self, unit: Any, handed: Handed) -> Done:
        """Do one unit.

        Args:
            unit: What it is.
            handed: Replies of it that other journals of the run hold.
        """
        done, meter = Done(), self.models.meter
        with meter.part() as done.part, self.journal.given(handed):
            try:
                done.result = await self.do(unit, self.models)
            except Exception as error:
                done.error = portable(error)
        done.retries, done.errors = meter.retries, meter.errors
        meter.retries = meter.errors = 0
        return done

    async def close(self) -> None:
        """Finish what is on its way to the disk and let go of the shard."""
        await self._stack.aclose()


def portable(error: Exception) -> Exception:
    """The error, or one that says the same where it cannot travel to another process."""
    try:
        pickle.loads(pickle.dumps(error))
        return error
    except Exception:
        return ClasswrightError(f"{type(error).__name__}: {' '.join(str(error).split())}")
