"""How the calculations of a solution hang together: a change in one of them carried through to the answer."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from classwright.classroom.arithmetic import Term, evaluate, number_of
from classwright.classroom.equations import numbers_in
from classwright.classroom.solution_steps import Calculation, SolutionStep, read_solution
from classwright.skilltree.problem import Problem
from classwright.skilltree.reading import read_number
from classwright.skilltree.values import decimal_text

PLACES = 2
"""Decimals that a changed result may have where the solution's own has none."""


@dataclass(frozen=True)
class Chain:
    """A problem's own solution, ready to be changed.

    Attributes:
        steps: Its steps, as many as the problem has.
        calculations: The calculations of all steps, in order.
        lines: The step in which each calculation stands.
        uses: Per calculation, place of a number in its terms -> the calculation whose result it is.
        last: The calculation that gives the answer.
        given: The numbers of the question.
    """

    steps: tuple[SolutionStep, ...]
    calculations: tuple[Calculation, ...]
    lines: tuple[int, ...]
    uses: tuple[Mapping[int, int], ...]
    last: int
    given: frozenset[Fraction]


@dataclass(frozen=True)
class Change:
    """What is done differently in one calculation.

    Attributes:
        at: The calculation.
        terms: Its new left side; None leaves the side alone or has none.
        result: The new result where it is not what the new left side comes to.
        skipped: Whether the calculation is not made at all; `result` is then what is used in its place.
        stops: Whether its result is taken for the answer.
        says: What is written in place of the equation, "" for the equation.
    """

    at: int
    terms: tuple[Term, ...] | None = None
    result: Fraction | None = None
    skipped: bool = False
    stops: bool = False
    says: str = ""


@dataclass(frozen=True)
class Redone:
    """A solution after a change.

    Attributes:
        change: The change.
        terms: The left side of every calculation.
        results: The result of every calculation.
    """

    change: Change
    terms: tuple[tuple[Term, ...], ...]
    results: tuple[Fraction, ...]


def chain_of(problem: Problem) -> Chain | None:
    """The chain of a problem's worked solution; None where its calculations do not lead to its answer.

    The solution is `values["worked"]` where the problem has one (with annotations), else its steps.
    """
    steps = read_solution(str(problem.values.get("worked") or "\n".join(problem.steps)))
    found = [(line, c) for line, step in enumerate(steps) for c in step.calculations]
    answer = read_number(problem.answer)
    if answer is None:
        return None
    ends = [i for i, (_, c) in enumerate(found) if c.holds and answer.value in (c.result, *_hundredfold(c, problem))]
    if not ends:
        return None
    given = frozenset(numbers_in(problem.text))
    calculations = tuple(c for _, c in found)
    return Chain(steps, calculations, tuple(n for n, _ in found), _uses(calculations, given), ends[-1], given)


def _hundredfold(c: Calculation, problem: Problem) -> tuple[Fraction, ...]:
    """What a result comes to in percent or cents, where these are asked for."""
    asked = c.shown.endswith("%") or re.search(r"\bcents?\b|\bpercent|%", problem.text)
    return (100 * c.result,) if asked else ()


def _uses(calculations: tuple[Calculation, ...], given: frozenset[Fraction]) -> tuple[Mapping[int, int], ...]:
    """Which numbers are earlier results.

    A number that the question gives too is taken for a result only while nothing else uses that result.
    """
    used: set[int] = set()
    found: list[Mapping[int, int]] = []
    for i, c in enumerate(calculations):
        places = {}
        for place, term in enumerate(c.terms):
            value = number_of(term.text) if term.is_number else None
            same = [j for j in range(i) if calculations[j].result == value]
            if same and not (value in given and same[-1] in used):
                places[place] = same[-1]
                used.add(same[-1])
        found.append(places)
    return tuple(found)


def redo(chain: Chain, change: Change) -> Redone | None:
    """The solution with one calculation changed, everything after it recomputed.

    None where that cannot be done: a calculation that depends on the change does not hold itself, divides by zero, or
    comes to what nobody would write (negative, more than two decimals where there were none).
    """
    terms: list[tuple[Term, ...]] = []
    results: list[Fraction] = []
    changed: set[int] = set()
    for i, c in enumerate(chain.calculations):
        own = change.at == i
        now = tuple(
            Term(write(results[j], t.text), write(results[j], t.written)) if (j := chain.uses[i].get(place)) in changed
            else t
            for place, t in enumerate(c.terms)
        )  # fmt: skip
        if own and change.terms is not None:
            now = change.terms
        result = c.result
        if own and change.result is not None:
            result = change.result
        elif now != c.terms:
            exact = evaluate([t.text for t in now])
            result = None if exact is None or not c.holds else _rounded(exact, c)
        if result is None or (result != c.result and result <= 0):
            return None
        if result != c.result:
            changed.add(i)
        terms.append(now)
        results.append(result)
    return Redone(change, tuple(terms), tuple(results))


def _rounded(exact: Fraction, like: Calculation) -> Fraction | None:
    """A result with as many decimals as the solution's own, or two; None where it has more and the own was exact."""
    places = len(like.shown.rstrip("%").partition(".")[2])
    own = evaluate([t.text for t in like.terms])
    if own != like.result:  # it was rounded in the solution too
        return round(exact, places)
    unit = 10 ** (max(places, PLACES) + 2 * like.shown.endswith("%"))
    return exact if (exact * unit).denominator == 1 else None


def leads_to(chain: Chain, at: int) -> bool:
    """Whether the answer depends on a calculation."""
    needed = {chain.last}
    for i in range(chain.last, at, -1):
        if i in needed:
            needed |= set(chain.uses[i].values())
    return at in needed


def write(value: Fraction, like: str) -> str:
    """A number in the manner of another: its "$", its commas, its two decimals for cents, its "%"."""
    percent = like.endswith("%")
    value = value * 100 if percent else value
    text = decimal_text(value) or decimal_text(round(value, PLACES)) or str(value)
    if re.search(r"\.\d\d$", like) and "$" not in like[1:] and "." in text and len(text.partition(".")[2]) == 1:
        text += "0"
    elif re.search(r"\.00$", like) and "." not in text:
        text += ".00"
    if "," in like or ("$" in like and value >= 10_000):
        whole, point, places = text.partition(".")
        text = f"{int(whole):,}{point}{places}"
    return "$" * like.startswith("$") + text + "%" * percent


def numbers_of_terms(terms: tuple[Term, ...]) -> Iterator[tuple[int, Fraction]]:
    """The numbers of a calculation with their places."""
    for place, term in enumerate(terms):
        if term.is_number and (value := number_of(term.text)) is not None:
            yield place, value
