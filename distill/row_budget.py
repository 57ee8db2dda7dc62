"""Which rows are trained on where there is time for a part: a budget of tokens, spread over tasks and patterns."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from classwright.classroom.chance import chance
from classwright.distill.rows import Row
from classwright.errors import InputError


class Sized(NamedTuple):
    """A row with its length, prompt included."""

    row: Row
    tokens: int


class TaskShare(NamedTuple):
    """What of one task was chosen, of what there is."""

    task: str
    rows: int
    tokens: int
    of_rows: int
    of_tokens: int


def within_budget(
    rows: Sequence[Sized], tokens: int, weights: Mapping[str, float] | None = None, seed: int = 0
) -> tuple[list[Row], list[TaskShare]]:
    """Rows with at most so many tokens: of every task up to the same number R of rows, R as large as fits.

    So a rare task is taken whole and a frequent one in part. A task of weight w has room for w R rows. Within a task,
    rows are taken as `spread` orders them, so that a smaller budget's rows are the first of a larger one's.

    Args:
        rows: All there are.
        tokens: The budget.
        weights: Task -> factor of its room, above 0; 1 where none is given.
        seed: Of the order.

    Returns:
        The rows, by task and within it as they were taken, and a line for each task.

    Raises:
        InputError: Not even one row of each task fits, or a weight is of a task without rows.
    """
    by_task: dict[str, list[Sized]] = defaultdict(list)
    for sized in rows:
        by_task[sized.row.task].append(sized)
    factors = dict(weights or {})
    if strange := sorted(factors.keys() - by_task.keys()):
        raise InputError(f"weights: no row is of the task {strange[0]}; there are {', '.join(sorted(by_task))}")
    ordered = {task: spread(found, seed) for task, found in sorted(by_task.items())}

    def room(task: str, most: int) -> int:
        return min(len(ordered[task]), max(1, round(most * factors.get(task, 1.0))))

    def cost(most: int) -> int:
        return sum(s.tokens for task, found in ordered.items() for s in found[: room(task, most)])

    if cost(1) > tokens:
        raise InputError(f"tokens = {tokens:,}: one row of each task has {cost(1):,} already; allow more")
    low, high = 1, max(1, round(len(rows) / min([1.0, *factors.values()])))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if cost(middle) <= tokens else (low, middle - 1)
    chosen = {task: found[: room(task, low)] for task, found in ordered.items()}
    table = [
        TaskShare(task, len(c), sum(s.tokens for s in c), len(ordered[task]), sum(s.tokens for s in ordered[task]))
        for task, c in chosen.items()
    ]
    return [sized.row for c in chosen.values() for sized in c], table


def spread(rows: Sequence[Sized], seed: int) -> list[Sized]:
    """Rows of one task in an order whose every beginning is spread over skills and sentence patterns.

    Skills come in turn, in a drawn order; each gives the row whose pattern was used least so far.
    """
    families: dict[str, list[Sized]] = defaultdict(list)
    for sized in sorted(rows, key=lambda s: (chance(seed, "row", s.row.id), s.row.id)):
        families[sized.row.skill].append(sized)
    turns = sorted(families, key=lambda f: (chance(seed, "skill", f), f))
    used: Counter[str] = Counter()
    out: list[Sized] = []
    while turns:
        for family in turns:
            left = families[family]
            place = min(range(len(left)), key=lambda i: used[left[i].row.pattern])
            taken = left.pop(place)
            used[taken.row.pattern] += 1
            out.append(taken)
        turns = [family for family in turns if families[family]]
    return out
