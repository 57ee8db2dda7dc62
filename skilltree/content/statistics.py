"""Data and probability, grades K-8: problems and buggy rules (the words are in statistics.toml)."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from random import Random

from classwright.skilltree.bank import composer, generator, rule
from classwright.skilltree.content._formats import commas, dec, mixed
from classwright.skilltree.problem import Draft
from classwright.skilltree.scenes import Scene, draw_scene

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday")
FRUITS = ("Apples", "Pears", "Plums", "Grapes")
COLORS = ("red", "blue", "green", "yellow", "white")
Parts = list[tuple[str, Draft]]


def _list(numbers: Sequence[object]) -> str:
    return ", ".join(str(n) for n in numbers)


def _and(words: Sequence[str]) -> str:
    """ "red and blue", "red, blue, and green"."""
    return " and ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])}, and {words[-1]}"


def _plus(numbers: Sequence[object]) -> str:
    return " + ".join(str(n) for n in numbers)


def _at(scene: Scene) -> str:
    """ "in the kitchen", "at the lake"."""
    inside = scene.place.endswith(("room", "kitchen", "garden", "library"))
    return f"{'in' if inside else 'at'} {scene.place}"


def _a(noun: str) -> str:
    """ "a ticket", "an eraser"."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _fair(scene: Scene) -> str:
    """A place with many visitors."""
    return "the school fair" if scene.interest == "school" else f"a fair about {scene.interest}"


def _default(scene: Scene | None) -> Scene:
    return scene or draw_scene(None, "default")


def _percent(x: Fraction) -> str:
    """A percent, to the nearest whole one when it does not end."""
    p = x * 100
    return f"{p}%" if p.denominator == 1 else f"{(2 * p.numerator + p.denominator) // (2 * p.denominator)}%"


# ------------------------------------------------------------------------------------------------------ sorting, graphs


@generator("statistics.sort_count")
def sort_count(rng: Random, level: int, scene: Scene | None) -> Draft:
    kinds = rng.sample(COLORS, 2 if level == 1 else 3)
    counts = [rng.randint(2 if level == 1 else 1, 4 if level == 1 else 3) for _ in kinds]
    best = rng.randrange(len(kinds))
    most = rng.random() < {1: 0, 2: 0.2, 3: 0.3}[level]
    if most or level == 3:
        counts[best] = max(counts) + 1
    words = [kind for kind, n in zip(kinds, counts, strict=True) for _ in range(n)]
    rng.shuffle(words)
    wanted, counted = kinds[best], words.count(kinds[best])
    quoted = ", ".join(f'"{w}"' for w in words)
    tally = ", ".join(f"{kind}: {n}" for kind, n in zip(kinds, counts, strict=True))
    if scene:
        start = f"{scene.person} puts a colored card next to each {scene.thing}: {_list(words)}."
        ask_one, ask_most = (
            f"How many {scene.things} have a {wanted} card?",
            "Which card color do you see the most?",
        )
    else:
        start = f"Look at the colors of the buttons: {_list(words)}."
        ask_one, ask_most = f"How many buttons are {wanted}?", "Which color do you see the most?"
    values = {"words": words, "asks": "most" if most else "one"}
    if most:
        steps = (f"Sort and count each color. {tally}.", f"The largest group is {wanted}.")
        return Draft(
            f"{start} {ask_most}",
            wanted,
            f"most_of({quoted})",
            steps,
            values,
            "most",
            kind="word",
            choices=tuple(sorted(kinds)),
        )
    steps = (f"Put all the {wanted} ones in one group.", f"Count only that group: {_list(range(1, counted + 1))}.")
    return Draft(f"{start} {ask_one}", str(counted), f'count_of("{wanted}", {quoted})', steps, values, "one")


@rule("statistics.counts_every_thing")
def counts_every_thing(v) -> str | None:
    return str(len(v["words"])) if v["asks"] == "one" else None


@generator("statistics.picture_graph")
def picture_graph(rng: Random, level: int, scene: Scene | None) -> Draft:
    key = {1: 1, 2: rng.choice([2, 5]), 3: rng.choice([2, 5, 10])}[level]
    counts = rng.sample(range(1, 11), 3)
    asks = rng.choices(["one", "more", "total"], [10, 45, 45] if level == 1 else [10, 60, 30])[0]
    rows = [0, 1, 2]
    rng.shuffle(rows)
    x, y = sorted(rows[:2], key=lambda i: -counts[i])
    rotate = rng.randrange(2)
    if scene:
        names, noun, one = DAYS[rotate : rotate + 3], scene.things, scene.thing
        title, about = (
            f"The picture graph shows how many {noun} {scene.person} counted.",
            [f"on {name}" for name in names],
        )
        question = {
            "one": f"How many {noun} did {scene.person} count {about[x]}?",
            "more": f"How many more {noun} did {scene.person} count {about[x]} than {about[y]}?",
            "total": f"How many {noun} did {scene.person} count on the three days in all?",
        }[asks]
    else:
        names, noun, one = FRUITS[rotate : rotate + 3], "votes", "vote"
        title = "The picture graph shows how children voted for a fruit."
        low = [name.lower() for name in names]
        question = {
            "one": f"How many votes did {low[x]} get?",
            "more": f"How many more votes did {low[x]} get than {low[y]}?",
            "total": "How many votes are there in all?",
        }[asks]
    lines = [f"{name}: {'★' * n}" for name, n in zip(names, counts, strict=True)]
    text = "\n".join([f"{title} Each ★ stands for {key} {one if key == 1 else noun}.", *lines, question])
    used = {"one": [counts[x]], "more": [counts[x], counts[y]], "total": counts}[asks]
    shown = [f'symbols("{"★" * n}")' for n in used]
    sign = " - " if asks == "more" else " + "
    inside = sign.join(shown)
    expression = inside if key == 1 else f"({inside}) * {key}"
    count = used[0] - used[1] if asks == "more" else sum(used)
    star = [f"{n} star{'s' if n > 1 else ''}" for n in used]
    steps = [f"Count the stars you need: {_and(star)}."]
    if asks == "one" and key == 1:
        steps.append(f"Each star stands for one, so the answer is {count}.")
    if len(used) > 1:
        steps.append(f"{sign.join(str(n) for n in used)} = {count}")
    if key > 1:
        steps.append(f"Each star stands for {key}: {count} × {key} = {count * key}.")
    return Draft(
        text, str(count * key), expression, tuple(steps), {"counts": used, "key": key, "asks": asks}, asks, unit=noun
    )


