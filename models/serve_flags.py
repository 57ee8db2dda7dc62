"""vLLM's command line and environment for a server."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from classwright.errors import InputError
from classwright.models.embedded import thread_count
from classwright.models.processes import foreign_environment
from classwright.models.serve_memory import SEQUENCES, Build
from classwright.models.serve_state import Adapter

RANKS = (8, 16, 32, 64, 128, 256, 320, 512)
"""Ranks that vLLM makes room for."""
DEFAULT_RANK = 32
"""Room in a server that adapters are loaded into later: TRL and PEFT's usual ranks are 8 and 16."""


BATCHED = 2048
"""Least tokens of one step on a CPU."""
CPU_BLOCK = 32
"""Tokens of a block of the cache on a CPU, the least that its kernels are made for. vLLM takes 128, and as only whole
blocks are reused, hardly anything of a prompt of 200 tokens is then."""


class Flags(NamedTuple):
    """What a server is started with.

    Attributes:
        server: What the server is called here.
        model: What requests call the model.
        folder: The model directory.
        port: On 127.0.0.1.
        build: What vLLM was built for.
        max_length: Tokens of prompt and reply.
        kv_bytes: Store of keys and values on a CPU, bytes.
        share: Of the GPU's memory, 0 to 1.
        max_loras, max_rank: Adapters that have room, and the largest rank of one; 0: none.
        adapters: Loaded at the start.
        more: Further flags, as they are.
    """

    server: str
    model: str
    folder: Path
    port: int
    build: Build
    max_length: int
    kv_bytes: int
    share: float | None = None
    max_loras: int = 0
    max_rank: int = 0
    adapters: Sequence[Adapter] = ()
    more: Sequence[str] = ()


def command(flags: Flags, python: Path) -> list[str]:
    """The command line. A structured output needs no flag: vLLM chooses the grammar for each request."""
    line = [str(python), "-m", "vllm.entrypoints.openai.api_server"]  # `vllm serve` does not work in the CPU build
    line += ["--model", str(flags.folder), "--served-model-name", flags.model]
    line += ["--host", "127.0.0.1", "--port", str(flags.port), "--max-model-len", str(flags.max_length)]
    line += ["--max-num-seqs", str(SEQUENCES[flags.build]), "--enable-prefix-caching"]
    if flags.build == "cpu":  # with the size of the store given, a start needs no warm-up
        line += ["--dtype", "bfloat16", "--enforce-eager", "--kv-cache-memory-bytes", str(flags.kv_bytes)]
        line += ["--block-size", str(CPU_BLOCK)]
        # 0.32 dies of a seeded request whose prompt is read in parts ("CPU Generator does not use offset")
        line += ["--no-enable-chunked-prefill", "--max-num-batched-tokens", str(max(BATCHED, flags.max_length))]
    else:
        line += ["--gpu-memory-utilization", f"{flags.share:g}"]
    if flags.max_loras:
        line += ["--enable-lora", "--max-loras", str(flags.max_loras), "--max-lora-rank", str(flags.max_rank)]
    if flags.adapters:
        line += ["--lora-modules", *(f"{adapter.served}={adapter.folder}" for adapter in flags.adapters)]
    return [*line, *flags.more]


def environment(flags: Flags) -> dict[str, str]:
    """The environment: nothing is downloaded or reported.

    On a CPU, vLLM would bind its threads to one processor of each core, and two servers to the same ones; so they go
    where the system puts them, and sleep instead of spinning while they wait. Nothing is compiled there either, which
    would take 20 s at the first request for log-probabilities.
    """
    own = {"HF_HUB_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1"}
    if flags.build == "cpu":
        own |= {"VLLM_CPU_OMP_THREADS_BIND": "nobind", "OMP_NUM_THREADS": str(thread_count())}
        own |= {"OMP_WAIT_POLICY": "PASSIVE", "KMP_BLOCKTIME": "0", "TORCH_COMPILE_DISABLE": "1"}
    if flags.max_loras:
        own |= {"VLLM_ALLOW_RUNTIME_LORA_UPDATING": "1"}
    return foreign_environment() | own


def room_for_rank(rank: int) -> int:
    """The least rank that vLLM makes room for and that holds `rank`.

    Raises:
        InputError: It is larger than all.
    """
    fitting = next((known for known in RANKS if known >= rank), None)
    if fitting is None:
        raise InputError(f"an adapter of rank {rank}: vLLM serves ranks up to {RANKS[-1]}")
    return fitting
