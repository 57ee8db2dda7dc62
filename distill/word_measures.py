"""What is measured of a model's words for held-out rows, each figure with its interval."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from classwright.classroom.agreement import wilson
from classwright.classroom.effects import Estimate, estimate
from classwright.classroom.idea_checks import Analogy
from classwright.classroom.kappa import cohen_kappa
from classwright.classroom.moves import classify
from classwright.classroom.slots import repetition
from classwright.classroom.socratic import next_move
from classwright.corpus.asked import AnalogyAsked, OptimizerAsked, SlotAsked, TutorAsked
from classwright.distill.copying import Copied, words_of
from classwright.distill.held_rows import KINDS, HeldRow
from classwright.distill.move_reader import MoveReader
from classwright.distill.number_copies import NumberCopies, number_copies, required_in
from classwright.distill.pooled import pooled
from classwright.distill.variety import Spread, variety
from classwright.skilltree.readability import readability
from classwright.skilltree.tree import SkillTree

NEAR = 0.8
"""Share of a text that is one run of words of the training texts, from which it counts as nearly verbatim."""


class Answer(BaseModel):
    """A model's answer to a row.

    Attributes:
        text: What it said.
        refused: Why the agent does not use it, "" if it does.
        right: Of a choice, whether it is ours.
        tokens, seconds: Of the reply; None for our own texts.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    text: str
    refused: str = ""
    right: bool | None = None
    tokens: int | None = None
    seconds: float | None = None


class Share(BaseModel):
    """A share of rows, 0..1, with Wilson's interval."""

    model_config = ConfigDict(frozen=True)

    yes: int
    of: int
    share: float
    low: float
    high: float


class Measures(BaseModel):
    """What was measured over some rows; None for what they cannot show.

    Attributes:
        accepted: Rows whose first answer the agent uses.
        held: By what rows are held out -> the same of these.
        numbers: Of the rows with numbers, those with no number but the prompt's, and all that are required.
        verbatim: Texts that are one of the training texts, case and punctuation aside.
        near: Texts of which one run of `NEAR` or more of their words stands in a training text, numbers aside.
        run: The longest such run as a share of a text, mean.
        twins: Texts that are another row's text as well.
        repeats: Texts that repeat themselves (`slots.repetition`).
        variety: n -> distinct-n of samples of half the texts (see `variety`).
        reading: Flesch-Kincaid grade of the texts.
        readable: Of the rows with a highest grade, those not above it.
        moves: Of the tutor's turns, those whose move is by the rules of `classroom.moves` the one that was to be said.
        kappa: The same beyond chance (Cohen).
        kinds: Of the tutor's turns, those whose kind of move is by `move_reader` the one that was to be said.
        choices: Of the choices, those that are ours.
        speed: Tokens a second.
        seconds: Of a text, mean.
    """

    model_config = ConfigDict(frozen=True)

    rows: int
    accepted: Share
    held: dict[str, Share]
    numbers: Share | None
    verbatim: Share | None
    near: Share | None
    run: Estimate
    twins: Share | None
    repeats: Share | None
    variety: dict[int, Spread]
    reading: Estimate
    readable: Share | None
    moves: Share | None
    kappa: float | None
    kinds: Share | None
    choices: Share | None
    speed: Estimate
    seconds: Estimate


def share(hits: Iterable[bool]) -> Share | None:
    """The share of those that are true; None where there are none."""
    found = list(hits)
    if not found:
        return None
    low, high = wilson(sum(found), len(found))
    return Share(yes=sum(found), of=len(found), share=sum(found) / len(found), low=low, high=high)


