"""Sentence patterns, `patterns/<task>.toml`: read, dealt out evenly, filled in."""

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib.resources import files
from random import Random
from string import Formatter
from typing import NamedTuple

from classwright.errors import InputError


class Pattern(NamedTuple):
    """A text with {placeholders}.

    Attributes:
        name: Unique within its task, stable as long as nothing is written before it in its list: "liked.7".
        text: The text.
    """

    name: str
    text: str

    @property
    def needs(self) -> frozenset[str]:
        """The placeholders."""
        return placeholders(self.text)


@cache
def placeholders(text: str) -> frozenset[str]:
    """The names of the {placeholders} of a text."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


@cache
def tables(task: str) -> dict[str, tuple[Pattern, ...]]:
    """The lists of `patterns/<task>.toml`, by their names.

    Raises:
        InputError: The file is not TOML, or something in it is not a list of different texts with {placeholders}.
    """
    name = f"patterns/{task}.toml"
    try:
        lists = tomllib.loads(files("classwright.corpus").joinpath(name).read_text(encoding="utf-8"))
        found = {
            key: tuple(Pattern(f"{key}.{n}", text) for n, text in enumerate(texts, 1)) for key, texts in lists.items()
        }
        for pattern in (p for texts in found.values() for p in texts):
            placeholders(pattern.text)
    except (tomllib.TOMLDecodeError, ValueError, TypeError) as error:
        raise InputError(f"corpus/{name}: not lists of patterns: {error}") from error
    for key, texts in found.items():
        if twice := [text for text, n in Counter(p.text for p in texts).items() if n > 1]:
            raise InputError(f"corpus/{name}: {key} holds {twice[0]!r} twice")
    return found


class Deck:
    """Offers patterns so that each is used about as often as any other that would have fit."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)
        self._used: Counter[str] = Counter()

    def offer(self, patterns: Sequence[Pattern], values: Collection[str], most: int) -> list[Pattern]:
        """Up to `most` of the patterns that need nothing but these values, the least used first."""
        fitting = [p for p in patterns if p.needs <= set(values)]
        self._random.shuffle(fitting)
        return sorted(fitting, key=lambda p: self._used[p.name])[:most]

    def use(self, name: str) -> None:
        """Count a use of a pattern."""
        self._used[name] += 1


def fill(text: str, values: Mapping[str, str]) -> str:
    """A pattern with its placeholders filled in, its spaces put right, sentences beginning with a capital letter."""
    filled = re.sub(r" {2,}", " ", Formatter().vformat(text, (), values)).strip()
    return re.sub(r"(^|[.!?] )([a-z])(?=[a-z' ])", lambda m: m[1] + m[2].upper(), filled)
