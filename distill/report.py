"""The report of a training: what the student learned, what it forgot, how it follows its teacher, what that cost.

Each part speaks only where it was measured, and what was not is listed. Accuracy is compared on the same exam items
before and after; a change is claimed only where its bootstrap interval leaves out zero and the test stands after Holm's
correction over all comparisons of the report.
"""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from classwright.distill.capacity import Advice, advise, parameters_in
from classwright.distill.comparison import Group, claim, compare
from classwright.distill.exam_result import Answered, judged
from classwright.distill.fidelity import Fidelity
from classwright.distill.forgetting import Forgetting
from classwright.distill.profile import Standing, diagnose, profile
from classwright.distill.provenance import Provenance
from classwright.distill.report_files import Files, Training, read_files
from classwright.distill.retain import RetainCurve
from classwright.distill.stability import Stability, stability
from classwright.distill.words_exam import WordsReport
from classwright.graphs.teach.frame import Curve, room
from classwright.runs.atomic import write_atomic
from classwright.skilltree.we_math import Mode, Rates

MAIN = "held_out"
"""The kind of exam item that is like the training data."""
FEW = 5
"""Texts below which nothing is claimed about general text: so few resample to too narrow an interval."""
COSTS = {
    "steps": "steps of the optimizer", "rows": "rows", "tokens": "tokens of the data",
    "supervised": "tokens with loss", "left_out": "rows that the method could not use",
    "stopped_early": "stopped early", "seconds": "seconds of training and evaluation", "peak_mb": "most memory, MB",
    "agreement": "top-1 agreement of merged model and adapter",
}  # fmt: skip
"""Keys of training.json -> what they are."""


class WeMath(BaseModel):
    """We-Math's rates of composed items (`skilltree.we_math`), before and after, in both modes."""

    model_config = ConfigDict(frozen=True)

    before: dict[str, Rates]
    after: dict[str, Rates]


class Findings(BaseModel):
    """All that a report says.

    Attributes:
        folder: The trained model's directory.
        config: Settings of the training.
        groups: All items, then by kind, then by skill.
        validation: Exam items left out of all figures, since they chose the checkpoint.
        silent: Why accuracy cannot speak, "" if it can.
        claims: What may be said.
        curves: Training curves and the RETAIN curve, to draw.
        profile: Skills after training, the most surely missing first.
        cost: What the training took.
        data: What the dataset's card says.
        words: Models' words on held-out rows of the corpus.
        missing: What was not measured, and what would measure it.
    """

    model_config = ConfigDict(frozen=True)

    folder: str
    config: dict[str, Any]
    groups: list[Group]
    validation: int
    silent: str
    claims: list[str]
    curves: list[Curve]
    stability: Stability | None
    forgetting: Forgetting | None
    fidelity: Fidelity | None
    answers: Fidelity | None
    provenance: Provenance | None
    retain: RetainCurve | None
    capacity: Advice | None
    we_math: WeMath | None
    profile: list[Standing]
    cost: dict[str, Any]
    data: dict[str, Any]
    words: WordsReport | None = None
    missing: list[str]


def report(folder: Path, *, seed: int = 0, teacher: int | None = None, student: int | None = None) -> Findings:
    """Read a trained model's directory and write `report.html`, `report.md` and `report.json` into it.

    Args:
        folder: The directory.
        seed: Seed of all bootstraps.
        teacher, student: Parameters, where names do not say them.

    Raises:
        InputError: See `report_files.read_files`.
    """
    from classwright.reports.distill import distill_html, distill_markdown

    found = findings(folder, read_files(folder), seed=seed, teacher=teacher, student=student)
    write_atomic(folder / "report.json", found.model_dump_json(indent=2) + "\n")
    write_atomic(folder / "report.md", distill_markdown(found))
    write_atomic(folder / "report.html", distill_html(found))
    return found


def findings(
    folder: Path, files: Files, *, seed: int, teacher: int | None = None, student: int | None = None
) -> Findings:
    """What the files say; see `report`."""
    before, after = ([a for a in x if a.id not in (files.chose or ())] for x in (files.before, files.after))
    groups = compare(before, after, seed=seed)
    silent = room("the student", judged(before), judged(after)) if before and after else ""
    training = files.training or Training()
    gap = _stability(training)
    m = files.measures
    capacity = m.get("capacity") or _capacity(files, training, teacher, student)
    we_math = _we_math(before, after)
    return Findings(
        folder=str(folder),
        config=training.config,
        groups=groups,
        validation=len(files.chose or ()),
        silent=silent,
        claims=([] if silent else [claim(g) for g in groups if g.change]) + _forgotten(m.get("forgetting")),
        curves=[*_training_curves(files, training), *_retain_curve(m.get("retain"))],
        stability=gap,
        forgetting=m.get("forgetting"),
        fidelity=m.get("fidelity"),
        answers=m.get("answers"),
        provenance=m.get("provenance"),
        retain=m.get("retain"),
        capacity=capacity,
        we_math=we_math,
        profile=profile(after),
        cost=_cost(training),
        data=_data(files),
        words=m.get("words"),
        missing=_missing(files, gap, capacity, we_math),
    )


def _forgotten(found: Forgetting | None) -> list[str]:
    if found is None or found.change.mean is None or found.change.low is None or found.change.high is None:
        return []
    d, low, high = found.change, found.change.low, found.change.high
    figures = f"{d.mean:+.3f} nats per token [{low:+.3f}, {high:+.3f}]; {d.items} texts"
    if d.items < FEW:
        return [f"general text: too few texts to say anything: {figures}"]
    if low > 0:
        return [f"general text has become less likely (forgetting): {figures}"]
    if high < 0:
        return [f"general text has become more likely: {figures}"]
    return [f"general text: no change was shown: {figures}"]


