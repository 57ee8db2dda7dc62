"""What a trained model's directory holds for its report, and how measurements get there.

`training.json` and the exams are written by training; each further measurement is one file, written by `add`:

    forgetting.json   forgetting.Forgetting       fidelity.json     fidelity.Fidelity (of tokens)
    retain.json       retain.RetainCurve          answers.json      fidelity.Fidelity (of answers)
    provenance.json   provenance.Provenance       capacity.json     capacity.Advice
    words.json        words_exam.WordsReport
"""

from math import isfinite
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from classwright.distill.capacity import Advice
from classwright.distill.exam_result import AFTER, BEFORE, Answered, read_answers
from classwright.distill.fidelity import Fidelity
from classwright.distill.forgetting import Forgetting
from classwright.distill.provenance import Provenance
from classwright.distill.retain import RetainCurve
from classwright.distill.rows import CARD, Card, read_card
from classwright.distill.train_log import LOG, read_log
from classwright.distill.training_set import validation
from classwright.distill.words_exam import WordsReport
from classwright.errors import InputError
from classwright.runs.atomic import write_atomic
from classwright.runs.tomlfile import explain

TRAINING = "training.json"
MEASURES: dict[str, type[BaseModel]] = {
    "fidelity": Fidelity, "answers": Fidelity, "provenance": Provenance, "forgetting": Forgetting,
    "retain": RetainCurve, "capacity": Advice, "words": WordsReport,
}  # fmt: skip


class Step(BaseModel):
    """One evaluation or log entry of a training: its loss, and accuracy 0..1 by kind of exam item.

    One number for the accuracy is that of all items.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    step: int = Field(ge=0)
    loss: float | None = None
    accuracy: dict[str, float] = Field(default_factory=dict)

    @field_validator("accuracy", mode="before")
    @classmethod
    def _by_kind(cls, value: Any) -> Any:
        return {"all items": value} if isinstance(value, int | float) else value or {}


class Training(BaseModel):
    """`training.json`; more keys than these are kept."""

    model_config = ConfigDict(extra="allow", frozen=True)

    config: dict[str, Any] = Field(default_factory=dict)
    curves: list[Step] = Field(default_factory=list)


class Files(BaseModel):
    """What there is; None or [] for what is not.

    Attributes:
        losses: (step, loss) of the log.
        chose: Ids of the exam items that chose the checkpoint, which say nothing of the finished model; None where they
            cannot be told from the others.
        before, after: The exams.
        measures: Name in `MEASURES` -> the measurement.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True)

    training: Training | None
    losses: list[tuple[int, float]]
    before: list[Answered]
    after: list[Answered]
    chose: frozenset[str] | None
    card: Card | None
    measures: dict[str, Any]


def add(folder: Path, name: str, measure: BaseModel) -> Path:
    """Put a measurement into a trained model's directory, for its report.

    Args:
        folder: The directory.
        name: One of `MEASURES`.
        measure: Of its type.

    Raises:
        ValueError: No such name, or another type.
    """
    if not isinstance(measure, MEASURES.get(name, ())):
        raise ValueError(f"{name}: a measurement is one of {', '.join(MEASURES)}, of its own type")
    return write_atomic(folder / f"{name}.json", measure.model_dump_json(indent=2) + "\n")


def read_files(folder: Path) -> Files:
    """Everything that a report can tell of.

    Raises:
        InputError: No such directory, nothing of a training in it, or a file that is damaged (it is named).
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such directory; name the one that `classwright distill train` made")
    training = _model(folder / TRAINING, Training)
    exams = {name: read_answers(folder / name) if (folder / name).exists() else [] for name in (BEFORE, AFTER)}
    measures = {n: m for n, model in MEASURES.items() if (m := _model(folder / f"{n}.json", model)) is not None}
    if training is None and not exams[AFTER] and not measures:
        raise InputError(
            f"{folder}: neither {TRAINING} nor {AFTER} is there; name what `classwright distill train` made"
        )
    config = training.config if training else {}
    places = [folder, *([Path(str(config["data"]))] if config.get("data") else [])]
    cards = [read_card(place) for place in places if (place / CARD).exists()]
    return Files(
        training=training,
        losses=_losses(folder),
        before=exams[BEFORE],
        after=exams[AFTER],
        chose=_chose(exams[AFTER], training),
        card=cards[0] if cards else None,
        measures=measures,
    )


def _chose(answers: list[Answered], training: Training | None) -> frozenset[str] | None:
    """Found as training found them; its record of how many of them were right says whether they are the same."""
    told = (training.model_extra or {}).get("validation") if training else None
    if training is None or not answers or not told or not told[1]:
        return frozenset()
    items: Any = answers  # one an exam item, in its order, so the same draw finds the same
    chosen: list[Any] = validation(items, int(training.config.get("eval_items", 0)), training.config.get("seed", 0))
    same = [sum(a.right is True for a in chosen), len(chosen)] == list(told)
    return frozenset(a.id for a in chosen) if same else None


def _model(path: Path, model: type[BaseModel]) -> Any:
    if not path.exists():
        return None
    try:
        return model.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except ValidationError as error:
        raise InputError(f"{path}: {explain(error, model)}") from error


def _losses(folder: Path) -> list[tuple[int, float]]:
    """(step, loss) of the log's lines that have both; of a step that stands there twice the last one."""
    try:
        lines = read_log(folder)
    except (OSError, ValueError) as error:
        raise InputError(f"{folder / LOG}: damaged: {error}") from error
    found = {line["step"]: line["loss"] for line in lines if "step" in line and "loss" in line}
    return sorted((step, float(loss)) for step, loss in found.items() if loss is not None and isfinite(loss))
