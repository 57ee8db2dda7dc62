"""The shape of a skill's problems, learned from its generator: what an expression of this skill looks like.

A pattern is an expression without its numbers and letters ("n/n + n/n"). Over many problems of the bank each pattern
gets, per level, the range of every number in it and of every result on the way, and the facts that held every time:
that one number is larger than another, divides it, differs from it, that the ones are carried, that a quotient is
whole. So the difference between adding fractions with like and with unlike denominators, or between adding with and
without regrouping, is found and not written down (dynamic detection of invariants: Ernst et al. 2001).
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache

from classwright.classroom.expression_form import Reading, take_apart
from classwright.errors import InputError
from classwright.skilltree.bank import problem
from classwright.skilltree.problem import Problem
from classwright.skilltree.values import show

SAMPLES = 400
"""Problems a level that a shape is learned from."""
FIRST_SEED = 3_000_000
"""They come from seeds that no lesson and no test uses."""
ENOUGH = 120
"""Problems of a pattern from which a fact that always held is believed: one that fails in a problem of 26 would have
shown with probability 99 %."""
RARE = 60
"""A pattern seen less often at a level has no ranges of its own there: its numbers keep to those of the level."""
EDGE = 50
"""An end of a range is widened by its distance to the value that one problem in so many lies beyond."""

FEW, OFTEN = 12, 5
"""Where at most so many different values were drawn, each at least so often, there are no others (10, 100, 1000)."""

Range = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Pattern:
    """What the bank's problems of one pattern have in common.

    Attributes:
        example: One of their expressions.
        seen: Level -> how many there were.
        ranges: Level -> measure (see `Reading.measures`) -> least and greatest.
        choices: Level -> measure -> its only values, where there are few.
        facts: What held for all of them; empty where too few were seen.
    """

    example: str
    seen: dict[int, int]
    ranges: dict[int, dict[str, Range]]
    choices: dict[int, dict[str, frozenset[Fraction]]]
    facts: frozenset[str]

    def fault(self, level: int, reading: Reading) -> str:
        """Why a reading is not like the problems of a level, "" if it is."""
        if level not in self.seen:
            return f"no problem of level {level} is built like it"
        if missing := self.facts - reading.facts:
            return f"this skill's problems have: {min(missing, key=_telling)}"
        for name, x in reading.measures().items():
            low, high = self.ranges[level].get(name, (x, x))
            if not low <= x <= high:
                side = f"at least {_round(low)}" if x < low else f"at most {_round(high)}"
                return f"{name} is {show(x)}; at level {level} it is {side}"
            if x not in self.choices[level].get(name, (x,)):
                listed = ", ".join(show(c) for c in sorted(self.choices[level][name]))
                return f"{name} is {show(x)}; at level {level} it is one of {listed}"
        return ""


def _telling(fact: str) -> tuple[int, str]:
    """Facts that say most about a skill first."""
    order = ("different", "equal", "regrouping of ones", "regrouping", "whole")
    return next((i for i, word in enumerate(order) if fact.endswith(word) or fact.startswith(word)), len(order)), fact


def _round(x: Fraction) -> str:
    return str(round(x)) if abs(x) >= 10 else f"{float(x):.3g}"


@dataclass(frozen=True)
class Shape:
    """The patterns of a skill's problems, the most frequent first."""

    skill: str
    patterns: dict[str, Pattern]

    def fault(self, expression: str, level: int) -> str:
        """Why an expression is not one of this skill at a level, "" if it is."""
        try:
            reading = take_apart(expression)
        except InputError as e:
            return str(e)
        pattern = self.patterns.get(reading.pattern)
        if pattern is None:
            usual = next(iter(self.patterns.values())).example
            return f"{expression} is not built like the problems of this skill, such as {usual}"
        return pattern.fault(level, reading)

    def level_of(self, expression: str, wanted: int) -> int | None:
        """The level at which an expression fits, the wanted one if it does there, else the lowest; None: at none."""
        order = sorted((1, 2, 3), key=lambda level: (level != wanted, level))
        return next((level for level in order if not self.fault(expression, level)), None)


@cache
def learn_shape(skill: str) -> Shape:
    """The shape of a skill's problems.

    Raises:
        InputError: the skill has no generator.
    """
    found: dict[str, _Sample] = {}
    widest: dict[int, Range] = {}
    for p in samples(skill):
        reading = take_apart(p.expression)
        found.setdefault(reading.pattern, _Sample(p.expression)).add(p.level, reading)
        met = [*reading.measures().values(), *widest.get(p.level, ())]
        if met:
            widest[p.level] = (min(met), max(met))
    ordered = sorted(found.items(), key=lambda item: -sum(item[1].seen.values()))
    return Shape(skill, {name: sample.pattern(widest) for name, sample in ordered})


def samples(skill: str, n: int = SAMPLES, first: int = FIRST_SEED) -> Iterator[Problem]:
    """`n` bare problems of every level."""
    for level in (1, 2, 3):
        for seed in range(first, first + n):
            yield problem(skill, seed, level)


@dataclass
class _Sample:
    """The problems of one pattern while they are looked at."""

    example: str
    seen: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    values: defaultdict[tuple[int, str], list[Fraction]] = field(default_factory=lambda: defaultdict(list))
    facts: set[str] = field(default_factory=set)

    def add(self, level: int, reading: Reading) -> None:
        self.facts = reading.facts & self.facts if self.seen else set(reading.facts)
        self.seen[level] += 1
        for name, x in reading.measures().items():
            self.values[level, name].append(x)

    def pattern(self, widest: dict[int, Range]) -> Pattern:
        ranges: dict[int, dict[str, Range]] = {level: {} for level in self.seen}
        choices: dict[int, dict[str, frozenset[Fraction]]] = {level: {} for level in self.seen}
        for (level, name), values in self.values.items():
            low, high = drawn_range(values)
            if self.seen[level] < RARE:
                low, high = min(low, widest[level][0]), max(high, widest[level][1])
            ranges[level][name] = (low, high)
            counts = Counter(values)
            if len(counts) <= FEW and min(counts.values()) >= OFTEN:
                choices[level][name] = frozenset(counts)
        facts = self.facts if sum(self.seen.values()) >= ENOUGH else set[str]()
        return Pattern(self.example, dict(self.seen), ranges, choices, frozenset(facts))


def drawn_range(values: Sequence[Fraction]) -> Range:
    """Least and greatest of what a generator may draw, judged from a sample.

    Each end is widened by its distance to the value that one problem in `EDGE` lies beyond, which is nothing where a
    generator has a hard limit that it often reaches, and by the mean gap of even draws. Zero is not crossed.
    """
    ordered = sorted(values)
    k = min(len(ordered) - 1, max(1, len(ordered) // EDGE))
    low, high = ordered[0], ordered[-1]
    gap = (high - low) / len(ordered)
    lower, upper = low - (ordered[k] - low) - gap, high + (high - ordered[-1 - k]) + gap
    return (max(lower, Fraction(0)) if low >= 0 else lower), (min(upper, Fraction(0)) if high <= 0 else upper)