@generator("statistics.bar_graph")
def bar_graph(rng: Random, level: int, scene: Scene | None) -> Draft:
    key = {1: 1, 2: rng.choice([2, 5, 10]), 3: rng.choice([5, 10, 20, 25, 50])}[level]
    counts = rng.sample(range(5, 31), 3) if level == 1 else rng.sample(range(2, 11), 3)
    asks = rng.choices(
        ["one", "more", "total", "together"], {1: [0, 60, 40, 0], 2: [15, 65, 20, 0], 3: [0, 30, 30, 40]}[level]
    )[0]
    rows = [0, 1, 2]
    rng.shuffle(rows)
    x, y = sorted(rows[:2], key=lambda i: -counts[i])
    z = rows[2]
    if asks == "together" and counts[x] + counts[y] <= counts[z]:
        x, z = z, x
    rotate = rng.randrange(2)
    if scene:
        names, noun = DAYS[rotate : rotate + 3], scene.things
        title, did = f"The bar graph shows how many {noun} {scene.person} counted.", f"{scene.person} count"
        on = [f"on {name}" for name in names]
        question = {
            "one": f"How many {noun} did {did} {on[x]}?",
            "more": f"How many more {noun} did {did} {on[x]} than {on[y]}?",
            "total": f"How many {noun} did {did} in all?",
            "together": f"How many more {noun} did {did} {on[x]} and {names[y]} together than {on[z]}?",
        }[asks]
    else:
        names, noun = FRUITS[rotate : rotate + 3], "votes"
        title, low = "The bar graph shows how students voted for a fruit.", [name.lower() for name in names]
        question = {
            "one": f"How many votes did {low[x]} get?",
            "more": f"How many more votes did {low[x]} get than {low[y]}?",
            "total": "How many votes are there in all?",
            "together": f"How many more votes did {low[x]} and {low[y]} get together than {low[z]}?",
        }[asks]
    if key == 1:
        bars = f"The bars reach these numbers: {_and([f'{name} {n}' for name, n in zip(names, counts, strict=True)])}."
    else:
        bars = f"One step on the scale is {key} {noun}. The bars are this many steps high: {_and([f'{name} {n}' for name, n in zip(names, counts, strict=True)])}."
    used = {
        "one": [counts[x]],
        "more": [counts[x], counts[y]],
        "total": counts,
        "together": [counts[x], counts[y], counts[z]],
    }[asks]
    inside = (
        {
            "one": f"{used[0]}",
            "more": f"{used[0]} - {used[-1]}",
            "total": _plus(used),
            "together": f"{used[0]} + {used[-2]} - {used[-1]}",
        }[asks]
        if len(used) > 1
        else str(used[0])
    )
    count = {"one": used[0], "more": used[0] - used[-1], "total": sum(used), "together": sum(used) - 2 * used[-1]}[asks]
    expression = inside if key == 1 else f"({inside}) * {key}" if len(used) > 1 else f"{inside} * {key}"
    steps = [
        {
            "one": "Find the bar.",
            "more": "Compare the two bars: subtract.",
            "total": "Add all three bars.",
            "together": "Add the two bars, then subtract the third one.",
        }[asks]
    ]
    if len(used) > 1:
        steps.append(f"{inside} = {count}")
    if key > 1:
        steps.append(f"Each step is worth {key}: {count} × {key} = {count * key}.")
    return Draft(
        f"{title} {bars} {question}",
        str(count * key),
        expression,
        tuple(steps),
        {"counts": used, "key": key, "asks": asks},
        asks,
        unit=noun,
    )


@rule("statistics.ignores_the_key")
def ignores_the_key(v) -> str | None:
    counts = v["counts"]
    last = -counts[-1] if v["asks"] in ("more", "together") else counts[-1]
    return str(sum(counts[:-1]) + last) if v["key"] > 1 else None


@rule("statistics.reads_the_taller_bar")
def reads_the_taller_bar(v) -> str | None:
    if v["asks"] == "more":
        return str(v["counts"][0] * v["key"])
    return str(sum(v["counts"][:2]) * v["key"]) if v["asks"] == "together" else None


def _sum_text(x: Fraction) -> str:
    """A mixed number for the expression language: "(3 + 1/2)"."""
    whole, rest = divmod(x, 1)
    return str(x) if not rest or not whole else f"({whole} + {rest})"


@generator("statistics.line_plot")
def line_plot(rng: Random, level: int, scene: Scene | None) -> Draft:
    part = {1: 2, 2: 4, 3: 8}[level]
    start = rng.randint(2 * part, 9 * part)
    size = rng.randint(3, 4)
    places = [Fraction(start + i, part) for i in range(size)]
    marks = [rng.randint(1, 5) for _ in places]
    asks = rng.choices(["count", "total", "difference"], {1: [40, 30, 30], 2: [20, 60, 20], 3: [20, 60, 20]}[level])[0]
    options = [i for i, p in enumerate(places) if p.denominator > 1]
    at = rng.choice(options)
    marks[at] = max(2, marks[at])
    rows = [f"{mixed(p)}: {'X' * m}" for p, m in zip(places, marks, strict=True)]
    who = f"{scene.person} measures pieces of ribbon {_at(scene)}." if scene else "A class measured some pencils."
    noun = "pieces" if scene else "pencils"
    value, n = places[at], marks[at]
    question = {
        "count": f"How many {noun} were measured in all?",
        "total": f"If all the {noun} that are {mixed(value)} inches long are laid end to end, how many inches long is the line?",
        "difference": f"How many inches longer is the longest of the {noun} than the shortest?",
    }[asks]
    text = "\n".join([f"{who} The line plot shows their lengths in inches, with one X for each.", *rows, question])
    if asks == "count":
        answer, steps = (
            Fraction(sum(marks)),
            (
                "Each X is one thing that was measured, so count the marks over every number.",
                f"{_plus(marks)} = {sum(marks)}",
            ),
        )
        expression = " + ".join(f'symbols("{"X" * m}")' for m in marks)
    elif asks == "total":
        answer = value * n
        expression = f'symbols("{"X" * n}") * {_sum_text(value)}'
        steps = (
            f"There are {n} X marks over {mixed(value)}, so {n} {noun} have this length.",
            f"{_plus([mixed(value)] * n)} = {mixed(answer)}",
        )
    else:
        answer = places[-1] - places[0]
        expression = f"{_sum_text(places[-1])} - {_sum_text(places[0])}"
        steps = (
            f"The longest is {mixed(places[-1])} inches long. The shortest is {mixed(places[0])} inches long.",
            f"{mixed(places[-1])} - {mixed(places[0])} = {mixed(answer)}",
        )
    values = {"asks": asks, "places": size, "value": mixed(value)}
    return Draft(text, mixed(answer), expression, steps, values, asks, unit=noun if asks == "count" else "inches")


@rule("statistics.ignores_frequency")
def ignores_frequency(v) -> str | None:
    return {"count": str(v["places"]), "total": v["value"]}.get(v["asks"])


# ------------------------------------------------------------------------------------------------------ center and spread


def _median(data: Sequence[int]) -> Fraction:
    ordered, half = sorted(data), len(data) // 2
    return Fraction(ordered[half]) if len(data) % 2 else Fraction(ordered[half - 1] + ordered[half], 2)


def _quartiles(data: Sequence[int]) -> tuple[Fraction, Fraction]:
    """Medians of the lower and the upper half, without the middle value when the count is odd."""
    ordered, half = sorted(data), len(data) // 2
    return _median(ordered[:half]), _median(ordered[-half:])


def _mean(data: Sequence[int]) -> Fraction:
    return Fraction(sum(data), len(data))


