"""Whether a reply states which of two things is larger, as a sign or in words."""

import re
from itertools import pairwise

from classwright.classroom.leak_context import Context, asks, sentences
from classwright.classroom.leak_forms import with_signs
from classwright.classroom.mentions import mentions, unified

_MENU = re.compile(r"[<>=]\s*,\s*[<>=]\s*,?\s*(?:or|and)?\s*[<>=]|[<>=]\s*(?:or|,|and|/)\s*[<>=]")
_NAMED_SIGN = re.compile(
    r"[\"']?\b(?:less|smaller|greater|more|bigger|larger)[\s-]+than\b[\"']?(?=\s*(?:sign|symbol|[.!)]|$))|\bequals?(?=\s+(?:sign|symbol))",
    re.I,
)


def _sign_of(words: str) -> str:
    return "<" if re.search("less|smaller", words, re.I) else "=" if "equal" in words.lower() else ">"


_HELP = re.compile(
    r"\b(?:means?|stands?\s+for|opens?|points?|looks?\s+like|mouth|crocodile|alligator|reads?\s+as|signs?\s+(?:are|is\s+called))\b",
    re.I,
)


def states_comparison(text: str, asked: Context) -> str:
    """Which of two things is larger, as a sign or in words."""
    answer = asked.problem.answer.strip()
    pair = re.fullmatch(r"compare\((.+?),\s*([^,]+)\)", asked.problem.expression.strip())
    shown = re.search(r"(\S+)\s*(?:○|□|__+|◯|⬜)\s*(\S+)", asked.problem.text.splitlines()[-1])
    left, right = (unified(p) for p in (pair.groups() if pair else shown.groups() if shown else ("", "")))
    if not left:
        return ""
    left, right = (re.sub(r"[^\d./ -]+$", "", side).strip() for side in (left, right))
    reason = f"states the answer {answer}"
    signs = _MENU.sub(" ", with_signs(_MENU.sub(" ", text)))
    mirror = {"<": ">", ">": "<"}.get(answer, "=")
    a, b = (rf"(?<![\w./-]){re.escape(side)}(?![\w/]|\.\d)" for side in (left, right))
    for _, sentence in sentences(signs):
        if asks(sentence):
            continue
        if re.search(
            rf"{a}\s*(?:is|are)?\s*{re.escape(answer)}(?!=)\s*{b}|{b}\s*(?:is|are)?\s*{re.escape(mirror)}(?!=)\s*{a}",
            sentence,
            re.I,
        ):
            return reason
        if _same_values(sentence, left, right, answer):
            return reason
        if re.search(rf"{a}.*\b(?:it|that|this)(?:'s|\s+is)?\s*{re.escape(answer)}(?!=)\s*{b}", sentence, re.I):
            return reason
    named = _MENU.sub(" ", _NAMED_SIGN.sub(lambda m: f" {_sign_of(m[0])} ", _MENU.sub(" ", text)))
    if any(_sign_named(s, answer) for _, s in sentences(named) if not asks(s)):
        return reason
    told = (s for _, s in sentences(text) if not asks(s))
    return reason if any(_one_is(s, a, b, answer) for s in told) else ""


def _same_values(sentence: str, left: str, right: str, answer: str) -> bool:
    """The comparison with the numbers written otherwise: "4 tenths are more than 1 tenth" for 0.4 and 0.1."""
    pair = [next((m.value for m in mentions(side)), None) for side in (left, right)]
    found = list(mentions(sentence))
    for x, y in pairwise(found):
        sign = re.fullmatch(r"\s*(?:is|are)?\s*([<>=])\s*", sentence[x.end : y.start])
        if sign and ([x.value, y.value] == pair or [y.value, x.value] == pair):
            told = sign[1] if [x.value, y.value] == pair else {"<": ">", ">": "<"}.get(sign[1], "=")
            if told == answer:
                return True
    return False


_LARGER = (
    r"(?:bigger|larger|greater|higher|more|longer|largest|biggest|greatest|mayor|größer|plus\s+grand\w*|maior|maggiore)"
)
_SMALLER = r"(?:smaller|less|lower|shorter|fewer|smallest|least|menor|kleiner|plus\s+petit\w*|minore)"
_EQUAL = (
    r"(?:equal|the\s+same(?:\s+(?:size|amount|value))?|equivalent|a\s+tie|iguales|gleich|égaux|égales|iguais|uguali)"
)


def _one_is(sentence: str, a: str, b: str, answer: str) -> bool:
    """A claim about one side: "the first one is smaller", "45 is the bigger one", "they are equal"."""
    if _HELP.search(sentence) or re.search(r"\b(?:if|whether|when|which)\b", sentence, re.I):
        return False
    first = rf"(?:{a}|(?:the\s+)?(?:first|left)(?:[\s-]+hand)?(?:\s+(?:one|number|fraction|side|decimal))?)"
    second = rf"(?:{b}|(?:the\s+)?(?:second|right|last)(?:[\s-]+hand)?(?:\s+(?:one|number|fraction|side|decimal))?)"
    if answer == "=":
        return bool(
            re.search(
                rf"(?:\bthey(?:'re|\s+are)|\bboth(?:\s+\w+){{0,2}}\s+(?:are|is|name)|{a}\s+and\s+{b}\s+(?:are|have|name)|\bit's|\bit\s+is|\bthese\s+(?:two\s+)?(?:\w+\s+)?are)\s+(?:really\s+|exactly\s+|all\s+)?{_EQUAL}",
                sentence,
                re.I,
            )
        )
    low, high = (first, second) if answer == "<" else (second, first)
    is_ = r"\s*(?:is|comes?\s+out|ist|es|est|é|è)\s+(?:definitely\s+|clearly\s+|actually\s+|much\s+|a\s+bit\s+|slightly\s+)*(?:the\s+|el\s+|la\s+|le\s+|die\s+)?"
    end = r"(?!\s*(?:than|number\s+of|digits?|denominator|numerator|\w+s\b))"
    forms = (rf"{low}{is_}{_SMALLER}\b{end}", rf"{high}{is_}{_LARGER}\b{end}",
             rf"\b{_SMALLER}(?:\s+(?:one|number|fraction|decimal|value))?\s*(?:is|:|=)\s*{low}",
             rf"\b{_LARGER}(?:\s+(?:one|number|fraction|decimal|value))?\s*(?:is|:|=)\s*{high}")  # fmt: skip
    return any(re.search(form, sentence, re.I) for form in forms)


def _sign_named(sentence: str, answer: str) -> bool:
    """A sign that stands alone and is said to be the one: "put < in the circle", "the answer is <"."""
    if _HELP.search(sentence):
        return False
    for match in re.finditer(
        rf"(?<![\d)<>=]\s)(?<![\d)<>=]){re.escape(answer)}(?![<>=])(?!\s*-?\d)|(?<=\s){re.escape(answer)}(?=\s+(?:sign|symbol))",
        sentence,
    ):
        before = sentence[: match.start()]
        if re.search(
            r"\b(?:sign|symbol|answer|it|box|circle|blank|use|put|write|pick|choose|draw|get|gives|goes|need|want|is|be|one|place)\b\W*(?:\w+\W+){0,4}$",
            before,
            re.I,
        ) or not before.strip(" \"'(*"):
            return True
    for match in re.finditer(
        rf"\b(?:use|put|write|pick|choose|draw|need|is|want|with)\s+(?:the\s+|an?\s+)[\"']?\s*(?:{re.escape(answer)})",
        sentence,
        re.I,
    ):
        if match:
            return True
    return False
