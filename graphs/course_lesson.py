"""One lesson of a course: which one the session can hold, and its run inside the course's."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from classwright.classroom.audience import Audience, assemble
from classwright.classroom.course import REVIEW_MINUTES, most_reviews
from classwright.classroom.timetable import need
from classwright.graphs.lesson_result import LessonResult
from classwright.graphs.lesson_run import lesson_within
from classwright.graphs.lesson_state import LessonRequest
from classwright.models.endpoint import Transport
from classwright.runs.progress import Progress
from classwright.runs.run import Run
from classwright.skilltree.learner import Learner
from classwright.skilltree.tree import SkillTree


class CourseRequest(BaseModel):
    """What a course is asked for.

    Attributes:
        lesson: The request of each lesson, but for skill, learners, minutes and seed; its skill is the goal, its
            learners are the class before the course.
        weeks: Weeks.
        per_week: Sessions a week.
        minutes: Minutes of a session.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    lesson: LessonRequest
    weeks: int = Field(ge=1, le=52)
    per_week: int = Field(ge=1, le=5)
    minutes: int = Field(ge=5, le=600)

    @property
    def goal(self) -> str:
        """The skill to reach."""
        return self.lesson.skill


@dataclass(frozen=True)
class Context:
    """What the nodes work with."""

    request: CourseRequest
    tree: SkillTree
    run: Run
    memory: Path
    progress: Progress
    endpoint: Transport | None = None


def fitting(
    skill: str, due: Sequence[str], learners: Sequence[Learner], r: CourseRequest, tree: SkillTree
) -> tuple[str, Literal["lesson", "again"], Audience, list[str]]:
    """What the session can hold: the next skill's lesson with as many reviews as fit beside it.

    Where its missing prerequisites alone do not fit, the first of them is taught again instead.
    """
    kind: Literal["lesson", "again"] = "lesson"
    while True:
        audience = assemble(learners, skill, tree)
        if need(audience.missing) <= r.minutes or not audience.missing:
            break
        skill, kind = audience.missing[0], "again"
    room = (r.minutes - need(audience.missing)) // REVIEW_MINUTES
    other = [s for s in due if s != skill and s not in audience.missing]
    return skill, kind, audience, other[: max(0, min(room, most_reviews(r.minutes, alone=False)))]


def lesson_request(
    r: CourseRequest, skill: str, learners: Sequence[Learner], minutes: int, place: int
) -> LessonRequest:
    """The request of the lesson at a place of the course, for the class as it is then."""
    changes = {"topic": skill, "skill": skill, "resolved": "", "learners": tuple(learners), "minutes": minutes,
               "seed": r.lesson.seed + place}  # fmt: skip
    return r.lesson.model_copy(update=changes)


async def make_lesson(
    c: Context, request: LessonRequest, name: str, number: int
) -> tuple[LessonResult, tuple[int, int, int]]:
    """One lesson, from its run if it is finished, and its cost: calls, tokens, replies taken from the journal.

    Raises:
        JournalError: the run was made for another class: the tree or the program changed since.
    """
    total = c.request.weeks * c.request.per_week
    said = f"session {number} of {total}, {c.tree[request.skill].name}"

    def report(what: str, done: int, of: int) -> None:
        c.progress(f"{said}: {what}", number - 1, total)

    report("lesson", 0, 0)
    result, summary = await lesson_within(c.run, name, request, c.memory, report, c.endpoint)
    return result, (summary["calls"], summary["tokens"], summary["reused"])
