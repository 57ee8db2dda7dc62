"""What a student works on: the problems of the lesson with room to write, and no answer anywhere."""

from classwright.classroom.plan import TIERS, LessonPlan, Tier
from classwright.reports.document import (
    Block,
    Document,
    Heading,
    Item,
    Items,
    Line,
    NameLine,
    PageBreak,
    Paragraph,
    line,
)
from classwright.skilltree.problem import Problem

SETS: dict[Tier, str] = {"support": "Set A", "core": "Set B", "stretch": "Set C"}
"""What students see instead of the tiers' names; the answer key says which is which."""
LONG = 6.5
"""Centimeters of the line for a number; others get a longer one."""


def worksheet_document(plan: LessonPlan) -> Document:
    """Warm-up and guided practice, then each tier and the exit ticket on a page of its own."""
    blocks: list[Block] = [
        NameLine(),
        Heading("Warm-up"),
        to_solve(plan.warm_up.problems, plan.grade),
        Heading("Practice together"),
        to_solve(plan.guided.problems, plan.grade),
    ]
    for tier in TIERS:
        blocks += [PageBreak(), NameLine(), Heading(f"On your own: {SETS[tier]}")]
        blocks.append(to_solve(plan.independent.tier(tier), plan.grade))
    blocks += [
        PageBreak(),
        NameLine(),
        Heading("Exit ticket"),
        *[Paragraph(line(o.text), "soft") for o in plan.objectives],
    ]
    blocks.append(to_solve(plan.exit_ticket.problems, plan.grade))
    return Document(plan.title, "Worksheet", blocks, language=plan.language)


def to_solve(problems: list[Problem], grade: int) -> Items:
    """Problems with what to choose from or a line for the answer, and room for the work above it."""
    return Items(tuple(Item(line(p.text), (answer_line(p),), room_for(p, grade)) for p in problems))


def answer_line(p: Problem) -> Line:
    """Where the answer goes: "Answer: ____ cm", or the choices."""
    if p.kind == "comparison":
        return line("Answer:  <   >   =   (circle one)", "soft")
    if p.choices:
        return (("Circle one:   ", "soft"), ("   ·   ".join(p.choices), ""))
    blank = "_" * (14 if p.kind in ("number", "time", "point", "ratio") else 26)
    unit = f" {p.unit}" if p.unit else ""
    return (("Answer: ", "soft"), (blank + unit, ""))


def room_for(p: Problem, grade: int) -> float:
    """Room for the work in centimeters: more for longer work and for younger hands."""
    if p.kind in ("comparison",) or (p.choices and len(p.steps) < 3):
        return 0.6
    work = 0.9 + 0.45 * min(len(p.steps), 5)
    return round(work + (0.6 if grade <= 2 else 0.0), 1)
