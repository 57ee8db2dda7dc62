"""Wrong solutions made from a problem's own worked solution, so that a problem from a file needs no generator.

One calculation is done wrong in a way that pupils are known to (`arithmetic_bugs`), everything after it is recomputed,
and the lines are rewritten: the wrong answer follows from the wrong step. What nobody would believe is left out.
"""

import re
from fractions import Fraction
from random import Random

from classwright.classroom.arithmetic_bugs import BUGS
from classwright.classroom.equations import numbers_in
from classwright.classroom.solution_chain import Chain, Change, chain_of, leads_to, redo, write
from classwright.classroom.wrong_lines import wrong_lines
from classwright.classroom.wrong_solution import WrongSolution
from classwright.skilltree.grading import grade
from classwright.skilltree.problem import Problem
from classwright.skilltree.reading import ReadNumber, read_number

FARTHEST = 40
"""How many times too large or too small a wrong answer may be."""
IDEA_WEIGHT, SLIP_WEIGHT = 3.0, 1.0
"""How likely a wrong idea is to come before a slip. The ratio is ours: tutoring is about ideas."""
_COUNTS = re.compile(r"\bhow many\b", re.I)
_MEASURED = re.compile(
    r"\bhow many (?:more |fewer |total |whole )*(?:\w+ )?"
    r"(?:hours?|minutes?|miles?|pounds?|dollars?|cups?|gallons?|ounces?|kilometers?|meters?|"
    r"liters?|feet|inches|kilograms?|grams?|yards?|acres?|percent\w*|tons?|cm|kg|km)\b",
    re.I,
)


def wrong_solutions(problem: Problem, seed: int, n: int) -> tuple[WrongSolution, ...]:
    """Wrong solutions of a problem, with different wrong answers and, as far as there are any, different bugs.

    Args:
        problem: A problem with worked steps; with `values["worked"]`, the solution as its file has it, annotations are
            read too.
        seed: The same seed gives the same solutions.
        n: How many at most.

    Returns:
        At most `n`, fewer where there are no more, first those in which the number of the right answer does not stand
        anywhere (it can in a step in between). None where the steps hold no calculation that leads to the answer.
    """
    right, chain = read_number(problem.answer), chain_of(problem)
    if chain is None or right is None:
        return ()
    rng = Random(f"wrong solutions/{seed}/{problem.id}")
    places = [at for at in range(chain.last + 1) if chain.calculations[at].holds and leads_to(chain, at)]
    changes = {name: [c for at in places for c in bug.changes(problem, chain, at)] for name, bug in BUGS.items()}
    # a weighted order without replacement (Efraimidis and Spirakis 2006)
    order = sorted(BUGS, key=lambda bug: -(rng.random() ** (1 / (SLIP_WEIGHT if BUGS[bug].slip else IDEA_WEIGHT))))
    for bug in order:
        rng.shuffle(changes[bug])
    chosen: dict[str, WrongSolution] = {}
    spare: dict[str, WrongSolution] = {}
    while len(chosen) < n and any(changes.values()):
        for bug in order:
            while changes[bug] and len(chosen) < n:
                made = _made(problem, chain, bug, changes[bug].pop(), right)
                if made is None or made.answer in chosen:
                    continue
                if right.value in numbers_in(made.text) - chain.given:
                    spare.setdefault(made.answer, made)
                    continue
                chosen[made.answer] = made
                break
    rest = [made for answer, made in spare.items() if answer not in chosen]
    return (*chosen.values(), *rest[: n - len(chosen)])


def _made(problem: Problem, chain: Chain, bug: str, change: Change, right: ReadNumber) -> WrongSolution | None:
    redone = redo(chain, change)
    if redone is None:
        return None
    line = chain.lines[change.at]
    last = redone.results[change.at if change.stops else chain.last]
    if right.value != chain.calculations[chain.last].result:  # the result is a percent, the answer its number
        last *= 100
    if not _plausible(problem, chain, redone.results, last, right.value):
        return None
    lines = wrong_lines(chain, redone)
    answer = write(last, problem.answer)
    if lines is None or grade(answer, problem).result == "right":
        return None
    text = "\n".join((*lines, f"The answer is {_with_unit(answer, problem)}."))
    if change.stops:
        line += 1
    return WrongSolution(bug=bug, step=line, text=text, answer=answer, correct=chain.steps[line].text)


def _with_unit(answer: str, problem: Problem) -> str:
    return f"${answer}" if problem.unit == "dollars" and "$" not in answer else answer


def _plausible(problem: Problem, chain: Chain, results: tuple[Fraction, ...], last: Fraction, right: Fraction) -> bool:
    """Whether a pupil could believe in the results."""
    if last <= 0 or last == right or (right and not Fraction(1, FARTHEST) <= last / right <= FARTHEST):
        return False
    counts = bool(_COUNTS.search(problem.text)) and not _MEASURED.search(problem.text)
    if counts and right.denominator == 1 and last.denominator != 1:
        return False
    return all(
        x == c.result or (c.result > 0 and Fraction(1, 100) < x / c.result < 100)
        for c, x in zip(chain.calculations, results, strict=True)
    )
