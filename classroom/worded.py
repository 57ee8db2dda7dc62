"""Whether the words of a coded student's turns say what code decided: every kept turn is graded once more.

The student is played again from its seed and the tutor's turns, without any model, so that the check does not rest on
what the dialogue itself kept.
"""

from collections.abc import Sequence
from typing import NamedTuple

from classwright.classroom.dialogue import Dialogue
from classwright.classroom.graded import any_right, grade
from classwright.classroom.student_reply import is_answer
from classwright.classroom.talker import Talker, revealed
from classwright.classroom.turn import Turn
from classwright.classroom.utterance import Utterance


class Recheck(NamedTuple):
    """What was found in one dialogue.

    Attributes:
        turns: A coded student's turns.
        worded: Those in a model's words.
        stated: Turns that code meant to state an answer.
        unlike: "turn N: why" of turns whose words are not what code decided.
    """

    turns: int
    worded: int
    stated: int
    unlike: tuple[str, ...]


def recheck(dialogue: Dialogue, talker: Talker) -> Recheck:
    """Hold a dialogue's student turns against the student itself.

    Args:
        dialogue: A finished dialogue of a KnowledgeStudent, with its problem.
        talker: The same student before the dialogue; it is changed.
    """
    turns, stated, unlike = 0, 0, []
    for i, turn in enumerate(dialogue.turns):
        if turn.speaker != "student":
            continue
        turns += 1
        before = dialogue.turns[:i]
        meant = talker.reply(before[-1], revealed(before[-1], talker.problem, before[:-1])) if i else talker.open()
        stated += bool(meant.answer)
        if why := unlike_code(turn, meant, talker, before):
            unlike.append(f"turn {i + 1}: {why}")
    worded = sum(t.source == "model" for t in dialogue.said_by("student"))
    return Recheck(turns, worded, stated, tuple(unlike))


def unlike_code(turn: Turn, meant: Utterance, talker: Talker, before: Sequence[Turn]) -> str:
    """Why a turn is not what code decided; "" if it is."""
    if turn.intent != meant.intent:
        return f"intent {turn.intent}, not {meant.intent}"
    if meant.answer:
        return "" if is_answer(turn.text, meant.answer, talker.problem) else f"does not state {meant.answer}"
    result = grade(turn.text, talker.problem).result
    known = any_right((t.text for t in before if t.speaker == "student"), talker.problem)
    if result == "right" and not known:
        return "states the right answer, which the student does not have"
    return "states an answer, where code decided none" if result != "ungradable" and meant.intent != "explains" else ""
