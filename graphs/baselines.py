"""Three published ways to plan a lesson, for comparison: best-of-N, Self-Refine, and EduPlanner's loop.

They use the same drafts, edits, writer, checks and judges as our loop; what they lack is the rehearsal, so what they
go by is a model's opinion. Each stops when the next step could go beyond the token budget, as ours does.
"""

from typing import Any

from classwright.agents.critic import criticize, guess_score
from classwright.agents.evaluator import Ciddp, evaluate_plan
from classwright.agents.pairwise import prefer_plans
from classwright.agents.panel import open_panel
from classwright.agents.teacher import with_words
from classwright.classroom.bradley_terry import bradley_terry
from classwright.classroom.edits import Edit, apply_edit, blind_edits
from classwright.classroom.plan import LessonPlan
from classwright.classroom.verify import verify
from classwright.graphs.lesson_draft import draft_one, opening, word
from classwright.graphs.lesson_result import LessonResult, Step
from classwright.graphs.lesson_state import Context, State, held_out
from classwright.models.together import together
from classwright.models.usage import LimitError
from classwright.skilltree.bank import problems

MOST = 40
"""Drafts or rounds at most, whatever the budget."""
PARENTS, CHILDREN, QUESTIONS, SCORINGS = 3, 3, 8, 5
"""EduPlanner's P, K, T and M."""


async def best_of_n(c: Context) -> LessonResult:
    """N independent drafts, as many as the budget allows; the judges pick one, the first where none is admitted."""
    state = await _begin(c)
    plans: dict[str, LessonPlan] = {}
    steps: list[Step] = []
    room = _Room(c)
    while len(plans) < MOST and room.for_another():
        unit = f"plan{len(plans) + 1}"
        try:
            plans[unit] = await _write(c, state, draft_one(state, c, len(plans)), unit)
        except LimitError:
            break
        steps.append(Step(plan=unit, round=0, parent=None, change=plans[unit].approach, by="draft"))
        c.progress(f"writing draft {len(plans) + 1}", len(plans), MOST)
    plans = plans or {"plan1": draft_one(state, c, 0)}
    best, ciddp = await _judge(c, plans)
    return _result(c, state, plans[best], steps, ciddp)


async def self_refine(c: Context) -> LessonResult:
    """One draft; its writer criticizes it and carries out its own advice, until it is content or the budget is used."""
    state = await _begin(c)
    plan = draft_one(state, c, 0)
    steps = [Step(plan="plan1", round=0, parent=None, change=plan.approach, by="draft")]
    room = _Room(c)
    try:
        plan = await _write(c, state, plan, "plan1")
        for turn in range(1, MOST):
            if not room.for_another():
                break
            c.progress(f"refining, round {turn}", turn, MOST)
            options = _options(plan, c)
            unit = f"plan{turn + 1}"
            said = await criticize(plan, [e.describe(c.tree) for e in options], c.models.chat("teacher"), unit=unit)
            if said is None or said.done:
                break
            edit = options[said.change - 1]
            plan = await _apply(c, state, plan, edit, unit, said.advice)
            steps.append(Step(plan=unit, round=turn, parent=steps[-1].plan, change=edit.describe(c.tree), by="model",
                              reason=said.advice))  # fmt: skip
    except LimitError:
        pass
    return _result(c, state, plan, steps, None)


async def eduplanner(c: Context) -> LessonResult:
    """EduPlanner's loop as published: guessed scores, a queue of the best three, three new plans a round."""
    state = await _begin(c)
    asked = problems(c.request.skill, QUESTIONS, c.request.seed + 17, 2, avoid=held_out(state))
    judge, room = c.models.evaluators[0], _Room(c)
    queue: list[tuple[float, str, LessonPlan, str]] = []
    steps: list[Step] = []

    async def score(unit: str, plan: LessonPlan) -> None:
        value, feedback = await guess_score(plan, asked, judge, unit=unit, times=SCORINGS)
        queue.append((-1.0 if value is None else value, unit, plan, feedback))

    first = draft_one(state, c, 0)
    try:
        first = await _write(c, state, first, "plan1")
        steps.append(Step(plan="plan1", round=0, parent=None, change=first.approach, by="draft"))
        await score("plan1", first)
        for turn in range(1, MOST):
            if not room.for_another():
                break
            c.progress(f"rewriting, round {turn}", turn, MOST)
            queue.sort(key=lambda row: -row[0])
            del queue[PARENTS:]

            async def child(n: int, parent: tuple[float, str, LessonPlan, str], unit: str, turn: int = turn) -> None:
                options = _options(parent[2], c)
                changes = [e.describe(c.tree) for e in options]
                said = await criticize(parent[2], changes, c.models.chat("optimizer"), unit=unit)
                edit = options[said.change - 1] if said else options[n % len(options)]
                advice = said.advice if said else parent[3]
                plan = await _apply(c, state, parent[2], edit, unit, advice)
                steps.append(Step(plan=unit, round=turn, parent=parent[1], change=changes[options.index(edit)],
                                  by="model" if said else "code", reason=advice))  # fmt: skip
                await score(unit, plan)

            number = len(steps)
            parents = list(queue)
            await together(*(child(n, parents[n % len(parents)], f"plan{number + n + 1}") for n in range(CHILDREN)))
    except LimitError:
        pass
    best = max(queue, key=lambda row: row[0], default=(0.0, "plan1", first, ""))
    return _result(c, state, best[2], steps, None)


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


async def _judge(c: Context, plans: dict[str, LessonPlan]) -> tuple[str, Ciddp | None]:
    names = list(plans)
    try:
        panel = await open_panel(c.models.evaluators, plans[names[0]], unit="trial")
        pairs = [(a, b) for n, a in enumerate(names) for b in names[n + 1 :]]
        said = await together(*(prefer_plans(plans[a], plans[b], panel, unit=f"{a}~{b}") for a, b in pairs))
        wins: dict[tuple[str, str], float] = {}
        for (a, b), p in zip(pairs, said, strict=True):
            wins |= p.wins(a, b)
        strength = bradley_terry(wins)
        best = max(names, key=lambda i: strength.get(i, 0.0))
        return best, await evaluate_plan(plans[best], panel, unit=best, samples=c.request.samples)
    except LimitError:
        return names[0], None


def _result(c: Context, state: State, plan: LessonPlan, steps: list[Step], ciddp: Ciddp | None) -> LessonResult:
    return LessonResult(
        plan=plan, checks=verify(plan, c.tree, held_out(state)), ciddp=ciddp, steps=steps, resolved=c.request.resolved
    )
