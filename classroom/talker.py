"""A KnowledgeStudent in a conversation about one problem: what each move of a tutor does to it, and what it says next.

All of it is code and a function of the seed and the tutor's turns so far; a model only words it (agents/pupil.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from classwright.classroom.careless import careless_answer
from classwright.classroom.chance import chance
from classwright.classroom.departure import Departure, departure
from classwright.classroom.leak import leaks
from classwright.classroom.moves import Submove
from classwright.classroom.story_sentences import numbers_of
from classwright.classroom.student import KnowledgeStudent, Response
from classwright.classroom.talk_model import TalkModel
from classwright.classroom.turn import StudentState, Turn
from classwright.classroom.utterance import Intent, Utterance
from classwright.classroom.wrong_work import again, looking_back, points_to, reason, seen
from classwright.skilltree.bank import wrong_answer
from classwright.skilltree.problem import Problem

BY_ITSELF = frozenset({"focus", "probing"})
"""Moves after which a student finds by itself what it finds."""


@dataclass
class Talker:
    """A student at one problem.

    Attributes:
        student: Who it is; the conversation changes it.
        problem: What the conversation is about.
        misconception: What it holds about this problem, None where code knows of none.
        how: How it explains its wrong answer.
        talk: How it reacts.
        spot: Where its own wrong solution goes wrong, None where it has none or code cannot tell.
        answer: What it thinks the answer is at the moment.
        right: Whether it knows the answer by now.
        told: The answer that it was told, "" for none.
        told_strategy: Whether it was told the strategy.
        insight: Whether it found the answer itself.
        useless: Turns in a row that helped nothing.
        heard: Tutor turns so far.
        practiced: Whether this problem has counted as practice.
        explained: Whether it has said how it got its wrong answer when asked.
    """

    student: KnowledgeStudent
    problem: Problem
    misconception: str | None
    answer: str
    how: str
    talk: TalkModel
    spot: Departure | None = None
    right: bool = False
    told: str = ""
    told_strategy: bool = False
    insight: bool = False
    useless: int = 0
    heard: int = 0
    practiced: bool = False
    explained: bool = False

    def state(self) -> StudentState:
        """What it knows now."""
        held = tuple(sorted(self.student.held))
        return StudentState(mastery=self.student.mastery.get(self.problem.skill, 0.5), misconceptions=held)

    def open(self) -> Utterance:
        """What it comes with: its answer and, from a misconception, how it got it."""
        if self.right:
            return Utterance(intent="insight", answer=self.answer)
        if not self.answer:
            return Utterance(intent="confused")
        if self.how:
            return Utterance(intent="answer", answer=self.answer, how=self.how)
        return Utterance(intent="careless", answer=self.answer)

    def reply(self, turn: Turn, reveals: str = "") -> Utterance:
        """Hear a tutor's turn, learn from it, and answer.

        Args:
            turn: The tutor's, with its move; one without counts as a general inquiry.
            reveals: The answer that the turn gives away, "" if it does not.
        """
        self.heard += 1
        move, kind = turn.move or "generic", turn.submove or "general inquiry"
        if self.right:
            return self._after(kind)
        if reveals:
            self.told = reveals
            self.answer = reveals
            self._practice(self.talk.copied)
            self.right = True
            return Utterance(intent="repeats", answer=reveals)
        if kind == "reveal strategy" and not self.told_strategy:
            self.told_strategy = True
            self._gain(self.talk.strategy)
        if self._sees(turn, kind):
            return self._finds(by_itself=move in BY_ITSELF and not self.told_strategy)
        why = self.how or (reason(self.spot, self.problem) if self.spot else "")
        if kind == "ask for explanation" and why and not self.explained:
            self.explained = True
            return Utterance(intent="explains", how=why)
        return self._unhelped()

    def _sees(self, turn: Turn, kind: Submove) -> bool:
        """Whether this move makes it see what is wrong here."""
        ready = self.student.readiness(self.problem.skill) if self.problem.skill else 1.0
        luck = chance(self.student.seed, "insight", self.problem.id, self.heard)
        if self.how and self.misconception in self.student.held:
            if turn.addresses != self.misconception:
                return luck < self.talk.own_insight
            self.student.be_repaired(self.misconception, self.student.model.repair_at_hand * (kind != "reveal answer"),
                                     (self.problem.id, self.heard))  # fmt: skip
            return luck < self.talk.insight[kind] * ready
        if self.spot is not None:
            slip = self.spot.kind == "slip"
            odds = self.talk.recheck * (kind != "greeting") if slip else self.talk.insight[kind] * self.talk.at_spot
            there = kind == "reveal strategy" or points_to(numbers_of(turn.text), self.spot)
            return luck < odds * ready * (1.0 if there else self.talk.elsewhere)
        if self.how:  # a wrong idea that only this problem shows: any move to the spot counts
            return luck < self.talk.insight[kind] * ready * 0.5
        return kind != "greeting" and luck < self.talk.recheck * ready

    def _finds(self, *, by_itself: bool) -> Utterance:
        self.insight = self.right = True
        self.answer = self.problem.answer
        self.useless = 0
        self._practice(1.0)
        if self.misconception is not None:
            odds = self.student.model.repair * self.talk.lasting * (1.0 if by_itself else self.talk.told_lasting)
            self.student.be_repaired(self.misconception, odds, (self.problem.id, "found"))
        return Utterance(intent="insight", answer=self.answer, how=seen(self.spot, self.problem) if self.spot else "")

    def _after(self, kind: Submove) -> Utterance:
        """It has the answer: it explains what it was asked, or just goes along."""
        if kind != "ask for explanation":
            return Utterance(intent="repeats", answer=self.answer)
        if not self.insight:
            return (
                Utterance(intent="confused") if self.told else Utterance(intent="explains", how="I just worked it out.")
            )
        if self.misconception is not None:
            odds = self.student.model.repair_at_hand * self.talk.explained
            self.student.be_repaired(self.misconception, odds, (self.problem.id, "explained"))
        if self.spot is not None:
            return Utterance(intent="explains", how=looking_back(self.spot))
        steps = " ".join(step.rstrip(".") + "." for step in self.problem.steps[:2])
        before = f"Before, I said “{self.how}” That does not work." if self.how else "Before, I did it another way."
        return Utterance(intent="explains", how=f"{steps} {before}".strip())

    def _unhelped(self) -> Utterance:
        """A turn that helped nothing: it holds on to its answer, or loses heart."""
        self.useless += 1
        t, luck = self.talk, chance(self.student.seed, "mood", self.problem.id, self.heard)
        if self.useless >= t.patience and luck < t.gives_up:
            return Utterance(intent="gives up")
        luck = chance(self.student.seed, "mood", self.problem.id, self.heard, "which")
        moods: tuple[tuple[Intent, float], ...] = (("confused", t.confused), ("asks", t.asks), ("quiet", t.quiet))
        for intent, share in moods:
            if luck < share:
                return Utterance(intent=intent)
            luck -= share
        if luck < t.guesses and (guess := careless_answer(self.problem, (self.student.seed, self.heard))):
            return Utterance(intent="guesses", answer=guess)
        if not self.answer:
            return Utterance(intent="confused")
        return Utterance(intent="insists", answer=self.answer, how=again(self.spot, self.answer) if self.spot else "")

    def _practice(self, share: float) -> None:
        """The problem was worked on once, with feedback."""
        if not self.practiced:
            self.practiced = True
            self._gain(self.student.model.practice * share)

    def _gain(self, log_odds: float) -> None:
        if self.problem.skill:
            self.student.gain(self.problem.skill, log_odds)


def revealed(heard: Turn, problem: Problem, before: Sequence[Turn]) -> str:
    """The answer that a tutor's turn gives away, "" if it does not.

    Args:
        heard: The turn.
        problem: The problem.
        before: The talk before it.
    """
    told = heard.submove == "reveal answer" and heard.source == "curated"
    return problem.answer if told or leaks(heard.text, problem, before) else ""


def talker(
    student: KnowledgeStudent,
    problem: Problem,
    misconception: str | None,
    talk: TalkModel,
    *,
    wrong: str = "",
    how: str = "",
    solution: str = "",
) -> Talker:
    """A student about to talk.

    Args:
        student: Who; it is changed by the conversation, so pass a copy.
        problem: The problem.
        misconception: What it holds about it; it then starts with what the buggy rule gives.
        talk: How it reacts.
        wrong: The answer it starts with, where the problem comes from a file.
        how: How it explains that one.
        solution: Its wrong solution in words, where it has one.

    Raises:
        ValueError: the misconception does not apply to the problem.
    """
    if misconception is not None and not wrong:
        given = wrong_answer(misconception, problem)
        if given is None:
            raise ValueError(f"{misconception} does not apply to {problem.id}")
        says = student.tree.misconception(misconception).says
        return Talker(student, problem, misconception, given, says, talk)
    if wrong:
        spot = departure(solution, problem) if solution and misconception is None else None
        return Talker(student, problem, misconception, wrong, how, talk, spot)
    response: Response = student.answer(problem)
    if response.right:
        return Talker(student, problem, None, problem.answer, "", talk, right=True)
    held = response.misconception
    says = student.tree.misconception(held).says if held else ""
    return Talker(student, problem, held, response.answer, says, talk)
