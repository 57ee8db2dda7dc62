"""A training set from finished runs, or from the problem bank: gathered, filtered, selected, split, with its card."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from classwright.distill.candidates import CODE, Candidate, DataRequest
from classwright.distill.card import readme
from classwright.distill.data_counts import row_counts, row_notes, score_statistics, template_hashes
from classwright.distill.data_request import FOR_BANK, no_strange_options
from classwright.distill.gather import JOBS, gathered
from classwright.distill.held_rows import ASKED, HeldAsked, held_asked
from classwright.distill.licences import checked_licence
from classwright.distill.rationales import SOURCE, TWO_DIGIT, make_rationales
from classwright.distill.rows import (
    CARD,
    EXAM,
    HELD_OUT,
    TRAIN,
    Card,
    ExamItem,
    write_card,
    write_exam,
    write_records,
    write_rows,
)
from classwright.distill.selection import held_apart, select, split
from classwright.errors import ClasswrightError, InputError
from classwright.runs.atomic import check_folder, write_atomic
from classwright.runs.progress import Progress
from classwright.runs.run import open_run
from classwright.skilltree.tree import default_tree

READ_ME = "README.md"


def build(
    request: DataRequest, runs: Sequence[str | Path], out: Path, *, root: Path | None = None, progress: Progress
) -> dict[str, Any]:
    """Make the dataset directory `out`; returns what `classwright distill data` prints.

    The card is written last, so that a directory with a card is whole.

    Args:
        request: What it is to hold.
        runs: Run directories or ids; none for rationales from the problem bank and for the corpus.
        out: Where it goes; files of an earlier dataset there are replaced.
        root: Where runs are kept.
        progress: Told what is being read.

    Raises:
        InputError: No run where one is needed, one of the wrong job, a run without a usable row (with why each was
            dropped), a teacher whose licence forbids training, or a mix or split that cannot be had.
    """
    if runs and request.task == "corpus":
        raise InputError("--task corpus is made from our own texts; name no run")
    if not runs and request.task not in ("rationale", "corpus"):
        needed = " or ".join(JOBS[request.task])
        raise InputError(f"--task {request.task} is made from runs; name one or more (of the job {needed})")
    no_strange_options(request, bool(runs))
    check_folder(out)
    if request.task == "corpus":
        made = _from_corpus(request, progress)
    else:
        made = _from_runs(request, runs, root, progress) if runs else _from_bank(request)
    train, held_out, exam, card, asked = made
    for name in (CARD, READ_ME, TRAIN, HELD_OUT, EXAM, ASKED):
        try:
            (out / name).unlink(missing_ok=True)
        except OSError as error:
            raise ClasswrightError(f"{out / name}: cannot be replaced: {error.strerror}") from error
    write_rows(out / TRAIN, train)
    if held_out:
        write_rows(out / HELD_OUT, held_out)
    if exam:
        write_exam(out / EXAM, exam)
    if asked:
        write_records(out / ASKED, asked)
    write_atomic(out / READ_ME, readme(card))
    write_card(out, card)
    return {"out": str(out), "train": len(train), "held_out": len(held_out), "exam": len(exam),
            **card.model_dump(mode="json")}  # fmt: skip


Made = tuple[list[Any], list[Any], list[ExamItem], Card, list[HeldAsked]]
"""Rows to train on, rows held out, exam, card, and what the held-out rows of the corpus asked."""


def _from_bank(request: DataRequest) -> Made:
    skills = request.skills or TWO_DIGIT
    made = make_rationales(skills, request.n, request.seed, default_tree(), request.levels, request.exam)
    exam = [*made.exam, *_beyond(request, skills)]
    counts = row_counts(made.train, made.held_out, exam) | {"level": made.levels}
    settings = request.model_copy(update={"skills": tuple(skills)}).model_dump(
        mode="json", include={"task", "seed", *FOR_BANK}
    )
    notes = ["No operands of a held-out or unseen-template problem occur in training.", *made.notes]
    if len(exam) > len(made.exam):
        notes.append("Numbers of composed problems, their parts and problems of other skills may occur in training.")
    card = Card(kind="sft", task=request.task, teacher=CODE, licence=checked_licence([CODE]), sources=(SOURCE,),
                prompts=template_hashes(["exam"]), selection=settings, counts=counts, notes=tuple(notes))  # fmt: skip
    return made.train, made.held_out, exam, card, []


def _beyond(request: DataRequest, skills: Sequence[str]) -> list[ExamItem]:
    from classwright.distill.beyond_items import composed_items, other_items

    level = request.levels[0]
    if trained := sorted(set(request.other_skills) & set(skills)):
        raise InputError(f"--other-skills {trained[0]}: is trained; name skills that are not in --skills")
    found = composed_items(skills, request.composed, request.seed, level) if request.composed else []
    if request.other_skills:
        found += other_items(request.other_skills, request.exam // 2, request.seed, level)
    return found


def _from_runs(request: DataRequest, runs: Sequence[str | Path], root: Path | None, progress: Progress) -> Made:
    dropped: Counter[str] = Counter()
    candidates: list[Candidate] = []
    sources: list[str] = []
    hashes: dict[str, str] = {}
    notes: list[str] = []
    for n, named in enumerate(runs):
        progress(f"reading {Path(named).name}", n, len(runs))
        with open_run(named, root, mode="replay") as run:
            if run.id in sources:
                raise InputError(
                    f"{named}: the run {run.id} is named twice (or two have this id: rename one's directory)"
                )
            good, bad = gathered(run, request)
            sources.append(run.id)
            if run.summary() is None:
                notes.append(f"The run {run.id} is not finished; what it has finished is in.")
            for template in {t for c in good for t in c.prompts}:
                of_run = run.config.get("prompts", {}).get(template)
                hashes.setdefault(template, of_run or template_hashes([template])[template])
                if of_run not in (None, template_hashes([template])[template]):
                    notes.append(f"The prompt {template} has changed since the run {run.id}.")
        candidates += good
        dropped += bad
    return _selected(request, candidates, dropped, sources, hashes, notes, progress)


def _from_corpus(request: DataRequest, progress: Progress) -> Made:
    from classwright.distill.corpus_rows import SOURCE as OURS
    from classwright.distill.corpus_rows import corpus_rows

    progress("writing out the corpus", 0, 0)
    candidates = list(corpus_rows(default_tree(), request))
    hashes = template_hashes({t for c in candidates for t in c.prompts})
    return _selected(request, candidates, Counter(), [OURS], hashes, [], progress)


def _selected(
    request: DataRequest,
    candidates: list[Candidate],
    dropped: Counter[str],
    sources: list[str],
    hashes: dict[str, str],
    notes: list[str],
    progress: Progress,
) -> Made:
    """What of the candidates goes where, with the card."""
    progress("selecting", 0, 0)
    # Licences come before selection: what must not be trained on is no matter of luck.
    teachers = sorted({who for c in candidates for who in c.teacher})
    terms = checked_licence(teachers, request.licence, ok=request.licence_ok)
    kept = select(candidates, dropped, cap=request.cap, hard=request.hard, seed=request.seed)
    train, held = split(kept, dropped, request.held_out, request.hold_skills, request.seed)
    exam = [c.exam for c in held if c.exam is not None]
    rows, out_rows = [c.row for c in train], [c.row for c in held]
    counts = row_counts(rows, out_rows, exam) | {
        "level": dict(sorted(Counter(f"level {c.level}" for c in (*train, *held) if c.level is not None).items())),
        "teacher": dict(Counter(" + ".join(c.teacher) for c in (*train, *held))),
    }
    apart = held_apart(kept, request.held_out, request.seed)
    for kind in sorted({kind for kind, _ in apart}):
        values = Counter(v for c in held for k, v in c.apart if k == kind and (k, v) in apart)
        counts[f"held-out {kind}"] = dict(values.most_common())
    scores = [c.row.score for c in (*train, *held) if c.row.score is not None]
    card = Card(
        kind="preference" if request.pairs else "sft", task=request.task, teacher=" + ".join(teachers), licence=terms,
        sources=tuple(sources), prompts=dict(sorted(hashes.items())), counts=counts, scores=score_statistics(scores),
        selection=request.model_dump(mode="json", exclude={*FOR_BANK, "licence"}),
        dropped=dict(dropped.most_common()), notes=tuple(notes + row_notes([*train, *held])),
    )  # fmt: skip
    return rows, out_rows, exam, card, held_asked(held, train, request.hold_skills, apart)
