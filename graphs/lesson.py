"""The lesson job: profile, retrieve, draft, check, analyze, rehearse, settle, then the optimizer with the judges at
work beside it, and round again from check; pick, a teacher's review where one is wanted, translate, learn.

A LangGraph StateGraph wires the agents. State holds records; models, tree and run travel in the runtime context. No
checkpointer outlives the process: every model reply, every retrieval and every decision of a teacher is in the run's
journal, so that resuming a run means running the graph again, and what was answered before is read, not asked.
"""

import json
from typing import Any

from langgraph.graph import END, START, StateGraph

from classwright.agents.memory import Outcome, open_memory
from classwright.classroom.plan import LessonPlan
from classwright.classroom.validity import check_class
from classwright.classroom.verify import verify
from classwright.graphs.lesson_close import close
from classwright.graphs.lesson_draft import check, draft, profile, retrieve
from classwright.graphs.lesson_improve import optimize
from classwright.graphs.lesson_interest import standing
from classwright.graphs.lesson_judging import catch_up, end_judging, evaluate, hear
from classwright.graphs.lesson_language import translate
from classwright.graphs.lesson_proposals import proposals_of
from classwright.graphs.lesson_result import LessonResult
from classwright.graphs.lesson_review import after_review, drive, review
from classwright.graphs.lesson_sources import cited
from classwright.graphs.lesson_state import (
    Context,
    LessonRequest,
    Node,
    State,
    Update,
    held_out,
    klass,
)
from classwright.graphs.lesson_trial import analyze, history, ranked, rehearse_plans, settle
from classwright.graphs.review_drive import saver
from classwright.skilltree.bank import numbers


def after_picking(state: State, runtime: Node) -> str:
    """The teacher, if one is to be asked."""
    return "review" if runtime.context.request.review else "translate"


def after_judging(state: State) -> list[str]:
    """Another round, with the judges beside the optimizer; or the end."""
    return ["pick"] if state["stop"] else ["optimize", "evaluate"]


async def pick(state: State, runtime: Node) -> Update:
    """The best plan of the pool, and its frequent failures in students' words."""
    c = runtime.context
    best = ranked(state)[0]
    rehearsal = state["rehearsals"].get(best)
    ready = state.get("ready")
    noted, voices = (ready.plan, ready.voices) if ready and ready.name == best else await close(state, c, best)
    plan = await cited(c, noted, state["material"])
    result = LessonResult(
        plan=plan,
        checks=verify(plan, c.tree, held_out(state)),
        rehearsal=rehearsal,
        validity=check_class(klass(state, c), c.request.skill, c.request.seed),
        **history(state, best),
        voices=voices,
        recalled=state["recalled"],
        advice=state["advice"],
        resolved=c.request.resolved,
        proposals=proposals_of(best, state["steps"], state["proposals"]),
        personalized=standing(state["personalized"], plan),
        sources=list(c.request.sources),
        material=state["material"],
    )
    return {"result": result}


async def learn(state: State, runtime: Node) -> Update:
    """Memory learns from the outcome and the teacher; from a replay or a lesson that was rejected, nothing."""
    c, result = runtime.context, state["result"]
    if c.request.memory and c.run.mode == "append" and result.rehearsal is not None and not result.rejected:
        with open_memory(c.memory_folder, c.models.embed) as memory:
            await memory.remember(outcome_of(c.run.id, c.request, result))
            await memory.remember_edits(result.changed)
    return {}


def outcome_of(run_id: str, request: LessonRequest, result: LessonResult) -> Outcome:
    """What memory keeps of a finished lesson."""
    r = result.rehearsal
    kept = sorted(r.kept.items(), key=lambda row: (-row[1], row[0])) if r else []
    return Outcome(
        run=run_id, request=request.digest(), skill=request.skill, grade=result.plan.grade,
        approach=result.plan.approach, gain=r.gain.mean if r else None, interest=request.interest,
        stubborn=[m for m, n in kept if n], learners=[x.pseudonym for x in request.learners],
        items=sorted({numbers(p) for p in result.plan.problems()}),
    )  # fmt: skip


def build_graph(checkpointer: Any = None) -> Any:
    """The compiled graph of a lesson; one that pauses for a teacher needs a checkpointer."""
    g = StateGraph(State, context_schema=Context)
    for node in (profile, retrieve, draft, check, analyze, rehearse_plans, catch_up, settle, hear, evaluate, optimize,
                 pick, review, translate, learn):  # fmt: skip
        g.add_node(node.__name__, node)
    g.add_edge(START, "profile")
    for a, b in (("profile", "retrieve"), ("retrieve", "draft"), ("draft", "check"), ("check", "analyze"),
                 ("analyze", "rehearse_plans"), ("rehearse_plans", "catch_up"), ("catch_up", "settle"),
                 ("settle", "hear"), ("optimize", "check"), ("translate", "learn"), ("learn", END)):  # fmt: skip
        g.add_edge(a, b)
    g.add_conditional_edges("hear", after_judging, ["optimize", "evaluate", "pick"])
    g.add_conditional_edges("pick", after_picking, ["review", "translate"])
    g.add_conditional_edges("review", after_review, {"review": "review", "learn": "translate"})
    return g.compile(name="lesson", checkpointer=checkpointer)


async def run_graph(context: Context) -> LessonResult:
    """Run the graph to its end."""
    try:
        if context.request.review:
            return (await drive(build_graph(saver()), context, {}))["result"]
        config = {"recursion_limit": 20 + 9 * context.request.rounds}
        return (await build_graph().ainvoke({}, context=context, config=config))["result"]
    except BaseException as error:
        await end_judging(context, error)
        raise


def canonical(plan: LessonPlan) -> str:
    """A plan as canonical JSON, for comparing runs."""
    return json.dumps(plan.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
