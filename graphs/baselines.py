"""Three published ways to plan a lesson, for comparison: best-of-N, Self-Refine, and EduPlanner's loop.

They use the same drafts, edits, writer, checks and judges as our loop; what they lack is the rehearsal, so what they
go by is a model's opinion. Each stops when the next step could go beyond the token budget, as ours does.
"""

from typing import Any, NamedTuple

from classwright.agents.critic import criticize, guess_score
from classwright.agents.evaluator import Ciddp, evaluate_plan
from classwright.agents.pairwise import prefer_plans
from classwright.agents.panel import Panel, open_panel
from classwright.agents.teacher import with_words
from classwright.classroom.edits import Edit, apply_edit, blind_edits
from classwright.classroom.plan import LessonPlan
from classwright.classroom.verify import verify
from classwright.graphs.lesson_draft import draft_one, opening, word
from classwright.graphs.lesson_result import LessonResult, Step
from classwright.graphs.lesson_state import Context, Spent, State, held_out, within_cap
from classwright.models.together import together
from classwright.skilltree.bank import problems

MOST = 40
"""Drafts or rounds at most, whatever the budget."""
PARENTS, CHILDREN, QUESTIONS, SCORINGS = 3, 3, 8, 5
"""EduPlanner's P, K, T and M."""


class Scored(NamedTuple):
    """A plan in EduPlanner's queue; a score of -1 stands for no valid guess, which ranks last."""

    score: float
    unit: str
    plan: LessonPlan
    feedback: str


async def best_of_n(c: Context) -> LessonResult:
    """Independent drafts, as many as the budget allows; each meets the best so far before the judges, blindly.

    A tie keeps the older one, so where no judge is admitted the first draft stays.
    """
    state, room = await _begin(c), _Room(c)
    best, panel, ciddp = draft_one(state, c, 0), None, None
    steps = [Step(plan="plan1", round=0, parent=None, change=best.approach, by="draft")]

    async def first() -> tuple[LessonPlan, Panel]:
        plan = await _write(c, state, best, "plan1")
        return plan, await open_panel(c.models.evaluators, plan, unit="trial")

    async def another(unit: str, champion: LessonPlan, judges: Panel) -> tuple[LessonPlan, bool]:
        plan = await _write(c, state, draft_one(state, c, len(steps)), unit)
        said = await prefer_plans(champion, plan, judges, unit=unit)
        return plan, said.outcome == "b"

    begun = await within_cap(c, "plan1", first)
    if not isinstance(begun, Spent):
        best, panel = begun
    while panel is not None and len(steps) < MOST and room.for_another():
        unit, judges, champion = f"plan{len(steps) + 1}", panel, best
        c.progress(f"writing draft {len(steps) + 1}", len(steps), MOST)
        drawn = await within_cap(c, unit, lambda u=unit, b=champion, j=judges: another(u, b, j))
        if isinstance(drawn, Spent):
            break
        plan, better = drawn
        steps.append(Step(plan=unit, round=0, parent=None, change=plan.approach, by="draft"))
        best = plan if better else best
    if panel is not None:
        judges, champion = panel, best
        view = await within_cap(c, "levels", lambda: evaluate_plan(champion, judges, unit="best"))
        ciddp = None if isinstance(view, Spent) else view
    return _result(c, state, best, steps, ciddp)


async def self_refine(c: Context) -> LessonResult:
    """One draft; its writer criticizes it and carries out its own advice, until it is content or the budget is used."""
    state = await _begin(c)
    plan = draft_one(state, c, 0)
    steps = [Step(plan="plan1", round=0, parent=None, change=plan.approach, by="draft")]
    room = _Room(c)
    written = await within_cap(c, "plan1", lambda: _write(c, state, plan, "plan1"))
    if not isinstance(written, Spent):
        plan = written
    for turn in range(1, MOST):
        c.progress(f"refining, round {turn}", turn, MOST)
        unit = f"plan{turn + 1}"
        if isinstance(written, Spent) or not room.for_another():
            break
        new = await within_cap(c, unit, lambda unit=unit, plan=plan: _refine(c, state, plan, unit))
        if isinstance(new, Spent) or new is None:
            break
        plan, change, advice = new
        steps.append(Step(plan=unit, round=turn, parent=steps[-1].plan, change=change, by="model", reason=advice))
    return _result(c, state, plan, steps, None)


async def _refine(c: Context, state: State, plan: LessonPlan, unit: str) -> tuple[LessonPlan, str, str] | None:
    """One round of criticism and repair; None where the critic is content or gives no valid criticism."""
    options = _options(plan, c)
    changes = [e.describe(c.tree) for e in options]
    said = await criticize(plan, changes, c.models.chat("teacher"), unit=unit)
    if said is None or said.done:
        return None
    edit = options[said.change - 1]
    return await _apply(c, state, plan, edit, unit, said.advice), changes[said.change - 1], said.advice


