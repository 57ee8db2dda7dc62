"""A word problem in a learner's interest, and what four validators say of the version that stands.

The validators follow the study of personalized problems with teachers and pupils (SPECS, "Teacher in the loop"):
solvability, realism, readability, authenticity. Here is what code says of a text; what only a model can say is added in
`agents.personalizer` and marked as its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, get_args

from pydantic import BaseModel

from classwright.classroom.draft import hint
from classwright.classroom.plan import TIERS, LessonPlan, Words
from classwright.classroom.realism import realism
from classwright.classroom.recontext import (
    authenticity,
    carries_context,
    readability_fault,
    solvability_fault,
    told,
)
from classwright.classroom.verify import check_problem
from classwright.skilltree.interests import Grain, Interest, read_interest, subtopics
from classwright.skilltree.problem import Problem
from classwright.skilltree.scenes import SCHOOL
from classwright.skilltree.tree import SkillTree

Validator = Literal["solvability", "realism", "readability", "authenticity"]
VALIDATORS: tuple[Validator, ...] = get_args(Validator)


class Ruling(BaseModel):
    """What was found on one validator.

    Attributes:
        passed: None where nobody could say.
        by: Who decided: "code", "solution" (a model's solution graded by code), or "opinion" (a model's yes or no).
        why: The fault, or what the ruling rests on.
    """

    validator: Validator
    passed: bool | None
    by: Literal["code", "solution", "opinion"]
    why: str = ""


class Attempt(BaseModel):
    """One rewritten text with its rulings; none where the model gave no text."""

    text: str
    rulings: list[Ruling]

    @property
    def faults(self) -> list[Ruling]:
        """The rulings that refuse it."""
        return [r for r in self.rulings if r.passed is False]


class Personalized(BaseModel):
    """A problem in an interest, and how it came about.

    Attributes:
        problem: The model's version if every validator let it pass, else the bank's own.
        interest: The phrase at the grain that was used.
        grain: The grain that was used: an interest is widened to what was asked for, never narrowed.
        source: Whose context it is.
        why: Why the bank's version stands; "" for the model's.
        attempts: What a model wrote; empty where none was asked.
        rulings: What the validators say of the version that stands.
    """

    problem: Problem
    interest: str
    grain: Grain
    source: Literal["model", "bank"]
    why: str = ""
    attempts: list[Attempt] = []
    rulings: list[Ruling] = []

    def verdict(self, validator: Validator) -> bool | None:
        """Whether the version passes a validator: no if anybody says so, yes if anybody does, else nobody could say."""
        said = {r.passed for r in self.rulings if r.validator == validator}
        return False if False in said else True if True in said else None


def rulings_by_code(
    base: Problem, text: str, wanted: Interest, reading_level: float, things: Sequence[str] = ()
) -> list[Ruling]:
    """The four validators as far as code can say.

    Args:
        base: The problem before it was retold.
        text: The retold text.
        wanted: The interest at the grain that was asked for.
        reading_level: Grade whose texts the learners can read.
        things: Further things of the interest, such as a model's list.
    """
    name = wanted.words if wanted.grain == "reference" else ""
    fault = solvability_fault(base, text, name)
    possible = realism(text)
    hard = readability_fault(base, text, reading_level, name)
    used = authenticity(base, text, wanted, things)
    tied = f"tied to the quantities by {used.thing!r}" + ("" if used.known else ", a thing that a model named")
    return [
        Ruling(validator="solvability", passed=not fault, by="code", why=fault),
        Ruling(
            validator="realism", passed=False if possible.fault else True if possible.spoke else None, by="code",
            why=possible.fault or ("" if possible.spoke else "code has no rule for these quantities"),
        ),
        Ruling(validator="readability", passed=not hard, by="code", why=hard),
        Ruling(
            validator="authenticity", passed=not used.fault, by="code" if used.known else "opinion",
            why=used.fault or tied,
        ),
    ]  # fmt: skip


def retold_base(problem: Problem, wanted: Interest) -> Problem:
    """The version that a retelling starts from: for a named reference the one in its subtopic, which is halfway there,
    else school life.
    """
    return told(problem, wanted.words if wanted.grain == "reference" and subtopics(wanted) else SCHOOL)


def by_bank(problem: Problem, interest: str, grain: Grain, reading_level: float, why: str) -> Personalized:
    """The bank's own version of a problem in an interest, with what code says of it.

    Its solvability is executed: the calculation must be that of the same problem in school life, the answer must follow
    from it again, and its numbers must stand in the text.

    Args:
        problem: A problem of the bank.
        interest: A learner's own words.
        grain: How narrow the context should be.
        reading_level: Grade whose texts the learners can read.
        why: Why no model's version stands.
    """
    wanted = read_interest(interest).at(grain)
    own, base = told(problem, wanted.words), told(problem, SCHOOL)
    rulings = rulings_by_code(base, own.text, wanted, reading_level) if carries_context(base) else []
    if rulings:  # a context of the bank may measure in cups where another has liters: code made both from one draft
        fault = _changed(base, own)
        rulings[0] = Ruling(validator="solvability", passed=not fault, by="code", why=fault)
    return Personalized(
        problem=own, interest=wanted.words, grain=wanted.grain, source="bank", why=why, rulings=rulings
    )  # fmt: skip


def _changed(base: Problem, own: Problem) -> str:
    if (own.expression, own.answer) != (base.expression, base.answer):
        return f"{own.expression} = {own.answer} is not {base.expression} = {base.answer}"
    faults = check_problem(own)
    return faults[0].what if faults else ""


def told_in_interest(plan: LessonPlan) -> list[Problem]:
    """The practice problems of a plan that the bank told in an interest, in order."""
    lists = [plan.guided.problems, *(plan.independent.tier(tier) for tier in TIERS)]
    return [p for problems in lists for p in problems if p.interest]


def with_retold(plan: LessonPlan, new: Mapping[tuple[str, str | None], Problem], tree: SkillTree) -> LessonPlan:
    """The plan with retold problems in their places, and curated hints that speak of them.

    Args:
        plan: A plan before anybody put it into words.
        new: (id, interest) of a problem -> its new version.
        tree: The skill tree.
    """
    copy = plan.model_copy(deep=True)
    for problems in (copy.guided.problems, *(copy.independent.tier(tier) for tier in TIERS)):
        problems[:] = [new.get((p.id, p.interest), p) for p in problems]
    for i, old in enumerate(plan.guided.problems[: len(copy.guided.hints)]):
        if copy.guided.problems[i] != old:
            copy.guided.hints[i] = Words(text=hint(tree, copy.guided.problems[i]))
    return copy


def verdicts(found: Iterable[Personalized]) -> dict[Validator, tuple[int, int, int]]:
    """For each validator how many versions pass, do not, and how many nobody could judge."""
    views = [[p.verdict(v) for v in VALIDATORS] for p in found if p.rulings]
    return {
        v: (column.count(True), column.count(False), column.count(None))
        for v, column in zip(VALIDATORS, map(list, zip(*views, strict=True)) if views else [[]] * 4, strict=True)
    }