def measure_words(
    rows: Sequence[HeldRow],
    answers: Mapping[str, Answer],
    copies: Mapping[str, Copied],
    reader: MoveReader,
    tree: SkillTree,
    *,
    seed: int,
) -> Measures:
    """Measure a model's answers.

    Args:
        rows: At least one, each with an answer.
        answers, copies: By row id.
        reader: Of moves, learned from the training texts.
        tree: The skill tree.
        seed: Of the bootstraps over rows and of the samples.
    """
    given = [(row, answers[row.about.id]) for row in rows]
    said = {row.about.id: words for row, a in given if (words := wording(row, a.text))}
    spoken = {name: " ".join(words_of(text)) for name, text in said.items()}
    times = Counter(spoken.values())
    accepted = share(not a.refused for _, a in given)
    assert accepted is not None
    moves = [m for row, a in given if a.text and (m := _moves(row, a.text, tree, reader))]
    grades = {name: readability(text).grade for name, text in said.items()}
    limits = {row.about.id: limit for row, _ in given if (limit := _limit(row)) is not None}
    timed = [(a.tokens or 0, a.seconds) for _, a in given if a.seconds]
    return Measures(
        rows=len(rows),
        accepted=accepted,
        held={
            kind: found
            for kind in KINDS
            if (found := share(not a.refused for row, a in given if kind in row.about.held))
        },
        numbers=share(n.exact for row, a in given if (n := _numbers(row, a.text)).any),
        verbatim=share(copies[name].verbatim for name in said),
        near=share(copies[name].share >= NEAR for name in said),
        run=estimate({name: [copies[name].share] for name in said}, seed=seed),
        twins=share(times[t] > 1 for t in spoken.values()),
        repeats=share(bool(repetition(text)) for text in said.values()),
        variety=variety(list(said.values()), seed=seed),
        reading=estimate({name: [grade] for name, grade in grades.items()}, seed=seed),
        readable=share(grades[name] <= limit for name, limit in limits.items() if name in grades),
        moves=share(m.move == m.said for m in moves),
        kappa=cohen_kappa([m.move for m in moves], [m.said for m in moves]),
        kinds=share(m.submove == m.read for m in moves if m.read),
        choices=share(a.right for _, a in given if a.right is not None),
        speed=_per_second(timed, seed),
        seconds=estimate({str(n): [s] for n, (_, s) in enumerate(timed)}, seed=seed),
    )


def wording(row: HeldRow, text: str) -> str:
    """The words of a text: of a choice in JSON its reason, of an analogy its sentences."""
    return words_in(text) if isinstance(row.about.asked, OptimizerAsked | AnalogyAsked) else text


def words_in(text: str) -> str:
    """The words of a choice or an analogy in JSON; the text as it stands where it is neither."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    reason = value.get("reason") if isinstance(value, dict) else None
    if isinstance(reason, str):
        return reason
    try:
        return Analogy.model_validate(value).text()
    except ValidationError:
        return text


class _Moves(NamedTuple):
    """What was to be said, the move by the rules, and the kind of move that the reader finds ("" for none)."""

    move: str
    submove: str
    said: str
    read: str


def _moves(row: HeldRow, text: str, tree: SkillTree, reader: MoveReader) -> _Moves | None:
    asked = row.about.asked
    if not isinstance(asked, TutorAsked):
        return None
    wanted = next_move(asked.problem, tree, asked.turns, seed=asked.seed)
    opening = not any(t.speaker == "tutor" for t in asked.turns)
    read = reader.read(text) if reader else ""
    return _Moves(wanted.move, wanted.submove, classify(text, opening=opening), read)


def _numbers(row: HeldRow, text: str) -> NumberCopies:
    return number_copies(wording(row, text), row.prompt[-1]["content"], required_in(row.about.asked))


def _limit(row: HeldRow) -> float | None:
    """The highest reading grade that a row's agent allows."""
    return row.about.asked.slot.rules.reading_grade if isinstance(row.about.asked, SlotAsked) else None


def _per_second(timed: Sequence[tuple[int, float]], seed: int) -> Estimate:
    """Tokens over seconds of all replies; `pooled` counts whole things, here milliseconds."""
    found = pooled([1000.0 * tokens for tokens, _ in timed], [max(1, round(1000 * s)) for _, s in timed], seed=seed)
    return found.model_copy(update={"values": sum(tokens for tokens, _ in timed)})
