"""Ratios, rates and percents, grades 6-7: problems and buggy rules (the words are in ratios.toml)."""

from fractions import Fraction
from math import gcd
from random import Random

from classwright.skilltree.bank import composer, generator, rule
from classwright.skilltree.content._formats import commas, dec, money
from classwright.skilltree.problem import Draft
from classwright.skilltree.scenes import Scene

_PAIRS = (("red bead", "blue bead"), ("cat", "dog"), ("rose", "tulip"), ("fork", "spoon"), ("truck", "car"))


def _ratio(a: int, b: int) -> str:
    return f"{a // gcd(a, b)}:{b // gcd(a, b)}"


def _near(x: Fraction) -> str:
    """A result as a learner would report it: exact if the decimal is short, else rounded to hundredths."""
    text = dec(x)
    if "/" not in text and len(text.partition(".")[2]) <= 4:
        return text
    cents = (x * 100 * 2 + 1).numerator // ((x * 100 * 2 + 1).denominator * 2)
    return dec(Fraction(cents, 100))


def _pct(x: Fraction) -> str:
    return f"{_near(x)}%"


# Ratios -------------------------------------------------------------------------------------------------------------


@generator("ratios.write")
def write(rng: Random, level: int, scene: Scene | None) -> Draft:
    top = {1: 30, 2: 12, 3: 12}[level]
    p, q = rng.randint(1, top), rng.randint(1, top)
    while p == q or gcd(p, q) > 1:
        p, q = rng.randint(1, top), rng.randint(1, top)
    k = {1: 1, 2: rng.randint(2, 8), 3: rng.randint(2, 9)}[level]
    swap = rng.random() < 0.5
    one, two = rng.choice(_PAIRS)
    a, b = p * k, q * k
    values = {"a": a, "b": b}
    if scene:
        mine, yours = f"{scene.person}'s {scene.things}", f"{scene.friend}'s {scene.things}"
        shown = [f"{scene.person} has {scene.count(a)}", f"{scene.friend} has {scene.count(b)}"]
    else:
        mine, yours = f"{one}s", f"{two}s"
        shown = [f"{a} {one}{'s' * (a > 1)}", f"{b} {two}{'s' * (b > 1)}"]
    if level == 3:
        whole = a + b
        if scene:
            start = (
                f"{scene.person} and {scene.friend} have {scene.count(whole)} together. {scene.person} has {a} of them."
            )
        else:
            start = f"There are {whole} {mine} and {yours} in all. Of these, {a} are {mine}."
        text = f"{start} What is the ratio of {mine} to {yours}? Write it in simplest form."
        expression = f"ratio({a}, {whole} - {a})"
        steps = [f"First find the second number: {whole} - {a} = {b}."]
    else:
        first, second = shown[::-1] if swap else shown
        start = f"{first} and {second}." if scene else f"A picture shows {first} and {second}."
        text = f"{start} What is the ratio of {mine} to {yours}?"
        if level == 2:
            text += " Write it in simplest form."
        expression = f"ratio({a}, {b})"
        steps = []
    steps.append(f"The question names {mine} first, so {a} comes first: {a}:{b}.")
    if k > 1:
        steps.append(f"Both numbers divide by {k}: {a} ÷ {k} = {p} and {b} ÷ {k} = {q}.")
    steps.append(f"The ratio is {p}:{q}.")
    return Draft(
        text,
        f"{p}:{q}",
        expression,
        tuple(steps),
        values,
        "part_of_all" if level == 3 else "two_counts",
        "ratio",
        "simplest",
    )


@rule("ratios.reverses_order")
def reverses_order(v) -> str | None:
    return _ratio(v["b"], v["a"])


@rule("ratios.writes_part_to_whole")
def writes_part_to_whole(v) -> str | None:
    return _ratio(v["a"], v["a"] + v["b"])


def _scaled_pair(rng: Random, level: int) -> tuple[int, int, int, int]:
    """Two equivalent ratios a:b and c:d, in values a learner of the level can handle."""
    if level == 1:
        a, b = rng.sample(range(1, 10), 2)
        k = rng.randint(2, 9)
        return a, b, a * k, b * k
    top, factors = (9, range(2, 8)) if level == 2 else (12, range(3, 14))
    p, q = rng.sample(range(2, top + 1), 2)
    while gcd(p, q) > 1:
        p, q = rng.sample(range(2, top + 1), 2)
    i, j = rng.sample(factors, 2)
    while i % j == 0 or j % i == 0:
        i, j = rng.sample(factors, 2)
    if level == 2:
        i, j = min(i, j), max(i, j)
    return p * i, q * i, p * j, q * j


