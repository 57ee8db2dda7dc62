"""The teacher in the loop: a node that pauses the lesson's graph for one decision after another.

The pause is LangGraph's `interrupt`. Its saver only lives as long as the process; what lasts is the journal: a decision
is stored before it takes effect, so that a killed run replays the decisions and pauses at the first open one.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from langgraph.types import interrupt

from classwright.agents.grounding import without_marks
from classwright.agents.teacher import plan_slots
from classwright.classroom.plan import LessonPlan
from classwright.classroom.review import Change, Decision, Review, ReviewStep, broken, changes, edited
from classwright.classroom.sections import find_section
from classwright.classroom.slots import check_words
from classwright.errors import ClasswrightError, InputError
from classwright.graphs.review_desk import Desk, Pause
from classwright.graphs.review_remake import made_again
from classwright.models.usage import LimitError
from classwright.runs.journal import Key


async def review_step(review: Review, desk: Desk) -> Review:
    """One decision: from the journal if it was made before, else by pausing the graph; stored, then carried out.

    Call it once in a node that the graph comes back to while the review's status is "open".

    Raises:
        GraphInterrupt: the graph pauses here (LangGraph's way).
        ClasswrightError: the run is replayed and the decision was never made.
        JournalError: the stored decision was about another plan.
    """
    n = len(review.steps) + 1
    key = Key(desk.unit, "teacher", "review", n)
    digest = sha256(review.plan.model_dump_json().encode()).hexdigest()
    stored = desk.journal.lookup(key, digest)
    if stored is None:
        if desk.journal.mode == "replay":
            raise ClasswrightError(f"{desk.journal.path}: decision {n} of the review is still open; resume the run")
        last = review.steps[-1] if review.steps else None
        pause = Pause(run=desk.run, number=n, plan=review.plan, last=last, pending=review.pending, about=desk.about)
        decision = Decision.model_validate(interrupt(pause))
        await desk.journal.append(key, digest, decision.model_dump(mode="json"), sections=_measures(review, decision))
    else:
        decision = Decision.model_validate(stored)
    return await carry_out(review, decision, desk, n)


def _measures(review: Review, decision: Decision) -> list[dict[str, Any]]:
    """Edit distance and time of each section of an edit, for the journal; of a damaged edit nothing can be said."""
    if decision.do != "edit":
        return []
    try:
        found = changes(review.plan, edited(review.plan, decision), decision.seconds)
    except InputError:
        return []
    return [c.model_dump(include={"section", "distance", "seconds"}) for c in found]


async def carry_out(review: Review, decision: Decision, desk: Desk, n: int) -> Review:
    """The review after a decision. What cannot be done leaves the plan as it is and says why.

    Args:
        review: The review before.
        decision: The decision.
        desk: What it works with.
        n: Number of the decision; names the journal unit of what a model is asked for it.
    """
    match decision.do:
        case "accept" | "reject":
            return review.after(ReviewStep(decision=decision, taken=True))
        case "edit":
            return await _edit(review, decision, desk)
        case "regenerate":
            return await _regenerate(review, decision, desk, n)


async def _edit(review: Review, decision: Decision, desk: Desk) -> Review:
    try:
        new = edited(review.plan, decision)
        faults = broken(review.plan, new, desk.verify)
    except InputError as e:  # damaged text, or an answer that is none of its problem's kind
        return _refused(review, decision, str(e), decision.text)
    if faults:
        return _refused(review, decision, "; ".join(faults), decision.text)
    found = changes(review.plan, new, decision.seconds)
    if not found:
        return _refused(review, decision, "nothing was changed")
    warnings = _style(new, found, desk)
    return review.after(
        ReviewStep(decision=decision, taken=True, warnings=warnings, changes=found), await _cited(new, desk)
    )


async def _cited(plan: LessonPlan, desk: Desk) -> LessonPlan:
    """The plan with its sources cited anew; that moves marks in sections that the teacher did not touch."""
    return await desk.cite(plan) if desk.cite else plan


def _refused(review: Review, decision: Decision, why: str, pending: str = "") -> Review:
    return review.after(ReviewStep(decision=decision, taken=False, fault=why), pending=pending)


def _style(plan: LessonPlan, changed: Sequence[Change], desk: Desk) -> list[str]:
    """What the checks of a model's words say of the slots that changed, and of words about a problem that changed."""
    names = {c.section for c in changed}
    names |= {n.replace("example problem", "example") for n in names if n.startswith("example problem")}
    if "guided" in names:
        names |= {f"hint {i}" for i in range(1, len(plan.guided.hints) + 1)}
    if plan.skill not in desk.tree:
        return []
    return [
        f"{name}: {fault}"
        for name, slot in plan_slots(without_marks(plan), desk.audience, desk.tree, desk.interest, desk.language)
        if name in names
        for fault in check_words(slot.curated, slot.rules)
    ]


async def _regenerate(review: Review, decision: Decision, desk: Desk, n: int) -> Review:
    plan = review.plan
    try:
        section = find_section(plan, decision.section)
        if desk.remake:
            new = await desk.remake(plan, section, decision.note, f"{desk.unit}.review{n}")
        else:
            new = await made_again(plan, section, decision.note, desk, n)
    except (InputError, LimitError) as e:
        return _refused(review, decision, str(e))
    old, words = dict(plan.slots()).get(section), dict(new.slots()).get(section)
    if old is not None and words is not None and words.refused and words.text == old.text:
        return _refused(review, decision, f"the model's new words were not used: {' / '.join(words.refused)}")
    found = changes(plan, new, decision.seconds)
    if not found:
        return _refused(review, decision, f"{section} came out the same")
    if faults := broken(plan, new, desk.verify):
        return _refused(review, decision, f"the new {section} was not used: {'; '.join(faults)}")
    return review.after(ReviewStep(decision=decision, taken=True, changes=found), await _cited(new, desk))
