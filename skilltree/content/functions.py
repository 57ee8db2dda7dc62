"""Functions, lines and sequences, grades 8-9: problems and buggy rules (the words are in functions.toml)."""

from fractions import Fraction
from math import gcd
from random import Random

from classwright.skilltree.bank import composer, generator, rule
from classwright.skilltree.content import equations
from classwright.skilltree.content._formats import commas, dec
from classwright.skilltree.content.equations import (
    Number,
    Values,
    article,
    default_scene,
    linear,
    nonzero,
    paren,
    point,
    puzzle,
    term,
)
from classwright.skilltree.problem import Draft
from classwright.skilltree.scenes import Scene


def _line(m: Number, b: Number) -> str:
    return f"y = {linear((m, 'x'), (b, ''))}"


def _signed(q: Number) -> str:
    """How a number follows another in a sum: "+ 5", "- 3"."""
    return f"{'+' if q >= 0 else '-'} {abs(q)}"


def _difference(a: Number, b: Number) -> str:
    """ "7 - 3", "7 - (-3)"."""
    return f"{a} - {f'({b})' if b < 0 else b}"


# --- grade 8 ---


@generator("functions.input_output")
def input_output(rng: Random, level: int, scene: Scene | None) -> Draft:
    m, b = rng.randint(2, 9), nonzero(rng, -8, 12)
    if level == 1:
        b = abs(b)
        return _table(m, b, [1, 2, 3], rng.randint(5, 12), "output", scene)
    if level == 2:
        b = b if m + b > 0 else abs(b)
        inputs = sorted(rng.sample(range(1, 7), 3))
        if inputs[2] - inputs[0] == 2:
            inputs[2] += 1
        return _table(m, b, inputs, rng.randint(10, 30), "output", scene)
    m *= rng.choice((1, -1))
    inputs = sorted(rng.sample(range(-5, 8), 3))
    return _table(m, b, inputs, rng.randint(10, 40), rng.choice(("output", "input")), scene)


def _table(m: int, b: int, inputs: list[int], far: int, ask: str, scene: Scene | None) -> Draft:
    outputs = [m * n + b for n in inputs]
    goal = m * far + b
    shown = ", ".join(f"{i} → {o}" for i, o in zip(inputs, outputs, strict=True))
    (i1, i2), (o1, o2) = inputs[:2], outputs[:2]
    rate = f"({o2} - {paren(o1)})/({i2} - {paren(i1)})"
    steps = [
        f"When the input changes by {i2 - i1}, the output changes by {o2 - o1}, so one step of input changes the output by {m}.",
        f"The rule is {_line(m, b)}. Check it with the input {i1}: {m} × {paren(i1)} {_signed(b)} = {o1}",
    ]
    if ask == "output":
        steps.append(f"For the input {far}: {m} × {far} {_signed(b)} = {goal}")
        answer, expression = str(goal), f"{o1} + {rate}*({far} - {paren(i1)})"
    else:
        steps += [f"Solve {linear((m, 'x'), (b, ''))} = {goal}: {term(m, 'x')} = {goal - b}", f"x = {far}"]
        answer, expression = str(far), f"{i1} + ({goal} - {paren(o1)})/({rate})"
    story = scene and min(inputs) > 0 and min(outputs) > 0 and goal > 0
    if scene and story:
        table = ", ".join(
            f"{i} {scene.buy if i == 1 else scene.buys} for ${o}" for i, o in zip(inputs, outputs, strict=True)
        )
        question = (
            f"What do {far} {scene.buys} cost in dollars?"
            if ask == "output"
            else f"How many {scene.buys} cost ${goal}?"
        )
        text = f"A shop sells {scene.buys} by a linear pricing rule: {table}. {question}"
        unit = "dollars" if ask == "output" else scene.buys
    else:
        question = (
            f"What is the output for the input {far}?" if ask == "output" else f"Which input gives the output {goal}?"
        )
        text, unit = puzzle(scene, f"A linear rule turns each input into an output: {shown}. {question}"), ""
    values = {"inputs": inputs, "outputs": outputs, "far": far, "goal": goal, "ask": ask}
    return Draft(text, answer, expression, tuple(steps), values, ask, unit=unit)


@rule("functions.rule_from_one_pair")
def rule_from_one_pair(v: Values) -> str | None:
    added = v["outputs"][0] - v["inputs"][0]
    return str(v["far"] + added if v["ask"] == "output" else v["goal"] - added)


@rule("functions.next_in_table")
def next_in_table(v: Values) -> str | None:
    row = v["outputs"] if v["ask"] == "output" else v["inputs"]
    return str(row[-1] + row[-1] - row[-2])


@generator("functions.is_function")
def is_function(rng: Random, level: int, scene: Scene | None) -> Draft:
    n = {1: 3, 2: 4, 3: 5}[level]
    low, high = (6, 14) if level < 3 else (-9, 9)
    inputs = rng.sample(range(low, high + 1), n)
    outputs = rng.sample(range(1 if level < 3 else -9, 10), n)
    kind = rng.choice(("repeated_output", "repeated_output", "repeated_input", "repeated_input", "no_repeats"))
    first, second = sorted(rng.sample(range(n), 2))
    if kind == "repeated_output":
        outputs[second] = outputs[first]
    elif kind == "repeated_input":
        inputs[second] = inputs[first]
    return _is_function(inputs, outputs, kind, scene)


