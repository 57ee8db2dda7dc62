"""What is measured of dialogues beside success: moves, talk, uptake, leaks, endings, learning gain."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from pydantic import BaseModel

from classwright.classroom.bridge import entropy
from classwright.classroom.dialogue import Dialogue
from classwright.classroom.gain import Gain, normalized_gain
from classwright.classroom.leak import leaks
from classwright.classroom.mentions import mentions, unified
from classwright.classroom.moves import MOVE_NAMES, Move, MoveAgreement, agreement, classify
from classwright.classroom.turn import Turn

_STOP = frozenset(
    "that this with what have your you they them then than there here from were will would could should about into "
    "just like some more most very when where which while because been being does done each even only other over same "
    "such their these those through well also make made much many need want know think said says tell yeah okay sure "
    "right good great correct sorry thanks thank please answer question problem number numbers".split()
)


class Measures(BaseModel):
    """Measures of a set of dialogues. A share or mean is None where there is nothing to take it of.

    Attributes:
        dialogues, turns, tutor_turns, student_turns: Counts.
        moves: Move -> share of the tutor's turns, labeled where the transcript has labels, else classified by rules.
        labeled: Tutor turns that carry a label.
        move_entropy: Entropy of `moves` in bits, 0 (always the same) to 2 (all four alike).
        agreement: How far the rules' moves agree with the labels.
        talk_ratio: The tutor's share of all words, 0..1.
        uptake: Share of the tutor's replies that take up what the student brought: a content word or number of the
            student's turn before it that the question does not have. A lexical measure of uptake in the sense of
            Demszky et al. (ACL 2021), who found word overlap a strong baseline of their model-based one.
        leak_rate: Share of tutor turns that give the answer away (`leak.leaks`), of dialogues that have a problem.
        leaking: Share of dialogues with such a turn.
        silent: Share of student turns without a word.
        tokens: Tokens of all turns that report them, None where none does.
        latency_s: Mean seconds of a turn that reports them.
        endings: Ending -> dialogues; "" for those that do not say.
        gain: Normalized gain over the dialogues with a test before and after.
    """

    dialogues: int
    turns: int
    tutor_turns: int
    student_turns: int
    moves: dict[Move, float]
    labeled: int
    move_entropy: float | None
    agreement: MoveAgreement | None
    talk_ratio: float | None
    uptake: float | None
    leak_rate: float | None
    leaking: float | None
    silent: float | None
    tokens: int | None
    latency_s: float | None
    endings: dict[str, int]
    gain: Gain | None


def measure(dialogues: Iterable[Dialogue], *, seed: int = 0) -> Measures:
    """Measure dialogues; `seed` is that of the gain's bootstrap."""
    measuring = Measuring()
    for dialogue in dialogues:
        measuring.add(dialogue)
    return measuring.measures(seed=seed)


@dataclass
class Measuring:
    """Measures of dialogues that come one by one and need not be kept; see `measure`.

    Attributes:
        counts: What is counted, by the name of a measure or of what it is taken of.
        moves: Moves used by tutors.
        labels: (label, move by rules) -> tutor turns.
        endings: As in `Measures`.
        pre, post: Scores of those who were tested.
    """

    counts: Counter[str] = field(default_factory=Counter)
    moves: Counter[Move] = field(default_factory=Counter)
    labels: Counter[tuple[Move, Move]] = field(default_factory=Counter)
    endings: Counter[str] = field(default_factory=Counter)
    pre: list[float] = field(default_factory=list)
    post: list[float] = field(default_factory=list)
    latency_s: float = 0.0

    def add(self, dialogue: Dialogue) -> None:
        """Measure one more."""
        n, tutor, student = self.counts, dialogue.said_by("tutor"), dialogue.said_by("student")
        for i, turn in enumerate(tutor):
            found = classify(turn.text, opening=i == 0)
            self.moves[turn.move or found] += 1
            if turn.move:
                self.labels[turn.move, found] += 1
        taken = uptakes(dialogue)
        n += Counter(
            {
                "dialogues": 1,
                "turns": len(dialogue.turns),
                "tutor": len(tutor),
                "student": len(student),
                "tutor words": sum(len(t.text.split()) for t in tutor),
                "student words": sum(len(t.text.split()) for t in student),
                "silent": sum(not t.text.strip() for t in student),
                "taken up": sum(taken),
                "to take up": len(taken),
            }
        )
        if dialogue.problem is not None:
            leaked = leaking_turns(dialogue)
            n += Counter({"leaks": len(leaked), "leaking": bool(leaked), "guarded": 1, "guarded turns": len(tutor)})
        for turn in (*tutor, *student):
            if turn.tokens is not None:
                n += Counter({"tokens": turn.tokens, "with tokens": 1})
            if turn.latency_s is not None:
                self.latency_s += turn.latency_s
                n["with latency"] += 1
        self.endings[dialogue.ended or ""] += 1
        if dialogue.pre and dialogue.post:
            self.pre.append(sum(dialogue.pre) / len(dialogue.pre))
            self.post.append(sum(dialogue.post) / len(dialogue.post))

    def measures(self, *, seed: int = 0) -> Measures:
        """The measures so far."""
        n, words = self.counts, self.counts["tutor words"] + self.counts["student words"]
        labels = list(self.labels.elements())
        return Measures(
            dialogues=n["dialogues"],
            turns=n["turns"],
            tutor_turns=n["tutor"],
            student_turns=n["student"],
            moves={m: self.moves[m] / n["tutor"] for m in MOVE_NAMES} if n["tutor"] else {},
            labeled=len(labels),
            move_entropy=entropy(list(self.moves.elements())) if n["tutor"] else None,
            agreement=agreement([label for label, _ in labels], [found for _, found in labels]),
            talk_ratio=n["tutor words"] / words if words else None,
            uptake=_ratio(n["taken up"], n["to take up"]),
            leak_rate=_ratio(n["leaks"], n["guarded turns"]),
            leaking=_ratio(n["leaking"], n["guarded"]),
            silent=_ratio(n["silent"], n["student"]),
            tokens=n["tokens"] if n["with tokens"] else None,
            latency_s=self.latency_s / n["with latency"] if n["with latency"] else None,
            endings=dict(self.endings.most_common()),
            gain=normalized_gain(self.pre, self.post, seed=seed) if self.pre else None,
        )


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def uptakes(dialogue: Dialogue) -> list[bool]:
    """Per tutor turn that follows a student's turn with content of its own: whether it takes some of it up."""
    question = _content(dialogue.problem.text) if dialogue.problem else frozenset()
    found = []
    for before, reply in pairwise(dialogue.turns):
        brought = _content(before.text) - question
        if before.speaker == "student" and reply.speaker == "tutor" and brought:
            found.append(bool(brought & _content(reply.text)))
    return found


def _content(text: str) -> frozenset[str]:
    """The content words of a text, by their first six letters, and its numbers."""
    text = unified(text[-4000:])
    words = {w[:6] for w in re.findall(r"[^\W\d_]{4,}", text.lower()) if w not in _STOP}
    return frozenset(words | {str(m.value) for m in mentions(text)})


def leaking_turns(dialogue: Dialogue) -> list[tuple[int, str]]:
    """(index in the dialogue, reason) of every tutor turn that gives the answer away; [] without a problem."""
    if dialogue.problem is None:
        return []
    history = [Turn(speaker="student", text=dialogue.wrong_solution)] if dialogue.wrong_solution else []
    found = []
    for i, turn in enumerate(dialogue.turns):
        if turn.speaker == "tutor" and (reason := leaks(turn.text, dialogue.problem, history)):
            found.append((i, reason))
        history.append(turn)
    return found
