"""Simulated students at a model: words for a KnowledgeStudent's answer, and the prompted PersonaStudent."""

from classwright.agents.words import Embed, Slot, fill
from classwright.classroom.plan import Words
from classwright.classroom.slots import SlotRules
from classwright.models.chat import Chat
from classwright.prompts import render
from classwright.runs.journal import Key
from classwright.skilltree.grading import Verdict, extract_answer, grade
from classwright.skilltree.learner import Learner
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree


async def say_answer(
    problem: Problem, answer: str, how: str, chat: Chat, embed: Embed, *, unit: str, place: str, school_grade: int
) -> Words:
    """What a student says who gives this answer for this reason.

    The words must state exactly the coded answer; otherwise the curated sentence stands.

    Args:
        problem: What was asked.
        answer: The answer that code decided on, not empty.
        how: How the student explains it, in the first person and without numbers.
        chat: The student's model.
        embed: Embeddings (not used by this slot's rules).
        unit, place: Journal position.
        school_grade: The student's grade.
    """
    values = {"grade": school_grade or "K", "problem": problem.text, "answer": answer, "how": how}
    rules = SlotRules((3, 45), None, [problem.text, answer, *problem.steps], (answer,))
    words = await fill(Slot("student_says", values, rules, curated_answer(answer, how), place), chat, embed, unit=unit)
    if words.source == "model" and not states(words.text, answer, problem):
        return Words(text=curated_answer(answer, how), refused=(*words.refused, f"does not state the answer {answer}"))
    return words


def curated_answer(answer: str, how: str) -> str:
    """An answer with its reason, as a student would say it plainly."""
    return f"I got {answer}. {how}"


def states(text: str, answer: str, problem: Problem) -> bool:
    """Whether a text states this answer to the problem and no other."""
    said = extract_answer(text)
    if said is None:
        return False
    return grade(said, problem.model_copy(update={"answer": answer, "form": ""})).result == "right"


class PersonaStudent:
    """A model that plays a learner from a description (for comparison with published systems).

    What it can and cannot do is stated in its prompt; nothing makes it keep to that, which is what gets measured.
    """

    def __init__(self, learner: Learner, tree: SkillTree, chat: Chat) -> None:
        self.learner, self.chat = learner, chat
        ranked = sorted(learner.mastery.items(), key=lambda row: row[1])
        names = [(tree[s].name if s in tree else s, m) for s, m in ranked]
        self.strong = ", ".join(n for n, m in names if m >= 0.7) or "basic counting"
        self.weak = ", ".join(n for n, m in names if m < 0.7) or "nothing in particular"
        self.habits = "; ".join(tree.misconception(m).name for m in learner.misconceptions)

    async def answer(self, problem: Problem, *, unit: str, ordinal: str) -> tuple[str, Verdict]:
        """The student's text and its grade; a text without a clear answer is ungradable, which is not wrong."""
        messages = render(
            "persona", grade=self.learner.grade or "K", strong=self.strong, weak=self.weak, habits=self.habits,
            problem=problem.text,
        )  # fmt: skip
        reply = await self.chat.text(messages, key=Key(unit, "student", "persona", ordinal), max_tokens=200)
        return reply.text, grade(extract_answer(reply.text) or "", problem)