def _is_function(inputs: list[int], outputs: list[int], kind: str, scene: Scene | None) -> Draft:
    pairs = ", ".join(point(i, o) for i, o in zip(inputs, outputs, strict=True))
    answer = "no" if kind == "repeated_input" else "yes"
    if scene and min(inputs) > 0:
        text = (
            f"At {scene.place}, each pair gives a child's age and the number of {scene.things} the child has: {pairs}. "
            f"Is the number of {scene.things} a function of the age? Answer yes or no."
        )
    else:
        text = puzzle(
            scene, f"Each pair is (input, output): {pairs}. Is the output a function of the input? Answer yes or no."
        )
    steps = ["A function gives each input exactly one output."]
    if kind == "repeated_input":
        twice = next(i for i in inputs if inputs.count(i) > 1)
        ends = [str(o) for i, o in zip(inputs, outputs, strict=True) if i == twice]
        steps += [f"The input {twice} has two outputs, {ends[0]} and {ends[1]}.", "So the answer is no."]
    else:
        steps.append("Here no input appears twice.")
        if kind == "repeated_output":
            twice = next(o for o in outputs if outputs.count(o) > 1)
            steps.append(f"The output {twice} appears twice, and that is allowed.")
        steps.append("So the answer is yes.")
    values = {"inputs": inputs, "outputs": outputs}
    numbers = ", ".join(f"{i},{o}" for i, o in zip(inputs, outputs, strict=True))
    return Draft(text, answer, f"is_function({numbers})", tuple(steps), values, kind, "word", choices=("yes", "no"))


@rule("functions.repeated_output_not_allowed")
def repeated_output_not_allowed(v: Values) -> str | None:
    return "yes" if len(set(v["outputs"])) == len(v["outputs"]) else "no"


def _two_points(rng: Random, level: int) -> tuple[int, int, int, int]:
    """Two points of a line with a slope that is a positive whole number, any whole number, a fraction."""
    run = rng.randint(1, 5) if level == 1 else rng.choice((1, 2, 3, 4)) if level == 2 else rng.choice((2, 3, 4, 5, 6))
    m = rng.choice([n for n in range(1 if level == 1 else -6, 7) if abs(n) > (0 if level == 1 and run > 1 else 1)])
    rise = m * run if level < 3 else rng.choice([n for n in range(-9, 10) if n % run and abs(n) != run])
    low = 0 if level == 1 else -7
    x1, y1 = rng.randint(low, 6), rng.randint(low, 8)
    return x1, y1, x1 + run, y1 + rise


@generator("functions.slope_two_points")
def slope_two_points(rng: Random, level: int, scene: Scene | None) -> Draft:
    x1, y1, x2, y2 = _two_points(rng, level)
    if rng.random() < 0.4 and level > 1:
        x1, y1, x2, y2 = x2, y2, x1, y1
    return _slope_two_points(x1, y1, x2, y2, scene)


def _slope_steps(x1: int, y1: int, x2: int, y2: int) -> list[str]:
    return [
        f"The change in y is {_difference(y2, y1)} = {y2 - y1}",
        f"The change in x is {_difference(x2, x1)} = {x2 - x1}",
        f"The slope is {y2 - y1} ÷ {paren(x2 - x1)} = {Fraction(y2 - y1, x2 - x1)}",
    ]


def _slope_two_points(x1: int, y1: int, x2: int, y2: int, scene: Scene | None) -> Draft:
    m = Fraction(y2 - y1, x2 - x1)
    text = f"What is the slope of the line through {point(x1, y1)} and {point(x2, y2)}?"
    if scene:
        text = (
            f"{scene.person} draws the way to {scene.place} on a coordinate grid. A straight path goes through {point(x1, y1)} and "
            f"{point(x2, y2)}. What is the slope of the path?"
        )
    values = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    return Draft(
        text,
        str(m),
        f"slope({x1}, {y1}, {x2}, {y2})",
        tuple(_slope_steps(x1, y1, x2, y2)),
        values,
        "story" if scene else "bare",
    )


def _asked_line(v: Values, m: Fraction) -> str:
    """The answer that a wrong slope leads to: the slope, or the line through the first point."""
    return _line(m, v["y1"] - m * v["x1"]) if v.get("ask") == "line" else str(m)


@rule("functions.run_over_rise")
def run_over_rise(v: Values) -> str | None:
    rise, run = v["y2"] - v["y1"], v["x2"] - v["x1"]
    return _asked_line(v, Fraction(run, rise)) if rise else None


@rule("functions.mixes_point_order")
def mixes_point_order(v: Values) -> str | None:
    return _asked_line(v, Fraction(v["y2"] - v["y1"], v["x1"] - v["x2"]))


@generator("functions.slope_intercept")
def slope_intercept(rng: Random, level: int, scene: Scene | None) -> Draft:
    ask = rng.choice(("slope", "intercept"))
    m, b = nonzero(rng, -9, 9), nonzero(rng, -12, 12)
    a, c, k = rng.randint(2, 9), rng.randint(1, 20), rng.randint(2, 6)
    standard = rng.random() < 0.75
    lead = rng.choice([n for n in range(-12, 13) if n % k])
    if m == b:
        b += 13
    if level == 1:
        return _slope_intercept(_line(m, b), Fraction(m), Fraction(b), m, b, ask, "slope_first", scene)
    if level == 2 and standard:
        return _slope_intercept(
            f"{linear((m, 'x'), (1, 'y'))} = {b}", Fraction(-m), Fraction(b), m, b, "slope", "standard", scene
        )
    if level == 2:
        c = c if c != a else c + 1
        return _slope_intercept(
            f"y = {linear((c, ''), (-a, 'x'))}", Fraction(-a), Fraction(c), c, -a, ask, "number_first", scene
        )
    right = k * nonzero(rng, -6, 6)
    return _slope_intercept(
        f"{linear((lead, 'x'), (k, 'y'))} = {right}",
        Fraction(-lead, k),
        Fraction(right, k),
        lead,
        right,
        ask,
        "standard",
        scene,
    )


