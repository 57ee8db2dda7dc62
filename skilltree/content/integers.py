"""Integers, signed rational numbers, powers of ten and roots, grades 6-8: problems and buggy rules (words: integers.toml)."""

from fractions import Fraction
from math import gcd, isqrt, lcm
from random import Random

from classwright.skilltree.bank import composer, generator, rule
from classwright.skilltree.content._formats import commas, dec
from classwright.skilltree.problem import Draft
from classwright.skilltree.scenes import Scene


def _sign(rng: Random, negative: float = 0.5) -> int:
    return -1 if rng.random() < negative else 1


def _p(x: Fraction | int | str) -> str:
    """A number as it stands after an operation sign: a negative one in parentheses."""
    return f"({x})" if str(x).startswith("-") else str(x)


def _product(x: Fraction | int | str) -> str:
    """A number inside a product or quotient: parentheses for a negative number or a fraction."""
    return f"({x})" if str(x).startswith("-") or "/" in str(x) else str(x)


def _show(expression: str) -> str:
    return expression.replace(" * ", " × ").replace(" / ", " ÷ ").replace("^2", "²")


def _board(scene: Scene | None, question: str) -> str:
    """A bare question, or the same question on a puzzle card in the scene."""
    return f"{scene.person} finds this puzzle on a card at {scene.place}: {question}" if scene else question


def _written(x: Fraction, style: str) -> str:
    return str(x) if style == "fraction" else dec(x)


# Meaning and order --------------------------------------------------------------------------------------------------


def _size(rng: Random, level: int) -> tuple[Fraction, str]:
    """A positive number for its level: an integer, a decimal or a fraction."""
    style = rng.choice(("integer", "decimal", "fraction")) if level > 1 else "integer"
    if style == "decimal":
        return Fraction(10 * rng.randint(0, 19) + rng.randint(1, 9), 10), style
    if style == "fraction":
        den = rng.randint(2, 12)
        return Fraction(rng.randint(1, den - 1), den), style
    return Fraction(rng.randint(1, 250)), style


@generator("integers.opposite")
def opposite(rng: Random, level: int, scene: Scene | None) -> Draft:
    size, style = _size(rng, level)
    twice = rng.random() < 0.6 and level == 3
    positive = rng.random() < (0.4 if level == 1 else 0.75 if twice else 0.2)
    signs = level > 1 and rng.random() < 0.5
    number = size if positive else -size
    shown = _written(number, style)
    answer = _written(number if twice else -number, style)
    other = _written(-number, style)
    if scene and style != "integer":
        start = f"There is a long number line at {scene.place}. {scene.person} stands at {shown}."
        if twice:
            text = f"{start} {scene.person} walks to the opposite number, and then to the opposite of that number. Where is {scene.person} now?"
        else:
            text = f"{start} {scene.friend} stands at the opposite number. Where does {scene.friend} stand?"
    elif scene and twice:
        text = f"In a game at {scene.place}, {scene.person}'s score is {shown} points. A card changes the score to its opposite. A second card does this again. What is the score now?"
    elif scene:
        text = f"In a game at {scene.place}, {scene.person}'s score is {shown} points. {scene.friend}'s score is the opposite number. What is {scene.friend}'s score?"
    elif signs:
        text = f"What is the value of -(-{_p(shown)})?" if twice else f"What is the value of -{_product(shown)}?"
    else:
        text = f"What is the opposite of {'the opposite of ' if twice else ''}{shown}?"
    expression = f"-(-{_product(shown)})" if twice else f"-{_product(shown)}"
    steps = [
        f"{shown} is {_written(size, style)} from 0, on the {'right' if positive else 'left'} side of the number line.",
        f"Its opposite is just as far from 0 on the other side: {other}.",
    ]
    if twice:
        steps.append(f"The opposite of {other} is back on the first side: {answer}.")
    values = {"number": shown, "style": style, "times": 2 if twice else 1}
    family = "opposite_twice" if twice else "opposite"
    return Draft(
        text, answer, expression, tuple(steps), values, family, unit="points" if scene and style == "integer" else ""
    )


@rule("integers.opposite_is_always_negative")
def opposite_is_always_negative(v) -> str | None:
    return _written(-abs(Fraction(v["number"])), v["style"])


@rule("integers.flips_instead_of_opposite")
def flips_instead_of_opposite(v) -> str | None:
    x = Fraction(v["number"])
    return str(1 / x) if v["times"] == 1 else None


