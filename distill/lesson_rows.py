"""Rows for a writer of lessons: the text slots of finished lessons whose words, a model's, passed every check."""

from collections.abc import Iterator
from pathlib import Path

from classwright.distill.candidates import Candidate, DataRequest, Draft, Drafts, Offer, preferences
from classwright.distill.rows import Message, Row
from classwright.graphs.lesson_result import LessonResult
from classwright.runs.run import Run, open_run


def lesson_rows(run: Run, request: DataRequest) -> Iterator[Offer]:
    """One offer a slot of the final plan, and one a text that did not get there; a course offers its lessons'."""
    if run.job == "course":
        for folder in sorted(Path(run.path / "cells").glob("*/config.json")):
            with open_run(folder.parent, mode="replay") as lesson:
                if lesson.job == "lesson":
                    yield from _lesson(lesson, request, f"{run.id}/{lesson.id}")
        return
    yield from _lesson(run, request, run.id)


def _lesson(run: Run, request: DataRequest, source: str) -> Iterator[Offer]:
    stored = [result for _, result in run.results()]
    if not stored:
        yield "the lesson is not finished"
        return
    result = LessonResult.model_validate(stored[0])
    plan = result.english
    if result.rejected:
        yield "a teacher rejected the lesson"
        return
    if "verified" in request.filters and not plan.verified:
        yield "a subject without code, so nothing in it is verified"
        return
    score = result.ciddp.mean if result.ciddp else None
    kept = {words.text: name for name, words in plan.slots() if words.source == "model"}
    curated = sum(words.source == "curated" for _, words in plan.slots())
    yield from ("curated words, which no model wrote",) * curated
    found: set[str] = set()
    for key, drafts in Drafts(run):
        last = drafts[-1]
        if last.text not in kept or last.text in found or any(m.role == "assistant" for m in last.messages):
            yield "a text that is not in the final plan"
            continue
        found.add(last.text)
        yield from _slot(key.task, drafts, plan.skill, f"{source}/{key.task}/{key.ordinal}", score, source, request)


def _slot(
    task: str, drafts: list[Draft], skill: str, name: str, score: float | None, source: str, request: DataRequest
) -> list[Offer]:
    last = drafts[-1]
    family = f"{skill}/{task}"
    if request.pairs:
        return preferences(drafts, last.text, by=(last.model,), template=task, id=name, skill=skill, family=family,
                           score=score, source=source)  # fmt: skip
    messages = (*drafts[0].messages, Message(role="assistant", content=last.text))
    row = Row(id=name, messages=messages, skill=skill, family=family, score=score, source=source)
    return [Candidate(row, (last.model,), (task,))]
