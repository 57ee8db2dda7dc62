"""The analyst: which mistakes this class will make on which question.

Those that a buggy rule reproduces come from code, with their share of the class. A model may add its opinion: one that
a rule reproduces after all is attributed to the rule, any other is marked as an opinion.
"""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from classwright.agents.words import Embed, Slot, fill
from classwright.classroom.plan import LessonPlan, Likely, Words
from classwright.classroom.slots import SlotRules
from classwright.classroom.student import KnowledgeStudent
from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.models.together import together
from classwright.prompts import render
from classwright.runs.journal import Key
from classwright.skilltree.bank import wrong_answer
from classwright.skilltree.grading import grade
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree

PER_QUESTION = 3
ASKED = 4
"""Questions of the guided practice that a model is asked about."""


class Mistake(BaseModel):
    """What the model expects. Flat, so that any server can hold a model to it."""

    mistake: str = Field(min_length=8, max_length=200, description="What a learner does wrong, one sentence")
    wrong_answer: str = Field(min_length=1, max_length=40, description="The wrong answer it leads to, nothing else")


def likely_mistakes(plan: LessonPlan, students: Sequence[KnowledgeStudent], tree: SkillTree) -> list[Likely]:
    """The three most likely mistakes per question of the guided practice, with the share of the class to make it.

    The share is the mean over students of P(wrong) x P(the error is this misconception's), zero for those who do not
    hold it; mistakes that nobody of this class is expected to make are left out.
    """
    found = []
    for problem in plan.guided.problems:
        rows = []
        for m in tree.misconceptions_of(problem.skill):
            wrong = wrong_answer(m.id, problem)
            if wrong is None:
                continue
            share = sum((1 - s.chance_right(problem)) * s.model.express for s in students if m.id in s.held) / len(
                students
            )
            if share > 0:
                rows.append(Likely(misconception=m.id, problem=problem, wrong_answer=wrong, share=round(share, 4)))
        found += sorted(rows, key=lambda x: (-(x.share or 0), x.misconception))[:PER_QUESTION]
    return found


async def opinions(
    plan: LessonPlan, likely: Sequence[Likely], tree: SkillTree, chat: Chat, *, unit: str
) -> list[Likely]:
    """A mistake a question that the model expects beside those of the rules; an answer that is right is dropped.

    Args:
        plan: The plan.
        likely: What the rules expect.
        tree: The skill tree.
        chat: The analyst's model.
        unit: Journal unit.
    """

    async def one(place: int, problem: Problem) -> Likely | None:
        known = [x.wrong_answer for x in likely if x.problem.id == problem.id]
        messages = render("mistake", grade=plan.grade or "K", problem=problem.text, answer=problem.answer, known=known)
        try:
            said = await chat.structured(Mistake, messages, key=Key(unit, chat.role, "mistake", place), max_tokens=120)
        except OutputError:
            return None
        verdict = grade(said.wrong_answer, problem).result
        if verdict != "wrong" or said.wrong_answer in known:
            return None
        for m in tree.misconceptions_of(problem.skill):
            rule = wrong_answer(m.id, problem)
            if (
                rule is not None
                and grade(said.wrong_answer, problem.model_copy(update={"answer": rule})).result == "right"
            ):
                return Likely(misconception=m.id, problem=problem, wrong_answer=rule)
        return Likely(misconception="", problem=problem, wrong_answer=said.wrong_answer, by="model", what=said.mistake)

    found = await together(*(one(n, p) for n, p in enumerate(plan.guided.problems[:ASKED], 1)))
    return [x for x in found if x is not None]


async def word_note(
    plan: LessonPlan, likely: Sequence[Likely], tree: SkillTree, chat: Chat, embed: Embed, *, unit: str, language: str
) -> list[Words]:
    """The teacher notes: what to look for first. Empty when no mistake is expected of this class."""
    ruled = [x for x in likely if x.share]
    if not ruled:
        return []
    slot = note_slot(plan, max(ruled, key=lambda x: x.share or 0), tree, language)
    return [await fill(slot, chat, embed, unit=unit)]


def note_slot(plan: LessonPlan, top: Likely, tree: SkillTree, language: str) -> Slot:
    """The slot of the note on a mistake that a rule makes and the class is expected to make."""
    m = tree.misconception(top.misconception)
    share = f"about {round((top.share or 0) * 100)}%"
    curated = (
        f"On the problem {top.problem.text!r} expect the answer {top.wrong_answer} from {share} of the class: "
        f"that learner {m.name}. Ask: {m.question}"
    )
    rules = SlotRules((10, 70), None, [top.problem.text, top.wrong_answer, share, m.question], (top.wrong_answer,))
    values = {
        "grade": plan.grade or "K", "language": language, "problem": top.problem.text,
        "wrong_answer": top.wrong_answer, "name": m.name, "share": share,
    }  # fmt: skip
    return Slot("note", values, rules, curated)