@generator("integers.compare")
def compare(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level == 3 and rng.random() < 0.6:
        pool = rng.sample(range(1, 20), 4)
        numbers = [Fraction(-n) for n in pool[:3]] + [Fraction(pool[3])]
        i = rng.randrange(3)
        numbers[i] -= Fraction(rng.randint(1, 9), 10)
        rng.shuffle(numbers)
        shown = [dec(n) for n in numbers]
        ordered = sorted(numbers)
        if scene:
            text = f"These are the scores in a game at {scene.place}: {', '.join(shown)}. Write the scores in order from least to greatest."
        else:
            text = f"Write these numbers in order from least to greatest: {', '.join(shown)}."
        steps = (
            f"Farthest left on the number line is {dec(ordered[0])}, because it is the negative number farthest from 0.",
            f"Next come {dec(ordered[1])} and {dec(ordered[2])}, each one closer to 0.",
            f"The positive number is the greatest: {', '.join(dec(n) for n in ordered)}.",
        )
        return Draft(
            text,
            ", ".join(dec(n) for n in ordered),
            f"order({', '.join(shown)})",
            steps,
            {"numbers": shown},
            "order",
            "list",
        )
    if level == 1:
        a, b = rng.sample(range(1, 31), 2)
        x, y = rng.choice(((-a, b), (a, -b), (-a, -b)))
        x, y = Fraction(x), Fraction(y)
    elif level == 2:
        a, b = rng.sample(range(5, 120), 2)
        x, y = Fraction(-a), Fraction(-b)
    else:
        whole, other = rng.randint(0, 12), rng.randint(1, 99)
        x = -whole - Fraction(rng.randint(1, 9), 10)
        y = -whole - Fraction(other, 100)
        if x == y:
            y -= Fraction(1, 100)
    answer = "<" if x < y else ">"
    one, two = dec(x), dec(y)
    if scene and level == 2:
        text = f"In a game at {scene.place}, {scene.person}'s score is {one} points and {scene.friend}'s score is {two} points. Which sign belongs between {one} and {two}: <, >, or =?"
    elif scene:
        text = f"Near {scene.place} it is {one} °C in the morning and {two} °C in the evening. Which sign belongs between {one} and {two}: <, >, or =?"
    else:
        text = f"Which sign belongs in the blank: <, >, or =?\n{one} __ {two}"
    right, left = (two, one) if x < y else (one, two)
    where = (
        "Both numbers are negative, so the one closer to 0 is greater."
        if x < 0 and y < 0
        else "Every positive number is greater than every negative number."
    )
    steps = (where, f"On the number line {right} lies to the right of {left}.", f"{one} {answer} {two}")
    return Draft(text, answer, f"compare({one}, {two})", steps, {"numbers": [one, two]}, "pair", "comparison")


@rule("integers.compares_without_signs")
def compares_without_signs(v) -> str | None:
    numbers = [Fraction(n) for n in v["numbers"]]
    if len(numbers) > 2:
        return ", ".join(dec(n) for n in sorted(numbers, key=lambda n: (abs(n), n)))
    a, b = map(abs, numbers)
    return "<" if a < b else ">" if a > b else "="


@generator("integers.absolute_value")
def absolute_value(rng: Random, level: int, scene: Scene | None) -> Draft:
    a, b = rng.sample(range(2, 40), 2)
    low, high = min(a, b), max(a, b)
    n = rng.randint(2, 250)
    shape = rng.random()
    if level == 1:
        x = -n if shape < 0.7 else n
        expression, inner, answer, family = f"abs({x})", x, abs(x), "single"
        text = f"|{x}|"
        steps = (
            f"The absolute value of {x} is its distance from 0.",
            f"From {x} to 0 it is {abs(x)} steps, so |{x}| = {abs(x)}.",
        )
        story = f"In a game at {{place}}, {{person}}'s score is {x} points. How many points away from 0 is that score?"
    elif level == 2 and shape < 0.65:
        x, y = (-low, high) if shape < 0.3 else (low, high) if shape < 0.45 else (-high, -low)
        inner, answer, family = x - y, abs(x - y), "distance"
        expression, text = f"abs({x} - {_p(y)})", f"|{x} - {_p(y)}|"
        steps = (
            f"Work inside the bars first: {x} - {_p(y)} = {x - y}.",
            f"Then take the distance from 0: |{x - y}| = {answer}.",
        )
        story = f"In a game at {{place}}, {{person}}'s score is {x} points and {{friend}}'s is {y} points. How far apart are the scores? Use |{x} - {_p(y)}|."
    elif level == 2:
        x, y = -a, b if shape < 0.85 else -b
        inner, answer, family = x + y, a + b, "sum"
        expression, text = f"abs({x}) + abs({y})", f"|{x}| + |{y}|"
        steps = (f"|{x}| = {a}", f"|{y}| = {b}", f"{a} + {b} = {answer}")
        story = f"In a game at {{place}}, {{person}}'s score is {x} points and {{friend}}'s is {y} points. Add the distances of both scores from 0: |{x}| + |{y}|."
    else:
        x, y = -a, rng.choice((b, -b))
        minus = shape < 0.5
        if minus:
            inner, answer, family = x - y, a - b, "difference"
            expression, text = f"abs({x}) - abs({y})", f"|{x}| - |{y}|"
            steps = (f"|{x}| = {a}", f"|{y}| = {b}", f"{a} - {b} = {answer}")
        else:
            k = rng.randint(2, 9)
            inner, answer, family = k * x + y, k * a + abs(y), "multiple"
            expression, text = f"{k} * abs({x}) + abs({y})", f"{k} × |{x}| + |{y}|"
            steps = (f"|{x}| = {a}", f"|{y}| = {b}", f"{k} × {a} = {k * a}", f"{k * a} + {b} = {answer}")
        story = ""
    if scene and story:
        question = story.format(place=scene.place, person=scene.person, friend=scene.friend)
    else:
        question = _board(scene, f"What is the value of {text}?")
    return Draft(question, str(answer), expression, steps, {"without_bars": inner}, family)


@rule("integers.ignores_absolute_value_bars")
def ignores_absolute_value_bars(v) -> str | None:
    return str(v["without_bars"])


# Adding and subtracting ---------------------------------------------------------------------------------------------


def _add_steps(a: Fraction, b: Fraction, style: str) -> list[str]:
    one, two, size_one, size_two = (_written(x, style) for x in (a, b, abs(a), abs(b)))
    total = _written(a + b, style)
    if (a < 0) == (b < 0):
        both = "negative" if a < 0 else "positive"
        return [
            f"Both numbers are {both}, so add their sizes: {size_one} + {size_two} = {_written(abs(a) + abs(b), style)}.",
            f"The sum is {both} too: {one} + {_p(two)} = {total}.",
        ]
    big, small = (size_one, size_two) if abs(a) >= abs(b) else (size_two, size_one)
    return [
        f"The signs differ, so the numbers pull in opposite directions: {big} - {small} = {_written(abs(abs(a) - abs(b)), style)}.",
        f"The number farther from 0 gives the sign: {one} + {_p(two)} = {total}.",
    ]


def _signed_sum(terms: list[str], scene: Scene | None) -> str:
    if not scene:
        return f"What is {' + '.join([terms[0], *map(_p, terms[1:])])}?"
    changes = " Then it changes by ".join([""] + [f"{t} points." for t in terms[1:]])
    return f"In a game at {scene.place}, {scene.person}'s score is {terms[0]} points.{changes} What is the score now?"


@generator("integers.add")
def add(rng: Random, level: int, scene: Scene | None) -> Draft:
    top = {1: 20, 2: 60, 3: 150}[level]
    sizes = rng.sample(range(2, top), 3)
    kind = rng.random()
    big, small = max(sizes[:2]), min(sizes[:2])
    if kind < 0.25:
        terms = [-sizes[0], -sizes[1]]
    elif kind < 0.7:
        terms = [-big, small] if kind < 0.5 else [small, -big]
    else:
        terms = [-small, big] if kind < 0.85 else [big, -small]
    if level == 3 and rng.random() < 0.5:
        terms.append(-sizes[2] // 3)
    total = sum(terms)
    steps = _add_steps(Fraction(terms[0]), Fraction(terms[1]), "integer")
    if len(terms) == 3:
        steps += _add_steps(Fraction(terms[0] + terms[1]), Fraction(terms[2]), "integer")
    shown = [str(t) for t in terms]
    return Draft(_signed_sum(shown, scene), str(total), " + ".join([shown[0], *map(_p, shown[1:])]), tuple(steps),
                 {"terms": shown, "style": "integer"}, f"{len(terms)}_terms", unit="points" if scene else "")  # fmt: skip


@rule("integers.adds_sizes")
def adds_sizes(v) -> str | None:
    terms = [Fraction(t) for t in v["terms"]]
    total = sum(map(abs, terms), Fraction(0))
    return _written(-total if terms[0] < 0 else total, v["style"])


@rule("integers.loses_minus_sign")
def loses_minus_sign(v) -> str | None:
    return _written(abs(sum((Fraction(t) for t in v["terms"]), Fraction(0))), v["style"])


@generator("integers.subtract")
def subtract(rng: Random, level: int, scene: Scene | None) -> Draft:
    top = {1: 20, 2: 60, 3: 150}[level]
    p, q = rng.sample(range(2, top), 2)
    kind = rng.random()
    if level == 1:
        a, b = (min(p, q), max(p, q)) if kind < 0.3 else (-p, q) if kind < 0.7 else (p, -q)
    else:
        a, b = (-p, -q) if kind < 0.5 else (-p, q) if kind < 0.75 else (p, -q)
    answer = a - b
    if scene:
        text = f"In a game at {scene.place}, {scene.person}'s score is {a} points and {scene.friend}'s score is {b} points. What is {scene.person}'s score minus {scene.friend}'s score?"
    else:
        text = f"What is {a} - {_p(b)}?"
    steps = [f"To subtract {b}, add its opposite, {-b}: write {a} - {_p(b)} as {a} + {_p(-b)}."]
    steps += _add_steps(Fraction(a), Fraction(-b), "integer")
    values = {"a": a, "b": b, "terms": [str(a), str(-b)], "style": "integer"}
    family = ("negative" if a < 0 else "positive") + ("_minus_negative" if b < 0 else "_minus_positive")
    return Draft(text, str(answer), f"{a} - {_p(b)}", tuple(steps), values, family, unit="points" if scene else "")


@rule("integers.drops_second_minus")
def drops_second_minus(v) -> str | None:
    return str(v["a"] - abs(v["b"]))


@rule("integers.two_minuses_make_plus_everywhere")
def two_minuses_make_plus_everywhere(v) -> str | None:
    return str(abs(v["a"]) + abs(v["b"])) if v["a"] < 0 else None


# Multiplying and dividing -------------------------------------------------------------------------------------------


def _cards(scene: Scene, number: int, points: int) -> str:
    what = "bonus card" if points > 0 else "penalty card"
    start = f"In a game at {scene.place}, each {what} counts {points} points."
    if number > 0:
        return f"{start} {scene.person} gets {number} of these cards. By how many points does the score change?"
    return f"{start} {scene.person} gives {-number} of these cards back, a change of {number} cards. By how many points does the score change?"


def _signs(rng: Random, level: int) -> tuple[int, int]:
    return rng.choice(((-1, 1), (1, -1), (-1, -1)) if level == 1 else ((-1, 1), (1, -1), (-1, -1), (-1, -1), (-1, -1)))


@generator("integers.multiply")
def multiply(rng: Random, level: int, scene: Scene | None) -> Draft:
    p, q = {
        1: (rng.randint(2, 12), rng.randint(2, 12)),
        2: (rng.randint(3, 30), rng.randint(3, 12)),
        3: (rng.randint(11, 40), rng.randint(11, 25)),
    }[level]
    s, t = _signs(rng, level)
    three = level == 3 and rng.random() < 0.5
    r, u = rng.randint(2, 9), _sign(rng)
    if three:
        factors = [s * (p % 9 + 2), t * (q % 8 + 2), u * r]
        if s > 0 and t > 0:
            factors[0] = -factors[0]
    else:
        factors = [s * p, t * q]
    product = 1
    for f in factors:
        product *= f
    expression = " * ".join([str(factors[0]), *map(_p, factors[1:])])
    negatives = sum(f < 0 for f in factors)
    size = " × ".join(str(abs(f)) for f in factors)
    word = "negative factor" if negatives == 1 else "negative factors"
    reason = (
        "Each pair of negative factors gives a positive product."
        if negatives > 1
        else "One negative factor turns the product to the other side of 0."
    )
    steps = (
        f"Multiply the sizes: {size} = {abs(product)}.",
        f"There {'is' if negatives == 1 else 'are'} {negatives} {word}. {reason}",
        f"{_show(expression)} = {product}",
    )
    text = (
        _cards(scene, factors[0], factors[1]) if scene and not three else _board(scene, f"What is {_show(expression)}?")
    )
    return Draft(text, str(product), expression, steps, {"factors": [str(f) for f in factors], "operation": "multiply", "style": "integer"},
                 "three_factors" if three else "two_factors", unit="points" if scene and not three else "")  # fmt: skip


@generator("integers.divide")
def divide(rng: Random, level: int, scene: Scene | None) -> Draft:
    d = rng.randint(2, {1: 12, 2: 15, 3: 24}[level])
    quotient = Fraction(rng.randint(2, {1: 12, 2: 20, 3: 30}[level]))
    half = rng.random() < 0.5
    if level == 3 and half:
        d = 2 * d
        quotient += Fraction(1, 2)
    s, t = _signs(rng, level)
    a, b = s * int(d * quotient), t * d
    answer = Fraction(a, b)
    text = f"What is {a} ÷ {_p(b)}?"
    if scene and b > 0:
        text = f"In a game at {scene.place}, {scene.person}'s score changes by {a} points in {b} rounds. What is the mean change per round?"
    elif scene and a < 0:
        text = f"In a game at {scene.place}, each round changes {scene.person}'s score by {b} points. After how many rounds is the change {a} points?"
        if answer.denominator > 1:
            text = f"In a game at {scene.place}, {scene.person}'s score changes by {a} points and {scene.friend}'s by {b} points. How many times as big is {scene.person}'s change as {scene.friend}'s?"
    elif scene:
        text = _board(scene, text)
    same = (a < 0) == (b < 0)
    steps = (
        f"Divide the sizes: {abs(a)} ÷ {abs(b)} = {dec(abs(answer))}.",
        f"Check the sign with a product: {dec(answer)} × {_p(b)} = {a}.",
        f"{'The signs are the same, so the quotient is positive' if same else 'The signs differ, so the quotient is negative'}: {a} ÷ {_p(b)} = {dec(answer)}.",
    )
    return Draft(
        text,
        dec(answer),
        f"{a} / {_p(b)}",
        steps,
        {"factors": [str(a), str(b)], "operation": "divide", "style": "decimal"},
        "same_signs" if same else "different_signs",
    )


def _result_size(v) -> Fraction:
    factors = [abs(Fraction(f)) for f in v["factors"]]
    size = factors[0]
    for f in factors[1:]:
        size = size / f if v["operation"] == "divide" else size * f
    return size


@rule("integers.two_negatives_stay_negative")
def two_negatives_stay_negative(v) -> str | None:
    if not any(f.startswith("-") for f in v["factors"]):
        return None
    return _written(-_result_size(v), v["style"])


@rule("integers.takes_sign_of_larger")
def takes_sign_of_larger(v) -> str | None:
    largest = max((Fraction(f) for f in v["factors"]), key=abs)
    return _written(_result_size(v) if largest > 0 else -_result_size(v), v["style"])


@generator("integers.order_of_operations")
def order_of_operations(rng: Random, level: int, scene: Scene | None) -> Draft:
    a = rng.randint(2, {1: 20, 2: 9, 3: 12}[level])
    b, c, d = rng.randint(2, 12), rng.randint(2, 9), rng.randint(1, 9)
    sb, sc = _sign(rng), _sign(rng, 0.6)
    kind = rng.random()
    b, c = sb * b, sc * c
    if level == 1:
        a = -a if kind < 0.7 else a
        minus = kind < 0.5
        b = abs(b)
        right = a - b * c if minus else a + b * c
        expression = f"{a} {'-' if minus else '+'} {b} * {_p(c)}"
        steps = (
            f"Multiply first: {b} × {_p(c)} = {b * c}.",
            f"Then {'subtract' if minus else 'add'}: {a} {'-' if minus else '+'} {_p(b * c)} = {right}.",
        )
        slow, square, family = (a - b if minus else a + b) * c, "none", "product"
    elif kind < 0.25:
        right = a * a + b * c
        expression = f"(-{a})^2 + {_p(b)} * {_p(c)}"
        steps = (
            f"The parentheses keep the minus sign with {a}, so the square is (-{a}) × (-{a}) = {a * a}.",
            f"Multiply: {_p(b)} × {_p(c)} = {b * c}.",
            f"Add last: {a * a} + {_p(b * c)} = {right}.",
        )
        slow, square, family = (a * a + b) * c, "none", "square_of_negative"
    elif level == 2:
        right = -a * a + b * c
        expression = f"-{a}^2 + {_p(b)} * {_p(c)}"
        steps = (
            f"The exponent belongs only to {a}: {a} × {a} = {a * a}, so the first term is -{a * a}.",
            f"Multiply: {_p(b)} × {_p(c)} = {b * c}.",
            f"Add last: -{a * a} + {_p(b * c)} = {right}.",
        )
        slow, square, family = (-a * a + b) * c, str(a * a + b * c), "negative_of_square"
    else:
        if abs(c) == d:
            d += 1
        inside = c - d
        right = -a * a - b * inside
        expression = f"-{a}^2 - {_p(b)} * ({c} - {d})"
        steps = (
            f"Work inside the parentheses: {c} - {d} = {inside}.",
            f"The exponent belongs only to {a}: {a} × {a} = {a * a}, so the first term is -{a * a}.",
            f"Multiply: {_p(b)} × {_p(inside)} = {b * inside}.",
            f"Subtract last: -{a * a} - {_p(b * inside)} = {right}.",
        )
        slow, square, family = (-a * a - b) * inside, str(a * a - b * inside), "negative_of_square"
    values = {"left_to_right": slow, "minus_squared": square}
    return Draft(
        _board(scene, f"What is the value of {_show(expression)}?"), str(right), expression, steps, values, family
    )


@rule("integers.works_left_to_right")
def works_left_to_right(v) -> str | None:
    return str(v["left_to_right"])


@rule("integers.squares_the_minus_sign")
def squares_the_minus_sign(v) -> str | None:
    return None if v["minus_squared"] == "none" else v["minus_squared"]


# Signed fractions and decimals --------------------------------------------------------------------------------------


@generator("integers.rational_add")
def rational_add(rng: Random, level: int, scene: Scene | None) -> Draft:
    fractions = level > 1 and rng.random() < 0.6
    kind = rng.random()
    if fractions:
        dens = (2, 3, 4, 5, 6, 8) if level == 2 else (3, 4, 5, 6, 8, 10, 12)
        b = rng.choice(dens)
        d = rng.choice(dens)
        p, q = Fraction(rng.randint(1, b - 1), b), Fraction(rng.randint(1, 2 * d - 1), d)
        while p == q or q.denominator == 1:
            q = Fraction(rng.randint(1, 2 * d - 1), d)
    else:
        scale = 10 if level < 3 else 100
        p, q = (Fraction(n, scale) for n in rng.sample([n for n in range(1, 12 * scale) if n % 10], 2))
    small, big = min(p, q), max(p, q)
    if kind < 0.2:
        x, y = -p, -q
    elif kind < 0.7:
        x, y = (-big, small) if kind < 0.45 else (small, -big)
    else:
        x, y = (-small, big) if kind < 0.85 else (big, -small)
    style = "fraction" if fractions else "decimal"
    shown = [_written(x, style), _written(y, style)]
    steps = []
    if fractions and x.denominator != y.denominator:
        m = lcm(x.denominator, y.denominator)
        parts = [f"{t} = {t.numerator * m // t.denominator}/{m}" for t in (x, y) if t.denominator != m]
        steps.append(f"Use the common denominator {m}: {' and '.join(parts)}.")
    steps += _add_steps(x, y, style)
    answer = _written(x + y, style)
    text = _signed_sum(shown, scene)
    if scene:
        text = (
            f"Near {scene.place} it is {shown[0]} °C. Then the temperature changes by {shown[1]} degrees. What is the temperature now?"
            if not fractions
            else _board(scene, f"What is {shown[0]} + {_p(shown[1])}?")
        )
    return Draft(
        text,
        answer,
        f"{shown[0]} + {_p(shown[1])}",
        tuple(steps),
        {"terms": shown, "style": style},
        style,
        unit="°C" if scene and not fractions else "",
    )


@generator("integers.rational_multiply")
def rational_multiply(rng: Random, level: int, scene: Scene | None) -> Draft:
    style = "decimal" if level == 1 else rng.choice(("decimal", "fraction", "fraction"))
    s, t = _signs(rng, level)
    if style == "decimal":
        x = Fraction(10 * rng.randint(0, 9) + rng.randint(1, 9), 10)
        y = (
            Fraction(rng.randint(2, 12))
            if level == 1
            else Fraction(rng.randint(1, 9), 10)
            if level == 2
            else Fraction(10 * rng.randint(1, 9) + rng.randint(1, 9), 10)
        )
    else:
        top = 7 if level == 2 else 12
        b, d = rng.randint(2, top), rng.randint(2, top)
        x, y = Fraction(rng.randint(1, b - 1), b), Fraction(rng.randint(1, d * (level - 1)), d)
        while y.denominator == 1:
            y = Fraction(rng.randint(1, d * (level - 1)), d)
    x, y = s * x, t * y
    one, two, answer = (_written(n, style) for n in (x, y, x * y))
    expression = f"{_product(one) if style == 'fraction' else one} * {_product(two)}"
    asked = f"{one} × {_p(two)}"
    if scene and style == "decimal" and level == 1 and y > 0:
        text = f"Near {scene.place} the temperature changes by {one} degrees per hour. By how many degrees does it change in {two} hours?"
    else:
        text = _board(scene, f"What is {asked}?")
    size = f"{_written(abs(x), style)} × {_written(abs(y), style)}"
    if style == "fraction":
        raw = f"{abs(x.numerator * y.numerator)}/{x.denominator * y.denominator}"
        first = [f"Multiply the sizes, top by top and bottom by bottom: {size} = {raw}."]
        if raw != str(abs(x * y)):
            first.append(f"In simplest form, {raw} = {abs(x * y)}.")
    else:
        first = [f"Multiply the sizes: {size} = {dec(abs(x * y))}."]
    same = (x < 0) == (y < 0)
    steps = (
        *first,
        f"The signs {'are the same' if same else 'differ'}, so the product is {'positive' if same else 'negative'}: {asked} = {answer}.",
    )
    return Draft(
        text, answer, expression, steps, {"factors": [one, two], "operation": "multiply", "style": style}, style
    )


# Powers of ten and roots --------------------------------------------------------------------------------------------


def _scientific(a: Fraction, n: int) -> str:
    """`a * 10^n`, moved so that the first factor is at least 1 and less than 10."""
    while a >= 10:
        a, n = a / 10, n + 1
    while a < 1:
        a, n = a * 10, n - 1
    return f"{dec(a)} * 10^{n}"


@generator("integers.scientific_notation")
def scientific_notation(rng: Random, level: int, scene: Scene | None) -> Draft:
    digits = rng.randint(11, 99) if level < 3 else rng.randint(101, 999)
    while digits % 10 == 0:
        digits += 1
    a = Fraction(digits, 10 if level < 3 else 100)
    small = level > 1 and rng.random() < 0.8
    n = -rng.randint(2, 6) if small else rng.randint(3, 8)
    family = (
        rng.choice(("to_scientific", "to_standard"))
        if level < 3
        else rng.choice(("to_scientific", "to_standard", "times_as_large"))
    )
    b, m, k = Fraction(rng.randint(2, 4)), rng.randint(2, 4), rng.randint(2, 9)
    value = a * Fraction(10) ** n
    standard = commas(int(value)) if value.denominator == 1 else dec(value)
    written = f"{dec(a)} × 10^{n}" if n > 0 else f"{dec(a)} × 10^({n})"
    plain = f"{dec(a)} * 10^{n}" if n > 0 else f"{dec(a)} * 10^({n})"
    values = {"digits": digits, "places": 1 if level < 3 else 2, "exponent": n, "family": family}
    places = f"{abs(n)} places to the {'right' if n > 0 else 'left'}"
    if scene and value >= 1:
        lead = (
            f"A video about {scene.interest} has {{}} views. "
            if family == "to_scientific"
            else f"The number of views of a video about {scene.interest} is {{}}. "
        )
    elif scene:
        lead = (
            f"A small bag at {scene.place} weighs {{}} kilograms. "
            if n > -4
            else f"A speck of dust at {scene.place} is {{}} meters wide. "
        )
    else:
        lead = ""
    if family == "to_scientific":
        text = f"{lead.format(standard)}Write {standard} in scientific notation."
        steps = (
            f"Put the point after the first digit that is not 0: {dec(a)}.",
            f"From {dec(a)} back to {standard} the point moves {places}, so the exponent is {n}.",
            f"{standard} = {written}",
        )
        answer, kind = _scientific(value, 0), "expression"
        expression = f"scientific({dec(value)})"
    elif family == "to_standard":
        text = f"{lead.format(written)}Write {written} in standard form."
        move = (
            f"multiply by 10 {n} times, so move the point {places}"
            if n > 0
            else f"divide by 10 {-n} times, so move the point {places}"
        )
        steps = (f"The exponent {n} tells you to {move}.", f"{written} = {standard}")
        answer, kind, expression = dec(value), "number", plain
    else:
        low = -m if small else m
        high = low + k
        top = b * rng.randint(2, 4 if b > 3 else 6) / 2
        one = f"{dec(top)} × 10^{high if high > 0 else f'({high})'}"
        two = f"{dec(b)} × 10^{low if low > 0 else f'({low})'}"
        ratio = top / b * 10**k
        text = _board(scene, f"{one} is how many times as large as {two}? Write the answer in standard form.")
        steps = (
            f"Divide the first factors: {dec(top)} ÷ {dec(b)} = {dec(top / b)}.",
            f"Subtract the exponents: {high} - {_p(low)} = {k}.",
            f"{dec(top / b)} × 10^{k} = {dec(ratio)}",
        )
        values = {"first": dec(top), "second": dec(b), "high": high, "low": low, "family": family}
        answer, kind, expression = dec(ratio), "number", f"({dec(top)} * 10^({high})) / ({dec(b)} * 10^({low}))"
    return Draft(text, answer, expression, steps, values, family, kind)


@rule("integers.counts_zeros")
def counts_zeros(v) -> str | None:
    if v["family"] == "times_as_large":
        return None
    n, places = v["exponent"], v["places"]
    a = Fraction(v["digits"], 10**places)
    if v["family"] == "to_scientific":  # as many zeros as the number shows
        return _scientific(a, n - places if n > 0 else n + 1) if n != places else None
    shown = v["digits"] * Fraction(10) ** n if n > 0 else v["digits"] * Fraction(10) ** (n - places - 1)
    return dec(shown)


@rule("integers.drops_negative_exponent")
def drops_negative_exponent(v) -> str | None:
    if v["family"] == "times_as_large":
        return (
            dec(Fraction(v["first"]) / Fraction(v["second"]) * Fraction(10) ** (abs(v["high"]) - abs(v["low"])))
            if v["low"] < 0
            else None
        )
    if v["exponent"] > 0:
        return None
    a = Fraction(v["digits"], 10 ** v["places"])
    return _scientific(a, -v["exponent"]) if v["family"] == "to_scientific" else dec(a * 10 ** -v["exponent"])


_TRIPLES = ((3, 4, 5), (6, 8, 10), (5, 12, 13), (9, 12, 15), (8, 15, 17), (12, 16, 20), (7, 24, 25), (15, 20, 25), (10, 24, 26),
            (20, 21, 29), (18, 24, 30), (16, 30, 34), (21, 28, 35), (12, 35, 37), (15, 36, 39), (24, 32, 40), (9, 40, 41))  # fmt: skip


@generator("integers.square_roots")
def square_roots(rng: Random, level: int, scene: Scene | None) -> Draft:
    n, b = rng.randint(2, 25), rng.randint(1, 20)
    kind, plus = rng.random(), rng.random() < 0.5
    p, q, r = rng.choice(_TRIPLES[:9] if level == 2 else _TRIPLES)
    d = rng.randint(2, 12)
    x = rng.randint(5, 200)
    answer_kind, form, unit = "number", "", ""
    values: dict = {"radicand": str(n * n), "extra": 0}
    if level == 1 and kind < 0.35:
        family, expression, answer = "single", f"sqrt({n * n})", str(n)
        question = f"What is √{n * n}?"
        steps = (
            f"Ask which positive number times itself gives {n * n}.",
            f"{n} × {n} = {n * n}, so the square root is {n}.",
        )
        if scene:
            question = (
                f"A square mat at {scene.place} has an area of {n * n} square feet. How many feet long is one side?"
            )
            unit = "feet"
    elif level == 1:
        minus = not plus and b < n
        extra = -b if minus else b
        family, expression, answer = "with_number", f"sqrt({n * n}) {'-' if minus else '+'} {b}", str(n + extra)
        question = f"What is √{n * n} {'-' if minus else '+'} {b}?"
        steps = (
            f"Find the root first: {n} × {n} = {n * n}, so the square root is {n}.",
            f"{n} {'-' if minus else '+'} {b} = {n + extra}",
        )
        values["extra"] = extra
    elif kind < 0.6:
        k = b % 2 + 1 if level == 2 else 1
        s, t = (p, q) if plus else (q, p)
        if level == 3 and d < 6:
            family, expression, root = "difference", f"sqrt({r * r} - {p * p})", q
            question, inside = f"What is √({r * r} - {p * p})", q * q
            steps = [f"The root covers the whole difference, so subtract first: {r * r} - {p * p} = {inside}."]
            values |= {"one": r, "two": -p}
        else:
            s, t, root = k * s, k * t, k * r
            family, expression, inside = "sum", f"sqrt({s * s} + {t * t})", root * root
            question = f"What is √({s * s} + {t * t})"
            steps = [f"The root covers the whole sum, so add first: {s * s} + {t * t} = {inside}."]
            values |= {"one": s, "two": t}
        steps.append(f"{root} × {root} = {inside}, so the square root is {root}.")
        if b > 8:
            expression, question, answer = f"{expression} + {b}", f"{question} + {b}?", str(root + b)
            steps.append(f"{root} + {b} = {root + b}")
        else:
            question, answer = f"{question}?", str(root)
        values |= {"radicand": str(inside), "extra": b if b > 8 else 0}
    elif level == 2 and kind < 0.76:
        while isqrt(x) ** 2 == x:
            x += 1
        low = isqrt(x)
        family, expression, answer, answer_kind = "between", f"neighbors(sqrt({x}))", f"{low}, {low + 1}", "list"
        question = f"Between which two whole numbers that follow each other does √{x} lie? Write the smaller one first."
        steps = (
            f"Find the perfect squares around {x}: {low} × {low} = {low * low} and {low + 1} × {low + 1} = {(low + 1) ** 2}.",
            f"{low * low} < {x} < {(low + 1) ** 2}, so √{x} lies between {low} and {low + 1}.",
        )
        values = {"radicand": str(x), "between": "yes"}
    elif kind < 0.9:
        c = n if level == 2 else n + d
        answer, answer_kind, form, family = f"-{c}, {c}", "list", "set", "equation"
        if level == 2:
            equation, steps = f"x² = {c * c}", []
        elif plus:
            equation = f"x² + {b} = {c * c + b}"
            steps = [f"Subtract {b} on both sides: {c * c + b} - {b} = {c * c}, so x² = {c * c}."]
        else:
            equation = f"x² - {b} = {c * c - b}"
            steps = [f"Add {b} on both sides: {c * c - b} + {b} = {c * c}, so x² = {c * c}."]
        expression, question = f"solve({equation.replace('²', '^2')}, x)", f"Find both solutions of {equation}."
        steps += [f"{c} × {c} = {c * c}", f"(-{c}) × (-{c}) = {c * c}", f"So x is -{c} or {c}."]
        values = {"radicand": str(c * c), "equation": "yes"}
    elif plus:
        e = rng.randint(2, 15)
        while e == d:
            e = rng.randint(2, 15)
        root = Fraction(min(d, e), max(d, e))
        top, bottom = root.numerator**2, root.denominator**2
        family, expression, answer = "fraction", f"sqrt({top}/{bottom})", str(root)
        question = f"What is √({top}/{bottom})?"
        steps = (
            f"Look for a fraction that gives {top}/{bottom} when it is multiplied by itself.",
            f"{root} × {root} = {top}/{bottom}",
            f"The square root is {root}.",
        )
        values["radicand"] = f"{top}/{bottom}"
    else:
        root = Fraction(n + b, 10 if level == 2 else rng.choice((10, 100)))
        square = dec(root * root)
        family, expression, answer = "decimal", f"sqrt({square})", dec(root)
        question = f"What is √{square}?"
        steps = (
            f"Look for a decimal that gives {square} when it is multiplied by itself.",
            f"{dec(root)} × {dec(root)} = {square}",
            f"The square root is {dec(root)}.",
        )
        values["radicand"] = square
    return Draft(
        question if unit else _board(scene, question),
        answer,
        expression,
        tuple(steps),
        values,
        family,
        answer_kind,
        form,
        unit,
    )


@rule("integers.halves_for_square_root")
def halves_for_square_root(v) -> str | None:
    half = Fraction(v["radicand"]) / 2
    if "between" in v:
        low = half.numerator // half.denominator
        return f"{low}, {low + 1}"
    if "equation" in v:
        return f"{dec(-half)}, {dec(half)}"
    return _written(half + v["extra"], "fraction" if "/" in v["radicand"] else "decimal")


@rule("integers.splits_root_over_sum")
def splits_root_over_sum(v) -> str | None:
    return str(v["one"] + v["two"] + v["extra"])


@generator("integers.cube_roots")
def cube_roots(rng: Random, level: int, scene: Scene | None) -> Draft:
    n = rng.randint(2, 10)
    b, d = rng.randint(1, 40), rng.randint(2, 10)
    kind, plus, s = rng.random(), rng.random() < 0.5, _sign(rng)
    unit = ""
    if level == 1:
        if kind < 0.25:
            family, extra, expression, question = "single", 0, f"cbrt({n**3})", f"What is ∛{n**3}?"
            if scene:
                question, unit = (
                    f"A box at {scene.place} is a cube with a volume of {n**3} cubic feet. How many feet long is one edge?",
                    "feet",
                )
        else:
            family, extra = "with_number", b if plus or b >= n else -b
            mark = "+" if extra > 0 else "-"
            expression, question = f"cbrt({n**3}) {mark} {b}", f"What is ∛{n**3} {mark} {b}?"
        answer = str(n + extra)
        steps = [
            f"Ask which number, used three times as a factor, gives {n**3}.",
            f"{n} × {n} × {n} = {n**3}, so the cube root is {n}.",
        ]
        if extra:
            steps.append(f"{n} {'+' if extra > 0 else '-'} {b} = {answer}")
        values = {"cube": str(n**3), "extra": extra, "style": "decimal", "times": 1}
    elif level == 2 or kind < 0.35:
        style = "fraction" if kind < (0.6 if level == 2 else 0.15) else "decimal"
        root = Fraction(s * rng.randint(1, 9), d) if style == "fraction" else Fraction(s * rng.randint(1, 12), 10)
        times = rng.randint(2, 9) if rng.random() < 0.7 else 1
        cube = root**3
        shown = _written(cube, style)
        if cube.denominator == 1:
            style = "integer"
        inside = f"({shown})" if style == "fraction" else shown
        family = style
        expression = f"{f'{times} * ' if times > 1 else ''}cbrt({shown})"
        question = (
            f"What is {f'{times} × ' if times > 1 else ''}∛{inside if not shown.startswith('-') else f'({shown})'}?"
        )
        answer = _written(root * times, style)
        r = _written(root, style)
        steps = [
            f"Three equal factors must give {shown}: {_p(r)} × {_p(r)} × {_p(r)} = {shown}.",
            f"The cube root is {r}.",
        ]
        if times > 1:
            steps.append(f"{times} × {_p(r)} = {answer}")
        values = {"cube": shown, "extra": 0, "style": style, "times": times}
    else:
        root, c = s * n, rng.randint(1, 30)
        total = root**3 + (c if plus else -c)
        mark = "+" if plus else "-"
        family, expression, question = (
            "equation",
            f"solve(x^3 {mark} {c} = {total}, x)",
            f"Solve x³ {mark} {c} = {total}.",
        )
        answer = str(root)
        steps = [
            f"{'Subtract' if plus else 'Add'} {c} on both sides: {total} {'-' if plus else '+'} {c} = {root**3}, so x³ = {root**3}.",
            f"{_p(root)} × {_p(root)} × {_p(root)} = {root**3}",
            f"So x = {root}.",
        ]
        values = {"cube": str(root**3), "extra": 0, "style": "integer", "times": 1}
    return Draft(
        question if unit else _board(scene, question), answer, expression, tuple(steps), values, family, unit=unit
    )


@rule("integers.thirds_for_cube_root")
def thirds_for_cube_root(v) -> str | None:
    x = Fraction(v["cube"]) / 3 * v["times"] + v["extra"]
    return _written(x, "fraction" if v["style"] == "fraction" else "decimal")


def _irrational(rng: Random, level: int) -> tuple[str, str, str]:
    """Label, expression and reason of an irrational number."""
    n = rng.choice([k for k in range(2, 150 if level > 1 else 60) if isqrt(k) ** 2 != k])
    c = rng.choice([k for k in range(2, 60) if k not in (8, 27)])
    k, kind = rng.randint(2, 12), rng.random()
    if level == 3 and kind < 0.25:
        return f"∛{c}", f"cbrt({c})", f"{c} is not the cube of a fraction"
    if level == 3 and kind < 0.6:
        return f"{k} + √{n}", f"{k} + sqrt({n})", f"{n} is not a perfect square, and adding {k} keeps it irrational"
    if level > 1 and kind < 0.75:
        return f"{k}π", f"{k} * pi", "π is irrational, and so is every whole-number multiple of π other than 0"
    return f"√{n}", f"sqrt({n})", f"{n} is not a perfect square"


@generator("integers.irrational")
def irrational(rng: Random, level: int, scene: Scene | None) -> Draft:
    label, value, reason = _irrational(rng, level)
    r, e = rng.randint(2, 15), rng.randint(2, 9)
    block = rng.choice([b for b in range(12, 99) if b % 11 and b % 10]) if rng.random() < 0.6 else rng.randint(1, 8)
    den = rng.choice((3, 7, 9, 11, 13))
    num = rng.choice([k for k in range(1, 3 * den) if gcd(k, den) == 1])
    tenths = rng.randint(101, 999)
    negative = rng.random() < 0.4
    shown_block = str(block) * (6 // len(str(block)) // (1 if block > 9 else 2))
    root = (f"√{r * r}", f"sqrt({r * r})") if level < 3 or rng.random() < 0.6 else (f"∛{e**3}", f"cbrt({e**3})")
    repeat = (f"0.{shown_block}…", f"repeating(0, {block})")
    fraction = (f"{'-' if negative else ''}{num}/{den}", f"{'-' if negative else ''}{num}/{den}")
    decimal = (dec(Fraction(tenths, 100)), dec(Fraction(tenths, 100)))
    others = {1: [root, decimal], 2: [root, repeat, fraction], 3: [root, repeat, fraction, decimal]}[level]
    items = [(label, value), *others]
    rng.shuffle(items)
    labels = tuple(i[0] for i in items)
    listed = ", ".join(labels[:-1]) + f", or {labels[-1]}"
    dots = " In a decimal with dots the block of digits repeats forever." if level > 1 else ""
    pairs = [f'"{shown}", {written}' for shown, written in items]
    expression = f"only_irrational({', '.join(pairs)})"
    base = r if root[0].startswith("√") else e
    check = f"{base} × {base} = {r * r}" if root[0].startswith("√") else f"{base} × {base} × {base} = {e**3}"
    steps = [f"{check}, so {root[0]} comes out as the whole number {base}. It is rational."]
    if level > 1:
        steps.append(f"{repeat[0]} repeats forever, so it can be written as a fraction. It is rational.")
    steps.append(f"Only {label} is left. It is irrational, because {reason}.")
    values = {"root": root[0], "repeating": repeat[0] if level > 1 else "none", "long": decimal[0]}
    return Draft(
        _board(scene, f"Which number is irrational: {listed}?{dots}"),
        label,
        expression,
        tuple(steps),
        values,
        f"{len(items)}_numbers",
        "word",
        choices=labels,
    )


@rule("integers.every_root_is_irrational")
def every_root_is_irrational(v) -> str | None:
    return v["root"]


@rule("integers.repeating_is_irrational")
def repeating_is_irrational(v) -> str | None:
    return None if v["repeating"] == "none" else v["repeating"]


# Composed problems --------------------------------------------------------------------------------------------------


@composer("integers.quiz_score", ("integers.multiply", "integers.add"))
def quiz_score(rng: Random, level: int, scene: Scene | None):
    start = rng.randint(2, 10 * level)
    wrong, cost = rng.randint(3, 4 + 3 * level), -rng.randint(2, 3 + 2 * level)
    change = wrong * cost
    total = start + change
    who = scene.person if scene else "a player"
    place = f" at {scene.place}" if scene else ""
    begin = f"In a quiz{place}, {who} has {start} points."
    each = f"Every wrong answer changes the score by {cost} points."
    first = Draft(
        f"In a quiz{place}, every wrong answer changes the score by {cost} points. By how many points do {wrong} wrong answers change it?", str(change), f"{wrong} * ({cost})",
        (f"Multiply the sizes: {wrong} × {-cost} = {-change}.", f"One factor is negative, so the change is negative: {wrong} × ({cost}) = {change}."),
        {"factors": [str(wrong), str(cost)], "operation": "multiply", "style": "integer"}, "two_factors", unit="points",
    )  # fmt: skip
    second = Draft(
        f"{begin} Then the score changes by {change} points. What is the score now?", str(total), f"{start} + ({change})",
        tuple(_add_steps(Fraction(start), Fraction(change), "integer")), {"terms": [str(start), str(change)], "style": "integer"}, "2_terms", unit="points",
    )  # fmt: skip
    whole = Draft(
        f"{begin} {each} Then {who if scene else 'the player'} gives {wrong} wrong answers. What is the score now?", str(total), f"{start} + {wrong} * ({cost})",
        first.steps + second.steps, {"start": start, "wrong": wrong, "cost": cost}, "composed", unit="points",
    )  # fmt: skip
    return whole, [("integers.multiply", first), ("integers.add", second)]


@composer("integers.mean_temperature", ("integers.add", "integers.divide"))
def mean_temperature(rng: Random, level: int, scene: Scene | None):
    mean = -rng.randint(2, 3 + 4 * level)
    a = mean - rng.randint(1, 4 + level)
    b = rng.randint(1, 6) if level > 1 else mean + rng.randint(1, 2)
    c = 3 * mean - a - b
    total = a + b + c
    where = f"near {scene.place}" if scene else "in a town"
    start = f"On three nights the temperatures {where} are {a} °C, {b} °C, and {c} °C."
    first = Draft(
        f"{start} What is the sum of these numbers?", str(total), f"{a} + {_p(b)} + {_p(c)}",
        (*_add_steps(Fraction(a), Fraction(b), "integer"), *_add_steps(Fraction(a + b), Fraction(c), "integer")),
        {"terms": [str(a), str(b), str(c)], "style": "integer"}, "3_terms",
    )  # fmt: skip
    second = Draft(
        f"The sum of 3 temperatures is {total} °C. What is their mean in °C?", str(mean), f"{total} / 3",
        (f"Divide the sizes: {-total} ÷ 3 = {-mean}.", f"The signs differ, so the quotient is negative: {total} ÷ 3 = {mean}."),
        {"factors": [str(total), "3"], "operation": "divide", "style": "decimal"}, "different_signs", unit="°C",
    )  # fmt: skip
    whole = Draft(
        f"{start} What is the mean temperature in °C?", str(mean), f"({a} + {_p(b)} + {_p(c)}) / 3",
        first.steps + second.steps, {"a": a, "b": b, "c": c}, "composed", unit="°C",
    )  # fmt: skip
    return whole, [("integers.add", first), ("integers.divide", second)]


@composer("integers.distance_of_scores", ("integers.subtract", "integers.absolute_value"))
def distance_of_scores(rng: Random, level: int, scene: Scene | None):
    a = -rng.randint(3, 20 * level)
    b = rng.randint(2, 15 * level) if rng.random() < 0.5 else a + rng.randint(2, 2 * level + 3)
    difference = a - b
    me, you = (scene.person, scene.friend) if scene else ("Ann", "Leo")
    place = f" at {scene.place}" if scene else ""
    start = f"In a game{place}, {me}'s score is {a} points and {you}'s score is {b} points."
    first = Draft(
        f"{start} What is {me}'s score minus {you}'s score?", str(difference), f"{a} - {_p(b)}",
        (f"Add the opposite of {b}, which is {-b}.", *_add_steps(Fraction(a), Fraction(-b), "integer")),
        {"a": a, "b": b, "terms": [str(a), str(-b)], "style": "integer"}, "difference", unit="points",
    )  # fmt: skip
    second = Draft(
        f"{me}'s score minus {you}'s score is {difference}. What is |{difference}|, the distance between the scores?", str(-difference), f"abs({difference})",
        (f"The bars ask for the distance from {difference} to 0.", f"|{difference}| = {-difference}"), {"without_bars": difference}, "single", unit="points",
    )  # fmt: skip
    whole = Draft(
        f"{start} How far apart are the two scores on the number line?", str(-difference), f"abs({a} - {_p(b)})",
        first.steps + second.steps, {"a": a, "b": b}, "composed", unit="points",
    )  # fmt: skip
    return whole, [("integers.subtract", first), ("integers.absolute_value", second)]


@composer("integers.square_fence", ("integers.square_roots", "geometry.perimeter"))
def square_fence(rng: Random, level: int, scene: Scene | None):
    side = {
        1: Fraction(rng.randint(3, 30)),
        2: Fraction(2 * rng.randint(1, 25) + 1, 2),
        3: Fraction(10 * rng.randint(1, 19) + rng.randint(1, 9), 10),
    }[level]
    area, around = side * side, 4 * side
    where = f" at {scene.place}" if scene else ""
    start = f"A square play area{where} covers {dec(area)} square meters."
    first = Draft(
        f"{start} How many meters long is one side?", dec(side), f"sqrt({dec(area)})",
        (f"Ask which positive number times itself gives {dec(area)}: {dec(side)} × {dec(side)} = {dec(area)}.", f"One side is {dec(side)} meters long."),
        {"radicand": dec(area), "extra": 0}, "single", unit="meters",
    )  # fmt: skip
    second = Draft(
        f"A square has sides of {dec(side)} meters. What is its perimeter in meters?", dec(around), f"4 * {dec(side)}",
        ("A square has 4 equal sides, so multiply one side by 4.", f"4 × {dec(side)} = {dec(around)}"), {"length": dec(side), "width": dec(side)}, "square", unit="meters",
    )  # fmt: skip
    whole = Draft(
        f"{start} How many meters of fence go around it?", dec(around), f"4 * sqrt({dec(area)})",
        first.steps + second.steps, {"area": dec(area)}, "composed", unit="meters",
    )  # fmt: skip
    return whole, [("integers.square_roots", first), ("geometry.perimeter", second)]
