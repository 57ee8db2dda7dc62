"""A connection to a Ray cluster: one that runs, or one of this machine's own that ends with the run."""

import contextlib
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from classwright.errors import InputError
from classwright.graphs.engine import Engine

REACH_S = 5.0
"""Longest time until a cluster answers, s."""
LOCAL_MEMORY = 100_000_000
"""Bytes of a local cluster's object store: units and results are small, and go as messages."""


def _reach(address: str) -> None:
    """Find out whether anybody listens at an address, which takes Ray minutes; RAY_ADDRESS says where "auto" is.

    Raises:
        OSError: Nobody does.
        ValueError: It is no address.
    """
    if address == "auto":
        address = os.environ.get("RAY_ADDRESS") or address
    if address != "auto":
        place = urlsplit(address if "//" in address else f"//{address}")
        if not place.hostname or not place.port:
            raise ValueError("it is neither auto nor HOST:PORT")
        socket.create_connection((place.hostname, place.port), REACH_S).close()


@contextmanager
def silenced() -> Iterator[None]:
    """Ray prints a paragraph about every dead worker on standard output, which belongs to a command's result."""
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        yield


@contextmanager
def connected(engine: Engine) -> Iterator[float]:
    """A connection to the cluster; yields its number of CPUs."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Ray would report to its makers
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    import ray

    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR", "include_dashboard": False}
    folder = None
    try:
        if engine.address == "local":
            folder = tempfile.mkdtemp(prefix="cw-ray-")
            cpus = engine.workers or os.cpu_count() or 1
            ray.init(address="local", num_cpus=cpus, object_store_memory=LOCAL_MEMORY, _node_ip_address="127.0.0.1",
                     _temp_dir=folder, **quiet)  # fmt: skip
        else:
            del quiet["include_dashboard"]
            try:
                _reach(engine.address)
                ray.init(address=engine.address, **quiet)
            except (OSError, ValueError, RuntimeError) as error:
                told = (str(error).strip().splitlines() or [type(error).__name__])[0]
                raise InputError(f"--address {engine.address}: no Ray cluster answers there: {told}") from error
        yield float(ray.cluster_resources().get("CPU", 0))
    finally:
        ray.shutdown()
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
