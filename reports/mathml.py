"""Typed mathematics for pages: MathML where something is stacked, raised or under a root, italics elsewhere.

The markup is HTML and well-formed XML at once, so that QTI items (which are XHTML) hold it too.
"""

from markupsafe import Markup, escape

from classwright.reports.math_nodes import (
    Fraction,
    Group,
    Letter,
    Math,
    Mixed,
    Node,
    Nodes,
    Number,
    Power,
    Root,
    Sign,
    flat_runs,
)
from classwright.reports.pieces import pieces


def markup(text: str) -> Markup:
    """A text as markup, everything else in it escaped."""
    return Markup("").join(
        escape(piece) if isinstance(piece, str) else _flat(piece) if piece.flat else _math(piece)
        for piece in pieces(text)
    )


def _flat(math: Math) -> Markup:
    return Markup("").join(Markup("<i>{}</i>").format(t) if italic else escape(t) for t, italic in flat_runs(math))


def _math(math: Math) -> Markup:
    return Markup('<math xmlns="http://www.w3.org/1998/Math/MathML">{}</math>').format(_row(math.nodes))


def _row(nodes: Nodes) -> Markup:
    drawn = Markup("").join(_draw(node) for node in nodes)
    return drawn if len(nodes) == 1 else Markup("<mrow>{}</mrow>").format(drawn)


def _draw(node: Node) -> Markup:
    match node:
        case Number(text):
            return Markup("<mn>{}</mn>").format(text)
        case Letter(name):
            return Markup("<mi>{}</mi>").format(name)
        case Sign(text, unary):
            form = Markup(' form="prefix"') if unary else ""
            return Markup("<mo{}>{}</mo>").format(form, text.replace("-", "−"))
        case Group(items, bars):
            inside = Markup("<mo>,</mo>").join(_row(item) for item in items)
            first, last = "||" if bars else "()"
            return Markup('<mrow><mo form="prefix">{}</mo>{}<mo form="postfix">{}</mo></mrow>').format(
                first, inside, last
            )
        case Fraction(top, bottom):
            return Markup("<mfrac>{}{}</mfrac>").format(_row(top), _row(bottom))
        case Mixed(whole, fraction):
            return Markup("<mrow><mn>{}</mn>{}</mrow>").format(whole, _draw(fraction))
        case Power(base, exponent):
            return Markup("<msup>{}{}</msup>").format(_draw(base), _row(exponent))
        case Root(2, inside):
            return Markup("<msqrt>{}</msqrt>").format(_row(inside))
        case Root(_, inside):
            return Markup("<mroot>{}<mn>3</mn></mroot>").format(_row(inside))
