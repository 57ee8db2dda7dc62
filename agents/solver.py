"""Two independent answers to a question that code cannot check.

Each solver sees the question, and the class text where there is one, but neither the answer that the plan states nor
the other solver. What they say is compared by code; where code cannot tell, a third call says whether the two mean the
same, and the question is marked as settled by an opinion.
"""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, Field

from classwright.classroom.same_answer import agree
from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.models.together import together
from classwright.prompts import render
from classwright.runs.journal import Key

LONGEST = 12
"""Words of a stated answer from which a solver's shorter one, which says the same, is the better key."""
_NO_ANSWER = ("cannot be answered", "unknown", "not given", "i don't know")


class Solution(BaseModel):
    """What a solver says."""

    reason: str
    answer: str = Field(min_length=1, max_length=200)


class SameMeaning(BaseModel):
    """Whether two answers say the same."""

    same: bool


class Settled(BaseModel):
    """A question with what two solvers say.

    Attributes:
        answer: What both say; the plan's own wording where it says the same and is short. None where they do not agree.
        by: "code" where code saw that they agree, "model" where that is an opinion.
        reason: A solver's reason, "" without an answer.
        first: What the plan had stated, if the solvers agree on something else; else "".
        why: Why there is no answer.
    """

    question: str
    answer: str | None = None
    by: Literal["code", "model"] = "code"
    reason: str = ""
    first: str = ""
    why: str = ""


async def settle(
    question: str,
    stated: str,
    chat: Chat,
    *,
    unit: str,
    place: str,
    topic: str,
    grade: int,
    passages: Sequence[str] = (),
) -> Settled:
    """What two independent solutions say of a question.

    Args:
        question: The question.
        stated: The answer that the plan states.
        chat: Who solves.
        unit: Journal unit.
        place: The question's place in the unit ("guided.1").
        topic: The lesson's topic.
        grade: 0 is Kindergarten.
        passages: The class text.

    Raises:
        UnreachableError, LimitError: See `Chat.structured`.
    """

    async def solve(way: int) -> Solution | str:
        values = {"question": question, "topic": topic, "grade": grade or "K", "passages": list(passages)}
        key = Key(unit, chat.role, "free_solve", f"{place}.{way}")
        try:
            said = await chat.structured(Solution, render("free_solve", way=way, **values), key=key, max_tokens=200)
        except OutputError as error:
            return str(error)
        return said

    one, other = await together(solve(1), solve(2))
    if isinstance(one, str) or isinstance(other, str):
        return Settled(question=question, why=f"no solution: {one if isinstance(one, str) else other}")
    if any(no in said.answer.lower() for said in (one, other) for no in _NO_ANSWER):
        return Settled(question=question, why="a solver says that it cannot be answered")
    agreed = await _same(question, one.answer, other.answer, chat, unit, f"{place}.solvers")
    if not agreed:
        return Settled(question=question, why=f"two solutions disagree: “{one.answer}” and “{other.answer}”")
    shorter = min((one, other), key=lambda s: len(s.answer))
    kept = await _same(question, stated, shorter.answer, chat, unit, f"{place}.stated")
    by = "model" if "model" in (agreed, kept) else "code"
    if kept:
        short = len(stated.split()) <= LONGEST
        return Settled(question=question, answer=stated if short else shorter.answer, by=by, reason=other.reason)
    return Settled(question=question, answer=shorter.answer, by=agreed, reason=shorter.reason, first=stated)


async def _same(question: str, a: str, b: str, chat: Chat, unit: str, place: str) -> Literal["code", "model"] | None:
    """Who says that two answers agree; None if they do not. An opinion must hold in both orders."""
    verdict = agree(a, b)
    if verdict != "unsure":
        return "code" if verdict == "same" else None

    async def ask(first: str, second: str, order: int) -> bool:
        messages = render("free_same", question=question, first=first, second=second)
        key = Key(unit, chat.role, "free_same", f"{place}.{order}")
        try:
            said = await chat.structured(SameMeaning, messages, key=key, max_tokens=40, temperature=0.0)
        except OutputError:
            return False
        return said.same

    return "model" if all(await together(ask(a, b, 1), ask(b, a, 2))) else None
