"""The lesson job on a subject outside the skill tree: prepare, draft, check, judge, improve and round again;
pick, and a teacher's review where one is wanted.

It is the loop of every lesson without what rests on code: there are no rehearsal and no analyst, as nobody knows what a
simulated student would answer in history. What asks for edits is the teacher's text and the judges, so here they come
before the optimizer, not beside it.
"""

from typing import Any

from langgraph.graph import END, START, StateGraph

from classwright.agents.free_edits import FreeEdit, apply_free_edit, possible_free_edits
from classwright.agents.optimizer import choose_free_edit
from classwright.agents.panel import open_panel
from classwright.classroom.free_checks import check_topic
from classwright.classroom.plan import LessonPlan
from classwright.classroom.pool import copy_of
from classwright.classroom.verify import Checks
from classwright.errors import OutputError
from classwright.graphs.lesson_judging import evaluate_all
from classwright.graphs.lesson_result import LessonResult, Step
from classwright.graphs.lesson_review import after_review, drive, review
from classwright.graphs.lesson_sources import topic_material
from classwright.graphs.lesson_state import Context, Node, Spent, State, Update, at, within_cap
from classwright.graphs.lesson_trial import history, ranked, to_improve
from classwright.graphs.lesson_trial import settle as settle_costs
from classwright.graphs.review_drive import saver
from classwright.graphs.topic_draft import draft_topic, only_grade, subject_of
from classwright.models.together import together

__all__ = ["build_topic_graph", "check_topic", "only_grade", "run_topic"]


async def prepare(state: State, runtime: Node) -> Update:
    """Who is taught, and what the teacher's texts say of the topic."""
    c = runtime.context
    c.progress("reading up on the topic", *at(state, c, 0))
    return {
        "audience": only_grade(c.request), "material": await topic_material(c), "round": 0, "stale": 0, "stop": "",
        "bouts": [], "costs": [], "checks": {}, "rehearsals": {}, "ciddp": {},
    }  # fmt: skip


async def draft(state: State, runtime: Node) -> Update:
    """K drafts with different emphases, and the judges' trial on the first of them."""
    c = runtime.context
    c.progress(f"writing {c.request.candidates} drafts", 2, at(state, c, 0)[1])

    async def guard(step: str, work: Any) -> LessonPlan | str:
        done = await within_cap(c, step, work)
        return done.why if isinstance(done, Spent) else done

    made = await draft_topic(
        subject_of(c.request), c.models.chat("teacher"), c.models.embed, candidates=c.request.candidates,
        material=state["material"], guard=guard,
    )  # fmt: skip
    steps = {i: Step(plan=i, round=0, parent=None, change=p.approach, by="draft") for i, p in made.plans.items()} | {
        i: Step(plan=i, round=0, parent=None, change="", by="draft", dropped=why) for i, why in made.failed.items()
    }
    steps = {i: steps[i] for i in sorted(steps, key=lambda i: int(i.removeprefix("plan")))}
    spent = next((why for why in made.failed.values() if why.startswith("budget")), "")
    first = next(iter(made.plans.values()))
    panel = await within_cap(c, "trial", lambda: open_panel(c.models.evaluators, first, unit="trial"))
    return {
        "plans": made.plans,
        "steps": steps,
        "fresh": list(made.plans),
        "stop": panel.why if isinstance(panel, Spent) else spent,
    } | ({} if isinstance(panel, Spent) else {"panel": panel})


def check(state: State, runtime: Node) -> Update:
    """What code can say of every fresh plan: a faulty one, or one that hardly differs from another, is dropped."""
    plans, checks, steps = state["plans"], dict(state["checks"]), dict(state["steps"])
    pool = [(i, plans[i]) for i, s in steps.items() if i not in state["fresh"] and not s.dropped]
    fresh = []
    for i in state["fresh"]:
        checks[i] = check_topic(plans[i])
        why = faults(checks[i])
        if not why and (same := copy_of(plans[i], pool)):
            why = f"hardly differs from {same}"
        if why:
            steps[i] = steps[i].model_copy(update={"dropped": why})
        else:
            fresh.append(i)
            pool.append((i, plans[i]))
    if not pool:
        why = "; ".join(s.dropped for s in steps.values())
        raise OutputError(f"no draft of a lesson on {runtime.context.request.topic!r} passed the checks: {why}")
    return {"checks": checks, "steps": steps, "fresh": fresh}


