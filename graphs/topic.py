"""A lesson on a subject outside the skill tree: drafted by the teacher's model, marked as not verified by code.

Every answer in it is one on which two independent solutions agree; with a source every statement is held against it.
The rest of the loop (judges, edits, pages) is that of every lesson; there is no rehearsal, as code knows no wrong ideas
here.
"""

from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from classwright.agents.free_edits import told
from classwright.agents.free_questions import settle_questions
from classwright.agents.free_teacher import mend_texts, outline
from classwright.agents.grounding import ground
from classwright.agents.sources import Material, retrieve
from classwright.agents.words import Embed
from classwright.classroom.audience import Audience
from classwright.classroom.free_checks import agreement, check_topic
from classwright.classroom.free_plan import Subject, check_subject_minutes, make_plan
from classwright.classroom.plan import LessonPlan
from classwright.classroom.timetable import APPROACHES
from classwright.classroom.verify import Checks
from classwright.errors import OutputError
from classwright.graphs.lesson_result import LessonResult, Step
from classwright.graphs.source_text import load_sources
from classwright.models.chat import Chat
from classwright.models.together import together

if TYPE_CHECKING:
    from classwright.graphs.lesson_state import Context, LessonRequest

WHOLE = 10
"""A source of up to so many passages is used whole: a page that the teacher gave for this lesson."""
PASSAGES = 10


def refusal(topic: str) -> str:
    """Why the embedded model does not plan a subject outside the tree, and what to do."""
    return (
        f"{topic!r} is not in the skill tree, and the embedded model is too small to plan a subject that code cannot "
        "check; name a larger model (--model FILE.gguf, or base_url and model in a recipe) or a skill "
        "(classwright tree show)"
    )


class Drafts(BaseModel):
    """Drafts of a lesson on a topic.

    Attributes:
        plans: Journal unit ("plan1") -> the plan.
        failed: Journal unit -> why there is no plan.
    """

    plans: dict[str, LessonPlan] = {}
    failed: dict[str, str] = {}


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


async def topic_material(c: "Context") -> Material | None:
    """What the sources kept in the run say of the topic; None without sources."""
    sources = load_sources(c.run.path)
    if not sources:
        return None
    return await retrieve(
        sources, {"topic": c.request.topic}, c.models.embed, c.memory_folder,
        journal=c.run.journal, progress=c.progress, most=PASSAGES, whole=WHOLE,
    )  # fmt: skip


async def draft_topic(
    subject: Subject,
    chat: Chat,
    embed: Embed,
    *,
    candidates: int,
    material: Material | None = None,
    approaches: Sequence[str] = tuple(APPROACHES),
) -> Drafts:
    """Drafts with different emphases, all at once. One that the model cannot write is no draft, with the reason.

    Args:
        subject: What is asked for.
        chat: The teacher's model; it also solves the questions, in calls that see nothing else.
        embed: Embeddings.
        candidates: How many; they go through `approaches` in turn, each with seeds of its own.
        material: What the sources hold, if there are any.
        approaches: Names of `APPROACHES`.

    Raises:
        InputError: Too few minutes.
        OutputError: No draft at all.
    """
    check_subject_minutes(subject.minutes)

    async def one(n: int) -> LessonPlan | str:
        try:
            return await _draft(subject, approaches[n % len(approaches)], chat, embed, f"plan{n + 1}", material)
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
        raise OutputError(f"no draft of a lesson on {subject.topic!r} could be used: {drafts.failed['plan1']}")
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
    return plan if material is None else await ground(plan, material, None, embed)


async def plan_topic(context: "Context") -> LessonResult:
    """Plan a lesson on a topic without the loop: the draft whose answers and statements hold best.

    Raises:
        InputError, OutputError: As `draft_topic`.
    """
    r = context.request
    context.progress("planning", 1, 2)
    material = await topic_material(context)
    drafts = await draft_topic(
        subject_of(r), context.models.chat("teacher"), context.models.embed, candidates=r.candidates, material=material
    )
    checks = {i: check_topic(plan) for i, plan in drafts.plans.items()}
    best = min(drafts.plans, key=lambda i: (len(checks[i].findings), *demerits(drafts.plans[i]), i))
    steps = [
        Step(plan=i, round=0, parent=None, change=drafts.plans[i].approach if i in drafts.plans else "", by="draft",
             dropped=drafts.failed.get(i) or faults(checks[i]))
        for i in sorted([*drafts.plans, *drafts.failed], key=lambda i: int(i.removeprefix("plan")))
    ]  # fmt: skip
    if checks[best].findings:
        raise OutputError(f"no draft of a lesson on {r.topic!r} passed the checks: {steps[0].dropped}")
    return LessonResult(plan=drafts.plans[best], checks=checks[best], steps=steps, resolved=r.resolved)


def faults(checks: Checks) -> str:
    """What is wrong with a plan, in a line; "" if nothing is."""
    return "; ".join(f"{f.kind} in {f.where}: {f.what}" for f in checks.findings[:3])


def demerits(plan: LessonPlan) -> tuple[int, int]:
    """What speaks against a plan before any judge: lines without support, answers agreed on by opinion only."""
    return len(plan.unsupported), agreement(plan).by_opinion
