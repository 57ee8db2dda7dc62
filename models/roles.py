"""The models of a run: one chat a role, the panel of evaluators, embeddings, and what all of them cost."""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from classwright.errors import InputError
from classwright.models import embedded, shipped, weights
from classwright.models.chat import Chat
from classwright.models.embeddings import EndpointEmbedder, WordEmbedder, nearest
from classwright.models.endpoint import Endpoint, Transport
from classwright.models.hub import STUDENT, find
from classwright.models.shipped import Shipped
from classwright.models.usage import Meter
from classwright.runs.journal import Journal
from classwright.runs.recipe import Limits, ModelSpec, Recipe

if TYPE_CHECKING:
    import numpy as np

EMBEDDED_TIMEOUT_S, REMOTE_TIMEOUT_S = 600.0, 180.0
EMBEDDED_CONCURRENCY, REMOTE_CONCURRENCY = 1, 32
"""One request at a time for a model in this process: with several, llama.cpp computes them as one batch, whose rounding
depends on what else is in it, and equal seeds then give different texts. On a few cores it is hardly slower (90
tokens/s against 102 with eight streams)."""


class Models:
    """What agents reach models through. Made by `open_models`.

    Attributes:
        meter: Calls, tokens and seconds of all roles together.
        limits: The caps on them.
        evaluators: The panel, one chat a judge.
    """

    def __init__(
        self,
        chats: dict[str, Chat],
        embedder: WordEmbedder | EndpointEmbedder,
        meter: Meter,
        identities: dict[str, dict[str, Any]],
        limits: Limits | None = None,
    ) -> None:
        self._chats = chats
        self._embedder = embedder
        self._identities = identities
        self.meter = meter
        self.limits = limits or Limits()
        self.evaluators = [chat for name, chat in chats.items() if name.startswith("evaluators[")]

    def chat(self, role: str) -> Chat:
        """The chat of a role: default, teacher, tutor, student, optimizer, analyst, or evaluator (the first judge).

        Raises:
            KeyError: There is no such role; a mistake of the program.
        """
        return self.evaluators[0] if role == "evaluator" else self._chats[role]

    def embedded(self, role: str) -> bool:
        """Whether a role is played by the embedded default model."""
        identity = self._identities[role]
        return identity.get("sha256") == weights.SMOLLM2.sha256 and "adapter" not in identity

    async def embed(self, texts: Sequence[str]) -> "np.ndarray":
        """Vectors of texts for comparing by meaning.

        Returns:
            An array (n, d) of float32 with rows of length 1; a text without any known word is a row of zeros. The dot
            product of two rows is their cosine similarity, -1 to 1.
        """
        return await self._embedder.embed(texts)

    async def nearest(self, query: str, texts: Sequence[str], k: int) -> list[tuple[int, float]]:
        """The indices of the `k` texts most like a query, with their cosine similarity, the most similar first."""
        rows = await self.embed([query, *texts])
        return nearest(rows[0], rows[1:], k)

    def identities(self) -> dict[str, dict[str, Any]]:
        """Role -> model, endpoint or file, and the SHA-256 of a file. For config.json; holds no key."""
        return {role: dict(identity) for role, identity in self._identities.items()}


