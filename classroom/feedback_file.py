"""Student feedback from a CSV file, with the labels that people gave, where it has columns of them."""

import csv
import io
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from classwright.classroom.feedback_labels import LABELS, Label, spelled
from classwright.errors import InputError
from classwright.skilltree.imported import refuse

LONGEST_COMMENT = 4_000
"""Characters of a comment; more does not fit beside the examples into a small model's context."""
_YES = frozenset(("1", "1.0", "yes", "y", "true", "x", "t"))
_NO = frozenset(("0", "0.0", "no", "n", "false", "f"))


class Comment(NamedTuple):
    """One comment.

    Attributes:
        line: The line of the file where its row ends.
        text: What the student wrote.
        given: Annotator -> label -> whether the annotator gave it; missing where the cell is empty.
    """

    line: int
    text: str
    given: dict[str, dict[Label, bool]]


class FeedbackFile(NamedTuple):
    """A file of comments.

    Attributes:
        comments: In the order of the file.
        column: The column of their texts.
        annotators: The prefixes of the label columns ("" for columns named like the labels), in order.
        labeled: The labels that have a column.
        skipped: "line N: why" for every row that was left out.
        prefixes: Prefixes of label columns that nobody asked for, so that they can be named.
    """

    comments: list[Comment]
    column: str
    annotators: tuple[str, ...]
    labeled: tuple[Label, ...]
    skipped: tuple[str, ...]
    prefixes: tuple[str, ...]


def read_feedback(
    path: Path | str, *, column: str = "text", given: Sequence[str] = (), skip_bad: bool = False
) -> FeedbackFile:
    """Read comments.

    Args:
        path: A CSV file in UTF-8 with a header.
        column: The column of the texts.
        given: Prefixes of columns with given labels, one an annotator ("annotator_H1_"); left out, columns that are
            named like the labels count.
        skip_bad: Leave out rows that cannot be used, and say which, instead of refusing the file.

    Raises:
        InputError: not readable, another encoding, no such column, empty texts, rows twice, a label that is neither
            yes nor no; the message names line and fix.
    """
    path = Path(path)
    text = _decoded(path)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    faults: list[str] = []
    comments: list[Comment] = []
    seen: dict[tuple[str, ...], int] = {}
    try:
        header = next(reader, None)
        if not header or not any(cell.strip() for cell in header):
            raise InputError(f"{path}: is empty; the first line should name the columns")
        names = [cell.strip() for cell in header]
        place = _column(path, names, column)
        columns = _label_columns(path, names, given)
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            where = f"line {reader.line_num}"
            if len(row) != len(names):
                faults.append(
                    f"{where}: {len(row)} cells, the header has {len(names)} (a text with commas needs quotes)"
                )
                continue
            key = tuple(cell.strip() for cell in row)
            found = _comment(key, place, columns, reader.line_num)
            if isinstance(found, str):
                faults.append(f"{where}: {found}")
            elif key in seen:
                faults.append(f"{where}: the same row as line {seen[key]}")
            else:
                seen[key] = reader.line_num
                comments.append(found)
    except csv.Error as error:
        raise InputError(
            f"{path}, line {reader.line_num}: not CSV: {error}; save it as comma-separated UTF-8"
        ) from error
    if not skip_bad:
        refuse(path, faults, "--skip-bad leaves such rows out and counts them")
    if not comments:
        raise InputError(f"{path}: no comment below the header" + (f" that can be used; {faults[0]}" if faults else ""))
    labeled: tuple[Label, ...] = tuple(
        x for x in LABELS if any(x in c.given.get(a, {}) for c in comments for a in columns)
    )
    return FeedbackFile(comments, names[place], tuple(columns), labeled, tuple(faults), _prefixes(names))


def _decoded(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(f"{path}: is UTF-16; save it as CSV UTF-8")
    if b"\x00" in raw[:4096]:
        raise InputError(f"{path}: is no text; save the table as CSV UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}, line {line}: not UTF-8 (byte {error.start}); save it as CSV UTF-8") from error


def _column(path: Path, names: list[str], column: str) -> int:
    if column in names:
        return names.index(column)
    folded = [name.casefold() for name in names]
    if column.casefold() in folded:
        return folded.index(column.casefold())
    usual = [
        n for n in names if n.casefold() in ("comment", "comments", "feedback", "response", "text", "answer", "message")
    ]
    near = get_close_matches(column, names, 1, 0.6) or (usual[:1] if column == "text" else [])
    offer = f"; did you mean --column {near[0]}?" if near else f"; there are {', '.join(n[:30] for n in names[:12])}"
    raise InputError(f"{path}, line 1: no column {column!r}{offer}")


def _label_columns(path: Path, names: list[str], given: Sequence[str]) -> dict[str, dict[Label, int]]:
    """Annotator's prefix -> label -> place of the column."""
    columns: dict[str, dict[Label, int]] = {}
    for prefix in given or ("",):
        found: dict[Label, int] = {
            label: i for label in LABELS for i, name in enumerate(names)
            if name.casefold().startswith(prefix.casefold()) and spelled(name[len(prefix) :]) == label
        }  # fmt: skip
        if given and not found:
            known = _prefixes(names)
            raise InputError(
                f"{path}, line 1: no column {prefix!r} + a label ({', '.join(LABELS)})"
                + (f"; there are label columns with the prefixes {', '.join(known[:5])}" if known else "")
            )
        if found:
            columns[prefix] = found
    return columns


def _prefixes(names: Sequence[str]) -> tuple[str, ...]:
    """Prefixes that stand before at least three different labels."""
    found: dict[str, set[str]] = {}
    for name in names:
        for label in LABELS:
            plain = name.casefold().replace("-", "_").replace(" ", "_")
            if plain.endswith(f"_{label}"):
                found.setdefault(name[: -len(label)], set()).add(label)
    return tuple(prefix for prefix, labels in found.items() if len(labels) > 2)


def _comment(row: tuple[str, ...], place: int, columns: dict[str, dict[Label, int]], line: int) -> Comment | str:
    """A comment, or what is wrong with its row."""
    text = row[place]
    if not text:
        return "the text is empty"
    if len(text) > LONGEST_COMMENT:
        return f"the text has {len(text)} characters, more than {LONGEST_COMMENT}"
    given: dict[str, dict[Label, bool]] = {}
    for annotator, labels in columns.items():
        given[annotator] = {}
        for label, i in labels.items():
            cell = row[i].casefold()
            if cell in _YES or cell in _NO:
                given[annotator][label] = cell in _YES
            elif cell:
                return f"{annotator}{label} is {row[i][:20]!r}; it should be 1 or 0, or empty"
    return Comment(line, text, given)
