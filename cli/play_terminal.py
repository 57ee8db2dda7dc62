"""The terminal side of a talk: shows what the other side says, takes what the person says, one line at a time.

Everything is written to standard error and read from standard input, so that it works at a terminal and over a pipe.
"""

import re
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from classwright.cli.output import without_bar
from classwright.cli.review import interruptible
from classwright.errors import ClasswrightError

if TYPE_CHECKING:
    from classwright.classroom.turn import Turn
    from classwright.graphs.play import Said, Seat
    from classwright.skilltree.problem import Problem

HELP = """\
  any line     what you say
  an empty one you say nothing
  /hint        a hint; again for the next one
  /problem     the problem again
  /quit        leave; `classwright runs resume RUN` goes on there (Ctrl-D and Ctrl-C do the same)"""
WORD_S, LONGEST_S = 0.03, 1.5
"""Time that a word takes to appear, and a whole turn at most."""
_COMMAND = re.compile(r"/([a-z]+|\?)$")
_KEYS = re.compile(r"\x1b\[[0-9;]*[A-Za-z~]|[\x00-\x08\x0b-\x1f\x7f]")
"""Cursor keys and other characters that are no words."""


class Left(ClasswrightError):
    """The person leaves; the run waits.

    Attributes:
        interrupted: Whether by Ctrl-C.
    """

    def __init__(self, interrupted: bool = False) -> None:
        super().__init__("the talk was left")
        self.interrupted = interrupted


class AtTerminal:
    """The person at the terminal; a `graphs.play.Person`.

    Attributes:
        seat: What the person saw last; None before their first turn.
    """

    def __init__(self) -> None:
        from rich.console import Console

        self.console = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else 120)
        self.seat: Seat | None = None
        self._shown = 0
        self._told = False

    async def say(self, seat: "Seat") -> "Said":
        """The person's next turn.

        Raises:
            Left: they leave, or there is nothing more to read.
        """
        self.seat = seat
        with without_bar(), interruptible():
            try:
                return self._ask(seat)
            except KeyboardInterrupt as key:
                self._say("")
                raise Left(interrupted=True) from key

    def show(self, problem: "Problem", turns: "Sequence[Turn]") -> None:
        """What was said since the person's last turn."""
        with without_bar():
            if not self._shown:
                self._say(problem.text, "bold")
            self._tell(turns)

    def _ask(self, seat: "Seat") -> "Said":
        from classwright.graphs.play import LONGEST, Said

        if not self._shown and self.seat is seat:
            self._intro(seat)
        self._tell(seat.turns)
        self._shown += 1  # the line that comes now stands on the screen already
        if seat.solved and seat.request.side == "teacher" and not self._told:
            self._told = True
            self._say("(The student has the right answer. You have two more turns at most.)", "dim")
        began, hints = time.monotonic(), 0
        while True:
            line = self._read()
            command = _COMMAND.match(line)
            if command is None and len(line) > LONGEST:
                self._say(f"That is {len(line)} characters long; say at most {LONGEST} at once.", "red")
            elif command is None:
                return Said(text=line, hints=hints, seconds=round(time.monotonic() - began, 2))
            elif command[1] == "quit":
                raise Left
            elif command[1] == "hint":
                more = hints < len(seat.hints)
                self._say(f"Hint: {seat.hints[hints]}" if more else "There are no more hints.", "yellow")
                hints += more
            elif command[1] == "problem":
                self._say(seat.problem.text, "bold")
            else:
                self._say(HELP)

    def _read(self) -> str:
        """One line of the person's, without what is no words."""
        while True:
            self.console.print("you> ", end="", style="bold", markup=False)
            try:
                line = sys.stdin.readline()
            except UnicodeDecodeError:
                self._say("That was not UTF-8; type it again.", "red")
                continue
            if not line:
                self._say("")
                raise Left
            return _KEYS.sub("", line.encode("utf-8", "replace").decode()).strip()

    def _intro(self, seat: "Seat") -> None:
        self._say(seat.problem.text, "bold")
        if seat.request.side == "teacher":
            self._say(f"You are the teacher. The right answer, for you only: {seat.problem.answer}.", "dim")
        else:
            self._say("You are the student. Say your answer, or how you would begin.", "dim")
        self._say("An empty line is silence; /hint, /problem, /quit (/? explains).", "dim")

    def _tell(self, turns: "Sequence[Turn]") -> None:
        """Shows the turns that do not stand on the screen yet; the last one is typed out."""
        for i in range(self._shown, len(turns)):
            turn = turns[i]
            who = "you" if turn.source == "human" else turn.speaker.capitalize()
            self.console.print(f"{who}> " if who == "you" else f"{who}: ", end="", style="bold", markup=False)
            self._type(turn.text or "(says nothing)", slowly=i == len(turns) - 1)
        self._shown = max(self._shown, len(turns))

    def _type(self, text: str, *, slowly: bool) -> None:
        pieces = re.findall(r"\S+\s*", text)
        pause = min(WORD_S, LONGEST_S / max(1, len(pieces))) if slowly and self.console.is_terminal else 0.0
        for piece in pieces if pause else [text]:
            self.console.print(piece, end="", markup=False, soft_wrap=True)
            time.sleep(pause)
        self._say("")

    def _say(self, text: str, style: str | None = None) -> None:
        self.console.print(text, style=style, markup=False, soft_wrap=True)
