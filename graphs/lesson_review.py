"""The teacher's turn in a lesson: what a review works with here, and what it makes of the result."""

from typing import Any

from classwright.agents.teacher_edits import edits_of
from classwright.classroom.free_checks import check_topic
from classwright.classroom.plan import LessonPlan
from classwright.classroom.rehearsal import rehearse
from classwright.classroom.review import Review, begin, check, conclude
from classwright.classroom.verify import Checks, verify
from classwright.errors import ClasswrightError
from classwright.graphs.lesson_result import LessonResult
from classwright.graphs.lesson_sources import cited, in_lines, rests_on, told
from classwright.graphs.lesson_state import Context, Node, State, Update, held_out, klass
from classwright.graphs.review import review_step
from classwright.graphs.review_desk import Desk
from classwright.graphs.review_drive import run_with_teacher
from classwright.graphs.topic_review import remake_topic
from classwright.reports.judged import judged

STEPS = 10_000
"""Supersteps at most: a resumed run goes through every decision that is stored without pausing."""


async def review(state: State, runtime: Node) -> Update:
    """One decision of the teacher; after the last one, the result is about the plan that was accepted."""
    c, result = runtime.context, state["result"]
    so_far = state.get("review") or begin(result.plan)
    done = await review_step(so_far, _desk(state, c))
    if done.status == "open":
        return {"review": done}
    return {"review": done, "result": _concluded(state, c, done)}


def after_review(state: State) -> str:
    """The next decision, or on."""
    return "review" if state["review"].status == "open" else "learn"


async def drive(graph: Any, context: Context, start: dict[str, Any]) -> dict[str, Any]:
    """Run a graph that has the review in it, compiled with `review_drive.saver`.

    Raises:
        ClasswrightError: nobody is there to be asked.
    """

    async def nobody(pause: Any) -> Any:
        raise ClasswrightError(f"the review waits at decision {pause.number}, and nobody is there to be asked")

    config = {"recursion_limit": STEPS}
    return await run_with_teacher(graph, start, context.decide or nobody, context=context, config=config)


def _desk(state: State, c: Context) -> Desk:
    r, material = c.request, state.get("material")
    sourced = r.outside or material is not None
    return Desk(
        run=c.run.id, journal=c.run.journal, verify=lambda plan: _verify(state, c, plan), audience=state["audience"],
        tree=c.tree, chat=c.models.chat("teacher"), embed=c.models.embed, interest=r.setting,
        language=state["result"].plan.language, seed=r.seed,
        avoid=[] if r.outside else [*held_out(state), *state["met"]], about=about(state["result"]),
        cite=(lambda plan: cited(c, plan, material)) if sourced else None,
        told={} if r.outside else told(state["result"].plan, material, {}),
        remake=remake_topic(c, material) if r.outside else None,
    )  # fmt: skip


def _verify(state: State, c: Context, plan: LessonPlan) -> Checks:
    return check_topic(plan) if c.request.outside else verify(plan, c.tree, held_out(state))


def _concluded(state: State, c: Context, done: Review) -> LessonResult:
    """The result with the reviewed plan, checked and rehearsed again by code where the teacher changed it."""
    changes: dict[str, Any] = {"plan": done.plan, "review": conclude(done), "changed": []}
    if done.status == "accepted" and not c.request.outside:
        changes["changed"] = edits_of(done, c.tree, run=c.run.id)
    changes["checks"] = check(done.plan, lambda plan: _verify(state, c, plan))[0]
    if done.plan != done.picked and state["result"].rehearsal is not None:
        changes["rehearsal"] = rehearse(done.plan, klass(state, c), state["exam"], c.request.seed)
    return state["result"].model_copy(update=changes)


def about(result: LessonResult) -> list[str]:
    """What the run found out about the plan, for the teacher, one line each."""
    lines = []
    if result.rehearsal is not None:
        g = result.rehearsal.gain
        if g.mean is None:
            lines.append("Rehearsal: the simulated students were at the ceiling; no gain can be measured")
        else:
            lines.append(f"Rehearsal: gain {g.mean:.2f} [{g.low:.2f}, {g.high:.2f}] with {g.n} simulated students")
    if result.ciddp is not None:
        lines.append(f"Judges: {judged(result.ciddp)}")
    if not result.plan.verified:
        lines.append("Not verified by code: the subject is outside the skill tree. Please check every answer")
    lines += in_lines(rests_on(result))
    return lines
