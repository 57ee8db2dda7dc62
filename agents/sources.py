"""What a teacher's texts say about the parts of a lesson: passages by meaning (Chroma), then by the words they share.

The index holds nothing that the texts in the run's directory do not hold: a deleted one is made again. Retrieval is
kept in the journal, so that resuming and replaying need neither the index nor the original files.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
from pydantic import BaseModel

from classwright.agents.memory import Embed, Memory, open_memory
from classwright.classroom.claims import content
from classwright.classroom.plan import LessonPlan
from classwright.classroom.source import Excerpt, Source, excerpts
from classwright.classroom.source_faults import faults_in, speaks_of_mistakes
from classwright.errors import ClasswrightError
from classwright.runs.journal import Journal, Key
from classwright.runs.progress import Progress
from classwright.skilltree.tree import SkillTree

SIMILARITY = 0.3
"""Least cosine similarity of a passage to what is looked for."""
SHARED = 2
"""Content words that a passage must share with what is looked for, beside the similarity."""
BATCH = 500
"""Passages embedded and stored at a time."""


class Found(BaseModel):
    """A passage that bears on a part of a lesson.

    Attributes:
        source: Where it stands ("notes.pdf, page 3", "notes.md, “Fractions”").
        text: Its words, as they stand there.
        parts: The names of the queries that it answers, the best first.
        similarity: To the query it answers best.
    """

    source: str
    text: str
    parts: tuple[str, ...]
    similarity: float


class Material(BaseModel):
    """What the texts hold for a lesson.

    Attributes:
        found: Passages that may be quoted as facts, the most similar first.
        faults: What the texts say against code, with the place; passages that say it are not in `found`.
        passages: How many passages the texts have in all.
    """

    found: list[Found] = []
    faults: list[str] = []
    passages: int = 0

    def about(self, part: str, n: int = 2) -> list[Found]:
        """The passages that answer a query, best first."""
        return [f for f in self.found if part in f.parts][:n]


def skill_queries(skills: Sequence[str], tree: SkillTree) -> dict[str, str]:
    """What to look for in a lesson on skills of the tree: skill id -> its words."""
    found = {}
    for skill in (tree[s] for s in skills):
        found[skill.id] = " ".join(f"{skill.name}. {skill.description} {skill.explanation}".split())
    return found


async def retrieve(
    sources: Sequence[Source],
    queries: Mapping[str, str],
    embed: Embed,
    folder: Path,
    *,
    journal: Journal | None = None,
    progress: Progress | None = None,
    most: int = 6,
    whole: int = 0,
) -> Material:
    """The passages that bear on the parts of a lesson.

    A passage bears on a part when it is similar in meaning and shares content words with the query. What code knows to
    be false, or what a passage shows as a mistake, is left out.

    Args:
        sources: The teacher's texts.
        queries: Name of the part -> what it is about; see `skill_queries`.
        embed: Embeddings.
        folder: Where the index is kept: the memory's folder.
        journal: The run's journal; what it holds already is not looked for again.
        progress: Told how many passages are read in.
        most: Passages for each part at most.
        whole: Texts of up to so many passages together are taken whole: a page that a teacher gave for this lesson.

    Raises:
        ClasswrightError: The index cannot be opened, or a replayed run holds no retrieval.
    """
    key = Key("lesson", "sources", "retrieve", "1")
    asked = sha256(repr(([s.digest for s in sources], sorted(queries.items()), most, whole)).encode()).hexdigest()
    if journal is not None:
        stored = journal.lookup(key, asked)
        if stored is not None:
            return Material.model_validate(stored)
        if journal.mode == "replay":
            raise ClasswrightError(
                f"{journal.path}: no passages stored for {key}; the run stopped before it, resume it"
            )
    texts = {source.digest: excerpts(source) for source in sources}
    material = Material(
        faults=list(dict.fromkeys(fault for passages in texts.values() for p in passages for fault in faults_in(p))),
        passages=sum(map(len, texts.values())),
    )
    vectors = await embed([*queries.values()])
    said = progress or (lambda what, done, total: None)
    hits: dict[tuple[str, str], dict[str, float]] = {}
    with open_memory(folder / "sources", embed) as memory:
        for source in filter(lambda s: texts[s.digest], sources):
            passages = texts[source.digest]
            for name, row in zip(
                queries, await _nearest(memory, source, passages, vectors, 4 * most, said), strict=True
            ):
                for i, similarity in row:
                    p = passages[i]
                    near = material.passages <= whole or _bears_on(p, queries[name], similarity)
                    if near and not faults_in(p) and not speaks_of_mistakes(p):
                        hits.setdefault((p.place(), p.text), {})[name] = similarity
    material.found = _best(hits, queries, max(most, whole if material.passages <= whole else 0))
    if journal is not None:
        await journal.append(key, asked, material.model_dump(mode="json"))
    return material


def _best(hits: dict[tuple[str, str], dict[str, float]], queries: Iterable[str], most: int) -> list[Found]:
    """The best passages of each query as records, the most similar first."""
    for name in queries:
        ranked = sorted((h for h in hits.values() if name in h), key=lambda h: -h[name])
        for h in ranked[most:]:
            del h[name]
    found = [
        Found(
            source=where,
            text=text,
            parts=tuple(sorted(h, key=lambda n: (-h[n], n))),
            similarity=round(max(h.values()), 4),
        )
        for (where, text), h in hits.items()
        if h
    ]
    return sorted(found, key=lambda f: (-f.similarity, f.source, f.text))


def _bears_on(passage: Excerpt, query: str, similarity: float) -> bool:
    wanted = set(content(query))
    return similarity >= SIMILARITY and len(wanted & set(content(passage.described()))) >= min(SHARED, len(wanted))


async def _nearest(
    memory: Memory, source: Source, passages: Sequence[Excerpt], vectors: np.ndarray, n: int, progress: Progress
) -> list[list[tuple[int, float]]]:
    """For each query (a row of `vectors`) the passages most like it, (index, similarity)."""
    import chromadb.errors

    # one collection for each way a text is cut and each space of vectors; one made otherwise is not this one
    probe = np.round(await memory.embed([passages[0].described()]), 2)
    cut = sha256("\f".join(p.described() for p in passages).encode()).hexdigest()
    name = f"source-{cut[:32]}-{sha256(probe.tobytes()).hexdigest()[:12]}"
    try:
        collection = memory.client.get_or_create_collection(
            name, embedding_function=None, metadata={"hnsw:space": "cosine"}
        )
        start = collection.count()  # a killed run leaves whole batches
        for i in range(start - start % BATCH if start < len(passages) else start, len(passages), BATCH):
            batch = passages[i : i + BATCH]
            rows = await memory.embed([p.described() for p in batch])
            collection.upsert(
                ids=[str(k) for k in range(i, i + len(batch))],
                embeddings=rows,  # pyright: ignore[reportArgumentType]
                documents=[p.text for p in batch],
                metadatas=[{"source": p.source, "headings": " > ".join(p.headings)} for p in batch],
            )
            progress(f"indexing {source.name}", i + len(batch), len(passages))
        found = collection.query(
            query_embeddings=vectors,  # pyright: ignore[reportArgumentType]
            n_results=min(n, len(passages)),
            include=["distances"],
        )
    except chromadb.errors.ChromaError as error:
        raise ClasswrightError(
            f"the index of {source.name} cannot be used ({error}); delete the folder {name!r} is in, it is made again"
        ) from error
    return [
        [(int(i), 1 - float(distance)) for i, distance in zip(ids, distances, strict=True)]
        for ids, distances in zip(found["ids"], found["distances"] or [], strict=True)
    ]


def quotes(plan: LessonPlan, material: Material) -> dict[str, str]:
    """What the teacher's model is told of the texts: name of a slot -> a note with the passages that bear on it."""
    found = {f"explanation {i}": material.about(e.skill) for i, e in enumerate(plan.explanations, 1)}
    return {slot: quoted(passages) for slot, passages in found.items() if passages}


def quoted(passages: Sequence[Found]) -> str:
    """Passages as a note to a writer. They are material: what they ask of the reader is not done."""
    texts = " ".join(f"“{' '.join(p.text.split())}”" for p in passages)
    return f"the class text says: {texts} Say what it says about this in your own words"
