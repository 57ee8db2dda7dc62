"""A model that says what a script tells it, for tests and demonstrations. Everything around it is the real thing."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from classwright.errors import ClasswrightError
from classwright.models.endpoint import Completion


@dataclass(frozen=True)
class Say:
    """One reply in full; a plain string in a script is `Say(text)`.

    Attributes:
        text: The message's content.
        reasoning: Sent apart, as vLLM and others do.
        finish_reason: "stop", or "length" for a cut reply.
        logprobs: First tokens with their log-probabilities.
        delay_s: Time that the reply takes, s.
    """

    text: str
    reasoning: str = ""
    finish_reason: str = "stop"
    logprobs: Mapping[str, float] = field(default_factory=dict)
    delay_s: float = 0.0


Scripted = str | Say | BaseModel | dict[str, Any] | Exception
"""A reply: text, a `Say`, an object that is sent as JSON, or an error that is raised instead of a reply."""


class ScriptedModel:
    """An endpoint that answers from a script.

    Args:
        script: Replies in the order they are asked for, or a function from the request's body to a reply.
        name: What it calls itself.

    Attributes:
        seen: The bodies of all requests so far.
    """

    def __init__(
        self, script: Sequence[Scripted] | Callable[[dict[str, Any]], Scripted], name: str = "scripted"
    ) -> None:
        self.script = script
        self.name = name
        self.seen: list[dict[str, Any]] = []

    async def complete(self, body: dict[str, Any]) -> Completion:
        """Answer the next request.

        Raises:
            ClasswrightError: The script is used up; or whatever error the script holds here.
        """
        self.seen.append(body)
        if callable(self.script):
            reply = self.script(body)
        elif len(self.seen) <= len(self.script):
            reply = self.script[len(self.seen) - 1]
        else:
            raise ClasswrightError(f"the script of {len(self.script)} replies is used up")
        if isinstance(reply, Exception):
            raise reply
        say = _as_say(reply)
        await asyncio.sleep(say.delay_s)
        return Completion(completion(say, self.name, body), say.delay_s)

    async def close(self) -> None:
        """Nothing to let go of."""


def _as_say(reply: Scripted) -> Say:
    if isinstance(reply, Say):
        return reply
    if isinstance(reply, BaseModel):
        return Say(reply.model_dump_json())
    return Say(reply if isinstance(reply, str) else json.dumps(reply, ensure_ascii=False))


def completion(say: Say, model: str, body: dict[str, Any]) -> dict[str, Any]:
    """A reply as the JSON of a chat completion; tokens are counted as words."""
    message: dict[str, Any] = {"role": "assistant", "content": say.text}
    if say.reasoning:
        message["reasoning_content"] = say.reasoning
    choice: dict[str, Any] = {"index": 0, "message": message, "finish_reason": say.finish_reason}
    if say.logprobs:
        top = [{"token": token, "logprob": value, "bytes": None} for token, value in say.logprobs.items()]
        best = max(top, key=lambda entry: entry["logprob"])
        choice["logprobs"] = {"content": [{**best, "top_logprobs": top}], "refusal": None}
    prompt = sum(len(str(message["content"]).split()) for message in body.get("messages", ()))
    said = len(f"{say.reasoning} {say.text}".split())
    usage = {"prompt_tokens": prompt, "completion_tokens": said, "total_tokens": prompt + said}
    return {
        "id": "scripted",
        "object": "chat.completion",
        "created": 0,
        "model": model,
        "choices": [choice],
        "usage": usage,
    }
