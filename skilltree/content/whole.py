"""Whole numbers, grades 2-6: problems and buggy rules (the words are in whole.toml)."""

from collections.abc import Iterable
from math import gcd, lcm
from random import Random

from classwright.skilltree.bank import composer, generator, rule
from classwright.skilltree.content._formats import commas
from classwright.skilltree.problem import Draft
from classwright.skilltree.scenes import Scene, draw_scene

PLACES = {
    1: "ones",
    10: "tens",
    100: "hundreds",
    1000: "thousands",
    10_000: "ten thousands",
    100_000: "hundred thousands",
}
_POWER = {1: "1", 10: "10", 100: "100", 1000: "1000", 10_000: "10*1000", 100_000: "100*1000"}
Parts = list[tuple[str, Draft]]


def _things(scene: Scene, n: int) -> str:
    """ "1 sticker", "3,472 stickers"."""
    return f"{commas(n)} {scene.thing if n == 1 else scene.things}"


def _list(numbers: Iterable[int]) -> str:
    return ", ".join(str(n) for n in numbers)


def _and(words: list[str]) -> str:
    """ "2 and 3", "2, 3, and 5"."""
    return " and ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])}, and {words[-1]}"


def _at(scene: Scene) -> str:
    """ "in the kitchen", "at the lake"."""
    inside = scene.place.endswith(("room", "kitchen", "garden", "library"))
    return f"{'in' if inside else 'at'} {scene.place}"


def _digits(n: int, width: int = 0) -> list[int]:
    """Digits from the ones upward, padded with zeros to a width."""
    return [int(c) for c in reversed(str(n).rjust(width, "0"))]


def _number(digits: list[int]) -> int:
    return sum(d * 10**i for i, d in enumerate(digits))


def _parts(n: int) -> list[int]:
    """Values of the nonzero digits, largest first: 407 -> [400, 7]."""
    return [d * 10**i for i, d in reversed(list(enumerate(_digits(n)))) if d]


def _default(scene: Scene | None) -> Scene:
    return scene or draw_scene(None, "default")


# ------------------------------------------------------------------------------------------------ adding, subtracting


def _add_steps(terms: list[int]) -> tuple[str, ...]:
    """One step for each column, with the trade into the next place."""
    width = max(len(str(t)) for t in terms)
    columns = list(zip(*(_digits(t, width) for t in terms), strict=True))
    names = list(PLACES.values())
    steps, carry = [], 0
    for i, column in enumerate(columns):
        shown = [d for d, t in zip(column, terms, strict=True) if len(str(t)) > i] + ([carry] if carry else [])
        total, name = sum(column) + carry, names[i]
        carry = total // 10
        if len(shown) == 1:
            steps.append(f"There is only one digit to add in the {name} place, so write {total}.")
            continue
        line = f"{name.capitalize()}: {' + '.join(str(d) for d in shown)} = {total}."
        if carry and i < width - 1:
            line += f" Write {total % 10} and trade {carry * 10} {name} for {carry} {names[i + 1] if carry > 1 else names[i + 1][:-1]}."
        steps.append(line)
    steps.append(f"{' + '.join(commas(t) for t in terms)} = {commas(sum(terms))}")
    return tuple(steps)


def _add_draft(terms: list[int], frame: int, scene: Scene | None) -> Draft:
    total = sum(terms)
    if scene:
        first, *more = [_things(scene, t) for t in terms]
        p, f = scene.person, scene.friend
        if len(terms) == 3:
            text = (
                f"There are {first} in one room of {scene.place}, {more[0]} in the next room, and {more[1]} in the last room. How many {scene.things} are there in all?",
                f"{p} counts {first} on Monday, {more[0]} on Tuesday, and {more[1]} on Wednesday. How many {scene.things} does {p} count in the three days?",
                f"{p} has {first}. {f} gives {p} {more[0]}, and later {p} finds {more[1]}. How many {scene.things} does {p} have now?",
            )[frame % 3]
        else:
            text = (
                f"{p} has {first} and {f} has {more[0]}. How many {scene.things} do they have together?",
                f"There are {first} {_at(scene)}. {f} brings {more[0]}. How many {scene.things} are there now?",
                f"{p} counts {first} in the morning and {more[0]} in the afternoon. How many {scene.things} does {p} count that day?",
            )[frame % 3]
    else:
        shown = " + ".join(commas(t) for t in terms)
        text = (f"Work out {shown}.", f"Find the sum: {shown}", f"Add {_and([commas(t) for t in terms])}.")[frame % 3]
    values = {"terms": terms, "a": terms[0], "b": terms[1]}
    unit = scene.things if scene else ""
    return Draft(
        text,
        str(total),
        " + ".join(str(t) for t in terms),
        _add_steps(terms),
        values,
        "story" if scene else "bare",
        unit=unit,
    )