def _training_curves(files: Files, training: Training) -> list[Curve]:
    """Loss, and accuracy by kind, over steps."""
    losses = files.losses or [(s.step, s.loss) for s in training.curves if s.loss is not None]
    kinds = dict.fromkeys(k for s in training.curves for k in s.accuracy)
    accuracy = {k: [(float(s.step), s.accuracy[k]) for s in training.curves if k in s.accuracy] for k in kinds}
    curves = []
    if losses:
        points = [(float(step), float(loss)) for step, loss in losses]
        curves.append(Curve(title="Loss in training", x="step", y="loss", lines={"loss": points}))
    if accuracy:
        curves.append(Curve(title="Accuracy in training", x="step", y="share right", lines=accuracy))
    return curves


def _retain_curve(found: RetainCurve | None) -> list[Curve]:
    if found is None:
        return []
    lines: dict[str, list[tuple[float, float]]] = {}
    band: dict[str, list[tuple[float, float]]] = {}
    for point in found.points:
        for name, e in point.scores.items():
            if e.mean is not None and e.low is not None and e.high is not None:
                lines.setdefault(name, []).append((point.alpha, e.mean))
                band.setdefault(name, []).append((e.low, e.high))
    title, x = "RETAIN: merged with the base", "share of the tuned model (alpha)"
    return [Curve(title=title, x=x, y="score, with 95 % band", lines=lines, band=band)]


def _stability(training: Training) -> Stability | None:
    """Of the accuracy curves; None where no kind was evaluated twice after the start."""
    kinds = dict.fromkeys(k for s in training.curves for k in s.accuracy)
    curves = {k: [(s.step, s.accuracy[k]) for s in training.curves if k in s.accuracy] for k in kinds}
    curves = {k: c for k, c in curves.items() if len(c) > 1 and c[-1][0] > 0}
    if not curves:
        return None
    return stability(curves, MAIN if MAIN in curves else next(iter(curves)))


def _capacity(files: Files, training: Training, teacher: int | None, student: int | None) -> Advice | None:
    config = training.config
    mine = student or parameters_in(str(config.get("base", "")))
    names = files.card.teacher if files.card else str(config.get("teacher", ""))
    theirs = teacher or parameters_in(names)
    return advise(theirs, mine) if mine and theirs else None


def _we_math(before: list[Answered], after: list[Answered]) -> WeMath | None:
    modes: tuple[Mode, ...] = ("strict", "loose")

    def both(answers: list[Answered]) -> dict[str, Rates]:
        return {mode: r for mode in modes if (r := diagnose(answers, mode)) is not None}

    found = WeMath(before=both(before), after=both(after))
    return found if found.after else None


def _cost(training: Training) -> dict[str, Any]:
    extra = training.model_extra or {}
    return {words: extra[key] for key, words in COSTS.items() if extra.get(key) is not None}


def _data(files: Files) -> dict[str, Any]:
    if files.card is None:
        return {}
    c = files.card
    return {
        "task": c.task, "kind": c.kind, "teacher": c.teacher, "licence": c.licence,
        "rows": ", ".join(f"{n} {name}" for name, n in c.counts.get("split", {}).items()),
        "left out": ", ".join(f"{n} × {why}" for why, n in c.dropped.items()) or "none",
    }  # fmt: skip


def _missing(files: Files, gap: Stability | None, capacity: Advice | None, we_math: WeMath | None) -> list[str]:
    m = files.measures
    measure = "`classwright distill measure DIR"
    examine = "`classwright distill examine BASE DATA --out DIR/exam.before.json`"
    wanted = (
        (bool(files.after), "accuracy after training: exam.after.json, the exam at the end of training"),
        (bool(files.before), f"accuracy before training: exam.before.json ({examine})"),
        (
            files.chose is not None,
            "what the items that chose the checkpoint add: they cannot be told from the others, as the exam is another "
            "one than in training; accuracy after training may look too good",
        ),
        (files.training is not None, "settings, curves and cost of the training: training.json"),
        (gap is not None, "the stability gap: accuracy at two steps or more in training.json"),
        ("forgetting" in m, f"forgetting on general text: forgetting.json ({measure} --texts FILE`)"),
        ("fidelity" in m, f"fidelity to the teacher, token by token: fidelity.json ({measure} --teacher MODEL`, "
         "with the student's vocabulary)"),
        ("answers" in m, f"fidelity of answers: answers.json ({measure} --teacher MODEL`)"),
        ("provenance" in m, f"where sentences come from: provenance.json ({measure} --teacher MODEL`)"),
        ("retain" in m, f"the RETAIN curve: retain.json ({measure} --texts FILE`)"),
        (capacity is not None, "the capacity gap: the sizes of teacher and student (--teacher-size, --student-size)"),
        (we_math is not None, "We-Math's categories: composed exam items with their sub-problems (ids x, x#1, x#2)"),
        ("words" in m or files.card is None or files.card.task != "corpus",
         "words on held-out rows: words.json (`classwright distill words MODEL ... --data DATA --out DIR`)"),
        (files.card is not None, "the dataset's card: card.json, here or where the config's data points"),
    )  # fmt: skip
    return [what for there, what in wanted if not there]
