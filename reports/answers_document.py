"""The key to the worksheet: answers, worked steps, and the wrong answers that give a misconception away."""

from classwright.classroom.plan import TIERS, LessonPlan
from classwright.reports.document import Block, Document, Heading, Item, Items, Line, Paragraph, line
from classwright.reports.printed import printed, printed_answer
from classwright.reports.worksheet_document import SETS
from classwright.skilltree.bank import wrong_answer
from classwright.skilltree.grading import grade
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import default_tree

TELLING = 2
"""Wrong answers that are shown with a problem at most."""


def answers_document(plan: LessonPlan) -> Document:
    """The key, in the order of the worksheet."""
    parts = [("Warm-up", plan.warm_up.problems), ("Practice together", plan.guided.problems)]
    parts += [(f"On your own: {SETS[tier]} ({tier})", plan.independent.tier(tier)) for tier in TIERS]
    parts.append(("Exit ticket", plan.exit_ticket.problems))
    blocks: list[Block] = []
    for title, problems in parts:
        blocks += [Heading(title), Items(tuple(_solved(p) for p in problems))]
    if plan.repairs:
        blocks.append(Heading("Misconceptions to look for"))
    for r in plan.repairs:
        blocks += [Heading(f"A learner {r.name}", 2), Paragraph((("Ask: ", "strong"), (r.question, "")))]
        blocks.append(Paragraph(line(r.move)))
    return Document(plan.title, "Answer key", blocks, language=plan.language)


def telling_answers(p: Problem) -> list[tuple[str, str]]:
    """(wrong answer, what a learner does who gives it) for the misconceptions about the problem's skill."""
    tree = default_tree()
    if p.skill not in tree:
        return []
    found: dict[str, str] = {}
    for m in tree.misconceptions_of(p.skill):
        wrong = wrong_answer(m.id, p)
        if wrong is not None and grade(wrong, p).result == "wrong":
            found.setdefault(wrong, m.name)
    return list(found.items())


def _solved(p: Problem) -> Item:
    head: Line = ((p.text + " → ", ""), (printed_answer(p), "answer"))
    below: list[Line] = [line(step, "soft") for step in p.steps]
    for wrong, name in telling_answers(p)[:TELLING]:
        below.append(((f"If you see {printed(wrong)}: ", "strong"), (f"the learner {name}.", "")))
    return Item(head, tuple(below))
