"""The Socratic tutor at a model: code picks the move (classroom/socratic.py), the model words it."""

from collections.abc import Sequence

from classwright.agents.tutor import Spoken, given_up, shared_values, spoken, write_turn
from classwright.classroom.next_move import NextMove
from classwright.classroom.socratic import next_move
from classwright.classroom.strays import longer, off_the_point
from classwright.classroom.turn import Turn
from classwright.models.chat import Chat
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree


async def socratic(
    problem: Problem, tree: SkillTree, turns: Sequence[Turn], chat: Chat | None, *, unit: str, seed: int, language: str
) -> Spoken:
    """The tutor's next turn.

    Args:
        problem, tree, turns: What it is about, what is known of it, the talk so far.
        chat: Who words the move; None leaves the curated words, as a model does that was `given_up`.
        unit: The dialogue's id.
        seed: Picks among curated wordings.
        language: Of the words.
    """
    move = next_move(problem, tree, turns, seed=seed)
    if chat is None or given_up(turns, "tutor"):
        return spoken(move, None)
    values = shared_values(problem, turns, language) | {
        "move": move.move, "submove": move.submove, "point": move.point, "example": move.text,
    }  # fmt: skip
    also = None if language != "en" else lambda text: strays(text, move)
    return spoken(move, await write_turn("tutor_socratic", values, problem, turns, chat, unit=unit, also=also))


def strays(text: str, move: NextMove) -> str:
    """Why a model's words do not do what the curated words of the move do; "" if they seem to.

    A goodbye may be any words, but must ask nothing more.
    """
    if move.closes:
        return "asks something at the end" if "?" in text else longer(text, move.text)
    if "?" in move.text and "?" not in text:
        return "asks nothing"
    return off_the_point(text, move.text) or longer(text, move.text)
