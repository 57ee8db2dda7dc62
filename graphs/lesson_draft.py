"""The first half of a lesson: who is taught, what is remembered, K drafts, and the check that every plan passes."""

from dataclasses import dataclass, field, replace

from classwright.agents.memory import Outcome, open_memory
from classwright.agents.panel import Panel, open_panel
from classwright.agents.teacher import with_words, word_plan
from classwright.agents.teacher_edits import TeacherEdit, notes_for
from classwright.classroom.audience import Audience, assemble
from classwright.classroom.draft import draft_plan
from classwright.classroom.plan import LessonPlan
from classwright.classroom.pool import copy_of
from classwright.classroom.proposals import Proposals
from classwright.classroom.rehearsal import make_exam
from classwright.classroom.retold import Personalized
from classwright.classroom.timetable import APPROACHES
from classwright.classroom.verify import verify
from classwright.errors import ClasswrightError
from classwright.graphs.lesson_interest import in_interests
from classwright.graphs.lesson_proposals import with_proposals
from classwright.graphs.lesson_result import Step
from classwright.graphs.lesson_sources import skill_material, told
from classwright.graphs.lesson_state import Context, Node, Spent, State, Update, at, held_out, within_cap
from classwright.models.places import after_urgent, urgent
from classwright.models.together import both, together
from classwright.runs.journal import Key
from classwright.skilltree.interests import widened


def profile(state: State, runtime: Node) -> Update:
    """Who is taught what: the class, its gaps, and a test whose items no plan may show."""
    return opening(runtime.context)


def opening(c: Context) -> Update:
    """The state that every way of planning begins with."""
    likes = [tuple(dict.fromkeys(widened(i, c.request.grain) for i in x.interests)) for x in c.request.learners]
    people = [x.model_copy(update={"interests": i}) for x, i in zip(c.request.learners, likes, strict=True)]
    audience = assemble(people, c.request.skill, c.tree)
    exam = make_exam([*audience.missing, audience.goal], c.request.seed)
    return {"audience": audience, "exam": exam, "round": 0, "stale": 0, "stop": "", "bouts": [], "costs": []}


async def retrieve(state: State, runtime: Node) -> Update:
    """What memory holds for the lesson, and what the teacher's own texts say of it."""
    c = runtime.context
    material = await skill_material(c, [c.request.skill, *state["audience"].missing])
    return {**await _recall(state, c), "material": material}


async def _recall(state: State, c: Context) -> Update:
    """What earlier lessons on this skill showed, what these learners were asked before, what teachers changed."""
    if not c.request.memory or "memory" in c.request.without:
        return {"recalled": [], "met": [], "advice": []}
    key, digest = Key("lesson", "memory", "recall", "1"), c.request.digest()
    found = c.run.journal.lookup(key, digest)
    if found is None:
        skill = c.tree[c.request.skill]
        with open_memory(c.memory_folder, c.models.embed) as memory:
            outcomes = await memory.recall(skill.id, f"{skill.name}. {skill.description}", request=digest)
            met = memory.met([x.pseudonym for x in c.request.learners], request=digest)
            taught = {s: f"{c.tree[s].name}. {c.tree[s].description}" for s in [skill.id, *state["audience"].missing]}
            edits = await memory.recall_edits(taught)
        found = {"outcomes": [o.model_dump() for o in outcomes], "met": met, "edits": [e.model_dump() for e in edits]}
        await c.run.journal.append(key, digest, found)
    return {
        "recalled": [Outcome.model_validate(o) for o in found["outcomes"]],
        "met": found["met"],
        "advice": [TeacherEdit.model_validate(e) for e in found["edits"]],
    }


async def draft(state: State, runtime: Node) -> Update:
    """K plans with different emphases, complete by code, then worded by the teacher, who may propose more."""
    c = runtime.context
    bare = {f"plan{n + 1}": draft_one(state, c, n) for n in range(c.request.candidates)}
    c.progress(f"writing {len(bare)} drafts", 2, at(state, c, 0)[1])
    # The trial needs a real plan, but not its words: it runs beside the writing.
    panel, made = await both(_try_judges(c, bare["plan1"]), after_urgent(_write(c, state, bare)))
    steps = {i: Step(plan=i, round=0, parent=None, change=p.approach, by="draft") for i, p in bare.items()}
    return {
        "bare": made.bare,
        "plans": made.plans,
        "personalized": made.personalized,
        "proposals": made.proposals,
        "steps": steps,
        "fresh": list(bare),
        "checks": {},
        "rehearsals": {},
        "ciddp": {},
        "stop": panel.why if isinstance(panel, Spent) else made.stop,
    } | ({} if isinstance(panel, Spent) else {"panel": panel})


async def _try_judges(c: Context, plan: LessonPlan) -> Panel | Spent:
    with urgent():  # three calls one after the other, and few at a time
        return await within_cap(c, "trial", lambda: open_panel(c.models.evaluators, plan, unit="trial"))


