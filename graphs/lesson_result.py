"""What comes out of a lesson run: one record, from which every page and export is made."""

from pydantic import BaseModel

from classwright.agents.evaluator import Ciddp
from classwright.agents.memory import Outcome
from classwright.agents.teacher_edits import TeacherEdit
from classwright.agents.trial import Standing
from classwright.classroom.plan import LessonPlan, Words
from classwright.classroom.rehearsal import Failure, Rehearsal
from classwright.classroom.review import Reviewed
from classwright.classroom.validity import Validity
from classwright.classroom.verify import Checks


class Step(BaseModel):
    """One plan of the pool, in the order they were made.

    Attributes:
        plan: Its id.
        parent: The plan it was edited from, None for a first draft.
        change: The approach of a draft, or the edit in words.
        by: "draft", or who chose the edit: "model" or "code".
        reason: Why the edit was chosen.
        gain: Gain in rehearsal, with its interval; None at the ceiling.
        dropped: Why the plan left the pool, "" if it did not.
    """

    plan: str
    round: int
    parent: str | None
    change: str
    by: str
    reason: str = ""
    gain: float | None = None
    low: float | None = None
    high: float | None = None
    ciddp: float | None = None
    dropped: str = ""


class Bout(BaseModel):
    """A blind comparison of two plans: wins over the panel, each judge's two orders making one vote."""

    a: str
    b: str
    wins_a: int
    wins_b: int
    ties: int

    @property
    def decided(self) -> bool:
        """Whether any judge voted."""
        return self.wins_a + self.wins_b + self.ties > 0


class Voice(BaseModel):
    """A frequent failure as a student would put it."""

    failure: Failure
    words: Words


class LessonResult(BaseModel):
    """A finished lesson. `rehearsal` is None for a subject without code, `ciddp` where nothing was judged.

    Attributes:
        judges: Each judge's standing in this run.
        front: The plans that no other plan beats, the picked one first.
        bouts: Blind comparisons.
        stopped: Why the loop ended.
        resolved: How the topic was understood, where it was not a skill id.
        advice: What teachers changed in earlier lessons and the writer was told.
        review: The teacher's review; None where nobody was asked. What judges and voices say is about the plan before.
        changed: What the review changed, for the memory.
    """

    plan: LessonPlan
    checks: Checks
    rehearsal: Rehearsal | None = None
    ciddp: Ciddp | None = None
    judges: list[Standing] = []
    validity: Validity | None = None
    front: list[str] = []
    bouts: list[Bout] = []
    stopped: str = ""
    steps: list[Step] = []
    voices: list[Voice] = []
    recalled: list[Outcome] = []
    resolved: str = ""
    advice: list[TeacherEdit] = []
    review: Reviewed | None = None
    changed: list[TeacherEdit] = []

    @property
    def rejected(self) -> bool:
        """Whether a teacher rejected it."""
        return self.review is not None and self.review.status == "rejected"
