"""Try the placement test on simulated learners whose knowledge is known, beside questions in random order.

Three kinds of learners, in turn. All know the prerequisites of what they know; they slip and guess.

- level: knows a skill the likelier the easier it is for their level; close to what the test assumes.
- uneven: as far in each domain of the tree as suits them, up to some grades apart.
- scattered: has learned for a few goals anywhere below a ceiling, everything these need, and nothing else. What such a
  learner knows follows from nothing but prerequisites; it is the hard case.
"""

import time
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from classwright.skilltree.knowledge_belief import TreeArrays
from classwright.skilltree.placement import BUDGET, GUESS, SLIP, Placement
from classwright.skilltree.tree import SkillTree

Kind = Literal["level", "uneven", "scattered"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Trial:
    """What a test found, over learners.

    Attributes:
        learners: How many.
        right: Mean share of the skills judged right, 0..1.
        by_kind: The same per kind of learner.
        enough: Share of learners with at least 90 % of the skills judged right.
        questions: Mean number of questions; most: the largest.
        milliseconds: Mean time to choose a question and take in its answer, ms.
    """

    learners: int
    right: float
    by_kind: dict[str, float]
    enough: float
    questions: float
    most: int
    milliseconds: float


def simulate_knowledge(arrays: TreeArrays, kind: Kind, rng: np.random.Generator) -> np.ndarray:
    """What a learner knows, bool (skills,); with a skill every prerequisite is known."""
    n, hard = len(arrays.skills), arrays.difficulty
    if kind == "scattered":
        reach = np.flatnonzero(hard <= rng.uniform(0.1, 1.0))
        goals = rng.choice(reach, min(len(reach), int(rng.integers(1, 40))), replace=False) if len(reach) else []
        known = np.zeros(n, dtype=bool)
        for goal in goals:
            known[goal] = True
            known |= arrays.below[goal]
        return known
    if kind == "level":
        known = rng.random(n) < 1 / (1 + np.exp(-(rng.uniform(-0.05, 1.05) - hard) / 0.05))
    else:
        _, domain = np.unique([name.split(".")[0] for name in arrays.skills], return_inverse=True)
        reached = rng.uniform(0, 1) + rng.normal(0, 0.12, domain.max() + 1)
        known = hard < reached[domain]
    for i in range(n):  # teaching order: prerequisites have been settled
        known[i] &= known[arrays.below[i]].all()
    return known


def try_placement(
    tree: SkillTree,
    learners: int = 200,
    *,
    budget: int = BUDGET,
    seed: int = 0,
    order: Literal["informative", "random"] = "informative",
    slip: float = SLIP,
    guess: float = GUESS,
) -> Trial:
    """Test simulated learners; the same seed gives the same learners in either order of questions.

    Args:
        tree: The tree.
        learners: How many, the three kinds in turn.
        budget: Questions at most; the test ends early when it is sure, with a random order it never does.
        seed: Seed of learners, answers and random orders.
        order: How the next question is chosen.
        slip: Chance of a wrong answer of a learner who knows the skill, and what the test assumes.
        guess: Chance of a right answer of one who does not, likewise.
    """
    arrays = TreeArrays(tree)
    shares: list[float] = []
    counts: list[int] = []
    spent = 0.0
    for i in range(learners):
        people, luck = (np.random.default_rng([seed, i, part]) for part in (0, 1))
        known = simulate_knowledge(arrays, KINDS[i % len(KINDS)], people)
        if order == "informative":
            test = Placement(tree, budget=budget, slip=slip, guess=guess, skills=arrays.skills, arrays=arrays)
            began = time.perf_counter()
            while (skill := test.next_skill()) is not None:
                at = arrays.index[skill]
                test.record(bool(luck.random() < ((1 - slip) if known[at] else guess)))
            spent += time.perf_counter() - began
        else:
            test = Placement(tree, budget=budget, slip=slip, guess=guess, skills=arrays.skills, arrays=arrays)
            for at in luck.choice(len(arrays.skills), min(budget, len(arrays.skills)), replace=False):
                test.ask(arrays.skills[at])
                test.record(bool(luck.random() < ((1 - slip) if known[at] else guess)))
        judged = np.array(list(test.mastery().values())) >= 0.5
        shares.append(float((judged == known).mean()))
        counts.append(len(test.asked))
    right = np.array(shares)
    return Trial(
        learners=learners,
        right=float(right.mean()),
        by_kind={kind: float(right[i :: len(KINDS)].mean()) for i, kind in enumerate(KINDS[:learners])},
        enough=float((right >= 0.9).mean()),
        questions=float(np.mean(counts)),
        most=max(counts),
        milliseconds=1000 * spent / max(1, sum(counts)),
    )
