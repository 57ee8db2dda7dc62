"""What code can say about a finished plan: every equation, every answer, the minutes, the objectives, the test."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from pydantic import BaseModel

from classwright.classroom.equations import find_equations, numbers_in
from classwright.classroom.plan import TIERS, LessonPlan
from classwright.errors import InputError
from classwright.skilltree.bank import generator_ids, has_few_problems, numbers, wrong_answer
from classwright.skilltree.expression import evaluate
from classwright.skilltree.grading import grade, same_answer
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree

EVERYDAY = frozenset(
    Fraction(n)
    for n in (12, 16, 24, 36, 52, 60, 90, 100, 180, 360, 365, 1000, 2000, 3600, 5280, 10_000, 100_000, 1_000_000)
)
"""Numbers that a question may need without stating them: minutes of an hour, degrees of a turn, places."""

Kind = Literal["false equation", "wrong answer", "minutes", "objective", "coverage", "test leak"]


class Finding(BaseModel):
    """Something wrong in a plan, and where."""

    kind: Kind
    where: str
    what: str


class Checks(BaseModel):
    """The result of verifying a plan.

    Attributes:
        equations: Equations found in its texts; `open_equations` of them hold a letter or a blank.
        answers: Answers re-derived from the problems' expressions.
        findings: Everything wrong; empty for a good plan.
        facts: Skills that are a small set of facts, so that the test asks some that the lesson practices.
    """

    equations: int
    open_equations: int
    false_equations: int
    answers: int
    wrong_answers: int
    findings: list[Finding]
    facts: list[str] = []

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


def verify(plan: LessonPlan, tree: SkillTree, held_out: Sequence[Problem] = ()) -> Checks:
    """Check a plan by code.

    Args:
        plan: The plan, from a draft, a model's edit or a person's.
        tree: The skill tree it refers to.
        held_out: Test items that must not occur in it.
    """
    findings: list[Finding] = []
    equations = open_equations = 0
    problem_texts = {f"problem {p.id}" for p in plan.problems()}
    questions = {f"misconception {r.misconception}" for r in plan.repairs}
    for where, text in plan.texts():
        # a problem may ask whether an equation is true; a statement may not hold a false one
        for e in find_equations(text, questions=where not in problem_texts | questions):
            equations += 1
            open_equations += e.truth == "open"
            if e.truth == "false":
                findings.append(Finding(kind="false equation", where=where, what=e.text))
    wrong = [f for p in plan.problems() for f in check_problem(p)]
    findings += wrong
    findings += _wrong_ideas(plan)
    findings += _minutes(plan) + _objectives(plan) + _coverage(plan, tree) + _leaks(plan, held_out)
    return Checks(
        equations=equations,
        open_equations=open_equations,
        false_equations=sum(f.kind == "false equation" for f in findings),
        answers=len(plan.problems()),
        wrong_answers=len(wrong),
        findings=findings,
        facts=sorted(s for s in plan.skills if s in generator_ids() and has_few_problems(s)),
    )


def check_problem(p: Problem) -> list[Finding]:
    """Whether a problem's answer follows from its expression and the expression's numbers stand in its text."""
    try:
        value = evaluate(p.expression)
    except InputError as e:
        return [Finding(kind="wrong answer", where=p.id, what=f"{p.expression} cannot be worked out: {e}")]
    if not same_answer(value, p.answer, kind=p.kind, form=p.form):
        return [Finding(kind="wrong answer", where=p.id, what=f"the answer is {value}, the plan says {p.answer}")]
    stated = numbers_in(p.text)
    for literal in re.findall(r"\d+(?:\.\d+)?", re.sub(r"\"[^\"]*\"", "", p.expression)):
        number = Fraction(literal)
        if number > 10 and number not in EVERYDAY and number not in stated and literal not in p.text:
            return [Finding(kind="wrong answer", where=p.id, what=f"{literal} is not in the text of the problem")]
    return []


def _wrong_ideas(plan: LessonPlan) -> list[Finding]:
    """A misconception's wrong answer must be what its rule gives, and must be wrong."""
    rows = [(r.misconception, r.problem, r.wrong_answer) for r in plan.repairs]
    rows += [(x.misconception, x.problem, x.wrong_answer) for x in plan.likely]
    found = []
    for name, problem, stated in rows:
        if name and wrong_answer(name, problem) != stated:
            found.append(
                Finding(kind="coverage", where=name, what=f"its rule does not give {stated} for {problem.text}")
            )
        elif grade(stated, problem).result == "right":
            what = f"{stated} is the right answer to {problem.text}"
            found.append(Finding(kind="coverage", where=name or "opinion", what=what))
    return found


def _minutes(plan: LessonPlan) -> list[Finding]:
    total = sum(minutes for _, minutes in plan.timetable())
    if total == plan.minutes:
        return []
    return [
        Finding(
            kind="minutes", where="timetable", what=f"the parts take {total} minutes, the lesson has {plan.minutes}"
        )
    ]


def _objectives(plan: LessonPlan) -> list[Finding]:
    assessed = {p.id: p for p in plan.exit_ticket.problems}
    found = []
    for o in plan.objectives:
        item = assessed.get(o.assessed_by)
        if item is None:
            what = f"{o.text!r} is not assessed: no exit-ticket item {o.assessed_by}"
            found.append(Finding(kind="objective", where=o.id, what=what))
        elif item.skill != o.skill:
            what = f"{o.text!r} is assessed by an item on {item.skill}"
            found.append(Finding(kind="objective", where=o.id, what=what))
    if plan.skill not in {o.skill for o in plan.objectives}:
        found.append(Finding(kind="objective", where="objectives", what=f"none is about the goal {plan.skill}"))
    return found


def _coverage(plan: LessonPlan, tree: SkillTree) -> list[Finding]:
    found = [Finding(kind="coverage", where="skills", what=f"unknown skill {s}") for s in plan.skills if s not in tree]
    explained = {e.skill for e in plan.explanations}
    found += [Finding(kind="coverage", where=s, what="is never explained") for s in plan.skills if s not in explained]
    parts = {"guided practice": plan.guided.problems, "exit ticket": plan.exit_ticket.problems}
    parts |= {f"{tier} practice": plan.independent.tier(tier) for tier in TIERS}
    for name, items in parts.items():
        if not any(p.skill == plan.skill for p in items):
            found.append(Finding(kind="coverage", where=name, what=f"has no problem on {plan.skill}"))
    return found


def _leaks(plan: LessonPlan, held_out: Sequence[Problem]) -> list[Finding]:
    practiced = {numbers(p) for p in plan.practice_problems()}
    shown = {_plain(p.text) for p in plan.practice_problems()}
    found = []
    for p in [*plan.exit_ticket.problems, *held_out]:
        if p.skill in generator_ids() and has_few_problems(p.skill):
            continue
        if numbers(p) in practiced or _plain(p.text) in shown:
            found.append(Finding(kind="test leak", where=p.id, what=f"is practiced in the lesson: {p.text}"))
    return found


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
