"""What comes out of reading a tree in a foreign format: the tree, and everything that it could not keep."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from classwright.errors import InputError
from classwright.skilltree.tree import SkillTree

NAMED = 5
"""How many faults or examples are written out; the others are counted."""


@dataclass(frozen=True)
class Dropped:
    """Something a format holds and a tree (or the other way round) does not.

    Attributes:
        what: What it is and why it was dropped.
        count: How often.
        examples: Some of it.
    """

    what: str
    count: int
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        shown = ", ".join(self.examples)
        return f"{self.count} {self.what}" + (
            f" ({shown}{', ...' if self.count > len(self.examples) else ''})" * bool(shown)
        )


@dataclass(frozen=True)
class Imported:
    """A tree read from a foreign format.

    Attributes:
        tree: The tree.
        dropped: What was left out.
        items: Item -> the skills it needs, where the format is a map of items.
    """

    tree: SkillTree
    dropped: tuple[Dropped, ...] = ()
    items: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def dropped(what: str, names: Sequence[str]) -> tuple[Dropped, ...]:
    """A record of what was dropped; () where there is nothing."""
    return (Dropped(what, len(names), tuple(names[:NAMED])),) if names else ()


def read_json(path: Path) -> Any:
    """The content of a JSON file.

    Raises:
        InputError: it cannot be read, is not UTF-8 or not JSON.
    """
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not valid JSON: {error}") from error


def refuse(path: Path, faults: Iterable[str], advice: str = "") -> None:
    """Raise one error for all faults of a file, if there are any.

    Raises:
        InputError: names the file and the first faults, and counts the others.
    """
    found = list(faults)
    if found:
        more = f"; and {len(found) - NAMED} more" if len(found) > NAMED else ""
        raise InputError(f"{path}: {'; '.join(found[:NAMED])}{more}" + (f"; {advice}" if advice else ""))


def short_name(text: str, longest: int = 90) -> str:
    """The first sentence of a statement without its full stop, cut at a word."""
    first = " ".join(text.split()).split(". ")[0].rstrip(". ")
    if len(first) <= longest:
        return first
    return first[: longest - 3].rsplit(" ", 1)[0].rstrip(",;: ") + " ..."
