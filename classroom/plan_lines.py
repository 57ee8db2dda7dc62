"""A lesson plan as a judge reads it: one line for each thing that a teacher would do or say, and quotes found again."""

import re
import unicodedata
from collections.abc import Sequence

from classwright.classroom.plan import LessonPlan
from classwright.skilltree.problem import Problem

BUDGET = 3600
"""Characters of a plan for a judge, about 1,100 tokens: two plans and the question fit into a context of 4,096."""
CAPS = (900, 600, 400, 320, 240, 180, 140)
"""Longest lines to try, in characters, until the plan is within its budget."""
LEAST_QUOTE = 12
"""Characters, after normalizing, that a quote needs to be evidence of anything."""

_MARKS = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "`": "'", "–": "-", "—": "-", "−": "-"})
_GAP = re.compile(r"\s*(?:\.{3,}|…|\[\.+\])\s*")


def plan_lines(plan: LessonPlan, budget: int = BUDGET) -> list[str]:
    """The plan as lines, the exit ticket and the worked examples with their answers.

    Args:
        plan: The plan.
        budget: Characters in all. A plan that is longer has its longest lines cut at a word, marked with "…".
    """
    lines = [line for raw in _raw_lines(plan) if (line := " ".join(raw.split()))]
    for cap in CAPS:
        cut = [_cut(line, cap) for line in lines]
        if sum(map(len, cut)) <= budget:
            return cut
    return [_cut(line, CAPS[-1]) for line in lines]


def _raw_lines(plan: LessonPlan) -> list[str]:
    lines = [
        f"{plan.title}, {plan.minutes} minutes, for: {plan.audience}",
        "Timetable: " + ", ".join(f"{part} {minutes}" for part, minutes in plan.timetable()),
        *(f"Objective: {o.text}" for o in plan.objectives),
        "Warm-up: " + _asked(plan.warm_up.problems),
        f"Opening: {plan.hook.text}",
    ]
    for e in plan.explanations:
        lines.append(f"Explanation: {e.text.text}")
        lines += [f"{label}: {text}" for label, text in (("Method", " ".join(e.method)), ("Model", e.picture)) if text]
    lines += [
        f"Worked example: {w.problem.text} {w.talk.text} Answer: {w.problem.answer}" for w in plan.worked_examples
    ]
    lines += [f"If a learner {r.name}: {r.move}" for r in plan.repairs]
    lines += [f"{i.kind.capitalize()}: {i.text.text}" for i in plan.ideas]
    lines.append("Guided practice: " + _asked(plan.guided.problems[:3]))
    lines.append("Independent practice: " + _asked(plan.independent.core[:3]))
    lines += [f"Group {g.name} ({g.why}): {g.activity.text}" for g in plan.groups]
    lines.append("Exit ticket: " + " | ".join(f"{p.text} (answer: {p.answer})" for p in plan.exit_ticket.problems))
    return [*lines, f"Closing: {plan.closing.text}", *(f"Note: {n.text}" for n in plan.notes)]


def _asked(problems: Sequence[Problem]) -> str:
    return " | ".join(p.text for p in problems)


def _cut(line: str, cap: int) -> str:
    return line if len(line) <= cap else line[: cap - 2].rsplit(" ", 1)[0] + " …"


def stands_in(quote: str, text: str) -> bool:
    """Whether a quote stands in a text, whatever its white space, case and kind of quotation marks.

    A quote that leaves something out ("first words ... last words") stands in a text if its pieces do, in order.
    A quote of less than `LEAST_QUOTE` characters is evidence of nothing, unless it is all that the text says.
    """
    whole = normal(text)
    pieces = [piece for raw in _GAP.split(quote) if (piece := normal(raw).strip(" \"'"))]
    if not pieces or (sum(map(len, pieces)) < LEAST_QUOTE and pieces != [whole.strip(" \"'")]):
        return False
    place = 0
    for piece in pieces:
        found = whole.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return True


def normal(text: str) -> str:
    """A text with one kind of quotation mark, dash, case and space."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_MARKS).casefold().split())
