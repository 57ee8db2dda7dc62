"""Expressions, equations and inequalities, grades 6-9: problems and buggy rules (the words are in equations.toml)."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from math import gcd
from random import Random
from typing import Any

from classwright.skilltree.bank import composer, generator, rule
from classwright.skilltree.content._formats import dec, money
from classwright.skilltree.problem import Draft
from classwright.skilltree.scenes import Scene, draw_scene

Number = int | Fraction
Values = Mapping[str, Any]

LETTERS = ("x", "n", "y", "t", "k", "z", "p", "w")  # none that is also a unit, such as m
FLIP = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
SIGN = {"<": "<", ">": ">", "<=": "≤", ">=": "≥"}
ONE, NONE, ALL = "one solution", "no solution", "infinitely many solutions"


# --- how algebra is written ---


def term(c: Number, letter: str) -> str:
    """ "3x", "-x", "(2/3)x", "-(2/3)x"; without a letter the number itself."""
    if not letter:
        return str(c)
    size = abs(c)
    shown = "" if size == 1 else str(size) if Fraction(size).denominator == 1 else f"({size})"
    return f"{'-' if c < 0 else ''}{shown}{letter}"


def linear(*terms: tuple[Number, str]) -> str:
    """ "3x - 4y + 5" from (3, "x"), (-4, "y"), (5, ""); terms that are zero are left out."""
    out = ""
    for c, letter in terms:
        if c == 0:
            continue
        piece = term(c, letter)
        if not out:
            out = piece
        else:
            out += f" - {piece[1:]}" if piece.startswith("-") else f" + {piece}"
    return out or "0"


def decimal_linear(a: Number, letter: str, b: Number) -> str:
    """ "1.5x - 0.25": like `linear`, with decimal coefficients."""
    head = f"{dec(a)}{letter}"
    return head if b == 0 else f"{head} {'-' if b < 0 else '+'} {dec(abs(b))}"


def paren(q: Number) -> str:
    """A number as it is put in place of a letter: 5, (-3), (2/3)."""
    return f"({q})" if q < 0 or Fraction(q).denominator != 1 else str(q)


def point(x: Number, y: Number) -> str:
    return f"({x}, {y})"


def nonzero(rng: Random, low: int, high: int) -> int:
    return rng.choice([n for n in range(low, high + 1) if n])


def puzzle(scene: Scene | None, question: str) -> str:
    """A question that has no story of its own, met in a scene."""
    if scene is None:
        return question
    frames = (
        f"At {scene.place}, {scene.person} writes a puzzle for {scene.friend}. {question}",
        f"{scene.person} and {scene.friend} do homework together at {scene.place}. {question}",
        f"{scene.person} finds a math card on the wall of {scene.place}. {question}",
    )
    return frames[(len(scene.person) + len(scene.friend) + len(scene.thing)) % 3]


def default_scene() -> Scene:
    """The scene of a problem that is always a story, when no interest is given."""
    return replace(draw_scene(None, "default"), place="the school fair")


def more(scene: Scene, n: Number) -> str:
    """ "1 more sticker", "5 more stickers"."""
    return f"{n} more {scene.thing if n == 1 else scene.things}"


def article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _exact(v: Any) -> Fraction:
    return Fraction(str(v))


def _plain(q: Number) -> int | str:
    """A number for `values`: an int, or exact text."""
    return int(q) if Fraction(q).denominator == 1 else str(q)


def _undo(b: Number, shown: str) -> str:
    return f"Subtract {shown} from both sides" if b > 0 else f"Add {shown} to both sides"


# --- grade 6: expressions ---

# name -> words, expression, the same words translated from left to right, a story; {a} {b} are numbers, {n} the letter
_PHRASES = {
    1: {
        "more": ("{b} more than {n}", "{n} + {b}", None,
                 "{person} has {n} {things}. {friend} has {b} more {things} than {person}. Write an expression for the number of {things} that {friend} has."),
        "less": ("{b} less than {n}", "{n} - {b}", "{b} - {n}",
                 "{person} has {n} {things}. {friend} has {b} fewer {things} than {person}. Write an expression for the number of {things} that {friend} has."),
        "subtract": ("subtract {b} from {n}", "{n} - {b}", "{b} - {n}",
                     "{person} takes {b} {things} out of a {group} of {n} {things}. Write an expression for the number of {things} left in the {group}."),
        "product": ("the product of {b} and {n}", "{b}{n}", None,
                    "There are {b} {groups} with {n} {things} in each. Write an expression for the number of {things} in all."),
        "quotient": ("{n} divided by {b}", "{n}/{b}", None,
                     "{person} shares {n} {things} equally among {b} {groups}. Write an expression for the number of {things} in one {group}."),
    },
    2: {
        "less_than_product": ("{b} less than {a} times {n}", "{a}{n} - {b}", "{b} - {a}{n}",
                              "One {group} holds {n} {things}. {person} has {b} fewer {things} than {a} full {groups} hold. Write an expression for the number of {things} that {person} has."),
        "subtract_from_product": ("subtract {b} from the product of {a} and {n}", "{a}{n} - {b}", "{b} - {a}{n}",
                                  "{person} takes {b} {things} away from {a} {groups} that hold {n} {things} each. Write an expression for the number of {things} left."),
        "less_than_quotient": ("{b} less than the quotient of {n} and {a}", "{n}/{a} - {b}", "{b} - {n}/{a}",
                               "There are {n} {things}, shared equally among {a} {groups}. {person} has {b} fewer {things} than one of these {groups} holds. Write an expression for the number of {things} that {person} has."),
        "more_than_product": ("{b} more than {a} times {n}", "{a}{n} + {b}", None,
                              "One {group} holds {n} {things}. {person} has {b} more {things} than {a} full {groups} hold. Write an expression for the number of {things} that {person} has."),
    },
    3: {
        "product_of_sum": ("{a} times the sum of {n} and {b}", "{a}({n} + {b})", "{a}{n} + {b}",
                           "{person} fills {a} {groups}. Each {group} gets {n} {things} first and {b} more {things} later. Write an expression for the number of {things} in all."),
        "product_of_difference": ("{a} times the difference of {n} and {b}", "{a}({n} - {b})", "{a}{n} - {b}",
                                  "There are {a} {groups} with {n} {things} in each. Then {b} {things} are taken out of each {group}. Write an expression for the number of {things} left in all."),
        "sum_divided": ("the sum of {n} and {b}, divided by {a}", "({n} + {b})/{a}", "{n} + {b}/{a}",
                        "{person} has {n} {things} and gets {b} more. Then all of them are shared equally among {a} {groups}. Write an expression for the number of {things} in one {group}."),
    },
}  # fmt: skip

_PHRASE_STEPS = {
    "more": ('"{b} more than" means that {b} is added.', "So the expression is {e}."),
    "less": ('"{b} less than {n}" starts with {n} and takes {b} away.', "The words say {b} first, but {n} comes first: {e}."),
    "subtract": ("The {b} is taken away from {n}, so {n} comes first.", "The expression is {e}."),
    "product": ("A product is the result of multiplying.", "{b} times {n} is written {e}."),
    "quotient": ("The whole amount {n} is split into {b} equal parts.", "Write the division as a fraction: {e}."),
    "less_than_product": ("First write {a} times {n}: {a}{n}.", "Then take {b} away from it: {e}."),
    "subtract_from_product": ("The product of {a} and {n} is {a}{n}.", "Take {b} away from that product: {e}."),
    "less_than_quotient": ("The quotient of {n} and {a} is {n}/{a}.", "Take {b} away from that quotient: {e}."),
    "more_than_product": ("First write {a} times {n}: {a}{n}.", "Then add {b}: {e}."),
    "product_of_sum": ("The sum of {n} and {b} is {n} + {b}.", "The whole sum is multiplied by {a}, so it goes in parentheses: {e}."),
    "product_of_difference": ("The difference of {n} and {b} is {n} - {b}.", "The whole difference is multiplied by {a}, so it goes in parentheses: {e}."),
    "sum_divided": ("The sum of {n} and {b} is {n} + {b}.", "The whole sum is divided by {a}, so it goes in parentheses: {e}."),
}  # fmt: skip


@generator("equations.write_expression")
def write_expression(rng: Random, level: int, scene: Scene | None) -> Draft:
    pattern = rng.choice(list(_PHRASES[level]))
    a, b = (
        rng.sample(range(2, 13), 2)
        if level > 1
        else (0, rng.randint(2, 30 if pattern in ("more", "less", "subtract") else 12))
    )
    return _write_expression(level, pattern, a, b, rng.choice(LETTERS), scene)


def _write_expression(level: int, pattern: str, a: int, b: int, letter: str, scene: Scene | None) -> Draft:
    words, expression, literal, story = _PHRASES[level][pattern]
    fill = {"a": a, "b": b, "n": letter}
    answer = expression.format(**fill)
    if scene:
        text = story.format(person=scene.person, friend=scene.friend, thing=scene.thing, things=scene.things,
                            group=scene.group, groups=scene.groups, **fill)  # fmt: skip
    else:
        phrase = words.format(**fill)
        text = f'Write "{phrase}" as an expression.'
    values = {
        "pattern": pattern,
        "a": a,
        "b": b,
        "letter": letter,
        "literal": literal.format(**fill) if literal else "",
    }
    steps = tuple(s.format(e=answer, **fill) for s in _PHRASE_STEPS[pattern])
    return Draft(text, answer, f"write({answer})", steps, values, pattern, "expression")


@rule("equations.translates_word_by_word")
def translates_word_by_word(v: Values) -> str | None:
    return v["literal"] or None


@generator("equations.evaluate")
def evaluate(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level == 1:
        a, x = rng.randint(2, 9), rng.randint(2, 12)
        b = rng.choice([n for n in range(-20, 21) if n and a * x + n >= 0])
        return _evaluate([a], [x], [1], b, "minus" if b < 0 else "plus", scene)
    a, x = rng.randint(2, 6), rng.randint(2, 8)
    b, y, c = rng.randint(2, 9), rng.randint(2, 9), rng.randint(1, 20)
    shape = (
        rng.choice(("square", "square", "two_letters")) if level == 2 else rng.choice(("square_minus", "square_two"))
    )
    if shape == "square":
        return _evaluate([a], [x], [2], c, shape, scene)
    if shape == "two_letters":
        return _evaluate([a, b], [x, y], [1, 1], 0, shape, scene)
    if shape == "square_two":
        return _evaluate([a, b], [x, y], [2, 1], c, shape, scene)
    return _evaluate([a, -min(b, a * x - 1)], [x, x], [2, 1], c, shape, scene)


def _evaluate(
    coefs: list[int], inputs: list[int], powers: list[int], plus: int, shape: str, scene: Scene | None
) -> Draft:
    letters = ["x"] + (["x"] if shape == "square_minus" else ["y"])
    parts = [(c, name + ("^2" if p == 2 else "")) for c, name, p in zip(coefs, letters, powers, strict=False)]
    expression = linear(*parts, (plus, ""))
    given = dict(zip(letters, inputs, strict=False))
    where = " and ".join(f"{name} = {n}" for name, n in given.items())
    worth = [c * n**p for c, n, p in zip(coefs, inputs, powers, strict=True)]
    answer = sum(worth) + plus
    steps = [f"Put {' and '.join(f'{n} in place of {name}' for name, n in given.items())}."]
    for c, n, p in zip(coefs, inputs, powers, strict=True):
        if p == 2:
            steps.append(f"{n}^2 = {n**2}, so {abs(c)} × {n}^2 = {abs(c) * n**2}")
        else:
            steps.append(f"{abs(c)} × {n} = {abs(c) * n}")
    if len(worth) > 1 or plus:
        steps.append(f"{linear(*((w, '') for w in worth), (plus, ''))} = {answer}")
    story = None
    if scene:
        a, b = abs(coefs[0]), abs(plus)
        story = {
            "plus": f"{scene.person} has {a} {scene.groups} with x {scene.things} in each, and {more(scene, b)}. The expression {expression} gives the number of {scene.things}. What is its value when {where}?",
            "minus": f"{scene.person} has {a} {scene.groups} with x {scene.things} in each and gives {scene.count(b)} away. The expression {expression} gives the number of {scene.things} left. What is its value when {where}?",
            "square": f"At {scene.place}, each of {a} tables shows a square of {scene.things}: x rows with x {scene.things} in each row. There are {b} more in a {scene.group}. The expression {expression} gives the number of {scene.things}. What is its value when {where}?",
            "two_letters": f"There are {a} large {scene.groups} with x {scene.things} in each and {abs(coefs[-1])} small {scene.groups} with y {scene.things} in each. The expression {expression} gives the number of {scene.things}. What is its value when {where}?",
        }.get(shape)
    text = story or puzzle(scene, f"Find the value of {expression} when {where}.")
    values = {"coefs": coefs, "inputs": inputs, "powers": powers, "plus": plus}
    call = ", ".join(f"{name}={n}" for name, n in given.items())
    return Draft(
        text,
        str(answer),
        f"at({expression}, {call})",
        tuple(steps),
        values,
        shape,
        unit=scene.things if story and scene else "",
    )


@rule("equations.juxtaposes_digits")
def juxtaposes_digits(v: Values) -> str | None:
    total = v["plus"]
    for c, n, p in zip(v["coefs"], v["inputs"], v["powers"], strict=True):
        total += n**p if c == 1 else (-1 if c < 0 else 1) * int(f"{abs(c)}{n**p}")
    return str(total)


def _power_answer(v: Values, total: Fraction) -> str:
    if v.get("ask") == "compare":
        return "<" if total < 0 else ">" if total > 0 else "="
    return dec(total) if "fraction" not in v else str(total)


@rule("equations.exponent_as_multiply")
def exponent_as_multiply(v: Values) -> str | None:
    parts = zip(v["coefs"], v["inputs"], v["powers"], strict=True)
    return _power_answer(v, v["plus"] + sum((c * _exact(n) * p for c, n, p in parts), Fraction(0)))


@rule("equations.power_reaches_coefficient")
def power_reaches_coefficient(v: Values) -> str | None:
    total = Fraction(v["plus"])
    for c, n, p in zip(v["coefs"], v["inputs"], v["powers"], strict=True):
        total += (-1 if c < 0 else 1) * (abs(c) * _exact(n)) ** p
    return _power_answer(v, total)


_TOP = {2: 15, 3: 10, 4: 6, 5: 4, 6: 3}  # exponent -> greatest base
_POWERS = [(b, n) for n, top in _TOP.items() for b in range(2, top + 1)]
# Pairs that repeated addition and repeated multiplication put in a different order; the others could not tell them apart.
_CONTRASTS = [(b, n, d, k) for b, n in _POWERS for d, k in _POWERS if (b**n - d**k) * (b * n - d * k) < 0]


@generator("equations.exponents_meaning")
def exponents_meaning(rng: Random, level: int, scene: Scene | None) -> Draft:
    n = rng.choice((2, 2, 3, 3, 4, 5, 6))
    b = rng.randint(2, _TOP[n])
    k = rng.choice((2, 3, 4))
    d = rng.choice([i for i in range(2, min(_TOP[k], 8) + 1) if i != b])
    a, c = rng.randint(2, 9), rng.randint(1, 50)
    family = rng.choice(
        {1: ("value", "plus", "plus"), 2: ("times", "times", "compare"), 3: ("times_minus", "times_plus_power")}[level]
    )
    if family == "value":
        coefs, inputs, powers, plus = [1], [b], [n], 0
    elif family == "plus":
        coefs, inputs, powers, plus = [1], [b], [n], c
    elif family == "times":
        coefs, inputs, powers, plus = [a], [b], [n], c
    elif family == "compare":
        return _compare_powers(*rng.choice(_CONTRASTS), scene)
    elif family == "times_minus":
        coefs, inputs, powers, plus = [a], [b], [n], -min(c, a * b**n)
    else:
        coefs, inputs, powers, plus = [a, 1], [b, d], [n, k], c
    pieces = [f"{f'{m} × ' if m > 1 else ''}{i}^{p}" for m, i, p in zip(coefs, inputs, powers, strict=True)]
    shown = " + ".join(pieces) + (f" + {plus}" if plus > 0 else f" - {-plus}" if plus else "")
    worth = [m * i**p for m, i, p in zip(coefs, inputs, powers, strict=True)]
    total = sum(worth) + plus
    steps = []
    for m, i, p in zip(coefs, inputs, powers, strict=True):
        steps.append(f"{i}^{p} means {p} factors of {i}: {' × '.join([str(i)] * p)} = {i**p}")
        if m > 1:
            steps.append(f"The power comes before the multiplication: {m} × {i**p} = {m * i**p}")
    if family == "value":
        steps.insert(0, f"The exponent {n} counts the factors; the base {b} is the factor.")
    else:
        steps.append(f"{linear(*((w, '') for w in worth), (plus, ''))} = {total}")
    values = {"coefs": coefs, "inputs": inputs, "powers": powers, "plus": plus}
    text = puzzle(scene, f"Work out {shown}.")
    return Draft(text, str(total), shown.replace("×", "*"), tuple(steps), values, family)


def _compare_powers(b: int, n: int, d: int, k: int, scene: Scene | None) -> Draft:
    left, right = b**n, d**k
    sign = "<" if left < right else ">"
    steps = (
        f"{b}^{n} = {' × '.join([str(b)] * n)} = {left}",
        f"{d}^{k} = {' × '.join([str(d)] * k)} = {right}",
        f"{left} {sign} {right}, so {b}^{n} {sign} {d}^{k}",
    )
    values = {"coefs": [1, -1], "inputs": [b, d], "powers": [n, k], "plus": 0, "ask": "compare"}
    text = puzzle(scene, f"Compare {b}^{n} and {d}^{k}. Write <, > or =.")
    return Draft(text, sign, f"compare({b}^{n}, {d}^{k})", steps, values, "compare", "comparison")


@generator("equations.like_terms")
def like_terms(rng: Random, level: int, scene: Scene | None) -> Draft:
    a, c = rng.randint(2, 9), rng.randint(2, 9)
    b, d = rng.randint(2, 12), rng.randint(1, 9)
    e, f = rng.randint(2, 8), rng.randint(1, 6)
    plus_x, plus_n = rng.choice((True, False)), rng.choice((True, False))
    x, y = rng.sample(LETTERS, 2)
    if level == 1:
        return _like_terms([a, c], [], [b, 0], x, y, scene)
    c = c if plus_x else -min(c, a - 1)
    if level == 2:
        return _like_terms([a, c], [], [b, d if plus_n else -min(d, b - 1)], x, y, scene)
    return _like_terms([a, c], [e, f if plus_n else -min(f, e - 1)], [b, 0], x, y, scene)


def _like_terms(xs: list[int], ys: list[int], numbers: list[int], x: str, y: str, scene: Scene | None) -> Draft:
    first = [(xs[0], x), (ys[0] if ys else 0, y), (numbers[0], "")]
    second = [(xs[1], x), (ys[1] if ys else 0, y), (numbers[1], "")]
    expression = linear(*first, *second)
    answer = linear((sum(xs), x), (sum(ys), y), (sum(numbers), ""))
    steps = [f"The {x} terms belong together: {linear(*((c, x) for c in xs))} = {linear((sum(xs), x))}"]
    if ys:
        steps.append(f"The {y} terms belong together: {linear(*((c, y) for c in ys))} = {linear((sum(ys), y))}")
    if numbers[1]:
        steps.append(f"The numbers belong together: {linear(*((n, '') for n in numbers))} = {sum(numbers)}")
    steps.append(f"Unlike terms stay apart, so the simplest form is {answer}.")
    if scene:
        big = "large " if ys else ""
        holds = f"A {big}{scene.group} holds {x} {scene.things}" + (
            f" and a small {scene.group} holds {y}." if ys else "."
        )
        has = [f"{xs[0]} {big}{scene.groups if xs[0] > 1 else scene.group}"]
        has += [f"{ys[0]} small {scene.groups}"] if ys else []
        then = [_change(xs[1], 0, f"{big}{scene.group}", f"{big}{scene.groups}")]
        then += [_change(ys[1], xs[1], f"small {scene.group}", f"small {scene.groups}")] if ys else []
        then += [_change(numbers[1], xs[1], f"loose {scene.thing}", f"loose {scene.things}")] if numbers[1] else []
        text = (
            f"{holds} {scene.person} has {', '.join(has)} and {numbers[0]} loose {scene.things}. "
            f"Then {scene.person} {' and '.join(then)}. Write an expression for the number of {scene.things} now, in simplest form. "
            f"Start with {expression}."
        )
    else:
        text = f"Combine like terms: {expression}."
    values = {"x_terms": xs, "y_terms": ys, "numbers": numbers, "letter": x, "letter2": y}
    family = "two_letters" if ys else "minus" if min(*xs, *numbers) < 0 else "plus"
    return Draft(text, answer, f"simplify({expression})", tuple(steps), values, family, "expression", "simplest")


def _change(n: int, before: int, one: str, many: str) -> str:
    """ "gets 3 more boxes"; without the verb if it is that of the change before."""
    verb = "" if n * before > 0 else "gets " if n > 0 else "gives away "
    return f"{verb}{abs(n)} {'more ' if n > 0 else ''}{one if abs(n) == 1 else many}"


@rule("equations.conjoins_terms")
def conjoins_terms(v: Values) -> str | None:
    if "x_terms" in v:
        total = sum(v["x_terms"]) + sum(v["y_terms"]) + sum(v["numbers"])
        return term(total, v["letter"] + (v["letter2"] if v["y_terms"] else ""))
    if "pattern" in v:
        a, b, n = v["a"], v["b"], v["letter"]
        glued = {"more": f"{b}{n}", "less_than_product": linear((a - b, n)), "subtract_from_product": linear((a - b, n)),
                 "more_than_product": f"{a + b}{n}", "product_of_sum": f"{a * b}{n}", "sum_divided": f"{b}{n}/{a}"}  # fmt: skip
        return glued.get(v["pattern"])
    if "k" in v:
        letters = "".join(v["letters"])
        return linear((v["k"] * sum(v["coefs"]) + v["plus"], letters))
    a, b, c = _exact(v["a"]), _exact(v["b"]), _exact(v["c"])
    if a + b == 0 or (a.denominator > 1 and v["shown"] != "decimal"):
        return None
    return _number(v, c / (a + b))


@rule("equations.adds_exponents_of_like_terms")
def adds_exponents_of_like_terms(v: Values) -> str | None:
    return linear(
        (sum(v["x_terms"]), f"{v['letter']}^2"), (sum(v["y_terms"]), f"{v['letter2']}^2"), (sum(v["numbers"]), "")
    )


@generator("equations.distribute")
def distribute(rng: Random, level: int, scene: Scene | None) -> Draft:
    k, p, q = rng.randint(2, 9), rng.randint(2, 9), rng.randint(1, 12)
    r, s = rng.randint(1, 9), rng.randint(1, 15)
    minus, minus2 = rng.choice((1, -1)), rng.choice((1, -1))
    x, y = rng.sample(LETTERS, 2)
    added = rng.random() < 0.5
    if level == 1:
        return _distribute(k, [1, q], [x, ""], 0, scene)
    if level == 2:
        return _distribute(k, [p, minus * q], [x, ""], 0, scene)
    if added:
        return _distribute(k, [p, minus * q], [x, ""], s, scene)
    return _distribute(k, [p, minus * q, minus2 * r], [x, y, ""], 0, scene)


def _distribute(k: int, coefs: list[int], letters: list[str], plus: int, scene: Scene | None) -> Draft:
    inner = list(zip(coefs, letters, strict=True))
    expression = f"{k}({linear(*inner)})" + (f" + {plus}" if plus else "")
    products = [(k * c, name) for c, name in inner]
    answer = linear(*products[:-1], (products[-1][0] + plus, ""))
    steps = [f"The {k} multiplies every term inside the parentheses."]
    steps += [f"{k} × {term(abs(c), name)} = {term(k * abs(c), name)}" for c, name in inner]
    steps.append(f"{k}({linear(*inner)}) = {linear(*products)}")
    if plus:
        steps.append(f"{linear(*products)} + {plus} = {answer}")
    x, p, q = letters[0], coefs[0], coefs[1]
    if scene and len(coefs) == 2:
        unit = f"{p} {scene.groups}" if p > 1 else f"one {scene.group}"
        change = f"gives {more(scene, q)} to each" if q > 0 else f"takes {scene.count(-q)} away from each"
        loose = f" There {'are' if plus > 1 else 'is'} {more(scene, plus)} on the floor." if plus else ""
        text = (
            f"Each of {k} helpers at {scene.place} has {unit} with {x} {scene.things}{' in each' if p > 1 else ''}. {scene.person} {change} "
            f"helper.{loose} The expression {expression} gives the number of {scene.things}. Write it without parentheses and in simplest form."
        )
    else:
        text = puzzle(scene, f"Write {expression} without parentheses and in simplest form.")
    values = {"k": k, "coefs": coefs, "letters": letters, "plus": plus}
    family = "added" if plus else "three_terms" if len(coefs) == 3 else "minus" if q < 0 else "plus"
    return Draft(text, answer, f"expand({expression})", tuple(steps), values, family, "expression", "expanded")


@rule("equations.distributes_first_only")
def distributes_first_only(v: Values) -> str | None:
    k, coefs, plus = v["k"], v["coefs"], v["plus"]
    if "other" in v:  # other * x + k(ax + b) = rhs, where y = ax + b
        a, b = coefs
        if v["other"] + k * a == 0:
            return None
        x = Fraction(v["rhs"] - b, v["other"] + k * a)
        return point(*((a * x + b, x) if v["known"] == "x" else (x, a * x + b)))
    if "rhs" in v:
        p, q = coefs
        return str(Fraction(_exact(v["rhs"]) - q - plus) / (k * p))
    terms = [
        (k * coefs[0], v["letters"][0]),
        *zip(coefs[1:-1], v["letters"][1:-1], strict=True),
        (coefs[-1] + plus, ""),
    ]
    return linear(*terms)


# --- grade 6: equations ---


@generator("equations.one_step_add")
def one_step_add(rng: Random, level: int, scene: Scene | None) -> Draft:
    op = rng.choice("+-")
    letter = rng.choice(LETTERS)
    flipped = rng.random() < 0.5 and level > 1
    decimals = rng.random() < 0.6
    if level == 1:
        a, x = Fraction(rng.randint(2, 15)), Fraction(rng.randint(3, 20))
    elif level == 2:
        a, x = Fraction(rng.randint(12, 99)), Fraction(rng.randint(20, 150))
    elif decimals:
        a, x = Fraction(rng.randint(11, 99), 10), Fraction(rng.randint(12, 120), 10)
    else:
        d = rng.choice((3, 4, 5, 6, 8))
        a, x = Fraction(rng.randint(1, d - 1), d), Fraction(rng.randint(1, 3 * d), d)
    if op == "-" and x <= a:
        x += a
    return _one_step_add(op, a, x, letter, flipped, decimals, scene)


def _one_step_add(
    op: str, a: Fraction, x: Fraction, letter: str, flipped: bool, decimals: bool, scene: Scene | None
) -> Draft:
    b = x + a if op == "+" else x - a
    show = dec if decimals else str
    sides = (f"{letter} {op} {show(a)}", show(b))
    equation = " = ".join(sides[::-1] if flipped else sides)
    back = "-" if op == "+" else "+"
    steps = (
        f"{'Subtract' if op == '+' else 'Add'} {show(a)} {'from' if op == '+' else 'to'} both sides, because {'subtracting undoes adding' if op == '+' else 'adding undoes subtracting'}.",
        f"{letter} = {show(b)} {back} {show(a)}",
        f"{letter} = {show(x)}",
        f"Check: {show(x)} {op} {show(a)} = {show(b)}",
    )
    if scene:
        whole = a.denominator == b.denominator == 1
        stuff, amount, bring = (
            (scene.things, f"a {scene.group}", "puts")
            if whole
            else (f"{scene.stuff_unit} of {scene.stuff}", "a container", "adds")
        )
        into = f"{bring} {show(a)} more {'into' if whole else 'to'} it" if op == "+" else f"takes {show(a)} out of it"
        text = (
            f"There are {letter} {stuff} in {amount}. {scene.person} {into}. Now there are {show(b)}. "
            f"Solve {equation} to find {letter}."
        )
        text = text.replace("Now there are 1.", "Now there is 1.")
    else:
        text = f"Solve for {letter}: {equation}."
    values = {"op": op, "a": _plain(a), "b": _plain(b), "shown": "decimal" if decimals else "fraction"}
    return Draft(text, show(x), f"solve({equation}, {letter})", steps, values, "add" if op == "+" else "take_away")


@rule("equations.uses_shown_operation")
def uses_shown_operation(v: Values) -> str | None:
    a, b = _exact(v["a"]), _exact(v["b"])
    x = {"+": b + a, "-": b - a, "*": b * a, "/": b / a}[v["op"]]
    if "rel" in v:
        flip = v["op"] in "*/" and a < 0
        return f"{v['letter']} {FLIP[v['rel']] if flip else v['rel']} {x}"
    return dec(x) if v.get("shown") == "decimal" else str(x)


@generator("equations.one_step_multiply")
def one_step_multiply(rng: Random, level: int, scene: Scene | None) -> Draft:
    letter = rng.choice(LETTERS)
    op = rng.choice("*/")
    kind = rng.choice(("decimal", "part", "rest"))
    if level == 1:
        a, x = rng.randint(2, 10), rng.randint(2, 12)
        return _one_step_multiply(op, Fraction(a), Fraction(x * a if op == "/" else x), letter, "whole", scene)
    if level == 2:
        a, x = rng.randint(3, 15), rng.randint(5, 30)
        return _one_step_multiply(op, Fraction(a), Fraction(x * a if op == "/" else x), letter, "whole", scene)
    if kind == "decimal":
        a, x = Fraction(rng.choice([n for n in range(2, 45) if n % 10]), 10), Fraction(rng.randint(3, 25))
        return _one_step_multiply("*", a, x, letter, kind, scene)
    if kind == "part":
        d = rng.randint(3, 8)
        n = rng.choice([i for i in range(2, d) if gcd(i, d) == 1])
        return _one_step_multiply("*", Fraction(n, d), Fraction(d * rng.randint(2, 12)), letter, kind, scene)
    a = rng.choice((4, 6, 8, 9, 10, 12))
    b = rng.choice([i for i in range(3, 80) if i % a])
    return _one_step_multiply("*", Fraction(a), Fraction(b, a), letter, kind, scene)


def _one_step_multiply(op: str, a: Fraction, x: Fraction, letter: str, kind: str, scene: Scene | None) -> Draft:
    b = a * x if op == "*" else x / a
    show = dec if kind == "decimal" else str
    left = f"{letter}/{a}" if op == "/" else f"({a}){letter}" if kind == "part" else f"{show(a)}{letter}"
    equation = f"{left} = {show(b)}"
    if kind == "part":
        steps = [
            f"Divide both sides by {a}. That is the same as multiplying by {a.denominator}/{a.numerator}.",
            f"{letter} = {b} × {a.denominator}/{a.numerator}",
        ]
    elif op == "*":
        steps = [
            f"{left} means {show(a)} times {letter}. Dividing undoes multiplying.",
            f"{letter} = {show(b)} ÷ {show(a)}",
        ]
    else:
        steps = [f"{left} means {letter} divided by {a}. Multiplying undoes dividing.", f"{letter} = {b} × {a}"]
    steps.append(f"{letter} = {show(x)}")
    story = ""
    if scene and op == "/":
        story = f"{scene.person} shares {letter} {scene.things} equally among {a} {scene.groups}. Each {scene.group} gets {b}."
    elif scene:
        story = {
            "whole": f"There are {a} {scene.groups} with {letter} {scene.things} in each. That makes {b} {scene.things} in all.",
            "decimal": f"One jar holds {show(a)} {scene.stuff_unit} of {scene.stuff}. {scene.person} needs {show(b)} {scene.stuff_unit} to fill {letter} jars.",
            "part": f"There are {letter} {scene.things} at {scene.place}. {scene.person} counts {b} of them, which is {a} of all the {scene.things}.",
            "rest": f"{a} equal jars hold {b} {scene.stuff_unit} of {scene.stuff} in all, so each jar holds {letter} {scene.stuff_unit}.",
        }[kind]
    text = f"{story} Solve {equation} to find {letter}." if scene else f"Solve for {letter}: {equation}."
    values = {"op": op, "a": _plain(a), "b": _plain(b), "shown": "decimal" if kind == "decimal" else "fraction"}
    return Draft(text, show(x), f"solve({equation}, {letter})", tuple(steps), values, "divide" if op == "/" else kind)


@rule("equations.subtracts_coefficient")
def subtracts_coefficient(v: Values) -> str | None:
    if "c" in v:
        a, b, c = _exact(v["a"]), _exact(v["b"]), _exact(v["c"])
        x = c - b - a if a.denominator == 1 or v["shown"] == "decimal" else c - b + 1 / a
    else:
        a, b = _exact(v["a"]), _exact(v["b"])
        if v["op"] not in ("*", "/"):
            return None
        x = b - a if v["op"] == "*" else b + a
    return dec(x) if v.get("shown") == "decimal" else str(x)


@generator("equations.one_step_story")
def one_step_story(rng: Random, level: int, scene: Scene | None) -> Draft:
    family = rng.choice({1: ("join", "separate", "groups", "share"), 2: ("more", "fewer", "times"),
                         3: ("price_more", "price_less", "price_each")}[level])  # fmt: skip
    if level == 1:
        a, x = (
            (rng.randint(3, 20), rng.randint(3, 30))
            if family in ("join", "separate")
            else (rng.randint(2, 9), rng.randint(3, 12))
        )
    elif level == 2:
        a, x = (
            (rng.randint(6, 40), rng.randint(7, 60)) if family != "times" else (rng.randint(2, 6), rng.randint(4, 20))
        )
    else:
        a = Fraction(rng.randint(3, 40), 4) if family != "price_each" else Fraction(rng.randint(2, 9))
        x = Fraction(rng.randint(5, 60), 4)
    if family in ("separate", "fewer", "price_less"):
        x += a
    if family == "share":
        x *= a
    return _one_step_story(family, Fraction(a), Fraction(x), scene or default_scene())


def _one_step_story(family: str, a: Fraction, x: Fraction, s: Scene) -> Draft:
    op = {
        "join": "+",
        "more": "+",
        "price_more": "+",
        "separate": "-",
        "fewer": "-",
        "price_less": "-",
        "share": "/",
    }.get(family, "*")
    b = {"+": x + a, "-": x - a, "*": x * a, "/": x / a}[op]
    cash = family.startswith("price")
    A, B, X = (money(a), money(b), money(x)) if cash else (str(a), str(b), str(x))
    text = {
        "join": f"{s.person} has some {s.things} in a {s.group} and puts {more(s, a)} into it. Now there are {B} {s.things} in the {s.group}. How many {s.things} were there at first?",
        "separate": f"{s.person} has some {s.things} and gives {s.count(int(a))} to {s.friend}. Now {s.person} has {s.count(int(b))} left. How many {s.things} did {s.person} have at first?",
        "groups": f"{A} {s.groups} hold the same number of {s.things}. In all they hold {B} {s.things}. How many {s.things} are in one {s.group}?",
        "share": f"{s.person} shares some {s.things} equally among {A} {s.groups}. Each {s.group} gets {B} {s.things}. How many {s.things} does {s.person} share?",
        "more": f"{s.person} has {B} {s.things}. That is {A} more than {s.friend} has. How many {s.things} does {s.friend} have?",
        "fewer": f"{s.person} has {s.count(int(b))}. That is {A} fewer than {s.friend} has. How many {s.things} does {s.friend} have?",
        "times": f"{s.person} has {B} {s.things}. That is {A} times as many as {s.friend} has. How many {s.things} does {s.friend} have?",
        "price_more": f"This week {article(s.buy)} costs ${B}. That is ${A} more than last week. How much did {article(s.buy)} cost last week?",
        "price_less": f"This week {article(s.buy)} costs ${B}. That is ${A} less than last week. How much did {article(s.buy)} cost last week?",
        "price_each": f"{s.person} pays ${B} for {A} {s.buys} that all cost the same. How much does one {s.buy} cost?",
    }[family]  # fmt: skip
    meaning = {
        "join": "the number at first", "separate": "the number at first", "groups": f"the number in one {s.group}", "share": "the number shared",
        "price_more": "last week's price in dollars", "price_less": "last week's price in dollars", "price_each": "the price of one in dollars",
    }.get(family, f"the number that {s.friend} has")  # fmt: skip
    left = {"+": f"x + {A}", "-": f"x - {A}", "*": f"{A}x", "/": f"x/{A}"}[op]
    back = {"+": "-", "-": "+", "*": "÷", "/": "×"}[op]
    steps = (f"Let x be {meaning}.", f"The story says {left} = {B}.", f"x = {B} {back} {A}", f"x = {X}")
    values = {"op": op, "a": _plain(a), "b": _plain(b), "shown": "money" if cash else "fraction"}
    return Draft(text, X, f"solve({left} = {B}, x)", steps, values, family, unit="dollars" if cash else s.things)


@rule("equations.keyword_operation")
def keyword_operation(v: Values) -> str | None:
    a, b = _exact(v["a"]), _exact(v["b"])
    x = {"+": b + a, "-": b - a, "*": b * a, "/": b / a}[v["op"]]
    if v["op"] == "-" and x < 0:
        x = -x  # the smaller number is always taken from the larger one
    return money(x) if v["shown"] == "money" else str(x)


@generator("equations.check_solution")
def check_solution(rng: Random, level: int, scene: Scene | None) -> Draft:
    letter = rng.choice(LETTERS)
    if level == 1:
        p, q = rng.randint(2, 12), rng.randint(2, 12)
        op, a, r = "+", 1, rng.randint(1, p + q - 1)
    elif level == 2:
        p, q = rng.randint(15, 60), rng.randint(6, 14)
        op, a = rng.choice("+-"), 1
        left = p + q if op == "+" else p - q
        r = rng.choice([i for i in range(-15, left) if i])
    else:
        a, p, q, op = rng.randint(2, 5), rng.randint(3, 9), rng.randint(4, 9), "*"
        r = p * q - a * rng.choice([n for n in range(3, 10) if a * n != p * q])
    left = {"+": p + q, "-": p - q, "*": p * q}[op]
    x = (left - r) // a
    family = rng.choice(("which", "yes_no"))
    candidate = rng.choice((x, left))
    shown = f"{p} {'×' if op == '*' else op} {q}"
    right = linear((a, letter), (r, ""))
    return _check_solution(left, shown, right, letter, a, r, x, candidate if family == "yes_no" else None, scene)


def _check_solution(
    left: int, shown: str, right: str, letter: str, a: int, r: int, x: int, candidate: int | None, scene: Scene | None
) -> Draft:
    equation = f"{shown} = {right}"
    code = equation.replace("×", "*")

    def side(n: int) -> str:
        product = f"{a} × {paren(n)}" if a > 1 else str(n)
        return f"{product} {'+' if r > 0 else '-'} {abs(r)}"

    if candidate is None:
        choices = sorted({x, left, left + r})
        if len(choices) < 3:
            choices = sorted({*choices, x + 1})
        listed = f"{', '.join(map(str, choices[:-1]))} or {choices[-1]}"
        text = puzzle(scene, f"Which of the numbers {listed} makes the equation {equation} true?")
        steps = [f"The left side is {shown} = {left}."]
        steps += [
            f"With {n} in place of {letter}, the right side is {side(n)} = {a * n + r}, {'the same' if a * n + r == left else 'not the same'}."
            for n in choices
        ]
        steps.append(f"So {x} is the solution.")
        values = {"belief": left, "ask": "which"}
        return Draft(text, str(x), f"solve({code}, {letter})", tuple(steps), values, "which")
    answer = "yes" if candidate == x else "no"
    text = puzzle(scene, f"Is {letter} = {candidate} a solution of {equation}? Answer yes or no.")
    steps = (
        f"The left side is {shown} = {left}.",
        f"Put {candidate} in place of {letter} on the right side: {side(candidate)} = {a * candidate + r}",
        "Both sides are the same, so the answer is yes."
        if answer == "yes"
        else "The two sides differ, so the answer is no.",
    )
    values = {"belief": left, "ask": "yes_no", "candidate": candidate}
    return Draft(
        text, answer, f"check({code}, {letter}={candidate})", steps, values, "yes_no", "word", choices=("yes", "no")
    )


@rule("equations.answer_comes_after_equals")
def answer_comes_after_equals(v: Values) -> str | None:
    if v["ask"] == "which":
        return str(v["belief"])
    return "yes" if v["candidate"] == v["belief"] else "no"


_BOUNDS = {
    1: {"is greater than": (">", ">"), "is more than": (">", ">"), "is less than": ("<", "<"), "is above": (">", ">"), "is below": ("<", "<")},
    2: {"is at least": (">=", "<="), "is at most": ("<=", ">="), "is no more than": ("<=", ">="), "is no less than": (">=", "<=")},
    3: {"is not less than": (">=", "<="), "is not more than": ("<=", ">="), "is at least": (">=", "<="), "is at most": ("<=", ">="), "does not go over": ("<=", ">="), "does not go under": (">=", "<=")},
}  # fmt: skip


@generator("equations.inequality_write")
def inequality_write(rng: Random, level: int, scene: Scene | None) -> Draft:
    phrase = rng.choice(list(_BOUNDS[level]))
    n = Fraction(rng.randint(5, 495), 10) if level == 3 else Fraction(rng.randint(2, 60))
    return _inequality_write(level, phrase, n, rng.choice(LETTERS), scene)


def _inequality_write(level: int, phrase: str, n: Fraction, letter: str, scene: Scene | None) -> Draft:
    rel, keyword = _BOUNDS[level][phrase]
    shown = dec(n)
    answer = f"{letter} {rel} {shown}"
    if scene and level == 3:
        text = f"{scene.person} uses {letter} {scene.stuff_unit} of {scene.stuff}. The amount {phrase} {shown} {scene.stuff_unit}. Write an inequality for {letter}."
    elif scene:
        text = f"A {scene.group} at {scene.place} holds {letter} {scene.things}. The number of {scene.things} {phrase} {shown}. Write an inequality for {letter}."
    else:
        text = f"A number {letter} {phrase} {shown}. Write this as an inequality."
    direction = "greater" if rel[0] == ">" else "less"
    steps = (
        f"{letter} may be {direction} than {shown}.",
        f"{letter} may also be exactly {shown}." if len(rel) == 2 else f"{letter} may not be exactly {shown}.",
        f"So write {letter} {SIGN[rel]} {shown}.",
    )
    values = {"rel": rel, "keyword": keyword, "bound": shown, "letter": letter}
    return Draft(text, answer, f"solve({answer}, {letter})", steps, values, phrase.replace(" ", "_"), "inequality")


@rule("equations.inequality_by_keyword")
def inequality_by_keyword(v: Values) -> str | None:
    return f"{v['letter']} {v['keyword']} {v['bound']}"


@rule("equations.leaves_out_equal")
def leaves_out_equal(v: Values) -> str | None:
    return f"{v['letter']} {v['rel'][0]} {v['bound']}" if len(v["rel"]) == 2 else None


# --- grade 7 ---


@generator("equations.two_step")
def two_step(rng: Random, level: int, scene: Scene | None) -> Draft:
    letter = rng.choice(LETTERS)
    shape = rng.choice({1: ("ax",), 2: ("ax", "ax", "ax", "quotient"), 3: ("decimal", "reversed", "fraction")}[level])
    if level == 1:
        a, x, b = rng.randint(2, 9), rng.randint(2, 12), nonzero(rng, -15, 20)
        if a * x + b <= 0:
            b = -b
    elif shape == "ax":
        a, x, b = nonzero(rng, -9, 9), nonzero(rng, -12, 12), nonzero(rng, -20, 20)
        a = a if abs(a) > 1 else 6 * a
    elif shape == "quotient":
        d = rng.randint(2, 9)
        a, x, b = Fraction(1, d), d * nonzero(rng, -9, 9), nonzero(rng, -15, 15)
    elif shape == "decimal":
        a, x, b = (
            Fraction(rng.choice((5, 12, 15, 25, 35, 4, 8)), 10),
            rng.randint(2, 15),
            Fraction(nonzero(rng, -49, 49), 10),
        )
    elif shape == "reversed":
        a, x, b = -rng.randint(2, 9), nonzero(rng, -12, 12), rng.randint(2, 30)
    else:
        a, b = rng.randint(3, 9), nonzero(rng, -15, 15)
        x = Fraction(rng.choice([n for n in range(-20, 21) if n % a]), a)
    return _two_step(Fraction(a), Fraction(b), Fraction(x), letter, shape, scene)


def _two_step(a: Fraction, b: Fraction, x: Fraction, letter: str, shape: str, scene: Scene | None) -> Draft:
    c = a * x + b
    show = dec if shape == "decimal" else str
    if shape == "quotient":
        head = f"{letter}/{a.denominator}"
        left = f"{head} {'+' if b > 0 else '-'} {abs(b)}"
    else:
        head = decimal_linear(a, letter, 0) if shape == "decimal" else term(a, letter)
        left = (
            decimal_linear(a, letter, b)
            if shape == "decimal"
            else linear((b, ""), (a, letter))
            if shape == "reversed"
            else linear((a, letter), (b, ""))
        )
    equation = f"{left} = {show(c)}"
    last = f"Multiply both sides by {a.denominator}: {letter} = {paren(c - b)} × {a.denominator}" if shape == "quotient" else (
        f"Divide both sides by {show(a)}: {letter} = {show(c - b)} ÷ {f'({show(a)})' if a < 0 else show(a)}"
    )  # fmt: skip
    steps = (
        f"{_undo(b, show(abs(b)))}: {head} = {show(c)} {'-' if b > 0 else '+'} {show(abs(b))}",
        f"{head} = {show(c - b)}",
        last,
        f"{letter} = {show(x)}",
    )
    if scene and shape == "ax" and a > 0 and x > 0 and c > 0:
        extra = f"gets {more(scene, b)}" if b > 0 else f"gives away {scene.count(int(-b))}"
        text = (
            f"{scene.person} has {a} {scene.groups} with {letter} {scene.things} in each and {extra}. Now there "
            f"{'is' if c == 1 else 'are'} {scene.count(int(c))}. Solve {equation} to find {letter}."
        )
    else:
        text = puzzle(scene, f"Solve for {letter}: {equation}.")
    values = {"a": _plain(a), "b": _plain(b), "c": _plain(c), "shown": "decimal" if shape == "decimal" else "fraction"}
    return Draft(text, show(x), f"solve({equation}, {letter})", steps, values, shape)


def _number(v: Values, x: Fraction) -> str:
    return dec(x) if v.get("shown") == "decimal" else str(x)


@rule("equations.divides_before_subtracting")
def divides_before_subtracting(v: Values) -> str | None:
    a, b, c = _exact(v["a"]), _exact(v["b"]), _exact(v["c"])
    if "rel" in v:
        return f"{v['letter']} {FLIP[v['rel']] if a < 0 else v['rel']} {c / a - b}"
    return _number(v, c / a - b)


@rule("equations.moves_term_keeps_sign")
def moves_term_keeps_sign(v: Values) -> str | None:
    if "moved" in v:
        whole = f"{v['main']} {'+' if v['moved_sign'] > 0 else '-'} {v['moved']}"
        return f"({whole})/{v['divisor']}" if v["divisor"] > 1 else whole
    if "k" in v:  # k(px + q) + s = rhs: the inner number comes over with its own sign
        p, q = v["coefs"]
        return str(((_exact(v["rhs"]) - v["plus"]) / v["k"] + q) / p)
    if "d" in v:
        a, b, c, d = (_exact(v[name]) for name in "abcd")
        return str((d + b) / (a - c))
    a, b, c = _exact(v["a"]), _exact(v["b"]), _exact(v["c"])
    if "rel" in v:
        return f"{v['letter']} {FLIP[v['rel']] if a < 0 else v['rel']} {(c + b) / a}"
    return _number(v, (c + b) / a)


@rule("equations.ignores_coefficient")
def ignores_coefficient(v: Values) -> str | None:
    return _number(v, _exact(v["c"]) - _exact(v["b"]))


@generator("equations.two_step_story")
def two_step_story(rng: Random, level: int, scene: Scene | None) -> Draft:
    family = rng.choice(("fee", "saving", "left"))
    if level == 1:
        rate, fixed, x = Fraction(rng.randint(2, 9)), Fraction(rng.randint(3, 20)), rng.randint(2, 8)
    elif level == 2:
        rate, fixed, x = Fraction(rng.randint(6, 18)), Fraction(rng.randint(10, 25)), rng.randint(4, 12)
    else:
        rate, fixed, x = (
            Fraction(rng.choice([n for n in range(5, 34) if n % 4]), 4),
            Fraction(rng.randint(13, 90), 4),
            rng.randint(4, 15),
        )
    if rate == fixed:
        fixed += 1
    return _two_step_story(family, rate, fixed, x, scene or default_scene())


def _two_step_story(family: str, rate: Fraction, fixed: Fraction, x: int, s: Scene) -> Draft:
    total = rate * x + fixed
    R, F, T = money(rate), money(fixed), money(total)
    text = {
        "fee": f"{s.person} orders {s.buys} online for {s.place}. Each one costs ${R}, and the delivery costs ${F} once. The whole order costs ${T}. How many {s.buys} does {s.person} order?",
        "saving": f"{s.person} has ${F} and saves ${R} more every week. {s.person} wants to have ${T} for a day at {s.place}. How many weeks does it take?",
        "left": f"{s.person} brings ${T} to {s.place} and buys some {s.buys} for ${R} each. After that ${F} is left. How many {s.buys} does {s.person} buy?",
    }[family]  # fmt: skip
    spent = {
        "fee": "The delivery is paid once",
        "saving": "The first amount is already there",
        "left": "The money that is left was not spent",
    }[family]
    equation = f"{R}x + {F} = {T}"
    steps = (
        f"Let x be the number of {'weeks' if family == 'saving' else s.buys}. Then {equation}.",
        f"{spent}, so take it away: {T} - {F} = {money(total - fixed)}",
        f"Divide by ${R} for each: {money(total - fixed)} ÷ {R} = {x}",
        f"x = {x}",
    )
    values = {"rate": dec(rate), "fixed": dec(fixed), "total": dec(total)}
    return Draft(
        text, str(x), f"solve({equation}, x)", steps, values, family, unit="weeks" if family == "saving" else s.buys
    )


@rule("equations.story_ignores_fixed")
def story_ignores_fixed(v: Values) -> str | None:
    return str(_exact(v["total"]) // _exact(v["rate"]))


@rule("equations.story_swaps_rate_and_fixed")
def story_swaps_rate_and_fixed(v: Values) -> str | None:
    return str((_exact(v["total"]) - _exact(v["rate"])) // _exact(v["fixed"]))


@generator("equations.parentheses")
def parentheses(rng: Random, level: int, scene: Scene | None) -> Draft:
    letter = rng.choice(LETTERS)
    k, p = rng.randint(2, 9), rng.randint(2, 5)
    x, q = rng.randint(1, 12), rng.randint(1, 12)
    minus, s = rng.choice((1, -1)), nonzero(rng, -15, 15)
    sign_k, sign_x = rng.choice((1, -1)), rng.choice((1, -1))
    if level == 1:
        return _parentheses(k, 1, q, 0, Fraction(x), letter, scene)
    if level == 2:
        q = q if minus > 0 else -q
        x = sign_x * x
        return _parentheses(k * sign_k, 1, q, 0, Fraction(x if x + q else x + 1), letter, scene)
    x = sign_x * x
    q *= minus
    return _parentheses(k * sign_k, p, q, s, Fraction(x if p * x + q else x + 1), letter, scene)


def _parentheses(k: int, p: int, q: int, s: int, x: Fraction, letter: str, scene: Scene | None) -> Draft:
    inner = linear((p, letter), (q, ""))
    rhs = k * (p * x + q) + s
    equation = f"{k}({inner}){f' + {s}' if s > 0 else f' - {-s}' if s else ''} = {rhs}"
    steps = []
    if s:
        steps.append(f"{_undo(s, str(abs(s)))}: {k}({inner}) = {rhs - s}")
    steps += [
        f"Divide both sides by {k}: {inner} = {(rhs - s) / k}",
        f"{_undo(q, str(abs(q)))}: {term(p, letter)} = {p * x}",
    ]
    if p != 1:
        steps.append(f"Divide both sides by {p}: {letter} = {x}")
    if scene and k > 0 and p == 1 and s == 0 and x > 0 and x + q > 0:
        change = (
            f"{more(scene, q)} {'are' if q > 1 else 'is'} put into"
            if q > 0
            else f"{scene.count(abs(q))} {'are' if abs(q) > 1 else 'is'} taken out of"
        )
        text = (
            f"There are {k} {scene.groups} with {letter} {scene.things} in each. Then {change} each {scene.group}. Now there are "
            f"{rhs} {scene.things} in all. Solve {equation} to find {letter}."
        )
    else:
        text = puzzle(scene, f"Solve for {letter}: {equation}.")
    values = {"k": k, "coefs": [p, q], "letters": [letter, ""], "plus": s, "rhs": _plain(rhs)}
    return Draft(
        text,
        str(x),
        f"solve({equation}, {letter})",
        tuple(steps),
        values,
        "outside_number" if s else "plus" if q > 0 else "minus",
    )


@generator("equations.inequality_one_step")
def inequality_one_step(rng: Random, level: int, scene: Scene | None) -> Draft:
    letter, rel = rng.choice(LETTERS), rng.choice(list(SIGN))
    positive = rng.random() < (1 if level == 1 else 0.2)
    shape = rng.choice("+-*") if positive else rng.choice("**/")
    if positive:
        a = rng.randint(2, 12) if shape == "*" else rng.randint(2, 25)
        x = rng.randint(1, 15) if level == 1 else nonzero(rng, -15, 15)
        if shape == "-" and level == 1:
            x += a
        return _inequality_one_step(shape, Fraction(a), Fraction(x), rel, letter, scene)
    a, d = rng.randint(2, 12), rng.randint(2, 9)
    x = Fraction(nonzero(rng, -12, 12))
    if level == 3 and shape == "*":
        x = Fraction(rng.choice([n for n in range(-30, 31) if n % a]), a)
    return _inequality_one_step(
        "*", Fraction(-1, d) if shape == "/" else Fraction(-a), x * d if shape == "/" else x, rel, letter, scene
    )


def _inequality_one_step(op: str, a: Fraction, x: Fraction, rel: str, letter: str, scene: Scene | None) -> Draft:
    b = {"+": x + a, "-": x - a, "*": a * x}[op]
    quotient = op == "*" and a.denominator > 1
    left = f"-{letter}/{a.denominator}" if quotient else term(a, letter) if op == "*" else f"{letter} {op} {a}"
    code = f"{left} {rel} {b}"
    flip = op == "*" and a < 0
    final = FLIP[rel] if flip else rel
    if quotient:
        action = f"Multiply both sides by {a.denominator * -1}"
    elif op == "*":
        action = f"Divide both sides by {a}"
    else:
        action = _undo(a if op == "+" else -a, str(a))
    steps = [f"{action}."]
    if flip:
        steps.append(f"A negative number turns the order around, so {SIGN[rel]} becomes {SIGN[final]}.")
    steps.append(f"{letter} {SIGN[final]} {x}")
    shown = f"{left} {SIGN[rel]} {b}"
    if scene and a > 0 and b > 0 and x > 0:
        limit = {"<": "fewer than", "<=": "at most", ">": "more than", ">=": "at least"}[rel]
        start = {
            "+": f"{scene.person} has {letter} {scene.things} and gets {more(scene, a)}.",
            "-": f"{scene.person} has {letter} {scene.things} and gives away {scene.count(int(a))}.",
            "*": f"{scene.person} fills {a} {scene.groups} with {letter} {scene.things} each.",
        }[op]
        text = f"{start} Now {scene.person} has {limit} {scene.count(int(b))}. Solve {shown} for {letter}."
    else:
        text = puzzle(scene, f"Solve for {letter}: {shown}.")
    values = {"op": op, "a": _plain(a), "b": _plain(b), "rel": rel, "letter": letter}
    family = "negative" if flip else {"+": "add", "-": "take_away", "*": "positive"}[op]
    return Draft(text, f"{letter} {final} {x}", f"solve({code}, {letter})", tuple(steps), values, family, "inequality")


@rule("equations.keeps_inequality_sign")
def keeps_inequality_sign(v: Values) -> str | None:
    a = _exact(v["a"])
    if a > 0 or v.get("op", "*") != "*":
        return None
    if "low" in v:
        low, high = ((_exact(v[name]) - v["b"]) / a for name in ("low", "high"))
        return f"{low} {v['low_rel']} {v['letter']} {v['high_rel']} {high}"
    x = (_exact(v["c"]) - _exact(v["b"])) / a if "c" in v else _exact(v["b"]) / a
    return f"{v['letter']} {v['rel']} {x}"


@generator("equations.inequality_two_step")
def inequality_two_step(rng: Random, level: int, scene: Scene | None) -> Draft:
    letter, rel = rng.choice(LETTERS), rng.choice(list(SIGN))
    negative = rng.random() < {1: 0, 2: 0.8, 3: 0.85}[level]
    plain = rng.random() < 0.5
    a, x, b = rng.randint(2, 9), rng.randint(1, 12), rng.randint(2, 20)
    far = rng.randint(1, 15)
    sign_b, sign_x = rng.choice((1, -1)), rng.choice((1, -1))
    rest = rng.choice([n for n in range(-25, 26) if n % a])
    if level == 1:
        return _inequality_two_step(a, b, Fraction(x), rel, letter, False, scene)
    if level == 2 and negative and plain:  # start with b and use a again and again
        return _inequality_two_step(-a, a * x + far, Fraction(x), rel, letter, True, scene)
    x = Fraction(rest, a) if level == 3 else Fraction(sign_x * x)
    return _inequality_two_step(-a if negative else a, b * sign_b, x, rel, letter, False, scene)


def _inequality_two_step(
    a: int, b: int, x: Fraction, rel: str, letter: str, number_first: bool, scene: Scene | None
) -> Draft:
    c = a * x + b
    left = linear((b, ""), (a, letter)) if number_first else linear((a, letter), (b, ""))
    final = FLIP[rel] if a < 0 else rel
    steps = [f"{_undo(b, str(abs(b)))}: {term(a, letter)} {SIGN[rel]} {c - b}"]
    if a < 0:
        steps.append(f"Divide both sides by {a}. Dividing by a negative number turns {SIGN[rel]} into {SIGN[final]}.")
    else:
        steps.append(f"Divide both sides by {a}.")
    steps.append(f"{letter} {SIGN[final]} {x}")
    shown = f"{left} {SIGN[rel]} {c}"
    limit = {"<": "less than", "<=": "at most", ">": "more than", ">=": "at least"}[rel]
    if scene and number_first:
        text = (
            f"{scene.person} starts with ${b} and spends ${a * -1} at {scene.place} every day for {letter} days. The money left is "
            f"{limit} ${c}. Solve {shown} for {letter}."
        )
    elif scene and a > 0 and b > 0 and x.denominator == 1 and x > 0:
        text = (
            f"{scene.person} buys {letter} {scene.buys} for ${a} each and pays ${b} for the ride to {scene.place}. The total is "
            f"{limit} ${c}. Solve {shown} for {letter}."
        )
    else:
        text = puzzle(scene, f"Solve for {letter}: {shown}.")
    values = {"a": a, "b": b, "c": _plain(c), "rel": rel, "letter": letter}
    return Draft(text, f"{letter} {final} {x}", f"solve({left} {rel} {c}, {letter})", tuple(steps), values,
                 "number_first" if number_first else "negative" if a < 0 else "positive", "inequality")  # fmt: skip


@generator("equations.factor_common")
def factor_common(rng: Random, level: int, scene: Scene | None) -> Draft:
    x, y = rng.sample(LETTERS, 2)
    g = rng.randint(2, {1: 7, 2: 12, 3: 9}[level])
    p = rng.randint(1 if level == 1 else 2, 9)
    q = rng.choice([n for n in range(1, 12) if gcd(n, p) == 1 and n != p])
    r, minus, minus2 = rng.randint(1, 9), rng.choice((1, -1)), rng.choice((1, -1))
    if level == 1:
        return _factor_common(g, [p, q], [x, ""], scene)
    if level == 2:
        return _factor_common(g, [p, minus * q], [x, ""], scene)
    return _factor_common(g, [p, minus * q, minus2 * r], [x, y, ""], scene)


def _factor_common(g: int, coefs: list[int], letters: list[str], scene: Scene | None) -> Draft:
    inner = list(zip(coefs, letters, strict=True))
    outer = [(g * c, name) for c, name in inner]
    expression, answer = linear(*outer), f"{g}({linear(*inner)})"
    sizes = [abs(c) for c, _ in outer]
    steps = [f"The greatest number that divides {', '.join(map(str, sizes[:-1]))} and {sizes[-1]} is {g}."]
    steps += [f"{term(abs(c), name)} ÷ {g} = {term(abs(c) // g, name)}" for c, name in outer]
    steps.append(f"{expression} = {answer}")
    if scene and len(coefs) == 2 and coefs[1] > 0:
        text = (
            f"{scene.person} fills {sizes[0]} {scene.groups} with {letters[0]} {scene.things} each and has {scene.count(sizes[1])} left over. That makes "
            f"{expression} {scene.things}. Write {expression} as a product by factoring out the greatest common factor."
        )
    else:
        text = puzzle(scene, f"Factor out the greatest common factor: {expression}.")
    values = {"factor": g, "coefs": coefs, "letters": letters}
    family = "three_terms" if len(coefs) == 3 else "minus" if coefs[1] < 0 else "plus"
    return Draft(text, answer, f"factor({expression})", tuple(steps), values, family, "expression", "factored")


@rule("equations.factors_first_term_only")
def factors_first_term_only(v: Values) -> str | None:
    g, (first, *rest) = v["factor"], v["coefs"]
    return f"{g}({linear((first, v['letters'][0]), *((g * c, name) for c, name in zip(rest, v['letters'][1:], strict=True)))})"


@rule("equations.subtracts_common_factor")
def subtracts_common_factor(v: Values) -> str | None:
    g = v["factor"]
    inner = [((abs(g * c) - g) * (1 if c > 0 else -1), name) for c, name in zip(v["coefs"], v["letters"], strict=True)]
    return f"{g}({linear(*inner)})" if sum(1 for c, _ in inner if c) > 1 else None


# --- grade 8 ---


@generator("equations.both_sides")
def both_sides(rng: Random, level: int, scene: Scene | None) -> Draft:
    letter = rng.choice(LETTERS)
    if level == 1:
        c, x, d = rng.randint(1, 6), rng.randint(1, 10), rng.randint(3, 40)
        a = c + rng.randint(1, 6)
        b = c * x + d - a * x
        if b <= 0:
            d += 1 - b + rng.randint(0, 8)
            b = c * x + d - a * x
        return _both_sides(a, b, c, d, letter, 0, scene)
    a, x = nonzero(rng, -9, 9), nonzero(rng, -10, 10)
    c = rng.choice([n for n in range(-9, 10) if n and n != a and n != -a])
    b = nonzero(rng, -20, 20)
    if level == 2:
        d = a * x + b - c * x
        if d == 0:
            b, d = b + 1, 1
        return _both_sides(a, b, c, d, letter, 0, scene) if b else _both_sides(a, 2, c, 2 + d, letter, 0, scene)
    k, q = nonzero(rng, -6, 6), nonzero(rng, -9, 9)
    k = k if abs(k) > 1 else 3 * k
    c = c if c not in (k, -k) else k + 1 if k + 1 else 2
    d = rng.choice([n for n in range(-25, 26) if n and n != -k * q and n != k * q])
    return _both_sides(k, k * q, c, d, letter, k, scene)


def _both_sides(a: int, b: int, c: int, d: int, letter: str, factored: int, scene: Scene | None) -> Draft:
    """The equation ax + b = cx + d; `factored` is the factor in front of parentheses on the left side, 0 for none."""
    x = Fraction(d - b, a - c)
    open_left, right = linear((a, letter), (b, "")), linear((c, letter), (d, ""))
    left = f"{factored}({linear((a // factored, letter), (b // factored, ''))})" if factored else open_left
    equation = f"{left} = {right}"
    steps = [f"Multiply out the parentheses: {open_left} = {right}"] if factored else []
    steps.append(f"{_undo(c, term(abs(c), letter))}: {linear((a - c, letter), (b, ''))} = {d}")
    steps.append(f"{_undo(b, str(abs(b)))}: {term(a - c, letter)} = {d - b}")
    if a - c != 1:
        steps.append(f"Divide both sides by {a - c}: {letter} = {x}")
    if scene and not factored and min(a, b, c, d, x) > 0:
        text = (
            f"{scene.person} has {a} {scene.groups if a > 1 else scene.group} and {b} loose {scene.things if b > 1 else scene.thing}. {scene.friend} has "
            f"{c} {scene.groups if c > 1 else scene.group} and {d} loose {scene.things if d > 1 else scene.thing}. Every {scene.group} holds "
            f"{letter} {scene.things}, and both have equally many. Solve {equation} to find {letter}."
        )
    else:
        text = puzzle(scene, f"Solve for {letter}: {equation}.")
    values = {"a": a, "b": b, "c": c, "d": d}
    return Draft(
        text, str(x), f"solve({equation}, {letter})", tuple(steps), values, "parentheses" if factored else "plain"
    )


@rule("equations.combines_across_equals")
def combines_across_equals(v: Values) -> str | None:
    a, b, c, d = v["a"], v["b"], v["c"], v["d"]
    return str(Fraction(b + d, a + c)) if a + c else None


@generator("equations.number_of_solutions")
def number_of_solutions(rng: Random, level: int, scene: Scene | None) -> Draft:
    answer = rng.choice((NONE, NONE, ALL, ALL, ONE))
    letter = rng.choice(LETTERS)
    k, p, q = rng.randint(2, 7), rng.randint(1, 6), nonzero(rng, -9, 9)
    other, gap, split = rng.randint(2, 9), nonzero(rng, -8, 8), rng.randint(1, 4)
    if level == 1:
        a, b = k + p, q
        left = linear((a, letter), (b, ""))
    elif level == 2:
        a, b = k * p, k * q
        left = f"{k}({linear((p, letter), (q, ''))})"
    else:
        a, b = k * p + other, k * q
        left = f"{k}({linear((p, letter), (q, ''))}) + {term(other, letter)}"
    c = a + split if answer == ONE else a
    d = b if answer == ALL else b + gap
    if level == 1:
        pieces = [(d, ""), (c, letter)] if d else [(c, letter)]
    elif level == 2:
        pieces = [(c - split, letter), (d, ""), (split, letter)] if c > split else [(c, letter), (d, "")]
    else:
        pieces = [(c + split, letter), (d, ""), (-split, letter)]
    right = linear(*pieces)
    equation = f"{left} = {right}"
    simple = (linear((a, letter), (b, "")), linear((c, letter), (d, "")))
    reason = {
        ONE: f"The {letter} terms differ, so there is exactly one value of {letter}.",
        NONE: f"The {letter} terms are equal but the numbers differ, so the sides are never equal.",
        ALL: "Both sides are the same expression, so every number works.",
    }[answer]
    steps = (
        f"In simplest form the left side is {simple[0]}.",
        f"In simplest form the right side is {simple[1]}.",
        reason,
        f"The equation has {answer}.",
    )
    text = puzzle(scene, f"How many solutions does {equation} have: {ONE}, {NONE} or {ALL}?")
    return Draft(text, answer, f"number_of_solutions({equation}, {letter})", steps, {"solutions": answer}, answer.replace(" ", "_"), "word",
                 choices=(ONE, NONE, ALL))  # fmt: skip


@rule("equations.letter_gone_means_zero")
def letter_gone_means_zero(v: Values) -> str | None:
    return ONE if v["solutions"] != ONE else None


@rule("equations.swaps_none_and_infinite")
def swaps_none_and_infinite(v: Values) -> str | None:
    return {NONE: ALL, ALL: NONE}.get(v["solutions"])


@generator("equations.systems_substitution")
def systems_substitution(rng: Random, level: int, scene: Scene | None) -> Draft:
    known = "y" if level < 3 else rng.choice("xy")
    low, high = {1: (1, 8), 2: (-6, 6), 3: (-8, 8)}[level]
    u = nonzero(rng, low, high)
    a = rng.randint(2, 5) if level == 1 else nonzero(rng, -4, 4)
    b = rng.choice([n for n in range(1 if level == 1 else -9, 10) if n and a * u + n != u])
    k = rng.choice((1, 1, 2)) if level == 1 else rng.choice((2, 3, 4)) if level == 2 else rng.choice((-3, -2, 2, 3, 4))
    other = rng.choice([n for n in range(-4, 7) if n and n + k * a]) if level > 1 else rng.randint(1, 4)
    return _systems_substitution(k, a, b, other, u, known, scene)


def _systems_substitution(k: int, a: int, b: int, other: int, u: int, known: str, scene: Scene | None) -> Draft:
    """`known` = a(free) + b and other(free) + k(known) = rhs; u is the value of the free letter."""
    free = "x" if known == "y" else "y"
    v = a * u + b
    rhs = other * u + k * v
    first = f"{known} = {linear((a, free), (b, ''))}"
    second = f"{linear((other, free), (k, known)) if known == 'y' else linear((k, known), (other, free))} = {rhs}"
    total = other + k * a
    steps = (
        f"Put {linear((a, free), (b, ''))} in place of {known}: {linear((other, free))} {'+' if k > 0 else '-'} {abs(k) if abs(k) > 1 else ''}({linear((a, free), (b, ''))}) = {rhs}",
        f"Multiply out and combine like terms: {linear((total, free), (k * b, ''))} = {rhs}",
        f"{_undo(k * b, str(abs(k * b)))}: {term(total, free)} = {rhs - k * b}",
        f"So {free} = {u}.",
        f"Then {known} = {a} × {paren(u)} {'+' if b > 0 else '-'} {abs(b)}, so {known} = {v}.",
    )
    x, y = (u, v) if free == "x" else (v, u)
    text = puzzle(scene, f"Solve the system {first} and {second}. Give the solution as a point (x, y).")
    values = {"k": k, "coefs": [a, b], "other": other, "rhs": rhs, "known": known, "plus": 0, "x": x, "y": y}
    return Draft(text, point(x, y), f"solve_system({first}, {second}, x, y)", steps, values, f"{known}_known", "point")


@rule("equations.swaps_coordinates")
def swaps_coordinates(v: Values) -> str | None:
    return point(v["y"], v["x"])


@generator("equations.systems_elimination")
def systems_elimination(rng: Random, level: int, scene: Scene | None) -> Draft:
    span = 6 if level == 1 else 8
    x = rng.randint(1, 9) if level == 1 else nonzero(rng, -span, span)
    y = rng.choice([n for n in range(1 if level == 1 else -span, span + 1) if n and n != x])
    a, b = rng.randint(1, 5), rng.randint(1, 5)
    d = rng.randint(1, 6)
    k, m = rng.sample((2, 3, 4, 5), 2)
    sign = rng.choice((1, -1))
    if level == 1:  # the y terms are opposite
        return _systems_elimination([a, b], [d, -b], 1, 1, x, y, scene)
    if level == 2:  # multiply the first equation by k
        d = d if d != k * a * -1 else d + 1
        return _systems_elimination([a, sign * b], [d, -sign * k * b], k, 1, x, y, scene)
    b1, b2 = m * b, -k * b  # multiply the first by k, the second by m
    d = d if k * a + m * d else d + 1
    return _systems_elimination([a, sign * b1], [d, sign * b2], k, m, x, y, scene)


def _systems_elimination(
    first: list[int], second: list[int], k: int, m: int, x: int, y: int, scene: Scene | None
) -> Draft:
    """A system in which k times the first equation plus m times the second has no y."""
    c1, c2 = (n[0] * x + n[1] * y for n in (first, second))
    show = [f"{linear((n[0], 'x'), (n[1], 'y'))} = {c}" for n, c in ((first, c1), (second, c2))]
    steps = []
    for name, factor, n, c in (("first", k, first, c1), ("second", m, second, c2)):
        if factor > 1:
            steps.append(
                f"Multiply both sides of the {name} equation by {factor}: {linear((factor * n[0], 'x'), (factor * n[1], 'y'))} = {factor * c}"
            )
    a = k * first[0] + m * second[0]
    total = k * c1 + m * c2
    steps.append(f"Add the two equations, and y drops out: {term(a, 'x')} = {total}")
    steps.append(f"So x = {x}.")
    steps.append(
        f"Put {x} in place of x in the first equation: {first[0]} × {paren(x)} {'+' if first[1] > 0 else '-'} {term(abs(first[1]), 'y')} = {c1}, so y = {y}."
    )
    text = puzzle(scene, f"Solve the system {show[0]} and {show[1]}. Give the solution as a point (x, y).")
    values = {"first": [*first, c1], "second": [*second, c2], "factor1": k, "factor2": m, "x": x, "y": y}
    return Draft(text, point(x, y), f"solve_system({show[0]}, {show[1]}, x, y)", tuple(steps), values,
                 "add" if k == m == 1 else "multiply_one" if m == 1 else "multiply_both", "point")  # fmt: skip


@rule("equations.multiplies_one_side_only")
def multiplies_one_side_only(v: Values) -> str | None:
    (a1, b1, c1), (a2, _, c2), k, m = v["first"], v["second"], v["factor1"], v["factor2"]
    if k == m == 1:
        return None
    x = Fraction(c1 + c2, k * a1 + m * a2)
    return point(x, (c1 - a1 * x) / b1)


# --- Algebra I ---


@generator("equations.systems_story")
def systems_story(rng: Random, level: int, scene: Scene | None) -> Draft:
    s = scene or default_scene()
    if level == 1:
        y, gap = rng.randint(5, 60), rng.randint(2, 40)
        return _sum_and_difference(y + gap, y, s)
    if level == 2:
        q, p = sorted(rng.sample(range(2, 15), 2))  # a child pays less
        x, y = rng.sample(range(3, 26), 2)
        return _two_prices(x, y, p, q, s)
    (a, c), (b, d) = (rng.sample(range(1, 7), 2) for _ in range(2))
    while a * d == b * c or a == b or c == d:
        (a, c), (b, d) = (rng.sample(range(1, 7), 2) for _ in range(2))
    x, y = rng.sample(range(2, 20), 2)
    return _two_orders(x, y, [a, b], [c, d], s)


def _sum_and_difference(x: int, y: int, s: Scene) -> Draft:
    total, gap = x + y, x - y
    text = (
        f"{s.person} and {s.friend} have {total} {s.things} together. {s.person} has {gap} more than {s.friend}. "
        f"How many {s.things} does {s.person} have?"
    )
    steps = (
        f"Let x be the number {s.person} has and y the number {s.friend} has.",
        f"x + y = {total} and x - y = {gap}",
        f"Add the two equations: 2x = {total + gap}",
        f"x = {x}",
    )
    return Draft(
        text,
        str(x),
        f"({total} + {gap})/2",
        steps,
        {"x": x, "y": y, "total": total},
        "sum_and_difference",
        unit=s.things,
    )


def _two_prices(x: int, y: int, p: int, q: int, s: Scene) -> Draft:
    n, total = x + y, p * x + q * y
    text = (
        f"At {s.place}, an adult pays ${p} and a child pays ${q}. One morning {n} people pay ${total} in all. "
        f"How many of them are adults?"
    )
    steps = (
        "Let x be the number of adults and y the number of children.",
        f"x + y = {n} and {p}x + {q}y = {total}",
        f"From the first equation, y = {n} - x. Put this in the second: {p}x + {q}({n} - x) = {total}",
        f"{linear((p - q, 'x'), (q * n, ''))} = {total}",
        f"x = {x}",
    )
    return Draft(
        text,
        str(x),
        f"solve({p}x + {q}({n} - x) = {total}, x)",
        steps,
        {"x": x, "y": y, "total": n},
        "two_prices",
        unit="adults",
    )


def _two_orders(x: int, y: int, first: list[int], second: list[int], s: Scene) -> Draft:
    (a, b), (c, d) = first, second
    t1, t2 = a * x + b * y, c * x + d * y
    text = (
        f"At {s.place}, {s.person} pays ${t1} for {s.count_buys(a)} and {b} {'snack' if b == 1 else 'snacks'}. {s.friend} pays ${t2} for "
        f"{s.count_buys(c)} and {d} {'snack' if d == 1 else 'snacks'}. How much does one {s.buy} cost?"
    )
    steps = (
        f"Let x be the price of one {s.buy} and y the price of one snack.",
        f"{linear((a, 'x'), (b, 'y'))} = {t1} and {linear((c, 'x'), (d, 'y'))} = {t2}",
        f"Multiply the first equation by {d} and the second by {b}: {linear((a * d, 'x'), (b * d, 'y'))} = {t1 * d} and {linear((b * c, 'x'), (b * d, 'y'))} = {t2 * b}",
        f"Subtract, and y drops out: {term(a * d - b * c, 'x')} = {t1 * d - t2 * b}",
        f"x = {x}",
    )
    values = {"x": x, "y": y, "total": t1}
    return Draft(
        text, str(x), f"({t1}*{d} - {t2}*{b})/({a}*{d} - {b}*{c})", steps, values, "two_orders", unit="dollars"
    )


@rule("equations.attaches_number_to_wrong_unknown")
def attaches_number_to_wrong_unknown(v: Values) -> str | None:
    return str(v["y"])


@generator("equations.literal")
def literal(rng: Random, level: int, scene: Scene | None) -> Draft:
    a, c = rng.randint(2, 9), rng.randint(2, 20)
    b = rng.choice([n for n in range(2, 10) if gcd(n, a) == 1])
    x, y = rng.sample(LETTERS, 2)
    sign = rng.choice((1, -1))
    shape = rng.choice({1: ("add",), 2: ("standard", "standard", "cost"), 3: ("quotient", "parentheses")}[level])
    return _literal(shape, a, b, c, sign, x, y, scene)


def _literal(shape: str, a: int, b: int, c: int, sign: int, x: str, y: str, scene: Scene | None) -> Draft:
    """Solve for y: (main - moved_sign * moved) / divisor."""
    if shape == "add":
        equation, main, moved, divisor = f"{linear((1, y), (sign * a, x))} = {c}", str(c), term(a, x), 1
    elif shape == "standard":
        equation, main, moved, divisor = f"{linear((sign * a, x), (b, y))} = {c}", str(c), term(a, x), b
    elif shape == "cost":
        equation, main, moved, divisor = f"T = {linear((a, y), (sign * c, ''))}", "T", str(c), a
    elif shape == "quotient":
        equation, main, moved, divisor = f"{x} = ({linear((a, y), (sign * c, ''))})/{b}", f"{b}{x}", str(c), a
    else:
        equation, main, moved, divisor = f"{x} = {a}({linear((1, y), (sign * c, ''))})", x, str(a * c), a
    first = f"{main} {'-' if sign > 0 else '+'} {moved}"
    answer = f"({first})/{divisor}" if divisor > 1 else first
    steps = []
    if shape == "add":
        steps.append(
            f"{moved} is {'added to' if sign > 0 else 'subtracted from'} {y}. Undo this on both sides to get {y} alone."
        )
    if shape == "quotient":
        steps.append(f"Multiply both sides by {b}: {main} = {linear((a, y), (sign * c, ''))}")
    if shape == "parentheses":
        steps.append(f"Multiply out the parentheses: {x} = {linear((a, y), (sign * a * c, ''))}")
    steps.append(f"{_undo(sign, moved)}: {term(divisor, y)} = {first}")
    if divisor > 1:
        steps.append(f"Divide the whole side by {divisor}: {y} = {answer}")
    if scene and shape == "cost":
        extra = f"plus ${c} for delivery" if sign > 0 else f"with a coupon for ${c} off the whole order"
        text = f"At {scene.place}, {y} {scene.buys} cost ${a} each, {extra}. The total in dollars is {equation}. Solve this formula for {y}. What is {y} equal to?"
    else:
        text = puzzle(scene, f"Solve {equation} for {y}. What is {y} equal to?")
    values = {"main": main, "moved": moved, "moved_sign": sign, "divisor": divisor}
    return Draft(text, answer, f"solve_for({equation}, {y})", tuple(steps), values, shape, "expression")


@rule("equations.divides_one_term_only")
def divides_one_term_only(v: Values) -> str | None:
    if v["divisor"] == 1:
        return None
    return f"{v['main']}/{v['divisor']} {'-' if v['moved_sign'] > 0 else '+'} {v['moved']}"


@generator("equations.absolute_value")
def absolute_value(rng: Random, level: int, scene: Scene | None) -> Draft:
    letter = rng.choice(LETTERS)
    a = rng.randint(2, 5)
    b, c = nonzero(rng, -12, 12), rng.randint(1, 15)
    k, d = rng.randint(2, 6), nonzero(rng, -10, 10)
    middle, reach = nonzero(rng, -6, 6), rng.randint(1, 8)
    if level == 1:
        return _absolute_value(1, b, c, 1, 0, letter, scene)
    if level == 2:
        return (
            _absolute_value(a, -a * middle, a * reach, 1, 0, letter, scene)
            if rng.random() < 0.7
            else _absolute_value(a, b, c, 1, 0, letter, scene)
        )
    return _absolute_value(1 if rng.random() < 0.5 else a, b, c, k, d, letter, scene)


def _absolute_value(a: int, b: int, c: int, k: int, d: int, letter: str, scene: Scene | None) -> Draft:
    """k|ax + b| + d = kc + d."""
    inner = linear((a, letter), (b, ""))
    rest = f" {'+' if d > 0 else '-'} {abs(d)}" if d else ""
    total = k * c + d
    high, low = Fraction(c - b, a), Fraction(-c - b, a)
    front = str(k) if k > 1 else ""
    equation = f"{front}|{inner}|{rest} = {total}"
    steps = []
    if d:
        steps.append(f"{_undo(d, str(abs(d)))}: {front}|{inner}| = {k * c}")
    if k > 1:
        steps.append(f"Divide both sides by {k}: |{inner}| = {c}")
    steps.append(f"The inside is {c} {'step' if c == 1 else 'steps'} from 0, so it is {c} or -{c}.")
    steps.append(f"If {inner} = {c}, then {letter} = {high}.")
    steps.append(f"If {inner} = -{c}, then {letter} = {low}.")
    text = puzzle(scene, f"Find both solutions of {equation}.")
    if scene and a == 1 and k == 1 and b < 0 and low > 0:
        text = (
            f"A flag stands {-b} {scene.track_unit} from the start of {scene.track}. {scene.person} stands {c} {scene.track_unit if c > 1 else scene.track_unit.removesuffix('s')} from the flag, {letter} "
            f"{scene.track_unit} from the start. Find both solutions of {equation}."
        )
    values = {"high": str(high), "low": str(low)}
    code = f"{front}{'*' if front else ''}abs({inner}){rest} = {total}"
    return Draft(
        text,
        f"{low}, {high}",
        f"solve({code}, {letter})",
        tuple(steps),
        values,
        "scaled" if k > 1 else "coefficient" if a > 1 else "plain",
        "list",
        "set",
    )


@rule("equations.one_absolute_solution")
def one_absolute_solution(v: Values) -> str | None:
    return v["high"]


@rule("equations.opposite_absolute_solution")
def opposite_absolute_solution(v: Values) -> str | None:
    high = Fraction(v["high"])
    return f"{-abs(high)}, {abs(high)}" if high else "0"


@generator("equations.compound_inequality")
def compound_inequality(rng: Random, level: int, scene: Scene | None) -> Draft:
    letter = rng.choice(LETTERS)
    low_rel, high_rel = rng.choice(("<", "<=")), rng.choice(("<", "<="))
    a, b = rng.randint(2, 6), nonzero(rng, -12, 12)
    low = rng.randint(-9, 6)
    high = low + rng.randint(2, 9)
    negative = rng.random() < 0.75
    by_one = rng.random() < 0.5
    shift = rng.randint(1, a - 1)
    if level == 1:
        a = 1 if by_one else a
    elif negative:
        a = -a
    ends = [Fraction(a * low + b), Fraction(a * high + b)]
    if level == 3:
        ends = [e + shift for e in ends]
    return _compound_inequality(a, b, min(ends), max(ends), low_rel, high_rel, letter, scene)


def _compound_inequality(
    a: int, b: int, low: Fraction, high: Fraction, low_rel: str, high_rel: str, letter: str, scene: Scene | None
) -> Draft:
    middle = linear((a, letter), (b, ""))
    left, right = (low - b) / a, (high - b) / a
    if a > 0:
        answer = f"{left} {low_rel} {letter} {high_rel} {right}"
        shown = f"{left} {SIGN[low_rel]} {letter} {SIGN[high_rel]} {right}"
    else:
        answer = f"{right} {high_rel} {letter} {low_rel} {left}"
        shown = f"{right} {SIGN[high_rel]} {letter} {SIGN[low_rel]} {left}"
    steps = [
        f"{_undo(b, str(abs(b))).replace('both sides', 'all three parts')}: {low - b} {SIGN[low_rel]} {term(a, letter)} {SIGN[high_rel]} {high - b}"
    ]
    if a < 0:
        steps.append(f"Divide all three parts by {a}, and turn both signs around.")
        steps.append(f"Written from the smaller number to the larger: {shown}")
    elif a > 1:
        steps.append(f"Divide all three parts by {a}: {shown}")
    else:
        steps.append(f"The solution is {shown}.")
    text = puzzle(scene, f"Solve for {letter}: {low} {SIGN[low_rel]} {middle} {SIGN[high_rel]} {high}.")
    if scene and a > 0 and b > 0 and left > 0:
        between = f"{'more than' if low_rel == '<' else 'at least'} ${low} and {'less than' if high_rel == '<' else 'at most'} ${high}"
        each = "$1" if a == 1 else f"${a}"
        text = (
            f"A visit to {scene.place} costs ${b}, plus {each} for each hour. {scene.person} wants to spend {between}. "
            f"Solve {low} {SIGN[low_rel]} {middle} {SIGN[high_rel]} {high} for the number {letter} of hours."
        )
    values = {
        "a": a,
        "b": b,
        "low": _plain(low),
        "high": _plain(high),
        "low_rel": low_rel,
        "high_rel": high_rel,
        "letter": letter,
    }
    return Draft(text, answer, f"solve({low} {low_rel} {middle} {high_rel} {high}, {letter})", tuple(steps), values,
                 "negative" if a < 0 else "positive", "inequality")  # fmt: skip


@rule("equations.changes_two_parts_only")
def changes_two_parts_only(v: Values) -> str | None:
    right = (_exact(v["high"]) - v["b"]) / v["a"]
    low = v["low"]
    if v["a"] < 0:
        return f"{right} {v['high_rel']} {v['letter']} {v['low_rel']} {low}"
    return f"{low} {v['low_rel']} {v['letter']} {v['high_rel']} {right}"


# --- problems that need several skills ---


@composer("equations.write_and_evaluate", ["equations.write_expression", "equations.evaluate"])
def write_and_evaluate(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    s = scene or default_scene()
    a, x = rng.randint(2, 4 + 2 * level), rng.randint(3, 6 + 3 * level)
    b = rng.choice([n for n in range(2, 13) if n != a])
    write = _write_expression(2, "more_than_product", a, b, "x", s)
    put_in = _evaluate([a], [x], [1], b, "plus", None)
    text = (
        f"One {s.group} holds x {s.things}. {s.person} has {b} more {s.things} than {a} full {s.groups} hold. "
        f"How many {s.things} does {s.person} have when x = {x}?"
    )
    whole = Draft(
        text,
        put_in.answer,
        f"{a}*{x} + {b}",
        (*write.steps, *put_in.steps),
        {"a": a, "b": b, "x": x},
        "story",
        unit=s.things,
    )
    return whole, [("equations.write_expression", write), ("equations.evaluate", put_in)]


@composer("equations.collect_then_solve", ["equations.like_terms", "equations.two_step"])
def collect_then_solve(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    p, q, b = rng.randint(2, 6), rng.randint(1, 5), rng.randint(2, 15)
    x = rng.randint(2, 9) if level == 1 else nonzero(rng, -9, 9)
    if level == 3:
        b = -b
    collect = _like_terms([p, q], [], [b, 0], "x", "y", None)
    solve = _two_step(Fraction(p + q), Fraction(b), Fraction(x), "x", "ax", None)
    c = (p + q) * x + b
    equation = f"{linear((p, 'x'), (b, ''), (q, 'x'))} = {c}"
    if scene and x > 0 and b > 0:
        text = (
            f"Every {scene.group} holds x {scene.things}. {scene.person} has {p} {scene.groups} and {b} loose {scene.things}, and {scene.friend} has "
            f"{q} {scene.groups if q > 1 else scene.group}. Together they have {c} {scene.things}. Solve {equation} to find x."
        )
    else:
        text = puzzle(scene, f"Solve for x: {equation}.")
    whole = Draft(
        text,
        str(x),
        f"solve({equation}, x)",
        (*collect.steps, *solve.steps),
        {"p": p, "q": q, "b": b, "c": c},
        "collect",
    )
    return whole, [("equations.like_terms", collect), ("equations.two_step", solve)]


@composer("equations.solve_and_check", ["equations.parentheses", "equations.evaluate"])
def solve_and_check(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    k, q, x = rng.randint(2, 3 + 2 * level), rng.randint(1, 9), rng.randint(2, 4 + 3 * level)
    a, b = rng.randint(2, 9), rng.randint(1, 20)
    solve = _parentheses(k, 1, q, 0, Fraction(x), "x", None)
    put_in = _evaluate([a], [x], [1], b, "plus", None)
    question = f"The number x makes {k}(x + {q}) = {k * (x + q)} true. Find the value of {a}x + {b} for this x."
    whole = Draft(puzzle(scene, question), put_in.answer, f"{a}*({k * (x + q)}/{k} - {q}) + {b}", (*solve.steps, *put_in.steps),
                  {"k": k, "q": q, "a": a, "b": b}, "solve_and_evaluate")  # fmt: skip
    return whole, [("equations.parentheses", solve), ("equations.evaluate", put_in)]


@composer("equations.perimeter_equation", ["equations.distribute", "equations.two_step", "geometry.area_rectangle"])
def perimeter_equation(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    q, width = rng.randint(1, 3 + 3 * level), rng.randint(2, 4 + 3 * level)
    length, around = width + q, 4 * width + 2 * q
    # width + length is x + (x + q), twice
    sides = _distribute(2, [2, q], ["x", ""], 0, None)
    solve = _two_step(Fraction(4), Fraction(2 * q), Fraction(width), "x", "ax", None)
    area = Draft(f"A rectangle is {length} meters long and {width} meters wide. What is its area in square meters?", str(length * width),
                 f"{length}*{width}", ("The area of a rectangle is length times width.", f"{length} × {width} = {length * width}"), {"length": length, "width": width}, "rectangle",
                 unit="square meters")  # fmt: skip
    where = f"a rectangular floor at {scene.place}" if scene else "a rectangle"
    text = (
        f"The length of {where} is {q} {'meter' if q == 1 else 'meters'} more than its width. Its perimeter is {around} meters. "
        "What is its area in square meters?"
    )
    steps = (f"Let x be the width. Then the length is x + {q}.", f"The perimeter is 2(2x + {q}) = {linear((4, 'x'), (2 * q, ''))}",
             *solve.steps, f"The length is {width} + {q} = {length}.", f"The area is {length} × {width} = {length * width}.")  # fmt: skip
    whole = Draft(text, str(length * width), f"({around} - 2*{q})/4 * (({around} - 2*{q})/4 + {q})", steps, {"q": q, "around": around},
                  "rectangle", unit="square meters")  # fmt: skip
    return whole, [("equations.distribute", sides), ("equations.two_step", solve), ("geometry.area_rectangle", area)]


@composer("equations.budget", ["equations.inequality_write", "equations.inequality_two_step"])
def budget(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    s = scene or default_scene()
    price, ride, n = rng.randint(2, 5 + 3 * level), rng.randint(3, 6 + 5 * level), rng.randint(3, 6 + 3 * level)
    most = price * n + ride
    write = _inequality_write(2, "is at most", Fraction(most), "t", None)
    solve = _inequality_two_step(price, ride, Fraction(n), "<=", "n", False, None)
    text = (
        f"{s.person} can spend at most ${most}. The ride to {s.place} costs ${ride} and each {s.buy} costs ${price}. "
        f"What is the greatest number of {s.buys} that {s.person} can buy?"
    )
    steps = (
        "Let t be the total in dollars.",
        *write.steps,
        f"The ride and n {s.buys} cost {price}n + {ride} dollars.",
        *solve.steps,
        f"The greatest number is {n}.",
    )
    whole = Draft(
        text,
        str(n),
        f"floor(({most} - {ride})/{price})",
        steps,
        {"price": price, "ride": ride, "most": most},
        "budget",
        unit=s.buys,
    )
    return whole, [("equations.inequality_write", write), ("equations.inequality_two_step", solve)]


@composer("equations.count_then_solve", ["equations.number_of_solutions", "equations.both_sides", "equations.evaluate"])
def count_then_solve(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    c, x, d = rng.randint(1, 5), rng.randint(2, 5 + 2 * level), rng.randint(30, 60)
    a = c + rng.randint(1, 3 + level)
    b = c * x + d - a * x
    d, b = (d, b) if b > 0 else (d + 1 - b, 1)
    e, f = rng.randint(2, 9), rng.randint(1, 20)
    equation = f"{linear((a, 'x'), (b, ''))} = {linear((c, 'x'), (d, ''))}"
    count = Draft(f"How many solutions does {equation} have: {ONE}, {NONE} or {ALL}?", ONE, f"number_of_solutions({equation}, x)",
                  ("The x terms on the two sides differ.", f"So the equation has {ONE}."), {"solutions": ONE}, "one_solution", "word",
                  choices=(ONE, NONE, ALL))  # fmt: skip
    solve, put_in = _both_sides(a, b, c, d, "x", 0, None), _evaluate([e], [x], [1], f, "plus", None)
    text = puzzle(
        scene, f"Decide whether {equation} has exactly one solution. If so, find the value of {e}x + {f} for that x."
    )
    whole = Draft(text, put_in.answer, f"{e}*({d} - {b})/({a} - {c}) + {f}", (*count.steps, *solve.steps, *put_in.steps),
                  {"a": a, "b": b, "c": c, "d": d, "e": e, "f": f}, "count_solve_evaluate")  # fmt: skip
    return whole, [
        ("equations.number_of_solutions", count),
        ("equations.both_sides", solve),
        ("equations.evaluate", put_in),
    ]


@composer("equations.system_total", ["equations.systems_elimination", "equations.evaluate"])
def system_total(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    s = scene or default_scene()
    x, y = rng.sample(range(2, 6 + 3 * level), 2)
    a, b, d = rng.randint(1, 4), rng.randint(1, 4), rng.randint(1, 5)
    k = level + 1
    d = d if d != k * a else d + 1
    first, second = [a, b], [d, k * b]
    c1, c2 = a * x + b * y, d * x + k * b * y
    p, q = rng.randint(2, 5), rng.randint(2, 5)
    # the second equation is written with opposite signs so that adding works: it is the same line
    solve = _systems_elimination(first, [-d, -k * b], k, 1, x, y, None)
    put_in = _evaluate([p, q], [x, y], [1, 1], 0, "two_letters", None)
    text = (
        f"At {s.place}, {s.count_buys(a)} and {b} {'snack' if b == 1 else 'snacks'} cost ${c1}, while {s.count_buys(d)} and {k * b} snacks cost ${c2}. "
        f"How many dollars do {s.count_buys(p)} and {q} snacks cost?"
    )
    x_code = f"({c1}*{k * b} - {c2}*{b})/({a}*{k * b} - {d}*{b})"
    y_code = f"({a}*{c2} - {d}*{c1})/({a}*{k * b} - {d}*{b})"
    steps = (
        f"Let x be the price of one {s.buy} and y the price of one snack.",
        f"{linear((a, 'x'), (b, 'y'))} = {c1} and {linear((d, 'x'), (k * b, 'y'))} = {c2}",
        f"Turn every sign of the second equation around: {linear((-d, 'x'), (-k * b, 'y'))} = {-c2}",
        *solve.steps,
        *put_in.steps,
    )
    whole = Draft(
        text,
        put_in.answer,
        f"{p}*{x_code} + {q}*{y_code}",
        steps,
        {"first": [*first, c1], "second": [*second, c2]},
        "prices",
        unit="dollars",
    )
    return whole, [("equations.systems_elimination", solve), ("equations.evaluate", put_in)]


@composer("equations.rearrange_then_evaluate", ["equations.literal", "equations.evaluate"])
def rearrange_then_evaluate(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    a, x = rng.randint(2, 3 + 2 * level), rng.randint(2, 4 + 3 * level)
    c = a * x + rng.randint(1, 15)
    rearrange = _literal("add", a, 1, c, 1, "x", "y", None)
    put_in = _evaluate([-a], [x], [1], c, "plus", None)
    text = puzzle(scene, f"Solve y + {a}x = {c} for y. Then find y when x = {x}.")
    whole = Draft(
        text,
        str(c - a * x),
        f"solve(y + {a}*{x} = {c}, y)",
        (*rearrange.steps, *put_in.steps),
        {"a": a, "c": c, "x": x},
        "rearrange",
    )
    return whole, [("equations.literal", rearrange), ("equations.evaluate", put_in)]
