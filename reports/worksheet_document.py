"""What a student works on: the problems of the lesson with room to write, and no answer anywhere."""

from classwright.classroom.plan import TIERS, LessonPlan, Tier
from classwright.reports.document import (
    Block,
    Document,
    Heading,
    Item,
    Line,
    NameLine,
    PageBreak,
    Paper,
    Paragraph,
    line,
    side_by_side,
)
from classwright.reports.worksheet_room import filled
from classwright.skilltree.problem import Problem

SETS: dict[Tier, str] = {"support": "Set A", "core": "Set B", "stretch": "Set C"}
"""What students see instead of the tiers' names; the answer key says which is which."""
SHORT = 64
"""Characters up to which two problems stand side by side."""

TITLE = 1.3
"""Height of the title on the first page, cm."""


def worksheet_document(plan: LessonPlan, paper: Paper = "letter") -> Document:
    """Warm-up and guided practice, then each tier and the exit ticket on a page of its own.

    Args:
        plan: The lesson.
        paper: Size of the pages, which says how much room there is to write.
    """
    first: list[Block] = [NameLine(), Heading("Warm-up"), *to_solve(plan.warm_up.problems, plan.grade)]
    first += [Heading("Practice together"), *to_solve(plan.guided.problems, plan.grade)]
    blocks = filled(first, paper, head=TITLE)
    for tier in TIERS:
        problems = to_solve(plan.independent.tier(tier), plan.grade)
        blocks += [PageBreak(), *filled([NameLine(), Heading(f"On your own: {SETS[tier]}"), *problems], paper)]
    last: list[Block] = [NameLine(), Heading("Exit ticket")]
    last += [Paragraph(line(o.text), "soft") for o in plan.objectives]
    last += to_solve(plan.exit_ticket.problems, plan.grade)
    blocks += [PageBreak(), *filled(last, paper)]
    return Document(plan.title, "Worksheet", blocks, language=plan.language, large=True)


def to_solve(problems: list[Problem], grade: int) -> list[Block]:
    """Problems with what to choose from or a line for the answer, and room for the work above it."""
    items = [(Item(line(p.text), (answer_line(p),), room_for(p, grade)), is_short(p)) for p in problems]
    return [*side_by_side(items)]


def answer_line(p: Problem) -> Line:
    """Where the answer goes: "Answer: ____ cm", or the choices."""
    if p.kind == "comparison":
        return (("Circle one:   ", "soft"), ("<   ·   >   ·   =", ""))
    if p.choices:
        return (("Circle one:   ", "soft"), ("   ·   ".join(p.choices), ""))
    blank = "_" * (14 if p.kind in ("number", "time", "point", "ratio") else 24)
    return (("Answer: ", "soft"), (f"{blank} {p.unit}".rstrip(), ""))


def room_for(p: Problem, grade: int) -> float:
    """Room for the work in centimeters: more for longer work and for younger hands."""
    if p.kind == "comparison" or (p.choices and len(p.steps) < 3):
        return 0.6
    work = 0.7 + 0.3 * min(len(p.steps), 4)
    return round(work + (0.6 if grade <= 2 else 0.0), 1)


def is_short(p: Problem) -> bool:
    """Whether half of a page's width is enough for the problem."""
    return len(p.text) <= SHORT and "\n" not in p.text and len(" ".join(p.choices)) <= SHORT // 2
