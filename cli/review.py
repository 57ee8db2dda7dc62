"""The terminal side of a review: shows the plan, takes one line at a time, opens the teacher's editor.

Everything is written to standard error and read from standard input, so that it works at a terminal and over a pipe.
"""

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from classwright.classroom.plan import LessonPlan
from classwright.classroom.review import Change, Decision, ReviewStep
from classwright.classroom.sections import find_section, problem_sections, section_bodies, section_names, to_text
from classwright.cli.editor import EditorError, open_editor
from classwright.cli.output import without_bar
from classwright.errors import ClasswrightError, InputError

if TYPE_CHECKING:
    from classwright.graphs.review_desk import Decide, Pause

VERBS = {"a": "accept", "e": "edit", "r": "regenerate", "s": "show", "d": "discard", "q": "quit", "?": "help"}
WORDS = (*VERBS.values(), "reject")
HELP = """\
  accept                     take the plan as it stands
  edit [SECTION]             open a section, or the whole plan, in $VISUAL or $EDITOR
  regenerate SECTION: NOTE   have a section made again; the note says what it should be like
  show [SECTION]             look at a section, or at the whole plan
  reject [REASON]            end the run without a lesson
  discard                    drop an edit that was not taken
  quit                       leave; `classwright runs resume RUN` comes back to this place
First letters will do (but for reject)."""
_FAULT = "% NOT TAKEN: "


def decide_with(decisions: Path | None, *, json: bool) -> "Decide":
    """Who decides in a review: the person at the terminal, or a file.

    Args:
        decisions: A TOML file of decisions (see `load_decisions`).
        json: Whether standard output must hold one JSON object only.

    Raises:
        InputError: JSON is wanted and no file decides, or the file is wrong.
    """
    if decisions is not None:
        from classwright.graphs.review_drive import scripted

        return scripted(load_decisions(decisions))
    if json:
        raise InputError("--json leaves nobody to ask: with --review it needs --decisions FILE")
    return at_terminal()


def load_decisions(path: Path) -> list[Decision]:
    """The decisions in a TOML file: `[[decisions]]` with do (accept, edit, regenerate, reject), section, text, note.

    Raises:
        InputError: the file is wrong, or its last decision, and no other, is not accept or reject.
    """
    from pydantic import BaseModel, ConfigDict

    from classwright.classroom.review import complete
    from classwright.runs.tomlfile import read_model

    class DecisionFile(BaseModel):
        model_config = ConfigDict(extra="forbid")

        decisions: list[Decision]

    try:
        return complete(read_model(path, DecisionFile).decisions)
    except InputError as error:
        raise InputError(str(error) if str(path) in str(error) else f"{path}: {error}") from error