@generator("whole.add_2digit")
def add_2digit(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level == 1:
        ones = rng.randint(1, 8)
        terms = [10 * rng.randint(1, 9) + ones, rng.randint(1, 9 - ones)]
    elif level == 2:
        ten, one = rng.randint(1, 8), rng.randint(0, 8)
        terms = [10 * ten + one, 10 * rng.randint(1, 9 - ten) + rng.randint(1, 9 - one)]
    else:
        ten, one = rng.randint(1, 5), rng.randint(0, 4)
        ten2, one2 = rng.randint(1, 7 - ten), rng.randint(1, 7 - one)
        terms = [10 * ten + one, 10 * ten2 + one2, 10 * rng.randint(1, 9 - ten - ten2) + rng.randint(1, 9 - one - one2)]
    return _add_draft(terms, rng.randrange(6), scene)


@generator("whole.add_regroup")
def add_regroup(rng: Random, level: int, scene: Scene | None) -> Draft:
    one = rng.randint(1, 9)
    other = rng.randint(10 - one, 9)
    if level == 1:
        terms = [10 * rng.randint(1, 8) + one, other]
    elif level == 2:
        ten = rng.randint(1, 7)
        terms = [10 * ten + one, 10 * rng.randint(1, 8 - ten) + other]
    else:
        ten = rng.randint(2, 9)
        terms = [10 * ten + one, 10 * rng.randint(10 - ten, 9) + other]
    return _add_draft(terms, rng.randrange(6), scene)


@generator("whole.add_3digit")
def add_3digit(rng: Random, level: int, scene: Scene | None) -> Draft:
    one = rng.randint(1, 9)
    other = rng.randint(10 - one, 9)
    hundred = rng.randint(1, 8)
    if level == 1:  # only the ones are traded
        ten = rng.randint(0, 7)
        terms = [
            100 * hundred + 10 * ten + one,
            100 * rng.randint(1, 9 - hundred) + 10 * rng.randint(0, 8 - ten) + other,
        ]
    elif level == 2:  # ones and tens are traded
        hundred = rng.randint(1, 7)
        ten = rng.randint(1, 9)
        terms = [
            100 * hundred + 10 * ten + one,
            100 * rng.randint(1, 8 - hundred) + 10 * rng.randint(10 - ten, 9) + other,
        ]
    else:
        ten = rng.randint(2, 9)
        terms = [
            100 * rng.randint(1, 3) + 10 * ten + one,
            100 * rng.randint(1, 2) + 10 * rng.randint(10 - ten, 9) + other,
            rng.randint(101, 289),
        ]
    return _add_draft(terms, rng.randrange(6), scene)


def _subtract_steps(a: int, b: int) -> tuple[str, ...]:
    """Columns from the ones up; a trade names where the new units come from."""
    names = list(PLACES.values())
    top, bottom = _digits(a), _digits(b, len(str(a)))
    steps = []
    for i in range(len(top)):
        if i >= len(str(b)) and not any(bottom[i:]):
            rest = _number(top[i:])
            if rest:
                steps.append(f"Nothing is taken away from the places in front, so {rest * 10**i} stays.")
            break
        if top[i] < bottom[i]:
            j = next(k for k in range(i + 1, len(top)) if top[k])
            steps.append(f"{names[i].capitalize()}: {top[i]} is less than {bottom[i]}, so break one of the {names[j]}.")
            top[j] -= 1
            for k in range(i + 1, j):
                top[k] = 9
            top[i] += 10
            nines = (
                f" Leave 9 in the {' place and 9 in the '.join(names[k] for k in range(j - 1, i, -1))} place."
                if j > i + 1
                else ""
            )
            steps[-1] += f"{nines} Then {top[i]} - {bottom[i]} = {top[i] - bottom[i]}."
        else:
            steps.append(f"{names[i].capitalize()}: {top[i]} - {bottom[i]} = {top[i] - bottom[i]}.")
        top[i] -= bottom[i]
    return (
        *steps,
        f"{commas(a)} - {commas(b)} = {commas(a - b)}",
        f"Check: {commas(a - b)} + {commas(b)} = {commas(a)}.",
    )


def _subtract_draft(a: int, b: int, family: str, frame: int, scene: Scene | None) -> Draft:
    expression, unit = f"{a} - {b}", ""
    steps = _subtract_steps(a, b)
    if family == "missing":
        expression = f"solve({b} + x = {a}, x)"
        steps = ("The missing part is the whole without the part you know, so subtract.", *steps)
    if scene:
        unit = scene.things
        p, f, whole, part = scene.person, scene.friend, _things(scene, a), _things(scene, b)
        if family == "take_away":
            text = (
                f"{p} has {whole} and gives {f} {part}. How many {scene.things} does {p} have left?",
                f"There are {whole} {_at(scene)}. {f} takes away {part}. How many {scene.things} are left?",
            )[frame % 2]
        elif family == "compare":
            text = (
                f"{p} has {whole}. {f} has {part}. How many more {scene.things} does {p} have than {f}?",
                f"{f} has {part} and {p} has {whole}. How many more {scene.things} does {f} need to have as many as {p}?",
            )[frame % 2]
        else:
            text = (
                f"{p} had {part}. After a gift from {f}, {p} has {whole}. How many {scene.things} did {f} give?",
                f"{p} wants {whole} and already has {part}. How many more {scene.things} does {p} need?",
            )[frame % 2]
    elif family == "compare":
        text = (
            f"How much more is {commas(a)} than {commas(b)}?",
            f"What is the difference between {commas(a)} and {commas(b)}?",
        )[frame % 2]
    elif family == "missing":
        text = (
            f"What is the missing number? {commas(b)} + __ = {commas(a)}",
            f"How much must you add to {commas(b)} to get {commas(a)}?",
        )[frame % 2]
    else:
        text = (f"Work out {commas(a)} - {commas(b)}.", f"Subtract {commas(b)} from {commas(a)}.")[frame % 2]
    return Draft(text, str(a - b), expression, steps, {"a": a, "b": b, "asks": family}, family, unit=unit)


@generator("whole.subtract_2digit")
def subtract_2digit(rng: Random, level: int, scene: Scene | None) -> Draft:
    one = rng.randint(2, 9)
    ten = rng.randint(2, 9)
    if level == 1:
        a, b = 10 * rng.randint(1, 9) + one, rng.randint(1, one)
    else:
        a, b = 10 * ten + one, 10 * rng.randint(1, ten - 1) + rng.randint(1, one)
    family = rng.choice(
        {1: ["take_away"], 2: ["take_away", "compare", "compare"], 3: ["compare", "missing", "missing"]}[level]
    )
    if level == 3:  # a hundred that never has to be broken
        a += 100 * rng.randint(0, 1)
    return _subtract_draft(a, b, family, rng.randrange(2), scene)


@generator("whole.subtract_regroup")
def subtract_regroup(rng: Random, level: int, scene: Scene | None) -> Draft:
    one = rng.randint(0 if level == 1 else 1, 8)
    low = rng.randint(one + 1, 9)
    if level == 1:
        a, b = 10 * rng.randint(2, 9) + one, low
    elif level == 2:
        ten = rng.randint(3, 9)
        a, b = 10 * ten + one, 10 * rng.randint(1, ten - 2) + low
    else:
        ten = rng.randint(1, 9)
        hundred = rng.randint(2, 9)
        a = 100 * hundred + 10 * ten + one
        b = 100 * rng.randint(0, hundred - 2) + 10 * rng.randint(1, 9) + low
    family = rng.choice(
        {1: ["take_away"], 2: ["take_away", "compare", "compare"], 3: ["take_away", "compare", "missing"]}[level]
    )
    return _subtract_draft(a, b, family, rng.randrange(2), scene)


@generator("whole.subtract_across_zeros")
def subtract_across_zeros(rng: Random, level: int, scene: Scene | None) -> Draft:
    hundred, one = rng.randint(2, 9), rng.randint(0, 8)
    low, ten = rng.randint(one + 1, 9), rng.randint(1, 9)
    if level == 1:
        a, b = 100 * hundred + one, 10 * ten + low
    elif level == 2:
        a, b = 100 * hundred + one, 100 * rng.randint(1, hundred - 1) + 10 * ten + low
    else:
        a = rng.choice([100 * hundred, 1000, 1000 + one])
        b = 100 * rng.randint(0 if hundred == 2 else 1, hundred - 2 if a < 1000 else 8) + 10 * ten + low
    return _subtract_draft(a, b, rng.choice(["take_away", "take_away", "compare"]), rng.randrange(2), scene)


@rule("whole.counts_the_start_number")
def counts_the_start_number(v) -> str | None:
    if "asks" in v:
        return str(v["a"] - v["b"] + 1)
    return str(sum(v["terms"]) - (len(v["terms"]) - 1))


@rule("whole.adds_all_digits")
def adds_all_digits(v) -> str | None:
    return str(sum(int(c) for t in v["terms"] for c in str(t)))


@rule("whole.drops_the_carry")
def drops_the_carry(v) -> str | None:
    width = max(len(str(t)) for t in v["terms"])
    columns = [sum(column) for column in zip(*(_digits(t, width) for t in v["terms"]), strict=True)]
    return str(_number([c % 10 for c in columns[:-1]]) + columns[-1] * 10 ** (width - 1))


@rule("whole.writes_both_digits")
def writes_both_digits(v) -> str | None:
    width = max(len(str(t)) for t in v["terms"])
    columns = zip(*(_digits(t, width) for t in v["terms"]), strict=True)
    return "".join(str(sum(column)) for column in reversed(list(columns)))


@rule("whole.smaller_from_larger")
def smaller_from_larger(v) -> str | None:
    top, bottom = _digits(v["a"]), _digits(v["b"], len(str(v["a"])))
    return str(_number([abs(x - y) for x, y in zip(top, bottom, strict=True)]))


@rule("whole.borrows_without_paying")
def borrows_without_paying(v) -> str | None:
    top, bottom = _digits(v["a"]), _digits(v["b"], len(str(v["a"])))
    return str(_number([(x - y) % 10 for x, y in zip(top, bottom, strict=True)]))


@rule("whole.zero_minus_n_is_n")
def zero_minus_n_is_n(v) -> str | None:
    top, bottom = _digits(v["a"]), _digits(v["b"], len(str(v["a"])))
    zeros = [d == 0 for d in top]
    result = []
    for i, (x, y) in enumerate(zip(top, bottom, strict=True)):
        if zeros[i]:
            result.append(y)
        elif top[i] >= y:
            result.append(top[i] - y)
        else:  # borrows from the next place that is not zero, and leaves the zeros alone
            j = next((k for k in range(i + 1, len(top)) if top[k]), None)
            if j is None:
                return None
            top[j] -= 1
            result.append(x + 10 - y)
    return str(_number(result)) if all(r >= 0 for r in result) else None


@rule("whole.borrows_from_zero")
def borrows_from_zero(v) -> str | None:
    top, bottom = _digits(v["a"]), _digits(v["b"], len(str(v["a"])))
    result = []
    for i, y in enumerate(bottom):
        if top[i] < y:
            top[i] += 10
            j = i + 1
            while j < len(top) and top[j] == 0:
                top[j], j = 9, j + 1
            if j == i + 1:  # no zero in the way: borrows as it should
                if j == len(top):
                    return None
                top[j] -= 1
        result.append(top[i] - y)
    return str(_number(result))


@rule("whole.adds_for_more")
def adds_for_more(v) -> str | None:
    return None if v["asks"] == "take_away" else str(v["a"] + v["b"])


# ---------------------------------------------------------------------------------------- multiplication and division


def _times_steps(a: int, b: int) -> list[str]:
    """How to reach a fact from an easier one."""
    if a == 1:
        return [f"One group of {b} is {b}.", f"{a} × {b} = {b}"]
    if a in (2, 10):
        return [
            f"Count by {b}s: {_list(b * i for i in range(1, a + 1))}." if a == 2 else f"Ten times {b} is {b} tens.",
            f"{a} × {b} = {a * b}",
        ]
    if a == 9:
        return [
            f"10 × {b} = {10 * b}",
            f"Nine groups are one group of {b} less: {10 * b} - {b} = {9 * b}.",
            f"{a} × {b} = {a * b}",
        ]
    if a > 5:
        return [
            f"5 × {b} = {5 * b} and {a - 5} × {b} = {(a - 5) * b}",
            f"{5 * b} + {(a - 5) * b} = {a * b}, so {a} × {b} = {a * b}.",
        ]
    return [f"Count by {b}s, {a} times: {_list(b * i for i in range(1, a + 1))}.", f"{a} × {b} = {a * b}"]


@generator("whole.equal_groups")
def equal_groups(rng: Random, level: int, scene: Scene | None) -> Draft:
    low, high = {1: (2, 5), 2: (3, 9), 3: (6, 12)}[level]
    a, b = rng.randint(low, high), rng.randint(2 if level == 1 else low, 10 if level == 1 else high)
    family = rng.choice(["groups", "groups", "repeated"])
    frame = rng.randrange(2)
    repeated = " + ".join([str(b)] * a)
    if scene:
        unit = scene.things
        text = (
            f"{scene.person} counts the {scene.things} in {scene.count_groups(a)} of the same size: {repeated}. How many {scene.things} is that?"
            if family == "repeated"
            else (
                f"There are {scene.count_groups(a)} with {scene.count(b)} each. How many {scene.things} are there in all?",
                f"{scene.person} fills {scene.count_groups(a)} and puts {scene.count(b)} in each one. How many {scene.things} is that altogether?",
            )[frame]
        )
    elif family == "repeated":
        text, unit = f"Work out {repeated} by writing it as a multiplication first.", ""
    else:
        text, unit = (
            (
                f"How many are {a} groups of {b}?",
                f"There are {a} plates with {b} counters on each plate. How many counters are there?",
            )[frame],
            "",
        )
    steps = [
        f"There are {a} equal groups with {b} in each, so the total is {a} × {b}.",
        *([f"As an addition: {repeated} = {a * b}", f"{a} × {b} = {a * b}"] if a <= 6 else _times_steps(a, b)),
    ]
    expression = repeated if family == "repeated" else f"{a} * {b}"
    return Draft(text, str(a * b), expression, tuple(steps), {"a": a, "b": b}, family, unit=unit)


@generator("whole.arrays")
def arrays(rng: Random, level: int, scene: Scene | None) -> Draft:
    low, high = {1: (2, 5), 2: (3, 9), 3: (4, 12)}[level]
    a, b = rng.randint(low, high), rng.randint(low, 10 if level == 1 else high)
    rows = level > 1 and rng.random() < 0.25
    frame = rng.randrange(2)
    if rows:
        values = {"n": a * b, "d": b}
        steps = (
            f"Each row has {b}, so find how many rows of {b} make {a * b}.",
            f"{a} × {b} = {a * b}",
            f"{a * b} ÷ {b} = {a}, so there are {a} rows.",
        )
        if scene:
            text = f"{scene.person} sets out {scene.count(a * b)} in equal rows of {b}. How many rows are there?"
        else:
            text = (
                f"An array has {a * b} dots in all and {b} dots in each row. How many rows does it have?",
                f"{a * b} squares are laid in rows of {b}. How many rows are there?",
            )[frame]
        return Draft(text, str(a), f"{a * b} / {b}", steps, values, "rows", unit="rows")
    steps = (
        f"There are {a} rows with {b} in each row.",
        f"{a} × {b} = {a * b}",
        f"Check by columns: {b} × {a} = {a * b}.",
    )
    if scene:
        text = (
            f"{scene.person} lays out {scene.things} in {a} rows with {b} in each row. How many {scene.things} are there?",
            f"{_at(scene).capitalize()}, {scene.things} are set out in {a} equal rows. Each row has {b}. How many {scene.things} is that?",
        )[frame]
    else:
        text = (
            f"An array has {a} rows and {b} columns of dots. How many dots are there?",
            f"A sheet of stamps has {a} rows with {b} stamps in each row. How many stamps are on the sheet?",
        )[frame]
    return Draft(text, str(a * b), f"{a} * {b}", steps, {"a": a, "b": b}, "total", unit=scene.things if scene else "")


@generator("whole.multiply_facts")
def multiply_facts(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level == 1:
        a, b = rng.choice([2, 5, 10]), rng.randint(1, 10)
    else:
        low, high = {2: (3, 9), 3: (6, 12)}[level]
        a, b = rng.randint(low, high), rng.randint(3, 9)
    if rng.random() < 0.5:
        a, b = b, a
    frame = rng.randrange(3)
    if scene:
        text = (
            f"{scene.person} has {scene.count_groups(a)} with {scene.count(b)} each. How many {scene.things} does {scene.person} have?",
            f"Each {scene.group} holds {scene.count(b)}. How many {scene.things} do {scene.count_groups(a)} hold?"
            if a > 1
            else f"A {scene.group} holds {scene.count(b)}. How many {scene.things} does {a} {scene.group} hold?",
            f"On each of {a} days, {scene.person} uses {scene.count(b)}. How many {scene.things} is that in all?"
            if a > 1
            else f"{scene.person} uses {scene.count(b)} a day. How many {scene.things} is that in {a} day?",
        )[frame]
    else:
        text = (f"{a} × {b} = ?", f"What is {a} times {b}?", f"Find the product of {a} and {b}.")[frame]
    return Draft(
        text,
        str(a * b),
        f"{a} * {b}",
        tuple(_times_steps(a, b)),
        {"a": a, "b": b},
        "story" if scene else "bare",
        unit=scene.things if scene else "",
    )


@generator("whole.divide_facts")
def divide_facts(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level == 1:
        d, q = rng.choice([2, 5, 10]), rng.randint(2, 10)
    else:
        d, q = (rng.randint(3, 9), rng.randint(3, 9)) if level == 2 else (rng.randint(6, 12), rng.randint(4, 12))
    n = d * q
    share, frame = rng.random() < 0.5, rng.randrange(3)
    unit = ""
    if scene and share:
        text, unit = (
            f"{scene.person} shares {scene.count(n)} equally among {scene.count_groups(d)}. How many {scene.things} does each {scene.group} get?",
            scene.things,
        )
    elif scene:
        text, unit = (
            f"{scene.person} has {scene.count(n)} and fills each {scene.group} with {scene.count(d)}. How many {scene.groups} can {scene.person} fill?",
            scene.groups,
        )
    else:
        text = (f"{n} ÷ {d} = ?", f"Divide {n} by {d}.", f"How many groups of {d} are in {n}?")[frame]
    steps = (f"Ask which number, multiplied by {d}, has the product {n}.", f"{q} × {d} = {n}", f"So {n} ÷ {d} = {q}.")
    family = ("share" if share else "measure") if scene else "bare"
    return Draft(text, str(q), f"{n} / {d}", steps, {"n": n, "d": d}, family, unit=unit)


@generator("whole.unknown_factor")
def unknown_factor(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level == 1:
        f, x = rng.choice([2, 5, 10]), rng.randint(2, 10)
    else:
        f, x = (rng.randint(3, 9), rng.randint(3, 9)) if level == 2 else (rng.randint(4, 12), rng.randint(6, 12))
    p = f * x
    position, frame = rng.randrange(4), rng.randrange(2)
    divide = level == 3 and rng.random() < 0.25
    steps = (f"The product is {p} and one factor is {f}.", f"{p} ÷ {f} = {x}", f"Check: {f} × {x} = {p}.")
    if divide:
        text, expression, values = (
            f"What is the missing number? {p} ÷ __ = {f}",
            f"solve({p}/x = {f}, x)",
            {"n": p, "d": f},
        )
        steps = (
            f"{p} is split into equal parts of the missing size, and there are {f} parts. So look for a factor of {p}.",
            *steps[1:],
        )
    else:
        text = (
            "What is the missing number? "
            + (f"{f} × __ = {p}", f"__ × {f} = {p}", f"{p} = {f} × __", f"{p} = __ × {f}")[position]
        )
        expression = (
            f"solve({f}x = {p}, x)",
            f"solve(x*{f} = {p}, x)",
            f"solve({p} = {f}x, x)",
            f"solve({p} = x*{f}, x)",
        )[position]
        values = {"n": p, "d": f, "factor": f, "product": p}
    unit = ""
    if scene:
        unit = scene.things
        text = (
            f"There are {scene.count(p)} in {scene.count_groups(f)}, the same number in each {scene.group}. How many {scene.things} are in one {scene.group}?",
            f"{scene.person} needs {scene.count(p)} for {scene.count_groups(f)}. Each {scene.group} gets the same number. How many {scene.things} go with each {scene.group}?",
        )[frame]
    return Draft(text, str(x), expression, steps, values, "divide" if divide else "factor", unit=unit)


@generator("whole.multiply_by_tens")
def multiply_by_tens(rng: Random, level: int, scene: Scene | None) -> Draft:
    a = rng.randint(2, 5) if level == 1 else rng.randint(2, 9)
    tens = rng.randint(1, 5) if level == 1 else rng.randint(2, 9)
    unit = rng.choice([10, 100]) if level == 3 else 10
    c = rng.choice([2, 3]) if level == 3 and a < 4 else 1
    b, swap, frame = tens * unit, rng.random() < 0.5, rng.randrange(2)
    total = a * c * b
    left = f"{a} × {c}" if c > 1 else f"{a}"
    name = PLACES[unit]
    steps = [f"{b} is {tens} {name if tens > 1 else name[:-1]}."]
    if c > 1:
        steps.append(f"{a} × {c} = {a * c}")
    steps += [
        f"{a * c} × {tens} = {a * c * tens}, so you have {a * c * tens} {name}.",
        f"{a * c * tens} {name} are {commas(total)}, so {left} × {b} = {commas(total)}.",
    ]
    expression = f"{a} * {c} * {b}" if c > 1 else f"{b} * {a}" if swap else f"{a} * {b}"
    if scene:
        groups = f"{a} times {scene.count_groups(c)}" if c > 1 else scene.count_groups(a)
        text = (
            f"One {scene.group} holds {scene.count(b)}. How many {scene.things} do {groups} hold?",
            f"{scene.person} orders {groups} with {scene.count(b)} each. How many {scene.things} is that?",
        )[frame]
        if c > 1:
            text = f"On each of {a} days, {scene.person} packs {scene.count_groups(c)} with {scene.count(b)} each. How many {scene.things} is that in all?"
    elif swap and c == 1:
        text = (f"Work out {b} × {a}.", f"What is {b} times {a}?")[frame]
    else:
        text = f"Work out {left} × {b}."
    return Draft(
        text,
        str(total),
        expression,
        tuple(steps),
        {"a": a * c, "b": b},
        "story" if scene else "bare",
        unit=scene.things if scene else "",
    )


@generator("whole.distributive")
def distributive(rng: Random, level: int, scene: Scene | None) -> Draft:
    a = rng.randint(3, 9)
    if level == 1:
        b = rng.randint(6, 9)
        big = rng.choice([5, b - 2, b - 1])
    elif level == 2:
        b = rng.choice([*range(11, 20), *range(21, 30)])
        big = b // 10 * 10
    else:
        big = 10 * rng.randint(2, 9)
        b = big + rng.randint(1, 9)
    small = b - big
    missing, frame = rng.random() < 0.25, rng.randrange(2)
    values = {"a": a, "parts": [big, small]}
    if missing:
        family, answer = "missing", small
        expression = f"solve({a}*{b} = {a}*{big} + {a}x, x)"
        text = f"What is the missing number? {a} × {b} = {a} × {big} + {a} × __"
        steps = (
            f"The parts must add up to {b}.",
            f"{b} - {big} = {small}",
            f"Check: {a} × {b} = {a} × {big} + {a} × {small}.",
        )
        values = {"a": a, "b": b, "known": big}
        if scene:
            text = f"{scene.person} lays out {scene.things} in {a} rows of {b}. {scene.person} first counts {a} × {big}. To finish, {scene.person} adds {a} × __. What is the missing number?"
    else:
        family, answer = "compute", a * b
        expression = f"{a} * ({big} + {small})"
        split = f"{b} = {big} + {small}"
        if scene:
            text = (
                f"There are {scene.count_groups(a)} with {scene.count(b)} each. Use {split} to find how many {scene.things} there are.",
                f"{scene.person} sets out {a} rows of {b} {scene.things}. Split each row with {split}. How many {scene.things} are there in all?",
            )[frame]
        else:
            text = (f"Use {split} to find {a} × {b}.", f"Find {a} × {b} by splitting {b} into {big} and {small}.")[
                frame
            ]
        steps = (
            f"{a} × {b} = {a} × {big} + {a} × {small}",
            f"{a} × {big} = {a * big} and {a} × {small} = {a * small}",
            f"{a * big} + {a * small} = {a * b}, so {a} × {b} = {a * b}.",
        )
    return Draft(
        text, str(answer), expression, steps, values, family, unit=scene.things if scene and not missing else ""
    )


def _multiply_steps(a: int, b: int) -> tuple[str, ...]:
    """Partial products of a large number by one digit."""
    parts = _parts(a)
    if len(parts) == 1:
        unit = 10 ** (len(str(a)) - 1)
        return (f"{commas(a)} is {a // unit} {PLACES[unit]}.", f"{commas(a)} × {b} = {commas(a * b)}")
    return (
        f"Split {commas(a)}: {' + '.join(commas(p) for p in parts)} = {commas(a)}",
        *(f"{commas(p)} × {b} = {commas(p * b)}" for p in parts),
        f"Add the parts: {' + '.join(commas(p * b) for p in parts)} = {commas(a * b)}",
    )


def _multiply_text(a: int, b: int, frame: int, scene: Scene | None) -> str:
    """The larger number a is the size of a group in a story."""
    if scene:
        return (
            f"{scene.person} counts {_things(scene, a)} in one {scene.group}. How many {scene.things} are in {scene.count_groups(b)} like that?",
            f"Each week {_things(scene, a)} come to {scene.place}. How many {scene.things} come in {b} weeks?",
            f"A poster shows {_things(scene, a)}. How many {scene.things} do {b} of these posters show?",
        )[frame if a < 100 else 1 if a < 1000 or frame else 2]
    shown = f"{commas(a)} × {commas(b)}"
    return (f"Work out {shown}.", f"Find the product: {shown}", f"Multiply {commas(a)} by {commas(b)}.")[frame]


@generator("whole.multiply_1digit")
def multiply_1digit(rng: Random, level: int, scene: Scene | None) -> Draft:
    b = rng.randint(3, 9)
    low_digit = rng.randint(10 // b + 1, 9)  # the ones make at least ten, so something is carried
    a = rng.randint(1, 10 ** (level + 1) // 10 - 1)
    while a < 10 ** (level - 1):
        a = rng.randint(1, 10 ** (level + 1) // 10 - 1)
    a = 10 * a + low_digit
    frame = rng.randrange(3)
    text = _multiply_text(a, b, frame, scene)
    return Draft(
        text,
        str(a * b),
        f"{a} * {b}",
        _multiply_steps(a, b),
        {"a": b, "parts": _parts(a), "top": a},
        "story" if scene else "bare",
        unit=scene.things if scene else "",
    )


@generator("whole.multiply_2digit")
def multiply_2digit(rng: Random, level: int, scene: Scene | None) -> Draft:
    low, high = {1: (11, 39), 2: (21, 79), 3: (46, 99)}[level]
    a = 10 * rng.randint(low // 10, high // 10) + rng.randint(1, 9)
    b = 10 * rng.randint(1 if level == 1 else 2, 2 if level == 1 else high // 10) + rng.randint(1, 9)
    ones, tens = b % 10, b - b % 10
    steps = (
        f"{b} = {tens} + {ones}, so multiply {a} by {ones} and by {tens}.",
        f"{a} × {ones} = {commas(a * ones)}",
        f"{a} × {tens} = {commas(a * tens)}",
        f"{commas(a * ones)} + {commas(a * tens)} = {commas(a * b)}, so {a} × {b} = {commas(a * b)}.",
    )
    frame = rng.randrange(3)
    text = _multiply_text(a, b, frame, scene)
    return Draft(
        text,
        str(a * b),
        f"{a} * {b}",
        steps,
        {"a": a, "b": b},
        "story" if scene else "bare",
        unit=scene.things if scene else "",
    )


def _division_steps(n: int, d: int) -> tuple[str, ...]:
    """Long division, one sentence for each digit of the quotient."""
    steps, left, started, quotient = [], 0, False, ""
    for c in str(n):
        current = left * 10 + int(c)
        digit = current // d
        if digit or started:
            if digit:
                product = digit * d
                after = (
                    f", and {current} - {product} = {current - product} is left"
                    if current > product
                    else ", and nothing is left"
                )
                steps.append(f"{digit} × {d} = {product}{after}.")
            else:
                steps.append(f"Bring down the {c}. {d} does not fit into {current}, so write 0 in the quotient.")
            started = True
        left = current - digit * d
        quotient += str(digit)
    q = n // d
    if left:
        return (
            *steps,
            f"The quotient is {commas(q)} and the remainder is {left}.",
            f"Check: {commas(q)} × {d} + {left} = {commas(n)}.",
        )
    return (*steps, f"{commas(n)} ÷ {d} = {commas(q)}", f"Check: {commas(q)} × {d} = {commas(n)}.")


def _remainder_draft(n: int, d: int, frame: int, scene: Scene | None, steps: tuple[str, ...]) -> Draft:
    q, r = divmod(n, d)
    if scene:
        text = (
            f"{scene.person} shares {_things(scene, n)} equally among {scene.count_groups(d)}. How many {scene.things} go to each {scene.group}, and how many are left over? Give both numbers in this order.",
            f"{scene.person} puts {_things(scene, n)} into rows of {d}. How many full rows are there, and how many {scene.things} are left over? Give both numbers in this order.",
        )[frame]
    else:
        text = (
            f"Divide {commas(n)} by {d}. Give the quotient first and then the remainder.",
            f"Work out {commas(n)} ÷ {d}. Write the quotient, a comma, and the remainder.",
        )[frame]
    values = {"n": n, "d": d, "remainder": 1}
    return Draft(
        text,
        f"{q}, {r}",
        f"list(quotient({n}, {d}), remainder({n}, {d}))",
        steps,
        values,
        "story" if scene else "bare",
        kind="list",
    )


@generator("whole.divide_remainder")
def divide_remainder(rng: Random, level: int, scene: Scene | None) -> Draft:
    d = rng.randint(2, 6) if level == 1 else rng.randint(4, 9)
    q = rng.randint(2, 10) if level == 1 else rng.randint(4, 12) if level == 2 else rng.randint(11, 60)
    r = rng.randint(1, d - 1)
    n = q * d + r
    if q <= 12:
        steps = (
            f"The largest product of {d} that fits into {n} is {q} × {d} = {q * d}.",
            f"{n} - {q * d} = {r} is left, and {r} is less than {d}.",
            f"The quotient is {q} and the remainder is {r}.",
        )
    else:
        steps = _division_steps(n, d)
    return _remainder_draft(n, d, rng.randrange(2), scene, steps)


@generator("whole.long_division")
def long_division(rng: Random, level: int, scene: Scene | None) -> Draft:
    d = rng.randint(3, 9)
    if level == 1:
        q = rng.randint(100 // d // 2 + 4, 99)
        if q % 10 == 0:
            q += 1
    else:
        low, high = (101, 999) if level == 2 else (1001, 9999 // d)
        zero = rng.random() < 0.75
        q = rng.randint(low, high)
        while ("0" in str(q)) != zero:
            q = rng.randint(low, high)
    n = q * d
    frame = rng.randrange(3)
    unit = ""
    if scene:
        unit = scene.things
        text = (
            f"{scene.person} shares {_things(scene, n)} equally among {scene.count_groups(d)}. How many {scene.things} go to each {scene.group}?",
            f"{_things(scene, n)} are delivered to {scene.place} in {d} equal loads. How many {scene.things} are in each load?",
            f"In {d} weeks {scene.place} gets {_things(scene, n)}, the same number every week. How many {scene.things} is that each week?",
        )[frame]
    else:
        text = (f"Work out {commas(n)} ÷ {d}.", f"Divide {commas(n)} by {d}.", f"Find the quotient: {commas(n)} ÷ {d}")[
            frame
        ]
    return Draft(
        text, str(q), f"{n} / {d}", _division_steps(n, d), {"n": n, "d": d}, "story" if scene else "bare", unit=unit
    )


@generator("whole.divide_2digit")
def divide_2digit(rng: Random, level: int, scene: Scene | None) -> Draft:
    d = rng.randint(11, 29) if level == 1 else rng.randint(13, 69)
    while d % 10 == 0:
        d = rng.randint(11, 69)
    q = rng.randint(6, 30) if level == 1 else rng.randint(11, 45) if level == 2 else rng.randint(41, 139)
    r = rng.randint(1, d - 1)
    frame = rng.randrange(2)
    if level > 1:
        n = q * d + r
        return _remainder_draft(n, d, frame, scene, _division_steps(n, d))
    n = q * d
    if scene:
        text = (
            f"{scene.person} shares {_things(scene, n)} equally among {scene.count_groups(d)}. How many {scene.things} go to each {scene.group}?",
            f"{scene.person} packs {_things(scene, n)} with {d} in each {scene.group}. How many {scene.groups} are filled?",
        )[frame]
    else:
        text = (f"Work out {commas(n)} ÷ {d}.", f"Divide {commas(n)} by {d}.")[frame]
    unit = (scene.things, scene.groups)[frame] if scene else ""
    return Draft(
        text, str(q), f"{n} / {d}", _division_steps(n, d), {"n": n, "d": d}, "story" if scene else "bare", unit=unit
    )


@generator("whole.interpret_remainder")
def interpret_remainder(rng: Random, level: int, scene: Scene | None) -> Draft:
    s = _default(scene)
    d = rng.randint(3, 6) if level == 1 else rng.randint(4, 9)
    q = rng.randint(2, 6) if level == 1 else rng.randint(5, 10) if level == 2 else rng.randint(11, 49)
    r = rng.randint(1, d - 1)
    n = q * d + r
    family = rng.choice(
        {
            1: ["up", "full", "left"],
            2: ["up", "up", "up", "full", "left", "left"],
            3: ["up", "up", "up", "full", "left", "left"],
        }[level]
    )
    frame = rng.randrange(2)
    first = f"{q} × {d} = {q * d} and {n} - {q * d} = {r}. The quotient is {q} and the remainder is {r}."
    if family == "up":
        answer, expression = q + 1, f"ceil({n}/{d})"
        text = (
            f"{s.person} packs {s.count(n)}. One {s.group} holds {d}. How many {s.groups} does {s.person} need to pack them all?",
            f"{s.person} plans a trip for {n} children. Each van takes {d} children. How many vans are needed so that everyone gets a seat?",
        )[frame]
        unit = s.groups if frame == 0 else "vans"
        last = f"The {r} left over still {'needs' if r == 1 else 'need'} a place, so one more is needed: {q} + 1 = {q + 1}."
    elif family == "full":
        answer, expression, unit = q, f"quotient({n}, {d})", s.groups
        text = (
            f"{s.person} has {s.count(n)} and puts exactly {d} into each {s.group}. How many full {s.groups} does {s.person} get?",
            f"A full {s.group} has {s.count(d)}. How many full {s.groups} can {s.friend} make from {s.count(n)}?",
        )[frame]
        last = (
            f"Only full {s.groups} count, so the {r} left over {'is' if r == 1 else 'are'} not used. The answer is {q}."
        )
    else:
        answer, expression, unit = r, f"remainder({n}, {d})", s.things
        text = (
            f"{s.person} shares {s.count(n)} equally among {s.count_groups(d)}, as many as possible in each. How many {s.things} are left over?",
            f"{s.friend} fills as many {s.groups} as possible with {s.count(d)} each and starts with {s.count(n)}. How many {s.things} do not fit into a full {s.group}?",
        )[frame]
        last = f"The question asks what is left over, so the answer is {r}."
    return Draft(
        text,
        str(answer),
        expression,
        (f"Divide {n} by {d}.", first, last),
        {"n": n, "d": d, "asks": family},
        family,
        unit=unit,
    )


@rule("whole.adds_the_factors")
def adds_the_factors(v) -> str | None:
    return str(v["a"] + v["b"])


@rule("whole.counts_only_the_border")
def counts_only_the_border(v) -> str | None:
    return str(v["a"] + v["b"] - 1)


@rule("whole.one_group_short")
def one_group_short(v) -> str | None:
    return str((v["a"] - 1) * v["b"])


@rule("whole.subtracts_to_divide")
def subtracts_to_divide(v) -> str | None:
    return str(v["n"] - v["d"])


@rule("whole.counts_back_to_zero_wrong")
def counts_back_to_zero_wrong(v) -> str | None:
    return str(v["n"] // v["d"] + 1)


@rule("whole.combines_the_numbers_shown")
def combines_the_numbers_shown(v) -> str | None:
    return str(v["factor"] * v["product"])


@rule("whole.loses_the_zero")
def loses_the_zero(v) -> str | None:
    return str(v["a"] * int(str(v["b"]).rstrip("0")))


@rule("whole.multiplies_one_part_only")
def multiplies_one_part_only(v) -> str | None:
    first, *rest = v["parts"]
    return str(v["a"] * first + sum(rest))


@rule("whole.adds_carry_first")
def adds_carry_first(v) -> str | None:
    digits, carry, result = _digits(v["top"]), 0, 0
    for i, digit in enumerate(digits):
        product = (digit + carry) * v["a"]
        last = i == len(digits) - 1
        result += (product if last else product % 10) * 10**i
        carry = product // 10
    return str(result)


@rule("whole.forgets_the_placeholder")
def forgets_the_placeholder(v) -> str | None:
    return str(v["a"] * (v["b"] % 10) + v["a"] * (v["b"] // 10))


@rule("whole.multiplies_matching_places")
def multiplies_matching_places(v) -> str | None:
    tens = 100 * (v["a"] // 10) * (v["b"] // 10)
    return str(tens + (v["a"] % 10) * (v["b"] % 10))


@rule("whole.remainder_too_large")
def remainder_too_large(v) -> str | None:
    q, r = divmod(v["n"], v["d"])
    return f"{q - 1}, {r + v['d']}"


@rule("whole.ignores_the_remainder")
def ignores_the_remainder(v) -> str | None:
    return f"{v['n'] // v['d']}, 0" if v["remainder"] else None


@rule("whole.skips_zero_in_quotient")
def skips_zero_in_quotient(v) -> str | None:
    return str(v["n"] // v["d"]).replace("0", "")


@rule("whole.divides_each_digit_alone")
def divides_each_digit_alone(v) -> str | None:
    return str(_number([digit // v["d"] for digit in _digits(v["n"])]))


@rule("whole.stops_at_the_estimate")
def stops_at_the_estimate(v) -> str | None:
    rounded = (v["d"] + 5) // 10 * 10
    q, r = divmod(v["n"], rounded)
    return f"{q}, {r}" if "remainder" in v else str(q)


@rule("whole.drops_the_leftovers")
def drops_the_leftovers(v) -> str | None:
    return str(v["n"] // v["d"])


@rule("whole.answers_with_the_remainder")
def answers_with_the_remainder(v) -> str | None:
    return str(v["n"] % v["d"])


# -------------------------------------------------------------------------------- rounding, place value, story problems


@generator("whole.round_nearest")
def round_nearest(rng: Random, level: int, scene: Scene | None) -> Draft:
    place = 10 if level == 1 else rng.choice([10, 100, 100])
    up = rng.random() < (0.5 if level == 1 else 0.65)
    half = place // 2
    rest = rng.randint(half, place - 1) if up else rng.randint(1, half - 1)
    front = rng.randint(1, 39) if level == 1 else rng.randint(100 // place, 1000 // place - 1)
    if level == 3:  # larger numbers, and half of them carry into the next place
        front = rng.randint(1000 // place, 9999 // place - 1)
        if rng.random() < 0.5:
            front = front // 10 * 10 + 9
    n = front * place + rest
    low = front * place
    answer = low + place if up else low
    frame = rng.randrange(2)
    name = {10: "ten", 100: "hundred"}[place]
    if scene:
        text = (
            f"There are {_things(scene, n)} {_at(scene)}. Round this number to the nearest {name}.",
            f"{scene.person} counts {_things(scene, n)} and tells {scene.friend} the number to the nearest {name}. What number does {scene.person} say?",
        )[frame]
    else:
        text = (
            f"Round {commas(n)} to the nearest {name}.",
            f"Which {name} is closest to {commas(n)}? A number in the middle goes up.",
        )[frame]
    digit = rest * 10 // place
    steps = (
        f"{commas(n)} is between {commas(low)} and {commas(low + place)}.",
        f"The next digit to the right is {digit}, so go {'up' if up else 'down'}.",
        f"To the nearest {name}, {commas(n)} is about {commas(answer)}.",
    )
    return Draft(text, str(answer), f"round_to({n}, {place})", steps, {"n": n, "place": place}, f"to_{place}")


@rule("whole.always_rounds_down")
def always_rounds_down(v) -> str | None:
    return str(v["n"] // v["place"] * v["place"])


@rule("whole.keeps_the_other_digits")
def keeps_the_other_digits(v) -> str | None:
    goes_up = v["n"] % v["place"] * 2 >= v["place"]
    return str(v["n"] + v["place"]) if goes_up else str(v["n"])


@generator("whole.place_value_large")
def place_value_large(rng: Random, level: int, scene: Scene | None) -> Draft:
    width = {1: 4, 2: 5, 3: 6}[level]
    digits = rng.sample(range(1, 10), width)  # largest place first
    places = [10**i for i in reversed(range(width))]
    i = rng.randrange(width - 1)  # never the ones
    times = level > 1 and rng.random() < 0.3
    zeros = rng.random() < 0.4
    frame = rng.randrange(2)
    if times:
        j = rng.randint(i + 1, min(width - 1, i + level - 1))
        digits[j] = digits[i]
        n = int("".join(map(str, digits)))
        factor = places[i] // places[j]
        big, small = digits[i] * places[i], digits[i] * places[j]
        ask = f"How many times as great is the value of the {digits[i]} in the {PLACES[places[i]]} place as the value of the {digits[j]} in the {PLACES[places[j]]} place?"
        text = (
            f"{scene.person} reads the number {commas(n)} on a sign {_at(scene)}. {ask}"
            if scene
            else f"Look at the number {commas(n)}. {ask}"
        )
        gap = j - i
        steps = (
            f"The {digits[i]} in the {PLACES[places[i]]} place is worth {commas(big)}.",
            f"The {digits[j]} in the {PLACES[places[j]]} place is worth {commas(small)}.",
            f"{commas(big)} ÷ {commas(small)} = {factor}, because it stands {gap} place{'s' if gap > 1 else ''} further to the left.",
        )
        expression = f"place_value({n}, {_POWER[places[i]]}) / place_value({n}, {_POWER[places[j]]})"
        return Draft(text, str(factor), expression, steps, {"digit": 1, "n": n, "asks": "times"}, "times")
    digit = digits[i]
    if zeros and width > 4:
        digits[i + 1 if i + 1 < width - 1 else i - 1] = 0
    if digits[0] == 0:
        digits[0] = next(d for d in range(1, 10) if d not in digits)
    n = int("".join(map(str, digits)))
    value = digit * places[i]
    if scene:
        text = (
            f"{_at(scene).capitalize()}, {scene.person} writes the number {commas(n)} on a label. What is the value of the digit {digit}?",
            f"{_things(scene, n)} were made last year. How much is the digit {digit} worth in this number?",
        )[frame]
    else:
        text = (
            f"What is the value of the digit {digit} in {commas(n)}?",
            f"How much is the {digit} worth in the number {commas(n)}?",
        )[frame]
    steps = (
        f"The {digit} stands in the {PLACES[places[i]]} place.",
        f"{digit} × {commas(places[i])} = {commas(value)}",
    )
    return Draft(
        text,
        str(value),
        f"place_value({n}, {_POWER[places[i]]})",
        steps,
        {"digit": digit, "place": places[i], "n": n, "asks": "value"},
        "value",
    )


@rule("whole.face_value")
def face_value(v) -> str | None:
    return str(v["digit"])


@rule("whole.one_place_too_far")
def one_place_too_far(v) -> str | None:
    return str(v["digit"] * v["place"] * 10)


@generator("whole.two_step_story")
def two_step_story(rng: Random, level: int, scene: Scene | None) -> Draft:
    s = _default(scene)
    p, f, things = s.person, s.friend, s.things
    frame = rng.randrange(3)
    small, big = rng.randint(2, 5), rng.randint(6, 9)
    a = rng.randint(21, 59)
    b = rng.randint(11, 38)
    c = rng.randint(4, 19)
    if level == 1:
        family = ("join_give", "give_join", "two_gives")[frame]
        if family == "join_give":
            text = f"{p} has {s.count(a)} and gets {b} more from {f}. Then {p} gives {c} away. How many {things} does {p} have now?"
            first, answer, expression = a + b, a + b - c, f"{a} + {b} - {c}"
            steps = (
                f"First find how many {p} has after the gift: {a} + {b} = {first}.",
                f"Then take away {c}: {first} - {c} = {answer}.",
            )
        elif family == "give_join":
            text = f"There are {s.count(a)} {_at(s)}. {p} takes {c} of them, and then {f} brings {b} new ones. How many {things} are there now?"
            first, answer, expression = a - c, a - c + b, f"{a} - {c} + {b}"
            steps = (f"First take away: {a} - {c} = {first}.", f"Then add the new ones: {first} + {b} = {answer}.")
        else:
            a = a + 40
            text = (
                f"{p} starts with {s.count(a)}. {p} uses {b} on Monday and {c} on Tuesday. How many {things} are left?"
            )
            first, answer, expression = a - b, a - b - c, f"{a} - {b} - {c}"
            steps = (f"After Monday: {a} - {b} = {first}.", f"After Tuesday: {first} - {c} = {answer}.")
        numbers = [a, b, c]
    elif level == 2:
        family = ("groups_more", "groups_less", "groups_compare")[frame]
        if rng.random() < 0.5:
            small, big = big, small
        first = small * big
        start = f"There are {s.count_groups(small)} with {s.count(big)} each"
        if family == "groups_more":
            text = f"{start}, and {c} more {things} lie next to them. How many {things} are there in all?"
            answer, expression = first + c, f"{small} * {big} + {c}"
            steps = (
                f"First find how many are in the {s.groups}: {small} × {big} = {first}.",
                f"Then add the others: {first} + {c} = {answer}.",
            )
        elif family == "groups_less":
            c = min(c, first - 3)
            text = f"{start}. {p} takes {c} of the {things} out. How many {things} are still in the {s.groups}?"
            answer, expression = first - c, f"{small} * {big} - {c}"
            steps = (
                f"First find how many there were: {small} × {big} = {first}.",
                f"Then take away {c}: {first} - {c} = {answer}.",
            )
        else:
            c = first + c
            text = f"{start}. {f} needs {s.count(c)}. How many more {things} does {f} need?"
            answer, expression = c - first, f"{c} - {small} * {big}"
            steps = (
                f"First find how many there are: {small} × {big} = {first}.",
                f"Then find what is missing: {c} - {first} = {answer}.",
            )
        numbers = [small, big, c]
    else:
        family = ("share_rest", "share_sum", "two_products")[frame]
        d, q = rng.randint(3, 9), rng.randint(4, 12)
        if family == "share_rest":
            n = d * q + c
            text = f"{p} has {s.count(n)} and keeps {c} of them. {p} shares the rest equally among {s.count_groups(d)}. How many {things} go to each {s.group}?"
            first, answer, expression, numbers = n - c, q, f"({n} - {c}) / {d}", [n, c, d]
            steps = (f"First find how many are shared: {n} - {c} = {first}.", f"Then share them: {first} ÷ {d} = {q}.")
        elif family == "share_sum":
            part = min(b, d * q - 3)
            other = d * q - part
            text = f"{p} has {s.count(part)} and {f} has {s.count(other)}. Together they fill {s.count_groups(d)} equally and use all of them. How many {things} are in each {s.group}?"
            first, answer, expression, numbers = d * q, q, f"({part} + {other}) / {d}", [part, other, d]
            steps = (f"First put them together: {part} + {other} = {first}.", f"Then share them: {first} ÷ {d} = {q}.")
        else:
            n = d * q + c
            text = f"{p} buys {s.count_groups(d)} with {s.count(q)} each. {f} has {s.count(n)}. How many more {things} does {f} have than {p}?"
            first, answer, expression, numbers = d * q, c, f"{n} - {d} * {q}", [d, q, n]
            steps = (f"First find how many {p} has: {d} × {q} = {first}.", f"Then compare: {n} - {first} = {c}.")
    return Draft(
        text,
        str(answer),
        expression,
        (*steps, f"The answer is {answer} {s.thing if answer == 1 else things}."),
        {"numbers": numbers, "first": first},
        family,
        unit=things,
    )


@rule("whole.stops_after_one_step")
def stops_after_one_step(v) -> str | None:
    return str(v["first"])


@rule("whole.adds_every_number")
def adds_every_number(v) -> str | None:
    return str(sum(v["numbers"]))


# --------------------------------------------------------------------------------------- factors, multiples, and primes


def _factors(n: int) -> list[int]:
    return [k for k in range(1, n + 1) if n % k == 0]


def _is_prime(n: int) -> bool:
    return n > 1 and all(n % k for k in range(2, n))


@generator("whole.factors")
def factors(rng: Random, level: int, scene: Scene | None) -> Draft:
    low, high = {1: (6, 24), 2: (20, 60), 3: (48, 120)}[level]
    pool = [n for n in range(low, high + 1) if len(_factors(n)) >= (3 if level == 1 else 4 if level == 2 else 6)]
    n = rng.choice(pool)
    if level == 1 and rng.random() < 0.15:
        n = rng.choice([7, 11, 13, 17, 19, 23])
    found = _factors(n)
    inner = found[1:-1]
    shown = sorted(rng.sample(inner, rng.randint(1, max(1, len(inner) - 1)))) if inner else []
    k = rng.choice(inner) if inner and rng.random() < 0.8 else rng.randint(2, 9)
    roll, frame = rng.random(), rng.randrange(2)
    pairs = [f"{a} × {n // a} = {n}" for a in found if a * a <= n]
    stop = f"Other numbers do not divide {n} evenly, so these are all the factors: {_list(found)}."
    if roll < 0.45 or not shown:
        if scene:
            text = (
                f"{scene.person} sets out {scene.count(n)} in equal rows with none left over. How many rows can there be? List all the numbers that are possible.",
                f"{scene.person} packs {scene.count(n)} so that every {scene.group} holds the same number and none are left over. How many {scene.things} can each {scene.group} hold? List all the numbers that are possible.",
            )[frame]
        else:
            text = (
                f"List all the factors of {n}.",
                f"Which numbers divide {n} with nothing left over? List them all.",
            )[frame]
        return Draft(
            text,
            _list(found),
            f"factors({n})",
            (*pairs[:5], stop),
            {"n": n, "asks": "list"},
            "list",
            kind="list",
            form="set",
        )
    if roll < 0.8:
        rest = [x for x in found if x not in shown]
        known = (
            f"Some factors of {n} are {_and([str(x) for x in shown])}"
            if len(shown) > 1
            else f"One factor of {n} is {shown[0]}"
        )
        text = f"{known}. List all the other factors of {n}."
        if scene:
            text = f"{scene.person} has {scene.count(n)} and wants equal groups. {scene.person} has already found that groups of {_and([str(x) for x in shown])} work. List all the other group sizes that work."
        last = f"The factors of {n} are {_list(found)}. Without the ones given, {_list(rest)} are left."
        return Draft(
            text,
            _list(rest),
            f"missing_factors({n}, {_list(shown)})",
            (*pairs[:5], last),
            {"n": n, "shown": shown, "asks": "rest"},
            "rest",
            kind="list",
            form="set",
        )
    q, r = divmod(n, k)
    answer = "no" if r else "yes"
    text = f"Is {k} a factor of {n}?"
    if scene:
        text = f"{scene.person} has {scene.count(n)}. Is {k} a factor of {n}, so that the {scene.things} can be put into groups of {k} with none left over?"
    steps = (
        (
            f"{q} × {k} = {q * k}, and {n} - {q * k} = {r} is left over.",
            f"There is a remainder, so {k} is not a factor of {n}: no.",
        )
        if r
        else (f"{q} × {k} = {n}", f"Nothing is left over, so {k} is a factor of {n}: yes.")
    )
    return Draft(
        text,
        answer,
        f"is_factor({k}, {n})",
        steps,
        {"n": n, "k": k, "asks": "test"},
        "test",
        kind="word",
        choices=("yes", "no"),
    )


@generator("whole.multiples")
def multiples(rng: Random, level: int, scene: Scene | None) -> Draft:
    k = rng.randint(*{1: (2, 10), 2: (6, 15), 3: (11, 25)}[level])
    count, start = rng.randint(4, 6), rng.randint(0, {1: 5, 2: 8, 3: 12}[level])
    low = k * start + rng.randint(1, k - 1)
    high = k * (start + count - 1) + rng.randint(1, k - 1)
    q = rng.randint(3, {1: 10, 2: 14, 3: 20}[level])
    off = rng.randint(1, k - 1) if rng.random() < 0.25 else 0
    roll, frame = rng.random(), rng.randrange(2)
    if roll < 0.25:
        found = [k * i for i in range(1, count + 1)]
        text = f"List the first {count} multiples of {k}."
        if scene:
            text = f"{scene.person} puts {scene.count(k)} into each {scene.group} and writes down the total after each one. List the first {count} totals. They are the first {count} multiples of {k}."
        steps = (f"Start with 1 × {k} = {k} and keep adding {k}.", f"The first {count} multiples are {_list(found)}.")
        return Draft(
            text,
            _list(found),
            f"multiples({k}, {count})",
            steps,
            {"n": k, "list": found, "asks": "list"},
            "list",
            kind="list",
        )
    if roll < 0.6:
        found = [k * i for i in range(1, (high - 1) // k + 1)]
        text = f"List all the multiples of {k} that are greater than 0 and less than {high}."
        if scene:
            text = f"{scene.person} has one or more groups of {_things(scene, k)}, but fewer than {_things(scene, high)} in all. List every number of {scene.things} that {scene.person} may have."
        steps = (f"Start with 1 × {k} = {k} and keep adding {k}.", f"Stop before {high}: {_list(found)}.")
        return Draft(
            text,
            _list(found),
            f"multiples_between({k}, 0, {high})",
            steps,
            {"n": k, "list": found, "asks": "below"},
            "below",
            kind="list",
        )
    if roll < 0.75:
        found = [m for m in range(low + 1, high) if m % k == 0]
        text = f"List all the multiples of {k} between {low} and {high}."
        if scene:
            text = f"{scene.person} has more than {_things(scene, low)} and fewer than {_things(scene, high)}, all in groups of {k}. List every number of {scene.things} that {scene.person} may have."
        steps = (
            f"The first multiple of {k} after {low} is {found[0] // k} × {k} = {found[0]}.",
            f"Keep adding {k} until you pass {high}: {_list(found)}.",
        )
        return Draft(
            text,
            _list(found),
            f"multiples_between({k}, {low}, {high})",
            steps,
            {"n": k, "list": found, "asks": "between"},
            "between",
            kind="list",
        )
    n = k * q + off
    text = (f"Is {n} a multiple of {k}?", f"Do you say {n} when you count by {k}s from 0?")[frame]
    if scene:
        text = f"{scene.things.capitalize()} come in groups of {k}. Can {scene.person} have exactly {_things(scene, n)}, that is, is {n} a multiple of {k}?"
    steps = (
        (
            f"{q} × {k} = {q * k} and {q + 1} × {k} = {(q + 1) * k}.",
            f"{n} is between these two multiples, so it is not a multiple of {k}: no.",
        )
        if off
        else (f"{q} × {k} = {n}", f"So {n} is a multiple of {k}: yes.")
    )
    return Draft(
        text,
        "no" if off else "yes",
        f"is_factor({k}, {n})",
        steps,
        {"n": n, "k": k, "asks": "test"},
        "test",
        kind="word",
        choices=("yes", "no"),
    )


@generator("whole.primes")
def primes(rng: Random, level: int, scene: Scene | None) -> Draft:
    low, high = {1: (2, 20), 2: (11, 50), 3: (31, 100)}[level]
    numbers = range(low, high + 1)
    prime = [n for n in numbers if _is_prime(n)]
    odd = [n for n in numbers if n % 2 and not _is_prime(n) and n > 1]
    even = [n for n in numbers if n % 2 == 0 and n > 2]
    kind = rng.choice(["odd", "odd", "odd", "even", "prime", "prime"])
    n = rng.choice({"odd": odd, "even": even, "prime": prime}[kind])
    group = sorted({*rng.sample(prime, rng.randint(1, 3)), *rng.sample(odd, rng.randint(1, 2)), rng.choice(even)})
    single = rng.random() < 0.35
    if single:
        divisor = next((k for k in range(2, n) if n % k == 0), None)
        text = f"Is {n} a prime number?"
        if scene:
            text = f"{scene.person} has {scene.count(n)} and tries to set them out in equal rows, with more than one row and more than one in each row. That works only if {n} is not prime. Is {n} a prime number?"
        if divisor:
            steps = (
                f"{divisor} × {n // divisor} = {n}",
                f"So {n} has factors other than 1 and {n}. It is not prime: no.",
            )
        else:
            tried = [k for k in (2, 3, 5, 7) if k * k <= n]
            steps = (
                (
                    f"Try {_and([str(k) for k in tried])}: none of them divides {n} evenly."
                    if tried
                    else f"No number between 1 and {n} divides {n} evenly."
                ),
                f"So the only factors are 1 and {n}. It is prime: yes.",
            )
        return Draft(
            text,
            "no" if divisor else "yes",
            f"is_prime({n})",
            steps,
            {"n": n, "asks": "test"},
            "test",
            kind="word",
            choices=("yes", "no"),
        )
    found = [x for x in group if _is_prime(x)]
    text = f"Which of these numbers are prime: {_list(group)}?"
    if scene:
        text = f"The {scene.groups} {_at(scene)} have the numbers {_list(group)}. Which of these numbers are prime?"
    steps = [
        f"{x} is not prime: {next(k for k in range(2, x) if x % k == 0)} × {x // next(k for k in range(2, x) if x % k == 0)} = {x}."
        for x in group
        if not _is_prime(x)
    ]
    steps.append(f"The others have only two factors, 1 and the number itself. So the prime numbers are {_list(found)}.")
    return Draft(
        text,
        _list(found),
        f"only_primes({_list(group)})",
        tuple(steps),
        {"numbers": group, "asks": "choose"},
        "choose",
        kind="list",
        form="set",
    )


@rule("whole.leaves_out_one_and_itself")
def leaves_out_one_and_itself(v) -> str | None:
    if v["asks"] == "test":
        return None
    found = [k for k in _factors(v["n"]) if k not in (1, v["n"]) and k not in v.get("shown", ())]
    return _list(found) or None


@rule("whole.mixes_factors_and_multiples")
def mixes_factors_and_multiples(v) -> str | None:
    if v["asks"] == "test":
        return "no"  # "54 is not a factor of 6"
    if "list" in v:
        return _list(_factors(v["n"]))
    return _list(v["n"] * i for i in range(1, 6))


@rule("whole.skips_the_first_multiple")
def skips_the_first_multiple(v) -> str | None:
    first, *rest = v["list"]
    if first != v["n"]:
        return None
    return _list([*rest, rest[-1] + v["n"]] if v["asks"] == "list" else rest)


@rule("whole.odd_means_prime")
def odd_means_prime(v) -> str | None:
    if v["asks"] == "test":
        return "yes" if v["n"] % 2 else "no"
    return _list(n for n in v["numbers"] if n % 2) or None


@generator("whole.gcf")
def gcf(rng: Random, level: int, scene: Scene | None) -> Draft:
    common = rng.choice({1: [2, 3, 4, 5, 6], 2: [4, 6, 8, 9, 10, 12], 3: [6, 8, 12, 15, 16, 18, 20, 24]}[level])
    top = {1: 7, 2: 9, 3: 9}[level]
    x, y = rng.randint(1, top), rng.randint(2, top)
    while gcd(x, y) > 1 or x == y:
        x, y = rng.randint(1, top), rng.randint(2, top)
    numbers = sorted([common * x, common * y])
    if level == 3 and rng.random() < 0.4:
        z = rng.randint(1, top)
        if z not in (x, y):
            numbers = sorted([*numbers, common * z])
    frame = rng.randrange(2)
    shown = [str(n) for n in numbers]
    if scene and len(numbers) == 2:
        text = (
            f"{scene.person} has {scene.count(numbers[0])} and {numbers[1]} ribbons. {scene.person} makes gift bags that are all alike and uses up everything. What is the greatest number of gift bags?",
            f"{scene.person} has {scene.count(numbers[0])} and {scene.friend} has {scene.count(numbers[1])}. Both make groups of the same size with none left over. What is the largest group size that works?",
        )[frame]
    elif scene:
        text = f"Three {scene.groups} hold {_and(shown)} {scene.things}. All {scene.things} are put into groups of one size, without mixing the {scene.groups} and with none left over. What is the largest group size that works?"
    else:
        text = (
            f"Find the greatest common factor of {_and(shown)}.",
            f"What is the largest number that divides {_and(shown)} evenly?",
        )[frame]
    steps = [f"Factors of {n}: {_list(_factors(n))}." for n in numbers]
    shared = [k for k in _factors(numbers[0]) if all(n % k == 0 for n in numbers)]
    steps += [f"Common factors: {_list(shared)}.", f"The largest of them is {common}."]
    return Draft(
        text,
        str(common),
        f"gcd({_list(numbers)})",
        tuple(steps),
        {"numbers": numbers, "asks": "gcf"},
        "story" if scene else "bare",
    )


@generator("whole.lcm")
def least_common_multiple(rng: Random, level: int, scene: Scene | None) -> Draft:
    low, high, top = {1: (2, 30, 90), 2: (6, 60, 240), 3: (8, 60, 360)}[level]
    share = rng.random() < (0.7 if level == 1 else 0.85)
    numbers = sorted(rng.sample(range(low, high + 1), 2))
    easy = level == 1 and rng.random() < 0.3  # one number is a multiple of the other
    while lcm(*numbers) > top or (numbers[1] % numbers[0] == 0) != easy or (gcd(*numbers) > 1) != (share or easy):
        numbers = sorted(rng.sample(range(low, high + 1), 2))
    if level == 3 and rng.random() < 0.35:
        common = lcm(*numbers)
        numbers = sorted({*numbers, rng.choice([k for k in _factors(common) if 1 < k < common])})
    answer, frame = lcm(*numbers), rng.randrange(2)
    shown = [str(n) for n in numbers]
    unit = ""
    if scene and len(numbers) == 2:
        text = (
            f"{_at(scene).capitalize()} one light blinks every {numbers[0]} seconds and another every {numbers[1]} seconds. They have just blinked together. After how many seconds do they blink together again?",
            f"{scene.things.capitalize()} are sold in packs of {numbers[0]} and erasers in packs of {numbers[1]}. {scene.person} wants the same number of both. What is the smallest number of {scene.things} that {scene.person} can buy?"
            if scene.things != "erasers"
            else f"{scene.person} counts by {numbers[0]}s and {scene.friend} counts by {numbers[1]}s, both from 0. What is the first number after 0 that both of them say?",
        )[frame]
        unit = "seconds" if frame == 0 else ""
    elif scene:
        text = f"{_at(scene).capitalize()} three bells ring every {_and(shown)} minutes. They have just rung together. After how many minutes do they ring together again?"
        unit = "minutes"
    else:
        text = (
            f"Find the least common multiple of {_and(shown)}.",
            f"What is the smallest number greater than 0 that {_and(shown)} {'both' if len(shown) == 2 else 'all'} divide evenly?",
        )[frame]
    biggest = numbers[-1]
    multiples_of_biggest = [biggest * i for i in range(1, answer // biggest + 1)]
    listed = (
        _list(multiples_of_biggest)
        if len(multiples_of_biggest) <= 12
        else f"{_list(multiples_of_biggest[:4])}, and so on"
    )
    steps = [
        f"Multiples of {biggest}: {listed}.",
        *(f"{answer // n} × {n} = {answer}" for n in numbers),
        f"No smaller multiple of {biggest} works, so the least common multiple is {answer}.",
    ]
    return Draft(
        text,
        str(answer),
        f"lcm({_list(numbers)})",
        tuple(steps),
        {"numbers": numbers, "asks": "lcm"},
        "story" if scene else "bare",
        unit=unit,
    )


@rule("whole.swaps_gcf_and_lcm")
def swaps_gcf_and_lcm(v) -> str | None:
    return str(lcm(*v["numbers"]) if v["asks"] == "gcf" else gcd(*v["numbers"]))


@rule("whole.stops_at_a_common_factor")
def stops_at_a_common_factor(v) -> str | None:
    return next((str(k) for k in range(2, v["numbers"][0] + 1) if all(n % k == 0 for n in v["numbers"])), None)


@rule("whole.lcm_is_the_product")
def lcm_is_the_product(v) -> str | None:
    product = 1
    for n in v["numbers"]:
        product *= n
    return str(product)


# --------------------------------------------------------------------------- order of operations and powers of ten


@generator("whole.order_of_operations")
def order_of_operations(rng: Random, level: int, scene: Scene | None) -> Draft:
    a, b, c, d = rng.randint(2, 12), rng.randint(2, 9), rng.randint(2, 9), rng.randint(2, 9)
    big, e, frame = rng.randint(60, 99), rng.randint(2, 9), rng.randrange(6)
    if level == 1:
        parts = [
            "{a} + {b} * {c}",
            "{big} - {b} * {c}",
            "{b} * {c} + {a}",
            "{a} + {n} / {c}",
            "{big} - {a} + {b}",
            "{b} * ({a} + {c})",
        ]
    elif level == 2:
        parts = [
            "{big} - {a} + {b} * {c}",
            "{big} - {b} * {c} + {a}",
            "{big} - {a} + {n} / {c}",
            "{m} / {c} * {d} + {a}",
            "{a} + {b} * ({c} + {d})",
            "{big} - {b} * {c} + {n} / {d}",
        ]
    else:
        parts = [
            "{big} - {b} * {c} + {d} * {e}",
            "{big} - ({a} + {b}) + {c} * {d}",
            "{big} + {b} * {c} - {d} + {e}",
            "({a} + {b}) * {c} - {d} + {e}",
            "{big} - {n} / {c} + {d} * {e}",
            "{b} * ({c} + {d}) - {e} + {a} * {c}",
        ]
    pattern = parts[frame]
    divisor = d if pattern.endswith("/ {d}") else c
    n, m = divisor * rng.randint(2, 9), c * d * rng.randint(1, 2)
    if pattern.startswith("{b} * ({c}"):
        e = min(e, b * (c + d) - 1)
    expression = pattern.format(a=a, b=b, c=c, d=d, e=e, n=n, m=m, big=big)
    shown = expression.replace("*", "×").replace("/", "÷")
    steps, value = _evaluate(expression)
    text = f"Work out {shown}."
    if scene:
        text = f"{scene.person} and {scene.friend} get different results for {shown} {_at(scene)}. What is the correct result?"
    return Draft(text, str(value), expression, tuple(steps), {"expression": expression}, f"pattern_{level}{frame}")


def _evaluate(expression: str) -> tuple[list[str], int]:
    """Rewrite an expression one operation at a time: the steps a learner writes, and the value."""
    tokens = expression.replace("(", "( ").replace(")", " )").split()
    steps: list[str] = []
    while len(tokens) > 1:
        start, end = 0, len(tokens)
        if "(" in tokens:
            start = tokens.index("(") + 1
            end = tokens.index(")")
        inner = tokens[start:end]
        i = next((i for i, t in enumerate(inner) if t in "*/"), None)
        if i is None:
            i = 1
        x, sign, y = int(inner[i - 1]), inner[i], int(inner[i + 1])
        result = _apply(x, sign, y)
        done = [*inner[: i - 1], str(result), *inner[i + 2 :]]
        if "(" in tokens and len(done) == 1:
            tokens = [*tokens[: start - 1], *done, *tokens[end + 1 :]]
        else:
            tokens = [*tokens[:start], *done, *tokens[end:]]
        written = f"{x} {'×' if sign == '*' else '÷' if sign == '/' else sign} {y} = {result}"
        rest = " ".join(tokens).replace("*", "×").replace("/", "÷").replace("( ", "(").replace(" )", ")")
        steps.append(f"{written}. Now the expression is {rest}." if len(tokens) > 1 else written)
    return steps, int(tokens[0])


def _apply(x: int, sign: str, y: int) -> int:
    if sign == "/":
        if x % y:
            raise ValueError(f"{x} / {y} is not whole")
        return x // y
    return x + y if sign == "+" else x - y if sign == "-" else x * y


def _in_order(expression: str, ranks: tuple[str, ...]) -> str | None:
    """The value when operations are done rank by rank (each from left to right), parentheses first."""
    tokens = expression.replace("(", "( ").replace(")", " )").split()

    def flat(items: list[str]) -> int:
        for rank in ranks:
            i = 1
            while i < len(items):
                if items[i] in rank:
                    items[i - 1 : i + 2] = [str(_apply(int(items[i - 1]), items[i], int(items[i + 1])))]
                else:
                    i += 2
        return int(items[0])

    try:
        while "(" in tokens:
            start, end = tokens.index("("), tokens.index(")")
            tokens[start : end + 1] = [str(flat(tokens[start + 1 : end]))]
        value = flat(tokens)
    except ValueError:  # a division that does not come out even: this learner would notice
        return None
    return str(value) if value >= 0 else None


@rule("whole.left_to_right")
def left_to_right(v) -> str | None:
    return _in_order(v["expression"], ("+-*/",))


@rule("whole.adds_before_subtracting")
def adds_before_subtracting(v) -> str | None:
    return _in_order(v["expression"], ("*", "/", "+", "-"))


@generator("whole.powers_of_ten")
def powers_of_ten(rng: Random, level: int, scene: Scene | None) -> Draft:
    n = rng.randint(2, 99) if level == 1 else rng.randint(11, 999)
    k = rng.randint(2, 3) if level == 1 else rng.randint(2, 5) if level == 2 else rng.randint(2, 6)
    divide = level > 1 and rng.random() < (0.25 if level == 2 else 0.5)
    extra = rng.randint(0, 2)
    frame = rng.randrange(2)
    power = 10**k
    tens = " × ".join(["10"] * k)
    if divide:
        start = n * 10 ** (k + extra)
        answer = n * 10**extra
        text = (f"Work out {commas(start)} ÷ 10^{k}.", f"Divide {commas(start)} by 10^{k}.")[frame]
        if scene:
            text = f"{_at(scene).capitalize()}, {_things(scene, start)} are packed for shipping with 10^{k} in each container. How many containers are filled?"
        steps = (
            f"10^{k} = {tens} = {commas(power)}",
            f"Dividing by 10^{k} moves every digit {k} places to the right.",
            f"{commas(start)} ÷ {commas(power)} = {commas(answer)}",
        )
        return Draft(
            text, str(answer), f"{start} / 10^{k}", steps, {"n": start, "exponent": k, "asks": "divide"}, "divide"
        )
    text = (f"Work out {n} × 10^{k}.", f"Multiply {n} by 10^{k}.")[frame]
    if scene:
        text = f"A factory fills {n} containers with 10^{k} {scene.things} each. How many {scene.things} is that?"
    steps = (
        f"10^{k} = {tens} = {commas(power)}",
        f"Multiplying by 10^{k} moves every digit {k} places to the left.",
        f"{n} × {commas(power)} = {commas(n * power)}",
    )
    return Draft(
        text,
        str(n * power),
        f"{n} * 10^{k}",
        steps,
        {"n": n, "exponent": k, "asks": "multiply"},
        "multiply",
        unit=scene.things if scene else "",
    )


@rule("whole.multiplies_by_the_exponent")
def multiplies_by_the_exponent(v) -> str | None:
    ten = 10 * v["exponent"]
    if v["asks"] == "multiply":
        return str(v["n"] * ten)
    return str(v["n"] // ten) if v["n"] % ten == 0 else None


@rule("whole.one_zero_too_few")
def one_zero_too_few(v) -> str | None:
    power = 10 ** (v["exponent"] - 1)
    return str(v["n"] * power) if v["asks"] == "multiply" else str(v["n"] // power)


# ----------------------------------------------------------------------------------------------------------- composed


def _sub(
    text: str, answer: int | str, expression: str, *steps: str, values: dict | None = None, family: str = "part", **more
) -> Draft:
    """A sub-problem of a composed problem."""
    return Draft(text, str(answer), expression, steps, values or {}, family, **more)


@composer("whole.bring_and_take", ("whole.add_regroup", "whole.subtract_regroup"))
def bring_and_take(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _default(scene)
    one = rng.randint(2, 9)
    a, b = 10 * rng.randint(2, 4) + one, 10 * rng.randint(1, level + 1) + rng.randint(11 - one, 9)
    total = a + b
    low = total % 10
    c = 10 * rng.randint(1, total // 10 - 2) + rng.randint(min(low + 1, 9), 9)
    left = total - c
    text = f"There are {s.count(a)} {_at(s)}. {s.person} brings {b} more, and then {s.friend} takes {c} away. How many {s.things} are there now?"
    numbers = {"terms": [a, b], "a": a, "b": b}
    parts: Parts = [
        (
            "whole.add_regroup",
            _sub(
                f"There are {s.count(a)} and {s.person} brings {b} more. How many {s.things} are there then?",
                total,
                f"{a} + {b}",
                *_add_steps([a, b]),
                values=numbers,
                unit=s.things,
            ),
        ),
        (
            "whole.subtract_regroup",
            _sub(
                f"From {s.count(total)}, {s.friend} takes {c} away. How many {s.things} are left?",
                left,
                f"{total} - {c}",
                *_subtract_steps(total, c),
                values={"a": total, "b": c, "asks": "take_away"},
                unit=s.things,
            ),
        ),
    ]
    steps = (f"First add: {a} + {b} = {total}.", f"Then subtract: {total} - {c} = {left}.")
    return Draft(
        text, str(left), f"{a} + {b} - {c}", steps, {"numbers": [a, b, c], "first": total}, "story", unit=s.things
    ), parts


@composer("whole.rows_shared_out", ("whole.arrays", "whole.divide_facts"))
def rows_shared_out(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _default(scene)
    d = rng.randint(2, 4 + level)
    a, b = d * rng.randint(1, 2), rng.randint(3, 6 + level)
    total = a * b
    text = f"{s.person} lays out {s.things} in {a} rows with {b} in each row. Then all of them are shared equally among {s.count_groups(d)}. How many {s.things} does each {s.group} get?"
    parts: Parts = [
        (
            "whole.arrays",
            _sub(
                f"{s.things.capitalize()} are laid out in {a} rows with {b} in each row. How many {s.things} are there?",
                total,
                f"{a} * {b}",
                f"There are {a} equal rows of {b}, so multiply.",
                f"{a} × {b} = {total}",
                values={"a": a, "b": b},
                unit=s.things,
            ),
        ),
        (
            "whole.divide_facts",
            _sub(
                f"{s.count(total)} are shared equally among {s.count_groups(d)}. How many {s.things} does each {s.group} get?",
                total // d,
                f"{total} / {d}",
                f"Find how many times {d} fits into {total}.",
                f"{total} ÷ {d} = {total // d}",
                values={"n": total, "d": d},
                unit=s.things,
            ),
        ),
    ]
    steps = (f"First find how many there are: {a} × {b} = {total}.", f"Then share them: {total} ÷ {d} = {total // d}.")
    return Draft(
        text, str(total // d), f"{a} * {b} / {d}", steps, {"numbers": [a, b, d], "first": total}, "story", unit=s.things
    ), parts


@composer("whole.product_then_round", ("whole.multiply_1digit", "whole.round_nearest"))
def product_then_round(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _default(scene)
    b = rng.randint(3, 9)
    a = rng.randint(13, 99) if level == 1 else rng.randint(113, 499)
    while (a * b) % 100 == 0:
        a += 1
    total = a * b
    rounded = (total + 50) // 100 * 100
    text = f"Every week {s.place} gets {s.count(a)}. About how many {s.things} is that in {b} weeks? Work it out exactly, then round to the nearest hundred."
    parts: Parts = [
        (
            "whole.multiply_1digit",
            _sub(
                f"Every week {s.place} gets {s.count(a)}. How many {s.things} is that in {b} weeks?",
                total,
                f"{a} * {b}",
                *_multiply_steps(a, b),
                values={"a": b, "parts": _parts(a), "top": a},
                unit=s.things,
            ),
        ),
        (
            "whole.round_nearest",
            _sub(
                f"Round {commas(total)} to the nearest hundred.",
                rounded,
                f"round_to({total}, 100)",
                f"{commas(total)} is between {commas(total // 100 * 100)} and {commas(total // 100 * 100 + 100)}.",
                f"The nearest hundred is {commas(rounded)}.",
                values={"n": total, "place": 100},
            ),
        ),
    ]
    steps = (
        f"First multiply: {a} × {b} = {commas(total)}.",
        f"To the nearest hundred, {commas(total)} is about {commas(rounded)}.",
    )
    return Draft(
        text, str(rounded), f"round_to({a} * {b}, 100)", steps, {"numbers": [a, b]}, "story", unit=s.things
    ), parts


@composer("whole.crates_for_the_order", ("whole.multiply_2digit", "whole.interpret_remainder"))
def crates_for_the_order(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _default(scene)
    a, b = rng.randint(11, 19 + 20 * level), rng.randint(12, 19 + 10 * level)
    d = rng.randint(6, 9)
    while a * b % d == 0:  # both move: with only one, a multiple of d would never end
        a, b = a + 1, b + 1
    total = a * b
    q, r = divmod(total, d)
    text = f"For {b} days, {s.person} prepares {s.count(a)} a day. All of them are packed into crates that hold {d} each. How many crates are needed?"
    parts: Parts = [
        (
            "whole.multiply_2digit",
            _sub(
                f"For {b} days, {s.person} prepares {s.count(a)} a day. How many {s.things} is that in all?",
                total,
                f"{a} * {b}",
                f"Split {b} into tens and ones, and multiply by each part.",
                f"{a} × {b - b % 10} = {commas(a * (b - b % 10))}",
                *([f"{a} × {b % 10} = {a * (b % 10)}", f"{a} × {b} = {commas(total)}"] if b % 10 else []),
                values={"a": a, "b": b},
                unit=s.things,
            ),
        ),
        (
            "whole.interpret_remainder",
            _sub(
                f"{_things(s, total)} are packed into crates that hold {d} each. How many crates are needed for all of them?",
                q + 1,
                f"ceil({total}/{d})",
                f"{commas(q)} × {d} = {commas(q * d)} and {commas(total)} - {commas(q * d)} = {r}.",
                f"The {r} left over {'needs' if r == 1 else 'need'} one more crate: {commas(q)} + 1 = {commas(q + 1)}.",
                values={"n": total, "d": d, "asks": "up"},
                unit="crates",
            ),
        ),
    ]
    steps = (
        f"First find how many there are: {a} × {b} = {commas(total)}.",
        f"{commas(q)} × {d} = {commas(q * d)}, so {r} would be left over.",
        f"One more crate is needed: {commas(q)} + 1 = {commas(q + 1)}.",
    )
    return Draft(
        text,
        str(q + 1),
        f"ceil({a} * {b} / {d})",
        steps,
        {"numbers": [a, b, d], "n": total, "d": d},
        "story",
        unit="crates",
    ), parts


@composer("whole.two_deliveries", ("whole.add_3digit", "whole.long_division"))
def two_deliveries(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _default(scene)
    d, q = rng.randint(3, 9), rng.randint(41, 79) if level < 3 else rng.randint(101, 109)
    total = d * q
    a = rng.randint(total // 3, total // 2)
    b = total - a
    text = f"Two deliveries bring {s.count(a)} and {s.count(b)} to {s.place}. All of them are shared equally among {s.count_groups(d)}. How many {s.things} go to each {s.group}?"
    parts: Parts = [
        (
            "whole.add_3digit",
            _sub(
                f"Two deliveries bring {s.count(a)} and {s.count(b)}. How many {s.things} is that?",
                total,
                f"{a} + {b}",
                *_add_steps([a, b]),
                values={"terms": [a, b], "a": a, "b": b},
                unit=s.things,
            ),
        ),
        (
            "whole.long_division",
            _sub(
                f"{s.count(total)} are shared equally among {s.count_groups(d)}. How many {s.things} go to each {s.group}?",
                q,
                f"{total} / {d}",
                *_division_steps(total, d),
                values={"n": total, "d": d},
                unit=s.things,
            ),
        ),
    ]
    steps = (f"First add: {a} + {b} = {total}.", f"Then divide: {total} ÷ {d} = {q}.")
    return Draft(
        text, str(q), f"({a} + {b}) / {d}", steps, {"numbers": [a, b, d], "first": total}, "story", unit=s.things
    ), parts


@composer("whole.equal_gift_bags", ("whole.gcf", "whole.divide_facts"))
def equal_gift_bags(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _default(scene)
    common = rng.randint(4, 6 + 2 * level)
    x, y = rng.randint(2, 9), rng.randint(2, 9)
    while gcd(x, y) > 1 or x == y:
        x, y = rng.randint(2, 9), rng.randint(2, 9)
    a, b = common * x, common * y
    text = f"{s.person} has {s.count(a)} and {b} balloons. {s.person} makes as many gift bags as possible. All bags are alike, and everything is used up. How many {s.things} are in each bag?"
    shared = _list(k for k in _factors(a) if b % k == 0)
    parts: Parts = [
        (
            "whole.gcf",
            _sub(
                f"{s.person} has {s.count(a)} and {b} balloons and makes bags that are all alike, using up everything. What is the greatest number of bags?",
                common,
                f"gcd({a}, {b})",
                f"Common factors of {a} and {b}: {shared}.",
                f"The greatest is {common}.",
                values={"numbers": sorted([a, b]), "asks": "gcf"},
                unit="bags",
            ),
        ),
        (
            "whole.divide_facts",
            _sub(
                f"{s.count(a)} are shared equally among {common} bags. How many {s.things} are in each bag?",
                x,
                f"{a} / {common}",
                "Sharing equally means dividing.",
                f"{a} ÷ {common} = {x}",
                values={"n": a, "d": common},
                unit=s.things,
            ),
        ),
    ]
    steps = (
        f"The number of bags is the greatest common factor of {a} and {b}. The common factors are {shared}, so there are {common} bags.",
        f"{a} ÷ {common} = {x}",
    )
    return Draft(
        text, str(x), f"{a} / gcd({a}, {b})", steps, {"numbers": sorted([a, b])}, "story", unit=s.things
    ), parts


@composer("whole.leave_together", ("whole.lcm", "measurement.elapsed_time"))
def leave_together(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _default(scene)
    pool = {1: [6, 8, 9, 10, 12, 15], 2: [8, 12, 15, 18, 20, 24, 25], 3: [12, 16, 18, 20, 24, 30, 36, 40]}[level]
    a, b = sorted(rng.sample(pool, 2))
    while b % a == 0 or lcm(a, b) > 180:
        a, b = sorted(rng.sample(pool, 2))
    hour, minute = rng.randint(1, 8), 5 * rng.randint(0, 11)
    wait = lcm(a, b)
    end = 60 * hour + minute + wait
    start, finish = f"{hour}:{minute:02}", f"{end // 60}:{end % 60:02}"
    hours, minutes = divmod(wait, 60)
    jump = " and ".join(
        x
        for x in (f"{hours} hour{'s' if hours > 1 else ''}" if hours else "", f"{minutes} minutes" if minutes else "")
        if x
    )
    text = f"From a stop near {s.place}, one bus leaves every {a} minutes and another every {b} minutes. Both leave at {start}. At what time do they next leave together?"
    common = (
        f"Multiples of {b}: {_list(b * i for i in range(1, wait // b + 1))}.",
        f"{wait // a} × {a} = {wait}, so both leave together again after {wait} minutes.",
    )
    later = (f"{wait} minutes are {jump}.", f"{jump} after {start} it is {finish}.")
    parts: Parts = [
        (
            "whole.lcm",
            _sub(
                f"One bus leaves every {a} minutes and another every {b} minutes. They leave together now. After how many minutes do they leave together again?",
                wait,
                f"lcm({a}, {b})",
                *common,
                values={"numbers": [a, b], "asks": "lcm"},
                unit="minutes",
            ),
        ),
        (
            "measurement.elapsed_time",
            _sub(
                f"What time is it {wait} minutes after {start}?",
                finish,
                f'time_add("{start}", {wait})',
                *later,
                kind="time",
            ),
        ),
    ]
    return Draft(
        text,
        finish,
        f'time_add("{start}", lcm({a}, {b}))',
        (*common, *later),
        {"numbers": [a, b]},
        "story",
        kind="time",
    ), parts


@composer("whole.split_the_rectangle", ("geometry.area_rectangle", "whole.distributive"))
def split_the_rectangle(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _default(scene)
    a = rng.randint(3, 6 + level)
    big, small = 10 * rng.randint(1, level), rng.randint(2, 8)
    b = big + small
    text = f"{s.person} covers a rectangle that is {a} feet wide and {b} feet long with colored paper: a yellow part that is {big} feet long and a blue part that is {small} feet long, both {a} feet wide. How many square feet of paper are needed in all?"
    parts: Parts = [
        (
            "geometry.area_rectangle",
            _sub(
                f"The yellow part is {a} feet wide and {big} feet long. What is its area?",
                a * big,
                f"{a} * {big}",
                "A rectangle has as many squares as rows times squares in a row.",
                f"{a} × {big} = {a * big}",
                unit="square feet",
            ),
        ),
        (
            "whole.distributive",
            _sub(
                f"Use {b} = {big} + {small} to find {a} × {b}.",
                a * b,
                f"{a} * {b}",
                f"{a} × {b} = {a} × {big} + {a} × {small}",
                f"{a * big} + {a * small} = {a * b}",
                values={"a": a, "parts": [big, small]},
            ),
        ),
    ]
    steps = (
        f"Yellow part: {a} × {big} = {a * big}.",
        f"Blue part: {a} × {small} = {a * small}.",
        f"Both parts: {a * big} + {a * small} = {a * b}.",
    )
    return Draft(
        text,
        str(a * b),
        f"{a} * {big} + {a} * {small}",
        steps,
        {"a": a, "parts": [big, small]},
        "story",
        unit="square feet",
    ), parts
