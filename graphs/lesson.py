"""The lesson job: profile, retrieve, draft, verify, analyze, rehearse, evaluate, optimize, pick, write.

A LangGraph StateGraph wires the agents. State holds records; models, tree and run travel in the runtime context. There
is no checkpointer: every model reply and every retrieval is in the run's journal, so that resuming a run means running
the graph again, and what was answered before is read, not asked.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from pydantic import BaseModel, ConfigDict, Field

from classwright.agents.analyst import likely_mistakes, word_note
from classwright.agents.evaluator import Ciddp, Judgment, evaluate_plan, judge_control
from classwright.agents.memory import Outcome, open_memory
from classwright.agents.optimizer import choose_edit
from classwright.agents.student import say_answer
from classwright.agents.teacher import with_words, word_plan
from classwright.classroom.audience import Audience, assemble, students
from classwright.classroom.draft import draft_plan
from classwright.classroom.edits import apply_edit, possible_edits
from classwright.classroom.learning import LearningModel
from classwright.classroom.plan import LessonPlan
from classwright.classroom.rehearsal import Exam, Rehearsal, make_exam, rehearse
from classwright.classroom.timetable import APPROACHES
from classwright.classroom.validity import check_class
from classwright.classroom.verify import Checks, verify
from classwright.errors import ClasswrightError
from classwright.graphs.lesson_result import LessonResult, Step, Voice
from classwright.models.roles import Models
from classwright.runs.journal import Key
from classwright.runs.run import Run
from classwright.skilltree.bank import numbers
from classwright.skilltree.learner import Learner
from classwright.skilltree.tree import SkillTree

Progress = Callable[[str, int, int], None]
"""Told (what is being done, steps done, steps in all)."""

VOICES = 3
"""Frequent failures that are put into a student's words for the report."""


