"""Edits of a plan on a subject without code, where no rehearsal can say what to change.

What asks for an edit is a claim or an answer that the class text does not support, the judges' lowest criterion with
the quote they gave for it, or a teacher. An edit replaces one named part, with a note that says why; it never rewrites
a plan.
"""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from pydantic import BaseModel

from classwright.agents.evaluator import CRITERIA, Ciddp
from classwright.agents.free_questions import new_questions, settle_list
from classwright.agents.free_teacher import part_slot
from classwright.agents.grounding import ground, without_marks
from classwright.agents.sources import Material
from classwright.agents.words import Embed, fill
from classwright.classroom.free_checks import plain
from classwright.classroom.free_plan import LEAST, LISTS, QUESTION, List, Subject, list_of, replace_list
from classwright.classroom.plan import LessonPlan, Words
from classwright.models.chat import Chat

Part = Literal["hook", "explanation", "activity", "closing", "warm_up", "guided", "practice", "exit"]
TEXTS: tuple[Part, ...] = ("explanation", "hook", "closing")
"""Texts that may state something about the subject, the weightiest first."""
ASKED: tuple[List, ...] = ("guided", "practice", "exit")
"""Lists whose questions the class text must answer; a warm-up asks what learners know already."""
HIGH = 4.5
"""Level from which a criterion asks for nothing."""
ANSWERED_BY: dict[str, tuple[Part, ...]] = {
    "clarity": ("explanation", "activity"),
    "integrity": ("explanation", "closing"),
    "depth": ("practice", "guided", "explanation"),
    "practicality": ("activity", "guided"),
    "pertinence": ("hook", "practice"),
}
"""The parts that decide a criterion, where the judges' quote does not name one."""


class FreeEdit(BaseModel):
    """The replacement of one part.

    Attributes:
        part: What is written again.
        reason: "support", the criterion, or "teacher".
        note: What the writer is told.
        evidence: What the judges quoted, or the claim.
        level: The judges' level, None where no judge asks for the edit.
        questions: Of a list, the questions that are replaced; empty for all.
    """

    part: Part
    reason: str
    note: str
    evidence: str = ""
    level: float | None = None
    questions: tuple[str, ...] = ()

    def describe(self) -> str:
        """The edit in a sentence."""
        why = {"support": "no support in the class text", "teacher": "the teacher asks for it"}.get(self.reason, "")
        if self.level is not None:
            why = f"{self.reason} {self.level:.1f} of 5"
        what = f"{len(self.questions)} of the {self.part}" if self.questions else f"the {self.part.replace('_', '-')}"
        return f"Write {what} again ({why}): {self.note}"


class Edited(NamedTuple):
    """What came of an edit: the new plan, or the old one and why."""

    plan: LessonPlan
    why: str = ""


def possible_free_edits(plan: LessonPlan, ciddp: Ciddp | None) -> list[FreeEdit]:
    """What can be changed, what matters most first: claims without support, then criteria from the lowest.

    Args:
        plan: A grounded plan, or one without sources.
        ciddp: The panel's view; without an admitted judge only support asks for edits.
    """
    found = _for_support(plan) if plan.passages else []
    if ciddp is None or ciddp.status != "admitted":
        return found
    low = sorted((level, name) for name, level in ciddp.levels.items() if level is not None and level < HIGH)
    for level, name in low:
        said = [j for j in ciddp.judgments if j.criterion == name and j.level is not None and j.judge in ciddp.judges]
        worst = min(said, key=lambda j: (j.level, j.judge), default=None)
        evidence, why = (worst.evidence, worst.reason) if worst else ("", "")
        quoted = _part_of(plan, evidence)
        wanted: list[Part] = [quoted] if quoted else []
        parts: dict[Part, None] = dict.fromkeys([*wanted, *ANSWERED_BY[name]])
        note = f"a reader missed {name}: {CRITERIA[name][0]}" + (f" They said: {why}" if why else "")
        found += [FreeEdit(part=part, reason=name, note=note, evidence=evidence, level=level) for part in parts]
    return list({e.part + e.reason: e for e in found}.values())


