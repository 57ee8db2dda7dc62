"""Which misconceptions explain a learner's wrong answers.

Every misconception has a buggy rule that says which wrong answer it leads to (`bank.wrong_answer`). A hypothesis is a
set of at most two misconceptions that a learner holds, or none. Bayes' rule over the hypotheses, answer by answer: a
holder's errors are the rule's own with probability `express` and slips otherwise; a slip is any of a handful of wrong
answers. So an answer that a rule explains speaks for it, one that the rule would have made different speaks against it,
and one answer that two rules share does not tell them apart. The idea of bugs behind errors is Brown & Burton's (1978);
the probabilities are our choices, all of them parameters.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from classwright.errors import InputError
from classwright.skilltree.bank import problem, rule_ids, wrong_answer
from classwright.skilltree.grading import grade, same_answer
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree
from classwright.skilltree.verdict import Result

OTHERS = 8
"""How many wrong answers of about equal chance a slip has where the problem offers no choices."""


@dataclass(frozen=True)
class ErrorModel:
    """How learners err.

    Attributes:
        held: Prior chance that any one misconception is held.
        express: Share of a holder's errors, where the rule applies, that are the rule's own; the others are slips.
        right: Chance of a right answer where no held rule applies.
        right_if_held: Chance of a right answer all the same where one does.
    """

    held: float = 0.2
    express: float = 0.85
    right: float = 0.7
    right_if_held: float = 0.2


@dataclass(frozen=True)
class Diagnosis:
    """What the answers say.

    Attributes:
        posterior: Misconception -> probability that it is held, the likeliest first.
        none: Probability that none of them is.
        explained: Per answer, the misconceptions whose rule gives exactly this answer; () for a right one.
        wrong: Wrong answers.
        right: Right answers.
        ungradable: Answers that could not be read and say nothing.
    """

    posterior: dict[str, float]
    none: float
    explained: tuple[tuple[str, ...], ...]
    wrong: int
    right: int
    ungradable: int

    @property
    def likeliest(self) -> str | None:
        """The misconception most probably held, if it is more probable than none at all."""
        name = next(iter(self.posterior), None)
        return name if name is not None and self.posterior[name] > self.none else None


def diagnose(
    answers: Sequence[tuple[Problem, str]],
    tree: SkillTree,
    *,
    model: ErrorModel | None = None,
    complete: bool | None = None,
    candidates: Iterable[str] | None = None,
) -> Diagnosis:
    """Find the misconceptions behind answers.

    Args:
        answers: Problems with what the learner answered, right answers too where they are known.
        tree: The tree; its misconceptions about the problems' skills are the candidates.
        model: How learners err.
        complete: Whether these are all answers of the learner. If so, being wrong (or right) counts as evidence; if
            the wrong ones were picked out, only which wrong answers they are. None: complete if any is right.
        candidates: Misconceptions to weigh instead.

    Raises:
        InputError: A candidate has no buggy rule.
    """
    model = model or ErrorModel()
    names = _candidates(answers, tree) if candidates is None else list(dict.fromkeys(candidates))
    rules = [_rules(names, p, tree) for p, _ in answers]
    verdicts = [_verdict(given, p, own) for (p, given), own in zip(answers, rules, strict=True)]
    whole = "right" in verdicts if complete is None else complete
    score = {held: _log_prior(held, len(names), model.held) for held in _hypotheses(names)}
    explained: list[tuple[str, ...]] = []
    for (p, given), verdict, own in zip(answers, verdicts, rules, strict=True):
        fits = frozenset(n for n, r in own.items() if verdict == "wrong" and _same(given, r, p))
        explained.append(tuple(sorted(fits)))
        if verdict == "ungradable":
            continue
        for held in score:
            score[held] += _log_chance(p, held, own.keys(), fits, verdict == "right", model, whole=whole)
    posterior = _normalize(score)
    each = {name: sum(chance for held, chance in posterior.items() if name in held) for name in names}
    return Diagnosis(
        posterior=dict(sorted(each.items(), key=lambda item: (-item[1], item[0]))),
        none=posterior[frozenset()],
        explained=tuple(explained),
        wrong=verdicts.count("wrong"),
        right=verdicts.count("right"),
        ungradable=verdicts.count("ungradable"),
    )


def telling_problem(
    skill: str,
    posterior: Mapping[str, float],
    tree: SkillTree,
    seed: int,
    *,
    level: int = 2,
    among: int = 24,
    interest: str | None = None,
) -> Problem:
    """The problem of a skill whose answer tells most about which misconception is held.

    Args:
        skill: The skill.
        posterior: Misconception -> probability that it is held, as `Diagnosis.posterior` has it.
        tree: The tree.
        seed: Seed of the problems to choose from.
        level: Difficulty 1-3.
        among: How many problems to choose from.
        interest: What word problems are about.

    Returns:
        The problem that parts the candidates best by the answers their rules give: the largest entropy of the rules'
        answers, weighted by the posterior; a rule that does not apply counts as giving the right answer.

    Raises:
        InputError: The skill has no problem generator.
    """
    best, most = None, -1.0
    weights = {name: max(chance, 0.01) for name, chance in posterior.items()}
    for i in range(max(1, among)):
        p = problem(skill, seed * 10_007 + i, level, interest)
        groups: dict[str, float] = {}
        rules = _rules(weights, p, tree)
        for name, weight in weights.items():
            answer = rules.get(name, p.answer)
            groups[answer] = groups.get(answer, 0.0) + weight
        total = sum(groups.values()) + 0.5
        groups[p.answer] = groups.get(p.answer, 0.0) + 0.5  # who holds none of them answers right
        tells = -sum(g / total * math.log2(g / total) for g in groups.values())
        if tells > most + 1e-12:
            best, most = p, tells
    assert best is not None
    return best


def _candidates(answers: Sequence[tuple[Problem, str]], tree: SkillTree) -> list[str]:
    skills = dict.fromkeys(p.skill for p, _ in answers)
    having = rule_ids()
    found = [m.id for skill in skills if skill in tree for m in tree.misconceptions_of(skill) if m.id in having]
    return list(dict.fromkeys(found))


def _hypotheses(names: Sequence[str]) -> list[frozenset[str]]:
    return [frozenset(held) for size in (0, 1, 2) for held in combinations(names, size)]


def _log_prior(held: frozenset[str], names: int, chance: float) -> float:
    return len(held) * math.log(chance) + (names - len(held)) * math.log(1 - chance)


def _log_chance(
    p: Problem,
    held: frozenset[str],
    applying: Iterable[str],
    fits: frozenset[str],
    right: bool,
    model: ErrorModel,
    *,
    whole: bool,
) -> float:
    """Log-probability of an answer of a learner who holds these misconceptions."""
    at_work = held & set(applying)
    chance_right = model.right_if_held if at_work else model.right
    if right:
        return math.log(chance_right) if whole else 0.0
    slip = 1 / _slips(p)
    if at_work:
        chance = model.express * len(at_work & fits) / len(at_work) + (1 - model.express) * slip
    else:
        chance = slip
    return math.log(chance) + (math.log(1 - chance_right) if whole else 0.0)


def _slips(p: Problem) -> int:
    """How many wrong answers there are to choose from by accident."""
    if p.kind == "comparison":
        return 2
    return max(1, len(p.choices) - 1) if p.choices else OTHERS


def _rules(names: Iterable[str], p: Problem, tree: SkillTree) -> dict[str, str]:
    """The wrong answers of those misconceptions that are about the problem's skill and apply to it."""
    about = [name for name in names if p.skill in tree.misconception(name).skills]
    return {name: rule for name in about if (rule := wrong_answer(name, p)) is not None}


def _verdict(given: str, p: Problem, rules: Mapping[str, str]) -> Result:
    """Right, wrong or ungradable; what a rule gives word for word is wrong, even if it is no answer of this kind."""
    return "wrong" if given.strip() in rules.values() else grade(given, p).result


def _same(given: str, rule: str, p: Problem) -> bool:
    if given.strip() == rule:
        return True
    try:
        return same_answer(given, rule, p.kind)
    except InputError:
        return False  # the rule leads to something that is no answer of this kind; only the same words are the same


def _normalize(score: Mapping[frozenset[str], float]) -> dict[frozenset[str], float]:
    top = max(score.values())
    mass = {held: math.exp(value - top) for held, value in score.items()}
    total = sum(mass.values())
    return {held: value / total for held, value in mass.items()}
