"""The analyst: which mistakes this class will make on which question, each reproducible by a buggy rule."""

from collections.abc import Sequence

from classwright.agents.words import Embed, Slot, fill
from classwright.classroom.plan import LessonPlan, Likely, Words
from classwright.classroom.slots import SlotRules
from classwright.classroom.student import KnowledgeStudent
from classwright.models.chat import Chat
from classwright.skilltree.bank import wrong_answer
from classwright.skilltree.tree import SkillTree

PER_QUESTION = 3


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
        found += sorted(rows, key=lambda x: (-x.share, x.misconception))[:PER_QUESTION]
    return found


async def word_note(
    plan: LessonPlan, likely: Sequence[Likely], tree: SkillTree, chat: Chat, embed: Embed, *, unit: str, language: str
) -> list[Words]:
    """The teacher notes: what to look for first. Empty when no mistake is expected of this class."""
    if not likely:
        return []
    top = max(likely, key=lambda x: x.share)
    m = tree.misconception(top.misconception)
    share = f"about {round(top.share * 100)}%"
    curated = (
        f"On the problem {top.problem.text!r} expect the answer {top.wrong_answer} from {share} of the class: "
        f"that learner {m.name}. Ask: {m.question}"
    )
    rules = SlotRules((10, 70), None, [top.problem.text, top.wrong_answer, share, m.question], (top.wrong_answer,))
    values = {
        "grade": plan.grade or "K", "language": language, "problem": top.problem.text,
        "wrong_answer": top.wrong_answer, "name": m.name, "share": share,
    }  # fmt: skip
    return [await fill(Slot("note", values, rules, curated), chat, embed, unit=unit)]
