"""Whether a text keeps to the numbers that it was given, and holds those that it must."""

from fractions import Fraction
from typing import NamedTuple

from classwright.classroom.equations import numbers_in
from classwright.corpus.asked import Asked, SaysAsked, SlotAsked, StudentAsked

FREE = 2
"""Whole numbers up to this stand in everyday talk ("one more", "the two of them")."""


class NumberCopies(NamedTuple):
    """The numbers of a text against its prompt.

    Attributes:
        strange: Numbers that the prompt does not hold.
        missing: Required texts whose numbers are not all there.
        any: Whether there was a number to copy, in the text or among those required.
    """

    strange: tuple[Fraction, ...]
    missing: tuple[str, ...]
    any: bool

    @property
    def exact(self) -> bool:
        """Whether every number is from the prompt and none is missing."""
        return not self.strange and not self.missing


def number_copies(text: str, prompt: str, required: list[str]) -> NumberCopies:
    """Compare the numbers of a text with those of its prompt.

    Args:
        text: What a model wrote.
        prompt: What it was asked.
        required: Texts whose numbers it must hold; of alternatives with | between them, those of one.
    """
    said, given = numbers_in(text), numbers_in(prompt)
    mine = {n for n in said if n > FREE or n.denominator != 1}
    missing = tuple(r for r in required if not any(numbers_in(part) <= said for part in r.split("|")))
    return NumberCopies(tuple(sorted(mine - given)), missing, bool(mine or any(numbers_in(r) for r in required)))


def required_in(asked: Asked) -> list[str]:
    """What a text must hold, as the agent requires it."""
    match asked:
        case SlotAsked():
            return list(asked.slot.rules.must_mention)
        case SaysAsked():
            return [asked.answer]
        case StudentAsked():
            return [asked.utterance.answer] if asked.utterance.answer else []
        case _:
            return []
