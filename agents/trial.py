"""The trial of a judge: pairs of lessons of which code knows the better one, and pairs of equally good ones.

The bar is ours (no publication gives one for lesson plans): a judge must prefer the real lesson in both orders in four
of five planted pairs, and clearly more often than the quarter that guessing gives. It stops being asked as soon as it
cannot reach the bar any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from classwright.agents.absence import unless_absent
from classwright.agents.evaluator import Judgment
from classwright.agents.pairwise import Ballot, vote
from classwright.classroom.agreement import wilson
from classwright.models.chat import Chat
from classwright.models.together import together

FIRST_WAVE = 2
"""Pairs asked at once at first, or as many as the judge's endpoint takes at a time; then as many as before again: 2, 2,
4, 8, ... A good judge waits a few times only. Of a judge that failed every pair so far only as many are asked as it
takes to be below the bar for certain."""
LONGER_BY = 1.02
"""A lesson with so much more text than another counts as the longer one."""


@dataclass(frozen=True)
class Pair:
    """Two lessons put before a judge.

    Attributes:
        kind: What is planted: the control's or the swap's name.
        lesson: Which real lesson it was made from.
        a, b: What the judge reads. `a` is the better one, unless `equal`.
        equal: The two are equally good.
    """

    kind: str
    lesson: str
    a: Sequence[str]
    b: Sequence[str]
    equal: bool = False

    @property
    def longer(self) -> Literal["a", "b", ""]:
        """Which of the two has clearly more text."""
        one, other = sum(map(len, self.a)), sum(map(len, self.b))
        return "a" if one > LONGER_BY * other else "b" if other > LONGER_BY * one else ""


class Bar(BaseModel):
    """What a judge must reach.

    Attributes:
        accuracy: Least share of planted pairs in which the better lesson is preferred in both orders.
        chance: What the low end of that share's interval must exceed; guessing gives 1/4, as two orders must agree.
        valid: Least share of pairs with two valid replies.
        length: Largest length bias on equally good lessons, tested on `least_swaps` pairs or more.
    """

    model_config = ConfigDict(frozen=True)

    accuracy: float = 0.8
    chance: float = 0.25
    valid: float = 0.8
    length: float = 0.5
    least_swaps: int = 4


class Tried(BaseModel):
    """One pair of the trial with the judge's vote."""

    kind: str
    lesson: str
    equal: bool
    longer: Literal["a", "b", ""]
    ballot: Ballot

    @property
    def right(self) -> bool:
        """Whether the better lesson was preferred in both orders."""
        return self.ballot.vote == "a" and not self.equal


class Standing(BaseModel):
    """What a judge is worth after its trial.

    Attributes:
        status: "admitted", "withheld", "unreachable", or "untried" where nothing was put before it.
        why: In one sentence, why it is not admitted.
        planned: Planted pairs there were; `judged` of them have two valid replies, in `right` the real lesson won.
        accuracy, low, high: right / judged with its Wilson interval; None where nothing was judged.
        flips: Judged planted pairs whose answer changed with the order.
        first: Share of replies, over all pairs, that chose the lesson which stood first; .5 without a position bias.
        valid: Share of pairs asked that got two valid replies.
        length_bias: (longer preferred - shorter preferred) / pairs, on equally good lessons, -1..1; None where no such
            pair was judged.
        tried: Every pair that was asked.
        control: What it said of the empty lesson, where it was asked.
        view: What it said of the real lesson of the trial.
    """

    judge: str
    model: str
    status: Literal["admitted", "withheld", "unreachable", "untried"]
    why: str = ""
    planned: int = 0
    judged: int = 0
    right: int = 0
    accuracy: float | None = None
    low: float | None = None
    high: float | None = None
    flips: int = 0
    first: float | None = None
    valid: float | None = None
    length_bias: float | None = None
    tried: list[Tried] = []
    control: list[Judgment] = []
    view: list[Judgment] = []


