"""The last words of a lesson: the analyst's note to the teacher, and frequent failures as students would say them."""

from classwright.agents.analyst import opinions, word_note
from classwright.agents.student import curated_answer, say_answer
from classwright.classroom.plan import LessonPlan, Words
from classwright.classroom.rehearsal import Failure
from classwright.graphs.lesson_draft import slow
from classwright.graphs.lesson_result import Voice
from classwright.graphs.lesson_state import Context, Ready, Spent, State, within_cap
from classwright.graphs.lesson_trial import ranked
from classwright.models.together import both, together

VOICES = 3
"""Frequent failures that are put into a student's words for the report."""


async def close(state: State, c: Context, plan: str) -> tuple[LessonPlan, list[Voice]]:
    """The plan of this name with its note, and its voices."""
    return await both(_noted(state, c, plan), _voices(state, c, plan))


async def close_ahead(state: State, c: Context) -> Ready | None:
    """The last words for the plan that leads before the last judgments are in, so that they need not wait for them.

    They are asked again if another plan wins. So nothing is asked ahead under a cap, or of a model that answers one
    request at a time.
    """
    if not c.judging or c.models.limits.capped or slow(c):
        return None
    leader = ranked(state)[0]
    return Ready(leader, *await close(state, c, leader))


async def _noted(state: State, c: Context, best: str) -> LessonPlan:
    """The picked plan with the analyst's note to the teacher, and its opinions where a larger model plays it."""
    plan, chat = state["plans"][best], c.models.chat("analyst")
    if "analyst" in c.request.without or state["stop"].startswith("budget"):
        return plan

    async def work() -> LessonPlan:
        asked = opinions(plan, plan.likely, c.tree, chat, unit=best) if c.request.proposals else together()
        noted = word_note(plan, plan.likely, c.tree, chat, c.models.embed, unit=best, language=plan.language)
        more, notes = await both(asked, noted)
        return plan.model_copy(update={"likely": [*plan.likely, *more], "notes": notes or plan.notes})

    done = await within_cap(c, "note", work)
    return plan if isinstance(done, Spent) else done


async def _voices(state: State, c: Context, plan: str) -> list[Voice]:
    rehearsal = state["rehearsals"].get(plan)
    spoken = [f for f in rehearsal.failures if f.misconception and f.example_answer][:VOICES] if rehearsal else []
    chat, grade = c.models.chat("student"), state["audience"].grade

    def how(f: Failure) -> str:
        return c.tree.misconception(f.misconception or "").says

    async def one(n: int, f: Failure) -> Words:
        return await say_answer(f.example_problem, f.example_answer, how(f), chat, c.models.embed,
                                unit=plan, place=str(n), school_grade=grade)  # fmt: skip

    words = await within_cap(c, "voices", lambda: together(*(one(n, f) for n, f in enumerate(spoken, 1))))
    if isinstance(words, Spent):
        words = [Words(text=curated_answer(f.example_answer, how(f)), refused=(words.why,)) for f in spoken]
    return [Voice(failure=f, words=w) for f, w in zip(spoken, words, strict=True)]
