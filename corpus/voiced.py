"""What was written for each misconception: its diagnostic question and its reason, each in other words."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Voiced(NamedTuple):
    """Texts for one misconception.

    Attributes:
        asks: Its diagnostic question as a tutor asks it, in other words.
        says: What a student who holds it says, in other words.
    """

    asks: tuple[str, ...]
    says: tuple[str, ...]


@cache
def voiced() -> dict[str, Voiced]:
    """Misconception id -> what was written for it."""
    found: dict[str, Voiced] = {}
    for file in sorted(files("classwright.corpus").joinpath("voiced").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            for name, table in tomllib.loads(file.read_text(encoding="utf-8")).items():
                found[f"{file.name.removesuffix('.toml')}.{name}"] = Voiced(tuple(table["asks"]), tuple(table["says"]))
    return found
