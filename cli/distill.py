"""`classwright distill`: agents' outputs become a fine-tuned student. `data` makes the training set."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from classwright.cli import options, output
from classwright.cli.distill_compare import compare, retain
from classwright.cli.distill_loop import loop
from classwright.cli.distill_make import make
from classwright.cli.distill_report import measure, report
from classwright.cli.distill_sample import sample
from classwright.cli.distill_train import examine, train
from classwright.cli.distill_words import words

app = typer.Typer(no_args_is_help=True, add_completion=False)
app.command("train")(train)
app.command("examine")(examine)
app.command("loop")(loop)
app.command("make")(make)
app.command("measure")(measure)
app.command("report")(report)
app.command("sample")(sample)
app.command("retain")(retain)
app.command("compare")(compare)
app.command("words")(words)


@app.callback()
def group() -> None:
    """Make training sets of runs, train a student on them, and report what it learned and forgot."""


@app.command()
def data(
    task: Annotated[
        Literal["tutor", "student", "rationale", "lesson", "corpus"],
        typer.Option(
            "--task",
            help="What is learned: a tutor's turns, a student's, worked answers, lesson texts, our own corpus.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the dataset goes.")],
    runs: Annotated[
        list[str] | None,
        typer.Argument(metavar="RUN", help="Run directories or ids; none for --task rationale or corpus."),
    ] = None,
    skill: Annotated[
        str | None,
        typer.Option("--skills", metavar="IDS", help="Rationales from the problem bank: its skills, with commas."),
    ] = None,
    n: Annotated[int, typer.Option("--n", min=1, help="Rationales from the problem bank.")] = 800,
    level: Annotated[str, typer.Option("--levels", help="Levels of their problems, with commas: 1, 2, 3.")] = "2",
    exam: Annotated[int, typer.Option("--exam", min=2, help="Their held-out problems; half as many of others.")] = 200,
    composed: Annotated[
        int, typer.Option("--composed", min=0, help="Exam items that put their skills together, with the parts.")
    ] = 0,
    other_skills: Annotated[
        str | None, typer.Option("--other-skills", metavar="IDS", help="Skills of exam items that are never trained.")
    ] = None,
    filters: Annotated[
        str, typer.Option("--filter", help="With commas: verified, leak-free, solved, judged; or none.")
    ] = "verified,leak-free",
    least_score: Annotated[
        float | None, typer.Option("--min-score", help="Least score: learning gain, CIDDP mean, or teaching score.")
    ] = None,
    pairs: Annotated[
        bool, typer.Option("--pairs", help="Preference pairs: what was accepted against a refused draft.")
    ] = False,
    against: Annotated[
        Literal["drafts", "telling"],
        typer.Option(
            "--against", help="telling: a tutor's question against what another told (--tutor socratic,tell)."
        ),
    ] = "drafts",
    decides: Annotated[
        Literal["code", "model"] | None,
        typer.Option(
            "--decides", help="Who decides what to say when it is used; else code for a tutor, the model for a student."
        ),
    ] = None,
    form: Annotated[
        Literal["prompt", "chat"],
        typer.Option("--form", help="A row a turn as asked at run time, or a row a dialogue."),
    ] = "prompt",
    cap: Annotated[int, typer.Option("--cap", min=0, help="Rows with the same words at most; 0 for all.")] = 50,
    hard: Annotated[
        float | None,
        typer.Option("--hard", min=0, max=1, help="Share of problems of level 2 and 3; else as they come."),
    ] = None,
    held_out: Annotated[
        float, typer.Option("--held-out", min=0, max=0.9, help="Share of rows held out, whole problem families.")
    ] = 0.1,
    hold_skills: Annotated[
        str | None, typer.Option("--hold-skills", metavar="IDS", help="Skills held out whole, with commas.")
    ] = None,
    licence: options.Licence = "",
    licence_ok: options.LicenceOk = False,
    base: Annotated[
        str | None, typer.Option("--base", help="Look at the rows with this base's tokenizer, and show one.")
    ] = None,
    seed: options.Seed = None,
    root: options.RunsFolder = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Make a training set of finished runs, worked problems or our own texts: filtered, split, with its card."""
    from classwright.distill.candidates import DataRequest
    from classwright.distill.data import build
    from classwright.distill.data_request import parse_filters
    from classwright.skilltree.tree import default_tree

    tree = default_tree()
    skills = tuple(tree[s].id for s in options.words(skill))
    request = DataRequest(
        task=task, filters=parse_filters(filters), least_score=least_score, pairs=pairs, against=against,
        decides=decides, form=form, cap=cap or None, hard=hard, held_out=held_out,
        hold_skills=tuple(tree[s].id for s in options.words(hold_skills)),
        seed=seed or 0, skills=skills, n=n, levels=_levels(level), exam=exam, composed=composed,
        other_skills=tuple(tree[s].id for s in options.words(other_skills)), licence=licence, licence_ok=licence_ok,
    )  # fmt: skip
    with output.progress_bar(quiet=quiet) as progress:
        summary = build(request, runs or [], out, root=root, progress=progress)
        if base is not None:
            summary["preflight"] = _looked_at(base, out, progress)
    output.emit(summary, json=json, text=_page(summary))


def _levels(text: str) -> tuple[int, ...]:
    from classwright.errors import InputError

    if not options.words(text) or any(word not in ("1", "2", "3") for word in options.words(text)):
        raise InputError(f"--levels {text}: levels are 1, 2 and 3, with commas between them")
    return tuple(dict.fromkeys(int(word) for word in options.words(text)))


def _looked_at(base: str, out: Path, progress: output.Report) -> dict[str, Any]:
    from classwright.distill.base import trainable
    from classwright.distill.masks import preflight
    from classwright.distill.rows import TRAIN, read_rows

    folder = trainable(base, progress)
    progress("looking at the rows", 0, 0)
    from transformers import AutoTokenizer

    return preflight(read_rows(out / TRAIN), AutoTokenizer.from_pretrained(str(folder)))._asdict()


def _page(summary: dict[str, Any]) -> str:
    """A dataset for a person."""
    rows = f"{summary['train']} rows to train on, {summary['held_out']} held out, {summary['exam']} exam items"
    lines = [
        f"{summary['out']}: {rows}",
        f"{summary['kind']}, task {summary['task']}; teacher {summary['teacher']} ({summary['licence']})",
        *(f"left out: {n} × {why}" for why, n in summary["dropped"].items()),
        *summary["notes"],
    ]
    if looked := summary.get("preflight"):
        share = looked["trained"] / looked["tokens"]
        lines += [
            "", looked["sample"], "",
            f"{looked['tokens']} tokens, {share:.0%} with loss (between ⟦ and ⟧); "
            f"the longest chat has {looked['longest']}",
        ]  # fmt: skip
    return "\n".join(lines)
