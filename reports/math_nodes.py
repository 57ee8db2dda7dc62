"""What mathematics on a page is made of, and how it was typed.

Nodes keep exactly what the typed text said: `plain` gives it back, character for character. The writers of each format
draw them (`mathml`, `omml`, `latex`, `document.typ`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Number:
    """Digits as typed, with a sign of percent or degree, a printed power (²) or a blank (□, __)."""

    text: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A variable, or π."""

    name: str


@dataclass(frozen=True, slots=True)
class Sign:
    """An operator or relation between two values ("+", "=", "≤") or, with `unary`, a minus in front of one."""

    text: str
    unary: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Something in parentheses or between absolute value bars; `items` are what commas separate."""

    items: tuple["Nodes", ...]
    bars: bool = False


@dataclass(frozen=True, slots=True)
class Fraction:
    """A top over a bottom. Parentheses that only hold one of them together are not drawn (see `drops_parentheses`)."""

    top: "Nodes"
    bottom: "Nodes"


@dataclass(frozen=True, slots=True)
class Mixed:
    """A whole number and a fraction: 2 1/2."""

    whole: str
    fraction: Fraction


@dataclass(frozen=True, slots=True)
class Power:
    """A base raised to an exponent, typed with ^."""

    base: "Node"
    exponent: "Nodes"


@dataclass(frozen=True, slots=True)
class Root:
    """A square root (√) or cube root (∛)."""

    index: Literal[2, 3]
    inside: "Nodes"


Node = Number | Letter | Sign | Group | Fraction | Mixed | Power | Root
Nodes = tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Math:
    """A stretch of mathematics."""

    nodes: Nodes

    @property
    def flat(self) -> bool:
        """Whether it is set on one line: nothing in it is raised, stacked or under a root."""
        return all(_is_flat(node) for node in self.nodes)


Piece = str | Math


def plain(piece: Piece | Nodes) -> str:
    """A piece or nodes as they were typed."""
    if isinstance(piece, str):
        return piece
    nodes = piece.nodes if isinstance(piece, Math) else piece
    return "".join(_typed(node) for node in nodes)


TOGETHER = 24
"""Characters up to which flat mathematics is never broken at the end of a line."""


def flat_runs(math: Math) -> list[tuple[str, bool]]:
    """Flat mathematics as (text, is italic) runs, with a real minus sign; short mathematics has no-break spaces."""
    runs: list[tuple[str, bool]] = []
    unbroken = len(plain(math)) <= TOGETHER
    for text, italic in _runs(math.nodes):
        text = text.replace(" ", "\u00a0") if unbroken else text
        if runs and runs[-1][1] == italic:
            runs[-1] = (runs[-1][0] + text, italic)
        else:
            runs.append((text, italic))
    return runs


def drops_parentheses(nodes: Nodes, place: Literal["top", "bottom", "exponent"]) -> bool:
    """Whether nodes stood in parentheses that drawing replaces: a sum on top, more than one value below or raised."""
    if place == "top":
        return any(isinstance(node, Sign) and not node.unary for node in nodes)
    return len(nodes) - (isinstance(nodes[0], Sign)) > 1


def _typed(node: Node) -> str:
    match node:
        case Number(text):
            return text
        case Letter(name):
            return name
        case Sign(text, unary):
            return text if unary else f" {text} "
        case Group(items, bars):
            return f"|{plain(items[0])}|" if bars else f"({', '.join(plain(item) for item in items)})"
        case Fraction(top, bottom):
            return f"{_held(top, 'top')}/{_held(bottom, 'bottom')}"
        case Mixed(whole, fraction):
            return f"{whole} {_typed(fraction)}"
        case Power(base, exponent):
            return f"{_typed(base)}^{_held(exponent, 'exponent')}"
        case Root(index, inside):
            return f"{'√' if index == 2 else '∛'}{f'({plain(inside)})' if len(inside) > 1 else plain(inside)}"


def _held(nodes: Nodes, place: Literal["top", "bottom", "exponent"]) -> str:
    return f"({plain(nodes)})" if drops_parentheses(nodes, place) else plain(nodes)


def _is_flat(node: Node) -> bool:
    if isinstance(node, Group):
        return all(_is_flat(inner) for item in node.items for inner in item)
    return isinstance(node, Number | Letter | Sign)


def _runs(nodes: Sequence[Node]) -> Iterator[tuple[str, bool]]:
    for node in nodes:
        match node:
            case Letter(name):
                yield name, name != "π"
            case Group(items, bars):
                yield "|" if bars else "(", False
                for i, item in enumerate(items):
                    if i:
                        yield ", ", False
                    yield from _runs(item)
                yield "|" if bars else ")", False
            case _:
                yield plain((node,)).replace("-", "−"), False
