"""The command `classwright`: its groups are imported when they are used, so that `--help` is quick."""

import importlib
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from classwright.cli import output
from classwright.errors import ClasswrightError

COMMANDS = {
    "lesson": ("classwright.cli.lesson:lesson", "Write a lesson for a skill and try it out on simulated students."),
    "course": ("classwright.cli.course:course", "Plan a unit of several weeks: lessons to a goal, spaced reviews."),
    "tree": ("classwright.cli.tree:app", "Look at the skill tree: show, path, validate, problems, draw."),
    "export": ("classwright.cli.export:export", "Write a lesson as plan, worksheet, key, slides, quiz, cards."),
    "dialogue": ("classwright.cli.dialogue:app", "Teacher-student dialogues: hold thousands, score, export."),
    "teach": ("classwright.cli.teach:teach", "Learning-by-teaching experiments: arms, controls, intervals."),
    "coach": (
        "classwright.cli.coach:coach",
        "Look at a transcript as a teacher's coach: scores, moments, suggestions.",
    ),
    "copilot": ("classwright.cli.copilot:copilot", "Suggest a tutor three sentences to say next; names stay here."),
    "feedback": ("classwright.cli.feedback:feedback", "Label student feedback; totals only where people agree."),
    "play": ("classwright.cli.play:play", "Take one side of a dialogue: with a tutor, or with a student to teach."),
    "judge": ("classwright.cli.judge:app", "Put judges on trial; judge a lesson by the rubric of its skill."),
    "distill": ("classwright.cli.distill:app", "Fine-tune a student on what agents said: data, training, report."),
    "serve": ("classwright.cli.serve:serve", "Serve a model with vLLM: install, start, try, adapters, stop."),
    "models": ("classwright.cli.models:app", "See which model plays which role, try them, fetch weights."),
    "runs": ("classwright.cli.runs:app", "List, show, resume and replay runs."),
}
"""Name -> where the command is (a typer app, or a function that is one), and its line in the help."""


INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""


class LazyGroup(TyperGroup):
    """Knows its commands by name and line; imports one when it is called, not when it is listed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (_, line) in COMMANDS.items():
            placeholder = typer.Typer(add_completion=False)
            placeholder.command(name=name, help=line)(lambda: None)
            self.commands[name] = typer.main.get_command(placeholder)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command itself, for calling and for completion."""
        name, command, rest = super().resolve_command(ctx, args)
        if name in COMMANDS:
            command = load(name)
        return name, command, rest


def load(name: str) -> Any:
    """Import a command of the table."""
    module, attribute = COMMANDS[name][0].split(":")
    found = getattr(importlib.import_module(module), attribute)
    if not isinstance(found, typer.Typer):
        app = typer.Typer(add_completion=False)
        app.command(name=name)(found)
        found = app
    command = typer.main.get_command(found)
    command.name = name
    return command


app = typer.Typer(cls=LazyGroup, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="rich")


def _version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        sys.stdout.write(f"classwright {version('classwright')}\n")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_version, is_eager=True)
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show an error's traceback; works after any command.")] = False,
) -> None:
    """Lesson planning, simulated students and distillation around a verified skill tree."""


def main() -> None:
    """Run the command line; the exit code is 0, 1 (failed), 2 (bad input), 3 (no model answers) or 130 (Ctrl-C)."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code; every error is one line on standard error."""
    options_only = arguments[: arguments.index("--")] if "--" in arguments else arguments
    output.settings.debug, output.settings.quiet = "--debug" in options_only, False
    arguments = [word for word in options_only if word != "--debug"] + arguments[len(options_only) :]
    try:
        code = app(args=arguments, prog_name="classwright", standalone_mode=False)
    except ClasswrightError as error:
        return _failed(error, str(error), error.exit_code)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as error:
        usage = getattr(error, "format_message", None)
        if usage is not None:  # what typer itself found wrong with the command line
            return _failed(error, usage(), getattr(error, "exit_code", 2))
        return _failed(error, f"{type(error).__name__}: {error}; run again with --debug to see where", 1)
    if code == INTERRUPTED:
        output.complain("stopped; `classwright runs list` shows the run, `classwright runs resume RUN` goes on with it")
    return code if isinstance(code, int) else 0


def _failed(error: Exception, message: str, code: int) -> int:
    if output.settings.debug:
        import traceback

        traceback.print_exception(error)
    output.complain(message)
    return code
