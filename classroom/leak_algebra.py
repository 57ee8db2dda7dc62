"""Whether a reply states an expression or an equation that is the answer, in signs or in words."""

import re
from collections.abc import Callable
from typing import Any

from classwright.classroom.leak_context import Context, claims, stands_in
from classwright.classroom.leak_forms import in_question, states_special
from classwright.skilltree.algebra_answers import letters_of, read_algebra
from classwright.skilltree.grading import grade
from classwright.skilltree.word_answers import is_special

_ORDINALS: tuple[str, ...] = tuple(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
)
_POWERS: list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = [
    (re.compile(rf"\bto\s+the\s+(negative\s+|minus\s+)?({'|'.join(_ORDINALS)})\b(?:\s+power)?", re.I),
     lambda m: f"to the {'-' if m[1] else ''}{_ORDINALS.index(m[2].lower()) + 1}"),
    (re.compile(r"\s+squared\b|\s+to\s+the\s+(?:power\s+(?:of\s+)?)?2(?:nd)?\b", re.I), "^2"),
    (re.compile(r"\s+cubed\b", re.I), "^3"),
    (re.compile(r"\s+(?:raised\s+)?to\s+the\s+(?:power\s+(?:of\s+)?)?(?:negative\s+|-\s?)(\d+)(?:th)?\b", re.I), r"^-\1"),
    (re.compile(r"\s+(?:raised\s+)?to\s+the\s+(?:power\s+(?:of\s+)?)?(\d+)(?:th|st|nd|rd)?(?:\s+power)?\b", re.I), r"^\1"),
    (re.compile(r"\b(?:the\s+)?(?:square\s+)?root\s+(?:of\s+)?(\d+)", re.I), r"sqrt(\1)"),
    (re.compile(r"√\s?(\d+)"), r"sqrt(\1)"),
    (re.compile(r"(?<=[\w)])\s+(?:multiplied\s+by|times|por|fois|vezes|mal)\s+(?:the\s+quantity\s+)?(?=[\w(-])", re.I), "*"),
    (re.compile(r"(?<=[\w)])\s+(?:divided\s+by|over)\s+(?:the\s+quantity\s+)?(?=[\w(-])", re.I), "/"),
    (re.compile(r"(?<=[\w)])\s+(?:plus|más|mais|più)\s+(?=[\w(-])", re.I), " + "),
    (re.compile(r"(?<=[\w)])\s+(?:minus|menos|moins|meno|take\s+away)\s+(?=[\w(])", re.I), " - "),
    (re.compile(r"\bnegative\s+(?=[a-z\d(])", re.I), "-"),
    (re.compile(r"π|\bpi\b", re.I), "pi"),
    (re.compile(r"(?<=\d)\s+(?=pi\b|sqrt)"), ""),
    (re.compile(r"(?<=\d) (?=[b-hj-z]\b)"), ""),
    (re.compile(r"\s+(?:equals|is equal to)\s+", re.I), " = "),
]  # fmt: skip


def as_algebra(text: str) -> str:
    """Algebra in words as signs: "two x squared plus three" (unified: "2 x squared plus 3") is "2x^2 + 3"."""
    for pattern, sign in _POWERS:
        text = pattern.sub(sign, text)
    return text


def pieces(text: str, asked: Context) -> list[str]:
    """Every stretch of a text that can be algebra in the letters of the answer."""
    letters = "".join(sorted(letters_of(asked.problem.answer) | letters_of_question(asked)))
    atom = rf"(?:\d+(?:\.\d+)?|pi\b|sqrt\(?\d+\)?|[()^*/]|(?<![a-zA-Z])[{letters or '¤'}]{{1,4}}(?![a-zA-Z]))"
    found = []
    for match in re.finditer(rf"-?\s?{atom}(?:\s*[-+=]?\s*{atom})*", as_algebra(text)):
        written = match[0].strip()
        for side in {written, *written.split("=")}:
            piece = _balanced(side.strip())
            if piece:
                found.append(piece)
    return found


def letters_of_question(asked: Context) -> set[str]:
    """The letters of the algebra in a question."""
    return set(re.findall(r"(?<![a-zA-Z'])[b-hj-z](?![a-zA-Z'])|(?<=\d)[a-z](?![a-zA-Z])", asked.question))


def _balanced(piece: str) -> str:
    while piece.count(")") > piece.count("(") and piece.endswith(")"):
        piece = piece[:-1].strip()
    while piece.count("(") > piece.count(")") and piece.startswith("("):
        piece = piece[1:].strip()
    return piece.strip(" *^/")


def _squeezed(text: str) -> str:
    return re.sub(r"[\s$]", "", text.lower())


def states_algebra(text: str, asked: Context) -> str:
    """An expression or equation that is the answer, also with its parts in another order or in words."""
    if is_special(asked.problem.answer):
        return states_special(text, asked)
    longest = 1.4 * len(_squeezed(asked.problem.answer)) + 3
    for piece in dict.fromkeys(pieces(text, asked)):
        if len(_squeezed(piece)) > longest or not _is_right(piece, asked):
            continue
        worded = not stands_in(piece, text) and stands_in(piece, as_algebra(asked.question))
        repeated = in_question(piece, asked) and not _is_claimed(piece, text, asked)
        if not worded and not repeated:
            return f"states the answer {asked.problem.answer}"
    return ""


def _is_claimed(piece: str, text: str, asked: Context) -> bool:
    """Whether a piece is claimed to be the answer in words that the question has not."""
    text = as_algebra(text)
    for match in re.finditer(re.escape(piece), text):
        phrase = re.search(r"(?:[^\s,;.!?]+\s*)?$", text[: match.start()])
        words = (phrase[0] if phrase else "") + match[0]
        if claims(text, match.start(), match.end()) and not stands_in(words, as_algebra(asked.question)):
            return True
    return False


def _is_right(piece: str, asked: Context) -> bool:
    if asked.problem.kind == "equation" and "=" not in piece and not re.search(r"[a-z]", piece):
        return False
    return grade(piece, asked.problem).result == "right"


def terms_of(asked: Context) -> list[Any]:
    """The terms or factors of an algebraic answer, as values; [] where it is a single one."""
    answer = asked.problem.answer.split("=")[-1].strip()
    factors = re.findall(r"\(([^()]+)\)", answer)
    if factors:
        head = answer.split("(", 1)[0].strip(" *")
        parts = [*([head] if head not in ("", "-") else []), *factors]
    else:
        parts = re.sub(r"\s+-\s+", " + -", answer).split(" + ")
    values = [read_algebra(p) for p in parts]
    return values if len(values) > 1 and None not in values else []