def _data_text(data: Sequence[int], ask: str, frame: int, scene: Scene | None) -> str:
    """The values with their story; `ask` fits after "Find" and before "of these data"."""
    if not scene:
        return (f"Find {ask} of these data: {_list(data)}.", f"The data are {_list(data)}. What is {ask}?")[frame]
    return (
        f"{scene.person} counts {scene.things} on {len(data)} days: {_list(data)}. Find {ask} of these numbers.",
        f"In {len(data)} days, people buy these numbers of {scene.buys} {_at(scene)}: {_list(data)}. What is {ask} of the data?",
    )[frame]


@generator("statistics.mean")
def mean(rng: Random, level: int, scene: Scene | None) -> Draft:
    n = {1: rng.randint(3, 4), 2: rng.randint(5, 6), 3: rng.choice([4, 5, 8])}[level]
    high = {1: 20, 2: 50, 3: 60}[level]
    low = 0 if level == 2 else 1
    data = [rng.randint(low, high) for _ in range(n)]
    target = 0 if level < 3 else rng.choice({4: [1, 2, 3], 5: [1, 2, 3, 4], 8: [2, 4, 6]}[n])
    data[-1] += (target - sum(data)) % n  # the rest after dividing decides whether the mean is whole
    if max(data) + min(data) == 2 * _mean(data):  # so that the halfway point is not the mean by chance
        data[0] += n
    total, answer = sum(data), _mean(data)
    frame = rng.randrange(2)
    steps = (f"Add all the values: {_plus(data)} = {total}", f"There are {n} values.", f"{total} ÷ {n} = {dec(answer)}")
    return Draft(
        _data_text(data, "the mean", frame, scene),
        dec(answer),
        f"mean({_list(data)})",
        steps,
        {"data": data, "asks": "mean"},
        "story" if scene else "bare",
    )


@generator("statistics.median")
def median(rng: Random, level: int, scene: Scene | None) -> Draft:
    n = {1: 5, 2: rng.choice([4, 6, 7]), 3: rng.choice([8, 9, 10])}[level]
    data = rng.sample(range(1, {1: 20, 2: 50, 3: 99}[level]), n)
    half = n // 2

    def middle() -> Fraction:
        return Fraction(data[half]) if n % 2 else Fraction(data[half - 1] + data[half], 2)

    while middle() == _median(data):
        rng.shuffle(data)
    ordered, answer, frame = sorted(data), _median(data), rng.randrange(2)
    steps = [f"In order: {_list(ordered)}."]
    if n % 2:
        steps.append(f"There are {n} values, so the middle one has {half} values on each side: {dec(answer)}.")
    else:
        steps.append(f"There are {n} values, so two share the middle: {ordered[half - 1]} and {ordered[half]}.")
        steps.append(f"({ordered[half - 1]} + {ordered[half]}) ÷ 2 = {dec(answer)}")
    return Draft(
        _data_text(data, "the median", frame, scene),
        dec(answer),
        f"median({_list(data)})",
        tuple(steps),
        {"data": data},
        "odd" if n % 2 else "even",
    )


@generator("statistics.mode_range")
def mode_range(rng: Random, level: int, scene: Scene | None) -> Draft:
    others = {1: 4, 2: 5, 3: 6}[level]
    times = rng.randint(2, 3)
    values = rng.sample(range(5, {1: 25, 2: 60, 3: 99}[level]), others + 1)
    mode = values[0]
    data = [mode] * times + values[1:]
    if level == 3:  # a second value comes up too, but less often
        data = [mode] * 3 + [values[1]] * 2 + values[2:]
    spread = max(data) - min(data)
    rng.shuffle(data)
    while abs(data[-1] - data[0]) == spread:
        rng.shuffle(data)
    frame = rng.randrange(2)
    text = f"{_data_text(data, 'the mode and the range', frame, scene).replace('What is', 'What are')} Give the mode first."
    steps = (
        f"In order: {_list(sorted(data))}.",
        f"{mode} comes up most often, {data.count(mode)} times. So the mode is {mode}.",
        f"Range: {max(data)} - {min(data)} = {spread}",
    )
    return Draft(
        text,
        f"{mode}, {spread}",
        f"list(mode({_list(data)}), range({_list(data)}))",
        steps,
        {"data": data},
        "story" if scene else "bare",
        kind="list",
    )


