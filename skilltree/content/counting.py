"""Counting, first addition and subtraction, place value to 1,000, grades K-2 (the words are in counting.toml)."""

from random import Random

from classwright.skilltree.bank import composer, generator, rule
from classwright.skilltree.problem import Draft
from classwright.skilltree.scenes import Scene, draw_scene

MARKS = {"★": ("star", "stars"), "●": ("dot", "dots"), "▲": ("triangle", "triangles"), "■": ("square", "squares")}
BOX = "□"
TEEN_WORDS = {11: "eleven", 12: "twelve", 13: "thirteen", 14: "fourteen", 15: "fifteen", 16: "sixteen",
              17: "seventeen", 18: "eighteen", 19: "nineteen"}  # fmt: skip
YES_NO = ("yes", "no")


def _at(scene: Scene) -> str:
    """ "At the bakery", "In the kitchen"."""
    return f"{'In' if scene.place.endswith(('room', 'kitchen', 'garden')) else 'At'} {scene.place}"


def _unit(scene: Scene | None, n: int) -> str:
    return "" if scene is None else scene.thing if n == 1 else scene.things


def _n(count: int, noun: str) -> str:
    """ "1 ten", "3 tens"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _join(terms) -> str:
    return ", ".join(str(t) for t in terms)


def _row(mark: str, groups: list[int]) -> str:
    return " ".join(mark * g for g in groups if g)


def _sign(n: int, m: int) -> str:
    return "<" if n < m else ">" if n > m else "="


def _teller(scene: Scene | None, *numbers: int) -> Scene:
    """The scene of a story that is always told: without one, a school scene that the numbers pick."""
    return scene or draw_scene(None, f"counting {numbers}")


# Counting


@generator("counting.count_objects")
def count_objects(rng: Random, level: int, scene: Scene | None) -> Draft:
    mark, other = rng.sample(sorted(MARKS), 2)
    name = MARKS[mark][1]
    if level < 3:
        n = rng.randint(3, 10) if level == 1 else rng.randint(11, 20)
        cuts = sorted(rng.sample(range(1, n), rng.randint(1, 2) if level == 1 else 3))
        row = _row(mark, [b - a for a, b in zip([0, *cuts], [*cuts, n], strict=True)])
        total = n
    else:
        n, extra = rng.randint(5, 12), rng.randint(3, 7)
        marks = [mark] * n + [other] * extra
        rng.shuffle(marks)
        row, total = "".join(marks), n + extra
    steps = [
        f"Touch each {MARKS[mark][0]} one time. Say one number for each: {_join(range(1, n + 1))}.",
        f"The last number you say is {n}. It tells how many {name} there are.",
    ]
    if level == 3:
        steps.insert(0, f"Look for the {name} only. Skip the {MARKS[other][1]}.")
    if scene and level < 3:
        text = f"{_at(scene)}, {scene.person} draws one {mark} for each {scene.thing}: {row}. How many {scene.things} are there?"
    elif scene:
        text = (
            f"{_at(scene)}, {scene.person} draws one {mark} for each {scene.thing} and one {other} for each {scene.group}: "
            f"{row}. How many {scene.things} are there?"
        )
    else:
        text = f"Count the {name}: {row}. How many {name} are there?"
    return Draft(text, str(n), f'count_marks("{row}", "{mark}")', tuple(steps), {"n": n, "all_marks": total},
                 "one_kind" if level < 3 else "two_kinds", unit=_unit(scene, n) if scene else name)  # fmt: skip


@generator("counting.count_on")
def count_on(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level == 1:
        last, k = rng.randint(1, 30), 1
        text = f"Count on. What number comes right after {last}?"
        if scene:
            text = f"{scene.person} counts {scene.things}. {scene.person} says {last}. What number comes next?"
        steps = (f"Say {last}. Then say the next number.", f"{last} + 1 = {last + 1}")
        values = {"last": last, "step": 1, "k": 1}
        return Draft(text, str(last + 1), f"{last} + 1", steps, values, "next")
    crosses = rng.random() < 0.8
    k = 1 if level == 2 else rng.randint(2, 3)
    tens = rng.randint(1, 4) if level == 2 else rng.randint(2, 8)
    free = rng.randint(13, 59) if level == 2 else rng.randint(33, 96)
    gap = 0 if level == 2 else rng.randint(0, 1)
    last = tens * 10 + 9 - gap if crosses else free
    shown = _join(range(last - 2, last + 1))
    terms = [last + i for i in range(1, k + 1)]
    ask = "What number comes next?" if k == 1 else f"Write the next {k} numbers."
    text = f"{scene.person} counts {scene.things}: {shown}, ... {ask}" if scene else f"Count on: {shown}, ... {ask}"
    steps = [f"The last number is {last}. Each new number is one more."]
    if crosses:
        steps.append(f"After {tens * 10 + 9} the ones start again, and the tens go up by one: {tens * 10 + 10}.")
    steps.append(f"Count on: {_join(terms)}.")
    expression = f"{last} + 1" if k == 1 else f"count_by({last}, 1, {k})"
    return Draft(text, _join(terms), expression, tuple(steps), {"last": last, "step": 1, "k": k}, "sequence",
                 kind="number" if k == 1 else "list")  # fmt: skip


@generator("counting.count_back")
def count_back(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level == 1:
        last = rng.randint(2, 15)
        text = f"Count back. What number comes right before {last}?"
        if scene:
            text = f"{scene.person} counts back from {last} before a race. What number comes after {last} when you count back?"
        steps = (f"Start at {last} and go back one.", f"{last} - 1 = {last - 1}")
        values = {"last": last, "step": -1, "k": 1}
        return Draft(text, str(last - 1), f"{last} - 1", steps, values, "before")
    k = 1 if level == 2 else rng.randint(2, 3)
    last = rng.randint(3, 18) if level == 2 else rng.randint(7, 28)
    shown = _join(range(last + 2, last - 1, -1))
    terms = [last - i for i in range(1, k + 1)]
    ask = "What number comes next?" if k == 1 else f"Write the next {k} numbers."
    text = f"Count back: {shown}, ... {ask}"
    if scene:
        text = f"{scene.person} takes one {scene.thing} away each time and counts what is left: {shown}, ... {ask}"
    steps = (
        f"The numbers go down. The last one is {last}.",
        "Each new number is one less.",
        f"Count back: {_join(terms)}.",
    )
    expression = f"{last} - 1" if k == 1 else f"count_by({last}, -1, {k})"
    return Draft(text, _join(terms), expression, steps, {"last": last, "step": -1, "k": k}, "sequence",
                 kind="number" if k == 1 else "list")  # fmt: skip


@generator("counting.compare_to_10")
def compare_to_10(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level == 1 or (level == 3 and rng.random() < 0.25):
        numbers = rng.sample(range(1, 11), 2 if level == 1 else 3)
        less = level == 3 or rng.random() < 0.5
        shown = " or ".join(str(n) for n in numbers) if level == 1 else f"{numbers[0]}, {numbers[1]} or {numbers[2]}"
        answer = min(numbers) if less else max(numbers)
        word = ("less" if level == 1 else "the least") if less else "more"
        text = f"Which is {word}: {shown}?"
        if scene and level == 1:
            text = (
                f"{scene.person} has {scene.count(numbers[0])}. {scene.friend} has {scene.count(numbers[1])}. "
                f"Which is {word}: {shown}?"
            )
        elif scene:
            text = f"{_at(scene)}, three friends count their {scene.things}: {_join(numbers[:2])} and {numbers[2]}. Which number is {word}: {shown}?"
        order = _join(sorted(numbers))
        steps = (
            f"Say the numbers in counting order: {order}.",
            f"{answer} comes {'first' if less else 'last'}, so {answer} is {word}.",
        )
        return Draft(text, str(answer), f"{'min' if less else 'max'}({_join(numbers)})", steps,
                     {"less": less, "opposite": str(max(numbers) if less else min(numbers))}, "numbers")  # fmt: skip
    first, second = rng.sample(sorted(MARKS), 2)
    few = rng.randint(3, 5) if level == 2 else rng.randint(5, 7)
    pick = rng.random()
    many = few if pick < 0.12 else rng.randint(few + 1, min(2 * few - 2, 10))
    less = pick < 0.85
    spread, tight = " ".join(first * few), second * many
    swap = rng.random() < 0.5
    rows = [(first, spread), (second, tight)]
    if swap:
        rows.reverse()
    name, other = MARKS[first][1], MARKS[second][1]
    answer = "the same" if few == many else name if less else other
    way, names = "fewer" if less else "more", [MARKS[mark][1] for mark, _ in rows]
    ask = f"Are there {way} {names[0]} or {way} {names[1]}, or is it the same?"
    text = f"Look at the two rows. {rows[0][1]} / {rows[1][1]} {ask}"
    if scene:
        text = (
            f"{scene.person} and {scene.friend} each draw one mark for each {scene.thing} they have. "
            f"{scene.person}: {rows[0][1]} / {scene.friend}: {rows[1][1]} {ask}"
        )
    pairs = ", ".join(f'"{MARKS[mark][1]}", count_marks("{row}", "{mark}")' for mark, row in rows)
    steps = (
        "Do not look at how long the rows are. Count.",
        f"There are {few} {name} and {many} {other}.",
        "Both numbers are equal, so it is the same." if few == many
        else f"{few} is less than {many}, so there are {'fewer ' + name if less else 'more ' + other}.",
    )  # fmt: skip
    return Draft(text, answer, f"{'which_least' if less else 'which_most'}({pairs})", steps,
                 {"less": less and few != many, "opposite": other, "by_length": other if less else name}, "rows",
                 kind="word", choices=(*names, "the same"))  # fmt: skip


# Addition and subtraction


def _add(rng: Random, scene: Scene | None, terms: list[int], picture: bool = False) -> Draft:
    a, b, total = terms[0], terms[1], sum(terms)
    told = rng.randrange(3)
    if len(terms) == 2:
        steps = [f"Start with {max(a, b)} and count on {min(a, b)} more."]
    else:
        steps = [
            f"Add two numbers first: {a} + {b} = {a + b}.",
            f"Then add the last one: {a + b} + {terms[2]} = {total}.",
        ]
    if len(terms) == 2:
        steps.append(f"{a} + {b} = {total}")
    if scene is None and picture:
        text = f"Here {_are(a)} {_n(a, 'star')}: {'★' * a}. Here {_are(b)} {b} more: {'★' * b}. How many stars are there in all?"
    elif scene is None:
        text = f"What is {' + '.join(map(str, terms))}?"
    elif len(terms) == 3:
        text = (
            f"{scene.person} has {scene.count(a)}, {scene.friend} has {scene.count(b)}, and {terms[2]} more "
            f"{_are(terms[2])} on the table. How many {scene.things} are there in all?"
        )
    elif told == 0:
        text = f"{scene.person} has {scene.count(a)}. Then {scene.person} gets {b} more. How many {scene.things} does {scene.person} have now?"
    elif told == 1:
        text = f"{_at(scene)}, there {_are(a)} {scene.count(a)}. {scene.person} brings {b} more. How many {scene.things} are there now?"
    else:
        text = f"{scene.person} has {scene.count(a)}. {scene.friend} has {scene.count(b)}. How many {scene.things} do they have in all?"
    if scene and picture:
        text = text.replace(". ", f" ({'★' * a}). ", 1).replace(f"{b} more", f"{b} more ({'★' * b})", 1)
        if told == 2:
            text = text.replace(f"has {scene.count(b)}. How", f"has {scene.count(b)} ({'★' * b}). How", 1)
    values = {"a": a, "b": b, "total": total} | ({"c": terms[2]} if len(terms) == 3 else {})
    family = "three_addends" if len(terms) == 3 else "story" if scene else "picture" if picture else "bare"
    return Draft(text, str(total), " + ".join(map(str, terms)), tuple(steps), values, family, unit=_unit(scene, total))


def _subtract(rng: Random, scene: Scene | None, a: int, taken: list[int], picture: bool = False) -> Draft:
    left = a - sum(taken)
    told = rng.randrange(3)
    if len(taken) == 2:
        steps = (f"Take away {taken[0]} first: {a} - {taken[0]} = {a - taken[0]}.",
                 f"Then take away {taken[1]}: {a - taken[0]} - {taken[1]} = {left}.")  # fmt: skip
    elif taken[0] == 0:
        steps = ("Nothing is taken away, so the number stays.", f"{a} - 0 = {a}")
    else:
        steps = (
            f"Start at {a} and count back {taken[0]}: {_join(range(a - 1, left - 1, -1))}.",
            f"{a} - {taken[0]} = {left}",
        )
    if scene is None and picture:
        text = f"Here {_are(a)} {_n(a, 'star')}: {'★' * a}. Take away {taken[0]}. How many stars are left?"
    elif scene is None:
        text = f"What is {a} - {' - '.join(map(str, taken))}?"
    elif len(taken) == 2:
        text = (
            f"{scene.person} has {scene.count(a)}. {scene.person} gives {taken[0]} to {scene.friend} and puts {taken[1]} away. "
            f"How many {scene.things} does {scene.person} have left?"
        )
    elif told == 0:
        text = (
            f"{scene.person} has {scene.count(a)}. {scene.person} gives {taken[0]} to {scene.friend}. "
            f"How many {scene.things} does {scene.person} have left?"
        )
    elif told == 1:
        text = f"{_at(scene)}, there {_are(a)} {scene.count(a)}. {scene.friend} takes {taken[0]} away. How many {scene.things} are left?"
    else:
        text = f"There {_are(a)} {scene.count(a)} on a table. {scene.person} puts {taken[0]} back. How many {scene.things} are still on the table?"
    if scene and picture:
        text = text.replace(". ", f" ({'★' * a}). ", 1)
    values = {"a": a, "b": taken[0], "taken": sum(taken), "difference": left} | (
        {"c": taken[1]} if len(taken) == 2 else {}
    )
    family = "two_steps" if len(taken) == 2 else "story" if scene else "picture" if picture else "bare"
    return Draft(
        text, str(left), f"{a} - {' - '.join(map(str, taken))}", tuple(steps), values, family, unit=_unit(scene, left)
    )


@generator("counting.add_within_5")
def add_within_5(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level == 1:
        total = rng.randint(2, 5)
        a = rng.randint(1, total - 1)
        return _add(rng, scene, [a, total - a], picture=True)
    if level == 2:
        total = rng.randint(2, 5)
        a = rng.randint(0, total) if rng.random() < 0.3 else rng.randint(1, total - 1)
        return _add(rng, scene, [a, total - a])
    total = rng.randint(4, 5)
    cuts = sorted(rng.sample(range(1, total), 2))
    return _add(rng, scene, [cuts[0], cuts[1] - cuts[0], total - cuts[1]])


@generator("counting.subtract_within_5")
def subtract_within_5(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level < 3:
        a = rng.randint(2, 5)
        b = rng.randint(1, a - 1) if level == 1 else rng.randint(1, a)
        if level == 2 and rng.random() < 0.1:
            b = 0
        return _subtract(rng, scene, a, [b], picture=level == 1)
    a = rng.randint(3, 5)
    b = rng.randint(1, a - 1)
    return _subtract(rng, scene, a, [b, rng.randint(1, a - b)])


@generator("counting.make_10")
def make_10(rng: Random, level: int, scene: Scene | None) -> Draft:
    have = [rng.randint(1, 9)] if level < 3 else []
    if level == 3:
        total = rng.randint(3, 9)
        first = rng.randint(1, total - 1)
        have = [first, total - first]
    place = rng.randrange(3)
    missing = 10 - sum(have)
    shown = " + ".join(map(str, have))
    values = {"seen": [*have, 10], "missing": missing}
    steps = [f"Start at {sum(have)} and count on to 10: {_join(range(sum(have) + 1, 11))}.",
             f"That is {_n(missing, 'number')}, so {sum(have)} + {missing} = 10."]  # fmt: skip
    if level == 3:
        steps.insert(0, f"Put the two parts together: {shown} = {sum(have)}.")
    if level == 1:
        frame = "●" * have[0] + "○" * missing
        text = f"A ten frame has 10 boxes. {have[0]} of them {'has a dot' if have[0] == 1 else 'have dots'}: {frame}. How many more dots fill the frame?"
        if scene:
            text = f"{scene.person} wants 10 {scene.things} and has {have[0]} so far: {frame}. How many more {scene.things} make 10?"
        return Draft(
            text, str(missing), f"10 - {have[0]}", tuple(steps), values, "ten_frame", unit=_unit(scene, missing)
        )
    forms = (f"{shown} + x = 10", f"x + {shown} = 10", f"10 = {shown} + x")
    equation = forms[place]
    text = f"What number goes in the box? {equation.replace('x', BOX)}"
    if scene and level == 2:
        text = f"{scene.person} needs 10 {scene.things} and has {have[0]}. How many more {scene.things} make 10?"
    elif scene:
        text = (
            f"{scene.person} needs 10 {scene.things}. {scene.person} has {have[0]} and {scene.friend} brings {have[1]}. "
            f"How many more {scene.things} make 10?"
        )
    return Draft(
        text, str(missing), f"solve({equation}, x)", tuple(steps), values, "missing_part", unit=_unit(scene, missing)
    )


@generator("counting.teen_numbers")
def teen_numbers(rng: Random, level: int, scene: Scene | None) -> Draft:
    ones = rng.randint(1, 9)
    kind = rng.random()
    n = 10 + ones
    build = {"parts": ["10", str(ones)], "ones": ones}
    if level == 1:
        text = f"Here are 10 dots and {ones} more: {'●' * 10} {'●' * ones}. How many dots are there?"
        if scene:
            text = f"{scene.person} has one {scene.group} with 10 {scene.things} and {ones} more: {'●' * 10} {'●' * ones}. How many {scene.things} is that?"
        steps = (f"One full ten is 10. Then there {_are(ones)} {ones} more.", f"10 + {ones} = {n}")
        return Draft(
            text, str(n), f"10 + {ones}", steps, build, "ten_and_ones", unit=_unit(scene, n) if scene else "dots"
        )
    if kind < 0.3:
        text = f"What number goes in the box? {n} = 10 + {BOX}" if level == 3 else f"{n} is 10 and how many more?"
        if scene:
            text = f"{scene.person} has {n} {scene.things}. 10 of them fill one {scene.group}. How many {scene.things} are left over?"
        steps = (f"{n} is one ten and some ones.", f"10 + {ones} = {n}, so there {_are(ones)} {ones} more.")
        expression = f"solve({n} = 10 + x, x)" if level == 3 else f"{n} - 10"
        return Draft(text, str(ones), expression, steps, {"whole": n}, "break_apart", unit=_unit(scene, ones))
    if level == 2:
        text = f"Write the number {TEEN_WORDS[n]} with digits."
        if scene:
            text = (
                f"{scene.person} counts {TEEN_WORDS[n]} {scene.things}. Write the number {TEEN_WORDS[n]} with digits."
            )
        steps = (
            f"The word {TEEN_WORDS[n]} means one ten and {_n(ones, 'one')}.",
            f"Write the 1 ten first, then the ones: {n}.",
        )
        return Draft(text, str(n), str(n), steps, build, "word")
    text = f"A number has {_n(ones, 'one')} and 1 ten. Which number is it?"
    if scene:
        text = f"{scene.person} has {scene.count(ones)} and one {scene.group} with 10 more. How many {scene.things} is that?"
    steps = ("1 ten is 10. The ten is written first.", f"10 + {ones} = {n}")
    return Draft(text, str(n), f"{ones} + 10", steps, build, "ones_first", unit=_unit(scene, n))


@generator("counting.add_within_10")
def add_within_10(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level == 1:
        b = rng.randint(1, 3)
        return _add(rng, scene, [rng.randint(b, 10 - b), b])
    if level == 2:
        total = rng.randint(6, 10)
        a = rng.randint(1, total - 1)
        return _add(rng, scene, [a, total - a])
    total = rng.randint(6, 10)
    cuts = sorted(rng.sample(range(1, total), 2))
    return _add(rng, scene, [cuts[0], cuts[1] - cuts[0], total - cuts[1]])


@generator("counting.subtract_within_10")
def subtract_within_10(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level == 1:
        b = rng.randint(1, 3)
        return _subtract(rng, scene, rng.randint(b + 2, 10), [b])
    a = rng.randint(6, 10)
    if level == 2:
        return _subtract(rng, scene, a, [rng.randint(2, a - 1)])
    b = rng.randint(1, a - 3)
    return _subtract(rng, scene, a, [b, rng.randint(1, a - b - 1)])


@generator("counting.add_within_20")
def add_within_20(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level == 1:
        ones = rng.randint(0, 8)
        a, b = 10 + ones, rng.randint(1, 9 - ones)
        return _add(rng, scene, [b, a] if rng.random() < 0.4 else [a, b])
    a = rng.randint(3, 9)
    b = rng.randint(11 - a, 9)
    terms = [a, b] if level == 2 else [a, b, rng.randint(1, min(9, 20 - a - b))]
    draft = _add(rng, scene, terms)
    big, small = max(a, b), min(a, b)
    used = 10 - big
    bridge = (f"Make a ten: {big} + {used} = 10. That uses {used} of the {small}, so {small - used} {_are(small - used)} left.",
              f"10 + {small - used} = {a + b}")  # fmt: skip
    rest = (f"Then add the last number: {a + b} + {terms[2]} = {sum(terms)}.",) if level == 3 else ()
    return Draft(draft.text, draft.answer, draft.expression, bridge + rest, draft.values, draft.family, unit=draft.unit)


@generator("counting.subtract_within_20")
def subtract_within_20(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level == 1:
        ones = rng.randint(1, 9)
        return _subtract(rng, scene, 10 + ones, [rng.randint(1, ones)])
    ones = rng.randint(1, 8)
    b = rng.randint(ones + 1, 9)
    a = 10 + ones
    taken = [b] if level == 2 else [b, rng.randint(1, a - b - 1)]
    draft = _subtract(rng, scene, a, taken)
    steps = (f"Go down to ten: {a} - {ones} = 10. That takes {ones} of the {b}, so {b - ones} more must go.",
             f"10 - {b - ones} = {a - b}")  # fmt: skip
    if level == 3:
        steps += (f"Then take away {taken[1]}: {a - b} - {taken[1]} = {a - b - taken[1]}.",)
    return Draft(draft.text, draft.answer, draft.expression, steps, draft.values, draft.family, unit=draft.unit)


@generator("counting.unknown_addend")
def unknown_addend(rng: Random, level: int, scene: Scene | None) -> Draft:
    pick = rng.random()
    total = rng.randint(4, 10) if level == 1 else rng.randint(11, 20)
    known = rng.randint(1, total - 1) if level == 1 else rng.randint(max(2, total - 12), min(12, total - 2))
    missing = total - known
    if level == 1:
        family = "change"
    elif level == 2:
        family = "change" if pick < 0.5 else "start"
    else:
        family = "start" if pick < 0.4 else "taken" if pick < 0.75 else "start_minus"
    seen = [known, total] if family in ("change", "start") else [total, known]
    if family == "start_minus":  # □ - known = missing: the unknown is the total
        seen, missing, known_left = [known, missing], total, missing
    else:
        known_left = known
    equation = {
        "change": f"{known} + x = {total}",
        "start": f"x + {known} = {total}",
        "taken": f"{total} - x = {known}",
        "start_minus": f"x - {known} = {known_left}",
    }[family]
    text = f"What number goes in the box? {equation.replace('x', BOX)}"
    if scene:
        p, f = scene.person, scene.friend
        text = {
            "change": f"{p} has {scene.count(known)}. {f} brings some more. Now there are {scene.count(total)}. How many {scene.things} did {f} bring?",
            "start": f"{p} has some {scene.things}. {f} brings {known} more. Now there are {scene.count(total)}. How many {scene.things} did {p} have at first?",
            "taken": f"{p} has {scene.count(total)}. {f} takes some of them. Now {p} has {known} left. How many {scene.things} did {f} take?",
            "start_minus": f"{p} has some {scene.things} and gives {known} of them to {f}. Now {p} has {known_left} left. How many {scene.things} did {p} have at first?",
        }[family]
    if family == "start_minus":
        steps = (
            f"Put back what was taken away: {known_left} + {known} = {total}.",
            f"Check: {total} - {known} = {known_left}.",
        )
    elif family == "taken":
        steps = (
            f"{total} is the whole. {known} is the part that is left.",
            f"{total} - {known} = {missing}",
            f"Check: {total} - {missing} = {known}.",
        )
    else:
        steps = (
            f"{total} is the whole. {known} is one part.",
            f"{total} - {known} = {missing}",
            f"Check: {known} + {missing} = {total}.",
        )
    return Draft(
        text,
        str(missing),
        f"solve({equation}, x)",
        steps,
        {"seen": seen, "missing": missing},
        family,
        unit=_unit(scene, missing),
    )


@generator("counting.equal_sign")
def equal_sign(rng: Random, level: int, scene: Scene | None) -> Draft:
    pick = rng.random()
    total = rng.randint(5, 10) if level == 1 else rng.randint(8, 19)
    a = rng.randint(1, total - 1)
    c = rng.randint(1, total - 1)
    shift = rng.choice((0, 0, 1, -1))
    extra = rng.randint(1, 9)
    b, missing = total - a, total - c
    if level == 1 and pick < 0.3:
        right = max(1, missing + shift)
        same = "yes" if c + right == total else "no"
        text = f"Are {a} + {b} and {c} + {right} worth the same? Write yes or no."
        if scene:
            text = (
                f"{scene.person} has {scene.count(a)} and gets {b} more. {scene.friend} has {scene.count(c)} and gets {right} more. "
                f"Are {a} + {b} and {c} + {right} worth the same? Write yes or no."
            )
        steps = (
            f"{a} + {b} = {total}",
            f"{c} + {right} = {c + right}",
            f"The two sides are {'equal' if same == 'yes' else 'not equal'}: {same}.",
        )
        return Draft(text, same, f"check({a} + {b} = {c} + {right})", steps, {"a": a, "b": b, "c": c, "d": right}, "same_or_not",
                     kind="word", choices=YES_NO)  # fmt: skip
    if level == 3 and pick < 0.5:
        extra = min(extra, 20 - total)
        big = total + extra
        equation, seen, comes_next = f"{big} - {extra} = x + {c}", [big, extra, c], total
        left = f"{big} - {extra} = {total}"
        story = "{p} has {big} and gives away {extra}. {f} has {c}. How many more {things} does {f} need to have as many as {p}?"
    else:
        equation = f"{a} + {b} = x + {c}" if level == 1 or pick < 0.65 else f"{a} + {b} = {c} + x"
        seen, comes_next, left = [a, b, c], total if "x +" in equation else c, f"{a} + {b} = {total}"
        story = (
            "{p} has {a} and gets {b} more. {f} has {c}. How many more {things} does {f} need to have as many as {p}?"
        )
    text = f"What number goes in the box? {equation.replace('x', BOX)}"
    if scene:
        text = story.format(
            p=scene.person,
            f=scene.friend,
            a=scene.count(a),
            b=b,
            c=c,
            big=scene.count(total + extra),
            extra=extra,
            things=scene.things,
        )
    steps = (f"The equal sign says that both sides are worth the same. The left side: {left}.",
             f"So {c} and the missing number make {total}: {total} - {c} = {missing}.", f"Check: {missing} + {c} = {total}.")  # fmt: skip
    return Draft(text, str(missing), f"solve({equation}, x)", steps, {"seen": seen, "missing": missing, "side": total, "next": comes_next},
                 "take_away_side" if "-" in equation else "balance", unit=_unit(scene, missing))  # fmt: skip


@generator("counting.compare_story")
def compare_story(rng: Random, level: int, scene: Scene | None) -> Draft:
    a = rng.randint(4, 10) if level == 1 else rng.randint(9, 20)
    b = rng.randint(1, a - 1) if level == 1 else rng.randint(3, a - 3)
    pick = rng.random()
    s = _teller(scene, a, b)
    if level < 3:
        more = level == 1 or pick < 0.75
        who = f"{s.person} have than {s.friend}" if more else f"{s.friend} have than {s.person}"
        text = (
            f"{s.person} has {s.count(a)}. {s.friend} has {s.count(b)}. "
            f"How many {'more' if more else 'fewer'} {s.things} does {who}?"
        )
        steps = (
            f"Match the {s.things} one by one. {b} of each can be matched.",
            f"Count those with no partner: {a} - {b} = {a - b}.",
        )
        return Draft(text, str(a - b), f"{a} - {b}", steps, {"a": a, "b": b, "keyword": "+" if more else "-"},
                     "how_many_more" if more else "how_many_fewer", unit=_unit(s, a - b))  # fmt: skip
    more = pick < 0.5
    if not more:
        a = min(a, 17)
        b = min(b, 20 - a)
    text = f"{s.person} has {s.count(a)}. That is {b} {'more' if more else 'fewer'} than {s.friend} has. How many {s.things} does {s.friend} have?"
    if more:
        answer, expression = a - b, f"{a} - {b}"
        steps = (f"{s.person} has more, so {s.friend} has less than {a}.", f"{a} - {b} = {answer}")
    else:
        answer, expression = a + b, f"{a} + {b}"
        steps = (f"{s.person} has fewer, so {s.friend} has more than {a}.", f"{a} + {b} = {answer}")
    return Draft(
        text,
        str(answer),
        expression,
        steps,
        {"a": a, "b": b, "keyword": "+" if more else "-"},
        "turned_around",
        unit=_unit(s, answer),
    )


# Place value


@generator("counting.tens_and_ones")
def tens_and_ones(rng: Random, level: int, scene: Scene | None) -> Draft:
    tens, ones = rng.sample(range(1, 10), 2)
    pick = rng.random()
    side = rng.random() < 0.75
    many = rng.randint(10, 19)
    if level == 3 and pick < 0.65:
        tens = min(tens, 8 if many < 20 else 7)
        n = tens * 10 + many
        text = f"What number is {_n(tens, 'ten')} and {many} ones?"
        if scene:
            text = f"{scene.person} has {scene.count_groups(tens)} of 10 {scene.things} and {many} single {scene.things}. How many {scene.things} is that?"
        steps = (
            f"{_n(tens, 'ten')} {_are(tens)} {tens * 10}.",
            f"{many} ones make 1 ten and {_n(many - 10, 'one')}.",
            f"{tens * 10} + {many} = {n}",
        )
        return Draft(text, str(n), f"{tens}*10 + {many}", steps, {"parts": [str(tens), str(many)], "face": str(tens + many)},
                     "many_ones", unit=_unit(scene, n))  # fmt: skip
    n = tens * 10 + ones
    if level == 3 or (level == 2 and pick < 0.4):
        digit, place = (tens, 10) if side else (ones, 1)
        text = f"What is the {digit} in {n} worth?"
        if scene:
            text = f"{_at(scene)}, {scene.person} counts {n} {scene.things}. What is the {digit} in {n} worth?"
        steps = (f"In {n} the {digit} stands in the {'tens' if side else 'ones'} place.",
                 f"It is worth {_n(digit, 'ten' if side else 'one')}, and that is {digit * place}.")  # fmt: skip
        return Draft(text, str(digit * place), f"place_value({n}, {place})", steps, {"face": str(digit)}, "digit_value")
    if level == 1 and pick < 0.35:
        word = "tens" if side else "ones"
        answer = tens if side else ones
        text = f"How many {word} does the number {n} show? Look at the {word} place."
        if scene:
            text = f"{scene.person} writes {n} for the number of {scene.things}. Which digit is in the {word} place?"
        steps = (f"{n} is {_n(tens, 'ten')} and {_n(ones, 'one')}.", f"The {word} digit is {answer}.")
        return Draft(text, str(answer), f"digit({n}, {10 if side else 1})", steps, {"n": n}, "digit")
    ones_first = level == 2
    text = (
        f"What number is {_n(ones, 'one')} and {_n(tens, 'ten')}?"
        if ones_first
        else f"What number is {_n(tens, 'ten')} and {_n(ones, 'one')}?"
    )
    if scene and ones_first:
        text = f"{scene.person} has {ones} single {scene.thing if ones == 1 else scene.things} and {scene.count_groups(tens)} of 10 {scene.things}. How many {scene.things} is that?"
    elif scene:
        text = f"{scene.person} has {scene.count_groups(tens)} of 10 {scene.things} and {ones} more. How many {scene.things} is that?"
    steps = (
        f"{_n(tens, 'ten')} {_are(tens)} {tens * 10}. {_n(ones, 'one')} {_are(ones)} {ones}.",
        f"{tens * 10} + {ones} = {n}",
    )
    parts = [str(ones), str(tens)] if ones_first else [str(tens * 10), str(ones)]
    expression = f"{ones} + {tens}*10" if ones_first else f"{tens}*10 + {ones}"
    return Draft(text, str(n), expression, steps, {"parts": parts, "face": str(tens + ones)},
                 "ones_first" if ones_first else "build", unit=_unit(scene, n))  # fmt: skip


def _compared(
    scene: Scene | None, left: str, n: int, right: str, m: int, expression: str, steps: tuple[str, ...], family: str
) -> Draft:
    text = f"Which sign goes in the circle, <, > or =? {left} ○ {right}"
    if scene:
        text = (
            f"{scene.person} and {scene.friend} count their {scene.things}. {scene.person} has {left}, and {scene.friend} has {right}. "
            f"Which sign goes in the circle, <, > or =? {left} ○ {right}"
        )
    word = {"<": "is less than", ">": "is greater than", "=": "is equal to"}[_sign(n, m)]
    return Draft(
        text,
        _sign(n, m),
        expression,
        (*steps, f"{n} {word} {m}, so the sign is {_sign(n, m)}."),
        {"n": n, "m": m},
        family,
        kind="comparison",
    )


@generator("counting.compare_2digit")
def compare_2digit(rng: Random, level: int, scene: Scene | None) -> Draft:
    pick = rng.random()
    low, high = sorted(rng.sample(range(1, 10), 2))
    small, large = sorted(rng.sample(range(10), 2))
    swap = rng.random() < 0.5
    if pick < 0.06:
        n = m = high * 10 + small
    elif level == 1:
        n, m = low * 10 + (large if pick < 0.5 else small), high * 10 + (small if pick < 0.5 else large)
    elif pick < 0.8:
        n, m = low * 10 + large, high * 10 + small
    else:
        n, m = high * 10 + small, high * 10 + large
    if swap:
        n, m = m, n
    same_tens, many = n // 10 == m // 10, 10 + n % 10
    steps = [f"{n} has {_n(n // 10, 'ten')}, and {m} has {_n(m // 10, 'ten')}. Look at the tens first."]
    if same_tens:
        steps.append(f"The tens are the same, so look at the ones: {n % 10} and {m % 10}.")
    left, expression, family = str(n), f"compare({n}, {m})", "numbers"
    if level == 3 and n // 10 >= 2 and pick < 0.4:
        left, expression, family = (
            f"{_n(n // 10 - 1, 'ten')} and {many} ones",
            f"compare({n // 10 - 1}*10 + {many}, {m})",
            "many_ones",
        )
        steps.insert(0, f"{(n // 10 - 1) * 10} + {many} = {n}")
    elif level == 3:
        left, expression, family = _n(n // 10, "ten"), f"compare({n // 10}*10, {m})", "words"
        if n % 10:
            left, expression = f"{left} and {_n(n % 10, 'one')}", f"compare({n // 10}*10 + {n % 10}, {m})"
            steps.insert(0, f"{n // 10 * 10} + {n % 10} = {n}")
    return _compared(scene, left, n, str(m), m, expression, tuple(steps), family)


@generator("counting.ten_more_less")
def ten_more_less(rng: Random, level: int, scene: Scene | None) -> Draft:
    n = rng.randint(11, 89)
    more = level == 1 or rng.random() < (0.35 if level == 2 else 0.5)
    if level < 3:
        answer = n + 10 if more else n - 10
        text = f"What number is 10 {'more' if more else 'less'} than {n}?"
        if scene:
            text = f"{scene.person} has {n} {scene.things}. {scene.friend} has 10 {'more' if more else 'fewer'}. How many {scene.things} does {scene.friend} have?"
        up = more
    else:
        answer = n - 10 if more else n + 10
        text = f"{n} is 10 {'more' if more else 'less'} than which number?"
        if scene:
            text = f"{scene.person} has {n} {scene.things}. That is 10 {'more' if more else 'fewer'} than {scene.friend} has. How many {scene.things} does {scene.friend} have?"
        up = not more
    sign = "+" if up else "-"
    steps = (
        f"{'We need the number that is 10 ' + ('greater' if up else 'smaller') + '. ' if level == 3 else ''}Only the tens digit changes. The ones stay {n % 10}.",
        f"{n // 10} tens become {_n(answer // 10, 'ten')}." if answer >= 10 else f"{n // 10} ten becomes 0 tens.",
        f"{n} {sign} 10 = {answer}",
    )
    return Draft(text, str(answer), f"{n} {sign} 10", steps, {"n": n, "tens": 1, "sign": 1 if up else -1},
                 "turned_around" if level == 3 else "more" if more else "less", unit=_unit(scene, answer))  # fmt: skip


@generator("counting.add_tens")
def add_tens(rng: Random, level: int, scene: Scene | None) -> Draft:
    minus = level == 1 and rng.random() < 0.4
    t = rng.randint(2, 8)
    u = rng.randint(1, 9 - t)
    ones = rng.randint(1, 9)
    w = rng.randint(1, max(1, 9 - t - u)) if t + u < 9 else 0
    told = rng.random() < 0.5
    n = t * 10 if level == 1 else t * 10 + ones
    if minus:
        u = rng.randint(1, t - 1)
    sign, tens = (-1 if minus else 1), u + (w if level == 3 else 0)
    answer = n + sign * tens * 10
    steps = [
        f"{n} has {_n(t, 'ten')}. {'Take away' if minus else 'Add'} {_n(tens, 'ten')}.",
        f"{t} {'-' if minus else '+'} {tens} = {t + sign * tens}, so there {_are(t + sign * tens)} {_n(t + sign * tens, 'ten')}.",
    ]
    if level > 1:
        steps.append(f"The ones stay {ones}.")
    if level == 3 and w:
        steps.insert(0, f"{u * 10} + {w * 10} = {tens * 10}")
    terms = f"{n} {'-' if minus else '+'} {u * 10}" + (f" + {w * 10}" if level == 3 and w else "")
    steps.append(f"{terms} = {answer}")
    text = f"What is {terms}?"
    if scene and minus:
        text = f"{scene.person} has {n} {scene.things} and gives {u * 10} of them to {scene.friend}. How many {scene.things} are left?"
    elif scene and level == 3 and w:
        text = f"{scene.person} has {n} {scene.things}. {scene.friend} brings {u * 10} more in the morning and {w * 10} more in the evening. How many {scene.things} are there now?"
    elif scene and told:
        text = f"{scene.person} has {n} {scene.things}. {scene.friend} brings {u * 10} more. How many {scene.things} are there now?"
    elif scene:
        text = f"{scene.person} has {n} {scene.things} and {scene.friend} has {u * 10}. How many {scene.things} do they have together?"
    return Draft(
        text,
        str(answer),
        terms,
        tuple(steps),
        {"n": n, "tens": tens, "sign": sign},
        "take_away" if minus else "add",
        unit=_unit(scene, answer),
    )


@generator("counting.count_by")
def count_by(rng: Random, level: int, scene: Scene | None) -> Draft:
    k = rng.randint(2, 3)
    if level == 1:
        step = rng.choice((2, 5, 10))
        last = step * rng.randint(3, {2: 49, 5: 39, 10: 29}[step])
    elif level == 2:
        step = rng.choice((5, 10, 100))
        last = 5 * rng.randint(21, 190) if step == 5 else rng.randint(31, 960) if step == 10 else rng.randint(210, 690)
    else:
        step = rng.choice((5, 10, -10, -100))
        hundred = rng.randint(2, 9) * 100
        if step == -100:
            last = rng.randint(310, 799)
        elif step > 0:
            last = hundred - step * rng.randint(1, 2) + (rng.randint(0, 9) if step == 10 else 0)
        else:
            last = hundred + rng.randint(1, 19)
    if level == 2 and step == 10:
        last = min(last, 1000 - step * k)
    terms = [last + step * i for i in range(1, k + 1)]
    shown = _join(last + step * i for i in (-2, -1, 0))
    size, way = abs(step), "Count by" if step > 0 else "Count back by"
    text = f"{way} {size}s: {shown}, ... Write the next {k} numbers."
    if scene and step > 0:
        text = f"{scene.person} counts {scene.things} by {size}s: {shown}, ... Write the next {k} numbers."
    elif scene:
        text = f"{scene.person} takes away {size} {scene.things} at a time and counts back by {size}s: {shown}, ... Write the next {k} numbers."
    sign = "+" if step > 0 else "-"
    steps = (f"Each number is {size} {'more' if step > 0 else 'less'} than the one before.",
             *(f"{t - step} {sign} {size} = {t}" for t in terms), f"The next numbers are {_join(terms)}.")  # fmt: skip
    return Draft(text, _join(terms), f"count_by({last}, {step}, {k})", steps, {"last": last, "step": step, "k": k},
                 "forward" if step > 0 else "back", kind="list")  # fmt: skip


@generator("counting.odd_even")
def odd_even(rng: Random, level: int, scene: Scene | None) -> Draft:
    n = rng.randint(1, 20) if level == 1 else rng.randint(21, 99) if level == 2 else rng.randint(101, 999)
    first = int(str(n)[0])
    nudge = rng.random() < 0.7
    if level > 1 and nudge and (first - n) % 2 == 0:
        n += 1 if n % 10 < 9 else -1  # the first and the last digit now tell different things
    answer = "odd" if n % 2 else "even"
    text = f"Is {n} even or odd?"
    if scene:
        text = (
            f"{scene.person} has {scene.count(n)} and puts them in pairs. Is {n} even or odd?"
            if n > 1
            else f"{scene.person} has {scene.count(n)}. Is {n} even or odd?"
        )
    pairs = f"Make pairs: {_n(n // 2, 'pair')}{' and 1 left over' if n % 2 else ' and none left over'}."
    steps = (
        pairs if n <= 20 else f"Look at the ones digit: {n % 10}. Tens and hundreds always split into pairs.",
        f"{n} is {answer}.",
    )
    return Draft(
        text,
        answer,
        f"even_odd({n})",
        steps,
        {"n": n},
        "story" if scene else "bare",
        kind="word",
        choices=("even", "odd"),
    )


@generator("counting.place_value_3digit")
def place_value_3digit(rng: Random, level: int, scene: Scene | None) -> Draft:
    h, t, o = rng.sample(range(1, 10), 3)
    pick = rng.random()
    place = rng.choice((100, 10) if level > 1 else (100, 10, 1))
    many = rng.randint(10, 19)
    zero = rng.random() < 0.5
    n = 100 * h + 10 * t + o
    digit, name = {100: (h, "hundred"), 10: (t, "ten"), 1: (o, "one")}[place]
    if pick < (0.5 if level == 1 else 0.35):
        text = f"What is the {digit} in {n} worth?"
        if scene:
            text = f"{_at(scene)}, {scene.person} counts {n} {scene.things}. What is the {digit} in {n} worth?"
        steps = (
            f"In {n} the {digit} stands in the {name}s place.",
            f"It is worth {_n(digit, name)}, and that is {digit * place}.",
        )
        return Draft(text, str(digit * place), f"place_value({n}, {place})", steps, {"face": str(digit)}, "digit_value")
    if level == 1:
        parts = [(h, "hundred", 100), (t, "ten", 10), (o, "one", 1)]
        heard = [str(count * size) for count, _, size in parts]
    elif level == 2 and zero:
        parts = [(h, "hundred", 100), (o, "one", 1)] if pick < 0.7 else [(h, "hundred", 100), (t, "ten", 10)]
        heard = [str(count * size) for count, _, size in parts]
    elif level == 2:
        parts = [(o, "one", 1), (t, "ten", 10), (h, "hundred", 100)]
        heard = [str(count) for count, _, _ in parts]
    else:
        h = min(h, 8)
        parts = (
            [(h, "hundred", 100), (many, "ten", 10), (o, "one", 1)]
            if zero
            else [(h, "hundred", 100), (t, "ten", 10), (many, "one", 1)]
        )
        heard = [str(count) for count, _, _ in parts]
    n = sum(count * size for count, _, size in parts)
    said = [_n(count, word) for count, word, _ in parts]
    text = f"What number is {', '.join(said[:-1])} and {said[-1]}?"
    if scene:
        pieces = {
            100: lambda c: f"{_n(c, 'pile')} of 100",
            10: lambda c: f"{_n(c, 'pile')} of 10",
            1: lambda c: f"{c} single {scene.thing if c == 1 else scene.things}",
        }
        told = [pieces[size](count) for count, _, size in parts]
        text = f"{scene.person} sorts {scene.things}: {', '.join(told[:-1])} and {told[-1]}. How many {scene.things} is that?"
    ordered = sorted(parts, key=lambda part: -part[2])
    steps = (*(f"{_n(count, word)} {_are(count)} {count * size}." for count, word, size in ordered),
             f"{' + '.join(str(count * size) for count, _, size in ordered)} = {n}")  # fmt: skip
    expression = " + ".join(f"{count}*{size}" for count, _, size in parts)
    family = {1: "build", 3: "regroup"}.get(level, "missing_place" if zero else "scrambled")
    return Draft(
        text,
        str(n),
        expression,
        steps,
        {"parts": heard, "face": str(sum(c for c, _, _ in parts))},
        family,
        unit=_unit(scene, n),
    )


@generator("counting.compare_3digit")
def compare_3digit(rng: Random, level: int, scene: Scene | None) -> Draft:
    pick = rng.random()
    low, high = sorted(rng.sample(range(1, 10), 2))
    small, large = sorted(rng.sample(range(10), 2))
    mid, top = rng.randint(0, 9), rng.randint(1, 9)
    swap, word = rng.random() < 0.5, rng.random() < 0.4
    if pick < 0.06:
        n = m = 100 * top + 10 * mid + large
    elif level == 1:
        n, m = 100 * low + 10 * mid + small, 100 * high + 10 * large + small
    elif level == 2 and pick < 0.5:
        n, m = 100 * low + 10 * mid + large, 100 * high + 10 * (9 - mid) + small
    elif level == 2 and pick > 0.85:
        n, m = 100 * top + 10 * mid + small, 100 * top + 10 * mid + large
    else:
        n, m = 100 * top + 10 * small + large, 100 * top + 10 * large + small
    if swap:
        n, m = m, n
    if n // 100 != m // 100:
        steps = [f"Compare the hundreds first: {n // 100} and {m // 100}."]
    elif n // 10 != m // 10:
        steps = [f"The hundreds are the same, so compare the tens: {n // 10 % 10} and {m // 10 % 10}."]
    else:
        steps = [f"The hundreds and the tens are the same, so compare the ones: {n % 10} and {m % 10}."]
    left, expression, family = str(n), f"compare({n}, {m})", "numbers"
    if level == 3 and word:
        digits = [(n // 100, "hundred", 100), (n // 10 % 10, "ten", 10), (n % 10, "one", 1)]
        parts = [part for part in digits if part[0]]
        if len(parts) > 1:
            said = [_n(count, name) for count, name, _ in parts]
            left = f"{', '.join(said[:-1])} and {said[-1]}"
            expression = f"compare({' + '.join(f'{count}*{size}' for count, _, size in parts)}, {m})"
            steps.insert(0, f"{' + '.join(str(count * size) for count, _, size in parts)} = {n}")
            family = "words"
    return _compared(scene, left, n, str(m), m, expression, tuple(steps), family)


@generator("counting.expanded_form")
def expanded_form(rng: Random, level: int, scene: Scene | None) -> Draft:
    digits = rng.sample(range(1, 10), 3)
    hole = rng.randint(1, 2)
    with_zero = level == 2 or (level == 3 and rng.random() < 0.6)
    build = level > 1 and rng.random() < 0.5
    order = rng.sample(range(3), 3)
    if level == 1 and hole == 2:
        digits[0] = 0
    elif with_zero:
        digits[hole] = 0
    terms = [d * size for d, size in zip(digits, (100, 10, 1), strict=True)]
    n = sum(terms)
    kept = [t for t in terms if t]
    expanded = " + ".join(map(str, kept))
    no_zero = str(n).replace("0", "")
    if build:
        said = [terms[i] for i in order if terms[i]] if level == 3 else kept
        shown = " + ".join(map(str, said))
        text = f"Write {shown} as one number."
        if scene:
            text = f"{_at(scene)}, {scene.person} counts {scene.things} in parts: {shown}. Write this as one number."
        places = "Give each part its place, hundreds first."
        steps = [places, f"{expanded} = {n}"]
        if with_zero:
            steps.insert(1, f"There are no {'tens' if digits[1] == 0 else 'ones'}, so a 0 holds that place.")
        return Draft(text, str(n), shown, tuple(steps), {"parts": [str(t) for t in said], "no_zero": no_zero}, "build")
    text = f"Write {n} in expanded form."
    if scene:
        text = f"{_at(scene)}, {scene.person} counts {n} {scene.things}. Write {n} in expanded form."
    steps = [f"The {d} is worth {t}." for d, t in zip(digits, terms, strict=True) if d]
    if 0 in digits[1:]:
        steps.append("The 0 is worth nothing, so it is left out.")
    steps.append(f"{n} = {expanded}")
    shrunk = [int(c) * 10**i for i, c in enumerate(reversed(no_zero))]
    values = {"face": " + ".join(c for c in str(n)), "no_zero": " + ".join(str(t) for t in reversed(shrunk))}
    return Draft(
        text, expanded, f"expanded_form({n})", tuple(steps), values, "expand", kind="expression", form="expanded"
    )


# Buggy rules


@rule("counting.touches_one_twice")
def touches_one_twice(v) -> str | None:
    return str(v["n"] + 1)


@rule("counting.counts_every_mark")
def counts_every_mark(v) -> str | None:
    return str(v["all_marks"])


@rule("counting.says_the_start_number")
def says_the_start_number(v) -> str | None:
    if "last" in v:
        return _join(v["last"] + v["step"] * i for i in range(v["k"]))
    if "missing" in v:
        return str(v["missing"] + 1)
    return str(v["total"] - 1) if min(v["a"], v["b"]) > 0 else None


@rule("counting.jumps_to_a_wrong_decade")
def jumps_to_a_wrong_decade(v) -> str | None:
    terms = [v["last"] + i for i in range(1, v["k"] + 1)]
    return _join(t + 10 if t // 10 > v["last"] // 10 else t for t in terms)


@rule("counting.counts_the_wrong_way")
def counts_the_wrong_way(v) -> str | None:
    return _join(v["last"] - v["step"] * i for i in range(1, v["k"] + 1))


@rule("counting.counts_by_ones")
def counts_by_ones(v) -> str | None:
    one = 1 if v["step"] > 0 else -1
    return _join(v["last"] + one * i for i in range(1, v["k"] + 1))


@rule("counting.less_means_more")
def less_means_more(v) -> str | None:
    return v["opposite"] if v["less"] else None


@rule("counting.longer_row_is_more")
def longer_row_is_more(v) -> str | None:
    return v["by_length"]


@rule("counting.counts_back_from_the_start_number")
def counts_back_from_the_start_number(v) -> str | None:
    return str(v["difference"] + 1) if v["taken"] else None


@rule("counting.adds_for_take_away")
def adds_for_take_away(v) -> str | None:
    return str(v["a"] + v["taken"]) if v["taken"] else None


@rule("counting.adds_all_numbers")
def adds_all_numbers(v) -> str | None:
    return str(sum(v["seen"]))


@rule("counting.strings_the_parts_together")
def strings_the_parts_together(v) -> str | None:
    return "".join(v["parts"])


@rule("counting.reverses_teen_digits")
def reverses_teen_digits(v) -> str | None:
    return f"{v['ones']}1"


@rule("counting.adds_the_whole_number_after_ten")
def adds_the_whole_number_after_ten(v) -> str | None:
    small, big = sorted((v["a"], v["b"]))
    return str(10 + small + v.get("c", 0)) if big < 10 < small + big else None


@rule("counting.smaller_from_larger")
def smaller_from_larger(v) -> str | None:
    a, b = v["a"], v["b"]
    if a < b or v.get("keyword") == "-":
        return None
    wrong = abs(a % 10 - b % 10) + 10 * (a // 10 - b // 10)
    return str(wrong - v.get("c", 0)) if wrong >= v.get("c", 0) else None


@rule("counting.answer_comes_next")
def answer_comes_next(v) -> str | None:
    return str(v["side"])


@rule("counting.keyword_tells_the_operation")
def keyword_tells_the_operation(v) -> str | None:
    return str(v["a"] + v["b"] if v["keyword"] == "+" else abs(v["a"] - v["b"]))


@rule("counting.answers_with_a_given_number")
def answers_with_a_given_number(v) -> str | None:
    return str(v["a"])


@rule("counting.face_value_of_digits")
def face_value_of_digits(v) -> str | None:
    return v["face"]


@rule("counting.compares_ones_first")
def compares_ones_first(v) -> str | None:
    n, m = v["n"], v["m"]
    return _sign(n % 10, m % 10) if n % 10 != m % 10 else _sign(n, m)


@rule("counting.points_the_sign_the_wrong_way")
def points_the_sign_the_wrong_way(v) -> str | None:
    return {"<": ">", ">": "<"}.get(_sign(v["n"], v["m"]))


@rule("counting.changes_the_ones_digit")
def changes_the_ones_digit(v) -> str | None:
    return str(v["n"] + v["sign"] * v["tens"])


@rule("counting.adds_to_both_digits")
def adds_to_both_digits(v) -> str | None:
    return str(v["n"] + v["sign"] * 11 * v["tens"]) if v["sign"] > 0 or v["n"] % 10 >= v["tens"] else None


@rule("counting.judges_by_the_first_digit")
def judges_by_the_first_digit(v) -> str | None:
    return "odd" if int(str(v["n"])[0]) % 2 else "even"


@rule("counting.ignores_the_zero")
def ignores_the_zero(v) -> str | None:
    return v["no_zero"]


# Composed problems


@composer("counting.fill_the_ten", ("counting.add_within_10", "counting.make_10"))
def fill_the_ten(rng: Random, level: int, scene: Scene | None):
    total = rng.randint(3, 6) if level == 1 else rng.randint(5, 9)
    a = rng.randint(1, total - 1)
    b, missing = total - a, 10 - total
    s = _teller(scene, a, b)
    text = f"A {s.group} has room for 10 {s.things}. {s.person} puts in {a}, then {s.friend} puts in {b}. How many more {s.things} fit in?"
    first = Draft(f"{s.person} puts in {s.count(a)}, then {s.friend} puts in {b}. How many {s.things} is that?", str(total), f"{a} + {b}",
                  (f"{a} + {b} = {total}",), {"a": a, "b": b, "total": total}, "part", unit=_unit(s, total))  # fmt: skip
    second = Draft(f"There is room for 10 {s.things}, and {total} {_are(total)} in. How many more {s.things} make 10?", str(missing), f"10 - {total}",
                   (f"{total} + {missing} = 10",), {"seen": [total, 10], "missing": missing}, "part", unit=_unit(s, missing))  # fmt: skip
    whole = Draft(text, str(missing), f"10 - ({a} + {b})", (f"{a} + {b} = {total}", f"{total} + {missing} = 10, so {missing} more fit in."),
                  {"a": a, "b": b}, "composed", unit=_unit(s, missing))  # fmt: skip
    return whole, [("counting.add_within_10", first), ("counting.make_10", second)]


@composer("counting.catch_up", ("counting.add_within_20", "counting.unknown_addend"))
def catch_up(rng: Random, level: int, scene: Scene | None):
    a = rng.randint(5, 9)
    b = rng.randint(11 - a, 9)
    c = rng.randint(2, 9 if level == 1 else a + b - 2)
    total, missing = a + b, a + b - c
    s = _teller(scene, a, b, c)
    text = f"{s.person} has {s.count(a)} and gets {b} more. {s.friend} has {s.count(c)}. How many more {s.things} does {s.friend} need to have as many as {s.person}?"
    first = Draft(f"{s.person} has {s.count(a)} and gets {b} more. How many {s.things} does {s.person} have now?", str(total), f"{a} + {b}",
                  (f"{a} + {b} = {total}",), {"a": a, "b": b, "total": total}, "part", unit=_unit(s, total))  # fmt: skip
    second = Draft(f"{s.friend} has {s.count(c)} and wants {total}. How many more {s.things} does {s.friend} need? {c} + {BOX} = {total}", str(missing),
                   f"solve({c} + x = {total}, x)", (f"{total} - {c} = {missing}", f"Check: {c} + {missing} = {total}."),
                   {"seen": [c, total], "missing": missing}, "part", unit=_unit(s, missing))  # fmt: skip
    whole = Draft(text, str(missing), f"{a} + {b} - {c}", (f"{a} + {b} = {total}", f"{total} - {c} = {missing}"), {"seen": [a, b, c]}, "composed",
                  unit=_unit(s, missing))  # fmt: skip
    return whole, [("counting.add_within_20", first), ("counting.unknown_addend", second)]


@composer("counting.more_and_together", ("counting.compare_story", "counting.add_within_20"))
def more_and_together(rng: Random, level: int, scene: Scene | None):
    b = rng.randint(1, 3) if level == 1 else rng.randint(2, 5)
    a = rng.randint(b + 2, 9)
    less = a - b
    total = a + less
    s = _teller(scene, a, b)
    text = (
        f"{s.person} has {s.count(a)}. That is {b} more than {s.friend} has. How many {s.things} do they have together?"
    )
    first = Draft(f"{s.person} has {s.count(a)}. That is {b} more than {s.friend} has. How many {s.things} does {s.friend} have?", str(less), f"{a} - {b}",
                  (f"{a} - {b} = {less}",), {"a": a, "b": b, "keyword": "+"}, "part", unit=_unit(s, less))  # fmt: skip
    second = Draft(f"{s.person} has {s.count(a)} and {s.friend} has {s.count(less)}. How many {s.things} is that together?", str(total), f"{a} + {less}",
                   (f"{a} + {less} = {total}",), {"a": a, "b": less, "total": total}, "part", unit=_unit(s, total))  # fmt: skip
    whole = Draft(
        text,
        str(total),
        f"{a} + ({a} - {b})",
        (f"{a} - {b} = {less}", f"{a} + {less} = {total}"),
        {"a": a, "b": b},
        "composed",
        unit=_unit(s, total),
    )
    return whole, [("counting.compare_story", first), ("counting.add_within_20", second)]


@composer("counting.packs_of_ten", ("counting.tens_and_ones", "counting.add_tens"))
def packs_of_ten(rng: Random, level: int, scene: Scene | None):
    t, o = rng.randint(2, 4 if level == 1 else 6), rng.randint(1, 9)
    u = rng.randint(1, 8 - t)
    n, total = 10 * t + o, 10 * (t + u) + o
    s = _teller(scene, t, o, u)
    text = f"{s.person} has {s.count_groups(t)} of 10 {s.things} and {o} more. {s.friend} brings {u * 10} {s.things}. How many {s.things} are there now?"
    first = Draft(f"{s.person} has {s.count_groups(t)} of 10 {s.things} and {o} more. How many {s.things} is that?", str(n), f"{t}*10 + {o}",
                  (f"{t * 10} + {o} = {n}",), {"parts": [str(t * 10), str(o)], "face": str(t + o)}, "part", unit=_unit(s, n))  # fmt: skip
    second = Draft(f"{s.person} has {n} {s.things}. {s.friend} brings {u * 10} more. How many {s.things} are there now?", str(total), f"{n} + {u * 10}",
                   (f"{n} + {u * 10} = {total}",), {"n": n, "tens": u, "sign": 1}, "part", unit=_unit(s, total))  # fmt: skip
    whole = Draft(text, str(total), f"{t}*10 + {o} + {u * 10}", (f"{t * 10} + {o} = {n}", f"{n} + {u * 10} = {total}"), {"n": n, "tens": u, "sign": 1},
                  "composed", unit=_unit(s, total))  # fmt: skip
    return whole, [("counting.tens_and_ones", first), ("counting.add_tens", second)]


@composer("counting.pairs_at_the_end", ("counting.count_by", "counting.odd_even"))
def pairs_at_the_end(rng: Random, level: int, scene: Scene | None):
    step = 5 if level == 1 else rng.choice((5, 10))
    last = 5 * rng.randint(3, 15) if level == 1 else rng.randint(23, 75) if step == 10 else 5 * rng.randint(15, 60)
    end = last + step
    word = "odd" if end % 2 else "even"
    s = _teller(scene, step, last)
    shown = _join(last + step * i for i in (-2, -1, 0))
    text = f"{s.person} counts {s.things} by {step}s: {shown}, ... Is the next number even or odd?"
    first = Draft(f"{s.person} counts by {step}s: {shown}, ... What is the next number?", str(end), f"{last} + {step}", (f"{last} + {step} = {end}",),
                  {"last": last, "step": step, "k": 1}, "part")  # fmt: skip
    second = Draft(f"Is {end} even or odd?", word, f"even_odd({end})", (f"The ones digit is {end % 10}, so {end} is {word}.",), {"n": end}, "part",
                   kind="word", choices=("even", "odd"))  # fmt: skip
    whole = Draft(text, word, f"even_odd({last} + {step})", (f"{last} + {step} = {end}", f"The ones digit of {end} is {end % 10}, so {end} is {word}."),
                  {"n": end}, "composed", kind="word", choices=("even", "odd"))  # fmt: skip
    return whole, [("counting.count_by", first), ("counting.odd_even", second)]


@composer(
    "counting.count_the_stock", ("counting.expanded_form", "counting.place_value_3digit", "counting.compare_3digit")
)
def count_the_stock(rng: Random, level: int, scene: Scene | None):
    h = rng.randint(2, 9)
    small, large = sorted(rng.sample(range(1 if level == 1 else 0, 10), 2))
    swap = rng.random() < 0.5
    n, m = 100 * h + 10 * small + large, 100 * h + 10 * large + small
    if swap:
        n, m = m, n
    s = _teller(scene, n, m)
    terms = [100 * h, n // 10 % 10 * 10, n % 10]
    shown = " + ".join(str(t) for t in terms if t)
    parts = [(m // 100, "hundred", 100), (m // 10 % 10, "ten", 10), (m % 10, "one", 1)]
    parts = [part for part in parts if part[0]]
    said = [_n(count, name) for count, name, _ in parts]
    named = f"{', '.join(said[:-1])} and {said[-1]}"
    built = " + ".join(f"{count}*{size}" for count, _, size in parts)
    text = (
        f"{s.person} counts {s.things} in parts: {shown}. {s.friend} counts {named}. "
        f"Compare {s.person}'s number with {s.friend}'s number: write <, > or =."
    )
    digits = str(n).replace("0", "")
    first = Draft(f"{s.person} counts {s.things} in parts: {shown}. Write this as one number.", str(n), shown, (f"{shown} = {n}",),
                  {"parts": [str(t) for t in terms if t], "no_zero": digits}, "part")  # fmt: skip
    sums = " + ".join(str(count * size) for count, _, size in parts)
    second = Draft(f"{s.friend} counts {named}. Which number is that?", str(m), built, (f"{sums} = {m}",),
                   {"parts": [str(count * size) for count, _, size in parts], "face": str(sum(c for c, _, _ in parts))}, "part")  # fmt: skip
    sign = _sign(n, m)
    word = "is less than" if sign == "<" else "is greater than"
    third = Draft(f"Which sign goes in the circle, <, > or =? {n} ○ {m}", sign, f"compare({n}, {m})", (f"{n} {word} {m}, so the sign is {sign}.",),
                  {"n": n, "m": m}, "part", kind="comparison")  # fmt: skip
    whole = Draft(text, sign, f"compare({shown}, {built})", (f"{shown} = {n}", f"{sums} = {m}", f"{n} {word} {m}, so the sign is {sign}."),
                  {"n": n, "m": m}, "composed", kind="comparison")  # fmt: skip
    return whole, [
        ("counting.expanded_form", first),
        ("counting.place_value_3digit", second),
        ("counting.compare_3digit", third),
    ]
