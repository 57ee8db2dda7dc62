"""Typed mathematics as LaTeX between \\( and \\), for the MathJax of flash cards."""

from markupsafe import Markup, escape

from classwright.reports.math_nodes import (
    Fraction,
    Group,
    Letter,
    Mixed,
    Node,
    Nodes,
    Number,
    Power,
    Root,
    Sign,
)
from classwright.reports.pieces import pieces

_SIGNS = {"×": r"\times", "÷": r"\div", "·": r"\cdot", "*": r"\cdot", "≤": r"\le", "≥": r"\ge", "<=": r"\le",
          ">=": r"\ge", "≠": r"\ne", "≈": r"\approx", "±": r"\pm", "−": "-"}  # fmt: skip
_LETTERS = {"π": r"\pi", "□": r"\square", "%": r"\%", "°": r"^{\circ}", "_": r"\_"}


def markup_with_latex(text: str) -> Markup:
    """A text as HTML whose mathematics is LaTeX; line breaks are kept."""
    drawn = [
        escape(piece) if isinstance(piece, str) else escape(rf"\({latex(piece.nodes)}\)") for piece in pieces(text)
    ]
    return Markup(str(Markup("").join(drawn)).replace("\n", "<br>"))


def latex(nodes: Nodes) -> str:
    """Nodes as LaTeX."""
    return "".join(_draw(node) for node in nodes).strip()


def _draw(node: Node) -> str:
    match node:
        case Number(text):
            return "".join(_LETTERS.get(c, "{,}" if c == "," else c) for c in text)
        case Letter(name):
            return _LETTERS.get(name, name) + (" " if name == "π" else "")
        case Sign(text, unary):
            return "-" if unary else f" {_SIGNS.get(text, text)} "
        case Group(items, bars):
            first, last = "||" if bars else "()"
            return rf"\left{first}{', '.join(latex(item) for item in items)}\right{last}"
        case Fraction(top, bottom):
            return rf"\frac{{{latex(top)}}}{{{latex(bottom)}}}"
        case Mixed(whole, fraction):
            return whole + _draw(fraction)
        case Power(base, exponent):
            return f"{_draw(base)}^{{{latex(exponent)}}}"
        case Root(2, inside):
            return rf"\sqrt{{{latex(inside)}}}"
        case Root(_, inside):
            return rf"\sqrt[3]{{{latex(inside)}}}"
