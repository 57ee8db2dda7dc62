"""Memory across runs (Chroma): what worked for a skill, and what a learner has met.

One collection for outcomes and one per learner, so that no filter is needed. Vectors are computed here, not by Chroma.
It holds nothing that the runs do not hold: `rebuild` makes it again from their results.
"""

import fcntl
import json
import os
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel

from classwright.errors import ClasswrightError

Embed = Callable[[Sequence[str]], Awaitable[np.ndarray]]
OUTCOMES = "outcomes"


class Outcome(BaseModel):
    """What one lesson did: enough to help the next one.

    Attributes:
        run: The run it comes from.
        request: Hash of what was asked, so that a repetition of a run is not taught by the run itself.
        approach: The emphasis of the plan that was picked.
        gain: Its normalized gain in rehearsal, None at the ceiling.
        stubborn: Misconceptions that were still held afterwards, most frequent first.
        learners: Pseudonyms.
        items: What each problem asked (`bank.numbers`), so that a learner can be given new ones.
    """

    run: str
    request: str
    skill: str
    grade: int
    approach: str
    gain: float | None
    interest: str | None
    stubborn: list[str]
    learners: list[str]
    items: list[str]

    def sentence(self) -> str:
        """The outcome in words, which is what is embedded."""
        gain = "no measurable gain" if self.gain is None else f"gain {self.gain:.2f}"
        stubborn = f"; still held afterwards: {', '.join(self.stubborn[:3])}" if self.stubborn else ""
        return f"A lesson on {self.skill}, grade {self.grade}, emphasis {self.approach}: {gain}{stubborn}."


LOCK_WAIT_S = 60


@contextmanager
def open_memory(folder: Path, embed: Embed) -> Iterator["Memory"]:
    """The memory in a folder, for one process at a time: several writers can corrupt a Chroma folder.

    Raises:
        ClasswrightError: the folder cannot be opened, or another process holds it for more than a minute.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as e:
        raise ClasswrightError(f"{folder}: the memory cannot be opened: {e.strerror}") from e
    try:
        for _ in range(10 * LOCK_WAIT_S):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(0.1)
        else:
            raise ClasswrightError(f"{folder}: another process has used the memory for {LOCK_WAIT_S} s; end it first")
        yield Memory(folder, embed)
    finally:
        os.close(lock)


class Memory:
    """The memory in a folder; made by `open_memory`."""

    def __init__(self, folder: Path, embed: Embed) -> None:
        import chromadb
        from chromadb.config import Settings

        self.embed = embed
        try:
            self.client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
        except Exception as e:  # chroma raises anything from OSError to its own Rust errors
            raise ClasswrightError(
                f"memory at {folder} cannot be opened ({e}); delete the folder, it is rebuilt from runs"
            ) from e

    def _collection(self, name: str) -> Any:
        return self.client.get_or_create_collection(name, embedding_function=None, metadata={"hnsw:space": "cosine"})

    async def remember(self, outcome: Outcome) -> None:
        """Store an outcome, in the common collection and in that of each learner. Storing it again changes nothing."""
        text = outcome.sentence()
        vector = (await self.embed([text]))[0].tolist()
        names = [OUTCOMES, *(learner_collection(p) for p in outcome.learners)]
        for name in names:
            self._collection(name).upsert(
                ids=[outcome.run], embeddings=[vector], documents=[text],
                metadatas=[{"skill": outcome.skill, "request": outcome.request, "record": outcome.model_dump_json()}],
            )  # fmt: skip

    async def recall(self, skill: str, description: str, *, request: str, n: int = 4) -> list[Outcome]:
        """Outcomes of lessons on the skill, then on skills of similar meaning, without repetitions of this request."""
        collection = self._collection(OUTCOMES)
        if not collection.count():
            return []
        exact = collection.get(where={"skill": skill}, include=["metadatas"])["metadatas"] or []
        vector = (await self.embed([f"A lesson on {skill}: {description}"]))[0].tolist()
        near = collection.query(
            query_embeddings=[vector], n_results=min(collection.count(), 4 * n), include=["metadatas"]
        )
        rows = [*exact, *(near["metadatas"] or [[]])[0]]
        found: dict[str, Outcome] = {}
        for row in rows:
            outcome = Outcome.model_validate_json(row["record"])
            if outcome.request != request:
                found.setdefault(outcome.run, outcome)
        ranked = sorted(found.values(), key=lambda o: (o.skill != skill, -(o.gain or 0.0), o.run))
        return ranked[:n]

    def met(self, learners: Iterable[str], *, request: str) -> list[str]:
        """What the learners were asked before (`bank.numbers`), sorted."""
        items: set[str] = set()
        for pseudonym in learners:
            rows = self._collection(learner_collection(pseudonym)).get(include=["metadatas"])["metadatas"] or []
            for row in rows:
                outcome = json.loads(row["record"])
                if outcome["request"] != request:
                    items |= set(outcome["items"])
        return sorted(items)

    async def rebuild(self, outcomes: Iterable[Outcome]) -> int:
        """Forget everything and store these outcomes; returns how many."""
        for collection in self.client.list_collections():
            self.client.delete_collection(collection.name)
        n = 0
        for outcome in outcomes:
            await self.remember(outcome)
            n += 1
        return n


def learner_collection(pseudonym: str) -> str:
    """The name of a learner's collection."""
    return f"learner-{pseudonym}"