def _slope_intercept(
    equation: str, m: Fraction, b: Fraction, first: int, second: int, ask: str, family: str, scene: Scene | None
) -> Draft:
    """`first` and `second` are the numbers that stand there to be read: the one before x (or in front) and the other."""
    name = "slope" if ask == "slope" else "y-intercept"
    answer = m if ask == "slope" else b
    text = f"What is the {name} of the line {equation}?" + (" Give the y-value." if ask == "intercept" else "")
    solved = _line(m, b)
    steps = (
        ["Here y is already alone on one side."]
        if equation == solved
        else [f"Write the equation with y alone: {solved}"]
    )
    steps.append(
        f"The number that multiplies x is the slope, so the slope is {m}."
        if ask == "slope"
        else f"When x is 0, y is {b}, so the y-intercept is {b}."
    )
    values = {"ask": ask, "slope": str(m), "intercept": str(b), "first": first, "second": second, "form": family}
    code = f"line_slope({equation})" if ask == "slope" else f"y_intercept({equation})"
    return Draft(puzzle(scene, text), str(answer), code, tuple(steps), values, f"{family}_{ask}")


@rule("functions.swaps_slope_and_intercept")
def swaps_slope_and_intercept(v: Values) -> str | None:
    m, b = Fraction(v["slope"]), Fraction(v["intercept"])
    if v["ask"] == "line":
        return _line(b, m)
    return str(b if v["ask"] == "slope" else m)


@rule("functions.reads_numbers_without_solving_for_y")
def reads_numbers_without_solving_for_y(v: Values) -> str | None:
    return str(v["first"] if v["ask"] == "slope" else v["second"])


@generator("functions.write_line")
def write_line(rng: Random, level: int, scene: Scene | None) -> Draft:
    m = rng.randint(2, 12) if level < 3 else nonzero(rng, -9, 9)
    b, x = rng.randint(1, 60), rng.randint(2, 9)
    sign = rng.choice((1, -1))
    d, lead = rng.choice((2, 3, 4, 5)), rng.randint(-9, 9)
    b = b if b != m else b + 1
    if level == 1:
        return _write_line(Fraction(m), b, None, scene)
    if level == 2:
        return _write_line(Fraction(m), b, x, scene)
    slope = Fraction(lead, d) if lead % d else Fraction(m)
    return _write_line(
        slope, sign * b if sign * b != slope else b + 20, x * slope.denominator * rng.choice((1, -1)), scene
    )


def _write_line(m: Fraction, b: int, x: int | None, scene: Scene | None) -> Draft:
    """The line with slope m and y-intercept b, given by the intercept or, with x, by the point it has there."""
    answer = _line(m, b)
    y = m * (x or 0) + b
    if x is None:
        text = f"Write the equation of the line with slope {m} and y-intercept {b}."
        if scene:
            text = (
                f"{scene.person} saves for a day at {scene.place}. There are ${b} in the savings box now, and {scene.person} adds ${m} every week. "
                "Write an equation for the amount y in dollars after x weeks."
            )
        steps = (
            f"The slope is {m}, so each step in x changes y by {m}.",
            f"At x = 0 the line has y = {b}.",
            f"So the equation is {answer}.",
        )
        expression = f"line({m}, {b})"
    else:
        text = f"Write the equation of the line with slope {m} that goes through the point {point(x, y)}. Use the form y = mx + b."
        if scene and m > 0 and x > 0 and b > 0 and m.denominator == 1:
            text = (
                f"{scene.person} saves for a day at {scene.place} and adds ${m} to a savings box every week. After {x} weeks there are ${y} in the box. "
                "Write an equation for the amount y in dollars after x weeks. Use the form y = mx + b."
            )
        else:
            text = puzzle(scene, text)
        steps = (
            f"The slope is {m}, so y = {term(m, 'x')} + b.",
            f"The point {point(x, y)} is on the line: {y} = {m} × {paren(x)} + b",
            f"b = {y} - {paren(m * x)}, so b = {b}.",
            f"The equation is {answer}.",
        )
        expression = f"line({m}, {y} - ({m})*({x}))"
    values = {"ask": "line", "slope": str(m), "intercept": str(b), "y1": str(y)}
    return Draft(text, answer, expression, steps, values, "intercept" if x is None else "point", "equation")


@rule("functions.uses_y_of_point_as_intercept")
def uses_y_of_point_as_intercept(v: Values) -> str | None:
    m = Fraction(v["slope"]) if "slope" in v else Fraction(v["y2"] - v["y1"], v["x2"] - v["x1"])
    return _line(m, Fraction(v["y1"]))


@generator("functions.rate_of_change_story")
def rate_of_change_story(rng: Random, level: int, scene: Scene | None) -> Draft:
    s = scene or default_scene()
    t1 = rng.randint(1, 6)
    t2 = t1 + rng.randint(2, 6)
    rate = Fraction(rng.randint(2, 12)) if level < 3 else Fraction(rng.choice([n for n in range(3, 40) if n % 4]), 4)
    first = rng.randint(4, 60)
    if level == 1 or (level == 2 and rng.random() < 0.3) or (level == 3 and rng.random() < 0.4):
        return _rate_story(t1, first + rate * t1, t2, first + rate * t2, s)
    return _rate_story(t1, first + rate * t2 - rate * t1, t2, Fraction(first), s)


