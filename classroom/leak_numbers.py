"""Whether a reply states a number that is the answer: as it is, in another form, as a computation, or in parts."""

import re
from fractions import Fraction

from classwright.classroom.computations import computations
from classwright.classroom.leak_context import (
    Context,
    asks,
    claims,
    is_counted,
    sentence_at,
    sentences,
    stands_in,
    structural,
)
from classwright.classroom.mentions import Mention, mentions
from classwright.classroom.quantity import UNITS
from classwright.skilltree.grading import grade
from classwright.skilltree.reading import read_number


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
        _spelled_out(text, asked)
        or _backwards(text, answer.value)
        or _one_thing(text, answer.value, asked)
        or ("" if known else _computed(text, wanted, asked))
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
    after = re.match(r"[^\w.!?]*\w*", text[m.end :])
    phrase = (before[0] if before else "") + text[m.start : m.end] + (after[0] if after else "")
    return " ".join(phrase.lower().split()) not in " ".join(asked.question.lower().split())


def _spelled_out(text: str, asked: Context) -> str:
    """The digits one by one: "4 2", "four, two", "4_2"."""
    digits = asked.problem.answer.replace(",", "")
    if not re.fullmatch(r"-?\d[\d.]*\d", digits) or len(digits) < 2:
        return ""
    digits = digits.lstrip("-")
    whole, _, places = digits.partition(".")
    if (
        asked.problem.unit.startswith("dollar")
        and re.search(rf"(?<![\d./])\$?{whole}\s+{places}(?![\d./])", text)
        and places
    ):
        return f"spells the answer {asked.problem.answer}"
    for joint in (r"[ _·|]{1,3}", r",? ", r"-"):
        run = joint.join(re.escape(d) if d != "." else r"(?:\.|point|dot)" for d in digits)
        match = re.search(rf"(?<!\d[.,/] )(?<!\d )(?<![\w.,/+*^=-])-?{run}(?![\w/]|[.,]\d|,? \d| ?[-+*/=^])", text)
        if match and "".join(re.findall(r"\d", match[0])) not in re.sub(r"[ ,]", "", asked.question):
            return f"spells the answer {asked.problem.answer}"
    return ""


def _one_thing(text: str, answer: Fraction, asked: Context) -> str:
    """ "Only one button": the word counts as a number before what the question asks how many of."""
    if answer != 1:
        return ""
    for match in re.finditer(r"\b(?:only|just|exactly|is|get|have)\s+(?:\w+\s+)?one\s+(\w+)(?:\s+(\w+))?", text, re.I):
        if any(is_counted(word, asked) for word in match.groups() if word) and not asks(
            sentence_at(text, match.start())
        ):
            return "states the answer 1"
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
    for c in computations(text):
        if c.value not in wanted or stands_in(c.text, asked.question):
            continue
        if _rewrites(text[: c.start]):
            continue
        if claims(text, c.start, c.end) and not asks(sentence_at(text, c.start)):
            return f"gives the answer as {c.text}"
    return ""


def _rewrites(before: str) -> bool:
    """Whether an equals sign behind another computation stands before: "4 * 15 = 4 * 10 + ..."."""
    return bool(re.search(r"[\d)%]\s*=\s*$", before))
