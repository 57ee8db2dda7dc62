"""A section of a plan on a subject outside the skill tree, made again as the teacher wishes."""

from classwright.agents.free_edits import FreeEdit, Part, apply_free_edit
from classwright.agents.sources import Material
from classwright.classroom.free_plan import FAMILY
from classwright.classroom.plan import TIERS, LessonPlan
from classwright.classroom.sections import problem_sections
from classwright.errors import InputError
from classwright.graphs.lesson_state import Context
from classwright.graphs.review_desk import Remake
from classwright.graphs.topic_draft import subject_of

LISTS: dict[str, Part] = {
    "warm-up": "warm_up", "example problem 1": "guided", "guided": "guided", "exit ticket": "exit",
    **{f"independent {tier}": "practice" for tier in TIERS},
}  # fmt: skip
"""Section -> the list that its questions are in."""


def remake_topic(c: Context, material: Material | None) -> Remake:
    """How a section of such a plan is made again: a text in new words, questions by others with agreed answers.

    The function that it returns raises InputError for a section that is neither, or where nothing new came.
    """

    async def again(plan: LessonPlan, section: str, note: str, unit: str) -> LessonPlan:
        edit = _edit(plan, section, note)
        done = await apply_free_edit(
            plan, edit, subject_of(c.request), c.models.chat("teacher"), c.models.embed, unit=unit, material=material
        )
        if done.why:
            raise InputError(f"{section} stays as it is: {done.why}")
        return done.plan

    return again


def _edit(plan: LessonPlan, section: str, note: str) -> FreeEdit:
    texts: dict[str, Part] = {"hook": "hook", "explanation 1": "explanation", "closing": "closing"}
    texts |= {f"idea {i}": "activity" for i, idea in enumerate(plan.ideas, 1) if idea.kind == "activity"}
    if section in texts:
        return FreeEdit(part=texts[section], reason="teacher", note=note)
    held = problem_sections(plan).get(section)
    if held is None or section not in LISTS:
        raise InputError(f"{section} cannot be made again, only edited; there can be {', '.join([*LISTS, *texts])}")
    asked = tuple(p.text for p in held if p.family == FAMILY)
    if not asked:
        raise InputError(f"{section} holds no questions but yours; edit them")
    return FreeEdit(part=LISTS[section], reason="teacher", note=note, questions=asked)
