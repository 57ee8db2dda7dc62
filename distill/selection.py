"""Which rows of those that runs offer go into a training set: duplicates, repetition, the mix, the split.

Every step is drawn from the seed and does not depend on the order in which runs are named.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence

from classwright.classroom.chance import chance
from classwright.distill.candidates import Candidate
from classwright.distill.families import operands
from classwright.distill.rows import PreferenceRow, Row
from classwright.errors import InputError

HARD = 2
"""Level from which a problem is a hard one."""
APART = 0.5
"""Of each kind by which a row may be held out beside its family, the share that is, as a part of the families'."""


def trained_text(row: Row | PreferenceRow) -> str:
    """What a row trains: the texts that get loss, or the pair."""
    if isinstance(row, PreferenceRow):
        return f"{row.chosen}\n---\n{row.rejected}"
    return "\n".join(row.messages[i].content for i in row.trained)


def pattern(candidate: Candidate) -> str:
    """What a row trains, without its case and its numbers: rows with equal patterns repeat each other.

    The numbers of an answer in a test are what it says, so they stay.
    """
    text = " ".join(trained_text(candidate.row).lower().split())
    return text if candidate.exam is not None else re.sub(r"\d[\d,./]*", "#", text)


def select(
    candidates: Sequence[Candidate], dropped: Counter[str], *, cap: int | None, hard: float | None, seed: int
) -> list[Candidate]:
    """Candidates without duplicates, within the cap, in the mix; the dropped ones are counted by reason.

    Args:
        candidates: All that passed the filters.
        dropped: Reason -> rows; added to.
        cap: Rows of one pattern at most.
        hard: Share of hard problems among those kept, 0 to 1; None leaves it as it comes.
        seed: Draws which of equal ones stay.

    Raises:
        InputError: A mix is asked for of rows whose problems have no level, or that are all easy or all hard.
    """
    order = sorted(candidates, key=lambda c: (chance(seed, "order", c.row.id), c.row.id))
    kept = _at_most(order, 1, lambda c: _whole(c.row), dropped, "a duplicate")
    if cap is not None:
        kept = _at_most(kept, cap, pattern, dropped, f"more than {cap} of the same words")
    return kept if hard is None else _mixed(kept, hard, dropped)


def split(
    candidates: Sequence[Candidate], dropped: Counter[str], share: float, hold_skills: Iterable[str], seed: int
) -> tuple[list[Candidate], list[Candidate]]:
    """(train, held out): whole skills and whole problem families on one side, never rows of one family on both.

    Families are taken in a drawn order until the held-out side has its share of the rows; one stays in training. Of the
    kinds in `Candidate.apart` (interests, misconceptions, the patterns of a task) values are drawn in the same way, for
    `APART` of the share of the rows that have the kind. A held-out row whose problem has the numbers of a problem in
    training, in another story, is dropped.

    Args:
        candidates: What was selected.
        dropped: Reason -> rows; added to.
        share: Of the rows that are held out, 0 to under 1; 0 holds out nothing but `hold_skills`.
        hold_skills: Skills that are held out whole.
        seed: Draws the families.

    Raises:
        InputError: A skill to hold out has no rows, nothing is left to train on, or there is only one family.
    """
    whole = set(hold_skills)
    if strange := sorted(whole - {c.row.skill for c in candidates}):
        raise InputError(f"skill {strange[0]}: no row is of it, so it cannot be held out")
    sizes = Counter(c.row.family for c in candidates if c.row.skill not in whole)
    if not sizes:
        raise InputError("every skill is held out, so nothing is left to train on; hold out fewer")
    order = sorted(sizes, key=lambda f: (chance(seed, "held out", f), f))
    held: set[str] = set()
    if share > 0 and len(order) == 1 and not whole:
        raise InputError(
            f"all rows are of one problem family ({order[0]}), so none can be held out; take runs with more skills, or "
            "train on everything with --held-out 0"
        )
    wanted = share * sum(sizes.values())
    for family in order[:-1]:
        if sum(sizes[f] for f in held) >= wanted:
            break
        held.add(family)
    others = held_apart(candidates, share, seed)
    apart = [c.row.skill in whole or c.row.family in held or bool(others & set(c.apart)) for c in candidates]
    train = [c for c, out in zip(candidates, apart, strict=True) if not out]
    known = {_numbers(c) for c in train} - {None}
    fresh: list[Candidate] = []
    for candidate in (c for c, out in zip(candidates, apart, strict=True) if out):
        if _numbers(candidate) in known:
            dropped["held out, but its numbers are in training"] += 1
        else:
            fresh.append(candidate)
    return train, fresh


def held_apart(candidates: Sequence[Candidate], share: float, seed: int) -> set[tuple[str, str]]:
    """The (kind, value) of `Candidate.apart` whose rows are held out; at least one value of each kind stays.

    Args:
        candidates: What was selected.
        share: Of the rows that are held out by family.
        seed: Draws the values.
    """
    sizes: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, value in (place for c in candidates for place in c.apart):
        sizes[kind][value] += 1
    held: set[tuple[str, str]] = set()
    for kind, values in sizes.items():
        wanted, taken = APART * share * values.total(), 0
        for value in sorted(values, key=lambda v: (chance(seed, "held apart", kind, v), v))[:-1]:
            if taken >= wanted:
                break
            taken += values[value]
            held.add((kind, value))
    return held


def _numbers(candidate: Candidate) -> tuple[str, frozenset[str]] | None:
    return (candidate.problem.skill, operands(candidate.problem)) if candidate.problem is not None else None


def _whole(row: Row | PreferenceRow) -> str:
    if isinstance(row, PreferenceRow):
        return json.dumps([[m.content for m in row.prompt], row.chosen, row.rejected])
    return json.dumps([[(m.role, m.content) for m in row.messages], row.trained])


def _at_most(
    candidates: Sequence[Candidate], most: int, key: Callable[[Candidate], Hashable], dropped: Counter[str], why: str
) -> list[Candidate]:
    """The first ones of each key."""
    seen: Counter[Hashable] = Counter()
    kept: list[Candidate] = []
    for candidate in candidates:
        seen[key(candidate)] += 1
        if seen[key(candidate)] <= most:
            kept.append(candidate)
        else:
            dropped[why] += 1
    return kept


def _mixed(candidates: Sequence[Candidate], hard: float, dropped: Counter[str]) -> list[Candidate]:
    """As many as there can be with the wanted share of hard ones; those without a level are left out."""
    sides: dict[bool, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        if candidate.level is None:
            dropped["a problem without a level has no place in the mix"] += 1
        else:
            sides[candidate.level >= HARD].append(candidate)
    easy_ones, hard_ones = sides[False], sides[True]
    if not easy_ones and not hard_ones:
        raise InputError("--hard: no row's problem has a level")
    missing = "hard" if hard > 0 and not hard_ones else "easy" if hard < 1 and not easy_ones else ""
    if missing:
        raise InputError(f"--hard {hard:g}: no row has a problem that is {missing}, so the mix cannot be had")
    total = min(
        len(hard_ones) / hard if hard > 0 else len(easy_ones),
        len(easy_ones) / (1 - hard) if hard < 1 else len(hard_ones),
    )
    n_hard = min(len(hard_ones), round(total * hard))
    n_easy = min(len(easy_ones), round(total * (1 - hard)))
    dropped["beyond the mix of easy and hard"] += len(easy_ones) - n_easy + len(hard_ones) - n_hard
    wanted = {c.row.id for c in (*hard_ones[:n_hard], *easy_ones[:n_easy])}
    return [c for c in candidates if c.row.id in wanted]
