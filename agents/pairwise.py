"""Which of two lessons is better, asked blind and in both orders: who changes the answer with the order said nothing.

Position bias of judges: Wang et al. 2023, "Large Language Models are not Fair Evaluators"; Zheng et al. 2023, MT-Bench.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field

from classwright.agents.evaluator import what_failed
from classwright.classroom.plan import LessonPlan
from classwright.classroom.plan_lines import plan_lines
from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.models.together import together
from classwright.prompts import render
from classwright.runs.journal import Key

if TYPE_CHECKING:
    from classwright.agents.panel import Panel

Vote = Literal["a", "b", "tie"]


class Choice(BaseModel):
    """What the judge answers."""

    reason: str = Field(max_length=300, description="One short sentence that names the difference")
    better: int = Field(ge=1, le=2, description="1 or 2")


class Ballot(BaseModel):
    """One judge's vote on two lessons.

    Attributes:
        vote: "a" or "b" where both orders say so, "tie" where the answer flips with the order; None where a reply is
            missing.
        choices: What it chose when "a" stood first, and when "b" did: 1 for the first lesson, 2 for the second, None
            for a reply that is missing.
        reason: Its reason in the first order, or why the vote is missing.
    """

    judge: str
    vote: Vote | None
    choices: tuple[int | None, int | None]
    reason: str = ""


class Preference(BaseModel):
    """What judges make of two lessons.

    Attributes:
        wins_a, wins_b, ties: Judges that prefer the one, the other, or change with the order.
        missing: Judges without a valid vote.
        ballots: Each judge's vote.
        status: As in `Ciddp`: "withheld" where no judge is admitted (then nobody was asked), "unreachable" where none
            answered, "missing" where no vote is valid.
        why: Why, and which judges the panel went without.
    """

    wins_a: int = 0
    wins_b: int = 0
    ties: int = 0
    missing: int = 0
    ballots: list[Ballot] = []
    status: Literal["admitted", "withheld", "unreachable", "missing"] = "admitted"
    why: str = ""

    @property
    def outcome(self) -> Vote | None:
        """What most judges prefer; "tie" where as many prefer either, None where there is no vote."""
        if not self.wins_a + self.wins_b + self.ties:
            return None
        return "a" if self.wins_a > self.wins_b else "b" if self.wins_b > self.wins_a else "tie"

    def wins(self, a: str, b: str) -> dict[tuple[str, str], float]:
        """The votes for `bradley_terry`, a tie as half a win for each; empty where there is no vote."""
        if not self.wins_a + self.wins_b + self.ties:
            return {}
        return {(a, b): self.wins_a + self.ties / 2, (b, a): self.wins_b + self.ties / 2}


async def prefer(a: Sequence[str], b: Sequence[str], chat: Chat, *, unit: str) -> Preference:
    """One judge's preference between two lessons given line by line; neither is named and both orders are asked.

    Args:
        a, b: What the judge reads of each.
        chat: The judge.
        unit: Journal unit, one a pair.

    Raises:
        UnreachableError: The judge does not answer.
    """
    return count([await vote(a, b, chat, unit=unit)])


async def vote(a: Sequence[str], b: Sequence[str], chat: Chat, *, unit: str, template: str = "pairwise") -> Ballot:
    """As `prefer`, the one ballot; another template compares something else than lessons."""
    (first, why), (second, other) = await together(
        _choose(a, b, chat, Key(unit, chat.role, template, "ab")),
        _choose(b, a, chat, Key(unit, chat.role, template, "ba")),
    )
    if first is None or second is None:
        return Ballot(judge=chat.role, vote=None, choices=(first, second), reason=why if first is None else other)
    found: Vote = "tie" if first == second else "a" if first == 1 else "b"
    return Ballot(judge=chat.role, vote=found, choices=(first, second), reason=why)


async def _choose(first: Sequence[str], second: Sequence[str], chat: Chat, key: Key) -> tuple[int | None, str]:
    messages = render(key.task, first=first, second=second)
    try:
        said = await chat.structured(Choice, messages, key=key, max_tokens=160, temperature=0.0)
    except OutputError as e:
        return None, what_failed(e)
    return said.better, said.reason


def count(ballots: Sequence[Ballot]) -> Preference:
    """The votes of several judges together."""
    votes = [ballot.vote for ballot in ballots]
    missing = votes.count(None)
    none = bool(votes) and missing == len(votes)
    return Preference(
        wins_a=votes.count("a"), wins_b=votes.count("b"), ties=votes.count("tie"), missing=missing,
        ballots=list(ballots), status="missing" if none else "admitted", why=ballots[0].reason if none else "",
    )  # fmt: skip


async def prefer_plans(a: LessonPlan, b: LessonPlan, panel: "Panel", *, unit: str) -> Preference:
    """The admitted judges' preference between two plans; with none admitted nobody is asked.

    Args:
        a, b: The plans.
        panel: The judges.
        unit: Journal unit, one a pair.
    """
    if not panel.admitted:
        status, why = panel.refusal()
        return Preference(status=status, why=why)
    first, second = plan_lines(a), plan_lines(b)
    ballots, notes = await panel.ask(lambda chat: vote(first, second, chat, unit=unit), unit=unit, task="pairwise")
    if not ballots:
        return Preference(status="unreachable", why=notes)
    found = count(ballots)
    return found.model_copy(update={"why": "; ".join(filter(None, [notes, found.why]))})
