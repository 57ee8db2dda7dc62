"""Where a student's worked solution first leaves the problem's own: found by comparing their calculations.

Only what a tutor can see is used: the student's words and the problem with its solution. A solution that goes another
right way can look like one that goes wrong; so a departure is looked for only when the answer is known to be wrong.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

from classwright.classroom.solution_chain import Chain, chain_of
from classwright.classroom.solution_steps import Calculation, SolutionStep, Term, number_of, read_solution
from classwright.classroom.wrong_lines import spelled
from classwright.classroom.wrong_solution import answer_in
from classwright.skilltree.problem import Problem
from classwright.skilltree.reading import read_number

Kind = Literal["slip", "plan", "left out", "stopped"]
"""slip: a calculation that does not come to what is written; plan: another calculation than the solution's; left out: a
step is missing before it; stopped: all is right, and the end is missing."""
DOES = {"+": "add", "-": "take away", "*": "multiply", "/": "divide"}
_REMEMBERED = 2048


class Departure(NamedTuple):
    """The first wrong place in a student's solution.

    Attributes:
        kind: What is wrong there.
        line: The student's line, as it stands.
        equation: The calculation in it, spelled out ("20 x 3 = 60").
        done: Its calculation.
        step: Index of the solution's step that belongs there.
        due: The solution's calculation that belongs there.
        like: The solution's calculation that the student's looks like: `due`, or the one after a step that is left out.
        result: How the student writes what the calculation comes to.
    """

    kind: Kind
    line: str
    equation: str
    done: Calculation
    step: int
    due: Calculation
    like: Calculation
    result: str

    @property
    def signs(self) -> tuple[str, str]:
        """The student's sign and the solution's, "" each where there are several."""
        return _sign(self.done), _sign(self.due)

    @property
    def numbers(self) -> set[Fraction]:
        """The numbers with which the student calculates there."""
        return set(_numbers(self.done))

    @property
    def wanted(self) -> set[Fraction]:
        """The numbers of the solution's calculation that the student's does not have."""
        return set(_numbers(self.due)) - self.numbers

    @property
    def shared(self) -> set[Fraction]:
        """The numbers that both have."""
        return set(_numbers(self.due)) & self.numbers

    @property
    def odd(self) -> list[str]:
        """Numbers of the student's calculation, as written, that the one it looks like does not have."""
        wanted = set(_numbers(self.like))
        return [t.written for t in self.done.terms if t.is_number and number_of(t.text) not in wanted]


def departure(text: str, problem: Problem) -> Departure | None:
    """Where a worked solution leaves the problem's own.

    Args:
        text: What the student wrote or said, one step a line.
        problem: With worked steps.

    Returns:
        None where the text holds no calculation, the problem's steps do not lead to its answer, or nothing differs.
    """
    return _departure(text, problem.answer, problem.text, problem.steps, str(problem.values.get("worked") or ""))


@lru_cache(maxsize=_REMEMBERED)
def _departure(text: str, answer: str, question: str, steps: tuple[str, ...], worked: str) -> Departure | None:
    problem = Problem(id="", skill="", level=1, seed=0, text=question, answer=answer, expression=answer, steps=steps,
                      values={"worked": worked} if worked else {}, family="file")  # fmt: skip
    chain = chain_of(problem)
    mine = [(step, c) for step in read_solution(text) for c in step.calculations]
    if chain is None or not mine:
        return None
    open_ = list(range(chain.last + 1))
    reached: set[Fraction] = set()
    for step, c in mine:
        match = next((i for i in open_ if _same(c, chain.calculations[i])), None)
        if match is None and c.holds:
            match = next((i for i in open_ if _other_way(c, chain, i, open_)), None)
        if match is not None and (c.holds or c.result == chain.calculations[match].result):
            open_ = [i for i in open_ if i != match and i not in _before(chain, match, open_)]
            reached.add(c.result)
        elif not c.holds:
            return _found("slip", step, c, chain, _nearest(c, chain, open_) if match is None else match)
        elif open_ and (c.result not in reached or any(_other_sign(c, chain.calculations[i]) for i in open_)):
            # to come to a known result once more leads nowhere wrong
            if (skip := _left_out(c, chain, open_)) is not None:
                return _found("left out", step, c, chain, skip[0], skip[1])
            return _found("plan", step, c, chain, _nearest(c, chain, open_))
    if not open_ or chain.last not in open_:
        return None
    step, c = mine[-1]
    said = read_number(answer_in(text))
    if said is None or said.value not in (c.result, 100 * c.result):
        return None  # it went on in a way that is not read here
    return _found("stopped", step, c, chain, open_[0])


