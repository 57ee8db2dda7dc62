"""`classwright distill train` and `distill examine`: a student is trained, and asked."""

import os
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from classwright.cli import options, output


def train(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="A dataset directory, made by `distill data`.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the student goes; again, to go on.")],
    method: Annotated[
        Literal["sft", "dpo", "on-policy", "gkd", "grpo", "pskd", "thinktuning"],
        typer.Option("--method", help="How it learns; pskd softens sft by the student's own past epoch."),
    ] = "sft",
    base: Annotated[
        str, typer.Option("--base", help="smollm2, a model directory, a name of the hub, or a GGUF file.")
    ] = "smollm2",
    teacher: Annotated[
        str | None,
        typer.Option("--teacher", help="As --base: whom on-policy and gkd learn from, who comments in thinktuning."),
    ] = None,
    rank: Annotated[int, typer.Option("--lora-rank", min=1, help="Rank of the adapter.")] = 16,
    full: Annotated[bool, typer.Option("--full", help="Train all weights instead of an adapter.")] = False,
    adapter: Annotated[Path | None, typer.Option("--adapter", metavar="DIR", help="Go on from this adapter.")] = None,
    rate: Annotated[float | None, typer.Option("--lr", help="Highest learning rate; else by method.")] = None,
    epochs: Annotated[float, typer.Option("--epochs", help="How often each row comes.")] = 1.0,
    batch: Annotated[int, typer.Option("--batch", min=1, help="Rows of one step.")] = 8,
    micro: Annotated[
        int | None, typer.Option("--micro", min=1, help="Rows computed at a time; less memory, the same result.")
    ] = None,
    length: Annotated[int, typer.Option("--length", min=8, help="Most tokens of a row.")] = 512,
    precision: Annotated[
        Literal["bf16", "fp32"] | None, typer.Option("--precision", help="Else bf16 for an adapter, fp32 for --full.")
    ] = None,
    eval_every: Annotated[
        int, typer.Option("--eval-every", min=0, help="Steps between evaluations and checkpoints; 0: four in all.")
    ] = 0,
    eval_items: Annotated[
        int, typer.Option("--eval-items", min=0, help="Held-out exam items asked each time; 0: none.")
    ] = 32,
    patience: Annotated[
        int, typer.Option("--patience", min=0, help="Stop after so many evaluations without a better one; 0: never.")
    ] = 0,
    loss: Annotated[
        Literal["sigmoid", "sigmoid_norm"],
        typer.Option("--loss", help="Of dpo; sigmoid_norm divides by length (delta learning)."),
    ] = "sigmoid",
    beta: Annotated[float | None, typer.Option("--beta", help="Of dpo; else 0.1, or 5 by length.")] = None,
    reply_tokens: Annotated[int, typer.Option("--reply-tokens", min=1, help="Longest generated reply.")] = 96,
    temperature: Annotated[float, typer.Option("--temperature", help="Of replies that are learned from.")] = 0.9,
    generations: Annotated[int, typer.Option("--generations", min=2, help="Replies a prompt, for grpo.")] = 4,
    pack: Annotated[
        bool, typer.Option("--pack", help="For sft: put rows together into sequences of --length tokens.")
    ] = False,
    past: Annotated[
        float, typer.Option("--past", help="For pskd: share of the past in the last epoch's target, 0 to 1.")
    ] = 0.8,
    guided: Annotated[
        float, typer.Option("--guided", help="For thinktuning: share of the replies that hear feedback, 0 to 1.")
    ] = 0.5,
    gguf: Annotated[
        Literal["q8_0", "f16", "f32"],
        typer.Option("--gguf", help="student.gguf's matrices; q8_0 is small, but rounds."),
    ] = "f16",
    keep_order: Annotated[bool, typer.Option("--keep-order", help="Train on the rows as they stand.")] = False,
    threads: Annotated[
        int | None, typer.Option("--threads", min=1, help="Else CLASSWRIGHT_THREADS, else one a core.")
    ] = None,
    before: Annotated[
        bool, typer.Option("--before/--no-before", help="Let the base take the exam too, for the report.")
    ] = True,
    seed: options.Seed = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Train a student on a dataset; the same command again goes on after a stop. Evaluates, merges, exports GGUF."""
    from classwright.distill.settings import TrainSettings

    settings = options.validated(TrainSettings, dict(
        method=method, base=base, teacher=teacher, rank=0 if full else rank, precision=precision, rate=rate,
        epochs=epochs, batch=batch, micro=micro, length=length, seed=seed or 0, eval_every=eval_every,
        eval_items=eval_items, patience=patience, threads=threads, keep_order=keep_order,
        adapter=str(adapter) if adapter else None, gguf=gguf, loss=loss, beta=beta, reply_tokens=reply_tokens,
        temperature=temperature, generations=generations, pack=pack, past=past, guided=guided,
    ))  # fmt: skip
    from classwright.distill.train import train as run

    with output.progress_bar(quiet=quiet) as progress:
        summary = run(data, settings, out, progress, output.say, before=before)
    if os.environ.get("RANK", "0") != "0":
        return  # of several processes the first one speaks
    output.emit({"out": str(out), **summary}, json=json, text=lambda: _page(out, summary))


def examine(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="As --base of `distill train`.")],
    exam: Annotated[Path, typer.Argument(metavar="EXAM", help="A dataset directory, or its exam.jsonl.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where the answers go, exam.before.json of a training.")
    ] = None,
    items: Annotated[int, typer.Option("--items", min=0, help="Items of each kind at most; 0 for all.")] = 0,
    precision: Annotated[Literal["bf16", "fp32"], typer.Option("--precision", help="Of the computation.")] = "bf16",
    reply_tokens: Annotated[int, typer.Option("--reply-tokens", min=1, help="Longest reply.")] = 96,
    threads: Annotated[
        int | None, typer.Option("--threads", min=1, help="Else CLASSWRIGHT_THREADS, else one a core.")
    ] = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Put an exam to a model, a base or a trained student, and grade its answers; greedy, so always the same."""
    from classwright.distill.exam_run import examine_model

    with output.progress_bar(quiet=quiet) as progress:
        result = examine_model(
            model, exam, out, items, precision=precision, reply_tokens=reply_tokens, threads=threads, progress=progress
        )
    output.emit(result, json=json, text=lambda: _table(result["exam"]))


def _page(out: Path, summary: dict[str, Any]) -> Any:
    """A training for a person."""
    from rich.console import Group

    stopped = ", stopped early" if summary["stopped_early"] else ""
    lines = [
        f"{out}: {summary['steps']} steps in {summary['seconds']:.0f} s{stopped}; "
        f"{summary['peak_mb'] / 1000:.1f} GB at most",
        f"{summary['rows']} rows, {summary['tokens']:,} tokens, {summary['supervised']:,} with loss",
    ]
    if best := summary["best"]:
        lines.append(f"chosen: step {best['step']}, {best['right']}/{best['items']} right in evaluation")
    if summary["agreement"] is not None:
        lines.append(f"merged model and adapter agree on {summary['agreement']:.1%} of {summary['compared']} tokens")
    lines += [f"files: {', '.join(summary['files'])}", *summary["notes"]]
    return Group("\n".join(lines), _table(summary["exam"])) if summary["exam"] else "\n".join(lines)


def _table(exam: dict[str, list[int]]) -> Any:
    from rich.table import Table

    table = Table("kind of item", "right", "items", "share", box=None, pad_edge=False)
    for kind, (right, items) in exam.items():
        table.add_row(kind, str(right), str(items), f"{right / items:.1%}")
    return table
