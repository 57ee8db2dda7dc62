"""Drafts of a lesson on a subject outside the skill tree: written by the teacher's model, not verified by code.

Every answer in one is an answer on which two independent solutions agree; every statement is held against the teacher's
own text, and listed where nothing supports it.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from classwright.agents.free_edits import told
from classwright.agents.free_questions import settle_questions
from classwright.agents.free_teacher import mend_texts, outline
from classwright.agents.grounding import ground
from classwright.agents.sources import Material
from classwright.agents.words import Embed
from classwright.classroom.audience import Audience
from classwright.classroom.free_plan import Subject, check_subject_minutes, make_plan
from classwright.classroom.plan import LessonPlan
from classwright.classroom.timetable import APPROACHES
from classwright.errors import ClasswrightError, OutputError
from classwright.models.chat import Chat
from classwright.models.together import together

if TYPE_CHECKING:
    from classwright.graphs.lesson_state import LessonRequest

PASSAGES = 10
"""Passages of the class text that a writer is shown."""
Guard = Callable[[str, Callable[[], Awaitable[LessonPlan]]], Awaitable[LessonPlan | str]]
"""Carries out a step of a name, or says why it was given up (see `lesson_state.within_cap`)."""


def refusal(topic: str) -> str:
    """Why the embedded model does not plan a subject outside the tree, and what to do."""
    return (
        f"{topic!r} is not in the skill tree, and the embedded model is too small to plan a subject that code cannot "
        "check; name a larger model (--model FILE.gguf, or base_url and model in a recipe) or a skill "
        "(classwright tree show)"
    )


def subject_of(request: "LessonRequest") -> Subject:
    """The subject of a request."""
    grades = sorted(x.grade for x in request.learners)
    return Subject(
        topic=request.topic, skill=request.skill, minutes=request.minutes, grade=grades[len(grades) // 2],
        learners=tuple(x.pseudonym for x in request.learners), interest=request.interest, language=request.language,
    )  # fmt: skip


def only_grade(request: "LessonRequest") -> Audience:
    """The audience of a subject outside the tree: who they are, with nothing known of what they know."""
    return Audience(request.learners, request.skill, (), (), ())


class Drafts(BaseModel):
    """Drafts of a lesson on a topic.

    Attributes:
        plans: Journal unit ("plan1") -> the plan.
        failed: Journal unit -> why there is no plan.
    """

    plans: dict[str, LessonPlan] = {}
    failed: dict[str, str] = {}


async def draft_topic(
    subject: Subject,
    chat: Chat,
    embed: Embed,
    *,
    candidates: int,
    material: Material | None = None,
    approaches: Sequence[str] = tuple(APPROACHES),
    guard: Guard | None = None,
) -> Drafts:
    """Drafts with different emphases, all at once. One that the model cannot write is no draft, with the reason.

    Args:
        subject: What is asked for.
        chat: The teacher's model; it also solves the questions, in calls that see nothing else.
        embed: Embeddings.
        candidates: How many; they go through `approaches` in turn, each with seeds of its own.
        material: What the sources hold, if there are any.
        approaches: Names of `APPROACHES`.
        guard: What each draft is carried out by.

    Raises:
        InputError: Too few minutes.
        OutputError: No draft at all.
    """
    check_subject_minutes(subject.minutes)

    async def one(n: int) -> LessonPlan | str:
        unit = f"plan{n + 1}"

        async def work() -> LessonPlan:
            return await _draft(subject, approaches[n % len(approaches)], chat, embed, unit, material)

        try:
            return await (guard(f"draft {unit}", work) if guard else work())
        except OutputError as error:
            return str(error)

    found = await together(*(one(n) for n in range(candidates)))
    drafts = Drafts()
    for n, plan in enumerate(found, 1):
        if isinstance(plan, LessonPlan):
            drafts.plans[f"plan{n}"] = plan
        else:
            drafts.failed[f"plan{n}"] = plan
    if not drafts.plans:
        raise ClasswrightError(f"no draft of a lesson on {subject.topic!r} could be used: {drafts.failed['plan1']}")
    return drafts


async def _draft(
    subject: Subject, approach: str, chat: Chat, embed: Embed, unit: str, material: Material | None
) -> LessonPlan:
    passages = told(material, PASSAGES)
    o = await outline(subject, approach, chat, unit=unit, passages=passages)
    work: list[Awaitable[Any]] = [
        mend_texts(o, subject, chat, embed, unit=unit, passages=passages),
        settle_questions(o, subject, chat, unit=unit, passages=passages),
    ]
    texts, (lists, lines) = await together(*work)
    plan = make_plan(o, subject, approach, texts, lists)
    plan.unsupported = lines
    return await ground(plan, material, None, embed)
