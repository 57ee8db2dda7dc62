"""Length, time, money, mass, unit conversion and scale, grades 1-7 (the words are in measurement.toml)."""

from fractions import Fraction
from random import Random

from classwright.skilltree.bank import composer, generator, rule
from classwright.skilltree.problem import Draft
from classwright.skilltree.scenes import Scene, draw_scene

COLORS = ("red", "blue", "green", "yellow", "purple", "orange")
COINS = (("quarter", "quarters", 25), ("dime", "dimes", 10), ("nickel", "nickels", 5), ("penny", "pennies", 1))
METRIC = {  # small units in one large unit
    "meters": ("centimeters", 100),
    "centimeters": ("millimeters", 10),
    "kilometers": ("meters", 1000),
    "kilograms": ("grams", 1000),
    "liters": ("milliliters", 1000),
}
CUSTOMARY = {
    "feet": ("inches", 12),
    "yards": ("feet", 3),
    "gallons": ("quarts", 4),
    "quarts": ("pints", 2),
    "pints": ("cups", 2),
    "pounds": ("ounces", 16),
}
TIME = {
    "hours": ("minutes", 60),
    "minutes": ("seconds", 60),
    "days": ("hours", 24),
    "weeks": ("days", 7),
    "years": ("months", 12),
}
MIXED_CUSTOMARY = ("feet", "pounds", "gallons", "yards")
MIXED_TIME = ("hours", "minutes", "days", "weeks", "years")
STORIES = {
    "meters": "{at}, {p} finds a rope that is {amount} long.",
    "centimeters": "{at}, {p} cuts a paper strip that is {amount} long.",
    "kilometers": "{p} travels {amount} to get to {place}.",
    "kilograms": "A delivery for {place} weighs {amount}.",
    "liters": "A tank {here} holds {amount} of water.",
    "feet": "{at}, {p} sees a fence that is {amount} long.",
    "yards": "A path to {place} is {amount} long.",
    "gallons": "A tank {here} holds {amount} of water.",
    "quarts": "{p} and some helpers bring {amount} of juice to {place}.",
    "pints": "{p} and some helpers bring {amount} of lemonade to {place}.",
    "pounds": "A delivery for {place} weighs {amount}.",
    "hours": "{p} spends {amount} on a big project {here}.",
    "minutes": "{p} uses a stopwatch {here}. It shows {amount}.",
    "days": "It is {amount} until {p} has a party {here}.",
    "weeks": "It is {amount} until {p} has a show {here}.",
    "years": "A tree near {place} is {amount} old.",
}


def _at(scene: Scene) -> str:
    """ "At the bakery", "In the kitchen"."""
    return f"{'In' if scene.place.endswith(('room', 'kitchen', 'garden')) else 'At'} {scene.place}"


def _here(scene: Scene) -> str:
    """ "at the bakery", "in the kitchen"."""
    return _at(scene)[0].lower() + _at(scene)[1:]


def _teller(scene: Scene | None, *numbers: object) -> Scene:
    """The scene of a story that is always told: without one, a school scene that the numbers pick."""
    return scene or draw_scene(None, f"measurement {numbers}")


def _one(unit: str) -> str:
    return {"feet": "foot", "inches": "inch"}.get(unit, unit[:-1])


def _q(amount: object, unit: str) -> str:
    """ "1 meter", "3 meters"."""
    return f"{amount} {_one(unit) if str(amount) == '1' else unit}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _decimal(x: Fraction) -> str:
    """The exact decimal of a fraction whose decimal ends."""
    places = 0
    while (x * 10**places).denominator != 1:
        places += 1
    digits = str(abs(int(x * 10**places))).rjust(places + 1, "0")
    sign = "-" if x < 0 else ""
    return sign + (digits if places == 0 else f"{digits[:-places]}.{digits[-places:]}")


def _commas(n: int) -> str:
    return f"{n:,}"


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _clock(minutes: int) -> str:
    """Minutes after 12 o'clock as a time on a 12-hour clock."""
    hour = minutes // 60 % 12 or 12
    return f"{hour}:{minutes % 60:02d}"


# Length


@generator("measurement.compare_lengths")
def compare_lengths(rng: Random, level: int, scene: Scene | None) -> Draft:
    names = rng.sample(COLORS, 3 if level == 3 else 2)
    lengths = rng.sample(range(4, 13), len(names))
    starts = [rng.randint(0, 9) for _ in names]
    longest = rng.random() < 0.5
    tempting = rng.random() < 0.85
    if level == 1:
        starts = [0, 0]
    elif tempting:  # let the ends tell the opposite of the lengths: the shorter, the later the start
        order = sorted(range(len(names)), key=lambda i: -lengths[i])
        gap = sorted(starts)[0] % 3
        for rank, i in enumerate(order):
            starts[i] = (
                gap if rank == 0 else starts[order[rank - 1]] + lengths[order[rank - 1]] - lengths[i] + 1 + rank % 2
            )
    ends = [s + n for s, n in zip(starts, lengths, strict=True)]
    best = lengths.index(max(lengths) if longest else min(lengths))
    word = "long" if longest else "short"
    word = word + "er" if level < 3 else f"the {word}est"
    if level == 1:
        parts = [f"The {c} ribbon is {n} cubes long." for c, n in zip(names, lengths, strict=True)]
        picks = ", ".join(f'"{c}", {n}' for c, n in zip(names, lengths, strict=True))
    else:
        parts = [f"The {c} ribbon goes from mark {s} to mark {e}." for c, s, e in zip(names, starts, ends, strict=True)]
        picks = ", ".join(f'"{c}", {e} - {s}' for c, s, e in zip(names, starts, ends, strict=True))
    lead = (
        f"{_at(scene)}, {scene.person} lays ribbons next to a row of cubes. "
        if scene
        else "Ribbons lie next to a row of cubes. "
    )
    text = f"{lead}{' '.join(parts)} Which ribbon is {word}: {', '.join(names[:-1])} or {names[-1]}?"
    if level == 1:
        steps = [f"Count the cubes: {names[0]} has {lengths[0]} and {names[1]} has {lengths[1]}."]
    else:
        steps = [
            "The ribbons do not all start at the same mark, so find each length."
            if len(set(starts)) > 1
            else "Find each length."
        ]
        steps += [f"{c.capitalize()}: {e} - {s} = {n}" for c, s, e, n in zip(names, starts, ends, lengths, strict=True)]
    steps.append(f"{lengths[best]} is the {'greater' if longest else 'smaller'} number, so {names[best]} is {word}." if level < 3
                 else f"{lengths[best]} is the {'greatest' if longest else 'smallest'} number, so {names[best]} is {word}.")  # fmt: skip
    by_end = ends.index(max(ends) if longest else min(ends))
    return Draft(text, names[best], f"{'which_most' if longest else 'which_least'}({picks})", tuple(steps),
                 {"by_end": names[by_end] if ends.count(ends[by_end]) == 1 else ""},
                 "cubes" if level == 1 else "marks", kind="word", choices=tuple(names))  # fmt: skip


