"""A file of student feedback labeled, held against the labels that people gave, and totaled only where that holds."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from pydantic import BaseModel, ConfigDict

from classwright.agents.feedback import Verdict, has_label
from classwright.classroom.agreement import wilson
from classwright.classroom.deidentify import Tags
from classwright.classroom.feedback_file import FeedbackFile
from classwright.classroom.feedback_labels import HUMAN, LABELS, LEAST_KAPPA, MODEL, Label
from classwright.classroom.kappa import cohen_kappa, kappa_with_interval
from classwright.graphs import job_run
from classwright.models.endpoint import Transport
from classwright.models.roles import Models
from classwright.models.together import together
from classwright.reports.feedback import feedback_html
from classwright.runs.progress import Progress
from classwright.runs.recipe import Recipe
from classwright.runs.run import Run

WAVE = 128
"""Comments asked about at once; the endpoint's own places bound how many calls are under way."""
FEW = 30
"""Labeled comments; with fewer a kappa says little, and the page says so."""


class Row(BaseModel):
    """One comment without names; `given` is annotator -> label -> whether it was given."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    line: int
    text: str
    given: dict[str, dict[Label, bool]] = {}


class Feedback(BaseModel):
    """What is to be labeled.

    Attributes:
        rows: The comments.
        labels: The labels to ask for.
        annotators: Who gave labels, as the prefixes of their columns.
        skipped: "line N: why" of rows left out.
        hidden: Names and other marks of persons that were taken out.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    rows: tuple[Row, ...]
    labels: tuple[Label, ...] = LABELS
    annotators: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    hidden: int = 0
    seed: int = 0


class Checked(BaseModel):
    """The model's labels against one annotator's; kappa is None where it is not defined."""

    annotator: str
    n: int
    kappa: float | None
    low: float | None
    high: float | None


class LabelTotal(BaseModel):
    """One label over the whole file.

    Attributes:
        missing: Comments without a valid answer.
        checked: Against each annotator.
        kappa: Mean over the annotators, None where it is not defined.
        people: Kappa between the first two annotators, None for one.
        count, share, low, high: Comments with the label and their share of the answered ones with its Wilson interval;
            None where that is withheld.
        withheld: Why there is no total, "" if there is one.
        note: What to keep in mind where there is one.
        published_people, published_model: Kappas of SIGHT's people and of its model.
    """

    label: Label
    missing: int
    checked: list[Checked]
    kappa: float | None
    people: float | None
    count: int | None
    share: float | None
    low: float | None
    high: float | None
    withheld: str
    note: str
    published_people: float
    published_model: float


class FeedbackResult(BaseModel):
    """What came out; `verdicts` is label -> one answer a comment, in the order of the file."""

    totals: list[LabelTotal]
    verdicts: dict[Label, list[bool | None]]
    reasons: dict[Label, list[str]]


def material(file: FeedbackFile, labels: Sequence[Label], seed: int, names: Sequence[str] = ()) -> Feedback:
    """What a run works on: the comments of a file, without names."""
    tags = Tags(names)
    tags.learn((c.text for c in file.comments), capitals=False)  # people speak of Eigenvalues and Harvard here
    rows = tuple(Row(line=c.line, text=tags.hide(c.text), given=c.given) for c in file.comments)
    return Feedback(
        rows=rows, labels=tuple(labels), annotators=file.annotators, skipped=file.skipped, hidden=len(tags), seed=seed
    )  # fmt: skip


def start(
    feedback: Feedback,
    slug: str,
    recipe: Recipe,
    *,
    gguf: str | None = None,
    root: str | Path | None = None,
    progress: Progress,
    endpoint: Transport | None = None,
) -> dict[str, Any]:
    """Label a file; see `job_run.start`."""
    return job_run.start(
        JOB, slug, feedback, recipe, seed=feedback.seed, gguf=gguf, root=root, progress=progress, endpoint=endpoint
    )


def resume(run_dir: Path, *, replay: bool, progress: Progress, endpoint: Transport | None = None) -> dict[str, Any]:
    """Go on with a run or replay it; see `job_run.resume`."""
    return job_run.resume(JOB, run_dir, replay=replay, progress=progress, endpoint=endpoint)


