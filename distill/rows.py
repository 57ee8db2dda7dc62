"""What a training set is made of, and its files: train.jsonl, held_out.jsonl, exam.jsonl, card.json.

One directory holds rows of one kind. Every file is written whole or not at all, and a fault in one names file and line.
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from classwright.errors import InputError
from classwright.runs.atomic import write_atomic
from classwright.runs.tomlfile import explain
from classwright.skilltree.grading import grade
from classwright.skilltree.problem import Draft, Form, Kind
from classwright.skilltree.verdict import Result

R = TypeVar("R", bound=BaseModel)
TRAIN, HELD_OUT, EXAM, CARD = "train.jsonl", "held_out.jsonl", "exam.jsonl", "card.json"


class Message(BaseModel):
    """One message of a chat."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: Literal["system", "user", "assistant"]
    content: str


class _Meta(BaseModel):
    """What every row says of itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1)
    skill: str = ""
    family: str = Field(default="", description="Problem family, 'skill/template': the unit of the split")
    task: str = Field(default="", description="Prompt template that the trained text answers, where there is one")
    pattern: str = Field(default="", description="What its text was made from: rows of one task and pattern are alike")
    weight: float = Field(default=1.0, ge=0, allow_inf_nan=False, description="Factor of this row's loss")
    score: float | None = Field(default=None, allow_inf_nan=False, description="Selection score; None: not judged")
    source: str = Field(default="", description="Id of the run that it comes from, or what made it")


class Row(_Meta):
    """One supervised chat.

    Attributes:
        messages: The chat, with at least one assistant message.
        trained: Indices of the assistant messages that get loss; all of them unless given.
    """

    messages: tuple[Message, ...] = Field(min_length=2)
    trained: tuple[int, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _all_by_default(cls, values: Any) -> Any:
        if not isinstance(values, dict) or values.get("trained") is not None:
            return values
        messages = values.get("messages")
        if not isinstance(messages, list | tuple):
            return values
        roles = [getattr(m, "role", None) or (m.get("role") if isinstance(m, dict) else None) for m in messages]
        return {**values, "trained": [i for i, role in enumerate(roles) if role == "assistant"]}

    @model_validator(mode="after")
    def _trained_are_assistant(self) -> "Row":
        assistant = {i for i, message in enumerate(self.messages) if message.role == "assistant"}
        if not self.trained:
            raise ValueError("no assistant message is trained: the row teaches nothing")
        if strange := sorted(set(self.trained) - assistant):
            raise ValueError(f"trained names message {strange[0]}, which is not an assistant message")
        return self


class PreferenceRow(_Meta):
    """One preference pair: two replies to the same prompt.

    Attributes:
        prompt: The chat up to the reply, ending in a user message.
        chosen: The better reply.
        rejected: The worse reply.
    """

    prompt: tuple[Message, ...] = Field(min_length=1)
    chosen: str = Field(min_length=1)
    rejected: str = Field(min_length=1)

    @model_validator(mode="after")
    def _is_a_pair(self) -> "PreferenceRow":
        if self.prompt[-1].role == "assistant":
            raise ValueError("the prompt ends in an assistant message; the replies come after a user message")
        if self.chosen == self.rejected:
            raise ValueError("chosen and rejected are the same text")
        return self


class ExamItem(BaseModel):
    """One question of the exam that is put to a model in training; graded by code from its final "ANSWER: x".

    Attributes:
        messages: The prompt, ending in a user message.
        answer: The wanted answer in canonical form (see `skilltree.grading`); a student's wrong one where it is told to
            hold a misconception.
        kind: "held_out" (operands unseen), "unseen_template", "longer", ...
        answer_kind, form, choices: How the answer is read.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1)
    messages: tuple[Message, ...] = Field(min_length=1)
    answer: str = Field(min_length=1)
    skill: str = ""
    kind: str = "held_out"
    answer_kind: Kind = "number"
    form: Form = ""
    choices: tuple[str, ...] = ()

    def result(self, text: str) -> Result:
        """The grade of a reply: right, wrong or ungradable."""
        question = self.messages[-1].content
        asked = Draft(question, self.answer, "", (), {}, kind=self.answer_kind, form=self.form, choices=self.choices)
        return grade(text, asked).result


