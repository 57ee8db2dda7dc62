"""What comes out of a course: one record, from which the index page is made."""

from typing import Literal

from pydantic import BaseModel

from classwright.classroom.retention import Retention
from classwright.skilltree.problem import Problem


class Session(BaseModel):
    """One session of a course.

    Attributes:
        number: From 1, over the whole course.
        week: From 1.
        day: Of the course, 0 is the first Monday.
        kind: A lesson on a skill, a second lesson on a skill that did not hold, or reviews only.
        skill: What the lesson is on, "" for reviews only.
        minutes: Of the whole session.
        missing: Prerequisites that the lesson itself goes over.
        reviews: Skill -> problems of its review, at the beginning.
        page: The lesson's page beside the index, "" for reviews only.
        run: The lesson's run directory, from the course's; "" for reviews only.
        gain: Gain in the lesson's rehearsal with its interval, (mean, low, high); None at the ceiling.
        before, after: Simulated class's mean mastery of the skill.
    """

    number: int
    week: int
    day: int
    kind: Literal["lesson", "again", "review"]
    skill: str = ""
    minutes: int
    missing: list[str] = []
    reviews: dict[str, list[Problem]] = {}
    page: str = ""
    run: str = ""
    gain: tuple[float, float, float] | None = None
    before: float | None = None
    after: float | None = None


class CourseResult(BaseModel):
    """A finished course.

    Attributes:
        left_out: Skills on the way without a lesson of their own, with the class's mean mastery.
        not_reached: Skills whose lesson found no session, as others had to be taught again.
        free: Sessions for which there was nothing to do.
        start: Skill -> mean mastery of the class before the course.
        knows: Per week, skill -> mean mastery of the simulated class at its end, of what was taught so far.
        learners: Learners of the class; `lives`: simulated students for each.
        retention: None where no review fell due.
    """

    goal: str
    weeks: int
    per_week: int
    minutes: int
    sessions: list[Session]
    left_out: list[tuple[str, float]]
    not_reached: list[str]
    free: int
    start: dict[str, float]
    knows: list[dict[str, float]]
    learners: int
    lives: int
    retention: Retention | None