class LessonRequest(BaseModel):
    """What a lesson is asked for; with the recipe it decides everything about a run.

    Attributes:
        topic: As typed.
        skill: The skill it was understood as.
        resolved: How, in a sentence; "" where the topic is the skill's id.
        learners: Public records (no names).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    topic: str
    skill: str
    resolved: str = ""
    learners: tuple[Learner, ...] = Field(min_length=1)
    minutes: int = Field(ge=1)
    interest: str | None = None
    language: str = "en"
    rounds: int = Field(ge=0)
    candidates: int = Field(ge=1, le=len(APPROACHES))
    keep: int = Field(ge=1)
    seed: int = 0
    memory: bool = True
    students: LearningModel = LearningModel()

    def digest(self) -> str:
        """A hash of the request, by which memory knows a repetition."""
        return sha256(self.model_dump_json().encode()).hexdigest()


@dataclass(frozen=True)
class Context:
    """What the nodes work with."""

    request: LessonRequest
    tree: SkillTree
    models: Models
    run: Run
    memory_folder: Path
    progress: Progress


class State(TypedDict):
    """What the nodes hand on. Plans are kept by id; `fresh` are those that were not rehearsed yet."""

    audience: Audience
    exam: Exam
    controls: list[list[Judgment]]
    recalled: list[Outcome]
    met: list[str]
    bare: dict[str, LessonPlan]
    plans: dict[str, LessonPlan]
    checks: dict[str, Checks]
    rehearsals: dict[str, Rehearsal]
    ciddp: dict[str, Ciddp]
    steps: dict[str, Step]
    fresh: list[str]
    round: int
    result: LessonResult


Node = Runtime[Context]
Update = dict[str, Any]
"""The keys of the state that a node changes."""


def profile(state: State, runtime: Node) -> Update:
    """Who is taught what: the class, its gaps, and a test whose items no plan may show."""
    c = runtime.context
    audience = assemble(c.request.learners, c.request.skill, c.tree)
    exam = make_exam([*audience.missing, audience.goal], c.request.seed)
    return {"audience": audience, "exam": exam, "round": 0}


async def retrieve(state: State, runtime: Node) -> Update:
    """What earlier lessons on this skill showed, and what these learners were asked before."""
    c = runtime.context
    if not c.request.memory:
        return {"recalled": [], "met": []}
    key, digest = Key("lesson", "memory", "recall", "1"), c.request.digest()
    found = c.run.journal.lookup(key, digest)
    if found is None:
        skill = c.tree[c.request.skill]
        with open_memory(c.memory_folder, c.models.embed) as memory:
            outcomes = await memory.recall(skill.id, f"{skill.name}. {skill.description}", request=digest)
            met = memory.met([x.pseudonym for x in c.request.learners], request=digest)
        found = {"outcomes": [o.model_dump() for o in outcomes], "met": met}
        await c.run.journal.append(key, digest, found)
    return {"recalled": [Outcome.model_validate(o) for o in found["outcomes"]], "met": found["met"]}


async def draft(state: State, runtime: Node) -> Update:
    """K plans with different emphases, complete by code, then worded by the teacher in parallel."""
    c, r = runtime.context, runtime.context.request
    names = list(APPROACHES)
    worked = [o.approach for o in state["recalled"] if o.skill == r.skill and o.approach in APPROACHES and o.gain]
    order = list(dict.fromkeys([*worked, *names]))[: r.candidates]
    avoid = [*state["exam"].before, *state["exam"].after, *state["met"]]
    bare = {
        f"plan{i}": draft_plan(c.tree, state["audience"], r.minutes, approach, r.seed, r.interest, avoid)
        for i, approach in enumerate(order, 1)
    }
    c.progress(f"writing {len(bare)} drafts", 2, _total(r))
    plans = dict(zip(bare, await asyncio.gather(*(_word(c, state, p, i) for i, p in bare.items())), strict=True))
    steps = {i: Step(plan=i, round=0, parent=None, change=p.approach, by="draft") for i, p in bare.items()}
    return {
        "bare": bare,
        "plans": plans,
        "steps": steps,
        "fresh": list(bare),
        "checks": {},
        "rehearsals": {},
        "ciddp": {},
    }


async def _word(
    c: Context, state: State, plan: LessonPlan, unit: str, only: frozenset[str] | None = None
) -> LessonPlan:
    return await word_plan(
        plan, state["audience"], c.tree, c.models.chat("teacher"), c.models.embed,
        unit=unit, interest=c.request.interest, language=c.request.language, only=only,
    )  # fmt: skip


def check(state: State, runtime: Node) -> Update:
    """Verify every fresh plan; a slot with a fault goes back to curated words, a plan that stays faulty is dropped."""
    c = runtime.context
    plans, checks, steps = dict(state["plans"]), dict(state["checks"]), dict(state["steps"])
    held_out = [*state["exam"].before, *state["exam"].after]
    for i in state["fresh"]:
        checks[i] = verify(plans[i], c.tree, held_out)
        faulty = {f.where for f in checks[i].findings}
        curated = {name: words for name, words in state["bare"][i].slots() if name in faulty}
        if curated:
            plans[i] = with_words(plans[i], curated)
            checks[i] = verify(plans[i], c.tree, held_out)
        if not checks[i].passed:
            what = "; ".join(f"{f.kind} in {f.where}: {f.what}" for f in checks[i].findings[:3])
            steps[i] = steps[i].model_copy(update={"dropped": what})
    fresh = [i for i in state["fresh"] if not steps[i].dropped]
    if not fresh and not state["rehearsals"]:
        why = "; ".join(s.dropped for s in steps.values())
        raise ClasswrightError(f"no draft of a lesson on {c.request.skill} passed verification: {why}")
    return {"plans": plans, "checks": checks, "steps": steps, "fresh": fresh}


async def analyze(state: State, runtime: Node) -> Update:
    """The mistakes that this class will make, and a note to the teacher about the first of them."""
    c = runtime.context
    klass = students(state["audience"], c.tree, c.request.seed, c.request.students)
    plans, chat = dict(state["plans"]), c.models.chat("analyst")
    c.progress("expecting mistakes", *_at(state, c, 0))

    async def one(i: str) -> None:
        likely = likely_mistakes(plans[i], klass, c.tree)
        notes = await word_note(plans[i], likely, c.tree, chat, c.models.embed, unit=i, language=c.request.language)
        plans[i] = plans[i].model_copy(update={"likely": likely, "notes": notes or plans[i].notes})

    await asyncio.gather(*(one(i) for i in state["fresh"]))
    return {"plans": plans}


def rehearse_plans(state: State, runtime: Node) -> Update:
    """Every fresh plan meets the same class with the same test and the same luck."""
    c = runtime.context
    c.progress("rehearsing", *_at(state, c, 1))
    klass = students(state["audience"], c.tree, c.request.seed, c.request.students)
    rehearsals, steps = dict(state["rehearsals"]), dict(state["steps"])
    for i in state["fresh"]:
        rehearsals[i] = rehearse(state["plans"][i], klass, state["exam"], c.request.seed)
        g = rehearsals[i].gain
        steps[i] = steps[i].model_copy(update={"gain": g.mean, "low": g.low, "high": g.high})
    return {"rehearsals": rehearsals, "steps": steps}


async def evaluate(state: State, runtime: Node) -> Update:
    """The panel's CIDDP judgments of every fresh plan, beside those of a control lesson."""
    c = runtime.context
    c.progress("judging", *_at(state, c, 2))
    panel = c.models.evaluators
    controls = state.get("controls") or await judge_control(panel)
    views = await asyncio.gather(*(evaluate_plan(state["plans"][i], panel, controls, unit=i) for i in state["fresh"]))
    ciddp = state["ciddp"] | dict(zip(state["fresh"], views, strict=True))
    steps = dict(state["steps"])
    for i in state["fresh"]:
        steps[i] = steps[i].model_copy(update={"ciddp": ciddp[i].mean})
    return {"ciddp": ciddp, "controls": controls, "steps": steps}


