"""`classwright copilot`: three sentences that a tutor could say next."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from classwright.cli import options, output
from classwright.cli.coach import DialogueOption, FormatOption, NamesOption, TeacherOption, with_names
from classwright.cli.editor import EditorError, open_editor
from classwright.cli.review import interruptible
from classwright.errors import ClasswrightError, InputError

if TYPE_CHECKING:
    from classwright.classroom.deidentify import Tags
    from classwright.graphs.copilot import CopilotDecision, Decide, Session

HELP = """\
  1, 2, 3      choose a suggestion
  a            accept the chosen one (a 2: the second as it is)
  e            edit the chosen one in $VISUAL or $EDITOR (e 2: choose and edit)
  r            other suggestions, with other strategies
  x            reject them all and leave
  q            leave; `classwright runs resume RUN` comes back to this place"""

NO_MODEL = (
    "the embedded model is too small to say what fits a talk (tried, it repeats the example it is given); name a "
    "larger one (--model FILE.gguf, or base_url and model in a recipe)"
)


def copilot(
    topic: Annotated[str, typer.Option("--topic", metavar="T", help="What the talk is about: adding fractions.")],
    history: Annotated[
        Path, typer.Option("--history", metavar="FILE", help="The talk: 'Tutor: ...' lines, or a file of dialogues.")
    ],
    grade: Annotated[
        int | None, typer.Option("--grade", min=0, max=12, help="The student's grade, for easy words.")
    ] = None,
    problem: Annotated[
        str, typer.Option("--problem", metavar="TEXT", help="The problem, for the leak guard; with --answer.")
    ] = "",
    answer: Annotated[str, typer.Option("--answer", help="Its answer; it is never sent anywhere.")] = "",
    names: NamesOption = None,
    learner: Annotated[
        Path | None,
        typer.Option(
            "--learner", metavar="FILE", help="A learner or a class (TOML): names to take out, the grade of one."
        ),
    ] = None,
    format: FormatOption = None,
    dialogue: DialogueOption = "",
    teacher: TeacherOption = "",
    recipe: options.RecipeFile = None,
    model: options.ModelFile = None,
    base_only: options.BaseOnly = False,
    seed: options.Seed = None,
    root: options.RunsFolder = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Suggest three sentences, three strategies; choose, edit, accept. Names never leave. --json only suggests."""
    from classwright.classroom.deidentify import names_from_file
    from classwright.classroom.dialogue import problem_from_text
    from classwright.classroom.nameless import nameless
    from classwright.classroom.plain_transcript import read_dialogue
    from classwright.graphs.copilot import Situation, start

    settings = options.recipe_of(recipe, base_only)
    topic = " ".join(topic.split())
    if not topic:
        raise InputError("--topic is empty; say what the talk is about")
    if bool(problem.strip()) != bool(answer.strip()):
        raise InputError("--problem and --answer belong together; the other one is missing")
    known = names_from_file(names) if names else []
    if learner is not None:
        found = _learners(learner)
        known += [x.name for x in found if x.name]
        grade = grade if grade is not None or len(found) > 1 else found[0].grade
    read = read_dialogue(history, format.value if format else None, which=dialogue, teacher=teacher)
    if problem.strip():
        read = read.model_copy(update={"problem": problem_from_text("copilot", problem.strip(), answer.strip())})
    hidden, tags = nameless(read, known, [topic])
    if model is None and settings.models.tutor.over(settings.models.default).embedded:
        raise InputError(NO_MODEL)
    situation = Situation(
        topic=tags.hide(topic), grade=grade, dialogue=hidden, interactive=not json, hidden=len(tags),
        seed=settings.seed if seed is None else seed,
    )  # fmt: skip
    with output.progress_bar(quiet=quiet) as progress:
        summary = start(
            situation,
            settings,
            decide=None if json else at_terminal(tags),
            gguf=str(model) if model else None,
            root=root,
            progress=progress,
        )
    shown = with_names(summary, tags)
    output.emit(shown, json=json, text=lambda: str(shown["accepted"]) if shown["status"] == "accepted" else "rejected")
    if summary["status"] == "rejected":
        raise typer.Exit(1)


