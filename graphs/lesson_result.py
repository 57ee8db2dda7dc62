"""What comes out of a lesson run: one record, from which every page and export is made."""

from typing import Any

from pydantic import BaseModel

from classwright.agents.evaluator import Ciddp
from classwright.agents.memory import Outcome
from classwright.agents.sources import Material
from classwright.agents.teacher_edits import TeacherEdit
from classwright.agents.trial import Standing
from classwright.classroom.plan import LessonPlan, Words
from classwright.classroom.proposals import FAMILY, Proposals
from classwright.classroom.reading_level import ReadingFinding
from classwright.classroom.rehearsal import Failure, Rehearsal
from classwright.classroom.retold import Personalized, verdicts
from classwright.classroom.review import Reviewed
from classwright.classroom.source import SourceRef
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


class Translation(BaseModel):
    """What became of a plan in the learners' language.

    Attributes:
        language: What was asked for.
        pieces: Texts that were to be translated.
        untranslated: (place, reason) of every text that stayed English.
        complete: Whether everything that learners see was translated.
        why: Why nothing was translated; "" where it was.
        checked: How the language of a text was told (see `language.how_checked`).
        equations, numbers: How many of them the English plan has in its texts.
        changed: Those that are not where they were, "place: what"; empty if all are intact.
        english: The plan before.
    """

    language: str
    pieces: int
    english: LessonPlan
    untranslated: list[tuple[str, str]] = []
    complete: bool = False
    why: str = ""
    checked: str = ""
    equations: int = 0
    numbers: int = 0
    changed: list[str] = []

    @property
    def left(self) -> int:
        """How many texts stayed English."""
        return self.pieces if self.why else len(self.untranslated)


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
        sources: The teacher's own texts that the lesson was to rest on.
        material: What they say of its subject; None without any.
        proposals: What the teacher's model proposed for the draft that the plan goes back to; None where not asked.
        personalized: The plan's word problems in an interest, with what the validators say of each (of the English).
        reading: Texts of the English plan that its learners will find hard to read, the hardest first.
        translation: None where the learners' language is English. `plan` is the translated one, `checks` are about the
            English one, which is kept here.
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
    sources: list[SourceRef] = []
    material: Material | None = None
    proposals: Proposals | None = None
    personalized: list[Personalized] = []
    reading: list[ReadingFinding] = []
    translation: Translation | None = None

    @property
    def english(self) -> LessonPlan:
        """The plan before it was translated, which code can check."""
        return self.translation.english if self.translation else self.plan

    @property
    def placed(self) -> int:
        """How many proposed parts are in the plan as it stands."""
        problems = {p.id for p in self.plan.practice_problems() if p.family == FAMILY}
        return len(problems) + len(self.plan.ideas)

    @property
    def rejected(self) -> bool:
        """Whether a teacher rejected it."""
        return self.review is not None and self.review.status == "rejected"


def parts(result: LessonResult) -> dict[str, Any]:
    """What was proposed, told in an interest and translated, for the JSON object of a lesson; None where nothing was.

    `validators` are (passed, not passed, nobody could say) of each; `reading` counts the texts that are hard to read.
    """
    p, told, t = result.proposals, result.personalized, result.translation
    return {
        "proposals": p and {"asked": p.asked, "why": p.why, "proposed": p.proposed, "admitted": p.admitted,
                            "placed": result.placed},
        "personalized": {"problems": len(told), "by_model": sum(x.source == "model" for x in told),
                         "validators": verdicts(told)} if told else None,
        "language": result.plan.language,
        "translation": t and t.model_dump(mode="json", exclude={"english", "checked"}) | {"left": t.left},
        "reading": sum(f.grade is not None for f in result.reading),
    }  # fmt: skip
