"""Answers of learners to problems of the bank, read from CSV for a diagnosis.

Columns: problem (its id, as `classwright tree problems --json` shows it: skill/level/seed), answer, and optionally
learner. The problem itself is made again from its id. Composed problems are `name/level/seed`, their sub-problems
`...#1`, `...#2`.
"""

import csv
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

from classwright.errors import InputError
from classwright.skilltree.bank import Composed, composed, composed_skills, problem
from classwright.skilltree.imported import refuse
from classwright.skilltree.problem import Problem

_ID = re.compile(r"([^/#]+)/([1-3])/(\d{1,15})(?:#(\d{1,2}))?")


@dataclass
class Sheet:
    """One learner's answers.

    Attributes:
        learner: As the file names the learner; "" where it has no such column.
        answers: Problems with what was answered, sub-problems of composed ones too.
        wholes: Id of each composed problem -> the problem.
        given: Problem id -> answer, for composed problems and their sub-problems.
    """

    learner: str
    answers: list[tuple[Problem, str]] = field(default_factory=list)
    wholes: dict[str, Composed] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)


def load_answers(path: Path | str) -> list[Sheet]:
    """The answers of a file, learner by learner, in the order of the file.

    Raises:
        InputError: The file cannot be read, lacks a column, or names a problem that there is not; names the line.
    """
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    reader = csv.DictReader(io.StringIO(text), restval="", skipinitialspace=True)
    header = [name.strip().lower() for name in reader.fieldnames or ()]
    refuse(path, [f"missing column {name}" for name in ("problem", "answer") if name not in header])
    reader.fieldnames = header
    sheets: dict[str, Sheet] = {}
    faults = []
    for row in reader:
        learner, name = (row.get("learner") or "").strip(), row["problem"].strip()
        try:
            _add(sheets.setdefault(learner, Sheet(learner)), name, row["answer"].strip())
        except InputError as error:
            faults.append(f"line {reader.line_num}: {error}")
    refuse(path, faults)
    if not sheets:
        raise InputError(f"{path}: there are no answers after the header")
    return list(sheets.values())


def _add(sheet: Sheet, name: str, answer: str) -> None:
    found = _ID.fullmatch(name)
    if found is None:
        raise InputError(
            f"{name!r} is no problem's id; it should be skill/level/seed, for example fractions.add_like/2/7"
        )
    skill, level, seed, part = found[1], int(found[2]), int(found[3]), found[4]
    if skill not in composed_skills():
        if part:
            raise InputError(f"{name!r}: {skill} is no composed problem, it has no sub-problems")
        sheet.answers.append((problem(skill, seed, level), answer))
        return
    whole = composed(skill, seed, level)
    if part and not 1 <= int(part) <= len(whole.parts):
        raise InputError(f"{name!r}: {skill} has {len(whole.parts)} sub-problems")
    sheet.wholes.setdefault(whole.problem.id, whole)
    sheet.given[name] = answer
    if part:
        sheet.answers.append((whole.parts[int(part) - 1], answer))
