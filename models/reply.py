"""Reading what an endpoint answers: text, reasoning kept apart, why it ended, tokens."""

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from classwright.errors import OutputError

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion

_THINK = re.compile(r"\s*<think(?:ing)?>(.*?)</think(?:ing)?>\s*", re.DOTALL)
_CLOSED = re.compile(r"(.*?)</think(?:ing)?>\s*", re.DOTALL)
_OPEN = re.compile(r"\s*<think(?:ing)?>(.*)", re.DOTALL)


class Reply(NamedTuple):
    """One reply of a model.

    Attributes:
        text: What the model says, without reasoning, stripped of surrounding space. Never empty from `Chat.text`.
        reasoning: What it thought first, "" if nothing. Never shown to students, not trained on by default.
        finish_reason: "stop", or "length" where the reply was cut at the token limit, or another of the API's words.
        prompt_tokens: As reported, 0 where the endpoint reports none.
        completion_tokens: As reported, reasoning included.
        latency_s: From request to reply, s; of the first time for a reply from the journal.
        model: The model that the endpoint says answered.
        cached: Whether the reply was taken from the journal.
    """

    text: str
    reasoning: str
    finish_reason: str
    prompt_tokens: int
    completion_tokens: int
    latency_s: float
    model: str
    cached: bool


def typed(raw: object) -> "ChatCompletion":
    """The JSON of a chat completion with its types; fields that servers often leave out are filled in.

    Raises:
        ValueError: It is not a chat completion; the message says why in one line.
    """
    from openai.types.chat import ChatCompletion
    from pydantic import ValidationError

    if not isinstance(raw, dict):
        raise ValueError("not a JSON object")
    if raw.get("error"):
        raise ValueError(error_message(raw))
    full = {"id": "", "created": 0, "model": "", **raw, "object": "chat.completion"}
    choices = full.get("choices")
    if isinstance(choices, list):
        full["choices"] = [_filled(index, choice) for index, choice in enumerate(choices)]
    try:
        completion = ChatCompletion.model_validate(full)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ValueError(f"not a chat completion: {where}: {first['msg']}") from error
    if not completion.choices:
        raise ValueError("not a chat completion: choices is empty")
    return completion


def _filled(index: int, choice: object) -> object:
    if not isinstance(choice, dict):
        return choice
    filled = {"index": index, **choice}
    message = filled.get("message")
    if isinstance(message, dict):
        filled["message"] = {"content": None, **message, "role": "assistant"}
    known = ("stop", "length", "tool_calls", "content_filter", "function_call")
    if filled.get("finish_reason") not in known:
        # Some servers say "eos", "end_turn", "max_tokens" or nothing.
        filled["finish_reason"] = "length" if filled.get("finish_reason") in ("max_tokens", "model_length") else "stop"
    return filled


def read_reply(
    raw: dict[str, Any], *, latency_s: float, cached: bool, completion: "ChatCompletion | None" = None
) -> Reply:  # fmt: skip
    """A chat completion as a `Reply`; its text may be empty. `completion` is what `typed` has made of it already."""
    completion = completion or typed(raw)
    choice = completion.choices[0]
    extra = choice.message.model_extra or {}
    text, thought = split_reasoning(choice.message.content or "")
    reasoning = [str(extra[name]) for name in ("reasoning", "reasoning_content") if extra.get(name)][:1]
    usage = completion.usage
    return Reply(
        text=text,
        reasoning="\n".join([*reasoning, *([thought] if thought else [])]).strip(),
        finish_reason=choice.finish_reason,
        prompt_tokens=usage.prompt_tokens if usage else 0,
        completion_tokens=usage.completion_tokens if usage else 0,
        latency_s=latency_s,
        model=completion.model,
        cached=cached,
    )


def split_reasoning(content: str) -> tuple[str, str]:
    """Text and reasoning of a reply that may begin with a `<think>` block.

    A block that was never closed (the reply was cut) is all reasoning. A closing tag without an opening one ends a
    block too: some chat templates put the opening tag into the prompt.
    """
    for pattern in (_THINK, _CLOSED, _OPEN):
        match = pattern.match(content)
        if match:
            return content[match.end() :].strip(), match.group(1).strip()
    return content.strip(), ""


def token_logprobs(raw: dict[str, Any]) -> dict[str, float]:
    """The most likely first tokens of a reply with their log-probabilities (natural logarithm).

    Raises:
        OutputError: The endpoint returned none.
    """
    choice = typed(raw).choices[0]
    content = choice.logprobs.content if choice.logprobs else None
    if not content or not content[0].top_logprobs:
        raise OutputError("the endpoint returns no log-probabilities; name a model for this role that has them")
    return {token.token: token.logprob for token in content[0].top_logprobs}


def error_message(raw: object) -> str:
    """The message in an error reply, in one short line."""
    if isinstance(raw, dict):
        error = raw.get("error", raw.get("detail", raw.get("message", raw)))
        raw = error.get("message", error) if isinstance(error, dict) else error
    text = " ".join(str(raw).split())
    return text if len(text) <= 300 else text[:297] + "..."
