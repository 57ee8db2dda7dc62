"""What a model answered in an exam, item by item: `exam.before.json` and `exam.after.json`."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from classwright.errors import InputError
from classwright.runs.tomlfile import explain

BEFORE, AFTER = "exam.before.json", "exam.after.json"


class Answered(BaseModel):
    """One answer; several to one item (other seeds) share its id.

    Attributes:
        id: Of the exam item; "x#1", "x#2" ... are the sub-problems of the composed item "x".
        skill, kind: Of the item (see `rows.ExamItem`).
        right: None where the answer could not be judged; it counts in no share.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(min_length=1)
    skill: str = ""
    kind: str = "held_out"
    right: bool | None


A = TypeVar("A", bound=Answered)


def read_answers(path: Path, model: type[A] = Answered) -> list[A]:
    """The answers of a file: a JSON list, or an object with one under "rows".

    Args:
        path: The file.
        model: What a row must be; `examine.Marked` for the replies too.

    Raises:
        InputError: It cannot be read, is no such list, or holds none; names the row.
    """
    try:
        value: Any = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not JSON: {error}; examine the model again") from error
    rows = value.get("rows") if isinstance(value, dict) else value
    if not isinstance(rows, list) or not rows:
        raise InputError(f"{path}: holds no list of answers; examine the model again")
    found = []
    for number, row in enumerate(rows, 1):
        try:
            found.append(model.model_validate(row))
        except ValidationError as error:
            raise InputError(f"{path}, row {number}: {explain(error, model)}") from error
    return found


def judged(answers: Iterable[Answered]) -> dict[str, list[float]]:
    """Item -> 1 or 0 for each answer that could be judged; items without one are left out."""
    found: dict[str, list[float]] = defaultdict(list)
    for a in answers:
        if a.right is not None:
            found[a.id].append(float(a.right))
    return dict(found)


def composed_results(answers: Sequence[Answered]) -> list[tuple[bool, list[bool]]]:
    """(whole right, sub-problems right) of each composed item that was judged with all its sub-problems.

    Where an item was answered several times, the first answer counts.
    """
    first: dict[str, bool | None] = {}
    for a in answers:
        first.setdefault(a.id, a.right)
    parts: dict[str, list[tuple[int, bool | None]]] = defaultdict(list)
    for name, right in first.items():
        whole, mark, number = name.rpartition("#")
        if mark and number.isdigit() and whole in first:
            parts[whole].append((int(number), right))
    found = []
    for whole, rows in parts.items():
        marks = [right for _, right in sorted(rows)]
        top = first[whole]
        if top is not None and None not in marks:
            found.append((top, [bool(m) for m in marks]))
    return found
