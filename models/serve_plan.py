"""From what a person wishes to the flags of a server: everything that can be wrong is found before it starts."""

from pathlib import Path
from typing import NamedTuple

from classwright.errors import InputError, UnreachableError
from classwright.models.serve import choose_port, server_name
from classwright.models.serve_adapters import check_adapter, versions
from classwright.models.serve_flags import DEFAULT_RANK, Flags, room_for_rank
from classwright.models.serve_memory import Build, fit, gpu_memory, machine_memory
from classwright.models.serve_state import read_all
from classwright.models.weight_shapes import longest_context, read_config, served_bytes

LENGTH = {"cpu": 4096, "gpu": 8192}
"""Tokens of prompt and reply, where nothing else is asked for and the model has as many."""


class Wish(NamedTuple):
    """What is to be served.

    Attributes:
        name: What requests will call it.
        folder: The model directory.
        loras: Adapters as NAME=DIR.
        max_loras: Room for adapters; None: those given and one more, or none.
        share: Of the memory, 0 to 1.
        max_length: Tokens of prompt and reply.
        more: Further flags of vLLM.
    """

    name: str
    folder: Path
    loras: tuple[str, ...] = ()
    max_loras: int | None = None
    share: float | None = None
    max_length: int | None = None
    more: tuple[str, ...] = ()


def plan(wish: Wish, build: Build, port: int | None = None) -> Flags:
    """The flags of a server. Call it within `changing()`, and launch the server there.

    Args:
        wish: What is to be served.
        build: What vLLM was installed for.
        port: None takes the first free one.

    Raises:
        InputError: The port or the name is taken, the model is longer asked for than made, an adapter is of another
            base, or there is not enough memory.
        UnreachableError: The GPU does not answer.
    """
    server = server_name(wish.name, wish.folder)
    port = choose_port(port)
    config = read_config(wish.folder)
    longest = longest_context(config)
    length = wish.max_length or min(LENGTH[build], longest or LENGTH[build])
    if longest is not None and length > longest:
        raise InputError(f"--max-length {length}: {wish.name} was made for {longest} tokens at most")
    checked = [check_adapter(lora, wish.folder) for lora in wish.loras]
    adapters = versions(checked)
    room = wish.max_loras if wish.max_loras is not None else len(adapters) + 1 if adapters else 0
    if room < len(adapters):
        raise InputError(f"--max-loras {room}: {len(adapters)} adapters are given")
    memory = machine_memory() if build == "cpu" else gpu_memory()
    if memory is None:
        raise UnreachableError(
            "nvidia-smi does not answer, so the GPU build of vLLM cannot run; see that the GPU is there"
        )
    weights = served_bytes(wish.folder) + room * max((adapter.size for adapter in checked), default=0)
    taken = sum(server.share or 0.0 for server in read_all() if server.running and server.build == build == "gpu")
    fits = fit(wish.name, build, weights, config, length, memory, wish.share, taken)
    rank = room_for_rank(max([adapter.rank for adapter in checked] or [DEFAULT_RANK])) if room else 0
    return Flags(
        server, wish.name, wish.folder, port, build, length, fits.kv, fits.share, room, rank, adapters, wish.more
    )
