"""In which order rows are trained on: fixed before the first step, so that a resumed training goes on with the same."""

import random
from collections.abc import Sequence

BLOCK = 16
"""Batches put together by length at a time: sorted within, so padding is rare; mixed, so the order stays random."""


def order(lengths: Sequence[int], epochs: float, batch: int, seed: int) -> list[int]:
    """The rows of a whole training, one index a place.

    Every epoch goes through all rows in a random order (a part of an epoch through a part of them). Blocks of `BLOCK`
    batches are sorted by length, cut into batches, and these shuffled; rows over come with the next epoch.

    Args:
        lengths: Tokens of each row.
        epochs: How often each row comes.
        batch: Rows of a batch.
        seed: Of the order.
    """
    rng = random.Random(seed)
    left = max(1, round(epochs * len(lengths)))
    out: list[int] = []
    rest: list[int] = []
    while left > 0:
        epoch = rng.sample(range(len(lengths)), min(left, len(lengths)))
        left -= len(epoch)
        rows = rest + epoch
        rest = rows[len(rows) - len(rows) % batch :]
        del rows[len(rows) - len(rest) :]
        for start in range(0, len(rows), BLOCK * batch):
            block = sorted(rows[start : start + BLOCK * batch], key=lambda i: lengths[i])
            batches = [block[i : i + batch] for i in range(0, len(block), batch)]
            rng.shuffle(batches)
            out += [i for rows_of_batch in batches for i in rows_of_batch]
    return out + rest


def packs(lengths: Sequence[int], room: int, open_at_once: int = 64) -> list[list[int]]:
    """Rows put together into sequences of at most `room` tokens: each goes to the first open one that has room.

    Args:
        lengths: Tokens of each row, in the order of the training; none is longer than `room`.
        room: Tokens of a sequence.
        open_at_once: Sequences that still take rows; with 1 the order of the rows is kept.

    Returns:
        Places in `lengths`, a list a sequence, in the order in which the sequences were begun.
    """
    found: list[list[int]] = []
    left: dict[int, int] = {}  # of the open ones, in the order in which they were begun
    for place, length in enumerate(lengths):
        fits = next((n for n, free in left.items() if free >= length), None)
        if fits is None:
            if len(left) == open_at_once:
                del left[next(iter(left))]
            fits = len(found)
            found.append([])
            left[fits] = room
        found[fits].append(place)
        left[fits] -= length
    return found


def copies(weights: Sequence[float], seed: int) -> list[int]:
    """Row indices drawn in proportion to weights, for trainers whose loss knows none.

    A row of weight 2.3 comes twice, and a third time with probability .3; the expected number is the weight.
    """
    rng = random.Random(seed)
    return [i for i, weight in enumerate(weights) for _ in range(int(weight) + (rng.random() < weight % 1))]
