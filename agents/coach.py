"""The coach: ratings with evidence, moments, and suggestions that the teacher has not carried out already.

After Wang & Demszky (BEA 2023), who found that a model's ratings hardly agreed with experts' and that 82 % of its
suggestions were what the teacher did anyway. So every reply must name a line and copy words of it, which code looks up;
ratings stay "uncalibrated"; a suggestion may only use a strategy that code does not find in the teacher's next turns,
and is dropped where its words are close to something that the teacher says.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from statistics import median
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, create_model

from classwright.agents.evaluator import what_failed
from classwright.agents.words import Embed
from classwright.classroom.bridge import Strategy
from classwright.classroom.equations import false_equations
from classwright.classroom.observation import TalkLine, find_quote, quoted_elsewhere, strategies_of
from classwright.classroom.rating_scales import Dimension
from classwright.classroom.strategies import MEANING
from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.models.together import together
from classwright.prompts import render
from classwright.runs.journal import Key

ATTEMPTS = 2
SEGMENT = 7_000
"""Characters of a transcript for one question, about 2,000 tokens; a longer one is rated part by part."""
NEXT_TURNS = 2
"""Tutor turns after a moment in which a strategy counts as carried out there."""
SAME_MEANING = 0.75
SAME_WORDS = 0.7
"""Cosine similarity, and share of a suggestion's words, from which the teacher said it already."""

R = TypeVar("R", bound=BaseModel)


