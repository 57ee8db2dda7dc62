"""The word problems of the drafts in the learners' interests: by the bank, and retold by a larger model."""

from classwright.agents.personalizer import name_things, personalize
from classwright.classroom.plan import LessonPlan
from classwright.classroom.retold import Personalized, by_bank, told_in_interest, with_retold
from classwright.graphs.lesson_state import Context, Spent, State, within_cap
from classwright.models.together import together
from classwright.skilltree.interests import read_interest, vocabulary
from classwright.skilltree.problem import Problem

UNIT = "interest"
NOT_ASKED = "no model was asked: the bank tells it"


async def in_interests(
    c: Context, state: State, bare: dict[str, LessonPlan]
) -> tuple[dict[str, LessonPlan], list[Personalized], str]:
    """The drafts with their word problems in the interests at the grain that was asked for.

    A problem that several drafts have is retold once, so that they differ in nothing but their emphasis. Only where the
    teacher is asked for more than slots a model retells; else, and at the cap of the run, the bank's version stands.

    Args:
        c: The run.
        state: Whom the lesson is for.
        bare: The drafts, before anybody puts them into words.

    Returns:
        The drafts, what was made of each problem, and why the run stops ("" while it goes on).
    """
    level, grain = state["audience"].reading_level, c.request.grain
    told: dict[tuple[str, str | None], tuple[Problem, str]] = {
        (p.id, p.interest): (p, p.interest) for plan in bare.values() for p in told_in_interest(plan) if p.interest
    }
    work = list(told.values())
    why, stop = NOT_ASKED, ""
    found: list[Personalized] | Spent = []
    if c.request.proposals and work:
        found = await within_cap(c, UNIT, lambda: _retold(c, work, level))
        why = stop = found.why if isinstance(found, Spent) else ""
    if isinstance(found, Spent) or not found:
        found = [by_bank(p, interest, grain, level, why) for p, interest in work]
    new = {place: made.problem for place, made in zip(told, found, strict=True) if made.source == "model"}
    return {i: with_retold(plan, new, c.tree) for i, plan in bare.items()} if new else bare, found, stop


async def _retold(c: Context, work: list[tuple[Problem, str]], level: float) -> list[Personalized]:
    """Each problem retold by the teacher's model, as far as the validators let it pass."""
    chat, grain = c.models.chat("teacher"), c.request.grain
    strange = [i for i in dict.fromkeys(i for _, i in work) if not vocabulary(read_interest(i).at(grain))]
    named = await together(*(name_things(i, chat, unit=f"{UNIT}{n}") for n, i in enumerate(strange, 1)))
    things = dict(zip(strange, named, strict=True))
    return await together(
        *(
            personalize(p, i, grain, chat, unit=UNIT, place=str(n), reading_level=level, things=things.get(i, ()))
            for n, (p, i) in enumerate(work, 1)
        )
    )


def standing(made: list[Personalized], plan: LessonPlan) -> list[Personalized]:
    """Those of some retold problems that a plan has, as they stand in it."""
    held = {(p.id, p.text) for p in plan.problems()}
    return [m for m in made if (m.problem.id, m.problem.text) in held]
