"""One judge's view of a lesson: five anchored criteria (CIDDP), one call each, every level tied to words of the plan.

Criteria after EduPlanner (arXiv 2504.05370): clarity, integrity, depth, practicality, pertinence. Instead of one call
with a 0-100 score, each criterion is judged alone on five described levels, and the judge must quote the words of the
plan that are its evidence. A judgment whose quote does not stand in the plan is missing, as is one off the scale or
one that is no JSON. Asked several times (self-consistency, Wang et al. 2023), a judge's level is the median.

Which judges are believed at all is decided in `panel` and `trial`.
"""

from collections.abc import Sequence
from statistics import mean, median, pstdev
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field

from classwright.classroom.plan import LessonPlan
from classwright.classroom.plan_lines import plan_lines, stands_in
from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.models.together import together
from classwright.prompts import render
from classwright.runs.journal import Key

if TYPE_CHECKING:
    from classwright.agents.panel import Panel

CRITERIA: dict[str, tuple[str, tuple[str, str, str, str, str]]] = {
    "clarity": (
        "Can a colleague teach from it, and a learner follow it, without guessing?",
        (
            "cannot be followed",
            "key parts are unclear",
            "mostly clear, some guessing",
            "clear",
            "clear and precise throughout",
        ),
    ),
    "integrity": (
        "Is everything there that a lesson on this goal needs, with nothing that contradicts it?",
        ("most parts are missing", "important parts are missing", "small gaps", "complete", "complete and coherent"),
    ),
    "depth": (
        "Does it explain why, not only how, and ask learners to think?",
        (
            "only drill",
            "one shallow explanation",
            "some reasons",
            "reasons and questions",
            "deep understanding is built",
        ),
    ),
    "practicality": (
        "Can it be done in the time, with the materials, in a normal classroom?",
        ("cannot be done", "hard to do", "can be done with changes", "can be done", "ready to teach tomorrow"),
    ),
    "pertinence": (
        "Does it fit these learners: their gaps, mistakes and interests?",
        ("ignores them", "barely fits", "fits in places", "fits", "made for exactly these learners"),
    ),
}

DRAWN = 0.7
"""Temperature where a judge is asked several times; asked once, it gives its likeliest answer."""


class Opinion(BaseModel):
    """What the judge answers. Flat, so that any server can hold a model to it; the evidence comes before the level."""

    quote: str = Field(max_length=240, description="4 to 20 words copied from the plan, letter by letter")
    reason: str = Field(max_length=300, description="One short sentence")
    level: int = Field(ge=1, le=5)


class Judgment(BaseModel):
    """One judge's level for one criterion.

    Attributes:
        level: Median of the valid samples, 1..5; None where fewer than half of them are valid.
        evidence: The quote of the sample nearest to the median, as the judge gave it.
        reason: Its reason; for a missing judgment, why it is missing.
        samples: The levels of the valid samples.
        asked: Samples asked for.
        spread: Standard deviation of the valid samples; None with fewer than two.
    """

    judge: str
    criterion: str
    level: float | None
    evidence: str = ""
    reason: str = ""
    samples: list[int] = []
    asked: int = 1
    spread: float | None = None


class Ciddp(BaseModel):
    """The five criteria over the panel.

    Attributes:
        levels: Criterion -> mean level 1..5 over admitted judges, None if there is no valid judgment.
        spread: Criterion -> standard deviation of all valid samples of the admitted judges; None with fewer than two.
        mean: Mean of the five, None if any is missing.
        status: "admitted"; "withheld" where no judge passed its trial (nobody was asked, or what was said is shown
            nowhere); "unreachable" where no judge answered; "missing" where the admitted ones gave no valid judgment.
        why: Why levels are withheld or missing, and which judges the panel went without.
        judges: The judges whose levels are counted.
        judgments: Everything the admitted judges said.
    """

    levels: dict[str, float | None]
    spread: dict[str, float | None] = {}
    mean: float | None
    status: Literal["admitted", "withheld", "unreachable", "missing"]
    why: str = ""
    judges: list[str] = []
    judgments: list[Judgment]


async def judge(
    lines: Sequence[str], chat: Chat, *, unit: str, samples: int = 1, criteria: Sequence[str] = tuple(CRITERIA)
) -> list[Judgment]:
    """One judge's judgments of a plan given line by line (see `plan_lines`), all asked at once.

    Args:
        lines: What the judge reads.
        chat: The judge.
        unit: Journal unit, one a plan.
        samples: Times each criterion is asked for.
        criteria: Which of `CRITERIA` to judge.

    Raises:
        UnreachableError: The judge does not answer.
    """
    text = "\n".join(lines)

    async def ask(criterion: str, n: int) -> Opinion | str:
        question, levels = CRITERIA[criterion]
        messages = render("criterion", criterion=criterion, question=question, levels=levels, lines=lines)
        key = Key(unit, chat.role, "criterion", f"{criterion}.{n}")
        try:
            said = await chat.structured(
                Opinion, messages, key=key, max_tokens=240, temperature=DRAWN if samples > 1 else 0.0
            )
        except OutputError as e:
            return what_failed(e)
        return said if stands_in(said.quote, text) else f"its evidence is not in the plan: {_short(said.quote)}"

    places = [(criterion, n) for criterion in criteria for n in range(samples)]
    replies = await together(*(ask(*place) for place in places))
    found: dict[str, list[Opinion | str]] = {criterion: [] for criterion in criteria}
    for (criterion, _), reply in zip(places, replies, strict=True):
        found[criterion].append(reply)
    return [_combine(chat.role, criterion, said) for criterion, said in found.items()]