async def label_all(feedback: Feedback, run: Run, models: Models, progress: Progress) -> FeedbackResult:
    """Ask every question, label by label, so that a server that keeps prompt prefixes reads each label's once.

    Raises:
        UnreachableError, LimitError: what was answered is in the journal.
    """
    chat = models.chat("evaluator")
    total, done = len(feedback.rows) * len(feedback.labels), 0
    said: dict[Label, list[Verdict]] = {label: [] for label in feedback.labels}

    async def ask(n: int, text: str, label: Label) -> Verdict:
        nonlocal done
        verdict = await has_label(text, label, chat, unit=f"comment.{n}")
        done += 1
        progress(f"labeling: {label.replace('_', ' ')}", done, total)
        return verdict

    for label in feedback.labels:
        for first in range(0, len(feedback.rows), WAVE):
            wave = feedback.rows[first : first + WAVE]
            said[label] += await together(*(ask(first + i + 1, row.text, label) for i, row in enumerate(wave)))
    verdicts: dict[Label, list[bool | None]] = {label: [v.has for v in found] for label, found in said.items()}
    return FeedbackResult(
        totals=[total_of(feedback, label, verdicts[label]) for label in feedback.labels],
        verdicts=verdicts,
        reasons={label: [v.reason for v in found] for label, found in said.items()},
    )


def total_of(feedback: Feedback, label: Label, has: Sequence[bool | None]) -> LabelTotal:
    """One label's agreement with people, and its total where that is at least `LEAST_KAPPA`."""
    checked, people = [], []
    for annotator in feedback.annotators:
        gold = [row.given.get(annotator, {}).get(label) for row in feedback.rows]
        if any(g is not None for g in gold):
            k = kappa_with_interval(gold, has, seed=feedback.seed)
            checked.append(Checked(annotator=annotator, n=k.n, kappa=k.value, low=k.low, high=k.high))
            people.append(gold)
    known = [c.kappa for c in checked if c.kappa is not None]
    kappa = mean(known) if known and len(known) == len(checked) else None
    answered = [h for h in has if h is not None]
    withheld = _withheld(checked, kappa, answered)
    count = sum(answered)
    low, high = wilson(count, len(answered))
    note = ""
    if not withheld and (least := min(c.n for c in checked)) < FEW:
        note = f"checked on {least} comments only"
    return LabelTotal(
        label=label, missing=len(has) - len(answered), checked=checked, kappa=kappa,
        people=_between(people[0], people[1]) if len(people) > 1 else None,
        count=None if withheld else count, share=None if withheld else count / len(answered),
        low=None if withheld else low, high=None if withheld else high, withheld=withheld, note=note,
        published_people=HUMAN[label], published_model=MODEL[label],
    )  # fmt: skip


def _withheld(checked: Sequence[Checked], kappa: float | None, answered: Sequence[bool]) -> str:
    if not answered:
        return "no valid answer"
    if not checked:
        return "no given labels to check against"
    if kappa is None:
        return "kappa is not defined: the answers or the given labels are all the same"
    return f"kappa {kappa:.2f} is under {LEAST_KAPPA}" if kappa < LEAST_KAPPA else ""


def _between(one: Sequence[bool | None], two: Sequence[bool | None]) -> float | None:
    pairs = [(a, b) for a, b in zip(one, two, strict=True) if a is not None and b is not None]
    return cohen_kappa([a for a, _ in pairs], [b for _, b in pairs])


def summarize(feedback: Feedback, result: FeedbackResult) -> dict[str, Any]:
    """The job's own part of the command's JSON object."""
    return {
        "comments": len(feedback.rows),
        "skipped": list(feedback.skipped),
        "hidden": feedback.hidden,
        "least_kappa": LEAST_KAPPA,
        "labels": [t.model_dump(mode="json") for t in result.totals],
    }


def pages(feedback: Feedback, result: FeedbackResult, summary: Mapping[str, Any]) -> dict[str, str]:
    """report.html, and labels.csv with one row a comment: its line in the file and 1, 0 or nothing for each label."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["line", *feedback.labels])
    for i, row in enumerate(feedback.rows):
        cells = [result.verdicts[label][i] for label in feedback.labels]
        writer.writerow([row.line, *("" if has is None else int(has) for has in cells)])
    return {"report.html": feedback_html(feedback, result, summary), "labels.csv": table.getvalue()}


JOB = job_run.Job("feedback", Feedback, FeedbackResult, label_all, pages, summarize)
