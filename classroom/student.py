"""KnowledgeStudent: a simulated student whose knowledge, errors and learning are decided by code.

What it can do is its mastery; how it errs is its misconceptions; what it learns follows `LearningModel`. A model may
put its answers into words (agents/student.py), never change them.
"""

from dataclasses import dataclass, field, replace
from typing import Literal

from classwright.classroom.careless import careless_answer
from classwright.classroom.chance import chance
from classwright.classroom.learning import LearningModel, logit, probability
from classwright.skilltree.bank import numbers, wrong_answer
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree

Cause = Literal["knows", "misconception", "careless"]


@dataclass(frozen=True, slots=True)
class Response:
    """One answer of a student.

    Attributes:
        answer: What the student writes; "" is no answer.
        right: Whether it is the right one.
        cause: Why; a misconception is named in `misconception`.
    """

    problem: str
    answer: str
    right: bool
    cause: Cause
    misconception: str | None = None


@dataclass
class KnowledgeStudent:
    """A student at work.

    Attributes:
        pseudonym: Never a name.
        seed: Its luck; with the same seed a student meets every plan with the same luck.
        mastery: Skill -> chance of a right answer on a problem of middle difficulty, 0..1.
        held: Misconceptions held.
        tree: Prerequisites, to know what the student is ready for.
        model: The learning model.
        learned: Skill -> log-odds won since the start, less what was forgotten.
        sessions: Skill -> sessions in which it was met; `rest` ends a session.
    """

    pseudonym: str
    seed: int
    mastery: dict[str, float]
    held: set[str]
    tree: SkillTree
    model: LearningModel = field(default_factory=LearningModel)
    learned: dict[str, float] = field(default_factory=dict)
    sessions: dict[str, int] = field(default_factory=dict)
    _today: set[str] = field(default_factory=set)

    def copy(self) -> "KnowledgeStudent":
        """The same student, free to learn on its own."""
        return replace(
            self, mastery=dict(self.mastery), held=set(self.held), learned=dict(self.learned),
            sessions=dict(self.sessions), _today=set(self._today),
        )  # fmt: skip

    def chance_right(self, problem: Problem) -> float:
        """The chance of a right answer, 0..1."""
        m = self.model
        p = probability(logit(self.mastery.get(problem.skill, 0.5)) + (2 - problem.level) * m.level_step)
        return m.guess + (1 - m.guess - m.slip) * p

    def answer(self, problem: Problem) -> Response:
        """Answer a problem. The same student in the same state gives the same answer to the same numbers."""
        item = numbers(problem)
        if chance(self.seed, "right", item) < self.chance_right(problem):
            return Response(problem.id, problem.answer, True, "knows")
        for misconception in sorted(self.held):
            if problem.skill in self.tree.misconception(misconception).skills:
                wrong = wrong_answer(misconception, problem)
                if wrong is not None and chance(self.seed, "express", misconception, item) < self.model.express:
                    return Response(problem.id, wrong, False, "misconception", misconception)
        return Response(problem.id, careless_answer(problem, self.seed), False, "careless")

    def readiness(self, skill: str) -> float:
        """How much of an effect on a skill gets through, `unready`..1: the weakest prerequisite decides."""
        needed = self.tree.prerequisites(skill) if skill in self.tree else []
        weakest = min((min(1.0, self.mastery.get(p, 0.5) / self.model.ready_at) for p in needed), default=1.0)
        return self.model.unready + (1 - self.model.unready) * weakest

    def gain(self, skill: str, log_odds: float) -> None:
        """Move the mastery of a skill by so much, times readiness."""
        won = log_odds * self.readiness(skill)
        if skill not in self._today:
            self._today.add(skill)
            self.sessions[skill] = self.sessions.get(skill, 0) + 1
        self.learned[skill] = self.learned.get(skill, 0.0) + won
        self.mastery[skill] = probability(logit(self.mastery.get(skill, 0.5)) + won)

    def rest(self, days: float) -> None:
        """End the session and let days pass: part of what was learned fades, less of it after several sessions."""
        self._today.clear()
        for skill, won in self.learned.items():
            kept = (1 + days) ** (-self.model.forgetting / max(1, self.sessions.get(skill, 1)))
            self.learned[skill] = won * kept
            self.mastery[skill] = probability(logit(self.mastery[skill]) - won * (1 - kept))

    def practice(self, problem: Problem, *, feedback: bool) -> Response:
        """Answer a problem and learn from it.

        While a misconception of the skill is held, practice teaches less: half of it rehearses the wrong idea.
        """
        response = self.answer(problem)
        effect = self.model.practice * (1.0 if feedback else self.model.without_feedback)
        if any(problem.skill in self.tree.misconception(m).skills for m in self.held):
            effect *= self.model.reinforced
        self.gain(problem.skill, effect)
        return response

    def be_repaired(self, misconception: str, odds: float, occasion: object) -> bool:
        """Meet a move that answers a misconception; True if it was held and is given up now.

        Args:
            misconception: Its id.
            odds: The chance for a ready learner, 0..1.
            occasion: Names the occasion, so that another one is a new chance.
        """
        if misconception not in self.held:
            return False
        skills = self.tree.misconception(misconception).skills
        ready = min(self.readiness(s) for s in skills if s in self.mastery or s == skills[0])
        if chance(self.seed, "repair", misconception, occasion) >= odds * ready:
            return False
        self.held.discard(misconception)
        for skill in skills:
            if skill in self.mastery:
                self.gain(skill, self.model.freed)
        return True
