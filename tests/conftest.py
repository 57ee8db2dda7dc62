"""What all tests share: no test reaches a model outside this machine."""

import ipaddress
import os
import signal
import socket
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))  # for `from tests.fake_openai import ...`


@pytest.fixture(autouse=True)
def only_this_machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to another machine is an error. The embedded model's weights are fetched by pip, in a process of
    its own, and only by tests marked `integration`.
    """
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0]) if isinstance(address, tuple) else ""
            if host != "localhost" and not ipaddress.ip_address(host.split("%")[0]).is_loopback:
                raise AssertionError(f"a test reached for {host}; tests talk to this machine only")
        connect(self, address)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def own_folders(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs go to a folder of the test's own. So do weights, but for tests of the embedded model, which share them."""
    monkeypatch.setenv("CLASSWRIGHT_RUNS", str(tmp_path / "runs"))
    if request.node.get_closest_marker("integration") is None:
        monkeypatch.setenv("CLASSWRIGHT_CACHE", str(tmp_path / "models"))
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


def pytest_configure() -> None:
    """Let Ctrl-C be tested where it is ignored: a shell starts its background jobs so, and children inherit it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
