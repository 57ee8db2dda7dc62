"""The adapters that come with Classwright, and which tasks the embedded model does with which.

An adapter is shipped where its card lies: `adapters/<name>.json`, beside `adapters/<name>.gguf`. A task (a prompt
template) that no card names is asked of the base as it is: judgments, and whatever nobody trained it for. Where no card
lies, that is every task. `classwright distill make` writes both files.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from classwright.errors import InputError
from classwright.models import weights
from classwright.runs.recipe import Recipe

FOLDER = Path(__file__).parent / "adapters"
MOST_BYTES = 10_000_000
"""Largest adapter that is shipped."""
_MEND = "install Classwright again, or take the base without adapters (--base-only)"


class AdapterCard(BaseModel):
    """What an adapter is, where it comes from, and how good it was found to be.

    Attributes:
        name: Of the adapter and its files.
        base, base_sha256: The weights it belongs to.
        sha256, size: Of its file; bytes.
        tasks: Prompt templates that are asked with it.
        licence: Of the adapter.
        data: What it was trained on: rows, tokens, SHA-256 of the rows, teacher, licence, prompt hashes.
        recipe: The recipe that made it.
        training: Steps, seconds, exam: `training.json` in short.
        evaluation: What it was found to do on held-out rows; empty where the recipe has no evaluation.
        made_with: Versions of the packages.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9-]+$")
    base: str
    base_sha256: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(gt=0, le=MOST_BYTES)
    tasks: tuple[str, ...] = Field(min_length=1)
    licence: str
    data: dict[str, Any]
    recipe: dict[str, Any]
    training: dict[str, Any] = Field(default_factory=dict)
    evaluation: dict[str, Any] = Field(default_factory=dict)
    made_with: dict[str, str] = Field(default_factory=dict)


class Shipped(NamedTuple):
    """An adapter with its file."""

    card: AdapterCard
    file: Path

    @property
    def model(self) -> str:
        """What the embedded model with it is called in requests: another adapter makes another name."""
        return f"{self.card.base}+{self.card.name}-{self.card.sha256[:12]}"


def shipped(folder: Path | None = None) -> tuple[Shipped, ...]:
    """The adapters that there are, by name.

    Args:
        folder: Where their cards lie; None for Classwright's own.

    Raises:
        InputError: A card is damaged, is of other base weights, or claims a task of another one; or a file has no card.
    """
    folder = folder or FOLDER
    found = [Shipped(_card(path), path.with_suffix(".gguf")) for path in sorted(folder.glob("*.json"))]
    names = {adapter.card.name for adapter in found}
    if strange := next((path for path in sorted(folder.glob("*.gguf")) if path.stem not in names), None):
        raise InputError(f"{strange}: an adapter without its card {strange.stem}.json; {_MEND}")
    taken: dict[str, str] = {}
    for adapter in found:
        for task in adapter.card.tasks:
            if (other := taken.setdefault(task, adapter.card.name)) != adapter.card.name:
                raise InputError(f"{folder / adapter.card.name}.json: {other} has the task {task} already; {_MEND}")
    return tuple(found)


def check(adapters: Sequence[Shipped]) -> None:
    """See that the files are those of the cards.

    Raises:
        InputError: One is not there, or is damaged.
    """
    for card, file in adapters:
        if not file.is_file():
            raise InputError(f"{file}: not there, but its card is; {_MEND}")
        if weights.sha256(file) != card.sha256:
            raise InputError(f"{file}: damaged, it is not the file that its card names; {_MEND}")


def with_adapters(recipe: Recipe, *, base_only: bool = False) -> Recipe:
    """A recipe that says which adapters its run begins with, so that a resume with others is noticed.

    Args:
        recipe: Of a run that is to begin.
        base_only: The embedded model is to do without.

    Raises:
        InputError: As `shipped`.
    """
    if base_only or recipe.models.base_only:
        changed: dict[str, Any] = {"base_only": True}
    else:
        changed = {"adapters": {a.card.name: a.card.sha256 for a in shipped()}}
    set_already = {name: getattr(recipe.models, name) for name in recipe.models.model_fields_set}
    return recipe.model_copy(update={"models": type(recipe.models)(**set_already | changed)})


def of_run(recipe: Recipe) -> tuple[Shipped, ...]:
    """The adapters of a run with this recipe.

    Raises:
        InputError: As `shipped`; or the run began with other adapters than there are now.
    """
    if recipe.models.base_only:
        return ()
    there, began = shipped(), recipe.models.adapters
    now = {a.card.name: a.card.sha256 for a in there}
    if began is not None and began != now:
        name = next(n for n in sorted({*began, *now}) if began.get(n) != now.get(n))
        raise InputError(
            f"this run began {_stated(name, began)}, and now Classwright comes {_stated(name, now)}: its replies would "
            "be of two models; start a new run"
        )
    return there


def _stated(name: str, adapters: dict[str, str]) -> str:
    return f"with {name} {adapters[name][:12]}" if name in adapters else f"without {name}"


def _card(path: Path) -> AdapterCard:
    try:
        card = AdapterCard.model_validate(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError) as error:
        why = error.errors()[0] if isinstance(error, ValidationError) else None
        told = f"{'.'.join(map(str, why['loc']))}: {why['msg']}" if why else str(error)
        raise InputError(f"{path}: no card of an adapter ({told}); {_MEND}") from error
    if card.name != path.stem:
        raise InputError(f"{path}: the card of {card.name}; {_MEND}")
    if card.base_sha256 != weights.SMOLLM2.sha256:
        raise InputError(f"{path}: belongs to {card.base}, not to these weights of {weights.SMOLLM2.name}; {_MEND}")
    return card