async def optimize(state: State, runtime: Node) -> Update:
    """The best plans each get the edit that their rehearsal asks for most; new slots get words."""
    c, r = runtime.context, runtime.context.request
    turn = state["round"] + 1
    c.progress(f"improving, round {turn}", *_at(state, c, 3))
    avoid = [*state["exam"].before, *state["exam"].after]
    edited = {s.parent: set() for s in state["steps"].values()}
    for s in state["steps"].values():
        edited[s.parent].add(s.change)
    remembered = " ".join(o.sentence() for o in state["recalled"])

    async def improve(parent: str, new: str) -> tuple[str, LessonPlan, LessonPlan, Step] | None:
        plan, rehearsal = state["plans"][parent], state["rehearsals"][parent]
        edits = [
            e for e in possible_edits(plan, rehearsal, c.tree) if e.describe(c.tree) not in edited.get(parent, set())
        ]
        if not edits:
            return None
        chat = c.models.chat("optimizer")
        edit, by, reason = await choose_edit(plan, rehearsal, edits, c.tree, chat, unit=new, remembered=remembered)
        bare, slots = apply_edit(plan, edit, c.tree, r.seed, avoid)
        worded = await _word(c, state, bare, new, only=slots)
        step = Step(plan=new, round=turn, parent=parent, change=edit.describe(c.tree), by=by, reason=reason)
        return new, bare, worded, step

    best = ranked(state)[: r.keep]
    first = len(state["steps"]) + 1
    made = [m for m in await asyncio.gather(*(improve(p, f"plan{first + k}") for k, p in enumerate(best))) if m]
    return {
        "round": turn,
        "fresh": [new for new, *_ in made],
        "bare": state["bare"] | {new: bare for new, bare, _, _ in made},
        "plans": state["plans"] | {new: plan for new, _, plan, _ in made},
        "steps": state["steps"] | {new: step for new, _, _, step in made},
    }


