"""The lesson plan as a paper document for the teacher."""

import re
from collections.abc import Sequence
from itertools import zip_longest

from classwright.classroom.plan import TIERS, LessonPlan, Repair, WorkedExample
from classwright.graphs.lesson_result import LessonResult
from classwright.reports.document import (
    Block,
    Box,
    Document,
    Heading,
    Item,
    Items,
    Line,
    Paragraph,
    Table,
    bullets,
    line,
    said,
    side_by_side,
    steps,
)
from classwright.reports.ideas import ELSEWHERE, LABELS, ideas_by_place
from classwright.reports.printed import printed, printed_answer
from classwright.reports.sources import notices, settled
from classwright.reports.worksheet_document import is_short
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import default_tree

NOT_VERIFIED = (
    "Not verified by code. This subject is outside the skill tree: a model wrote it alone. Check every fact and answer "
    "before you teach it."
)


def lesson_document(result: LessonResult) -> Document:
    """The plan with its answers, part by part in teaching order."""
    plan = result.plan
    ideas = {place: _ideas(found) for place, found in ideas_by_place(plan).items()}
    blocks: list[Block] = []
    if not plan.verified:
        blocks.append(Box((Paragraph(line(NOT_VERIFIED, "strong")),), "warm"))
    for heading, lines in notices(plan):
        blocks.append(Box((Paragraph(line(heading, "strong")), bullets(lines)), "warm"))
    if result.resolved:
        blocks.append(Paragraph(line(result.resolved), "soft"))
    blocks += _at_a_glance(plan)
    blocks += [Heading("Warm-up: are we ready?", note=_min(plan.warm_up.minutes)), *_answered(plan.warm_up.problems)]
    blocks += ideas.get("warm-up", [])
    blocks += [Heading("Opening", note=_min(plan.hook_minutes)), *said(plan.hook.text), *ideas.get("hook", [])]
    for e in plan.explanations:
        title = "The idea" if e.skill == plan.skill else f"Review first: {skill_name(e.skill)}"
        blocks += [Heading(title, note=_min(e.minutes)), *said(e.text.text)]
        blocks += [steps(e.method)] if e.method else []
        if e.picture:
            blocks.append(Box((Paragraph((("Show it. ", "strong"), (e.picture, ""))),)))
    blocks += ideas.get("explanation", [])
    for n, w in enumerate(plan.worked_examples, 1):
        answer = Paragraph((("Answer: ", ""), (printed_answer(w.problem), "answer")))
        shown = [steps(board(w))] if board(w) else []
        blocks.append(Heading(f"Worked example {n}", note=_min(w.minutes)))
        blocks.append(Box((Paragraph(line(w.problem.text, "strong")), *said(w.talk.text), *shown, answer)))
    blocks += ideas.get("worked example", [])
    if plan.repairs:
        blocks.append(Heading("Mistakes to expect"))
        blocks += [block for r in plan.repairs for block in _repair(r)]
    blocks += ideas.get("misconception", [])
    hints = [h.text for h in plan.guided.hints]
    blocks += [
        Heading("Guided practice", note=_min(plan.guided.minutes)),
        *_answered(plan.guided.problems, hints),
        *ideas.get("guided practice", []),
        Heading("Independent practice", note=_min(plan.independent.minutes)),
    ]
    for tier in TIERS:
        blocks += [Heading(tier.capitalize(), 2), *_answered(plan.independent.tier(tier))]
    blocks += ideas.get("independent practice", [])
    blocks.append(Heading("Who does what"))
    for g in plan.groups:
        who = f" ({', '.join(g.learners)}; {g.why}): "
        blocks.append(Paragraph(((g.name.capitalize(), "strong"), (who, "soft"), (g.activity.text, ""))))
    blocks += [Heading("Exit ticket", note=_min(plan.exit_ticket.minutes)), *_answered(plan.exit_ticket.problems)]
    blocks += ideas.get("exit ticket", [])
    blocks += [Heading("Closing"), *said(plan.closing.text), *ideas.get("closing", [])]
    if ELSEWHERE in ideas:
        blocks += [Heading("More ideas"), *ideas[ELSEWHERE]]
    if plan.notes:
        blocks += [Heading("Notes for the teacher"), bullets([n.text for n in plan.notes])]
    blocks += [Heading("For the family"), *said(plan.family_note.text)]
    if plan.passages:
        blocks.append(Heading("From the source"))
        blocks += [
            Paragraph(((f"[{p.id}] ", "strong"), (f"“{p.text}” ", ""), (p.source, "soft"))) for p in plan.passages
        ]
    blocks.append(Paragraph(line(checked(result)), "soft"))
    return Document(plan.title, "Lesson plan", blocks, lead(plan), plan.language)


