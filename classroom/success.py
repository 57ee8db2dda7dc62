"""Success@k and telling@k (MathDial, Macina et al. 2023): does the student get there, and does the tutor say it first.

Mode "mathdial" is the published metric to the letter, with its known defects: any mention of the gold number counts,
also one that the question or the wrong solution gave, and a student whose turns carry a persona's name instead of
"Student" is never heard. Mode "strict" mends them: a mention counts for the student only if the number was not given
(else the turn must state it as the answer), a tutor tells when the leak guard says so, and success counts only before
any telling.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
from pydantic import BaseModel

from classwright.classroom.dialogue import Dialogue
from classwright.classroom.graded import grade
from classwright.classroom.leak import MAX_HEARD, leaks
from classwright.classroom.leak_context import claims
from classwright.classroom.mentions import mentions, unified
from classwright.classroom.resampling import resampled_means
from classwright.classroom.turn import Turn

Mode = Literal["mathdial", "strict"]
KS = (1, 3, 5, 7)
BARE = 4
"""Words up to which a turn says nothing but its number."""
_DIGITS = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_TOLERANCE = 1e-7


class Reached(NamedTuple):
    """When the answer came.

    Attributes:
        student: 0-based index, among the student's turns, of the first that has it; None if none does.
        tutor: The same for the tutor.
        told_first: Whether the tutor's stands before the student's in the dialogue (or the student has none).
    """

    student: int | None
    tutor: int | None
    told_first: bool


class Rate(BaseModel):
    """A share of dialogues, 0..1, with its percentile bootstrap interval over dialogues (95 %)."""

    share: float
    low: float
    high: float


class AtK(BaseModel):
    """Success and telling up to turn k."""

    k: int
    success: Rate
    telling: Rate


class Success(BaseModel):
    """The table of one mode.

    Attributes:
        dialogues: Dialogues that say what their answer is; the others are left out.
        given: Of these, those whose answer already stands in the question or the wrong solution.
        unheard: Dialogues whose student turns are not labeled "Student", which mode "mathdial" never counts as solved.
    """

    mode: Mode
    dialogues: int
    given: int
    unheard: int
    at: list[AtK]


def mentions_gold(text: str, gold: str) -> bool:
    """Whether a text holds the gold number, as MathDial's evaluation finds it: unsigned digits, commas dropped."""
    gold = gold.replace(",", "")
    found = _DIGITS.findall(text.replace(",", ""))
    try:
        wanted = float(gold)
    except ValueError:
        return gold in found
    return any(abs(wanted - float(n)) < _TOLERANCE for n in found if len(n) < 300)


def reached(dialogue: Dialogue, mode: Mode) -> Reached:
    """When student and tutor first have the answer.

    Raises:
        ValueError: the dialogue has no problem.
    """
    if dialogue.problem is None:
        raise ValueError(f"dialogue {dialogue.id} has no problem")
    return _mathdial(dialogue, dialogue.problem.answer) if mode == "mathdial" else _strict(dialogue)


def _mathdial(dialogue: Dialogue, gold: str) -> Reached:
    first: dict[str, tuple[int, int]] = {}
    counts = {"student": 0, "tutor": 0}
    for place, turn in enumerate(dialogue.turns):
        if turn.speaker not in counts or turn.label not in ("", "Student", "Teacher"):
            continue
        if turn.speaker not in first and mentions_gold(turn.text, gold):
            first[turn.speaker] = counts[turn.speaker], place
        counts[turn.speaker] += 1
    return _as_reached(first)


def _strict(dialogue: Dialogue) -> Reached:
    assert dialogue.problem is not None
    problem = dialogue.problem
    given = _given(problem.text, dialogue.wrong_solution)
    gold = next((m.value for m in mentions(unified(problem.answer))), None) if problem.kind == "number" else None
    first: dict[str, tuple[int, int]] = {}
    counts = {"student": 0, "tutor": 0}
    history = [Turn(speaker="student", text=dialogue.wrong_solution)] if dialogue.wrong_solution else []
    for place, turn in enumerate(dialogue.turns):
        if turn.speaker in counts and turn.speaker not in first:
            if turn.speaker == "student":
                has = _has_answer(turn.text, dialogue, gold, gold in given)
            else:
                has = "student" not in first and bool(leaks(turn.text, problem, history))
            if has:
                first[turn.speaker] = counts[turn.speaker], place
        counts[turn.speaker] = counts.get(turn.speaker, 0) + 1
        history.append(turn)
    return _as_reached(first)


