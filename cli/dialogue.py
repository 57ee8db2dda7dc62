"""`classwright dialogue score`: what existing transcripts are worth."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from classwright.cli import options, output

if TYPE_CHECKING:
    from classwright.classroom.dialogue_metrics import Measures
    from classwright.classroom.success import Success

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Teacher-student dialogues.")


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
