"""The coach: ratings and moments, each with evidence that code finds in the transcript.

Wang & Demszky (BEA 2023) found that a model's ratings hardly agreed with experts'. So every reply must name a line and
copy words of it, which code looks up, and a rating is "uncalibrated" whatever it says.
"""

from collections.abc import Sequence
from statistics import median
from typing import Any, Literal

from pydantic import BaseModel, Field

from classwright.agents.coach_evidence import Quoted, ask, evidence_fault, quoted, segments, shown
from classwright.classroom.rating_scales import Dimension
from classwright.classroom.talk_lines import TalkLine
from classwright.models.chat import Chat
from classwright.models.together import together


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
            "lines": shown(part),
            "shown_by": dimension.shown_by,
        }  # fmt: skip
        return await ask(
            schema, "coach_score", values, chat, f"{dimension.key}.{i}", evidence_fault(part, dimension.shown_by)
        )

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
        evidence=[quoted(v.line, v.quote, lines) for v in valid], reasons=[v.reason for v in valid],
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
    in_place = evidence_fault(part, "tutor" if kind == "highlight" else "")

    def fault(said: Any) -> str:
        return f"line {said.line} was pointed to already" if said.line in inside else in_place(said)

    values = {"kind": kind, "lines": shown(part), "taken": [f"line {n}" for n in sorted(inside)]}
    said, why = await ask(_Moment, "coach_moment", values, chat, f"{kind}.{number}", fault)
    if said is None:
        return Pointed(kind=kind, line=None, why=why)
    found = quoted(said.line, said.quote, lines)
    return Pointed(kind=kind, line=found.line, quote=found.quote, why=said.why)
