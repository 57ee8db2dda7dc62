"""`classwright runs`: what was run, what came out, and going on with what was interrupted."""

import importlib
from pathlib import Path
from typing import Annotated, Any

import typer

from classwright.cli import options, output

app = typer.Typer(no_args_is_help=True, help="List, show, resume and replay runs.")

RESUME = {
    "lesson": "classwright.graphs.lesson_run:resume",
    "compare": "classwright.graphs.compare:resume",
    "course": "classwright.graphs.course_run:resume",
    "dialogue": "classwright.graphs.dialogues:resume",
    "tree-build": "classwright.graphs.tree_build_run:resume",
    "teach": "classwright.graphs.teach.job:resume",
    "judge-check": "classwright.graphs.judge_run:resume",
    "judge-rubric": "classwright.graphs.judge_run:resume",
    "play": "classwright.graphs.play:resume",
    "coach": "classwright.graphs.coach:resume",
    "copilot": "classwright.graphs.copilot:resume",
    "feedback": "classwright.graphs.feedback:resume",
    "student-check": "classwright.graphs.student_check:resume",
}
"""Job -> the function that goes on with it: `resume(run_dir: Path, *, replay: bool, progress) -> dict`."""

RunArgument = Annotated[str, typer.Argument(metavar="RUN", help="A run's id, the beginning of it, or its folder.")]


@app.command("list")
def list_command(
    root: options.RunsFolder = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """List the runs, oldest first."""
    from classwright.runs.listing import list_runs, runs_root

    runs = [run._asdict() | {"path": str(run.path)} for run in list_runs(root)]
    output.emit({"root": str(runs_root(root)), "runs": runs}, json=json, text=lambda: _table(runs, runs_root(root)))


def _table(runs: list[dict[str, Any]], root: Path) -> Any:
    from rich.table import Table

    if not runs:
        return f"no runs in {root}"
    table = Table("run", "status", "job", box=None, pad_edge=False)
    for run in runs:
        table.add_row(run["id"], run["status"], run["job"])
    return table


@app.command()
def show(
    run: RunArgument,
    root: options.RunsFolder = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Show one run: its state, what it was asked, how far it came, what came out."""
    from classwright.runs.listing import status
    from classwright.runs.run import open_run

    with open_run(run, root, "replay") as opened:
        result = {
            "id": opened.id,
            "path": str(opened.path),
            "status": status(opened.path),
            "replies": len(opened.journal),
            "results": sum(1 for _ in opened.results()),
            "files": sorted(
                path.relative_to(opened.path).as_posix()
                for path in opened.path.rglob("*")
                if path.is_file() and path.name != "lock"
            ),
            "config": opened.config,
            "summary": opened.summary(),
        }
    output.emit(result, json=json, text=lambda: _page(result))


def _page(result: dict[str, Any]) -> str:
    lines = [f"{name:8} {result[name]}" for name in ("id", "status", "path", "replies", "results")]
    lines.append(f"files    {', '.join(result['files'])}")
    config, summary = result["config"], result["summary"] or {}
    lines += [f"{name:8} {config[name]}" for name in ("created", "seed", "git") if config.get(name) is not None]
    lines += [f"  {name}: {value}" for name, value in summary.items() if not isinstance(value, dict | list)]
    return "\n".join(lines)


@app.command()
def resume(
    run: RunArgument,
    root: options.RunsFolder = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    decisions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="For a lesson with --review: decisions made beforehand (TOML).")
    ] = None,
    budget_tokens: Annotated[
        int | None, typer.Option(min=1, help="For dialogues: tokens that the run may take in all.")
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="For dialogues: hold those that failed once more.")
    ] = False,
    engine: options.EngineOption = None,
    workers: options.Workers = None,
    address: options.Address = None,
) -> None:
    """Go on with an interrupted run; no reply that it has is asked for again."""
    _again(
        run, root, json=json, quiet=quiet, replay=False, decisions=decisions, budget=budget_tokens, retry=retry_failed,
        engine=(engine, workers, address),
    )  # fmt: skip


@app.command()
def replay(
    run: RunArgument,
    root: options.RunsFolder = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Do a finished run once more from its journal, without any model."""
    _again(run, root, json=json, quiet=quiet, replay=True)


@app.command("rebuild-memory")
def rebuild_memory_command(
    root: options.RunsFolder = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Make the memory of earlier lessons again from the finished runs."""
    from classwright.graphs.lesson_run import rebuild_memory

    lessons = rebuild_memory(root)
    output.emit({"lessons": lessons}, json=json, text=f"the memory holds {lessons} lessons")


def _again(
    run: str,
    root: Path | None,
    *,
    json: bool,
    quiet: bool,
    replay: bool,
    decisions: Path | None = None,
    budget: int | None = None,
    retry: bool = False,
    engine: tuple[options.EngineKind | None, int | None, str | None] = (None, None, None),
) -> None:
    from classwright.errors import ClasswrightError, InputError
    from classwright.runs.listing import find_run, read_config, status

    path = find_run(run, root)
    config = read_config(path)
    job = str(config["job"])
    if job not in RESUME:
        raise InputError(f"{path}: job {job} is none that can go on; there are {', '.join(RESUME)}")
    if not replay and status(path) == "running":
        raise ClasswrightError(f"{path}: a process is working on this run; wait for it or end it first")
    if job == "play" and not replay:
        from classwright.cli.play import go_on

        return go_on(path, json=json)
    more: dict[str, Any] = {}
    text = None
    if job != "dialogue" and (budget is not None or retry):
        raise InputError(f"{path}: --budget-tokens and --retry-failed are for runs of dialogues")
    if job not in ("dialogue", "teach") and engine != (None, None, None):
        raise InputError(f"{path}: --engine is for runs of dialogues and of teach")
    if job == "lesson" and config["request"].get("review") and not replay:
        from classwright.cli.review import decide_with

        more = {"decide": decide_with(decisions, json=json)}
    elif decisions is not None:
        raise InputError(f"{path}: no teacher reviews this run; --decisions is for a lesson with --review")
    elif job == "copilot" and not replay:
        from classwright.cli.copilot import at_terminal

        more = {"decide": at_terminal()}
    elif job == "dialogue" and not replay:
        from classwright.cli.dialogue_page import describe

        more, text = {"budget": budget, "retry_failed": retry}, describe
    elif job == "play":
        from classwright.cli.play import describe as describe_talk

        text = describe_talk
    if job in ("dialogue", "teach") and not replay:
        more |= {"engine": options.changed_engine(*engine, config.get("engine"))}
    module, function = RESUME[job].split(":")
    with output.progress_bar(quiet=quiet) as progress:
        result = getattr(importlib.import_module(module), function)(path, replay=replay, progress=progress, **more)
    output.emit(result, json=json, text=None if text is None else text(result))
    if result.get("status") == "rejected":
        raise typer.Exit(1)
