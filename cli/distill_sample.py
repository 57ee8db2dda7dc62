"""`classwright distill sample`: a training set of what a teacher and the student say themselves."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from classwright.cli import options, output


def sample(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="A dataset directory of supervised rows with answers.")],
    how: Annotated[
        Literal["dasd", "plain", "mixed", "pairs", "perspectives"],
        typer.Option(
            "--how",
            help="dasd: teacher's replies, low temperature then high, those far from the student; plain: its control; "
            "mixed: student begins, teacher ends; pairs: right against wrong; perspectives: weights by readiness.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the dataset goes; again, to go on.")],
    teacher: Annotated[str | None, typer.Option("--teacher", help="As --base of `distill train`.")] = None,
    student: Annotated[str, typer.Option("--student", help="The student that is to be trained, likewise.")] = "smollm2",
    rows: Annotated[int, typer.Option("--rows", min=0, help="Rows of DATA to use; 0 for all.")] = 0,
    samples: Annotated[int, typer.Option("--samples", min=1, help="Replies drawn a prompt and stage.")] = 4,
    keep: Annotated[int, typer.Option("--keep", min=1, help="Of those, kept at most.")] = 1,
    reply_tokens: Annotated[int, typer.Option("--reply-tokens", min=1, help="Longest reply.")] = 96,
    sharpness: Annotated[
        float, typer.Option("--temperature", help="Of the weights of perspectives; near 0 the readiest counts alone.")
    ] = 1.0,
    licence: options.Licence = "",
    licence_ok: options.LicenceOk = False,
    seed: options.Seed = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Make a training set of what teacher and student say: DASD, mixed policy, delta pairs, weighted perspectives."""
    from classwright.distill.sample import SampleRequest
    from classwright.distill.sample import sample as run

    request = options.validated(SampleRequest, {
        "how": how, "teacher": teacher, "student": student, "rows": rows, "samples": samples, "keep": keep,
        "reply_tokens": reply_tokens, "sharpness": sharpness, "seed": seed or 0, "licence": licence,
        "licence_ok": licence_ok,
    })  # fmt: skip
    with output.progress_bar(quiet=quiet) as progress:
        summary = run(data, request, out, progress)
    output.emit(summary, json=json, text=_page(summary))


def _page(summary: dict[str, Any]) -> str:
    lines = [
        f"{summary['out']}: {summary['train']} rows ({summary['kind']}) of {summary['of']}",
        f"teacher {summary['teacher']} ({summary['licence']})",
        *(f"left out: {n} × {why}" for why, n in summary["dropped"].items()),
        *summary["notes"],
    ]
    return "\n".join(lines)
