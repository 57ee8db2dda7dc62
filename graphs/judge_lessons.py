"""The lessons that judges are tried on: drafted by code for different skills and classes, and planted in pairs."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from classwright.agents.trial import Pair
from classwright.classroom.audience import Audience, assemble
from classwright.classroom.controls import controls, swaps
from classwright.classroom.draft import draft_plan
from classwright.classroom.plan import LessonPlan
from classwright.classroom.plan_lines import plan_lines
from classwright.classroom.timetable import APPROACHES, need
from classwright.skilltree.bank import generator_ids
from classwright.skilltree.sampling import sample_class
from classwright.skilltree.tree import SkillTree

MINUTES, CLASS_SIZE = 45, 8


@dataclass(frozen=True)
class Lesson:
    """A real lesson with whom it is for."""

    plan: LessonPlan
    audience: Audience

    @property
    def lines(self) -> list[str]:
        """What a judge reads."""
        return plan_lines(self.plan)


def draft_lessons(tree: SkillTree, n: int, seed: int) -> list[Lesson]:
    """`n` lessons on different skills for different classes, every word by code."""
    able = [s for s in tree if s in generator_ids() and tree.misconceptions_of(s)]
    approaches = list(APPROACHES)
    lessons = []
    for k, skill in enumerate(Random(seed).sample(able, min(n, len(able)))):
        audience = assemble(sample_class(CLASS_SIZE, seed + k, tree, skill), skill, tree)
        minutes = max(MINUTES, need(audience.missing))
        interest = next(iter(audience.interests()), None)
        plan = draft_plan(tree, audience, minutes, approaches[k % len(approaches)], seed + k, interest)
        lessons.append(Lesson(plan, audience))
    return lessons


def planted(lessons: Sequence[Lesson], seed: int) -> list[Pair]:
    """All pairs of a check: the controls of every lesson, those that are easiest to see through first, then swaps."""
    per_lesson = [controls(x.plan, seed) for x in lessons]
    pairs = [
        Pair(control.name, lesson.plan.skill, lesson.lines, control.lines)
        for kind in zip(*per_lesson, strict=True)
        for lesson, control in zip(lessons, kind, strict=True)
    ]
    return pairs + [Pair(s.name, x.plan.skill, s.a, s.b, equal=True) for x in lessons for s in swaps(x.plan, seed)]
