"""The second half of a lesson's round: expected mistakes, rehearsal, the pool, and whether the loop goes on."""

from collections.abc import Callable
from itertools import islice, pairwise
from typing import Any, TypeVar

from classwright.agents.analyst import likely_mistakes
from classwright.classroom.bradley_terry import bradley_terry
from classwright.classroom.free_checks import doubts
from classwright.classroom.gain import paired_difference
from classwright.classroom.pool import Merit, front, length
from classwright.classroom.rehearsal import rehearse
from classwright.graphs.lesson_language import reserve
from classwright.graphs.lesson_state import Context, Node, State, Update, at, klass

E = TypeVar("E")


def analyze(state: State, runtime: Node) -> Update:
    """The mistakes that this class will make on each question, as far as a buggy rule reproduces them."""
    c = runtime.context
    if "analyst" in c.request.without:
        return {}
    students = klass(state, c)
    plans = {i: state["plans"][i] for i in state["fresh"]}
    likely = {i: p.model_copy(update={"likely": likely_mistakes(p, students, c.tree)}) for i, p in plans.items()}
    return {"plans": state["plans"] | likely}


def rehearse_plans(state: State, runtime: Node) -> Update:
    """Every fresh plan meets the same class with the same test and the same luck."""
    c = runtime.context
    if "rehearsal" in c.request.without:
        return {}
    c.progress("rehearsing", *at(state, c, 1))
    students = klass(state, c)
    rehearsals, steps = dict(state["rehearsals"]), dict(state["steps"])
    for i in state["fresh"]:
        rehearsals[i] = rehearse(state["plans"][i], students, state["exam"], c.request.seed)
        g = rehearsals[i].gain
        steps[i] = steps[i].model_copy(update={"gain": g.mean, "low": g.low, "high": g.high})
    return {"rehearsals": rehearsals, "steps": steps}


def settle(state: State, runtime: Node) -> Update:
    """Whether there is another round: stop at the rounds, at the budget, or when rounds win nothing any more."""
    c, r = runtime.context, runtime.context.request
    meter = c.models.meter
    costs = [*state["costs"], (meter.calls, meter.tokens)]
    stale = state["stale"]
    if state["round"] and state["rehearsals"]:
        stale = 0 if _progress(state, c) else stale + 1
    stop = state["stop"]
    if not stop and state["round"] >= r.rounds:
        stop = "rounds"
    if not stop and stale >= r.patience:
        stop = f"no progress: {stale} rounds did not win {r.epsilon} for certain"
    if not stop and not _affordable(costs, c, reserve(c, next(iter(state["plans"].values())))):
        stop = "budget: another round could go beyond the cap"
    return {"costs": costs, "stale": stale, "stop": stop}


def _progress(state: State, c: Context) -> bool:
    """Whether this round's best plan gains more than the best before, its lower bound above epsilon.

    The students are the same with the same luck, so their scores pair up; the difference is normalized like the gain.
    """
    order = ranked(state)
    new = [i for i in order if i in state["fresh"]]
    old = [i for i in order if i not in state["fresh"]]
    if not new or not old:
        return False
    before, after = state["rehearsals"][old[0]], state["rehearsals"][new[0]]
    room = 1 - before.gain.pre
    if room <= 0:
        return False
    d = paired_difference(
        [s for _, _, s in before.scores], [s for _, _, s in after.scores], seed=c.request.seed
    )  # fmt: skip
    return d.low / room > c.request.epsilon


def _affordable(costs: list[tuple[int, int]], c: Context, later: tuple[int, int]) -> bool:
    """Whether a round as dear as the dearest so far stays under the caps, with room for what comes after the loop.

    Where a translation does, the last judging, notes and voices must not take its room: about two rounds more.
    """
    limits = c.models.limits
    rounds = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(costs)]
    calls, tokens = (max(x) for x in zip(*rounds, strict=True)) if rounds else (1, 1)
    if any(later):
        calls, tokens = 3 * calls + later[0], 3 * tokens + later[1]
    used = costs[-1]
    return (limits.calls is None or used[0] + calls <= limits.calls) and (
        limits.tokens is None or used[1] + tokens <= limits.tokens
    )


def strengths(state: State) -> dict[str, float]:
    """Bradley-Terry log strengths of the plans that admitted judges compared; empty without any comparison."""
    wins: dict[tuple[str, str], float] = {}
    for b in state["bouts"]:
        if b.decided:
            wins[b.a, b.b] = b.wins_a + b.ties / 2
            wins[b.b, b.a] = b.wins_b + b.ties / 2
    return bradley_terry(wins)


def merits(state: State) -> dict[str, Merit]:
    """What is known of every plan of the pool, in the order they were made."""
    strength = strengths(state)
    out = {}
    for i, step in state["steps"].items():
        if step.dropped or i not in state["checks"]:
            continue
        rehearsal, view = state["rehearsals"].get(i), state["ciddp"].get(i)
        out[i] = Merit(
            gain=rehearsal.gain.mean if rehearsal else None,
            strength=strength.get(i),
            ciddp=view.mean if view else None,
            words=length(state["plans"][i]),
            doubts=doubts(state["plans"][i]),
        )
    return out


def to_improve(state: State, keep: int, edits_of: Callable[[str], list[E]]) -> list[tuple[str, list[E], str]]:
    """The best plans that have untried edits, at most `keep`: (plan, its edits, the id of the plan that is made)."""
    untried = ((p, edits_of(p)) for p in ranked(state))
    chosen = islice(((p, edits) for p, edits in untried if edits), keep)
    first = len(state["steps"]) + 1
    return [(p, edits, f"plan{first + k}") for k, (p, edits) in enumerate(chosen)]


def history(state: State, best: str) -> dict[str, Any]:
    """What a result says of how its plan came about: judges, comparisons, and all plans of the pool."""
    panel = state.get("panel")
    return {
        "ciddp": state["ciddp"].get(best),
        "judges": panel.standings if panel else [],
        "steps": [
            s.model_copy(update={"ciddp": v.mean}) if (v := state["ciddp"].get(i)) else s
            for i, s in state["steps"].items()
        ],
        "front": front(merits(state)),
        "bouts": state["bouts"],
        "stopped": state["stop"],
    }


def ranked(state: State) -> list[str]:
    """The plans of the pool, best first: the Pareto front, then the rest."""
    found = merits(state)
    best = front(found)
    return [*best, *sorted((i for i in found if i not in best), key=lambda i: found[i].key())]
