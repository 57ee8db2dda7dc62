"""What a review shows a teacher, and what it works with."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel

from classwright.agents.words import Embed
from classwright.classroom.audience import Audience
from classwright.classroom.plan import LessonPlan
from classwright.classroom.review import Decision, ReviewStep, Verify
from classwright.models.chat import Chat
from classwright.runs.journal import Journal
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree


class Pause(BaseModel):
    """What a teacher is shown where the run waits.

    Attributes:
        number: Which decision this is, from 1.
        plan: The plan as it stands.
        last: The step before, None at the first pause.
        pending: The text of an edit that was not taken, to go on with; "" where there is none.
        about: The run's figures of the plan, one line each.
        run: The run's id.
    """

    run: str
    number: int
    plan: LessonPlan
    last: ReviewStep | None = None
    pending: str = ""
    about: list[str] = []


Cite = Callable[[LessonPlan], Awaitable[LessonPlan]]
"""Cites the sources of a lesson in a plan that was changed."""
Remake = Callable[[LessonPlan, str, str, str], Awaitable[LessonPlan]]
"""Makes a section of a plan again: plan, section, note, journal unit."""
Decide = Callable[[Pause], Awaitable[Decision]]
"""Asks the teacher. Raises a ClasswrightError where the teacher leaves; the run then waits to be resumed."""


@dataclass(frozen=True)
class Desk:
    """What a review works with.

    Attributes:
        run: The run's id.
        journal: Where decisions are kept.
        verify: Code's judgment of a plan, test items included.
        audience: Whom the plan is for.
        tree: The skill tree.
        chat, embed: The teacher's model, for sections that are made again.
        interest, language, seed: As the lesson was asked for.
        avoid: Problems, or what `bank.numbers` says of them, that no new problem may be.
        about: Lines for the teacher.
        unit: Journal unit of the lesson.
        cite: None where nothing is cited.
        told: Slot -> what its writer is told of the sources.
        remake: How sections are made again outside the skill tree; None: from the bank and in slots.
    """

    run: str
    journal: Journal
    verify: Verify
    audience: Audience
    tree: SkillTree
    chat: Chat
    embed: Embed
    interest: str | None = None
    language: str = "en"
    seed: int = 0
    avoid: Sequence[Problem | str] = ()
    about: list[str] = field(default_factory=list)
    unit: str = "lesson"
    cite: Cite | None = None
    told: Mapping[str, str] = field(default_factory=dict)
    remake: Remake | None = None
