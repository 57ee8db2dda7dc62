"""Texts compared by meaning: static word vectors that come with a package, or an endpoint's embeddings."""

import asyncio
import base64
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from classwright.errors import ClasswrightError
from classwright.runs.journal import Journal, Key

if TYPE_CHECKING:
    import numpy as np

    from classwright.models.endpoint import Endpoint

BATCH = 64


class WordEmbedder:
    """The offline default: WordLlama's 256-dimensional static vectors (a third of a second to load, no network)."""

    model = "wordllama-l2-supercat-256"

    def __init__(self) -> None:
        self._vectors: Any = None

    async def embed(self, texts: Sequence[str]) -> "np.ndarray":
        """An array (n, 256) of float32 with rows of length 1; a text without any known word is a row of zeros."""
        return self.embed_now(texts)

    def embed_now(self, texts: Sequence[str]) -> "np.ndarray":
        """As `embed`, outside an event loop. A thousand short texts take some 20 ms."""
        import numpy as np

        if self._vectors is None:
            self._vectors = _load_wordllama()
        if not texts:
            return np.zeros((0, 256), dtype=np.float32)
        return _unit(np.asarray(self._vectors.embed(list(texts)), dtype=np.float32))


def _load_wordllama() -> Any:
    import wordllama

    # Its loader looks for the weights outside its package and would then download them; they lie in the package.
    return wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)


class EndpointEmbedder:
    """Embeddings of an OpenAI-compatible endpoint. Each text's vector is kept in the journal, once a run."""

    def __init__(self, endpoint: "Endpoint", model: str, journal: Journal | None) -> None:
        self.endpoint = endpoint
        self.model = model
        self.journal = journal
        self._under_way: dict[str, asyncio.Future[bytes]] = {}

    async def embed(self, texts: Sequence[str]) -> "np.ndarray":
        """An array (n, d) of float32 with rows of length 1.

        Raises:
            UnreachableError, InputError: See `Endpoint.complete`.
            ClasswrightError: The journal is open for replay and does not hold a text's vector.
        """
        import numpy as np

        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        missing = []
        for text in dict.fromkeys(texts):
            if text not in self._under_way:
                future = self._under_way[text] = asyncio.get_running_loop().create_future()
                stored = self._stored(text)
                if stored is None:
                    missing.append(text)
                else:
                    future.set_result(stored)
        if missing:
            await self._ask(missing)
        rows = await asyncio.gather(*(asyncio.shield(self._under_way[text]) for text in texts))
        return _unit(np.stack([np.frombuffer(row, dtype="<f4") for row in rows]))

    def _place(self, text: str) -> tuple[Key, str]:
        digest = hashlib.sha256(f"{self.model}\n{text}".encode()).hexdigest()
        return Key("embeddings", "embedder", "embed", digest[:32]), digest

    def _stored(self, text: str) -> bytes | None:
        if self.journal is None:
            return None
        key, digest = self._place(text)
        reply = self.journal.lookup(key, digest)
        if reply is None and self.journal.mode == "replay":
            raise ClasswrightError(
                f"{self.journal.path}: no vector stored for {key}; the run stopped before it, resume it"
            )
        return None if reply is None else base64.b64decode(reply["float32"])

    async def _ask(self, texts: list[str]) -> None:
        """Fetch and store the vectors of new texts; whoever waits for one gets it or the error."""
        batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
        problem: BaseException = ClasswrightError("canceled")
        try:
            for outcome in await asyncio.gather(*map(self._ask_batch, batches), return_exceptions=True):
                if isinstance(outcome, BaseException):
                    problem = outcome
                    raise outcome
        finally:
            for text in texts:
                if not self._under_way[text].done():
                    # An error is never kept: the next one to ask for this text asks the endpoint again.
                    future = self._under_way.pop(text)
                    future.set_exception(problem)
                    future.exception()

    async def _ask_batch(self, texts: list[str]) -> None:
        import numpy as np

        body = json.dumps({"model": self.model, "input": texts}).encode()
        raw, *_ = await self.endpoint.post("/embeddings", body, check=lambda reply: _vectors(reply, len(texts)))
        for text, vector in zip(texts, _vectors(raw, len(texts)), strict=True):
            data = np.asarray(vector, dtype="<f4").tobytes()
            if self.journal is not None:
                key, digest = self._place(text)
                await self.journal.append(key, digest, {"float32": base64.b64encode(data).decode()})
            self._under_way[text].set_result(data)


def _vectors(reply: object, count: int) -> list[list[float]]:
    """The vectors in an embeddings reply, in the order of the texts.

    Raises:
        ValueError: It is no such reply.
    """
    data = reply.get("data") if isinstance(reply, dict) else None
    if not isinstance(data, list) or len(data) != count:
        raise ValueError(f"not {count} embeddings")
    try:
        ordered = sorted(data, key=lambda entry: entry["index"])
        vectors = [[float(value) for value in entry["embedding"]] for entry in ordered]
    except (TypeError, KeyError, ValueError) as error:
        raise ValueError("not embeddings: each needs an index and a list of numbers") from error
    if len({len(vector) for vector in vectors}) != 1 or not vectors[0]:
        raise ValueError("embeddings of different lengths")
    return vectors


def nearest(query: "np.ndarray", rows: "np.ndarray", k: int) -> list[tuple[int, float]]:
    """The rows most like a query.

    Args:
        query: One unit row (d,).
        rows: Unit rows (n, d), as `Models.embed` gives them.
        k: How many, at most n.

    Returns:
        Index and cosine similarity, the most similar first; equal ones in the order of the rows.
    """
    import numpy as np

    if len(rows) == 0:
        return []
    scores = rows @ query
    best = np.argsort(-scores, kind="stable")[:k]
    return [(int(index), float(scores[index])) for index in best]


def _unit(rows: "np.ndarray") -> "np.ndarray":
    import numpy as np

    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1)
