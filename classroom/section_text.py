r"""The text form in which a person edits records: sections, blocks, fields; read back exactly as it was written.

    % a note, not read
    === guided ===
    --- fractions.add_unlike/2/7
    question: What is 1/2 + 1/3?
    step: 1/2 = 3/6
    step: 3/6 + 2/6 = 5/6

A line of text that could be taken for markup gets a backslash before it, and so does a blank line at the edge of a
text. Control characters other than the line feed are no part of the form.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NamedTuple

from classwright.errors import InputError

_MARKER = re.compile(r"===\s*(.*?)\s*=*\s*$")
_FIELD = re.compile(r"([A-Za-z][A-Za-z ]{0,19}):(?: |$)")
_PLAIN = re.compile(r"\\|%|===")
_LISTED = re.compile(r"\\|%|===|-")
_FIELDED = re.compile(r"\\|%|===|---|[A-Za-z][A-Za-z ]{0,19}:(?: |$)")


class Line(NamedTuple):
    """A line as it stands in the file, with its number from 1."""

    number: int
    text: str


@dataclass
class Section:
    """A section as it was read: its name, the number of its marker's line, and its lines without notes."""

    name: str
    number: int
    lines: list[Line] = field(default_factory=list)


class Value(NamedTuple):
    """The text of a field or list item, with the number of its first line."""

    number: int
    text: str


@dataclass
class Block:
    """What stands under one "--- header": fields in the order of the file; a name may occur several times."""

    header: str
    number: int
    fields: list[tuple[str, Value]] = field(default_factory=list)

    def all(self, name: str) -> list[str]:
        """The texts of every field of a name."""
        return [value.text for own, value in self.fields if own == name]

    def one(self, name: str, default: str | None = None) -> str:
        """The text of the only field of a name.

        Raises:
            InputError: it is missing and has no default, or occurs twice.
        """
        found = [value for own, value in self.fields if own == name]
        if len(found) > 1:
            raise InputError(f"line {found[1].number}: {self.header} has a second {name}")
        if not found and default is None:
            raise InputError(f"line {self.number}: {self.header} has no line '{name}: ...'")
        return found[0].text if found else default or ""


def read_sections(text: str) -> list[Section]:
    """The sections of a file.

    Raises:
        InputError: text before the first section, an empty name, or a section twice; with the line's number.
    """
    if text.startswith("\ufeff"):
        text = text[1:]
    if text.split("\n", 1)[0].endswith("\r"):
        text = text.replace("\r\n", "\n")  # an editor of another system
    sections: list[Section] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("%"):
            continue
        if line.startswith("==="):
            name = " ".join(_MARKER.sub(r"\1", line).lower().split())
            if not name:
                raise InputError(f"line {number}: a section needs a name: === name ===")
            if first := [s for s in sections if s.name == name]:
                raise InputError(f"line {number}: section {name} is already in line {first[0].number}")
            sections.append(Section(name, number))
        elif sections:
            sections[-1].lines.append(Line(number, line))
        elif line.strip():
            raise InputError(f"line {number}: text before the first section; a section begins with === name ===")
    return sections


def write_section(name: str, body: str, notes: Sequence[str] = ()) -> str:
    """A section with its marker; `body` comes from one of the writers below."""
    head = [f"=== {name} ===", *(f"% {' '.join(note.split())}" for note in notes)]
    return "\n".join([*head, body]) if body else "\n".join(head)


def write_text(text: str) -> str:
    """A text as the body of a section."""
    return _escaped(text, _PLAIN)


def read_text(section: Section) -> str:
    """The text that is a section's whole body; "" where there is none."""
    return _joined(section.lines)


def write_items(items: Iterable[str]) -> str:
    """A list of texts, each behind a dash."""
    return "\n".join("- " + _continued(item, _LISTED) for item in items)


def read_items(section: Section) -> list[Value]:
    """The texts of a list.

    Raises:
        InputError: text that belongs to no item.
    """
    items: list[list[Line]] = []
    for line in section.lines:
        if line.text.startswith("-"):
            items.append([Line(line.number, line.text[1:].removeprefix(" "))])
        elif items:
            items[-1].append(line)
        elif line.text.strip():
            raise InputError(f"line {line.number}: every item of {section.name} begins with a dash: - {line.text[:30]}")
    return [Value(item[0].number, _joined(item)) for item in items]


def write_block(header: str, fields: Iterable[tuple[str, str]]) -> str:
    """A block with its fields; a header is one line without spaces around it."""
    rows = [f"{name}: {_continued(text, _FIELDED)}" if text else f"{name}:" for name, text in fields]
    return "\n".join([f"--- {header}", *rows])


def read_blocks(section: Section, names: Sequence[str]) -> list[Block]:
    """The blocks of a section.

    Args:
        section: The section.
        names: The fields that a block may have.

    Raises:
        InputError: text outside a block or a field, or an unknown field; with the line's number.
    """
    blocks: list[Block] = []
    rows: list[tuple[Block, str, list[Line]]] = []
    for line in section.lines:
        if line.text.startswith("---"):
            header = line.text.lstrip("-").strip()
            if not header:
                raise InputError(f"line {line.number}: what does this block hold? --- new, or --- and its id")
            blocks.append(Block(header, line.number))
            continue
        found = _FIELD.match(line.text)
        if found:
            name = " ".join(found[1].lower().split())
            if name not in names:
                near = get_close_matches(name, names, n=1, cutoff=0.6)
                advice = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
                raise InputError(
                    f"line {line.number}: unknown field {name}; {advice} (text that looks like one: \\ before it)"
                )
            if not blocks:
                raise InputError(f"line {line.number}: {name} stands in no block; begin one with --- new")
            rows.append((blocks[-1], name, [Line(line.number, line.text[found.end() :])]))
        elif rows and blocks and rows[-1][0] is blocks[-1]:
            rows[-1][2].append(line)
        elif line.text.strip():
            raise InputError(f"line {line.number}: belongs to no field; there are {', '.join(names)}")
    for block, name, lines in rows:
        block.fields.append((name, Value(lines[0].number, _joined(lines))))
    return blocks


def _escaped(text: str, marks: re.Pattern[str]) -> str:
    """A text with a backslash before each line that would be read as markup, and before blank lines at its edges."""
    if not text:
        return ""
    lines = text.split("\n")
    edges = {*_blank_run(lines), *(len(lines) - 1 - i for i in _blank_run(lines[::-1]))}
    return "\n".join("\\" + line if marks.match(line) or i in edges else line for i, line in enumerate(lines))


def _continued(text: str, marks: re.Pattern[str]) -> str:
    """As `_escaped`, for a text whose first line stands behind a field's name or a dash."""
    escaped = _escaped(text, marks)
    first = text.split("\n", 1)[0]
    if escaped.startswith("\\") and not first.startswith("\\") and first.strip():
        return escaped[1:]  # behind a name nothing is taken for markup
    return escaped


def _blank_run(lines: Sequence[str]) -> list[int]:
    found = []
    for i, line in enumerate(lines):
        if line.strip():
            break
        found.append(i)
    return found


def _joined(lines: Sequence[Line]) -> str:
    """The text of lines: blank ones at the edges dropped, backslashes taken off."""
    rows = [line.text for line in lines]
    while rows and not rows[0].strip():
        rows.pop(0)
    while rows and not rows[-1].strip():
        rows.pop()
    return "\n".join(row.removeprefix("\\") for row in rows)