@generator("statistics.missing_value")
def missing_value(rng: Random, level: int, scene: Scene | None) -> Draft:
    n = {1: 3, 2: rng.choice([4, 5]), 3: rng.choice([4, 6, 8])}[level]
    high = {1: 20, 2: 40, 3: 60}[level]
    data = [rng.randint(2, high) for _ in range(n)]
    if level == 3:
        data[-1] += (n // 2 - sum(data)) % n  # the mean ends in one half
    else:
        data[-1] += -sum(data) % n
    if data[-1] == _mean(data):
        data[0], data[-1] = data[0] + 1, data[-1] + n - 1
    *known, x = data
    average, total, frame = _mean(data), sum(data), rng.randrange(2)
    if scene:
        text = (
            f"On {n} days {scene.person} counts a mean of {dec(average)} {scene.things} a day. The numbers for all days but the last are {_list(known)}. How many {scene.things} does {scene.person} count on the last day?",
            f"{scene.person} plays {n} rounds of a game {_at(scene)} and has a mean of {dec(average)} points. All rounds but one gave these points: {_list(known)}. How many points did the other round give?",
        )[frame]
    else:
        text = (
            f"The mean of {n} numbers is {dec(average)}. All of them but one are {_list(known)}. What is the missing number?",
            f"The numbers {_list(known)}, and one more number have a mean of {dec(average)}. There are {n} numbers in all. What is the missing number?",
        )[frame]
    steps = (
        f"The sum of all {n} values is the mean times {n}: {n} × {dec(average)} = {total}.",
        f"Add the values you know: {_plus(known)} = {total - x}.",
        f"{total} - {total - x} = {x}",
        f"Check: {total} ÷ {n} = {dec(average)}.",
    )
    unit = (scene.things, "points")[frame] if scene else ""
    return Draft(
        text,
        str(x),
        f"solve(({_plus(known)} + x)/{n} = {dec(average)}, x)",
        steps,
        {"mean": dec(average), "known": known},
        "story" if scene else "bare",
        unit=unit,
    )


@generator("statistics.mean_absolute_deviation")
def mean_absolute_deviation(rng: Random, level: int, scene: Scene | None) -> Draft:
    n = {1: 4, 2: 5, 3: rng.choice([5, 8])}[level]
    high = {1: 15, 2: 25, 3: 50}[level]
    while True:
        data = [rng.randint(1, high) for _ in range(n)]
        data[-1] += -sum(data) % n
        center = sum(data) // n
        distances = [abs(x - center) for x in data]
        if sum(distances) and (level > 1 or sum(distances) % n == 0) and len(set(data)) > 2:
            break
    answer, frame = Fraction(sum(distances), n), rng.randrange(2)
    steps = (
        f"Mean: ({_plus(data)}) ÷ {n} = {center}",
        f"Distances from {center}: {_list(distances)}.",
        f"Sum of the distances: {_plus(distances)} = {sum(distances)}",
        f"{sum(distances)} ÷ {n} = {dec(answer)}",
    )
    text = _data_text(data, "the mean absolute deviation", frame, scene)
    return Draft(
        text, dec(answer), f"mad({_list(data)})", steps, {"data": data, "asks": "mad"}, "story" if scene else "bare"
    )


@generator("statistics.iqr")
def iqr(rng: Random, level: int, scene: Scene | None) -> Draft:
    n = {1: 7, 2: 8, 3: rng.choice([9, 10, 11, 12])}[level]
    data = rng.sample(range(1, {1: 30, 2: 50, 3: 90}[level]), n)
    if level == 1:
        data.sort()
    low, high = _quartiles(data)
    frame, ordered, half = rng.randrange(2), sorted(data), n // 2
    steps = (
        f"In order: {_list(ordered)}.",
        f"Lower half: {_list(ordered[:half])}. Its median is {dec(low)}.",
        f"Upper half: {_list(ordered[-half:])}. Its median is {dec(high)}.",
        f"{dec(high)} - {dec(low)} = {dec(high - low)}",
    )
    text = _data_text(data, "the interquartile range", frame, scene)
    if n % 2:
        text += " Leave the median out of both halves."
    return Draft(text, dec(high - low), f"iqr({_list(data)})", steps, {"data": data}, "story" if scene else "bare")


@generator("statistics.choose_center")
def choose_center(rng: Random, level: int, scene: Scene | None) -> Draft:
    n = 8 if level == 3 else 7
    gap = rng.random() < 0.4
    outlier = gap or rng.random() < 0.65
    while True:
        base = rng.randint(*{1: (10, 20), 2: (15, 40), 3: (20, 60)}[level])
        data = [base + rng.randint(-4, 4) for _ in range(n)]
        if outlier:
            data[-1] = base + rng.randint(25, 60)
        if gap:
            target = 0 if level < 3 else rng.choice([0, 2, 4, 6])
            data[-1] += (target - sum(data)) % n
        low, high = _quartiles(data)
        reach = Fraction(3, 2) * (high - low)
        far = max(data) > high + reach or min(data) < low - reach
        if far == outlier and high - low >= 2 and _mean(data) != _median(data):
            break
    rng.shuffle(data)
    mid, frame = _median(data), rng.randrange(2)
    shown = (
        f"{scene.person} counts {scene.things} on {n} days: {_list(data)}."
        if scene
        else f"Look at these data: {_list(data)}."
    )
    ordered = f"In order: {_list(sorted(data))}."
    if gap:
        center = _mean(data)
        text = f"{shown} How much greater is the mean than the median?"
        steps = (
            f"Mean: ({_plus(data)}) ÷ {n} = {dec(center)}",
            f"{ordered} The median is {dec(mid)}.",
            f"{dec(center)} - {dec(mid)} = {dec(center - mid)}",
        )
        return Draft(
            text,
            dec(center - mid),
            f"mean({_list(data)}) - median({_list(data)})",
            steps,
            {"data": data, "asks": "gap"},
            "gap",
        )
    text = (
        f"{shown} "
        + (
            f"Which describes a typical {'day' if scene else 'value'} better, the mean or the median?",
            "Which is the better measure of center here, the mean or the median? Use the median if one value is far away from the rest, and the mean if not.",
        )[frame]
    )
    reason = (
        f"{max(data)} is far away from the other values. It pulls the mean up, but not the median."
        if outlier
        else "No value is far away from the others, so the mean can use every value."
    )
    answer = "median" if outlier else "mean"
    return Draft(
        text,
        answer,
        f"better_center({_list(data)})",
        (ordered, reason, f"The better choice is the {answer}."),
        {"data": data, "asks": "choose"},
        "choose",
        kind="word",
        choices=("mean", "median"),
    )


@rule("statistics.forgets_to_divide")
def forgets_to_divide(v) -> str | None:
    data = v["data"]
    if v["asks"] == "mean":
        return str(sum(data))
    center = _mean(data)
    return dec(sum((abs(x - center) for x in data), Fraction(0)))


@rule("statistics.middle_of_the_extremes")
def middle_of_the_extremes(v) -> str | None:
    return dec(Fraction(max(v["data"]) + min(v["data"]), 2))


@rule("statistics.median_without_order")
def median_without_order(v) -> str | None:
    data, half = v["data"], len(v["data"]) // 2
    return dec(Fraction(data[half]) if len(data) % 2 else Fraction(data[half - 1] + data[half], 2))


@rule("statistics.mode_as_frequency")
def mode_as_frequency(v) -> str | None:
    return f"{Counter(v['data']).most_common(1)[0][1]}, {max(v['data']) - min(v['data'])}"


@rule("statistics.range_of_the_ends")
def range_of_the_ends(v) -> str | None:
    return f"{Counter(v['data']).most_common(1)[0][0]}, {abs(v['data'][-1] - v['data'][0])}"


@rule("statistics.missing_value_is_the_mean")
def missing_value_is_the_mean(v) -> str | None:
    return v["mean"]


@rule("statistics.deviations_with_sign")
def deviations_with_sign(v) -> str | None:
    return "0"


@rule("statistics.range_instead_of_iqr")
def range_instead_of_iqr(v) -> str | None:
    return str(max(v["data"]) - min(v["data"]))


@rule("statistics.always_the_mean")
def always_the_mean(v) -> str | None:
    return "mean" if v["asks"] == "choose" else "0"


# ----------------------------------------------------------------------------------------------------------- probability


def _bag(counts: Sequence[int], colors: Sequence[str], scene: Scene | None) -> str:
    kind = "ticket" if scene else "cube"
    inside = _and([f"{n} {color} {kind}{'s' if n > 1 else ''}" for n, color in zip(counts, colors, strict=True)])
    return f"{_at(scene).capitalize()}, {scene.person} puts {inside} into a hat." if scene else f"A bag holds {inside}."


def _draw(scene: Scene | None) -> str:
    return f"{scene.friend} draws one ticket without looking." if scene else "You take one cube without looking."


def _fraction_steps(top: int, bottom: int) -> tuple[str, ...]:
    value = Fraction(top, bottom)
    if value.denominator == bottom:
        return (f"The probability is {top}/{bottom}.",)
    return (f"The probability is {top}/{bottom}.", f"In simplest form, {top}/{bottom} = {value}.")


@generator("statistics.probability_simple")
def probability_simple(rng: Random, level: int, scene: Scene | None) -> Draft:
    kinds = {1: 2, 2: 3, 3: 4}[level]
    colors = rng.sample(COLORS, kinds)
    counts = [rng.randint(1, {1: 12, 2: 9, 3: 12}[level]) for _ in range(kinds)]
    wanted = 2 if level == 3 and rng.random() < 0.6 else 1
    top, total = sum(counts[:wanted]), sum(counts)
    if wanted * total == top * kinds:  # not by chance the same share for every color
        counts[0], top, total = counts[0] + 1, top + 1, total + 1
    order = rng.sample(range(kinds), kinds)
    kind = "ticket" if scene else "cube"
    goal = " or ".join(colors[:wanted])
    text = f"{_bag([counts[i] for i in order], [colors[i] for i in order], scene)} {_draw(scene)} What is the probability that the {kind} is {goal}?"
    wanted_sum = f"({_plus(counts[:wanted])})" if wanted > 1 else str(counts[0])
    steps = [f"Count all the {kind}s: {_plus([counts[i] for i in order])} = {total}"]
    steps.append(
        f"Wanted: {_plus(counts[:wanted])} = {top}"
        if wanted > 1
        else f"{top} of them {'are' if top > 1 else 'is'} {goal}."
    )
    expression = f"{wanted_sum}/({_plus([counts[i] for i in order])})"
    values = {"wanted": top, "others": total - top, "kinds": kinds, "wanted_kinds": wanted}
    return Draft(
        text,
        str(Fraction(top, total)),
        expression,
        (*steps, *_fraction_steps(top, total)),
        values,
        f"{wanted}_of_{kinds}",
    )


@rule("statistics.part_to_part")
def part_to_part(v) -> str | None:
    return str(Fraction(v["wanted"], v["others"]))


@rule("statistics.all_kinds_equally_likely")
def all_kinds_equally_likely(v) -> str | None:
    return str(Fraction(v["wanted_kinds"], v["kinds"]))


@generator("statistics.probability_complement")
def probability_complement(rng: Random, level: int, scene: Scene | None) -> Draft:
    family = {1: "fraction", 2: rng.choice(["percent", "decimal"]), 3: "bag"}[level]
    bottom = rng.randint(3, 30)
    top = rng.randint(1, bottom - 1)
    while 2 * top == bottom or Fraction(top, bottom).denominator != bottom:
        bottom = rng.randint(3, 30)
        top = rng.randint(1, bottom - 1)
    hundredths = rng.choice([n for n in range(1, 100) if n != 50])
    counts, colors, frame = [rng.randint(1, 9) for _ in range(3)], rng.sample(COLORS, 3), rng.randrange(2)
    if family == "bag":
        if 2 * counts[0] == sum(counts):
            counts[0] += 1
        total = sum(counts)
        p = Fraction(counts[0], total)
        kind = "ticket" if scene else "cube"
        text = (
            f"{_bag(counts, colors, scene)} {_draw(scene)} What is the probability that the {kind} is not {colors[0]}?"
        )
        steps = (
            f"There are {total} {kind}s, because {_plus(counts)} = {total}.",
            f"The probability of {colors[0]} is {counts[0]}/{total}.",
            f"1 - {counts[0]}/{total} = {1 - p}",
        )
        return Draft(text, str(1 - p), f"1 - {counts[0]}/({_plus(counts)})", steps, {"probability": str(p)}, "bag")
    if family == "fraction":
        given, answer, expression = f"{top}/{bottom}", str(Fraction(bottom - top, bottom)), f"1 - {top}/{bottom}"
        steps = (
            "Winning and not winning together have the probability 1.",
            f"1 is the same as {bottom}/{bottom}.",
            f"{bottom}/{bottom} - {top}/{bottom} = {bottom - top}/{bottom}",
        )
    elif family == "percent":
        given, answer, expression = f"{hundredths}%", f"{100 - hundredths}%", f"percent(1 - {hundredths}/100)"
        steps = ("The event and its complement together make 100%.", f"100% - {hundredths}% = {100 - hundredths}%")
    else:
        given, answer = dec(Fraction(hundredths, 100)), dec(Fraction(100 - hundredths, 100))
        expression = f"1 - {given}"
        steps = ("The event and its complement together have the probability 1.", f"1 - {given} = {answer}")
    if family == "fraction":
        text = (
            f"A spinner stops on a winning field with probability {given}. What is the probability that you do not win?",
            f"The probability of winning a game is {given}. What is the probability of not winning?",
        )[frame]
        if scene:
            text = f"In a raffle {_at(scene)}, the probability that a ticket wins is {given}. What is the probability that {scene.person}'s ticket does not win?"
    elif scene:
        text = f"The probability that {scene.person} goes {scene.place.replace('the ', 'to the ', 1)} on a free day is {given}. What is the probability that {scene.person} does not go there?"
    else:
        text = (
            f"The probability of rain tomorrow is {given}. What is the probability that it does not rain?",
            f"The probability that the bus is on time is {given}. What is the probability that it is not on time?",
        )[frame]
    return Draft(text, answer, expression, steps, {"probability": given}, family)


@rule("statistics.overlooks_not")
def overlooks_not(v) -> str | None:
    return v["probability"]


@generator("statistics.probability_compound")
def probability_compound(rng: Random, level: int, scene: Scene | None) -> Draft:
    m, n = rng.randint(3, 10), rng.randint(3, 10)
    x, y = rng.randint(1, m - 1), rng.randint(1, n - 1)
    a, b = rng.randint(2, 12), rng.randint(2, 12)
    colors, same = rng.sample(COLORS, 2), rng.random() < 0.5
    total, kind = a + b, "ticket" if scene else "cube"
    if level == 1:
        first, second = Fraction(x, m), Fraction(y, n)
        raw = (f"{x}/{m}", f"{y}/{n}")
        expression = f"{x}/{m} * {y}/{n}"
        text = f"Spinner A has {m} equal fields, and {x} of them {'win' if x > 1 else 'wins'}. Spinner B has {n} equal fields, and {y} of them {'win' if y > 1 else 'wins'}. What is the probability that both spinners win?"
        if scene:
            text = f"{scene.person} spins two wheels {_at(scene)}. {text.replace('Spinner', 'Wheel').replace('both spinners', 'both wheels')}"
        start = (
            "The spinners do not change each other, so multiply."
            if not scene
            else "The wheels do not change each other, so multiply.",
        )
    else:
        back = level == 2
        top2 = a - (not back) if same else b
        bottom2 = total if back else total - 1
        first, second = Fraction(a, total), Fraction(top2, bottom2)
        raw = (f"{a}/{total}", f"{top2}/{bottom2}")
        second_text = (
            f"{a}/({a} + {b})"
            if same and back
            else f"{b}/({a} + {b})"
            if back
            else f"({a} - 1)/({a} + {b} - 1)"
            if same
            else f"{b}/({a} + {b} - 1)"
        )
        expression = f"{a}/({a} + {b}) * {second_text}"
        goal = (
            f"both {kind}s are {colors[0]}"
            if same
            else f"the first {kind} is {colors[0]} and the second is {colors[1]}"
        )
        who = scene.friend if scene else "You"
        verb, look = ("draws", "puts") if scene else ("take", "put")
        method = (
            f"{who} {verb} a {kind} without looking, {look} it back, and {verb} a {kind} again."
            if back
            else f"{who} {verb} two {kind}s without looking, one after the other, and {look} nothing back."
        )
        text = f"{_bag([a, b], colors, scene)} {method} What is the probability that {goal}?"
        again = (
            f"The first {kind} is put back, so there are {total} {kind}s both times."
            if back
            else f"After the first draw, {total - 1} {kind}s are left, and {top2} of them {'are' if top2 > 1 else 'is'} {colors[0] if same else colors[1]}."
        )
        start = (f"First draw: {a} of {total} {kind}s are {colors[0]}, so the probability is {raw[0]}.", again)
    answer = first * second
    steps = (*start, f"{raw[0]} × {raw[1]} = {answer}")
    return Draft(
        text,
        str(answer),
        expression,
        steps,
        {"first": raw[0], "second": raw[1]},
        {1: "spinners", 2: "put_back", 3: "not_put_back"}[level],
    )


@rule("statistics.adds_probabilities")
def adds_probabilities(v) -> str | None:
    return str(Fraction(v["first"]) + Fraction(v["second"]))


@generator("statistics.sample_estimate")
def sample_estimate(rng: Random, level: int, scene: Scene | None) -> Draft:
    sample = rng.choice([20, 25, 40, 50]) if level < 3 else rng.choice([30, 45, 60, 75, 80])
    if level < 3:
        k = rng.randint(3, sample - 5)
        population = sample * rng.randint(2, 10) if level == 1 else sample * rng.randint(11, 40)
    else:
        population = 10 * rng.randint(2 * sample // 10, 90)
        k = rng.randint(4, sample - 5)
        while k * population % sample or population % sample == 0:
            k, population = rng.randint(4, sample - 5), 10 * rng.randint(2 * sample // 10, 90)
    answer, frame = k * population // sample, rng.randrange(2)
    if scene:
        things = ("came by bus", "came with a friend")[frame]
        text = f"{scene.person} asks {sample} randomly chosen visitors of {_fair(scene)}. Of these, {k} {things}. The fair has {commas(population)} visitors that day. About how many of all the visitors {things}? Use the share in the sample."
        unit = "visitors"
    else:
        things, place, unit = (("walk to school", "A school", "students"), ("have a pet", "A town", "people"))[frame]
        text = f"{place} has {commas(population)} {unit}. In a random sample of {sample} {unit}, {k} {things}. About how many of all the {unit} {things}? Use the share in the sample."
    share = Fraction(k, sample)
    line = f"{k}/{sample} × {commas(population)} = {commas(answer)}"
    steps = [f"In the sample the share is {k}/{sample}."]
    if population % sample == 0:
        steps.append(
            f"The whole group is {population // sample} times as large: {sample} × {population // sample} = {commas(population)}."
        )
        steps.append(f"{k} × {population // sample} = {commas(answer)}")
    else:
        if share.denominator != sample:
            steps.append(f"In simplest form, {k}/{sample} = {share}.")
        steps.append(line)
    return Draft(
        text,
        str(answer),
        f"{k}/{sample} * {population}",
        tuple(steps),
        {"sample": sample, "count": k, "population": population},
        "estimate",
        unit=unit,
    )


@rule("statistics.adds_to_scale_up")
def adds_to_scale_up(v) -> str | None:
    return str(v["count"] + v["population"] - v["sample"])


# ------------------------------------------------------------------------------------------------------------- two variables


@generator("statistics.two_way_table")
def two_way_table(rng: Random, level: int, scene: Scene | None) -> Draft:
    asks = rng.choice(["row", "column", "all"] if level == 1 else ["row", "column"])
    a, b, c, d = (rng.randint(4, 30) for _ in range(4))
    if level == 3:  # the share is a whole percent
        whole = rng.choice([20, 25, 40, 50, 60, 75, 80, 100, 100])
        a = rng.choice([n for n in range(3, whole - 2) if n * 100 % whole == 0])
        rest = whole - a
        b, c = (rest, c) if asks == "row" else (b, rest)
    if b == c:  # else the row and the column have the same total
        c += 1 if asks == "row" else 0
        b += 0 if asks == "row" else 1
    frame = rng.randrange(2)
    total = a + b + c + d
    if scene:
        people, rows = "visitors", ("children", "adults")
        did, did_not = f"bought {_a(scene.buy)}", "did not"
        intro = f"Children and adults came to {_fair(scene)}."
    elif frame:
        people, rows, did, did_not = "students", ("younger students", "older students"), "play an instrument", "do not"
        intro = "A school asked its students about music."
    else:
        people, rows, did, did_not = "people", ("children", "adults"), "like the new park", "do not"
        intro = "A town asked people about a new park."
    r0, r1 = rows
    table = f"{r0.capitalize()}: {a} {did}, {b} {did_not}.\n{r1.capitalize()}: {c} {did}, {d} {did_not}."
    form = "percent" if level == 3 else "fraction"
    question = {
        "row": f"Of the {r0}, what {form} {did}?",
        "column": f"Of all the {people} who {did}, what {form} are {r0}?",
        "all": f"Of all the {people}, what {form} are {r0} who {did}?",
    }[asks]
    used = {"row": [a, b], "column": [a, c], "all": [a, b, c, d]}[asks]
    whole, group = sum(used), {"row": r0, "column": f"{people} who {did}", "all": people}[asks]
    share = Fraction(a, whole)
    steps = [
        f"The whole is the number of {group}: {_plus(used)} = {whole}",
        f"The part is {a}, so the share is {a}/{whole}.",
    ]
    if level == 3:
        steps.append(f"{a}/{whole} = {share * 100}%")
    elif share.denominator != whole:
        steps.append(f"In simplest form, {a}/{whole} = {share}.")
    expression = f"{a}/({_plus(used)})"
    answer = f"{share * 100}%" if level == 3 else str(share)
    values = {
        "part": a,
        "whole": whole,
        "total": total,
        "other": {"row": a + c, "column": a + b, "all": 0}[asks],
        "form": form,
    }
    if asks == "all":
        del values["other"]
    return Draft(
        f"{intro}\n{table}\n{question}",
        answer,
        f"percent({expression})" if level == 3 else expression,
        tuple(steps),
        values,
        asks,
    )


def _share(v, bottom: int) -> str:
    share = Fraction(v["part"], bottom)
    return _percent(share) if v["form"] == "percent" else str(share)


@rule("statistics.divides_by_everyone")
def divides_by_everyone(v) -> str | None:
    return _share(v, v["total"])


@rule("statistics.swaps_the_condition")
def swaps_the_condition(v) -> str | None:
    return _share(v, v["other"])


def _fit(points: Sequence[tuple[int, int]]) -> Fraction:
    """The square of r with the sign of r."""
    mx, my = _mean([x for x, _ in points]), _mean([y for _, y in points])
    sxy = sum(((x - mx) * (y - my) for x, y in points), Fraction(0))
    sxx, syy = (
        sum(((x - mx) ** 2 for x, _ in points), Fraction(0)),
        sum(((y - my) ** 2 for _, y in points), Fraction(0)),
    )
    return sxy * abs(sxy) / (sxx * syy) if syy else Fraction(0)


@generator("statistics.scatter_trend")
def scatter_trend(rng: Random, level: int, scene: Scene | None) -> Draft:
    predict = rng.random() < {1: 0.4, 2: 0.75, 3: 0.75}[level]
    falls = rng.random() < 0.6
    frame = rng.randrange(2)
    kind = "negative" if falls else rng.choice(["positive", "none"])
    n = {1: 6, 2: 7, 3: 8}[level]
    slope = Fraction(rng.randint(2, {1: 5, 2: 9, 3: 9}[level]))
    if level == 3:
        slope = Fraction(rng.choice([1, 3, 5, 7]), 2)
    x = 2 * rng.randint(1, 10) if level == 3 else rng.randint(2, 10 if level == 1 else 12)
    while True:  # points whose trend is plain to see
        noise = [rng.randint(-2, 2) if kind != "none" else rng.randint(0, 14) for _ in range(n)]
        step = {"positive": 2, "negative": -2, "none": 0}[kind]
        points = [(i + 1, 3 + noise[i] + step * i + (2 * n if falls else 2)) for i in range(n)]
        fit = _fit(points)
        if (
            (kind == "positive" and fit > Fraction(7, 10))
            or (kind == "negative" and fit < Fraction(-7, 10))
            or (kind == "none" and abs(fit) < Fraction(1, 12))
        ):
            break
    start = rng.randint(5, 40) if not falls else int(slope * x) + rng.randint(4, 60)
    if not predict:
        shown = ", ".join(f"({p}, {q})" for p, q in points)
        if scene:
            text = f"{scene.person} records how many {scene.things} are counted after each hour {_at(scene)}. The points (hours, {scene.things}) are {shown}. Is the association positive or negative, or is there none?"
        else:
            text = f"A scatter plot has the points {shown}. Is the association positive or negative, or is there none?"
        why = {
            "positive": "As x grows, the y-values mostly grow too: the points rise.",
            "negative": "As x grows, the y-values mostly get smaller: the points fall.",
            "none": "As x grows, the y-values jump up and down without a direction.",
        }[kind]
        coordinates = _list([v for point in points for v in point])
        steps = ("Look at the points from left to right.", why, f"So the answer is: {kind}.")
        return Draft(
            text,
            kind,
            f"association({coordinates})",
            steps,
            {"association": kind, "asks": "association"},
            "association",
            kind="word",
            choices=("positive", "negative", "none"),
        )
    m, sign = dec(slope), "-" if falls else "+"
    product = slope * x
    y = start - product if falls else start + product
    line = f"y = {start} - {m}x" if falls else f"y = {m}x + {start}"
    if scene:
        what = "still there" if falls else "counted"
        text = f"{_at(scene).capitalize()}, {scene.person} plots y, the number of {scene.things} {what} after x hours. The trend line is {line}. How many {scene.things} does the line predict for x = {x}?"
    else:
        text = (
            f"A trend line in a scatter plot has the equation {line}. What does it predict for x = {x}?",
            f"The points of a scatter plot lie close to the line {line}. Predict y for x = {x}.",
        )[frame]
    steps = (
        f"Put {x} in for x: {m} × {x} = {dec(product)}.",
        f"Start from {start}: {start} {sign} {dec(product)} = {dec(y)}",
        f"The line predicts {dec(y)}.",
    )
    expression = f"at({start} {sign} {m}x, x={x})"
    return Draft(
        text,
        dec(y),
        expression,
        steps,
        {"change": dec(product), "start": start, "falls": int(falls), "asks": "predict"},
        "predict",
        unit=scene.things if scene else "",
    )


@rule("statistics.falling_means_no_trend")
def falling_means_no_trend(v) -> str | None:
    if v["asks"] == "association":
        return "none" if v["association"] == "negative" else None
    return str(v["start"]) if v["falls"] else None


@rule("statistics.leaves_out_the_start")
def leaves_out_the_start(v) -> str | None:
    return v["change"] if v["asks"] == "predict" else None


# ----------------------------------------------------------------------------------------------------------- composed


def _sub(text: str, answer: object, expression: str, *steps: str, values: dict | None = None, **more) -> Draft:
    """A sub-problem of a composed problem."""
    return Draft(text, str(answer), expression, steps, values or {}, "part", **more)


@composer("statistics.fair_share_from_graph", ("statistics.bar_graph", "statistics.mean"))
def fair_share_from_graph(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _default(scene)
    key = {1: 2, 2: 5, 3: 10}[level]
    steps_high = [rng.randint(2, 9) for _ in range(3)]
    steps_high[-1] += -sum(steps_high) % 3
    data = [n * key for n in steps_high]
    total = sum(data)
    bars = _and([f"{day} {n}" for day, n in zip(DAYS, steps_high, strict=False)])
    start = f"A bar graph shows how many {s.things} {s.person} counted. One step on the scale is {key} {s.things}. The bars are this many steps high: {bars}."
    high = sum(steps_high)
    parts: Parts = [
        (
            "statistics.bar_graph",
            _sub(
                f"{start} How many {s.things} did {s.person} count in all?",
                total,
                f"({_plus(steps_high)}) * {key}",
                f"{_plus(steps_high)} = {high}",
                f"{high} × {key} = {total}",
                values={"counts": steps_high, "key": key, "asks": "total"},
                unit=s.things,
            ),
        ),
        (
            "statistics.mean",
            _sub(
                f"{s.person} counted {_list(data)} {s.things} on 3 days. What is the mean for one day?",
                total // 3,
                f"mean({_list(data)})",
                f"{_plus(data)} = {total}",
                f"{total} ÷ 3 = {total // 3}",
                values={"data": data, "asks": "mean"},
                unit=s.things,
            ),
        ),
    ]
    steps = (
        f"Add the bars: {_plus(steps_high)} = {high} steps.",
        f"Each step is worth {key}: {high} × {key} = {total}.",
        f"Share the total among 3 days: {total} ÷ 3 = {total // 3}.",
    )
    text = f"{start} What is the mean number of {s.things} for one day?"
    return Draft(
        text,
        str(total // 3),
        f"({_plus(steps_high)}) * {key} / 3",
        steps,
        {"counts": steps_high, "key": key},
        "story",
        unit=s.things,
    ), parts


@composer("statistics.usual_values", ("statistics.mean", "statistics.mean_absolute_deviation"))
def usual_values(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _default(scene)
    n = {1: 4, 2: 5, 3: 8}[level]
    while True:
        data = [rng.randint(5, 20 + 10 * level) for _ in range(n)]
        data[-1] += -sum(data) % n
        center = sum(data) // n
        distances = [abs(x - center) for x in data]
        if sum(distances) and (level > 1 or sum(distances) % n == 0):
            break
    spread = Fraction(sum(distances), n)
    start = f"{s.person} counts {s.things} on {n} days: {_list(data)}."
    find_mean = (f"{_plus(data)} = {sum(data)}", f"{sum(data)} ÷ {n} = {center}")
    find_mad = (
        f"Distances from {center}: {_list(distances)}.",
        f"{_plus(distances)} = {sum(distances)}",
        f"{sum(distances)} ÷ {n} = {dec(spread)}",
    )
    parts: Parts = [
        (
            "statistics.mean",
            _sub(
                f"{start} What is the mean?",
                center,
                f"mean({_list(data)})",
                *find_mean,
                values={"data": data, "asks": "mean"},
            ),
        ),
        (
            "statistics.mean_absolute_deviation",
            _sub(
                f"{start} What is the mean absolute deviation?",
                dec(spread),
                f"mad({_list(data)})",
                *find_mad,
                values={"data": data, "asks": "mad"},
            ),
        ),
    ]
    text = f"{start} A number counts as usual if it is at most one mean absolute deviation above the mean. What is the largest number that still counts as usual? It may be a decimal."
    steps = (*find_mean, *find_mad, f"{center} + {dec(spread)} = {dec(center + spread)}")
    return Draft(
        text, dec(center + spread), f"mean({_list(data)}) + mad({_list(data)})", steps, {"data": data}, "story"
    ), parts


@composer("statistics.missing_then_median", ("statistics.missing_value", "statistics.median"))
def missing_then_median(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _default(scene)
    n = {1: 5, 2: 6, 3: 7}[level]
    data = rng.sample(range(3, 40), n)
    data[-1] += -sum(data) % n
    *known, x = data
    center, total, mid = sum(data) // n, sum(data), _median(data)
    ordered, half = sorted(data), n // 2
    start = f"On {n} days {s.person} counts a mean of {center} {s.things} a day. The numbers for all days but the last are {_list(known)}."
    find = (f"{n} × {center} = {total}", f"{_plus(known)} = {total - x}", f"{total} - {total - x} = {x}")
    middle = (
        f"In order: {_list(ordered)}.",
        f"The middle value is {dec(mid)}." if n % 2 else f"({ordered[half - 1]} + {ordered[half]}) ÷ 2 = {dec(mid)}",
    )
    parts: Parts = [
        (
            "statistics.missing_value",
            _sub(
                f"{start} How many {s.things} does {s.person} count on the last day?",
                x,
                f"solve(({_plus(known)} + x)/{n} = {center}, x)",
                *find,
                values={"mean": str(center), "known": known},
                unit=s.things,
            ),
        ),
        (
            "statistics.median",
            _sub(
                f"What is the median of {_list(data)}?",
                dec(mid),
                f"median({_list(data)})",
                *middle,
                values={"data": data},
            ),
        ),
    ]
    text = f"{start} What is the median of all {n} numbers?"
    return Draft(
        text,
        dec(mid),
        f"median({_list(known)}, {n} * {center} - ({_plus(known)}))",
        (*find, *middle),
        {"mean": str(center), "known": known},
        "story",
    ), parts


@composer(
    "statistics.lose_twice",
    ("statistics.probability_simple", "statistics.probability_complement", "statistics.probability_compound"),
)
def lose_twice(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _default(scene)
    win, lose = rng.randint(1, 2 + level), rng.randint(3, 5 + 2 * level)
    if win == lose:
        lose += 1
    total = win + lose
    p, q = Fraction(win, total), Fraction(lose, total)
    start = f"A raffle {_at(s)} has {win} winning ticket{'s' if win > 1 else ''} and {lose} losing tickets in a hat."
    parts: Parts = [
        (
            "statistics.probability_simple",
            _sub(
                f"{start} {s.person} draws one ticket. What is the probability that it wins?",
                p,
                f"{win}/({win} + {lose})",
                f"{win} + {lose} = {total}",
                *_fraction_steps(win, total),
                values={"wanted": win, "others": lose, "kinds": 2, "wanted_kinds": 1},
            ),
        ),
        (
            "statistics.probability_complement",
            _sub(
                f"The probability that a ticket wins is {p}. What is the probability that it does not win?",
                q,
                f"1 - {p}",
                "Winning and not winning together have the probability 1.",
                f"1 - {p} = {q}",
                values={"probability": str(p)},
            ),
        ),
        (
            "statistics.probability_compound",
            _sub(
                f"The probability that a ticket does not win is {q}. {s.person} draws twice and puts the ticket back after the first draw. What is the probability that neither ticket wins?",
                q * q,
                f"{q} * {q}",
                "The ticket is put back, so the second draw has the same probability. Multiply.",
                f"{q} × {q} = {q * q}",
                values={"first": str(q), "second": str(q)},
            ),
        ),
    ]
    text = f"{start} {s.person} draws a ticket, puts it back, and draws again. What is the probability that neither ticket wins?"
    steps = (
        f"The probability that a ticket wins is {p}.",
        f"The probability that it does not win: 1 - {p} = {q}",
        f"Both times: {q} × {q} = {q * q}",
    )
    return Draft(
        text, str(q * q), f"(1 - {win}/({win} + {lose}))^2", steps, {"first": str(q), "second": str(q)}, "story"
    ), parts


@composer("statistics.sample_then_percent", ("statistics.sample_estimate", "ratios.percent_of"))
def sample_then_percent(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _default(scene)
    sample = rng.choice([20, 25, 40, 50])
    k = rng.randint(3, sample - 5)
    factor = 4 * rng.randint(2, 4 + 4 * level)
    population, estimate = sample * factor, k * factor
    percent = rng.choice(
        [n for n in (5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 80) if estimate * n % 100 == 0]
    )  # 25 and 50 always fit
    answer = estimate * percent // 100
    start = f"{s.person} asks {sample} randomly chosen visitors of {_fair(s)}, and {k} of them want {_a(s.buy)}. The fair has {commas(population)} visitors that day."
    find = (f"{commas(population)} ÷ {sample} = {factor}", f"{k} × {factor} = {commas(estimate)}")
    parts: Parts = [
        (
            "statistics.sample_estimate",
            _sub(
                f"{start} About how many of all the visitors want {_a(s.buy)}?",
                estimate,
                f"{k}/{sample} * {population}",
                *find,
                values={"sample": sample, "count": k, "population": population},
                unit="visitors",
            ),
        ),
        (
            "ratios.percent_of",
            _sub(
                f"Find {percent}% of {commas(estimate)}.",
                answer,
                f"{percent}/100 * {estimate}",
                f"{percent}% means {percent} of every 100.",
                f"{percent}/100 × {commas(estimate)} = {answer}",
            ),
        ),
    ]
    text = f"{start} Of those who want one, {percent}% have money with them. About how many visitors is that?"
    steps = (*find, f"{percent}% of {commas(estimate)}: {percent}/100 × {commas(estimate)} = {answer}")
    return Draft(
        text,
        str(answer),
        f"{k}/{sample} * {population} * {percent}/100",
        steps,
        {"sample": sample, "count": k, "population": population},
        "story",
        unit="visitors",
    ), parts


@composer("statistics.off_the_line", ("statistics.scatter_trend", "integers.subtract"))
def off_the_line(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, Parts]:
    s = _default(scene)
    m, start, x = rng.randint(2, 3 + 2 * level), rng.randint(5, 30), rng.randint(3, 8)
    line = m * x + start
    off = rng.choice([n for n in range(-9, 10) if n])
    real = line + off
    line_text = f"y = {m}x + {start}"
    parts: Parts = [
        (
            "statistics.scatter_trend",
            _sub(
                f"A trend line for {s.things} counted after x hours is {line_text}. What does it predict for x = {x}?",
                line,
                f"at({m}x + {start}, x={x})",
                f"Put {x} in for x.",
                f"{m} × {x} + {start} = {line}",
                values={"change": str(m * x), "start": start, "falls": 0, "asks": "predict"},
                unit=s.things,
            ),
        ),
        (
            "integers.subtract",
            _sub(
                f"Work out {real} - {line}.",
                off,
                f"{real} - {line}",
                "The result is negative if more is taken away than there is."
                if off < 0
                else "The first number is larger, so the result is positive.",
                f"{real} - {line} = {off}",
                values={"a": real, "b": line},
            ),
        ),
    ]
    text = f"{s.person} counts {s.things} {_at(s)}. The trend line after x hours is {line_text}. After {x} hours the real number is {real}. Subtract the predicted number from the real number. What is the result? It is negative if the point lies below the line."
    steps = (f"Predicted: {m} × {x} + {start} = {line}", f"{real} - {line} = {off}")
    return Draft(
        text, str(off), f"{real} - ({m}*{x} + {start})", steps, {"change": str(m * x), "start": start}, "story"
    ), parts
