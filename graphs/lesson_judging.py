"""The judges of a lesson: they rate new plans and compare them blindly while the loop goes on."""

import asyncio
from itertools import combinations

from classwright.agents.evaluator import Ciddp, evaluate_plan
from classwright.agents.pairwise import Preference, prefer_plans
from classwright.errors import UnreachableError
from classwright.graphs.lesson_close import close_ahead
from classwright.graphs.lesson_result import Bout
from classwright.graphs.lesson_state import Context, Judging, Node, Spent, State, Update, at, within_cap
from classwright.graphs.lesson_trial import merits, ranked
from classwright.models.together import both, together

RIVALS = 2
"""Plans of the pool that a new plan is compared with."""


async def hear(state: State, runtime: Node) -> Update:
    """Take what the judges said of the plans before the fresh ones into the state; at the end of the loop all of it.

    So the optimizer, which goes by the rehearsal, never waits for the newest judgments: what judges say of a plan
    counts from the round after the next on. Fresh plans are judged at once where judges are at work anyway; else
    `evaluate` begins beside the optimizer, whose calls go first.
    """
    c, before = runtime.context, len(runtime.context.judging)
    _plan(state, c)
    if state["stop"] or any(j.task and not j.task.done() for j in c.judging):
        _begin(c)
    if not state["stop"]:
        return await _heard(state, c, before)
    heard, ready = await both(_heard(state, c, len(c.judging)), close_ahead(state, c))
    return heard | {"ready": ready}


async def evaluate(state: State, runtime: Node) -> Update:
    """Admitted judges begin to rate the plans they have not seen and to compare them blindly, in both orders, with the
    best. At the cap of the run plans stay unjudged.
    """
    _begin(runtime.context)
    return {}


async def evaluate_all(state: State, runtime: Node) -> Update:
    """The same, waiting for every judgment."""
    _plan(state, runtime.context)
    _begin(runtime.context)
    return await _heard(state, runtime.context, len(runtime.context.judging))


async def catch_up(state: State, runtime: Node) -> Update:
    """Where a run has a cap, hear the judges out before the costs so far are held against it."""
    c = runtime.context
    return await _heard(state, c, len(c.judging)) if c.models.limits.capped else {}


async def end_judging(c: Context, error: BaseException) -> None:
    """Leave no judging under way when a run ends early; what is paid for is waited for, as in `together`."""
    tasks = [j.task for j in c.judging if j.task]
    if isinstance(error, (UnreachableError, asyncio.CancelledError)):
        for task in tasks:
            task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    c.judging.clear()


def _plan(state: State, c: Context) -> None:
    """What the judges are to be asked of the fresh plans, by what is known now."""
    asked = {plan for j in c.judging for plan in j.plans}
    new = [i for i in merits(state) if i not in state["ciddp"] and i not in asked]
    if "panel" not in state or not new:
        return

    async def work() -> Update:
        c.progress("judging", *at(state, c, 2))
        found = await within_cap(c, f"evaluate {state['round']}", lambda: _judge(state, c, new))
        if isinstance(found, Spent):
            return {"ciddp": {}, "bouts": []}
        views, pairs, preferences = found
        bouts = [
            Bout(a=a, b=b, wins_a=p.wins_a, wins_b=p.wins_b, ties=p.ties)
            for (a, b), p in zip(pairs, preferences, strict=True)
        ]
        return {"ciddp": dict(zip(new, views, strict=True)), "bouts": bouts}

    c.judging.append(Judging(tuple(new), work))


def _begin(c: Context) -> None:
    for judging in c.judging:
        judging.task = judging.task or asyncio.create_task(judging.work())


async def _heard(state: State, c: Context, n: int) -> Update:
    """What the judges said in the `n` oldest judgings under way."""
    ciddp, bouts = dict(state["ciddp"]), list(state["bouts"])
    for _ in range(n):
        assert c.judging[0].task is not None
        said = await asyncio.shield(c.judging[0].task)
        c.judging.pop(0)
        ciddp |= said["ciddp"]
        bouts += said["bouts"]
    return {"ciddp": ciddp, "bouts": bouts}


async def _judge(
    state: State, c: Context, new: list[str]
) -> tuple[list[Ciddp], list[tuple[str, str]], list[Preference]]:
    """The panel's view of new plans, and its preferences between them and their rivals."""
    plans, panel = state["plans"], state["panel"]
    rivals = [i for i in ranked(state) if i not in new][:RIVALS]
    pairs = [(old, i) for i in new for old in rivals] if rivals else [*combinations(new, 2)]
    views, preferences = await both(
        together(*(evaluate_plan(plans[i], panel, unit=i, samples=c.request.samples) for i in new)),
        together(*(prefer_plans(plans[a], plans[b], panel, unit=f"{a}~{b}") for a, b in pairs)),
    )
    return views, pairs, preferences
