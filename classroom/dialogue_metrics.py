"""What is measured of dialogues beside success: moves, talk, uptake, leaks, endings, learning gain."""

import re
from collections import Counter
from collections.abc import Sequence
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


def measure(dialogues: Sequence[Dialogue], *, seed: int = 0) -> Measures:
    """Measure dialogues; `seed` is that of the gain's bootstrap."""
    tutor = [t for d in dialogues for t in d.said_by("tutor")]
    student = [t for d in dialogues for t in d.said_by("student")]
    labels: list[Move] = []
    classified: list[Move] = []
    used: list[Move] = []
    for dialogue in dialogues:
        for i, turn in enumerate(dialogue.said_by("tutor")):
            found = classify(turn.text, opening=i == 0)
            used.append(turn.move or found)
            if turn.move:
                labels.append(turn.move)
                classified.append(found)
    words = [sum(len(t.text.split()) for t in turns) for turns in (tutor, student)]
    taken = [u for d in dialogues for u in uptakes(d)]
    leaked = [leaking_turns(d) for d in dialogues if d.problem is not None]
    spoken = sum(len(d.said_by("tutor")) for d in dialogues if d.problem is not None)
    tokens = [t.tokens for t in (*tutor, *student) if t.tokens is not None]
    latencies = [t.latency_s for t in (*tutor, *student) if t.latency_s is not None]
    return Measures(
        dialogues=len(dialogues),
        turns=sum(len(d.turns) for d in dialogues),
        tutor_turns=len(tutor),
        student_turns=len(student),
        moves={m: used.count(m) / len(used) for m in MOVE_NAMES} if used else {},
        labeled=len(labels),
        move_entropy=entropy(used) if used else None,
        agreement=agreement(labels, classified),
        talk_ratio=words[0] / sum(words) if sum(words) else None,
        uptake=_share(taken),
        leak_rate=sum(map(len, leaked)) / spoken if spoken else None,
        leaking=_share([bool(found) for found in leaked]),
        silent=_share([not t.text.strip() for t in student]),
        tokens=sum(tokens) if tokens else None,
        latency_s=sum(latencies) / len(latencies) if latencies else None,
        endings=dict(Counter(d.ended or "" for d in dialogues).most_common()),
        gain=_gain(dialogues, seed),
    )


def _share(hits: Sequence[bool]) -> float | None:
    return sum(hits) / len(hits) if hits else None


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


def _gain(dialogues: Sequence[Dialogue], seed: int) -> Gain | None:
    tested = [(d.pre, d.post) for d in dialogues if d.pre and d.post]
    if not tested:
        return None
    pre, post = ([sum(t) / len(t) for t in side] for side in zip(*tested, strict=True))
    return normalized_gain(pre, post, seed=seed)
