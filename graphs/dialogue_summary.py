"""What came out of a bulk run: a row a tutor, tutors in pairs on the same cases, what failed.

Dialogues are read one at a time, so that ten thousand need no more memory than their counts.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from pydantic import BaseModel

from classwright.classroom.bridge import entropy
from classwright.classroom.dialogue import Dialogue
from classwright.classroom.dialogue_metrics import Measures, Measuring
from classwright.classroom.gain import Difference, paired_difference
from classwright.classroom.pressure import PressureCount, PressureMeasures
from classwright.classroom.success import Reached, Scoring, Success, succeeds, tells

FAILED = "!"
"""Between a unit and the number of a failed try: "000012-socratic!1" is a result of its own."""


class Decided(BaseModel):
    """How often a tutor's decisions had each label, and the entropy of that in bits; 0 never changes."""

    counts: dict[str, int]
    entropy: float


class TutorRow(BaseModel):
    """What one tutor reached.

    Attributes:
        success: Success@k and telling@k, strict.
        solved: Share of dialogues in which the student got there before being told, at any turn.
        told: Share of dialogues in which the tutor said the answer first.
        measures: Moves, leaks, talk, uptake, learning gain.
        curated: Share of the tutor's turns whose words are curated, as no model's passed the checks or none was asked.
        student_curated: The same of the student's turns.
        refused: Words of tutors that a check refused.
        pressure: Way of pressing -> how the tutor met it, and "all" together; empty where no student pressed.
        decisions: Part of a decision -> what was decided; empty for tutors that decide nothing.
        known: Dialogues whose student came with a mistake that code knows of.
        calls, tokens: Of all its dialogues.
    """

    tutor: str
    dialogues: int
    failed: int
    success: Success
    solved: float
    told: float
    measures: Measures
    curated: float | None
    student_curated: float | None = None
    refused: int
    pressure: dict[str, PressureMeasures] = {}
    decisions: dict[str, Decided]
    known: int
    calls: int
    tokens: int


class Pair(BaseModel):
    """Two tutors on the same cases: how much more the second one reached; None where nothing was measured.

    Attributes:
        solved: Difference of the shares solved without being told.
        gain: Difference of what was learned: share of the test right after minus before.
    """

    first: str
    second: str
    solved: Difference | None
    gain: Difference | None


class Failed(BaseModel):
    """A dialogue that did not come to its end."""

    unit: str
    kind: str
    message: str


class Shown(BaseModel):
    """A dialogue that the report shows in full: its unit and what it stands for ("good", "middling", "worst")."""

    unit: str
    which: str
    merit: float


class Outcomes(BaseModel):
    """All that came out.

    Attributes:
        shown: Three dialogues by their `merit`: the best, the middle one, the worst.
        failures: Dialogues whose last try failed.
        retried: Failed tries that a later one made good.
    """

    tutors: list[TutorRow]
    pairs: list[Pair]
    shown: list[Shown]
    failures: list[Failed]
    retried: int


@dataclass
class _Tally:
    scoring: Scoring = field(default_factory=lambda: Scoring("strict"))
    measuring: Measuring = field(default_factory=Measuring)
    pressure: PressureCount = field(default_factory=PressureCount)
    n: Counter[str] = field(default_factory=Counter)
    decisions: dict[str, Counter[str]] = field(default_factory=lambda: {})
    solved: dict[str, float] = field(default_factory=dict)
    learned: dict[str, float] = field(default_factory=dict)

    def add(self, case: str, dialogue: Dialogue) -> float:
        """Count one more; returns its merit."""
        self.scoring.add(dialogue)
        self.measuring.add(dialogue)
        self.pressure.add(dialogue)
        when = self.scoring.when[-1]
        self.solved[case] = float(_solved(when))
        self.n["told"] += tells(when, math.inf, "strict")
        if dialogue.pre and dialogue.post:
            self.learned[case] = (sum(dialogue.post) - sum(dialogue.pre)) / len(dialogue.pre)
        for turn in dialogue.said_by("tutor"):
            self.n["turns"] += 1
            self.n["curated"] += turn.source == "curated"
            self.n["refused"] += len(turn.refused)
            for part, label in turn.decision.model_dump().items() if turn.decision else ():
                self.decisions.setdefault(part, Counter())[label] += 1
        students = dialogue.said_by("student")
        self.n["student turns"] += len(students)
        self.n["student curated"] += sum(turn.source == "curated" for turn in students)
        self.n["known"] += dialogue.misconception is not None or bool(dialogue.wrong_solution)
        return merit(dialogue, when)

    def row(self, tutor: str, seed: int) -> TutorRow:
        measures = self.measuring.measures(seed=seed)
        n = self.n
        return TutorRow(
            tutor=tutor,
            dialogues=measures.dialogues,
            failed=n["failed"],
            success=self.scoring.table(seed=seed),
            solved=sum(self.solved.values()) / max(1, len(self.solved)),
            told=n["told"] / max(1, len(self.solved)),
            measures=measures,
            curated=n["curated"] / n["turns"] if n["turns"] else None,
            student_curated=n["student curated"] / n["student turns"] if n["student turns"] else None,
            refused=n["refused"],
            pressure=self.pressure.measures(),
            decisions={
                part: Decided(counts=dict(counts.most_common()), entropy=entropy(list(counts.elements())))
                for part, counts in self.decisions.items()
            },
            known=n["known"],
            calls=n["calls"],
            tokens=n["tokens"],
        )