def _rate_story(t1: int, v1: Fraction, t2: int, v2: Fraction, s: Scene) -> Draft:
    rate = (v2 - v1) / (t2 - t1)
    grows = rate > 0
    a, b = dec(v1), dec(v2)
    minutes = f"{t1} {'minute' if t1 == 1 else 'minutes'}"
    text = (
        f"{s.person} {'fills a container with' if grows else 'empties a container of'} {s.stuff} at a steady speed. After {minutes} it holds {a} {s.stuff_unit}. "
        f"After {t2} minutes it holds {b} {s.stuff_unit}. What is the rate of change in {s.stuff_unit} per minute?"
    )
    steps = [
        f"The amount changes by {b} - {a} = {dec(v2 - v1)}",
        f"The time changes by {t2} - {t1} = {t2 - t1}",
        f"The rate of change is {dec(v2 - v1)} ÷ {t2 - t1} = {dec(rate)}",
    ]
    if not grows:
        steps.append(f"The amount goes down, so the rate {dec(rate)} is negative.")
    values = {"x1": t1, "x2": t2, "amount1": a, "amount2": b}
    return Draft(
        text,
        dec(rate),
        f"slope({t1}, {a}, {t2}, {b})",
        tuple(steps),
        values,
        "grows" if grows else "shrinks",
        unit=f"{s.stuff_unit} per minute",
    )


@rule("functions.rate_from_one_moment")
def rate_from_one_moment(v: Values) -> str | None:
    return dec(Fraction(v["amount2"]) / v["x2"])


@rule("functions.rate_upside_down")
def rate_upside_down(v: Values) -> str | None:
    return dec((v["x2"] - v["x1"]) / (Fraction(v["amount2"]) - Fraction(v["amount1"])))


# --- Algebra I ---


@generator("functions.line_two_points")
def line_two_points(rng: Random, level: int, scene: Scene | None) -> Draft:
    x1, y1, x2, y2 = _two_points(rng, level)
    if x1 == 0:
        x1, x2 = x1 + 1, x2 + 1
    return _line_two_points(x1, y1, x2, y2, scene)


def _line_two_points(x1: int, y1: int, x2: int, y2: int, scene: Scene | None) -> Draft:
    m = Fraction(y2 - y1, x2 - x1)
    b = y1 - m * x1
    steps = (
        f"The slope is ({_difference(y2, y1)}) ÷ ({_difference(x2, x1)}) = {m}",
        f"So y = {term(m, 'x')} + b. The point {point(x1, y1)} gives {y1} = {m} × {paren(x1)} + b.",
        f"b = {y1} - {paren(m * x1)}, so b = {b}.",
        f"The equation is {_line(m, b)}.",
    )
    if scene and x1 > 0 and y1 > 0 and m > 0 and m.denominator == 1 and b >= 0:
        x_words = f"{x1} {'week' if x1 == 1 else 'weeks'}"
        text = (
            f"{scene.person} saves the same amount every week for a day at {scene.place}. After {x_words} there are ${y1} saved, and after {x2} weeks "
            f"there are ${y2}. Write an equation for the savings y in dollars after x weeks. Use the form y = mx + b."
        )
    else:
        text = puzzle(
            scene,
            f"Write the equation of the line through {point(x1, y1)} and {point(x2, y2)}. Use the form y = mx + b.",
        )
    slope = f"slope({x1}, {y1}, {x2}, {y2})"
    values = {"ask": "line", "x1": x1, "y1": y1, "x2": x2, "y2": y2}
    return Draft(text, _line(m, b), f"line({slope}, {y1} - {slope}*({x1}))", steps, values, "two_points", "equation")


@generator("functions.evaluate_notation")
def evaluate_notation(rng: Random, level: int, scene: Scene | None) -> Draft:
    a, b = nonzero(rng, -9, 9), nonzero(rng, -12, 12)
    p, q, c = rng.randint(1, 4), nonzero(rng, -6, 6), nonzero(rng, -10, 10)
    n, inner = -rng.randint(2, 7), nonzero(rng, -6, 6)
    a = a if abs(a) > 1 else 4 * a
    f = [(p, "x^2"), (q, "x"), (c, "")]
    g = [(a, "x"), (b, "")]
    if level == 1:
        return _evaluate_linear(a, b, rng.randint(2, 12), scene)
    if level == 2:
        f = [(p, "x^2"), (c, "")] if rng.random() < 0.5 else f
        return _evaluate_quadratic(f, n, scene)
    if rng.random() < 0.5:
        return _evaluate_sum(f, g, n, inner, scene)
    if a * inner + b >= 0 or a * inner + b < -12:  # the inner value is negative and small enough to square
        a, b, inner = 2, -rng.randint(3, 11), 1
    return _compose([(p, "x^2"), (c, "")], [(a, "x"), (b, "")], inner, scene)


def _work(f: list[tuple[int, str]], n: int) -> tuple[str, int]:
    """ "2 × (-3)^2 + 5" and its value."""
    shown, total = "", 0
    for i, (c, name) in enumerate(f):
        piece = {"": str(abs(c)), "x": paren(n), "x^2": f"{paren(n)}^2"}[name]
        piece = f"{abs(c)} × {piece}" if name and abs(c) > 1 else piece
        shown += (f"-{piece}" if c < 0 else piece) if i == 0 else f" {'+' if c > 0 else '-'} {piece}"
        total += c * {"": 1, "x": n, "x^2": n * n}[name]
    return shown, total


