"""A whole talk of a coded student with a curated tutor, in plain sentences and without any graph."""

from collections.abc import Callable, Sequence

from classwright.classroom.flip_items import FlipItem, flip_items
from classwright.classroom.next_move import NextMove
from classwright.classroom.student import KnowledgeStudent
from classwright.classroom.talk_model import TalkModel
from classwright.classroom.talker import Talker, revealed, talker
from classwright.classroom.turn import Turn
from classwright.classroom.utterance import plainly
from classwright.skilltree.bank import problem
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import default_tree

TREE = default_tree()
ITEMS = flip_items(TREE, 60, 11)
SKILL = "fractions.add_unlike"
IDEA = "fractions.add_numerators_and_denominators"
PROBLEM = problem(SKILL, 3, 2)


def holder(skill: str, idea: str | None, seed: int = 0, ready: float = 0.95, mastery: float = 0.4) -> KnowledgeStudent:
    """A student who is ready for a skill and holds one misconception, or none."""
    known = dict.fromkeys(TREE.ancestors(skill), ready) | {skill: mastery}
    return KnowledgeStudent("student", seed, known, {idea} if idea else set(), TREE)


def start(item: FlipItem, seed: int = 0, **more: float) -> Talker:
    """The student of an item, about to talk."""
    talk = TalkModel().model_copy(update=more)
    return talker(holder(item.problem.skill, item.misconception, seed), item.problem, item.misconception, talk)


def tutor(text: str, move: str, submove: str, addresses: str | None = None, source: str = "curated") -> Turn:
    """A tutor's turn."""
    return Turn.model_validate(
        {"speaker": "tutor", "text": text, "move": move, "submove": submove, "addresses": addresses, "source": source}
    )


def converse(
    student: Talker,
    tutor_of: Callable[[Problem, Sequence[Turn]], NextMove],
    turns: int = 10,
    seed: int = 0,
) -> list[Turn]:
    """The turns of a talk, the student's opening first; ends where the tutor closes or the student gives up."""
    said = [_student(student, student.open(), [], seed)]
    for _ in range(turns):
        move = tutor_of(student.problem, said)
        turn = tutor(move.text, move.move, move.submove, move.addresses)
        said.append(turn)
        if move.closes:
            break
        before = student.state()
        meant = student.reply(turn, revealed(turn, student.problem, said[:-1]))
        said.append(_student(student, meant, said, seed).model_copy(update={"before": before}))
        if meant.intent == "gives up":
            break
    return said


def _student(student: Talker, meant, said: Sequence[Turn], seed: int) -> Turn:
    text = plainly(meant, student.problem, seed, len(said), said={t.text for t in said if t.speaker == "student"})
    return Turn(speaker="student", text=text, source="curated", intent=meant.intent, after=student.state())
