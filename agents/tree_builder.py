"""The tree builder: proposes skills of a topic, finds their passages, and is asked again about what is in doubt.

Everything that code can decide stays with code: whether a quote stands in the source, whether two names are the same,
whether prerequisites go in a circle.
"""

import math
import unicodedata
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, Field, model_validator

from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.prompts import render
from classwright.runs.journal import Key
from classwright.skilltree.draft_tree import DraftSkill

MOST = 10
"""Skills of one proposal."""
LEAST_QUOTE = 12
"""Characters that a quote needs to say where it comes from."""


class Proposal(BaseModel):
    """What the model proposes. Flat lists of equal length, so that any server can hold a model to it."""

    names: list[str] = Field(max_length=MOST, description="Short noun phrases")
    descriptions: list[str] = Field(max_length=MOST)
    needs: list[str] = Field(max_length=MOST, description="Prerequisite names separated by ;")

    @model_validator(mode="after")
    def _equal(self) -> "Proposal":
        lengths = {name: len(getattr(self, name)) for name in type(self).model_fields}
        if len(set(lengths.values())) > 1:
            raise ValueError(
                "the lists need one entry for each skill, not "
                + ", ".join(f"{n} {name}" for name, n in lengths.items())
            )
        return self


class CitedProposal(Proposal):
    """A proposal from a source."""

    quotes: list[str] = Field(max_length=MOST, description="Sentences of the passage, word for word")


class Quote(BaseModel):
    """A sentence of a passage."""

    quote: str


class Proposed(BaseModel):
    """One proposed skill, with the names it needs and the passage it is said to come from."""

    name: str
    description: str
    needs: list[str]
    quote: str = ""
    passage: int | None = None


async def propose(
    chat: Chat,
    *,
    topic: str,
    grade: int | None,
    known: Sequence[str],
    passage: str,
    number: int | None,
    place: str,
    unit: str,
) -> list[Proposed]:
    """Skills of a topic, or of one passage of a source.

    Args:
        chat: The model.
        topic: What the tree is about.
        grade: For which grade; None: not said.
        known: Names found in earlier rounds.
        passage: A passage of the source; "" without a source.
        number: Its number; None without a source.
        place: Ordinal in the journal.
        unit: Journal unit.

    Raises:
        OutputError: No valid proposal after a repair.
    """
    messages = render("tree_propose", topic=topic, grade=grade, known=list(known), passage=passage, most=MOST)
    schema = CitedProposal if passage else Proposal
    said = await chat.structured(schema, messages, key=Key(unit, chat.role, "tree_propose", place), max_tokens=1800)
    quotes = said.quotes if isinstance(said, CitedProposal) else [""] * len(said.names)
    return [
        Proposed(name=clean(name), description=" ".join(description.split()), passage=number, quote=clean_quote(quote),
                 needs=[clean(n) for n in needs.split(";") if clean(n)])
        for name, description, needs, quote in zip(said.names, said.descriptions, said.needs, quotes, strict=True)
        if clean(name)
    ]  # fmt: skip


async def ask_quote(chat: Chat, skill: Proposed, passage: str, *, place: str, unit: str) -> str:
    """The passage's sentence for a skill whose quote does not stand in it, asked for once more; "" if none is given."""
    messages = render("tree_quote", skill=skill.name, description=skill.description, passage=passage)
    try:
        said = await chat.structured(Quote, messages, key=Key(unit, chat.role, "tree_quote", place), max_tokens=300)
    except OutputError:
        return ""
    return clean_quote(said.quote)


async def same_skill(chat: Chat, a: str, b: str, *, place: str, unit: str) -> float | None:
    """P(yes) that two names mean one skill; .5 where the answer flips with the order of the options.

    None where the endpoint gives no log-probabilities.
    """
    odds = await _odds(chat, "tree_same", {"a": a, "b": b}, place, unit)
    if odds is None:
        return None
    return _probability(odds) if odds[0] * odds[1] > 0 else 0.5


async def must_precede(chat: Chat, before: DraftSkill, after: DraftSkill, *, topic: str, unit: str) -> float | None:
    """P(yes) that a skill must come before another; None where the endpoint gives no log-probabilities."""
    values = {"topic": topic, "before": described(before), "after": described(after)}
    odds = await _odds(chat, "tree_needs", values, f"{before.id}>{after.id}", unit)
    return None if odds is None else _probability(odds)


async def _odds(
    chat: Chat, task: Literal["tree_same", "tree_needs"], values: dict[str, str], place: str, unit: str
) -> list[float] | None:
    """The log-odds of yes in both orders of the options: models prefer some letters."""
    odds = []
    for order in (("yes", "no"), ("no", "yes")):
        key = Key(unit, chat.role, task, f"{place}.{order[0]}")
        try:
            said = await chat.choice_logprobs(order, render(task, **values), key=key)
        except OutputError:
            return None
        odds.append(max(min(said["yes"] - said["no"], 50.0), -50.0))
    return odds


def _probability(odds: Sequence[float]) -> float:
    """The probability with the mean of log-odds: a preference for a letter cancels out."""
    return 1 / (1 + math.exp(-sum(odds) / len(odds)))


def described(skill: DraftSkill) -> str:
    """Name and description as one line."""
    return f"{skill.name}: {skill.description}" if skill.description else skill.name


def clean(name: str) -> str:
    """A name without list marks, quotation marks or a full stop, at most 120 characters."""
    return " ".join(name.split()).strip("-*•\"'“”. ")[:120].strip()


def clean_quote(quote: str) -> str:
    """A quote without the quotation marks and dots that models put around it."""
    text = " ".join(quote.split())
    if len(text) > 1 and text[0] in "\"“'" and text[-1] in "\"”'":
        text = text[1:-1].strip()
    return text.removeprefix("...").removesuffix("...").strip(" …")


def stands_in(quote: str, passage: str) -> bool:
    """Whether a quote stands in a passage word for word; only white space and the encoding of letters may differ."""
    text = _same_letters(quote)
    return len(text) >= LEAST_QUOTE and text in _same_letters(passage)


def _same_letters(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())