def _has_answer(text: str, dialogue: Dialogue, gold: Fraction | None, given: bool) -> bool:
    """Whether a student's turn has the answer; a number that was given must be claimed, or be all that is said."""
    assert dialogue.problem is not None
    right = grade(text, dialogue.problem).result == "right"
    if gold is None or (right and (not given or len(text.split()) <= BARE)):
        return right
    text = unified(text[-MAX_HEARD:])
    said = [m for m in mentions(text) if m.value == gold]
    return any(not given or claims(text, m.start, m.end) for m in said)


@lru_cache(maxsize=1024)
def _given(question: str, wrong_solution: str) -> frozenset[Fraction]:
    return frozenset(m.value for text in (question, wrong_solution) for m in mentions(unified(text)))


def _as_reached(first: dict[str, tuple[int, int]]) -> Reached:
    student, tutor = first.get("student"), first.get("tutor")
    told_first = tutor is not None and (student is None or tutor[1] < student[1])
    return Reached(student[0] if student else None, tutor[0] if tutor else None, told_first)


def answer_was_given(dialogue: Dialogue) -> bool:
    """Whether the answer's number stands in the question or the wrong solution."""
    if dialogue.problem is None:
        return False
    found = {m.value for m in mentions(unified(dialogue.problem.answer))}
    return bool(found) and found <= _given(dialogue.problem.text, dialogue.wrong_solution)


def score_success(dialogues: Iterable[Dialogue], mode: Mode, *, seed: int = 0, ks: Sequence[int] = KS) -> Success:
    """Success@k and telling@k over dialogues.

    In mode "mathdial", with s and t the indices of the first student and tutor turn that has the answer (infinite for
    none), success@k is s <= k and telling@k is t <= min(s, k). In mode "strict" a success must come before any telling,
    and telling@k is a telling before the student's success with t <= k.

    Args:
        dialogues: Those without a problem are left out.
        mode: Which metric.
        seed: Seed of the bootstrap.
        ks: Values of k, 0-based turns.
    """
    scoring = Scoring(mode)
    for dialogue in dialogues:
        scoring.add(dialogue)
    return scoring.table(seed=seed, ks=ks)


@dataclass
class Scoring:
    """Success and telling of dialogues that come one by one and need not be kept; see `score_success`.

    Attributes:
        mode: Which metric.
        when: When the answer came, one a dialogue that has a problem, in order.
        given, unheard: As in `Success`.
    """

    mode: Mode
    when: list[Reached] = field(default_factory=list)
    given: int = 0
    unheard: int = 0

    def add(self, dialogue: Dialogue) -> None:
        """Score one more; one without a problem is left out."""
        if dialogue.problem is None:
            return
        self.when.append(reached(dialogue, self.mode))
        self.given += answer_was_given(dialogue)
        self.unheard += all(t.label not in ("", "Student") for t in dialogue.said_by("student"))

    def table(self, *, seed: int = 0, ks: Sequence[int] = KS) -> Success:
        """The table so far."""
        table = []
        if self.when:
            shares = [[f(r, k, self.mode) for k in ks for f in (succeeds, tells)] for r in self.when]
            values = np.asarray(shares, float)
            means = resampled_means(values, np.random.default_rng(seed), 2000)
            low, high = np.quantile(means, [0.025, 0.975], axis=0)
            rates = [Rate(share=float(x), low=float(y), high=float(z))
                     for x, y, z in zip(values.mean(axis=0), low, high, strict=True)]  # fmt: skip
            table = [AtK(k=k, success=s, telling=t) for k, s, t in zip(ks, rates[::2], rates[1::2], strict=True)]
        return Success(mode=self.mode, dialogues=len(self.when), given=self.given, unheard=self.unheard, at=table)


def succeeds(r: Reached, k: float, mode: Mode) -> bool:
    """Whether a dialogue counts as a success at k (infinite: at all)."""
    return r.student is not None and r.student <= k and not (mode == "strict" and r.told_first)


def tells(r: Reached, k: float, mode: Mode) -> bool:
    """Whether its tutor counts as telling at k (infinite: at all)."""
    if r.tutor is None or r.tutor > k:
        return False
    return r.told_first if mode == "strict" else r.student is None or r.tutor <= r.student
