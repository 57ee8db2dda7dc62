"""A model's words for one slot: asked for, checked, asked once more with the fault named, or not used."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from classwright.classroom.plan import Words
from classwright.classroom.slots import TOPIC_SIMILARITY, SlotRules, check_words
from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.prompts import render
from classwright.runs.journal import Key

ATTEMPTS = 2
TOKENS_PER_WORD = 2
"""English takes about 1.3 tokens a word; a reply that needs more than this is too long for its slot anyway."""
Embed = Callable[[Sequence[str]], Awaitable[np.ndarray]]


@dataclass(frozen=True)
class Slot:
    """One slot to fill.

    Attributes:
        task: The prompt template.
        values: Its variables, without `fault` and `note`.
        rules: What the text must keep to.
        curated: The text that stands if the model's does not pass.
        place: Distinguishes slots of the same task in a unit ("1", "2", ...).
        note: What somebody wants of this slot: a teacher, a judge's finding, an earlier lesson.
    """

    task: str
    values: dict[str, Any]
    rules: SlotRules
    curated: str
    place: str = "1"
    note: str = ""


async def fill(slot: Slot, chat: Chat, embed: Embed, *, unit: str) -> Words:
    """The words for a slot, the model's if they pass within two attempts.

    A reply that is cut or empty is a failed attempt like any other; an unreachable model is an error that ends the run.
    """
    refused: list[str] = []
    for attempt in range(ATTEMPTS):
        messages = render(slot.task, **slot.values, note=slot.note, fault=refused[-1] if refused else "")
        key = Key(unit, chat.role, slot.task, f"{slot.place}.{attempt}")
        try:
            reply = await chat.text(messages, key=key, max_tokens=TOKENS_PER_WORD * slot.rules.words[1])
        except OutputError as e:
            refused.append(str(e))
            continue
        text = tidy(reply.text)
        faults = check_words(text, slot.rules)
        if not faults and slot.rules.topic:
            faults = await _off_topic(text, slot.rules.topic, embed)
        if not faults:
            return Words(text=text, source="model", refused=tuple(refused))
        refused.append("; ".join(faults[:3]))
    return Words(text=slot.curated, source="curated", refused=tuple(refused))


def tidy(text: str) -> str:
    """A reply without the quotation marks or the trailing space that models put around it."""
    text = text.strip()
    if len(text) > 1 and text[0] in '"“' and text[-1] in '"”' and '"' not in text[1:-1]:
        text = text[1:-1].strip()
    return text


async def _off_topic(text: str, topic: str, embed: Embed) -> list[str]:
    said, meant = await embed([text, topic])
    similarity = float(said @ meant)
    return [] if similarity >= TOPIC_SIMILARITY else [f"off the topic (similarity {similarity:.2f})"]
