"""The test before and after a dialogue, for students played by a model: the same problems without and with the talk."""

from collections.abc import Sequence

from classwright.agents.pupil import description
from classwright.classroom.graded import grade
from classwright.classroom.transcript_text import one_line, transcript
from classwright.classroom.turn import Turn
from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.models.together import together
from classwright.prompts import render
from classwright.runs.journal import Key
from classwright.skilltree.learner import Learner
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree

MAX_TOKENS = 160
TASK = "student_exam"


async def sit_exam(
    items: Sequence[Problem],
    turns: Sequence[Turn],
    chat: Chat,
    *,
    unit: str,
    learner: Learner | None,
    tree: SkillTree,
) -> tuple[bool, ...]:
    """Right or wrong per problem; an answer that cannot be read counts as not right.

    Args:
        items: The problems.
        turns: The talk that the student has had; none before it.
        chat: Who plays the student.
        unit: The dialogue's id.
        learner: Who the persona is; None for a model as it is.
        tree: Names of what the learner can do.
    """
    who = {"persona": False} if learner is None else {"persona": True} | description(learner, tree)
    values = who | {"transcript": transcript(turns) if turns else ""}
    when = "post" if turns else "pre"

    async def answer(number: int, item: Problem) -> bool:
        key = Key(unit, chat.role, TASK, f"{when}.{number}")
        messages = render(TASK, **values, question=one_line(item.text))
        try:
            reply = await chat.text(messages, key=key, max_tokens=MAX_TOKENS, temperature=0.0)
        except OutputError:
            return False
        return grade(reply.text, item).result == "right"

    return tuple(await together(*(answer(n, item) for n, item in enumerate(items))))
