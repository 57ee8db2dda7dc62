"""Memory across runs (Chroma): what worked for a skill, what a learner has met, and what teachers changed.

One collection for outcomes, one per learner and one for teachers' changes, so that no filter is needed. Vectors are
computed here, not by Chroma. It holds nothing that the runs do not hold: `rebuild` makes it again from their results.
"""

import json
import os
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel

from classwright.agents.teacher_edits import TeacherEdit
from classwright.errors import ClasswrightError
from classwright.runs.lock import lock

Embed = Callable[[Sequence[str]], Awaitable[np.ndarray]]
OUTCOMES = "outcomes"
EDITS = "teacher-edits"
SIMILAR = 0.7
"""Cosine similarity of skills from which what a teacher changed for one is worth showing for the other (word vectors: a
skill of the shipped tree has one such neighbor on average; adding unlike fractions: subtracting them, or like ones)."""


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
        held = lock(folder / "lock", LOCK_WAIT_S)
    except TimeoutError as e:
        raise ClasswrightError(
            f"{folder}: another process has used the memory for {LOCK_WAIT_S} s; end it first"
        ) from e
    except OSError as e:
        raise ClasswrightError(f"{folder}: the memory cannot be opened: {e.strerror}") from e
    try:
        yield Memory(folder, embed)
    finally:
        os.close(held)


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

    async def remember_edits(self, edits: Sequence[TeacherEdit]) -> None:
        """Store what a teacher changed in a lesson. Storing it again changes nothing."""
        if not edits:
            return
        vectors = await self.embed([e.about for e in edits])
        self._collection(EDITS).upsert(
            ids=[f"{e.run}/{e.skill}/{e.section}/{n}" for n, e in enumerate(edits)],
            embeddings=vectors.tolist(), documents=[e.sentence() for e in edits],
            metadatas=[{"skill": e.skill, "record": e.model_dump_json()} for e in edits],
        )  # fmt: skip

    async def recall_edits(self, skills: Mapping[str, str], *, n: int = 12) -> list[TeacherEdit]:
        """What teachers changed in sections on these skills, then on similar ones, the latest first; at most `n`.

        Args:
            skills: The skills of the lesson to come, with each skill in words ("name. description").
            n: How many.
        """
        collection = self._collection(EDITS)
        if not collection.count():
            return []
        exact = collection.get(where={"skill": {"$in": list(skills)}}, include=["metadatas"])["metadatas"] or []
        near = collection.query(
            query_embeddings=(await self.embed(list(skills.values()))).tolist(),
            n_results=min(collection.count(), 4 * n), include=["metadatas", "distances"],
        )  # fmt: skip
        rows = list(exact)
        for metadatas, distances in zip(near["metadatas"] or [], near["distances"] or [], strict=True):
            rows += [row for row, d in zip(metadatas, distances, strict=True) if 1 - d >= SIMILAR]
        found = {}
        for row in rows:
            edit = TeacherEdit.model_validate_json(row["record"])
            found[(edit.run, edit.skill, edit.section, edit.after)] = edit
        latest = sorted(found.values(), key=lambda e: (e.run, e.skill, e.section, e.after), reverse=True)
        return sorted(latest, key=lambda e: e.skill not in skills)[:n]

    async def rebuild(self, outcomes: Iterable[Outcome], edits: Iterable[TeacherEdit] = ()) -> int:
        """Forget everything and store these outcomes and teachers' changes; returns how many outcomes."""
        for collection in self.client.list_collections():
            self.client.delete_collection(collection.name)
        n = 0
        for outcome in outcomes:
            await self.remember(outcome)
            n += 1
        await self.remember_edits(list(edits))
        return n


def learner_collection(pseudonym: str) -> str:
    """The name of a learner's collection."""
    return f"learner-{pseudonym}"