async def try_judge(
    chat: Chat,
    pairs: Sequence[Pair],
    *,
    unit: str,
    bar: Bar | None = None,
    thorough: bool = False,
    template: str = "pairwise",
) -> Standing:
    """Put a judge before pairs of lessons, each in both orders.

    Planted pairs come first, in the order given; equally good pairs are asked only of a judge that passed those.

    Args:
        chat: The judge.
        pairs: Planted and equally good pairs.
        unit: Journal unit; each pair has one of its own under it.
        bar: What to reach.
        thorough: Ask everything, also of a judge that cannot reach the bar any more.
        template: The prompt of a comparison.
    """
    limits = bar or Bar()
    done: list[Tried] = []

    async def ask(places: Sequence[int]) -> None:
        ballots = await together(
            *(vote(pairs[n].a, pairs[n].b, chat, unit=f"{unit}.{n + 1}", template=template) for n in places)
        )
        for n, ballot in zip(places, ballots, strict=True):
            pair = pairs[n]
            done.append(Tried(kind=pair.kind, lesson=pair.lesson, equal=pair.equal, longer=pair.longer, ballot=ballot))

    async def hear() -> str:
        planted = [n for n, pair in enumerate(pairs) if not pair.equal]
        asked, wave = 0, len(planted) if thorough else max(FIRST_WAVE, places(chat) // 2)
        why = ""
        while asked < len(planted) and not why:
            await ask(planted[asked : asked + wave])
            asked = min(asked + wave, len(planted))
            wave = asked if any(t.right for t in done) else _failures_left(done, len(planted), limits)
            why = fault(done, len(planted), limits)
        if why and not thorough:
            return why
        await ask([n for n, pair in enumerate(pairs) if pair.equal])
        return why or _length_fault(done, limits)

    why, absent = await unless_absent(chat, hear, unit=unit, task="pairs")
    status = "unreachable" if absent else "withheld" if why else "admitted"
    planned = sum(not pair.equal for pair in pairs)
    return _figures(Standing(judge=chat.role, model=chat.model, status=status, why=absent or why or ""), done, planned)


def _figures(standing: Standing, done: list[Tried], planned: int) -> Standing:
    judged = [t for t in done if not t.equal and t.ballot.vote is not None]
    right = sum(t.right for t in judged)
    low, high = wilson(right, len(judged)) if judged else (None, None)
    choices = [c for t in done for c in t.ballot.choices if c is not None]
    return standing.model_copy(
        update={
            "planned": planned,
            "judged": len(judged),
            "right": right,
            "accuracy": right / len(judged) if judged else None,
            "low": low,
            "high": high,
            "flips": sum(t.ballot.vote == "tie" for t in judged),
            "first": choices.count(1) / len(choices) if choices else None,
            "valid": sum(t.ballot.vote is not None for t in done) / len(done) if done else None,
            "length_bias": length_bias(done),
            "tried": done,
        }
    )


def fault(done: Sequence[Tried], planned: int, bar: Bar) -> str:
    """Why a judge cannot reach the bar any more with the planted pairs that are left, "" while it can."""
    planted = [t for t in done if not t.equal]
    judged = [t for t in planted if t.ballot.vote is not None]
    left = planned - len(planted)
    if (len(judged) + left) / planned < bar.valid:
        example = next(t.ballot.reason for t in planted if t.ballot.vote is None)
        return f"gave two valid replies for only {len(judged)} of {len(planted)} pairs ({example[:160]})"
    right = sum(t.right for t in judged)
    best = right + left
    if best / (len(judged) + left) >= bar.accuracy and wilson(best, len(judged) + left)[0] > bar.chance:
        return ""
    if not judged:
        return f"{planned} planted pairs are too few to tell it from guessing"
    return _reason(judged, right, bar)


def places(chat: Chat) -> int:
    """Requests that a judge's endpoint answers at a time; 1 where it does not say."""
    return getattr(chat.endpoint, "concurrency", 1)


def _failures_left(done: Sequence[Tried], planned: int, bar: Bar) -> int:
    """How many more pairs must fail, at least one, until the bar is out of reach for a judge that failed all so far."""
    allowed = int(planned * (1 - bar.accuracy) + 1e-9)
    return max(1, allowed + 1 - len(done))


def _reason(judged: Sequence[Tried], right: int, bar: Bar) -> str:
    """What the failed pairs have in common, in one sentence."""
    n, failed = len(judged), [t for t in judged if not t.right]
    figure = f"right in {right} of {n} planted pairs, the bar is {bar.accuracy:.0%}"
    flipped = [t for t in failed if t.ballot.vote == "tie"]
    if 2 * len(flipped) >= len(failed) and failed:
        places = [c for t in flipped for c in t.ballot.choices]
        where = "first" if places.count(1) == len(places) else "second" if places.count(2) == len(places) else ""
        chosen = f"chooses the {where} lesson whatever it is" if where else "changes its mind with the order"
        return f"{chosen} in {len(flipped)} of {n} pairs ({figure})"
    decided = [t for t in judged if t.ballot.vote in ("a", "b") and t.longer]
    kinds = ", ".join(dict.fromkeys(t.kind for t in failed))
    if failed and len(decided) > 1 and all(t.longer == t.ballot.vote for t in decided):
        always = f"prefers the longer lesson in all {len(decided)} pairs it decides"
        return f"{always}, also where that is worse: {kinds} ({figure})"
    if not failed:
        return f"{n} planted pairs are too few to tell it from guessing ({figure})"
    return f"does not see through: {kinds} ({figure})"


def length_bias(done: Sequence[Tried]) -> float | None:
    """(longer preferred - shorter preferred) / pairs, on equally good lessons of different length; None without any."""
    found = [t for t in done if t.equal and t.longer and t.ballot.vote is not None]
    if not found:
        return None
    longer = sum(t.ballot.vote == t.longer for t in found)
    shorter = sum(t.ballot.vote not in ("tie", t.longer) for t in found)
    return (longer - shorter) / len(found)


def _length_fault(done: Sequence[Tried], bar: Bar) -> str:
    bias = length_bias(done)
    n = sum(t.equal and bool(t.longer) and t.ballot.vote is not None for t in done)
    if bias is None or n < bar.least_swaps or abs(bias) <= bar.length:
        return ""
    which = "longer" if bias > 0 else "shorter"
    return f"prefers the {which} of two equally good lessons (length bias {bias:+.2f} on {n} pairs)"
