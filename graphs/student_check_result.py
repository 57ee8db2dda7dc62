"""What is asked of a check of simulated students, and what comes out."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from classwright.classroom.flips import FlipScore
from classwright.classroom.mastery_tracking import Tracking
from classwright.classroom.student_voice import Voice

CheckedKind = Literal["knowledge", "persona", "model"]
"""Kinds of students that can be checked: all that no person plays."""

BAR = 0.8
"""Least selective flip score of a student whose knowledge is coded."""
PERSISTS = 0.9
"""Least share of untaught misconceptions that are still there after six turns."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StudentCheckRequest(_Part):
    """What is to be checked.

    Attributes:
        students: Kinds of students.
        n: Misconceptions, one item each; 0 for all that have one.
        persist: Misconceptions that are watched over six turns without teaching, of those `n`; None: all for coded
            students, twenty for others, whose six turns cost six calls.
        tracked: Students at specified masteries.
        worded: Dialogues whose coded student a model words; 0 for none.
        turns: Tutor turns of those at most.
        skills: Misconceptions of these skills alone, say those that a student's training held out; empty for all.
        seed: Of everything random.
    """

    students: tuple[CheckedKind, ...] = Field(default=("knowledge",), min_length=1)
    n: int = Field(default=0, ge=0, le=100_000)
    persist: int | None = Field(default=None, ge=0)
    tracked: int = Field(default=1000, ge=9, le=1_000_000)
    worded: int = Field(default=0, ge=0, le=10_000)
    turns: int = Field(default=6, ge=1, le=50)
    skills: tuple[str, ...] = ()
    seed: int = 0


class FlipRow(_Part):
    """The selective flip score by one way of hearing the feedback.

    Attributes:
        heard: How the student learned what the feedback is about.
        score: None where no item was graded under all three kinds of feedback.
        strict: The same where an answer that cannot be graded counts as not right.
    """

    heard: str
    score: FlipScore | None
    strict: FlipScore | None


class Persistence(_Part):
    """Untaught misconceptions after six turns that teach nothing.

    Attributes:
        talks: Students watched.
        wrong: Share who never gave the right answer in them, with its Wilson interval.
        held: Share who still hold the misconception; None for students whose mind nobody knows.
    """

    talks: int
    wrong: float
    low: float
    high: float
    held: float | None


class WordedCheck(_Part):
    """A coded student's words against what code decided.

    Attributes:
        dialogues, turns: What was checked; every turn that was kept.
        worded: Turns in a model's words; the others are curated.
        stated: Turns that code meant to state an answer.
        refused: Wordings that were refused on the way.
        unlike: Turns whose words are not what code decided, "dialogue, turn N: why".
    """

    dialogues: int
    turns: int
    worded: int
    stated: int
    refused: int
    unlike: tuple[str, ...]


class KindReport(_Part):
    """What was found about one kind of student; parts that do not apply to it are None or empty."""

    student: CheckedKind
    items: int
    neighbors: int
    flips: tuple[FlipRow, ...]
    persistence: Persistence | None
    tracking: tuple[Tracking, ...] = ()
    worded: WordedCheck | None = None
    voice: Voice
    doubts: tuple[str, ...]


class StudentCheck(_Part):
    """The whole check."""

    kinds: tuple[KindReport, ...]