def lead(plan: LessonPlan) -> str:
    """Whom and how long it is for."""
    return " · ".join(
        [plan.audience, f"{plan.minutes} minutes", *([", ".join(plan.standards)] if plan.standards else [])]
    )


def checked(result: LessonResult) -> str:
    """What was checked by code, in a sentence."""
    c = result.checks
    by_teacher = f" {_answers(n)} checked by the teacher, not by code." if (n := unchecked(result)) else ""
    if not result.plan.verified:
        found = f"Equations found: {c.equations} ({c.false_equations} false)."
        return f"Not verified by code. {settled(result.plan)} {found}{by_teacher}"
    return (
        f"Checked by code: {_answers(c.answers)} ({c.wrong_answers} wrong), {c.equations} equations "
        f"({c.false_equations} false).{by_teacher}"
    )


def unchecked(result: LessonResult) -> int:
    """How many answers are the teacher's word, which code could not work out again."""
    return len(result.review.unchecked) if result.review else 0


def _answers(n: int) -> str:
    return f"{n} answer{'' if n == 1 else 's'}"


def board(w: WorkedExample) -> tuple[str, ...]:
    """The steps to write on the board: those of the problem, where what is said does not say every one of them."""
    spoken = " ".join(w.talk.text.casefold().split())
    said_all = all(" ".join(step.casefold().split()).rstrip(".") in spoken for step in w.problem.steps)
    return () if said_all else w.problem.steps


def quoted(text: str) -> str:
    """A problem within a sentence: without the period at its end."""
    return text.removesuffix(".")


def close(text: str) -> str:
    """An answer whose unit or words stay with what is before them, where it is short enough for half a line."""
    return re.sub(r" (?=[^\W\d])", "\u00a0", text) if len(text) <= 28 else text


def skill_name(skill: str) -> str:
    """A skill's name where the tree has it, else its id."""
    tree = default_tree()
    return tree[skill].name if skill in tree else skill


def _min(minutes: int) -> str:
    return f"{minutes} min"


def _at_a_glance(plan: LessonPlan) -> list[Block]:
    rows = tuple((part, str(minutes)) for part, minutes in plan.timetable())
    blocks: list[Block] = [
        Heading("At a glance"),
        Table(("Part", "Minutes"), (*rows, ("Together", str(sum(m for _, m in plan.timetable())))), (0.8, 0.2)),
        Heading("Objectives", 2),
        bullets([o.text for o in plan.objectives]),
    ]
    if plan.materials:
        blocks.append(Paragraph((("Materials: ", "strong"), (", ".join(plan.materials), ""))))
    if plan.vocabulary:
        words = tuple(Item(((term, "strong"), (f": {meaning}", ""))) for term, meaning in plan.vocabulary.items())
        blocks += [Heading("Words to know", 2), Items(words, numbered=False)]
    return blocks


def _answered(problems: list[Problem], hints: Sequence[str] = ()) -> list[Items]:
    items: list[tuple[Item, bool]] = []
    for p, hint in zip_longest(problems, hints[: len(problems)]):
        text: Line = ((f"{p.text} →\u00a0", ""), (close(printed_answer(p)), "answer"))
        below = (line(f"Hint: {hint}", "soft"),) if hint else ()
        items.append((Item(text, below), is_short(p) and not hint and len(printed_answer(p)) < 16))
    return side_by_side(items)


def _repair(r: Repair) -> list[Block]:
    when = _min(r.minutes) if r.minutes else "at hand"
    shows: Line = (
        (f"Shows up: {r.trigger}. On ", ""), (quoted(r.problem.text), "em"), (" such a learner answers ", ""),
        (printed(r.wrong_answer), "strong"), ("; right is ", ""), (printed(r.problem.answer), "answer"), (".", ""),
    )  # fmt: skip
    ask: Line = (("Ask: ", "strong"), (r.question, ""))
    return [
        Heading(f"When a learner {r.name}", 2, when),
        Box((Paragraph(shows), Paragraph(ask), Paragraph(line(r.move))), "warm"),
    ]


def _ideas(ideas: list) -> list[Block]:
    return [Box((Paragraph(((LABELS[i.kind] + ". ", "strong"), (i.text.text, ""))),)) for i in ideas]
