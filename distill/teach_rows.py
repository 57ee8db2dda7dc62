"""Rationales that a teacher's model wrote in a learning-by-teaching run: the right ones, or preference pairs."""

import json
from collections.abc import Iterator
from typing import Any

from classwright.classroom.equations import false_equations
from classwright.distill.candidates import Candidate, DataRequest, Offer
from classwright.distill.families import family
from classwright.distill.rows import Message, PreferenceRow, Row
from classwright.graphs.teach import prefer, select
from classwright.graphs.teach.items import teaching_problem
from classwright.graphs.teach.prefer_pairs import lines
from classwright.prompts import render
from classwright.runs.run import Run
from classwright.skilltree.problem import Problem


def teach_rows(run: Run, request: DataRequest) -> Iterator[Offer]:
    """Of `prefer` the pairs (with `pairs`) or the right rationales, of `select` the right ones."""
    experiment, records = run.config["experiment"], dict(run.results())
    summary = run.summary()
    if summary is None:
        yield "the run is not finished"
    elif experiment == "prefer":
        settings = prefer.Settings.model_validate(run.config["settings"])
        teacher = (str(summary["models"]["teacher"]["model"]),)
        yield from (_pairs if request.pairs else _right_ones)(run, request, settings, records, teacher)
    elif experiment == "select" and not request.pairs:
        settings = select.Settings.model_validate(run.config["settings"])
        teacher = (str(summary["models"]["teacher"]["model"]),)
        for unit, record in records.items():
            of = teaching_problem(settings, unit)
            asked = render("exam", material="", exemplars=[], question=record["problem"])
            for n, pair in enumerate(record["pairs"]):
                yield _rationale(run, request, of, asked, pair["text"], pair["right"], f"{unit}/{n}", teacher)
    else:
        yield f"the experiment {experiment} has no {'pairs' if request.pairs else 'rationales'} to train on"


def _right_ones(
    run: Run, request: DataRequest, settings: Any, records: dict[str, Any], teacher: tuple[str, ...]
) -> Iterator[Offer]:
    for unit, record in records.items():
        of = teaching_problem(settings, unit)
        for n, (text, right) in enumerate(zip(record["texts"], record["right"], strict=True)):
            yield _rationale(run, request, of, record["prompt"], text, right, f"{unit}/{n}", teacher)


def _rationale(
    run: Run, request: DataRequest, of: Problem, asked: list[Any], text: str, right: bool | None, name: str,
    teacher: tuple[str, ...],
) -> Offer:  # fmt: skip
    if right is None:
        return "a question, whose right answer nobody knows"
    if not text.strip():
        return "no text"
    if not right:
        return "a wrong answer"
    if "verified" in request.filters and false_equations(text, questions=False):
        return "a false equation"
    messages = (*(Message.model_validate(m) for m in asked), Message(role="assistant", content=text))
    row = Row(id=f"{run.id}/{name}", messages=messages, skill=of.skill, family=family(of), score=1.0, source=run.id)
    return Candidate(row, teacher, ("exam",), of)


def _pairs(
    run: Run, request: DataRequest, settings: Any, records: dict[str, Any], teacher: tuple[str, ...]
) -> Iterator[Offer]:
    template = "exam" if settings.kind == "rationale" else "prefer_question"
    for n, line in enumerate(lines(settings, records)):
        pair = json.loads(line)
        chosen, rejected = pair["chosen"][0]["content"], pair["rejected"][0]["content"]
        of = teaching_problem(settings, pair["unit"])
        if chosen == rejected:
            yield "chosen and rejected are the same text"
        elif "verified" in request.filters and false_equations(chosen, questions=False):
            yield "a false equation"
        else:
            row = PreferenceRow(
                id=f"{run.id}/{pair['unit']}/{n}", prompt=tuple(Message.model_validate(m) for m in pair["prompt"]),
                chosen=chosen, rejected=rejected, skill=of.skill, family=family(of), source=run.id,
                score=pair["chosen_score"] - pair["rejected_score"],
            )  # fmt: skip
            yield Candidate(row, teacher, (template,), of)
