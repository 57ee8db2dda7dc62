"""What teachers changed in earlier lessons, and what the next writer is told of it."""

import re
from collections.abc import Sequence

from pydantic import BaseModel

from classwright.classroom.plan import LessonPlan
from classwright.classroom.review import Review, changes, conclude
from classwright.skilltree.tree import SkillTree

QUOTED = 40
"""Words of a teacher's text that a sentence quotes; a small model follows a short example better than a long one."""


class TeacherEdit(BaseModel):
    """A section of a plan that a teacher changed in a review and then accepted.

    Attributes:
        run: The run it comes from.
        skill: The skill that the section is about.
        about: That skill in words, by which the change is found for similar skills.
        section: The section's name without its number: "hook", "explanation", "group support".
        before, after: Its text as the loop left it and as the teacher accepted it.
        note: What the teacher asked for where the section was made again; "" for the teacher's own words.
    """

    run: str
    skill: str
    about: str
    section: str
    before: str
    after: str
    note: str = ""

    def sentence(self) -> str:
        """The change in words, for the next writer of such a section and for the report."""
        words = self.after.split()
        text = " ".join(words[:QUOTED]) + (" ..." if len(words) > QUOTED else "")
        asked = f" The teacher asked for this: {self.note.rstrip('.')}." if self.note else ""
        return f"In a lesson on {self.skill} a teacher had the {self.section} changed to: “{text}”{asked}"


def edits_of(review: Review, tree: SkillTree, *, run: str) -> list[TeacherEdit]:
    """What a finished review is to be remembered by: each section that differs in the end. Empty unless accepted."""
    if review.status != "accepted":
        return []
    notes = {s.section: s.note for s in conclude(review).sections}
    found = []
    for change in changes(review.picked, review.plan):
        skill = skill_of(review.plan, change.section)
        about = f"{tree[skill].name}. {tree[skill].description}" if skill in tree else review.plan.title
        found.append(
            TeacherEdit(
                run=run, skill=skill, about=about, section=kind_of(change.section),
                before=change.before, after=change.after, note=notes.get(change.section, ""),
            )
        )  # fmt: skip
    return found


def notes_for(plan: LessonPlan, edits: Sequence[TeacherEdit]) -> dict[str, str]:
    """Slot -> what a teacher wanted of such a slot, for `agents.teacher.word_plan`.

    A slot gets the first edit of its kind on its own skill; where there is none, the first of its kind at all.

    Args:
        plan: The draft to be written.
        edits: As `Memory.recall_edits` gives them: its skills first, then similar ones, the latest first.
    """
    notes = {}
    for name, _ in plan.slots():
        fits = [e for e in edits if e.section == kind_of(name)]
        own = [e for e in fits if e.skill == skill_of(plan, name)]
        if own or fits:
            notes[name] = (own or fits)[0].sentence()
    return notes


def kind_of(section: str) -> str:
    """A section's name without its number."""
    return re.sub(r" \d+$", "", section)


def skill_of(plan: LessonPlan, section: str) -> str:
    """The skill that a section is about: that of its explanation or problem, else the lesson's goal."""
    kind, _, number = section.rpartition(" ")
    if not number.isdecimal():
        return plan.skill
    place = int(number) - 1
    try:
        match kind:
            case "explanation" | "method" | "picture":
                return plan.explanations[place].skill
            case "example" | "example problem":
                return plan.worked_examples[place].problem.skill
            case "hint":
                return plan.guided.problems[place].skill
            case "idea":
                return plan.ideas[place].skill
    except IndexError:  # the teacher removed it
        pass
    return plan.skill
