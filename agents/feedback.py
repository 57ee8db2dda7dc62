"""One comment and one label: a yes-or-no question with three examples and their reasoning.

SIGHT (Wang et al., BEA 2023) asks one binary question a label; three examples with reasoning agreed best with people.
"""

import json
from typing import Literal

from pydantic import BaseModel, Field

from classwright.agents.evaluator import what_failed
from classwright.agents.feedback_examples import EXAMPLES
from classwright.classroom.feedback_labels import QUESTION, Label
from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.prompts import render
from classwright.runs.journal import Key


class LabelAnswer(BaseModel):
    """What the model answers; the reasoning comes first."""

    reasoning: str = Field(max_length=600, description="One or two sentences")
    answer: Literal["yes", "no"]


class Verdict(BaseModel):
    """Whether a comment has a label; None where there is no valid answer, with the reason."""

    has: bool | None
    reason: str = ""


async def has_label(text: str, label: Label, chat: Chat, *, unit: str) -> Verdict:
    """Ask one question about one comment.

    Args:
        text: The comment, without names.
        label: What is asked.
        chat: The judge.
        unit: Journal unit, one a comment.

    Raises:
        UnreachableError: The judge does not answer.
    """
    examples = [
        (comment, json.dumps({"reasoning": reasoning, "answer": answer}, ensure_ascii=False))
        for comment, reasoning, answer in EXAMPLES[label]
    ]
    messages = render("feedback", question=QUESTION[label], examples=examples, text=" ".join(text.split()))
    key = Key(unit, chat.role, "feedback", label)
    try:
        said = await chat.structured(LabelAnswer, messages, key=key, max_tokens=200, temperature=0.0)
    except OutputError as error:
        return Verdict(has=None, reason=what_failed(error))
    return Verdict(has=said.answer == "yes", reason=said.reasoning)
