"""The recipe of a run: which model plays which role, how the job is done, where it must stop."""

from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from classwright.runs.capabilities import Capabilities
from classwright.runs.tomlfile import read_model

Role = Literal["teacher", "tutor", "student", "evaluator", "optimizer", "analyst", "embedder"]
"""Who speaks to a model. `evaluator` is a panel of one or more."""

ROLES: tuple[Role, ...] = get_args(Role)

_PLACE = ("base_url", "model", "gguf", "adapter", "api_key_env", "extra_body", "capabilities")

_OF_ONE_MODEL = ("gguf", "adapter", "capabilities")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _one_or_more(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _address(url: str) -> str:
    parts = urlsplit(url)  # a bad bracket raises ValueError, and so does a bad port when it is read
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0 or " " in url:
        raise ValueError(f"not an address such as http://127.0.0.1:8000/v1: {url}")
    return url


BaseUrls = Annotated[tuple[Annotated[str, AfterValidator(_address)], ...], BeforeValidator(_one_or_more)]


class ModelSpec(_Part):
    """How one role's model is reached and sampled. A key left out is taken from `models.default`.

    With neither `base_url` nor `gguf`, there or in the default, it is the embedded model. A role may also be a string:
    the file of its weights, `student = "runs/tuned/student.gguf"`, or the directory of a training.
    What stands here wins over what the program asks for in a single call.
    """

    base_url: BaseUrls = Field(
        default=(), description="Root of an OpenAI-compatible API, with its /v1; several servers share the load"
    )
    model: str | None = Field(default=None, min_length=1, description="The model's name at that endpoint")
    gguf: Path | None = Field(default=None, description="Weights that run inside this process")
    adapter: Path | None = Field(default=None, description="LoRA adapter (GGUF) on these, or the embedded, weights")
    api_key_env: str | None = Field(default=None, min_length=1, description="Name of the variable that holds the key")
    temperature: float | None = Field(default=None, ge=0, le=2)
    max_tokens: int | None = Field(default=None, ge=1, description="Most tokens of one reply")
    timeout_s: float | None = Field(default=None, gt=0, description="Longest time for one reply, s")
    concurrency: int | None = Field(default=None, ge=1, le=4096, description="Most requests under way at a time")
    extra_body: dict[str, Any] = Field(default_factory=dict, description="Added to each request as it is")
    capabilities: Capabilities | None = Field(
        default=None, description="What the endpoint does, as `classwright serve` found out; left out: all it should"
    )

    @model_validator(mode="after")
    def _one_place(self) -> "ModelSpec":
        if self.base_url and self.gguf:
            raise ValueError("base_url and gguf exclude each other: an endpoint or a file, not both")
        if self.base_url and self.adapter:
            raise ValueError("an endpoint serves an adapter under a name of its own: give this name as model")
        if self.gguf and self.model:
            raise ValueError("model names a model at a base_url; a gguf file needs no name")
        return self

    @property
    def embedded(self) -> bool:
        """Whether this is the embedded default model."""
        return not self.base_url and self.gguf is None and self.adapter is None

    def over(self, default: "ModelSpec") -> "ModelSpec":
        """The same spec with what it leaves out taken from `default`.

        A spec that names its own endpoint or file takes no name, key or extras of the default's endpoint.
        """
        own = {name: getattr(self, name) for name in self.model_fields_set}
        inherited = {name: getattr(default, name) for name in default.model_fields_set if name not in own}
        if self.base_url or self.gguf:
            inherited = {name: value for name, value in inherited.items() if name not in _PLACE}
        elif self.model is not None:
            inherited = {name: value for name, value in inherited.items() if name not in _OF_ONE_MODEL}
        return ModelSpec(**inherited, **own)


def _file_as_spec(value: object) -> object:
    return {"gguf": value} if isinstance(value, str | Path) else value


Spec = Annotated[ModelSpec, BeforeValidator(_file_as_spec)]
"""A spec, or the file of the weights alone."""


class ModelSpecs(_Part):
    """Which model plays which role."""

    default: Spec = ModelSpec()
    teacher: Spec = ModelSpec()
    tutor: Spec = ModelSpec()
    student: Spec = ModelSpec()
    evaluators: tuple[Spec, ...] = Field(default=(), description="A panel; left out: one, the default")
    optimizer: Spec = ModelSpec()
    analyst: Spec = ModelSpec()
    embedder: ModelSpec | None = Field(default=None, description="Left out: static word vectors, offline")
    base_only: bool = Field(default=False, description="The embedded model without the adapters that come with it")
    adapters: dict[str, str] | None = Field(
        default=None, description="Name -> SHA-256 of the adapters that a run began with; written by the program"
    )

    @model_validator(mode="after")
    def _reachable(self) -> "ModelSpecs":
        for name, spec in self.resolved().items():
            if spec.base_url and not spec.model:
                raise ValueError(f"{name}: base_url needs a model, the name that the endpoint knows it by")
            if spec.model and not spec.base_url:
                raise ValueError(f"{name}: model needs a base_url, the endpoint that serves it")
        if self.embedder is not None and not self.embedder.base_url:
            raise ValueError("embedder: needs a base_url and a model (left out altogether: word vectors, offline)")
        return self

    def resolved(self) -> dict[str, ModelSpec]:
        """Every chat role's spec with the default filled in; the panel is `evaluators[0]`, `evaluators[1]`, ..."""
        specs = {"default": self.default}
        specs |= {
            role: getattr(self, role).over(self.default) for role in ROLES if role not in ("evaluator", "embedder")
        }
        panel = self.evaluators or (ModelSpec(),)
        specs |= {f"evaluators[{index}]": spec.over(self.default) for index, spec in enumerate(panel)}
        if self.embedder is not None:
            specs["embedder"] = self.embedder
        return specs


class LessonSettings(_Part):
    """How a lesson is made."""

    minutes: int = Field(default=45, ge=5, le=600, description="Length of the lesson, minutes")
    rounds: int = Field(default=1, ge=0, le=50, description="Rounds of rewriting after the first draft")
    candidates: int = Field(default=2, ge=1, le=50, description="Plans drafted at first")
    keep: int = Field(default=1, ge=1, le=50, description="Best plans (P) that the optimizer edits each round")
    samples: int = Field(default=1, ge=1, le=9, description="Times each judge is asked the same (self-consistency)")
    epsilon: float = Field(
        default=0.02, ge=0, le=1, description="Gain that a round must win for certain to count as progress"
    )
    patience: int = Field(default=3, ge=1, le=50, description="Rounds without progress after which the loop stops")
    proposals: bool | None = Field(
        default=None, description="Ask the teacher for whole parts; left out: only a larger model than the embedded one"
    )
    class_size: int = Field(default=8, ge=1, le=1000, description="Simulated students, where no class is given")


class Limits(_Part):
    """Where a run must stop; left out: no limit."""

    calls: int | None = Field(default=None, ge=1, description="Model replies")
    tokens: int | None = Field(default=None, ge=1, description="Prompt and completion tokens together")

    @property
    def capped(self) -> bool:
        """Whether there is any limit."""
        return self.calls is not None or self.tokens is not None


class Recipe(_Part):
    """Everything about a run that is not its subject. Every key has a default; an unknown key is an error."""

    seed: int = Field(default=0, ge=0, lt=2**63)
    models: ModelSpecs = ModelSpecs()
    lesson: LessonSettings = LessonSettings()
    students: dict[str, float] = Field(
        default_factory=dict, description="How simulated students learn: parameters of classroom.learning.LearningModel"
    )
    teach: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="Settings of experiments, [teach.<name>]; see `classwright teach list`"
    )
    limits: Limits = Limits()

    def record(self) -> dict[str, Any]:
        """The recipe as JSON for config.json, from which `Recipe.model_validate` makes the same recipe again.

        Every setting is written out, but of a model only what was set: what a role leaves open comes from the default.
        """
        return self.model_dump(mode="json") | {"models": self.models.model_dump(mode="json", exclude_unset=True)}


