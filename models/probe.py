"""Asking a model a few short things to see that it can be used."""

import time
from typing import Literal, NamedTuple

from pydantic import BaseModel

from classwright.errors import ClasswrightError
from classwright.models.chat import Chat
from classwright.runs.journal import Key


class ProbeResult(NamedTuple):
    """What a model can do.

    Attributes:
        ok: Whether it answers at all.
        model: The name it was asked by.
        latency_s: Time to its first, one-word reply, s; 0 where there was none.
        json_schema: Whether it holds to a schema.
        logprobs: Whether it returns log-probabilities.
        error: Why it does not answer, else "".
        exit_code: That of the error (2: the recipe or a file is wrong, 3: nobody answers), else 0.
    """

    ok: bool
    model: str
    latency_s: float
    json_schema: bool
    logprobs: bool
    error: str
    exit_code: int


class Color(BaseModel):
    """The color of a thing."""

    color: Literal["red", "green", "blue"]


async def probe(chat: Chat) -> ProbeResult:
    """Ask for a word, for an object of a schema and for the probability of two letters.

    Nothing is put into a journal: give it a chat without one.
    """
    question = [{"role": "user", "content": "What color is the sky? One word."}]
    started = time.perf_counter()
    try:
        await chat.text(question, key=Key("probe", chat.role, "text"), max_tokens=8)
    except ClasswrightError as error:
        return ProbeResult(False, chat.model, 0.0, False, False, str(error), error.exit_code)
    latency_s = time.perf_counter() - started
    json_schema = logprobs = True
    try:
        await chat.structured(Color, question, key=Key("probe", chat.role, "schema"), max_tokens=40)
    except ClasswrightError:
        json_schema = False
    try:
        await chat.choice_logprobs(["blue", "red"], question, key=Key("probe", chat.role, "letters"))
    except ClasswrightError:
        logprobs = False
    return ProbeResult(True, chat.model, round(latency_s, 3), json_schema, logprobs, "", 0)
