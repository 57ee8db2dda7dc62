"""Grading of words, choices and times."""

import re

from classwright.errors import InputError
from classwright.skilltree.notation import plain
from classwright.skilltree.reading import read_number
from classwright.skilltree.stated import gives_orders, is_everyday, is_stated, speaks_to_tutor, starts_with_it
from classwright.skilltree.verdict import Question, Verdict, judged

SPECIAL = frozenset(
    "no solution|no solutions|none|no real solution|infinitely many solutions|infinite solutions|many solutions|"
    "all real numbers|undefined|no mode".split("|")
)


def kind_of_solution(words: str) -> str:
    """Whether special words mean no solution, every number, or just themselves."""
    if words.startswith(("infinite", "all", "many")):
        return "every number"
    return "none" if words in ("no solution", "no solutions", "none", "no real solution") else words


def is_special(text: str) -> bool:
    """Whether a text is words that stand in for a value: "no solution", "undefined" ..."""
    return spoken(text) in SPECIAL


def special(text: str, problem: Question, readable: bool) -> Verdict | None:
    """Judge where the answer or what was given is special words.

    Args:
        text: What was given.
        problem: The problem.
        readable: Whether the text is an answer of the problem's kind, and so a wrong one if it should be words.
    """
    if is_special(text) and is_special(problem.answer):
        return judged(kind_of_solution(spoken(text)) == kind_of_solution(spoken(problem.answer)), text)
    if is_special(text):
        return Verdict("wrong", "there is an answer", text)
    return Verdict("wrong", f"the answer is: {problem.answer}", text) if readable else None


def spoken(text: str) -> str:
    """A text in lower case without punctuation, articles and `is`."""
    text = plain(text)
    words = re.sub(r"[^\w\s'%/<>=√∛π.+-]", " ", text.lower().replace("-", " ")).strip(" .'").split()
    return " ".join(word for word in words if word not in ("a", "an", "the", "is", "it", "it's", "are", "they"))


def singular(words: str) -> str:
    """Words without the plural endings of English."""
    return " ".join(_one(word) for word in words.split())


def _one(word: str) -> str:
    if len(word) <= 3 or word.endswith(("ss", "us", "is")) or not word.endswith("s"):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("shes", "ches", "xes")) else word[:-1]


_ROMAN = {"1": "i", "2": "ii", "3": "iii", "4": "iv", "first": "i", "second": "ii", "third": "iii", "fourth": "iv"}
_YES = {"y": "yes", "yeah": "yes", "yep": "yes", "true": "yes", "n": "no", "nope": "no", "false": "no"}


def word(text: str, problem: Question) -> Verdict | None:
    """Judge a word or choice, tolerant of case, articles and plurals."""
    answer = singular(spoken(problem.answer))
    given = singular(spoken(text))
    if not given:
        return None
    choices = [singular(spoken(choice)) for choice in problem.choices]
    if answer in _ROMAN.values() and not set(choices) - set(_ROMAN.values()):
        given = given.removeprefix("quadrant ").removesuffix(" quadrant")
        given = _ROMAN.get(given, given)
    if {answer, *choices} <= {"yes", "no"}:
        first = re.match(r"\W*(\w+)", text)
        given = _YES.get(first[1].lower(), first[1].lower()) if first else ""
        other = {"yes": "no", "no": "yes"}.get(given)
        if first is None or other is None or not starts_with_it(text, first.end(), other, problem.text):
            return None
    if given == answer:
        return Verdict("right", "", text)
    number, wanted = read_number(text), read_number(problem.answer)
    if number is not None and wanted is not None and wanted.unit == number.unit:  # 4 is not 4π
        return judged(number.value == wanted.value, text)
    if given in choices:
        return Verdict("wrong", "another choice", text)
    return Verdict("wrong", "another word", text) if not choices and len(given.split()) <= 3 else None


_QUADRANT = re.compile(
    r"\b[Qq]uadrant\s+(IV|III|II|I|[1-4])\b|\b([Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth)\s+[Qq]uadrant\b"
    r"|(?<![\w'’])(IV|III|II)(?![\w'’])|\b(?:in|is|be)\s+(I)(?=\s*(?:[.,;!]|$|because\b|since\b))"
    r"|^\s*(I)(?=[\s.,;!]*(?:$|because\b|since\b))"
)


def only_choice(text: str, problem: Question) -> str | None:
    """The one choice that a text mentions; a longer choice hides a shorter one inside it.

    A choice that occurs in talk about anything ("right", "no") has to be said as the answer.
    """
    denied = re.search(r"\b(?:not|or|never)\b|n't\b", text, re.IGNORECASE)
    if problem.answer in ("I", "II", "III", "IV"):
        named = {_ROMAN.get(m[m.lastindex or 0].lower(), m[m.lastindex or 0].lower()) for m in _QUADRANT.finditer(text)}
        return named.pop().upper() if len(named) == 1 and not denied else None
    rest = f" {singular(spoken(text))} "
    found = []
    for choice in sorted({*problem.choices, problem.answer}, key=len, reverse=True):
        plain = f" {singular(spoken(choice))} "
        if plain.strip() and plain in rest:
            found.append(choice)
            rest = rest.replace(plain, "  ")
    if len(found) != 1 or (denied and found[0].lower() not in ("no", "not")):
        return None
    word = singular(spoken(found[0]))
    if is_everyday(word):
        places = re.finditer(rf"(?<![\w'’-]){re.escape(word)}(?![\w'’-])", text, re.IGNORECASE)
        return found[0] if any(is_stated(text, *m.span(), problem.text) for m in places) else None
    return found[0]


def is_talk(text: str, problem: Question) -> bool:
    """Whether the answer to a problem is a word of everyday talk and a text speaks to the tutor or the grader."""
    answer = singular(spoken(problem.answer))
    if answer in ("yes", "no"):  # a reason for yes or no may speak of anything
        return gives_orders(text, problem.text)
    return is_everyday(answer) and speaks_to_tutor(text, problem.text)


_CLOCK = re.compile(r"(\d{1,2})\s*:\s*(\d{2})\s*(?:[ap]\.?\s?m\.?)?$", re.IGNORECASE)
_SPOKEN = re.compile(r"(half|quarter|\d{1,2})\s*(?:minutes\s+)?(past|to|after|before)\s+(\w+)$", re.IGNORECASE)


def _minutes(text: str) -> int | None:
    text = text.strip().lower()
    if match := _CLOCK.match(text):
        return int(match[1]) % 12 * 60 + int(match[2]) if int(match[2]) < 60 and int(match[1]) <= 24 else None
    if match := _SPOKEN.match(text):
        hour = read_number(match[3])
        gap = {"half": 30, "quarter": 15}.get(match[1]) or int(match[1])
        if hour is None or gap >= 60:
            return None
        return (int(hour.value) % 12 * 60 + (gap if match[2] in ("past", "after") else -gap)) % 720
    match = re.fullmatch(r"(\w+)\s*(?:o'?\s?clock|[ap]\.?\s?m\.?)", text)
    hour = read_number(match[1]) if match else None
    return None if hour is None or hour.value.denominator != 1 else int(hour.value) % 12 * 60


def clock_time(text: str, problem: Question) -> Verdict | None:
    """Judge a time on a 12-hour clock; None when the text is no time."""
    given, answer = _minutes(text), _minutes(problem.answer)
    if answer is None:
        raise InputError(f"the answer {problem.answer!r} of a problem of kind time is no time")
    return None if given is None else judged(given == answer, text, "the time is different")