def load_recipe(path: str | Path | None = None) -> Recipe:
    """Read a recipe; without a path, the one where every key has its default.

    A path that is no file but the name of a recipe that comes with Classwright ("quick") means that one. A relative
    `gguf` or `adapter`, or `file` of an experiment, is taken from the recipe's folder.

    Raises:
        InputError: The file is missing, not UTF-8, not TOML, or a key is unknown or has the wrong type. The message
            names the file, the line or key, and for an unknown key the nearest.
    """
    if path is None:
        return Recipe()
    path = Path(path)
    shipped = Path(__file__).parent / f"{path}.toml"
    if not path.exists() and len(path.parts) == 1 and shipped.is_file():
        path = shipped
    return read_model(path, Recipe, prepare=lambda table: _from_folder(table, path.parent))


def _from_folder(table: dict[str, Any], folder: Path) -> dict[str, Any]:
    models = table.get("models")
    if isinstance(models, dict):
        for role, value in models.items():
            specs = [_file_as_spec(spec) for spec in (value if isinstance(value, list) else [value])]
            for spec in specs:
                for key in ("gguf", "adapter"):
                    if isinstance(spec, dict) and isinstance(spec.get(key), str):
                        spec[key] = str(folder / Path(spec[key]).expanduser())
            models[role] = specs if isinstance(value, list) else specs[0]
    for settings in (table.get("teach") or {}).values() if isinstance(table.get("teach"), dict) else ():
        if isinstance(settings, dict) and isinstance(settings.get("file"), str) and settings["file"]:
            settings["file"] = str(folder / Path(settings["file"]).expanduser())
    return table