def _for_support(plan: LessonPlan) -> list[FreeEdit]:
    found: list[FreeEdit] = []
    for part in TEXTS:
        lines = [claim for where, _, claim in (x.partition(": ") for x in plan.unsupported) if where.split()[0] == part]
        if lines:
            note = "the class text does not say this, so leave it out: " + " ".join(lines[:3])
            found.append(FreeEdit(part=part, reason="support", note=note, evidence=lines[0]))
    strange = {m[1] for line in plan.unsupported if (m := re.match(r"answer to “(.+)”: ", line))}
    for name in ASKED:
        asked = tuple(p.text for p in list_of(plan, name) if p.text in strange)
        if asked:
            note = "the class text does not answer: " + " ".join(asked[:3])
            found.append(FreeEdit(part=name, reason="support", note=note, evidence=asked[0], questions=asked))
    return found


def _part_of(plan: LessonPlan, quote: str) -> Part | None:
    """The part that a quote of the plan stands in."""
    wanted = plain(quote)
    if not wanted:
        return None
    texts: dict[Part, str] = {
        "hook": plan.hook.text,
        "explanation": " ".join(e.text.text for e in plan.explanations),
        "activity": " ".join(i.text.text for i in plan.ideas if i.kind == "activity"),
        "closing": plan.closing.text,
    }
    texts |= {name: " ".join(f"{p.text} {p.answer}" for p in list_of(plan, name)) for name in LISTS}
    return next((part for part, text in texts.items() if wanted in plain(text)), None)


async def apply_free_edit(
    plan: LessonPlan,
    edit: FreeEdit,
    subject: Subject,
    chat: Chat,
    embed: Embed,
    *,
    unit: str,
    material: Material | None = None,
) -> Edited:
    """A copy of the plan with the part replaced and everything cited anew; the plan itself where nothing better came.

    Args:
        plan: The plan.
        edit: One of `possible_free_edits`.
        subject: The lesson's subject.
        chat: The teacher's model.
        embed: Embeddings.
        unit: Journal unit, one for each edit.
        material: What the sources hold, if there are any.
    """
    bare = without_marks(plan).model_copy(update={"unsupported": plan.unsupported})
    passages = told(material)
    if edit.part in LISTS:
        new, why = await _other_questions(bare, edit.part, edit, subject, chat, unit, passages)
        if why:
            return Edited(plan, why)
    else:
        new = bare.model_copy(deep=True)
        words = _words_of(new, edit.part)
        fresh = await fill(part_slot(edit.part, subject, passages, words.text, edit.note), chat, embed, unit=unit)
        if fresh.source == "curated":
            return Edited(plan, f"the new {edit.part} was not used: {' / '.join(fresh.refused)}")
        if fresh.text == words.text:
            return Edited(plan, f"the new {edit.part} says the same")
        words.text, words.source, words.refused = fresh.text, fresh.source, fresh.refused
    return Edited(await ground(new, material, None, embed))


def told(material: Material | None, most: int = 10) -> list[str]:
    """The passages that a teacher's model is told of, one line each."""
    return [" ".join(f.text.split()) for f in material.found[:most]] if material else []


def _words_of(plan: LessonPlan, part: str) -> Words:
    match part:
        case "hook":
            return plan.hook
        case "explanation":
            return plan.explanations[0].text
        case "closing":
            return plan.closing
    return next(idea.text for idea in plan.ideas if idea.kind == "activity")


async def _other_questions(
    plan: LessonPlan, name: List, edit: FreeEdit, subject: Subject, chat: Chat, unit: str, passages: Sequence[str]
) -> Edited:
    """The plan with new questions in a list, each in the place of an old one, if enough have an agreed answer."""
    old = list_of(plan, name)
    going = [p for p in old if not edit.questions or p.text in edit.questions]
    known = [p.text for p in {p.id: p for p in plan.problems()}.values()]
    pairs = await new_questions(
        name, len(going), subject, chat, unit=unit, known=known, passages=passages, note=edit.note, place=f"{name}.0"
    )
    start = 1 + max((p.seed for p in old), default=0)
    problems, lines = await settle_list(
        name, pairs, subject, chat, unit=unit, known=[*known, *(q for q, _ in pairs)], passages=passages, start=start
    )
    kept = len(old) - len(going) + len(problems)
    if not problems or kept < max(LEAST[name], 1, (len(old) + 1) // 2):
        return Edited(plan, f"only {len(problems)} of {len(going)} new questions have an agreed answer")
    fresh = iter(problems)
    now = [q for p in old if (q := next(fresh, None) if p in going else p) is not None]
    gone = {p.text for p in going}
    stay = [x for x in plan.unsupported if not (x.startswith(QUESTION) and any(f"“{t}”" in x for t in gone))]
    return Edited(replace_list(plan, name, now).model_copy(update={"unsupported": [*stay, *lines]}))