class Card(BaseModel):
    """The dataset card: what a reader needs to judge and to trace a training set.

    Attributes:
        kind: What the rows are.
        task: The task that made them ("tutor", "student", "rationale", "lesson").
        teacher: Model that wrote the trained texts, "code" where none did; several are joined with " + ".
        licence: The teacher's licence, "unknown" where nobody said.
        sources: Ids of the runs.
        prompts: Template name -> sha256 of its text.
        selection: The settings of `distill data` that decided which rows are in.
        counts: "rows", "skill", "family", "split" ...: name -> number of rows.
        scores: Statistics of the selection scores.
        dropped: Reason -> number of rows left out.
        notes: Further statements in whole sentences.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["sft", "preference"]
    task: str
    teacher: str
    licence: str = "unknown"
    sources: tuple[str, ...] = ()
    prompts: dict[str, str] = Field(default_factory=dict)
    selection: dict[str, Any] = Field(default_factory=dict)
    counts: dict[str, dict[str, int]] = Field(default_factory=dict)
    scores: dict[str, float] = Field(default_factory=dict)
    dropped: dict[str, int] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_rows(path: str | Path) -> list[Row | PreferenceRow]:
    """The rows of a file, in its order; all are of one kind.

    Raises:
        InputError: The file cannot be read or holds no row, a line is not a row, an id occurs twice, or supervised rows
            and preference pairs are mixed; file and line are named.
    """
    path = Path(path)
    rows = _read(path, _row_model)
    kinds = [type(row) for row in rows]
    if other := next((i for i, kind in enumerate(kinds, 1) if kind is not kinds[0]), None):
        raise InputError(
            f"{path}: row {other} is a {kinds[other - 1].__name__}, row 1 is a {kinds[0].__name__}; keep one kind"
        )
    return rows


def read_exam(path: str | Path) -> list[ExamItem]:
    """The items of an exam file. Raises as `read_rows`."""
    return _read(Path(path), lambda value: ExamItem)


def read_card(folder: str | Path) -> Card:
    """The card of a dataset directory.

    Raises:
        InputError: There is none, or it is not a card.
    """
    path = Path(folder) / CARD
    try:
        return Card.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); `classwright distill data` makes it") from error
    except ValidationError as error:
        raise InputError(f"{path}: not a dataset card: {explain(error, Card)}") from error


def read_records(path: str | Path, model: type[R]) -> list[R]:
    """Records of a model with an `id`, one a line. Raises as `read_rows`."""
    return _read(Path(path), lambda value: model)


def write_records(path: str | Path, records: Iterable[BaseModel]) -> Path:
    """Write records, one a line. Raises as `write_rows`."""
    return _write(path, records)


def write_rows(path: str | Path, rows: Iterable[Row | PreferenceRow]) -> Path:
    """Write rows, one a line. Raises ClasswrightError where the file cannot be written."""
    return _write(path, rows)


def write_exam(path: str | Path, items: Iterable[ExamItem]) -> Path:
    """Write the items of an exam, one a line. Raises as `write_rows`."""
    return _write(path, items)


def write_card(folder: str | Path, card: Card) -> Path:
    """Write `card.json` of a dataset directory. Raises as `write_rows`."""
    return write_atomic(Path(folder) / CARD, card.model_dump_json(indent=2) + "\n")


def _write(path: str | Path, records: Iterable[BaseModel]) -> Path:
    return write_atomic(path, "".join(record.model_dump_json() + "\n" for record in records))


def _row_model(value: dict[str, Any]) -> type[BaseModel]:
    return PreferenceRow if "chosen" in value else Row


def _read(path: Path, model_of: Callable[[dict[str, Any]], type[BaseModel]]) -> list[Any]:
    """The records of a file; `model_of` says what a line's object must be."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); `classwright distill data` makes it") from error
    found: list[Any] = []
    lines: dict[str, int] = {}
    for number, line in enumerate(raw.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise InputError(f"{path}, line {number}: not JSON in UTF-8: {error}") from error
        if not isinstance(value, dict):
            raise InputError(f"{path}, line {number}: not a JSON object")
        model = model_of(value)
        try:
            record = model.model_validate(value)
        except ValidationError as error:
            raise InputError(f"{path}, line {number}: {explain(error, model)}") from error
        if value["id"] in lines:
            raise InputError(f"{path}, line {number}: the id {value['id']} is already in line {lines[value['id']]}")
        lines[value["id"]] = number
        found.append(record)
    if not found:
        raise InputError(f"{path}: holds no rows")
    return found