def _with_minus_square(f: list[tuple[int, str]], n: int) -> int:
    """The value with the square of a negative input taken as negative, as a bare -3^2 is on many calculators."""
    return sum(c * {"": 1, "x": n, "x^2": -n * n if n < 0 else n * n}[name] for c, name in f)


def _evaluate_linear(a: int, b: int, n: int, scene: Scene | None) -> Draft:
    rule_text = linear((a, "x"), (b, ""))
    work, total = _work([(a, "x"), (b, "")], n)
    if scene and a > 0 and b > 0:
        text = f"An order of x {scene.buys} costs f(x) = {rule_text} dollars, delivery included. What is f({n})?"
    else:
        text = puzzle(scene, f"Let f(x) = {rule_text}. What is f({n})?")
    steps = (
        f"f({n}) means the output of f for the input {n}.",
        f"Put {n} in place of x: {work} = {total}",
        f"So f({n}) is {total}.",
    )
    values = {"a": a, "b": b, "input": n}
    return Draft(text, str(total), f"at({rule_text}, x={n})", steps, values, "linear")


def _evaluate_quadratic(f: list[tuple[int, str]], n: int, scene: Scene | None) -> Draft:
    work, total = _work(f, n)
    steps = (f"Put {n} in place of x, in parentheses: {work}", f"({n})^2 = {n * n}", f"{work} = {total}")
    text = puzzle(scene, f"Let f(x) = {linear(*f)}. What is f({n})?")
    values = {"minus_square": str(_with_minus_square(f, n))}
    return Draft(text, str(total), f"at({linear(*f)}, x={n})", steps, values, "quadratic")


def _evaluate_sum(f: list[tuple[int, str]], g: list[tuple[int, str]], n: int, k: int, scene: Scene | None) -> Draft:
    (work_f, one), (work_g, two) = _work(f, n), _work(g, k)
    text = puzzle(scene, f"Let f(x) = {linear(*f)} and g(x) = {linear(*g)}. What is f({n}) + g({k})?")
    steps = (f"f({n}): {work_f} = {one}", f"g({k}): {work_g} = {two}", f"{one} {_signed(two)} = {one + two}")
    values = {"minus_square": str(_with_minus_square(f, n) + two)}
    return Draft(text, str(one + two), f"at({linear(*f)}, x={n}) + at({linear(*g)}, x={k})", steps, values, "sum")


def _compose(f: list[tuple[int, str]], g: list[tuple[int, str]], k: int, scene: Scene | None) -> Draft:
    work_g, inner = _work(g, k)
    work_f, total = _work(f, inner)
    text = puzzle(scene, f"Let f(x) = {linear(*f)} and g(x) = {linear(*g)}. What is f(g({k}))?")
    steps = (
        f"Start inside. g({k}): {work_g} = {inner}",
        f"Then f({inner}): {work_f} = {total}",
        f"So f(g({k})) is {total}.",
    )
    values = {"minus_square": str(_with_minus_square(f, inner))}
    return Draft(text, str(total), f"at({linear(*f)}, x=at({linear(*g)}, x={k}))", steps, values, "composition")


@rule("functions.square_of_negative_is_negative")
def square_of_negative_is_negative(v: Values) -> str | None:
    return v["minus_square"]


@generator("functions.intercepts")
def intercepts(rng: Random, level: int, scene: Scene | None) -> Draft:
    ask = rng.choice("xy")
    m, h = rng.randint(1, 9), nonzero(rng, -12, 12)
    a, b = rng.sample(range(2, 8), 2)
    s, t = nonzero(rng, -6, 6), nonzero(rng, -6, 6)
    rest = rng.choice([n for n in range(-40, 41) if n % a and n % b])
    m *= rng.choice((1, -1))
    if level == 1:
        m = m if abs(m) > 1 else 2 * m
        line = _line(m, -m * h)
        return _intercepts(line, Fraction(h), Fraction(-m * h), line.replace("y", "0", 1), ask, "slope_form", scene)
    if level == 2:
        g = gcd(a, b)
        a, b = a // g, b // g
        return _intercepts_standard(a, b if t > 0 else -b, a * b * s, ask, scene)
    if t > 0:
        return _intercepts_standard(a, b if s > 0 else -b, rest, ask, scene)
    # y - s = m(x - h)
    minus_s, minus_h = f"{'-' if s > 0 else '+'} {abs(s)}", f"{'-' if h > 0 else '+'} {abs(h)}"
    at_zero = f"0 {minus_s} = {m}(x {minus_h})" if ask == "x" else f"y {minus_s} = {m}(0 {minus_h})"
    return _intercepts(
        f"y {minus_s} = {m}(x {minus_h})", h - Fraction(s, m), Fraction(s - m * h), at_zero, ask, "point_slope", scene
    )


def _intercepts_standard(a: int, b: int, right: int, ask: str, scene: Scene | None) -> Draft:
    at_zero = f"{term(a, 'x') if ask == 'x' else term(b, 'y')} = {right}"
    return _intercepts(
        f"{linear((a, 'x'), (b, 'y'))} = {right}",
        Fraction(right, a),
        Fraction(right, b),
        at_zero,
        ask,
        "standard",
        scene,
    )


