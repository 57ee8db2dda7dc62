"""Decimals, grades 4-6: problems and buggy rules (the words are in decimals.toml).

Values hold decimals as the learner sees them, as strings: x and y, or a list `numbers`.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import gcd
from random import Random
from typing import Any

from classwright.skilltree.bank import composer, generator, rule
from classwright.skilltree.content._formats import dec, mixed, money
from classwright.skilltree.problem import Draft
from classwright.skilltree.scenes import Scene, draw_scene

Values = Mapping[str, Any]
Parts = list[tuple[str, Draft]]

_PLACES = ("ones", "tenths", "hundredths", "thousandths")
_NEAREST = ("whole number", "tenth", "hundredth")
_RAISED = {1: "¹", 2: "²", 3: "³", 4: "⁴"}


def _some(n: int, name: str) -> str:
    """ "1 tenth", "3 tenths"; the name is plural."""
    return f"{n} {_one(name) if n == 1 else name}"


def _fixed(x: Fraction | int, places: int) -> str:
    """The exact decimal with at least `places` decimal places: "0.50"."""
    whole, _, part = dec(x).partition(".")
    return f"{whole}.{part.ljust(places, '0')}" if places else whole if not part else f"{whole}.{part}"


def _places(shown: str) -> int:
    return len(shown.partition(".")[2])


def _digits(shown: str) -> int:
    """The digits read as a whole number: "0.35" -> 35."""
    return int(shown.replace(".", ""))


def _point(digits: int, places: int) -> str:
    """The decimal with these digits and places: (291, 2) -> "2.91"."""
    return dec(Fraction(digits, 10**places))


def _unless(wrong: str | None, right: Fraction | int) -> str | None:
    return None if wrong is None or Fraction(wrong) == right else wrong


def _decimal(rng: Random, low: int, high: int, places: int) -> str:
    """A decimal between low and high (in units of its last place) that does not end in 0."""
    while True:
        n = rng.randint(low, high)
        if n % 10:
            return _point(n, places)


def _one(unit: str) -> str:
    return unit.removesuffix("s")


def _shown(x: Fraction, unit: str) -> str:
    """The answer as a learner writes it: money with its cents."""
    return money(x) if unit == "dollars" else dec(x)


def _join(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"


# grade 4


@generator("decimals.tenths_hundredths")
def tenths_hundredths(rng: Random, level: int, scene: Scene | None) -> Draft:
    family = rng.choice(
        {
            1: ("tenths", "hundredths", "ones_tenths"),
            2: ("few", "few", "many_tenths"),
            3: ("trade", "trade", "many_hundredths"),
        }[level]
    )
    ones, few, two = rng.randint(1, 20), rng.randint(1, 9), rng.randint(1, 8) * 10 + rng.randint(1, 9)
    counts = {
        "tenths": {"tenths": few},
        "hundredths": {"hundredths": two},
        "ones_tenths": {"ones": ones, "tenths": few},
        "few": {"ones": ones, "hundredths": few},
        "many_tenths": {"tenths": two},
        "trade": {"ones": ones % 10, "tenths": few, "hundredths": two},
        "many_hundredths": {"hundredths": 100 * (ones % 9 + 1) + two},
    }[family]
    counts = {place: n for place, n in counts.items() if n}
    total = sum((Fraction(n, 10 ** _PLACES.index(place)) for place, n in counts.items()), Fraction(0))
    said = [f"{n} {place if n > 1 else _one(place)}" for place, n in counts.items()]
    if scene:
        unit = _one(scene.stuff_unit)
        told = [f"{n} {'whole' if place == 'ones' else place if n > 1 else _one(place)}" for place, n in counts.items()]
        amount = told[0] if len(told) == 1 else _join(told)
        amount += (f" {unit}s" if counts["ones"] > 1 else f" {unit}") if list(counts) == ["ones"] else f" of a {unit}"
        if "ones" in counts:
            amount = amount.replace(" whole", f" {unit}" if counts["ones"] == 1 else f" {unit}s")
        text = (
            f"{scene.person} measures {amount} of {scene.stuff}. How many {scene.stuff_unit} is that? Write a decimal."
        )
    else:
        text = f"Write as a decimal: {said[0] if len(said) == 1 else _join(said)}."
    steps = []
    tenths, hundredths = counts.get("tenths", 0), counts.get("hundredths", 0)
    if tenths > 9:
        steps.append(
            f"10 tenths make 1 whole, so {tenths} tenths are {_some(tenths // 10, 'wholes')} and {_some(tenths % 10, 'tenths')}."
        )
    if hundredths > 99:
        steps.append(
            f"100 hundredths make 1 whole, so {hundredths} hundredths are {_some(hundredths // 100, 'wholes')} and {_some(hundredths % 100, 'hundredths')}."
        )
    elif hundredths > 9 and tenths:
        steps.append(
            f"10 hundredths make 1 tenth, so {hundredths} hundredths are {_some(hundredths // 10, 'tenths')} and {_some(hundredths % 10, 'hundredths')}."
        )
    steps += _placed(total)
    expression = (
        f"decimal({' + '.join(f'{n}/{10 ** _PLACES.index(p)}' if p != 'ones' else str(n) for p, n in counts.items())})"
    )
    return Draft(
        text,
        dec(total),
        expression,
        tuple(steps),
        dict(counts),
        family,
        form="decimal",
        unit=scene.stuff_unit if scene else "",
    )


def _placed(total: Fraction) -> list[str]:
    """The steps that put an amount into its places."""
    shown = dec(total)
    whole, _, part = shown.partition(".")
    named = [
        f"{whole} before the point",
        *(f"{digit} in the {place} place" for digit, place in zip(part, _PLACES[1:], strict=False)),
    ]
    return [f"Write {_join(named)}.", f"The decimal is {shown}."]


@generator("decimals.from_fraction")
def from_fraction(rng: Random, level: int, scene: Scene | None) -> Draft:
    w = rng.randint(1, 30)
    bare = rng.random() < 0.5
    if level == 1:
        b = rng.choice((10, 100))
        a = rng.randint(1, 9) if b == 10 else rng.randint(1, 8) * 10 + rng.randint(1, 9)
        w = 0 if bare or b == 100 else w
    elif level == 2:
        b = 100
        small = rng.random() < 0.6
        a = rng.randint(1, 9) if small else rng.randint(1, 8) * 10 + rng.randint(1, 9)
        w = w if small and rng.random() < 0.65 else 0
    else:
        b = rng.choice((2, 4, 5, 20, 20, 25, 25, 50))
        a = rng.choice([i for i in range(1, b) if gcd(i, b) == 1])
        w = 0 if rng.random() < 0.6 else w
    text = f"Write {w} {a}/{b} as a decimal." if w else f"Write {a}/{b} as a decimal."
    if scene:
        shown = f"{w} {a}/{b} {scene.stuff_unit}" if w else f"{a}/{b} {_one(scene.stuff_unit)}"
        text = f"{scene.person} uses {shown} of {scene.stuff}. {text}"
    return _as_decimal(text, w, a, b)


def _as_decimal(text: str, w: int, a: int, b: int) -> Draft:
    total = w + Fraction(a, b)
    steps = []
    if b not in (10, 100):
        base = 10 if 10 % b == 0 else 100
        steps.append(f"{b} × {base // b} = {base}, so {a}/{b} = {a * (base // b)}/{base}.")
    else:
        base = b
    top = a * base // b
    name = "tenth" if base == 10 else "hundredth"
    steps.append(f"{top}/{base} means {top} {name}{'s' if top > 1 else ''}.")
    if base == 100 and top < 10:
        steps.append("There are no tenths, so a 0 keeps the tenths place.")
    steps.append(f"{w} + {a}/{b} = {dec(total)}" if w else f"{a}/{b} = {dec(total)}")
    values = {"whole": w, "a": a, "b": b}
    expression = f"decimal({w} + {a}/{b})" if w else f"decimal({a}/{b})"
    return Draft(text, dec(total), expression, tuple(steps), values, "mixed" if w else "fraction", form="decimal")


def _sign(x: str, y: str) -> str:
    a, b = Fraction(x), Fraction(y)
    return "<" if a < b else ">" if a > b else "="


@generator("decimals.compare")
def compare(rng: Random, level: int, scene: Scene | None) -> Draft:
    w = rng.choice((0, 0, rng.randint(1, 20)))
    if level == 1:
        places = rng.choice((1, 2))
        x, y = (_decimal(rng, 1, 10**places - 1, places) for _ in range(2))
        while x == y:
            y = _decimal(rng, 1, 10**places - 1, places)
        return _compare(_plus(x, w), _plus(y, w), scene)
    t = rng.randint(2, 8)
    if level == 2 and rng.random() < 0.6:
        below, above = (11, 10 * t - 1), (10 * t + 1, 99)
        trap = rng.choice(("whole_number", "short", "short", "zero"))
        if trap == "zero":  # 0.3 and 0.07
            t = rng.randint(1, 6)
            y = _point(rng.randint(t + 1, 9), 2)
        else:  # 0.8 and 0.35, or 0.2 and 0.75
            y = _decimal(rng, *(below if trap == "whole_number" else above), 2)
        shown = [_plus(_point(t, 1), w), _plus(y, w)]
    elif level == 3 and rng.random() < 0.2:
        x = _plus(_point(t, 1), w)
        shown = [x, f"{x}0"]
    else:  # one tenth, and hundredths below and above it
        shown = [_point(t, 1), _decimal(rng, 11, 10 * t - 1, 2), _decimal(rng, 10 * t + 1, 99, 2)]
        if level == 3:
            shown.append(_point(rng.randint(1, 9), 2))
        shown = [_plus(x, w) for x in shown]
    rng.shuffle(shown)
    return _compare(shown[0], shown[1], scene) if len(shown) == 2 else _order(shown, scene)


def _plus(x: str, w: int) -> str:
    return dec(Fraction(x) + w)


def _compare(x: str, y: str, scene: Scene | None) -> Draft:
    sign = _sign(x, y)
    places = max(_places(x), _places(y))
    p, q = _fixed(Fraction(x), places), _fixed(Fraction(y), places)
    steps = []
    if (p, q) != (x, y):
        steps.append(f"Fill empty places with zeros: compare {p} and {q}.")
    if sign == "=":
        steps.append("All digits are the same. A zero at the end does not change the amount.")
    else:
        differ = next(i for i, (c, d) in enumerate(zip(p.replace(".", ""), q.replace(".", ""), strict=True)) if c != d)
        at = differ - p.index(".") + 1
        c, d = p.replace(".", "")[differ], q.replace(".", "")[differ]
        steps.append(f"From the left, the digits first differ in the {_PLACES[at]} place: {c} and {d}.")
    steps.append(f"{x} {sign} {y}")
    text = f"Which sign belongs in the box: <, > or =? {x} □ {y}"
    if scene:
        text = (
            f"{scene.person} uses {x} {scene.stuff_unit} of {scene.stuff} and {scene.friend} uses {y} {scene.stuff_unit}. "
            f"Compare the two amounts: {x} □ {y}. Which sign belongs in the box: <, > or =?"
        )
    return Draft(text, sign, f"compare({x}, {y})", tuple(steps), {"x": x, "y": y}, "compare", kind="comparison")


def _order(shown: list[str], scene: Scene | None) -> Draft:
    ordered = sorted(shown, key=Fraction)
    text = f"Write the decimals in order from least to greatest: {', '.join(shown)}."
    if scene:
        text = (
            f"{scene.person} measures {len(shown)} amounts of {scene.stuff}: {', '.join(shown)} {scene.stuff_unit}. "
            f"Write them in order from least to greatest."
        )
    steps = (
        f"Give all numbers two decimal places: {', '.join(_fixed(Fraction(x), 2) for x in shown)}.",
        f"The least is {ordered[0]} and the greatest is {ordered[-1]}.",
        f"The order is {', '.join(ordered)}.",
    )
    return Draft(
        text, ", ".join(ordered), f"order({', '.join(shown)})", steps, {"numbers": shown}, "order", kind="list"
    )


# grade 5


@generator("decimals.place_value")
def place_value(rng: Random, level: int, scene: Scene | None) -> Draft:
    family = rng.choice(("digit", "value", "value"))
    if rng.random() < {1: 0, 2: 0.3, 3: 0.4}[level]:
        family = "times"
    places = {1: 2, 2: 3, 3: 3}[level]
    digits = rng.sample("123456789", 8)
    front = "".join(digits[: {1: 3, 2: 4, 3: 4}[level]])
    number = f"{front}.{''.join(digits[4 : 4 + places])}"
    place = rng.randint(1, places)
    at, gap = rng.randint(-1, 1), rng.randint(2, 3)
    said = f"{int(front):,}.{number.partition('.')[2]}"
    digit = number.partition(".")[2][place - 1]
    unit = f"1/{10**place}"
    on_sign = f"On a delivery list, {scene.person} reads {said} {scene.stuff_unit} of {scene.stuff}. " if scene else ""
    if family == "times":
        return _times_as_much(digits, at, gap, scene)
    values = {"number": number, "place": place}
    if family == "digit":
        text = f"Which digit is in the {_PLACES[place]} place of {said}?"
        steps = (
            f"Start at the ones, which are {front[-1]}.",
            f"Go {place} {'place' if place == 1 else 'places'} to the right: {', '.join(_PLACES[1 : place + 1])}.",
            f"The digit there is {digit}.",
        )
        return Draft(on_sign + text, digit, f"digit({number}, {unit})", steps, values, family)
    text = f"What is the value of the digit {digit} in {said}?"
    value = _point(int(digit), place)
    steps = (
        f"The {digit} is {place} {'place' if place == 1 else 'places'} to the right of the ones: the {_PLACES[place]} place.",
        f"{_some(int(digit), _PLACES[place])} {'is' if digit == '1' else 'are'} {value}.",
    )
    return Draft(on_sign + text, value, f"place_value({number}, {unit})", steps, values | {"digit": digit}, family)


def _times_as_much(digits: list[str], at: int, gap: int, scene: Scene | None) -> Draft:
    """How many times is a digit worth in one number compared with another; `at` 1 is the tens, 0 ones, -1 tenths."""
    d, *rest = digits
    low = at - gap
    first = {1: f"{d}{rest[0]}.{rest[1]}", 0: f"{d}.{rest[0]}{rest[1]}", -1: f"{rest[0]}.{d}{rest[1]}"}[at]
    second = rest[2] + "." + "".join(rest[3 : 3 - low - 1]) + d if low < 0 else f"{rest[2]}{d}.{rest[3]}"
    if low < -3:
        low = -3
        second = f"{rest[2]}.{rest[3]}{rest[4]}{d}"
    factor = 10 ** (at - low)
    text = f"The digit {d} stands in {first} and in {second}. How many times as much is it worth in {first} as in {second}?"
    if scene:
        text = f"{scene.person} writes {first} and {scene.friend} writes {second}. {text}"
    value, other = dec(Fraction(int(d)) * Fraction(10) ** at), dec(Fraction(int(d)) * Fraction(10) ** low)
    steps = (
        f"In {first} the digit {d} is worth {value}.",
        f"In {second} the digit {d} is worth {other}.",
        f"Each place is worth 10 times as much as the next one: {' × '.join(['10'] * (at - low))} = {factor}."
        if at - low > 1
        else "The places are neighbors, so it is worth 10 times as much.",
    )
    up, down = ("10" if at == 1 else "1" if at == 0 else "1/10"), f"1/{10**-low}"
    expression = f"place_value({first}, {up}) / place_value({second}, {down})"
    return Draft(text, str(factor), expression, steps, {"power": at - low, "times": factor}, "times")


@generator("decimals.powers_of_ten")
def powers_of_ten(rng: Random, level: int, scene: Scene | None) -> Draft:
    k = rng.randint(*{1: (1, 2), 2: (1, 3), 3: (2, 4)}[level])
    multiply = level == 1 or rng.random() < 0.65
    raised = level == 3 or (level == 2 and k > 1)
    x = _decimal(rng, 11, 9999 if level > 1 else 999, rng.randint(1, (2 if level == 1 else 3) if multiply else 1))
    power = f"10{_RAISED[k]}" if raised else f"{10**k:,}"
    result = Fraction(x) * 10**k if multiply else Fraction(x) / 10**k
    text = f"Work out {x} {'×' if multiply else '÷'} {power}."
    if scene and multiply:
        text = f"One container holds {x} {scene.stuff_unit} of {scene.stuff}. How many {scene.stuff_unit} do {power} such containers hold?"
    elif scene:
        text = (
            f"{scene.person} divides {x} {scene.stuff_unit} of {scene.stuff} equally into {power} tiny samples. "
            f"How many {scene.stuff_unit} are in each sample?"
        )
    count = f"{k} {'place' if k == 1 else 'places'}"
    steps = (
        [f"{power} is {' × '.join(['10'] * k)}, so there are {k} tens to multiply."]
        if raised
        else [f"{power} has {k} {'zero' if k == 1 else 'zeros'}."]
    )
    steps.append(f"Move the digits {count} to the {'left' if multiply else 'right'}.")
    steps.append(f"{x} {'×' if multiply else '÷'} {10**k} = {dec(result)}")
    expression = f"{x} {'*' if multiply else '/'} {f'10^{k}' if raised else 10**k}"
    values = {"x": x, "power": k, "multiply": int(multiply), "raised": int(raised)}
    return Draft(
        text,
        dec(result),
        expression,
        tuple(steps),
        values,
        "multiply" if multiply else "divide",
        unit=scene.stuff_unit if scene else "",
    )


@generator("decimals.round")
def round_(rng: Random, level: int, scene: Scene | None) -> Draft:
    several = rng.random() < {1: 0, 2: 0.6, 3: 0.8}[level]
    if several:
        places = list(range(level))
        chain = rng.random() < 0.7
        at = rng.randrange(level - 1)
        digits = [rng.randint(1, 9) for _ in range(level)]
        if chain:  # such as 2.47, which a learner turns into 2.5 and then into 3
            digits[at : at + 2] = [4, rng.randint(5, 9)]
        x = _point(int(f"{rng.randint(2, 199)}{''.join(map(str, digits))}"), level)
    else:
        place = rng.randint(0, 1) if level == 1 else rng.randint(0 if level == 3 else 1, 2)
        places = [place]
        extra = 1 if level == 1 or (level == 2 and place == 2) else 2
        chain = extra == 2 and rng.random() < 0.4
        tail = 4 if chain else rng.randint(1, 9)
        last = rng.randint(5, 9) if chain else rng.randint(1, 9)
        front = rng.randint(1, 99) * 10**place + rng.randint(1, 9) if place else rng.randint(2, 199)
        x = _point(front * 10**extra + (tail * 10 + last if extra == 2 else tail), place + extra)
    text = f"Round {x} to the nearest {_NEAREST[places[0]]}."
    if several:
        ways = _join([f"to the nearest {_NEAREST[place]}" for place in places])
        text = f"Round {x} {ways}. Write the results in this order."
    if scene:
        text = f"{scene.person} measures {x} {scene.stuff_unit} of {scene.stuff}. {text}"
    return _rounded(text, x, places)


def _rounded(text: str, x: str, places: list[int]) -> Draft:
    answers = [_fixed(_nearest(Fraction(x), place), place) for place in places]
    steps = []
    for place, answer in zip(places, answers, strict=True):
        step = Fraction(1, 10**place)
        lower = Fraction(x) // step * step
        digit = int(x.partition(".")[2][place])
        why = f"The digit after the {_PLACES[place]} is {digit}, which is {'5 or more' if digit >= 5 else '4 or less'}"
        if len(places) == 1:
            steps.append(f"{x} lies between {_fixed(lower, place)} and {_fixed(lower + step, place)}.")
        steps.append(f"{why}, so {x} rounds to {answer}.")
    if len(places) > 1:
        steps.append(f"The results are {', '.join(answers)}.")
    parts = [f"round_to({x}, {f'1/{10**place}' if place else 1})" for place in places]
    expression = parts[0] if len(places) == 1 else f"list({', '.join(parts)})"
    family = _NEAREST[places[0]] if len(places) == 1 else f"{len(places)} places"
    kind = "number" if len(places) == 1 else "list"
    return Draft(text, ", ".join(answers), expression, tuple(steps), {"x": x, "places": places}, family, kind=kind)


def _columns(numbers: Sequence[str]) -> list[list[int]]:
    """The digits of each number from the last decimal place to the tenths, then its whole part."""
    places = max(map(_places, numbers))
    rows = [_fixed(Fraction(x), places).partition(".") for x in numbers]
    return [[*map(int, reversed(part)), int(whole)] for whole, _, part in rows]


def _filled(numbers: Sequence[str]) -> list[str]:
    """The step that fills empty places; none when there are none."""
    places = max(map(_places, numbers))
    if all(_places(x) == places for x in numbers):
        return []
    return [
        f"Line up the points and fill empty places with zeros: {_join([_fixed(Fraction(x), places) for x in numbers])}."
    ]


@generator("decimals.add")
def add(rng: Random, level: int, scene: Scene | None) -> Draft:
    late = rng.random() < 0.5
    if level == 1:
        places = rng.randint(1, 2)
        numbers = [_decimal(rng, 11, 99 if places == 1 else 999, places) for _ in range(2)]
    elif level == 2:
        numbers = [_decimal(rng, 11, 199, 1), _decimal(rng, 101, 1999, 2)]
        rng.shuffle(numbers)
    else:
        numbers = [str(rng.randint(2, 40)), _decimal(rng, 11, 299, 1), _decimal(rng, 101, 2999, rng.randint(2, 3))]
        rng.shuffle(numbers)
    text = f"Work out {' + '.join(numbers)}."
    unit = scene.stuff_unit if scene else ""
    if scene and len(numbers) == 3:
        first, second, third = (f"{x} {unit}" for x in numbers)
        text = (
            f"{scene.person} uses {first} of {scene.stuff} on Monday, {second} on Tuesday and {third} on Wednesday. "
            f"How many {unit} is that in all?"
        )
    elif scene and late:
        text = (
            f"{scene.person} uses {numbers[0]} {unit} of {scene.stuff} in the morning and {numbers[1]} {unit} in the afternoon. "
            f"How many {unit} is that in all?"
        )
    elif scene:
        text = (
            f"{scene.person} has {numbers[0]} {unit} of {scene.stuff}, and {scene.friend} has {numbers[1]} {unit}. "
            f"How many {unit} do they have together?"
        )
    return _sum_of(text, numbers, unit)


def _sum_of(text: str, numbers: list[str], unit: str = "") -> Draft:
    total = _shown(sum(map(Fraction, numbers), Fraction(0)), unit)
    steps, carry, columns = _filled(numbers), 0, _columns(numbers)
    for at, digits in enumerate(zip(*columns, strict=True), 1):
        place = len(columns[0]) - at
        found = sum(digits) + carry
        said = f"{' + '.join(map(str, digits))}{f' + {carry}' if carry else ''} = {found}"
        if place:
            carry = found // 10
            said += f"; write {found % 10} and carry {carry}" if carry else ""
        steps.append(f"{_PLACES[place].capitalize() if place else 'Wholes'}: {said}.")
    steps.append(f"{' + '.join(numbers)} = {total}")
    return Draft(text, total, " + ".join(numbers), tuple(steps), {"numbers": numbers, "subtract": 0}, "sum", unit=unit)


@generator("decimals.subtract")
def subtract(rng: Random, level: int, scene: Scene | None) -> Draft:
    late = rng.random() < 0.5
    while True:
        if level == 1:
            places = rng.randint(1, 2)
            x, y = (_decimal(rng, 11, 99 if places == 1 else 999, places) for _ in range(2))
        elif level == 2:
            x, y = _decimal(rng, 21, 299, 1), _decimal(rng, 101, 1999, 2)
        else:
            x = str(rng.randint(3, 60)) if rng.random() < 0.5 else _decimal(rng, 21, 399, 1)
            y = _decimal(rng, 1001, 20999, 3) if rng.random() < 0.5 else _decimal(rng, 101, 2999, 2)
        if level == 1 and Fraction(x) < Fraction(y):
            x, y = y, x
        if Fraction(x) - Fraction(y) >= Fraction(1, 2):
            break
    text = f"Work out {x} - {y}."
    unit = scene.stuff_unit if scene else ""
    if scene and late:
        text = f"{scene.person} has {x} {unit} of {scene.stuff}. {scene.friend} has {y} {unit}. How many {unit} more does {scene.person} have?"
    elif scene:
        text = f"{scene.person} has {x} {unit} of {scene.stuff} and uses {y} {unit}. How many {unit} are left?"
    return _difference_of(text, x, y, unit)


def _difference_of(text: str, x: str, y: str, unit: str = "") -> Draft:
    difference = _shown(Fraction(x) - Fraction(y), unit)
    steps, open_one = _filled((x, y)), 0
    tops, bottoms = _columns((x, y))
    for at, (top, bottom) in enumerate(zip(tops, bottoms, strict=True), 1):
        place = len(tops) - at
        top -= open_one
        gone = "one was opened" if open_one else ""
        open_one = int(place > 0 and top < bottom)
        opened = f"open one {_one(_PLACES[place - 1]) if place > 1 else 'whole'}" if open_one else ""
        why = ", so ".join(filter(None, (gone, opened)))
        said = f"{top + 10 * open_one} - {bottom} = {top + 10 * open_one - bottom}"
        steps.append(f"{_PLACES[place].capitalize() if place else 'Wholes'}: {f'{why}; {said}' if why else said}.")
    steps.append(f"{x} - {y} = {difference}")
    return Draft(
        text, difference, f"{x} - {y}", tuple(steps), {"numbers": [x, y], "subtract": 1}, "difference", unit=unit
    )


@generator("decimals.multiply")
def multiply(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level == 1:
        x, y = str(rng.randint(2, 12)), _decimal(rng, 2, 99, 1)
    elif level == 2:
        x, y = _decimal(rng, 2, 99, 1), _decimal(rng, 2, 99, 1)
    else:
        x, y = _decimal(rng, 11, 99, 1), _decimal(rng, 5, 499, 2)
    text = f"Work out {x} × {y}."
    if scene and level == 1:
        text = f"Each of {x} containers holds {y} {scene.stuff_unit} of {scene.stuff}. How many {scene.stuff_unit} is that in all?"
    elif scene:
        text = (
            f"At {scene.place}, {scene.person} draws a rectangle that is {x} centimeters wide and {y} centimeters high. "
            f"What is its area in square centimeters?"
        )
    return _product_of(text, x, y)


def _product_of(text: str, x: str, y: str, unit: str = "") -> Draft:
    product = _shown(Fraction(x) * Fraction(y), unit)
    p, q, places = _digits(x), _digits(y), _places(x) + _places(y)
    steps = (
        f"Without the points: {p} × {q} = {p * q}.",
        f"The factors have {_places(x)} and {_places(y)} decimal places, {places} in all.",
        f"{x} × {y} = {product}",
    )
    return Draft(text, product, f"{x} * {y}", steps, {"x": x, "y": y}, "product", unit=unit)


@generator("decimals.divide_by_whole")
def divide_by_whole(rng: Random, level: int, scene: Scene | None) -> Draft:
    family = rng.choice(
        {1: ("plain",), 2: ("zero", "both", "both", "more_places"), 3: ("zero", "both", "more_places")}[level]
    )
    n = rng.randint(2, 9 if level < 3 else 12)
    if family == "plain":
        x = n * Fraction(_decimal(rng, 11, 99, 1) if rng.random() < 0.6 else _decimal(rng, 111, 999, 2))
    elif family == "zero":  # 6.24 ÷ 6 = 1.04
        x = n * (rng.randint(0, 9 if level == 2 else 40) + Fraction(rng.randint(1, 9), 100))
    elif family == "both":  # 8.2 ÷ 4 = 2.05
        n = rng.choice((2, 4, 5, 5, 6, 8))
        x = n * (rng.randint(0, 9 if level == 2 else 60) + Fraction(rng.choice((2, 4, 6, 8)) if n == 5 else 5, 100))
    else:  # 5.7 ÷ 4 = 1.425, 9 ÷ 4 = 2.25
        n = rng.choice((2, 4, 5, 6, 8, 12))
        places = rng.randint(0, 1)
        while True:
            x = Fraction(rng.randint(11, 399 if places else 99), 10**places)
            quotient = dec(x / n)
            if x * 10**places % n and "/" not in quotient and 0 < _places(quotient) - places <= level:
                break
    shown = dec(x)
    text = f"Work out {shown} ÷ {n}."
    unit = scene.stuff_unit if scene else ""
    if scene:
        text = f"{scene.person} divides {shown} {unit} of {scene.stuff} equally among {n} containers. How many {unit} go into each container?"
    return _quotient_of(text, shown, n, family, unit)


def _fitting(n: int, fits: int, there: int, left: int) -> str:
    """One division step in words."""
    if not fits:
        return f"{n} does not fit into {there}, so write 0." if there else "nothing to share, so write 0."
    return f"{n} fits {'once' if fits == 1 else f'{fits} times'} into {there}{f', and {left} is left' if left else ''}."


def _quotient_of(text: str, x: str, n: int, family: str, unit: str = "") -> Draft:
    quotient = _shown(Fraction(x) / n, unit)
    whole, _, part = _fixed(Fraction(x), _places(quotient)).partition(".")
    fits, left = divmod(int(whole), n)
    steps = [f"Ones: {_fitting(n, fits, int(whole), left)}"]
    for place, digit in zip(_PLACES[1:], part, strict=False):
        there = 10 * left + int(digit)
        more = f", and {digit} more make{'s' if digit == '1' else ''} {there}" if int(digit) else ""
        before = f"the {left} left over become{'s' if left == 1 else ''} {10 * left}{more}. " if left else ""
        fits, left = divmod(there, n)
        steps.append(f"{place.capitalize()}: {before}{_fitting(n, fits, there, left)}")
    steps.append(f"{x} ÷ {n} = {quotient}")
    return Draft(text, quotient, f"{x} / {n}", tuple(steps), {"x": x, "n": n}, family, unit=unit)


# grade 6


@generator("decimals.divide")
def divide(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level == 1:
        divisor, quotient = _decimal(rng, 2, 25, 1), str(rng.randint(2, 30))
    elif level == 2:
        divisor, quotient = _decimal(rng, 2, 45, 1), _decimal(rng, 11, 99, 1)
    else:
        divisor, quotient = _decimal(rng, 3, 250, 2), _decimal(rng, 2, 99, 1)
    dividend = dec(Fraction(divisor) * Fraction(quotient))
    text = f"Work out {dividend} ÷ {divisor}."
    unit = (_one(scene.stuff_unit) if dividend == "1" else scene.stuff_unit) if scene else ""
    if scene and level == 1:
        text = (
            f"{scene.person} divides {dividend} {unit} of {scene.stuff} into portions of {divisor} {scene.stuff_unit} each. "
            f"How many portions is that?"
        )
    elif scene:
        text = (
            f"A recipe for one batch needs {divisor} {scene.stuff_unit} of {scene.stuff}. {scene.person} has {dividend} {unit}. "
            f"For how many batches is that enough? Give the exact decimal."
        )
        if "bak" not in scene.interest and "cook" not in scene.interest:
            text = (
                f"One full container holds {divisor} {scene.stuff_unit} of {scene.stuff}. {scene.person} has {dividend} {unit}. "
                f"How many full containers is that? Give the exact decimal."
            )
    return _quotient(text, dividend, divisor)


def _quotient(text: str, dividend: str, divisor: str) -> Draft:
    shift = 10 ** _places(divisor)
    quotient = dec(Fraction(dividend) / Fraction(divisor))
    moved, by = dec(Fraction(dividend) * shift), dec(Fraction(divisor) * shift)
    steps = (
        f"Multiply both numbers by {shift}: {dividend} × {shift} = {moved} and {divisor} × {shift} = {by}.",
        f"{moved} ÷ {by} = {quotient}",
        f"So {dividend} ÷ {divisor} = {quotient}.",
    )
    return Draft(
        text, quotient, f"{dividend} / {divisor}", steps, {"dividend": dividend, "divisor": divisor}, "quotient"
    )


@generator("decimals.to_fraction")
def to_fraction(rng: Random, level: int, scene: Scene | None) -> Draft:
    places = {1: 1, 2: 2, 3: 3}[level]
    w = rng.choice((0, rng.randint(1, 25)))
    part = rng.choice(
        [i for i in range(1, 10**places) if i % 10 and (level == 1 or gcd(i, 10**places) > 1 or i % 3 == 0)]
    )
    x = _point(w * 10**places + part, places)
    text = f"Write {x} as a {'mixed number' if w else 'fraction'} in simplest form."
    if scene:
        text = f"{scene.person} uses {x} {scene.stuff_unit} of {scene.stuff}. {text}"
    return _as_fraction(text, x)


def _as_fraction(text: str, x: str) -> Draft:
    bottom = 10 ** _places(x)
    w, part = divmod(_digits(x), bottom)
    g = gcd(part, bottom)
    simple = Fraction(part, bottom)
    steps = [f"The last digit stands for {_PLACES[_places(x)]}, so the part after the point is {part}/{bottom}."]
    if g > 1:
        steps.append(f"Divide both numbers by {g}: {part} ÷ {g} = {part // g} and {bottom} ÷ {g} = {bottom // g}.")
    else:
        steps.append(f"No number but 1 divides both {part} and {bottom}.")
    steps.append(f"{x} = {mixed(w + simple)}")
    values = {"x": x, "whole": w, "part": part, "bottom": bottom}
    return Draft(
        text, mixed(w + simple), f"simplest({x})", tuple(steps), values, "mixed" if w else "fraction", form="simplest"
    )


# problems that need several skills


def _told(scene: Scene | None) -> Scene:
    """A composed problem is always a story."""
    return scene or draw_scene(None, "default")


def _price(rng: Random, low: int, high: int) -> Fraction:
    """A price in dollars that ends in 5 cents or 0; low and high are in 5 cents."""
    return Fraction(rng.randint(low, high), 20)


@composer("decimals.change_from_a_bill", ("decimals.add", "decimals.subtract"))
def change_from_a_bill(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _told(scene)
    a, b = (_fixed(_price(rng, 31, {1: 90, 2: 190, 3: 380}[level]), 2) for _ in range(2))
    total = _fixed(Fraction(a) + Fraction(b), 2)
    bill = next(n for n in (10, 20, 50) if n > Fraction(total))
    change = money(bill - Fraction(total))
    buying = f"{s.person} buys two {s.buys}, one for ${a} and one for ${b}."
    first = _sum_of(f"{buying} How many dollars is that in all?", [a, b], "dollars")
    second = _difference_of(
        f"{s.person} has to pay ${total} and gives a ${bill} bill. How many dollars does {s.person} get back?",
        str(bill),
        total,
        "dollars",
    )
    whole = Draft(
        f"{buying} {s.person} pays with a ${bill} bill. How many dollars does {s.person} get back?", change, f"{bill} - ({a} + {b})",
        (f"{a} + {b} = {total}", f"{bill} - {total} = {change}"), {"numbers": [str(bill), a, b]}, unit="dollars",
    )  # fmt: skip
    return whole, [("decimals.add", first), ("decimals.subtract", second)]


@composer("decimals.better_price", ("decimals.divide_by_whole", "decimals.divide_by_whole", "decimals.compare"))
def better_price(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _told(scene)
    n, k = rng.sample(range(2, {1: 6, 2: 9, 3: 13}[level]), 2)
    p = _price(rng, 30, 120)
    q = p + Fraction(rng.choice((-3, -2, -1, 1, 2, 3)), {1: 2, 2: 10, 3: 20}[level])
    each, other = _fixed(p, 2), _fixed(q, 2)
    first_total, second_total = _fixed(p * n, 2), _fixed(q * k, 2)
    shops = f"Shop A sells {s.count_buys(n)} for ${first_total}. Shop B sells {s.count_buys(k)} for ${second_total}."
    ask = "What is the price of one, in dollars?"
    steps = (f"{first_total} ÷ {n} = {each}", f"{second_total} ÷ {k} = {other}", f"{each} {_sign(each, other)} {other}")
    whole = Draft(
        f"{shops} Compare the price of one {s.buy} in shop A with the price in shop B: which sign belongs between them, <, > or =?",
        _sign(each, other), f"compare({first_total} / {n}, {second_total} / {k})", steps, {"x": each, "y": other}, kind="comparison",
    )  # fmt: skip
    parts = [
        ("decimals.divide_by_whole", _quotient_of(f"Shop A sells {s.count_buys(n)} for ${first_total}. {ask}", first_total, n, "plain", "dollars")),
        ("decimals.divide_by_whole", _quotient_of(f"Shop B sells {s.count_buys(k)} for ${second_total}. {ask}", second_total, k, "plain", "dollars")),
        ("decimals.compare", _compare(each, other, None)),
    ]  # fmt: skip
    return whole, parts


@composer("decimals.price_by_amount", ("decimals.multiply", "decimals.round"))
def price_by_amount(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _told(scene)
    while True:
        amount = _decimal(rng, 11, {1: 39, 2: 69, 3: 99}[level], 1)
        price = _decimal(rng, 101, {1: 399, 2: 699, 3: 1299}[level], 2)
        exact = dec(Fraction(amount) * Fraction(price))
        if _places(exact) == 3:
            break
    one = _one(s.stuff_unit)
    story = f"One {one} of {s.stuff} costs ${price}. {s.person} buys {amount} {s.stuff_unit}."
    first = _product_of(f"{story} What is the exact product of {amount} and {price}?", amount, price)
    second = _rounded(f"Round {exact} dollars to the nearest hundredth of a dollar.", exact, [2])
    whole = Draft(
        f"{story} How many dollars is that, rounded to the nearest hundredth?", second.answer, f"round_to({amount} * {price}, 1/100)",
        (f"{amount} × {price} = {exact}", f"To the nearest hundredth, {exact} rounds to {second.answer}."), first.values, unit="dollars",
    )  # fmt: skip
    return whole, [("decimals.multiply", first), ("decimals.round", second)]


@composer("decimals.shared_bill", ("decimals.multiply", "decimals.add", "decimals.divide_by_whole"))
def shared_bill(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _told(scene)
    while True:
        n, people = rng.randint(2, {1: 5, 2: 8, 3: 12}[level]), rng.randint(2, {1: 4, 2: 6, 3: 9}[level])
        price, extra = _price(rng, 31, 150), _price(rng, 21, 100)
        share = (n * price + extra) / people
        if _places(dec(share)) <= 2 and "/" not in dec(share) and _places(dec(price)) and _places(dec(extra)):
            break
    each, delivery, sub, total = (_fixed(x, 2) for x in (price, extra, n * price, n * price + extra))
    story = f"{people} friends buy {s.count_buys(n)} for ${each} each."
    first = _product_of(
        f"{s.count_buys(n)} cost ${each} each. How many dollars is that in all?", str(n), each, "dollars"
    )
    second = _sum_of(
        f"The {s.buys} cost ${sub}, and the delivery costs ${delivery}. How many dollars is that in all?",
        [sub, delivery],
        "dollars",
    )
    third = _quotient_of(
        f"{people} friends share a bill of ${total} equally. How many dollars does each friend pay?",
        total,
        people,
        "plain",
        "dollars",
    )
    whole = Draft(
        f"{story} The delivery costs ${delivery}. The friends share the bill equally. How many dollars does each friend pay?",
        money(share), f"({n} * {each} + {delivery}) / {people}",
        (f"{n} × {each} = {sub}", f"{sub} + {delivery} = {total}", f"{total} ÷ {people} = {money(share)}"),
        {"x": total, "n": people}, unit="dollars",
    )  # fmt: skip
    return whole, [("decimals.multiply", first), ("decimals.add", second), ("decimals.divide_by_whole", third)]


@composer("decimals.fraction_plus_decimal", ("decimals.from_fraction", "decimals.add", "decimals.to_fraction"))
def fraction_plus_decimal(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _told(scene)
    while True:
        b = rng.choice({1: (2, 5), 2: (4, 5, 20), 3: (4, 20, 25, 50)}[level])
        a = rng.choice([i for i in range(1, b) if gcd(i, b) == 1])
        y = _decimal(rng, 1, 99, 1) if level == 1 else _decimal(rng, 5, 299, 2)
        total = Fraction(a, b) + Fraction(y)
        if total.denominator > 1:
            break
    x = dec(Fraction(a, b))
    story = f"{s.person} uses {a}/{b} {_one(s.stuff_unit)} of {s.stuff}, and {s.friend} uses {y} {s.stuff_unit}."
    form = "mixed number" if total > 1 else "fraction"
    first = _as_decimal(
        f"{s.person} uses {a}/{b} {_one(s.stuff_unit)} of {s.stuff}. Write {a}/{b} as a decimal.", 0, a, b
    )
    second = _sum_of(
        f"{s.person} uses {x} {s.stuff_unit} of {s.stuff}, and {s.friend} uses {y} {s.stuff_unit}. How many {s.stuff_unit} is that in all?",
        [x, y], s.stuff_unit,
    )  # fmt: skip
    third = _as_fraction(f"Write {dec(total)} as a {form} in simplest form.", dec(total))
    whole = Draft(
        f"{story} How many {s.stuff_unit} is that in all? Write a {form} in simplest form.", mixed(total), f"simplest({a}/{b} + {y})",
        (f"{a}/{b} = {x}", f"{x} + {y} = {dec(total)}", f"{dec(total)} = {mixed(total)}"), third.values, form="simplest", unit=s.stuff_unit,
    )  # fmt: skip
    return whole, [("decimals.from_fraction", first), ("decimals.add", second), ("decimals.to_fraction", third)]


# what learners get wrong


@rule("decimals.writes_digits_right_after_the_point")
def writes_digits_right_after_the_point(v: Values) -> str | None:
    if "b" in v:
        return _unless(f"{v['whole']}.{v['a']}", v["whole"] + Fraction(v["a"], v["b"]))
    right = sum(Fraction(v.get(place, 0), 10**k) for k, place in enumerate(_PLACES))
    return _unless(f"{v.get('ones', 0)}.{v.get('tenths', '')}{v.get('hundredths', '')}", right)


@rule("decimals.puts_point_between_top_and_bottom")
def puts_point_between_top_and_bottom(v: Values) -> str | None:
    return None if v["whole"] else f"{v['a']}.{v['b']}"


def _by_length(x: str) -> tuple[int, int]:
    """The key of "longer is larger": whole part, then the other digits read as a whole number."""
    whole, _, part = x.partition(".")
    return int(whole), int(part or 0)


def _by_shortness(x: str) -> tuple[int, int, int]:
    whole, _, part = x.partition(".")
    return int(whole), -len(part), int(part or 0)


@rule("decimals.longer_is_larger")
def longer_is_larger(v: Values) -> str | None:
    return _by_key(v, _by_length)


@rule("decimals.shorter_is_larger")
def shorter_is_larger(v: Values) -> str | None:
    return _by_key(v, _by_shortness)


def _by_key(v: Values, key: Any) -> str:
    if "numbers" in v:
        return ", ".join(sorted(v["numbers"], key=key))
    a, b = key(v["x"]), key(v["y"])
    return "<" if a < b else ">" if a > b else "="


@rule("decimals.mixes_up_tens_and_tenths")
def mixes_up_tens_and_tenths(v: Values) -> str | None:
    if "digit" in v:
        return str(int(v["digit"]) * 10 ** v["place"])
    whole = v["number"].partition(".")[0]
    return whole[-1 - v["place"]] if len(whole) > v["place"] else None


@rule("decimals.reads_digits_as_whole_number")
def reads_digits_as_whole_number(v: Values) -> str | None:
    part = v["number"].partition(".")[2]
    if "digit" in v:
        return str(int(v["digit"]) * 10 ** (len(part) - v["place"]))
    # asked for the tenths, the learner points at the tens of the "whole number" after the point
    at = len(part) - 1 - v["place"]
    return part[at] if at >= 0 and at != v["place"] - 1 else None


@rule("decimals.counts_ten_for_each_place")
def counts_ten_for_each_place(v: Values) -> str | None:
    k = v["power"]
    if "times" in v:
        return None if k == 1 else str(10 * k)
    if not v["raised"]:
        return None
    x = Fraction(v["x"])
    # an exponent k read as k tens; a quotient that never ends is nothing a learner would write down
    answer = dec(x * 10 * k if v["multiply"] else x / (10 * k))
    return None if "/" in answer else answer


@rule("decimals.attaches_zeros")
def attaches_zeros(v: Values) -> str | None:
    return f"{v['x']}{'0' * v['power']}" if v["multiply"] else None


@rule("decimals.moves_digits_the_wrong_way")
def moves_digits_the_wrong_way(v: Values) -> str | None:
    return dec(Fraction(v["x"]) / 10 ** v["power"] if v["multiply"] else Fraction(v["x"]) * 10 ** v["power"])


def _nearest(x: Fraction, place: int) -> Fraction:
    step = Fraction(1, 10**place)
    return (x + step / 2) // step * step


def _each_place(v: Values, wrong: Callable[[Fraction, int], Fraction]) -> str | None:
    """The results of a wrong way of rounding at every place asked for, None where all are right."""
    x, places = Fraction(v["x"]), v["places"]
    results = [wrong(x, place) for place in places]
    if results == [_nearest(x, place) for place in places]:
        return None
    return ", ".join(_fixed(result, place) for result, place in zip(results, places, strict=True))


@rule("decimals.cuts_off_digits")
def cuts_off_digits(v: Values) -> str | None:
    return _each_place(v, lambda x, place: Fraction(int(x * 10**place), 10**place))


@rule("decimals.lowers_the_digit")
def lowers_the_digit(v: Values) -> str | None:
    def lowered(x: Fraction, place: int) -> Fraction:
        near, step = _nearest(x, place), Fraction(1, 10**place)
        return near - step if step <= near <= x else near

    return _each_place(v, lowered)


@rule("decimals.rounds_digit_by_digit")
def rounds_digit_by_digit(v: Values) -> str | None:
    def step_by_step(x: Fraction, place: int) -> Fraction:
        for p in range(_places(v["x"]) - 1, place - 1, -1):
            x = _nearest(x, p)
        return x

    return _each_place(v, step_by_step)


@rule("decimals.lines_up_the_right_edges")
def lines_up_the_right_edges(v: Values) -> str | None:
    places = max(map(_places, v["numbers"]))
    first, *rest = (Fraction(x) for x in v["numbers"])
    digits, *others = map(_digits, v["numbers"])
    if v["subtract"]:
        return _unless(_point(abs(digits - sum(others)), places), first - sum(rest))
    return _unless(_point(digits + sum(others), places), first + sum(rest))


@rule("decimals.adds_the_sides_separately")
def adds_the_sides_separately(v: Values) -> str | None:
    if v["subtract"]:
        return None
    sides = [x.partition(".") for x in v["numbers"]]
    wrong = f"{sum(int(whole) for whole, _, _ in sides)}.{sum(int(part or 0) for _, _, part in sides)}"
    return _unless(wrong, sum(map(Fraction, v["numbers"])))


@rule("decimals.takes_smaller_from_larger_digit")
def takes_smaller_from_larger_digit(v: Values) -> str | None:
    if not v["subtract"] or len(v["numbers"]) != 2:
        return None
    x, y = map(Fraction, v["numbers"])
    places = max(map(_places, v["numbers"]))
    top, bottom = (str(int(n * 10**places)) for n in (x, y))
    width = max(len(top), len(bottom))
    columns = zip(top.rjust(width, "0"), bottom.rjust(width, "0"), strict=True)
    return _unless(_point(int("".join(str(abs(int(a) - int(b))) for a, b in columns)), places), x - y)


@rule("decimals.keeps_the_places_of_one_factor")
def keeps_the_places_of_one_factor(v: Values) -> str | None:
    x, y = v["x"], v["y"]
    return _unless(_point(_digits(x) * _digits(y), max(_places(x), _places(y))), Fraction(x) * Fraction(y))


@rule("decimals.forgets_the_point")
def forgets_the_point(v: Values) -> str | None:
    if "y" in v:
        return _unless(str(_digits(v["x"]) * _digits(v["y"])), Fraction(v["x"]) * Fraction(v["y"]))
    right = Fraction(v["x"]) / v["n"]
    return _unless(str(_digits(dec(right))), right)


@rule("decimals.skips_the_zero_in_the_quotient")
def skips_the_zero_in_the_quotient(v: Values) -> str | None:
    right = dec(Fraction(v["x"]) / v["n"])
    whole, _, part = right.partition(".")
    return _unless(f"{whole}.{part.replace('0', '')}" if part else None, Fraction(right))


@rule("decimals.writes_remainder_as_last_digit")
def writes_remainder_as_last_digit(v: Values) -> str | None:
    places = _places(v["x"])
    quotient, rest = divmod(_digits(v["x"]), v["n"])
    if not rest:
        return None
    return _unless(
        f"{_fixed(Fraction(quotient, 10**places), places)}{'' if places else '.'}{rest}", Fraction(v["x"]) / v["n"]
    )


@rule("decimals.changes_only_the_divisor")
def changes_only_the_divisor(v: Values) -> str | None:
    return dec(Fraction(v["dividend"]) / _digits(v["divisor"]))


@rule("decimals.counts_places_as_in_multiplication")
def counts_places_as_in_multiplication(v: Values) -> str | None:
    x, y = v["dividend"], v["divisor"]
    wrong = Fraction(_digits(x), _digits(y)) / 10 ** (_places(x) + _places(y))
    return _unless(dec(wrong), Fraction(x) / Fraction(y))


@rule("decimals.puts_everything_over_ten")
def puts_everything_over_ten(v: Values) -> str | None:
    if v["bottom"] == 10:
        return None
    return f"{_digits(v['x'])}/10" if v["whole"] == 0 else mixed(v["whole"] + Fraction(v["part"], 10))


@rule("decimals.takes_digits_as_denominator")
def takes_digits_as_denominator(v: Values) -> str | None:
    w, part = v["whole"], v["part"]
    if part == 1:
        return None
    return _unless_mixed(f"{w} 1/{part}" if w else f"1/{part}", Fraction(1, part), Fraction(part, v["bottom"]))


def _unless_mixed(shown: str, wrong: Fraction, right: Fraction) -> str | None:
    return None if wrong == right else shown


@rule("decimals.leaves_the_fraction_unsimplified")
def leaves_the_fraction_unsimplified(v: Values) -> str | None:
    if gcd(v["part"], v["bottom"]) == 1:
        return None
    return f"{v['whole']} {v['part']}/{v['bottom']}" if v["whole"] else f"{v['part']}/{v['bottom']}"
