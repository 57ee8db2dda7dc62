"""Asking an endpoint what it really does: servers take fields that they do not know and answer as if all were well.

So every feature is judged by its effect. A schema that only one answer satisfies, which no prompt tells, was followed
if this answer comes; log-probabilities are there if they are numbers that can be such; n = 2 brings two replies.
"""

import asyncio
import time
from typing import Any, Literal

from pydantic import BaseModel

from classwright.errors import ClasswrightError, InputError, UnreachableError
from classwright.models.chat import TOP, Chat, Message
from classwright.models.endpoint import Endpoint
from classwright.models.reply import read_reply, token_logprobs
from classwright.models.served import list_models
from classwright.models.structured import read_structured, response_format
from classwright.runs.capabilities import Capabilities

AT_ONCE = 8
"""Requests that are sent together to see how many run at a time."""
THINKING_TOKENS = 64
"""Longest reply to the first question: room for a thought to begin, so that its place is seen."""

_QUESTION: list[Message] = [{"role": "user", "content": "What color is the sky? One word."}]
_ECHOED = "One two three four five six"


class Pinned(BaseModel):
    """An object with one possible value, which cannot be guessed."""

    answer: Literal["okra-4417-violin"]


async def measure(chat: Chat) -> tuple[Capabilities, float]:
    """Find out what a chat's model does. Nothing is put into a journal.

    Returns:
        What it does, and the time to the reply to a plain question, s.

    Raises:
        UnreachableError: It does not answer at all.
        InputError: The server refuses the key, the model or the address.
        ClasswrightError: It answers without any text.
    """
    raw, latency_s = await _plain(chat)
    reply = read_reply(raw, latency_s=latency_s, cached=False)
    if not reply.text and not reply.reasoning:
        raise ClasswrightError(f"{chat.role} ({chat.model}) replied without text")
    return Capabilities(
        json_schema=await _json_schema(chat),
        logprobs=await _logprobs(chat),
        prompt_logprobs=await _prompt_logprobs(chat),
        n=await _several(chat),
        reasoning=_thinking(raw, bool(reply.reasoning)),
        context=await _context(chat),
        parallel=await _parallel(chat),
    ), latency_s


def body(chat: Chat, messages: list[Message], **fields: Any) -> dict[str, Any]:
    """A request as short as can be."""
    plain = {"model": chat.model, "messages": messages, "temperature": 0.0, "max_tokens": 1, "seed": 0}
    return plain | chat.spec.extra_body | fields


async def _plain(chat: Chat) -> tuple[dict[str, Any], float]:
    raw, latency_s, _ = await chat.endpoint.complete(body(chat, _QUESTION, max_tokens=THINKING_TOKENS))
    return raw, latency_s


async def _asked(chat: Chat, **fields: Any) -> dict[str, Any] | None:
    """The reply to a request with further fields, None where the server refuses it or fails over it.

    Raises:
        UnreachableError: The server answers nothing any more, so that nothing is known about the fields.
    """
    try:
        return (await chat.endpoint.complete(body(chat, _QUESTION, **fields))).raw
    except UnreachableError:
        await _plain(chat)
        return None
    except ClasswrightError:
        return None


async def _json_schema(chat: Chat) -> bool:
    raw = await _asked(chat, response_format=response_format(Pinned), max_tokens=THINKING_TOKENS)
    try:
        return raw is not None and bool(read_structured(Pinned, read_reply(raw, latency_s=0, cached=False).text))
    except ValueError:
        return False


async def _logprobs(chat: Chat) -> bool:
    raw = await _asked(chat, logprobs=True, top_logprobs=TOP)
    try:
        return raw is not None and all(value <= 1e-6 for value in token_logprobs(raw).values())
    except ClasswrightError:
        return False


async def _several(chat: Chat) -> bool:
    raw = await _asked(chat, n=2, temperature=1.0)
    return raw is not None and len(raw["choices"]) == 2


async def _prompt_logprobs(chat: Chat) -> Literal["chat", "echo", "no"]:
    raw = await _asked(chat, prompt_logprobs=1)
    listed = raw.get("prompt_logprobs") if raw is not None else None
    if isinstance(listed, list) and any(isinstance(entry, dict) and entry for entry in listed):
        return "chat"
    return "echo" if isinstance(chat.endpoint, Endpoint) and await _echoes(chat, chat.endpoint) else "no"


async def _echoes(chat: Chat, endpoint: Endpoint) -> bool:
    """Whether the completions API gives the prompt back with a log-probability of each token but the first."""
    asked = {"model": chat.model, "prompt": _ECHOED, "max_tokens": 1, "echo": True, "logprobs": 1, "temperature": 0.0}
    try:
        raw = (await endpoint.post_json("/completions", asked)).raw
        choice = raw["choices"][0]
        values = choice["logprobs"]["token_logprobs"]
        return str(choice["text"]).startswith(_ECHOED) and sum(isinstance(v, float) for v in values) >= 4
    except UnreachableError:
        await _plain(chat)
        return False
    except (ClasswrightError, KeyError, IndexError, TypeError):
        return False


def _thinking(raw: dict[str, Any], thinks: bool) -> Literal["field", "tags", "none"]:
    message = raw["choices"][0]["message"]
    if message.get("reasoning") or message.get("reasoning_content"):
        return "field"
    return "tags" if thinks else "none"


async def _context(chat: Chat) -> int | None:
    if not isinstance(chat.endpoint, Endpoint):
        return None
    lengths = []
    for url in await chat.endpoint.servers():
        try:
            known = await asyncio.to_thread(list_models, url, chat.endpoint.api_key)
        except (UnreachableError, InputError):
            continue  # it keeps no list
        lengths += [served.context for served in known if served.id == chat.model and served.context]
    return min(lengths, default=None)


async def _parallel(chat: Chat) -> int:
    """Time of one request over the time of eight together, times eight."""

    def counting(start: int) -> dict[str, Any]:
        return body(chat, [{"role": "user", "content": f"Count on from {start}."}], max_tokens=24)

    started = time.perf_counter()
    await chat.endpoint.complete(counting(5))
    one_s, started = time.perf_counter() - started, time.perf_counter()
    await asyncio.gather(*(chat.endpoint.complete(counting(100 * n)) for n in range(1, AT_ONCE + 1)))
    together_s = time.perf_counter() - started
    return max(1, min(AT_ONCE, round(AT_ONCE * one_s / max(together_s, 1e-9))))
