"""A recipe for an adapter that comes with Classwright: its tasks, what it learns from and how, how it is examined."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator

from classwright.distill.candidates import DataRequest
from classwright.distill.settings import TrainSettings
from classwright.graphs.dialogue_plan import DialogueRequest
from classwright.runs.tomlfile import read_model

SHIPPED = Path(__file__).parent.parent / "runs"


class AdapterRecipe(BaseModel):
    """One adapter, from data to card. The same recipe gives the same adapter.

    Attributes:
        name: Of the adapter and its files.
        tasks: Prompt templates that the embedded model is asked with it.
        licence: Of the adapter.
        tokens: Most tokens of the training in all, prompts included: what its time depends on.
        weights: Task -> room of its rows beside the others', see `row_budget`.
        data: As `classwright distill data`.
        dialogues: Dialogues of coded students that the data is made of; no model is asked in them. None for the corpus.
            `skills = ["all"]` stands for every skill of the tree.
        train: As `classwright distill train`; its rows must not be longer than its `length`, or they are left out.
        per_task: Held-out rows of each task that the corpus's adapter is examined on; 0 for all.
        per_kind: Exam items of each kind (what a student told to be wrong, or right, would answer) that are asked.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9-]+$")
    tasks: tuple[str, ...] = Field(min_length=1)
    licence: str = "Apache-2.0"
    tokens: int = Field(ge=100)
    weights: dict[str, float] = Field(default_factory=dict)
    data: DataRequest
    dialogues: DialogueRequest | None = None
    train: TrainSettings = TrainSettings()
    per_task: int = Field(default=40, ge=0)
    per_kind: int = Field(default=100, ge=1)

    @model_validator(mode="after")
    def _fits_together(self) -> "AdapterRecipe":
        if (self.data.task == "corpus") != (self.dialogues is None):
            raise ValueError("the corpus needs no dialogues, and every other data is made of [dialogues]")
        if self.dialogues is not None and (self.dialogues.words, self.dialogues.student) != ("code", "knowledge"):
            raise ValueError('dialogues: an adapter is made of coded students\' words: words = "code"')
        if self.train.full or self.train.method != "sft":
            raise ValueError("train: an adapter is what sft with a rank makes")
        if strange := [t for t, w in self.weights.items() if w <= 0]:
            raise ValueError(f"weights.{strange[0]}: should be above 0")
        return self


def load_adapter_recipe(path: str | Path) -> AdapterRecipe:
    """Read a recipe; a name that is no file ("embedded-tutor") means the one that comes with Classwright.

    Raises:
        InputError: As `read_model`.
    """
    path = Path(path)
    ours = SHIPPED / f"{path}.toml"
    return read_model(ours if not path.exists() and len(path.parts) == 1 and ours.is_file() else path, AdapterRecipe)
