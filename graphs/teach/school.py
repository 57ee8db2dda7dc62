"""The school of `iterate`: several different students who take an exam with material, and the teacher who writes it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from classwright.agents.material_reader import sit
from classwright.agents.model_student import take
from classwright.agents.tutor import tidy
from classwright.classroom.student import KnowledgeStudent
from classwright.errors import OutputError
from classwright.graphs.teach.frame import Stage
from classwright.graphs.teach.items import worked_examples
from classwright.models.together import together
from classwright.prompts import render
from classwright.runs.journal import Key
from classwright.skilltree.problem import Problem

MASTERY = 0.35
"""Of coded students: mostly wrong, and mostly by their misconception."""
READY = 0.9
"""Mastery of what the skill needs, so that material can work."""
WARMTH = 0.5
"""Temperature of all model students but the first, who takes the likeliest word."""


class Answer(NamedTuple):
    """One answer in an exam."""

    student: str
    problem: Problem
    said: str
    right: bool


Answers = list[Answer]


class School:
    """Students and teacher of one unit, and where their replies belong in the journal.

    Args:
        unit, seed: The unit's name and seed.
        settings: Of `iterate`.
        stage: What units are done with.
        exams: Every exam problem, none of which may be a worked example.
    """

    def __init__(self, unit: str, seed: int, settings: Any, stage: Stage, exams: tuple[Problem, ...]) -> None:
        self.unit, self.seed, self.settings, self.stage = unit, seed, settings, stage
        skill = exams[0].skill
        if settings.students_kind == "model":
            self.known = [
                worked_examples(skill, settings.shots, seed + 31 * k, settings.level, exams)
                for k in range(settings.students)
            ]
        else:
            self.coded = [coded(skill, k, seed, stage) for k in range(settings.students)]

    async def exam(self, material: str, items: Sequence[Problem], tag: str) -> Answers:
        """Every student's answers with this material, student by student."""
        if self.settings.students_kind == "knowledge":
            sat = [(k, await sit(s, material, items, self.stage.models.embed)) for k, s in enumerate(self.coded)]
            return [
                Answer(f"student {k + 1}", p, said or "nothing", right)
                for k, answers in sat
                for p, (said, right) in zip(items, answers, strict=True)
            ]

        async def one(k: int, n: int, problem: Problem) -> Answer:
            answer = await take(
                problem, self.stage.models.chat("student"), key=Key(self.unit, "student", tag, f"{k}-{n}"),
                exemplars=self.known[k], material=material, temperature=WARMTH if k else 0.0,
            )  # fmt: skip
            return Answer(f"student {k + 1}", problem, answer.answer or answer.text[:80], answer.result == "right")

        numbered = [(k, n, p) for k in range(self.settings.students) for n, p in enumerate(items)]
        return await together(*(one(*row) for row in numbered))

    async def write(self, task: str, place: str, **values: str) -> str:
        """A text of the teacher: first material, a reflection, or improved material; "" where it wrote none."""
        key = Key(self.unit, "teacher", task, place)
        try:
            reply = await self.stage.models.chat("teacher").text(
                render(f"iterate_{task}", **values), key=key, max_tokens=220, temperature=0.7
            )
        except OutputError:
            return ""
        return tidy(reply.text)


def coded(skill: str, number: int, seed: int, stage: Stage) -> KnowledgeStudent:
    """A student of code who holds one of the skill's misconceptions, the next one for the next student."""
    ideas = stage.tree.misconceptions_of(skill)
    mastery = {skill: MASTERY} | dict.fromkeys(stage.tree.prerequisites(skill), READY)
    held = {ideas[number % len(ideas)].id}
    return KnowledgeStudent(f"student-{number + 1}", 1000 * seed + number, mastery, held, stage.tree)