@generator("measurement.length_units")
def length_units(rng: Random, level: int, scene: Scene | None) -> Draft:
    unit = rng.choice(("centimeters", "inches"))
    length = rng.randint(3, 40) if level == 1 else rng.randint(4, 30) if level == 2 else rng.randint(15, 60)
    start = (
        (0 if rng.random() < 0.35 else rng.randint(1, 5))
        if level == 1
        else rng.randint(2, 15)
        if level == 2
        else rng.randint(11, 39)
    )
    backward = level == 3 and rng.random() < 0.5
    thing = rng.choice(("ribbon", "string", "paper strip", "stick"))
    end = start + length
    lead = (
        f"{_at(scene)}, {scene.person} lays a {thing} along a tape measure"
        if scene
        else f"A {thing} lies along a tape measure"
    )
    if backward:
        text = f"{lead}. It starts at mark {start} and is {length} {unit} long. At which mark does it end?"
        steps = (f"The {thing} starts at {start} and goes on for {length} {unit}.", f"{start} + {length} = {end}")
        return Draft(
            text,
            str(end),
            f"{start} + {length}",
            steps,
            {"by_end": str(length), "by_marks": str(end - 1)},
            "find_the_end",
        )
    text = f"{lead}. It starts at mark {start} and ends at mark {end}. How many {unit} long is it?"
    steps = (
        f"Count the {unit} from mark {start} to mark {end}. Mark {start} is the start, so it counts as 0.",
        f"{end} - {start} = {length}",
    )
    return Draft(
        text,
        str(length),
        f"{end} - {start}",
        steps,
        {"by_end": str(end), "by_marks": str(length + 1)},
        "find_the_length",
        unit=unit,
    )


@generator("measurement.length_difference")
def length_difference(rng: Random, level: int, scene: Scene | None) -> Draft:
    unit, kind = rng.choice((("centimeters", "ribbon"), ("inches", "ribbon"), ("centimeters", "string"), ("inches", "string"),
                             ("feet", "rope"), ("meters", "rope"), ("inches", "stick"), ("feet", "chalk line"), ("meters", "chalk line")))  # fmt: skip
    pick = rng.random()
    if level == 1:
        tens, low = sorted((rng.randint(3, 9), rng.randint(1, 8)), reverse=True)
        low = min(low, tens - 1)
        ones = rng.randint(2, 9)
        a, b = 10 * tens + ones, 10 * low + rng.randint(0, ones - 1)
    else:
        ones = rng.randint(0, 7)
        tens = rng.randint(4, 9)
        a, b = 10 * tens + ones, 10 * rng.randint(1, tens - 2) + rng.randint(ones + 1, 9)
    p, q = (scene.person, scene.friend) if scene else ("", "")
    one, other = (f"{p}'s {kind}", f"{q}'s {kind}") if scene else (f"The red {kind}", f"the blue {kind}")
    big_other = other[0].upper() + other[1:]
    turned = level == 3 and pick < 0.75
    shorter = level == 3 and pick < 0.3
    if turned and shorter:
        total = a
        text = f"{one} is {_q(total - b, unit)} long. It is {_q(b, unit)} shorter than {other}. How long is {other}?"
        steps = (f"{big_other} is the longer one, so put the two lengths together.", f"{total - b} + {b} = {total}")
        return Draft(
            text,
            str(total),
            f"{total - b} + {b}",
            steps,
            {"a": total - b, "b": b, "keyword": "-"},
            "turned_shorter",
            unit=unit,
        )
    if turned:
        text = f"{one} is {_q(a, unit)} long. It is {_q(b, unit)} longer than {other}. How long is {other}?"
        steps = (f"{big_other} is the shorter one, so take away.", f"{a} - {b} = {a - b}")
        return Draft(
            text, str(a - b), f"{a} - {b}", steps, {"a": a, "b": b, "keyword": "+"}, "turned_longer", unit=unit
        )
    text = f"{one} is {_q(a, unit)} long and {other} is {_q(b, unit)} long. How much longer is {one[0].lower() + one[1:] if not scene else one} than {other}?"
    steps = (
        f"Draw a bar for each {kind}, one under the other. The part that sticks out is the difference.",
        f"{a} - {b} = {a - b}",
    )
    return Draft(text, str(a - b), f"{a} - {b}", steps, {"a": a, "b": b, "keyword": "+"}, "how_much_longer", unit=unit)


# Time


def _next(hour: int) -> int:
    return hour % 12 + 1


def _hands(hour: int, mark: int) -> str:
    if mark == 12:
        return f"The short hand points to {hour}. The long hand points to 12."
    where = "halfway between" if mark == 6 else "between"
    return f"The short hand is {where} {hour} and {_next(hour)}. The long hand points to {mark}."


@generator("measurement.tell_time_hour")
def tell_time_hour(rng: Random, level: int, scene: Scene | None) -> Draft:
    hour = rng.randint(1, 12)
    half = level == 2 or (level == 3 and rng.random() < 0.75)
    later = rng.choice((30, 60))
    mark = 6 if half else 12
    base = hour * 60 + (30 if half else 0)
    lead = f"Look at the clock {_here(scene)}. " if scene else "Look at the clock. "
    read = f"clock_hands({hour}, {mark})"
    steps = [f"The short hand tells the hour: it has passed {hour}, so the hour is {hour}." if half else f"The short hand points to {hour}, so the hour is {hour}.",
             "The long hand is at 6. That is half an hour, or 30 minutes." if half else "The long hand is at 12. That means 0 minutes."]  # fmt: skip
    values = {"hour": hour, "mark": mark, "later": later if level == 3 else 0}
    if level < 3:
        steps.append(f"It is {_clock(base)}.")
        ask = "What time is it?"
        if scene:
            ask = f"What time does {scene.person} see?"
        return Draft(
            f"{lead}{_hands(hour, mark)} {ask}",
            _clock(base),
            read,
            tuple(steps),
            values,
            "half_past" if half else "hour",
            kind="time",
        )
    gap = "half an hour" if later == 30 else "one hour"
    ask = (
        f"{scene.person} goes home in {gap}. What time will it be then?" if scene else f"What time will it be in {gap}?"
    )
    steps += [f"Now it is {_clock(base)}.", f"In {gap} it will be {_clock(base + later)}."]
    return Draft(f"{lead}{_hands(hour, mark)} {ask}", _clock(base + later), f"time_add({read}, {'60/2' if later == 30 else 60})", tuple(steps),
                 values, "later", kind="time")  # fmt: skip


