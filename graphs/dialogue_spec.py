"""What one dialogue is to be: everything that decides it, beside the models of the run."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from classwright.classroom.bridge import Decision
from classwright.classroom.dialogue import StudentKind
from classwright.classroom.learning import LearningModel
from classwright.classroom.pressure import Pressure
from classwright.classroom.talk_model import TalkModel
from classwright.skilltree.learner import Learner
from classwright.skilltree.problem import Problem

TutorKind = Literal["socratic", "bridge", "model", "tell", "next-step", "human"]
"""socratic: code picks the move; bridge: the model decides error, strategy and intention first; model: free; tell and
next-step: controls; human: a person."""
DecisionSource = Literal["none", "self", "given", "random"]
"""Where the decision of a bridge tutor comes from (the ablation of Wang et al., NAACL 2024)."""
Wording = Literal["model", "student", "code"]
"""Who words what code decided: the model; the model for the student only; or curated sentences, which ask no model."""


class DialogueSpec(BaseModel):
    """One dialogue to hold.

    Attributes:
        id: Its unit in the run.
        problem: What it is about; one from a file has no skill.
        tutor: The kind of tutor.
        student: The kind of student.
        learner: The student's public record.
        misconception: What the student holds about this problem; None for nothing known to code.
        wrong_answer: The answer that it starts with; "" lets code decide.
        wrong_solution: Its wrong solution in words, with which it opens; "" for none.
        how: How it explains its wrong answer in short; "" where the misconception says it.
        turns: Tutor turns at most.
        tests: Isomorphic problems in the test before and after, 0 for no test; None: four for a coded student, whose
            tests cost nothing, none for others.
        decision: Where a bridge tutor's decisions come from; `given` holds one that is given.
        words: Who words what code decided.
        pressure: How the student presses the tutor.
        language: Language that the tutor speaks.
        observer: Whether an observer's notes come as the last turn.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1, max_length=200)
    problem: Problem
    tutor: TutorKind = "socratic"
    student: StudentKind = "knowledge"
    learner: Learner
    misconception: str | None = None
    wrong_answer: str = ""
    wrong_solution: str = ""
    how: str = ""
    turns: int = Field(default=10, ge=1, le=200)
    tests: int | None = Field(default=None, ge=0, le=40)
    decision: DecisionSource = "self"
    given: Decision | None = None
    words: Wording = "model"
    pressure: Pressure = ""
    language: str = "en"
    observer: bool = False
    seed: int = 0
    learning: LearningModel = LearningModel()
    talk: TalkModel = TalkModel()
