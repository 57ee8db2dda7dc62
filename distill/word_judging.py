"""Which of two models' texts is better: blind, in both orders, by judges who first told good texts from spoiled ones.

The trial and its bar are those of `agents.trial`; what is planted are our own texts against spoiled versions of them.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Literal

from pydantic import BaseModel, ConfigDict

from classwright.agents.pairwise import Ballot, count, vote
from classwright.agents.trial import Pair, Standing, try_judge
from classwright.classroom.bradley_terry import bradley_terry, strength_intervals
from classwright.classroom.effects import Estimate, estimate
from classwright.corpus.phrases import sentences
from classwright.distill.copying import words_of
from classwright.distill.held_rows import HeldRow
from classwright.distill.word_measures import Answer, wording
from classwright.models import loop
from classwright.models.chat import Chat
from classwright.models.endpoint import Transport
from classwright.models.roles import open_models
from classwright.models.together import together
from classwright.runs.journal import Journal
from classwright.runs.progress import Progress
from classwright.runs.recipe import Recipe

TEMPLATE = "pairwise_words"
TRIAL = 4
"""Texts of the trial, each spoiled in every way."""


class Bout(BaseModel):
    """Two models on the same rows.

    Attributes:
        first, second: The models.
        wins: Rows on which most judges prefer the first model's text, in both orders.
        losses: The same for the second.
        ties: Rows without a preference, or with the same text.
        missing: Rows without a valid vote; they count in nothing else.
        share: Of the first model: wins and half of the ties, with a bootstrap interval over rows.
    """

    model_config = ConfigDict(frozen=True)

    first: str
    second: str
    wins: int
    losses: int
    ties: int
    missing: int
    share: Estimate


class Strength(BaseModel):
    """A model's log strength (Bradley-Terry, mean 0 over the models) with its interval."""

    model_config = ConfigDict(frozen=True)

    model: str
    value: float
    low: float
    high: float


class Judged(BaseModel):
    """The comparison.

    Attributes:
        status: "admitted"; "withheld" where no judge passed its trial, "missing" where none was named or nothing could
            be compared. Without admission nobody was asked about a model.
        why: Why, "" if admitted.
        judges: The judges' standings.
    """

    model_config = ConfigDict(frozen=True)

    status: Literal["admitted", "withheld", "missing"]
    why: str = ""
    judges: tuple[Standing, ...] = ()
    bouts: tuple[Bout, ...] = ()
    strengths: tuple[Strength, ...] = ()


def judge_words(
    rows: Sequence[HeldRow],
    answers: Mapping[str, Mapping[str, Answer]],
    judges: Recipe,
    out: Path,
    *,
    seed: int,
    progress: Progress,
    endpoint: Transport | None = None,
) -> Judged:
    """Let a recipe's evaluators compare every two models.

    Args:
        rows: What is compared on.
        answers: Model -> row id -> answer; at least two models.
        judges: The recipe.
        out: Folder of the judges' journal.
        seed: Of the trial's spoiled texts and the bootstrap.
        progress: Told what is compared.
        endpoint: Answers in place of the recipe's models.

    Raises:
        JournalError: The journal answers other texts.
        UnreachableError, LimitError: A judge does not answer in the comparison; what it said is in the journal.
    """
    out.mkdir(parents=True, exist_ok=True)

    async def judged() -> Judged:
        with Journal.open(out / "judges.jsonl") as journal:
            async with open_models(judges, journal, seed=seed, endpoint=endpoint) as models:
                progress("trying the judges", 0, 0)
                trial = planted(rows, seed)
                standings = await together(
                    *(try_judge(c, trial, unit="trial", template=TEMPLATE) for c in models.evaluators)
                )
                admitted = [c for c, s in zip(models.evaluators, standings, strict=True) if s.status == "admitted"]
                if not admitted:
                    why = "; ".join(f"{s.judge} ({s.model}): {s.why}" for s in standings)
                    return Judged(status="withheld", why=why, judges=tuple(standings))
                return await _compared(rows, answers, admitted, standings, seed, progress)

    return loop.run(judged())


def planted(rows: Sequence[HeldRow], seed: int) -> list[Pair]:
    """Our own texts against spoiled ones: another row's text, a cut one, shuffled words, one sentence over and over."""
    rng = Random(f"planted words/{seed}")
    able = [r for r in rows if len(sentences(_text(r))) > 1]
    chosen = rng.sample(able, min(TRIAL, len(able)))
    pairs = []
    for row in chosen:
        text, request = _text(row), row.prompt[-1]["content"]
        others = [r for r in able if r.row.skill != row.row.skill and r.about.task == row.about.task] or [
            r for r in able if r.row.skill != row.row.skill
        ]
        words = text.split()
        shuffled = rng.sample(words, len(words))
        spoiled = {
            "about something else": _text(rng.choice(others)) if others else "",
            "cut short": " ".join(words[: len(words) // 3]),
            "shuffled words": " ".join(shuffled),
            "one sentence over and over": " ".join([sentences(text)[0]] * 3),
        }
        pairs += [Pair(kind, row.about.id, [request, text], [request, bad]) for kind, bad in spoiled.items() if bad]
    return pairs


def _text(row: HeldRow) -> str:
    return wording(row, row.curated)


async def _compared(
    rows: Sequence[HeldRow],
    answers: Mapping[str, Mapping[str, Answer]],
    chats: Sequence[Chat],
    standings: Sequence[Standing],
    seed: int,
    progress: Progress,
) -> Judged:
    bouts, wins, done = [], dict[tuple[str, str], float](), 0
    pairs = list(combinations(answers, 2))

    async def bout(a: str, b: str, row: HeldRow, unit: str) -> float | None:
        """1 where the first model's text is preferred, 0 where the second's is, .5 for a tie, None without a vote."""
        nonlocal done
        one, two = (wording(row, answers[m][row.about.id].text) for m in (a, b))
        done += 1
        progress("comparing", done, len(pairs) * len(rows))
        if words_of(one) == words_of(two):
            return 0.5
        request = row.prompt[-1]["content"]
        ballots: list[Ballot] = await together(
            *(vote([request, one], [request, two], c, unit=unit, template=TEMPLATE) for c in chats)
        )
        return {"a": 1.0, "b": 0.0, "tie": 0.5, None: None}[count(ballots).outcome]

    for n, (a, b) in enumerate(pairs, 1):
        found = await together(*(bout(a, b, row, f"bout.{n}.{row.about.id}") for row in rows))
        values = {row.about.id: [v] for row, v in zip(rows, found, strict=True) if v is not None}
        won, lost = found.count(1.0), found.count(0.0)
        ties, missing = found.count(0.5), found.count(None)
        wins |= {(a, b): won + ties / 2, (b, a): lost + ties / 2}
        bouts.append(Bout(first=a, second=b, wins=won, losses=lost, ties=ties, missing=missing,
                          share=estimate(values, seed=seed)))  # fmt: skip
    if not any(wins.values()):
        return Judged(status="missing", why="no judge gave a valid vote", judges=tuple(standings), bouts=tuple(bouts))
    strengths, intervals = bradley_terry(wins, answers), strength_intervals(wins, answers)
    return Judged(
        status="admitted", judges=tuple(standings), bouts=tuple(bouts),
        strengths=tuple(
            Strength(model=m, value=strengths[m], low=intervals[m][0], high=intervals[m][1])
            for m in sorted(answers, key=lambda m: -strengths[m])
        ),
    )  # fmt: skip
