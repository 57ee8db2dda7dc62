"""Functions of the expression language on data: averages, spread, quartiles, counts of words, association.

Quartiles are the medians of the lower and upper half, the median itself left out when the count is odd (Moore & McCabe,
the method of school books and TI calculators). The mean absolute deviation is taken from the mean.
"""

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from classwright.errors import InputError
from classwright.skilltree.polynomial import Number


def mean(*data: Number) -> Fraction:
    """The arithmetic mean."""
    return Fraction(sum(data)) / len(data)


def median(*data: Number) -> Fraction:
    """The middle value, or the mean of the two middle ones."""
    ordered, half = sorted(data), len(data) // 2
    return Fraction(ordered[half]) if len(data) % 2 else Fraction(ordered[half - 1] + ordered[half]) / 2


def mode(*data: Any) -> Any:
    """The most frequent value; a list when several are; "no mode" when every value of several occurs once."""
    counts = Counter(data)
    most = max(counts.values())
    if most == 1 and len(data) > 1:
        return "no mode"
    found = [value for value in counts if counts[value] == most]
    return found[0] if len(found) == 1 else sorted(found)


def mad(*data: Number) -> Fraction:
    """Mean absolute deviation from the mean."""
    center = mean(*data)
    return mean(*(abs(x - center) for x in data))


def quartile(which: Number, *data: Number) -> Fraction:
    """Quartile 1, 2 (the median) or 3."""
    ordered, half = sorted(data), len(data) // 2
    if which not in (1, 2, 3) or len(data) < 2:
        raise InputError(f"there is no quartile {which} of {len(data)} values")
    if which == 2:
        return median(*data)
    return median(*(ordered[:half] if which == 1 else ordered[-half:]))


def iqr(*data: Number) -> Fraction:
    """Interquartile range."""
    return quartile(3, *data) - quartile(1, *data)


def better_center(*data: Number) -> str:
    """ "median" when a value lies more than 1.5 iqr outside the quartiles (Tukey's fences), else "mean"."""
    low, high, reach = quartile(1, *data), quartile(3, *data), Fraction(3, 2) * iqr(*data)
    return "median" if min(data) < low - reach or max(data) > high + reach else "mean"


def association(*coordinates: Number) -> str:
    """ "positive", "negative" or "none" for points x1, y1, x2, y2, ...: none when r^2 is below 1/2."""
    xs, ys = coordinates[::2], coordinates[1::2]
    middle_x, middle_y = mean(*xs), mean(*ys)
    sxy = sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True))
    sxx, syy = sum((x - middle_x) ** 2 for x in xs), sum((y - middle_y) ** 2 for y in ys)
    return "none" if 2 * sxy**2 < sxx * syy else "positive" if sxy > 0 else "negative"


def most_of(*words: str) -> str:
    """The most frequent word.

    Raises:
        InputError: two words are equally frequent.
    """
    (best, n), *rest = Counter(words).most_common()
    if rest and rest[0][1] == n:
        raise InputError(f"{best} and {rest[0][0]} are equally frequent")
    return best


def _extreme(pairs: tuple[Any, ...], sign: int) -> str:
    """The word with the greatest (sign 1) or least (-1) number among word, number, word, number, ..."""
    numbers = {word: sign * number for word, number in zip(pairs[::2], pairs[1::2], strict=True)}
    best = max(numbers.values())
    found = [word for word, number in numbers.items() if number == best]
    return found[0] if len(found) == 1 else "the same"


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sum": lambda *x: sum(x),
    "mean": mean,
    "median": median,
    "mode": mode,
    "range": lambda *x: max(x) - min(x),
    "mad": mad,
    "iqr": iqr,
    "quartile": quartile,
    "better_center": better_center,
    "association": association,
    "count_of": lambda word, *words: words.count(word),
    "most_of": most_of,
    "which_most": lambda *pairs: _extreme(pairs, 1),
    "which_least": lambda *pairs: _extreme(pairs, -1),
    "count_marks": lambda row, mark: row.count(mark),
    "symbols": lambda text: len(text.replace(" ", "")),
    "word": lambda text: str(text),
}