class Quoted(BaseModel):
    """Words of a line, exactly as they stand there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    line: int
    quote: str


class Rating(BaseModel):
    """One dimension.

    Attributes:
        level: Median over the parts of the transcript, with the good end on top; None where it is missing.
        raw: As the instrument counts it: other than `level` for a reversed dimension.
        top: The best level; the lowest is 1.
        evidence, reasons: One a part that was rated.
        status: "uncalibrated": nobody has shown that these levels agree with trained observers'. Or "missing".
        why: Why it is missing.
    """

    dimension: str
    instrument: str
    name: str
    level: float | None
    raw: float | None
    top: int
    reversed: bool
    evidence: list[Quoted] = []
    reasons: list[str] = []
    status: Literal["uncalibrated", "missing"]
    why: str = ""


class Pointed(BaseModel):
    """A moment that the model points to: worth keeping, or a missed chance; or why there is none."""

    kind: Literal["highlight", "missed"]
    line: int | None
    quote: str = ""
    why: str = ""


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


class _Seven(BaseModel):
    line: int
    quote: str = Field(max_length=300)
    reason: str = Field(max_length=400)
    level: int = Field(ge=1, le=7)


class _Three(BaseModel):
    line: int
    quote: str = Field(max_length=300)
    reason: str = Field(max_length=400)
    level: int = Field(ge=1, le=3)


class _Moment(BaseModel):
    line: int
    quote: str = Field(max_length=300)
    why: str = Field(max_length=400)


@cache
def _suggests(strategies: tuple[Strategy, ...]) -> type[BaseModel]:
    choice: Any = (Literal[strategies], Field(description="One of the strategies"))  # pyright: ignore[reportInvalidTypeForm]
    quote: Any = (str, Field(max_length=300))
    return create_model("Suggests", line=(int, ...), quote=quote, strategy=choice, suggestion=(str, Field(max_length=500)))


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


async def rate(dimension: Dimension, lines: Sequence[TalkLine], chat: Chat) -> Rating:
    """One dimension of a transcript, one call a part; missing where fewer than half of the parts have a valid rating.

    Raises:
        UnreachableError: The model does not answer.
    """
    parts = segments(lines)
    schema: type[_Seven] | type[_Three] = _Seven if dimension.top == 7 else _Three

    async def one(i: int, part: list[TalkLine]) -> tuple[BaseModel | None, str]:
        values = {
            "name": dimension.name, "question": dimension.question, "anchors": dimension.anchors, "top": dimension.top,
            "lines": _shown(part),
        }  # fmt: skip
        return await _ask(schema, "coach_score", values, chat, f"{dimension.key}.{i}", _evidence_fault(part))

    heard = await together(*(one(i, part) for i, part in enumerate(parts, 1)))
    valid = [said for said, _ in heard if isinstance(said, _Seven | _Three)]
    shared = {
        "dimension": dimension.key, "instrument": dimension.instrument, "name": dimension.name, "top": dimension.top,
        "reversed": dimension.reversed,
    }  # fmt: skip
    if 2 * len(valid) < len(parts) or not valid:
        why = next(why for said, why in heard if said is None)
        return Rating(**shared, level=None, raw=None, status="missing", why=why)
    raw = median(v.level for v in valid)
    return Rating(
        **shared, level=dimension.shown(raw), raw=raw, status="uncalibrated",
        evidence=[_quoted(v.line, v.quote, lines) for v in valid], reasons=[v.reason for v in valid],
    )  # fmt: skip


async def point(
    kind: Literal["highlight", "missed"], lines: Sequence[TalkLine], chat: Chat, *, number: int, taken: Sequence[int]
) -> Pointed:
    """A moment worth keeping, or a missed chance, that is none of the lines already taken.

    Args:
        kind: Which.
        lines: The transcript.
        chat: The coach's model.
        number: Which of them this is, from 1; they look into the parts of a long transcript in turn.
        taken: Numbers of lines already pointed to.

    Raises:
        UnreachableError: The model does not answer.
    """
    parts = segments(lines)
    part = parts[(number - 1) % len(parts)]
    inside = {line.number for line in part} & set(taken)
    tutors = {line.number for line in part if line.turn.speaker == "tutor"}

    def fault(said: Any) -> str:
        if said.line in inside:
            return f"line {said.line} was pointed to already"
        if kind == "highlight" and said.line not in tutors and said.line in {x.number for x in part}:
            return f"line {said.line} is not the Tutor's"
        return _evidence_fault(part)(said)

    values = {"kind": kind, "lines": _shown(part), "taken": [f"line {n}" for n in sorted(inside)]}
    said, why = await _ask(_Moment, "coach_moment", values, chat, f"{kind}.{number}", fault)
    if said is None:
        return Pointed(kind=kind, line=None, why=why)
    found = _quoted(said.line, said.quote, lines)
    return Pointed(kind=kind, line=found.line, quote=found.quote, why=said.why)


async def suggest(
    line: int, lines: Sequence[TalkLine], chat: Chat, embed: Embed, *, number: int, why: str = ""
) -> Suggestion:
    """One suggestion for a moment, with a strategy that the teacher did not use there.

    Args:
        line: The line of the moment.
        lines: The transcript.
        chat: The coach's model.
        embed: Embeddings, to compare with what the teacher says.
        number: Which of the suggestions this is, from 1.
        why: What the moment is about, "" for nothing.

    Returns:
        The suggestion, or the last one that was dropped, with the reason.

    Raises:
        UnreachableError: The model does not answer.
    """
    at = next(i for i, x in enumerate(lines) if x.number == line)
    moment = lines[at]
    replies = [x for x in lines[at + (moment.turn.speaker != "tutor") :] if x.turn.speaker == "tutor"][:NEXT_TURNS]
    done = {s: x.number for x in reversed(replies) for s in strategies_of(x, lines)}
    open_ones = tuple(s for s in MEANING if s not in done)
    quote = " ".join(moment.turn.text.split())[:200]
    if not open_ones:
        return Suggestion(line=line, quote=quote, dropped="the teacher used every strategy there")
    said_by_tutor = [x for x in lines if x.turn.speaker == "tutor" and x.turn.text.strip()]
    part = next(p for p in segments(lines) if moment in p)
    values = {
        "lines": _shown(part), "line": line, "quote": quote, "why": why, "strategies": [(s, MEANING[s]) for s in open_ones],
        "reply": " / ".join(" ".join(x.turn.text.split())[:200] for x in replies) or "(nothing)",
    }  # fmt: skip
    last = Suggestion(line=line, quote=quote)

    async def fault(said: Any) -> str:
        nonlocal last
        last = Suggestion(line=line, quote=quote, strategy=said.strategy, text=" ".join(said.suggestion.split()))
        if said.line != line:
            return f"it must be about line {line}, not line {said.line}"
        if why := _evidence_fault(part)(said):
            return why
        if wrong := false_equations(said.suggestion, questions=False):
            return f"false equation: {wrong[0]}"
        if len(said.suggestion.split()) < 5:
            return "it says too little"
        already = await _already(last.text, said_by_tutor, embed)
        return f"the teacher does this already in line {already}" if already is not None else ""

    said, failed = await _ask(_suggests(open_ones), "coach_suggestion", values, chat, f"suggestion.{number}", fault)
    if said is None:
        return last.model_copy(update={"dropped": failed})
    kept = _quoted(line, said.model_dump()["quote"], lines)
    return last.model_copy(update={"quote": kept.quote})


async def _already(text: str, tutor: Sequence[TalkLine], embed: Embed) -> int | None:
    """The line in which the teacher says what a suggestion says, by its words or its meaning; None for no such line."""
    words = _content(text)
    for line in tutor:
        shared = words & _content(line.turn.text)
        if len(words) > 2 and len(shared) >= SAME_WORDS * len(words):
            return line.number
    rows = await embed([text, *(line.turn.text for line in tutor)])
    near = [(float(rows[0] @ row), line.number) for row, line in zip(rows[1:], tutor, strict=True)]
    best = max(near, default=(0.0, 0))
    return best[1] if best[0] >= SAME_MEANING else None


def _content(text: str) -> set[str]:
    return {w[:6] for w in re.findall(r"[^\W\d_]{4,}|\d+", text.lower())} - {"studen", "teache", "could", "would"}


def _evidence_fault(part: Sequence[TalkLine]) -> Callable[[Any], str]:
    """What is wrong with a reply's line and quote, "" for nothing."""
    by_number = {line.number: line for line in part}

    def fault(said: Any) -> str:
        if said.line not in by_number:
            return f"there is no line {said.line}"
        if find_quote(said.quote, by_number[said.line]) is None:
            where = quoted_elsewhere(said.quote, part)
            found = f"they stand in line {where[0]}" if where else "copy words of the line letter by letter"
            return f"these words do not stand in line {said.line}; {found}"
        return ""

    return fault


def _quoted(number: int, quote: str, lines: Sequence[TalkLine]) -> Quoted:
    line = next(x for x in lines if x.number == number)
    return Quoted(line=number, quote=find_quote(quote, line) or "")


def _shown(part: Sequence[TalkLine]) -> list[str]:
    return [str(line) for line in part]


async def _ask(
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
