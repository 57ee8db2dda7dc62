"""`classwright distill make`: an adapter for the embedded model, from a recipe to the two files that are shipped."""

from pathlib import Path
from typing import Annotated, Any

import typer

from classwright.cli import options, output


def make(
    recipe: Annotated[
        str, typer.Argument(metavar="RECIPE", help="A recipe (TOML), or embedded-tutor, embedded-student.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where everything goes; again, to go on.")],
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Make an adapter by its recipe: data, rows within the budget, training, GGUF, examination, card. Goes on after a
    stop."""
    from classwright.distill.adapter_recipe import load_adapter_recipe
    from classwright.distill.make import make as run

    chosen = load_adapter_recipe(recipe)
    with output.progress_bar(quiet=quiet) as progress:
        card = run(chosen, out, progress, output.say)
    output.emit({"out": str(out), **card}, json=json, text=lambda: _page(out, card))


def _page(out: Path, card: dict[str, Any]) -> str:
    """An adapter for a person."""
    trained = card["training"]
    rows, tokens = sum(card["data"]["rows"].values()), sum(card["data"]["tokens"].values())
    lines = [
        f"{card['name']}: {card['size'] / 1e6:.1f} MB for {', '.join(card['tasks'])}",
        f"{rows} rows, {tokens:,} tokens, {trained['steps']} steps in {trained['seconds']:.0f} s; "
        f"{trained['peak_mb'] / 1000:.1f} GB at most",
        f"{card['name']}.gguf and its card {card['name']}.json are in {out}; they ship from models/adapters/",
    ]
    return "\n".join(lines)