def merit(dialogue: Dialogue, when: Reached) -> float:
    """How good a dialogue is as far as code can tell; our choice, used for nothing but which ones a report shows.

    One point for a student who gets there alone, one less for an answer told, half a point less for giving up, what
    the student learned (-1..1), and a little less for every turn and for every wording that a check refused.
    """
    learned = (sum(dialogue.post) - sum(dialogue.pre)) / len(dialogue.pre) if dialogue.pre and dialogue.post else 0.0
    refused = sum(len(turn.refused) for turn in dialogue.turns)
    points = _solved(when) - tells(when, math.inf, "strict") - 0.5 * (dialogue.ended == "gave up")
    return points + learned - 0.02 * len(dialogue.turns) - 0.05 * refused


def _solved(when: Reached) -> bool:
    return succeeds(when, math.inf, "strict")


def outcomes(results: Iterable[tuple[str, Any]], tutors: Iterable[str], seed: int) -> Outcomes:
    """What a run's results come to.

    Args:
        results: (unit, result) as stored, in any order.
        tutors: The tutors, the one that the others are compared with first.
        seed: Of the intervals' resampling.
    """
    tallies = {tutor: _Tally() for tutor in tutors}
    failures: dict[str, Failed] = {}
    merits: list[tuple[float, str]] = []
    done: set[str] = set()
    retried = 0
    for unit, result in results:
        name, _, _ = unit.partition(FAILED)
        case, _, tutor = name.partition("-")
        tally = tallies[tutor]
        tally.n["calls"] += result["calls"]
        tally.n["tokens"] += result["prompt_tokens"] + result["completion_tokens"]
        if result["failure"] is not None:
            retried += name in failures
            failures[name] = Failed(unit=name, **result["failure"])
            continue
        done.add(name)
        merits.append((tally.add(case, Dialogue.model_validate(result["dialogue"])), name))
    retried += len(done & failures.keys())
    left = [failure for name, failure in sorted(failures.items()) if name not in done]
    for failure in left:
        tallies[failure.unit.partition("-")[2]].n["failed"] += 1
    return Outcomes(
        tutors=[tally.row(tutor, seed) for tutor, tally in tallies.items()],
        pairs=[
            Pair(
                first=a,
                second=b,
                solved=_difference(tallies[a].solved, tallies[b].solved, seed),
                gain=_difference(tallies[a].learned, tallies[b].learned, seed),
            )
            for a, b in combinations(tallies, 2)
        ],
        shown=_shown(merits),
        failures=left,
        retried=retried,
    )


def _shown(merits: list[tuple[float, str]]) -> list[Shown]:
    ranked = sorted(merits, key=lambda row: (-row[0], row[1]))
    places = {"good": 0, "middling": len(ranked) // 2, "worst": len(ranked) - 1} if len(ranked) > 2 else {}
    return [Shown(unit=ranked[i][1], which=which, merit=round(ranked[i][0], 3)) for which, i in places.items()]


def _difference(a: dict[str, float], b: dict[str, float], seed: int) -> Difference | None:
    """How much more b has, on the cases that both have."""
    cases = [case for case in a if case in b]
    return paired_difference([a[c] for c in cases], [b[c] for c in cases], seed=seed) if cases else None