def _intercepts(
    equation: str, x: Fraction, y: Fraction, at_zero: str, ask: str, family: str, scene: Scene | None
) -> Draft:
    """`at_zero` is the equation with 0 in place of the letter that is not asked for."""
    other = "y" if ask == "x" else "x"
    answer = point(x, 0) if ask == "x" else point(0, y)
    text = f"At which point does the line {equation} cross the {ask}-axis?"
    steps = [f"Every point on the {ask}-axis has {other} = 0."]
    if family == "slope_form" and ask == "y":
        steps.append(f"Put 0 in place of x. Only the number without x is left: y = {y}")
    else:
        steps += [f"Put 0 in place of {other}: {at_zero}", f"Solve for {ask}: {ask} = {x if ask == 'x' else y}"]
    steps.append(f"The point is {answer}.")
    values = {"ask": ask, "x": str(x), "y": str(y)}
    return Draft(
        puzzle(scene, text),
        answer,
        f"solve_system({equation}, {other} = 0, x, y)",
        tuple(steps),
        values,
        f"{family}_{ask}",
        "point",
    )


@rule("functions.other_intercept")
def other_intercept(v: Values) -> str | None:
    return point(0, v["y"]) if v["ask"] == "x" else point(v["x"], 0)


@rule("functions.intercept_in_wrong_place")
def intercept_in_wrong_place(v: Values) -> str | None:
    return point(0, v["x"]) if v["ask"] == "x" else point(v["y"], 0)


_ORDINALS = {1: "st", 2: "nd", 3: "rd"}


def _ordinal(n: int) -> str:
    return f"{n}{'th' if 10 < n % 100 < 14 else _ORDINALS.get(n % 10, 'th')}"


@generator("functions.arithmetic_sequence")
def arithmetic_sequence(rng: Random, level: int, scene: Scene | None) -> Draft:
    a, d = rng.randint(1, 20), rng.randint(2, 9)
    if level == 1:
        return _sequence(a if a != d else a + 1, d, rng.randint(6, 15), scene)
    if level == 2:
        n = rng.randint(20, 60)
        if rng.random() < 0.5:
            return _sequence(d * n + a, -d, n, scene)
        return _sequence(a if a != d else a + 1, d, n, scene)
    p = rng.randint(2, 5)
    q, n = p + rng.randint(3, 8), rng.randint(20, 80)
    d *= rng.choice((1, -1))
    return _sequence_from_two(a if a != d else a + 1, d, p, q, n, scene)


def _sequence(a: int, d: int, n: int, scene: Scene | None) -> Draft:
    first = [a + d * i for i in range(4)]
    shown = ", ".join(map(str, first))
    answer = a + d * (n - 1)
    if scene and d > 0:
        text = (
            f"{scene.person} builds a pattern with {scene.things} at {scene.place}. The first figures need {shown}, ... {scene.things}, always {d} more. "
            f"How many {scene.things} does the {_ordinal(n)} figure need?"
        )
    elif scene:
        text = (
            f"At {scene.place} there are {a} {scene.things} on day 1, and {-d} are used each day after that. So the daily numbers are {shown}, ... "
            f"How many {scene.things} are there on day {n}?"
        )
    else:
        text = f"An arithmetic sequence starts {shown}, ... What is its {_ordinal(n)} term?"
    steps = (
        f"Each term is {abs(d)} {'more' if d > 0 else 'less'} than the one before: {_difference(first[1], first[0])} = {d}",
        f"From the 1st term to the {_ordinal(n)} term there are {n} - 1 = {n - 1} steps.",
        f"{a} {'+' if d > 0 else '-'} {n - 1} × {abs(d)} = {answer}",
    )
    values = {"first": a, "difference": d, "n": n, "from_index": 1, "from_value": a}
    expression = f"{a} + ({n} - 1)*({first[1]} - {first[0]})"
    return Draft(
        text,
        str(answer),
        expression,
        steps,
        values,
        "grows" if d > 0 else "shrinks",
        unit=scene.things if scene else "",
    )


def _sequence_from_two(a: int, d: int, p: int, q: int, n: int, scene: Scene | None) -> Draft:
    low, high, answer = a + d * (p - 1), a + d * (q - 1), a + d * (n - 1)
    text = f"In an arithmetic sequence, the {_ordinal(p)} term is {low} and the {_ordinal(q)} term is {high}. What is the {_ordinal(n)} term?"
    if scene and d > 0:
        text = (
            f"{scene.person} builds figures with {scene.things} at {scene.place}. Each figure needs the same number more than the one before. "
            f"Figure {p} needs {low} and figure {q} needs {high}. How many {scene.things} does figure {n} need?"
        )
    else:
        text = puzzle(scene, text)
    steps = (
        f"From term {p} to term {q} there are {q} - {p} = {q - p} steps, and the value changes by {_difference(high, low)} = {high - low}",
        f"The common difference is {high - low} ÷ {q - p} = {d}",
        f"From term {q} to term {n} there are {n} - {q} = {n - q} steps.",
        f"{high} {'+' if d > 0 else '-'} {n - q} × {abs(d)} = {answer}",
    )
    values = {"first": a, "difference": d, "n": n, "from_index": q, "from_value": high}
    expression = f"{low} + ({n} - {p})*({high} - {paren(low)})/({q} - {p})"
    return Draft(
        text, str(answer), expression, steps, values, "two_terms", unit=scene.things if scene and d > 0 else ""
    )


@rule("functions.counts_terms_not_steps")
def counts_terms_not_steps(v: Values) -> str | None:
    return str(v["from_value"] + (v["n"] - v["from_index"] + 1) * v["difference"])


@rule("functions.difference_times_position")
def difference_times_position(v: Values) -> str | None:
    return str(v["difference"] * v["n"])


