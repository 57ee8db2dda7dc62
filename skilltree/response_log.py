"""Response logs: who answered what, right or wrong, in which order; read from CSV.

The format is told by the header. Three are known: Classwright's own (learner, skill, correct, time, optionally
problem), ASSISTments exports of several years, and OATutor's submission log, one row a step with its knowledge
components. Where a row names several skills, each gets the response.
"""

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

from classwright.errors import InputError
from classwright.skilltree.tree import SkillTree, offer

Columns = Mapping[str, tuple[str, ...]]

FORMATS: dict[str, Columns] = {
    "classwright": {
        "learner": ("learner",), "skill": ("skill",), "correct": ("correct",), "time": ("time",),
        "item": ("problem", "item"),
    },
    "assistments": {
        "learner": ("user_id", "studentid"), "skill": ("skill_name", "skill_id", "skill"), "correct": ("correct",),
        "time": ("order_id", "start_time", "starttime", "log_id"), "item": ("problem_id", "problemid"),
    },
    "oatutor": {
        "learner": ("oats_user_id", "anon_user_id", "user_id"), "skill": ("knowledgecomponents", "kc"),
        "correct": ("iscorrect",), "time": ("time_stamp", "timestamp"),
        "item": ("stepid", "step_id", "problemid"),
    },
}  # fmt: skip
"""Format -> field -> the column names that may hold it, lower case, the first that is there counts."""

_REQUIRED = ("learner", "skill", "correct", "time")
_RIGHT, _WRONG = ("1", "1.0", "true", "yes"), ("0", "0.0", "false", "no")


@dataclass(frozen=True, eq=False)
class Log:
    """Responses, sorted by learner and then by time; responses of equal time keep the order of the file.

    Attributes:
        source: The file.
        format: Which of `FORMATS` it is in.
        learners: The learners' ids as the file has them; everything else refers to them by index.
        skills: The skills' ids.
        items: The items' ids; empty where the file has no such column.
        learner: Index of the learner of each response, int32 (n,).
        skill: Index of the skill, int32 (n,).
        item: Index of the item, int32 (n,); -1 where there is none.
        correct: Whether the answer was right, bool (n,).
        rows: Rows read, the header not counted.
        skipped: Why rows, or skills in them, were left out -> how many.
        unknown: Skills that the tree does not have -> responses left out for it.
    """

    source: str
    format: str
    learners: tuple[str, ...]
    skills: tuple[str, ...]
    items: tuple[str, ...]
    learner: np.ndarray
    skill: np.ndarray
    item: np.ndarray
    correct: np.ndarray
    rows: int
    skipped: Mapping[str, int] = field(default_factory=dict)
    unknown: Mapping[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.correct)

    def sequences(self, skill: str) -> tuple[np.ndarray, np.ndarray]:
        """The responses to one skill, one row a learner.

        Returns:
            int8 (learners, longest): 1 right, 0 wrong, -1 after the learner's last response; and the learners'
            indices (learners,).
        """
        chosen = np.flatnonzero(self.skill == self.skills.index(skill))
        return pad(self.learner[chosen], self.correct[chosen])

    def matrix(self) -> np.ndarray:
        """Every learner's first response to every item, float (learners, items); NaN where there is none.

        Raises:
            InputError: the log has no items.
        """
        if not self.items:
            raise InputError(f"{self.source}: no column names the items; add one called problem")
        table = np.full((len(self.learners), len(self.items)), np.nan)
        seen = np.flatnonzero(self.item >= 0)[::-1]  # written backwards, the first response stays
        table[self.learner[seen], self.item[seen]] = self.correct[seen]
        return table

    def of_learners(self, chosen: np.ndarray) -> "Log":
        """The same log with only the responses of some learners; `chosen` is bool (learners,). Indices stay."""
        keep = chosen[self.learner]
        return Log(
            self.source, self.format, self.learners, self.skills, self.items, self.learner[keep], self.skill[keep],
            self.item[keep], self.correct[keep], self.rows, self.skipped, self.unknown,
        )  # fmt: skip


