"""Several trainings beside each other on one exam: accuracy of each arm, and its effect against its control.

An arm is one training, or several that differ in their seed; answers to an item are averaged over them first, so the
unit is the item. Items that chose a checkpoint anywhere are left out everywhere. All effects are corrected together.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean

from pydantic import BaseModel, ConfigDict

from classwright.classroom.effects import Effect, Estimate, effect, estimate, holm
from classwright.distill.exam_result import Answered, judged
from classwright.distill.report_files import Files, read_files
from classwright.errors import InputError
from classwright.graphs.teach.frame import room

BASE = "base"
"""The arm that no training has touched: the exam before one."""


class Arm(BaseModel):
    """One arm.

    Attributes:
        trainings: How many there are of it.
        accuracy: Kind of item -> share right, with its interval over items; "all" for all of them.
        forgotten: Nats a token that general texts have become less likely, mean over trainings; None: not measured.
        rows, seconds: Of a training, means; None where no record says it.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    trainings: int
    accuracy: dict[str, Estimate]
    forgotten: float | None
    rows: float | None
    seconds: float | None


class Contest(BaseModel):
    """What came out.

    Attributes:
        arms: In the order they were named, the base first where its exam is there.
        effects: Of each pair on all items.
        left_out: Items left out since they chose a checkpoint.
        shows, cannot: What may be said, and what may not, in sentences.
    """

    model_config = ConfigDict(frozen=True)

    arms: list[Arm]
    effects: list[Effect]
    left_out: int
    shows: list[str]
    cannot: list[str]


def contest(arms: Mapping[str, Sequence[Path]], pairs: Sequence[tuple[str, str]], *, seed: int) -> Contest:
    """Read the trainings and compare them.

    Args:
        arms: Name -> directories of trainings.
        pairs: (arm, control).
        seed: Of the bootstraps.

    Raises:
        InputError: A directory holds no exam after training, arms took different exams, or a pair names no arm.
    """
    known = [*arms, BASE]
    if strange := next((name for pair in pairs for name in pair if name not in known), None):
        raise InputError(f"--pair names {strange}, which is no arm; there are {', '.join(known)}")
    read = {name: [_read(folder) for folder in folders] for name, folders in arms.items()}
    every = [f for files in read.values() for f in files]
    asked = {frozenset(a.id for a in f.after) for f in every}
    if len(asked) > 1:
        raise InputError("the trainings took different exams, so they cannot be compared; examine them on one")
    chose = frozenset[str]().union(*(f.chose or () for f in every))
    answers = {name: [a for f in files for a in f.after if a.id not in chose] for name, files in read.items()}
    before = next((f.before for f in every if {a.id for a in f.before} == next(iter(asked))), [])
    if before:
        answers = {BASE: [a for a in before if a.id not in chose], **answers}
    elif any(BASE in pair for pair in pairs):
        raise InputError("no training holds the exam before it; run `distill train` again without --no-before")
    values = {name: judged(of) for name, of in answers.items()}
    found = holm([effect(arm, control, values, seed=seed) for arm, control in pairs])
    return Contest(
        arms=[_arm(name, of, read.get(name, []), seed) for name, of in answers.items()],
        effects=found,
        left_out=len(chose),
        shows=[said(e) for e in found],
        cannot=_cannot(read, values, len(next(iter(asked)) - chose)),
    )


def said(e: Effect) -> str:
    """What may be said of an arm against its control."""
    d = e.difference
    if d.mean is None or d.low is None or d.high is None or e.p is None or e.adjusted is None:
        return f"{e.arm} against {e.control}: no item was answered in both; nothing can be said"
    figures = (
        f"{100 * d.mean:+.1f} points [{100 * d.low:+.1f}, {100 * d.high:+.1f}], p = {e.adjusted:.3f} after Holm "
        f"({e.test}), {d.items} items"
    )
    verdict = ("better" if d.mean > 0 else "worse") if e.shown else "no difference was shown"
    return f"{e.arm} against {e.control}: {verdict}: {figures}"


def _read(folder: Path) -> Files:
    files = read_files(folder)
    if not files.after:
        raise InputError(f"{folder}: holds no exam after training; is the training finished, and has its data an exam?")
    return files


def _arm(name: str, answers: Sequence[Answered], files: Sequence[Files], seed: int) -> Arm:
    kinds: dict[str, list[Answered]] = defaultdict(list)
    for a in answers:
        kinds["all"].append(a)
        kinds[a.kind].append(a)
    records = [f.training.model_extra or {} for f in files if f.training is not None]
    lost = [f.measures["forgetting"].change.mean for f in files if "forgetting" in f.measures]
    lost = [x for x in lost if x is not None]

    def means(key: str) -> float | None:
        found = [float(r[key]) for r in records if r.get(key) is not None]
        return mean(found) if found else None

    return Arm(
        name=name, trainings=len(files), accuracy={k: estimate(judged(of), seed=seed) for k, of in kinds.items()},
        forgotten=mean(lost) if lost else None, rows=means("rows"), seconds=means("seconds"),
    )  # fmt: skip


def _cannot(read: Mapping[str, Sequence[Files]], values: Mapping[str, dict[str, list[float]]], items: int) -> list[str]:
    lines = []
    if silent := room("the student", *values.values()):
        lines.append(f"Accuracy cannot speak: {silent}.")
    if single := [name for name, files in read.items() if len(files) == 1]:
        lines.append(
            f"One training of {', '.join(single)}: intervals are over items; what another seed of the training would "
            "give is not in them."
        )
    lines.append(f"{items} items of one exam, one base: nothing is said of other tasks, sizes or bases.")
    if any("forgetting" not in f.measures for files in read.values() for f in files):
        lines.append("Where general text was not measured, nothing is said of what was forgotten.")
    return lines
