"""Transcripts in files: read with line-numbered faults, written back in four formats.

`jsonl` is our own (one `Dialogue` a line) and keeps everything; `mathdial` and `chat` are read and written, `xapi` is
written only.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from classwright.classroom import chat_format, mathdial_format
from classwright.classroom.dialogue import Dialogue
from classwright.classroom.xapi_format import to_statements
from classwright.errors import InputError
from classwright.runs.atomic import write_atomic
from classwright.skilltree.imported import refuse

Format = Literal["jsonl", "mathdial", "chat"]
Written = Literal["jsonl", "mathdial", "chat", "xapi"]
MAX_DIGITS = 1000
"""A line with a longer run of digits holds no number that a lesson is about."""
MAX_ANSWER = 200
"""Characters of an answer."""


@dataclass(frozen=True)
class Transcripts:
    """What a file held.

    Attributes:
        dialogues: In the order of the file.
        skipped: "line N: why" for every line that was left out.
    """

    dialogues: tuple[Dialogue, ...]
    skipped: tuple[str, ...]


def read_transcripts(path: Path | str, format: Format, *, skip_bad: bool = False) -> Transcripts:
    """Read a file of dialogues.

    Args:
        path: The file, UTF-8, one JSON object a line; empty lines are passed over.
        format: What the objects are.
        skip_bad: Leave out lines that cannot be used, and say which, instead of refusing the file.

    Raises:
        InputError: the file cannot be read, holds no dialogue, or (without `skip_bad`) has a bad line; names the lines.
    """
    path = Path(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(f"{path}: is UTF-16; save it as UTF-8")
    found: list[Dialogue] = []
    faults: list[str] = []
    lines: dict[str, int] = {}
    counts: Counter[str] = Counter()
    for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            dialogue = _dialogue(_object(line), format, number, counts)
            key = _identity(dialogue, format)
            if key in lines:
                raise InputError(f"the dialogue {dialogue.id} is already in line {lines[key]}")
            lines[key] = number
            found.append(dialogue)
        except InputError as error:
            faults.append(f"line {number}: {error}")
    if not skip_bad:
        refuse(path, faults, "--skip-bad leaves such lines out and counts them")
    if not found:
        raise InputError(f"{path}: holds no dialogue" + (f" that can be used; {faults[0]}" if faults else ""))
    return Transcripts(tuple(found), tuple(faults))


def _object(line: bytes) -> dict[str, Any]:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 (byte {error.start + 1}); save the file as UTF-8") from error
    longest = max((len(digits) for digits in re.findall(r"\d{100,}", text)), default=0)
    if longest > MAX_DIGITS:
        raise InputError(f"holds a number of {longest} digits")
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"not valid JSON: {error}") from error
    if not isinstance(record, dict):
        raise InputError("not a JSON object")
    return record


def _dialogue(record: dict[str, Any], format: Format, number: int, counts: Counter[str]) -> Dialogue:
    try:
        if format == "mathdial":
            qid = str(record.get("qid", ""))
            dialogue = mathdial_format.from_record(record, counts[qid])
            counts[qid] += 1
        elif format == "chat":
            dialogue = chat_format.from_record(record, number)
        else:
            dialogue = Dialogue.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the dialogue"
        raise InputError(f"{place}: {first['msg']}") from error
    speakers = {turn.speaker for turn in dialogue.turns} & {"tutor", "student"}
    if len(speakers) < 2:
        raise InputError(f"only the {speakers.pop()} speaks" if speakers else "nobody speaks")
    if dialogue.problem is not None and not 0 < len(dialogue.problem.answer.strip()) <= MAX_ANSWER:
        raise InputError(f"the answer has {len(dialogue.problem.answer.strip())} characters, not 1 to {MAX_ANSWER}")
    return dialogue


def _identity(dialogue: Dialogue, format: Format) -> str:
    """What may occur once in a file. MathDial has many dialogues of one qid, but none of them twice."""
    if format != "mathdial":
        return dialogue.id
    said = json.dumps([(t.label, t.text) for t in dialogue.turns])
    return f"{dialogue.problem.text if dialogue.problem else ''} {said}"


_TO_RECORD: dict[str, Callable[[Dialogue], dict[str, Any]]] = {
    "jsonl": lambda d: d.model_dump(mode="json"),
    "mathdial": mathdial_format.to_record,
    "chat": chat_format.to_record,
}


def write_transcripts(path: Path | str, dialogues: Iterable[Dialogue], format: Written) -> Path:
    """Write dialogues to a file, whole or not at all; "xapi" is one JSON array of statements, the others are lines.

    Raises:
        InputError: a dialogue has no place in the format.
        ClasswrightError: the file cannot be written.
    """
    if format == "xapi":
        statements = [s for d in dialogues for s in to_statements(d)]
        return write_atomic(path, json.dumps(statements, ensure_ascii=False, indent=1) + "\n")
    to_record = _TO_RECORD[format]
    lines = (json.dumps(to_record(d), ensure_ascii=False, allow_nan=False) + "\n" for d in dialogues)
    return write_atomic(path, "".join(lines))
