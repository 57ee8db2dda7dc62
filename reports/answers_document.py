"""The key to the worksheet: answers, worked steps, and the wrong answers that give a misconception away."""

from classwright.classroom.plan import TIERS, LessonPlan, Likely
from classwright.reports.document import Block, Box, Document, Heading, Item, Items, Line, Mark, Paragraph, line
from classwright.reports.lesson_document import NOT_VERIFIED, close
from classwright.reports.printed import printed, printed_answer
from classwright.reports.worksheet_document import SETS
from classwright.skilltree.bank import wrong_answer
from classwright.skilltree.grading import grade
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import default_tree

TELLING = 4
"""Wrong answers that are shown with a problem at most."""


def answers_document(plan: LessonPlan) -> Document:
    """Every answer in a few lines, the misconceptions with a letter each, then how each problem of the worksheet goes.

    All of it is in the order of the worksheet.
    """
    parts = [("Warm-up", plan.warm_up.problems), ("Practice together", plan.guided.problems)]
    parts += [(f"On your own: {SETS[tier]} ({tier})", plan.independent.tier(tier)) for tier in TIERS]
    parts.append(("Exit ticket", plan.exit_ticket.problems))
    telling = {p.id: telling_answers(p)[:TELLING] for _, problems in parts for p in problems}
    names = list(dict.fromkeys([r.misconception for r in plan.repairs] + [m for t in telling.values() for _, m in t]))
    letters = {name: _letter(i) for i, name in enumerate(names)}
    warning: list[Block] = [] if plan.verified else [Box((Paragraph(line(NOT_VERIFIED, "strong")),), "warm")]
    blocks: list[Block] = [*warning, Heading("Answers at a glance"), *(_quick(*part) for part in parts)]
    if letters:
        blocks += [Heading("Misconceptions to look for"), *_legend(plan, letters)]
    for title, problems in parts:
        solved = tuple(_solved(p, telling[p.id], letters, plan.likely) for p in problems)
        blocks += [Heading(title), Items(solved)]
    return Document(plan.title, "Answer key", blocks, language=plan.language)


def _quick(title: str, problems: list[Problem]) -> Paragraph:
    """The answers of a part on a line or two, to mark by."""
    found: list[tuple[str, Mark]] = [(f"{title}:", "strong")]
    for n, p in enumerate(problems, 1):
        answer: Line = ((f" \u2002{n}.\u00a0", "soft"), (close(printed_answer(p)), "answer"))
        found.extend(answer)
    return Paragraph(tuple(found))


def telling_answers(p: Problem) -> list[tuple[str, str]]:
    """(wrong answer, misconception) for the misconceptions about the problem's skill that lead to a wrong answer."""
    tree = default_tree()
    if p.skill not in tree:
        return []
    found: dict[str, str] = {}
    for m in tree.misconceptions_of(p.skill):
        wrong = wrong_answer(m.id, p)
        if wrong is not None and grade(wrong, p).result == "wrong":
            found.setdefault(wrong, m.id)
    return list(found.items())


def _letter(i: int) -> str:
    """A, B, ... Z, AA, AB, ..."""
    return ("" if i < 26 else _letter(i // 26 - 1)) + chr(ord("A") + i % 26)


def _legend(plan: LessonPlan, letters: dict[str, str]) -> list[Block]:
    repairs = {r.misconception: r for r in plan.repairs}
    tree = default_tree()
    blocks: list[Block] = []
    for name, letter in letters.items():
        repair = repairs.get(name)
        what = repair.name if repair else tree.misconception(name).name
        text: Line = ((f"({letter}) ", "strong"), (f"The learner {what}.", ""))
        ask: Line = ((" Ask: ", "strong"), (f"{repair.question} {repair.move}", "")) if repair else ()
        blocks.append(Paragraph((*text, *ask)))
    return blocks


def _solved(p: Problem, telling: list[tuple[str, str]], letters: dict[str, str], likely: list[Likely]) -> Item:
    head: Line = ((f"{p.text} →\u00a0", ""), (close(printed_answer(p)), "answer"))
    below: list[Line] = [line(" • ".join(p.steps), "soft")] if p.steps else []
    if telling:
        seen: list[tuple[str, Mark]] = [("Look for ", "")]
        for i, (wrong, name) in enumerate(telling):
            seen.append((f"{'; ' if i else ''}{printed(wrong)} ", "strong"))
            seen.append((f"({letters[name]})", ""))
        below.append(tuple(seen))
    for opinion in likely:
        if opinion.problem.id == p.id and opinion.by == "model":
            below.append(line(f"A model expects {opinion.wrong_answer}: {opinion.what}", "soft"))
    return Item(head, tuple(below))
