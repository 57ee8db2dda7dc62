"""The optimizer's turn: the best plans each get the edit that the evidence asks for most."""

from classwright.agents.optimizer import Decision, choose_edit
from classwright.classroom.chance import chance
from classwright.classroom.edits import Edit, Remark, apply_edit, blind_edits, possible_edits, text_edits
from classwright.classroom.plan import LessonPlan
from classwright.graphs.lesson_draft import hopeless, slow, word
from classwright.graphs.lesson_result import Step
from classwright.graphs.lesson_state import Context, Node, Spent, State, Update, at, held_out, within_cap
from classwright.graphs.lesson_trial import to_improve
from classwright.models.places import urgent
from classwright.models.together import together


async def optimize(state: State, runtime: Node) -> Update:
    """The best plans each get one edit; new slots and texts that a judge found lacking get words."""
    c, r = runtime.context, runtime.context.request
    turn = state["round"] + 1
    c.progress(f"improving, round {turn}", *at(state, c, 3))
    remembered = " ".join(o.sentence() for o in state["recalled"])

    async def improve(parent: str, edits: list[Edit], new: str) -> tuple[str, LessonPlan, LessonPlan, Step]:
        edit, by, reason = await _choose(state, c, parent, edits, new, remembered)
        bare, slots = apply_edit(state["plans"][parent], edit, c.tree, r.seed, held_out(state))
        useless = slow(c) and hopeless(next(iter(state["plans"].values())))
        notes = dict.fromkeys(slots, edit.evidence) if edit.action == "replace" else {}
        worded = bare if useless or not slots else await word(c, state, bare, new, slots, notes)
        step = Step(plan=new, round=turn, parent=parent, change=edit.describe(c.tree), by=by, reason=reason)
        return new, bare, worded, step

    work = to_improve(state, r.keep, lambda plan: open_edits(state, c, plan))
    with urgent():  # the next round depends on it, on the judges' words only the one after
        made = await within_cap(c, f"optimize {turn}", lambda: together(*(improve(*w) for w in work)))
    if isinstance(made, Spent):
        return {"round": turn, "fresh": [], "stop": made.why}
    return {
        "round": turn,
        "fresh": [new for new, *_ in made],
        "stop": "" if made else "no edit left that the evidence asks for",
        "bare": state["bare"] | {new: bare for new, bare, _, _ in made},
        "plans": state["plans"] | {new: plan for new, _, plan, _ in made},
        "steps": state["steps"] | {new: step for new, _, _, step in made},
    }


def open_edits(state: State, c: Context, plan: str) -> list[Edit]:
    """What could be changed in a plan and was not tried: what its rehearsal asks for, then what judges find lacking."""
    tried = {s.change for s in state["steps"].values() if s.parent == plan}
    rehearsal = state["rehearsals"].get(plan)
    body = state["plans"][plan]
    edits = possible_edits(body, rehearsal, c.tree) if rehearsal else blind_edits(body, c.tree)
    view = state["ciddp"].get(plan)
    remarks = [] if view is None or view.status != "admitted" else [
        Remark(j.criterion, j.level, j.evidence, j.reason) for j in view.judgments if j.level is not None
    ]  # fmt: skip
    return [e for e in (*edits, *text_edits(body, remarks)) if e.describe(c.tree) not in tried]


async def _choose(
    state: State, c: Context, parent: str, edits: list[Edit], unit: str, remembered: str
) -> Decision[Edit]:
    rehearsal = state["rehearsals"].get(parent)
    if rehearsal is None:  # an ablation: nothing speaks for one edit more than for another
        pick = edits[int(chance(c.request.seed, "blind edit", unit) * len(edits))]
        return Decision(pick, "code", "drawn at random: nothing was rehearsed")
    chat = c.models.chat("optimizer")
    return await choose_edit(state["plans"][parent], rehearsal, edits, c.tree, chat, unit=unit, remembered=remembered)
