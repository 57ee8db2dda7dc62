"""The coach's suggestions: only what the teacher does not do already.

Of the suggestions that Wang & Demszky (BEA 2023) got from a model, 82 % were what the teacher did anyway. So a strategy
that code finds in the teacher's turns right after the moment cannot be chosen, and a suggestion whose words or meaning
are close to something that the teacher says anywhere is dropped.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, Field, create_model

from classwright.agents.coach_evidence import ask, evidence_fault, quoted, segments, shown
from classwright.agents.words import Embed
from classwright.classroom.bridge import Strategy
from classwright.classroom.equations import false_equations
from classwright.classroom.observation import strategies_of
from classwright.classroom.one_sentence import same
from classwright.classroom.strategies import MEANING
from classwright.classroom.talk_lines import TalkLine
from classwright.models.chat import Chat

NEXT_TURNS = 2
"""Tutor turns after a moment in which a strategy counts as carried out there."""
SAME_MEANING = 0.75
SAME_WORDS = 0.7
"""Cosine similarity, and share of the words of one of its sentences, from which the teacher said it already."""
COPIED = 7
"""Words in a row that a suggestion may not take from the transcript."""


class Suggestion(BaseModel):
    """What the teacher could do.

    Attributes:
        line, quote: The moment.
        strategy: One of Bridge's.
        text: The suggestion.
        dropped: Why it is not shown: what the teacher did already, or what is wrong with it. "" for one that stands.
    """

    line: int
    quote: str
    strategy: Strategy | None = None
    text: str = ""
    dropped: str = ""


@cache
def _suggests(strategies: tuple[Strategy, ...]) -> type[BaseModel]:
    choice: Any = (Literal[strategies], Field(description="One of the strategies"))  # pyright: ignore[reportInvalidTypeForm]
    quote: Any = (str, Field(max_length=300))
    return create_model(
        "Suggests", line=(int, ...), quote=quote, strategy=choice, suggestion=(str, Field(max_length=500))
    )


async def suggest(
    line: int,
    lines: Sequence[TalkLine],
    chat: Chat,
    embed: Embed,
    *,
    number: int,
    why: str = "",
    others: Sequence[Suggestion] = (),
) -> Suggestion:
    """One suggestion for a moment, with a strategy that the teacher did not use there.

    Args:
        line: The line of the moment.
        lines: The transcript.
        chat: The coach's model.
        embed: Embeddings, to compare with what the teacher says.
        number: Which of the suggestions this is, from 1.
        why: What the moment is about, "" for nothing.
        others: The suggestions before; their words are not said again, nor their strategies while others are left.

    Returns:
        The suggestion, or the last one that was dropped, with the reason.

    Raises:
        UnreachableError: The model does not answer.
    """
    at = next(i for i, x in enumerate(lines) if x.number == line)
    moment = lines[at]
    replies = [x for x in lines[at + (moment.turn.speaker != "tutor") :] if x.turn.speaker == "tutor"][:NEXT_TURNS]
    done = {s: x.number for x in reversed(replies) for s in strategies_of(x, lines)}
    open_ones: tuple[Strategy, ...] = tuple(s for s in MEANING if s not in done)
    fresh: tuple[Strategy, ...] = tuple(s for s in open_ones if s not in {x.strategy for x in others})
    open_ones = fresh or open_ones
    quote = " ".join(moment.turn.text.split())[:200]
    if not open_ones:
        return Suggestion(line=line, quote=quote, dropped="the teacher used every strategy there")
    said_by_tutor = [x for x in lines if x.turn.speaker == "tutor" and x.turn.text.strip()]
    part = next(p for p in segments(lines) if moment in p)
    values = {
        "lines": shown(part), "line": line, "quote": quote, "why": why,
        "strategies": [(s, MEANING[s]) for s in open_ones],
        "reply": " / ".join(" ".join(x.turn.text.split())[:200] for x in replies) or "(nothing)",
    }  # fmt: skip
    last = Suggestion(line=line, quote=quote)

    async def fault(said: Any) -> str:
        nonlocal last
        last = Suggestion(line=line, quote=quote, strategy=said.strategy, text=" ".join(said.suggestion.split()))
        if said.line != line:
            return f"it must be about line {line}, not line {said.line}"
        if why := evidence_fault(part)(said):
            return why
        if wrong := false_equations(said.suggestion, questions=False):
            return f"false equation: {wrong[0]}"
        if len(said.suggestion.split()) < 5:
            return "it says too little"
        already = await _already(last.text, said_by_tutor, embed)
        if already is not None:
            return f"the teacher does this already in line {already}"
        if any(same(last.text, x.text) for x in others):
            return "another suggestion says the same"
        copied = _copied(last.text, lines)
        return f"it copies line {copied}" if copied else ""

    said, failed = await ask(_suggests(open_ones), "coach_suggestion", values, chat, f"suggestion.{number}", fault)
    if said is None:
        return last.model_copy(update={"dropped": failed})
    kept = quoted(line, said.model_dump()["quote"], lines)
    return last.model_copy(update={"quote": kept.quote})


async def _already(text: str, tutor: Sequence[TalkLine], embed: Embed) -> int | None:
    """The line in which the teacher says what a suggestion says, by its words or its meaning; None for no such line."""
    for line in tutor:
        said = _content(line.turn.text)
        for sentence in re.split(r"(?<=[.!?])\s+", text):
            words = _content(sentence)
            if len(words) > 2 and len(words & said) >= SAME_WORDS * len(words):
                return line.number
    rows = await embed([text, *(line.turn.text for line in tutor)])
    near = [(float(rows[0] @ row), line.number) for row, line in zip(rows[1:], tutor, strict=True)]
    best = max(near, default=(0.0, 0))
    return best[1] if best[0] >= SAME_MEANING else None


def _copied(text: str, lines: Sequence[TalkLine]) -> int:
    """The first line of which a suggestion copies `COPIED` words in a row, 0 for none."""
    words = re.findall(r"[^\W_]+", text.lower())
    runs = {tuple(words[i : i + COPIED]) for i in range(len(words) - COPIED + 1)}
    for line in lines:
        there = re.findall(r"[^\W_]+", line.turn.text.lower())
        if any(tuple(there[i : i + COPIED]) in runs for i in range(len(there) - COPIED + 1)):
            return line.number
    return 0


def _content(text: str) -> set[str]:
    return {w[:6] for w in re.findall(r"[^\W\d_]{4,}|\d+", text.lower())} - {"studen", "teache", "could", "would"}
