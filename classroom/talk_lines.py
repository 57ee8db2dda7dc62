"""The turns of a transcript as people refer to them: numbered, and quoted exactly."""

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from classwright.classroom.dialogue import Dialogue
from classwright.classroom.turn import Turn

LEAST_QUOTE = 2
"""Words of a quote, unless it is a whole line."""
_MARKS = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "`": "'", "–": "-", "—": "-", "−": "-"})


class TalkLine(NamedTuple):
    """One turn as people refer to it.

    Attributes:
        number: The line of a plain-text file, else the number of the turn from 1.
        who: "Tutor", "Student", or the student's tag where there are several.
        turn: What was said.
    """

    number: int
    who: str
    turn: Turn

    def __str__(self) -> str:
        """ "12 Student: I got 7." """
        return f"{self.number} {self.who}: {' '.join(self.turn.text.split()) or '(says nothing)'}"


def talk_lines(dialogue: Dialogue) -> list[TalkLine]:
    """The turns of a dialogue with their numbers; observers are left out."""
    numbers = dialogue.origin.get("lines")
    if not isinstance(numbers, list) or len(numbers) != len(dialogue.turns):
        numbers = range(1, len(dialogue.turns) + 1)
    students = list(dict.fromkeys(t.label for t in dialogue.turns if t.speaker == "student"))
    found = []
    for number, turn in zip(numbers, dialogue.turns, strict=True):
        if turn.speaker != "observer":
            who = "Tutor" if turn.speaker == "tutor" else "Student"
            if who == "Student" and len(students) > 1:
                who = f"Student {turn.label or students.index(turn.label) + 1}"
            found.append(TalkLine(int(number), who, turn))
    return found


def find_quote(quote: str, line: TalkLine) -> str | None:
    """The words of a line that a quote copies, exactly as the line has them; None where it does not copy any.

    White space, kinds of quotation marks and dashes, and the case of letters are no difference; nothing may be left
    out, and one word is no quote unless it is the whole line.
    """
    whole = " ".join(line.turn.text.split())
    wanted = _normal(quote).strip(" \"'.…")
    place = _normal(whole).find(wanted) if wanted else -1
    if place < 0 or len(_normal(whole)) != len(whole):
        return None
    if len(wanted.split()) < LEAST_QUOTE and wanted != _normal(whole).strip(" \"'.…"):
        return None
    return whole[place : place + len(wanted)]


def quoted_elsewhere(quote: str, lines: Sequence[TalkLine]) -> list[int]:
    """The numbers of all lines that hold a quote."""
    return [line.number for line in lines if find_quote(quote, line)]


def _normal(text: str) -> str:
    return "".join(_small(c) for c in " ".join(unicodedata.normalize("NFC", text).translate(_MARKS).split()))


def _small(char: str) -> str:
    return char.lower() if len(char.lower()) == 1 else char


def beginning(line: TalkLine, longest: int = 160) -> str:
    """The first words of a line, all of it if it is short."""
    whole = " ".join(line.turn.text.split())
    return whole if len(whole) <= longest else whole[:longest].rsplit(" ", 1)[0]
