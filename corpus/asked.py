"""What an agent was called with when it asked for a text: enough to call it again and to let it judge another text.

A pair's prompt and the checks of its text are the agent's own. So an examination rebuilds neither: it calls the agent
once more with a model in place of our texts (`corpus.put`).
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from classwright.agents.words import Slot
from classwright.classroom.dialogue import Dialogue
from classwright.classroom.edits import Edit
from classwright.classroom.idea_checks import IdeaTerms
from classwright.classroom.turn import StudentState, Turn
from classwright.classroom.utterance import Utterance
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SlotAsked(_Asked):
    """A slot of a lesson (`agents.words.fill`)."""

    kind: Literal["slot"] = "slot"
    role: Literal["teacher", "analyst"]
    slot: Slot


class SaysAsked(_Asked):
    """A learner's answer in class (`agents.student.say_answer`)."""

    kind: Literal["says"] = "says"
    problem: Problem
    answer: str
    how: str
    grade: int


class TutorAsked(_Asked):
    """A tutor's turn (`agents.tutor_socratic.socratic`)."""

    kind: Literal["tutor"] = "tutor"
    problem: Problem
    turns: tuple[Turn, ...]
    seed: int


class StudentAsked(_Asked):
    """A student's turn (`agents.pupil.say`); the unit picks the example in its prompt."""

    kind: Literal["student"] = "student"
    utterance: Utterance
    problem: Problem
    turns: tuple[Turn, ...]
    unit: str
    seed: int
    grade: int
    before: StudentState
    after: StudentState


class ObserverAsked(_Asked):
    """An observer's sentence (`agents.observer.in_words`)."""

    kind: Literal["observer"] = "observer"
    dialogue: Dialogue


class OptimizerAsked(_Asked):
    """The choice among edits (`agents.optimizer.decide`); `right` is the number of the one that we chose."""

    kind: Literal["optimizer"] = "optimizer"
    offered: tuple[Edit, ...]
    right: int


class AnalogyAsked(_Asked):
    """An analogy (`agents.proposer.write_idea`).

    Attributes:
        values: Of its template.
        skill: What it is about.
        materials, minutes, reading_grade, others: As in `idea_checks.IdeaTerms`.
    """

    kind: Literal["analogy"] = "analogy"
    values: dict[str, Any]
    skill: str
    materials: tuple[str, ...]
    minutes: int
    reading_grade: float | None
    others: tuple[str, ...]

    def terms(self, tree: SkillTree) -> IdeaTerms:
        """What it is held to."""
        return IdeaTerms(tree[self.skill], tree, self.materials, self.minutes, self.reading_grade, self.others)


Asked = Annotated[
    SlotAsked | SaysAsked | TutorAsked | StudentAsked | ObserverAsked | OptimizerAsked | AnalogyAsked,
    Field(discriminator="kind"),
]
