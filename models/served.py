"""Which models a server says it serves, and whether two servers really serve the same one."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from math import exp
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from classwright.errors import ClasswrightError, InputError, OutputError, UnreachableError
from classwright.models.endpoint import is_local
from classwright.models.reply import error_message, token_logprobs

TIMEOUT_S = 10.0
SAME = 0.2
"""Two servers of one model differ by less (total variation of the next token, 0 to 1): rounding alone, also between a
CPU and a GPU, moves it by some hundredths."""
_LENGTHS = ("max_model_len", "context_length", "context_window")
_QUESTION = [{"role": "user", "content": "Tell me about the number seven."}]


class Served(NamedTuple):
    """One model of a server's list.

    Attributes:
        id: The name that requests use.
        root: What it was loaded from, "" where the server does not say.
        context: Tokens of prompt and reply together, None where the server does not say.
    """

    id: str
    root: str
    context: int | None


def list_models(url: str, key: str | None = None, timeout_s: float = TIMEOUT_S) -> list[Served]:
    """The models of an OpenAI-compatible server.

    Args:
        url: API root, with its /v1.
        key: Bearer token.
        timeout_s: Longest wait, s.

    Raises:
        UnreachableError: It does not answer, or not with a list of models.
        InputError: It refuses the key or knows no such address.
    """
    try:
        found = request_json(f"{url.rstrip('/')}/models", key=key, timeout_s=timeout_s)
        entries = {str(entry["id"]): entry for entry in found["data"]}
        contexts = {name: _context(entry) for name, entry in entries.items()}
        # An adapter has the length of its base.
        return [
            Served(name, str(entry.get("root") or ""), contexts[name] or contexts.get(str(entry.get("parent"))))
            for name, entry in entries.items()
        ]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreachableError(f"{url}/models does not answer with a list of models") from error


def request_json(
    url: str, body: Mapping[str, Any] | None = None, key: str | None = None, timeout_s: float = TIMEOUT_S
) -> Any:
    """What a server answers to a GET, or to a POST of `body`: JSON, or its text where it is none.

    Raises:
        UnreachableError: It does not answer, or with an error of its own.
        InputError: It refuses the request (HTTP 4xx); its words are in the message.
    """
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    if key:
        request.add_header("Authorization", f"Bearer {key}")
    handlers = [urllib.request.ProxyHandler({})] if is_local(url) else []
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=timeout_s) as response:
            text = response.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        with error:
            content = error.read().decode("utf-8", "replace")
        told = f"{url}: HTTP {error.code}: {error_message(_parsed(content))}"
        raise (InputError if 400 <= error.code < 500 else UnreachableError)(told) from error
    except (OSError, ValueError) as error:  # URLError is an OSError
        raise UnreachableError(f"{url} did not answer: {getattr(error, 'reason', None) or error}") from error
    return _parsed(text)


def answers(url: str, key: str | None = None) -> bool:
    """Whether a server lists its models within a few seconds."""
    try:
        return bool(list_models(url, key, timeout_s=5))
    except ClasswrightError:
        return False


def check_same(urls: Sequence[str], model: str, key: str | None = None) -> None:
    """See that servers which share a name serve the same model.

    What they say they loaded is not enough: one may be older, or lie elsewhere. So each is asked for the likeliest
    first tokens of one reply; where it gives none, only its context length is compared.

    Raises:
        InputError: They differ, or one does not know the name.
        UnreachableError: One does not answer.
    """
    if len(urls) < 2:
        return
    contexts, likely = [], []
    for url in urls:
        known = {served.id: served for served in list_models(url, key)}
        if known and model not in known:
            raise InputError(f"{url} serves no {model}; it serves {', '.join(known)}")
        contexts.append(known[model].context if known else None)
        likely.append(_first_tokens(url, model, key))
    for url, context, tokens in zip(urls[1:], contexts[1:], likely[1:], strict=True):
        if None not in (context, contexts[0]) and context != contexts[0]:
            raise InputError(_differ(urls[0], url, model, f"{contexts[0]} and {context} tokens of context"))
        if tokens and likely[0] and (apart := distance(likely[0], tokens)) > SAME:
            raise InputError(_differ(urls[0], url, model, f"next-token probabilities {apart:.2f} apart (0 to 1)"))


def distance(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Total variation, 0 to 1, of two distributions given by log-probabilities of their likeliest tokens.

    A token that only one list holds has at most the least probability listed in the other; it counts as that.
    """
    least_one, least_other = min(one.values()), min(other.values())
    return 0.5 * sum(
        abs(exp(one.get(token, min(least_one, value))) - exp(other.get(token, min(least_other, value))))
        for token, value in {**other, **one}.items()
    )


def _first_tokens(url: str, model: str, key: str | None) -> dict[str, float]:
    body = {"model": model, "messages": _QUESTION, "max_tokens": 1, "temperature": 0.0, "logprobs": True}
    try:
        raw = request_json(f"{url.rstrip('/')}/chat/completions", body | {"top_logprobs": 20}, key, timeout_s=120)
        return token_logprobs(raw)
    except (InputError, OutputError, ValueError):  # it refuses to list any, or lists none: nothing to compare
        return {}


def _differ(one: str, other: str, model: str, how: str) -> str:
    where = f"{urlsplit(one).netloc} and {urlsplit(other).netloc}"
    return f"{where} serve different models under the name {model} ({how}); give one of them another --name"


def _context(entry: dict[str, Any]) -> int | None:
    meta = entry.get("meta") if isinstance(entry.get("meta"), dict) else {}
    found = [entry.get(name) for name in _LENGTHS] + [meta.get("n_ctx") if meta else None]
    return next((value for value in found if isinstance(value, int) and value > 0), None)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
