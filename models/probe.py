"""Asking a model a few short things to see that it can be used."""

import asyncio
from typing import NamedTuple

from classwright.errors import ClasswrightError
from classwright.models.capabilities import measure
from classwright.models.chat import Chat
from classwright.models.endpoint import Endpoint
from classwright.models.served import answers, check_same
from classwright.runs.capabilities import Capabilities


class ProbeResult(NamedTuple):
    """What a model can do.

    Attributes:
        ok: Whether it answers at all.
        model: The name it was asked by.
        latency_s: Time to its first, short reply, s; 0 where there was none.
        capabilities: What it does; None where it does not answer.
        error: Why it does not answer, else "".
        exit_code: That of the error (2: the recipe or a file is wrong, 3: nobody answers), else 0.
    """

    ok: bool
    model: str
    latency_s: float
    capabilities: Capabilities | None
    error: str
    exit_code: int


async def probe(chat: Chat) -> ProbeResult:
    """Ask for a word, then for everything that `models/capabilities.py` judges; nothing is put into a journal.

    Several servers of one endpoint must serve the same model, as far as they answer now and list what they serve.
    """
    try:
        if isinstance(chat.endpoint, Endpoint):
            await asyncio.to_thread(_check_servers, await chat.endpoint.servers(), chat.model, chat.endpoint.api_key)
        capabilities, latency_s = await measure(chat)
    except ClasswrightError as error:
        return ProbeResult(False, chat.model, 0.0, None, str(error), error.exit_code)
    return ProbeResult(True, chat.model, round(latency_s, 3), capabilities, "", 0)


def _check_servers(urls: list[str], model: str, key: str | None) -> None:
    if len(urls) > 1:
        check_same([url for url in urls if answers(url, key)], model, key)
