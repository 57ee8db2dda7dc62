"""Judges for tests: one that knows which lessons are real, and ones with planted biases."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from classwright.classroom.audience import assemble
from classwright.classroom.controls import swaps
from classwright.classroom.draft import draft_plan
from classwright.classroom.plan import LessonPlan
from classwright.classroom.plan_lines import plan_lines
from classwright.classroom.timetable import APPROACHES, need
from classwright.skilltree.sampling import sample_class
from classwright.skilltree.tree import default_tree

Script = Callable[[dict[str, Any]], Any]


def plan_for(goal: str = "fractions.add_unlike", seed: int = 7) -> LessonPlan:
    tree = default_tree()
    audience = assemble(sample_class(6, seed, tree, goal), goal, tree)
    return draft_plan(tree, audience, max(45, need(audience.missing)), next(iter(APPROACHES)), seed, None)


def texts(plans: Iterable[LessonPlan]) -> set[str]:
    """Real lessons and their equally good versions, as a judge reads them."""
    found = set()
    for plan in plans:
        found.add("\n".join(plan_lines(plan)))
        for swap in swaps(plan, 0):
            found |= {"\n".join(swap.a), "\n".join(swap.b)}
    return found


def asked(body: dict[str, Any]) -> tuple[str, list[str]]:
    """("levels", [plan]) or ("pair", [first, second]) or ("", []) for any other prompt."""
    user = body["messages"][1]["content"]
    if one := re.match(r"The plan:\n(.*)\n\nReply as JSON", user, re.S):
        return "levels", [one[1]]
    if two := re.match(r"Lesson 1:\n(.*)\n\nLesson 2:\n(.*)\n\nWhich lesson", user, re.S):
        return "pair", [two[1], two[2]]
    return "", []


def judge_by(
    worth: Callable[[str], float], level: Callable[[str], int] | None = None, quote: Callable[[str], str] | None = None
) -> Script:
    """A judge that prefers what is worth more (the first lesson among equals) and rates by `level`."""

    def script(body: dict[str, Any]) -> Any:
        what, found = asked(body)
        if what == "levels":
            said = (quote or first_words)(found[0])
            return {
                "quote": said,
                "reason": "These words show it.",
                "level": (level or (lambda text: 1 + int(3 * worth(text))))(found[0]),
            }
        if what == "pair":
            better = 1 if worth(found[0]) >= worth(found[1]) else 2
            return {"reason": f"Lesson {better} teaches more.", "better": better}
        raise AssertionError(f"no reply for {body['messages'][1]['content'][:80]!r}")

    return script


def first_words(text: str) -> str:
    return " ".join(text.split()[:8])


def knows(plans: Iterable[LessonPlan]) -> Callable[[str], float]:
    """Worth 1 for a real lesson, 0 for anything else."""
    real = texts(plans)
    return lambda text: float(text in real)


def with_pairs(better: Callable[[str, str], int], rest: Script) -> Script:
    """A judge that decides pairs by `better(first, second)` and everything else as another does."""

    def script(body: dict[str, Any]) -> Any:
        what, found = asked(body)
        return {"reason": "It is.", "better": better(*found)} if what == "pair" else rest(body)

    return script
