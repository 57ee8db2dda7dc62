"""A judge checks a text against a rubric: one claim a call, met or not, and met only with words of the text."""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from classwright.agents.evaluator import what_failed
from classwright.classroom.controls import off_topic
from classwright.classroom.plan_lines import stands_in
from classwright.classroom.rubric import MUST, Claim
from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.models.together import together
from classwright.prompts import render
from classwright.runs.journal import Key

MOST_CONTROLS = 4
"""Claims that a judge is tried with on a text about something else."""


class Check(BaseModel):
    """What the judge answers."""

    quote: str = Field(
        max_length=240, description="4 to 20 words copied from the text, letter by letter; empty if not met"
    )
    met: bool


class ClaimVerdict(BaseModel):
    """One judge's answer to one claim; met is None where there is no valid one, with the reason."""

    claim: str
    met: bool | None
    quote: str = ""
    why: str = ""


async def check_claims(
    claims: Sequence[Claim], text: str, chat: Chat, *, unit: str, evidence: str | None = None
) -> list[ClaimVerdict]:
    """One judge's verdicts on the claims that judges decide, all asked at once.

    Args:
        claims: The rubric.
        text: What is judged.
        chat: The judge.
        unit: Journal unit, one a text.
        evidence: Where quotes must stand; left out: in `text`.

    Raises:
        UnreachableError: The judge does not answer.
    """

    async def one(claim: Claim) -> ClaimVerdict:
        messages = render("rubric", text=text, claim=claim.text)
        key = Key(unit, chat.role, "rubric", claim.id)
        try:
            said = await chat.structured(Check, messages, key=key, max_tokens=160, temperature=0.0)
        except OutputError as e:
            return ClaimVerdict(claim=claim.id, met=None, why=what_failed(e))
        if said.met and not stands_in(said.quote, evidence or text):
            return ClaimVerdict(claim=claim.id, met=None, quote=said.quote, why="its evidence is not in the text")
        return ClaimVerdict(claim=claim.id, met=said.met, quote=said.quote if said.met else "")

    return list(await together(*(one(c) for c in claims if c.by == "judges")))


async def try_on_claims(claims: Sequence[Claim], chat: Chat, *, unit: str) -> str:
    """Why a judge is not believed with this rubric, "" if it is: it finds claims met in a text about something else.

    Raises:
        UnreachableError: The judge does not answer.
    """
    asked = [c for c in claims if c.by == "judges" and not c.harm]
    asked = sorted(asked, key=lambda c: c.weight != MUST)[:MOST_CONTROLS]
    said = await check_claims(asked, "\n".join(off_topic(0)), chat, unit=unit)
    valid = [v for v in said if v.met is not None]
    met = sum(v.met is True for v in valid)
    if 2 * len(valid) <= len(said):
        why = next(v.why for v in said if v.met is None)
        return f"gave {len(valid)} of {len(said)} valid answers about a text on another subject ({why[:160]})"
    return f"finds {met} of {len(said)} claims met in a text about something else" if met else ""
