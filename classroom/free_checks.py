"""What code can say of a plan on a subject outside the skill tree: equations, form, and how answers were settled."""

import re
from typing import NamedTuple

from classwright.classroom.claims import content
from classwright.classroom.equations import find_equations
from classwright.classroom.free_plan import FAMILY, QUESTION
from classwright.classroom.plan import LessonPlan
from classwright.classroom.section_problems import TEACHER
from classwright.classroom.verify import Checks, Finding


class Agreement(NamedTuple):
    """Questions of a plan by who saw that two solutions of them agree, or stated the answer; `open` have neither."""

    by_code: int
    by_opinion: int
    open: int
    by_teacher: int = 0


def agreement(plan: LessonPlan) -> Agreement:
    """How the answers of a plan were settled."""
    kinds = [
        TEACHER if p.family == TEACHER else str(p.values.get("agreed", ""))
        for p in {p.id: p for p in plan.problems()}.values()
    ]
    known = [kinds.count(kind) for kind in ("code", "model", TEACHER)]
    return Agreement(known[0], known[1], len(kinds) - sum(known), known[2])


def doubts(plan: LessonPlan) -> int:
    """What speaks against a plan before any judge: statements that its source does not make, questions that had to be
    left out, answers that agree in an opinion only. Without a source every statement is the model's own, and their
    number says how long a plan is, so they do not count.
    """
    if plan.verified:
        return 0
    lines = plan.unsupported if plan.passages else [x for x in plan.unsupported if x.startswith(QUESTION)]
    return len(lines) + agreement(plan).by_opinion


def check_topic(plan: LessonPlan) -> Checks:
    """What code can say of such a plan: equations, minutes, pairing, and a test that repeats no practice.

    Answers are not counted as checked: that two solutions agree is no proof. See `agreement`.
    """
    found = [(where, e) for where, text in plan.texts() for e in find_equations(text, questions=False)]
    false = [Finding(kind="false equation", where=where, what=e.text) for where, e in found if e.truth == "false"]
    findings = [*false, *_form(plan)]
    return Checks(
        equations=len(found),
        open_equations=sum(e.truth == "open" for _, e in found),
        false_equations=len(false),
        answers=0,
        wrong_answers=0,
        findings=findings,
    )


def _form(plan: LessonPlan) -> list[Finding]:
    found: list[Finding] = []
    total = sum(minutes for _, minutes in plan.timetable())
    if total != plan.minutes:
        what = f"the parts take {total} minutes, the lesson has {plan.minutes}"
        found.append(Finding(kind="minutes", where="timetable", what=what))
    exits = {p.id: p for p in plan.exit_ticket.problems}
    found += [
        Finding(kind="objective", where=o.id, what=f"{o.text!r} is not assessed: no exit-ticket item {o.assessed_by}")
        for o in plan.objectives
        if o.assessed_by not in exits
    ]
    practiced = {plain(p.text) for p in plan.practice_problems()}
    found += [
        Finding(kind="test leak", where=p.id, what=f"the lesson practices the exit question {p.text!r}")
        for p in exits.values()
        if plain(p.text) in practiced
    ]
    found += [
        Finding(kind="wrong answer", where=p.id, what=f"no two solutions agree on an answer to {p.text!r}")
        for p in {p.id: p for p in plan.problems()}.values()
        if p.values.get("agreed") not in ("code", "model") and p.family == FAMILY
    ]
    return found


def plain(text: str) -> str:
    """A question without case and punctuation, to tell whether it is asked twice."""
    return " ".join(re.findall(r"\w+", text.lower()))


def gives_away(asked: str, answer: str) -> bool:
    """Whether a question holds its answer. One that offers a choice ("the sun or the moon?") must."""
    words = set(content(answer))
    return (
        bool(words)
        and words <= set(content(asked))
        and not re.search(r"\b(?:or|which of|true or false)\b|:", asked, re.I)
    )
