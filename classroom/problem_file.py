"""Problems from a file that somebody else made: GSM8K's lines, MathDial's, or our own as lines or as a table.

Which of them a line is, is told by its keys. A file is used as a whole or not at all: its faults are named together,
with their lines, unless it is said that bad lines may be left out, and then they are counted by reason.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from classwright.classroom.problem_record import FileProblem, Refused, problem_of, unknown_key
from classwright.errors import InputError
from classwright.skilltree.imported import refuse

MAX_DIGITS = 40
"""A longer run of digits is no number of a school problem."""
MAX_LINE = 1_000_000
"""Bytes of a line."""
_ADVICE = "--skip-bad leaves such lines out and counts them"


@dataclass(frozen=True)
class ProblemFile:
    """What a file held.

    Attributes:
        entries: The problems with the wrong solutions given, in the order of the file.
        skipped: Why lines were left out -> how many.
    """

    entries: tuple[FileProblem, ...]
    skipped: Mapping[str, int]


class _Line(NamedTuple):
    number: int
    record: dict[str, Any] | Refused


def read_problem_file(path: Path | str, *, skip_bad: bool = False) -> ProblemFile:
    """Read a file of problems.

    Args:
        path: `.csv` or `.tsv` is a table with a header; anything else is one JSON object a line. UTF-8, with or without
            a byte order mark; empty lines are passed over. Keys of our own format: question and answer, and perhaps id,
            steps, wrong_solution (or wrong_solutions), skill, unit; a list may be one text with a line each.
        skip_bad: Leave out lines that cannot be used, and count them, instead of refusing the file.

    Raises:
        InputError: the file cannot be read, holds no problem, or (without `skip_bad`) has bad lines: names the first
            five and counts the others.
    """
    path = Path(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in raw[:200]:
        raise InputError(f"{path}: is UTF-16 or no text; save it as UTF-8")
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    table = path.suffix.lower() in (".csv", ".tsv")
    if not table and raw.lstrip()[:1] == b"[":
        raise InputError(f"{path}: is one JSON list; write one object a line (jq -c '.[]' does it)")
    found: dict[str, tuple[int, FileProblem]] = {}
    faults: list[tuple[int, Refused]] = []
    for line in _table(path, raw) if table else _objects(raw):
        try:
            if isinstance(line.record, Refused):
                raise line.record
            read = problem_of(line.record, path.stem, line.number)
            _add(found, line.number, read)
        except Refused as fault:
            faults.append((line.number, fault))
    if not skip_bad:
        refuse(path, [f"line {number}: {fault}" for number, fault in faults], _ADVICE)
    if not found:
        first = f" that can be used; line {faults[0][0]}: {faults[0][1]}" if faults else ""
        raise InputError(f"{path}: holds no problem{first}")
    return ProblemFile(tuple(p for _, p in found.values()), Counter(fault.reason for _, fault in faults))


def _add(found: dict[str, tuple[int, FileProblem]], number: int, read: FileProblem) -> None:
    """Add a problem; one that MathDial repeats, once a dialogue, brings its other wrong solutions."""
    name = read.problem.id
    if name not in found:
        found[name] = (number, read)
        return
    line, before = found[name]
    same = (before.problem.text, before.problem.answer) == (read.problem.text, read.problem.answer)
    if not (read.repeats and before.repeats and same):
        raise Refused("duplicate id", f"the id {name} is already in line {line}")
    known = {w.text for w in before.wrong}
    found[name] = (line, before._replace(wrong=(*before.wrong, *(w for w in read.wrong if w.text not in known))))


def _objects(raw: bytes) -> Iterator[_Line]:
    for number, line in enumerate(raw.split(b"\n"), 1):
        if line.strip():
            yield _Line(number, _object(line))


def _object(line: bytes) -> dict[str, Any] | Refused:
    if len(line) > MAX_LINE:
        return Refused("too long", f"has {len(line)} bytes, more than {MAX_LINE}")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        return Refused("not UTF-8", f"not UTF-8 (byte {error.start + 1}); save the file as UTF-8")
    if fault := _long_number(text):
        return fault
    try:
        # numbers stay as written: 0.10 is ten cents
        record = json.loads(text, parse_float=_decimal, parse_int=str, parse_constant=_decimal)
    except Refused as fault:
        return fault
    except (ValueError, RecursionError) as error:
        return Refused("not JSON", f"not valid JSON: {error}")
    return record if isinstance(record, dict) else Refused("not JSON", "not a JSON object")


def _decimal(written: str) -> str:
    """A number of JSON without an exponent.

    Raises:
        Refused: it is too large or small to be written so, or no number (NaN).
    """
    number = Decimal(written)
    if not number.is_finite() or abs(number.adjusted()) > MAX_DIGITS:
        raise Refused("number too long", f"holds the number {written[:20]}")
    return f"{number:f}"


def _long_number(text: str) -> Refused | None:
    # thousands commas do not make a number shorter
    longest = max((len(digits) for digits in re.findall(rf"\d[\d,]{{{MAX_DIGITS},}}", text)), default=0)
    return Refused("number too long", f"holds a number of {longest} digits") if longest else None


def _table(path: Path, raw: bytes) -> Iterator[_Line]:
    # a byte that is no UTF-8 spoils its own row only
    text = raw.decode("utf-8", errors="surrogateescape")
    blank = len(text) - len(text.lstrip("\r\n"))
    above = text[:blank].count("\n")
    text = text[blank:]
    separator = max(",;\t", key=text.split("\n", 1)[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    limit = csv.field_size_limit(MAX_LINE)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        _check_header(path, header)
        start = above + reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _Line(start, _row(header, cells))
            start = above + reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"{path}, line {above + reader.line_num}: not CSV: {error}") from error
    finally:
        csv.field_size_limit(limit)


def _check_header(path: Path, header: list[str]) -> None:
    missing = [name for name in ("question", "answer") if name not in header]
    if missing and not ("question" in header and "ground_truth" in header):
        known = ", ".join(name for name in header if name)[:200]
        raise InputError(f"{path}: missing column {' and '.join(missing)}" + (f" (there are {known})" if known else ""))
    twice = [name for name, n in Counter(header).items() if name and n > 1]
    faults = [f"the column {name} is there twice" for name in twice] + [
        f for h in header if (f := unknown_key(h, header))
    ]
    refuse(path, faults)


def _row(header: list[str], cells: list[str]) -> dict[str, Any] | Refused:
    if len(cells) != len(header):
        return Refused("columns", f"has {len(cells)} columns, the header {len(header)}")
    text = "\n".join(cells)
    if re.search(r"[\udc80-\udcff]", text):
        return Refused("not UTF-8", "not UTF-8; save the file as UTF-8")
    return _long_number(text) or dict(zip(header, cells, strict=True))
