"""A finished lesson in the formats of a school, as files in a folder."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from classwright.errors import InputError
from classwright.graphs.lesson_result import LessonResult
from classwright.reports.answers_document import answers_document
from classwright.reports.deck import deck
from classwright.reports.document import Document, Paper
from classwright.reports.lesson import lesson_html, lesson_markdown
from classwright.reports.lesson_document import lesson_document
from classwright.reports.quiz import quiz
from classwright.reports.worksheet_document import worksheet_document
from classwright.runs.atomic import check_folder, write_atomic


@dataclass(frozen=True)
class Export:
    """What the formats are made from.

    Attributes:
        run: The run's id.
        created: When the run began; None where it is not known.
    """

    result: LessonResult
    run: str
    created: datetime | None
    paper: Paper


Maker = Callable[[Export], Mapping[str, str | bytes]]
"""Makes the files of a format: name -> content."""


def _paper(name: str, document: Callable[[Export], Document], *kinds: str) -> Maker:
    def make(e: Export) -> dict[str, bytes]:
        from classwright.reports.pdf import write_pdf
        from classwright.reports.word import write_docx

        write = {"docx": write_docx, "pdf": write_pdf}
        made = document(e)
        return {f"{name}.{kind}": write[kind](made, e.paper, e.created) for kind in kinds}

    return make


def _slides(e: Export) -> dict[str, bytes]:
    from classwright.reports.powerpoint import write_pptx

    plan = e.result.plan
    return {"slides.pptx": write_pptx(plan.title, deck(e.result), plan.language, e.created)}


def _qti(version: str) -> Maker:
    def make(e: Export) -> dict[str, bytes]:
        from classwright.reports.qti12 import qti12
        from classwright.reports.qti21 import qti21

        plan = e.result.plan
        name = re.sub(r"[^A-Za-z0-9_-]+", "-", plan.skill)
        write = {"12": qti12, "21": qti21}[version]
        return {f"quiz-qti{version}.zip": write(plan.title, name, quiz(plan), plan.language)}

    return make


def _cards(e: Export) -> dict[str, bytes]:
    from classwright.reports.anki import anki_deck

    return {"cards.apkg": anki_deck(e.result.plan, e.created)}


def _statements(e: Export) -> dict[str, str]:
    from classwright.reports.xapi import xapi_statements

    if e.result.rehearsal is None:
        raise InputError("the lesson was not rehearsed, so no student did anything")
    if e.created is None:
        raise InputError(f"a statement has a time, and {e.run!r} does not say when the run began")
    return {"xapi.json": xapi_statements(e.result, e.run, e.created)}


FORMATS: dict[str, Maker] = {
    "md": lambda e: {"lesson.md": lesson_markdown(e.result)},
    "html": lambda e: {"lesson.html": lesson_html(e.result)},
    "docx": _paper("lesson", lambda e: lesson_document(e.result), "docx"),
    "pdf": _paper("lesson", lambda e: lesson_document(e.result), "pdf"),
    "worksheet": _paper("worksheet", lambda e: worksheet_document(e.result.plan, e.paper), "docx", "pdf"),
    "answers": _paper("answers", lambda e: answers_document(e.result.plan), "docx", "pdf"),
    "pptx": _slides,
    "qti21": _qti("21"),
    "qti12": _qti("12"),
    "anki": _cards,
    "xapi": _statements,
}
ALL = "all"


def parse_formats(text: str) -> list[str]:
    """The formats of "docx,pdf" or "all", in the order of `FORMATS`, each once.

    Raises:
        InputError: an unknown format; the nearest is named.
    """
    wanted = [name.strip().lower() for name in text.split(",") if name.strip()]
    if not wanted:
        raise InputError(f"no format is named; there are {', '.join(FORMATS)} and {ALL}")
    for name in wanted:
        if name not in FORMATS and name != ALL:
            near = difflib.get_close_matches(name, [*FORMATS, ALL], 1, 0.5)
            did_you_mean = f"did you mean {near[0]}? " if near else ""
            raise InputError(f"there is no format {name!r}; {did_you_mean}there are {', '.join(FORMATS)} and {ALL}")
    return [name for name in FORMATS if name in wanted or ALL in wanted]


def parse_paper(text: str) -> Paper:
    """The size of the pages.

    Raises:
        InputError: there is no such size.
    """
    for paper in get_args(Paper):
        if text.lower() == paper:
            return paper
    raise InputError(f"--paper {text}: there are {' and '.join(get_args(Paper))}")


@dataclass(frozen=True)
class Made:
    """What was made of a lesson.

    Attributes:
        files: Name -> content.
        left_out: The formats that this lesson cannot have, with the reason.
    """

    files: dict[str, str | bytes]
    left_out: dict[str, str]

    def write(self, folder: Path) -> list[Path]:
        """Write the files into a folder, each whole or not at all.

        Raises:
            ClasswrightError: the folder cannot be written or the disk is full.
        """
        return [write_atomic(folder / name, content) for name, content in self.files.items()]


def make(
    result: LessonResult,
    formats: Iterable[str],
    *,
    run: str,
    created: datetime | None = None,
    paper: Paper = "letter",
) -> Made:
    """Make a lesson's files in the formats named, without writing them; what cannot be made is left out, with why.

    Args:
        result: The finished lesson.
        formats: Keys of `FORMATS`.
        run: The run's id; it begins with the time of the run.
        created: When the run began; None takes the time in the run's id as UTC.
        paper: Size of the pages.
    """
    lesson = Export(result, run, created or _begun(run), paper)
    made = Made({}, {})
    for name in formats:
        try:
            made.files.update(FORMATS[name](lesson))
        except InputError as error:
            made.left_out[name] = str(error)
    return made


def export(
    result: LessonResult,
    formats: Iterable[str],
    folder: Path,
    *,
    run: str,
    created: datetime | None = None,
    paper: Paper = "letter",
) -> list[Path]:
    """Write a lesson in the formats named; everything is made before anything is written.

    Args:
        result, formats, run, created, paper: As in `make`.
        folder: Where the files go; it is made if it is missing.

    Returns:
        The files written.

    Raises:
        InputError: an unknown format, a folder that cannot be written, a format that this lesson cannot have.
    """
    names = parse_formats(",".join(formats))
    check_folder(folder)
    made = make(result, names, run=run, created=created, paper=paper)
    for name, why in made.left_out.items():
        raise InputError(f"{name}: {why}; export another format")
    return made.write(folder)


def _begun(run: str) -> datetime | None:
    found = re.match(r"\d{8}-\d{6}(?=-|$)", run)
    try:
        return datetime.strptime(found[0], "%Y%m%d-%H%M%S").replace(tzinfo=UTC) if found else None
    except ValueError:
        return None