@generator("measurement.tell_time_5min")
def tell_time_5min(rng: Random, level: int, scene: Scene | None) -> Draft:
    hour = rng.randint(1, 12)
    mark = rng.randint(1, 6) if level == 1 else rng.randint(1, 11)
    late = rng.randint(7, 11)
    before = level == 3 and rng.random() < 0.35
    to_go = 5 * rng.randint(1, 6)
    if before:
        base = hour * 60 + 660  # 11 hours later: the same as one hour before, never negative
        total = base + 60 - to_go
        text = f"It is {to_go} minutes before {_clock(hour * 60)}. What time does a digital clock show?"
        if scene:
            text = f"The show {_here(scene)} starts at {_clock(hour * 60)}. {scene.person} comes {to_go} minutes before that. What time is it then?"
        steps = (
            f"Before {_clock(hour * 60)} the hour is still {_clock(total).split(':')[0]}.",
            f"60 - {to_go} = {60 - to_go}",
            f"It is {_clock(total)}.",
        )
        return Draft(
            text,
            _clock(total),
            f'time_add("{_clock(hour * 60)}", -{to_go})',
            steps,
            {"before": hour, "to_go": to_go},
            "before",
            kind="time",
        )
    if level == 3:
        mark = late
    total = hour * 60 + 5 * mark
    lead = f"Look at the clock {_here(scene)}. " if scene else "Look at the clock. "
    ask = f"What time does {scene.person} see?" if scene else "What time is it?"
    steps = (f"The short hand has passed {hour} but not {_next(hour)}, so the hour is {hour}.",
             f"Count by 5s for the long hand until you are at the {mark}: {5 * mark} minutes.", f"It is {_clock(total)}.")  # fmt: skip
    return Draft(f"{lead}{_hands(hour, mark)} {ask}", _clock(total), f"clock_hands({hour}, {mark})", steps,
                 {"hour": hour, "mark": mark, "later": 0}, "read_hands", kind="time")  # fmt: skip


