"""A plain-text transcript: one turn a line, "Teacher: How did you get that?"; and one dialogue out of any file."""

import re
from pathlib import Path
from typing import Literal, get_args

from classwright.classroom.dialogue import Dialogue
from classwright.classroom.transcripts import Format as FileFormat
from classwright.classroom.transcripts import read_transcripts
from classwright.classroom.turn import Turn
from classwright.errors import InputError

Format = Literal["text", "jsonl", "mathdial", "chat"]
FORMATS: tuple[Format, ...] = get_args(Format)
_LINE = re.compile(
    r"\s*(?:\[?\(?\d{1,2}:\d{2}(?::\d{2})?\)?\]?[\s-]*)?(?P<label>[^\W\d_][^:\n]{0,40}?)\s*:(?!\d|//)\s*(?P<text>.*)",
    re.S,
)
_TEACHER = re.compile(
    r"(?:the )?(?:teacher|tutor|instructor|coach|tch|tr|t|assistant|mr|mrs|ms|mx|miss|dr|prof|professor)\b.*", re.I
)
_LABEL_WORDS = 5
"""Words of a label; more before a colon are a sentence."""
LONGEST_LINE = 20_000


def guess_format(path: Path) -> Format:
    """What a file is: lines of JSON by what their first record holds, plain text otherwise.

    Raises:
        InputError: the file cannot be read, or its lines are JSON of another kind.
    """
    try:
        with path.open("rb") as file:
            head = file.read(1 << 20).removeprefix(b"\xef\xbb\xbf").lstrip()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    if not head.startswith((b"{", b"[{", b"[\n")):
        return "text"
    keys: tuple[tuple[bytes, Format], ...] = ((b"conversation", "mathdial"), (b"messages", "chat"), (b"turns", "jsonl"))
    for key, format in keys:
        if re.search(rb'"' + key + rb'"\s*:', head):
            return format
    raise InputError(f"{path}: JSON that is no transcript: no conversation, messages or turns; name it with --format")


def read_dialogue(path: Path, format: Format | None = None, *, which: str = "", teacher: str = "") -> Dialogue:
    """One dialogue of a file.

    Args:
        path: A transcript in plain text, or a file of dialogues.
        format: What it is; left out, it is found out.
        which: The dialogue's id, or its number in the file from 1; needed where there are several.
        teacher: In plain text, the label of the teacher, where it is no usual one.

    Raises:
        InputError: the file cannot be read or used, or several dialogues are in it and none is chosen.
    """
    kind: Format = format or guess_format(path)
    if kind == "text":
        return read_plain(path, teacher=teacher)
    found = read_transcripts(path, _of_lines(kind), skip_bad=bool(which)).dialogues
    if not which and len(found) == 1:
        return found[0]
    if not which:
        raise InputError(
            f"{path}: holds {len(found)} dialogues; choose one with --dialogue, by number or id ({found[0].id})"
        )
    chosen = [d for d in found if d.id == which]
    if not chosen and which.isdecimal() and 1 <= int(which) <= len(found):
        chosen = [found[int(which) - 1]]
    if not chosen:
        from difflib import get_close_matches

        near = get_close_matches(which, [d.id for d in found], 3, 0.3)
        raise InputError(
            f"{path}: no dialogue {which!r}; there are {len(found)}" + (f", near it {', '.join(near)}" if near else "")
        )
    return chosen[0]


def _of_lines(format: Format) -> FileFormat:
    assert format != "text"
    return format


def read_plain(path: Path, *, teacher: str = "") -> Dialogue:
    """A plain-text transcript. A line without a speaker goes on with the turn before; a blank line ends it.

    The dialogue's `origin["lines"]` holds the file's line number of every turn.

    Raises:
        InputError: not readable, not UTF-8, no speakers, only one speaker, or nobody is the teacher; lines are named.
    """
    text = _read(path)
    turns: list[tuple[int, str, str]] = []
    open_turn = False
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            open_turn = False
            continue
        if len(line) > LONGEST_LINE:
            raise InputError(f"{path}, line {number}: {len(line)} characters; a turn has at most {LONGEST_LINE}")
        match = _LINE.fullmatch(line.rstrip("\r"))
        if match and len(match["label"].split()) <= _LABEL_WORDS:
            turns.append((number, match["label"].strip("*_#> "), match["text"].strip(" *_")))
            open_turn = True
        elif turns and open_turn:
            before = turns[-1]
            turns[-1] = (before[0], before[1], f"{before[2]} {line.strip()}".strip())
        elif turns:
            raise InputError(
                f"{path}, line {number}: {line.strip()[:40]!r} does not begin with its speaker (Teacher: ...)"
            )
        elif number > 20:
            break  # a heading is not that long
    if not turns:
        first = next((line.strip() for line in text.split("\n") if line.strip()), "")
        raise InputError(
            f"{path}: no line begins with its speaker, as in 'Teacher: How did you get that?'"
            + (f"; line 1 is {first[:40]!r}" if first else "; the file is empty")
            + "; for JSON lines name the --format (jsonl, mathdial, chat)"
        )  # fmt: skip
    labels = list(dict.fromkeys(label for _, label, _ in turns))
    tutors = _teachers(path, labels, teacher)
    if len(labels) < 2 or all(label in tutors for label in labels):
        raise InputError(f"{path}: only {labels[0]} speaks; a transcript needs a teacher and a student")
    return Dialogue(
        id=path.stem[:200] or "transcript",
        tutor="human",
        student="unknown",
        turns=tuple(
            Turn(speaker="tutor" if label in tutors else "student", text=said, label=label, source="human")
            for _, label, said in turns
        ),
        origin={"lines": [number for number, _, _ in turns]},
    )


def _read(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(f"{path}: is UTF-16; save it as UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}, line {line}: not UTF-8 (byte {error.start}); save it as UTF-8") from error


def _teachers(path: Path, labels: list[str], teacher: str) -> set[str]:
    """The labels that are the teacher's."""
    if teacher:
        chosen = {label for label in labels if label.casefold() == teacher.casefold()}
        if not chosen:
            raise InputError(f"{path}: nobody is labeled {teacher!r}; there are {', '.join(labels[:8])}")
        return chosen
    chosen = {label for label in labels if _TEACHER.fullmatch(label)}
    if not chosen and len(labels) > 1:
        raise InputError(
            f"{path}: which speaker is the teacher? There are {', '.join(labels[:8])}; say so with --teacher LABEL"
        )
    return chosen
