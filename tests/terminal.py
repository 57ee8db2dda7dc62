"""A process at a terminal of its own (a pseudo-terminal), for tests of what a person does there."""

import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Sequence

_STYLE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """Spawns a command with a pseudo-terminal as its controlling terminal."""

    def __init__(self, command: Sequence[str], env: dict[str, str]) -> None:
        self._master, slave = pty.openpty()
        self.process = subprocess.Popen(
            command, env={**os.environ, "TERM": "xterm", "COLUMNS": "200", **env},
            preexec_fn=lambda: os.login_tty(slave), close_fds=False,
        )  # fmt: skip
        os.close(slave)
        self.seen = ""
        self._at = 0

    def expect(self, text: str, timeout_s: float = 60) -> str:
        """Wait until a text appears after what was expected last; returns what was written up to it."""
        end = time.monotonic() + timeout_s
        while (place := self.seen.find(text, self._at)) < 0:
            if time.monotonic() > end or not self._read(0.2):
                raise AssertionError(f"{text!r} did not come; since the last:\n{self.seen[self._at :]}")
        before = self.seen[self._at : place]
        self._at = place + len(text)
        return before

    def send(self, text: str) -> None:
        """Type something; a line ends with \\n."""
        os.write(self._master, text.encode())

    def kill(self) -> None:
        """End the process as a power cut would; again is fine."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def wait(self, timeout_s: float = 60) -> int:
        """The exit code, when everything that was written is read."""
        end = time.monotonic() + timeout_s
        while self._read(0.2) and time.monotonic() < end:
            pass
        try:
            return self.process.wait(max(0.1, end - time.monotonic()))
        finally:
            self.kill()

    def _read(self, wait_s: float) -> bool:
        """Read what is there; False when the other side is closed."""
        watch = select.poll()  # select() knows no descriptor above 1023, and a long test run has many open
        watch.register(self._master, select.POLLIN | select.POLLHUP)
        ready = watch.poll(1000 * wait_s)
        if not ready:
            return True
        try:
            data = os.read(self._master, 65536)
        except OSError:  # how Linux says that nobody has the terminal open any more
            return False
        self.seen += _STYLE.sub("", data.decode("utf-8", "replace")).replace("\r\n", "\n")
        return bool(data)
