"""Whether a reply states a number that is the answer: as it is, in another form, as a computation, or in parts."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from classwright.classroom.computations import computations
from classwright.classroom.leak_context import Context, asks, claims, sentence_at, sentences, structural
from classwright.classroom.mentions import Mention, mentions
from classwright.classroom.quantity import UNITS
from classwright.skilltree.grading import grade
from classwright.skilltree.reading import read_number
from classwright.skilltree.values import decimal_text


def states_number(text: str, asked: Context) -> str:
    """Why a unified reply gives away a number; "" if it does not."""
    answer = read_number(asked.problem.answer)
    if answer is None:
        return ""
    wanted = {answer.value} | ({answer.value * 100} if answer.spelling == "percent" else set())
    if asked.spelled:  # the words stand in the question; the digits are the answer
        return f"states the answer {asked.problem.answer}" if any(m.value in wanted for m in mentions(text)) else ""
    known = answer.value in asked.values and asked.problem.form != ""
    for m in mentions(text):
        if not _is_answer(m, wanted, text, asked):
            continue
        if (known or (asked.problem.form and asked.made_of_given(m))) and not _in_form(m, asked):
            continue  # another spelling of what the question says: the task is the form
        if structural(text, m, asked) or _is_coefficient(text, m, asked):
            continue
        if (asked.given(m) or _offered(text, m)) and not _claimed(text, m, asked):
            continue
        return f"states the answer {asked.problem.answer}"
    return (
        _spelled_out(text, asked) or _backwards(text, answer.value) or ("" if known else _computed(text, wanted, asked))
    )


def _is_answer(m: Mention, wanted: set[Fraction], text: str, asked: Context) -> bool:
    if m.value in wanted:
        return True
    if -m.value in wanted and m.value > 0 and says_negative(text, asked):
        return m.surface not in asked.surfaces
    unit = UNITS.get(asked.problem.unit.split()[0]) if asked.problem.unit else None
    size = m.size
    return bool(unit and unit[0] and size and size[0] == unit[0] and size[1] in {w * unit[1] for w in wanted})


def says_negative(text: str, asked: Context) -> bool:
    """Whether a reply says, not asks, that the answer is negative."""
    told = re.compile(
        r"\b(?:negative|below (?:zero|0)|(?:less|smaller) than (?:zero|0)|minus sign|minus in front)\b", re.I
    )
    other = re.compile(r"\b(?:positive|or|number line|numbers?|whether|if)\b", re.I)
    return any(told.search(s) and not asks(s) and not other.search(s) for _, s in sentences(text))


def _in_form(m: Mention, asked: Context) -> bool:
    return m.surface not in asked.surfaces and grade(m.surface, asked.problem).result == "right"


def _is_coefficient(text: str, m: Mention, asked: Context) -> bool:
    """Whether a letter of the question follows without a space, as in "3n"."""
    after = text[m.end : m.end + 2]
    return bool(re.match(r"[a-z](?![a-z])", after)) and bool(
        re.search(rf"(?<![a-z]){after[0]}(?![a-z])", asked.question)
    )


_OFFER = re.compile(
    r"(?:-?[\d./]+%?\s*,\s*){1,}-?[\d./]+%?,?\s+(?:or|o|ou|oder)\s+-?[\d./]+%?|-?[\d./]+%?\s+or\s+-?[\d./]+%?(?=\s*\?)"
)


def _offered(text: str, m: Mention) -> bool:
    """Whether a number is one of several to choose from: "is it 3, 4 or 5?"."""
    return any(o.start() <= m.start < o.end() for o in _OFFER.finditer(text))


def _claimed(text: str, m: Mention, asked: Context) -> bool:
    """Whether a number that was there already is claimed to be the answer, in words that the question has not."""
    if not claims(text, m.start, m.end):
        return False
    before = re.search(r"[^\s,;.!?]+\s*[^\s,;.!?]*\s*$", text[: m.start])
    phrase = (before[0] if before else "") + text[m.start : m.end]
    return " ".join(phrase.lower().split()) not in " ".join(asked.question.lower().split())


def _spelled_out(text: str, asked: Context) -> str:
    """The digits one by one: "4 2", "four, two", "4_2"."""
    digits = asked.problem.answer.replace(",", "")
    if not re.fullmatch(r"-?\d[\d.]*\d", digits) or len(digits) < 2:
        return ""
    digits = digits.lstrip("-")
    for joint in (r"[ _·|]{1,3}", r",? ", r"-"):
        run = joint.join(re.escape(d) if d != "." else r"(?:\.|point|dot)" for d in digits)
        match = re.search(rf"(?<!\d[.,/] )(?<!\d )(?<![\w.,/+*^=-])-?{run}(?![\w/]|[.,]\d|,? \d| ?[-+*/=^])", text)
        if match and "".join(re.findall(r"\d", match[0])) not in re.sub(r"[ ,]", "", asked.question):
            return f"spells the answer {asked.problem.answer}"
    return ""


def _backwards(text: str, answer: Fraction) -> str:
    if (
        answer.denominator != 1
        or abs(answer) < 10
        or not re.search(r"\b(?:backwards?|reversed?|back to front|other way round)", text, re.I)
    ):
        return ""
    mirrored = str(abs(answer.numerator))[::-1]
    return "spells the answer backwards" if any(m.surface == mirrored for m in mentions(text)) else ""


def _computed(text: str, wanted: set[Fraction], asked: Context) -> str:
    """A computation that comes to the answer and is said to be it; one that the question states may be repeated."""
    known = {_squeezed(c.text) for c in computations(asked.question)} | {_squeezed(asked.question)}
    for c in computations(text):
        if c.value not in wanted or _squeezed(c.text) in known or _squeezed(c.text) in _squeezed(asked.question):
            continue
        if _rewrites(text[: c.start]):
            continue
        if claims(text, c.start, c.end) and not asks(sentence_at(text, c.start)):
            return f"gives the answer as {c.text}"
    return ""


def _rewrites(before: str) -> bool:
    """Whether an equals sign behind another computation stands before: "4 * 15 = 4 * 10 + ..."."""
    return bool(re.search(r"[\d)%]\s*=\s*$", before))


def _squeezed(text: str) -> str:
    return re.sub(r"[\s$]", "", text.lower())


_TOP = r"(?:numerator|top(?:\s+(?:number|part|one))?|upper\s+number|numerador|numérateur|zähler|numeratore)"
_BOTTOM = r"(?:(?:common\s+|new\s+)?denominator|bottom(?:\s+(?:number|part|one))?|lower\s+number|denominador|dénominateur|nenner|denominatore)"
_WHOLE = r"(?:whole(?:\s+(?:number|part))?|wholes?)"
_GETS = r"[^.?!\d]{0,22}?(?:is|=|becomes|stays|be|are|:|of|as|gets|has|es|est|ist|é|è)\s*(?:a\s+|the\s+|still\s+|just\s+)*(\d{1,9})\b"
_PLACES = {"ones": 0, "one": 0, "units": 0, "unit": 0, "tens": 1, "ten": 1, "hundreds": 2, "hundred": 2,
           "thousands": 3, "tenths": -1, "hundredths": -2}  # fmt: skip
_PLACE = "|".join(sorted(_PLACES, key=len, reverse=True))
_RANKS = {
    "first": 0,
    "second": 1,
    "third": 2,
    "fourth": 3,
    "leading": 0,
    "last": -1,
    "final": -1,
    "next": None,
    "other": None,
}
_DIGIT_CLAIMS = re.compile(
    rf"\b(?P<rank>{'|'.join(_RANKS)})\s*(?:digit|one|figure)?\s*(?:is|=|has\s+to\s+be|:|must\s+be|should\s+be|will\s+be)?\s*(?:an?\s+)?(?P<r>\d)(?!\d|[./]\d)"
    rf"|\b(?:starts?|begins?)\s+with\s+(?:an?\s+)?(?P<s>\d)(?!\d|[./]\d)"
    rf"|\bends?\s+(?:in|with|on)\s+(?:an?\s+)?(?P<e>\d)(?!\d|[./]\d)"
    rf"|\b(?P<place>{_PLACE})(?:\s+(?:digit|place|column|spot))?\s*(?:is|=|has\s+to\s+be|:|must\s+be|should\s+be|gets?|holds?|has|will\s+be)\s*(?:an?\s+)?(?P<p>\d)(?!\d|[./]\d)"
    rf"|(?<![\d./])(?P<q>\d)\s+(?:in|for|on|at|goes\s+in|is\s+in)\s+the\s+(?P<place2>{_PLACE}|front|end)\b"
    rf"|(?<![\d./])(?P<h>\d)\s+(?P<place3>ones|units|tens|hundreds|thousands)\b",
    re.I,
)


def assembles_number(turns: Sequence[str], asked: Context) -> str:
    """Why tutor turns together give away a number; the last one is the reply and must contribute.

    Args:
        turns: The tutor's turns, unified, the reply last.
        asked: The context; numbers that the student has mentioned are not the tutor's to give.
    """
    answer = read_number(asked.problem.answer)
    if answer is None:
        return ""
    told = [_told(t) for t in turns]
    for check in (_fraction_parts, _digits, _sign_apart):
        found = check(told, answer.value, asked)
        if found:
            return found
    return ""


def _told(text: str) -> str:
    """A turn without its questions."""
    return " ".join(s for _, s in sentences(text) if not asks(s))


def _claims_of(pattern: str, text: str) -> Iterator[int]:
    for match in re.finditer(rf"\b{pattern}\b{_GETS}", text, re.I):
        yield int(match[1])
    for match in re.finditer(
        rf"(?<![\d./])(\d{{1,9}})\s+(?:(?:is|goes|as|for|in|on)\s+)+(?:the\s+|at\s+the\s+)*{pattern}\b", text, re.I
    ):
        yield int(match[1])


def _fraction_parts(told: Sequence[str], answer: Fraction, asked: Context) -> str:
    tops = [set(_claims_of(_TOP, t)) for t in told]
    bottoms = [set(_claims_of(_BOTTOM, t)) for t in told]
    wholes = [set(_claims_of(_WHOLE, t)) | _wholes(t) for t in told]
    for n in set().union(*tops):
        for d in set().union(*bottoms):
            if not d or not ({n} & tops[-1] or {d} & bottoms[-1]) or {Fraction(n), Fraction(d)} <= asked.heard:
                continue
            whole = next((w for w in set().union(*wholes) if w + Fraction(n, d) == answer), None)
            if abs(answer) == Fraction(n, d) or whole is not None:
                return f"gives the answer in parts: {n} over {d}"
    rest = abs(answer) % 1
    if not rest or abs(answer) < 1:
        return ""
    parts = [any(m.value == rest for m in mentions(t)) for t in told]
    have = [int(abs(answer)) in w for w in wholes]
    if any(parts) and any(have) and (parts[-1] or have[-1]):
        return "gives the whole part and the fraction of the answer"
    return ""


def _wholes(text: str) -> set[int]:
    return {int(n) for n in re.findall(r"(?<![\d./])(\d{1,6})\s+wholes?\b", text)}


def _digits(told: Sequence[str], answer: Fraction, asked: Context) -> str:
    """The digits by their places: "the tens digit is 4", "it ends in 2"."""
    written = decimal_text(abs(answer)) or ""
    digits = written.replace(".", "")
    point = written.find(".") if "." in written else len(written)
    if len(digits) < 2:
        return ""
    found: list[set[int]] = []
    for text in told:
        places: set[int] = set()
        for match in _DIGIT_CLAIMS.finditer(text):
            place = _place(match, digits, point, places | set().union(*found) if found else places)
            digit = next(g for g in (match["r"], match["s"], match["e"], match["p"], match["q"], match["h"]) if g)
            if place is not None and 0 <= place < len(digits) and digits[place] == digit:
                places.add(place)
        found.append(places)
    if found[-1] and set().union(*found) == set(range(len(digits))):
        question = asked.question.replace(",", "")
        return "" if digits in re.findall(r"\d+", question) else "gives the digits of the answer one by one"
    return ""


def _place(match: re.Match[str], digits: str, point: int, known: set[int]) -> int | None:
    if match["rank"]:
        rank = _RANKS[match["rank"].lower()]
        if rank is None:
            rank = next((k for k in range(len(digits)) if k not in known), None)
        return len(digits) - 1 if rank == -1 else rank
    if match["s"]:
        return 0
    if match["e"]:
        return len(digits) - 1
    name = (match["place"] or match["place2"] or match["place3"]).lower()
    if name in ("front", "end"):
        return 0 if name == "front" else len(digits) - 1
    power = _PLACES[name]
    return point - 1 - power if power >= 0 else point - power - 1


def _sign_apart(told: Sequence[str], answer: Fraction, asked: Context) -> str:
    """The amount in one turn and that it is negative in another."""
    if answer >= 0:
        return ""
    amount = [
        any(m.value == -answer and not asked.given(m) and not structural(t, m, asked) for m in mentions(t))
        for t in told
    ]
    sign = [says_negative(t, asked) for t in told]
    return (
        "gives the amount and the sign of the answer" if any(amount) and any(sign) and (amount[-1] or sign[-1]) else ""
    )
