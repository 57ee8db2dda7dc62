"""A tutor's turn before anybody words it."""

from typing import NamedTuple

from classwright.classroom.moves import Move, Submove


class NextMove(NamedTuple):
    """What a tutor is to do next.

    Attributes:
        move, submove: What it is (MathDial).
        addresses: The misconception that it answers, None for none.
        point: What it is to bring about, for whoever words it.
        text: Curated words.
        closes: Whether the dialogue ends with it.
    """

    move: Move
    submove: Submove
    addresses: str | None
    point: str
    text: str
    closes: bool = False
