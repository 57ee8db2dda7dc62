"""Files of the formats read back as the typed text they came from."""

import re
from html.parser import HTMLParser
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
SIGNS = set("+−×÷·=<>≤≥≠≈±")


def typed(text: str) -> str:
    """A text with the signs of a keyboard: no real minus, no no-break or zero-width space."""
    return text.replace("−", "-").replace("\u00a0", " ").replace("\u200b", "")


def paragraph_text(paragraph: Any) -> str:
    """A paragraph of a Word file, its equations written out on one line."""
    out = ""
    for child in paragraph._p:
        if child.tag == f"{M}oMath":
            out += equation(child)
        elif child.tag == f"{W}r":
            for part in child:
                out += part.text or "" if part.tag == f"{W}t" else "\n" if part.tag == f"{W}br" else ""
    return typed(out)


def equation(node: Any) -> str:
    """Office Math Markup as typed mathematics."""
    out = ""
    for child in node:
        kind = child.tag.removeprefix(M)
        if kind == "r":
            text = "".join(t.text or "" for t in child.iter(f"{M}t"))
            unary = text == "−" and (not out or out.endswith((" ", "(", "|")))
            out += f" {text} " if text in SIGNS and not unary else text
        elif kind == "f":
            if re.search(r"\d$", out):
                out += " "  # a mixed number
            out += f"{held(child.find(f'{M}num'), sums_only=True)}/{held(child.find(f'{M}den'))}"
        elif kind == "sSup":
            out += f"{equation(child.find(f'{M}e'))}^{held(child.find(f'{M}sup'))}"
        elif kind == "rad":
            cube = bool(equation(child.find(f"{M}deg")))
            out += f"{'∛' if cube else '√'}{held(child.find(f'{M}e'))}"
        elif kind == "d":
            bars = child.find(f"{M}dPr/{M}begChr") is not None
            inside = ", ".join(equation(e) for e in child.findall(f"{M}e"))
            out += f"|{inside}|" if bars else f"({inside})"
    return out.replace("−", "-") if node.tag == f"{M}oMath" else out


def held(node: Any, *, sums_only: bool = False) -> str:
    """What is drawn on top, below or raised, with the parentheses that drawing replaces."""
    text = equation(node)
    if sums_only:
        return f"({text})" if re.search(r" [^ ] ", text) and not re.fullmatch(r"\(.*\)|\|.*\|", text) else text
    return text if re.fullmatch(r"[-−]?(\w+[.,]?\d*[%°]?|□|π|\(.*\)|\|.*\|)", text) and single(text) else f"({text})"


def single(text: str) -> bool:
    """Whether a text is one number, one letter or one group."""
    bare = text.lstrip("-−")
    return len(bare) == 1 or bare[0] in "(|" or re.fullmatch(r"[\d.,]+[%°]?|_+", bare) is not None


class _Markup(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.out: list[str] = []

    def handle_data(self, data: str) -> None:
        self.out.append(data)


def mathml(element: Any) -> str:
    """MathML as typed mathematics."""
    kind = etree.QName(element).localname
    inside = [mathml(child) for child in element]
    match kind:
        case "mo" if element.get("form") is None and element.text != ",":
            return f" {element.text} "
        case "mo":
            return ", " if element.text == "," else element.text
        case "mn" | "mi":
            return element.text
        case "mfrac":
            top, bottom = inside
            top = f"({top})" if " " in top else top
            return f"{top}/{bottom if single(bottom) else f'({bottom})'}"
        case "msup":
            return f"{inside[0]}^{inside[1] if single(inside[1]) else f'({inside[1]})'}"
        case "msqrt":
            return "√" + (inside[0] if single(inside[0]) else f"({inside[0]})")
        case "mroot":
            return "∛" + (inside[0] if single(inside[0]) else f"({inside[0]})")
    out = ""
    for child, text in zip(element, inside, strict=True):
        if etree.QName(child).localname == "mfrac" and re.search(r"\d$", out):
            out += " "
        out += text
    return out


def xhtml_text(element: Any) -> str:
    """XHTML with MathML as typed text."""
    if etree.QName(element).localname == "math":
        return mathml(element)
    out = element.text or ""
    for child in element:
        out += xhtml_text(child) + (child.tail or "")
    return typed(out)


def slide_text(paragraph: Any) -> str:
    """A paragraph of a slide: raised and lowered runs as powers and fractions."""
    out = ""
    for run in paragraph._p:
        if run.tag.endswith("}br"):
            out += "\n"
        if not run.tag.endswith("}r"):
            continue
        text = "".join(t.text or "" for t in run if t.tag.endswith("}t"))
        baseline = int((run.find("{*}rPr").get("baseline")) or 0)
        if baseline == 30_000:
            text = f"^{text}" if single(text) else f"^({text})"
        elif baseline == 24_000 and re.search(r"\d$", out):
            text = f" {text}"
        out += "/" if text == "⁄" else text
    return typed(out)
