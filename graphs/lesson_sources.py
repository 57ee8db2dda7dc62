"""What the teacher's own texts say for a lesson, what the writer is told of it, and the plan cited by it."""

from collections.abc import Mapping
from typing import Any

from classwright.agents.grounding import ground
from classwright.agents.sources import Material, quotes, retrieve, skill_queries
from classwright.classroom import support
from classwright.classroom.free_checks import agreement
from classwright.classroom.plan import LessonPlan
from classwright.graphs.lesson_result import LessonResult
from classwright.graphs.lesson_state import Context

TOPIC_PASSAGES = 10
"""Passages of a subject outside the tree. A text of up to so many is used whole: it was given for this lesson."""


async def skill_material(c: Context, skills: list[str]) -> Material | None:
    """What the texts say of skills of the tree; None without texts."""
    if not c.sources:
        return None
    return await retrieve(
        c.sources, skill_queries(skills, c.tree), c.models.embed, c.memory_folder,
        journal=c.run.journal, progress=c.progress,
    )  # fmt: skip


async def topic_material(c: Context) -> Material | None:
    """What the texts say of a subject outside the tree; None without texts."""
    if not c.sources:
        return None
    return await retrieve(
        c.sources, {"topic": c.request.topic}, c.models.embed, c.memory_folder,
        journal=c.run.journal, progress=c.progress, most=TOPIC_PASSAGES, whole=TOPIC_PASSAGES,
    )  # fmt: skip


def told(plan: LessonPlan, material: Material | None, notes: Mapping[str, str]) -> dict[str, str]:
    """The notes to the writer of each slot: what the texts say about it, then what others want of it."""
    said = quotes(plan, material) if material else {}
    both = {slot: f"{said[slot]}. {notes[slot]}" for slot in said if notes.get(slot)}
    return {**said, **notes, **both}


async def cited(c: Context, plan: LessonPlan, material: Material | None) -> LessonPlan:
    """The plan with marks at what the texts say and a list of what they do not; without texts, the plan itself.

    A subject outside the tree has no facts of its own, so without texts all that a model states there is listed.
    """
    if material is None and not c.request.outside:
        return plan
    return await ground(plan, material, None if c.request.outside else c.tree, c.models.embed)


def rests_on(result: LessonResult) -> dict[str, Any]:
    """What a lesson rests on, for the JSON object: its sources, and how answers were settled that code cannot check."""
    plan, material = result.plan, result.material
    found: dict[str, Any] = {"sources": None, "agreed": None if plan.verified else agreement(plan)._asdict()}
    said = support.support(plan)
    found["unsupported"] = len(said.claims)
    if material is not None:
        found["sources"] = {
            "files": [s.model_dump(mode="json", exclude={"digest"}) for s in result.sources],
            "passages": material.passages,
            "found": len(material.found),
            "cited": len(support.cited(plan)),
            "faults": material.faults,
        }
    return found


def in_lines(found: Mapping[str, Any]) -> list[str]:
    """What `rests_on` says for a person, a line each; empty for a lesson that rests on the skill tree alone."""
    lines: list[str] = []
    if a := found["agreed"]:
        by = f"{a['by_code']} seen by code, {a['by_opinion']} in a model's opinion"
        lines.append(f"Answers on which two independent solutions agree: {a['by_code'] + a['by_opinion']} ({by})")
    if s := found["sources"]:
        names = ", ".join(f["name"] for f in s["files"])
        lines.append(f"Source: {names}: {s['found']} of {s['passages']} passages bear on it, {s['cited']} are cited")
        lines += [f"False in the source, not used: {fault}" for fault in s["faults"]]
    if found["unsupported"]:
        why = "that the source does not make" if found["sources"] else "without a source"
        lines.append(f"Statements {why}: {found['unsupported']} (listed in the plan)")
    return lines
