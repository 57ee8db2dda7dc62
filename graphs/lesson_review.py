"""The teacher's turn in a lesson: what a review works with here, and what it makes of the result."""

from typing import Any

from langgraph.graph import END, START, StateGraph

from classwright.agents.teacher_edits import edits_of
from classwright.classroom.audience import Audience
from classwright.classroom.plan import LessonPlan
from classwright.classroom.rehearsal import rehearse
from classwright.classroom.review import Review, begin, check, conclude
from classwright.classroom.verify import Checks, verify
from classwright.errors import ClasswrightError
from classwright.graphs.lesson_result import LessonResult
from classwright.graphs.lesson_state import Context, Node, State, Update, held_out, klass
from classwright.graphs.review import review_step
from classwright.graphs.review_desk import Desk
from classwright.graphs.review_drive import run_with_teacher, saver
from classwright.graphs.topic import check_topic, only_grade

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


async def review_topic(context: Context, result: LessonResult) -> LessonResult:
    """The review of a lesson on a subject outside the tree, where there is no loop before it."""
    g = StateGraph(State, context_schema=Context)
    g.add_node("review", review)
    g.add_edge(START, "review")
    g.add_conditional_edges("review", lambda s: {"learn": END}.get(after_review(s), "review"), ["review", END])
    return (await drive(g.compile(checkpointer=saver()), context, {"result": result}))["result"]


def _desk(state: State, c: Context) -> Desk:
    r = c.request
    return Desk(
        run=c.run.id, journal=c.run.journal, verify=lambda plan: _verify(state, c, plan), audience=_audience(state, c),
        tree=c.tree, chat=c.models.chat("teacher"), embed=c.models.embed, interest=r.interest, language=r.language,
        seed=r.seed, avoid=[] if r.outside else [*held_out(state), *state["met"]], about=about(state["result"]),
    )  # fmt: skip


def _audience(state: State, c: Context) -> Audience:
    """The class; outside the tree only its grade counts, for nothing is worded again there."""
    return only_grade(c.request) if c.request.outside else state["audience"]


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
        shown = f"{result.ciddp.mean:.1f} of 5" if result.ciddp.mean is not None else f"withheld ({result.ciddp.why})"
        lines.append(f"Judges: {shown}")
    if not result.plan.verified:
        lines.append("Not verified by code: the subject is outside the skill tree. Please check every answer")
    return lines
