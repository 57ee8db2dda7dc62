"""The lesson job with a review at this terminal: `python lesson_at_terminal.py start|resume|replay ROOT RECIPE`."""

import sys
from pathlib import Path

from classwright.cli.lesson import build_request
from classwright.cli.output import complain
from classwright.cli.review import at_terminal
from classwright.errors import ClasswrightError
from classwright.graphs.lesson_run import resume, start
from classwright.runs.recipe import load_recipe

GOAL = "fractions.add_unlike"


def progress(label: str, done: int, total: int) -> None:
    """Nothing: a bar must not write over the line that is typed."""


def main(what: str, root: str, recipe: str) -> int:
    settings = load_recipe(recipe)
    try:
        if what == "start":
            request = build_request(
                GOAL, settings, learner=None, klass="6", minutes=45, interest="baking", rounds=0, candidates=1, seed=7,
                memory=True, embedded_only=True,
            )  # fmt: skip
            request = request.model_copy(update={"review": True})
            summary = start(request, settings, root=root, progress=progress, decide=at_terminal())
        else:
            [path] = [p for p in Path(root).iterdir() if (p / "config.json").exists()]
            summary = resume(path, replay=what == "replay", progress=progress, decide=at_terminal())
    except ClasswrightError as error:
        complain(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    sys.stdout.write(f"{summary['status']}\n")
    return int(summary["status"] == "rejected")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
