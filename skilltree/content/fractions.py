"""Fractions, grades 3-6: problems and buggy rules (the words are in fractions.toml).

Values share their names across skills: a/b and c/d are the fractions of a problem (improper ones for mixed numbers),
w and x the whole parts of mixed numbers, n a whole number.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import gcd, lcm
from random import Random
from typing import Any

from classwright.skilltree.bank import composer, generator, rule
from classwright.skilltree.content._formats import mixed
from classwright.skilltree.problem import Draft
from classwright.skilltree.scenes import Scene, draw_scene

Values = Mapping[str, Any]
Parts = list[tuple[str, Draft]]

_NAMES = dict(
    enumerate(
        "half third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth "
        "seventeenth eighteenth nineteenth twentieth".split(),
        2,
    )
)


def _parts(b: int, count: int = 2) -> str:
    """The name of the parts: "fourth", "fourths", "halves", "24ths"."""
    if b not in _NAMES:
        return f"{b}th" if count == 1 else f"{b}ths"
    if count == 1:
        return _NAMES[b]
    return "halves" if b == 2 else f"{_NAMES[b]}s"


def _one(unit: str) -> str:
    """ "liters" -> "liter"."""
    return unit.removesuffix("s")


def _amount(x: Fraction | int, unit: str, shown: str = "") -> str:
    """ "3/4 liter", "1 liter", "2 1/4 liters"; `shown` writes the number another way."""
    return f"{shown or mixed(x)} {_one(unit) if x <= 1 else unit}"


def _at(scene: Scene) -> str:
    """ "In the kitchen", "At the lake"."""
    inside = scene.place.endswith(("room", "kitchen", "garden", "library", "gym", "studio"))
    return f"{'In' if inside else 'At'} {scene.place}"


def _coprime(rng: Random, low: int, high: int) -> tuple[int, int]:
    """A proper fraction in lowest terms whose denominator is low..high."""
    b = rng.randint(low, high)
    return rng.choice([a for a in range(1, b) if gcd(a, b) == 1]), b


def _over(top: int, bottom: int, right: Fraction | int) -> str | None:
    """A wrong fraction as the learner leaves it, None when its value is right."""
    if bottom == 0 or Fraction(top, bottom) == right:
        return None
    return str(top) if bottom == 1 or not top else f"{top}/{bottom}"


def _unless(wrong: Fraction, right: Fraction | int) -> str | None:
    return None if wrong == right else mixed(wrong)


def _sign(x: Fraction | int, y: Fraction | int) -> str:
    return "<" if x < y else ">" if x > y else "="


def _join(words: Iterable[str]) -> str:
    """ "1/2, 1/3 and 1/4"."""
    *first, last = words
    return f"{', '.join(first)} and {last}"


def _in_simplest(top: int, bottom: int, as_mixed: bool = False) -> list[str]:
    """The closing steps from a raw fraction to the answer; none when it is already in its final form."""
    x = Fraction(top, bottom)
    steps = []
    if x.denominator != bottom:
        steps.append(f"In simplest form, {top}/{bottom} = {x}.")
    if as_mixed and x > 1 and x.denominator > 1:
        steps.append(f"As a mixed number, {x} = {mixed(x)}.")
    return steps


# grade 3


@generator("fractions.unit_fraction")
def unit_fraction(rng: Random, level: int, scene: Scene | None) -> Draft:
    families = {
        1: ("name", "compare", "compare", "compare"),
        2: ("compare", "order", "order"),
        3: ("order", "order", "count"),
    }
    family = rng.choice(families[level])
    if family == "name":
        return _name_unit(rng.randint(2, 20), scene)
    if family == "count":
        return _count_units(rng.randint(3, 12), rng.randint(3, 12), scene)
    if family == "order":
        bottoms = rng.sample(range(2, 13 if level == 2 else 21), level + 1)
        return _order([(1, b) for b in bottoms], scene, "The smaller the bottom number, the bigger the part.")
    b, d = rng.sample(range(2, 17 if level == 1 else 31), 2)
    small, large = sorted((b, d))
    steps = (
        f"Cutting a whole into {large} equal parts makes smaller parts than cutting it into {small}.",
        f"So one {_parts(large, 1)} is less than one {_parts(small, 1)}.",
        f"1/{b} {_sign(Fraction(1, b), Fraction(1, d))} 1/{d}",
    )
    return _compare((1, b), (1, d), steps, scene)


def _name_unit(b: int, scene: Scene | None) -> Draft:
    if scene:
        text = f"{scene.person} divides the {scene.stuff} into {b} equal portions. What fraction of the {scene.stuff} is one portion?"
    else:
        text = f"A whole is cut into {b} equal parts. What fraction of the whole is one part?"
    steps = (
        f"The whole has {b} equal parts, so the bottom number is {b}.",
        "We name one part, so the top number is 1.",
        f"One part is 1/{b}.",
    )
    return Draft(text, f"1/{b}", f"1/{b}", steps, {"part": 1, "total": b}, "name")


def _count_units(n: int, b: int, scene: Scene | None) -> Draft:
    if scene:
        text = (
            f"{scene.person} divides {n} {scene.stuff_unit} of {scene.stuff} into portions of 1/{b} {_one(scene.stuff_unit)} each. "
            f"How many portions are there?"
        )
    else:
        text = f"How many parts of size 1/{b} make {n} wholes?"
    steps = (f"One whole is {b} parts of size 1/{b}.", f"{n} wholes are {n} × {b} = {n * b} parts.")
    return Draft(
        text, str(n * b), f"{n} / (1/{b})", steps, {"n": n, "b": b}, "count", unit="portions" if scene else "parts"
    )


def _compare(
    p: tuple[int, int], q: tuple[int, int], steps: tuple[str, ...], scene: Scene | None, family: str = "compare"
) -> Draft:
    (a, b), (c, d) = p, q
    question = f"{a}/{b} □ {c}/{d}"
    if scene:
        first = _amount(Fraction(a, b), scene.stuff_unit, f"{a}/{b}")
        second = _amount(Fraction(c, d), scene.stuff_unit, f"{c}/{d}")
        text = (
            f"{scene.person} uses {first} of {scene.stuff} and {scene.friend} uses {second}. "
            f"Compare the two amounts: {question}. Which sign belongs in the box: <, > or =?"
        )
    else:
        text = f"Which sign belongs in the box: <, > or =? {question}"
    values = {"a": a, "b": b, "c": c, "d": d}
    return Draft(
        text,
        _sign(Fraction(a, b), Fraction(c, d)),
        f"compare({a}/{b}, {c}/{d})",
        steps,
        values,
        family,
        kind="comparison",
    )


def _order(fractions: list[tuple[int, int]], scene: Scene | None, reason: str) -> Draft:
    shown = [f"{a}/{b}" for a, b in fractions]
    ordered = sorted(shown, key=Fraction)
    if scene:
        text = (
            f"{_at(scene)}, {len(shown)} containers hold {_join(shown)} {_one(scene.stuff_unit)} of {scene.stuff}. "
            f"Write the amounts in order from least to greatest."
        )
    else:
        text = f"Write the fractions in order from least to greatest: {', '.join(shown)}."
    steps = (
        reason,
        f"The least is {ordered[0]} and the greatest is {ordered[-1]}.",
        f"The order is {', '.join(ordered)}.",
    )
    values = {"tops": [a for a, _ in fractions], "bottoms": [b for _, b in fractions]}
    return Draft(text, ", ".join(ordered), f"order({', '.join(shown)})", steps, values, "order", kind="list")


@generator("fractions.name_part")
def name_part(rng: Random, level: int, scene: Scene | None) -> Draft:
    shape = rng.choice(("bar", "circle", "square", "paper strip", "flag"))
    if level == 1:
        total = rng.randint(2, 16)
        part = rng.randint(1, total - 1)
        return _one_color(part, total, rng.random() < 0.5, shape, scene)
    if level == 2:
        part, other = rng.randint(1, 16), rng.randint(1, 16)
        return _two_owners(part, other, scene)
    first, second, rest = rng.randint(1, 8), rng.randint(1, 8), rng.randint(1, 9)
    return _three_colors(first, second, rest, shape, scene)


def _named(part: int, total: int) -> tuple[str, ...]:
    steps = [
        f"There are {total} equal parts in all, so the bottom number is {total}.",
        f"The top number is {part}: {part}/{total}.",
    ]
    return (*steps, *_in_simplest(part, total))


def _named_things(part: int, total: int, scene: Scene) -> tuple[str, ...]:
    steps = [
        f"There are {scene.count(total)} in all, so the bottom number is {total}.",
        f"The top number is {part}: {part}/{total}.",
    ]
    return (*steps, *_in_simplest(part, total))


def _one_color(part: int, total: int, inside: bool, shape: str, scene: Scene | None) -> Draft:
    marked = part if inside else total - part
    if scene:
        belong = "belongs" if marked == 1 else "belong"
        text = f"{_at(scene)} there are {scene.count(total)}. {marked} of them {belong} to {scene.person}. What fraction of the {scene.things} "
        text += f"belong to {scene.person}?" if inside else f"do not belong to {scene.person}?"
        steps = _named_things(part, total, scene)
    else:
        text = f"A {shape} is cut into {total} equal parts. {marked} of the parts {'is' if marked == 1 else 'are'} colored. "
        text += f"What fraction of the {shape} is {'' if inside else 'not '}colored?"
        steps = _named(part, total)
    if not inside:
        steps = (f"{total} - {marked} = {part}, so we name {part} of {total}.", *steps)
    expression = f"{part}/{total}" if inside else f"1 - {marked}/{total}"
    values = {"part": part, "total": total}
    return Draft(text, str(Fraction(part, total)), expression, steps, values, "one_part" if inside else "other_part")


def _two_owners(part: int, other: int, scene: Scene | None) -> Draft:
    total = part + other
    if scene:
        text = (
            f"{scene.person} has {scene.count(part)} and {scene.friend} has {other}. They put all of them together. "
            f"What fraction of the {scene.things} did {scene.person} bring?"
        )
        steps = _named_things(part, total, scene)
    else:
        squares = "square" if part == 1 else "squares"
        text = f"A strip is made of equal squares: {part} red {squares} and {other} blue. What fraction of the strip is red?"
        steps = _named(part, total)
    steps = (f"{part} + {other} = {total}", *steps)
    values = {"part": part, "total": total}
    return Draft(text, str(Fraction(part, total)), f"{part}/({part} + {other})", steps, values, "two_parts")


def _three_colors(first: int, second: int, rest: int, shape: str, scene: Scene | None) -> Draft:
    total = first + second + rest
    if scene:
        text = (
            f"{_at(scene)} there are {scene.count(total)}. {first} of them "
            f"{'belongs' if first == 1 else 'belong'} to {scene.person}, {second} to {scene.friend}, and the rest are spare. "
            f"What fraction of the {scene.things} are spare?"
        )
        steps = _named_things(rest, total, scene)
    else:
        text = (
            f"A {shape} is cut into {total} equal parts. {first} {'is' if first == 1 else 'are'} red, "
            f"{second} {'is' if second == 1 else 'are'} blue, and the rest are white. What fraction of the {shape} is white?"
        )
        steps = _named(rest, total)
    steps = (f"{total} - {first} - {second} = {rest}, so {rest} of {total} are left.", *steps)
    values = {"part": rest, "total": total}
    return Draft(
        text, str(Fraction(rest, total)), f"({total} - {first} - {second})/{total}", steps, values, "three_parts"
    )


@generator("fractions.number_line")
def number_line(rng: Random, level: int, scene: Scene | None) -> Draft:
    n = 1 if level == 1 else rng.randint(2, 5)
    b = rng.randint(3, 16) if level == 1 else rng.randint(2, 12 if level == 2 else 10)
    back = level == 1 and rng.random() < 0.5
    if level == 1:
        jumps = rng.randint(1, b - 1)
    else:
        jumps = rng.randint(b + 1 if level == 2 else 1, n * b - 1)
        jumps += jumps % b == 0
    a = b - jumps if back else jumps
    if scene:
        end = f"{n} {_one(scene.track_unit) if n == 1 else scene.track_unit}"
        line = f"Beside a drawing of {scene.track}, {scene.person} makes a number line from 0 to {end}"
    else:
        line = f"A number line goes from 0 to {n}"
    if level == 1:
        cut = f"It is cut into {b} equal parts."
    elif level == 2:
        cut = f"Each {_one(scene.track_unit) if scene else 'whole'} is cut into {b} equal parts."
    else:
        cut = f"The line is cut into {n * b} equal parts in all."
    start, side, count = 1 if back else 0, "left" if back else "right", "1 part" if jumps == 1 else f"{jumps} parts"
    if scene:
        move = f"{scene.person} puts a finger on {start} and moves it {count} to the {side}. At which number is the finger now?"
    else:
        move = f"A frog starts at {start} and jumps {count} to the {side}. At which number is the frog now?"
    text = f"{line}. {cut} {move}"
    steps = [f"There are {n * b} parts for {n} wholes, and {n * b} ÷ {n} = {b}."] if level == 3 else []
    steps.append(f"One whole has {b} equal parts, so each part is 1/{b}.")
    if back:
        steps.append(f"1 = {b}/{b}, and {b} - {jumps} = {a}.")
        steps.append(f"That leaves {a} {'part' if a == 1 else 'parts'} from 0: {a}/{b}.")
    else:
        steps.append(f"{jumps} {'part' if jumps == 1 else 'parts'} from 0 is {a}/{b}.")
    steps += _in_simplest(a, b)
    expression = f"1 - {jumps}/{b}" if back else f"{jumps} / ({n * b}/{n})" if level == 3 else f"{jumps}/{b}"
    values = {"a": a, "b": b, "n": n, "short": a + 1 if back else a - 1}
    family = "back_from_one" if back else {1: "from_zero", 2: "past_one", 3: "whole_line_cut"}[level]
    return Draft(text, str(Fraction(a, b)), expression, tuple(steps), values, family)


@generator("fractions.equivalent")
def equivalent(rng: Random, level: int, scene: Scene | None) -> Draft:
    a, b = _coprime(rng, 2, {1: 9, 2: 12, 3: 12}[level])
    k = rng.randint(2, {1: 5, 2: 10, 3: 9}[level])
    top_missing = rng.random() < 0.5
    j = rng.choice([i for i in range(1, 10) if i != k])
    p, q = (a, b) if level < 3 else (a * k, b * k)  # level 3 starts from a fraction that is not in lowest terms
    c, d = (a * k, b * k) if level < 3 else (a * j, b * j)
    if top_missing:
        claim, answer, expression, values = f"{p}/{q} = □/{d}", c, f"{d} * {p}/{q}", {"a": p, "b": q, "d": d}
    else:
        claim, answer, expression, values = f"{p}/{q} = {c}/□", d, f"{c} / ({p}/{q})", {"a": p, "b": q, "c": c}
    if scene:
        right = f"□/{d}" if top_missing else f"{c}/□"
        text = (
            f"{scene.person} has filled {p}/{q} of a {scene.group}. {scene.friend} says that this is {right} of the {scene.group}. "
            f"Find the missing number: {claim}"
        )
    else:
        text = f"Find the missing number: {claim}"
    if level == 3:
        steps = [f"{p} ÷ {k} = {a} and {q} ÷ {k} = {b}, so {p}/{q} = {a}/{b}."]
        if j > 1:
            steps.append(f"{a} × {j} = {c} and {b} × {j} = {d}, so {a}/{b} = {c}/{d}.")
        steps.append(f"The missing number is {answer}.")
    elif top_missing:
        steps = [f"{b} × {k} = {d}", f"So multiply the top by {k} as well: {a} × {k} = {c}.", f"{a}/{b} = {c}/{d}"]
    else:
        steps = [f"{a} × {k} = {c}", f"So multiply the bottom by {k} as well: {b} × {k} = {d}.", f"{a}/{b} = {c}/{d}"]
    return Draft(text, str(answer), expression, tuple(steps), values, "top" if top_missing else "bottom")


@generator("fractions.compare_same")
def compare_same(rng: Random, level: int, scene: Scene | None) -> Draft:
    same_bottom = level == 1 or rng.random() < 0.5
    same_bottom = same_bottom if level < 2 else rng.random() < 0.54
    if level == 3:
        if same_bottom:
            b = rng.randint(5, 15)
            pairs = [(a, b) for a in rng.sample(range(1, b), 4)]
            reason = "All parts have the same size, so more parts make more."
        else:
            a = rng.randint(2, 9)
            pairs = [(a, b) for b in rng.sample(range(a + 1, a + 12), 4)]
            reason = f"Each fraction has {a} parts. The smaller the bottom number, the bigger the parts."
        return _order(pairs, scene, reason)
    if same_bottom:
        b = rng.randint(3, 12)
        a, c = rng.sample(range(1, b), 2)
        steps = (
            f"Both fractions count {_parts(b)}, so the parts have the same size.",
            f"{a} {'part is' if a == 1 else 'parts are'} {'less' if a < c else 'more'} than {c}.",
            f"{a}/{b} {_sign(a, c)} {c}/{b}",
        )
        return _compare((a, b), (c, b), steps, scene, "same_bottom")
    a = rng.randint(1, 7)
    b, d = rng.sample(range(a + 1, 13), 2)
    small, large = sorted((b, d))
    steps = (
        f"Both fractions have {a} {'part' if a == 1 else 'parts'}.",
        f"A whole cut into {small} parts gives bigger parts than a whole cut into {large}.",
        f"{a}/{b} {_sign(d, b)} {a}/{d}",
    )
    return _compare((a, b), (a, d), steps, scene, "same_top")


@generator("fractions.whole_as_fraction")
def whole_as_fraction(rng: Random, level: int, scene: Scene | None) -> Draft:
    family = rng.choice({1: ("top", "whole"), 2: ("top", "top", "whole"), 3: ("top", "more")}[level])
    n = rng.randint(*{1: (1, 12), 2: (5, 20), 3: (3, 16)}[level])
    b = rng.randint(2, 12)
    spare = rng.randint(1, n * b - 1)
    values = {"n": n, "b": b}
    if family == "top":
        if scene:
            one = _one(scene.stuff_unit)
            text = (
                f"{scene.person} measures out {_amount(n, scene.stuff_unit)} of {scene.stuff} in portions of 1/{b} {one}. "
                f"Find the missing number: {n} = □/{b}"
            )
        else:
            text = f"Find the missing number: {n} = □/{b}"
        steps = (f"1 = {b}/{b}", f"{n} × {b} = {n * b}", f"{n} = {n * b}/{b}")
        return Draft(text, str(n * b), f"{n} * {b}", steps, values, family)
    if family == "whole":
        a = n * b
        if scene:
            text = (
                f"{scene.person} has {a} portions of {scene.stuff}. Each portion is 1/{b} {_one(scene.stuff_unit)}, so that makes "
                f"{a}/{b} {_one(scene.stuff_unit) if n == 1 else scene.stuff_unit}. Which whole number is equal to {a}/{b}?"
            )
        else:
            text = f"Which whole number is equal to {a}/{b}?"
        steps = (f"{b} {_parts(b)} make one whole.", f"{a} ÷ {b} = {n}", f"{a}/{b} = {n}")
        return Draft(text, str(n), f"{a}/{b}", steps, values | {"a": a}, family)
    if scene:
        one = _one(scene.stuff_unit)
        text = (
            f"{scene.person} needs {n} {scene.stuff_unit} of {scene.stuff} and already has {spare}/{b} "
            f"{one if spare <= b else scene.stuff_unit}. How many more portions of 1/{b} {one} are needed?"
        )
    else:
        text = f"How many more parts of size 1/{b} must be added to {spare}/{b} to make {n}?"
    left = n * b - spare
    steps = (
        f"{n} = {n * b}/{b}",
        f"{n * b} - {spare} = {left}",
        f"{left} more parts of size 1/{b} are needed." if left > 1 else f"1 more part of size 1/{b} is needed.",
    )
    return Draft(text, str(left), f"({n} - {spare}/{b}) / (1/{b})", steps, values | {"have": spare}, family)


# grade 4


@generator("fractions.compare")
def compare(rng: Random, level: int, scene: Scene | None) -> Draft:
    trap = rng.choice(("bottom", "bottom", "gap", "gap", "equal" if level > 1 else "any"))
    while True:
        a, b, c, d = _unlike(rng, level)
        if b > d:
            a, b, c, d = c, d, a, b
        x, y = Fraction(a, b), Fraction(c, d)
        if trap == "equal":
            k = rng.randint(2, 4 if level == 2 else 6)
            c, d, y = a * k, b * k, x
            break
        if a == c or (level == 3 and abs(x - y) > Fraction(1, 8)):
            continue
        if trap == "any" or (trap == "bottom" and x > y) or (trap == "gap" and x < y and b - a < d - c):
            break
    if rng.random() < 0.5:
        a, b, c, d = c, d, a, b
    m = lcm(b, d)
    p, q = a * m // b, c * m // d
    steps = [f"Both {b} and {d} divide into {m}, so use {m} as the common denominator."]
    steps += [f"{u}/{v} = {u * m // v}/{m}" for u, v in ((a, b), (c, d)) if v != m]
    steps.append(
        f"{p} {'is equal to' if p == q else 'is less than' if p < q else 'is greater than'} {q}, so {a}/{b} {_sign(p, q)} {c}/{d}."
    )
    return _compare((a, b), (c, d), tuple(steps), scene)


@generator("fractions.simplify")
def simplify(rng: Random, level: int, scene: Scene | None) -> Draft:
    a, b = _coprime(rng, 2, {1: 12, 2: 11, 3: 15}[level])
    g = rng.choice({1: (2, 3, 5, 7, 10), 2: (4, 6, 8, 9, 10, 12), 3: (8, 12, 14, 15, 16, 18, 20, 24)}[level])
    top, bottom = a * g, b * g
    if scene:
        text = (
            f"{top} of the {bottom} {scene.things} at {scene.place} are new. That is {top}/{bottom} of them. "
            f"Write {top}/{bottom} in simplest form."
        )
    else:
        text = f"Write {top}/{bottom} in simplest form."
    steps, p, q = [], top, bottom
    for f in _split(g):
        steps.append(f"Divide both numbers by {f}: {p} ÷ {f} = {p // f} and {q} ÷ {f} = {q // f}.")
        p, q = p // f, q // f
    steps.append(f"No number but 1 divides both {a} and {b}, so {top}/{bottom} = {a}/{b} in simplest form.")
    values = {"a": top, "b": bottom}
    return Draft(text, f"{a}/{b}", f"simplest({top}/{bottom})", tuple(steps), values, form="simplest")


def _split(g: int) -> tuple[int, ...]:
    """A common factor as one or two divisions that a learner can do by heart."""
    for f in (2, 3, 5):
        if g % f == 0 and g > 7:
            return f, g // f
    return (g,)


@generator("fractions.mixed_to_improper")
def mixed_to_improper(rng: Random, level: int, scene: Scene | None) -> Draft:
    w = rng.randint(*{1: (1, 5), 2: (3, 9), 3: (10, 20)}[level])
    a, b = _coprime(rng, *{1: (2, 12), 2: (3, 12), 3: (3, 12)}[level])
    text = f"Write {w} {a}/{b} as an improper fraction."
    if scene:
        text = f"{scene.person} has {w} {a}/{b} {scene.stuff_unit} of {scene.stuff}. {text}"
    return _as_improper(text, w, a, b)


def _as_improper(text: str, w: int, a: int, b: int) -> Draft:
    top = w * b + a
    steps = (
        f"One whole is {b} {_parts(b)}, and {w} × {b} = {w * b}.",
        f"Add the {a} extra: {w * b} + {a} = {top}.",
        f"{w} {a}/{b} = {top}/{b}",
    )
    values = {"w": w, "a": a, "b": b}
    return Draft(text, f"{top}/{b}", f"improper({w} + {a}/{b})", steps, values, form="improper")


@generator("fractions.improper_to_mixed")
def improper_to_mixed(rng: Random, level: int, scene: Scene | None) -> Draft:
    w = rng.randint(*{1: (1, 5), 2: (3, 9), 3: (10, 20)}[level])
    a, b = _coprime(rng, *{1: (2, 12), 2: (3, 12), 3: (3, 12)}[level])
    top = w * b + a
    text = f"Write {top}/{b} as a mixed number."
    if scene:
        text = (
            f"{scene.person} counts {top} portions of {scene.stuff}. Each portion is 1/{b} {_one(scene.stuff_unit)}, "
            f"so there are {top}/{b} {scene.stuff_unit}. {text}"
        )
    return _as_mixed(text, w, a, b)


def _as_mixed(text: str, w: int, a: int, b: int) -> Draft:
    top = w * b + a
    steps = (
        f"{b} {_parts(b)} make one whole.",
        f"{w} × {b} = {w * b}, so {top} {_parts(b)} fill {w} {'whole' if w == 1 else 'wholes'}.",
        f"{top} - {w * b} = {a}, so {a} {_parts(b, a)} {'is' if a == 1 else 'are'} left.",
        f"{top}/{b} = {w} {a}/{b}",
    )
    values = {"top": top, "b": b}
    return Draft(text, f"{w} {a}/{b}", f"mixed({top}/{b})", steps, values, form="mixed")


def _used_together(first: str, second: str, scene: Scene, late: bool) -> str:
    """A story that asks for a sum of two amounts."""
    if late:
        return (
            f"{scene.person} uses {first} of {scene.stuff} in the morning and {second} in the afternoon. "
            f"How many {scene.stuff_unit} is that in all?"
        )
    return f"{scene.person} uses {first} of {scene.stuff}, and {scene.friend} uses {second}. How many {scene.stuff_unit} do they use together?"


def _used_up(first: str, second: str, scene: Scene, late: bool) -> str:
    """A story that asks for a difference of two amounts."""
    if late:
        return f"{scene.person} has {first} of {scene.stuff}. {scene.friend} has {second}. How many {scene.stuff_unit} more does {scene.person} have?"
    return f"{_at(scene)} there are {first} of {scene.stuff}. {scene.person} uses {second}. How many {scene.stuff_unit} are left?"


@generator("fractions.add_like")
def add_like(rng: Random, level: int, scene: Scene | None) -> Draft:
    b = rng.randint(*{1: (3, 12), 2: (4, 12), 3: (5, 15)}[level])
    late = rng.random() < 0.5
    if level == 1:
        a = rng.randint(1, b - 2)
        c = rng.randint(1, b - 1 - a)
    else:
        a = rng.randint(2, b - 1)
        c = rng.randint(max(1, b - a), b - 1)
    third = rng.randint(1, b - 1) if level == 3 else 0
    tops = [a, c] + ([third] if third else [])
    total = sum(tops)
    if scene and third:
        first, second, last = (f"{t}/{b} {_one(scene.stuff_unit)}" for t in tops)
        text = (
            f"{scene.person} uses {first} of {scene.stuff} on Monday, {second} on Tuesday and {last} on Wednesday. "
            f"How many {scene.stuff_unit} is that in all?"
        )
    elif scene:
        one = _one(scene.stuff_unit)
        text = _used_together(f"{a}/{b} {one}", f"{c}/{b} {one}", scene, late)
    else:
        text = f"Work out {' + '.join(f'{t}/{b}' for t in tops)}."
    steps = [
        f"All parts are {_parts(b)}, so keep the denominator {b}.",
        f"{' + '.join(map(str, tops))} = {total}",
        f"{' + '.join(f'{t}/{b}' for t in tops)} = {total}/{b}",
        *_in_simplest(total, b, as_mixed=True),
    ]
    values = {"a": a, "b": b, "c": c, "d": b} | ({"e": third} if third else {})
    expression = " + ".join(f"{t}/{b}" for t in tops)
    return Draft(
        text,
        mixed(Fraction(total, b)),
        expression,
        tuple(steps),
        values,
        "three" if third else "two",
        unit=scene.stuff_unit if scene else "",
    )


@generator("fractions.subtract_like")
def subtract_like(rng: Random, level: int, scene: Scene | None) -> Draft:
    from_whole = level > 1 and rng.random() < 0.6
    late = rng.random() < 0.5
    if from_whole:
        n = rng.randint(1, 2) if level == 2 else rng.randint(3, 12)
        c, b = _coprime(rng, 3, 12)
        text = f"Work out {n} - {c}/{b}."
        if scene:
            text = (
                f"{_at(scene)} there {'is' if n == 1 else 'are'} {_amount(n, scene.stuff_unit)} of {scene.stuff}. "
                f"{scene.person} uses {c}/{b} {_one(scene.stuff_unit)}. How much {scene.stuff} is left?"
            )
        return _from_whole(text, n, c, b, scene.stuff_unit if scene else "")
    b = rng.randint(3, 12)
    if level == 1:
        a = rng.randint(2, b - 1)
        c = rng.randint(1, a - 1)
    else:
        a = rng.randint(b + 1, 2 * b - 1 if level == 2 else 4 * b - 1)
        c = rng.randint(1, b - 1 if level == 2 else a - 1)
    if scene:
        first, second = (_amount(Fraction(t, b), scene.stuff_unit, f"{t}/{b}") for t in (a, c))
        text = _used_up(first, second, scene, late)
        if a < b and not late:
            text = text.replace("there are", "there is", 1)
    else:
        text = f"Work out {a}/{b} - {c}/{b}."
    steps = [
        f"All parts are {_parts(b)}, so keep the denominator {b}.",
        f"{a} - {c} = {a - c}",
        f"{a}/{b} - {c}/{b} = {a - c}/{b}",
        *_in_simplest(a - c, b, as_mixed=True),
    ]
    values = {"a": a, "b": b, "c": c, "d": b}
    return Draft(
        text,
        mixed(Fraction(a - c, b)),
        f"{a}/{b} - {c}/{b}",
        tuple(steps),
        values,
        "fractions",
        unit=scene.stuff_unit if scene else "",
    )


def _from_whole(text: str, n: int, c: int, b: int, unit: str = "") -> Draft:
    left = n * b - c
    steps = [f"{n} = {n * b}/{b}", f"{n * b}/{b} - {c}/{b} = {left}/{b}", *_in_simplest(left, b, as_mixed=True)]
    values = {"n": n, "c": c, "b": b}
    return Draft(text, mixed(Fraction(left, b)), f"{n} - {c}/{b}", tuple(steps), values, "from_whole", unit=unit)


@generator("fractions.add_mixed_like")
def add_mixed_like(rng: Random, level: int, scene: Scene | None) -> Draft:
    b = rng.randint(3, 12)
    w, x = (rng.randint(1, 9 if level < 3 else 25) for _ in range(2))
    late = rng.random() < 0.5
    if level == 1:
        a = rng.randint(1, b - 2)
        c = rng.randint(1, b - 1 - a)
    else:
        a = rng.randint(2, b - 1)
        c = rng.randint(b + 1 - a, b - 1)
    third = rng.randint(1, b - 1) if level == 3 and rng.random() < 0.3 else 0
    first, second = f"{w} {a}/{b}", f"{x} {c}/{b}"
    shown = " + ".join((first, second, *([f"{third}/{b}"] if third else [])))
    if scene and third:
        text = (
            f"{scene.person} uses {first} {scene.stuff_unit} of {scene.stuff} on Monday, {second} {scene.stuff_unit} on Tuesday "
            f"and {third}/{b} {_one(scene.stuff_unit)} on Wednesday. How many {scene.stuff_unit} is that in all?"
        )
    elif scene:
        text = _used_together(f"{first} {scene.stuff_unit}", f"{second} {scene.stuff_unit}", scene, late)
    else:
        text = f"Work out {shown}."
    return _mixed_sum(text, (w, a), (x, c), third, b, scene.stuff_unit if scene else "")


def _mixed_sum(text: str, first: tuple[int, int], second: tuple[int, int], third: int, b: int, unit: str) -> Draft:
    (w, a), (x, c) = first, second
    total = w + x + Fraction(a + c + third, b)
    tops = [a, c, third] if third else [a, c]
    top = sum(tops)
    steps = [
        f"Add the parts: {' + '.join(f'{t}/{b}' for t in tops)} = {top}/{b}.",
        f"Add the wholes: {w} + {x} = {w + x}.",
    ]
    if top >= b:
        new, rest = divmod(top, b)
        wholes = "1 whole" if new == 1 else f"{new} wholes"
        over = f" and {rest} {_parts(b, rest)} more" if rest else ""
        steps.append(f"{top} {_parts(b)} make {wholes}{over}.")
        steps.append(f"{w + x} + {new} = {w + x + new}")
    rest = top % b
    if rest:
        steps += _in_simplest(rest, b)
    steps.append(f"The sum is {mixed(total)}.")
    values = {"w": w, "a": a, "b": b, "x": x, "c": c, "d": b} | ({"e": third} if third else {})
    expression = f"({w} + {a}/{b}) + ({x} + {c}/{b})" + (f" + {third}/{b}" if third else "")
    return Draft(text, mixed(total), expression, tuple(steps), values, "three" if third else "two", unit=unit)


@generator("fractions.of_whole")
def of_whole(rng: Random, level: int, scene: Scene | None) -> Draft:
    times = level > 1 and rng.random() < 0.45
    a, b = _coprime(rng, *{1: (2, 12), 2: (3, 10), 3: (3, 12)}[level])
    if level == 1:
        a = 1
    if level > 1 and a == 1:
        a = b - 1
    if times:
        n = rng.choice([i for i in range(2, 16) if i * a % b])
        return _times(n, a, b, scene)
    n = b * rng.randint(2, {1: 20, 2: 15, 3: 30}[level])
    text = f"Find {a}/{b} of {n}."
    if scene:
        text = f"{_at(scene)} there are {scene.count(n)}. {a}/{b} of them belong to {scene.person}. How many {scene.things} belong to {scene.person}?"
    return _of(text, n, a, b, scene.things if scene else "")


def _of(text: str, n: int, a: int, b: int, unit: str) -> Draft:
    one, part = n // b, n // b * a
    steps = [f"Share {n} into {b} equal groups: {n} ÷ {b} = {one}."]
    steps.append(
        f"Take {a} of the groups: {a} × {one} = {part}."
        if a > 1
        else f"One group is what is asked for: 1/{b} of {n} is {one}."
    )
    values = {"n": n, "a": a, "b": b}
    return Draft(text, str(part), f"{a}/{b} * {n}", tuple(steps), values, "of", unit=unit)


def _times(n: int, a: int, b: int, scene: Scene | None) -> Draft:
    total = Fraction(n * a, b)
    if scene:
        text = (
            f"{scene.person} makes {n} portions of {scene.stuff}. Each portion is {a}/{b} {_one(scene.stuff_unit)}. "
            f"How many {scene.stuff_unit} is that in all?"
        )
    else:
        text = f"Work out {n} × {a}/{b}."
    steps = [
        f"{n} times {a} {_parts(b)} means counting {_parts(b)}: {n} × {a} = {n * a}.",
        f"{n} × {a}/{b} = {n * a}/{b}",
        *_in_simplest(n * a, b, as_mixed=True),
    ]
    values = {"n": n, "a": a, "b": b}
    return Draft(
        text, mixed(total), f"{n} * {a}/{b}", tuple(steps), values, "times", unit=scene.stuff_unit if scene else ""
    )


# grade 5


def _unlike(rng: Random, level: int) -> tuple[int, int, int, int]:
    """Two proper fractions with unlike denominators: one divides the other, then not, then larger ones."""
    low, high = {1: (2, 8), 2: (2, 9), 3: (4, 15)}[level]
    while True:
        a, b = _coprime(rng, low, high)
        if level == 1 and b != 7:
            d = b * rng.randint(2, 5)
            c = rng.choice([i for i in range(1, d) if gcd(i, d) == 1])
            if d <= 24:
                return (a, b, c, d) if rng.random() < 0.5 else (c, d, a, b)
        elif level > 1:
            c, d = _coprime(rng, low, high)
            if b % d and d % b and lcm(b, d) <= 90:
                return a, b, c, d


def _rewritten(a: int, b: int, c: int, d: int) -> list[str]:
    """The steps that give two fractions a common denominator."""
    m = lcm(b, d)
    if m in (b, d):
        small = d if m == b else b
        first = f"{small} divides into {m}, so {m} is a common denominator."
    else:
        first = f"Both {b} and {d} divide into {m}, so {m} is a common denominator."
    changed = [f"{u}/{v} = {u * m // v}/{m}" for u, v in ((a, b), (c, d)) if v != m]
    return [first, " and ".join(changed)]


@generator("fractions.add_unlike")
def add_unlike(rng: Random, level: int, scene: Scene | None) -> Draft:
    a, b, c, d = _unlike(rng, level)
    template = rng.randrange(4)
    total = Fraction(a, b) + Fraction(c, d)
    if scene is None:
        text = f"Work out {a}/{b} + {c}/{d}."
    elif total < 1 and template == 3:
        text = (
            f"{scene.person} and {scene.friend} help out together {_at(scene).lower()}. {scene.person} does {a}/{b} of the work and "
            f"{scene.friend} does {c}/{d} of it. What fraction of the work is done?"
        )
    elif total < 1 and template == 2:
        text = (
            f"{scene.person} fills {a}/{b} of a {scene.group} with {scene.things}, and {scene.friend} fills another {c}/{d} "
            f"of the same {scene.group}. What fraction of the {scene.group} is full now?"
        )
    else:
        text = _used_together(
            f"{a}/{b} {_one(scene.stuff_unit)}", f"{c}/{d} {_one(scene.stuff_unit)}", scene, template == 1
        )
    return _sum_of(text, a, b, c, d)


def _sum_of(text: str, a: int, b: int, c: int, d: int) -> Draft:
    m = lcm(b, d)
    p, q = a * m // b, c * m // d
    steps = [*_rewritten(a, b, c, d), f"{p}/{m} + {q}/{m} = {p + q}/{m}", *_in_simplest(p + q, m, as_mixed=True)]
    values = {"a": a, "b": b, "c": c, "d": d, "sign": 1}
    return Draft(text, mixed(Fraction(p + q, m)), f"{a}/{b} + {c}/{d}", tuple(steps), values, "sum")


@generator("fractions.subtract_unlike")
def subtract_unlike(rng: Random, level: int, scene: Scene | None) -> Draft:
    a, b, c, d = _unlike(rng, level)
    template = rng.randrange(3)
    if a * d < c * b:
        a, b, c, d = c, d, a, b
    if scene is None:
        text = f"Work out {a}/{b} - {c}/{d}."
    elif template == 2:
        text = (
            f"A {scene.group} is {a}/{b} full of {scene.things}. {scene.person} takes out some, and now it is {c}/{d} full. "
            f"What fraction of the {scene.group} was taken out?"
        )
    else:
        unit = _one(scene.stuff_unit)
        text = _used_up(f"{a}/{b} {unit}", f"{c}/{d} {unit}", scene, template == 1).replace("there are", "there is", 1)
    return _difference_of(text, a, b, c, d)


def _difference_of(text: str, a: int, b: int, c: int, d: int) -> Draft:
    m = lcm(b, d)
    p, q = a * m // b, c * m // d
    steps = [*_rewritten(a, b, c, d), f"{p}/{m} - {q}/{m} = {p - q}/{m}", *_in_simplest(p - q, m)]
    values = {"a": a, "b": b, "c": c, "d": d, "sign": -1}
    return Draft(text, str(Fraction(p - q, m)), f"{a}/{b} - {c}/{d}", tuple(steps), values, "difference")


@generator("fractions.subtract_mixed")
def subtract_mixed(rng: Random, level: int, scene: Scene | None) -> Draft:
    late = rng.random() < 0.5
    x = rng.randint(1, 5 if level < 3 else 9)
    w = x + rng.randint(2, 5 if level < 3 else 9)
    if level == 2:
        b = d = rng.choice((3, 4, 5, 6, 7, 8, 9, 12))
        a, c = sorted(rng.sample(range(1, b), 2))
    else:
        a, b, c, d = _unlike(rng, 1 if level == 1 else 2)
        if (a * d < c * b) != (level == 3):
            a, b, c, d = c, d, a, b
    first, second = f"{w} {a}/{b}", f"{x} {c}/{d}"
    if scene:
        text = _used_up(f"{first} {scene.stuff_unit}", f"{second} {scene.stuff_unit}", scene, late)
    else:
        text = f"Work out {first} - {second}."
    return _mixed_difference(text, (w, a, b), (x, c, d), scene.stuff_unit if scene else "")


def _mixed_difference(text: str, first: tuple[int, int, int], second: tuple[int, int, int], unit: str) -> Draft:
    (w, a, b), (x, c, d) = first, second
    difference = w + Fraction(a, b) - x - Fraction(c, d)
    m = lcm(b, d)
    p, q = a * m // b, c * m // d
    steps = _rewritten(a, b, c, d) if b != d else []
    wholes = w
    if p < q:
        wholes -= 1
        steps.append(f"{p}/{m} is less than {q}/{m}, so open one whole: {w} + {p}/{m} = {wholes} + {p + m}/{m}.")
        p += m
    steps.append(f"Subtract the parts: {p}/{m} - {q}/{m} = {p - q}/{m}.")
    steps.append(f"Subtract the wholes: {wholes} - {x} = {wholes - x}.")
    steps += _in_simplest(p - q, m)
    steps.append(f"The difference is {mixed(difference)}.")
    values = {"w": w, "a": a, "b": b, "x": x, "c": c, "d": d}
    expression = f"({w} + {a}/{b}) - ({x} + {c}/{d})"
    return Draft(text, mixed(difference), expression, tuple(steps), values, "difference", unit=unit)


@generator("fractions.multiply")
def multiply(rng: Random, level: int, scene: Scene | None) -> Draft:
    (a, b), (c, d) = _coprime(rng, 2, 10), _coprime(rng, 2 if level == 1 else 3, 10)
    w, x = rng.randint(1, 4), rng.randint(1, 5)
    small = rng.random() < 0.4
    if level == 1:
        a = 1
    if level == 2 and small:
        (a, b), (c, d) = _coprime(rng, 2, 4), _coprime(rng, 2, 5)
    elif level < 3:
        w = x = 0
    first, second = mixed(w + Fraction(a, b)), mixed(x + Fraction(c, d))
    if scene is None:
        text = f"Work out {first} × {second}."
    elif w:
        text = (
            f"{_at(scene)}, {scene.person} spreads out a rectangular cloth that measures {first} meters by {second} meters. "
            f"What is its area in square meters?"
        )
    else:
        text = (
            f"{_at(scene)}, a container holds {second} {_one(scene.stuff_unit)} of {scene.stuff}. {scene.person} uses {first} of that amount. "
            f"What fraction of a {_one(scene.stuff_unit)} is that?"
        )
    return _product_of(text, (w, a, b), (x, c, d))


def _product_of(text: str, first: tuple[int, int, int], second: tuple[int, int, int]) -> Draft:
    (w, a, b), (x, c, d) = first, second
    p, q = w * b + a, x * d + c
    product = Fraction(p * q, b * d)
    steps = [f"{whole} {t}/{m} = {top}/{m}" for whole, t, m, top in ((w, a, b, p), (x, c, d, q)) if whole]
    steps = [" and ".join(steps)] if steps else []
    steps += [
        f"Multiply the numerators: {p} × {q} = {p * q}.",
        f"Multiply the denominators: {b} × {d} = {b * d}.",
        f"{p}/{b} × {q}/{d} = {p * q}/{b * d}",
        *_in_simplest(p * q, b * d, as_mixed=True),
    ]
    values = {"a": p, "b": b, "c": q, "d": d, "w": w, "x": x}
    expression = f"({w} + {a}/{b}) * ({x} + {c}/{d})" if w else f"{a}/{b} * {c}/{d}"
    return Draft(text, mixed(product), expression, tuple(steps), values, "mixed" if w else "proper")


@generator("fractions.as_division")
def as_division(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level == 1:
        p, q = sorted(rng.sample(range(1, 25), 2))
    else:
        q = rng.randint(2, 12)
        p = q * rng.randint(1, 4 if level == 2 else 9) + rng.randint(1, q - 1)
        if level == 2 and rng.random() < 0.4:
            p, q = q, p
    as_mixed = level == 3
    unit, one = (scene.stuff_unit, _one(scene.stuff_unit)) if scene else ("", "")
    if scene:
        text = (
            f"{scene.person} divides {p} {one if p == 1 else unit} of {scene.stuff} equally among {q} containers. "
            f"How many {unit} go into each container?{' Write a mixed number.' if as_mixed else ''}"
        )
    else:
        text = f"Write {p} ÷ {q} as a {'mixed number' if as_mixed else 'fraction'}."
    return _shared(text, p, q, level, unit)


def _shared(text: str, p: int, q: int, level: int, unit: str) -> Draft:
    as_mixed, x = level == 3, Fraction(p, q)
    steps = [
        f"{p} is shared, so it goes on top. There are {q} shares, so {q} goes at the bottom.",
        f"{p} ÷ {q} = {p}/{q}",
    ]
    steps += _in_simplest(p, q, as_mixed=level > 1)
    values = {"dividend": str(p), "divisor": str(q)}
    answer = mixed(x) if level > 1 else str(x)
    return Draft(
        text,
        answer,
        f"mixed({p}/{q})" if as_mixed else f"{p}/{q}",
        tuple(steps),
        values,
        "mixed" if as_mixed else "fraction",
        form="mixed" if as_mixed else "",
        unit=unit,
    )


@generator("fractions.divide_unit")
def divide_unit(rng: Random, level: int, scene: Scene | None) -> Draft:
    n = rng.randint(2, {1: 12, 2: 20, 3: 40}[level])
    b = rng.randint(2, {1: 12, 2: 15, 3: 20}[level])
    family = rng.choice(
        (
            "whole_by_unit",
            "unit_by_whole",
            "unit_by_whole",
            "whole_by_unit",
            "missing" if level == 3 and rng.random() < 0.5 else "whole_by_unit",
        )
    )
    unit, one, stuff = (scene.stuff_unit, _one(scene.stuff_unit), scene.stuff) if scene else ("", "", "")
    who = scene.person if scene else ""
    if family == "whole_by_unit":
        text = f"Work out {n} ÷ 1/{b}."
        if scene:
            text = (
                f"{who} divides {n} {unit} of {stuff} into portions of 1/{b} {one}. How many portions does that make?"
            )
        steps = (
            f"One whole holds {b} {_parts(b)}.",
            f"Count them in all {n} wholes: {n} × {b} = {n * b}.",
            f"{n} ÷ 1/{b} = {n * b}",
        )
        values = {"n": n, "b": b, "dividend": str(n), "divisor": f"1/{b}"}
        return Draft(text, str(n * b), f"{n} / (1/{b})", steps, values, family, unit="portions" if scene else "")
    if family == "unit_by_whole":
        text = f"Work out 1/{b} ÷ {n}."
        if scene:
            text = f"{who} shares 1/{b} {one} of {stuff} equally among {n} containers. What fraction of a {one} goes into each container?"
        steps = (
            f"Cut the {_parts(b, 1)} into {n} equal pieces.",
            f"If every {_parts(b, 1)} were cut like that, the whole would have {b} × {n} = {b * n} pieces.",
            f"1/{b} ÷ {n} = 1/{b * n}",
        )
        return Draft(text, f"1/{b * n}", f"(1/{b}) / {n}", steps, {"dividend": f"1/{b}", "divisor": str(n)}, family)
    text = f"Find the missing number: 1/{b} ÷ □ = 1/{b * n}"
    if scene:
        text = (
            f"{who} shares 1/{b} {one} of {stuff} equally among some containers. Each container gets 1/{b * n} {one}. "
            f"How many containers are there? Find the missing number: 1/{b} ÷ □ = 1/{b * n}"
        )
    steps = (
        f"Dividing 1/{b} by a whole number multiplies the denominator by that number.",
        f"{b * n} ÷ {b} = {n}",
        f"1/{b} ÷ {n} = 1/{b * n}",
    )
    return Draft(text, str(n), f"(1/{b}) / (1/{b * n})", steps, {"b": b, "target": b * n}, family)


# grade 6


@generator("fractions.divide")
def divide(rng: Random, level: int, scene: Scene | None) -> Draft:
    (a, b), (c, d) = _coprime(rng, 2, 9), _coprime(rng, 2, 9)
    w, x = rng.randint(1, 5), rng.randint(0, 2)
    portions = rng.randint(2, 12)
    if level == 1:  # the second fraction fits a whole number of times
        x = w = 0
        first = portions * Fraction(c, d)
        p, b = first.numerator, first.denominator
    else:
        if level == 2:
            w = x = 0
        p = w * b + a
        if Fraction(p, b) == x + Fraction(c, d):
            x += 1
    q = x * d + c
    dividend, divisor = Fraction(p, b), Fraction(q, d)
    left = mixed(dividend) if level == 3 else str(dividend)
    right = mixed(divisor)
    if scene is None:
        text = f"Work out {left} ÷ {right}."
    else:
        each = f"{right} {_one(scene.stuff_unit) if divisor <= 1 else scene.stuff_unit}"
        amount = _amount(dividend, scene.stuff_unit, left)
        if dividend < divisor:
            text = (
                f"A full portion of {scene.stuff} is {each}. {scene.person} has only {amount}. "
                f"What fraction of a full portion is that? Work out {left} ÷ {right}."
            )
        else:
            text = f"{scene.person} has {amount} of {scene.stuff}. Each portion is {each}. How many portions is that?"
    return _quotient_of(text, left, right, {1: "fits_evenly", 2: "proper", 3: "mixed"}[level])


def _quotient_of(text: str, left: str, right: str, family: str) -> Draft:
    (p, b), (q, d) = (_value(shown).as_integer_ratio() for shown in (left, right))
    steps = [
        f"{shown} = {top}/{bottom}"
        for shown, top, bottom in ((left, p, b), (right, q, d))
        if shown != f"{top}/{bottom}"
    ]
    steps = [" and ".join(steps)] if steps else []
    steps += [
        f"Flip the second fraction {q}/{d} to get {d}/{q}, and multiply.",
        f"{p}/{b} ÷ {q}/{d} = {p}/{b} × {d}/{q}",
        f"{p}/{b} × {d}/{q} = {p * d}/{b * q}",
        *_in_simplest(p * d, b * q, as_mixed=True),
    ]
    values = {"a": p, "b": b, "c": q, "d": d}
    expression = f"{_sum(left)} / {_sum(right)}"
    return Draft(text, mixed(Fraction(p * d, b * q)), expression, tuple(steps), values, family)


def _value(shown: str) -> Fraction:
    """ "2 1/4" -> 9/4."""
    return sum(map(Fraction, shown.split()), Fraction(0))


def _sum(shown: str) -> str:
    """A mixed number for an expression: "2 1/4" -> "(2 + 1/4)"."""
    return f"({shown.replace(' ', ' + ')})"


# problems that need several skills


def _told(scene: Scene | None) -> Scene:
    """A composed problem is always a story."""
    return scene or draw_scene(None, "default")


@composer("fractions.used_and_left", ("fractions.add_unlike", "fractions.subtract_like"))
def used_and_left(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _told(scene)
    while True:
        a, b, c, d = _unlike(rng, level)
        used = Fraction(a, b) + Fraction(c, d)
        if used < 1:
            break
    story = f"{s.person} uses {a}/{b} of the {s.stuff} in the morning and {c}/{d} of it in the afternoon."
    first = _sum_of(f"{story} What fraction of the {s.stuff} is that in all?", a, b, c, d)
    rest = f"{s.person} has used {used} of the {s.stuff}. What fraction of it is left? Work out 1 - {used}."
    second = _from_whole(rest, 1, used.numerator, used.denominator)
    whole = Draft(
        f"{story} What fraction of the {s.stuff} is left?", str(1 - used), f"1 - {a}/{b} - {c}/{d}",
        (f"First find how much is used: {a}/{b} + {c}/{d} = {used}.", f"Take that away from the whole: 1 - {used} = {1 - used}."),
        first.values,
    )  # fmt: skip
    return whole, [("fractions.add_unlike", first), ("fractions.subtract_like", second)]


@composer("fractions.rest_in_portions", ("fractions.subtract_unlike", "fractions.divide"))
def rest_in_portions(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _told(scene)
    while True:
        a, b, c, d = _unlike(rng, level)
        if a * d < c * b:
            a, b, c, d = c, d, a, b
        rest = Fraction(a, b) - Fraction(c, d)
        portions = rng.randint(2, 6)
        each = rest / portions
        if each.denominator <= {1: 24, 2: 36, 3: 60}[level] and each.numerator <= 5:
            break
    one = _one(s.stuff_unit)
    story = f"{s.person} has {a}/{b} {one} of {s.stuff} and gives {c}/{d} {one} to {s.friend}."
    first = _difference_of(f"{story} How much {s.stuff} does {s.person} have left?", a, b, c, d)
    second = _quotient_of(
        f"{s.person} divides {rest} {one} of {s.stuff} into portions of {each} {one}. How many portions is that?",
        str(rest), str(each), "fits_evenly",
    )  # fmt: skip
    whole = Draft(
        f"{story} {s.person} divides the rest into portions of {each} {one}. How many portions is that?",
        str(portions), f"({a}/{b} - {c}/{d}) / ({each})",
        (f"First find the rest: {a}/{b} - {c}/{d} = {rest}.", f"Then see how often a portion fits: {rest} ÷ {each} = {portions}."),
        first.values, unit="portions",
    )  # fmt: skip
    return whole, [("fractions.subtract_unlike", first), ("fractions.divide", second)]


@composer("fractions.rest_in_groups", ("fractions.of_whole", "whole.subtract_regroup", "whole.divide_facts"))
def rest_in_groups(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _told(scene)
    while True:
        a, b = _coprime(rng, *{1: (2, 4), 2: (3, 6), 3: (5, 10)}[level])
        n = b * rng.randint(3, 24)
        mine = n // b * a
        rest, groups = n - mine, rng.randint(2, 10)
        if 20 <= n < 100 and mine >= 10 and n % 10 < mine % 10 and rest % groups == 0 and 2 <= rest // groups <= 10:
            break
    each = rest // groups
    story = f"{_at(s)} there are {s.count(n)}. {a}/{b} of them belong to {s.person}."
    share = (
        f"into {s.count_groups(groups)}, the same number in each {s.group}. How many {s.things} go into each {s.group}?"
    )
    first = _of(f"{story} How many {s.things} belong to {s.person}?", n, a, b, s.things)
    second = Draft(
        f"{_at(s)} there are {s.count(n)}. {mine} of them belong to {s.person}. How many {s.things} are left?",
        str(rest), f"{n} - {mine}", (f"There are not enough ones to take {mine % 10} away, so open a ten.", f"{n} - {mine} = {rest}"), {"total": n, "taken": mine}, unit=s.things,
    )  # fmt: skip
    third = Draft(
        f"{s.friend} puts {s.count(rest)} {share}", str(each), f"{rest} / {groups}",
        (f"{groups} × {each} = {rest}", f"{rest} ÷ {groups} = {each}"), {"total": rest, "groups": groups}, unit=s.things,
    )  # fmt: skip
    whole = Draft(
        f"{story} {s.friend} puts the rest {share}", str(each), f"({n} - {a}/{b} * {n}) / {groups}",
        (f"{n} ÷ {b} = {n // b}" + (f" and {a} × {n // b} = {mine}" if a > 1 else ""), f"{n} - {mine} = {rest}", f"{rest} ÷ {groups} = {each}"),
        first.values | {"groups": groups}, unit=s.things,
    )  # fmt: skip
    return whole, [("fractions.of_whole", first), ("whole.subtract_regroup", second), ("whole.divide_facts", third)]


@composer("fractions.left_of_the_track", ("fractions.add_mixed_like", "fractions.subtract_mixed"))
def left_of_the_track(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _told(scene)
    while True:
        b = rng.choice({1: (3, 4, 5), 2: (5, 6, 7, 8), 3: (7, 8, 9, 10, 12)}[level])
        w, x, (a, c, e) = rng.randint(1, 5), rng.randint(1, 5), (rng.randint(1, b - 1) for _ in range(3))
        done = w + x + Fraction(a + c, b)
        length = int(done) + rng.randint(2, 6)
        if (a + c) % b and (a + c >= b or level == 1) and (e < (a + c) % b or level == 1):
            break
    unit = s.track_unit
    marks = f"{s.person} marks off {w} {a}/{b} {unit} and then {x} {c}/{b} {unit} more."
    left = length + Fraction(e, b) - done
    track = f"{s.track[0].upper()}{s.track[1:]} is {length} {e}/{b} {unit} long."
    first = _mixed_sum(f"{marks} How many {unit} is that in all?", (w, a), (x, c), 0, b, unit)
    whole_part, top = int(done), (a + c) % b
    second = _mixed_difference(
        f"{track} {s.person} has marked off {whole_part} {top}/{b} {unit}. How many {unit} are left?",
        (length, e, b), (whole_part, top, b), unit,
    )  # fmt: skip
    expression = f"({length} + {e}/{b}) - ({w} + {a}/{b}) - ({x} + {c}/{b})"
    steps = (f"{w} {a}/{b} + {x} {c}/{b} = {mixed(done)}", f"{length} {e}/{b} - {mixed(done)} = {mixed(left)}")
    whole = Draft(f"{track} {marks} How many {unit} are left?", mixed(left), expression, steps, first.values, unit=unit)
    return whole, [("fractions.add_mixed_like", first), ("fractions.subtract_mixed", second)]


@composer("fractions.part_of_a_part", ("fractions.multiply", "fractions.of_whole"))
def part_of_a_part(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _told(scene)
    (a, b), (c, d) = (_coprime(rng, 2, {1: 4, 2: 5, 3: 7}[level]) for _ in range(2))
    n = b * d * rng.randint(2 if b * d < 20 else 1, 5)
    part = Fraction(a * c, b * d)
    story = f"{c}/{d} of them belong to {s.person}, and {a}/{b} of those are new."
    first = _product_of(
        f"{_at(s)}, {c}/{d} of the {s.things} belong to {s.person}, and {a}/{b} of those are new. What fraction of all the {s.things} is that?",
        (0, a, b), (0, c, d),
    )  # fmt: skip
    second = _of(
        f"{_at(s)} there are {s.count(n)}. {part} of them are new and belong to {s.person}. How many {s.things} is that?",
        n, part.numerator, part.denominator, s.things,
    )  # fmt: skip
    whole = Draft(
        f"{_at(s)} there are {s.count(n)}. {story} How many new {s.things} does {s.person} have?",
        str(part * n), f"{a}/{b} * {c}/{d} * {n}",
        (f"{a}/{b} × {c}/{d} = {part}", f"{part} of {n} is {part * n}."), first.values, unit=s.things,
    )  # fmt: skip
    return whole, [("fractions.multiply", first), ("fractions.of_whole", second)]


@composer("fractions.fair_shares", ("fractions.as_division", "fractions.as_division", "fractions.compare"))
def fair_shares(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _told(scene)
    while True:
        (p, q), (r, t) = (_coprime(rng, 3, {1: 6, 2: 9, 3: 14}[level]) for _ in range(2))
        if q != t and p != r and p > 1 and r > 1:
            break
    unit, sign = s.stuff_unit, _sign(Fraction(p, q), Fraction(r, t))
    mine = f"{s.person} divides {p} {unit} of {s.stuff} equally among {q} containers."
    yours = f"{s.friend} divides {r} {unit} of {s.stuff} equally among {t} containers."
    ask = f"How many {unit} go into each container?"
    m = lcm(q, t)
    steps = (*_rewritten(p, q, r, t), f"{p * m // q}/{m} {sign} {r * m // t}/{m}, so {p}/{q} {sign} {r}/{t}.")
    compared = _compare((p, q), (r, t), steps, None)
    whole = Draft(
        f"{mine} {yours} Compare one of {s.person}'s containers with one of {s.friend}'s. "
        f"Which sign belongs between the two amounts: <, > or =?",
        sign, f"compare({p}/{q}, {r}/{t})", (f"{p} ÷ {q} = {p}/{q} and {r} ÷ {t} = {r}/{t}", *steps), compared.values, kind="comparison",
    )  # fmt: skip
    parts = [
        ("fractions.as_division", _shared(f"{mine} {ask}", p, q, 1, unit)),
        ("fractions.as_division", _shared(f"{yours} {ask}", r, t, 1, unit)),
        ("fractions.compare", compared),
    ]
    return whole, parts


@composer("fractions.mixed_in_portions", ("fractions.mixed_to_improper", "fractions.divide"))
def mixed_in_portions(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _told(scene)
    while True:
        c, d = _coprime(rng, 2, {1: 4, 2: 6, 3: 9}[level])
        portions = rng.randint(3, {1: 9, 2: 15, 3: 24}[level])
        amount = portions * Fraction(c, d)
        if amount > 1 and amount.denominator > 1:
            break
    w, a = divmod(amount.numerator, amount.denominator)
    one = _one(s.stuff_unit)
    story = f"{s.person} has {mixed(amount)} {s.stuff_unit} of {s.stuff}."
    first = _as_improper(f"{story} Write {mixed(amount)} as an improper fraction.", w, a, amount.denominator)
    ask = f"into portions of {c}/{d} {one}. How many portions is that?"
    second = _quotient_of(
        f"{s.person} divides {amount} {s.stuff_unit} of {s.stuff} {ask}", str(amount), f"{c}/{d}", "fits_evenly"
    )
    whole = Draft(
        f"{story} {s.person} divides it {ask}", str(portions), f"{_sum(mixed(amount))} / ({c}/{d})",
        (f"{mixed(amount)} = {amount}", f"{amount} ÷ {c}/{d} = {amount} × {d}/{c}", f"{amount} × {d}/{c} = {portions}"),
        second.values, unit="portions",
    )  # fmt: skip
    return whole, [("fractions.mixed_to_improper", first), ("fractions.divide", second)]


@composer("fractions.sum_as_mixed", ("fractions.equivalent", "fractions.add_like", "fractions.improper_to_mixed"))
def sum_as_mixed(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _told(scene)
    while True:
        a, b = _coprime(rng, 2, {1: 5, 2: 8, 3: 12}[level])
        k = rng.randint(2, 4)
        d = b * k
        c = rng.randint(1, d - 1)
        top = a * k + c
        if gcd(c, d) == 1 and top > d and gcd(top, d) == 1:
            break
    one = _one(s.stuff_unit)
    story = _used_together(f"{a}/{b} {one}", f"{c}/{d} {one}", s, False)
    first = Draft(
        f"Find the missing number: {a}/{b} = □/{d}", str(a * k), f"{d} * {a}/{b}",
        (f"{b} × {k} = {d}", f"{a} × {k} = {a * k}", f"{a}/{b} = {a * k}/{d}"), {"a": a, "b": b, "d": d}, "top",
    )  # fmt: skip
    second = Draft(
        f"Work out {a * k}/{d} + {c}/{d}. You may leave an improper fraction.", f"{top}/{d}", f"{a * k}/{d} + {c}/{d}",
        (f"{a * k} + {c} = {top}", f"{a * k}/{d} + {c}/{d} = {top}/{d}"), {"a": a * k, "b": d, "c": c, "d": d}, "two",
    )  # fmt: skip
    third = _as_mixed(f"Write {top}/{d} as a mixed number.", 1, top - d, d)
    whole = Draft(
        f"{story} Write a mixed number.", mixed(Fraction(top, d)), f"mixed({a}/{b} + {c}/{d})",
        (f"{a}/{b} = {a * k}/{d}", f"{a * k}/{d} + {c}/{d} = {top}/{d}", f"{top}/{d} = {mixed(Fraction(top, d))}"),
        {"a": a, "b": b, "c": c, "d": d, "sign": 1}, form="mixed", unit=s.stuff_unit,
    )  # fmt: skip
    return whole, [
        ("fractions.equivalent", first),
        ("fractions.add_like", second),
        ("fractions.improper_to_mixed", third),
    ]


# what learners get wrong


@rule("fractions.bigger_denominator_is_bigger")
def bigger_denominator_is_bigger(v: Values) -> str | None:
    if "bottoms" in v:
        if len(set(v["bottoms"])) == 1:
            return None
        return ", ".join(f"{a}/{b}" for b, a in sorted(zip(v["bottoms"], v["tops"], strict=True)))
    return None if v["b"] == v["d"] else _sign(v["b"], v["d"])


@rule("fractions.part_to_other_parts")
def part_to_other_parts(v: Values) -> str | None:
    return _over(v["part"], v["total"] - v["part"], Fraction(v["part"], v["total"]))


@rule("fractions.whole_line_is_the_unit")
def whole_line_is_the_unit(v: Values) -> str | None:
    return _over(v["a"], v["n"] * v["b"], Fraction(v["a"], v["b"]))


@rule("fractions.counts_the_starting_mark")
def counts_the_starting_mark(v: Values) -> str | None:
    return str(Fraction(v["short"], v["b"]))


@rule("fractions.adds_same_to_top_and_bottom")
def adds_same_to_top_and_bottom(v: Values) -> str | None:
    answer = v["a"] + v["d"] - v["b"] if "d" in v else v["b"] + v["c"] - v["a"]
    return str(answer) if answer > 0 else None


@rule("fractions.changes_one_number_only")
def changes_one_number_only(v: Values) -> str | None:
    return str(v["a"] if "d" in v else v["b"])


@rule("fractions.smaller_numbers_are_bigger")
def smaller_numbers_are_bigger(v: Values) -> str | None:
    if "bottoms" in v:
        return ", ".join(f"{a}/{b}" for a, b in sorted(zip(v["tops"], v["bottoms"], strict=True), reverse=True))
    return _sign(v["c"] + v["d"], v["a"] + v["b"])


@rule("fractions.writes_whole_over_parts")
def writes_whole_over_parts(v: Values) -> str | None:
    return None if "a" in v or "have" in v else str(v["n"])


@rule("fractions.adds_wholes_and_parts")
def adds_wholes_and_parts(v: Values) -> str | None:
    n, b = v["n"], v["b"]
    if "a" in v:
        return str(v["a"] - b)
    answer = n + b - v.get("have", 0)
    return str(answer) if answer > 0 else None


@rule("fractions.gap_thinking")
def gap_thinking(v: Values) -> str | None:
    return _sign(v["d"] - v["c"], v["b"] - v["a"])


@rule("fractions.stops_before_simplest")
def stops_before_simplest(v: Values) -> str | None:
    g = gcd(v["a"], v["b"])
    f = next(f for f in range(2, g + 1) if g % f == 0)
    return None if f == g else f"{v['a'] // f}/{v['b'] // f}"


@rule("fractions.divides_top_only")
def divides_top_only(v: Values) -> str | None:
    return f"{v['a'] // gcd(v['a'], v['b'])}/{v['b']}"


@rule("fractions.adds_whole_to_top")
def adds_whole_to_top(v: Values) -> str | None:
    return f"{v['w'] + v['a']}/{v['b']}"


@rule("fractions.mixes_up_top_and_bottom")
def mixes_up_top_and_bottom(v: Values) -> str | None:
    return _over(v["w"] * v["a"] + v["b"], v["b"], v["w"] + Fraction(v["a"], v["b"]))


@rule("fractions.swaps_quotient_and_remainder")
def swaps_quotient_and_remainder(v: Values) -> str | None:
    w, a = divmod(v["top"], v["b"])
    return None if w == a else f"{a} {w}/{v['b']}"


@rule("fractions.remainder_over_quotient")
def remainder_over_quotient(v: Values) -> str | None:
    w, a = divmod(v["top"], v["b"])
    return None if w == v["b"] else f"{w} {a}/{w}"


@rule("fractions.add_numerators_and_denominators")
def add_numerators_and_denominators(v: Values) -> str | None:
    third = v.get("e", 0)
    fraction = f"{v['a'] + v['c'] + third}/{v['b'] + v['d'] + (v['d'] if third else 0)}"
    return f"{v['w'] + v['x']} {fraction}" if "w" in v else fraction


@rule("fractions.subtracts_tops_and_bottoms")
def subtracts_tops_and_bottoms(v: Values) -> str | None:
    top, bottom = abs(v["a"] - v["c"]), abs(v["b"] - v["d"])
    # with like denominators nothing is left below the line, so only the top number is written
    return _over(top, bottom or 1, Fraction(v["a"], v["b"]) - Fraction(v["c"], v["d"]))


@rule("fractions.brings_down_the_fraction")
def brings_down_the_fraction(v: Values) -> str | None:
    return _unless(v["n"] - 1 + Fraction(v["c"], v["b"]), v["n"] - Fraction(v["c"], v["b"]))


@rule("fractions.forgets_the_new_whole")
def forgets_the_new_whole(v: Values) -> str | None:
    wholes, top = v["w"] + v["x"], v["a"] + v["c"] + v.get("e", 0)
    return None if top < v["b"] else mixed(wholes + Fraction(top % v["b"], v["b"]))


@rule("fractions.ignores_the_top_number")
def ignores_the_top_number(v: Values) -> str | None:
    return None if v["a"] == 1 else mixed(Fraction(v["n"], v["b"]))


@rule("fractions.multiplies_top_and_bottom_by_whole")
def multiplies_top_and_bottom_by_whole(v: Values) -> str | None:
    return f"{v['n'] * v['a']}/{v['n'] * v['b']}"


@rule("fractions.keeps_the_numerators")
def keeps_the_numerators(v: Values) -> str | None:
    m = lcm(v["b"], v["d"])
    top = abs(v["a"] + v["sign"] * v["c"])
    return _over(top, m, Fraction(v["a"], v["b"]) + v["sign"] * Fraction(v["c"], v["d"]))


@rule("fractions.takes_smaller_from_larger_part")
def takes_smaller_from_larger_part(v: Values) -> str | None:
    first, second = Fraction(v["a"], v["b"]), Fraction(v["c"], v["d"])
    return None if first >= second else mixed(v["w"] - v["x"] + second - first)


@rule("fractions.regroups_a_whole_as_ten")
def regroups_a_whole_as_ten(v: Values) -> str | None:
    m = lcm(v["b"], v["d"])
    p, q = v["a"] * m // v["b"], v["c"] * m // v["d"]
    if p >= q or p + 10 < q or m == 10:
        return None
    return mixed(v["w"] - 1 - v["x"] + Fraction(p + 10 - q, m))


@rule("fractions.keeps_common_denominator_in_product")
def keeps_common_denominator_in_product(v: Values) -> str | None:
    m = lcm(v["b"], v["d"])
    return mixed(Fraction(v["a"] * m // v["b"] * (v["c"] * m // v["d"]), m))


@rule("fractions.cross_multiplies")
def cross_multiplies(v: Values) -> str | None:
    right = Fraction(v["a"] * v["c"], v["b"] * v["d"])
    return _unless(Fraction(v["a"] * v["d"], v["b"] * v["c"]), right)


@rule("fractions.multiplies_parts_separately")
def multiplies_parts_separately(v: Values) -> str | None:
    w, x = v["w"], v["x"]
    if not w or not x:
        return None
    return mixed(w * x + (Fraction(v["a"], v["b"]) - w) * (Fraction(v["c"], v["d"]) - x))


@rule("fractions.reverses_division")
def reverses_division(v: Values) -> str | None:
    dividend, divisor = Fraction(v["dividend"]), Fraction(v["divisor"])
    return _unless(divisor / dividend, dividend / divisor)


@rule("fractions.remainder_over_dividend")
def remainder_over_dividend(v: Values) -> str | None:
    p, q = int(v["dividend"]), int(v["divisor"])
    return None if p < q else f"{p // q} {p % q}/{p}"


@rule("fractions.divides_by_the_denominator")
def divides_by_the_denominator(v: Values) -> str | None:
    return mixed(Fraction(v["n"], v["b"]))


@rule("fractions.inverts_the_dividend")
def inverts_the_dividend(v: Values) -> str | None:
    right = Fraction(v["a"] * v["d"], v["b"] * v["c"])
    return _unless(Fraction(v["b"] * v["c"], v["a"] * v["d"]), right)


@rule("fractions.multiplies_without_inverting")
def multiplies_without_inverting(v: Values) -> str | None:
    right = Fraction(v["a"] * v["d"], v["b"] * v["c"])
    return _unless(Fraction(v["a"] * v["c"], v["b"] * v["d"]), right)
