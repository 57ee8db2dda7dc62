"""What a plan says of its sources: what they do not support, what became of questions, what is false in them."""

import re
from typing import NamedTuple

from classwright.classroom.free_plan import QUESTION
from classwright.classroom.plan import LessonPlan

FAULT = "source: "
"""How a line of `LessonPlan.unsupported` begins that says what code knows to be false in a source."""
MARK = re.compile(r"\s*\[S\d+(?:, S\d+)*\]")
"""A citation in a text of a plan."""


class Support(NamedTuple):
    """The lines of `LessonPlan.unsupported` by what they are about, without the prefixes of the last two.

    Attributes:
        claims: "explanation 1: ...", "answer to “...”: ...": statements that no passage makes.
        questions: Questions that were left out or whose answer was corrected, with the reason.
        faults: What a source says against code.
    """

    claims: list[str]
    questions: list[str]
    faults: list[str]


def support(plan: LessonPlan) -> Support:
    """What a plan says of its sources."""
    lines = plan.unsupported
    return Support(
        [x for x in lines if not x.startswith((QUESTION, FAULT))],
        [x.removeprefix(QUESTION) for x in lines if x.startswith(QUESTION)],
        [x.removeprefix(FAULT) for x in lines if x.startswith(FAULT)],
    )


def cited(plan: LessonPlan) -> list[str]:
    """The ids of the passages that a text of the plan cites, in the order of the passages."""
    texts = [words.text for _, words in plan.slots()] + list(plan.vocabulary.values())
    marks = {i for text in texts for mark in MARK.findall(text) for i in re.findall(r"S\d+", mark)}
    return [p.id for p in plan.passages if p.id in marks]