@generator("functions.exponential_growth")
def exponential_growth(rng: Random, level: int, scene: Scene | None) -> Draft:
    t = rng.randint(2, 5)
    if level == 1:
        return _growth(rng.randint(2, 99), Fraction(rng.choice((2, 2, 3))), rng.randint(3, 5), scene)
    if level == 2:
        if rng.random() < 0.5:
            return _growth(rng.randint(3, 60), Fraction(rng.choice((3, 4, 5))), rng.randint(2, 4), scene)
        t = rng.randint(2, 5)
        return _growth(rng.randint(2, 30) * 2**t, Fraction(1, 2), t, scene)
    percent, t = rng.choice((-50, -20, -10, 10, 20, 50)), rng.randint(2, 3)
    return _growth(rng.randint(2, 60) * 10**t, 1 + Fraction(percent, 100), t, scene, percent)


_FACTOR_WORDS = {Fraction(2): "doubles", Fraction(3): "triples", Fraction(1, 2): "is cut in half"}


def _growth(start: int, factor: Fraction, t: int, scene: Scene | None, percent: int = 0) -> Draft:
    total = start * factor**t
    change = (
        f"{'grows' if percent > 0 else 'shrinks'} by {abs(percent)}%"
        if percent
        else _FACTOR_WORDS.get(factor) or f"becomes {factor} times as large"
    )
    what = f"The number of videos about {scene.place}" if scene else "A population"
    begin = f"{what} is {commas(start)} and {change} every year."
    text = f"{begin} What is {'the number' if scene else 'the population'} after {t} years?"
    sign, shown = "×", dec(factor)
    amounts = [start * factor**i for i in range(t + 1)]
    if factor == Fraction(1, 2) and not percent:
        sign, shown = "÷", "2"
    steps = [
        f"Every year the amount is {'divided' if sign == '÷' else 'multiplied'} by {shown}"
        + (f", because 100% {'+' if percent > 0 else '-'} {abs(percent)}% = {100 + percent}%." if percent else ".")
    ]
    steps += [f"Year {i}: {dec(amounts[i - 1])} {sign} {shown} = {dec(amounts[i])}" for i in range(1, t + 1)]
    expression = f"{start}*({f'1 {_signed(Fraction(percent))}/100' if percent else factor})^{t}"
    if factor.denominator == 2 and not percent:
        expression = f"{start}/2^{t}"
    elif not percent and factor in _FACTOR_WORDS:
        expression = f"{start}*{factor}^{t}"
    values = {"coefs": [start], "inputs": [str(factor)], "powers": [t], "plus": 0, "step": dec(start * (factor - 1))}
    family = "percent" if percent else "halving" if factor < 1 else "factor"
    return Draft(text, dec(total), expression, tuple(steps), values, family)


@rule("functions.adds_same_amount_each_time")
def adds_same_amount_each_time(v: Values) -> str | None:
    return dec(v["coefs"][0] + v["powers"][0] * Fraction(v["step"]))


# --- problems that need several skills ---


