"""`classwright serve`: a vLLM server for the roles of a recipe, from its installation to its end."""

import os
import re
import shlex
from pathlib import Path
from typing import Annotated, Any

import typer

from classwright.cli import options, output


def serve(
    model: Annotated[
        str | None,
        typer.Argument(
            metavar="[MODEL]",
            help="smollm2, a model directory, owner/model of the hub, or a .gguf; with --url, the model's name there",
        ),
    ] = None,
    role: Annotated[
        str | None,
        typer.Option(metavar="LIST", help="Roles it plays in --recipe: tutor,student=ADAPTER ... [default]"),
    ] = None,
    recipe: Annotated[
        Path | None, typer.Option("--recipe", metavar="FILE", help="The recipe that the endpoint is written into")
    ] = None,
    lora: Annotated[
        list[str] | None, typer.Option("--lora", metavar="NAME=DIR", help="A LoRA adapter of MODEL; may be given again")
    ] = None,
    max_loras: Annotated[
        int | None, typer.Option(min=0, max=64, help="Room for adapters [those given and one more, else none]")
    ] = None,
    name: Annotated[str | None, typer.Option(help="What requests call the model [from MODEL]")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="[the first free one from 8000]")] = None,
    memory_share: Annotated[
        float | None,
        typer.Option(min=0.01, max=1, help="Of the GPU's (or the machine's) memory [GPU: what is left of 0.9]"),
    ] = None,
    max_length: Annotated[
        int | None, typer.Option(min=64, help="Tokens of prompt and reply [the model's, at most 8192; on a CPU 4096]")
    ] = None,
    flags: Annotated[str, typer.Option(metavar="TEXT", help="Further flags of vLLM, as they are")] = "",
    timeout: Annotated[float, typer.Option(min=1, help="Longest wait until it is healthy, s")] = 600,
    detach: Annotated[bool, typer.Option("--detach", help="Leave it running; `serve --stop NAME` ends it")] = False,
    url: Annotated[
        str | None, typer.Option(metavar="URL", help="Someone else's server: only try it and write the recipe")
    ] = None,
    key_env: Annotated[
        str | None, typer.Option(metavar="VARIABLE", help="With --url, the variable that holds its key")
    ] = None,
    install: Annotated[
        bool, typer.Option("--install", help="Make vLLM's own environment; with MODEL, then serve it")
    ] = False,
    show: Annotated[bool, typer.Option("--list", help="List the servers that run here")] = False,
    stop: Annotated[
        list[str] | None, typer.Option("--stop", metavar="NAME", help="Stop a server; may be given again")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Stop all servers")] = False,
    load_lora: Annotated[
        str | None,
        typer.Option(metavar="NAME=DIR", help="Load the next version of an adapter into the server --name, and try it"),
    ] = None,
    unload_lora: Annotated[
        str | None, typer.Option(metavar="NAME", help="Unload an adapter (NAME@2: one version) from the server --name")
    ] = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Serve a model: start vLLM, wait until it is healthy, try it, write it into a recipe, stop it in the end."""
    from classwright.cli import serve_running as running
    from classwright.errors import InputError
    from classwright.models.serve_state import changing, sweep

    if os.path.isdir("/proc/self"):
        with changing():
            for ended in sweep():
                output.say(f"{ended.name} is gone, cleaned up: {ended.why}")
    if stop or everything:
        return running.stop(None if everything or "--all" in (stop or ()) else stop, json=json)
    if show:
        return running.show(json=json)
    if load_lora or unload_lora:
        return running.change_adapters(name or model, load_lora, unload_lora, recipe, json=json)
    roles = parse_roles(role, recipe)
    if url is not None:
        if model is None:
            raise InputError("--url needs MODEL, the model's name at that server")
        return running.use_server(url, model, roles, recipe, key_env, json=json, quiet=quiet)
    if install:
        made = _install(quiet=quiet, json=json, alone=model is None)
        if model is None:
            return made
    if model is None:
        raise InputError("name a MODEL to serve (smollm2, a directory, owner/model), or --list, --stop NAME, --install")
    return _start(
        model, roles, recipe, lora or [], max_loras, name, port, memory_share, max_length, shlex.split(flags), timeout,
        detach=detach, json=json, quiet=quiet,
    )  # fmt: skip


def parse_roles(text: str | None, recipe: Path | None) -> dict[str, str | None]:
    """Role -> the adapter that plays it, None for the model itself.

    Raises:
        InputError: No such role, one named twice, or roles without a recipe.
    """
    from classwright.errors import InputError
    from classwright.models.serve_recipe import check_roles

    words = options.words(text)
    if words and recipe is None:
        raise InputError("--role needs --recipe, the file in which the roles get their endpoint")
    roles: dict[str, str | None] = {}
    for word in words or (["default"] if recipe is not None else []):
        role, _, adapter = word.partition("=")
        if role in roles:
            raise InputError(f"--role {text}: {role} is named twice")
        roles[role] = adapter or None
    check_roles(list(roles))
    return roles


def _install(*, quiet: bool, json: bool, alone: bool) -> None:
    from classwright.models import serve_install

    with output.progress_bar(quiet=quiet) as progress:
        environment, made = serve_install.install(progress=progress)
    told = f"vLLM {environment.version} ({environment.build} build) {'installed' if made else 'is there'}"
    if not alone:
        output.say(told)
        return
    found = {"build": environment.build, "version": environment.version, "new": made}
    output.emit(found | {"folder": str(serve_install.folder())}, json=json, text=told)


def _start(
    model: str,
    roles: dict[str, str | None],
    recipe: Path | None,
    loras: list[str],
    max_loras: int | None,
    name: str | None,
    port: int | None,
    share: float | None,
    max_length: int | None,
    flags: list[str],
    timeout_s: float,
    *,
    detach: bool,
    json: bool,
    quiet: bool,
) -> None:
    from classwright.cli import serve_running as running
    from classwright.errors import InputError
    from classwright.models import serve as life
    from classwright.models.serve_install import installed
    from classwright.models.serve_plan import Wish, plan
    from classwright.models.serve_state import NAME, changing, find

    environment = installed()
    name = name or called(model)
    if not NAME.fullmatch(name):
        raise InputError(f"--name {name}: should be letters, digits, '.', '_' and '-'")
    with output.progress_bar(quiet=quiet) as progress:
        wish = Wish(name, _folder(model, progress), tuple(loras), max_loras, share, max_length, tuple(flags))
        running.check_adapters(roles, [lora.partition("=")[0] for lora in loras])

        def start() -> Any:
            with changing():
                return life.launch(plan(wish, environment.build, port), environment.python, left=detach)

        with life.kept(name, start, left=detach) as hold:
            server, process = hold.server, hold.process
            life.wait_until_healthy(server, process, timeout_s, progress)
            for adapter in server.adapters:
                running.tried(server, adapter)
            found = running.probe(server.url, server.model, None, progress)
            changed = running.write_roles(recipe, roles, find(server.name), found) if recipe else {}
            summary = running.described(find(server.name)) | {"capabilities": found.model_dump(), "roles": changed}
            hint = f"`classwright serve --stop {server.name}` stops it" if detach else "Ctrl-C stops it"
            hold.announced = True
            text = f"{server.name} is ready at {server.url}{running.roles_text(changed, recipe)}; {hint}"
            with output.without_bar():
                output.emit(summary, json=json, text=text)
                if not detach:
                    life.watch(server, process)
    if not detach:
        output.say(f"{server.name} stopped")


def called(model: str) -> str:
    """A name for what MODEL names: the last part of a hub id, or the directory's, the training's or the file's name."""
    path = Path(model).expanduser()
    last = path.resolve().parent.name if path.name == "merged" else path.stem if path.suffix == ".gguf" else path.name
    return re.sub(r"[^A-Za-z0-9._-]+", "-", last or path.resolve().name).strip("-._")[:80] or "model"


def _folder(model: str, progress: Any) -> Path:
    """The model directory that MODEL names; weights in GGUF are converted once."""
    from classwright.distill.base import trainable
    from classwright.errors import InputError

    try:
        return trainable(model, progress).resolve()
    except ImportError as error:
        raise InputError(
            f"{model}: becoming a model directory needs {error.name}: pip install 'classwright[train]'"
        ) from error