@generator("ratios.equivalent")
def equivalent(rng: Random, level: int, scene: Scene | None) -> Draft:
    a, b, c, d = _scaled_pair(rng, level)
    first_missing = level > 1 and rng.random() < 0.5
    values = {"a": b, "b": a, "c": d} if first_missing else {"a": a, "b": b, "c": c}
    known, other, given, answer = (b, a, d, c) if first_missing else (a, b, c, d)
    g = gcd(a, b)
    steps = []
    if level > 1 and g > 1:
        steps.append(f"Divide both numbers of {a}:{b} by {g}: the ratio is the same as {a // g}:{b // g}.")
    base, base_other = (known, other) if level == 1 else (known // g, other // g)
    k = given // base
    steps += [
        f"{given} ÷ {base} = {k}, so {base} was multiplied by {k}.",
        f"Multiply the other number by {k} too: {base_other} × {k} = {answer}.",
    ]
    if scene:
        who, whom = (scene.friend, scene.person) if first_missing else (scene.person, scene.friend)
        start = (
            f"For every {scene.count(a)} that {scene.person} gets, {scene.friend} gets {b}."
            if level == 1
            else f"On Monday, {scene.person} sorts {scene.count(a)} and {scene.friend} sorts {b}. On Tuesday they sort in the same ratio."
        )
        if level == 1:
            text = f"{start} {who} gets {scene.count(given)} in all. How many {scene.things} does {whom} get?"
        else:
            text = f"{start} {who} sorts {scene.count(given)} on Tuesday. How many {scene.things} does {whom} sort on Tuesday?"
        unit = scene.things
    else:
        text = f"The ratios {a}:{b} and {'?' if first_missing else c}:{d if first_missing else '?'} are equivalent. What is the missing number?"
        unit = ""
    return Draft(
        text,
        str(answer),
        f"{other} * {given} / {known}",
        tuple(steps),
        values,
        "missing_first" if first_missing else "missing_second",
        unit=unit,
    )


@rule("ratios.adds_instead_of_multiplying")
def adds_instead_of_multiplying(v) -> str | None:
    result = v["b"] + v["c"] - v["a"]
    return str(result) if result > 0 else None


@generator("ratios.table")
def table(rng: Random, level: int, scene: Scene | None) -> Draft:
    p, q = rng.sample({1: range(2, 13), 2: range(2, 10), 3: range(3, 16)}[level], 2)
    while level == 3 and q % p == 0:
        p, q = rng.sample(range(3, 16), 2)
    if level == 1:
        factors = [1, 2, 3, 4]
    elif level == 2:
        factors = [1, 2, rng.randint(4, 6), rng.randint(8, 10)]
    else:
        factors = sorted(rng.sample((2, 3, 5, 6, 8, 9, 12), 4))
        while factors[3] - factors[2] == factors[2] - factors[1]:
            factors = sorted(rng.sample((2, 3, 5, 6, 8, 9, 12), 4))
    gap = rng.choice({1: (1, 2, 3), 2: (2, 3), 3: (3,)}[level])
    first_row = level > 1 and rng.random() < 0.4
    x, y = [p * f for f in factors], [q * f for f in factors]
    full, holed = (y, x) if first_row else (x, y)
    answer = holed[gap]
    shown = ", ".join("?" if i == gap else str(n) for i, n in enumerate(holed))
    rows = [shown, ", ".join(map(str, full))] if first_row else [", ".join(map(str, full)), shown]
    if scene:
        start = f"{scene.person} and {scene.friend} share {scene.things} in the same ratio every time. The table shows some of the shares."
        names = (scene.person, scene.friend)
    else:
        start, names = "The pairs in this ratio table all have the same ratio.", ("First", "Second")
    text = f"{start}\n{names[0]}: {rows[0]}\n{names[1]}: {rows[1]}\nWhat is the missing number?"
    g = gcd(p, q)
    k = Fraction(full[gap], full[0])
    if k.denominator == 1:
        steps = (
            f"Compare the first column with the column of the question mark: {full[gap]} ÷ {full[0]} = {k}.",
            f"The other row grows in the same way: {holed[0]} × {k} = {answer}.",
        )
    else:
        one, other = full[0] // gcd(full[0], holed[0]), holed[0] // gcd(full[0], holed[0])
        times = full[gap] // one
        steps = (
            f"The first column, {full[0]} and {holed[0]}, is {one} and {other} in simplest form.",
            f"{full[gap]} ÷ {one} = {times}, so multiply by {times}.",
            f"{other} × {times} = {answer}",
        )
    values = {"a": full[0], "b": holed[0], "c": full[gap], "row": holed[:gap], "missing": gap, "common": g}
    return Draft(
        text,
        str(answer),
        f"{full[gap]} * {holed[0]} / {full[0]}",
        steps,
        values,
        "first_row" if first_row else "second_row",
    )


@rule("ratios.continues_last_step")
def continues_last_step(v) -> str | None:
    row = v["row"]
    return str(2 * row[-1] - row[-2]) if len(row) > 1 else None


# Rates --------------------------------------------------------------------------------------------------------------


@generator("ratios.unit_rate")
def unit_rate(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level == 1:
        n, rate = rng.randint(2, 12), Fraction(rng.randint(3, 40))
    elif level == 2:
        n, rate = rng.randint(3, 12), Fraction(rng.randint(5, 180), 20)
        while rate.denominator == 1:
            rate = Fraction(rng.randint(5, 180), 20)
    else:
        n = rng.choice((4, 5, 8, 10, 20, 25, 40))
        rate = Fraction(rng.randint(3, 7 * n), n)
        while rate.denominator == 1:
            rate = Fraction(rng.randint(3, 7 * n), n)
    total = n * rate
    shown = money(total) if level == 2 else dec(total)
    if level == 1:
        text = (
            f"{scene.count_groups(n)} hold {scene.count(total.numerator)}, the same number in each. How many {scene.things} are in 1 {scene.group}?"
            if scene
            else f"A machine makes {shown} parts in {n} minutes at a steady rate. How many parts does it make per minute?"
        )
        answer, unit, family = dec(rate), scene.things if scene else "parts", "whole"
    elif level == 2:
        text = (
            f"{scene.person} pays ${shown} for {scene.count_buys(n)} at {scene.place}. What is the price of 1 {scene.buy}?"
            if scene
            else f"The price of {n} pounds of fruit is ${shown}. What is the price per pound?"
        )
        answer, unit, family = money(rate), "dollars", "price"
    else:
        text = (
            f"At {scene.place}, {scene.person} sorts {scene.count(total.numerator)} in {n} minutes at a steady rate. What is the unit rate in {scene.things} per minute?"
            if scene
            else f"A pump moves {shown} liters of water in {n} minutes. What is the unit rate in liters per minute?"
        )
        answer, unit, family = dec(rate), f"{scene.things} per minute" if scene else "liters per minute", "decimal"
    per = {1: f"1 {scene.group}" if scene else "1 minute", 2: f"1 {scene.buy}" if scene else "1 pound", 3: "1 minute"}[
        level
    ]
    steps = (
        f"A unit rate tells how much goes with {per}, so share the total among {n} equal parts.",
        f"{shown} ÷ {n} = {answer}",
    )
    return Draft(text, answer, f"{shown} / {n}", steps, {"total": shown, "n": str(n)}, family, unit=unit)


@rule("ratios.divides_the_wrong_way")
def divides_the_wrong_way(v) -> str | None:
    return _near(Fraction(v["n"]) / Fraction(v["total"]))


@generator("ratios.part_whole")
def part_whole(rng: Random, level: int, scene: Scene | None) -> Draft:
    p, q = rng.sample(range(1, 8 if level == 1 else 12), 2)
    while gcd(p, q) > 1:
        p, q = rng.sample(range(1, 8 if level == 1 else 12), 2)
    r = rng.randint(1, 6)
    k = rng.randint(2, 12)
    second = level > 1 and rng.random() < 0.5
    one, two = (f"{name}s" for name in rng.choice(_PAIRS))
    terms = [p, q, r] if level == 3 else [p, q]
    parts, total = sum(terms), sum(terms) * k
    asked = q if second else p
    answer = asked * k
    written = ":".join(map(str, terms))
    if scene:
        who = [scene.person, scene.friend, "a third player"]
        names = (
            f"{scene.person}, {scene.friend}, and a third club member"
            if level == 3
            else f"{scene.person} and {scene.friend}"
        )
        text = f"{names} share {scene.count(total)} in the ratio {written}, in that order. How many {scene.things} does {who[1 if second else 0]} get?"
        unit, piece = scene.things, f"{scene.things}"
    elif level == 3:
        text = f"A total of {total} is split in the ratio {written}. How big is the {'second' if second else 'first'} part?"
        unit, piece = "", ""
    else:
        text = f"The ratio of {one} to {two} is {written}. There are {total} {one} and {two} in all. How many are {two if second else one}?"
        unit = piece = two if second else one
    steps = (
        f"All the parts together: {' + '.join(map(str, terms))} = {parts}.",
        f"Size of one part: {total} ÷ {parts} = {k}.",
        f"The part we want has {asked} of these: {asked} × {k} = {answer}{' ' + piece if piece else ''}.",
    )
    values = {"part": asked, "others": parts - asked, "total": total}
    return Draft(
        text,
        str(answer),
        f"{total} * {asked} / ({' + '.join(map(str, terms))})",
        steps,
        values,
        f"{len(terms)}_parts",
        unit=unit,
    )


@rule("ratios.part_to_part_as_fraction")
def part_to_part_as_fraction(v) -> str | None:
    return _near(Fraction(v["total"] * v["part"], v["others"]))


def _duration(h: int, m: int) -> str:
    hours = f"{h} hour{'s' * (h != 1)}" if h else ""
    return f"{hours}{' and ' if h and m else ''}{f'{m} minutes' if m else ''}"


def _hours(h: int, m: int) -> str:
    if not m:
        return str(h)
    return f"({h} + {m}/60)" if h else f"({m}/60)"


@generator("ratios.speed")
def speed(rng: Random, level: int, scene: Scene | None) -> Draft:
    vehicle = rng.choice(("train", "bus", "truck", "ferry"))
    if level == 1:
        ask = rng.choice(("speed", "distance", "time"))
        v, h, m = rng.randint(24, 90), rng.randint(2, 6), 0
    elif level == 2:
        ask, h, m = "distance", rng.randint(0, 5), rng.choice((15, 30, 45))
        v = 4 * rng.randint(6, 27)
    else:
        ask, h, m = (
            rng.choice(("speed", "speed", "time")),
            rng.randint(0, 4),
            rng.choice((10, 20, 40, 50, 12, 24, 36, 48)),
        )
        v = 6 * rng.randint(5, 15) if m % 10 == 0 else 5 * rng.randint(6, 18)
    t = h + Fraction(m, 60)
    d = v * t
    time = _duration(h, m)
    mover = f"A bus with a group from {scene.place}" if scene else f"A {vehicle}"
    hours = _hours(h, m)
    steps = []
    if m and ask != "time":
        steps.append(f"Write {m} minutes as a part of an hour: {m}/60 = {Fraction(m, 60)}.")
        if h:
            steps.append(f"The whole time in hours: {h} + {Fraction(m, 60)} = {t}.")
    if ask == "distance":
        text = f"{mover} travels for {time} at a steady speed of {v} kilometers per hour. How many kilometers does it travel?"
        answer, unit, expression = dec(d), "kilometers", f"{v} * {hours}"
        steps += [
            f"The speed tells that it covers {v} kilometers in each hour.",
            f"Multiply by the number of hours: {v} × {t} = {answer}.",
        ]
    elif ask == "speed":
        text = f"{mover} travels {dec(d)} kilometers in {time} at a steady speed. What is its speed in kilometers per hour?"
        answer, unit, expression = str(v), "kilometers per hour", f"{dec(d)} / {hours}"
        steps += [
            "Speed is the distance for 1 hour, so divide the distance by the time.",
            f"{dec(d)} ÷ {t if t.denominator == 1 else f'({t})'} = {answer}",
        ]
    elif level == 1:
        text = f"{mover} travels {dec(d)} kilometers at a steady speed of {v} kilometers per hour. How many hours does it take?"
        answer, unit, expression = str(h), "hours", f"{dec(d)} / {v}"
        steps += [
            f"Each hour covers {v} kilometers, so ask how many times {v} fits into {dec(d)}.",
            f"{dec(d)} ÷ {v} = {h}",
        ]
    else:
        text = f"{mover} travels {dec(d)} kilometers at a steady speed of {v} kilometers per hour. How many minutes does it take?"
        answer, unit, expression = str(60 * h + m), "minutes", f"{dec(d)} / {v} * 60"
        steps += [
            f"Time in hours: {dec(d)} ÷ {v} = {t}.",
            f"Each hour has 60 minutes: {t if t.denominator == 1 else f'({t})'} × 60 = {answer}.",
        ]
    values = {"distance": dec(d), "speed": v, "h": h, "m": m, "ask": ask, "level": level}
    return Draft(text, answer, expression, tuple(steps), values, f"find_{ask}", unit=unit)


@rule("ratios.minutes_as_decimal")
def minutes_as_decimal(v) -> str | None:
    if not v["m"]:
        return None
    t = v["h"] + Fraction(v["m"], 100)
    if v["ask"] == "distance":
        return _near(v["speed"] * t)
    if v["ask"] == "speed":
        return _near(Fraction(v["distance"]) / t)
    return _near(Fraction(v["distance"]) / v["speed"] * 100)


@rule("ratios.uses_opposite_operation")
def uses_opposite_operation(v) -> str | None:
    if "ask" not in v:
        return _near(Fraction(v["n"]) * v["div"] / v["mul"])
    t = v["h"] + Fraction(v["m"], 60)
    if v["ask"] == "distance":
        return _near(v["speed"] / t)
    if v["ask"] == "speed":
        return _near(Fraction(v["distance"]) * t)
    return _near(Fraction(v["distance"]) * v["speed"])


# smaller unit, larger unit, its singular, how many make one
_UNITS = (("inches", "feet", "foot", 12), ("feet", "yards", "yard", 3), ("ounces", "pounds", "pound", 16), ("cups", "gallons", "gallon", 16),
          ("quarts", "gallons", "gallon", 4), ("minutes", "hours", "hour", 60), ("seconds", "minutes", "minute", 60),
          ("hours", "days", "day", 24), ("days", "weeks", "week", 7), ("grams", "kilograms", "kilogram", 1000),
          ("milliliters", "liters", "liter", 1000), ("centimeters", "meters", "meter", 100), ("meters", "kilometers", "kilometer", 1000))  # fmt: skip
# from, to, multiply by, divide by, the facts
_RATES = (("kilometers per hour", "meters per minute", 1000, 60, "There are 1000 meters in 1 kilometer and 60 minutes in 1 hour."),
          ("meters per minute", "kilometers per hour", 60, 1000, "There are 60 minutes in 1 hour and 1000 meters in 1 kilometer."),
          ("liters per hour", "milliliters per minute", 1000, 60, "There are 1000 milliliters in 1 liter and 60 minutes in 1 hour."),
          ("feet per second", "yards per minute", 60, 3, "There are 60 seconds in 1 minute and 3 feet in 1 yard."),
          ("inches per second", "feet per minute", 60, 12, "There are 60 seconds in 1 minute and 12 inches in 1 foot."))  # fmt: skip


@generator("ratios.unit_conversion")
def unit_conversion(rng: Random, level: int, scene: Scene | None) -> Draft:
    reader = f"At {scene.place}, {scene.person} reads" if scene else "A worker reads"
    if level == 3:
        source, target, mul, div, fact = rng.choice(_RATES)
        single = ""
        n = Fraction(rng.randint(1, 120) * (div // gcd(mul, div)))
        while n > 900:
            n = Fraction(rng.randint(1, 120) * (div // gcd(mul, div)))
        what = "flow" if "liters" in source else "speed"
        text = f"{reader} a {what} of {commas(int(n))} {source} on a display. How many {target} is that? {fact}"
    else:
        small, large, single, factor = rng.choice(_UNITS)
        up = level == 2 and rng.random() < 0.5
        if level == 1:
            n = Fraction(rng.randint(2, 50))
            mul, div, source, target = factor, 1, large, small
        elif up:
            step = Fraction(factor, 2) if factor % 2 == 0 else Fraction(factor)
            if factor >= 100:
                step = Fraction(factor, 20)
            n = step * rng.randint(3, 40)
            mul, div, source, target = 1, factor, small, large
        else:
            n = Fraction(rng.randint(3, 60), 2 if factor % 4 else 4)
            while n.denominator == 1:
                n = Fraction(rng.randint(3, 60), 2 if factor % 4 else 4)
            mul, div, source, target = factor, 1, large, small
        shown = f"“{commas(int(n)) if n.denominator == 1 else dec(n)} {source}”"
        start = f"{reader} {shown} on a note." if scene else f"A label says {shown}."
        text = f"{start} How many {target} is that? There are {factor} {small} in 1 {single}."
    answer = n * mul / div
    if level == 3:
        steps = (
            f"Multiply by {mul} for one unit and divide by {div} for the other.",
            f"{dec(n)} × {mul} = {dec(n * mul)}",
            f"{dec(n * mul)} ÷ {div} = {dec(answer)}",
        )
    elif mul > 1:
        steps = (f"Each {single} gives {mul} {target}, so multiply by {mul}.", f"{dec(n)} × {mul} = {dec(answer)}")
    else:
        steps = (
            f"It takes {div} {source} to make 1 {single}, so divide by {div}.",
            f"{dec(n)} ÷ {div} = {dec(answer)}",
        )
    return Draft(text, dec(answer), f"{dec(n)} * {mul} / {div}", steps, {"n": dec(n), "mul": mul, "div": div},
                 "rate" if level == 3 else "to_smaller" if mul > 1 else "to_larger", unit=target)  # fmt: skip


# Percents -----------------------------------------------------------------------------------------------------------


@generator("ratios.percent_meaning")
def percent_meaning(rng: Random, level: int, scene: Scene | None) -> Draft:
    families = ("fraction_to_percent", "percent_to_decimal", "decimal_to_percent", "percent_to_fraction")
    family = rng.choice(families if level < 3 else families[:3])
    if level == 1:
        p = Fraction(rng.randint(11, 99))
        den = rng.choice((100, 100, 10, 20, 25, 50))
    elif level == 2:
        p = Fraction(rng.choice((rng.randint(1, 9), 10 * rng.randint(1, 9), rng.randint(11, 99))))
        den = rng.choice((4, 5, 10, 20, 25, 50))
    else:
        p = rng.choice((Fraction(rng.randint(101, 399)), Fraction(2 * rng.randint(0, 40) + 1, 2)))
        den = rng.choice((8, 40, 200, 5, 20, 25))
    num = rng.randint(1, den - 1) if level < 3 else rng.randint(1, den + den // 2)
    while num == den:
        num = rng.randint(1, den - 1)
    part_of = f"of the {scene.things} at {scene.place}" if scene else ""
    if family == "fraction_to_percent":
        share = Fraction(num, den)
        answer = f"{dec(share * 100)}%"
        if scene and num < den:
            text = f"{scene.person} has checked {num} out of every {den} {scene.things} at {scene.place}. What percent {part_of} is that?"
        elif scene:
            text = f"{scene.person} has {num}/{den} as many {scene.things} as {scene.friend}. Write {num}/{den} as a percent."
        elif den == 100:
            text = f"A grid has {den} squares, and {num} of them {'is' if num == 1 else 'are'} shaded. What percent of the grid is shaded?"
        else:
            text = f"Write {num}/{den} as a percent."
        if den == 100:
            steps = ("Percent means out of 100.", f"{num} out of 100 is {answer}.")
        elif 100 % den == 0:
            steps = (
                f"Percent means out of 100, and {den} × {100 // den} = 100.",
                f"{num}/{den} = {num * 100 // den}/100",
                f"{num * 100 // den} out of 100 is {answer}.",
            )
        else:
            steps = (
                f"Divide to get a decimal: {num} ÷ {den} = {dec(share)}.",
                f"In hundredths, {dec(share)} × 100 = {dec(share * 100)}.",
                f"The percent is {answer}.",
            )
        values = {"to": "percent", "numerator": num, "denominator": den}
        return Draft(text, answer, f"percent({num}/{den})", steps, values, family, form="percent")
    decimal = dec(p / 100)
    if family == "percent_to_fraction":
        answer = str(p / 100)
        text = f"Write {dec(p)}% as a fraction."
        if scene:
            text = f"{scene.person} has checked {dec(p)}% {part_of}. {text}"
        steps = [f"Percent means out of 100, so {dec(p)}% = {dec(p)}/100."]
        if (p / 100).denominator != 100:
            steps.append(f"In simplest form, {dec(p)}/100 = {answer}.")
        else:
            steps.append(f"No number greater than 1 divides both {dec(p)} and 100, so {answer} is in simplest form.")
        return Draft(
            text,
            answer,
            f"simplest({dec(p)}/100)",
            tuple(steps),
            {"to": "fraction", "percent": dec(p)},
            family,
            form="fraction",
        )
    if family == "percent_to_decimal":
        text = f"Write {dec(p)}% as a decimal."
        if scene and p < 100:
            text = f"{scene.person} has checked {dec(p)}% {part_of}. {text}"
        elif scene:
            text = f"The number of {scene.things} at {scene.place} is {dec(p)}% of last year's number. {text}"
        steps = (f"Percent means out of 100, so divide by 100: {dec(p)} ÷ 100 = {decimal}.", f"{dec(p)}% = {decimal}")
        return Draft(
            text, decimal, f"decimal({dec(p)}/100)", steps, {"to": "decimal", "percent": dec(p)}, family, form="decimal"
        )
    text = f"Write {decimal} as a percent."
    if scene and p < 100:
        text = f"{scene.person} has checked {decimal} {part_of}. {text}"
    elif scene:
        text = f"The number of {scene.things} at {scene.place} is {decimal} times last year's number. {text}"
    steps = (f"Find how many hundredths that is: {decimal} × 100 = {dec(p)}.", f"{decimal} = {dec(p)}%")
    return Draft(
        text, f"{dec(p)}%", f"percent({decimal})", steps, {"to": "percent", "decimal": decimal}, family, form="percent"
    )


@rule("ratios.digits_after_point_are_percent")
def digits_after_point_are_percent(v) -> str | None:
    if "percent" in v and v["to"] == "decimal":
        return f"0.{v['percent'].replace('.', '')}".rstrip("0")
    if "decimal" in v:
        return f"{int(v['decimal'].partition('.')[2] or '0')}%"
    if "percent" in v:
        return str(Fraction(int(v["percent"]), 10 ** len(v["percent"])))
    return f"{v['numerator']}.{v['denominator']}%"


@rule("ratios.only_changes_percent_sign")
def only_changes_percent_sign(v) -> str | None:
    if v["to"] == "fraction":
        return f"1/{v['percent']}"
    if v["to"] == "decimal":
        return v["percent"]
    return f"{v['decimal']}%" if "decimal" in v else f"{v['numerator']}%"


@generator("ratios.percent_of")
def percent_of(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level == 1:
        p = Fraction(rng.choice((10, 20, 25, 30, 40, 50, 60, 75, 80)))
        n = (100 // gcd(100, int(p))) * rng.randint(1, 60)
        while n > 600:
            n = (100 // gcd(100, int(p))) * rng.randint(1, 60)
    elif level == 2:
        p = Fraction(rng.choice((5, 15, 35, 45, 55, 65, 85, 95, 12, 16, 24, 32, 36, 48, 52, 64, 72, 84, 96)))
        n = (100 // gcd(100, int(p))) * rng.randint(2, 20)
    else:
        p = Fraction(2 * rng.randint(0, 24) + 1, 2) if rng.random() < 0.6 else Fraction(rng.randint(3, 49))
        n = 2 * rng.randint(15, 160)
    part = p * n / 100
    shown = dec(p)
    if level == 3:
        text = (
            f"{scene.person} orders {scene.buys} for ${n}. Shipping costs {shown}% of that. How many dollars is the shipping?"
            if scene
            else f"What is {shown}% of {n}?"
        )
        answer, unit = dec(part), "dollars" if scene else ""
    else:
        text = (
            f"There are {scene.count(n)} at {scene.place}, and {scene.person} has checked {shown}% of them. How many {scene.things} has {scene.person} checked?"
            if scene
            else f"What is {shown}% of {n}?"
        )
        answer, unit = dec(part), scene.things if scene else ""
    if level == 1 and 100 % int(p) == 0:
        steps = (
            f"{shown}% is {shown}/100, and {shown}/100 = 1/{100 // int(p)}.",
            f"Divide by {100 // int(p)}: {n} ÷ {100 // int(p)} = {answer}.",
        )
    else:
        one = Fraction(n, 100)
        steps = (
            f"1% is one hundredth: {n} ÷ 100 = {dec(one)}.",
            f"Take {shown} of these for {shown}%: {dec(one)} × {shown} = {answer}.",
        )
    return Draft(
        text,
        answer,
        f"{shown}/100 * {n}",
        steps,
        {"percent": shown, "n": n, "op": "of"},
        "money" if level == 3 else "count",
        unit=unit,
    )


@rule("ratios.divides_by_percent")
def divides_by_percent(v) -> str | None:
    return _near(Fraction(v["n"]) / Fraction(v["percent"]))


@rule("ratios.percent_as_amount")
def percent_as_amount(v) -> str | None:
    p, n = Fraction(v["percent"]), Fraction(v["n"])
    if v["op"] == "of":
        return dec(p)
    result = n + (p if v["op"] == "add" else -p) + (v["then"] if v["then_op"] == "add" else -v["then"])
    return money(result) if result > 0 else None


@generator("ratios.find_percent")
def find_percent(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level == 1:
        whole = rng.choice((10, 20, 25, 50, 100, 200, 200))
        part = rng.randint(1, whole - 1) if whole <= 100 else 2 * rng.randint(1, 99)
    elif level == 2:
        whole = rng.choice((30, 40, 60, 75, 80, 120, 125, 150, 200, 250, 300, 400, 500))
        unit_step = whole // gcd(whole, 100)
        part = unit_step * rng.randint(1, whole // unit_step - 1)
    else:
        whole = rng.choice((8, 16, 40, 48, 64, 72, 80, 120, 160, 200, 240, 400))
        half = whole // gcd(whole, 200)
        part = half * rng.randint(1, 3 * whole // (2 * half))
        while part == whole or ((100 * part) % whole == 0 and part < whole):
            part = half * rng.randint(1, 3 * whole // (2 * half))
    share = Fraction(part, whole)
    answer = f"{dec(share * 100)}%"
    if not scene:
        text = f"What percent of {whole} is {part}?"
    elif part < whole:
        text = f"{scene.person} has checked {part} of the {scene.count(whole)} at {scene.place}. What percent of the {scene.things} is that?"
    else:
        text = f"{scene.person} wanted to collect {scene.count(whole)} and now has {part}. What percent of {whole} is {part}?"
    steps = [f"Write the part over the whole: {part}/{whole}."]
    if 100 % whole == 0:
        if whole != 100:
            steps.append(f"Make the whole 100: {part}/{whole} = {part * 100 // whole}/100.")
    else:
        steps.append(f"Divide: {part} ÷ {whole} = {dec(share)}.")
    steps.append(f"The percent is {answer}.")
    return Draft(text, answer, f"percent({part}/{whole})", tuple(steps),
                 {"part": part, "base": whole, "change": part}, "over" if part > whole else "part", form="percent")  # fmt: skip


@rule("ratios.amount_as_percent")
def amount_as_percent(v) -> str | None:
    return f"{v['change']}%"


@rule("ratios.swaps_part_and_whole")
def swaps_part_and_whole(v) -> str | None:
    return _pct(Fraction(v["base"] * 100, v["part"]))


@generator("ratios.find_whole")
def find_whole(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level == 1:
        p = Fraction(rng.choice((10, 20, 25, 50, 75, 40, 60)))
        k = rng.randint(2, 60)
    elif level == 2:
        p = Fraction(rng.choice((5, 15, 30, 35, 45, 55, 70, 80, 85, 90, 12, 16, 24, 32)))
        k = rng.randint(2, 25)
    else:
        p = rng.choice((Fraction(25, 2), Fraction(5, 2), Fraction(15, 2), Fraction(75, 2), Fraction(45, 2), Fraction(4), Fraction(6), Fraction(36), Fraction(125), Fraction(150), Fraction(120), Fraction(140)))  # fmt: skip
        k = rng.randint(2, 40)
    base = (100 / p).denominator  # the smallest part that makes a whole number
    part = base * k
    whole = part * 100 / p
    shown = dec(p)
    if not scene:
        text = f"{part} is {shown}% of what number?"
    elif p < 100:
        text = f"{scene.person} has {scene.count(part)}. That is {shown}% of all the {scene.things} at {scene.place}. How many {scene.things} are there in all?"
    else:
        text = f"{scene.person} has {scene.count(part)}. That is {shown}% of the number {scene.friend} has. How many {scene.things} does {scene.friend} have?"
    if (100 / p).denominator == 1:
        steps = (
            f"{shown}% goes {dec(100 / p)} times into 100%, because 100 ÷ {shown} = {dec(100 / p)}.",
            f"So the whole is {dec(100 / p)} times the part: {part} × {dec(100 / p)} = {dec(whole)}.",
        )
    else:
        one = Fraction(part) / p
        first = f"{part} ÷ {shown} = {dec(one)}"
        steps = (f"{part} is {shown}%, so find 1%: {first}.", f"The whole is 100%: {dec(one)} × 100 = {dec(whole)}.")
        if "/" in dec(one):
            steps = (
                f"{part} is {shown}% of the whole, and {shown} ÷ 100 = {dec(p / 100)}.",
                f"Divide the part by {dec(p / 100)}: {part} ÷ {dec(p / 100)} = {dec(whole)}.",
            )
    return Draft(
        text,
        dec(whole),
        f"{part} / ({shown}/100)",
        steps,
        {"percent": shown, "n": part},
        "over" if p > 100 else "part",
        unit=scene.things if scene else "",
    )


@rule("ratios.takes_percent_of_part")
def takes_percent_of_part(v) -> str | None:
    return _near(Fraction(v["percent"]) * v["n"] / 100)


# Proportional relationships -----------------------------------------------------------------------------------------


@generator("ratios.proportional")
def proportional(rng: Random, level: int, scene: Scene | None) -> Draft:
    family = rng.choices(("proportional", "line", "shift"), (8, 6, 6))[0]
    k = Fraction(rng.randint(2, 12)) if level == 1 else Fraction(rng.randint(3, 19), rng.choice((2, 4, 5)))
    while k.denominator == 1 and level > 1:
        k = Fraction(rng.randint(3, 19), rng.choice((2, 4, 5)))
    start, offset = rng.randint(1, 5 if level == 1 else 3), rng.randint(1, 9) + 2 * level
    xs = [
        start * k.denominator * i
        for i in (range(1, 4) if level == 1 else sorted(rng.sample(range(1, 9), 4 if level == 3 else 3)))
    ]
    if family == "shift":
        ys = [x + offset for x in xs]
    else:
        ys = [int(k * x) + (offset if family == "line" else 0) for x in xs]
    answer = "yes" if family == "proportional" else "no"
    if scene:
        text = (
            f"{scene.person} packs {scene.things} at {scene.place} and writes down the total after different times.\n"
            f"Minutes: {', '.join(map(str, xs))}\nTotal {scene.things}: {', '.join(map(str, ys))}\n"
            f"Is the total number of {scene.things} proportional to the number of minutes?"
        )
    else:
        text = (
            f"Look at the table.\nx: {', '.join(map(str, xs))}\ny: {', '.join(map(str, ys))}\nIs y proportional to x?"
        )
    quotients = [Fraction(y, x) for x, y in zip(xs, ys, strict=True)]
    steps = [
        "Divide each second number by the first number of its pair.",
        ", ".join(f"{y} ÷ {x} = {q}" for x, y, q in zip(xs, ys, quotients, strict=True)),
    ]
    steps.append(
        f"Every quotient is {k}, so the answer is yes."
        if answer == "yes"
        else "The quotients are not all the same, so the answer is no."
    )
    pairs = ", ".join(f"{x}, {y}" for x, y in zip(xs, ys, strict=True))
    return Draft(
        text,
        answer,
        f"proportional({pairs})",
        tuple(steps),
        {"xs": xs, "ys": ys},
        family,
        "word",
        choices=("yes", "no"),
    )


@rule("ratios.compares_differences")
def compares_differences(v) -> str | None:
    return "yes" if len({y - x for x, y in zip(v["xs"], v["ys"], strict=True)}) == 1 else "no"


@rule("ratios.every_steady_pattern_is_proportional")
def every_steady_pattern_is_proportional(v) -> str | None:
    xs, ys = v["xs"], v["ys"]
    steps = {Fraction(ys[i + 1] - ys[i], xs[i + 1] - xs[i]) for i in range(len(xs) - 1)}
    return "yes" if len(steps) == 1 else "no"


@generator("ratios.solve_proportion")
def solve_proportion(rng: Random, level: int, scene: Scene | None) -> Draft:
    a, b, c, _ = _scaled_pair(rng, min(level, 2))
    if level == 3:
        while (Fraction(b * c, a) * 100).denominator > 1 or b * c % a == 0 or a in (b, c):
            a, b, c = rng.randint(2, 20), rng.randint(3, 40), rng.randint(5, 99)
    answer = Fraction(b * c, a)
    flipped = rng.random() < 0.5
    equation = f"{a}/{b} = {c}/x" if flipped else f"{b}/{a} = x/{c}"
    if scene:
        text = f"At a steady rate, {scene.person} needs {b} minutes to sort {scene.count(a)}. How many minutes does {scene.person} need for {scene.count(c)}? Solve {equation}, where x is the number of minutes."
    else:
        text = f"Solve the proportion {equation} for x."
    steps = (
        f"In a proportion the cross products are equal, so {a} × x is the same as {b} × {c}.",
        f"{b} × {c} = {b * c}, so {a}x = {b * c}.",
        f"Divide both sides by {a}: x = {b * c} ÷ {a}, so x = {dec(answer)}.",
    )
    return Draft(
        text,
        dec(answer),
        f"solve({equation}, x)",
        steps,
        {"a": a, "b": b, "c": c},
        "below" if flipped else "above",
        unit="minutes" if scene else "",
    )


@rule("ratios.multiplies_side_by_side")
def multiplies_side_by_side(v) -> str | None:
    return _near(Fraction(v["a"] * v["c"], v["b"]))


@generator("ratios.constant")
def constant(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level == 1:
        k, xs = Fraction(rng.randint(2, 20)), sorted(rng.sample(range(2, 26), 3))
    else:
        den = rng.choice((2, 4, 5) if level == 2 else (4, 5, 8, 10, 20))
        k = Fraction(rng.randint(1, 9 * den), den)
        while k.denominator == 1:
            k = Fraction(rng.randint(1, 9 * den), den)
        xs = sorted(k.denominator * i for i in rng.sample(range(1, 16 if level == 2 else 8), 3))
    ys = [int(k * x) for x in xs]
    pair = rng.randrange(3)
    single = level == 3 and rng.random() < 0.6
    x, y = xs[pair], ys[pair]
    if scene:
        text = (
            f"{scene.person} packs {scene.things} at a steady rate. After {x} minutes, {scene.count(y)} {'is' if y == 1 else 'are'} packed. The number of {scene.things} y is proportional to the number of minutes x."
            if single
            else f"{scene.person} packs {scene.things} at a steady rate.\nMinutes x: {', '.join(map(str, xs))}\n{scene.things.capitalize()} y: {', '.join(map(str, ys))}\n"
        )
    else:
        text = (
            f"y is proportional to x, and y is {y} when x is {x}."
            if single
            else f"In this table y is proportional to x.\nx: {', '.join(map(str, xs))}\ny: {', '.join(map(str, ys))}\n"
        )
    text = f"{text}{' ' if single else ''}What is the constant of proportionality k in y = kx?"
    if not single:
        x, y = xs[0], ys[0]
    steps = (
        "The constant k tells how many times as big y is as x, so divide y by x.",
        f"{y} ÷ {x} = {dec(k)}",
        f"So k is {dec(k)}, and the equation is y = {dec(k)}x.",
    )
    return Draft(text, dec(k), f"{y} / {x}", steps, {"total": str(y), "n": str(x)}, "one_pair" if single else "table")


@rule("ratios.subtracts_for_constant")
def subtracts_for_constant(v) -> str | None:
    return dec(Fraction(v["total"]) - Fraction(v["n"]))


# Percents in use ----------------------------------------------------------------------------------------------------


@generator("ratios.percent_change")
def percent_change(rng: Random, level: int, scene: Scene | None) -> Draft:
    up = rng.random() < 0.5
    if level == 1:
        p = Fraction(rng.choice((10, 20, 25, 50, 30, 40, 60, 75, 80)))
        step = 100 // gcd(100, int(p))
        old = step * rng.randint(2, max(3, 200 // step))
    elif level == 2:
        p = Fraction(rng.choice((5, 15, 35, 45, 55, 65, 70, 85, 12, 16, 24, 32, 36, 48)))
        step = 100 // gcd(100, int(p))
        old = step * rng.randint(2, 16)
    else:
        p = (
            Fraction(rng.choice((25, 75, 125, 175, 45, 15, 5)), 2)
            if rng.random() < 0.6
            else Fraction(rng.choice((110, 125, 140, 150, 175, 220)))
        )
        up = up or p > 100
        step = (100 / p).numerator
        old = step * rng.randint(2, max(3, 400 // step))
    change = int(p * old / 100)
    new = old + change if up else old - change
    word = "increase" if up else "decrease"
    if scene:
        text = f"Last month there were {scene.count(old)} at {scene.place}. This month there are {new}. What is the percent {word}?"
    else:
        text = f"A number changes from {old} to {new}. What is the percent {word}?"
    big, small = max(old, new), min(old, new)
    steps = (
        f"Amount of change: {big} - {small} = {change}.",
        f"Compare it with the old amount, {old}: {change} ÷ {old} = {dec(Fraction(change, old))}.",
        f"The percent {word} is {dec(p)}%.",
    )
    return Draft(
        text,
        f"{dec(p)}%",
        f"percent(({big} - {small})/{old})",
        steps,
        {"old": old, "new": new, "change": change},
        word,
        form="percent",
    )


@rule("ratios.divides_by_new_amount")
def divides_by_new_amount(v) -> str | None:
    return _pct(Fraction(100 * v["change"], v["new"]))


@generator("ratios.discount_tax")
def discount_tax(rng: Random, level: int, scene: Scene | None) -> Draft:
    two = level == 3 or (level == 2 and rng.random() < 0.7)
    if level == 1:
        price, p = 4 * rng.randint(3, 40), rng.choice((10, 20, 25, 50, 5, 15))
        op = rng.choice(("discount", "discount", "tax", "tip"))
    elif level == 2:
        price, p = 20 * rng.randint(2, 15), rng.choice((10, 20, 25, 30, 40, 50) if two else (15, 35, 45, 60, 65, 70))
        op = "discount"
    else:
        price, p, op = 20 * rng.randint(3, 25), rng.choice((15, 35, 45, 55, 60, 65)), "discount"
    then = rng.randint(4, 9) if level == 2 else rng.choice((5, 6, 7, 8, 9, 10, 20))
    then_op = "off" if level == 3 and rng.random() < 0.4 else "add"
    if then_op == "add":
        then = min(then, 10)
    if op == "tax":
        p = min(p, 10)
    if op == "tip":
        p = max(15, min(p, 20))
    buy = f"{scene.person} orders {scene.buys} for ${price} in all." if scene else f"The price of a jacket is ${price}."
    if op == "tip":
        buy = (
            f"{scene.person} and {scene.friend} have lunch after a day at {scene.place}. The bill is ${price}."
            if scene
            else f"The bill for a dinner is ${price}."
        )
    amount = Fraction(price * p, 100)
    first = price - amount if op == "discount" else price + amount
    sign = "-" if op == "discount" else "+"
    sentence = {
        "discount": f"The store takes {p}% off.",
        "tax": f"A sales tax of {p}% is added.",
        "tip": f"A tip of {p}% is added.",
    }[op]
    steps = [
        f"{p}% of {price}: {price} × {dec(Fraction(p, 100))} = {money(amount)}.",
        f"{'Take it away' if op == 'discount' else 'Add it'}: {price} {sign} {money(amount)} = {money(first)}.",
    ]
    expression = f"{price} * (1 {sign} {p}/100)"
    total = first
    values = {"n": price, "percent": str(p), "op": "off" if op == "discount" else "add", "then": 0, "then_op": "add"}
    if two:
        values |= {"then": then, "then_op": then_op}
        more = first * then / 100
        total = first + more if then_op == "add" else first - more
        mark = "+" if then_op == "add" else "-"
        sentence += (
            f" Then a sales tax of {then}% is added."
            if then_op == "add"
            else f" Then a coupon takes {then}% off the sale price."
        )
        steps += [
            f"{then}% of {money(first)}: {money(first)} × {dec(Fraction(then, 100))} = {money(more)}.",
            f"{'Add the tax' if then_op == 'add' else 'Take it away'}: {money(first)} {mark} {money(more)} = {money(total)}.",
        ]
        expression += f" * (1 {mark} {then}/100)"
    return Draft(f"{buy} {sentence} What is the final amount to pay, in dollars?", money(total), expression, tuple(steps), values,
                 f"{op}_then_{then_op}" if two else op, unit="dollars")  # fmt: skip


@rule("ratios.stops_before_last_step")
def stops_before_last_step(v) -> str | None:
    amount = Fraction(v["n"] * int(v["percent"]), 100)
    if not v["then"]:
        return money(amount)
    return money(v["n"] - amount)


@rule("ratios.adds_percents")
def adds_percents(v) -> str | None:
    if not v["then"]:
        return None
    net = 100 - int(v["percent"]) + (v["then"] if v["then_op"] == "add" else -v["then"])
    return money(Fraction(v["n"] * net, 100))


@generator("ratios.simple_interest")
def simple_interest(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level == 1:
        start, r, months = 100 * rng.randint(1, 20), Fraction(rng.randint(2, 9)), 12 * rng.randint(2, 6)
    elif level == 2:
        start, r, months = 50 * rng.randint(3, 60), Fraction(rng.randint(2, 9)), 12 * rng.randint(2, 8)
    else:
        start, r, months = (
            200 * rng.randint(2, 30),
            Fraction(2 * rng.randint(1, 8) + 1, 2),
            rng.choice((3, 6, 9, 15, 18, 21, 30, 42)),
        )
    years = Fraction(months, 12)
    balance = level > 1 and rng.random() < 0.5
    interest = start * r / 100 * years
    time = f"{months} months" if level == 3 else f"{months // 12} years"
    who = f"A group from {scene.place}" if scene else "A family"
    text = f"{who} puts ${commas(start)} into an account. It earns {dec(r)}% simple interest per year. "
    text += (
        f"How much money is in the account after {time}, in dollars?"
        if balance
        else f"How much interest does it earn in {time}, in dollars?"
    )
    year = start * r / 100
    steps = [f"Interest for 1 year: {start} × {dec(r / 100)} = {money(year)}."]
    if level == 3:
        steps.append(f"{months} months in years: {months} ÷ 12 = {dec(years)}.")
    steps.append(f"Interest for {time}: {money(year)} × {dec(years)} = {money(interest)}.")
    if balance:
        steps.append(f"Add it to the money at the start: {start} + {money(interest)} = {money(start + interest)}.")
    t = f"{months}/12" if level == 3 else str(months // 12)
    expression = f"{start} * {dec(r)}/100 * {t}"
    answer = start + interest if balance else interest
    values = {"start": start, "rate": dec(r), "months": months, "balance": "yes" if balance else "no"}
    return Draft(
        text,
        money(answer),
        f"{start} + {expression}" if balance else expression,
        tuple(steps),
        values,
        "balance" if balance else "interest",
        unit="dollars",
    )


@rule("ratios.forgets_time")
def forgets_time(v) -> str | None:
    year = v["start"] * Fraction(v["rate"]) / 100
    return money(year + v["start"] if v["balance"] == "yes" else year)


@rule("ratios.mixes_interest_and_balance")
def mixes_interest_and_balance(v) -> str | None:
    interest = v["start"] * Fraction(v["rate"]) / 100 * Fraction(v["months"], 12)
    return money(interest if v["balance"] == "yes" else v["start"] + interest)


# Composed problems --------------------------------------------------------------------------------------------------


@composer("ratios.share_then_percent", ("ratios.part_whole", "ratios.percent_of"))
def share_then_percent(rng: Random, level: int, scene: Scene | None):
    p, q = rng.sample(range(1, 5 + 2 * level), 2)
    k = 20 * rng.randint(1, 2 + level)
    percent = rng.choice({1: (10, 25, 50), 2: (20, 40, 75), 3: (15, 35, 45)}[level])
    total, share = (p + q) * k, p * k
    gift = share * percent // 100
    me, you, things = (scene.person, scene.friend, scene.things) if scene else ("Ann", "Leo", "stickers")
    start = f"{me} and {you} share {total} {things} in the ratio {p}:{q}."
    then = f"{me} then gives away {percent}% of that share."
    first = Draft(
        f"{start} How many {things} does {me} get?", str(share), f"{total} * {p} / ({p} + {q})",
        (f"All the parts together: {p} + {q} = {p + q}.", f"One part: {total} ÷ {p + q} = {k}.", f"{p} × {k} = {share}"),
        {"part": p, "others": q, "total": total}, "2_parts", unit=things,
    )  # fmt: skip
    second = Draft(
        f"{me} has {share} {things} and gives away {percent}% of them. How many {things} does {me} give away?", str(gift), f"{percent}/100 * {share}",
        (f"1% is one hundredth: {share} ÷ 100 = {dec(Fraction(share, 100))}.", f"{dec(Fraction(share, 100))} × {percent} = {gift}"),
        {"percent": str(percent), "n": share, "op": "of"}, "count", unit=things,
    )  # fmt: skip
    whole = Draft(
        f"{start} {then} How many {things} does {me} give away?", str(gift), f"{total} * {p} / ({p} + {q}) * {percent}/100",
        first.steps + second.steps, {"part": p, "others": q, "total": total, "percent": str(percent)}, "composed", unit=things,
    )  # fmt: skip
    return whole, [("ratios.part_whole", first), ("ratios.percent_of", second)]


@composer("ratios.sale_price_each", ("ratios.discount_tax", "ratios.unit_rate"))
def sale_price_each(rng: Random, level: int, scene: Scene | None):
    n = rng.choice({1: (2, 4, 5), 2: (4, 5, 8), 3: (5, 8, 10)}[level])
    percent = rng.choice({1: (10, 20, 50), 2: (20, 25, 40), 3: (15, 35, 45)}[level])
    price = n * 2 * rng.randint(2, 15 + 5 * level)
    off = Fraction(price * percent, 100)
    sale = price - off
    each = sale / n
    things, thing, who = (scene.buys, scene.buy, scene.person) if scene else ("tickets", "ticket", "Ann")
    start = f"A set of {n} {things} costs ${price}. The store takes {percent}% off."
    first = Draft(
        f"{start} What is the final amount to pay, in dollars?", money(sale), f"{price} * (1 - {percent}/100)",
        (f"{percent}% of {price}: {price} × {dec(Fraction(percent, 100))} = {money(off)}.", f"{price} - {money(off)} = {money(sale)}"),
        {"n": price, "percent": str(percent), "op": "off", "then": 0, "then_op": "add"}, "discount", unit="dollars",
    )  # fmt: skip
    second = Draft(
        f"{who} pays ${money(sale)} for {n} {things}. What is the price of 1 {thing}, in dollars?", money(each), f"{money(sale)} / {n}",
        (f"The sale price pays for {n} {things}, so divide it by {n}.", f"{money(sale)} ÷ {n} = {money(each)}"),
        {"total": money(sale), "n": str(n)}, "price", unit="dollars",
    )  # fmt: skip
    whole = Draft(
        f"{start} What is the sale price of 1 {thing}, in dollars?", money(each), f"{price} * (1 - {percent}/100) / {n}",
        first.steps + second.steps, {"n": price, "percent": str(percent), "count": n}, "composed", unit="dollars",
    )  # fmt: skip
    return whole, [("ratios.discount_tax", first), ("ratios.unit_rate", second)]


@composer("ratios.trip_in_meters", ("ratios.speed", "ratios.unit_conversion"))
def trip_in_meters(rng: Random, level: int, scene: Scene | None):
    v = {1: rng.randint(6, 26), 2: 2 * rng.randint(3, 13), 3: 4 * rng.randint(2, 7)}[level]
    h, m = {1: (rng.randint(2, 4), 0), 2: (rng.randint(0, 3), 30), 3: (rng.randint(0, 4), rng.choice((15, 45)))}[level]
    t = h + Fraction(m, 60)
    km = v * t
    who = f"{scene.person} from {scene.place}" if scene else "A cyclist"
    start = f"{who} rides a bike for {_duration(h, m)} at a steady speed of {v} kilometers per hour."
    hours = _hours(h, m)
    first = Draft(
        f"{start} How many kilometers is that?", dec(km), f"{v} * {hours}",
        (f"Time in hours: {hours[1:-1]} = {t}.", f"{v} × {t} = {dec(km)}") if m else (f"Each hour covers {v} kilometers, and there are {h} hours.", f"{v} × {h} = {dec(km)}"),
        {"distance": dec(km), "speed": v, "h": h, "m": m, "ask": "distance"}, "find_distance", unit="kilometers",
    )  # fmt: skip
    second = Draft(
        f"A ride is {dec(km)} kilometers long. How many meters is that? There are 1000 meters in 1 kilometer.", dec(km * 1000), f"{dec(km)} * 1000",
        ("Each kilometer has 1000 meters, so multiply by 1000.", f"{dec(km)} × 1000 = {dec(km * 1000)}"),
        {"n": dec(km), "mul": 1000, "div": 1}, "to_smaller", unit="meters",
    )  # fmt: skip
    whole = Draft(
        f"{start} How many meters is that? There are 1000 meters in 1 kilometer.", dec(km * 1000), f"{v} * {hours} * 1000",
        first.steps + second.steps, {"speed": v, "h": h, "m": m}, "composed", unit="meters",
    )  # fmt: skip
    return whole, [("ratios.speed", first), ("ratios.unit_conversion", second)]


@composer("ratios.two_discounts", ("ratios.discount_tax", "ratios.percent_change"))
def two_discounts(rng: Random, level: int, scene: Scene | None):
    price = 100 * rng.randint(1, 4 * level)
    off = rng.choice({1: range(10, 61, 10), 2: range(5, 66, 5), 3: range(11, 60)}[level])
    more = rng.choice({1: range(10, 51, 10), 2: range(10, 61, 10), 3: range(5, 76, 5)}[level])
    sale = Fraction(price * (100 - off), 100)
    again = sale * (100 - more) / 100
    fall = 100 - again * 100 / price
    item = f"{scene.person}'s order of {scene.buys}" if scene else "A bike"
    start = f"{item} costs ${price}. The store takes {off}% off. Then a coupon takes {more}% off the sale price."
    one = Draft(
        f"{start} What is the final amount to pay, in dollars?", money(again), f"{price} * (1 - {off}/100) * (1 - {more}/100)",
        (f"Sale price: {price} × {dec(Fraction(100 - off, 100))} = {money(sale)}.", f"After the coupon: {money(sale)} × {dec(Fraction(100 - more, 100))} = {money(again)}."),
        {"n": price, "percent": str(off), "op": "off", "then": more, "then_op": "off"}, "discount_then_off", unit="dollars",
    )  # fmt: skip
    two = Draft(
        f"A price falls from ${price} to ${money(again)}. What is the percent decrease?", f"{dec(fall)}%", f"percent(({price} - {money(again)})/{price})",
        (f"Amount of change: {price} - {money(again)} = {money(price - again)}.", f"{money(price - again)} ÷ {price} = {dec((price - again) / price)}", f"The percent decrease is {dec(fall)}%."),
        {"old": price, "new": money(again)}, "decrease", form="percent",
    )  # fmt: skip
    whole = Draft(
        f"{start} By what percent does the price fall in all?", f"{dec(fall)}%", f"percent(1 - (1 - {off}/100) * (1 - {more}/100))",
        one.steps + two.steps, {"n": price, "percent": str(off), "then": more}, "composed", form="percent",
    )  # fmt: skip
    return whole, [("ratios.discount_tax", one), ("ratios.percent_change", two)]


@composer("ratios.savings_goal", ("ratios.simple_interest", "ratios.find_percent"))
def savings_goal(rng: Random, level: int, scene: Scene | None):
    r, years = rng.randint(2, 4 + level), rng.randint(2, 2 + 2 * level)
    start = 100 * rng.randint(2, 5 * level)
    interest = start * r * years // 100
    goal = interest * rng.choice({1: (2, 4, 5), 2: (4, 5, 10), 3: (8, 16, 20)}[level])
    who, buys = (scene.person, scene.buys) if scene else ("Ann", "books")
    begin = f"{who} puts ${start} into an account that earns {r}% simple interest per year."
    first = Draft(
        f"{begin} How much interest does it earn in {years} years, in dollars?", str(interest), f"{start} * {r}/100 * {years}",
        (f"Interest for 1 year: {start} × {dec(Fraction(r, 100))} = {start * r // 100}.", f"{start * r // 100} × {years} = {interest}"),
        {"start": start, "rate": str(r), "months": 12 * years, "balance": "no"}, "interest", unit="dollars",
    )  # fmt: skip
    share = Fraction(interest, goal)
    second = Draft(
        f"An order of {buys} costs ${goal}. What percent of that is ${interest}?", f"{dec(share * 100)}%", f"percent({interest}/{goal})",
        (f"Write the part over the whole and divide: {interest} ÷ {goal} = {dec(share)}.", f"The percent is {dec(share * 100)}%."),
        {"part": interest, "base": goal, "change": interest}, "part", form="percent",
    )  # fmt: skip
    whole = Draft(
        f"{begin} What percent of a ${goal} order of {buys} does the interest pay after {years} years?", f"{dec(share * 100)}%", f"percent({start} * {r}/100 * {years} / {goal})",
        first.steps + second.steps, {"start": start, "rate": str(r), "years": years, "goal": goal}, "composed", form="percent",
    )  # fmt: skip
    return whole, [("ratios.simple_interest", first), ("ratios.find_percent", second)]
