"""A model's answers to held-out rows; every reply is in a journal, so that the same command goes on after a stop."""

from collections.abc import Sequence
from pathlib import Path

from classwright.corpus.put import put, role_of
from classwright.distill.held_rows import HeldRow
from classwright.distill.word_measures import Answer
from classwright.distill.word_models import recipe_of, slug
from classwright.models import loop
from classwright.models.chat import Chat
from classwright.models.embeddings import WordEmbedder
from classwright.models.endpoint import Completion, Transport
from classwright.models.roles import Models, open_models
from classwright.models.scripted import Say, completion
from classwright.models.together import together
from classwright.runs.journal import Journal
from classwright.runs.progress import Progress
from classwright.skilltree.tree import SkillTree

WAVE = 64
"""Rows asked at once; the endpoint's places bound how many calls are under way."""


def ask_words(
    model: str,
    rows: Sequence[HeldRow],
    out: Path,
    tree: SkillTree,
    *,
    seed: int,
    progress: Progress,
    endpoint: Transport | None = None,
) -> list[Answer]:
    """Put rows to a model, each once.

    Args:
        model: See `word_models.HELP`.
        rows: The rows.
        out: Folder of the model's journal.
        tree: The skill tree.
        seed: Of the replies.
        progress: Told how many are answered.
        endpoint: Answers in place of what the model names (a `ScriptedModel`).

    Returns:
        One answer a row, in their order.

    Raises:
        InputError: There is no such model, or the dataset is of another version of the agents' prompts.
        JournalError: The journal answers another dataset, seed or settings.
        UnreachableError, LimitError: What was answered is in the journal.
    """
    recipe = recipe_of(model, progress)
    if recipe is None:
        return loop.run(_recited(model, rows, tree, progress))
    out.mkdir(parents=True, exist_ok=True)

    async def asked() -> list[Answer]:
        with Journal.open(out / f"{slug(model)}.jsonl") as journal:
            async with open_models(recipe, journal, seed=seed, endpoint=endpoint) as models:
                return await _answers(model, rows, models, tree, progress)

    return loop.run(asked())


async def _answers(
    model: str, rows: Sequence[HeldRow], models: Models, tree: SkillTree, progress: Progress
) -> list[Answer]:
    done = 0

    async def one(row: HeldRow) -> Answer:
        nonlocal done
        asked, name = row.about.asked, row.about.id
        given = await put(asked, row.prompt, models.chat(role_of(asked)), models.embed, tree, unit=name)
        done += 1
        progress(model, done, len(rows))
        reply = given.reply
        return Answer(
            id=name, text=given.text, refused=given.refused, right=given.right,
            tokens=reply.completion_tokens if reply else None, seconds=round(reply.latency_s, 4) if reply else None,
        )  # fmt: skip

    found: list[Answer] = []
    for start in range(0, len(rows), WAVE):
        found += await together(*(one(row) for row in rows[start : start + WAVE]))
    return found


class _Recites:
    """An endpoint that says one text."""

    def __init__(self, text: str) -> None:
        self.text = text

    async def complete(self, body: dict[str, object]) -> Completion:
        return Completion(completion(Say(self.text), "curated", body), 0.0)

    async def close(self) -> None:
        """Nothing to let go of."""


async def _recited(model: str, rows: Sequence[HeldRow], tree: SkillTree, progress: Progress) -> list[Answer]:
    """Our own texts before the same checks: each must pass, as it did when it was written."""
    embedder, found = WordEmbedder(), []
    for n, row in enumerate(rows, 1):
        asked = row.about.asked
        chat = Chat(role_of(asked), _Recites(row.curated), model)
        given = await put(asked, row.prompt, chat, embedder.embed, tree, unit=row.about.id)
        found.append(Answer(id=row.about.id, text=given.text, refused=given.refused, right=given.right))
        progress(model, n, len(rows))
    return found
