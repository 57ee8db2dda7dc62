"""Driving a graph that pauses for a teacher: the saver, the loop of pauses, and decisions made beforehand."""

from collections.abc import Sequence
from typing import Any

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from classwright.classroom.review import Decision
from classwright.errors import InputError
from classwright.graphs.review_desk import Decide, Pause


class References:
    """Keeps what a graph's saver is given as it is, within this process: nothing of it is meant to outlive it."""

    def __init__(self) -> None:
        self._kept: list[Any] = []

    def dumps_typed(self, obj: Any) -> tuple[str, bytes]:
        """A number that stands for the object."""
        self._kept.append(obj)
        return "kept", str(len(self._kept) - 1).encode()

    def loads_typed(self, data: tuple[str, bytes]) -> Any:
        """The object itself."""
        return self._kept[int(data[1])]


def saver() -> InMemorySaver:
    """The checkpointer of a graph that pauses for a review."""
    return InMemorySaver(serde=References())


async def run_with_teacher(
    graph: Any, start: dict[str, Any], decide: Decide, *, context: Any = None, config: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Run a graph that pauses for reviews to its end.

    Args:
        graph: Compiled with `saver()`; whether it is finished is known by its pauses, not by `get_state().next`.
        start: Its first state.
        decide: Asks the teacher.
        context: Its runtime context.
        config: Its configuration; the thread is added.

    Returns:
        The last state.
    """
    thread = {**(config or {}), "configurable": {"thread_id": "run", **(config or {}).get("configurable", {})}}
    state = await graph.ainvoke(start, config=thread, context=context)
    while pauses := state.get("__interrupt__"):
        decision = await decide(pauses[0].value)
        state = await graph.ainvoke(Command(resume=decision), config=thread, context=context)
    return state


def scripted(decisions: Sequence[Decision]) -> Decide:
    """Decisions made beforehand, as a batch or a test has them. One that is not taken ends the run.

    A resumed run goes on with the first that the journal does not hold.
    """

    async def decide(pause: Pause) -> Decision:
        if pause.last is not None and pause.last.fault:
            raise InputError(
                f"decision {pause.number - 1} ({pause.last.decision.do}) was not taken: {pause.last.fault}"
            )
        if pause.number > len(decisions):
            raise InputError(f"the decisions end at {len(decisions)}, and the review is still open")
        return decisions[pause.number - 1]

    return decide
