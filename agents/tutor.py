"""The tutor: the way every tutor's words take before a student hears them, and what the kinds of tutors share.

A reply is checked (leak guard, equations, see `classroom.tutor_checks`), written once more with the fault named, and
then replaced by a curated move. Nothing that a check refused is ever said.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

from classwright.classroom.echo import echo
from classwright.classroom.moves import classify, classify_submove
from classwright.classroom.socratic import NextMove
from classwright.classroom.transcript_text import one_line, transcript
from classwright.classroom.turn import Turn
from classwright.classroom.tutor_checks import faults
from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.prompts import render
from classwright.runs.journal import Key
from classwright.skilltree.problem import Problem

_NAMES = {"tutor": "tutor|teacher", "student": "student|child"}
_LABELS = {
    speaker: re.compile(
        rf"^(?:(?:the\s+)?(?:{names})(?:['’]s)?(?:\s+(?:next|says|said))?(?:\s+turn)?|(?:next\s+)?turn(?:\s+\d+)?)\s*:",
        re.I,
    )
    for speaker, names in _NAMES.items()
}
ATTEMPTS = 2
PATIENCE = 3
"""Turns of one talk in which a model may fail before it is asked no more in it: a small one fails in all."""
MAX_TOKENS = 120
FREE = ("example", "point")
"""Variables of a tutor's template whose words it may say."""


class Spoken(NamedTuple):
    """A tutor's turn, and whether the tutor ends the dialogue with it."""

    turn: Turn
    closes: bool


class Written(NamedTuple):
    """Words that passed, or None where no attempt did; what was refused; what it cost."""

    text: str | None
    refused: tuple[str, ...]
    tokens: int
    latency_s: float


def shared_values(problem: Problem, turns: Sequence[Turn], language: str) -> dict[str, Any]:
    """The variables of every tutor's and student's template; they come first, so that prompts share a prefix."""
    return {"problem": one_line(problem.text), "transcript": transcript(turns), "language": language}


async def write_turn(
    template: str,
    values: dict[str, Any],
    problem: Problem,
    turns: Sequence[Turn],
    chat: Chat,
    *,
    unit: str,
    also: Callable[[str], str] | None = None,
) -> Written:
    """A model's words for a tutor's turn that pass the checks, within two attempts.

    Args:
        template: The prompt.
        values: Its variables beside the shared ones.
        problem, turns: The problem and the talk so far.
        chat: The tutor's model.
        unit: The dialogue's id; the turn's number makes the journal key.
        also: A further check: why words are not what was wanted, "" if they are.

    Raises:
        UnreachableError and others of `Chat.text`, but for a reply without text, which is a failed attempt.
    """
    refused: list[str] = []
    tokens, latency = 0, 0.0
    for attempt in range(ATTEMPTS):
        messages = render(template, **values, note="", fault=refused[-1] if refused else "")
        key = Key(unit, chat.role, template, f"{len(turns)}.{attempt}")
        try:
            reply = await chat.text(messages, key=key, max_tokens=MAX_TOKENS)
        except OutputError as error:
            refused.append(str(error))
            continue
        tokens += reply.prompt_tokens + reply.completion_tokens
        latency += reply.latency_s
        text = tidy(reply.text)
        found = faults(text, problem, turns)
        if why := echo(text, str(messages[-1]["content"]), [str(values.get(x, "")) for x in FREE]):
            found.append(why)
        if also is not None and (why := also(text)):
            found.append(why)
        if reply.finish_reason == "length":
            found.append("was cut at its end")
        if not found:
            return Written(text, tuple(refused), tokens, latency)
        refused.append("; ".join(found[:3]))
    return Written(None, tuple(refused), tokens, latency)


def given_up(turns: Sequence[Turn], speaker: Literal["tutor", "student"]) -> bool:
    """Whether a model's words were refused in so many of its turns, and used in none, that it is asked no more."""
    own = [t for t in turns if t.speaker == speaker]
    return sum(bool(t.refused) for t in own) >= PATIENCE and all(t.source != "model" for t in own)


def tidy(text: str, speaker: Literal["tutor", "student"] = "tutor") -> str:
    """A reply without the speaker's label and the quotation marks that models put around it.

    The other one's label stays: who speaks for the wrong side is to be found out.
    """
    text = _LABELS[speaker].sub("", text.strip()).strip()
    if len(text) > 1 and text[0] in '"“' and text[-1] in '"”' and '"' not in text[1:-1]:
        text = text[1:-1].strip()
    return text


def spoken(move: NextMove, written: Written | None, **more: Any) -> Spoken:
    """A decided move in the words that passed, or in its curated ones."""
    text = written.text if written and written.text else None
    turn = Turn(
        speaker="tutor",
        text=text or move.text,
        move=move.move,
        submove=move.submove,
        addresses=move.addresses,
        source="model" if text else "curated",
        meant=move.text if text else "",
        refused=written.refused if written else (),
        tokens=written.tokens if written else None,
        latency_s=written.latency_s if written else None,
        **more,
    )
    return Spoken(turn, move.closes)


def labeled(turns: Sequence[Turn], text: str, **more: Any) -> Turn:
    """A tutor's turn whose move nobody decided, with the move that rules find in its words."""
    opening = not any(t.speaker == "tutor" for t in turns)
    return Turn(speaker="tutor", text=text, move=classify(text, opening=opening),
                submove=classify_submove(text, opening=opening), **more)  # fmt: skip
