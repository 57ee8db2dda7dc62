"""A teacher's review of a plan: the decisions, what each of them did, and the plan as it stands.

An edit is verified like a draft. A teacher's words win over style, never over truth: what code finds wrong is not
taken. The one thing code cannot know is a problem that comes without an expression; its answer is the teacher's word,
counted apart and said so wherever the plan is shown.
"""

from collections.abc import Callable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from classwright.classroom.plan import LessonPlan
from classwright.classroom.section_problems import without_code
from classwright.classroom.section_text import write_section
from classwright.classroom.sections import find_section, from_text, section_bodies
from classwright.classroom.verify import Checks, Finding
from classwright.classroom.word_distance import changed_words, word_distance
from classwright.errors import InputError

Do = Literal["accept", "edit", "regenerate", "reject"]
Verify = Callable[[LessonPlan], Checks]


class Decision(BaseModel):
    """What a teacher decided at one pause.

    Attributes:
        do: What is to be done.
        section: The section that is edited or made again; "" for an edit of several.
        text: An edit: sections as `sections.to_text` writes them, or the new body of `section`.
        note: What a section made again should be like; why a plan is rejected.
        seconds: How long the teacher took, s.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    do: Do
    section: str = ""
    text: str = ""
    note: str = ""
    seconds: float = Field(default=0.0, ge=0)


class Change(BaseModel):
    """A section that a decision changed.

    Attributes:
        distance: Edit distance over words, 0..1 (see `word_distance`).
        seconds: The section's share of the decision's time, by changed words where there were several.
    """

    section: str
    before: str
    after: str
    distance: float
    seconds: float


class ReviewStep(BaseModel):
    """A decision and what came of it.

    Attributes:
        taken: Whether the plan was changed (or accepted, or rejected).
        fault: Why it was not taken, "" if it was.
        warnings: What the checks of style say against words that stand all the same.
    """

    decision: Decision
    taken: bool
    fault: str = ""
    warnings: list[str] = []
    changes: list[Change] = []


class Review(BaseModel):
    """A review under way or done.

    Attributes:
        picked: The plan that the loop picked.
        plan: The plan as it stands.
        pending: The text of the last edit, where it was not taken, so that the teacher can go on with it.
    """

    picked: LessonPlan
    plan: LessonPlan
    status: Literal["open", "accepted", "rejected"] = "open"
    steps: list[ReviewStep] = []
    pending: str = ""

    @property
    def fault(self) -> str:
        """Why the last decision was not taken, "" if it was."""
        return self.steps[-1].fault if self.steps else ""

    def after(self, step: ReviewStep, plan: LessonPlan | None = None, pending: str = "") -> "Review":
        """The review with one more step."""
        statuses: dict[str, Literal["open", "accepted", "rejected"]] = {"accept": "accepted", "reject": "rejected"}
        status = statuses.get(step.decision.do, "open") if step.taken else "open"
        return Review(
            picked=self.picked, plan=plan or self.plan, status=status, steps=[*self.steps, step], pending=pending
        )


class SectionReview(BaseModel):
    """What a review did to one section, from the picked plan to the last.

    Attributes:
        seconds: The teacher's time, s.
        distance: Edit distance over words, 0..1.
        note: The last wish with which it was made again.
    """

    section: str
    seconds: float
    distance: float
    note: str = ""


class Reviewed(BaseModel):
    """A finished review as a run's result keeps it.

    Attributes:
        seconds: The teacher's time over all decisions, s.
        unchecked: Problems whose answer is the teacher's word, not code's: their ids.
    """

    status: Literal["accepted", "rejected"]
    reason: str
    seconds: float
    sections: list[SectionReview]
    steps: list[ReviewStep]
    unchecked: list[str]


def begin(plan: LessonPlan) -> Review:
    """A review in which nothing is decided yet."""
    return Review(picked=plan, plan=plan)


def edited(plan: LessonPlan, decision: Decision) -> LessonPlan:
    """The plan with an edit's text; nothing is verified.

    Raises:
        InputError: the text is damaged or the section unknown.
    """
    text = decision.text
    if decision.section and not any(line.startswith("===") for line in text.split("\n")):
        text = write_section(find_section(plan, decision.section), text)
    return from_text(text, plan)


def check(plan: LessonPlan, verify: Verify) -> tuple[Checks, list[str]]:
    """What code says of a reviewed plan, and the ids of the problems whose answers it leaves to the teacher."""
    checks = verify(plan)
    trusted = {p.id: p.text for p in plan.problems() if without_code(p)}
    practiced = {p.text for p in plan.practice_problems()}

    def about_nothing(f: Finding) -> bool:
        """Whether a finding only says that there is no expression: no value, or the same (none) as another problem."""
        leak = f.kind == "test leak" and trusted.get(f.where) not in practiced
        return f.where in trusted and (f.kind == "wrong answer" or leak)

    findings = [f for f in checks.findings if not about_nothing(f)]
    wrong = sum(f.kind == "wrong answer" for f in findings)
    answers = checks.answers and sum(not without_code(p) for p in plan.problems())
    return checks.model_copy(update={"findings": findings, "wrong_answers": wrong, "answers": answers}), list(trusted)


def broken(before: LessonPlan, after: LessonPlan, verify: Verify) -> list[str]:
    """What an edit breaks: findings of the plan after it that the plan before did not have, one line each."""
    known = {(f.kind, f.where, f.what) for f in check(before, verify)[0].findings}
    return [
        f"{f.kind} in {f.where}: {f.what}"
        for f in check(after, verify)[0].findings
        if (f.kind, f.where, f.what) not in known
    ]


def changes(before: LessonPlan, after: LessonPlan, seconds: float = 0.0) -> list[Change]:
    """The sections that differ between two plans, with their edit distance and their share of the time."""
    old, new = section_bodies(before), section_bodies(after)
    names = [name for name in dict.fromkeys([*old, *new]) if old.get(name, "") != new.get(name, "")]
    words = {name: max(1, changed_words(old.get(name, "").split(), new.get(name, "").split())) for name in names}
    total = sum(words.values())
    return [
        Change(
            section=name,
            before=old.get(name, ""),
            after=new.get(name, ""),
            distance=round(word_distance(old.get(name, ""), new.get(name, "")), 4),
            seconds=round(seconds * words[name] / total, 2),
        )
        for name in names
    ]


def conclude(review: Review) -> Reviewed:
    """The record of a finished review.

    Raises:
        ValueError: it is still open.
    """
    if review.status == "open":
        raise ValueError("the review is still open")
    last = review.steps[-1].decision
    return Reviewed(
        status=review.status,
        reason=last.note,
        seconds=round(sum(s.decision.seconds for s in review.steps), 2),
        sections=_sections(review),
        steps=review.steps,
        unchecked=list({p.id: None for p in review.plan.problems() if without_code(p)}),
    )


def _sections(review: Review) -> list[SectionReview]:
    spent: dict[str, float] = {}
    notes: dict[str, str] = {}
    for step in review.steps:
        for change in step.changes:
            spent[change.section] = spent.get(change.section, 0.0) + change.seconds
        if step.taken and step.decision.do == "regenerate":
            for change in step.changes:
                notes[change.section] = step.decision.note
    last = {c.section: c.distance for c in changes(review.picked, review.plan)}
    return [
        SectionReview(section=s, seconds=round(t, 2), distance=last.get(s, 0.0), note=notes.get(s, ""))
        for s, t in spent.items()
    ]


def complete(rows: Sequence[Decision]) -> list[Decision]:
    """Decisions that were written beforehand, if they end the review.

    Raises:
        InputError: none, or the last one neither accepts nor rejects, or an earlier one does.
    """
    ends = [i for i, d in enumerate(rows, 1) if d.do in ("accept", "reject")]
    if not rows or ends[:1] != [len(rows)]:
        raise InputError("the last decision, and no other, must be accept or reject")
    return list(rows)
