"""A judge that does not answer: the work goes on without it, says so, and a replay knows it too."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from classwright.errors import UnreachableError
from classwright.models.chat import Chat, request_hash
from classwright.runs.journal import Key

T = TypeVar("T")


async def unless_absent(
    chat: Chat, work: Callable[[], Awaitable[T]], *, unit: str, task: str, gone: dict[str, str] | None = None
) -> tuple[T | None, str]:
    """What a judge does for one unit, or why it is absent.

    An absence is kept in the journal like a reply, so that a run which went on without a judge also replays without it.

    Args:
        chat: The judge.
        work: Its work for the unit.
        unit: Journal unit.
        task: What it does there; its place in the journal together with the unit.
        gone: Judges known to be absent, with the reason; they are not asked again. One found absent is added.

    Returns:
        (result, "") or (None, reason).
    """
    known = {} if gone is None else gone
    key = Key(unit, chat.role, "absence", task)
    digest = request_hash({"absent": chat.role})
    stored = chat.journal.lookup(key, digest) if chat.journal is not None else None
    if stored is None:
        if chat.role not in known:
            try:
                return await work(), ""
            except UnreachableError as e:
                known[chat.role] = f"did not answer ({e})"
        stored = {"why": known[chat.role]}
        if chat.journal is not None:
            await chat.journal.append(key, digest, stored)
    known.setdefault(chat.role, stored["why"])
    return None, stored["why"]
