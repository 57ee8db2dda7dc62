"""A coach's question: answered with a line and words of it that code finds there, within two attempts."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

from classwright.agents.evaluator import what_failed
from classwright.classroom.talk_lines import TalkLine, find_quote, quoted_elsewhere
from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.prompts import render
from classwright.runs.journal import Key

ATTEMPTS = 2
SEGMENT = 7_000
"""Characters of a transcript for one question, about 2,000 tokens; a longer one is rated part by part."""

R = TypeVar("R", bound=BaseModel)


class Quoted(BaseModel):
    """Words of a line, exactly as they stand there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    line: int
    quote: str


def segments(lines: Sequence[TalkLine], budget: int = SEGMENT) -> list[list[TalkLine]]:
    """A transcript in parts of about equal length, none longer than a budget of characters unless one line is."""
    total = sum(len(str(line)) + 1 for line in lines)
    parts = max(1, -(-total // budget))
    found: list[list[TalkLine]] = [[]]
    size = 0
    for line in lines:
        length = len(str(line)) + 1
        if found[-1] and size + length > total / parts and (size + length > budget or len(found) < parts):
            found.append([])
            size = 0
        found[-1].append(line)
        size += length
    return found


def evidence_fault(part: Sequence[TalkLine], by: str = "") -> Callable[[Any], str]:
    """What is wrong with a reply's line and quote, "" for nothing.

    Args:
        part: The lines that it may name.
        by: Whose line it must be: "tutor", "student", or "" for either.
    """
    by_number = {line.number: line for line in part}

    def fault(said: Any) -> str:
        if said.line not in by_number:
            return f"there is no line {said.line}"
        if by and by_number[said.line].turn.speaker != by:
            theirs = ", ".join(str(x.number) for x in part if x.turn.speaker == by)
            return f"line {said.line} is not the {by.capitalize()}'s; these are: {theirs}"
        if find_quote(said.quote, by_number[said.line]) is None:
            where = quoted_elsewhere(said.quote, part)
            found = f"they stand in line {where[0]}" if where else "copy words of the line letter by letter"
            return f"these words do not stand in line {said.line}; {found}"
        return ""

    return fault


def quoted(number: int, quote: str, lines: Sequence[TalkLine]) -> Quoted:
    """The words of a line that a quote copies, as the line has them."""
    line = next(x for x in lines if x.number == number)
    return Quoted(line=number, quote=find_quote(quote, line) or "")


def shown(part: Sequence[TalkLine]) -> list[str]:
    """The lines as a model reads them."""
    return [str(line) for line in part]


async def ask(
    schema: type[R],
    task: str,
    values: dict[str, Any],
    chat: Chat,
    place: str,
    fault: Callable[[Any], str | Awaitable[str]],
) -> tuple[R | None, str]:
    """A reply that passes its check within two attempts, or why there is none."""
    refused = ""
    for attempt in range(ATTEMPTS):
        key = Key("coach", chat.role, task, f"{place}.{attempt}")
        try:
            said = await chat.structured(
                schema, render(task, **values, fault=refused), key=key, max_tokens=260, temperature=0.0
            )
        except OutputError as error:
            return None, what_failed(error)
        found = fault(said)
        refused = found if isinstance(found, str) else await found
        if not refused:
            return said, ""
    return None, refused