def at_terminal() -> "Decide":
    """Asks the person at the terminal.

    The event loop waits meanwhile: nothing else is under way at a pause.
    """

    async def decide(pause: "Pause") -> Decision:
        with without_bar(), interruptible():
            return _Desk(pause).ask()

    return decide


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C ends a read at once; asyncio's own handler would wait for the line to be finished."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class _Desk:
    """One pause at the terminal."""

    def __init__(self, pause: "Pause") -> None:
        from rich.console import Console

        self.pause = pause
        self.plan: LessonPlan = pause.plan
        self.pending = pause.pending
        self.console = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else 120)

    def ask(self) -> Decision:
        """The next decision.

        Raises:
            ClasswrightError: the teacher leaves, or there is nothing more to read.
        """
        began = time.monotonic()
        if self.pause.last is None:
            self._overview()
        else:
            self._outcome(self.pause.last)
        while True:
            line = self._read()
            try:
                found = self._act(line)
            except (InputError, EditorError) as error:
                self._say(str(error), "red")
                continue
            if found is not None:
                return found.model_copy(update={"seconds": round(time.monotonic() - began, 2)})

    def _read(self) -> str:
        self.console.print(f"review {self.pause.number}> ", end="", style="bold", markup=False)
        line = sys.stdin.readline()
        if not line:
            self._say("")
            raise ClasswrightError(self._waits())
        return line.strip()

    def _waits(self) -> str:
        how = f"`classwright runs resume {self.pause.run}` goes on there"
        return f"the review is open at decision {self.pause.number}; {how}"

    def _act(self, line: str) -> Decision | None:
        verb, _, rest = line.partition(" ")
        verb, rest = _verb(verb), rest.strip()
        match verb:
            case "":
                pass
            case "accept":
                return Decision(do="accept")
            case "reject":
                return Decision(do="reject", note=rest)
            case "edit":
                return self._edit(rest)
            case "regenerate":
                section, note = _section_and_note(self.plan, rest)
                return Decision(do="regenerate", section=section, note=note)
            case "show":
                self._show(rest)
            case "discard":
                self._say("Your last edit is dropped." if self.pending else "There is nothing to drop.")
                self.pending = ""
            case "quit":
                raise ClasswrightError(self._waits())
            case "help":
                self._say(HELP)
        return None

    def _edit(self, name: str) -> Decision | None:
        section = "" if name in ("", "all") else find_section(self.plan, name)
        text = to_text(self.plan, [section] if section else None)
        if self.pending and not name:
            text = _with_fault(self.pending, self.pause.last.fault if self.pause.last else "")
            section = self.pause.last.decision.section if self.pause.last else ""
        changed = open_editor(text, section or "plan")
        if _without_fault(changed) == _without_fault(text):
            self._say("Nothing was changed.")
            return None
        return Decision(do="edit", section=section, text=_without_fault(changed))

    def _show(self, name: str) -> None:
        if name in ("", "all"):
            self._say(to_text(self.plan))
        else:
            section = find_section(self.plan, name)
            self._say(section_bodies(self.plan)[section] or "(empty)")

    def _overview(self) -> None:
        self._say(f"{self.plan.title}, {self.plan.minutes} minutes", "bold")
        for line in self.pause.about:
            self._say(line)
        bodies, held = section_bodies(self.plan), problem_sections(self.plan)
        width = max(map(len, bodies))
        for name, body in bodies.items():
            shown = body
            if name in held:
                n = len(held[name])
                shown = f"{n} problem{'s' if n != 1 else ''}: {' / '.join(p.text for p in held[name])}"
            words, room = " ".join(shown.split()), max(20, self.console.width - width - 4)
            self._say(f"  {name:{width}}  {words[: room - 1] + '…' if len(words) > room else words}")
        self._say("accept, edit, regenerate, show, reject or quit? (? explains)")

    def _outcome(self, step: ReviewStep) -> None:
        if not step.taken:
            self._say(f"Not taken: {step.fault}", "red")
            if self.pending:
                self._say("The plan is as it was. `edit` goes on with your text, `discard` drops it.")
            return
        for change in step.changes:
            self._changed(change)
        for warning in step.warnings:
            self._say(f"  to think about: {warning}", "yellow")

    def _changed(self, change: Change) -> None:
        self._say(f"{change.section} changed ({change.distance:.0%} of its words)", "green")
        if self.pause.last and self.pause.last.decision.do == "regenerate":
            self._say(change.after)

    def _say(self, text: str, style: str | None = None) -> None:
        self.console.print(text, style=style, markup=False, soft_wrap=True)


def _verb(word: str) -> str:
    """The command that a word means: a command, its first letter, or its beginning.

    Raises:
        InputError: none, or several.
    """
    word = word.lower()
    if word in VERBS or not word:
        return VERBS.get(word, "")
    fits = [w for w in WORDS if w.startswith(word)]
    if len(fits) == 1:
        return fits[0]
    raise InputError(f"{word!r}? There are {', '.join(WORDS)}")


def _section_and_note(plan: LessonPlan, text: str) -> tuple[str, str]:
    """ "SECTION: NOTE", or "SECTION NOTE" where the beginning is a section's name.

    Raises:
        InputError: there is no such section; the nearest is named.
    """
    if ":" in text:
        name, _, note = text.partition(":")
        return find_section(plan, name), note.strip()
    words, names = text.split(), section_names(plan)
    for n in range(len(words), 0, -1):
        if " ".join(words[:n]).lower() in names:
            return " ".join(words[:n]).lower(), " ".join(words[n:])
    return find_section(plan, text), ""


def _with_fault(text: str, fault: str) -> str:
    return f"{_FAULT}{' '.join(fault.split())}\n{_without_fault(text)}"


def _without_fault(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.startswith(_FAULT))
