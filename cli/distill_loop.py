"""`classwright distill loop`: a student is examined, trained on what it lacks, and examined again."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from classwright.cli import options, output

if TYPE_CHECKING:
    from classwright.distill.loop_result import LoopResult


def loop(
    skills: Annotated[str, typer.Option("--skills", metavar="LIST", help="Skills with commas, at least two.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where everything goes; again, to go on.")],
    base: Annotated[str, typer.Option("--base", help="The student, as --base of `distill train`.")] = "smollm2",
    arms: Annotated[
        str, typer.Option("--arms", metavar="LIST", help="sel, syn, uniform (the control), nearest, random.")
    ] = "sel,syn,uniform",
    rounds: Annotated[int, typer.Option("--rounds", min=1, max=20, help="Trainings of each arm.")] = 1,
    tokens: Annotated[int, typer.Option("--tokens", min=500, help="Tokens of one round's rows.")] = 20_000,
    pool: Annotated[int, typer.Option("--pool", min=10, help="Rows a skill to choose from.")] = 200,
    items: Annotated[int, typer.Option("--items", min=5, help="Exam items a skill, to diagnose and to test.")] = 20,
    seeds: Annotated[int, typer.Option("--seeds", min=1, max=100, help="So many whole loops.")] = 3,
    levels: Annotated[str, typer.Option("--levels", metavar="LIST", help="Of the problems: 1, 2, 3.")] = "2",
    environment: Annotated[
        Literal["open-ended", "skill-list", "skill-tree"],
        typer.Option("--environment", help="The policy by which syn allots its rows."),
    ] = "skill-list",
    shrink: Annotated[
        float, typer.Option("--shrink", min=0, max=1, help="Factor of the adapter's delta between rounds.")
    ] = 1.0,
    noise: Annotated[
        float, typer.Option("--noise", min=0, help="Noise in it, in its standard deviations; 1 and 0: a fresh adapter.")
    ] = 0.0,
    rank: Annotated[int, typer.Option("--lora-rank", min=0, help="Rank of the adapter; 0 trains all weights.")] = 16,
    rate: Annotated[float | None, typer.Option("--lr", help="Highest learning rate.")] = None,
    epochs: Annotated[float, typer.Option("--epochs", help="How often each row comes.")] = 1.0,
    batch: Annotated[int, typer.Option("--batch", min=1, help="Rows of one step.")] = 8,
    reply_tokens: Annotated[int, typer.Option("--reply-tokens", min=1, help="Longest reply in an exam.")] = 96,
    threads: Annotated[int | None, typer.Option("--threads", min=1, help="Else one a core.")] = None,
    seed: options.Seed = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Examine a student, train it on the skills it lacks, examine again; beside controls at equal tokens."""
    from classwright.distill.loop import loop as run
    from classwright.distill.loop_settings import LoopSettings
    from classwright.skilltree.tree import default_tree

    tree, first = default_tree(), seed or 0
    settings = options.validated(LoopSettings, {
        "base": base, "skills": [tree[s].id for s in options.words(skills)], "arms": options.words(arms),
        "rounds": rounds, "tokens": tokens, "pool": pool, "items": items, "levels": options.words(levels),
        "seeds": [first + n + 1 for n in range(seeds)], "environment": environment, "shrink": shrink, "noise": noise,
        "training": {"rank": rank, "rate": rate, "epochs": epochs, "batch": batch, "reply_tokens": reply_tokens,
                     "threads": threads, "eval_items": 0},
    })  # fmt: skip
    with output.progress_bar(quiet=quiet) as progress:
        result = run(settings, tree, out, progress, output.say)
    output.emit(result.model_dump(mode="json"), json=json, text=lambda: _page(result, out))


def _page(result: "LoopResult", out: Path) -> Any:
    from rich.console import Group
    from rich.table import Table

    table = Table("arm", "tokens", "before", "after", "all skills", "against uniform", box=None, pad_edge=False)
    effects = {e.arm: e for e in result.effects}
    for a in result.arms:
        e = effects.get(a.arm)
        shown = ""
        if e is not None and e.difference.mean is not None:
            d = e.difference
            shown = f"{d.mean:+.3f} [{d.low:+.3f}, {d.high:+.3f}]" + ("" if e.shown else ", not shown")
        table.add_row(
            a.arm, f"{a.tokens:.0f}", f"{a.lacking[0]:.3f}", f"{a.lacking[-1]:.3f}", f"{a.all[-1]:.3f}", shown
        )
    head = f"accuracy on {', '.join(result.lacking)}; {len(result.settings.seeds)} seeds; {out / 'loop.json'}"
    return Group(head, table)