def _combine(judge: str, criterion: str, said: Sequence[Opinion | str]) -> Judgment:
    valid = [s for s in said if isinstance(s, Opinion)]
    levels = [s.level for s in valid]
    record = Judgment(
        judge=judge, criterion=criterion, level=None, samples=levels, asked=len(said),
        spread=pstdev(levels) if len(levels) > 1 else None,
    )  # fmt: skip
    if 2 * len(valid) < len(said) or not valid:
        return record.model_copy(update={"reason": next(s for s in said if isinstance(s, str))})
    middle = float(median(levels))
    nearest = min(valid, key=lambda s: abs(s.level - middle))
    return record.model_copy(update={"level": middle, "evidence": nearest.quote, "reason": nearest.reason})


def what_failed(error: OutputError) -> str:
    """What was wrong with a reply, without the place in the journal that the message begins with."""
    return str(error).split(": ", 1)[-1]


def _short(quote: str) -> str:
    text = " ".join(quote.split())
    return repr(text if len(text) <= 60 else text[:59] + "…")


async def evaluate_plan(plan: LessonPlan, panel: "Panel", *, unit: str, samples: int = 1) -> Ciddp:
    """The admitted judges' levels for a plan; with none admitted nobody is asked and nothing is shown.

    Args:
        plan: The plan.
        panel: The judges.
        unit: Journal unit, one a plan.
        samples: Times each judge is asked the same.
    """
    nothing: dict[str, float | None] = dict.fromkeys(CRITERIA)
    if not panel.admitted:
        status, why = panel.refusal()
        return Ciddp(levels=nothing, mean=None, status=status, why=why, judgments=[])
    lines = plan_lines(plan)

    async def view(chat: Chat) -> list[Judgment]:
        known = panel.known_view(chat.role, lines) if samples == 1 else []
        if known:
            return known  # pyright: ignore[reportReturnType] - the same class, seen through a cyclic import
        return await judge(lines, chat, unit=unit, samples=samples)

    views, notes = await panel.ask(view, unit=unit, task="levels")
    if not views:
        return Ciddp(levels=nothing, mean=None, status="unreachable", why=notes, judgments=[])
    levels, spread = _over_panel(views)
    values = [level for level in levels.values() if level is not None]
    if not values:
        notes = "; ".join(filter(None, [notes, f"no valid judgment ({views[0][0].reason})"]))
    return Ciddp(
        levels=levels, spread=spread, mean=mean(values) if len(values) == len(CRITERIA) else None,
        status="admitted" if values else "missing", why=notes,
        judges=[found[0].judge for found in views], judgments=[j for found in views for j in found],
    )  # fmt: skip


def _over_panel(views: Sequence[Sequence[Judgment]]) -> tuple[dict[str, float | None], dict[str, float | None]]:
    """Mean level and spread of each criterion over several judges."""
    levels: dict[str, float | None] = {}
    spread: dict[str, float | None] = {}
    for criterion in CRITERIA:
        mine = [j for view in views for j in view if j.criterion == criterion and j.level is not None]
        drawn = [level for j in mine for level in j.samples]
        levels[criterion] = mean(j.level for j in mine if j.level is not None) if mine else None
        spread[criterion] = pstdev(drawn) if len(drawn) > 1 else None
    return levels, spread


def unfit(control: Sequence[Judgment]) -> str:
    """Why a judge need not be asked about any plan after what it said of the empty lesson, "" if it may be asked."""
    levels = [c.level for c in control if c.level is not None]
    if len(levels) < len(CRITERIA):
        reason = next(c.reason for c in control if c.level is None)
        return f"judged only {len(levels)} of {len(CRITERIA)} criteria of an empty lesson validly ({reason[:160]})"
    if mean(levels) > 4:
        return f"rates a lesson that teaches nothing {mean(levels):.1f} of 5"
    return ""


def distrust(view: Sequence[Judgment], control: Sequence[Judgment]) -> str:
    """Why a judge is not to be believed after it judged a real plan, "" if it is: too many failed answers, or the
    empty lesson not ranked a level below on four of the five criteria.
    """
    pairs = [
        (v.level, c.level) for v, c in zip(view, control, strict=True) if v.level is not None and c.level is not None
    ]
    if len(pairs) < len(CRITERIA):
        reason = next((v.reason for v in view if v.level is None), "")
        return f"gave valid evidence on only {len(pairs)} of {len(CRITERIA)} criteria of a real plan ({reason[:160]})"
    above = sum(v > c for v, c in pairs)
    real, empty = mean(v for v, _ in pairs), mean(c for _, c in pairs)
    if above < 4 or real - empty < 1:
        return f"rates a lesson that teaches nothing {empty:.1f} of 5 and a real one {real:.1f}"
    return ""
