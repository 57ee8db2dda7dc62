"""LoRA adapters at a vLLM server: of the right base, under versioned names, and tried before anybody relies on one."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from classwright.errors import ClasswrightError, InputError
from classwright.models.reply import token_logprobs
from classwright.models.serve_log import last_error
from classwright.models.serve_state import NAME, Adapter, Server, changing, find, save
from classwright.models.served import distance, request_json
from classwright.models.weight_shapes import Shapes, read_config, served_bytes, tensor_shapes

ADAPTER_FILE = "adapter_model.safetensors"
LOAD_TIMEOUT_S = 120.0
NO_EFFECT = 1e-4
"""An adapter that moves the next token's probabilities by no more than this (total variation) changes nothing."""
_QUESTION = [{"role": "user", "content": "Tell me about the number seven."}]


class Checked:
    """An adapter that fits a model.

    Attributes:
        name: Without a version.
        folder: `adapter_config.json` and `adapter_model.safetensors`.
        rank: Of its matrices.
        base: What it says it was trained on, "" where it does not.
        size: Its weights as served, bytes.
    """

    def __init__(self, name: str, folder: Path, config: Mapping[str, Any], shapes: Shapes) -> None:
        self.name, self.folder = name, folder
        self.base = str(config.get("base_model_name_or_path") or "")
        self.rank = max(shape[0] for key, shape in shapes.items() if ".lora_A" in key)
        self.size = served_bytes(folder, ADAPTER_FILE)


def check_adapter(named: str, model: Path) -> Checked:
    """Read what `--lora NAME=DIR` names and see that it belongs to a model, by the shapes of all its matrices.

    Args:
        named: NAME=DIR; a training's directory stands for its adapter.
        model: The model directory.

    Raises:
        InputError: It is no LoRA adapter, or one of another base; the first matrix that does not fit is named.
    """
    name, separator, place = named.partition("=")
    if not separator or not place or not NAME.fullmatch(name):
        raise InputError(f"--lora {named}: should be NAME=DIR, the name of letters, digits, '.', '_' and '-'")
    folder = Path(place).expanduser().resolve()
    if (folder / "adapter" / "adapter_config.json").is_file():
        folder = folder / "adapter"
    config = read_config(folder, "adapter_config.json")
    if config.get("peft_type") != "LORA":
        raise InputError(f"{folder}: vLLM serves LoRA adapters, not {config.get('peft_type')}")
    if config.get("modules_to_save") or config.get("use_dora") or config.get("bias", "none") != "none":
        raise InputError(f"{folder}: vLLM serves low-rank matrices only (no modules_to_save, DoRA or bias); merge it")
    shapes = tensor_shapes(folder, ADAPTER_FILE)
    if not any(".lora_A" in key for key in shapes):
        raise InputError(f"{folder}: adapter_model.safetensors holds no low-rank matrices")
    problem = _misfit(shapes, tensor_shapes(model))
    if problem:
        base = config.get("base_model_name_or_path") or "an unnamed model"
        raise InputError(f"{folder}: an adapter of another base ({base}), not of {model.name}: {problem}")
    return Checked(name, folder, config, shapes)


def _misfit(adapter: Shapes, base: Shapes) -> str:
    """The first matrix without a place in the base; "" where all fit. A is (rank, in), B (out, rank)."""
    for key, shape in sorted(adapter.items()):
        module, _, side = key.removeprefix("base_model.model.").removesuffix(".weight").rpartition(".lora_")
        if side not in ("A", "B"):
            continue
        whole = base.get(f"{module}.weight")
        if whole is None:
            return f"the base has no {module}"
        place = 1 if side == "A" else 0
        if len(whole) != 2 or shape[place] != whole[place]:
            return f"{module} is {' x '.join(map(str, whole))}, which {' x '.join(map(str, shape))} does not fit"
    return ""


def load(server_name: str, named: str) -> tuple[Adapter, bool]:
    """Load the next version of an adapter into a server that runs, and try it; one that fails is unloaded again.

    Returns:
        The version, and whether it changes what the model says at all.

    Raises:
        InputError: No such server, an adapter of another base, or no room for it.
        ClasswrightError: The server cannot load it, or it does not answer; its error is in the message.
    """
    with changing():
        server = find(server_name)
        if not server.max_loras:
            raise InputError(f"{server.name} was started without room for adapters; start it again with --max-loras 2")
        checked = check_adapter(named, server.folder)
        if checked.rank > server.max_rank:
            raise InputError(
                f"{checked.folder}: rank {checked.rank}, but {server.name} has room for {server.max_rank}; start it "
                f"again with this adapter as --lora {named}"
            )
        newest = server.newest(checked.name)
        adapter = Adapter(name=checked.name, version=newest.version + 1 if newest else 1, folder=checked.folder)
        _call(server, "load_lora_adapter", {"lora_name": adapter.served, "lora_path": str(adapter.folder)})
        try:
            effect = try_adapter(server, adapter)
        except ClasswrightError:
            _call(server, "unload_lora_adapter", {"lora_name": adapter.served})
            raise
        save(server.model_copy(update={"adapters": (*server.adapters, adapter)}))
    return adapter, effect


def unload(server_name: str, name: str) -> list[Adapter]:
    """Unload an adapter from a server that runs.

    Args:
        server_name: The server.
        name: NAME@VERSION, or NAME for all its versions.

    Raises:
        InputError: No such server or adapter.
        ClasswrightError: The server refuses.
    """
    with changing():
        server = find(server_name)
        gone = [adapter for adapter in server.adapters if name in (adapter.name, adapter.served)]
        if not gone:
            there = ", ".join(adapter.served for adapter in server.adapters) or "none"
            raise InputError(f"{server.name} has no adapter {name}; loaded: {there}")
        for adapter in gone:
            _call(server, "unload_lora_adapter", {"lora_name": adapter.served})
        save(server.model_copy(update={"adapters": tuple(a for a in server.adapters if a not in gone)}))
    return gone


def try_adapter(server: Server, adapter: Adapter) -> bool:
    """Ask the base and an adapter for one word; whether their probabilities differ.

    Raises:
        ClasswrightError: The adapter does not answer.
    """
    base, tuned = (_first_tokens(server, model) for model in (server.model, adapter.served))
    return distance(base, tuned) > NO_EFFECT


def versions(checked: Sequence[Checked]) -> tuple[Adapter, ...]:
    """The adapters of a server that starts: each is version 1.

    Raises:
        InputError: Two have one name.
    """
    names = [adapter.name for adapter in checked]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"--lora {name}: two adapters under one name; give one of them another name")
    return tuple(Adapter(name=adapter.name, version=1, folder=adapter.folder) for adapter in checked)


def _first_tokens(server: Server, model: str) -> dict[str, float]:
    body = {"model": model, "messages": _QUESTION, "max_tokens": 1, "temperature": 0.0, "logprobs": True}
    return token_logprobs(_call(server, "chat/completions", body | {"top_logprobs": 20}))


def _call(server: Server, path: str, body: Mapping[str, Any]) -> Any:
    try:
        return request_json(f"{server.url}/{path}", body, timeout_s=LOAD_TIMEOUT_S)
    except ClasswrightError as error:
        logged = "" if server.running else last_error(server.log)
        told = f"{server.name}: {error}" + (f"; the server ended: {logged}" if logged else "")
        raise type(error)(told) from error
