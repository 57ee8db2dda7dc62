"""A person's own editor, opened on a text."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from classwright.errors import ClasswrightError

EDITORS = ("nano", "vi")
"""Tried where neither VISUAL nor EDITOR names one."""


class EditorError(ClasswrightError):
    """The editor could not be used; whatever asked for it can go on."""


def open_editor(text: str, name: str) -> str:
    """The text as it comes back from the editor of the person.

    Raises:
        EditorError: there is no editor, it failed, or the file it left cannot be read.
    """
    words = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "")
    words = words or [found for found in map(shutil.which, EDITORS) if found][:1]
    if not words:
        raise EditorError("no editor: set VISUAL or EDITOR, for example EDITOR=nano")
    with tempfile.TemporaryDirectory(prefix="classwright-") as folder:
        file = Path(folder) / f"{name.replace(' ', '-').replace('/', '-')}.txt"
        file.write_bytes(text.encode("utf-8"))
        before: Any = signal.SIG_DFL
        if threading.current_thread() is threading.main_thread():
            before = signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is the editor's while it is open
        try:
            done = subprocess.run([*words, str(file)], check=False, stdout=sys.stderr.fileno())
        except OSError as error:
            raise EditorError(f"{words[0]}: cannot be started: {error.strerror}; set VISUAL or EDITOR") from error
        finally:
            if threading.current_thread() is threading.main_thread():
                signal.signal(signal.SIGINT, before)
        if done.returncode:
            raise EditorError(f"{words[0]} ended with {done.returncode}; nothing was changed")
        try:
            return file.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise EditorError(f"what {words[0]} left cannot be read as UTF-8 ({error}); nothing was changed") from error