@generator("measurement.elapsed_time")
def elapsed_time(rng: Random, level: int, scene: Scene | None) -> Draft:
    hour = rng.randint(1, 11)
    find_end = rng.random() < 0.35
    tale = rng.randrange(3)
    if level == 1:
        start = rng.randint(1, 30)
        length = rng.randint(5, 59 - start)
    elif level == 2:
        start = rng.randint(25, 57)
        length = rng.randint(61 - start, min(59, 118 - start))
    else:
        start = rng.randint(25, 57)
        length = 60 * rng.randint(1, 3) + rng.randint(61 - start, 59)
    begin, finish = hour * 60 + start, hour * 60 + start + length
    b, e = _clock(begin), _clock(finish)
    hours, minutes = divmod(length, 60)
    lasts = f"{_q(hours, 'hours')} {_q(minutes, 'minutes')}" if hours else f"{length} minutes"
    to_hour = 60 - start
    values = {"start": [hour, start], "end": [finish // 60, finish % 60], "length": length, "find_end": int(find_end)}
    activity = ("a class", "a workshop", "a meeting")[tale]
    where = f"{scene.person} goes to {activity} {_here(scene)}." if scene else ""
    if level == 1:
        steps = [
            f"Both times are in the same hour, so look at the minutes only: {start} + {length} = {start + length}."
        ]
        steps.append(f"It ends at {e}." if find_end else f"That is {length} minutes.")
    else:
        middle, rest = _clock(begin + 60 * hours), minutes - to_hour
        steps = [f"{_q(hours, 'hours')} after {b} it is {middle}."] if hours else []
        if hours and not find_end:
            steps = [f"From {b} to {middle} it takes {_q(hours, 'hours')}: {hours} × 60 = {60 * hours} minutes."]
        full = _clock(begin + 60 * hours + to_hour)
        steps.append(f"From {middle} to {full} it takes {_q(to_hour, 'minutes')}.")
        if find_end:
            steps += [
                f"{minutes} - {to_hour} = {rest}, so {_q(rest, 'minutes')} {_are(rest)} still to come.",
                f"{_q(rest, 'minutes')} after {full} it is {e}.",
            ]
        else:
            steps += [f"From {full} to {e} it takes {_q(rest, 'minutes')}."]
            steps.append(f"{60 * hours} + {to_hour} + {rest} = {length}" if hours else f"{to_hour} + {rest} = {length}")
    if find_end:
        text = f"It starts at {b} and lasts {lasts}. At what time does it end?"
        expression = f'time_add("{b}", {f"{hours}*60 + {minutes}" if hours else length})'
        text = f"{where} {text}" if scene else f"A class starts at {b} and lasts {lasts}. At what time does it end?"
        return Draft(text, e, expression, tuple(steps), values, "find_the_end", kind="time")
    text = (
        f"{where} It starts at {b} and ends at {e}. How many minutes does it last?"
        if scene
        else f"How many minutes is it from {b} to {e}?"
    )
    return Draft(
        text, str(length), f'minutes_between("{b}", "{e}")', tuple(steps), values, "find_the_minutes", unit="minutes"
    )


# Money


def _coins(counts: list[int]) -> str:
    said = [f"{n} {one if n == 1 else many}" for n, (one, many, _) in zip(counts, COINS, strict=True) if n]
    return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else said[0]


@generator("measurement.money_coins")
def money_coins(rng: Random, level: int, scene: Scene | None) -> Draft:
    q = rng.randint(0, 2)
    p = rng.randint(0, 4) if level == 3 else rng.randint(1, 9 if level == 2 else 15)
    d, n = rng.sample(range(1, 8 if level < 3 else 6 if q < 2 else 4), 2)
    without = rng.randrange(2)
    if level == 1:
        counts = [0, 0, n + 1, p] if without else [0, d + 1, 0, p]
    else:
        counts = [0 if level == 2 else q, d, n, p]
    total = sum(c * v for c, (_, _, v) in zip(counts, COINS, strict=True))
    values = {"coins": counts, "from_dollar": int(level == 3)}
    steps = [f"1 {one}: {v} {'cent' if v == 1 else 'cents'}." if c == 1 else f"{c} {many}: count by {v}s to {c * v}."
             for c, (one, many, v) in zip(counts, COINS, strict=True) if c]  # fmt: skip
    parts = [c * v for c, (_, _, v) in zip(counts, COINS, strict=True) if c]
    steps.append(f"{' + '.join(map(str, parts))} = {total}")
    have = (
        f"{scene.person} saves for {scene.buys} and has {_coins(counts)}." if scene else f"You have {_coins(counts)}."
    )
    worth = f"coins_value({', '.join(map(str, counts))})"
    if level == 3:
        steps.append(f"1 dollar is 100 cents: 100 - {total} = {100 - total}")
        text = f"{have} How many more cents make 1 dollar?"
        return Draft(text, str(100 - total), f"100 - {worth}", tuple(steps), values, "make_a_dollar", unit="cents")
    return Draft(
        f"{have} How many cents is that in all?", str(total), worth, tuple(steps), values, "count_coins", unit="cents"
    )


@generator("measurement.money_decimals")
def money_decimals(rng: Random, level: int, scene: Scene | None) -> Draft:
    pick = rng.random()
    a, b = rng.randint(2, 12), rng.randint(1, 9)
    low, high = rng.randint(5, 45), rng.randint(51, 95)
    n = rng.randint(2, 5)
    if level == 1:
        ca, cb = 5 * rng.randint(1, 10), 5 * rng.randint(1, 9)
        first, second = 100 * a + ca, 100 * b + cb
        if first < second:
            first, second = second, first
    else:
        first, second = 100 * a + high, 100 * b + (100 - high + low)
    s = _teller(scene, first, second, n)
    if level == 1 or (level == 2 and pick < 0.5):
        total = first + second
        text = f"What is ${_money(first)} + ${_money(second)}?"
        if scene:
            text = f"{s.person} buys one {s.buy} for ${_money(first)} and one for ${_money(second)}. How many dollars is that together?"
        steps = ["Line up the decimal points: dollars under dollars, cents under cents."]
        if first % 100 + second % 100 >= 100:
            steps.append(
                f"{first % 100} + {second % 100} = {first % 100 + second % 100} cents, and 100 cents make 1 dollar."
            )
        steps.append(f"{_money(first)} + {_money(second)} = {_money(total)}")
        return Draft(text, _money(total), f"{_money(first)} + {_money(second)}", tuple(steps),
                     {"first": first, "second": second, "operation": "+"}, "total", unit="dollars")  # fmt: skip
    if level == 2:
        cost = 100 * a + (high if pick < 0.75 else low)
        paid = 10 if cost < 1000 else 20
        text = f"What is ${paid} - ${_money(cost)}?"
        if scene:
            text = f"{s.person} buys one {s.buy} for ${_money(cost)} and pays with a ${paid} bill. How many dollars does {s.person} get back?"
        steps = (
            f"Write {paid} dollars with cents: {_money(paid * 100)}.",
            f"{_money(paid * 100)} - {_money(cost)} = {_money(paid * 100 - cost)}",
        )
        return Draft(text, _money(paid * 100 - cost), f"{paid} - {_money(cost)}", steps,
                     {"first": paid * 100, "second": cost, "operation": "-"}, "change", unit="dollars")  # fmt: skip
    price = 100 * (b % 6 + 1) + (high if pick < 0.5 else low)
    cost = n * price
    paid = next(bill for bill in (10, 20, 50) if bill * 100 > cost)
    text = f"{s.person} buys {s.count_buys(n)} for ${_money(price)} each and pays with a ${paid} bill. How many dollars does {s.person} get back?"
    steps = (
        f"First find the cost: {n} × {_money(price)} = {_money(cost)}.",
        f"Then find the change: {paid} - {_money(cost)} = {_money(paid * 100 - cost)}.",
    )
    return Draft(text, _money(paid * 100 - cost), f"{paid} - {n}*{_money(price)}", steps,
                 {"first": paid * 100, "second": cost, "operation": "-", "middle": _money(cost)}, "buy_and_change", unit="dollars")  # fmt: skip


# Mass, volume and conversion


@generator("measurement.mass_volume_story")
def mass_volume_story(rng: Random, level: int, scene: Scene | None) -> Draft:
    a, b = rng.randint(12, 60), rng.randint(5, 35)
    n = rng.randint(2, 10)
    each = rng.randint(2, min(20, 100 // n))
    part = rng.randint(2, n * each - 1)
    kind = rng.random()
    s = _teller(scene, a, b, n, each)
    unit, stuff = s.stuff_unit, s.stuff
    box = {"kilograms": "sack", "cups": "tub"}.get(unit, "container")
    if level == 1:
        a = max(a, b + 3)
        plus = kind < 0.4
        answer = a + b if plus else a - b
        text = f"A big {box} holds {_q(a, unit)} of {stuff}. A small one holds {_q(b, unit)}. "
        if plus:
            text += f"How many {unit} of {stuff} is that together?"
            steps = ("Put the two amounts together.", f"{a} + {b} = {answer}")
        else:
            text = f"A {box} holds {_q(a, unit)} of {stuff}. {s.person} uses {_q(b, unit)}. How many {unit} are left?"
            steps = ("Some is used, so take away.", f"{a} - {b} = {answer}")
        return Draft(
            text,
            str(answer),
            f"{a} {'+' if plus else '-'} {b}",
            steps,
            {"seen": [a, b]},
            "together" if plus else "left",
            unit=unit,
        )
    if level == 2:
        total = n * each
        if kind < 0.5:
            text = f"{s.person} fills {n} {box}s with {_q(each, unit)} of {stuff} each. How many {unit} of {stuff} is that?"
            steps = (f"There are {n} equal parts of {_q(each, unit)}, so multiply.", f"{n} × {each} = {total}")
            return Draft(text, str(total), f"{n}*{each}", steps, {"seen": [n, each]}, "equal_parts", unit=unit)
        text = f"{s.person} shares {_q(total, unit)} of {stuff} equally among {n} {box}s. How many {unit} go in each {box}?"
        steps = (f"The {unit} are shared in {n} equal parts, so divide.", f"{total} ÷ {n} = {each}")
        return Draft(text, str(each), f"{total}/{n}", steps, {"seen": [total, n]}, "share", unit=unit)
    total = n * each
    if kind < 0.5:
        text = f"{s.person} has {n} {box}s with {_q(each, unit)} of {stuff} each and uses {_q(part, unit)}. How many {unit} are left?"
        steps = (
            f"First find all of it: {n} × {each} = {total}.",
            f"Then take away what is used: {total} - {part} = {total - part}.",
        )
        return Draft(
            text,
            str(total - part),
            f"{n}*{each} - {part}",
            steps,
            {"seen": [n, each, part], "middle": str(total)},
            "parts_then_left",
            unit=unit,
        )
    text = f"{s.person} has {_q(total + part, unit)} of {stuff}, uses {_q(part, unit)} and shares the rest equally among {n} {box}s. How many {unit} go in each {box}?"
    steps = (f"First find the rest: {total + part} - {part} = {total}.", f"Then share it: {total} ÷ {n} = {each}.")
    return Draft(
        text,
        str(each),
        f"({total + part} - {part})/{n}",
        steps,
        {"seen": [total + part, part, n], "middle": str(total)},
        "left_then_share",
        unit=unit,
    )


def _convert(scene: Scene | None, n: int, large: str, small: str, factor: int, extra: int, lead: str) -> Draft:
    """Large units and `extra` small ones, told in small units only."""
    answer = n * factor + extra
    amount = _q(n, large) + (f" {_q(extra, small)}" if extra else "")
    text = f"How many {small} {_are(n + extra)} {amount}?{lead}"
    if scene:
        told = STORIES[large].format(at=_at(scene), here=_here(scene), place=scene.place, p=scene.person, amount=amount)
        text = f"{told} How many {small} is that?{lead}"
    steps = [f"1 {_one(large)} is {_commas(factor)} {small}, so {_q(n, large)} {_are(n)} {n} groups of {_commas(factor)}." if n > 1
             else f"1 {_one(large)} is {_commas(factor)} {small}.",
             f"{n} × {factor} = {n * factor}"]  # fmt: skip
    if extra:
        steps.append(f"Add the {_q(extra, small)}: {n * factor} + {extra} = {answer}")
    return Draft(text, str(answer), f"{n}*{factor}" + (f" + {extra}" if extra else ""), tuple(steps),
                 {"n": n, "factor": factor, "extra": extra}, "mixed_units" if extra else "one_unit", unit=small)  # fmt: skip


@generator("measurement.convert_metric")
def convert_metric(rng: Random, level: int, scene: Scene | None) -> Draft:
    large = rng.choice(
        ("meters", "centimeters")
        if level == 1
        else ("kilometers", "kilograms", "liters")
        if level == 2
        else tuple(METRIC)
    )
    small, factor = METRIC[large]
    n = rng.randint(2, 120) if level == 1 else rng.randint(3, 250) if level == 2 else rng.randint(2, 60)
    extra = rng.randint(1, factor - 1)
    if level < 3 or rng.random() < 0.3:
        extra = 0
    elif factor == 1000 and extra % 3 == 0:
        extra = extra % 90 + 10  # a short part, as in 3 kg 45 g, where a 0 has to stand
    return _convert(scene, n, large, small, factor, extra, "")


@generator("measurement.convert_customary")
def convert_customary(rng: Random, level: int, scene: Scene | None) -> Draft:
    large = rng.choice(tuple(CUSTOMARY) if level < 3 else MIXED_CUSTOMARY)
    small, factor = CUSTOMARY[large]
    n = rng.randint(2, 12 if factor > 4 else 70) if level == 1 else rng.randint(11, 99)
    extra = rng.randint(1, factor - 1) if level == 3 else 0
    if level == 3 and factor > 4:
        n = n % 40 + 2
    fact = f" (1 {_one(large)} is {factor} {small}.)" if factor == 16 else ""
    return _convert(scene, n, large, small, factor, extra, fact)


@generator("measurement.convert_time")
def convert_time(rng: Random, level: int, scene: Scene | None) -> Draft:
    large = rng.choice(tuple(TIME) if level < 3 else MIXED_TIME)
    small, factor = TIME[large]
    n = (
        rng.randint(2, 30 if factor > 20 else 75)
        if level == 1
        else rng.randint(3, 72)
        if level == 2
        else rng.randint(2, 40)
    )
    extra = rng.randint(1, factor - 1) if level == 3 else 0
    if level == 2 and large == "years":
        n = n % 30 + 2
    return _convert(scene, n, large, small, factor, extra, "")


@generator("measurement.convert_two_step")
def convert_two_step(rng: Random, level: int, scene: Scene | None) -> Draft:
    large = rng.choice(("meters", "kilograms", "liters", "kilometers"))
    small, factor = METRIC[large]
    pick = rng.random()
    n = rng.randint(3, 9)
    each = 5 * rng.randint(3, 39) if factor == 100 else 50 * rng.randint(3, 39)
    tenths = rng.randint(12, 95)
    cut = rng.randint(15, 95) if factor == 100 else 5 * rng.randint(30, 190)
    times = rng.randint(4, 30)
    size = rng.choice((5, 10, 15, 20, 25, 30)) if factor == 100 else rng.choice((50, 100, 150, 200, 250))
    what = {"meters": "ribbon", "kilograms": "flour", "liters": "juice", "kilometers": "the way"}[large]
    who = _teller(scene, large, n, each, tenths).person
    place = f"{_at(scene)}, " if scene else ""
    big = Fraction(tenths, 10)
    if level == 1:
        total = n * each
        answer = Fraction(total, factor)
        text = {
            "meters": f"{place}{who} cuts {n} ribbons. Each one is {each} centimeters long. How many meters of ribbon is that in all?",
            "kilograms": f"{place}{who} fills {n} bags with {each} grams of flour each. How many kilograms of flour is that in all?",
            "liters": f"{place}{who} fills {n} bottles with {each} milliliters of juice each. How many liters of juice is that in all?",
            "kilometers": f"{place}{who} walks around a path {n} times. The path is {each} meters long. How many kilometers is that in all?",
        }[large]
        steps = (
            f"{n} × {each} = {total} {small}",
            f"{factor} {small} make 1 {_one(large)}, so divide by {factor}.",
            f"{total} ÷ {factor} = {_decimal(answer)}",
        )
        return Draft(text, _decimal(answer), f"{n}*{each}/{factor}", steps,
                     {"middle": str(total), "unchanged": str(total)}, "small_to_large", unit=large)  # fmt: skip
    if level == 2:
        whole = big * factor
        if whole <= cut:
            whole, big = whole + factor, big + 1
        lead = {
            "meters": f"a ribbon that is {_decimal(big)} meters long and cuts off {cut} centimeters",
            "kilograms": f"{_decimal(big)} kilograms of flour and uses {cut} grams",
            "liters": f"{_decimal(big)} liters of juice and pours out {cut} milliliters",
            "kilometers": f"{_decimal(big)} kilometers to walk and has walked {cut} meters so far",
        }[large]
        left = whole - cut
        in_small = pick < 0.5
        asked = small if in_small else large
        tail = f"How many {asked}{'' if large == 'kilometers' else ' of ' + what} are left?"
        text = f"{place}{who} has {lead}. {tail}"
        first = f"{_decimal(big)} × {factor} = {_decimal(whole)}, so there are {_decimal(whole)} {small}."
        if in_small:
            steps = (first, f"{_decimal(whole)} - {cut} = {_decimal(left)}")
            answer, expression = _decimal(left), f"{_decimal(big)}*{factor} - {cut}"
        else:
            answer, expression = _decimal(left / factor), f"({_decimal(big)}*{factor} - {cut})/{factor}"
            steps = (first, f"{_decimal(whole)} - {cut} = {_decimal(left)}", f"{_decimal(left)} ÷ {factor} = {answer}")
        values = {"middle": _decimal(whole) if in_small else _decimal(left), "unchanged": _decimal(abs(big - cut))}
        return Draft(
            text, answer, expression, steps, values, "cut_off_small" if in_small else "cut_off_large", unit=asked
        )
    total = Fraction(times * size, factor)
    shown = _decimal(total)
    if large == "kilometers":
        text = f"{place}{who} puts a flag every {size} meters along a path of {shown} kilometers, the last one at its end and none at its start. How many flags is that?"
    else:
        piece = {"meters": f"a ribbon of {shown} meters into pieces of {size} centimeters", "kilograms": f"{shown} kilograms of flour into bags of {size} grams",
                 "liters": f"{shown} liters of juice into cups of {size} milliliters"}[large]  # fmt: skip
        name = {"meters": "pieces", "kilograms": "bags", "liters": "cups"}[large]
        verb = {"meters": "cuts", "kilograms": "puts", "liters": "pours"}[large]
        text = f"{place}{who} {verb} {piece}. How many {name} is that?"
    unit = {"meters": "pieces", "kilograms": "bags", "liters": "cups", "kilometers": "flags"}[large]
    steps = (
        f"Change to {small} first: {shown} × {factor} = {times * size}.",
        f"Then divide: {times * size} ÷ {size} = {times}.",
    )
    quotient = total / size
    return Draft(text, str(times), f"{shown}*{factor}/{size}", steps,
                 {"middle": str(times * size), "unchanged": _decimal(quotient) if set(_primes(quotient.denominator)) <= {2, 5} else str(quotient)},
                 "how_many_pieces", unit=unit)  # fmt: skip


def _primes(n: int) -> list[int]:
    found, p = [], 2
    while n > 1:
        while n % p == 0:
            found.append(p)
            n //= p
        p += 1
    return found


@generator("measurement.scale_drawing")
def scale_drawing(rng: Random, level: int, scene: Scene | None) -> Draft:
    base = 1 if level == 1 else 2
    meters = rng.randint(3, 25) if level == 1 else rng.choice((3, 5, 7, 9, 11, 13, 15))
    drawn, wide = rng.sample(range(2, 13), 2)
    pick = rng.random()
    unit = rng.choice(("meters", "feet"))
    area = (level == 2 and pick < 0.5) or (level == 3 and pick < 0.75)
    per = Fraction(meters, base)
    square = "square " + unit
    tall = _decimal(wide * per)
    what = f"a plan of a room {_here(scene)}" if scene else "a plan of a room"
    lead = f"{scene.person} draws {what}." if scene else "Here is a plan of a room."
    scale = f"On the plan, {base} cm stands for {meters} {unit}."
    if area and level == 2:
        meters, base, per = meters % 6 + 2, 1, Fraction(meters % 6 + 2)
        scale = f"On the plan, 1 cm stands for {meters} {unit}."
    common = {"base": base, "meters": meters}
    if area:
        a, b = drawn * per, wide * per
        answer = _decimal(a * b)
        text = f"{lead} {scale} The room on the plan is {drawn} cm by {wide} cm. What is the area of the real room in {square}?"
        sides = (
            [f"{drawn} × {meters} = {_decimal(a)}", f"{wide} × {meters} = {_decimal(b)}"]
            if base == 1
            else [f"{drawn} ÷ 2 × {meters} = {_decimal(a)}", f"{wide} ÷ 2 × {meters} = {_decimal(b)}"]
        )
        steps = (f"Find both real sides first: {sides[0]} and {sides[1]}.", f"{_decimal(a)} × {_decimal(b)} = {answer}")
        added = meters - base
        expression = (
            f"{drawn}*{meters}*{wide}*{meters}" if base == 1 else f"({drawn}*{meters}/{base})*({wide}*{meters}/{base})"
        )
        return Draft(text, answer, expression, steps,
                     common | {"linear_area": _decimal(drawn * wide * per), "additive": str((drawn + added) * (wide + added))}, "area", unit=square)  # fmt: skip
    if level == 3:
        text = f"{lead} {scale} A wall of the real room is {tall} {unit} long. How many centimeters long is it on the plan?"
        steps = (f"Find how many times {meters} {unit} fit: {tall} ÷ {meters} = {_decimal(wide * per / meters)}.",
                 f"{_decimal(wide * per / meters)} × {base} = {wide}")  # fmt: skip
        return Draft(
            text,
            str(wide),
            f"{tall}*{base}/{meters}",
            steps,
            common | {"additive": _decimal(wide * per - (meters - base))},
            "to_plan",
            unit="cm",
        )
    real = drawn * per
    text = f"{lead} {scale} A wall is {drawn} cm long on the plan. How many {unit} long is the real wall?"
    if base == 1:
        steps = (f"Each centimeter stands for {meters} {unit}.", f"{drawn} × {meters} = {_decimal(real)}")
        expression = f"{drawn}*{meters}"
    else:
        steps = (
            f"1 cm stands for half of {meters} {unit}: {meters} ÷ 2 = {_decimal(per)}.",
            f"{drawn} × {_decimal(per)} = {_decimal(real)}",
        )
        expression = f"{drawn}*{meters}/{base}"
    return Draft(
        text, _decimal(real), expression, steps, common | {"additive": str(drawn + meters - base)}, "to_real", unit=unit
    )


# Buggy rules


@rule("measurement.looks_at_one_end")
def looks_at_one_end(v) -> str | None:
    return v["by_end"] or None


@rule("measurement.reads_the_end_mark")
def reads_the_end_mark(v) -> str | None:
    return v["by_end"]


@rule("measurement.counts_marks_not_spaces")
def counts_marks_not_spaces(v) -> str | None:
    return v["by_marks"]


@rule("measurement.swaps_the_hands")
def swaps_the_hands(v) -> str | None:
    return _clock(v["mark"] * 60 + v["hour"] % 12 * 5 + v["later"])


@rule("measurement.takes_the_next_hour")
def takes_the_next_hour(v) -> str | None:
    if "before" in v:
        return _clock(v["before"] * 60 + 60 - v["to_go"])
    return _clock(_next(v["hour"]) * 60 + v["mark"] * 5 + v["later"]) if v["mark"] != 12 else None


@rule("measurement.reads_the_number_as_minutes")
def reads_the_number_as_minutes(v) -> str | None:
    return _clock(v["hour"] * 60 + v["mark"] + v["later"])


@rule("measurement.treats_time_as_base_hundred")
def treats_time_as_base_hundred(v) -> str | None:
    (h1, m1), (h2, m2) = v["start"], v["end"]
    if not v["find_end"]:
        return str(100 * (h2 - h1) + m2 - m1)
    hours, minutes = divmod(100 * h1 + m1 + 100 * (v["length"] // 60) + v["length"] % 60, 100)
    return f"{hours % 12 or 12}:{minutes:02d}" if minutes < 60 else None


@rule("measurement.leaves_the_hour_unchanged")
def leaves_the_hour_unchanged(v) -> str | None:
    (h1, m1), (h2, m2) = v["start"], v["end"]
    if h1 == h2:
        return None
    if v["find_end"]:
        return _clock(60 * (h1 + v["length"] // 60) + m2)
    return str(60 * (h2 - h1) + abs(m2 - m1)) if v["length"] > 60 else str(abs(m2 - m1))


@rule("measurement.counts_coins_not_cents")
def counts_coins_not_cents(v) -> str | None:
    coins = sum(v["coins"])
    return str(100 - coins if v["from_dollar"] else coins)


@rule("measurement.bigger_coin_is_worth_more")
def bigger_coin_is_worth_more(v) -> str | None:
    q, d, n, p = v["coins"]
    cents = 25 * q + 5 * d + 10 * n + p
    return str(100 - cents if v["from_dollar"] else cents)


@rule("measurement.splits_dollars_and_cents")
def splits_dollars_and_cents(v) -> str | None:
    a, b = v["first"], v["second"]
    if v["operation"] == "+":
        return f"{a // 100 + b // 100}.{a % 100 + b % 100:02d}"
    return _money(100 * (a // 100 - b // 100) + abs(a % 100 - b % 100))


@rule("measurement.stops_after_the_first_step")
def stops_after_the_first_step(v) -> str | None:
    return v["middle"]


@rule("measurement.adds_every_number_in_the_story")
def adds_every_number_in_the_story(v) -> str | None:
    return str(sum(v["seen"]))


@rule("measurement.uses_the_wrong_power_of_ten")
def uses_the_wrong_power_of_ten(v) -> str | None:
    return str(v["n"] * {10: 100, 100: 1000, 1000: 100}[v["factor"]] + v["extra"])


@rule("measurement.keeps_the_number")
def keeps_the_number(v) -> str | None:
    return v["unchanged"] if "unchanged" in v else str(v["n"] + v["extra"])


@rule("measurement.treats_every_unit_as_base_ten")
def treats_every_unit_as_base_ten(v) -> str | None:
    return str(v["n"] * (100 if v["factor"] == 60 else 10) + v["extra"])


@rule("measurement.divides_for_a_smaller_unit")
def divides_for_a_smaller_unit(v) -> str | None:
    if v["extra"]:
        return None
    small = Fraction(v["n"], v["factor"])
    return _decimal(small) if set(_primes(small.denominator)) <= {2, 5} else str(small)


@rule("measurement.adds_instead_of_scaling")
def adds_instead_of_scaling(v) -> str | None:
    return v["additive"] if not v["additive"].startswith("-") else None


@rule("measurement.scales_area_like_length")
def scales_area_like_length(v) -> str | None:
    return v["linear_area"]


# Composed problems


@composer("measurement.when_is_it_over", ("measurement.tell_time_5min", "measurement.elapsed_time"))
def when_is_it_over(rng: Random, level: int, scene: Scene | None):
    hour, mark = rng.randint(1, 11), rng.randint(2, 8)
    length = 5 * rng.randint(2, 6) if level == 1 else rng.randint(61 - 5 * mark, 55)
    start = hour * 60 + 5 * mark
    b, e = _clock(start), _clock(start + length)
    s = _teller(scene, hour, mark, length)
    where = _here(s)
    text = f"{s.person} looks at the clock {where}. {_hands(hour, mark)} Now a class starts. It lasts {length} minutes. At what time is it over?"
    first = Draft(f"Look at the clock {where}. {_hands(hour, mark)} What time is it?", b, f"clock_hands({hour}, {mark})",
                  (f"The hour is {hour}. Count by 5s until you are at the {mark}: {5 * mark} minutes.", f"It is {b}."), {"hour": hour, "mark": mark, "later": 0},
                  "part", kind="time")  # fmt: skip
    values = {
        "start": [hour, 5 * mark],
        "end": [(start + length) // 60, (start + length) % 60],
        "length": length,
        "find_end": 1,
    }
    second = Draft(f"A class starts at {b} and lasts {length} minutes. At what time is it over?", e, f'time_add("{b}", {length})',
                   (f"{length} minutes after {b} it is {e}.",), values, "part", kind="time")  # fmt: skip
    whole = Draft(text, e, f"time_add(clock_hands({hour}, {mark}), {length})", (f"The clock shows {b}.", f"{length} minutes later it is {e}."), values,
                  "composed", kind="time")  # fmt: skip
    return whole, [("measurement.tell_time_5min", first), ("measurement.elapsed_time", second)]


@composer("measurement.coins_for_a_treat", ("measurement.money_coins", "whole.subtract_2digit"))
def coins_for_a_treat(rng: Random, level: int, scene: Scene | None):
    d, n, p = rng.randint(2, 3), rng.randint(1, 3), rng.randint(1, 4)
    have = 10 * d + 5 * n + p
    price = have + (10 * rng.randint(1, 3) if level == 1 else rng.randint(11, 99 - have))
    s = _teller(scene, d, n, p, price)
    counts = [0, d, n, p]
    text = f"{s.person} has {_coins(counts)}. A snack {_here(s)} costs {price} cents. How many more cents does {s.person} need?"
    total = f"{10 * d} + {5 * n} + {p} = {have}"
    first = Draft(f"{s.person} has {_coins(counts)}. How many cents is that in all?", str(have), f"coins_value(0, {d}, {n}, {p})", (total,),
                  {"coins": counts, "from_dollar": 0}, "part", unit="cents")  # fmt: skip
    second = Draft(f"A snack costs {price} cents. {s.person} has {have} cents. How many more cents does {s.person} need?", str(price - have),
                   f"{price} - {have}", (f"{price} - {have} = {price - have}",), {"a": price, "b": have}, "part", unit="cents")  # fmt: skip
    whole = Draft(text, str(price - have), f"{price} - coins_value(0, {d}, {n}, {p})", (total, f"{price} - {have} = {price - have}"), {"a": price, "b": have},
                  "composed", unit="cents")  # fmt: skip
    return whole, [("measurement.money_coins", first), ("whole.subtract_2digit", second)]


@composer("measurement.share_the_ribbon", ("measurement.convert_metric", "whole.divide_remainder"))
def share_the_ribbon(rng: Random, level: int, scene: Scene | None):
    meters, extra = rng.randint(2, 5 if level == 1 else 9), rng.randint(5, 95)
    piece = rng.randint(3, 9)
    total = 100 * meters + extra
    if total % piece == 0:
        extra, total = extra + 1, total + 1
    count, left = divmod(total, piece)
    s = _teller(scene, meters, extra, piece)
    text = (
        f"{s.person} has a ribbon that is {_q(meters, 'meters')} {_q(extra, 'centimeters')} long and cuts it into pieces of {piece} centimeters. "
        "How many centimeters of ribbon are left over?"
    )
    first = Draft(f"A ribbon is {_q(meters, 'meters')} {_q(extra, 'centimeters')} long. How many centimeters is that?", str(total), f"{meters}*100 + {extra}",
                  (f"{meters} × 100 = {100 * meters}", f"{100 * meters} + {extra} = {total}"), {"n": meters, "factor": 100, "extra": extra}, "part",
                  unit="centimeters")  # fmt: skip
    second = Draft(f"A ribbon of {total} centimeters is cut into pieces of {piece} centimeters. How many centimeters are left over?", str(left),
                   f"remainder({total}, {piece})", (f"{count} × {piece} = {count * piece}", f"{total} - {count * piece} = {left}"),
                   {"a": total, "b": piece}, "part", unit="centimeters")  # fmt: skip
    steps = (
        f"{meters} × 100 + {extra} = {total}",
        f"{count} × {piece} = {count * piece}",
        f"{total} - {count * piece} = {left}",
    )
    whole = Draft(
        text,
        str(left),
        f"remainder({meters}*100 + {extra}, {piece})",
        steps,
        {"a": total, "b": piece},
        "composed",
        unit="centimeters",
    )
    return whole, [("measurement.convert_metric", first), ("whole.divide_remainder", second)]


@composer("measurement.shopping_trip", ("decimals.multiply", "decimals.add", "measurement.money_decimals"))
def shopping_trip(rng: Random, level: int, scene: Scene | None):
    n, price, other = rng.randint(2, 4), 5 * rng.randint(21, 60 if level == 1 else 99), 5 * rng.randint(15, 90)
    s = _teller(scene, n, price, other)
    cost, total = n * price, n * price + other
    paid = next(bill for bill in (10, 20, 50) if bill * 100 > total)
    change = paid * 100 - total
    text = (
        f"{s.person} buys {s.count_buys(n)} for ${_money(price)} each and a drink for ${_money(other)}. "
        f"{s.person} pays with a ${paid} bill. How many dollars does {s.person} get back?"
    )
    one = f"{n} × {_money(price)} = {_money(cost)}"
    two = f"{_money(cost)} + {_money(other)} = {_money(total)}"
    three = f"{paid} - {_money(total)} = {_money(change)}"
    first = Draft(f"One {s.buy} costs ${_money(price)}. How many dollars do {n} of them cost?", _money(cost), f"{n}*{_money(price)}", (one,),
                  {"a": str(n), "b": _money(price)}, "part", unit="dollars")  # fmt: skip
    second = Draft(f"The {s.buys} cost ${_money(cost)} and a drink costs ${_money(other)}. How many dollars is that together?", _money(total),
                   f"{_money(cost)} + {_money(other)}", (two,), {"a": _money(cost), "b": _money(other)}, "part", unit="dollars")  # fmt: skip
    third = Draft(f"{s.person} has to pay ${_money(total)} and pays with a ${paid} bill. How many dollars does {s.person} get back?", _money(change),
                  f"{paid} - {_money(total)}", (three,), {"first": paid * 100, "second": total, "operation": "-"}, "part", unit="dollars")  # fmt: skip
    whole = Draft(text, _money(change), f"{paid} - ({n}*{_money(price)} + {_money(other)})", (one, two, three),
                  {"first": paid * 100, "second": total, "operation": "-", "middle": _money(total)}, "composed", unit="dollars")  # fmt: skip
    return whole, [("decimals.multiply", first), ("decimals.add", second), ("measurement.money_decimals", third)]


@composer("measurement.floor_plan", ("measurement.scale_drawing", "geometry.area_rectangle"))
def floor_plan(rng: Random, level: int, scene: Scene | None):
    scale = rng.randint(2, 4 if level == 1 else 6)
    drawn, real = rng.randint(3, 12), rng.randint(4, 20)
    long = drawn * scale
    s = _teller(scene, scale, drawn, real)
    text = (
        f"{s.person} draws a plan of a room. On the plan, 1 cm stands for {scale} meters, and the room is {drawn} cm long. "
        f"The real room is {real} meters wide. How many square meters is the area of the real room?"
    )
    one, two = f"{drawn} × {scale} = {long}", f"{long} × {real} = {long * real}"
    first = Draft(f"On a plan, 1 cm stands for {scale} meters. A room is {drawn} cm long on the plan. How many meters long is the real room?", str(long),
                  f"{drawn}*{scale}", (one,), {"base": 1, "meters": scale, "additive": str(drawn + scale - 1)}, "part", unit="meters")  # fmt: skip
    second = Draft(f"A room is {long} meters long and {real} meters wide. How many square meters is its area?", str(long * real), f"{long}*{real}", (two,),
                   {"a": long, "b": real}, "part", unit="square meters")  # fmt: skip
    whole = Draft(
        text,
        str(long * real),
        f"{drawn}*{scale}*{real}",
        (one, two),
        {"a": long, "b": real},
        "composed",
        unit="square meters",
    )
    return whole, [("measurement.scale_drawing", first), ("geometry.area_rectangle", second)]
