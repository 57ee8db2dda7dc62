"""What `classwright serve` does with servers that run: try, list, stop, change adapters, write them into a recipe."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from classwright.cli import output
from classwright.errors import InputError

if TYPE_CHECKING:
    from classwright.models.serve_state import Adapter, Server
    from classwright.runs.capabilities import Capabilities


def stop(names: list[str] | None, *, json: bool) -> None:
    """Stop servers by name, or all."""
    from classwright.models.serve import stop_servers

    stopped = stop_servers(names)
    output.emit({"stopped": stopped}, json=json, text=f"stopped {', '.join(stopped)}" if stopped else "none runs")


def show(*, json: bool) -> None:
    """List the servers that run."""
    from classwright.models.serve_state import read_all

    rows = [described(server) for server in read_all() if server.running]
    output.emit({"servers": rows}, json=json, text=lambda: _table(rows) if rows else "none runs")


def described(server: "Server") -> dict[str, Any]:
    """A server as a row."""
    kept = {"name", "model", "url", "pid", "folder", "build", "share", "max_length", "ready", "log"}
    row = server.model_dump(mode="json", include=kept)
    adapters = [adapter.served for adapter in server.adapters]
    return row | {"url": server.url, "adapters": adapters, "detached": server.keeper is None}


def _table(rows: list[dict[str, Any]]) -> Any:
    from rich.table import Table

    table = Table("name", "model", "at", "process", "adapters", "state", "log", box=None, pad_edge=False)
    for row in rows:
        state = "ready" if row["ready"] else "starting"
        table.add_row(
            row["name"], row["model"], row["url"], str(row["pid"]), ", ".join(row["adapters"]), state, row["log"]
        )
    return table


def change_adapters(name: str | None, load: str | None, unload: str | None, recipe: Path | None, *, json: bool) -> None:
    """Load or unload an adapter of a server that runs; a recipe that names the older version gets the newer one."""
    from classwright.models import serve_adapters
    from classwright.models.serve_recipe import rename_model
    from classwright.models.serve_state import find, read_all

    if name is None:
        running = [server.name for server in read_all() if server.running]
        if len(running) != 1:
            raise InputError(f"--name which server? Running: {', '.join(running) or 'none'}")
        name = running[0]
    found: dict[str, Any] = {"server": name}
    if load:
        before = find(name).newest(load.partition("=")[0])
        adapter, effect = serve_adapters.load(name, load)
        found |= {"loaded": adapter.served, "changes_replies": effect, "recipe_tables": 0}
        if recipe is not None and before is not None:
            found["recipe_tables"] = rename_model(recipe, find(name).url, before.served, adapter.served)
        _say_effect(adapter, effect)
    if unload:
        found["unloaded"] = [adapter.served for adapter in serve_adapters.unload(name, unload)]
    output.emit(found, json=json)


def tried(server: "Server", adapter: "Adapter") -> None:
    """Try an adapter that was given at the start."""
    from classwright.models.serve_adapters import try_adapter

    _say_effect(adapter, try_adapter(server, adapter))


def _say_effect(adapter: "Adapter", effect: bool) -> None:
    if not effect:
        output.say(f"{adapter.served} answers exactly as its base: it was hardly trained, or not for chats")


def check_adapters(roles: dict[str, str | None], names: list[str]) -> None:
    """See that the adapters that play roles are given.

    Raises:
        InputError: One is not.
    """
    for role, adapter in roles.items():
        if adapter is not None and adapter not in names:
            raise InputError(f"--role {role}={adapter}: no --lora {adapter}=DIR is given")


def use_server(
    url: str,
    model: str,
    roles: dict[str, str | None],
    recipe: Path | None,
    key_name: str | None,
    *,
    json: bool,
    quiet: bool,
) -> None:
    """Try a server that someone else runs and write it into a recipe."""
    from classwright.models.serve_recipe import write_endpoint

    if any(roles.values()):
        raise InputError("with --url, an adapter is a model with a name of its own: give this name as MODEL")
    with output.progress_bar(quiet=quiet) as progress:
        found = probe(url, model, key_name, progress)
    shared = {role: write_endpoint(recipe, role, url, model, found, key_name=key_name) for role in roles if recipe}
    summary = {"name": model, "url": url, "capabilities": found.model_dump(), "roles": shared}
    output.emit(summary, json=json, text=lambda: f"{model} at {url}{roles_text(shared, recipe)}\n{capable(found)}")


def probe(url: str, model: str, key_name: str | None, progress: output.Report) -> "Capabilities":
    """Ask a server what it does.

    Raises:
        InputError: The address or the key is none, or the server does not know the model.
        UnreachableError: It does not answer.
    """
    from classwright.models.capabilities import measure
    from classwright.models.roles import open_models
    from classwright.runs.recipe import ModelSpec, ModelSpecs, Recipe

    try:
        spec = ModelSpec.model_validate({"base_url": url, "model": model, "api_key_env": key_name})
    except ValueError as error:
        raise InputError(f"--url {url}: not an address such as http://127.0.0.1:8000/v1") from error

    async def ask() -> "Capabilities":
        async with open_models(Recipe(models=ModelSpecs(default=spec))) as models:
            return (await measure(models.chat("default")))[0]

    progress(f"Trying {model}", 0, 0)
    return asyncio.run(ask())


def write_roles(
    recipe: Path, roles: dict[str, str | None], server: "Server", found: "Capabilities"
) -> dict[str, list[str]]:
    """Write a server of ours into a recipe; role -> all servers that share it."""
    from classwright.models.serve_memory import SEQUENCES
    from classwright.models.serve_recipe import write_endpoint

    shared = {}
    for role, name in roles.items():
        adapter = server.newest(name) if name else None
        served = adapter.served if adapter else server.model
        shared[role] = write_endpoint(recipe, role, server.url, served, found, SEQUENCES[server.build])
    return shared


def roles_text(roles: dict[str, list[str]], recipe: Path | None) -> str:
    """Which roles of a recipe a server plays, for a person."""
    return f", {', '.join(roles)} in {recipe}" if roles else ""


def capable(found: "Capabilities") -> str:
    """Capabilities in one line."""
    marks = {True: "yes", False: "no"}
    return ", ".join(f"{name} {marks.get(value, value)}" for name, value in found.model_dump(exclude_none=True).items())
