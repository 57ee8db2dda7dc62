"""The free tutor: a model says what it likes, behind the same guard as every tutor. Also a fine-tuned one."""

from collections.abc import Sequence

from classwright.agents.tutor import Spoken, Written, labeled, shared_values, spoken, write_turn
from classwright.classroom.graded import any_right
from classwright.classroom.socratic import next_move
from classwright.classroom.turn import Turn
from classwright.models.chat import Chat
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree

DONE = "DONE"


async def free(
    problem: Problem, tree: SkillTree, turns: Sequence[Turn], chat: Chat, *, unit: str, seed: int, language: str
) -> Spoken:
    """The tutor's next turn; see `agents.tutor_socratic.socratic`. It may close only what is solved."""
    values = shared_values(problem, turns, language) | {"solution": True, "answer": problem.answer}
    written = await write_turn("tutor_free", values, problem, turns, chat, unit=unit)
    if written.text is None:
        return spoken(next_move(problem, tree, turns, seed=seed), written)
    text = written.text.replace(DONE, "").strip()
    solved = any_right((t.text for t in turns if t.speaker == "student"), problem)
    if not text:
        return spoken(next_move(problem, tree, turns, seed=seed), written._replace(text=None))
    return Spoken(from_model(turns, text, written), solved and DONE in written.text)


def from_model(turns: Sequence[Turn], text: str, written: Written) -> Turn:
    """A model's own turn, with the move that rules find in it."""
    return labeled(turns, text, refused=written.refused, tokens=written.tokens, latency_s=written.latency_s)
