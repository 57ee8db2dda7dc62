"""Mathematics as Office Math Markup (ISO/IEC 29500-1, section 22.1), the equations of a Word document."""

from xml.sax.saxutils import escape

from classwright.reports.math_nodes import Fraction, Group, Letter, Math, Mixed, Node, Nodes, Number, Power, Root, Sign

MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHOWN = {"<=": "≤", ">=": "≥", "*": "·", "-": "−"}


def omml(math: Math, *, bold: bool = False, color: str = "") -> str:
    """An `m:oMath` element. Signs stand without spaces, as Word sets its own.

    Args:
        math: What to draw.
        bold: Set it bold.
        color: Six hexadecimal digits, "" for the text's own.
    """
    return f'<m:oMath xmlns:m="{MATH}" xmlns:w="{WORD}">{_Pen(bold, color).row(math.nodes)}</m:oMath>'


class _Pen:
    """Draws nodes in one weight and color."""

    def __init__(self, bold: bool, color: str) -> None:
        weight = "<w:b/>" if bold else ""
        ink = f'<w:color w:val="{color}"/>' if color else ""
        self.look = f'<w:rPr><w:rFonts w:ascii="Cambria Math" w:hAnsi="Cambria Math"/>{weight}{ink}</w:rPr>'
        self.upright, self.slanted = ("b", "bi") if bold else ("p", "i")

    def row(self, nodes: Nodes) -> str:
        return "".join(self.draw(node) for node in nodes)

    def run(self, text: str, *, slanted: bool = False) -> str:
        style = self.slanted if slanted else self.upright
        return f'<m:r><m:rPr><m:sty m:val="{style}"/></m:rPr>{self.look}<m:t>{escape(text)}</m:t></m:r>'

    def draw(self, node: Node) -> str:
        match node:
            case Number(text):
                return self.run(text)
            case Letter(name):
                return self.run(name, slanted=name != "π")
            case Sign(text, _):
                return self.run(_SHOWN.get(text, text))
            case Group(items, bars):
                ends = '<m:begChr m:val="|"/><m:endChr m:val="|"/>' if bars else '<m:sepChr m:val=","/>'
                inside = "".join(f"<m:e>{self.row(item)}</m:e>" for item in items)
                return f"<m:d><m:dPr>{ends}</m:dPr>{inside}</m:d>"
            case Fraction(top, bottom):
                return f"<m:f><m:num>{self.row(top)}</m:num><m:den>{self.row(bottom)}</m:den></m:f>"
            case Mixed(whole, fraction):
                return self.run(whole) + self.draw(fraction)
            case Power(base, exponent):
                return f"<m:sSup><m:e>{self.draw(base)}</m:e><m:sup>{self.row(exponent)}</m:sup></m:sSup>"
            case Root(2, inside):
                return f'<m:rad><m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/><m:e>{self.row(inside)}</m:e></m:rad>'
            case Root(_, inside):
                return f"<m:rad><m:deg>{self.run('3')}</m:deg><m:e>{self.row(inside)}</m:e></m:rad>"
