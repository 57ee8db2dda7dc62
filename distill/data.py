"""A training set from finished runs, or from the problem bank: gathered, filtered, selected, split, with its card."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from classwright.distill.candidates import CODE, FILTERS, Candidate, DataRequest, Offer, Task
from classwright.distill.card import readme
from classwright.distill.licences import checked_licence
from classwright.distill.rationales import SOURCE, TWO_DIGIT, make_rationales
from classwright.distill.rows import (
    CARD,
    EXAM,
    HELD_OUT,
    TRAIN,
    Card,
    ExamItem,
    Row,
    write_card,
    write_exam,
    write_rows,
)
from classwright.distill.selection import held_apart, select, split
from classwright.errors import ClasswrightError, InputError
from classwright.prompts import prompt_hashes
from classwright.runs.atomic import check_folder, write_atomic
from classwright.runs.progress import Progress
from classwright.runs.run import Run, open_run
from classwright.skilltree.tree import default_tree

JOBS: dict[Task, tuple[str, ...]] = {
    "tutor": ("dialogue",), "student": ("dialogue",), "rationale": ("teach",), "lesson": ("lesson", "course"),
    "corpus": (),
}  # fmt: skip
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
    _no_strange_options(request, bool(runs))
    check_folder(out)
    if request.task == "corpus":
        made = _from_corpus(request, progress)
    else:
        made = _from_runs(request, runs, root, progress) if runs else _from_bank(request)
    train, held_out, exam, card = made
    for name in (CARD, READ_ME, TRAIN, HELD_OUT, EXAM):
        try:
            (out / name).unlink(missing_ok=True)
        except OSError as error:
            raise ClasswrightError(f"{out / name}: cannot be replaced: {error.strerror}") from error
    write_rows(out / TRAIN, train)
    if held_out:
        write_rows(out / HELD_OUT, held_out)
    if exam:
        write_exam(out / EXAM, exam)
    write_atomic(out / READ_ME, readme(card))
    write_card(out, card)
    return {"out": str(out), "train": len(train), "held_out": len(held_out), "exam": len(exam),
            **card.model_dump(mode="json")}  # fmt: skip


def _no_strange_options(request: DataRequest, runs: bool) -> None:
    """An option that would be ignored is an error.

    Raises:
        InputError: There is one.
    """
    plain = DataRequest(task=request.task)
    for_bank = {"skills": "--skills", "n": "--n", "levels": "--levels", "exam": "--exam"}
    if runs or request.task == "corpus":
        strange = [option for name, option in for_bank.items() if getattr(request, name) != getattr(plain, name)]
        if strange:
            raise InputError(f"{strange[0]} is for rationales from the problem bank, without a run")
    if runs:
        return
    if request.task == "corpus":
        no_use = {
            "filters": "--filter", "least_score": "--min-score", "pairs": "--pairs", "decides": "--decides",
            "form": "--form", "hard": "--hard", "licence": "--licence",
        }  # fmt: skip
        if strange := [option for name, option in no_use.items() if getattr(request, name) != getattr(plain, name)]:
            raise InputError(f"{strange[0]} is for runs; the corpus has nothing to select by it")
        return
    if request.pairs:
        raise InputError("--pairs: rationales from the problem bank are right, so there is nothing to prefer them to")
    for_runs = {
        "filters": "--filter", "least_score": "--min-score", "decides": "--decides", "form": "--form", "cap": "--cap",
        "hard": "--hard", "held_out": "--held-out", "hold_skills": "--hold-skills", "licence": "--licence",
    }  # fmt: skip
    if strange := [option for name, option in for_runs.items() if getattr(request, name) != getattr(plain, name)]:
        raise InputError(f"{strange[0]} is for runs; rationales from the problem bank have nothing to select by it")


Made = tuple[list[Any], list[Any], list[ExamItem], Card]


def _from_bank(request: DataRequest) -> Made:
    skills = request.skills or TWO_DIGIT
    made = make_rationales(skills, request.n, request.seed, default_tree(), request.levels, request.exam)
    counts = _counts(made.train, made.held_out, made.exam) | {"level": made.levels}
    settings = request.model_copy(update={"skills": tuple(skills)}).model_dump(
        mode="json", include={"task", "skills", "n", "levels", "exam", "seed"}
    )
    notes = ["No operands of a held-out or unseen-template problem occur in training.", *made.notes]
    card = Card(kind="sft", task=request.task, teacher=CODE, licence=checked_licence([CODE]), sources=(SOURCE,),
                prompts=_hashes(["exam"]), selection=settings, counts=counts, notes=tuple(notes))  # fmt: skip
    return made.train, made.held_out, made.exam, card


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
            good, bad = _gathered(run, request)
            sources.append(run.id)
            if run.summary() is None:
                notes.append(f"The run {run.id} is not finished; what it has finished is in.")
            for template in {t for c in good for t in c.prompts}:
                of_run = run.config.get("prompts", {}).get(template)
                hashes.setdefault(template, of_run or _hashes([template])[template])
                if of_run not in (None, _hashes([template])[template]):
                    notes.append(f"The prompt {template} has changed since the run {run.id}.")
        candidates += good
        dropped += bad
    return _selected(request, candidates, dropped, sources, hashes, notes, progress)


def _from_corpus(request: DataRequest, progress: Progress) -> Made:
    from classwright.distill.corpus_rows import SOURCE as OURS
    from classwright.distill.corpus_rows import corpus_rows

    progress("writing out the corpus", 0, 0)
    candidates = list(corpus_rows(default_tree(), request))
    hashes = _hashes({t for c in candidates for t in c.prompts})
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
    counts = _counts(rows, out_rows, exam) | {
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
        sources=tuple(sources), prompts=dict(sorted(hashes.items())), counts=counts, scores=_statistics(scores),
        selection=request.model_dump(mode="json", exclude={"skills", "n", "levels", "exam", "licence"}),
        dropped=dict(dropped.most_common()), notes=tuple(notes + _notes([*train, *held])),
    )  # fmt: skip
    return rows, out_rows, exam, card


def _gathered(run: Run, request: DataRequest) -> tuple[list[Candidate], Counter[str]]:
    """The rows of one run that pass the filters, and why the others do not.

    Raises:
        InputError: Not a single one does.
    """
    if run.job not in JOBS[request.task]:
        needed = " or ".join(JOBS[request.task])
        raise InputError(f"{run.path}: a {run.job} run has nothing for --task {request.task}, which needs {needed}")
    good: list[Candidate] = []
    bad: Counter[str] = Counter()
    for offer in _gatherer(request.task)(run, request):
        why = offer if isinstance(offer, str) else _unjudged(offer, request)
        if why:
            bad[why] += 1
        elif isinstance(offer, Candidate):
            good.append(offer)
    if not good:
        reasons = "; ".join(f"{n} × {why}" for why, n in bad.most_common()) or "it holds nothing"
        raise InputError(f"{run.path}: no usable row: {reasons}")
    return good, bad


def _gatherer(task: Task) -> Callable[[Run, DataRequest], Iterator[Offer]]:
    if task == "tutor":
        from classwright.distill.tutor_rows import tutor_rows as gather
    elif task == "student":
        from classwright.distill.student_rows import student_rows as gather
    elif task == "lesson":
        from classwright.distill.lesson_rows import lesson_rows as gather
    else:
        from classwright.distill.teach_rows import teach_rows as gather
    return gather


def _unjudged(candidate: Candidate, request: DataRequest) -> str:
    score = candidate.row.score
    if score is None and ("judged" in request.filters or request.least_score is not None):
        return "nobody judged it"
    if request.least_score is not None and score is not None and score < request.least_score:
        return f"a score under {request.least_score:g}"
    return ""


def _statistics(scores: Sequence[float]) -> dict[str, float]:
    if not scores:
        return {}
    return {"scored": len(scores), "mean": mean(scores), "least": min(scores), "most": max(scores)}


def _counts(train: Sequence[Any], held: Sequence[Any], exam: Iterable[ExamItem]) -> dict[str, dict[str, int]]:
    every = [*train, *held]
    return {
        "split": {"train": len(train), "held_out": len(held)},
        "skill": dict(Counter(r.skill or "none" for r in every).most_common()),
        "family": dict(Counter(r.family for r in every).most_common()),
        "held-out family": dict(Counter(r.family for r in held).most_common()),
        "exam": dict(Counter(item.kind for item in exam)),
    }


def _notes(kept: Sequence[Candidate]) -> list[str]:
    """What a reader must know of the rows."""
    rows = [c.row for c in kept if isinstance(c.row, Row)]
    copies = sum(row.messages[-1].content in row.messages[-2].content for row in rows)
    if not copies:
        return []
    return [
        f"In {copies} of {len(rows)} rows the trained text stands in its own prompt as an example; a student that only "
        "copies it does well on them."
    ]


def _hashes(templates: Iterable[str]) -> dict[str, str]:
    known = prompt_hashes()
    return {template: known[template] for template in templates}


def parse_filters(text: str) -> tuple[Any, ...]:
    """The filters of an option, "verified,leak-free"; "" or "none" for none.

    Raises:
        InputError: There is no such filter.
    """
    names = [name.strip() for name in text.split(",") if name.strip() and name.strip() != "none"]
    if strange := [name for name in names if name not in FILTERS]:
        raise InputError(f"--filter {strange[0]}: there is no such filter; there are {', '.join(FILTERS)}, none")
    return tuple(dict.fromkeys(names))
