"""What goes wrong in a calculation of a word problem: named bugs, each with the error research that describes it.

A bug is a function of a problem's solution and one of its calculations that gives the changes it would make there. The
rules of which change is plausible are in `buggy_steps`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from classwright.classroom.arithmetic import Term, number_of
from classwright.classroom.solution_chain import Chain, Change, numbers_of_terms, write
from classwright.skilltree.problem import Problem


@dataclass(frozen=True)
class Bug:
    """One way to go wrong.

    Attributes:
        idea: What the pupil does, one sentence.
        source: Who describes it.
        slip: Whether it is a slip in carrying out, not a wrong idea.
        changes: The changes that it makes to one calculation.
    """

    idea: str
    source: str
    slip: bool
    changes: Callable[[Problem, Chain, int], Iterator[Change]]


_COMPARES = re.compile(
    r"\b(?:more|fewer|less|older|younger|taller|shorter|longer|greater|cheaper)\b.{0,40}\bthan\b", re.I
)


def _with_sign(problem: Problem, chain: Chain, at: int, old: str, new: str) -> Iterator[Change]:
    """One sign of a calculation replaced by another."""
    terms = chain.calculations[at].terms
    for place, term in enumerate(terms):
        if term.text == old and place and terms[place - 1].text not in "+-*/(":
            yield Change(at, (*terms[:place], Term(new, _style(chain, new)), *terms[place + 1 :]))


def _style(chain: Chain, sign: str) -> str:
    """How the solution writes a sign."""
    written = [t.written for c in chain.calculations for t in c.terms if t.text == sign and t.written]
    return max(set(written), key=lambda w: (written.count(w), w)) if written else {"*": "x"}.get(sign, sign)


def _reversed_comparison(problem: Problem, chain: Chain, at: int) -> Iterator[Change]:
    if _COMPARES.search(problem.text) and len(chain.calculations[at].terms) == 3:
        yield from _with_sign(problem, chain, at, "+", "-")
        yield from _with_sign(problem, chain, at, "-", "+")


def _added_for_subtracted(problem: Problem, chain: Chain, at: int) -> Iterator[Change]:
    if not _COMPARES.search(problem.text):
        yield from _with_sign(problem, chain, at, "-", "+")


def _subtracted_for_added(problem: Problem, chain: Chain, at: int) -> Iterator[Change]:
    if not _COMPARES.search(problem.text):
        yield from _with_sign(problem, chain, at, "+", "-")


def _added_for_multiplied(problem: Problem, chain: Chain, at: int) -> Iterator[Change]:
    terms = chain.calculations[at].terms
    if len(terms) == 3 and all(x.denominator == 1 and x > 1 for _, x in numbers_of_terms(terms)):
        yield from _with_sign(problem, chain, at, "*", "+")


def _multiplied_for_divided(problem: Problem, chain: Chain, at: int) -> Iterator[Change]:
    if "100" not in [t.text for t in chain.calculations[at].terms]:  # p/100 is a percent, not a division that one picks
        yield from _with_sign(problem, chain, at, "/", "*")


def _divided_for_multiplied(problem: Problem, chain: Chain, at: int) -> Iterator[Change]:
    terms = chain.calculations[at].terms
    if len(terms) == 3 and terms[1].text == "*":
        sign = Term("/", _style(chain, "/"))
        large, small = sorted((terms[0], terms[2]), key=lambda t: number_of(t.text) or 0, reverse=True)
        if (number_of(small.text) or 0) > 1:
            yield Change(at, (large, sign, small))


def _divided_upside_down(problem: Problem, chain: Chain, at: int) -> Iterator[Change]:
    terms = chain.calculations[at].terms
    if len(terms) == 3 and terms[1].text == "/":
        yield Change(at, (terms[2], terms[1], terms[0]))


def _percent_as_number(problem: Problem, chain: Chain, at: int) -> Iterator[Change]:
    c = chain.calculations[at]
    texts = [t.text for t in c.terms]
    for match in re.finditer(r"(\d+(?:\.\d+)?)\s*(?:%|percent)", problem.text):
        percent = Fraction(match[1])
        of = [x for place, x in numbers_of_terms(c.terms) if x not in (percent, percent / 100, 100)]
        whole = of[0] if len(of) == 1 and of[0] not in (1, Fraction(1, 100)) else None
        if whole and "*" in texts and c.result == percent / 100 * whole:
            amount = write(percent, "$" if "$" in problem.text else "1")
            yield Change(at, (), percent, says=f"{match[1]}% is {amount}")


def _quantity_left_out(problem: Problem, chain: Chain, at: int) -> Iterator[Change]:
    terms = chain.calculations[at].terms
    if len(terms) >= 5 and len({t.text for t in terms if not t.is_number}) == 1 and terms[1].text in "+*-":
        for place in range(0 if terms[1].text != "-" else 2, len(terms), 2):
            left = terms[2:] if place == 0 else (*terms[: place - 1], *terms[place + 1 :])
            yield Change(at, left)


def _wrong_quantity(problem: Problem, chain: Chain, at: int) -> Iterator[Change]:
    terms = chain.calculations[at].terms
    numbers = dict(numbers_of_terms(terms))
    for place, x in numbers.items():
        if place in chain.uses[at] or x not in chain.given:
            continue
        for other in sorted(chain.given - set(numbers.values())):
            whole = other.denominator == x.denominator == 1
            if (
                other > 1 and whole and 5 * x >= other >= x / 5 and other / 100 not in chain.given
            ):  # 20 of "20%" is none
                term = Term(write(other, terms[place].text), write(other, terms[place].written))
                yield Change(at, (*terms[:place], term, *terms[place + 1 :]))


def _step_left_out(problem: Problem, chain: Chain, at: int) -> Iterator[Change]:
    if at == chain.last:
        return
    terms = chain.calculations[at].terms
    for place, x in numbers_of_terms(terms):
        # what was to be shared out or reduced stands for the result, not by how much
        if x > 1 and x != 100 and not (place and terms[place - 1].text in "/-"):
            yield Change(at, result=x, skipped=True)


def _stopped_early(problem: Problem, chain: Chain, at: int) -> Iterator[Change]:
    whole_line = chain.lines[at] < chain.lines[at + 1] if at + 1 < len(chain.lines) else False
    near = at == chain.last - 1 or (chain.uses[at] and at in chain.uses[chain.last].values())
    if whole_line and near and at < chain.last:
        yield Change(at, stops=True)


def _whole_pair(chain: Chain, at: int, sign: str) -> tuple[int, int] | None:
    """The two whole numbers of a calculation with one sign."""
    terms = chain.calculations[at].terms
    numbers = [x for _, x in numbers_of_terms(terms)]
    if len(terms) != 3 or terms[1].text != sign or any(x.denominator != 1 for x in numbers):
        return None
    return int(numbers[0]), int(numbers[1])


def _columns(a: int, b: int) -> Iterator[tuple[int, int, int]]:
    """The digits of two numbers from the right, with their place value."""
    place = 1
    while a or b:
        yield a % 10, b % 10, place
        a, b, place = a // 10, b // 10, place * 10


def _carry_forgotten(problem: Problem, chain: Chain, at: int) -> Iterator[Change]:
    if (pair := _whole_pair(chain, at, "+")) and min(pair) > 9:
        highest = len(str(max(pair)))
        total = sum(place * ((x + y) % 10 if place < 10 ** (highest - 1) else x + y) for x, y, place in _columns(*pair))
        yield Change(at, result=Fraction(total))


def _smaller_from_larger(problem: Problem, chain: Chain, at: int) -> Iterator[Change]:
    if (pair := _whole_pair(chain, at, "-")) and pair[0] > pair[1] and pair[0] > 9:
        yield Change(at, result=Fraction(sum(place * abs(x - y) for x, y, place in _columns(*pair))))


def _neighbor_fact(problem: Problem, chain: Chain, at: int) -> Iterator[Change]:
    if (pair := _whole_pair(chain, at, "*")) and all(2 < x <= 12 and x != 10 for x in pair):
        a, b = pair
        yield from (Change(at, result=Fraction(x)) for x in (a * (b - 1), a * (b + 1), (a - 1) * b, (a + 1) * b))


def _digits_swapped(problem: Problem, chain: Chain, at: int) -> Iterator[Change]:
    c = chain.calculations[at]
    result, digits = c.result, str(c.result)
    if result.denominator != 1 or result < 12 or digits.endswith("00"):
        return
    largest = max(x for _, x in numbers_of_terms(c.terms))
    for i in range(len(digits) - 1):
        swapped = digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
        near = result / 2 < int(swapped) < result * 2 and (result > largest) == (int(swapped) > largest)
        if swapped != digits and swapped[0] != "0" and near:
            yield Change(at, result=Fraction(swapped))


def _decimal_point(problem: Problem, chain: Chain, at: int) -> Iterator[Change]:
    c = chain.calculations[at]
    if any(t.text in "*/" for t in c.terms) and any("." in t.text for t in c.terms):
        for moved in (c.result * 10, c.result / 10):
            if (moved * 100).denominator == 1:
                yield Change(at, result=moved)


BUGS: dict[str, Bug] = {
    "reversed_comparison": Bug(
        'reads "more than" as adding and "less than" as taking away, whichever of the two is asked for',
        "Lewis and Mayer 1987; Hegarty, Mayer and Monk 1995", False, _reversed_comparison),
    "added_for_subtracted": Bug(
        "adds what has to be taken away", "Newman 1977 (transformation errors)", False, _added_for_subtracted),
    "subtracted_for_added": Bug(
        "takes away what has to be added", "Newman 1977 (transformation errors)", False, _subtracted_for_added),
    "added_for_multiplied": Bug(
        "adds the two numbers where one counts how often the other is taken",
        "Hart 1981; Van Dooren, De Bock and Verschaffel 2010", False, _added_for_multiplied),
    "multiplied_for_divided": Bug(
        "multiplies where the amount has to be shared out", "Fischbein et al. 1985", False, _multiplied_for_divided),
    "divided_for_multiplied": Bug(
        "divides where the amount has to be taken several times", "Fischbein et al. 1985", False,
        _divided_for_multiplied),
    "divided_upside_down": Bug(
        "divides the wrong one of the two numbers by the other", "Bell, Fischbein and Greer 1984", False,
        _divided_upside_down),
    "percent_as_number": Bug(
        "takes a percent for that many units", "Parker and Leinhardt 1995", False, _percent_as_number),
    "quantity_left_out": Bug(
        "leaves one of the quantities out of the calculation", "Newman 1977 (comprehension errors)", False,
        _quantity_left_out),
    "wrong_quantity": Bug(
        "calculates with a number of the story that belongs to something else",
        "Hegarty, Mayer and Monk 1995 (direct translation)", False, _wrong_quantity),
    "step_left_out": Bug(
        "leaves a step out and goes on with the number it had", "Quintero 1983", False, _step_left_out),
    "stopped_early": Bug(
        "gives the result of a step in between as the answer", "Quintero 1983", False, _stopped_early),
    "carry_forgotten": Bug("adds the columns and forgets to carry", "Cox 1975", True, _carry_forgotten),
    "smaller_from_larger": Bug(
        "takes the smaller digit from the larger in every column", "Brown and Burton 1978", True, _smaller_from_larger),
    "neighbor_fact": Bug(
        "takes the neighbor of a multiplication fact", "Campbell and Graham 1985", True, _neighbor_fact),
    "digits_swapped": Bug("swaps two digits in writing a result down", "Clements 1980 (careless errors)", True,
                          _digits_swapped),
    "decimal_point": Bug("puts the decimal point one place off", "Hiebert and Wearne 1985", True, _decimal_point),
}  # fmt: skip
"""Name -> bug. The ideas are sentences without a subject, so that they fit behind "the student" and a pupil's name."""