async def eduplanner(c: Context) -> LessonResult:
    """EduPlanner's loop as published: guessed scores, a queue of the best three, three new plans a round."""
    state = await _begin(c)
    asked = problems(c.request.skill, QUESTIONS, c.request.seed + 17, 2, avoid=held_out(state))
    judge, room = c.models.evaluators[0], _Room(c)
    queue: list[Scored] = []
    steps: list[Step] = []

    async def scored(unit: str, plan: LessonPlan) -> Scored:
        value, feedback = await guess_score(plan, asked, judge, unit=unit, times=SCORINGS)
        return Scored(-1.0 if value is None else value, unit, plan, feedback)

    async def first() -> Scored:
        return await scored("plan1", await _write(c, state, draft_one(state, c, 0), "plan1"))

    async def child(n: int, parent: Scored, unit: str, turn: int) -> tuple[Scored, Step]:
        options = _options(parent.plan, c)
        changes = [e.describe(c.tree) for e in options]
        said = await criticize(parent.plan, changes, c.models.chat("optimizer"), unit=unit)
        place = said.change - 1 if said else n % len(options)
        advice = said.advice if said else parent.feedback
        plan = await _apply(c, state, parent.plan, options[place], unit, advice)
        by = "model" if said else "code"
        step = Step(plan=unit, round=turn, parent=parent.unit, change=changes[place], by=by, reason=advice)
        return await scored(unit, plan), step

    begun = await within_cap(c, "plan1", first)
    if not isinstance(begun, Spent):
        queue.append(begun)
        steps.append(Step(plan="plan1", round=0, parent=None, change=begun.plan.approach, by="draft"))
    for turn in range(1, MOST):
        c.progress(f"rewriting, round {turn}", turn, MOST)
        if not queue or not room.for_another():
            break
        parents = sorted(queue, key=lambda row: -row.score)[:PARENTS]
        work = [(n, parents[n % len(parents)], f"plan{len(steps) + n + 1}", turn) for n in range(CHILDREN)]
        children = await within_cap(c, f"round {turn}", lambda work=work: together(*(child(*w) for w in work)))
        if isinstance(children, Spent):
            break
        queue = parents + [s for s, _ in children]
        steps += [step for _, step in children]
    best = max(queue, key=lambda row: row.score).plan if queue else draft_one(state, c, 0)
    return _result(c, state, best, steps, None)


class _Room:
    """Whether one more step of the size of the largest so far fits the budget."""

    def __init__(self, c: Context) -> None:
        self.c, self.last, self.largest = c, c.models.meter.tokens, 0

    def for_another(self) -> bool:
        now, cap = self.c.models.meter.tokens, self.c.models.limits.tokens
        self.largest = max(self.largest, now - self.last)
        self.last = now
        return cap is None or now + self.largest <= cap


async def _begin(c: Context) -> State:
    state: Any = {"recalled": [], "met": [], **opening(c)}
    return state


async def _write(c: Context, state: State, bare: LessonPlan, unit: str) -> LessonPlan:
    """The draft in words; a slot with a fault that only the whole plan shows goes back to curated words."""
    return _repair(c, state, await word(c, state, bare, unit), bare)


def _repair(c: Context, state: State, plan: LessonPlan, bare: LessonPlan) -> LessonPlan:
    faulty = {f.where for f in verify(plan, c.tree, held_out(state)).findings}
    return with_words(plan, {name: words for name, words in bare.slots() if name in faulty}) if faulty else plan


def _options(plan: LessonPlan, c: Context) -> list[Edit]:
    """What may be changed without evidence: what could be inserted, and every text."""
    texts = [Edit(action="replace", part=name, evidence="the writer's own view", weight=1) for name, _ in plan.slots()
             if not name.startswith("note")]  # fmt: skip
    return [*blind_edits(plan, c.tree), *texts]


async def _apply(c: Context, state: State, plan: LessonPlan, edit: Edit, unit: str, advice: str) -> LessonPlan:
    bare, slots = apply_edit(plan, edit, c.tree, c.request.seed, held_out(state))
    worded = await word(c, state, bare, unit, slots, dict.fromkeys(slots, advice)) if slots else bare
    repaired = _repair(c, state, worded, plan)
    return plan if verify(repaired, c.tree, held_out(state)).findings else repaired


def _result(c: Context, state: State, plan: LessonPlan, steps: list[Step], ciddp: Ciddp | None) -> LessonResult:
    return LessonResult(
        plan=plan, checks=verify(plan, c.tree, held_out(state)), ciddp=ciddp, steps=steps, resolved=c.request.resolved
    )
