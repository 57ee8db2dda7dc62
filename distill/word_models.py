"""Which model words are asked of: a short name for an endpoint, a file, the embedded base, a recipe, our own text."""

import re
from pathlib import Path

from classwright.errors import InputError
from classwright.models.hub import find
from classwright.models.weights import Progress, get_smollm2
from classwright.runs.recipe import ModelSpec, ModelSpecs, Recipe, load_recipe

CURATED, BASE, EMBEDDED = "curated", "base", "embedded"
ADAPTER = "adapter.gguf"
HELP = (
    "curated (our own texts), base (the embedded model without its adapter), embedded (as it comes), a GGUF file, the "
    "directory of a training or a name of `models get`, each of these or base with +ADAPTER.gguf, NAME@URL, or a recipe"
)


def recipe_of(model: str, progress: Progress | None = None) -> Recipe | None:
    """The recipe in which a model plays every role; None for our own texts.

    Args:
        model: See `HELP`.
        progress: Told of a download of the base.

    Raises:
        InputError: There is no such file or name.
    """
    if model == CURATED:
        return None
    if model.endswith(".toml"):
        return load_recipe(model)
    name, at, url = model.partition("@")
    if at and url.startswith("http"):
        return Recipe(models=ModelSpecs(default=ModelSpec(base_url=(url,), model=name)))
    if model == EMBEDDED:
        return Recipe()
    weights, _, adapter = (model, "", "") if Path(model).exists() else model.partition("+")
    spec: dict[str, Path] = {}
    if weights == BASE:
        spec["gguf"] = get_smollm2(progress)
    elif weights != EMBEDDED:
        spec["gguf"] = _file(find(weights), model)
    if adapter:
        path = Path(adapter).expanduser()
        spec["adapter"] = _file(path / ADAPTER if path.is_dir() else path, model)
    return Recipe(models=ModelSpecs(default=ModelSpec.model_validate(spec)))


def slug(model: str) -> str:
    """A model's name as a file's name, the same for the same name and different for different ones."""
    from hashlib import blake2b

    short = re.sub(r"[^A-Za-z0-9.]+", "-", model.removeprefix("http://")).strip("-.")[-60:]
    return short if short == model else f"{short}-{blake2b(model.encode(), digest_size=3).hexdigest()}"


def _file(path: Path, model: str) -> Path:
    if not path.is_file():
        raise InputError(f"{model}: {path} is not there; a model is {HELP}")
    return path
