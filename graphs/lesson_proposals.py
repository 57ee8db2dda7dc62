"""Whole parts that the teacher's model proposes for the drafts, as far as code admits them."""

from classwright.agents.proposer import propose
from classwright.classroom.plan import LessonPlan
from classwright.classroom.proposals import Proposals, fit
from classwright.graphs.lesson_result import Step
from classwright.graphs.lesson_state import Context, Spent, State, held_out, within_cap
from classwright.models.together import together


async def with_proposals(
    c: Context, state: State, plans: dict[str, LessonPlan]
) -> tuple[dict[str, LessonPlan], dict[str, Proposals], str]:
    """The drafts with what was admitted into them; at the cap of the run a draft stays as it is.

    Args:
        c: The run, whose request wants proposals.
        state: Whom the lesson is for, what the test asks and what the learners have met: none of it may be proposed.
        plans: The drafts in words.

    Returns:
        The drafts, what was proposed for each, and why the run stops ("" while it goes on).
    """

    async def one(unit: str, plan: LessonPlan) -> tuple[LessonPlan, Proposals] | Spent:
        found = await within_cap(c, f"proposals {unit}", lambda: _proposed(c, state, plan, unit))
        return found if isinstance(found, Spent) else fit(plan, found, c.tree, held_out(state))

    made = await together(*(one(unit, plan) for unit, plan in plans.items()))
    new, proposals, stop = dict(plans), {}, ""
    for unit, done in zip(plans, made, strict=True):
        if isinstance(done, Spent):
            proposals[unit], stop = Proposals(asked=False, why=done.why), stop or done.why
        else:
            new[unit], proposals[unit] = done
    return new, proposals, stop


async def _proposed(c: Context, state: State, plan: LessonPlan, unit: str) -> Proposals:
    return await propose(
        plan, state["audience"], c.tree, c.models.chat("teacher"), c.models.embed,
        unit=unit, interest=c.request.setting, language=plan.language, avoid=[*held_out(state), *state["met"]],
    )  # fmt: skip


def proposals_of(plan: str, steps: dict[str, Step], found: dict[str, Proposals]) -> Proposals | None:
    """What was proposed for the draft that a plan goes back to; None where nobody was asked."""
    while (parent := steps[plan].parent) is not None:
        plan = parent
    return found.get(plan)
