"""Texts that people labeled, from the files they come in: what a judge's labels are held against."""

import csv
import io
import json
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from classwright.errors import InputError

Format = Literal["mrbench", "csv"]

MRBENCH = {
    "Mistake_Identification": "Has the tutor recognized in this response that the student made a mistake?",
    "Mistake_Location": "Does this response point to where the student's mistake is?",
    "Providing_Guidance": "Does this response help with right and relevant guidance, such as an explanation or a hint?",
    "Actionability": "Is it clear from this response what the student should do next?",
}
"""The four dimensions of MRBench (Maurya et al. 2025, arXiv 2412.09416) as questions; the wording is ours."""
MRBENCH_LABELS = ("Yes", "To some extent", "No")
COLUMNS = ("text", "label")


class Labeled(NamedTuple):
    """One text with what people say about it.

    Attributes:
        id: Where it comes from in the file.
        context: What was said before, "" without any.
        text: What is labeled.
        labels: Dimension -> label.
    """

    id: str
    context: str
    text: str
    labels: dict[str, str]


class LabelFile(NamedTuple):
    """A file of labeled texts.

    Attributes:
        rows: The texts.
        questions: Dimension -> the question that its labels answer.
        choices: Dimension -> its labels.
    """

    rows: list[Labeled]
    questions: dict[str, str]
    choices: dict[str, tuple[str, ...]]


def read_labels(path: Path | str, format: Format) -> LabelFile:
    """Read labeled texts.

    mrbench: JSON, a list of conversations with `conversation_history` and `tutor_responses`, each response with an
    `annotation` of the four dimensions (Yes, To some extent, No).
    csv: a header with `text` and `label`, and if wanted `dimension` (a name or a question, one for each row; left out,
    the question is which label fits) and `context`. A row is one label; a dimension's labels are those in the file.

    Raises:
        InputError: The file cannot be read or is not of that form; the message names file, row and fix.
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as e:
        raise InputError(f"{file}: cannot be read: {e.strerror}") from e
    except UnicodeDecodeError as e:
        raise InputError(f"{file}: not UTF-8 (byte {e.start}); save the file as UTF-8") from e
    return _mrbench(file, text) if format == "mrbench" else _csv(file, text)


def sample(rows: Sequence[Labeled], n: int, seed: int) -> list[Labeled]:
    """`n` rows drawn without replacement, in the order of the file; all of them for n = 0 or more than there are."""
    if n == 0 or n >= len(rows):
        return list(rows)
    return [rows[i] for i in sorted(random.Random(seed).sample(range(len(rows)), n))]


def _mrbench(file: Path, text: str) -> LabelFile:
    try:
        conversations = json.loads(text)
    except (ValueError, RecursionError) as e:
        where = f", line {e.lineno}" if isinstance(e, json.JSONDecodeError) else ""
        raise InputError(f"{file}{where}: not JSON; is it --format csv?") from e
    if not isinstance(conversations, list) or not conversations:
        raise InputError(f"{file}: not a list of conversations; mrbench is the JSON of the MRBench development set")
    rows = []
    for number, conversation in enumerate(conversations, 1):
        where = f"{file}, conversation {number}"
        history = _text(conversation, "conversation_history", where)
        for tutor, response in _object(conversation, "tutor_responses", where).items():
            place = f"{where}, response of {tutor}"
            said, annotation = _text(response, "response", place), _object(response, "annotation", place)
            labels = {dimension: _text(annotation, dimension, place) for dimension in MRBENCH}
            for dimension, label in labels.items():
                if label not in MRBENCH_LABELS:
                    raise InputError(f"{place}: {dimension} is {label!r}; it should be {', '.join(MRBENCH_LABELS)}")
            rows.append(Labeled(f"{number}.{tutor}", history, said, labels))
    return LabelFile(rows, dict(MRBENCH), dict.fromkeys(MRBENCH, MRBENCH_LABELS))


def _object(record: Any, key: str, where: str) -> dict[str, Any]:
    value = record.get(key) if isinstance(record, dict) else None
    if not isinstance(value, dict) or not value:
        raise InputError(f"{where}: no {key}; mrbench is the JSON of the MRBench development set")
    return value


def _text(record: Any, key: str, where: str) -> str:
    value = record.get(key) if isinstance(record, dict) else None
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{where}: no {key}; mrbench is the JSON of the MRBench development set")
    return value.strip()


def _csv(file: Path, text: str) -> LabelFile:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    rows: dict[tuple[str, str], Labeled] = {}
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    try:
        columns = [c.strip().lower() for c in reader.fieldnames or []]
        if missing := [c for c in COLUMNS if c not in columns]:
            raise InputError(f"{file}, row 1: no column {', '.join(missing)}; there should be text, label "
                             "and if wanted dimension, context")  # fmt: skip
        reader.fieldnames = columns
        for record in reader:
            row = f"{file}, row {reader.line_num}"
            if None in record or None in record.values():
                raise InputError(f"{row}: {_width(record, columns)} cells, the header has {len(columns)}; "
                                 "put a text with commas into quotation marks")  # fmt: skip
            cells = {name: value.strip() for name, value in record.items()}
            if empty := [c for c in ("text", "label", *("dimension",) * ("dimension" in columns)) if not cells[c]]:
                raise InputError(f"{row}: {empty[0]} is empty; fill it in or take the row out")
            dimension, context = cells.get("dimension", "label"), cells.get("context", "")
            item = rows.setdefault((context, cells["text"]), Labeled(str(reader.line_num), context, cells["text"], {}))
            if item.labels.setdefault(dimension, cells["label"]) != cells["label"]:
                raise InputError(f"{row}: the text of row {item.id} again with another {dimension}; keep one of them")
            found[dimension][cells["label"]] = None
    except csv.Error as e:
        raise InputError(f"{file}, row {reader.line_num}: not CSV: {e}; save it as comma-separated UTF-8") from e
    if not rows:
        raise InputError(f"{file}: no rows below the header")
    for dimension, labels in found.items():
        if not 2 <= len(labels) <= 12:
            raise InputError(f"{file}: {dimension} has {len(labels)} different labels; there should be 2 to 12")
    questions = {d: d if d.endswith("?") else f"Which label fits this text best ({d})?" for d in found}
    return LabelFile(list(rows.values()), questions, {d: tuple(sorted(labels)) for d, labels in found.items()})


def _width(record: dict[Any, Any], columns: Sequence[str]) -> int:
    extra = record.get(None) or []
    return len(columns) + len(extra) if extra else sum(v is not None for v in record.values())
