"""A text checked against the rubric of its skill by a panel, clean and perturbed."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from classwright.agents.absence import unless_absent
from classwright.agents.rubric import ClaimVerdict, check_claims, try_on_claims
from classwright.classroom.rubric import (
    PERTURBATIONS,
    Claim,
    Perturbation,
    RubricScore,
    Vote,
    by_code,
    claims_for,
    combine,
    perturb,
    score,
)
from classwright.models.chat import Chat
from classwright.models.roles import Models
from classwright.models.together import together
from classwright.skilltree.tree import SkillTree


class RubricRequest(BaseModel):
    """What is to be judged.

    Attributes:
        source: Where the text comes from, for people.
        perturbed: Whether P1 to P3 are judged too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    skill: str
    text: str = Field(min_length=1)
    source: str
    vote: Vote = "conservative"
    perturbed: bool = False
    seed: int = 0


class RubricJudge(BaseModel):
    """A judge of the rubric: whether its verdicts count, and why not."""

    judge: str
    model: str
    status: str
    why: str = ""


class RubricReading(BaseModel):
    """The verdicts on one version of the text.

    Attributes:
        by_judge: Judge -> its verdicts.
        met: Claim -> the panel's verdict 0..1; None without any valid one.
        stable: Share of claims with the verdict of the clean text; None for the clean text itself.
    """

    perturbation: Perturbation
    by_judge: dict[str, list[ClaimVerdict]]
    met: dict[str, float | None]
    score: RubricScore
    stable: float | None = None


class RubricResult(BaseModel):
    """The outcome. `status`: "verdict" with two judges or more, "single judge", "withheld", or "unreachable"."""

    skill: str
    source: str
    claims: list[Claim]
    judges: list[RubricJudge]
    status: str
    readings: list[RubricReading] = []


@dataclass(frozen=True)
class Context:
    """What the judging works with."""

    request: RubricRequest
    tree: SkillTree
    models: Models
    progress: Callable[[str], None]


async def judge_rubric(c: Context) -> RubricResult:
    """Every judge is first tried on a text about something else; those that see through it judge the text.

    Raises:
        InputError: The skill has no rubric.
    """
    r = c.request
    claims = claims_for(c.tree, r.skill, r.seed)
    chats = c.models.evaluators
    c.progress("trying the judges on a text about something else")
    judges = await together(*(_admit(claims, chat) for chat in chats))
    fit = [chat for chat, j in zip(chats, judges, strict=True) if j.status == "admitted"]
    result = RubricResult(skill=r.skill, source=r.source, claims=claims, judges=judges, status=_status(judges))
    if not fit:
        return result
    c.progress("judging claims")
    versions: list[Perturbation] = list(PERTURBATIONS) if r.perturbed else ["P0"]
    gone: dict[str, str] = {}
    readings = await together(*(_read(c, claims, fit, version, gone) for version in versions))
    for judge in judges:
        if judge.judge in gone:
            judge.status, judge.why = "unreachable", gone[judge.judge]
    for reading in readings:
        # one that dropped out halfway counts nowhere, so that all versions are judged by the same panel
        reading.by_judge = {name: said for name, said in reading.by_judge.items() if name not in gone}
        _sum_up(reading, claims, r)
    if len(fit) == len(gone):
        return result.model_copy(update={"judges": judges, "status": _status(judges)})
    clean = readings[0]
    for reading in readings[1:]:
        both = [(clean.met[c.id], reading.met[c.id]) for c in claims]
        known = [a == b for a, b in both if a is not None and b is not None]
        reading.stable = sum(known) / len(known) if known else None
    return result.model_copy(update={"judges": judges, "status": _status(judges), "readings": readings})


async def _admit(claims: list[Claim], chat: Chat) -> RubricJudge:
    why, absent = await unless_absent(
        chat, lambda: try_on_claims(claims, chat, unit="elsewhere"), unit="elsewhere", task="rubric"
    )
    status = "unreachable" if absent else "withheld" if why else "admitted"
    return RubricJudge(judge=chat.role, model=chat.model, status=status, why=absent or why or "")


def _status(judges: list[RubricJudge]) -> str:
    n = sum(j.status == "admitted" for j in judges)
    if n:
        return "verdict" if n > 1 else "single judge"
    return "unreachable" if all(j.status == "unreachable" for j in judges) else "withheld"


async def _read(
    c: Context, claims: list[Claim], chats: list[Chat], version: Perturbation, gone: dict[str, str]
) -> RubricReading:
    text = perturb(c.request.text, version, c.request.seed)
    # what the adversarial premise says of the text is no evidence: quotes must stand in the text itself
    evidence = c.request.text if version == "P3" else text

    async def one(chat: Chat) -> list[ClaimVerdict] | None:
        said, _ = await unless_absent(
            chat, lambda: check_claims(claims, text, chat, unit=version, evidence=evidence), unit=version,
            task="rubric", gone=gone,
        )  # fmt: skip
        return said

    heard = await together(*(one(chat) for chat in chats))
    said = {chat.role: verdicts for chat, verdicts in zip(chats, heard, strict=True) if verdicts is not None}
    nothing = RubricScore(score=None, total=0, positive=0, judged=0, missing=len(claims))
    return RubricReading(perturbation=version, by_judge=said, met={}, score=nothing)


def _sum_up(reading: RubricReading, claims: list[Claim], r: RubricRequest) -> None:
    for claim in claims:
        if claim.by == "code":
            reading.met[claim.id] = float(by_code(claim, r.text))
            continue
        votes = [v.met for said in reading.by_judge.values() for v in said if v.claim == claim.id]
        reading.met[claim.id] = combine(votes, claim, r.vote)
    reading.score = score(claims, reading.met)