def draft_one(state: State, c: Context, n: int) -> LessonPlan:
    """The n-th draft: approaches that worked before come first, then the others; after all of them, other problems."""
    r = c.request
    worked = [o.approach for o in state["recalled"] if o.skill == r.skill and o.approach in APPROACHES and o.gain]
    order = list(dict.fromkeys([*worked, *APPROACHES]))
    avoid = [*held_out(state), *state["met"]]
    approach, seed = order[n % len(order)], r.seed + n // len(order)
    return draft_plan(c.tree, seen_by(state["audience"], c), r.minutes, approach, seed, r.setting, avoid)


def seen_by(audience: Audience, c: Context) -> Audience:
    """What the planner knows of the class: all of it, but for what an ablation takes away.

    Without the tree it does not know what the class lacks nor what it gets wrong; without the analyst, what it gets
    wrong.
    """
    if "tree" in c.request.without:
        goal = audience.goal
        blurred = tuple({s: share if s == goal else 1.0 for s, share in m.items()} for m in audience.mastery)
        return replace(audience, mastery=blurred, missing=(), misconceptions=())
    return replace(audience, misconceptions=()) if "analyst" in c.request.without else audience


@dataclass
class _Drafts:
    """The drafts on their way into words; `stop` says why the run ends, "" while it goes on."""

    bare: dict[str, LessonPlan]
    plans: dict[str, LessonPlan]
    personalized: list[Personalized]
    proposals: dict[str, Proposals] = field(default_factory=dict)
    stop: str = ""


async def _write(c: Context, state: State, bare: dict[str, LessonPlan]) -> _Drafts:
    """Word problems in the learners' interests, then words that may speak of them, then what fits beside both."""
    bare, personalized, stop = await in_interests(c, state, bare)
    made = _Drafts(bare, bare, personalized, stop=stop)
    if not made.stop:
        made.plans, made.stop = await _word_all(c, state, bare)
    if c.request.proposals and not made.stop:
        able = {i: plan for i, plan in made.plans.items() if not (slow(c) and hopeless(plan))}
        new, made.proposals, made.stop = await with_proposals(c, state, able)
        made.plans = made.plans | new
    return made


async def _word_all(c: Context, state: State, bare: dict[str, LessonPlan]) -> tuple[dict[str, LessonPlan], str]:
    """The drafts in words. At the cap of the run a draft keeps its curated words.

    The embedded model writes the first draft alone: if it wrote nothing usable there, it is not asked for the others.
    """
    plans, stop = dict(bare), ""
    names = list(bare)
    batches = [names[:1], names[1:]] if slow(c) else [names]
    for batch in filter(None, batches):
        worded = await within_cap(
            c, f"words {' '.join(batch)}", lambda batch=batch: together(*(word(c, state, bare[i], i) for i in batch))
        )
        if isinstance(worded, Spent):
            return plans, worded.why
        plans |= dict(zip(batch, worded, strict=True))
        if slow(c) and hopeless(plans[names[0]]):
            break
    return plans, stop


def slow(c: Context) -> bool:
    """Whether the teacher is the embedded default model, which answers one request at a time."""
    return c.models.embedded("teacher")


def hopeless(plan: LessonPlan) -> bool:
    """Whether a model was asked for the slots of a plan and none of its texts could be used."""
    return all(words.source == "curated" for _, words in plan.slots()) and any(w.refused for _, w in plan.slots())


async def word(
    c: Context,
    state: State,
    plan: LessonPlan,
    unit: str,
    only: frozenset[str] | None = None,
    notes: dict[str, str] | None = None,
) -> LessonPlan:
    """A plan with the teacher's words in its slots, who is told what the sources say; a note stands before what was
    changed in earlier reviews.
    """
    remembered = notes_for(plan, state.get("advice", []))
    return await word_plan(
        plan, state["audience"], c.tree, c.models.chat("teacher"), c.models.embed,
        unit=unit, interest=c.request.setting, language=plan.language, only=only,
        notes=told(plan, state.get("material"), remembered | (notes or {})),
    )  # fmt: skip


def check(state: State, runtime: Node) -> Update:
    """Verify every fresh plan; a slot with a fault goes back to curated words.

    A plan that stays faulty or hardly differs from one of the pool is dropped.
    """
    c = runtime.context
    plans, checks, steps = dict(state["plans"]), dict(state["checks"]), dict(state["steps"])
    pool = [(i, plans[i]) for i, s in steps.items() if i not in state["fresh"] and not s.dropped]
    fresh = []
    for i in state["fresh"]:
        checks[i] = verify(plans[i], c.tree, held_out(state))
        faulty = {f.where for f in checks[i].findings}
        curated = {name: words for name, words in state["bare"][i].slots() if name in faulty}
        if curated:
            plans[i] = with_words(plans[i], curated)
            checks[i] = verify(plans[i], c.tree, held_out(state))
        why = "; ".join(f"{f.kind} in {f.where}: {f.what}" for f in checks[i].findings[:3])
        if not why and (same := copy_of(plans[i], pool)):
            why = f"hardly differs from {same}"
        if why:
            steps[i] = steps[i].model_copy(update={"dropped": why})
        else:
            fresh.append(i)
            pool.append((i, plans[i]))
    if not pool:
        reasons = "; ".join(s.dropped for s in steps.values())
        raise ClasswrightError(f"no draft of a lesson on {c.request.skill} passed verification: {reasons}")
    return {"plans": plans, "checks": checks, "steps": steps, "fresh": fresh}
