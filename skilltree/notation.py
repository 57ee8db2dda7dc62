"""Written mathematics as Python source: `2x^2 = 0.5` becomes `2*x**2==(5/10)`.

`expression` parses the result with `ast`. Only numbers, quoted words, letters, the given function names and the signs
below ever reach the output, so no Python keyword or attribute can.
"""

import re
from collections.abc import Collection

from classwright.errors import InputError

MAX_LENGTH = 2000
MAX_DIGITS = 40
MAX_TOKENS = 500
MAX_PARENTHESES = 25
MAX_SIGNS_IN_A_ROW = 8

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>"[^"\\\n]*"|'[^'\\\n]*')
    | (?P<mixed>\d+\s+\d+/\d+(?![.\d]))
    | (?P<number>\d+\.\d+|\.\d+|\d+)
    | (?P<percent>%)
    | (?P<name>[A-Za-z_][A-Za-z_0-9]*)
    | (?P<sign><=|>=|!=|==|\*\*|[-+*/^(),=<>])
    )""",
    re.VERBOSE,
)
_PRINTED = str.maketrans({
    "−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/", "∕": "/", "⁄": "/", "π": "pi", "²": "^2", "³": "^3",
    "≤": "<=", "≥": ">=", "≠": "!=", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "½": " 1/2", "¼": " 1/4", "¾": " 3/4",
})  # fmt: skip
_PYTHON = {"^": "**", "=": "==", ",": ", "}


def plain(text: str) -> str:
    """Text with printed signs (× ÷ − π ² ≤ √ ½ ...) replaced by what a keyboard has."""
    if text.isascii():
        return text
    return re.sub(r"√\s*(\d+|[a-z])", r"sqrt(\1)", text.translate(_PRINTED)).replace("√", "sqrt").strip()


def _plain_outside_quotes(text: str) -> str:
    if text.isascii() or '"' not in text:
        return plain(text)
    return "".join(part if part.startswith('"') else plain(part) for part in re.split(r'("[^"]*")', text))


def to_python(written: str, functions: Collection[str] = ()) -> str:
    """Written mathematics as the source of one Python expression.

    Products may be implicit (`2x`, `3(x + 1)`, `xy`), `2 1/2` is a mixed number, `25%` is 25/100, `=` is an equation, a
    decimal becomes an exact fraction. A name of four or more letters before `=` inside a call is a keyword argument.

    Raises:
        InputError: a character or name that is not in the language, two numbers side by side, or too much of something.
    """
    if len(written) > MAX_LENGTH:
        raise InputError(f"the expression has more than {MAX_LENGTH} characters")
    source = _plain_outside_quotes(written)
    out: list[str] = []
    depth = signs = position = 0
    before = (
        ""  # what the token before was: a "value" (a product sign may be implied after it), "number", "keyword" or ""
    )
    end = len(source.rstrip())
    while position < end:
        match = _TOKEN.match(source, position)
        if match is None:
            raise InputError(f"the expression {written[:80]!r} has an unexpected {source[position:].strip()[:1]!r}")
        position = match.end()
        kind = match.lastgroup or ""
        token = match[kind]
        signs = signs + 1 if kind == "sign" and token not in "()," else 0
        depth += (token == "(") - (token == ")")
        if depth > MAX_PARENTHESES or signs > MAX_SIGNS_IN_A_ROW or len(out) > MAX_TOKENS:
            raise InputError(f"the expression {written[:40]!r}... is too long, or too deep to read")
        if len(token) > MAX_DIGITS and kind != "text":
            raise InputError(f"the expression has a number of more than {MAX_DIGITS} digits: {token[:12]}...")
        if kind == "sign":
            if token == "(" and before in ("value", "number"):
                out.append("*")
            out.append(token if before == "keyword" else _PYTHON.get(token, token))
            before = "value" if token == ")" else ""
        elif kind == "percent":
            if before != "number":
                raise InputError(f"the expression {written[:80]!r} has a % that does not follow a number")
            out[-1] = f"({out[-1]}/100)"
            before = "number"
        elif kind == "name":
            before = _add_name(out, token, source[position:].lstrip()[:2], before, functions)
        else:
            if (kind == "text" and before) or before == "number":
                raise InputError(f"the expression {written[:80]!r} has two values side by side at {token[:20]!r}")
            if before == "value":
                out.append("*")
            out.append(token if kind == "text" else _number(token))
            before = "number" if kind == "number" else "value"
    return "".join(out)


def _number(token: str) -> str:
    if "/" in token:
        whole, part = token.split(None, 1)
        top, bottom = part.split("/")
        return f"({int(whole)}+{int(top)}/{int(bottom)})"
    whole, _, places = token.partition(".")
    if places:
        return f"({int(whole + places)}/{10 ** len(places)})"
    return str(int(whole))


def _add_name(out: list[str], token: str, after: str, before: str, functions: Collection[str]) -> str:
    """Append a name and return what it is to the token behind it."""
    if token in ("and", "or"):
        out.append(f" {token} ")
        return ""
    if len(token) > 3 and after[:1] == "=" and after != "==" and out and out[-1] in ("(", ", "):
        out.append(token)
        return "keyword"
    if before in ("value", "number"):
        out.append("*")
    if after[:1] == "(" and token in functions:
        out.append(token)
        return ""
    if token != "pi" and (len(token) > 4 or not token.isalpha() or (len(token) > 2 and after[:1] == "(")):
        raise InputError(f"{token!r} is no function and no letter of the expression language")
    out.append(token if token == "pi" else "*".join(token))
    return "value"