def _found(
    kind: Kind, step: SolutionStep, c: Calculation, chain: Chain, at: int, like: int | None = None
) -> Departure:  # fmt: skip
    due, alike = chain.calculations[at], chain.calculations[at if like is None else like]
    return Departure(kind, step.text, _spelled(c, step), c, chain.lines[at], due, alike, c.shown)


def _spelled(c: Calculation, step: SolutionStep) -> str:
    written = " ".join(step.text[c.start : c.end].split())
    return written if c.expressed else f"{spelled(c.terms)} = {c.shown}"


def _numbers(c: Calculation) -> list[Fraction]:
    return [x for t in c.terms if t.is_number and (x := number_of(t.text)) is not None]


def _signs(terms: Sequence[Term]) -> list[str]:
    return sorted(t.text for t in terms if t.text in "+-*/")


def _sign(c: Calculation) -> str:
    signs = set(_signs(c.terms))
    return signs.pop() if len(signs) == 1 else ""


def _same(a: Calculation, b: Calculation) -> bool:
    """Whether two calculations have the same numbers and signs, in any order."""
    return sorted(_numbers(a)) == sorted(_numbers(b)) and _signs(a.terms) == _signs(b.terms)


def _other_sign(a: Calculation, b: Calculation) -> bool:
    """Whether two calculations have the same numbers and other signs."""
    return sorted(_numbers(a)) == sorted(_numbers(b)) and _signs(a.terms) != _signs(b.terms)


def _before(chain: Chain, i: int, open_: Sequence[int]) -> set[int]:
    """The open calculations on which a calculation rests."""
    direct = {j for j in chain.uses[i].values() if j in open_}
    return direct.union(*(_before(chain, j, open_) for j in direct))


def _other_way(c: Calculation, chain: Chain, i: int, open_: Sequence[int]) -> bool:
    """Whether a calculation comes to what one of the solution comes to, and not by chance.

    Where that one rests on others that were not done yet, all numbers of the question in these must be used.
    """
    if chain.calculations[i].result != c.result:
        return False
    skipped = _before(chain, i, open_)
    needed = {x for j in (i, *skipped) for x in _numbers(chain.calculations[j])} & chain.given if skipped else set()
    return needed <= set(_numbers(c))


def _nearest(c: Calculation, chain: Chain, open_: Sequence[int]) -> int:
    """The open calculation of the solution that shares the most with a student's, the earliest of equals."""
    return max(open_, key=lambda i: (_shared(c, chain.calculations[i]), -i), default=chain.last)


def _shared(a: Calculation, b: Calculation) -> float:
    return len(set(_numbers(a)) & set(_numbers(b))) + 0.5 * (_signs(a.terms) == _signs(b.terms))


def _left_out(c: Calculation, chain: Chain, open_: Sequence[int]) -> tuple[int, int] | None:
    """The open calculation whose result the student's calculation lacks, where it is otherwise one of the solution."""
    nearest = _nearest(c, chain, open_)
    for i in open_:
        if nearest < i and _shared(c, chain.calculations[nearest]) >= _shared(c, chain.calculations[i]):
            continue
        due = chain.calculations[i]
        if _signs(due.terms) != _signs(c.terms) or len(due.terms) != len(c.terms):
            continue
        missing = [j for place, j in chain.uses[i].items() if j in open_]
        rest = sorted(_numbers(due))
        shared = [x for x in _numbers(c) if x in rest]
        if (
            len(missing) == 1
            and len(shared) == len(rest) - 1
            and chain.calculations[missing[0]].result not in _numbers(c)
        ):
            return missing[0], i
    return None