def ranked(state: State) -> list[str]:
    """Plans of the pool, best first: gain, then CIDDP where judges are admitted, then the earlier plan."""

    def merit(i: str) -> tuple[float, float]:
        gain, judged = state["rehearsals"][i].gain.mean, state["ciddp"][i].mean
        return (-(gain if gain is not None else 0.0), -(judged or 0.0))

    return sorted((i for i, s in state["steps"].items() if not s.dropped and i in state["ciddp"]), key=merit)


def go_on(state: State, runtime: Node) -> str:
    """Whether there is another round."""
    return "optimize" if state["round"] < runtime.context.request.rounds else "pick"


def anything_new(state: State) -> str:
    """Whether the optimizer found something to change."""
    return "check" if state["fresh"] else "pick"


async def pick(state: State, runtime: Node) -> Update:
    """The best plan of the pool, and its frequent failures in students' words."""
    c = runtime.context
    best = ranked(state)[0]
    rehearsal, chat = state["rehearsals"][best], c.models.chat("student")
    spoken = [f for f in rehearsal.failures if f.misconception and f.example_answer][:VOICES]
    words = await asyncio.gather(
        *(
            say_answer(
                f.example_problem, f.example_answer, c.tree.misconception(f.misconception or "").says, chat,
                c.models.embed, unit=best, place=str(n), school_grade=state["audience"].grade,
            )
            for n, f in enumerate(spoken, 1)
        )
    )  # fmt: skip
    result = LessonResult(
        plan=state["plans"][best],
        checks=verify(state["plans"][best], c.tree, [*state["exam"].before, *state["exam"].after]),
        rehearsal=rehearsal,
        ciddp=state["ciddp"][best],
        validity=check_class(
            students(state["audience"], c.tree, c.request.seed, c.request.students), c.request.skill, c.request.seed
        ),
        steps=list(state["steps"].values()),
        voices=[Voice(failure=f, words=w) for f, w in zip(spoken, words, strict=True)],
        recalled=state["recalled"],
        resolved=c.request.resolved,
    )
    return {"result": result}


async def learn(state: State, runtime: Node) -> Update:
    """Memory learns from the outcome; a replay teaches it nothing."""
    c, result = runtime.context, state["result"]
    if c.request.memory and c.run.mode == "append" and result.rehearsal is not None:
        with open_memory(c.memory_folder, c.models.embed) as memory:
            await memory.remember(outcome_of(c.run.id, c.request, result))
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


def build_graph() -> Any:
    """The compiled graph of a lesson."""
    g = StateGraph(State, context_schema=Context)
    nodes = (profile, retrieve, draft, check, analyze, rehearse_plans, evaluate, optimize, pick, learn)
    for node in nodes:
        g.add_node(node.__name__, node)
    g.add_edge(START, "profile")
    for a, b in (("profile", "retrieve"), ("retrieve", "draft"), ("draft", "check"), ("check", "analyze"),
                 ("analyze", "rehearse_plans"), ("rehearse_plans", "evaluate"), ("pick", "learn"),
                 ("learn", END)):  # fmt: skip
        g.add_edge(a, b)
    g.add_conditional_edges("evaluate", go_on, ["optimize", "pick"])
    g.add_conditional_edges("optimize", anything_new, ["check", "pick"])
    return g.compile(name="lesson")


def _total(request: LessonRequest) -> int:
    return 4 + 4 * (request.rounds + 1)


def _at(state: State, c: Context, step: int) -> tuple[int, int]:
    return 3 + 4 * state["round"] + step, _total(c.request)


async def run_graph(context: Context) -> LessonResult:
    """Run the graph to its end."""
    state = await build_graph().ainvoke(
        {}, context=context, config={"recursion_limit": 20 + 8 * context.request.rounds}
    )
    return state["result"]


def canonical(plan: LessonPlan) -> str:
    """A plan as canonical JSON, for comparing runs."""
    return json.dumps(plan.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