def pad(learner: np.ndarray, correct: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Responses sorted by learner as rows of equal length, -1 at the end; and whose row is whose."""
    who, start, count = np.unique(learner, return_index=True, return_counts=True)
    rows = np.full((len(who), int(count.max(initial=0))), -1, dtype=np.int8)
    place = np.arange(len(learner)) - np.repeat(start, count)
    rows[np.repeat(np.arange(len(who)), count), place] = correct
    return rows, who


def load_log(path: Path | str, tree: SkillTree | None = None, strict: bool = False) -> Log:
    """Read a response log.

    Args:
        path: A CSV file, UTF-8, with a header; commas, semicolons or tabs.
        tree: Skills must be in it.
        strict: A row that cannot be used is an error; otherwise it is left out and counted by reason.

    Raises:
        InputError: The file cannot be read, is not UTF-8, is empty, lacks a column (all are named) or holds no usable
            row; with `strict` also the first row that cannot be used.
    """
    path = Path(path)
    table = _rows(path)
    header = [name.strip().lower() for name in next(table, (0, []))[1]]
    if not any(header):
        raise InputError(f"{path}: empty; a response log has the columns learner, skill, correct, time")
    name, at = _columns(path, header)
    skipped: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    found: list[_Response] = []
    rows = 0
    for line, cells in table:
        rows += 1
        read = _response(cells, at, len(header))
        if isinstance(read, str):
            if strict:
                raise InputError(f"{path}, line {line}: {read}")
            skipped[read] += 1
            continue
        for skill in read.skills:
            if tree is not None and skill not in tree:
                if strict:
                    near = offer(skill, {name: s.name for name, s in tree.skills.items()})
                    raise InputError(f"{path}, line {line}: unknown skill {skill!r}{near}")
                skipped["unknown skill"] += 1
                unknown[skill] += 1
                continue
            found.append(_Response(read.learner, skill, read.item, read.correct, read.time))
    if not found:
        why = "; ".join(f"{reason} ({count})" for reason, count in skipped.most_common()) or "no rows after the header"
        raise InputError(f"{path}: no usable response: {why}")
    return _log(str(path), name, found, rows, skipped, unknown)


class _Response(NamedTuple):
    learner: str
    skill: str
    item: str
    correct: bool
    time: float


class _Read(NamedTuple):
    learner: str
    skills: list[str]
    item: str
    correct: bool
    time: float


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The lines of a CSV file that hold something, each with its number."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}, line {line}: not UTF-8; save it as UTF-8 (iconv -f latin1 -t utf-8)") from error
    head = text.split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        for cells in reader:
            if any(cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.line_num}: not CSV: {error}") from error


def _columns(path: Path, header: list[str]) -> tuple[str, dict[str, int]]:
    """The format of a header, and where each field stands."""
    found = {
        name: {part: header.index(c) for part, names in columns.items() if (c := _first(names, header))}
        for name, columns in FORMATS.items()
    }
    name = max(found, key=lambda n: sum(part in found[n] for part in _REQUIRED))
    missing = [part for part in _REQUIRED if part not in found[name]]
    if missing:
        wanted = ", ".join(" or ".join(FORMATS[name][part]) for part in missing)
        raise InputError(
            f"{path}: missing column{'s' * (len(missing) > 1)} {wanted} (read as {name}; there are {', '.join(header)})"
        )
    return name, found[name]


def _first(names: tuple[str, ...], header: list[str]) -> str | None:
    return next((name for name in names if name in header), None)


def _response(cells: list[str], at: dict[str, int], width: int) -> _Read | str:
    """What a row says, or why it cannot be used."""
    if len(cells) != width:
        return "another number of columns than the header"
    learner, skills = cells[at["learner"]].strip(), _skills(cells[at["skill"]])
    if not learner:
        return "no learner"
    if not skills:
        return "no skill"
    said = cells[at["correct"]].strip().lower()
    if said not in _RIGHT and said not in _WRONG:
        return "correct is not 0 or 1"
    time = _time(cells[at["time"]].strip())
    if time is None:
        return "time is neither a number nor a date"
    item = cells[at["item"]].strip() if "item" in at else ""
    return _Read(learner, skills, item, said in _RIGHT, time)


def _skills(cell: str) -> list[str]:
    """The skills of a cell: one name, or a list as JSON or Python writes it."""
    cell = cell.strip()
    if cell.startswith("[") and cell.endswith("]"):
        quoted = re.findall(r"\"([^\"]+)\"|'([^']+)'", cell)
        names = [a or b for a, b in quoted] or cell[1:-1].split(",")
        return list(dict.fromkeys(name.strip() for name in names if name.strip()))
    return [] if cell.lower() in ("", "na", "nan", "null", "none") else [cell]


def _time(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        try:
            moment = datetime.fromisoformat(cell)
        except ValueError:
            return None
        value = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return value if math.isfinite(value) else None


def _log(
    source: str, form: str, found: list[_Response], rows: int, skipped: Counter[str], unknown: Counter[str]
) -> Log:
    learners, learner = _index([r.learner for r in found])
    skills, skill = _index([r.skill for r in found])
    items, item = _index([r.item for r in found])
    if "" in items:
        gap = items.index("")
        item = np.where(item == gap, -1, item - (item > gap))
        items = tuple(name for name in items if name)
    order = np.lexsort((np.array([r.time for r in found]), learner))  # stable: ties keep the order of the file
    correct = np.array([r.correct for r in found], dtype=bool)
    return Log(
        source, form, learners, skills, items, learner[order], skill[order], item[order].astype(np.int32),
        correct[order], rows, dict(skipped), dict(unknown.most_common()),
    )  # fmt: skip


def _index(names: list[str]) -> tuple[tuple[str, ...], np.ndarray]:
    """The different names, sorted, and the place of each."""
    values, place = np.unique(np.array(names, dtype=object), return_inverse=True)
    return tuple(values.tolist()), place.astype(np.int32)
