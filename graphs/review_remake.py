"""A section of a plan made again: new words for a slot, other problems from the bank."""

from classwright.agents.teacher import plan_slots, with_words, word_plan
from classwright.classroom.chance import chance
from classwright.classroom.draft import narrate
from classwright.classroom.plan import LessonPlan, Words
from classwright.classroom.section_problems import TEACHER
from classwright.classroom.sections import problem_sections
from classwright.errors import InputError
from classwright.graphs.review_desk import Desk
from classwright.skilltree.bank import problems
from classwright.skilltree.problem import Problem


async def made_again(plan: LessonPlan, section: str, note: str, desk: Desk, n: int) -> LessonPlan:
    """The plan with new words in a slot, or new problems in a section and new words where they speak of them.

    Raises:
        InputError: the section is neither.
    """
    slots = {name for name, _ in plan_slots(plan, desk.audience, desk.tree, desk.interest, desk.language)}
    held = problem_sections(plan)
    if section in held:
        new, words = _new_problems(plan, section, desk, n)
    elif section in slots:
        new, words = plan, frozenset((section,))
    else:
        can = [*held, *sorted(slots)]
        raise InputError(f"{section} cannot be made again, only edited; there can be {', '.join(can)}")
    if not words:
        return new
    return await word_plan(
        new, desk.audience, desk.tree, desk.chat, desk.embed, unit=f"{desk.unit}.review{n}", interest=desk.interest,
        language=desk.language, only=words,
        notes={w: ". ".join(filter(None, (desk.told.get(w), note))) for w in words},
    )  # fmt: skip


def _new_problems(plan: LessonPlan, section: str, desk: Desk, n: int) -> tuple[LessonPlan, frozenset[str]]:
    """A copy of the plan with other problems of the same skills and levels, and the slots that speak of them.

    A teacher's own problems stay. An objective goes on pointing at the item in the same place.

    Raises:
        InputError: the bank has no others.
    """
    new = plan.model_copy(deep=True)
    held = problem_sections(plan)[section]
    used: list[Problem | str] = [*desk.avoid, *plan.problems()]
    seed = int(chance(desk.seed, "review", section, n) * 2**31)
    fresh = []
    for old in held:
        if old.family == TEACHER:
            fresh.append(old)
            continue
        found = problems(old.skill, 1, seed, old.level, old.interest, avoid=used)
        if not found:
            raise InputError(f"{section}: the bank has no other problems on {old.skill}")
        used += found
        fresh += found
    if section.startswith("example problem"):
        i = int(section.split()[-1])
        new.worked_examples[i - 1].problem = fresh[0]
        return with_words(new, {f"example {i}": Words(text=narrate(fresh[0]))}), frozenset((f"example {i}",))
    problem_sections(new)[section][:] = fresh
    if section == "exit ticket":
        now = {old.id: p.id for old, p in zip(held, fresh, strict=True)}
        for objective in new.objectives:
            objective.assessed_by = now.get(objective.assessed_by, objective.assessed_by)
    if section != "guided":
        return new, frozenset()
    hints = {}
    for i, p in enumerate(fresh[: len(new.guided.hints)], 1):
        method = desk.tree[p.skill].method
        hints[f"hint {i}"] = Words(text=f"Where would you start? {method[0] if method else p.steps[0]}")
    return with_words(new, hints), frozenset(hints)
