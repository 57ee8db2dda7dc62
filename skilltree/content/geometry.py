"""Shapes, angles, area, volume and coordinates, Kindergarten to grade 8 (the words are in geometry.toml)."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import gcd, isqrt
from random import Random

from classwright.skilltree.bank import composer, generator, rule
from classwright.skilltree.content._formats import dec
from classwright.skilltree.problem import Draft
from classwright.skilltree.scenes import Scene

SIDES = {
    "circle": 0,
    "triangle": 3,
    "square": 4,
    "rectangle": 4,
    "rhombus": 4,
    "trapezoid": 4,
    "pentagon": 5,
    "hexagon": 6,
    "octagon": 8,
}
YES_NO = ("yes", "no")
QUADRANTS = ("I", "II", "III", "IV")


def either(words: Sequence[str]) -> str:
    """ "a circle, a triangle or an octagon"."""
    named = [a(word) for word in words]
    return f"{', '.join(named[:-1])} or {named[-1]}"


def a(word: str) -> str:
    return f"{'an' if word[0] in 'aeio' else 'a'} {word}"


def listed(parts: Sequence[object]) -> str:
    """ "3, 4 and 5"."""
    return f"{', '.join(map(str, parts[:-1]))} and {parts[-1]}"


def signed(n: int) -> str:
    return f"({n})" if n < 0 else str(n)


def measured(n: int, unit: str) -> str:
    """ "1 foot", "3 feet"."""
    return f"{n} { ({'feet': 'foot', 'inches': 'inch', 'meters': 'meter'}.get(unit, unit) if n == 1 else unit) }"


def nonzero(rng: Random, most: int, least: int = 1) -> int:
    return rng.choice((-1, 1)) * rng.randint(least, most)


def is_square(n: int) -> bool:
    return isqrt(n) ** 2 == n


# Shapes


@generator("geometry.name_shapes")
def name_shapes(rng: Random, level: int, scene: Scene | None) -> Draft:
    who = f"{scene.person} finds a shape at {scene.place}." if scene else ""
    if level == 1:
        right = rng.choice(("circle", "triangle", "square", "rectangle", "hexagon"))
        n = SIDES[right]
        others = [s for s in ("circle", "triangle", "square", "rectangle", "hexagon") if SIDES[s] != n]
        options = [right, *rng.sample(others, 2)]
        rng.shuffle(options)
        tells = f"It has {n} straight sides." if n else "It is round. It has 0 straight sides."
        steps = (f"Count the straight sides: {n}.", f"The shape with {n} straight sides is the {right}.")
        quoted = ", ".join(f'"{s}"' for s in options)
        return Draft(
            f"{who or 'Here is a riddle about a shape.'} {tells} Is it {either(options)}?", right, f"which_shape({n}, {quoted})", steps,
            {"sides": n, "options": options}, "count_sides", "word", "", "", tuple(options),
        )  # fmt: skip
    if level == 2:
        length, width = rng.randint(2, 10), rng.randint(2, 10)
        if rng.random() < 0.2:
            width = length
        answer = "square" if length == width else "rectangle"
        what = f"{scene.person} has a card at {scene.place}. It" if scene else "A card"
        steps = (
            "There are 4 square corners.",
            f"The sides are {length} and {width} blocks long. {'All the sides match.' if length == width else 'The sides do not all match.'}",
            f"The best name is {answer}.",
        )
        return Draft(
            f"{what} has 4 square corners. It is {length} blocks long and {width} blocks wide. Which name fits best: square or rectangle?",
            answer, f"quad_name({length}, {width}, {length}, {width}, 4)", steps, {"corners": 4, "length": length, "width": width},
            "square_or_rectangle", "word", "", "", ("square", "rectangle"),
        )  # fmt: skip
    shape = rng.choice(("triangle", "square", "rectangle", "circle", "hexagon"))
    keeps = rng.random() < 0.75
    change = rng.choice(("turned", "flipped", "moved", "made bigger", "made smaller", "painted"))
    if not keeps:
        change = "cut in half" if shape in ("circle", "square") else "given one more corner"
    told = {
        "turned": f"turns {a(shape)}", "flipped": f"flips {a(shape)} over", "moved": f"moves {a(shape)} to a new spot",
        "made bigger": f"draws {a(shape)} again and makes it bigger", "made smaller": f"draws {a(shape)} again and makes it smaller",
        "painted": f"paints {a(shape)} red", "cut in half": f"cuts {a(shape)} in half and takes one piece",
        "given one more corner": f"gives {a(shape)} one more corner",
    }[change]  # fmt: skip
    person = scene.person if scene else "Ana"
    where = f"At {scene.place}, " if scene else ""
    why = {
        "cut in half": f"One piece is just a part. It is not a full {shape}.",
        "given one more corner": "Now there is one more side too.",
    }.get(change, "The kind of sides and corners is the same.")
    if shape == "circle" and keeps:
        why = "It is still round."
    answer = "yes" if keeps else "no"
    return Draft(
        f"{where}{person} {told}. Is it still {a(shape)}?", answer, f'still_shape("{shape}", "{change}")',
        ("Look at the sides and corners.", why, f"So the answer is {answer}."), {"shape": shape, "change": change},
        "same_name", "word", "", "", YES_NO,
    )  # fmt: skip


@generator("geometry.sides_corners")
def sides_corners(rng: Random, level: int, scene: Scene | None) -> Draft:
    part = rng.choice(("sides", "corners"))
    start = f"{scene.person} draws shapes at {scene.place}." if scene else ""
    if level == 1:
        shape = rng.choice(list(SIDES))
        n = SIDES[shape]
        steps = (
            ("A circle is round.", f"It has {n} {part}.")
            if not n
            else (f"Mark one of the {part} of the {shape} and go around.", f"There are {n} {part}.")
        )
        return Draft(
            f"{start} How many {part} does {a(shape)} have?".strip(), str(n), f'sides("{shape}")', steps, {"shapes": [shape], "counts": [n]},
            part, unit=part,
        )  # fmt: skip
    names = [s for s in SIDES if s != "circle"]
    one, two = rng.choice(names), rng.choice(names)
    if level == 2:
        more = rng.random() < 0.25 and SIDES[one] != SIDES[two]
        big, small = sorted((one, two), key=lambda s: -SIDES[s])
        if more:
            n = SIDES[big] - SIDES[small]
            steps = (
                f"The {big} has {SIDES[big]} {part}.",
                f"The {small} has {SIDES[small]} {part}.",
                f"{SIDES[big]} - {SIDES[small]} = {n}",
            )
            return Draft(
                f"{start} How many more {part} does {a(big)} have than {a(small)}?".strip(), str(n), f'sides("{big}") - sides("{small}")', steps,
                {"shapes": [big, small], "difference": n}, "difference", unit=part if n > 1 else part[:-1],
            )  # fmt: skip
        n = SIDES[one] + SIDES[two]
        both = f"{a(one)} and {a(two)}" if one != two else f"two {plural(one)}"
        steps = (
            f"Count the {part} of each shape: {SIDES[one]} and {SIDES[two]}.",
            f"{SIDES[one]} + {SIDES[two]} = {n}",
        )
        return Draft(
            f"{start} How many {part} do {both} have together?".strip(), str(n), f'sides("{one}") + sides("{two}")', steps,
            {"shapes": [one, two], "counts": [SIDES[one], SIDES[two]]}, "together", unit=part,
        )  # fmt: skip
    while True:
        one, two = rng.sample(names, 2)
        k, m = rng.randint(2, 4), rng.randint(1, 3)
        if k * SIDES[one] + m * SIDES[two] <= 24:
            break
    counts = [SIDES[one]] * k + [SIDES[two]] * m
    n = sum(counts)
    steps = (
        f"{' + '.join([str(SIDES[one])] * k)} = {k * SIDES[one]} for the {plural(one)}.",
        f"The {plural(two)} have {m * SIDES[two]} in all." if m > 1 else f"The {two} has {SIDES[two]}.",
        f"{k * SIDES[one]} + {m * SIDES[two]} = {n}",
    )
    who = f"{scene.person} makes a picture at {scene.place} with" if scene else "A picture has"
    return Draft(
        f"{who} {k} {plural(one)} and {m} {plural(two) if m > 1 else two}. How many {part} do all the shapes have in all?", str(n),
        f'{k}*sides("{one}") + {m}*sides("{two}")', steps, {"shapes": [one] * k + [two] * m, "counts": counts}, "picture", unit=part,
    )  # fmt: skip


def plural(shape: str) -> str:
    return "rhombuses" if shape == "rhombus" else f"{shape}s"


@generator("geometry.partition_equal")
def partition_equal(rng: Random, level: int, scene: Scene | None) -> Draft:
    names = {2: "halves", 3: "thirds", 4: "fourths"}
    n, wholes, name_it = rng.choice((2, 3, 4)), rng.randint(1, 10), rng.random() < 0.3
    person = scene.person if scene else "Ana"
    where = f"At {scene.place}, " if scene else ""
    if level == 1:
        if name_it:
            return Draft(
                f"{where}{person} cuts a paper circle into {n} equal parts. What are the parts called: halves, thirds or fourths?", names[n],
                f"share_name({n})", (f"There are {n} parts, and they are equal.", f"{n} equal parts are called {names[n]}."), {"n": n},
                "name", "word", "", "", tuple(names.values()),
            )  # fmt: skip
        circles = "1 paper circle" if wholes == 1 else f"{wholes} paper circles"
        return Draft(
            f"{where}{person} cuts {circles} into {names[n]}. How many parts are there?", str(n * wholes), f"{n}*{wholes}",
            (f"One circle makes {n} {names[n]}.", f"{' + '.join([str(n)] * wholes)} = {n * wholes}" if wholes > 1 else f"So there are {n} parts."),
            {"n": n, "wholes": wholes}, "count", unit="parts",
        )  # fmt: skip
    if level == 2:
        size, equal = rng.randint(2, 8), rng.random() < 0.3
        parts = [size] * n
        if not equal:
            while len(set(parts)) == 1:
                i, j = rng.sample(range(n), 2)
                step = rng.randint(1, size - 1)
                parts[i], parts[j] = parts[i] + step, parts[j] - step
        answer = "yes" if equal else "no"
        steps = (
            f"Look at the sizes: {listed(parts)}.",
            "The parts are all the same size." if equal else "The parts are not all the same size.",
            f"Only equal parts are {names[n]}, so the answer is {answer}.",
        )
        return Draft(
            f"{where}{person} cuts a bar of {sum(parts)} squares into {n} parts. The parts have {listed(parts)} squares. Are the parts {names[n]}?",
            answer, f"all_equal({', '.join(map(str, parts))})", steps, {"parts": parts}, "equal", "word", "", "", YES_NO,
        )  # fmt: skip
    n, m = rng.sample(range(2, 17), 2)
    answer = ">" if n < m else "<"
    size = "bigger" if n < m else "smaller"
    steps = (
        "More parts of the same bar are smaller parts.",
        f"{n} is {'less' if n < m else 'more'} than {m}, so a part of bar A is {size}.",
        f"Write {answer}.",
    )
    return Draft(
        f"{where}{person} has two paper bars of the same size. Bar A is cut into {n} equal parts. Bar B is cut into {m} equal parts. "
        "Compare one part of bar A with one part of bar B. Write <, > or =.",
        answer, f"compare(1/{n}, 1/{m})", steps, {"n": n, "m": m}, "compare", "comparison",
    )  # fmt: skip


@generator("geometry.quadrilaterals")
def quadrilaterals(rng: Random, level: int, scene: Scene | None) -> Draft:
    s, t = rng.sample(range(2, 21), 2)
    kind = rng.choice(("square", "square", "rectangle", "rhombus", "rectangle", "rhombus", "other"))
    unit = rng.choice(("cm", "inches"))
    asked = rng.randrange(3)
    if kind == "other" and level == 1:
        kind = "rectangle"
    sides = [s] * 4 if kind in ("square", "rhombus") else [s, t, s, t]
    right = 4 if kind in ("square", "rectangle") else 0
    corners = "It has 4 right angles." if right else "It has no right angles."
    who = f"{scene.person} makes a four-sided sign for {scene.place}." if scene else "A shape has four straight sides."
    text = f"{who} In order, the sides are {listed(sides)} {unit} long. {corners}"
    code = f"{', '.join(map(str, sides))}, {right}"
    fits = ["quadrilateral"] + [n for n in ("rectangle", "rhombus", "square") if kind in (n, "square")]
    checks = [
        "All four sides are equal." if len(set(sides)) == 1 else "The four sides are not all equal.",
        "There are four right angles." if right else "There are no right angles.",
    ]
    values = {"sides": sides, "right": right, "kind": "quadrilateral" if kind == "other" else kind}
    if level == 1:
        return Draft(
            f"{text} Which name fits best: square, rectangle or rhombus?", kind, f"quad_name({code})", (*checks, f"The best name is {kind}."),
            values, "best_name", "word", "", "", ("square", "rectangle", "rhombus"),
        )  # fmt: skip
    if level == 2:
        # wider families are asked most often: that is where one shape has two names
        wider = {"square": ("rectangle", "rhombus", "quadrilateral"), "rectangle": ("quadrilateral", "quadrilateral", "rhombus"),
                 "rhombus": ("quadrilateral", "quadrilateral", "rectangle"), "other": ("quadrilateral", "rectangle", "rhombus")}  # fmt: skip
        name = wider[kind][asked]
        answer = "yes" if name in fits else "no"
        needs = {
            "rectangle": "A rectangle needs four right angles.", "rhombus": "A rhombus needs four equal sides.",
            "quadrilateral": "A quadrilateral needs four straight sides.",
        }[name]  # fmt: skip
        return Draft(
            f"{text} Is it {a(name)}?", answer, f'quad_is("{name}", {code})', (needs, *checks, f"So the answer is {answer}."),
            values | {"asked": name}, "family", "word", "", "", YES_NO,
        )  # fmt: skip
    return Draft(
        f"{text} How many of these four names fit: quadrilateral, rectangle, rhombus, square?", str(len(fits)), f"quad_count({code})",
        (*checks, f"These names fit: {listed(fits)}." if len(fits) > 1 else "Only the name quadrilateral fits.", f"That makes {len(fits)}."),
        values | {"count": len(fits)}, "count_names", unit="names" if len(fits) > 1 else "name",
    )  # fmt: skip


# Perimeter and area of rectangles


def _perimeter_draft(length: int, width: int, unit: str, scene: Scene | None = None, more: int = 0) -> Draft:
    """more: the length is told as so much more than the width."""
    total = 2 * (length + width)
    size = (
        f"{width} {unit} wide and {measured(more, unit)} longer than it is wide"
        if more
        else f"{length} {unit} long and {width} {unit} wide"
    )
    if scene:
        text = f"A rectangular mat at {scene.place} is {size}. {scene.person} sews ribbon all around its edge. How many {unit} of ribbon is that?"
    else:
        text = f"A rectangle is {size}. What is its perimeter in {unit}?"
    steps = [f"The length is {width} + {more} = {length} {unit}."] if more else []
    steps += ["Add all four sides.", f"{length} + {width} + {length} + {width} = {total}"]
    code = f"2*({width} + {more} + {width})" if more else f"2*({length} + {width})"
    return Draft(
        text, str(total), code, tuple(steps), {"l": length, "w": width}, "longer" if more else "rectangle", unit=unit
    )


@generator("geometry.perimeter")
def perimeter(rng: Random, level: int, scene: Scene | None) -> Draft:
    unit = rng.choice(("feet", "inches", "meters")) if level < 3 else "feet"
    most = (30, 99, 60)[level - 1]
    w = rng.randint(2, most // 2) if level != 2 else rng.randint(11, most - 9)
    more = rng.randint(1, most - w)
    missing = rng.random() < 0.45
    length = w + more
    if level < 3:
        return _perimeter_draft(length, w, unit, scene)
    if not missing:
        return _perimeter_draft(length, w, unit, scene, more)
    total = 2 * (length + w)
    if scene:
        text = f"{scene.person} used {total} {unit} of ribbon for the edge of a rectangular mat at {scene.place}. The mat is {length} {unit} long. How many {unit} wide is it?"
    else:
        text = (
            f"The perimeter of a rectangle is {total} {unit}. It is {length} {unit} long. How many {unit} wide is it?"
        )
    steps = (
        f"The two long sides are {length} + {length} = {2 * length} {unit}.",
        f"{total} - {2 * length} = {2 * w} {unit} are left for the two short sides.",
        f"{2 * w} ÷ 2 = {w}",
    )
    return Draft(
        text,
        str(w),
        f"({total} - 2*{length})/2",
        steps,
        {"perimeter": total, "side": length},
        "missing_side",
        unit=unit,
    )


@generator("geometry.area_squares")
def area_squares(rng: Random, level: int, scene: Scene | None) -> Draft:
    low, high = ((2, 12), (3, 15), (4, 12))[level - 1]
    rows, columns = rng.randint(low, high), rng.randint(low, high)
    gone = rng.randint(1, (rows - 2) * (columns - 2)) if level == 3 else 0
    gone = min(gone, 12)
    place = (
        f"{scene.person} lays square tiles on a floor at {scene.place}."
        if scene
        else "A rectangle is covered with unit squares."
    )
    squares = "tiles" if scene else "squares"
    if level == 1:
        text = f"{place} There are {rows} rows with {columns} {squares} in each row. How many {squares} are there?"
    elif level == 2:
        text = f"{place} Only the top row and the left column are drawn. The row has {columns} {squares} and the column has {rows} {squares}. How many {squares} cover the whole {'floor' if scene else 'rectangle'}?"
    else:
        text = f"{place} There is room for {rows} rows with {columns} {squares} in each row, but {gone} {squares} in the middle {'are' if gone > 1 else 'is'} missing. How many {squares} are there?"
        if gone == 1:
            text = text.replace(f"1 {squares}", f"1 {squares[:-1]}")
    full = rows * columns
    steps = [f"Each row has {columns} {squares}, and there are {rows} rows.", f"{rows} × {columns} = {full}"]
    code = f"{rows}*{columns}"
    if gone:
        steps.append(f"{full} - {gone} = {full - gone}")
        code += f" - {gone}"
    return Draft(
        text, str(full - gone), code, tuple(steps), {"rows": rows, "columns": columns, "gone": gone}, ("rows", "first_row_and_column", "missing")[level - 1],
        unit="squares" if not scene else "tiles",
    )  # fmt: skip


def _area_draft(length: int, width: int, unit: str = "feet", scene: Scene | None = None, more: int = 0) -> Draft:
    size = (
        f"{width} {unit} wide and {measured(more, unit)} longer than it is wide"
        if more
        else f"{length} {unit} long and {width} {unit} wide"
    )
    if scene:
        text = f"A rectangular notice board at {scene.place} is {size}. {scene.person} covers it with paper. How many square {unit} of paper is that?"
    else:
        text = f"A rectangle is {size}. What is its area in square {unit}?"
    steps = [f"The length is {width} + {more} = {length} {unit}."] if more else []
    steps += [f"One row has {length} squares, and there are {width} rows.", f"{length} × {width} = {length * width}"]
    code = f"({width} + {more})*{width}" if more else f"{length}*{width}"
    return Draft(
        text,
        str(length * width),
        code,
        tuple(steps),
        {"l": length, "w": width},
        "longer" if more else "rectangle",
        unit=f"square {unit}",
    )


def _missing_side_draft(length: int, width: int, unit: str = "feet", scene: Scene | None = None) -> Draft:
    area = length * width
    if scene:
        text = f"{scene.person} covers a rectangular notice board at {scene.place} with {area} square {unit} of paper. The board is {length} {unit} long. How many {unit} wide is it?"
    else:
        text = (
            f"The area of a rectangle is {area} square {unit}. It is {length} {unit} long. How many {unit} wide is it?"
        )
    steps = (f"Length times width is the area, so divide: {area} ÷ {length}.", f"{area} ÷ {length} = {width}")
    return Draft(text, str(width), f"{area}/{length}", steps, {"area": area, "side": length}, "missing_side", unit=unit)


@generator("geometry.area_rectangle")
def area_rectangle(rng: Random, level: int, scene: Scene | None) -> Draft:
    unit = rng.choice(("feet", "inches", "meters")) if level < 3 else "feet"
    if level == 1:
        w = rng.randint(2, 10)
        return _area_draft(rng.randint(2, min(24, 100 // w)), w, unit, scene)
    if level == 2:
        w = rng.randint(3, 9)
        return _area_draft(rng.randint(11, 40), w, unit, scene)
    missing, length, w, more = rng.random() < 0.4, rng.randint(3, 12), rng.randint(3, 12), rng.randint(2, 12)
    return _missing_side_draft(length, w, unit, scene) if missing else _area_draft(w + more, w, unit, scene, more)


# Angles in grade 4, symmetry


@generator("geometry.angle_types")
def angle_types(rng: Random, level: int, scene: Scene | None) -> Draft:
    kind = rng.choice(("acute", "acute", "acute", "obtuse", "obtuse", "obtuse", "right", "straight"))
    degrees = {"acute": rng.randint(5, 88), "obtuse": rng.randint(92, 178), "right": 90, "straight": 180}[kind]
    if level == 1:
        degrees = {"acute": degrees, "obtuse": degrees, "right": 90, "straight": 180}[kind]
    misleading, short, long, unit = rng.random() < 0.85, rng.randint(2, 4), rng.randint(12, 30), "cm"
    part = rng.randint(2, degrees - 2)
    arm = long if (kind == "acute") == misleading else short
    who = f"On a plan for {scene.place}, {scene.person} draws an angle" if scene else "An angle is drawn"
    about = {
        "acute": f"{degrees}° is less than 90°.", "obtuse": f"{degrees}° is between 90° and 180°.",
        "right": "90° is the turn of a square corner.", "straight": "180° looks like a straight line.",
    }[kind]  # fmt: skip
    choices = ("acute", "right", "obtuse", "straight")
    ask = "Is the angle acute, right, obtuse or straight?"
    if level == 1:
        text = f"{who} of {degrees}°. {ask}" if scene else f"An angle measures {degrees}°. {ask}"
        return Draft(
            text,
            kind,
            f"angle_type({degrees})",
            (about, f"So the angle is {kind}."),
            {"degrees": degrees},
            "size",
            "word",
            "",
            "",
            choices,
        )
    if level == 2:
        return Draft(
            f"{who} with sides {arm} {unit} long. It measures {degrees}°. {ask}", kind, f"angle_type({degrees})",
            ("The length of the sides does not matter.", about, f"So the angle is {kind}."), {"degrees": degrees, "arm": arm},
            "side_length", "word", "", "", choices,
        )  # fmt: skip
    return Draft(
        f"{who} with sides {arm} {unit} long. It is made of a part of {part}° and a part of {degrees - part}° that lie side by side. {ask}", kind,
        f"angle_type({part} + {degrees - part})", (f"{part} + {degrees - part} = {degrees}", about, f"So the whole angle is {kind}."),
        {"degrees": degrees, "arm": arm}, "parts", "word", "", "", choices,
    )  # fmt: skip


@generator("geometry.angle_add")
def angle_add(rng: Random, level: int, scene: Scene | None) -> Draft:
    x, y = rng.randint(10, 85), rng.randint(10, 85)
    whole = rng.choice((90, 90, 180, 360))
    first = rng.randint(15, whole - 40)
    second = rng.randint(10, whole - first - 10)
    who = f"On {scene.person}'s plan for {scene.place}, " if scene else ""
    if level == 1:
        text = f"{who}{'two' if who else 'Two'} angles of {x}° and {y}° lie side by side. How large is the angle they make together?"
        return Draft(
            text,
            str(x + y),
            f"{x} + {y}",
            ("The parts make up the whole angle.", f"{x} + {y} = {x + y}"),
            {"whole": x + y, "parts": [x, y]},
            "whole",
            unit="°",
        )
    if level == 2:
        text = f"{who}{'an' if who else 'An'} angle of {x + y}° is split into two parts. One part is {x}°. How large is the other part?"
        return Draft(
            text, str(y), f"{x + y} - {x}", (f"The two parts add up to {x + y}°.", f"{x + y} - {x} = {y}"),
            {"whole": x + y, "known": [x]}, "missing_part", unit="°",
        )  # fmt: skip
    name = {90: "right angle", 180: "straight angle", 360: "full turn"}[whole]
    rest = whole - first - second
    text = f"{who}{'a' if who else 'A'} {name} is split into three parts. Two of the parts are {first}° and {second}°. How large is the third part?"
    steps = (
        f"A {name} measures {whole}°.",
        f"{first} + {second} = {first + second}",
        f"{whole} - {first + second} = {rest}",
    )
    return Draft(
        text,
        str(rest),
        f"{whole} - ({first} + {second})",
        steps,
        {"whole": whole, "known": [first, second]},
        "three_parts",
        unit="°",
    )


@generator("geometry.symmetry")
def symmetry(rng: Random, level: int, scene: Scene | None) -> Draft:
    p, q, r = sorted(rng.sample(range(11, 22), 3))
    kind, n = rng.randrange(4), rng.randint(3, 12)
    who = f"{scene.person} cuts a shape from paper at {scene.place}. It is" if scene else "A shape is"
    ask = "How many lines of symmetry does it have?"
    if level == 1:
        if kind == 0:
            steps = (
                "Each line of symmetry goes through the center.",
                f"A regular polygon has one line for each of its {n} sides, so there are {n}.",
            )
            return Draft(
                f"{who} a regular polygon with {n} equal sides and equal angles. {ask}",
                str(n),
                f'symmetry_lines("regular polygon", {n})',
                steps,
                {"n": n},
                "regular",
            )
        sides = {1: [p, p, p], 2: [q, q, p], 3: [p, q, r]}[kind]
        lines = {1: 3, 2: 1, 3: 0}[kind]
        why = {
            1: "All the sides match, so it folds in three ways. There are 3 lines.",
            2: "Only two sides match, so it folds in one way. There is 1 line.",
            3: "No two sides match, so no fold works. There are 0 lines.",
        }[kind]
        return Draft(
            f"{who} a triangle with sides of {listed(sides)} cm. {ask}", str(lines), f'symmetry_lines("triangle", {", ".join(map(str, sides))})',
            ("Look for sides that match when the triangle is folded.", why), {"triangle": sides}, "triangle",
        )  # fmt: skip
    if level == 2:
        x, y = rng.sample(range(2, 31), 2)
        shape = "parallelogram" if rng.random() < 0.25 else "rectangle"
        if shape == "rectangle" and rng.random() < 0.15:
            y = x
        lines = 0 if shape == "parallelogram" else 4 if x == y else 2
        slant = "a slanted parallelogram without right angles" if shape == "parallelogram" else "a rectangle"
        why = {
            0: "No fold makes the slanted sides match.",
            2: "The two middle lines work. The diagonals do not, because the corners miss each other.",
            4: "All sides are equal, so the two middle lines and the two diagonals all work.",
        }[lines]
        return Draft(
            f"{who} {slant} with sides of {x} cm and {y} cm. {ask}", str(lines), f'symmetry_lines("{shape}", {x}, {y})',
            ("Test every line by folding.", why, f"So there are {lines} lines of symmetry."), {"shape": shape, "l": x, "w": y}, "four_sides",
        )  # fmt: skip
    mirror, away = rng.randint(15, 40), nonzero(rng, 14, 2)
    start, image = mirror - away, mirror + away
    side = "right" if away > 0 else "left"
    begin = (
        f"{scene.person} draws a pattern on grid lines for {scene.place}."
        if scene
        else "A pattern is drawn on grid lines."
    )
    steps = (
        f"The distance from the dot to the mirror is {max(start, mirror)} - {min(start, mirror)} = {abs(away)} steps.",
        f"Go {abs(away)} steps to the {side} of the mirror.",
        f"{mirror} {'+' if away > 0 else '-'} {abs(away)} = {image}",
    )
    return Draft(
        f"{begin} The lines are numbered from left to right. A dot is on line {start}, and the mirror is line {mirror}. On which line is the mirror image of the dot?",
        str(image), f"2*{mirror} - {start}", steps, {"start": start, "mirror": mirror}, "mirror",
    )  # fmt: skip


# Points


@generator("geometry.coordinate_plane")
def coordinate_plane(rng: Random, level: int, scene: Scene | None) -> Draft:
    x, y = rng.sample(range(1, 16 if level == 1 else 21), 2)
    piece = f"{scene.person} plays a grid game at {scene.place}. The piece starts" if scene else "Start"
    then = "goes" if scene else "Go"
    if level == 1:
        text = (
            f"{piece} at the origin and goes {x} to the right and {y} up. At which point does it stop?"
            if scene
            else f"Start at the origin. Go {x} to the right and {y} up. At which point do you stop?"
        )
        steps = (f"Right comes first: {x}.", f"Up comes second: {y}.", f"The point is ({x}, {y}).")
        return Draft(
            text,
            f"({x}, {y})",
            f"translate(0, 0, {x}, {y})",
            steps,
            {"x": x, "y": y, "ask": "locate"},
            "from_origin",
            "point",
        )
    if level == 2:
        x0, y0 = rng.choice([n for n in range(21) if n != x]), rng.choice([n for n in range(21) if n != y])
        dx, dy = x - x0, y - y0
        across = f"{abs(dx)} to the {'right' if dx > 0 else 'left'}"
        updown = f"{abs(dy)} {'up' if dy > 0 else 'down'}"
        text = (
            f"{piece} at ({x0}, {y0}) and {then} {across} and {updown}. At which point does it stop?"
            if scene
            else f"Start at ({x0}, {y0}). Go {across} and {updown}. At which point do you stop?"
        )
        steps = (
            f"Right or left changes the first number: {x0} {'+' if dx > 0 else '-'} {abs(dx)} = {x}.",
            f"Up or down changes the second number: {y0} {'+' if dy > 0 else '-'} {abs(dy)} = {y}.",
            f"The point is ({x}, {y}).",
        )
        return Draft(
            text,
            f"({x}, {y})",
            f"translate({x0}, {y0}, {dx}, {dy})",
            steps,
            {"x": x, "y": y, "ask": "locate"},
            "move",
            "point",
        )
    x0, y0 = rng.choice([n for n in range(21) if n != x]), rng.choice([n for n in range(21) if n != y])
    # corners (x0, y0), (x, y0), (x0, y); the fourth is (x, y)
    given = [(x0, y0), (x, y0), (x0, y)]
    rng.shuffle(given)
    who = (
        f"{scene.person} marks a rectangle on a grid plan for {scene.place}."
        if scene
        else "A rectangle has sides along the grid lines."
    )
    shown = listed([f"({i}, {j})" for i, j in given])
    steps = (
        f"The first numbers are {x0} and {x}. Each must occur twice, so {x} is needed again.",
        f"The second numbers are {y0} and {y}. Each must occur twice, so {y} is needed again.",
        f"The fourth corner is ({x}, {y}).",
    )
    return Draft(
        f"{who} Three of its corners are {shown}. Which point is the fourth corner?", f"({x}, {y})", f"translate({x}, {y0}, {x0} - {x0}, {y} - {y0})",
        steps, {"x": x, "y": y, "ask": "locate"}, "fourth_corner", "point",
    )  # fmt: skip


def quadrant_of(x: int, y: int) -> str:
    return {(True, True): "I", (False, True): "II", (False, False): "III", (True, False): "IV"}[x > 0, y > 0]


def reflected(move: str, x: int, y: int) -> tuple[int, int]:
    return (x, -y) if move == "reflect_x" else (-x, y)


def _reflect_draft(x: int, y: int, move: str, scene: Scene | None = None) -> Draft:
    axis, (rx, ry) = move[-1], reflected(move, x, y)
    who = f"In {scene.person}'s mirror pattern for {scene.place}, the" if scene else "The"
    steps = (
        f"The mirror is the {axis}-axis, so only the {'y' if axis == 'x' else 'x'}-coordinate changes its sign.",
        f"The image of ({x}, {y}) is ({rx}, {ry}).",
    )
    return Draft(
        f"{who} point ({x}, {y}) is reflected across the {axis}-axis. What is its image?", f"({rx}, {ry})", f"{move}({x}, {y})", steps,
        {"move": move, "x": x, "y": y, "ask": "point", "dx": 0, "dy": 0}, "reflect", "point",
    )  # fmt: skip


@generator("geometry.coordinate_quadrants")
def coordinate_quadrants(rng: Random, level: int, scene: Scene | None) -> Draft:
    while True:
        x, y = nonzero(rng, 15), nonzero(rng, 15)
        if abs(x) != abs(y):
            break
    # points of II and IV come more often: there a swapped pair is in another quadrant
    if level == 1 and x * y > 0 and rng.random() < 0.4:
        x = -x
    move, far = rng.choice(("reflect_x", "reflect_y")), rng.random() < 0.5
    axis = move[-1]
    if level == 1:
        who = (
            f"{scene.person} marks the point ({x}, {y}) on a grid plan for {scene.place}. In which quadrant is it"
            if scene
            else f"In which quadrant is the point ({x}, {y})"
        )
        steps = (
            f"{x} is {'positive: go right' if x > 0 else 'negative: go left'}.",
            f"{y} is {'positive: go up' if y > 0 else 'negative: go down'}.",
            f"That is quadrant {quadrant_of(x, y)}.",
        )
        return Draft(
            f"{who}: I, II, III or IV?", quadrant_of(x, y), f"quadrant({x}, {y})", steps, {"x": x, "y": y, "ask": "quadrant", "move": "none"},
            "quadrant", "word", "", "", QUADRANTS,
        )  # fmt: skip
    if level == 2:
        return _reflect_draft(x, y, move, scene)
    rx, ry = reflected(move, x, y)
    who = f"In {scene.person}'s mirror pattern for {scene.place}, the" if scene else "The"
    image = f"The image of ({x}, {y}) is ({rx}, {ry})."
    if far:
        d = 2 * abs(y if move == "reflect_x" else x)
        steps = (image, f"Each of the two points is {d // 2} units from the {axis}-axis.", f"{d // 2} + {d // 2} = {d}")
        return Draft(
            f"{who} point ({x}, {y}) is reflected across the {axis}-axis. How many units apart are the point and its image?", str(d),
            f"distance({x}, {y}, {signed_code(x, rx)}, {signed_code(y, ry)})", steps, {"x": x, "y": y, "move": move, "ask": "distance"}, "apart", unit="units",
        )  # fmt: skip
    return Draft(
        f"{who} point ({x}, {y}) is reflected across the {axis}-axis. In which quadrant is its image: I, II, III or IV?", quadrant_of(rx, ry),
        f"quadrant({signed_code(x, rx)}, {signed_code(y, ry)})", (image, f"This point is in quadrant {quadrant_of(rx, ry)}."),
        {"x": x, "y": y, "move": move, "ask": "quadrant"}, "image_quadrant", "word", "", "", QUADRANTS,
    )  # fmt: skip


def signed_code(n: int, image: int) -> str:
    return str(n) if n == image else f"-({n})"


# Volume and area in grades 5 and 6


def _volume_draft(length: int, width: int, height: int, unit: str = "inches", scene: Scene | None = None) -> Draft:
    size = f"{length} {unit} long, {width} {unit} wide and {height} {unit} high"
    cubic = f"cubic {unit}"
    text = (
        f"A box for {scene.things} at {scene.place} is {size}. What is its volume in {cubic}?"
        if scene
        else f"A box is {size}. What is its volume in {cubic}?"
    )
    steps = (
        f"One layer has {length} × {width} = {length * width} cubes.",
        f"There are {height} layers: {length * width} × {height} = {length * width * height}.",
    )
    return Draft(
        text,
        str(length * width * height),
        f"{length}*{width}*{height}",
        steps,
        {"l": length, "w": width, "h": height},
        "volume",
        unit=cubic,
    )


def _height_draft(length: int, width: int, height: int, unit: str = "inches", scene: Scene | None = None) -> Draft:
    volume, layer = length * width * height, length * width
    who = f"A box for {scene.things} at {scene.place}" if scene else "A box"
    return Draft(
        f"{who} has a volume of {volume} cubic {unit}. It is {length} {unit} long and {width} {unit} wide. How many {unit} high is it?", str(height),
        f"{volume}/({length}*{width})", (f"One layer has {length} × {width} = {layer} cubes.", f"{volume} ÷ {layer} = {height}"),
        {"volume": volume, "l": length, "w": width}, "missing_height", unit=unit,
    )  # fmt: skip


@generator("geometry.volume_box")
def volume_box(rng: Random, level: int, scene: Scene | None) -> Draft:
    low, high = ((2, 9), (4, 15), (5, 18))[level - 1]
    length, width, height = (rng.randint(low, high) for _ in range(3))
    unit, missing = rng.choice(("inches", "cm")), rng.random() < 0.45
    if level == 3 and missing:
        return _height_draft(length, width, height, unit, scene)
    return _volume_draft(length, width, height, unit, scene)


def triangle_area_draft(
    base: Fraction | int, height: Fraction | int, unit: str = "inches", slant: int = 0, scene: Scene | None = None
) -> Draft:
    """The area of a triangle; `slant` is a side that is told but not needed."""
    area = Fraction(base) * height / 2
    b, h = dec(base), dec(height)
    extra = f" Another side is {slant} {unit} long." if slant else ""
    who = f"{scene.person} cuts a triangular flag for {scene.place}. Its" if scene else "A triangle has a"
    be = " is" if scene else " of"
    text = f"{who} base{be} {b} {unit} and {'its' if scene else 'a'} height{be} {h} {unit}.{extra} What is its area in square {unit}?"
    steps = [f"The height {h} stands straight on the base {b}." + (" The slanted side is not needed." if slant else "")]
    steps += [f"{b} × {h} = {dec(Fraction(base) * height)}", f"{dec(Fraction(base) * height)} ÷ 2 = {dec(area)}"]
    values = {"base": b, "height": h, "shape": "triangle", "slant": slant}
    return Draft(
        text,
        dec(area),
        f"1/2*{b}*{h}",
        tuple(steps),
        values,
        "with_slant" if slant else "base_height",
        unit=f"square {unit}",
    )


@generator("geometry.area_triangle")
def area_triangle(rng: Random, level: int, scene: Scene | None) -> Draft:
    unit = rng.choice(("inches", "cm"))
    base, height, tenths = rng.randint(3, 24), rng.randint(3, 24), rng.choice((2, 4, 5, 6, 8))
    slant = height + rng.randint(1, 6)
    if level == 1:
        return triangle_area_draft(base + base % 2, height, unit, 0, scene)
    if level == 2:
        return triangle_area_draft(base, height + (base * height) % 2, unit, slant + 1, scene)
    return triangle_area_draft(base + Fraction(tenths, 10), height, unit, slant, scene)


def _parallelogram_draft(base: Fraction | int, height: int, slant: int, unit: str, scene: Scene | None) -> Draft:
    area, b = Fraction(base) * height, dec(base)
    who = (
        f"{scene.person} paints a sign for {scene.place} in the shape of a parallelogram. Its"
        if scene
        else "A parallelogram has a"
    )
    be = " is" if scene else " of"
    text = (
        f"{who} base{be} {b} {unit}, {'its' if scene else 'a'} slanted side{be} {slant} {unit} and {'its' if scene else 'a'} height{be} {height} {unit}. "
        f"What is its area in square {unit}?"
    )
    steps = ("Use the height, not the slanted side.", f"{b} × {height} = {dec(area)}")
    values = {"base": b, "height": str(height), "shape": "parallelogram", "slant": slant}
    return Draft(text, dec(area), f"{b}*{height}", steps, values, "area", unit=f"square {unit}")


@generator("geometry.area_parallelogram")
def area_parallelogram(rng: Random, level: int, scene: Scene | None) -> Draft:
    unit = rng.choice(("inches", "cm"))
    base, height, tenths = rng.randint(3, 12 if level == 1 else 40), rng.randint(3, 20), rng.randint(1, 9)
    slant, missing = height + rng.randint(1, 5), rng.random() < 0.3
    if level == 3 and missing:
        area = base * height
        who = (
            f"{scene.person} paints a sign for {scene.place} in the shape of a parallelogram. It"
            if scene
            else "A parallelogram"
        )
        return Draft(
            f"{who} has an area of {area} square {unit}. Its base is {base} {unit} and its slanted side is {slant} {unit}. How many {unit} is its height?",
            str(height), f"{area}/{base}", ("Base times height is the area, so divide the area by the base.", f"{area} ÷ {base} = {height}"),
            {"area": area, "given_base": base, "slant": slant, "shape": "parallelogram"}, "missing_height", unit=unit,
        )  # fmt: skip
    return _parallelogram_draft(base + (Fraction(tenths, 10) if level == 3 else 0), height, slant, unit, scene)


def _composite_draft(
    kind: str, p: int, q: int, r: int, s: int, scene: Scene | None = None, unit: str = "feet"
) -> Draft:
    """Two rectangles p by q and r by s, the first without the second, or a rectangle p by q under a triangle of base p and height s."""
    big = p * q
    where = f" at {scene.place}" if scene else ""
    if kind == "joined":
        small, total, code = r * s, big + r * s, f"{p}*{q} + {r}*{s}"
        text = (
            f"{'A deck' if scene else 'A shape'}{where} is made of two rectangles side by side. One is {p} {unit} by {q} {unit}, "
            f"and the other is {r} {unit} by {s} {unit}. What is the whole area in square {unit}?"
        )
        steps = (f"{p} × {q} = {big}", f"{r} × {s} = {small}", f"Both belong to the shape: {big} + {small} = {total}.")
    elif kind == "cut_out":
        small, total, code = r * s, big - r * s, f"{p}*{q} - {r}*{s}"
        text = (
            f"{'A rectangular carpet' if scene else 'A rectangle'}{where} is {p} {unit} by {q} {unit}. A rectangle of {r} {unit} by {s} {unit} "
            f"is cut out of it. How many square {unit} are left?"
        )
        steps = (f"{p} × {q} = {big}", f"{r} × {s} = {small}", f"The cut-out is taken away: {big} - {small} = {total}.")
    else:
        small = p * s // 2
        total, code = big + small, f"{p}*{q} + 1/2*{p}*{s}"
        text = (
            f"{'A wall' if scene else 'A shape'}{where} is a rectangle with a triangle on top. The rectangle is {p} {unit} wide and {q} {unit} high. "
            f"The triangle is just as wide and {s} {unit} high. What is the whole area in square {unit}?"
        )
        steps = (f"Rectangle: {p} × {q} = {big}.", f"Triangle: {p} × {s} ÷ 2 = {small}.", f"{big} + {small} = {total}")
    return Draft(
        text, str(total), code, steps, {"kind": kind, "p": p, "q": q, "r": r, "s": s}, kind, unit=f"square {unit}"
    )


@generator("geometry.area_composite")
def area_composite(rng: Random, level: int, scene: Scene | None) -> Draft:
    p, q = rng.randint(6, 20), rng.randint(6, 20)
    r, s = rng.randint(2, p - 2), rng.randint(2, q - 2)
    joined, house = rng.random() < 0.2, rng.random() < 0.6
    if level == 1:
        return _composite_draft("joined", p, q, r, q if joined else s, scene)
    if level == 2:
        return _composite_draft("cut_out", p, q, r, s, scene)
    if house:
        return _composite_draft("house", p, q, p, s + (p * s) % 2, scene)
    return _composite_draft("cut_out", p + 10, q + 10, r, s, scene)


def _surface_draft(
    length: int, width: int, height: int, unit: str, scene: Scene | None = None, is_open: bool = False
) -> Draft:
    bottom, front, side = length * width, length * height, width * height
    total = (1 if is_open else 2) * bottom + 2 * front + 2 * side
    cube = length == width == height
    size = (
        f"{length} {unit} long, {width} {unit} wide and {height} {unit} high"
        if not cube
        else f"a cube with edges {length} {unit} long"
    )
    box = "A box without a lid" if is_open else "A closed box"
    if scene:
        text = f"{scene.person} covers the outside of {box[0].lower() + box[1:]} for {scene.things}. The box is {size}. How many square {unit} of paper are needed, with nothing overlapping?"
    else:
        text = f"{box} is {size}. What is its {'outside' if is_open else 'surface'} area in square {unit}?"
    if cube and not is_open:
        steps = (f"Each of the 6 faces is {length} × {length} = {bottom}.", f"6 × {bottom} = {total}")
    else:
        steps = (
            f"{'Bottom' if is_open else 'Top and bottom'}: {length} × {width} = {bottom}{'' if is_open else ' each'}.",
            f"Front and back: {length} × {height} = {front} each.",
            f"Left and right: {width} × {height} = {side} each.",
            f"{'' if is_open else '2 × '}{bottom} + 2 × {front} + 2 × {side} = {total}",
        )
    code = (
        f"{length}*{width} + 2*({length}*{height} + {width}*{height})"
        if is_open
        else f"2*({length}*{width} + {length}*{height} + {width}*{height})"
    )
    return Draft(
        text,
        str(total),
        code,
        steps,
        {"l": length, "w": width, "h": height, "open": int(is_open)},
        "open" if is_open else "cube" if cube else "box",
        unit=f"square {unit}",
    )


@generator("geometry.surface_area")
def surface_area(rng: Random, level: int, scene: Scene | None) -> Draft:
    unit, cube = rng.choice(("inches", "cm")), rng.random() < 0.2
    length, width, height = (rng.randint(2, 15 if level == 1 else 18) for _ in range(3))
    if level == 1:
        return _surface_draft(length, length, length if cube else height, unit, scene)
    return _surface_draft(length, width, height, unit, scene, level == 3)


# Circles and round solids


def with_pi(coefficient: Fraction | int, approx: int) -> str:
    """ "18*pi", or the decimal with 3.14 for pi."""
    return dec(coefficient * Fraction(314, 100)) if approx else f"{dec(coefficient)}*pi"


def shown_pi(coefficient: Fraction | int) -> str:
    return f"{dec(coefficient)}π"


def _circle_values(measure: str, d: Fraction | int, given: str, approx: int) -> dict[str, int | str]:
    return {"measure": measure, "d": str(Fraction(d)), "given": given, "approx": approx}


def _circle_text(d: Fraction | int, given: str, unit: str, scene: Scene | None, ask: str, approx: int) -> str:
    size = f"{given} of {dec(d if given == 'diameter' else Fraction(d) / 2)} {unit}"
    how = "Use 3.14 for π." if approx else "Give the answer in terms of π."
    who = f"A round lawn near {scene.place} has" if scene else "A circle has"
    return f"{who} a {size}. {ask} {how}"


def _circumference_draft(
    d: Fraction | int, given: str, unit: str = "feet", approx: int = 0, scene: Scene | None = None
) -> Draft:
    ask = f"How many {unit} is it around the edge?" if scene else f"What is its circumference in {unit}?"
    r = Fraction(d) / 2
    steps = [f"The diameter is 2 × {dec(r)} = {dec(d)}."] if given == "radius" else [f"The diameter is {dec(d)}."]
    if approx:
        steps.append(f"3.14 × {dec(d)} = {with_pi(d, 1)}")
    else:
        steps.append(f"π · {dec(d)} = {shown_pi(d)}")
    code_pi = "3.14" if approx else "pi"
    code = f"{code_pi}*{dec(d)}" if given == "diameter" else f"2*{code_pi}*{dec(r)}"
    return Draft(
        _circle_text(d, given, unit, scene, ask, approx), with_pi(d, approx), code, tuple(steps), _circle_values("circumference", d, given, approx),
        given, "number" if approx else "expression", unit=unit,
    )  # fmt: skip


@generator("geometry.circumference")
def circumference(rng: Random, level: int, scene: Scene | None) -> Draft:
    unit, d, tenth = rng.choice(("feet", "meters")), rng.randint(3, 240), rng.randint(1, 9)
    given = rng.choice(("radius", "diameter"))
    if level == 1:
        return _circumference_draft(d, "diameter", unit, 0, scene)
    if level == 2:
        return _circumference_draft(2 * d, "radius", unit, 0, scene)
    size = d % 30 + 3 + Fraction(tenth, 10)
    return _circumference_draft(size * (2 if given == "radius" else 1), given, unit, 1, scene)


def _circle_area_draft(
    d: Fraction | int, given: str, unit: str = "feet", approx: int = 0, scene: Scene | None = None
) -> Draft:
    ask = f"What is the area of the lawn in square {unit}?" if scene else f"What is its area in square {unit}?"
    r = Fraction(d) / 2
    steps = [f"The radius is {dec(d)} ÷ 2 = {dec(r)}."] if given == "diameter" else []
    steps.append(f"Square the radius: {dec(r)}^2 = {dec(r * r)}.")
    steps.append(
        f"3.14 × {dec(r * r)} = {with_pi(r * r, 1)}"
        if approx
        else f"The area is π · {dec(r * r)}, which is {shown_pi(r * r)}."
    )
    code = f"{'3.14' if approx else 'pi'}*{f'{dec(r)}^2' if given == 'radius' else f'({dec(d)}/2)^2'}"
    return Draft(
        _circle_text(d, given, unit, scene, ask, approx), with_pi(r * r, approx), code, tuple(steps), _circle_values("area", d, given, approx),
        given, "number" if approx else "expression", unit=f"square {unit}",
    )  # fmt: skip


@generator("geometry.circle_area")
def circle_area(rng: Random, level: int, scene: Scene | None) -> Draft:
    unit, r, tenth = rng.choice(("feet", "meters")), rng.randint(3, 220), rng.randint(0, 9)
    given = rng.choice(("radius", "diameter"))
    if level < 3:
        return _circle_area_draft(2 * r, "radius" if level == 1 else "diameter", unit, 0, scene)
    size = r % 20 + 3 + (Fraction(tenth, 10) if given == "radius" else 0)
    return _circle_area_draft(2 * size if given == "radius" else 2 * (r % 60 + 3), given, unit, 1, scene)


def _cylinder_draft(r: int, h: int, given: str, cone: int, unit: str = "inches", scene: Scene | None = None) -> Draft:
    base = r * r
    volume = Fraction(base * h, 3 if cone else 1)
    if scene:
        who = f"A paper cup at {scene.place} is a cone. It" if cone else f"A round tin at {scene.place}"
    else:
        who = "A cone" if cone else "A cylinder"
    size = f"radius of {r} {unit}" if given == "radius" else f"diameter of {2 * r} {unit}"
    text = f"{who} has a {size} and a height of {h} {unit}. What is its volume in cubic {unit}? Give the answer in terms of π."
    steps = [f"The radius is {2 * r} ÷ 2 = {r}."] if given == "diameter" else []
    steps += [f"The base has the area π · {r}^2, which is {base}π.", f"{base}π · {h} = {base * h}π"]
    if cone:
        steps.append(f"A cone has one third of this: {base * h}π ÷ 3 = {shown_pi(volume)}.")
    radius = str(r) if given == "radius" else f"({2 * r}/2)"
    return Draft(
        text, f"{dec(volume)}*pi", f"{'1/3*' if cone else ''}pi*{radius}^2*{h}", tuple(steps),
        {"d": str(2 * r), "given": given, "approx": 0, "h": h, "cone": cone}, "cone" if cone else "cylinder", "expression", unit=f"cubic {unit}",
    )  # fmt: skip


@generator("geometry.volume_cylinder")
def volume_cylinder(rng: Random, level: int, scene: Scene | None) -> Draft:
    unit, r, h = rng.choice(("inches", "cm")), rng.randint(3, 15), rng.randint(3, 24)
    given = rng.choice(("radius", "diameter"))
    if level == 3:
        return _cylinder_draft(r, h if r % 3 == 0 else 3 * (h % 12 + 1), given, 1, unit, scene)
    return _cylinder_draft(r, h, "radius" if level == 1 else "diameter", 0, unit, scene)


# Angles in grades 7 and 8


def _linear_pair_draft(degrees: int) -> Draft:
    rest = 180 - degrees
    return Draft(
        f"Two straight lines cross. One of the angles is {degrees}°. How large is the angle next to it?", str(rest), f"180 - {degrees}",
        ("Neighboring angles make a straight line, so they add up to 180°.", f"180 - {degrees} = {rest}"),
        {"relation": "linear", "angle": degrees}, "linear", unit="°",
    )  # fmt: skip


@generator("geometry.angle_pairs")
def angle_pairs(rng: Random, level: int, scene: Scene | None) -> Draft:
    relation = rng.choice(("complementary", "supplementary"))
    total = 90 if relation == "complementary" else 180
    small, vertical = rng.randint(5, 85), rng.random() < 0.65
    large = rng.choice([n for n in range(5, 176) if n != 90])
    p, r = rng.randint(1, 6), rng.randint(1, 6)
    x = rng.randint(3, (total - 5) // (p + r))
    q = total - (p + r) * x
    cut = rng.randint(0, 1)
    who = f"On {scene.person}'s plan for {scene.place}, " if scene else ""
    two = "two" if who else "Two"
    if level == 1:
        angle = small if relation == "complementary" or large % 3 else large
        lead = f"{who}{two} angles are {relation}. One of them is {angle}°. How large is the other one?"
        steps = (f"{relation.capitalize()} angles add up to {total}°.", f"{total} - {angle} = {total - angle}")
        return Draft(
            lead,
            str(total - angle),
            f"{total} - {angle}",
            steps,
            {"relation": relation, "angle": angle},
            relation,
            unit="°",
        )
    if level == 2:
        if not vertical:
            draft = _linear_pair_draft(large)
            return replace(draft, text=who + draft.text.replace("Two", two, 1))
        steps = (
            f"The neighbor makes a straight line with it: 180 - {large} = {180 - large}.",
            f"The angle across also makes a straight line with this neighbor: 180 - {180 - large} = {large}.",
        )
        return Draft(
            f"{who}{two} straight lines cross. One of the angles is {large}°. How large is the angle across from it?", str(large), f"180 - (180 - {large})", steps,
            {"relation": "vertical", "angle": large}, "vertical", unit="°",
        )  # fmt: skip
    first = linear(p, q if cut or q < 2 else 0)
    second = linear(r, 0 if cut or q < 2 else q)
    steps = (
        f"{relation.capitalize()} angles add up to {total}°, so {linear(p + r, q)} = {total}.",
        f"Subtract {q}: {linear(p + r, 0)} = {total - q}.",
        f"Divide by {p + r}: x = {x}.",
    )
    return Draft(
        f"{who}{two} angles are {relation}. Their sizes in degrees are {first} and {second}. What is x?", str(x), f"solve({first} + {second} = {total}, x)", steps,
        {"relation": relation, "sum": p + r, "constant": q}, "equation",
    )  # fmt: skip


def linear(m: int, b: int) -> str:
    front = "x" if m == 1 else f"{m}x"
    return f"{front} + {b}" if b else front


def _third_angle_draft(x: int, y: int) -> Draft:
    z = 180 - x - y
    steps = ("The three angles add up to 180°.", f"{x} + {y} = {x + y}", f"180 - {x + y} = {z}")
    return Draft(
        f"Two angles of a triangle are {x}° and {y}°. How large is the third angle?", str(z), f"180 - {x} - {y}", steps,
        {"form": "third", "angles": [x, y]}, "third", unit="°",
    )  # fmt: skip


@generator("geometry.triangle_angles")
def triangle_angles(rng: Random, level: int, scene: Scene | None) -> Draft:
    x = rng.randint(20, 110)
    y = rng.randint(15, 165 - x)
    base, p, q, pick = rng.randint(10, 85), rng.randint(1, 5), rng.randint(1, 5), rng.random()
    unknown = rng.randint(5, 170 // (p + q))
    who = f"{scene.person} cuts a triangular flag for {scene.place}. " if scene else ""
    if level == 1:
        draft = _third_angle_draft(x, y)
        return replace(draft, text=who + draft.text.replace("a triangle", "the flag")) if who else draft
    if level == 2:
        top = 180 - 2 * base
        start = f"{who}The flag is an isosceles triangle." if who else "A triangle is isosceles."
        if pick < 0.5:
            steps = (
                "The two equal angles share what is left of 180°.",
                f"180 - {top} = {2 * base}",
                f"{2 * base} ÷ 2 = {base}",
            )
            return Draft(
                f"{start} The angle between the two equal sides is {top}°. How large is each of the other two angles?", str(base), f"(180 - {top})/2", steps,
                {"form": "base", "angles": [top]}, "base_angle", unit="°",
            )  # fmt: skip
        steps = (f"The other equal angle is {base}° too.", f"{base} + {base} = {2 * base}", f"180 - {2 * base} = {top}")
        return Draft(
            f"{start} Each of its two equal angles is {base}°. How large is the third angle?", str(top), f"180 - 2*{base}", steps,
            {"form": "vertex", "angles": [base]}, "vertex_angle", unit="°",
        )  # fmt: skip
    if pick < 0.55:
        steps = (
            f"The angle at C inside the triangle is 180 - {x} - {y} = {180 - x - y}.",
            f"The exterior angle makes a straight line with it: 180 - {180 - x - y} = {x + y}.",
        )
        return Draft(
            f"{f'{who}Its corners are A, B and C. The' if who else 'In triangle ABC, the'} angle at A is {x}° and the angle at B is {y}°. How large is the exterior angle at C?", str(x + y), f"{x} + {y}", steps,
            {"form": "exterior", "angles": [x, y]}, "exterior", unit="°",
        )  # fmt: skip
    known = 180 - (p + q) * unknown
    one, two = linear(p, 0), linear(q, 0)
    steps = (
        f"The angles add up to 180°: {linear(p + q, known)} = 180.",
        f"Subtract {known}: {linear(p + q, 0)} = {180 - known}.",
        f"Divide by {p + q}: x = {unknown}.",
    )
    return Draft(
        f"{f'{who}Its angles' if who else 'The angles of a triangle'} measure {one}, {two} and {known} degrees. What is x?", str(unknown), f"solve({one} + {two} + {known} = 180, x)", steps,
        {"form": "equation", "sum": p + q, "constant": known}, "equation",
    )  # fmt: skip


# Right triangles, distance, moves, similarity


def _triples(most: int) -> list[tuple[int, int, int]]:
    """Right triangles with whole sides."""
    found = []
    for p in range(3, most):
        for q in range(p + 1, most):
            c = isqrt(p * p + q * q)
            if c <= most and c * c == p * p + q * q:
                found.append((p, q, c))
    return found


TRIPLES = _triples(150)
SMALL_TRIPLES = _triples(30)


def _hypotenuse_draft(p: int, q: int, unit: str = "feet", scene: Scene | None = None) -> Draft:
    square = p * p + q * q
    whole = is_square(square)
    answer = str(isqrt(square)) if whole else f"sqrt({square})"
    how = "" if whole else " Give the exact answer as a square root."
    if scene:
        text = f"{scene.person} marks a straight path on a field near {scene.place}: it starts at one corner of a rectangle of {p} {unit} by {q} {unit} and ends at the opposite corner. How many {unit} long is the path?{how}"
    else:
        text = (
            f"The legs of a right triangle are {p} {unit} and {q} {unit}. How many {unit} long is the hypotenuse?{how}"
        )
    last = f"The square root of {square} is {answer}." if whole else f"The length is √{square}."
    steps = (f"{p}^2 + {q}^2 = {p * p} + {q * q}", f"{p * p} + {q * q} = {square}", last)
    return Draft(
        text, answer, f"sqrt({p}^2 + {q}^2)", steps, {"find": "hypotenuse", "p": p, "q": q}, "hypotenuse" if whole else "hypotenuse_root",
        "number" if whole else "expression", unit=unit,
    )  # fmt: skip


@generator("geometry.pythagoras")
def pythagoras(rng: Random, level: int, scene: Scene | None) -> Draft:
    p, q, c = rng.choice(TRIPLES)
    if rng.random() < 0.5:
        p, q = q, p
    if level == 1:
        return _hypotenuse_draft(p, q, "feet", scene)
    leg, known, long = rng.random() < 0.5, rng.randint(2, 15), rng.randint(3, 20)
    if level == 3:
        if is_square(known * known + long * long):
            long += 1
        if not leg:
            return _hypotenuse_draft(known, long, "feet", scene)
        p, c = known, known + long
        while is_square(c * c - p * p):
            c += 1
    square = c * c - p * p
    whole = is_square(square)
    answer = str(isqrt(square)) if whole else f"sqrt({square})"
    how = "" if whole else " Give the exact answer as a square root."
    if scene:
        text = f"At {scene.place}, a cable of {c} feet runs straight from the top of a pole to a point on flat ground {p} feet from the foot of the pole. How many feet tall is the pole?{how}"
    else:
        text = f"A right triangle has a hypotenuse of {c} feet and a leg of {p} feet. How many feet long is the other leg?{how}"
    steps = (
        f"The squares of both legs add up to {c}^2, and {c}^2 = {c * c}.",
        f"The known leg gives {p}^2 = {p * p}.",
        f"{c * c} - {p * p} = {square}",
        f"The square root of {square} is {answer}." if whole else f"The length is √{square}.",
    )
    return Draft(
        text, answer, f"sqrt({c}^2 - {p}^2)", steps, {"find": "leg", "p": p, "q": c}, "leg" if whole else "leg_root",
        "number" if whole else "expression", unit="feet",
    )  # fmt: skip


def _distance_draft(x1: int, y1: int, x2: int, y2: int, scene: Scene | None = None) -> Draft:
    dx, dy = abs(x2 - x1), abs(y2 - y1)
    square = dx * dx + dy * dy
    whole = is_square(square)
    answer = str(isqrt(square)) if whole else f"sqrt({square})"
    how = "" if whole else " Give the exact answer as a square root."
    who = (
        f"On a grid plan for {scene.place}, {scene.person} marks the points"
        if scene
        else "What is the distance between the points"
    )
    ask = f" and ({x2}, {y2}). What is the distance between them in units?" if scene else f" and ({x2}, {y2})?"
    steps = [
        f"Across: {max(x1, x2)} - {signed(min(x1, x2))} = {dx}.",
        f"Up or down: {max(y1, y2)} - {signed(min(y1, y2))} = {dy}.",
    ]
    if dx and dy:
        steps += [
            f"{dx}^2 + {dy}^2 = {square}",
            f"The square root of {square} is {answer}." if whole else f"The distance is √{square}.",
        ]
    else:
        steps.append(f"The points lie on one grid line, so the distance is {answer}.")
    return Draft(
        f"{who} ({x1}, {y1}){ask}{how}", answer, f"distance({x1}, {y1}, {x2}, {y2})", tuple(steps),
        {"find": "hypotenuse" if dx and dy else "line", "p": dx, "q": dy}, "grid_line" if not (dx and dy) else "whole" if whole else "root",
        "number" if whole else "expression", unit="units",
    )  # fmt: skip


@generator("geometry.distance_points")
def distance_points(rng: Random, level: int, scene: Scene | None) -> Draft:
    x1, y1 = rng.randint(-12, 12), rng.randint(-12, 12)
    if level == 1:
        far, across = nonzero(rng, 15, 2), rng.random() < 0.5
        return _distance_draft(x1, y1, x1 + (far if across else 0), y1 + (0 if across else far), scene)
    p, q, _ = rng.choice(SMALL_TRIPLES)
    if level == 3:
        p, q = rng.choice([(i, j) for i in range(1, 13) for j in range(1, 13) if not is_square(i * i + j * j)])
    if rng.random() < 0.5:
        p, q = q, p
    return _distance_draft(x1, y1, x1 + rng.choice((-1, 1)) * p, y1 + rng.choice((-1, 1)) * q, scene)


def _moved(move: str, x: int, y: int) -> tuple[int, int]:
    return (-y, x) if move == "rotate" else reflected(move, x, y)


@generator("geometry.transformations")
def transformations(rng: Random, level: int, scene: Scene | None) -> Draft:
    while True:
        x, y, dx, dy = nonzero(rng, 10), nonzero(rng, 10), nonzero(rng, 9), nonzero(rng, 9)
        if abs(x) != abs(y):
            break
    move = rng.choice(("reflect_x", "reflect_y", "rotate", "rotate"))
    who = f"In {scene.person}'s pattern for {scene.place}, the" if scene else "The"
    across, updown = f"{abs(dx)} {'right' if dx > 0 else 'left'}", f"{abs(dy)} {'up' if dy > 0 else 'down'}"
    slide = (
        f"Add the steps across: {signed(x)} {'+' if dx > 0 else '-'} {abs(dx)} = {x + dx}.",
        f"Add the steps up or down: {signed(y)} {'+' if dy > 0 else '-'} {abs(dy)} = {y + dy}.",
    )
    if level == 1:
        return Draft(
            f"{who} point ({x}, {y}) is translated {across} and {updown}. What is its image?", f"({x + dx}, {y + dy})",
            f"translate({x}, {y}, {dx}, {dy})", (*slide, f"The image is ({x + dx}, {y + dy})."), {"move": "translate", "x": x, "y": y, "dx": dx, "dy": dy},
            "translate", "point",
        )  # fmt: skip
    mx, my = _moved(move, x, y)
    if move == "rotate":
        told = "rotated 90° counterclockwise around the origin"
        first = f"A quarter turn counterclockwise sends (x, y) to (-y, x), so ({x}, {y}) goes to ({mx}, {my})."
        code = f"rotate90({x}, {y})"
    else:
        told = f"reflected across the {move[-1]}-axis"
        first = f"The mirror is the {move[-1]}-axis, so the {'y' if move == 'reflect_x' else 'x'}-coordinate changes its sign: ({mx}, {my})."
        code = f"{move}({x}, {y})"
    values = {"move": move, "x": x, "y": y, "ask": "point"}
    if level == 2:
        steps = (f"Start with ({x}, {y}).", first)
        return Draft(
            f"{who} point ({x}, {y}) is {told}. What is its image?",
            f"({mx}, {my})",
            code,
            steps,
            values | {"dx": 0, "dy": 0},
            move,
            "point",
        )
    ex, ey = mx + dx, my + dy
    steps = (
        first,
        f"Add the steps across: {mx} {'+' if dx > 0 else '-'} {abs(dx)} = {ex}.",
        f"Add the steps up or down: {my} {'+' if dy > 0 else '-'} {abs(dy)} = {ey}.",
        f"The image is ({ex}, {ey}).",
    )
    start = {"rotate": f"-({y}), {x}", "reflect_x": f"{x}, -({y})", "reflect_y": f"-({x}), {y}"}[move]
    return Draft(
        f"{who} point ({x}, {y}) is {told} and then translated {across} and {updown}. What is its final image?", f"({ex}, {ey})",
        f"translate({start}, {dx}, {dy})", steps, values | {"dx": dx, "dy": dy}, f"{move}_translate", "point",
    )  # fmt: skip


def _similar_draft(small: int, big: int, partner: int, scene: Scene | None = None, upward: bool = True) -> Draft:
    """Sides small and big match; the partner of `partner` is asked, in the big triangle (upward) or in the small one."""
    known, other = (small, big) if upward else (big, small)
    answer = Fraction(partner * other, known)
    factor = Fraction(other, known)
    if scene:
        first, second = ("short", "tall") if upward else ("tall", "short")
        text = (
            f"The sun shines on two poles at {scene.place}. The {first} pole is {known} feet tall, and its shadow is {partner} feet long. "
            f"The {second} pole is {other} feet tall. How many feet long is its shadow?"
        )
    else:
        one, two = ("small", "large") if upward else ("large", "small")
        text = (
            f"Two triangles are similar. A side of {known} cm in the {one} triangle matches a side of {other} cm in the {two} one. "
            f"Another side of the {one} triangle is {partner} cm. How many cm long is its matching side?"
        )
    steps = (
        f"The scale factor is {other}/{known}"
        + (f", and {other}/{known} = {factor}." if str(factor) != f"{other}/{known}" else "."),
        f"{partner} · {f'({factor})' if factor.denominator > 1 else factor} = {answer}",
    )
    return Draft(
        text, str(answer), f"solve({partner}/{known} = x/{other}, x)", steps, {"known": known, "other": other, "partner": partner},
        "shadow" if scene else "enlarge" if upward else "reduce", unit="feet" if scene else "cm",
    )  # fmt: skip


@generator("geometry.similar_triangles")
def similar_triangles(rng: Random, level: int, scene: Scene | None) -> Draft:
    small, k = rng.randint(2, 12), rng.randint(2, 6)
    top, bottom = rng.choice([(i, j) for j in range(2, 6) for i in range(j + 1, 10) if gcd(i, j) == 1])
    unit, more, nested, shrink = rng.randint(1, 5), rng.randint(2, 12), rng.random() < 0.5, rng.random() < 0.5
    partner = rng.choice([n for n in range(2, 16) if n != small])
    if level == 1:
        return _similar_draft(small, small * k, partner, scene)
    small, big, c = bottom * unit, top * unit, bottom * more
    if c == small:
        c += bottom
    if level == 2:
        return (
            _similar_draft(small, big, c, scene)
            if not shrink
            else _similar_draft(small, big, top * (c // bottom), scene, upward=False)
        )
    if not nested:
        return _similar_draft(small, big, top * (c // bottom), scene, upward=False)
    rest, answer = big - small, c * big // small
    who = f"{scene.person} draws a roof for {scene.place}. In" if scene else "In"
    steps = (
        f"The whole side AB is {small} + {rest} = {big} cm.",
        f"The scale factor from ADE to ABC is {big}/{small}.",
        f"{c} · {big}/{small} = {answer}",
    )
    return Draft(
        f"{who} triangle ABC, point D is on side AB and point E is on side AC, and DE is parallel to BC. AD is {small} cm, DB is {rest} cm and DE is {c} cm long. How many cm long is BC?",
        str(answer), f"{c}*({small} + {rest})/{small}", steps, {"known": small, "other": big, "partner": c}, "nested", unit="cm",
    )  # fmt: skip


# Buggy rules


@rule("geometry.turned_shape_gets_a_new_name")
def turned_shape_gets_a_new_name(v) -> str | None:
    return "no" if v["change"] in ("turned", "flipped", "made bigger", "made smaller", "moved", "painted") else None


@rule("geometry.calls_every_four_cornered_shape_a_square")
def calls_every_four_cornered_shape_a_square(v) -> str | None:
    return "square" if v["corners"] == 4 else None


@rule("geometry.counts_the_starting_side_twice")
def counts_the_starting_side_twice(v) -> str | None:
    return str(sum(n + 1 for n in v["counts"])) if all(v["counts"]) else None


@rule("geometry.names_unequal_parts_as_equal_shares")
def names_unequal_parts_as_equal_shares(v) -> str | None:
    return "yes" if v["parts"] else None


@rule("geometry.more_parts_mean_bigger_parts")
def more_parts_mean_bigger_parts(v) -> str | None:
    return ">" if v["n"] > v["m"] else "<"


@rule("geometry.allows_only_one_name_for_a_shape")
def allows_only_one_name_for_a_shape(v) -> str | None:
    if "asked" in v:
        return "yes" if v["asked"] == v["kind"] else "no"
    return "1" if v["count"] else None


@rule("geometry.adds_only_two_sides")
def adds_only_two_sides(v) -> str | None:
    return str(v["perimeter"] - v["side"] if "perimeter" in v else v["l"] + v["w"])


@rule("geometry.multiplies_for_the_perimeter")
def multiplies_for_the_perimeter(v) -> str | None:
    return str(v["l"] * v["w"])


@rule("geometry.counts_only_the_border_squares")
def counts_only_the_border_squares(v) -> str | None:
    return str(2 * (v["rows"] + v["columns"]) - 4)


@rule("geometry.adds_rows_and_columns")
def adds_rows_and_columns(v) -> str | None:
    total = v["rows"] + v["columns"] - v["gone"]
    return str(total) if total > 0 else None


@rule("geometry.uses_the_perimeter_for_the_area")
def uses_the_perimeter_for_the_area(v) -> str | None:
    if "area" in v:
        rest = v["area"] - 2 * v["side"]
        return str(Fraction(rest, 2)) if rest > 0 else None
    return str(2 * (v["l"] + v["w"]))


@rule("geometry.adds_length_and_width_for_the_area")
def adds_length_and_width_for_the_area(v) -> str | None:
    return str(v["area"] - v["side"] if "area" in v else v["l"] + v["w"])


@rule("geometry.judges_an_angle_by_its_side_length")
def judges_an_angle_by_its_side_length(v) -> str | None:
    return "obtuse" if v["arm"] > 8 else "acute"


@rule("geometry.swaps_acute_and_obtuse")
def swaps_acute_and_obtuse(v) -> str | None:
    if v["degrees"] in (90, 180):
        return None
    return "obtuse" if v["degrees"] < 90 else "acute"


@rule("geometry.adds_the_parts_for_a_missing_part")
def adds_the_parts_for_a_missing_part(v) -> str | None:
    known = v["known"]
    return str(v["whole"] + known[0] if len(known) == 1 else sum(known))


@rule("geometry.takes_every_whole_as_180")
def takes_every_whole_as_180(v) -> str | None:
    rest = 180 - sum(v["known"])
    return str(rest) if rest > 0 else None


@rule("geometry.takes_every_halving_line_as_symmetry")
def takes_every_halving_line_as_symmetry(v) -> str | None:
    return "2" if v["shape"] == "parallelogram" else "4"


@rule("geometry.counts_the_start_in_a_mirror_distance")
def counts_the_start_in_a_mirror_distance(v) -> str | None:
    away = v["mirror"] - v["start"]
    return str(v["mirror"] + away + (1 if away > 0 else -1))


@rule("geometry.swaps_the_coordinates")
def swaps_the_coordinates(v) -> str | None:
    x, y = v["y"], v["x"]
    if v["ask"] == "locate":
        return f"({x}, {y})"
    move = v["move"]
    if v["ask"] == "distance":
        return str(2 * abs(y if move == "reflect_x" else x))
    if move != "none":
        x, y = reflected(move, x, y)
    return f"({x}, {y})" if v["ask"] == "point" else quadrant_of(x, y)


@rule("geometry.starts_the_axes_at_one")
def starts_the_axes_at_one(v) -> str | None:
    return f"({v['x'] + 1}, {v['y'] + 1})"


@rule("geometry.adds_the_three_dimensions")
def adds_the_three_dimensions(v) -> str | None:
    return str(v["volume"] - v["l"] - v["w"] if "volume" in v else v["l"] + v["w"] + v["h"])


@rule("geometry.counts_only_the_faces_of_a_box")
def counts_only_the_faces_of_a_box(v) -> str | None:
    return str(2 * (v["l"] * v["w"] + v["l"] * v["h"] + v["w"] * v["h"]))


@rule("geometry.forgets_the_half_of_a_triangle")
def forgets_the_half_of_a_triangle(v) -> str | None:
    return dec(Fraction(v["base"]) * Fraction(v["height"])) if v["shape"] == "triangle" else None


@rule("geometry.uses_the_slanted_side_as_height")
def uses_the_slanted_side_as_height(v) -> str | None:
    if not v["slant"]:
        return None
    if "area" in v:
        return str(v["slant"])
    return dec(Fraction(v["base"]) * v["slant"] / (2 if v["shape"] == "triangle" else 1))


@rule("geometry.halves_the_parallelogram")
def halves_the_parallelogram(v) -> str | None:
    if "area" in v:
        return str(Fraction(2 * v["area"], v["given_base"]))
    return dec(Fraction(v["base"]) * Fraction(v["height"]) / 2)


@rule("geometry.finds_only_one_part")
def finds_only_one_part(v) -> str | None:
    return str(v["p"] * v["q"])


@rule("geometry.multiplies_all_as_rectangles")
def multiplies_all_as_rectangles(v) -> str | None:
    return str(v["p"] * v["q"] + v["r"] * v["s"])


@rule("geometry.gives_the_volume_for_the_surface")
def gives_the_volume_for_the_surface(v) -> str | None:
    return str(v["l"] * v["w"] * v["h"])


@rule("geometry.counts_only_the_visible_faces")
def counts_only_the_visible_faces(v) -> str | None:
    return str(v["l"] * v["w"] + v["l"] * v["h"] + v["w"] * v["h"])


@rule("geometry.reflects_the_wrong_coordinate")
def reflects_the_wrong_coordinate(v) -> str | None:
    if v["move"] not in ("reflect_x", "reflect_y"):
        return None
    x, y = reflected("reflect_y" if v["move"] == "reflect_x" else "reflect_x", v["x"], v["y"])
    if v["ask"] == "distance":
        return str(2 * abs(v["x"] if v["move"] == "reflect_x" else v["y"]))
    return f"({x + v['dx']}, {y + v['dy']})" if v["ask"] == "point" else quadrant_of(x, y)


@rule("geometry.mixes_circumference_and_area")
def mixes_circumference_and_area(v) -> str | None:
    d = Fraction(v["d"])
    return with_pi(d if v["measure"] == "area" else d * d / 4, v["approx"])


@rule("geometry.confuses_radius_and_diameter")
def confuses_radius_and_diameter(v) -> str | None:
    d = Fraction(v["d"])
    r = d / 4 if v["given"] == "radius" else d
    if "h" in v:
        return with_pi(r * r * v["h"] / (3 if v["cone"] else 1), 0)
    return with_pi(r * r if v["measure"] == "area" else 2 * r, v["approx"])


@rule("geometry.doubles_the_radius_in_a_volume")
def doubles_the_radius_in_a_volume(v) -> str | None:
    return with_pi(Fraction(v["d"]) * v["h"] / (3 if v["cone"] else 1), 0)


@rule("geometry.swaps_complementary_and_supplementary")
def swaps_complementary_and_supplementary(v) -> str | None:
    other = {"complementary": 180, "supplementary": 90, "linear": 90}.get(v["relation"])
    if other is None:
        return None
    rest = other - v["constant"] if "sum" in v else other - v["angle"]
    return str(Fraction(rest, v.get("sum", 1))) if rest > 0 else None


@rule("geometry.takes_vertical_angles_as_supplementary")
def takes_vertical_angles_as_supplementary(v) -> str | None:
    return str(180 - v["angle"]) if v["relation"] == "vertical" else None


@rule("geometry.takes_the_triangle_sum_as_360")
def takes_the_triangle_sum_as_360(v) -> str | None:
    if v["form"] == "equation":
        return str(Fraction(360 - v["constant"], v["sum"]))
    known = v["angles"]
    return {
        "third": str(360 - sum(known)),
        "base": str(Fraction(360 - sum(known), 2)),
        "vertex": str(360 - 2 * sum(known)),
    }.get(v["form"])


@rule("geometry.subtracts_only_one_angle")
def subtracts_only_one_angle(v) -> str | None:
    return str(180 - v["angles"][0])


@rule("geometry.adds_the_legs")
def adds_the_legs(v) -> str | None:
    return str(v["q"] - v["p"] if v["find"] == "leg" else v["p"] + v["q"])


@rule("geometry.forgets_the_square_root")
def forgets_the_square_root(v) -> str | None:
    if v["find"] == "line":
        return None
    return str(v["q"] ** 2 - v["p"] ** 2 if v["find"] == "leg" else v["p"] ** 2 + v["q"] ** 2)


@rule("geometry.rotates_the_wrong_way")
def rotates_the_wrong_way(v) -> str | None:
    return f"({v['y'] + v['dx']}, {-v['x'] + v['dy']})" if v["move"] == "rotate" else None


@rule("geometry.adds_the_same_amount_to_similar_sides")
def adds_the_same_amount_to_similar_sides(v) -> str | None:
    side = v["partner"] + v["other"] - v["known"]
    return str(side) if side > 0 else None


@rule("geometry.scales_in_the_wrong_direction")
def scales_in_the_wrong_direction(v) -> str | None:
    return str(Fraction(v["partner"] * v["known"], v["other"]))


# Composed problems


@composer("geometry.fence_from_area", ("geometry.area_rectangle", "geometry.perimeter"))
def fence_from_area(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    w, length = rng.randint(2, 9), rng.randint(*((4, 10), (11, 20), (15, 40))[level - 1])
    length = length + 1 if length == w else length
    area, total = length * w, 2 * (length + w)
    where = f" at {scene.place}" if scene else ""
    text = f"A rectangular flower bed{where} has an area of {area} square feet. It is {length} feet long. How many feet of fence go all around it?"
    steps = (f"The width is {area} ÷ {length} = {w} feet.", f"{length} + {w} + {length} + {w} = {total}")
    whole = Draft(
        text, str(total), f"2*({length} + {area}/{length})", steps, {"area": area, "side": length}, unit="feet"
    )
    return whole, [
        ("geometry.area_rectangle", _missing_side_draft(length, w)),
        ("geometry.perimeter", _perimeter_draft(length, w, "feet")),
    ]


@composer("geometry.house_wall", ("geometry.area_rectangle", "geometry.area_triangle", "geometry.area_composite"))
def house_wall(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    wide, high, roof = (
        2 * rng.randint(3, (6, 10, 15)[level - 1]),
        rng.randint(7, (12, 16, 25)[level - 1]),
        rng.randint(3, (5, 8, 12)[level - 1]),
    )
    last = _composite_draft("house", wide, high, wide, roof, scene)
    return last, [
        ("geometry.area_rectangle", _area_draft(wide, high)),
        ("geometry.area_triangle", triangle_area_draft(wide, roof, "feet")),
        ("geometry.area_composite", last),
    ]


@composer("geometry.wrap_from_volume", ("geometry.volume_box", "geometry.surface_area"))
def wrap_from_volume(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    length, width, height = (rng.randint(*((2, 8), (3, 12), (6, 18))[level - 1]) for _ in range(3))
    volume, last = length * width * height, _surface_draft(length, width, height, "inches")
    who = f"A closed gift box for {scene.things}" if scene else "A closed gift box"
    text = f"{who} has a volume of {volume} cubic inches. It is {length} inches long and {width} inches wide. How many square inches of paper cover its outside, with nothing overlapping?"
    steps = (f"The height is {volume} ÷ {length * width} = {height} inches.", *last.steps)
    code = f"2*({length}*{width} + ({length} + {width})*{volume}/({length}*{width}))"
    whole = Draft(text, last.answer, code, steps, {"volume": volume, "l": length, "w": width}, unit="square inches")
    return whole, [("geometry.volume_box", _height_draft(length, width, height)), ("geometry.surface_area", last)]


@composer("geometry.lines_at_a_triangle", ("geometry.angle_pairs", "geometry.triangle_angles"))
def lines_at_a_triangle(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    outer = 10 * rng.randint(10, 16) if level == 1 else rng.randint(95, 165)
    inner = 180 - outer
    other = rng.randint(15, outer - 15)
    who = f"{scene.person} draws a plan for {scene.place}. " if scene else ""
    text = (
        f"{who}At corner A of triangle ABC, one side is extended, and the angle outside the triangle is {outer}°. "
        f"It makes a straight line with the angle of the triangle at A. The angle at B is {other}°. How large is the angle at C?"
    )
    last = _third_angle_draft(inner, other)
    steps = (f"The angle at A is the rest of a straight angle: 180 - {outer} = {inner}.", *last.steps)
    whole = Draft(
        text, last.answer, f"180 - (180 - {outer}) - {other}", steps, {"angle": outer, "other": other}, unit="°"
    )
    return whole, [("geometry.angle_pairs", _linear_pair_draft(outer)), ("geometry.triangle_angles", last)]


@composer("geometry.area_from_circumference", ("geometry.circumference", "geometry.circle_area"))
def area_from_circumference(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    r, k = rng.randint(3, (9, 20, 40)[level - 1]), rng.randint(2, 6)
    one, two = _circumference_draft(2 * r, "radius"), _circle_area_draft(2 * r * k, "radius")
    who = f"A round lawn near {scene.place}" if scene else "A circle"
    text = (
        f"{who} has a radius of {r} feet. The circumference of a second circle is exactly {k} times as long. "
        "What is the area of the second circle in square feet? Give the answer in terms of π."
    )
    steps = (
        f"The first circumference is {2 * r}π feet.",
        f"The second one is {k} · {2 * r}π = {2 * r * k}π feet, so its radius is {r * k} feet.",
        f"The area is π · {r * k}^2, which is {(r * k) ** 2}π square feet.",
    )
    whole = Draft(text, two.answer, f"pi*({k}*{r})^2", steps, {"r": r, "k": k}, kind="expression", unit="square feet")
    return whole, [("geometry.circumference", one), ("geometry.circle_area", two)]


@composer("geometry.packing_cylinder", ("geometry.volume_box", "geometry.volume_cylinder"))
def packing_cylinder(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    r, h = rng.randint(3, (6, 9, 14)[level - 1]), rng.randint(4, (10, 16, 24)[level - 1])
    wide = 2 * r if level < 3 else 2 * r + rng.randint(1, 6)
    box, can = wide * wide * h, r * r * h
    who = f"A box for {scene.things}" if scene else "A box"
    text = (
        f"{who} is {wide} inches long, {wide} inches wide and {h} inches high. A can with a radius of {r} inches and a height of {h} inches stands in it. "
        "How many cubic inches of the box stay empty? Give the exact answer in terms of π."
    )
    steps = (
        f"Box: {wide} × {wide} × {h} = {box}.",
        f"Can: π · {r}^2 · {h}, which is {can}π.",
        f"The empty space is {box} - {can}π.",
    )
    whole = Draft(
        text,
        f"{box} - {can}*pi",
        f"{wide}*{wide}*{h} - pi*{r}^2*{h}",
        steps,
        {"r": r, "h": h, "wide": wide},
        kind="expression",
        unit="cubic inches",
    )
    return whole, [
        ("geometry.volume_box", _volume_draft(wide, wide, h)),
        ("geometry.volume_cylinder", _cylinder_draft(r, h, "radius", 0)),
    ]


@composer("geometry.mirror_walk", ("geometry.coordinate_quadrants", "geometry.distance_points"))
def mirror_walk(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    move = rng.choice(("reflect_x", "reflect_y"))
    p, q, _ = rng.choice(SMALL_TRIPLES)
    if level == 3:
        p, q = rng.choice([(i, j) for i in range(1, 10) for j in range(1, 10) if not is_square(i * i + j * j)])
    x, y = nonzero(rng, 9), nonzero(rng, 9)
    ix, iy = reflected(move, x, y)
    bx, by = ix + rng.choice((-1, 1)) * p, iy + rng.choice((-1, 1)) * q
    last = _distance_draft(ix, iy, bx, by)
    how = " Give the exact answer as a square root." if last.kind == "expression" else ""
    who = f"{scene.person} marks points on a grid plan for {scene.place}. " if scene else ""
    text = f"{who}The point ({x}, {y}) is reflected across the {move[-1]}-axis. How far is its image from the point ({bx}, {by})?{how}"
    steps = (f"The image of ({x}, {y}) is ({ix}, {iy}).", *last.steps)
    code = f"distance({signed_code(x, ix)}, {signed_code(y, iy)}, {bx}, {by})"
    whole = Draft(text, last.answer, code, steps, {"x": x, "y": y, "move": move}, kind=last.kind, unit="units")
    return whole, [("geometry.coordinate_quadrants", _reflect_draft(x, y, move)), ("geometry.distance_points", last)]


@composer("geometry.enlarged_right_triangle", ("geometry.pythagoras", "geometry.similar_triangles"))
def enlarged_right_triangle(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    p, q, c = rng.choice(_triples((15, 30, 60)[level - 1]))
    k = rng.randint(2, (4, 6, 9)[level - 1])
    big = p * k
    who = (
        f"{scene.person} makes a small flag and a large flag for {scene.place}. Both are right triangles"
        if scene
        else "Two right triangles are similar"
    )
    tail = " and they are similar" if scene else ""
    text = f"{who}{tail}. The legs of the small one are {p} cm and {q} cm. The leg of the large one that matches {p} cm is {big} cm. How many cm long is the hypotenuse of the large one?"
    steps = (
        f"{p}^2 + {q}^2 = {c * c}, so the small hypotenuse is {c} cm.",
        f"The scale factor is {big} ÷ {p} = {k}.",
        f"{c} · {k} = {c * k}",
    )
    whole = Draft(text, str(c * k), f"sqrt({p}^2 + {q}^2)*{big}/{p}", steps, {"p": p, "q": q, "big": big}, unit="cm")
    return whole, [
        ("geometry.pythagoras", _hypotenuse_draft(p, q, "cm")),
        ("geometry.similar_triangles", _similar_draft(p, big, c)),
    ]
