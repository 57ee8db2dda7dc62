"""What a simulated student says of its own wrong solution: why it did so, that it stays with it, what it sees later."""

import re
from collections.abc import Collection
from fractions import Fraction

from classwright.classroom.departure import DOES, Departure
from classwright.classroom.solution_steps import number_of
from classwright.classroom.story_sentences import asking, numbers_of, telling
from classwright.classroom.wrong_lines import spelled
from classwright.skilltree.problem import Problem

LONGEST = 25
"""Words of a step that a student says as it stands; of a longer one only the calculation."""
_BECAUSE = {
    "+": "I thought I have to put them together.",
    "-": "I thought one has to come off the other.",
    "*": "I thought it is so many times as much.",
    "/": "I thought it has to be shared out.",
}
_LINK = re.compile(
    r"^(?:so|thus|therefore|then|next|finally|first(?:ly)?|second(?:ly)?|and|hence|now)\b[,\s]*(?:and\s+)?", re.I
)


def reason(d: Departure, problem: Problem) -> str:
    """Why the student did what it did, in its own words."""
    if d.kind == "slip":
        return f"I worked {spelled(d.done.terms)} out in my head."
    if d.kind == "stopped":
        return f"I worked out {d.equation} and thought that is what they ask."
    for number in d.odd:
        value = number_of(number)
        if value is not None and value in numbers_of(problem.text):
            sentence = telling(problem.text, {value}) or asking(problem.text)
            return f"It says “{sentence}”, so I took the {number}."
    return _BECAUSE.get(d.signs[0], f"I put the numbers together like that: {d.equation}.")


def again(d: Departure, answer: str) -> str:
    """What it points to when it stays with its answer; "" where that is the wrong line's own result."""
    return "" if d.result.lstrip("$") == answer.lstrip("$") else f"{d.equation}."


def seen(d: Departure, problem: Problem) -> str:
    """The right step in place of the wrong one, once the student has seen it."""
    text = problem.steps[d.step] if d.step < len(problem.steps) else ""
    text = _LINK.sub("", " ".join(text.split())).rstrip(". ")
    if not text or len(text.split()) > LONGEST:
        text = f"it is {spelled(d.due.terms)} = {d.due.shown}"
    return f"{text[0].upper()}{text[1:]}."


def looking_back(d: Departure) -> str:
    """What was wrong, told by a student who has found the answer."""
    mine, due = d.signs
    if d.kind == "slip":
        return f"I just worked {spelled(d.done.terms)} out wrong."
    if d.kind == "stopped":
        return f"I stopped at {d.equation}, and that is not yet what they ask."
    if d.kind == "left out":
        return f"I went on too fast: there is a step before {d.equation} that I had forgotten."
    if mine and due and mine != due:
        return f"In {d.equation} I have to {DOES[due]}, not {DOES[mine]}. That is what the story says."
    if d.odd:
        return f"In {d.equation} the {d.odd[0]} is the wrong number. It is about something else."
    return f"In {d.equation} a number was missing."


def points_to(numbers: Collection[Fraction], d: Departure) -> bool:
    """Whether a tutor who says these numbers speaks of the wrong place: of its line, or of what belongs there."""
    there = {x for t in (*d.done.terms, *d.due.terms) if t.is_number and (x := number_of(t.text)) is not None}
    return bool(set(numbers) & (there | {d.done.result}))
