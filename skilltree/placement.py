"""A placement test: find what a learner knows of a tree with few questions.

The next question is the one whose answer is expected to tell most about all skills together (see `knowledge_belief`);
the test ends when the learner's knowledge is clear enough, no question would tell much, or the budget is used up.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from classwright.errors import InputError
from classwright.skilltree.bank import generator_ids, problem
from classwright.skilltree.knowledge_belief import KnowledgeBelief, TreeArrays
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree

BUDGET = 24
SLIP = 0.08
"""Chance of a wrong answer although the skill is known; typical fitted values are .05-.1."""
GUESS = 0.05
"""Chance of a right answer to an open question although the skill is not known."""
CLEAR = 0.02
"""The test ends when the mean over skills of the chance to be misjudged is below this."""
LEAST_BITS = 0.05
"""The test ends when no question is expected to tell as much."""
CANDIDATES = 48
"""Skills whose question is weighed for all it tells; first come those that a question tells most of themselves."""
PER_SKILL = 2
"""How often a skill is asked about at most."""


@dataclass(frozen=True)
class Asked:
    """One question of the test and how it was answered."""

    skill: str
    correct: bool
    bits: float
    """What the answer was expected to tell, bits."""


class Placement:
    """One learner's placement test.

    Attributes:
        tree: The tree.
        budget: Questions at most.
        asked: The questions so far, in order.
    """

    def __init__(
        self,
        tree: SkillTree,
        *,
        seed: int = 0,
        budget: int = BUDGET,
        goal: str | None = None,
        mastery: Mapping[str, float] = {},
        interest: str | None = None,
        slip: float = SLIP,
        guess: float = GUESS,
        skills: Collection[str] | None = None,
        arrays: TreeArrays | None = None,
    ) -> None:
        """Begin a test.

        Args:
            tree: The tree to place a learner on.
            seed: Seed of the problems.
            budget: Questions at most.
            goal: Ask only about this skill and what it builds on; None: about the whole tree.
            mastery: What is known of the learner beforehand, skill -> P(known).
            interest: What word problems are about.
            slip: Chance of a wrong answer although the skill is known.
            guess: Chance of a right answer although it is not; a question with choices: one over their number if that
                is more.
            skills: Skills that can be asked about; None: those with a problem generator.
            arrays: The tree's arrays, to share them between tests.

        Raises:
            InputError: The goal is unknown, or none of the skills can be asked about.
        """
        if not (0 < slip < 0.5 and 0 < guess < 0.5):
            raise InputError(f"slip and guess must lie between 0 and 0.5, not {slip} and {guess}")
        self.tree = tree
        self.budget = budget
        self.asked: list[Asked] = []
        self._arrays = arrays or TreeArrays(tree)
        self._belief = KnowledgeBelief(self._arrays, mastery)
        self._seed, self._interest = seed, interest
        allowed = (generator_ids() if skills is None else set(skills)) & set(tree)
        if goal is not None:
            allowed &= {*tree.ancestors(goal), goal}
        if not allowed:
            where = f"{goal} and what it builds on" if goal is not None else "the tree"
            raise InputError(f"no skill of {where} has a problem generator, so there is nothing to ask")
        self._open = np.array([name in allowed for name in self._arrays.skills])
        self._scope = self._open if goal is not None else np.ones(len(self._open), dtype=bool)
        self._slip = slip
        self._guess = np.full(len(self._open), guess)
        self._times = np.zeros(len(self._open), dtype=int)
        self._next: tuple[int, float] | None = None
        self._question: Problem | None = None

    def next_skill(self) -> str | None:
        """The skill to ask about next, the same until `record`; None when the test is over."""
        if self._next is None and not self._over():
            own = self._belief.own_information(self._slip, self._guess)
            own[~self._open | (self._times >= PER_SKILL)] = -1.0
            hopeful = np.argsort(-own, kind="stable")[: min(CANDIDATES, int((own > 0).sum()))]
            bits = self._bits(hopeful)
            if len(bits) and bits.max() >= LEAST_BITS:
                self._next = int(hopeful[np.argmax(bits)]), float(bits.max())
        return None if self._next is None else self._arrays.skills[self._next[0]]

    def ask(self, skill: str) -> None:
        """Ask about this skill next, whatever the test would choose; a teacher may know better.

        Raises:
            InputError: The skill is unknown.
        """
        at = self._arrays.index[self.tree[skill].id]
        self._next, self._question = (at, float(self._bits(np.array([at]))[0])), None

    def next_question(self) -> Problem | None:
        """The next problem, the same until `record`; None when the test is over.

        Raises:
            InputError: The next skill has no problem generator (see `skills`); ask about `next_skill` yourself.
        """
        skill = self.next_skill()
        if self._question is None and skill is not None and self._next is not None:
            at = self._next[0]
            self._question = problem(skill, self._seed * 1_000 + len(self.asked), 2, self._interest)
            if self._question.choices:
                self._guess[at] = max(self._guess[at], min(1 / len(self._question.choices), 0.5 - 1e-9))
        return self._question

    def record(self, correct: bool) -> None:
        """Take in whether the last question was answered right.

        Raises:
            ValueError: No question was asked; a mistake of the program.
        """
        if self._next is None:
            raise ValueError("record() before a question")
        skill, bits = self._next
        self._belief.answer(skill, correct, self._slip, float(self._guess[skill]))
        self._times[skill] += 1
        self.asked.append(Asked(self._arrays.skills[skill], correct, bits))
        self._next = self._question = None

    def mastery(self) -> dict[str, float]:
        """P(known) of every skill, in teaching order."""
        return dict(zip(self._arrays.skills, map(float, self._belief.marginal()), strict=True))

    def doubt(self) -> float:
        """The expected share of skills that are misjudged when those with P(known) of at least .5 count as known.

        Measured on simulated learners (`placement_trial`): right for those who know more or less what comes before
        what they do not know (.024 expected, .029 true); too small, like every figure here, for those who have learned
        here and there (.036 expected, .13 true).
        """
        m = self._belief.marginal()[self._scope]
        return float(np.minimum(m, 1 - m).mean())

    def frontier(self) -> tuple[str, ...]:
        """Where to begin teaching: skills not known whose prerequisites all are (P(known) .5), in teaching order."""
        known = self.mastery()
        return tuple(
            name
            for name in self.tree
            if known[name] < 0.5 and all(known[before] >= 0.5 for before in self.tree.prerequisites(name))
        )

    def _over(self) -> bool:
        return len(self.asked) >= self.budget or self.doubt() < CLEAR

    def _bits(self, among: np.ndarray) -> np.ndarray:
        return self._belief.information(self._slip, self._guess, among=among, about=self._scope)
