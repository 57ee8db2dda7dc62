"""`classwright dialogue`: hold dialogues, score transcripts, export a run's dialogues."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from classwright.cli import options, output
from classwright.cli.dialogue_run import run
from classwright.cli.student_check import check_students

if TYPE_CHECKING:
    from classwright.classroom.dialogue_metrics import Measures
    from classwright.classroom.success import Success


class SkillsFirst(TyperGroup):
    """A group in which a first word that names none of its commands is a skill: `dialogue fractions.add_unlike`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command's name before its words where it is left out."""
        if args and args[0] not in self.commands and args[0] not in ("--help", "--install-completion"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=SkillsFirst, no_args_is_help=True, add_completion=False, help="Teacher-student dialogues.")
app.command("run", help="Hold many dialogues at once; `run` may be left out: classwright dialogue SKILL...")(run)
app.command("check-students")(check_students)


class TranscriptFormat(StrEnum):
    """What the lines of a transcript are."""

    mathdial = "mathdial"
    chat = "chat"
    jsonl = "jsonl"


class SuccessMode(StrEnum):
    """Which success and telling come first."""

    mathdial = "mathdial"
    strict = "strict"


@app.callback()
def dialogue() -> None:
    """Teacher-student dialogues."""


class ExportFormat(StrEnum):
    """What a run's dialogues are written as."""

    chat = "chat"
    mathdial = "mathdial"
    xapi = "xapi"
    jsonl = "jsonl"


@app.command()
def export(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run's id, the beginning of it, or its folder.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where the dialogues go.")],
    format: Annotated[ExportFormat, typer.Option("--format", help="What they are written as.")] = ExportFormat.chat,
    root: options.RunsFolder = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Write a run's dialogues: chat lines for fine-tuning, MathDial's, xAPI statements, or our own."""
    from classwright.classroom.transcripts import write_transcripts
    from classwright.errors import InputError
    from classwright.graphs.dialogue_store import dialogues_of
    from classwright.runs.run import open_run

    with open_run(run, root, "replay") as opened:
        if opened.job != "dialogue":
            raise InputError(f"{opened.path}: a run of {opened.job} holds no dialogues; name one of dialogue")
        dialogues = list(dialogues_of(opened))
    if not dialogues:
        raise InputError(f"{opened.path}: no dialogue has come to its end yet; resume the run first")
    write_transcripts(out, dialogues, format.value)
    result = {"run": str(opened.path), "file": str(out), "format": format.value, "dialogues": len(dialogues)}
    output.emit(result, json=json, text=f"{len(dialogues)} dialogues: {out}")


@app.command()
def score(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The transcript, one dialogue a line.")],
    format: Annotated[TranscriptFormat, typer.Option("--format", help="What its lines are.")] = TranscriptFormat.jsonl,
    mode: Annotated[
        SuccessMode, typer.Option("--mode", help="Success and telling as published, or with their defects mended.")
    ] = SuccessMode.strict,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Leave out and count lines that cannot be used.")
    ] = False,
    seed: options.Seed = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Score a transcript: success@k, telling@k, leaks, moves, talk, uptake, learning gain."""
    from classwright.classroom.dialogue_metrics import measure
    from classwright.classroom.success import score_success
    from classwright.classroom.transcripts import read_transcripts

    read = read_transcripts(file, format.value, skip_bad=skip_bad)
    for line in read.skipped:
        output.say(f"left out: {line}")
    tables = {m.value: score_success(read.dialogues, m.value, seed=seed or 0) for m in SuccessMode}
    measures = measure(read.dialogues, seed=seed or 0)
    chosen = tables[mode.value]
    result: dict[str, Any] = {
        "file": str(file),
        "format": format.value,
        "mode": mode.value,
        "dialogues": len(read.dialogues),
        "skipped": list(read.skipped),
        "success": {str(row.k): row.success.share for row in chosen.at},
        "telling": {str(row.k): row.telling.share for row in chosen.at},
        "modes": {name: table.model_dump() for name, table in tables.items()},
        "measures": measures.model_dump(),
    }
    if measures.agreement is not None:
        result["measures"]["agreement"] = measures.agreement._asdict()
    output.emit(
        result,
        json=json,
        text=lambda: _page(result, [chosen, *(t for t in tables.values() if t is not chosen)], measures),
    )


def _page(result: dict[str, Any], tables: "list[Success]", measures: "Measures") -> Any:
    from rich.console import Group
    from rich.table import Table

    lines = [f"{result['file']}: {result['dialogues']} dialogues, {measures.turns} turns"]
    if result["skipped"]:
        lines[0] += f"; {len(result['skipped'])} lines left out"
    parts: list[Any] = []
    if tables[0].dialogues:
        table = Table(
            "k",
            *(f"{t.mode}: success@k" if i == 0 else f"{t.mode}: telling@k" for t in tables for i in (0, 1)),
            box=None,
            pad_edge=False,
        )
        for rows in zip(*(t.at for t in tables), strict=True):
            table.add_row(str(rows[0].k), *(_percent(rate) for row in rows for rate in (row.success, row.telling)))
        parts.append(table)
        first = tables[0]
        parts.append(
            f"the answer stands in the question or the wrong solution of {first.given} of {first.dialogues}; "
            f"mode mathdial hears no student in {first.unheard}"
        )
    else:
        parts.append("no dialogue says what its answer is: no success@k")
    labels = f"{measures.labeled} of {measures.tutor_turns} labeled, the others by rules"
    parts.append(f"moves ({labels}): " + ", ".join(f"{m} {share:.0%}" for m, share in measures.moves.items()))
    if measures.agreement is not None:
        a = measures.agreement
        parts.append(
            f"rules against labels: accuracy {a.accuracy:.2f}"
            + (f", kappa {a.kappa:.2f}" if a.kappa is not None else "")
        )
    shown = {
        "move entropy (bits)": measures.move_entropy,
        "tutor's share of words": measures.talk_ratio,
        "uptake": measures.uptake,
        "turns that leak": measures.leak_rate,
        "dialogues that leak": measures.leaking,
        "silent student turns": measures.silent,
    }
    parts += [f"{name}: {value:.3f}" for name, value in shown.items() if value is not None]
    gain = measures.gain
    if gain is not None and gain.mean is not None:
        parts.append(f"learning gain: {gain.mean:.2f} [{gain.low:.2f}, {gain.high:.2f}], n = {gain.n}")
    return Group(*lines, *parts)


def _percent(rate: Any) -> str:
    return f"{100 * rate.share:.1f} % [{100 * rate.low:.0f}, {100 * rate.high:.0f}]"