@asynccontextmanager
async def open_models(
    recipe: Recipe,
    journal: Journal | None = None,
    seed: int = 0,
    gguf: str | Path | None = None,
    endpoint: Transport | None = None,
    workers: int = 1,
) -> AsyncIterator[Models]:
    """The models that a recipe names, ready to be asked; leaving closes their connections.

    Nothing is started or downloaded before the first request that the journal cannot answer. Roles that share an
    endpoint share its places.

    Args:
        recipe: Which model plays which role, and the limits.
        journal: Where replies are kept; one open for replay means that no model is ever asked.
        seed: Seed of the run.
        gguf: Weights that play every role for which the recipe names nothing, in place of the embedded model.
        endpoint: Answers for every role instead of what the recipe names; a `ScriptedModel` in tests.
        workers: Processes that do the run together; each takes its part of an endpoint's places.

    Raises:
        InputError: The file is not there, the variable that should hold a key is not set, or an adapter that comes
            with Classwright is damaged or is not the one that the run began with.
    """
    replay = journal is not None and journal.mode == "replay"
    meter = Meter()
    shared: dict[tuple[object, ...], Transport] = {}
    chats: dict[str, Chat] = {}
    identities: dict[str, dict[str, Any]] = {}
    specs = recipe.models.resolved()
    embedder_spec = specs.pop("embedder", None)
    places = _places(specs)
    plain = {name for name, spec in specs.items() if spec.embedded and gguf is None and endpoint is None}
    adapters = shipped.of_run(recipe) if plain else ()
    if not replay:
        shipped.check(adapters)
    for name, spec in specs.items():
        own = adapters if name in plain else ()
        file = _weights_file(spec, gguf)
        place = (spec.base_url, spec.api_key_env, file, spec.adapter)
        if place not in shared:
            most = places[spec.base_url]
            if spec.base_url:
                most = max(1, (most or REMOTE_CONCURRENCY * len(spec.base_url)) // workers)
            shared[place] = endpoint or _endpoint(spec, file, meter, most, own, check_key=not replay)
        model = getattr(endpoint, "name", None) or spec.model or _file_name(file, spec.adapter)
        tuned = {task: adapter.model for adapter in own for task in adapter.card.tasks}
        settings = {"journal": journal, "seed": seed, "meter": meter, "limits": recipe.limits, "tuned": tuned}
        chats[name] = Chat(name, shared[place], model, spec, **settings)
        identities[name] = {"model": model} | ({} if endpoint else _origin(spec, file, own))
    if embedder_spec is None:
        embedder: WordEmbedder | EndpointEmbedder = WordEmbedder()
        identities["embedder"] = {"model": embedder.model}
    else:
        transport = _endpoint(embedder_spec, None, meter, embedder_spec.concurrency, (), check_key=not replay)
        shared[("embedder",)] = transport
        embedder = EndpointEmbedder(transport, str(embedder_spec.model), journal)
        identities["embedder"] = {"model": embedder.model, "endpoint": list(embedder_spec.base_url)}
    try:
        yield Models(chats, embedder, meter, identities, recipe.limits)
    finally:
        for transport in shared.values():
            await transport.close()


def _places(specs: dict[str, ModelSpec]) -> dict[tuple[str, ...], int | None]:
    """Per endpoint, the most places that any of its roles asks for; None where none asks."""
    places: dict[tuple[str, ...], int | None] = {}
    for spec in specs.values():
        known = places.get(spec.base_url)
        places[spec.base_url] = max(filter(None, (known, spec.concurrency)), default=None)
    return places


def _weights_file(spec: ModelSpec, gguf: str | Path | None) -> Path | None:
    """The file that a role's model runs from; None for a remote one and for the embedded default."""
    if spec.base_url:
        return None
    named = spec.gguf or gguf
    return find(named) if named else None


def _file_name(file: Path | None, adapter: Path | None) -> str:
    """A name for weights; what a training made is called by its directory."""
    name = weights.SMOLLM2.name if file is None else file.parent.name if file.name == STUDENT else file.stem
    return f"{name}+{adapter.parent.name or adapter.stem}" if adapter else name


def _origin(spec: ModelSpec, file: Path | None, own: Sequence[Shipped]) -> dict[str, Any]:
    if spec.base_url:
        return {"endpoint": list(spec.base_url)}
    sums = {"sha256": _sha256(file) if file else weights.SMOLLM2.sha256}
    beside = {"adapter": _sha256(spec.adapter)} if spec.adapter else {}
    chosen = {"adapters": {adapter.card.name: adapter.card.sha256 for adapter in own}} if own else {}
    return {"endpoint": "embedded"} | sums | beside | chosen


def _sha256(file: Path) -> str | None:
    return weights.sha256(file) if file.is_file() else None


def _endpoint(
    spec: ModelSpec, file: Path | None, meter: Meter, places: int | None, own: Sequence[Shipped], *, check_key: bool
) -> Endpoint:
    if not spec.base_url:
        for needed in filter(None, (file, spec.adapter) if check_key else ()):
            embedded.check_file(needed)
        return Endpoint(
            lambda: embedded.start(
                file, places or EMBEDDED_CONCURRENCY, spec.adapter, [adapter.file for adapter in own]
            ),
            meter=meter,
            concurrency=places or EMBEDDED_CONCURRENCY,
            timeout_s=spec.timeout_s or EMBEDDED_TIMEOUT_S,
            extra={"cache_prompt": False},  # a reply must not depend on what was asked before
            adapters={adapter.model: number for number, adapter in enumerate(own)},
        )
    return Endpoint(
        spec.base_url,
        meter=meter,
        api_key=api_key(spec) if check_key else None,
        key_name=spec.api_key_env,
        concurrency=places or REMOTE_CONCURRENCY * len(spec.base_url),
        timeout_s=spec.timeout_s or REMOTE_TIMEOUT_S,
    )


def api_key(spec: ModelSpec) -> str | None:
    """The key that a spec's variable holds.

    Raises:
        InputError: The variable is not set.
    """
    if spec.api_key_env is None:
        return None
    key = os.environ.get(spec.api_key_env, "").strip()
    if not key:
        raise InputError(f"{spec.api_key_env} is not set; put the key of {spec.base_url[0]} into this variable")
    return key