def _learners(path: Path) -> list[Any]:
    from classwright.skilltree.learner import load_learners
    from classwright.skilltree.tree import default_tree

    return load_learners(path, default_tree())


def at_terminal(tags: "Tags | None" = None) -> "Decide":
    """Asks the person at the terminal, on standard error; names are put back there and taken out of what comes back.

    Args:
        tags: What the tags stand for; None in a session that was resumed, which shows the tags.
    """
    from classwright.classroom.deidentify import Tags

    known = tags or Tags()

    async def decide(session: "Session") -> "CopilotDecision":
        with output.without_bar(), interruptible():
            return _Desk(session, known).ask()

    return decide


class _Desk:
    """One decision at the terminal."""

    def __init__(self, session: "Session", tags: "Tags") -> None:
        from rich.console import Console

        self.session, self.tags = session, tags
        tags.reserve(session.tags)
        self.console = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else 120)

    def ask(self) -> "CopilotDecision":
        """The next decision.

        Raises:
            ClasswrightError: the person leaves, or there is nothing more to read.
        """
        began = time.monotonic()
        self._show()
        while True:
            self.console.print(f"copilot {self.session.number}> ", end="", style="bold", markup=False)
            line = sys.stdin.readline()
            if not line:
                self._say("")
                raise ClasswrightError(self._waits())
            try:
                found = self._act(line.strip().lower())
            except (InputError, EditorError) as error:
                self._say(str(error), "red")
                continue
            if found is not None:
                return found.model_copy(update={"seconds": round(time.monotonic() - began, 2)})

    def _act(self, line: str) -> "CopilotDecision | None":
        from classwright.graphs.copilot import CopilotDecision

        verb, _, rest = line.partition(" ")
        if verb.isdecimal():
            return CopilotDecision(do="choose", number=self._number(verb))
        match verb[:1]:
            case "":
                return None
            case "a":
                number = self._number(rest) if rest else self._chosen()
                return CopilotDecision(do="accept", number=number)
            case "e":
                return self._edit(self._number(rest) if rest else self._chosen())
            case "r":
                return CopilotDecision(do="regenerate")
            case "x":
                return CopilotDecision(do="reject")
            case "q":
                raise ClasswrightError(self._waits())
            case _:
                self._say(HELP)
        return None

    def _edit(self, number: int) -> "CopilotDecision | None":
        from classwright.graphs.copilot import CopilotDecision

        s = self.session
        text = s.text if number == s.chosen and s.text else s.suggestions[number - 1].text
        before = self.tags.restore(text)
        after = " ".join(open_editor(before + "\n", "suggestion").split())
        if not after or after == before:
            self._say("Nothing was changed.")
            return None
        self.tags.learn([after])
        return CopilotDecision(do="edit", number=number, text=self.tags.hide(after))

    def _number(self, word: str) -> int:
        there = [i for i, x in enumerate(self.session.suggestions, 1) if x.text]
        if not word.strip().isdecimal() or int(word) not in there:
            listed = ", ".join(map(str, there)) or "none (r asks for others)"
            raise InputError(f"there is no suggestion {word.strip()!r}; there are {listed}")
        return int(word)

    def _chosen(self) -> int:
        if not self.session.chosen:
            raise InputError("choose a suggestion first: 1, 2 or 3")
        return self.session.chosen

    def _show(self) -> None:
        s = self.session
        if s.chosen:
            self._say(f"{s.chosen}: {self.tags.restore(s.text)}", "green")
            for warning in s.warnings:
                self._say(f"  to think about: {warning}", "yellow")
            self._say("a accept, e edit, r others, x reject, 1-3 choose another")
            return
        for i, x in enumerate(s.suggestions, 1):
            name = x.strategy.replace("_", " ")
            if x.text:
                self._say(f"  {i}  {self.tags.restore(x.text)}  ({name})")
            else:
                self._say(f"  {i}  missing ({name}): {x.refused[-1]}", "yellow")
        self._say("1-3 choose, e edit, r others, a accept, x reject, q leave (? explains)")

    def _waits(self) -> str:
        s = self.session
        return f"the session is open at decision {s.number}; `classwright runs resume {s.run}` goes on there"

    def _say(self, text: str, style: str | None = None) -> None:
        self.console.print(text, style=style, markup=False, soft_wrap=True)
