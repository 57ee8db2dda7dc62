"""The one seam between agents and models: text, structured output, and the probability of each of several answers.

A request is looked up in the run's journal first; only what was never answered is asked, and a reply is on the disk
before anybody sees it.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel

from classwright.errors import ClasswrightError, OutputError
from classwright.models.endpoint import Transport
from classwright.models.reply import Reply, read_reply, token_logprobs
from classwright.models.structured import in_words, read_structured, response_format
from classwright.models.usage import Meter
from classwright.runs.journal import Journal, Key
from classwright.runs.recipe import Limits, ModelSpec

Message = dict[str, Any]
"""An OpenAI message: {"role": "system" | "user" | "assistant", "content": str}."""

S = TypeVar("S", bound=BaseModel)

TEMPERATURE = 0.7
MAX_TOKENS = 512
LABELS = "ABCDEFGHIJKLMNOPQRST"
TOP = 20
"""Most first tokens that OpenAI and vLLM list with their log-probabilities."""


@dataclass
class Chat:
    """One role's way to its model.

    Attributes:
        role: The role's name in the recipe, for messages and the journal.
        endpoint: Where requests go.
        model: The model's name there.
        spec: Sampling settings of the recipe. What they say wins over what a call asks for.
        journal: Where replies are kept; None keeps none. One open for replay means that nothing is asked at all.
        seed: Seed of the run; each request gets a seed of its own from it and its key.
        meter: Counts calls and tokens.
        limits: Caps on them.
        tuned: Task of a key -> the model's name for it, where an adapter does the task.
    """

    role: str
    endpoint: Transport
    model: str
    spec: ModelSpec = field(default_factory=ModelSpec)
    journal: Journal | None = None
    seed: int = 0
    meter: Meter = field(default_factory=Meter)
    limits: Limits = field(default_factory=Limits)
    tuned: Mapping[str, str] = field(default_factory=dict)

    async def text(
        self,
        messages: Sequence[Message],
        *,
        key: Key,
        max_tokens: int | None = None,
        temperature: float | None = None,
        stop: Sequence[str] | None = None,
    ) -> Reply:
        """A reply in words.

        Args:
            messages: OpenAI messages.
            key: Where in the program the reply belongs; once a run.
            max_tokens: Longest reply; a cut one has `finish_reason` "length" and is no error.
            temperature: 0 to 2; 0 takes the likeliest token.
            stop: The reply ends before any of these.

        Raises:
            OutputError: The reply has no text.
            UnreachableError, InputError, LimitError, JournalError: See `Endpoint.complete`, `Meter`, `Journal`.
        """
        body = self._body(messages, key, max_tokens, temperature)
        if stop:
            body["stop"] = list(stop)
        reply, _ = await self._ask(body, key)
        if not reply.text:
            why = " (all its tokens went into reasoning)" if reply.reasoning else ""
            raise OutputError(f"{self._name(key)} replied without text{why}")
        return reply

    async def structured(
        self,
        schema: type[S],
        messages: Sequence[Message],
        *,
        key: Key,
        max_tokens: int | None = None,
        temperature: float | None = None,
    ) -> S:
        """A reply in the form of a flat pydantic model. One that does not fit is shown its error once, to repair it.

        Args:
            schema: What the reply must be; see `structured.response_format` for what it may hold.
            messages: OpenAI messages.
            key: As in `text`; the repair is stored under `key.retry(1)`.
            max_tokens: Longest reply.
            temperature: 0 to 2.

        Raises:
            OutputError: The second reply does not fit either; the message says what is wrong with it.
            As `text` otherwise.
        """
        can = self.spec.capabilities
        held = can is None or can.json_schema
        # An endpoint that ignores schemas is told of it in words, at the end of the last message.
        messages = messages if held else _with_words(messages, in_words(schema))
        conversation = list(messages)
        problem = ""
        for place in (key, key.retry(1)):
            body = self._body(conversation, place, max_tokens, temperature)
            if held:
                body["response_format"] = response_format(schema)
            reply, _ = await self._ask(body, place)
            try:
                return read_structured(schema, reply.text)
            except ValueError as error:
                problem = str(error)
            if reply.finish_reason == "length":
                problem = f"the reply was cut at {reply.completion_tokens or body['max_tokens']} tokens ({problem})"
            conversation = [
                *messages,
                {"role": "assistant", "content": reply.text[:1000] or "(nothing)"},
                {"role": "user", "content": f"That was not right: {problem}. Answer again with the JSON object only."},
            ]
        raise OutputError(f"{self._name(key)}: no valid {schema.__name__} after one repair: {problem}")

    async def choice_logprobs(
        self, options: Sequence[str], messages: Sequence[Message], *, key: Key
    ) -> dict[str, float]:
        """How likely the model finds each of several answers.

        The options are listed in the prompt under the letters A, B, C ... and the model is asked for one letter, so
        that each option is a single token, however it is spelled. The log-probability of that token, summed over the
        ways it is written ("A", " A"), is normalized over the options (Hendrycks et al., MMLU, 2021). Models prefer
        some letters, so ask in more than one order where it matters.

        Args:
            options: 2 to 20 different answers.
            messages: OpenAI messages; the list of options is added to the last one, which must be the user's.
            key: As in `text`.

        Returns:
            Option -> natural logarithm of its probability among the options; their exponentials sum to 1. An option
            whose letter is not among the 20 likeliest tokens gets the least listed probability, an upper bound.

        Raises:
            OutputError: The endpoint returns no log-probabilities, or no letter is among the likeliest tokens.
            As `text` otherwise.
        """
        labels = LABELS[: len(options)]
        if not 2 <= len(options) <= len(LABELS) or len(set(options)) != len(options):
            raise ValueError(f"2 to {len(LABELS)} different options, not {len(options)}")
        if not messages or messages[-1]["role"] != "user":
            raise ValueError("the last message must be the user's")
        can = self.spec.capabilities
        if can is not None and not can.logprobs:
            raise OutputError(f"{self._name(key)}: the endpoint returns no log-probabilities (so says the recipe)")
        listed = "\n".join(f"{label}. {option}" for label, option in zip(labels, options, strict=True))
        question = f"{messages[-1]['content']}\n\n{listed}\n\nAnswer with the letter only: {', '.join(labels)}."
        body = self._body([*messages[:-1], {**messages[-1], "content": question}], key, 1, 0.0)
        body |= {"max_tokens": 1, "temperature": 0.0, "logprobs": True, "top_logprobs": TOP}
        _, raw = await self._ask(body, key)
        try:
            tokens = token_logprobs(raw)
        except OutputError as error:
            raise OutputError(f"{self._name(key)}: {error}") from error
        found: dict[str, list[float]] = {label: [] for label in labels}
        for token, logprob in tokens.items():
            letter = token.strip(" \n\t▁Ġ(*\"'.):")
            if letter in found:
                found[letter].append(logprob)
        if not any(found.values()):
            raise OutputError(f"{self._name(key)}: none of {', '.join(labels)} is among the likeliest first tokens")
        least = min(tokens.values())
        scores = [_log_sum(found[label]) if found[label] else least for label in labels]
        total = _log_sum(scores)
        return {option: score - total for option, score in zip(options, scores, strict=True)}

    def _body(
        self, messages: Sequence[Message], key: Key, max_tokens: int | None, temperature: float | None
    ) -> dict[str, Any]:
        chosen = self.spec.temperature
        if chosen is None:
            chosen = TEMPERATURE if temperature is None else temperature
        longest = self.spec.max_tokens or max_tokens or MAX_TOKENS
        if self.spec.capabilities is not None and self.spec.capabilities.context:
            longest = max(1, min(longest, self.spec.capabilities.context // 2))  # the prompt needs its half
        return {
            "model": self.tuned.get(key.task, self.model),
            "messages": [dict(message) for message in messages],
            "temperature": chosen,
            "max_tokens": longest,
            # Where nothing is drawn the key does not matter, and identical requests under way can share one reply.
            "seed": request_seed(self.seed, key if chosen > 0 else None),
            **self.spec.extra_body,
        }

    async def _ask(self, body: dict[str, Any], key: Key) -> tuple[Reply, dict[str, Any]]:
        """The reply to a request, from the journal or from the endpoint, with its raw form."""
        if self.journal is not None and key in self.journal:
            stored = self.journal.lookup(key, request_hash(body))
            assert stored is not None
            reply = read_reply(stored["raw"], latency_s=stored["latency_s"], cached=True)
            self.meter.add(reply.prompt_tokens, reply.completion_tokens, reply.latency_s, reused=True)
            return reply, stored["raw"]
        if self.journal is not None and self.journal.mode == "replay":
            raise ClasswrightError(
                f"{self.journal.path}: no reply stored for {key}; the run stopped before it, resume it"
            )
        with self.meter.reserve(self.limits, _most_tokens(body)):
            raw, latency_s, checked = await self.endpoint.complete(body)
            reply = read_reply(raw, latency_s=latency_s, cached=False, completion=checked)
            if self.journal is not None:
                entry = {"raw": raw, "latency_s": round(latency_s, 4)}
                await self.journal.append(key, request_hash(body), entry, request=body, role=self.role)
            self.meter.add(reply.prompt_tokens, reply.completion_tokens, latency_s)
        return reply, raw

    def _name(self, key: Key) -> str:
        return f"{self.role} ({self.model}), {key}"


def _with_words(messages: Sequence[Message], words: str) -> list[Message]:
    *before, last = messages
    return [*before, {**last, "content": f"{last['content']}\n\n{words}"}]


def request_hash(body: dict[str, Any]) -> str:
    """SHA-256 of a request's canonical JSON; the endpoint's address and key are no part of it."""
    canonical = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def request_seed(seed: int, key: Key | None) -> int:
    """A seed in 0 .. 2**31 - 1 for one request, the same on every machine; without a key, one for the whole run."""
    digest = hashlib.sha256(f"{seed}|{key or ''}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1


def _most_tokens(body: dict[str, Any]) -> int:
    """What a request may use: its prompt at three characters a token, and the longest reply."""
    return sum(len(str(message["content"])) for message in body["messages"]) // 3 + body["max_tokens"]


def _log_sum(values: Sequence[float]) -> float:
    largest = max(values)
    return largest + math.log(sum(math.exp(value - largest) for value in values))
