"""Sentence patterns of a dialogue, and how they are drawn so that all of an act are used about equally often."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from random import Random
from string import Formatter
from typing import NamedTuple

from classwright.corpus.phrases import lowered, raised, sentences


class Phrase(NamedTuple):
    """A filled pattern.

    Attributes:
        pattern: Its act and number, "spot.3", and what was written by hand in it, "question.2+whole.face_value#1".
        text: The words.
    """

    pattern: str
    text: str


class Words(NamedTuple):
    """What a placeholder may be filled with: any of some texts, each with a name ("" for one that the prompt gives)."""

    options: tuple[tuple[str, str], ...]


Values = Mapping[str, str | Words]
"""Placeholder -> what it is filled with; a pattern whose placeholder is missing or empty is not used."""


class Phrases:
    """The patterns of a task and how often each was used.

    Args:
        task: The file's name in `patterns/`.
        rng: Decides among patterns that were used equally often.
    """

    def __init__(self, task: str, rng: Random) -> None:
        self.acts, self.rng = load(task), rng
        self.used: Counter[str] = Counter()

    def draw(self, acts: Sequence[str], values: Values) -> Iterator[Phrase]:
        """Filled patterns of some acts, the least used first; whoever says one tells so by `count`."""
        known = {name for name, value in values.items() if value}
        fitting = [
            (f"{act}.{n}", pattern)
            for act in acts
            for n, pattern in enumerate(self.acts.get(act, ()), 1)
            if fields(pattern) <= known
        ]
        self.rng.shuffle(fitting)
        fitting.sort(key=lambda x: self.used[x[0]])
        for name, pattern in fitting:
            yield self._filled(name, pattern, values)

    def count(self, phrase: Phrase) -> None:
        """Note that a phrase was used."""
        self.used[bare(phrase.pattern)] += 1

    def _filled(self, name: str, pattern: str, values: Values) -> Phrase:
        texts: dict[str, str] = {}
        for place in sorted(fields(pattern)):
            value = values[place]
            if isinstance(value, Words):
                written, value = value.options[self.rng.randrange(len(value.options))]
                name += f"+{written}" if written else ""
            texts[place] = value
        return Phrase(name, raised(" ".join(pattern.format(**texts).split())))


def bare(pattern: str) -> str:
    """A pattern's name without the written texts that fill it."""
    return pattern.partition("+")[0]


@cache
def load(task: str) -> dict[str, tuple[str, ...]]:
    """The patterns of a task: act -> patterns."""
    text = files("classwright.corpus").joinpath("patterns", f"{task}.toml").read_text(encoding="utf-8")
    return {act: tuple(patterns) for act, patterns in tomllib.loads(text).items()}


@cache
def fields(pattern: str) -> frozenset[str]:
    """The placeholders of a pattern."""
    return frozenset(name for _, name, _, _ in Formatter().parse(pattern) if name)


def clause(text: str) -> str:
    """A single sentence as it stands after "because": without its period, with a small letter; "" if it is several."""
    text = text.strip()
    if len(sentences(text)) != 1 or text.endswith(("?", "!")):
        return ""
    return re.sub(r"\.$", "", lowered(text))
