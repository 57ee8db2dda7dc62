"""Training rows chosen for what a student lacks: STAT's Sel and Syn, and the arms they have to beat at equal tokens.

He et al. (2025, "STAT: Skill-Targeted Adaptive Training"). Sel draws existing rows by the missing-skill profile; Syn
makes new ones for missing skills and keeps those of which at least two of three solutions agree. Controls: every skill
alike (uniform), the rows nearest in meaning to the questions that the student failed (nearest), rows as they come
(random). All stop at the same number of tokens, so no arm is trained longer.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Literal, NamedTuple

from classwright.distill.profile import Standing
from classwright.distill.rows import Row
from classwright.errors import InputError

Arm = Literal["sel", "uniform", "nearest", "random"]
ARMS: tuple[Arm, ...] = ("sel", "uniform", "nearest", "random")
MOST = 3
"""Times that one row may be drawn."""


def skill_weights(standings: Sequence[Standing], sharpness: float = 1.0) -> dict[str, float]:
    """Share of each skill in the training data: its error rate, sharpened, over the sum of all.

    Args:
        standings: The profile.
        sharpness: Exponent; 0 gives all skills the same, larger ones the weakest more. Our choice, 1 unless given.

    Returns:
        Skill -> share, summing to 1; the same for all where nothing is missing.
    """
    raw = {s.skill: s.missing**sharpness for s in standings}
    total = sum(raw.values())
    return {k: v / total for k, v in raw.items()} if total > 0 else {k: 1 / len(raw) for k in raw}


def select(
    rows: Sequence[Row],
    arm: Arm,
    tokens: int,
    size: Callable[[Row], int],
    *,
    shares: Mapping[str, float] | None = None,
    nearness: Mapping[str, float] | None = None,
    seed: int,
    most: int = MOST,
) -> list[Row]:
    """Rows of an arm up to a number of tokens.

    A row that is drawn again gets the id "x~2"; each pass over the rows (of a skill) is shuffled anew.

    Args:
        rows: To draw from.
        arm: "sel" (by `shares`), "uniform", "nearest" (by `nearness`), "random".
        tokens: Drawing stops before the row that would exceed it.
        size: Tokens of a row.
        shares: Skill -> share of the tokens, for "sel" (see `skill_weights`); skills without rows are passed over.
        nearness: Row id -> similarity to what the student failed, for "nearest" (see `nearest`).
        seed: Of the draws.
        most: Times that one row may be drawn.

    Raises:
        InputError: There are too few rows for the tokens, or no row of any skill with a share.
        ValueError: What the arm needs is not given.
    """
    rng = Random(f"select/{arm}/{seed}")
    if arm in ("sel", "uniform"):
        by_skill: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            by_skill[row.skill].append(row)
        if arm == "sel" and shares is None:
            raise ValueError("the arm sel needs shares")
        wanted = shares if arm == "sel" and shares is not None else dict.fromkeys(by_skill, 1.0)
        wanted = {k: v for k, v in wanted.items() if v > 0 and by_skill.get(k)}
        if not wanted:
            raise InputError("no row is about a missing skill: make some (Syn), or draw from other data")
        return _by_share({k: _passes(by_skill[k], rng, most) for k in sorted(wanted)}, wanted, tokens, size)
    if arm == "nearest":
        if nearness is None:
            raise ValueError("the arm nearest needs nearness")
        ranked = sorted(rows, key=lambda r: (-nearness[r.id], r.id))
        return _until([_again(r, n) for n in range(most) for r in ranked], tokens, size)
    return _until(_passes(rows, rng, most), tokens, size)


def _passes(rows: Sequence[Row], rng: Random, most: int) -> list[Row]:
    """All rows `most` times, each time in another order."""
    return [_again(r, n) for n in range(most) for r in rng.sample(list(rows), len(rows))]


def _again(row: Row, n: int) -> Row:
    return row if n == 0 else row.model_copy(update={"id": f"{row.id}~{n + 1}"})


def _until(queue: Sequence[Row], tokens: int, size: Callable[[Row], int]) -> list[Row]:
    return _by_share({"": queue}, {"": 1.0}, tokens, size)


def _by_share(
    queues: Mapping[str, Sequence[Row]], shares: Mapping[str, float], tokens: int, size: Callable[[Row], int]
) -> list[Row]:
    """The next row is always of the skill that is furthest below its share of the tokens drawn."""
    given: Counter[str] = Counter()
    place: Counter[str] = Counter()
    found: list[Row] = []
    while True:
        # A skill whose rows are used up leaves its share to the others.
        open_ = [k for k in queues if place[k] < len(queues[k])]
        if not open_:
            raise InputError(
                f"{sum(given.values())} tokens in {len(found)} rows, fewer than the {tokens} asked for: make more rows"
            )
        skill = min(open_, key=lambda k: (given[k] / shares[k], k))
        row = queues[skill][place[skill]]
        if sum(given.values()) + size(row) > tokens:
            return found
        found.append(row)
        place[skill] += 1
        given[skill] += size(row)


def nearest(rows: Sequence[Row], failed: Sequence[str], embed: Callable[[Sequence[str]], "object"]) -> dict[str, float]:
    """Row id -> its largest cosine similarity to a question that the student failed.

    Args:
        rows: Their first user message is compared.
        failed: Texts of the failed questions, at least one.
        embed: Texts -> array (n, dimensions) with rows of length 1 (`models.embeddings.WordEmbedder().embed_now`).

    Raises:
        ValueError: The student failed no question.
    """
    import numpy as np

    if not failed:
        raise ValueError("the student failed no question: nothing can be near one")
    asked = [next((m.content for m in row.messages if m.role == "user"), row.messages[0].content) for row in rows]
    close = (np.asarray(embed(asked)) @ np.asarray(embed(list(failed))).T).max(axis=1)
    return {row.id: float(c) for row, c in zip(rows, close, strict=True)}


class Made(NamedTuple):
    """A new row with its answer."""

    row: Row
    answer: str


class Synthesized(NamedTuple):
    """What Syn made: the rows kept, and how many were not and why."""

    rows: list[Row]
    dropped: dict[str, int]


def synthesize(
    wanted: Mapping[str, int],
    make: Callable[[str, int], Made | None],
    solve: Callable[[Made], Sequence[str | None]],
    *,
    agree: int = 2,
    same: Callable[[str, str], bool] = lambda a, b: a == b,
    attempts: int = 4,
) -> Synthesized:
    """New rows for missing skills, kept where solutions agree with the row's own answer.

    Args:
        wanted: Skill -> rows (see `loop_policy.allot`).
        make: (skill, n) -> the n-th row of a skill, from the bank or a teacher; None where it fails.
        solve: A row -> answers of independent solutions (three, as published); None for one that cannot be read.
        agree: Solutions that must give the row's answer.
        same: Whether two answers are the same (`skilltree.grading.same_answer`).
        attempts: Rows made per row wanted, at most.

    Returns:
        Rows of the skills in turn of `wanted`; fewer than wanted where too many were dropped.
    """
    rows: list[Row] = []
    dropped: Counter[str] = Counter()
    seen: set[tuple[str, ...]] = set()
    for skill, number in wanted.items():
        kept = 0
        for n in range(attempts * number):
            if kept == number:
                break
            made = make(skill, n)
            if made is None:
                dropped["not made"] += 1
                continue
            text = tuple(m.content for m in made.row.messages)
            if text in seen:
                dropped["duplicate"] += 1
                continue
            seen.add(text)
            if sum(a is not None and same(a, made.answer) for a in solve(made)) < agree:
                dropped["solutions do not agree"] += 1
                continue
            rows.append(made.row)
            kept += 1
    return Synthesized(rows, dict(dropped))