def faults(checks: Checks) -> str:
    """What is wrong with a plan, in a line; "" if nothing is."""
    return "; ".join(f"{f.kind} in {f.where}: {f.what}" for f in checks.findings[:3])


def settle(state: State, runtime: Node) -> Update:
    """Whether there is another round: stop at the rounds, at the budget, or when rounds bring no better plan."""
    r = runtime.context.request
    update = settle_costs(state, runtime)
    stale = state["stale"]
    if state["round"]:
        stale = 0 if ranked(state)[0] in state["fresh"] else stale + 1
    stop = update["stop"]
    if not stop and stale >= r.patience:
        stop = f"no progress: {stale} rounds brought no better plan"
    return update | {"stale": stale, "stop": stop}


def go_on(state: State) -> str:
    """Another round, or the end."""
    return "pick" if state["stop"] else "optimize"


async def optimize(state: State, runtime: Node) -> Update:
    """The best plans each get the edit that the evidence asks for most."""
    c, r = runtime.context, runtime.context.request
    turn = state["round"] + 1
    c.progress(f"improving, round {turn}", *at(state, c, 3))

    async def improve(parent: str, edits: list[FreeEdit], new: str) -> tuple[str, LessonPlan, Step]:
        plan, chat = state["plans"][parent], c.models.chat("optimizer")
        edit, by, reason = await choose_free_edit(plan, state["ciddp"].get(parent), edits, chat, unit=new)
        done = await apply_free_edit(
            plan, edit, subject_of(r), c.models.chat("teacher"), c.models.embed, unit=new, material=state["material"]
        )
        step = Step(plan=new, round=turn, parent=parent, change=edit.describe(), by=by, reason=reason, dropped=done.why)
        return new, done.plan, step

    work = to_improve(state, r.keep, lambda plan: open_edits(state, plan))
    made = await within_cap(c, f"optimize {turn}", lambda: together(*(improve(*w) for w in work)))
    if isinstance(made, Spent):
        return {"round": turn, "fresh": [], "stop": made.why}
    return {
        "round": turn,
        "fresh": [new for new, _, step in made if not step.dropped],
        "stop": "" if made else "no edit left that the evidence asks for",
        "plans": state["plans"] | {new: plan for new, plan, _ in made},
        "steps": state["steps"] | {new: step for new, _, step in made},
    }


def open_edits(state: State, plan: str) -> list[FreeEdit]:
    """What could be changed in a plan and was not tried."""
    tried = {s.change for s in state["steps"].values() if s.parent == plan}
    found = possible_free_edits(state["plans"][plan], state["ciddp"].get(plan))
    return [e for e in found if e.describe() not in tried]


def pick(state: State, runtime: Node) -> Update:
    """The best plan of the pool."""
    c = runtime.context
    best = ranked(state)[0]
    result = LessonResult(
        plan=state["plans"][best],
        checks=state["checks"][best],
        **history(state, best),
        resolved=c.request.resolved,
        sources=list(c.request.sources),
        material=state["material"],
    )
    return {"result": result}


def after_picking(state: State, runtime: Node) -> str:
    """The teacher, if one is to be asked."""
    return "review" if runtime.context.request.review else END


def build_topic_graph(checkpointer: Any = None) -> Any:
    """The compiled graph of a lesson outside the tree; one that pauses for a teacher needs a checkpointer."""
    g = StateGraph(State, context_schema=Context)
    for node in (prepare, draft, check, evaluate_all, settle, optimize, pick, review):
        g.add_node(node.__name__, node)
    for a, b in ((START, "prepare"), ("prepare", "draft"), ("draft", "check"), ("check", "evaluate_all"),
                 ("evaluate_all", "settle"), ("optimize", "check")):  # fmt: skip
        g.add_edge(a, b)
    g.add_conditional_edges("settle", go_on, ["optimize", "pick"])
    g.add_conditional_edges("pick", after_picking, ["review", END])
    g.add_conditional_edges("review", after_review, {"review": "review", "learn": END})
    return g.compile(name="topic", checkpointer=checkpointer)


async def run_topic(context: Context) -> LessonResult:
    """Run the graph to its end."""
    if context.request.review:
        return (await drive(build_topic_graph(saver()), context, {}))["result"]
    config = {"recursion_limit": 20 + 5 * context.request.rounds}
    return (await build_topic_graph().ainvoke({}, context=context, config=config))["result"]