@composer(
    "functions.savings_prediction",
    ["functions.slope_two_points", "functions.line_two_points", "functions.evaluate_notation"],
)
def savings_prediction(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    s = scene or default_scene()
    m, b = rng.randint(2, 5 + 5 * level), rng.randint(1, 10 + 10 * level)
    x1 = rng.randint(1, 4)
    x2, n = x1 + rng.randint(2, 5), rng.randint(12, 20)
    y1, y2 = m * x1 + b, m * x2 + b
    rate, line, value = (
        _slope_two_points(x1, y1, x2, y2, None),
        _line_two_points(x1, y1, x2, y2, None),
        _evaluate_linear(m, b, n, None),
    )
    text = (
        f"{s.person} saves the same amount every week for a day at {s.place}. After {x1} {'week' if x1 == 1 else 'weeks'} there are ${y1} saved, and after "
        f"{x2} weeks there are ${y2}. How much is saved after {n} weeks, in dollars?"
    )
    expression = f"{y1} + ({y2} - {y1})/({x2} - {x1})*({n} - {x1})"
    whole = Draft(text, value.answer, expression, (*rate.steps, *line.steps[1:], *value.steps[1:2]), {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "n": n},
                  "savings", unit="dollars")  # fmt: skip
    return whole, [
        ("functions.slope_two_points", rate),
        ("functions.line_two_points", line),
        ("functions.evaluate_notation", value),
    ]


@composer(
    "functions.when_is_it_empty", ["functions.rate_of_change_story", "functions.write_line", "equations.two_step"]
)
def when_is_it_empty(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    s = scene or default_scene()
    rate, end = rng.randint(2, 5 + 3 * level), rng.randint(9, 12 + 4 * level)
    t1 = rng.randint(1, 3)
    t2 = t1 + rng.randint(2, 4)
    start = rate * end
    v1, v2 = start - rate * t1, start - rate * t2
    change = _rate_story(t1, Fraction(v1), t2, Fraction(v2), s)
    line = _write_line(Fraction(-rate), start, t1, None)
    solve = equations._two_step(Fraction(-rate), Fraction(start), Fraction(end), "x", "reversed", None)
    text = change.text.split(" What is the rate")[0] + " After how many minutes is the container empty?"
    expression = f"{t1} + {v1}/(({v1} - {v2})/({t2} - {t1}))"
    whole = Draft(
        text,
        str(end),
        expression,
        (*change.steps, *line.steps[1:], *solve.steps),
        {"t1": t1, "v1": v1, "t2": t2, "v2": v2},
        "container",
        unit="minutes",
    )
    return whole, [
        ("functions.rate_of_change_story", change),
        ("functions.write_line", line),
        ("equations.two_step", solve),
    ]


@composer("functions.which_term", ["functions.arithmetic_sequence", "equations.parentheses"])
def which_term(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    q, d, n, far = (
        rng.randint(1, 9),
        rng.randint(2, 3 + 2 * level),
        rng.randint(8, 10 + 10 * level),
        rng.randint(30, 60),
    )
    a = d * (q + 1)  # so that the nth term is d(n + q)
    term_far = _sequence(a, d, far, None)
    target = a + d * (n - 1)
    solve = equations._parentheses(d, 1, q, 0, Fraction(n), "n", None)
    first = ", ".join(str(a + d * i) for i in range(4))
    sub = Draft(f"An arithmetic sequence starts {first}, ... Its nth term is {d}(n + {q}). What is its {_ordinal(far)} term?", term_far.answer,
                f"{d}*({far} + {q})", term_far.steps, term_far.values, "grows")  # fmt: skip
    lead = (
        f"{scene.person} lays out {scene.things} in rows at {scene.place}. The rows have {first}, ... {scene.things}."
        if scene
        else f"An arithmetic sequence starts {first}, ..."
    )
    ask = f"Which row has {target} {scene.things}?" if scene else f"Which term is {target}?"
    steps = (
        f"The numbers go up by {d} each time, and the nth number is {a} + (n - 1) × {d}.",
        f"That is the same as {d}(n + {q}).",
        *solve.steps,
    )
    whole = Draft(
        f"{lead} {ask} Give its number.",
        str(n),
        f"({target} - {a})/({a + d} - {a}) + 1",
        steps,
        {"a": a, "d": d, "target": target},
        "which_term",
    )
    return whole, [("functions.arithmetic_sequence", sub), ("equations.parentheses", solve)]


@composer("functions.two_plans", ["functions.write_line", "equations.both_sides"])
def two_plans(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    s = scene or default_scene()
    a, gap, x = rng.randint(3, 5 + 3 * level), rng.randint(1, 2 + level), rng.randint(3, 6 + 4 * level)
    c, b = a + gap, rng.randint(1, 10)
    start = b + gap * x  # the cheaper rate has the higher fixed price
    fast = _write_line(Fraction(c), b, None, None)
    solve = equations._both_sides(c, b, a, start, "x", 0, None)
    text = (
        f"There are two plans for visits to {s.place}. Plan A costs ${start} once and ${a} per visit. Plan B costs ${b} once and ${c} per visit. "
        "For how many visits do both plans cost the same?"
    )
    steps = (f"Plan A costs {a}x + {start} dollars for x visits.", f"Plan B costs {c}x + {b} dollars.", *solve.steps)
    whole = Draft(
        text,
        str(x),
        f"({start} - {b})/({c} - {a})",
        steps,
        {"a": a, "b": b, "c": c, "d": start},
        "plans",
        unit="visits",
    )
    return whole, [("functions.write_line", fast), ("equations.both_sides", solve)]


@composer("functions.triangle_with_axes", ["functions.intercepts", "geometry.area_triangle"])
def triangle_with_axes(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    a, b = rng.sample(range(2, 6 + level), 2)
    g = gcd(a, b)
    a, b = a // g, b // g
    right = a * b * rng.randint(1, 2 + 2 * level)
    x, y = right // a, right // b
    equation = f"{linear((a, 'x'), (b, 'y'))} = {right}"
    cross = _intercepts_standard(a, b, right, "x", None)
    half = Fraction(x * y, 2)
    area = Draft(f"A right triangle has legs of {x} units and {y} units. What is its area in square units?", dec(half), f"{x}*{y}/2",
                 (f"{x} × {y} = {x * y}", f"{x * y} ÷ 2 = {dec(half)}"), {"base": x, "height": y}, "right_triangle", unit="square units")  # fmt: skip
    text = puzzle(scene, f"The line {equation} and the two axes form a triangle. What is its area in square units?")
    steps = (f"The line crosses the x-axis at {point(x, 0)} and the y-axis at {point(0, y)}.", *area.steps)
    whole = Draft(text, dec(half), f"({right}/{a})*({right}/{b})/2", steps, {"a": a, "b": b, "right": right},
                  "triangle", unit="square units")  # fmt: skip
    return whole, [("functions.intercepts", cross), ("geometry.area_triangle", area)]


@composer("functions.doubling_value", ["functions.exponential_growth", "equations.evaluate"])
def doubling_value(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    start, t, price, fee = rng.randint(2, 10), rng.randint(2, 2 + level), rng.randint(2, 6), rng.randint(5, 30)
    s = scene or default_scene()
    growth = _growth(start, Fraction(2), t, None)
    many = start * 2**t
    cost = equations._evaluate([price], [many], [1], fee, "plus", None)
    text = (
        f"This year {s.person} buys {start} {s.buys} for {s.place}, and the number doubles every year. {article(s.buy).capitalize()} costs ${price}, and delivery "
        f"costs ${fee} once. How many dollars does the order cost after {t} years?"
    )
    steps = (*growth.steps, *cost.steps[1:])
    whole = Draft(
        text,
        cost.answer,
        f"{price}*{start}*2^{t} + {fee}",
        steps,
        {"start": start, "years": t, "price": price, "fee": fee},
        "order",
        unit="dollars",
    )
    return whole, [("functions.exponential_growth", growth), ("equations.evaluate", cost)]
