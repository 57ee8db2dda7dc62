"""The last step of a lesson: its text in the learners' language, and what is hard to read in it."""

from typing import Any

from classwright.agents.grounding import at_the_end, without_marks
from classwright.agents.translator import translate_plan
from classwright.classroom.language import base_code, language_name
from classwright.classroom.plan import LessonPlan
from classwright.classroom.reading_level import reading_findings
from classwright.classroom.translation import Translated, pieces
from classwright.classroom.translation_checks import compared
from classwright.graphs.lesson_interest import standing
from classwright.graphs.lesson_result import Translation
from classwright.graphs.lesson_state import Context, Node, Spent, State, Update, within_cap

UNIT = "translation"
PROMPT_TOKENS = 200
"""Of the prompt for one text, about; the text itself, there and back, takes about a token a character."""


async def translate(state: State, runtime: Node) -> Update:
    """The plan that was picked, or accepted, in the learners' language; a rejected one stays as it is.

    The plan was drafted, judged and reviewed in English, in which code reads stories and reading levels.
    """
    c, result = runtime.context, state["result"]
    if result.rejected:
        return {}
    plan, changes = result.plan, dict[str, Any]()
    changes["personalized"] = standing(result.personalized, plan)
    changes["reading"] = reading_findings(plan, state["audience"].reading_level)
    if base_code(c.request.language) != base_code(plan.language):
        changes["plan"], changes["translation"] = await _translated(c, plan)
    return {"result": result.model_copy(update=changes)}


async def _translated(c: Context, plan: LessonPlan) -> tuple[LessonPlan, Translation]:
    language, found = c.request.language, pieces(plan)
    if c.models.embedded("teacher"):
        why = f"the embedded model is too small to write {language_name(language)}; name a larger one (--model FILE)"
        return plan, Translation(language=language, pieces=len(found), english=plan, why=why)
    c.progress(f"translating into {language_name(language)}", 0, 0)
    chat = c.models.chat("teacher")
    bare = without_marks(plan)  # a mark stands in a sentence; in another language code puts it at the end of its text
    done = await within_cap(c, UNIT, lambda: translate_plan(bare, language, chat, unit=UNIT))
    if isinstance(done, Spent):
        return plan, Translation(language=language, pieces=len(found), english=plan, why=done.why)
    return at_the_end(done.plan, plan), _record(bare, done, len(found))


def reserve(c: Context, plan: LessonPlan) -> tuple[int, int]:
    """(calls, tokens) that the translation of a plan will take, about; none where there is nothing to translate."""
    if base_code(c.request.language) == base_code(plan.language) or c.models.embedded("teacher"):
        return 0, 0
    found = pieces(plan)
    return len(found), sum(PROMPT_TOKENS + len(p.text) for p in found)


def _record(plan: LessonPlan, done: Translated, n: int) -> Translation:
    check = compared(plan, done.plan)
    return Translation(
        language=done.language, pieces=n, english=plan, untranslated=list(done.untranslated), checked=done.checked,
        complete=base_code(done.plan.language) == base_code(done.language),
        equations=check.equations, numbers=check.numbers, changed=check.changed,
    )  # fmt: skip
