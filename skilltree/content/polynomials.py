"""Exponents, polynomials and quadratics, grade 8 and Algebra I (the words are in polynomials.toml)."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import gcd, isqrt
from random import Random

from classwright.skilltree.bank import composer, generator, rule
from classwright.skilltree.content.geometry import triangle_area_draft
from classwright.skilltree.problem import Draft
from classwright.skilltree.scenes import Scene

LETTERS = "bcdhkmnprtvwxyz"  # no "a": in a sentence it is a word
PAIRS = ("xy", "cd", "mn", "pq", "rt")


def poly(coefficients: Sequence[int], v: str = "x") -> str:
    """[3, -5, 2] -> "3x^2 - 5x + 2"."""
    top = len(coefficients) - 1
    return joined([(c, mono(abs(c), v, (top - i,))) for i, c in enumerate(coefficients)])


def joined(terms: Sequence[tuple[int, str]]) -> str:
    """Terms as (coefficient, text of the term without its sign) -> a sum; zero terms are left out."""
    out = ""
    for c, term in terms:
        if c:
            out += (" - " if c < 0 else " + ") + term if out else ("-" if c < 0 else "") + term
    return out or "0"


def mono(c: int, letters: str, exponents: Sequence[int], sep: str = "") -> str:
    """(3, "xy", (2, 1)) -> "3x^2y"; sep "*" for code."""
    parts = [v if e == 1 else f"{v}^{e}" for v, e in zip(letters, exponents, strict=True) if e]
    if not parts:
        return str(c)
    return ("-" if c < 0 else "") + sep.join([*([str(abs(c))] if abs(c) != 1 else []), *parts])


def signed(n: int) -> str:
    """A negative number in parentheses."""
    return f"({n})" if n < 0 else str(n)


def binomial(a: int, b: int, v: str = "x") -> str:
    return f"({poly([a, b], v)})"


def nonzero(rng: Random, most: int, least: int = 1) -> int:
    return rng.choice((-1, 1)) * rng.randint(least, most)


def roots_text(roots: Sequence[Fraction | int]) -> str:
    return ", ".join(str(Fraction(r)) for r in sorted(set(roots)))


# Powers


def _product_draft(letters: str, c: int, p: Sequence[int], d: int, q: Sequence[int]) -> Draft:
    left, right = mono(c, letters, p), mono(d, letters, q)
    total = [i + j for i, j in zip(p, q, strict=True)]
    answer = mono(c * d, letters, total)
    steps = []
    if c * d != 1:
        steps.append(f"Multiply the coefficients: {c} · {signed(d)} = {c * d}.")
    steps += [f"Add the exponents of {v}: {i} + {j} = {i + j}." for v, i, j in zip(letters, p, q, strict=True)]
    steps.append(f"{left} · {right} = {answer}")
    text = f"Write {left} · {right} as one power." if c * d == 1 else f"Simplify {left} · {right}."
    return Draft(
        text, answer, f"simplify({mono(c, letters, p, '*')} * {mono(d, letters, q, '*')})", tuple(steps),
        {"letters": letters, "c": c, "d": d, "p": list(p), "q": list(q)},
        "one_letter" if len(letters) == 1 else "two_letters", "expression",
    )  # fmt: skip


@generator("polynomials.product_of_powers")
def product_of_powers(rng: Random, level: int, scene: Scene | None) -> Draft:
    letters = rng.choice(PAIRS) if level == 3 else rng.choice(LETTERS)
    p, q = _exponent_pairs(rng, len(letters), 2 if level == 1 else 1)
    c, d = (1, 1) if level == 1 else (rng.randint(2, 9), rng.randint(2, 9))
    return _product_draft(letters, c, p, d, q)


def _exponent_pairs(rng: Random, n: int, least: int) -> tuple[list[int], list[int]]:
    """Exponents whose sum and product differ."""
    pairs = [(a, b) for a in range(least, 10) for b in range(least, 10) if (a, b) != (2, 2)]
    drawn = [rng.choice(pairs) for _ in range(n)]
    return [a for a, _ in drawn], [b for _, b in drawn]


def _power_draft(letters: str, c: int, p: Sequence[int], n: int) -> Draft:
    inner = mono(c, letters, p)
    answer = mono(c**n, letters, [e * n for e in p])
    steps = [f"The outer exponent {n} belongs to everything in the parentheses."]
    if c != 1:
        steps.append(f"The coefficient becomes {signed(c)}^{n} = {c**n}.")
    steps += [f"Multiply the exponents of {v}: {e} · {n} = {e * n}." for v, e in zip(letters, p, strict=True)]
    steps.append(f"({inner})^{n} = {answer}")
    text = f"Write ({inner})^{n} as one power." if c == 1 and len(letters) == 1 else f"Simplify ({inner})^{n}."
    return Draft(
        text, answer, f"simplify(({mono(c, letters, p, '*')})^{n})", tuple(steps),
        {"letters": letters, "c": c, "p": list(p), "n": n}, "one_letter" if len(letters) == 1 else "two_letters", "expression",
    )  # fmt: skip


@generator("polynomials.power_of_power")
def power_of_power(rng: Random, level: int, scene: Scene | None) -> Draft:
    letters = rng.choice(PAIRS) if level == 3 else rng.choice(LETTERS)
    n = rng.randint(2, 8 if level == 1 else 4)
    p = [rng.randint(2 if n > 2 else 3, 9) for _ in letters]
    c = 1 if level == 1 else rng.randint(2, 5)
    if level == 3 and rng.random() < 0.5:
        c = -c
    return _power_draft(letters, c, p, n)


def _quotient_draft(letters: str, c: int, p: Sequence[int], d: int, q: Sequence[int]) -> Draft:
    top, bottom = mono(c, letters, p), mono(d, letters, q)
    rest = [i - j for i, j in zip(p, q, strict=True)]
    answer = mono(c // d, letters, rest)
    steps = []
    if c != 1:
        steps.append(f"Divide the coefficients: {c} ÷ {d} = {c // d}.")
    steps += [f"Subtract the exponents of {v}: {i} - {j} = {i - j}." for v, i, j in zip(letters, p, q, strict=True)]
    if 0 in rest:
        steps.append(f"The exponent 0 means that the factors of {letters[rest.index(0)]} are all divided away.")
    shown = f"{top} ÷ {bottom}" if c == 1 and len(letters) == 1 else f"({top}) ÷ ({bottom})"
    steps.append(f"{shown} = {answer}")
    text = f"Write {shown} as one power." if c == 1 else f"Simplify {shown}."
    return Draft(
        text, answer, f"simplify({mono(c, letters, p, '*')} / ({mono(d, letters, q, '*')}))", tuple(steps),
        {"letters": letters, "c": c, "d": d, "p": list(p), "q": list(q)},
        "one_letter" if len(letters) == 1 else "two_letters", "expression",
    )  # fmt: skip


@generator("polynomials.quotient_of_powers")
def quotient_of_powers(rng: Random, level: int, scene: Scene | None) -> Draft:
    letters = rng.choice(PAIRS) if level == 3 else rng.choice(LETTERS)
    p, q = [], []
    for _ in letters:
        b = rng.randint(2, 6)
        a = b * rng.randint(3 if b == 2 else 2, 4) if rng.random() < 0.8 else b + rng.randint(0 if level == 3 else 1, 7)
        p.append(a)
        q.append(b)
    if p == q:
        p[0] += q[0]
    d = 1 if level == 1 else rng.randint(2, 9)
    c = d if level == 1 else d * rng.randint(2, 9)
    return _quotient_draft(letters, c, p, d, q)


@generator("polynomials.zero_negative_exponents")
def zero_negative_exponents(rng: Random, level: int, scene: Scene | None) -> Draft:
    kind, times, zero = rng.randrange(4), rng.randint(2, 9), rng.randint(2, 20)
    if level == 1:
        num, den, e = rng.randint(2, 20), 1, rng.choice((0, 0, -1))
        plus = rng.randint(1, 9) if kind < 3 else 0
        times, zero = (times if kind < 2 else 1), 0
    elif level == 2:
        num, den = rng.randint(2, 10), 1
        e = -rng.randint(2, 5 if num < 4 else 3 if num < 7 else 2)
        plus, times, zero = (0, 1, zero) if kind < 2 else (0, times, 0)
    else:
        num, den = rng.choice([(a, b) for a in range(1, 8) for b in range(2, 8) if gcd(a, b) == 1])
        e = -rng.randint(1 if kind else 2, 3)
        plus, times, zero = (0, 1, zero) if kind < 2 else (0, times, 0)
    base = f"({num}/{den})" if den > 1 else str(num)
    power = f"{base}^({e})" if e < 0 else f"{base}^0"
    b = Fraction(num, den)
    value = b**e
    # the question: times * base^e, then + plus or + zero^0
    shown = f"{times} · {power}" if times > 1 else power
    code = f"{times}*{power}" if times > 1 else power
    steps = []
    if e == 0:
        steps.append(f"Any nonzero number to the power 0 is 1, so {power} = 1.")
    elif den > 1:
        flipped = f"({den}/{num})" if num > 1 else str(den)
        steps.append(f"Flip the fraction and make the exponent positive: {power} = {flipped}^{-e}.")
        steps.append(f"{flipped}^{-e} = {value}")
    else:
        steps.append(f"The negative exponent means division: {power} = 1/{base}^{-e}.")
        if e < -1:
            steps.append(f"{base}^{-e} = {num**-e}, so {power} = {value}.")
    total = times * value
    if times > 1:
        steps.append(f"{times} · {value} = {total}")
    if zero:
        shown, code = f"{shown} + {zero}^0", f"{code} + {zero}^0"
        steps.append(f"{zero}^0 = 1")
        steps.append(f"{total} + 1 = {total + 1}")
        total += 1
    elif plus:
        shown, code = f"{shown} + {plus}", f"{code} + {plus}"
        steps.append(f"{total} + {plus} = {total + plus}")
        total += plus
    return Draft(
        f"Find the exact value of {shown}.", str(total), code, tuple(steps),
        {"num": num, "den": den, "exponent": e, "times": times, "plus": plus, "zero_base": zero},
        "zero" if e == 0 else "negative", "number",
    )  # fmt: skip


# Adding, subtracting, multiplying


def _sum_steps(p: Sequence[int], q: Sequence[int], sign: int, v: str) -> list[str]:
    top = len(p) - 1
    steps = []
    for i, (a, b) in enumerate(zip(p, q, strict=True)):
        if a and b:
            one, two = mono(a, v, (top - i,)), mono(abs(b), v, (top - i,))
            operator = "+" if b * sign > 0 else "-"
            steps.append(f"{one} {operator} {two} = {mono(a + sign * b, v, (top - i,)) if a + sign * b else 0}")
    return steps


def _two_polynomials(rng: Random, level: int) -> tuple[list[int], list[int], str]:
    n = 4 if level == 3 else 3
    v = rng.choice("xxxnt")
    if level == 1:
        p, q = ([rng.randint(1, 9) for _ in range(n)] for _ in range(2))
    else:
        p, q = ([nonzero(rng, 12) for _ in range(n)] for _ in range(2))
        p[0], q[0] = abs(p[0]), abs(q[0])
        gap = rng.randint(1, n - 1)
        if level == 3:
            rng.choice((p, q))[gap] = 0
    return p, q, v


@generator("polynomials.add")
def add(rng: Random, level: int, scene: Scene | None) -> Draft:
    p, q, v = _two_polynomials(rng, level)
    answer = [a + b for a, b in zip(p, q, strict=True)]
    left, right = poly(p, v), poly(q, v)
    if scene and level == 1:
        text = (
            f"At {scene.place}, selling {v} {scene.buys} brings in {left} dollars at the door and {right} dollars online. "
            "Write the total as one polynomial."
        )
    else:
        text = f"Add: ({left}) + ({right})."
    steps = ["Put the like terms together.", *_sum_steps(p, q, 1, v), f"({left}) + ({right}) = {poly(answer, v)}"]
    return Draft(
        text, poly(answer, v), f"expand(({left}) + ({right}))", tuple(steps), {"p": p, "q": q, "v": v},
        "story" if scene and level == 1 else "bare", "expression",
    )  # fmt: skip


def _subtract_draft(p: Sequence[int], q: Sequence[int], v: str = "x", text: str = "") -> Draft:
    left, right, answer = poly(p, v), poly(q, v), poly([a - b for a, b in zip(p, q, strict=True)], v)
    steps = [
        f"Change the sign of every term of {right}: this gives {poly([-b for b in q], v)}.",
        *_sum_steps(p, q, -1, v),
        f"({left}) - ({right}) = {answer}",
    ]
    return Draft(
        text or f"Subtract: ({left}) - ({right}).", answer, f"expand(({left}) - ({right}))", tuple(steps),
        {"p": list(p), "q": list(q), "v": v}, "story" if text else "bare", "expression",
    )  # fmt: skip


@generator("polynomials.subtract")
def subtract(rng: Random, level: int, scene: Scene | None) -> Draft:
    p, q, v = _two_polynomials(rng, level)
    if level == 1:
        p = [a + b for a, b in zip(p, q, strict=True)]
    elif p[0] == q[0]:
        p[0] += 1
    text = ""
    if scene and level == 1:
        text = (
            f"At {scene.place}, selling {v} {scene.buys} brings in {poly(p, v)} dollars and costs {poly(q, v)} dollars. "
            "Profit is income minus cost. Write the profit as one polynomial."
        )
    return _subtract_draft(p, q, v, text)


def _monomial_draft(m: int, e: int, q: Sequence[int], v: str = "x", text: str = "") -> Draft:
    front, inside = mono(m, v, (e,)), poly(q, v)
    answer = poly([m * c for c in q] + [0] * e, v)
    top = len(q) - 1
    steps = [f"Multiply {front} by every term in the parentheses."]
    for i, c in enumerate(q):
        if c:
            term = mono(c, v, (top - i,))
            steps.append(f"{front} · {f'({term})' if c < 0 else term} = {mono(m * c, v, (top - i + e,))}")
    steps.append(f"{front}({inside}) = {answer}")
    return Draft(
        text or f"Multiply: {front}({inside}).", answer, f"expand({front}*({inside}))", tuple(steps),
        {"m": m, "e": e, "q": list(q), "v": v}, "story" if text else "bare", "expression",
    )  # fmt: skip


@generator("polynomials.multiply_monomial")
def multiply_monomial(rng: Random, level: int, scene: Scene | None) -> Draft:
    v = rng.choice("xxxnt")
    if level == 1:
        m, e, q = rng.randint(2, 9), 1, [rng.randint(1, 6), rng.randint(1, 12)]
    elif level == 2:
        m, e, q = nonzero(rng, 9, 2), 1, [rng.randint(2, 8), nonzero(rng, 12)]
    else:
        m, e, q = nonzero(rng, 8, 2), rng.randint(2, 3), [rng.randint(1, 7), nonzero(rng, 9), nonzero(rng, 9)]
    text = ""
    if scene and level == 1:
        text = (
            f"{scene.person} plans a banner for {scene.place} that is {mono(m, v, (1,))} inches tall and {poly(q, v)} inches long. "
            "Write its area in square inches as a polynomial."
        )
    return _monomial_draft(m, e, q, v, text)


def _binomials_draft(a: int, b: int, c: int, d: int, v: str = "x", text: str = "") -> Draft:
    left, right = binomial(a, b, v), binomial(c, d, v)
    answer = poly([a * c, a * d + b * c, b * d], v)
    outer, inner = mono(a * d, v, (1,)), mono(b * c, v, (1,))
    steps = (
        f"First term times both terms: {mono(a, v, (1,))}{right} = {poly([a * c, a * d, 0], v)}.",
        f"Second term times both terms: {signed(b)}{right} = {poly([b * c, b * d], v)}.",
        f"Combine the middle terms: {outer} {'-' if b * c < 0 else '+'} {mono(abs(b * c), v, (1,))} = {mono(a * d + b * c, v, (1,)) if a * d + b * c else 0}."
        if inner
        else "",
        f"{left}{right} = {answer}",
    )
    return Draft(
        text or f"Multiply: {left}{right}.", answer, f"expand({left}*{right})", steps,
        {"a": a, "b": b, "c": c, "d": d, "v": v}, "story" if text else "bare", "expression",
    )  # fmt: skip


@generator("polynomials.multiply_binomials")
def multiply_binomials(rng: Random, level: int, scene: Scene | None) -> Draft:
    v = rng.choice("xxxnt")
    if level == 1:
        a, b, c, d = 1, rng.randint(1, 12), 1, rng.randint(1, 12)
    elif level == 2:
        a, b, c, d = 1, nonzero(rng, 12), 1, nonzero(rng, 12)
    else:
        a, b, c, d = rng.randint(2, 6), nonzero(rng, 9), rng.randint(1, 5), nonzero(rng, 9)
    if a * d + b * c == 0:
        b = -b
    text = ""
    if scene and level == 1:
        text = (
            f"{scene.person} designs a rectangular poster for {scene.place}. It is {poly([a, b], v)} inches wide and "
            f"{poly([c, d], v)} inches tall. Write its area in square inches as a polynomial."
        )
    return _binomials_draft(a, b, c, d, v, text)


def _square_draft(a: int, b: int, v: str, w: str = "", text: str = "") -> Draft:
    """(av + bw)^2; w "" for a plain number b."""
    inner = joined([(a, mono(a, v, (1,))), (b, mono(abs(b), w, (1,)) if w else str(abs(b)))])
    first, middle, last = (
        mono(a * a, v, (2,)),
        mono(2 * a * b, v + w, (1,) * len(v + w)),
        mono(b * b, w, (2,)) if w else str(b * b),
    )
    answer = joined([(1, first), (b, middle.lstrip("-")), (1, last)])
    steps = (
        f"Square the first term: {f'({a}{v})^2' if a > 1 else f'{v} · {v}'} = {first}.",
        f"Double the product of the two terms: 2 · {mono(a, v, (1,))} · {f'({mono(b, w, (1,))})' if w else signed(b)} = {middle}.",
        f"Square the second term: {f'({mono(b, w, (1,))})' if w else signed(b)}^2 = {last}.",
        f"({inner})^2 = {answer}",
    )
    return Draft(
        text or f"Multiply out: ({inner})^2.", answer, f"expand(({inner})^2)", steps,
        {"a": a, "b": b, "v": v, "w": w}, "story" if text else "two_letters" if w else "bare", "expression",
    )  # fmt: skip


@generator("polynomials.square_binomial")
def square_binomial(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level == 1:
        v, w, a, b = rng.choice(LETTERS), "", 1, rng.randint(1, 20)
    elif level == 2:
        v, w, a, b = rng.choice("xxnt"), "", rng.randint(1, 6), nonzero(rng, 12)
        b = -abs(b) if a == 1 else b
    else:
        v, w = rng.choice(PAIRS)
        a, b = rng.randint(2, 9), nonzero(rng, 9, 2)
    text = ""
    if scene and level == 1:
        text = (
            f"{scene.person} designs a square sign for {scene.place}. Each side is {poly([a, b], v)} inches long. "
            "Write its area in square inches as a polynomial."
        )
    return _square_draft(a, b, v, w, text)


# Factoring


def _gcf_draft(
    g: int, gx: int, gy: int, inside: Sequence[int], ix: Sequence[int], iy: Sequence[int], letters: str
) -> Draft:
    """The product of g x^gx y^gy and the sum of the inside terms."""
    exps = list(zip(ix, iy, strict=True))
    cut = letters if any(iy) or gy else letters[0]
    n = len(cut)
    front = mono(g, cut, (gx, gy)[:n])
    whole = [(g * c, mono(abs(g * c), cut, (gx + i, gy + j)[:n])) for c, (i, j) in zip(inside, exps, strict=True)]
    code = [(g * c, mono(abs(g * c), cut, (gx + i, gy + j)[:n], "*")) for c, (i, j) in zip(inside, exps, strict=True)]
    rest = joined([(c, mono(abs(c), cut, (i, j)[:n])) for c, (i, j) in zip(inside, exps, strict=True)])
    expanded, answer = joined(whole), f"{front}({rest})"
    steps = [f"The greatest number that divides all coefficients is {g}."]
    if gx or gy:
        steps.append(f"All terms also share {mono(1, cut, (gx, gy)[:n])}, so the greatest common factor is {front}.")
    for (c, term), inner, (i, j) in zip(whole, inside, exps, strict=True):
        steps.append(f"Divide: {'-' if c < 0 else ''}{term} ÷ ({front}) = {mono(inner, cut, (i, j)[:n])}.")
    steps.append(f"{expanded} = {answer}")
    return Draft(
        f"Factor out the greatest common factor of {expanded}.", answer, f"factor({joined(code)})", tuple(steps),
        {"g": g, "gx": gx, "gy": gy, "inside": list(inside), "ix": list(ix), "iy": list(iy), "letters": cut},
        "two_letters" if n == 2 else "one_letter", "expression", "factored",
    )  # fmt: skip


@generator("polynomials.factor_gcf")
def factor_gcf(rng: Random, level: int, scene: Scene | None) -> Draft:
    letters, g = rng.choice(PAIRS), rng.randint(2, 9)
    size = 2 if level == 1 else 3
    while True:
        inside = [rng.randint(1, 9), *(rng.randint(1, 9) if level == 1 else nonzero(rng, 9) for _ in range(size - 1))]
        if gcd(*inside) == 1 and (level > 1 or inside[0] != inside[1]):
            break
    if level == 1:
        return _gcf_draft(g, 1, 0, inside, (1, 0), (0, 0), letters)
    if level == 2:
        gx = rng.randint(1, 3)
        # three terms with a middle term such that no trinomial that factors further is left inside
        return _gcf_draft(g, gx, 0, _irreducible(rng, inside), (2, 1, 0), (0, 0, 0), letters)
    gx, gy = rng.randint(1, 3), rng.randint(1, 3)
    return _gcf_draft(g, gx, gy, inside, (rng.randint(2, 3), 1, 0), (0, rng.randint(1, 2), 1), letters)


def _irreducible(rng: Random, q: list[int]) -> list[int]:
    """A quadratic like q whose discriminant is no square, so that the greatest common factor is all there is to factor."""
    a, b, c = q
    while _is_square(b * b - 4 * a * c) or gcd(a, b, c) != 1:
        b, c = nonzero(rng, 9), nonzero(rng, 9)
    return [a, b, c]


def _is_square(n: int) -> bool:
    return n >= 0 and isqrt(n) ** 2 == n


def _trinomial_draft(a: int, b: int, c: int, d: int, v: str = "x") -> Draft:
    """(av + b)(cv + d)."""
    one, two = sorted(((a, b), (c, d)), key=lambda t: (t[0], t[1]))
    expanded, answer = poly([a * c, a * d + b * c, b * d], v), binomial(*one, v) + binomial(*two, v)
    middle = a * d + b * c
    if a == c == 1:
        steps = [
            f"Look for two numbers with the product {b * d} and the sum {middle}.",
            f"{one[1]} · {signed(two[1])} = {b * d} and {one[1]} + {signed(two[1])} = {middle}",
        ]
    else:
        steps = [
            f"Multiply the first coefficient and the last number: {a * c} · {signed(b * d)} = {a * c * b * d}.",
            f"Two numbers with this product and the sum {middle} are {a * d} and {b * c}.",
            f"Split the middle term: {poly([a * c, 0, 0], v)} {'-' if a * d < 0 else '+'} {mono(abs(a * d), v, (1,))} "
            f"{'-' if b * c < 0 else '+'} {mono(abs(b * c), v, (1,))} {'-' if b * d < 0 else '+'} {abs(b * d)}.",
        ]
    steps.append(f"{expanded} = {answer}")
    return Draft(
        f"Factor {expanded}.", answer, f"factor({expanded})", tuple(steps),
        {"a": one[0], "b": one[1], "c": two[0], "d": two[1], "v": v}, "monic" if a == c == 1 else "leading", "expression", "factored",
    )  # fmt: skip


@generator("polynomials.factor_trinomial")
def factor_trinomial(rng: Random, level: int, scene: Scene | None) -> Draft:
    v = rng.choice("xxnt")
    if level == 1:
        return _trinomial_draft(1, rng.randint(1, 12), 1, rng.randint(1, 12), v)
    if level == 2:
        b, d = nonzero(rng, 12), nonzero(rng, 12)
        return _trinomial_draft(1, b, 1, d if d != -b else -d, v)
    a, c = rng.randint(2, 5), rng.randint(1, 3)
    b = rng.choice([n for n in range(-9, 10) if n and gcd(n, a) == 1])
    d = rng.choice([n for n in range(-9, 10) if n and gcd(n, c) == 1])
    return _trinomial_draft(a, b, c, d if a * d + b * c else -d, v)


@generator("polynomials.difference_of_squares")
def difference_of_squares(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level == 1:
        v, w, a, b = rng.choice(LETTERS), "", 1, rng.randint(1, 20)
    elif level == 2:
        v, w, a, b = rng.choice("nrtxyz"), "", *_coprime(rng, 2, 9, 15)
    else:
        v, w = rng.choice(PAIRS)
        a, b = _coprime(rng, 2, 12, 12)
    first, second = mono(a, v, (1,)), mono(b, w, (1,)) if w else str(b)
    a2, b2 = mono(a * a, v, (2,)), mono(b * b, w, (2,)) if w else str(b * b)
    expanded, answer = f"{a2} - {b2}", f"({first} - {second})({first} + {second})"
    steps = (
        f"Both terms are squares: {a2} = {f'({first})^2' if a > 1 else a2} and {b2} = {f'({second})^2' if w else f'{second}^2'}."
        if a > 1
        else f"{a2} is the square of {first}, and {b2} = {f'({second})^2' if w else f'{second}^2'}.",
        "A difference of squares is the difference of the roots times their sum.",
        f"{expanded} = {answer}",
    )
    return Draft(
        f"Factor {expanded}.", answer, f"factor({expanded})", steps, {"a": a, "b": b, "v": v, "w": w},
        "two_letters" if w else "one_letter", "expression", "factored",
    )  # fmt: skip


def _coprime(rng: Random, low: int, high_a: int, high_b: int) -> tuple[int, int]:
    return rng.choice([(a, b) for a in range(low, high_a + 1) for b in range(1, high_b + 1) if gcd(a, b) == 1])


# Quadratic equations


def _factoring_draft(a: int, b: int, c: int, d: int, v: str = "x", right: int = 0, lead: str = "") -> Draft:
    """(av + b)(cv + d) = 0, with `right` added to both sides."""
    coefficients = [a * c, a * d + b * c, b * d]
    left = poly([*coefficients[:2], coefficients[2] + right], v)
    roots = [Fraction(-b, a), Fraction(-d, c)]
    factors = (binomial(a, b, v) if b else v) + (binomial(c, d, v) if d else v) if b else v + binomial(c, d, v)
    steps = []
    if right:
        steps.append(f"Bring all terms to one side: {poly(coefficients, v)} = 0.")
    steps += [
        f"Factor: {factors} = 0.",
        "A product is 0 only when one of its factors is 0.",
        f"If {poly([a, b], v)} = 0, then {v} = {roots[0]}.",
        f"If {poly([c, d], v)} = 0, then {v} = {roots[1]}.",
        f"The solutions are {roots_text(roots).replace(', ', ' and ')}.",
    ]
    return Draft(
        f"{lead or 'Solve by factoring:'} {left} = {right}.", roots_text(roots), f"solve({left} = {right}, {v})", tuple(steps),
        {"n1": roots[0].numerator, "d1": roots[0].denominator, "n2": roots[1].numerator, "d2": roots[1].denominator},
        "standard" if not right else "rearrange", "list", "set",
    )  # fmt: skip


@generator("polynomials.solve_by_factoring")
def solve_by_factoring(rng: Random, level: int, scene: Scene | None) -> Draft:
    v = rng.choice("xxnt")
    right = nonzero(rng, 20)
    a, c = (1, 1) if level < 3 else (rng.randint(2, 5), rng.randint(1, 2))
    while True:
        b, d = rng.randint(-10, 10), rng.randint(-10, 10)
        if gcd(a, b) == 1 and gcd(c, d) == 1 and a * d != b * c and a * d != -b * c and (b or a == 1):
            break
    if level == 2 and right == -b * d:
        right += 1
    return _factoring_draft(a, b, c, d, v, right if level == 2 else 0)


@generator("polynomials.solve_by_roots")
def solve_by_roots(rng: Random, level: int, scene: Scene | None) -> Draft:
    v = rng.choice(LETTERS) if level == 1 else rng.choice("xxnt")
    n = rng.randint(1, 20) if level == 1 else rng.randint(1, 9)
    a, k, h = rng.randint(2, 6), nonzero(rng, 15), nonzero(rng, 10)
    if level == 1:
        a, k, h = 1, 0, 0
        left = f"{v}^2"
    elif level == 2:
        h = 0
        left = poly([a, 0, k], v)
    else:
        a = a if n % 2 else 1
        k = k if a > 1 else 0
        left = f"{a if a > 1 else ''}{binomial(1, -h, v)}^2" + (f" {'-' if k < 0 else '+'} {abs(k)}" if k else "")
    right = a * n * n + k
    square = f"{v}^2" if not h else f"{binomial(1, -h, v)}^2"
    inner = v if not h else poly([1, -h], v)
    roots = [h - n, h + n]
    steps = []
    if k:
        steps.append(
            f"{'Subtract' if k > 0 else 'Add'} {abs(k)} on both sides: {a if a > 1 else ''}{square} = {a * n * n}."
        )
    if a > 1:
        steps.append(f"Divide both sides by {a}: {square} = {n * n}.")
    steps.append(f"Two numbers have the square {n * n}, so {inner} = {n} or {inner} = {-n}.")
    if h:
        steps.append(f"{'Add' if h > 0 else 'Subtract'} {abs(h)}: {v} = {h + n} or {v} = {h - n}.")
    return Draft(
        f"Find all solutions: {left} = {right}.", roots_text(roots), f"solve({left.replace('(', '*(') if a > 1 and h else left} = {right}, {v})",
        tuple(steps), {"a": a, "h": h, "k": k, "n": n}, ("square", "two_step", "shifted")[level - 1], "list", "set",
    )  # fmt: skip


def _square_part(n: int) -> tuple[int, int]:
    """The greatest s, and r, with n = s^2 * r."""
    s = max(i for i in range(1, isqrt(n) + 1) if n % (i * i) == 0)
    return s, n // (s * s)


def _root(s: int, r: int, code: bool = False) -> str:
    if r == 1:
        return str(s)
    root = f"sqrt({r})" if code else f"√{r}"
    return root if s == 1 else f"-{root}" if s == -1 else f"{s}*{root}" if code else f"{s}{root}"


def _radical_draft(c: int, n: int, text: str = "") -> Draft:
    s, r = _square_part(n)
    shown = f"{c if c > 1 else ''}√{n}"
    steps = [
        f"The greatest square number that divides {n} is {s * s}.",
        f"Split the root: √{n} becomes √{s * s} · √{r}.",
        f"The root of {s * s} is {s}, so √{n} becomes {_root(s, r)}.",
    ]
    if c > 1:
        steps.append(f"Multiply the numbers in front: {c} · {s} = {c * s}.")
        steps.append(f"The result is {_root(c * s, r)}.")
    return Draft(
        text or f"Write {shown} in simplest radical form.", _root(c * s, r, True),
        f"simplify({f'{c}*' if c > 1 else ''}sqrt({n}))", tuple(steps), {"c": c, "s": s, "t": 0, "r": r, "sign": 1},
        "story" if text else "one_root", "expression", "simplest",
    )  # fmt: skip


@generator("polynomials.simplify_radicals")
def simplify_radicals(rng: Random, level: int, scene: Scene | None) -> Draft:
    if level < 3:
        n = rng.choice([n for n in range(8, 601 if level == 1 else 301) if _square_part(n)[0] > 1 < _square_part(n)[1]])
        c = 1 if level == 1 else rng.randint(2, 9)
        text = ""
        if scene and level == 1:
            text = (
                f"A square poster for {scene.place} has an area of {n} square inches. "
                "How many inches long is each side? Write the answer in simplest radical form."
            )
        return _radical_draft(c, n, text)
    r = rng.choice((2, 3, 5, 6, 7, 10, 11, 13, 14, 15))
    s, t = rng.sample(range(2, 9), 2)
    sign = rng.choice((1, -1)) if s > t else 1
    m, n = s * s * r, t * t * r
    operator = "+" if sign > 0 else "-"
    answer = _root(s + sign * t, r, True)
    steps = (
        f"{s * s} is the greatest square in {m}, so √{m} becomes {_root(s, r)}.",
        f"{t * t} is the greatest square in {n}, so √{n} becomes {_root(t, r)}.",
        f"Both terms have the root √{r}. Count them together: {s} {operator} {t} = {s + sign * t}.",
        f"The result is {_root(s + sign * t, r)}.",
    )
    return Draft(
        f"Write √{m} {operator} √{n} as one term in simplest radical form.", answer, f"simplify(sqrt({m}) {operator} sqrt({n}))", steps,
        {"c": 1, "s": s, "t": t, "r": r, "sign": sign}, "two_roots", "expression", "simplest",
    )  # fmt: skip


@generator("polynomials.complete_square")
def complete_square(rng: Random, level: int, scene: Scene | None) -> Draft:
    v = rng.choice("xxnt")
    half, c, a = nonzero(rng, 20 if level == 1 else 12, 2), nonzero(rng, 30), rng.randint(2, 6)
    odd = rng.random() < 0.5
    if level == 1:
        b, there = 2 * half, abs(c) % 9 if odd else 0
        shown = poly([1, b, there], v)
        steps = [
            f"Take half of the coefficient of {v}: {b} ÷ 2 = {half}.",
            f"Square the half: {signed(half)}^2 = {half * half}.",
        ]
        if there:
            steps.append(f"The number {there} is there already: {half * half} - {there} = {half * half - there}.")
        steps.append(f"Now {poly([1, b, half * half], v)} = {binomial(1, half, v)}^2 is a perfect square.")
        return Draft(
            f"Which number must be added to {shown} to make a perfect square?", str(half * half - there), f"({b}/2)^2{f' - {there}' if there else ''}",
            tuple(steps), {"a": 1, "b": b, "c": there, "add": 1}, "part_there" if there else "number",
        )  # fmt: skip
    if level == 2 or not odd:
        a = 1 if level == 2 else a
        b = 2 * half
        q = Fraction(c - a * half * half)
        start, square = poly([a, a * b, c], v), f"{a if a > 1 else ''}{binomial(1, half, v)}^2"
        steps = (
            [
                f"Factor {a} out of the first two terms: {start} = {a}({poly([1, b, 0], v)}) {'-' if c < 0 else '+'} {abs(c)}."
            ]
            if a > 1
            else []
        )
        steps += [
            f"Half of {b} is {half}, and {signed(half)}^2 = {half * half}.",
            f"{square} = {poly([a, a * b, a * half * half], v)}",
            f"So q is {c} - {a * half * half}, and {c} - {a * half * half} = {q}.",
        ]
        form = f"{a if a > 1 else ''}({v} + p)^2 + q"
        code = f"{c} - {f'{a}*' if a > 1 else ''}({f'{a * b}/{a}' if a > 1 else b}/2)^2"
    else:
        a, b = 1, 2 * half + 1
        h, q = Fraction(b, 2), c - Fraction(b * b, 4)
        start, form = poly([1, b, c], v), f"({v} + p)^2 + q"
        steps = [
            f"Half of {b} is {h}, and ({h})^2 = {h * h}.",
            f"The square contributes {h * h}, so q is {c} - {h * h}.",
            f"{c} - {h * h} = {q}",
        ]
        code = f"{c} - ({b}/2)^2"
    return Draft(
        f"Write {start} in the form {form}. What is q?", str(q), code, tuple(steps), {"a": a, "b": b, "c": c, "add": 0},
        "leading" if a > 1 else "odd" if b % 2 else "even",
    )  # fmt: skip


def _larger_root(a: int, b: int, c: int) -> str:
    """(-b + sqrt(b^2 - 4ac)) / (2a) in simplest form, for a > 0."""
    s, r = _square_part(b * b - 4 * a * c)
    g = gcd(b, s, 2 * a)
    m, s, den = -b // g, s // g, 2 * a // g
    root = _root(s, r, True)
    top = f"{m} + {root}" if m else root
    return top if den == 1 else f"({top})/{den}"


def _formula_draft(a: int, b: int, c: int, v: str = "x") -> Draft:
    """Exact larger solution, for a discriminant that is not a square."""
    disc = b * b - 4 * a * c
    s, r = _square_part(disc)
    answer = _larger_root(a, b, c)
    shown = answer.replace("*sqrt(", "√").replace("sqrt(", "√")
    shown = _unparenthesize_roots(shown)
    steps = [
        f"a = {a}, b = {b}, c = {c}",
        f"The discriminant is {signed(b)}^2 - 4 · {a} · {signed(c)} = {disc}.",
        f"√{disc} becomes {_root(s, r)}." if s > 1 else f"√{disc} cannot be simplified.",
        f"The larger solution has a plus in the formula: ({-b} + √{disc})/{2 * a}.",
    ]
    if shown != f"({-b} + √{disc})/{2 * a}":
        steps.append(f"In simplest form this is {shown}.")
    return Draft(
        f"Use the quadratic formula to find the larger solution of {poly([a, b, c], v)} = 0. Write it in exact form with a square root.",
        answer, f"write((-({b}) + sqrt(({b})^2 - 4*{a}*({c})))/(2*{a}))", tuple(steps),
        {"a": a, "b": b, "c": c, "surd": 1}, "exact", "expression",
    )  # fmt: skip


def _unparenthesize_roots(text: str) -> str:
    """ "(-3 + √5))/2" -> "(-3 + √5)/2": the parenthesis that sqrt( had."""
    head, root, tail = text.partition("√")
    return head + root + tail.replace(")", "", 1)


@generator("polynomials.quadratic_formula")
def quadratic_formula(rng: Random, level: int, scene: Scene | None) -> Draft:
    v = rng.choice("xxnt")
    if level == 3:
        while True:
            a, b, c = rng.randint(1, 4), nonzero(rng, 10), nonzero(rng, 9)
            disc = b * b - 4 * a * c
            if 0 < disc <= 200 and not _is_square(disc) and gcd(a, b, c) == 1:
                return _formula_draft(a, b, c, v)
    a1, a2 = (1, 1) if level == 1 else (rng.randint(2, 5), rng.randint(1, 3))
    while True:
        b1, b2 = nonzero(rng, 9), nonzero(rng, 9)
        if gcd(a1, b1) == 1 and gcd(a2, b2) == 1 and a1 * b2 + a2 * b1 and a1 * b2 != a2 * b1:
            break
    a, b, c = a1 * a2, a1 * b2 + a2 * b1, b1 * b2
    disc = b * b - 4 * a * c
    root = isqrt(disc)
    roots = [Fraction(-b - root, 2 * a), Fraction(-b + root, 2 * a)]
    steps = (
        f"a = {a}, b = {b}, c = {c}",
        f"The discriminant is {signed(b)}^2 - 4 · {a} · {signed(c)} = {disc}.",
        f"The square root of {disc} is {root}.",
        f"Add the root: ({-b} + {root})/{2 * a} = {roots[1]}.",
        f"Subtract the root: ({-b} - {root})/{2 * a} = {roots[0]}.",
    )
    return Draft(
        f"Use the quadratic formula to solve {poly([a, b, c], v)} = 0.", roots_text(roots), f"solve({poly([a, b, c], v)} = 0, {v})", steps,
        {"a": a, "b": b, "c": c, "surd": 0}, "rational", "list", "set",
    )  # fmt: skip


def _vertex_draft(a: int, h: int, k: int, form: str, text: str = "") -> Draft:
    b, c = -2 * a * h, a * h * h + k
    if form == "vertex":
        curve = f"{'' if a == 1 else '-' if a == -1 else a}{binomial(1, -h)}^2" + (
            f" {'-' if k < 0 else '+'} {abs(k)}" if k else ""
        )
        steps = [
            f"The square is 0 when {poly([1, -h])} = 0, so x = {h}.",
            f"Then y = {k}.",
            f"The vertex is ({h}, {k}).",
        ]
    else:
        curve = poly([a, b, c])
        steps = [
            f"The vertex lies at x = {-b}/(2 · {signed(a)}), so x = {h}.",
            f"Put {h} in for x: y = {f'{a} · ' if a != 1 else ''}{signed(h)}^2 {'-' if b < 0 else '+'} {abs(b)} · {signed(h)} {'-' if c < 0 else '+'} {abs(c)}, so y = {k}.",
            f"The vertex is ({h}, {k}).",
        ]
    lead = text or "Find the vertex of the parabola y = {curve}."
    return Draft(
        lead.format(curve=curve), f"({h}, {k})", f"vertex({curve.replace('(', '*(') if abs(a) > 1 and form == 'vertex' else curve})", tuple(steps),
        {"a": a, "h": h, "k": k, "form": form}, form, "point",
    )  # fmt: skip


@generator("polynomials.vertex")
def vertex(rng: Random, level: int, scene: Scene | None) -> Draft:
    h, k, a = nonzero(rng, 9), nonzero(rng, 12), nonzero(rng, 4, 2)
    a = 1 if level < 3 else a
    text = ""
    if scene:
        text = f"{scene.person} designs a sign for {scene.place} on a computer. Its edge follows the parabola y = {{curve}}. Find the vertex of this parabola."
    return _vertex_draft(a, h, k, "vertex" if level == 1 else "standard", text)


# Buggy rules


@rule("polynomials.multiplies_exponents_in_a_product")
def multiplies_exponents_in_a_product(v) -> str | None:
    return mono(v["c"] * v["d"], v["letters"], [p * q for p, q in zip(v["p"], v["q"], strict=True)])


@rule("polynomials.adds_exponents_in_a_power_of_a_power")
def adds_exponents_in_a_power_of_a_power(v) -> str | None:
    return mono(v["c"] ** v["n"], v["letters"], [p + v["n"] for p in v["p"]])


@rule("polynomials.leaves_the_coefficient_without_the_power")
def leaves_the_coefficient_without_the_power(v) -> str | None:
    return mono(v["c"], v["letters"], [p * v["n"] for p in v["p"]])


@rule("polynomials.divides_the_exponents")
def divides_the_exponents(v) -> str | None:
    if any(p % q for p, q in zip(v["p"], v["q"], strict=True)):
        return None  # nobody writes a fraction as an exponent here
    return mono(v["c"] // v["d"], v["letters"], [p // q for p, q in zip(v["p"], v["q"], strict=True)])


@rule("polynomials.makes_a_negative_exponent_a_negative_number")
def makes_a_negative_exponent_a_negative_number(v) -> str | None:
    if v["exponent"] >= 0:
        return None
    power = -(Fraction(v["num"], v["den"]) ** -v["exponent"])
    return str(v["times"] * power + v["plus"] + (1 if v["zero_base"] else 0))


@rule("polynomials.takes_a_zero_exponent_as_zero")
def takes_a_zero_exponent_as_zero(v) -> str | None:
    if v["exponent"] == 0:
        return str(v["plus"])
    if v["zero_base"]:
        return str(v["times"] * Fraction(v["num"], v["den"]) ** v["exponent"])
    return None


@rule("polynomials.adds_the_exponents_of_like_terms")
def adds_the_exponents_of_like_terms(v) -> str | None:
    top = len(v["p"]) - 1
    sums = {}
    for i, (a, b) in enumerate(zip(v["p"], v["q"], strict=True)):
        e = (top - i) * (2 if a and b else 1)
        sums[e] = sums.get(e, 0) + a + b
    return joined([(c, mono(abs(c), v["v"], (e,))) for e, c in sorted(sums.items(), reverse=True)])


@rule("polynomials.subtracts_only_the_first_term")
def subtracts_only_the_first_term(v) -> str | None:
    (p, *rest), (q, *others) = v["p"], v["q"]
    return poly([p - q, *(a + b for a, b in zip(rest, others, strict=True))], v["v"])


@rule("polynomials.distributes_to_the_first_term_only")
def distributes_to_the_first_term_only(v) -> str | None:
    q, e = v["q"], v["e"]
    top = len(q) - 1
    terms = [(v["m"] * q[0], top + e), *((c, top - i) for i, c in enumerate(q) if i)]
    return joined([(c, mono(abs(c), v["v"], (x,))) for c, x in terms])


@rule("polynomials.multiplies_firsts_and_lasts_only")
def multiplies_firsts_and_lasts_only(v) -> str | None:
    return poly([v["a"] * v["c"], 0, v["b"] * v["d"]], v["v"])


@rule("polynomials.squares_each_term")
def squares_each_term(v) -> str | None:
    last = mono(v["b"] ** 2, v["w"], (2,)) if v["w"] else str(v["b"] ** 2)
    return f"{mono(v['a'] ** 2, v['v'], (2,))} + {last}"


@rule("polynomials.divides_only_the_first_term")
def divides_only_the_first_term(v) -> str | None:
    letters, g, gx, gy = v["letters"], v["g"], v["gx"], v["gy"]
    n = len(letters)
    terms = [(v["inside"][0], mono(abs(v["inside"][0]), letters, (v["ix"][0], v["iy"][0])[:n]))]
    for c, i, j in zip(v["inside"][1:], v["ix"][1:], v["iy"][1:], strict=True):
        terms.append((g * c, mono(abs(g * c), letters, (gx + i, gy + j)[:n])))
    return f"{mono(g, letters, (gx, gy)[:n])}({joined(terms)})"


@rule("polynomials.flips_the_signs_of_the_factors")
def flips_the_signs_of_the_factors(v) -> str | None:
    return binomial(v["a"], -v["b"], v["v"]) + binomial(v["c"], -v["d"], v["v"])


@rule("polynomials.factors_a_difference_as_a_square")
def factors_a_difference_as_a_square(v) -> str | None:
    second = mono(v["b"], v["w"], (1,)) if v["w"] else str(v["b"])
    return f"({mono(v['a'], v['v'], (1,))} - {second})^2"


@rule("polynomials.reads_solutions_from_the_factors")
def reads_solutions_from_the_factors(v) -> str | None:
    return roots_text([Fraction(-v["n1"], v["d1"]), Fraction(-v["n2"], v["d2"])])


@rule("polynomials.forgets_the_negative_root")
def forgets_the_negative_root(v) -> str | None:
    return str(v["h"] + v["n"])


@rule("polynomials.takes_the_square_factor_out_whole")
def takes_the_square_factor_out_whole(v) -> str | None:
    return _root(v["c"] * (v["s"] ** 2 + v["sign"] * v["t"] ** 2), v["r"], True)


@rule("polynomials.halves_without_squaring")
def halves_without_squaring(v) -> str | None:
    half = Fraction(v["b"], 2)
    return str(half - v["c"] if v["add"] else v["c"] - v["a"] * half)


@rule("polynomials.drops_the_minus_before_b")
def drops_the_minus_before_b(v) -> str | None:
    a, b, c = v["a"], v["b"], v["c"]
    if v["surd"]:
        return _larger_root(a, -b, c)
    root = isqrt(b * b - 4 * a * c)
    return roots_text([Fraction(b - root, 2 * a), Fraction(b + root, 2 * a)])


@rule("polynomials.takes_the_vertex_sign_as_written")
def takes_the_vertex_sign_as_written(v) -> str | None:
    h, k = v["h"], v["k"]
    return f"({-h}, {k if v['form'] == 'vertex' else v['a'] * 4 * h * h + k})"


# Composed problems


@composer(
    "polynomials.uncovered_area",
    ("polynomials.square_binomial", "polynomials.multiply_binomials", "polynomials.subtract"),
)
def uncovered_area(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    big = rng.randint(7, 9 if level == 1 else 15)
    b, d = rng.randint(1, big - 4), rng.randint(1, big - 3)
    if level == 3:
        b = -b
    square, product = [1, 2 * big, big * big], [1, b + d, b * d]
    last = _subtract_draft(square, product)
    who = f"{scene.person} makes a board for {scene.place}. It" if scene else "A board"
    text = (
        f"{who} is a square with sides of x + {big} inches. A photo that is {poly([1, b])} inches wide and "
        f"{poly([1, d])} inches tall is glued on it. Write the area that stays uncovered, in square inches, as a polynomial."
    )
    steps = (
        f"Area of the board: (x + {big})^2 = {poly(square)}.",
        f"Area of the photo: {binomial(1, b)}{binomial(1, d)} = {poly(product)}.",
        f"Subtract: ({poly(square)}) - ({poly(product)}) = {last.answer}.",
    )
    whole = Draft(
        text,
        last.answer,
        f"expand((x + {big})^2 - {binomial(1, b)}*{binomial(1, d)})",
        steps,
        {"big": big, "b": b, "d": d},
        kind="expression",
    )
    return whole, [
        ("polynomials.square_binomial", _square_draft(1, big, "x")),
        ("polynomials.multiply_binomials", _binomials_draft(1, b, 1, d)),
        ("polynomials.subtract", last),
    ]


@composer(
    "polynomials.rectangle_from_area",
    ("polynomials.multiply_monomial", "polynomials.factor_trinomial", "polynomials.solve_by_factoring"),
)
def rectangle_from_area(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    width, more = rng.randint(2, (6, 9, 14)[level - 1]), rng.randint(1, (5, 9, 12)[level - 1])
    area = width * (width + more)
    where = f"at {scene.place} " if scene else ""
    text = (
        f"A rectangular rug {where}is x feet wide and x + {more} feet long. Its area is {area} square feet. "
        "Write an equation for the area and solve it. How many feet wide is the rug?"
    )
    steps = (
        f"The area is x(x + {more}) = x^2 + {mono(more, 'x', (1,))}.",
        f"So x^2 + {mono(more, 'x', (1,))} - {area} = 0.",
        f"Factor: {binomial(1, -width)}{binomial(1, width + more)} = 0.",
        f"The solutions are {width} and {-width - more}. A width is positive, so the rug is {width} feet wide.",
    )
    whole = Draft(
        text,
        str(width),
        f"(-{more} + sqrt({more}^2 + 4*{area}))/2",
        steps,
        {"width": width, "more": more, "area": area},
        unit="feet",
    )
    return whole, [
        ("polynomials.multiply_monomial", _monomial_draft(1, 1, [1, more])),
        ("polynomials.factor_trinomial", _trinomial_draft(1, -width, 1, width + more)),
        ("polynomials.solve_by_factoring", _factoring_draft(1, -width, 1, width + more)),
    ]


@composer(
    "polynomials.common_factor_first",
    ("polynomials.factor_gcf", "polynomials.factor_trinomial", "polynomials.solve_by_factoring"),
)
def common_factor_first(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    g = rng.randint(2, (3, 5, 9)[level - 1])
    while True:
        b, d = (rng.randint(1, 6), rng.randint(1, 6)) if level == 1 else (nonzero(rng, 9), nonzero(rng, 9))
        if b != d and b != -d:
            break
    inside = [1, b + d, b * d]
    start = poly([g * c for c in inside])
    last = _factoring_draft(1, b, 1, d)
    steps = (
        f"Take out the common factor: {g}({poly(inside)}) = 0.",
        f"Factor the trinomial: {g}{binomial(1, b)}{binomial(1, d)} = 0.",
        f"{g} is never 0, so one of the binomials is 0: the solutions are {last.answer.replace(', ', ' and ')}.",
    )
    whole = Draft(
        f"Solve {start} = 0. Begin with the greatest common factor.", last.answer, f"solve({start} = 0, x)", steps,
        {"g": g, "b": b, "d": d}, kind="list", form="set",
    )  # fmt: skip
    return whole, [
        # the trinomial that is left inside is factored in the next part
        ("polynomials.factor_gcf", replace(_gcf_draft(g, 0, 0, inside, (2, 1, 0), (0, 0, 0), "xy"), form="")),
        ("polynomials.factor_trinomial", _trinomial_draft(1, b, 1, d)),
        ("polynomials.solve_by_factoring", last),
    ]


@composer(
    "polynomials.triangle_under_a_parabola",
    ("polynomials.solve_by_factoring", "polynomials.vertex", "geometry.area_triangle"),
)
def triangle_under_a_parabola(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    h, reach = nonzero(rng, (3, 6, 9)[level - 1]), rng.randint(2, (4, 5, 7)[level - 1])
    if abs(h) == reach:
        h += 1 if h > 0 else -1
    left, right, k = h - reach, h + reach, -reach * reach
    curve = poly([1, -2 * h, h * h + k])
    area = reach**3
    text = (
        f"The parabola y = {curve} meets the x-axis at two points. These two points and the vertex are the corners of a triangle. "
        "What is the area of the triangle in square units?"
    )
    steps = (
        f"{curve} = 0 has the solutions {left} and {right}.",
        f"The base of the triangle is {right} - {signed(left)} = {2 * reach}.",
        f"The vertex is ({h}, {k}), so the height is {-k}.",
        f"The area is 1/2 · {2 * reach} · {-k} = {area}.",
    )
    whole = Draft(
        text, str(area), f"1/2 * (2*sqrt(({-2 * h}/2)^2 - ({h * h + k}))) * (({-2 * h}/2)^2 - ({h * h + k}))", steps,
        {"h": h, "reach": reach}, unit="square units",
    )  # fmt: skip
    return whole, [
        ("polynomials.solve_by_factoring", _factoring_draft(1, -left, 1, -right)),
        ("polynomials.vertex", _vertex_draft(1, h, k, "standard")),
        ("geometry.area_triangle", triangle_area_draft(2 * reach, -k, "units")),
    ]


@composer(
    "polynomials.chain_of_powers",
    ("polynomials.power_of_power", "polynomials.product_of_powers", "polynomials.quotient_of_powers"),
)
def chain_of_powers(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    n, p, q = rng.randint(2, 3), rng.randint(3, 5), rng.randint(2, 6)
    c = 1 if level == 1 else rng.randint(2, 4)
    m = 1 if level == 1 else rng.randint(2, 6)
    d = rng.choice([f for f in range(1, 13) if c**n * m % f == 0 and c**n * m > f]) if level > 1 else 1
    r = rng.randint(2, p * n + q - 1) if level < 3 else p * n + q - rng.randint(1, 4)
    inner, second, under = mono(c, "x", (p,)), mono(m, "x", (q,)), mono(d, "x", (r,))
    power = mono(c**n, "x", (p * n,))
    top = mono(c**n * m, "x", (p * n + q,))
    answer = mono(c**n * m // d, "x", (p * n + q - r,))
    steps = (f"({inner})^{n} = {power}", f"{power} · {second} = {top}", f"({top}) ÷ ({under}) = {answer}")
    whole = Draft(
        f"Simplify ({inner})^{n} · {second} ÷ ({under}).", answer, f"simplify(({inner})^{n} * {second} / ({under}))", steps,
        {"c": c, "m": m, "d": d, "n": n, "p": p, "q": q, "r": r}, kind="expression",
    )  # fmt: skip
    return whole, [
        ("polynomials.power_of_power", _power_draft("x", c, (p,), n)),
        ("polynomials.product_of_powers", _product_draft("x", c**n, (p * n,), m, (q,))),
        ("polynomials.quotient_of_powers", _quotient_draft("x", c**n * m, (p * n + q,), d, (r,))),
    ]


@composer("polynomials.formula_with_a_radical", ("polynomials.simplify_radicals", "polynomials.quadratic_formula"))
def formula_with_a_radical(rng: Random, level: int, scene: Scene | None) -> tuple[Draft, list[tuple[str, Draft]]]:
    while True:
        a = 1 if level == 1 else rng.randint(1, 2 if level == 2 else 4)
        b, c = 2 * nonzero(rng, 6), nonzero(rng, 12)
        disc = b * b - 4 * a * c
        if disc > 0 and _square_part(disc)[0] > 1 and not _is_square(disc) and gcd(a, b, c) == 1:
            break
    last = _formula_draft(a, b, c)
    whole = Draft(
        f"Find the larger solution of {poly([a, b, c])} = 0 with the quadratic formula. Write it in exact form with a simplified square root.",
        last.answer, last.expression, last.steps, last.values, kind="expression",
    )  # fmt: skip
    return whole, [("polynomials.simplify_radicals", _radical_draft(1, disc)), ("polynomials.quadratic_formula", last)]
