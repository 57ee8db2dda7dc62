"""The rows of one run that pass the filters, and why the others do not."""

from collections import Counter
from collections.abc import Callable, Iterator

from classwright.distill.candidates import Candidate, DataRequest, Offer, Task
from classwright.errors import InputError
from classwright.runs.run import Run

JOBS: dict[Task, tuple[str, ...]] = {
    "tutor": ("dialogue",), "student": ("dialogue",), "rationale": ("teach",), "lesson": ("lesson", "course"),
    "corpus": (),
}  # fmt: skip


def gathered(run: Run, request: DataRequest) -> tuple[list[Candidate], Counter[str]]:
    """The rows of one run that pass the filters, and why the others do not.

    Raises:
        InputError: Not a single one does.
    """
    if run.job not in JOBS[request.task]:
        needed = " or ".join(JOBS[request.task])
        raise InputError(f"{run.path}: a {run.job} run has nothing for --task {request.task}, which needs {needed}")
    good: list[Candidate] = []
    bad: Counter[str] = Counter()
    for offer in _gatherer(request)(run, request):
        why = offer if isinstance(offer, str) else _unjudged(offer, request)
        if why:
            bad[why] += 1
        elif isinstance(offer, Candidate):
            good.append(offer)
    if not good:
        reasons = "; ".join(f"{n} × {why}" for why, n in bad.most_common()) or "it holds nothing"
        raise InputError(f"{run.path}: no usable row: {reasons}")
    return good, bad


def _gatherer(request: DataRequest) -> Callable[[Run, DataRequest], Iterator[Offer]]:
    task = request.task
    if task == "tutor" and request.pairs and request.against == "telling":
        from classwright.distill.telling_rows import telling_rows as gather
    elif task == "tutor":
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
