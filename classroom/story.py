"""What the text of a word problem says, as far as code can read it: its numbers, its question, what it asks to do.

`story_faults` holds a text against the expression it is said to stand for. Every number of the expression must stand in
the text unless the bank's own stories leave it out (the 100 of a percent, the 2 of a perimeter); every number of the
text must be used by the expression, as often as the text names it. A number that is there only to distract is refused
too: a model that writes one has, nearly always, written another problem than its expression.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from classwright.classroom.expression_form import Reading, take_apart
from classwright.classroom.quantity import UNITS
from classwright.skilltree.bank import generator_ids, problem
from classwright.skilltree.problem import Form, Problem

STORIES = 150
"""Stories a level that are read to learn which numbers the bank's stories state."""
FIRST_SEED = 4_000_000
LEAST_WORDS = 12
SHARE = 0.1
"""Share of a skill's problems that must be stories of a pattern for a model to write one of it."""
READABLE = 0.6
"""Share of the bank's own stories of a pattern in which code must find no fault, or it cannot judge others of it."""

SETTINGS = ("school", "baking", "football", "dogs", "space", "gardening")

_WORDS = {
    word: n
    for n, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
} | {word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_HIDDEN = {"half": 2, "halves": 2, "halfway": 2, "twice": 2, "double": 2, "doubles": 2, "doubled": 2, "triple": 3,
           "triples": 3, "thrice": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4, "thirds": 3, "fifths": 5,
           "sixths": 6, "eighths": 8, "tenths": 10, "dozen": 12, "dozens": 12, "hundred": 100, "thousand": 1000,
           "couple": 2, "pairs": 2}  # fmt: skip
"""Words that bring a number into a story without a digit."""
_DIGITS = re.compile(
    r"(?<![\w.])\$?(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?P<places>\.\d+)?(?:\s+(?P<top>\d+)/(?P<bottom>\d+)|/(?P<under>\d+))?"
    r"|(?P<word>[A-Za-z]+)"
)
_POINTING = frozenset("the these those both his her their our your its of".split())
_MATH_SIGNS = re.compile(r"[+×÷*=^√|○□◯●★▲<>_∛]|\d\s*-\s*\d")
_COUNTED = re.compile(r"how many (?:(?:more|fewer|whole|full|of) )*(?P<thing>[a-z]+(?: [a-z]+)?)", re.I)
_STOP = frozenset("are is do does did will can could would should has have had were was in on at left more fewer altogether "
                  "each per does there he she they it you we to for of remain now".split())  # fmt: skip


class Numbers(NamedTuple):
    """The numbers of a text, a fraction as its two numbers: those that count, and those that may be mere words."""

    stated: Counter[Fraction]
    maybe: Counter[Fraction]


def numbers_of(text: str) -> Numbers:
    """The numbers of a story.

    Mere words may be: "one", "two" after a word that points ("the two of them"), and a number in words that counts the
    other numbers ("two angles of 65° and 38°").
    """
    stated: Counter[Fraction] = Counter()
    maybe: Counter[Fraction] = Counter()
    words: list[int] = []
    before = ""
    for match in _DIGITS.finditer(text.translate(_PRINTED)):
        if word := match["word"]:
            low = word.lower()
            if low in _WORDS:
                if low == "one" or (low == "two" and before in _POINTING):
                    maybe[Fraction(_WORDS[low])] += 1
                else:
                    words.append(_WORDS[low])
            elif low in _HIDDEN:
                stated[Fraction(_HIDDEN[low])] += 1
            before = low
            continue
        stated[Fraction(match["whole"].replace(",", "") + (match["places"] or ""))] += 1
        for part in ("top", "bottom", "under"):
            if match[part]:
                stated[Fraction(match[part])] += 1
        before = ""
    given = sum(stated.values()) + len(words)
    for n in words:
        (maybe if n == given - 1 and n > 1 else stated)[Fraction(n)] += 1
    return Numbers(stated, maybe)


_PRINTED = str.maketrans({"½": " 1/2", "¼": " 1/4", "¾": " 3/4", "⅓": " 1/3", "⅔": " 2/3", "−": "-", "\u00a0": " "})


def sentences(text: str) -> list[str]:
    """The sentences of a story; a point inside a number or after an abbreviation ends none."""
    plain = re.sub(r"\b(Mr|Mrs|Ms|Dr|St)\.", r"\1", text.strip())
    return [s.strip() for s in re.split(r"(?<=[.!?])[\"”')]*\s+", plain) if s.strip()]


def question_of(text: str) -> str:
    """The last sentence, "" where it asks nothing."""
    last = sentences(text)[-1:] or [""]
    return last[0] if last[0].rstrip("\"”')").endswith("?") else ""


def asked_unit(text: str, answer_unit: str = "") -> str:
    """What is counted or measured in the question: "seeds" of "How many seeds are left?", "" where code cannot tell."""
    match = _COUNTED.search(question_of(text))
    if match is None:
        return answer_unit
    words = []
    for word in match["thing"].lower().split():
        if word in _STOP:
            break
        words.append(word)
    return " ".join(words)


def is_story(p: Problem) -> bool:
    """Whether a problem is a story with a question whose answer is a number, without written mathematics."""
    return (
        p.kind == "number"
        and '"' not in p.expression
        and p.text.count("?") == 1
        and bool(question_of(p.text))
        and len(p.text.split()) >= LEAST_WORDS
        and not _MATH_SIGNS.search(p.text)
    )


@dataclass(frozen=True)
class StoryForm:
    """What the bank's stories of one pattern have in common.

    Attributes:
        stated: Per number of the expression, whether every story names it.
        cues: Cue words (see `_CUES`) that their questions have.
        form: The form that their answers must have.
    """

    stated: tuple[bool, ...]
    cues: frozenset[str]
    form: Form


@cache
def learn_stories(skill: str) -> dict[str, StoryForm]:
    """Pattern -> what its stories are like, for the patterns in which a model may write stories.

    These are the ones of which the skill's generator itself tells stories often enough, and whose stories code reads
    well enough to find no fault in most of them. Empty for a skill whose problems are no stories (a shape to name, a
    graph to read, algebra to rewrite) or are stories of a kind that code cannot follow.
    """
    if skill not in generator_ids():
        return {}
    found: dict[str, list[tuple[Problem, Reading]]] = {}
    total = 0
    for p in story_samples(skill):
        total += 1
        if is_story(p):
            reading = take_apart(p.expression)
            found.setdefault(reading.pattern, []).append((p, reading))
    forms = {}
    for pattern, rows in found.items():
        form = _form_of(rows)
        readable = sum(not story_faults(p.text, p.expression, p.answer, form) for p, _ in rows)
        if len(rows) >= SHARE * total and readable >= READABLE * len(rows):
            forms[pattern] = form
    return forms


def _form_of(rows: list[tuple[Problem, Reading]]) -> StoryForm:
    given = [set(n.stated) | set(n.maybe) for n in (numbers_of(p.text) for p, _ in rows)]
    stated = tuple(
        all(abs(reading.leaves[i]) in known for (_, reading), known in zip(rows, given, strict=True))
        for i in range(len(rows[0][1].leaves))
    )
    cues = frozenset(
        name for name, cue in _CUES.items() if any(cue.search(question_of(p.text).lower()) for p, _ in rows)
    )
    forms: list[Form] = [p.form for p, _ in rows]
    return StoryForm(stated, cues, max(forms, key=forms.count))


def story_samples(skill: str, n: int = STORIES, first: int = FIRST_SEED) -> Iterator[Problem]:
    """`n` problems of every level, in settings in turn."""
    for level in (1, 2, 3):
        for seed in range(first, first + n):
            yield problem(skill, seed, level, SETTINGS[seed % len(SETTINGS)])


def story_faults(text: str, expression: str, answer: str, form: StoryForm) -> list[str]:
    """What in a text contradicts the expression that it is said to stand for, one reason each."""
    reading = take_apart(expression)
    found = _question_faults(text)
    found += _number_faults(text, reading, answer, form)
    question = question_of(text).lower()
    operation = reading.last
    for name in _AGAINST.get(operation, set()) - form.cues:
        if words := _CUES[name].search(question):
            found.append(f'it asks "{words.group()}", and the calculation ends with {_NAMES[operation]}')
    if "." not in answer and "/" in answer and (thing := _whole_thing(text)):
        found.append(f"the answer {answer} is no number of {thing}")
    if operation in ("+", "-") and re.search(r"\bof (the|what|his|her|their) (rest|remain\w*|left)", text, re.I):
        found.append("a part of the rest is no part of the whole")
    if operation == "+" and re.search(r"\d/\d+ of (the|a|an|his|her|their|its|all)\b", text) and _above_one(answer):
        found.append("parts of one whole are more than the whole")
    return found


def _question_faults(text: str) -> list[str]:
    asked = text.count("?")
    if asked != 1 or not question_of(text):
        return [f"it should end with its one question, and has {asked} question marks"]
    if re.search(r"\band (how|what|who|which|when)\b|, (how|what) .*\b(how|what)\b", question_of(text), re.I):
        return ["it asks two things at once"]
    if not re.search(r"\b(how|what|which)\b", question_of(text), re.I):
        return ["its question does not ask for a number"]
    return []


def _number_faults(text: str, reading: Reading, answer: str, form: StoryForm) -> list[str]:
    said, found = numbers_of(text), []
    available = Counter(abs(x) for x in [*reading.leaves, *reading.listed])
    for x, times in sorted((said.stated - available).items()):
        if x not in available:
            tells = any(n == x for n in numbers_of(answer).stated)
            found.append(f"it tells the answer {answer}" if tells else f"{_plain(x)} is not used by the calculation")
        else:
            found.append(f"{_plain(x)} stands {times} times too often in the text")
    known = set(said.stated) | set(said.maybe)
    needed = [x for x, always in zip(reading.leaves, form.stated, strict=True) if always]
    for x in dict.fromkeys([*needed, *reading.listed]):
        if abs(x) not in known:
            found.append(f"{_plain(abs(x))} of the calculation is not in the text")
    return found


def _plain(x: Fraction) -> str:
    return str(x) if x.denominator == 1 else str(float(x))


_NAMES = {"+": "adding", "-": "subtracting", "*": "multiplying", "/": "dividing"}
_NAMES = {"+": "adding", "-": "subtracting", "*": "multiplying", "/": "dividing"}
_CUES = {
    "together": re.compile(r"\b(in all|altogether|in total|total|together|combined|sum)\b"),
    "left": re.compile(r"\b(left|remain\w*|still)\b"),
    "compare": re.compile(r"\b(how (many|much) (more|fewer|less|longer|taller|heavier|farther)|difference|change)\b"),
}
"""Words of a question that tell which operation comes last."""
_AGAINST = {"+": {"left", "compare"}, "-": {"together"}, "*": {"left", "compare"}, "/": {"together", "compare"}}
"""Cues that contradict an operation, unless the bank's own stories of the pattern have them."""


_MEASURES = frozenset(UNITS) | frozenset(
    "liters liter gallons quarts pints cups miles pounds ounces kilometers meters centimeters millimeters inches feet yards "
    "kilograms grams hours minutes seconds days weeks months years dollars cents acres teaspoons tablespoons degrees units "
    "percent times square cubic points servings portions laps".split()
)


def _whole_thing(text: str) -> str:
    """What the question counts, where it is something that comes in whole numbers only; "" else."""
    thing = asked_unit(text)
    return "" if not thing or thing.split()[0] in _MEASURES or thing.split()[-1] in _MEASURES else thing


def _above_one(answer: str) -> bool:
    said = re.fullmatch(r"(\d+)(?: \d+/\d+)?|(\d+)/(\d+)", answer)
    return bool(said) and (int(said[1]) > 1 or " " in answer if said[1] else int(said[2]) > int(said[3]))


def is_readable_story(p: Problem) -> bool:
    """Whether a problem is a story of a pattern in which a model may write others."""
    return is_story(p) and take_apart(p.expression).pattern in learn_stories(p.skill)
