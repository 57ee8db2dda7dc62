"""A judge labels texts that people labeled before: one question a call, one of the given labels, or nothing."""

from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, Field, create_model

from classwright.classroom.human_labels import Labeled, LabelFile
from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.prompts import render
from classwright.runs.journal import Key


@cache
def _schema(choices: tuple[str, ...]) -> type[BaseModel]:
    label: Any = (Literal[choices], Field(description="One of the labels"))  # pyright: ignore[reportInvalidTypeForm]
    reason: Any = (str, Field(max_length=300, description="One short sentence"))
    return create_model("Label", reason=reason, label=label)


async def label(row: Labeled, dimension: str, file: LabelFile, chat: Chat, *, unit: str) -> str | None:
    """A judge's label for one dimension of one text; None where it gives no valid one.

    Raises:
        UnreachableError: The judge does not answer.
    """
    messages = render(
        "label", context=row.context, text=row.text, question=file.questions[dimension], choices=file.choices[dimension]
    )
    key = Key(unit, chat.role, "label", f"{list(file.questions).index(dimension) + 1}")
    try:
        said = await chat.structured(
            _schema(file.choices[dimension]), messages, key=key, max_tokens=160, temperature=0.0
        )
    except OutputError:
        return None
    return said.model_dump()["label"]
