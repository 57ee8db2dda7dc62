"""The move of a tutor's free words, by rules and a model together.

The rules' finding is evidence like the model's: how often the rules say each move for each true one was counted on
labeled turns (`RULES_SAY`), and Bayes' rule joins that with the probabilities that the model gives. On 1,895 labeled
MathDial turns the rules alone agree in 0.56; how far a model helps depends on the model, so `classwright dialogue score
--moves model` prints the agreement of rules, model and both for every transcript with labels.
"""

from collections.abc import Mapping, Sequence
from math import log

from classwright.agents.tutor import shared_values
from classwright.classroom.moves import MOVE_NAMES, Move, classify
from classwright.classroom.turn import Turn
from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.prompts import render
from classwright.runs.journal import Key
from classwright.skilltree.problem import Problem

MEANINGS: dict[Move, str] = {
    "focus": "leads toward the solution: asks for the next step or strategy, points at a part, recalls a fact",
    "probing": "asks the student to explain or check the own work, or changes the question to make it think",
    "telling": "gives away a step, the strategy or the answer",
    "generic": "greets, encourages, praises, closes, or asks how it is going",
}
RULES_SAY: dict[Move, dict[Move, float]] = {
    "focus": {"focus": 0.66, "probing": 0.20, "telling": 0.10, "generic": 0.04},
    "probing": {"focus": 0.53, "probing": 0.38, "telling": 0.04, "generic": 0.05},
    "telling": {"focus": 0.38, "probing": 0.10, "telling": 0.42, "generic": 0.10},
    "generic": {"focus": 0.15, "probing": 0.08, "telling": 0.02, "generic": 0.75},
}
"""True move -> share of its turns that the rules call each move, on two thirds of MathDial's labeled turns."""


async def label_moves(
    problem: Problem, turns: Sequence[Turn], chat: Chat, *, unit: str, places: Sequence[int]
) -> dict[int, dict[Move, float] | None]:
    """A model's log-probabilities of the four moves for tutor turns; None for one that it could not judge.

    Args:
        problem: What the dialogue is about.
        turns: All turns.
        chat: The model; it must give log-probabilities.
        unit: The dialogue's id.
        places: Which turns, by index.
    """
    found: dict[int, dict[Move, float] | None] = {}
    for i in places:
        values = shared_values(problem, turns[:i], "en") | {"turn": turns[i].text[:800]}
        try:
            scores = await chat.choice_logprobs(list(MEANINGS.values()), render("move_label", **values),
                                                key=Key(unit, chat.role, "move_label", i))  # fmt: skip
            found[i] = {move: scores[meaning] for move, meaning in MEANINGS.items()}
        except OutputError:
            found[i] = None
    return found


def joined(text: str, model: Mapping[Move, float], *, opening: bool) -> Move:
    """The move that rules and model together find likeliest."""
    said = classify(text, opening=opening)
    return max(MOVE_NAMES, key=lambda m: model[m] + log(RULES_SAY[m][said]))
