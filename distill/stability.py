"""The stability gap: what old tasks lose while a new one is learned, even where they recover by the end.

De Lange, van de Ven & Tuytelaars (2023, "Continual evaluation for lifelong learning: Identifying the stability gap"):
accuracy is measured every few steps, not only at the end. For tasks that were learned at step l_i and evaluated since,

    min-ACC  = mean over old tasks of the lowest accuracy after l_i
    WC-ACC   = A(current) / k + (1 - 1/k) min-ACC,  k tasks with the current one
    WF_w     = largest drop from one evaluation to a later one within a window of w evaluations

Beside them the Polyglot score of a teacher (Miranda, Vulić & Korhonen, 2026): what its data does for a student, and how
good the data is by itself, halves each.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

Curve = Sequence[tuple[int, float]]
"""(step, accuracy 0..1) of one task, in the order of steps."""
WINDOW = 10
"""Evaluations in the window of the windowed forgetting, as published."""


class Stability(BaseModel):
    """The metrics of one training.

    Attributes:
        current: The task that is trained.
        min_acc: Mean over the other tasks of their lowest accuracy, 0..1; None without others.
        wc_acc: Worst-case accuracy: the current one at the end and `min_acc`, 0..1.
        lowest: Task -> its lowest accuracy after the start.
        forgetting: Task -> largest drop within the window, 0..1.
        window: Evaluations in it.
        evaluations: Evaluations of the current task.
    """

    model_config = ConfigDict(frozen=True)

    current: str
    min_acc: float | None
    wc_acc: float
    lowest: dict[str, float]
    forgetting: dict[str, float]
    window: int
    evaluations: int


def lowest_accuracy(curve: Curve, learned: int = 0) -> float:
    """The lowest accuracy after the step at which a task was learned.

    Raises:
        ValueError: It was not evaluated after that.
    """
    after = [accuracy for step, accuracy in curve if step > learned]
    if not after:
        raise ValueError(f"no evaluation after step {learned}")
    return min(after)


def worst_case(current: float, min_acc: float, tasks: int) -> float:
    """WC-ACC: the trade-off of the current task's accuracy and the worst of the others.

    Args:
        current: Accuracy of the current task, 0..1.
        min_acc: min-ACC of the others.
        tasks: All tasks, the current one among them, at least 1.
    """
    return current / tasks + (1 - 1 / tasks) * min_acc


def windowed_forgetting(curve: Curve, window: int = WINDOW) -> float:
    """The largest drop of accuracy between two evaluations of which at most `window` stand in a row; 0 if none drops.

    Raises:
        ValueError: the window holds fewer than two evaluations.
    """
    if window < 2:
        raise ValueError(f"a window of {window} evaluations has no two to compare")
    values = [accuracy for _, accuracy in curve]
    return max((max(values[max(0, n - window + 1) : n + 1]) - v for n, v in enumerate(values)), default=0.0)


def stability(
    curves: Mapping[str, Curve], current: str, *, learned: Mapping[str, int] | None = None, window: int = WINDOW
) -> Stability:
    """The metrics of a training that was evaluated every few steps.

    Args:
        curves: Task -> its curve; evaluations before training stand at step 0.
        current: The task that is trained.
        learned: Task -> step at which it was learned; 0 (before this training) unless given.
        window: Evaluations in the window of forgetting.

    Raises:
        ValueError: `current` has no curve, or an old task was never evaluated after it was learned.
    """
    if not curves.get(current):
        raise ValueError(f"no evaluation of the current task {current}")
    others = {task: c for task, c in curves.items() if task != current}
    lowest = {task: lowest_accuracy(c, (learned or {}).get(task, 0)) for task, c in others.items()}
    min_acc = float(np.mean(list(lowest.values()))) if lowest else None
    final = curves[current][-1][1]
    return Stability(
        current=current,
        min_acc=min_acc,
        wc_acc=worst_case(final, min_acc if min_acc is not None else 0.0, len(curves)),
        lowest=lowest,
        forgetting={task: windowed_forgetting(c, window) for task, c in curves.items()},
        window=window,
        evaluations=len(curves[current]),
    )


def recovered_gap(base: float, student: float, reference: float) -> float | None:
    """Performance gap recovered: (student - base) / (reference - base); None where there is no gap to recover.

    Args:
        base: Accuracy before training.
        student: After training on the teacher's data.
        reference: After training on reference data, or the teacher's own.
    """
    return (student - base) / (reference - base) if reference > base else None


def z_scores(values: Sequence[float]) -> list[float]:
    """Values in population standard deviations from their mean; all 0 where they do not differ."""
    v = np.asarray(values, float)
    spread = float(v.std()) if len(v) else 0.0
    return [0.0] * len(v) if spread == 0 else [float(x) for x in (v - v.mean()) / spread]


def polyglot_score(gap: float, z: float) -> float:
    """(PGR + z) / 2 of one teacher.

    Args:
        gap: Performance gap recovered (`recovered_gap`).
        z: z score of the quality of its data among the teachers compared (`z_scores`).
    """
    return (gap + z) / 2
