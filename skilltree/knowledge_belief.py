"""What an answer says about all skills at once: a belief about a learner's knowledge of every skill of a tree.

A skill is known or not. Two things tie skills together. Prerequisites: a known skill means that everything below it is
known, an unknown one that nothing above it is (knowledge spaces: Doignon & Falmagne 1985). And level: learners who know
much of what is hard know most of what is easy. So the belief is a mixture: how far a learner has come along the tree's
order of difficulty (`LEVELS`), and how sharply knowledge ends there (`SPREADS`). Within a component skills are
independent but for prerequisites. An answer moves the weights of the components by Bayes' rule, and within each the
skill itself by Bayes' rule and the others through it (Jeffrey's rule). The scheme is ours. Every step is an array
operation over components and skills; nothing is sampled.
"""

from collections.abc import Mapping

import numpy as np

from classwright.skilltree.tree import SkillTree

LEVELS = 15
SPREADS = (0.04, 0.1, 0.25)
"""Over how much of the difficulty scale knowledge fades at a learner's level: sharply, gradually, hardly at all."""
COMPONENTS = LEVELS * len(SPREADS)
TINY = 1e-6
SMALLEST = 2.0**-53
"""The smallest probability whose complement is not 1; a larger one here would bend the entropy upward."""


class TreeArrays:
    """A tree as arrays over its skills in teaching order; made once, shared by any number of beliefs.

    Attributes:
        skills: Skill ids; their place is their index everywhere.
        index: Skill id -> place.
        below: bool (skills, skills): below[i, j] says that j is a prerequisite of i, directly or not.
        difficulty: Place on the scale from the easiest (0) to the hardest (1) skill, float (skills,): grade and depth.
        layers: Per depth from 1, the skills there and their direct prerequisites, int (n,) and (n, most); a skill with
            fewer names its first again.
    """

    def __init__(self, tree: SkillTree) -> None:
        self.skills = tuple(tree)
        self.index = {name: i for i, name in enumerate(self.skills)}
        n = len(self.skills)
        self.below = np.zeros((n, n), dtype=bool)
        direct = [[self.index[q] for q in tree.prerequisites(name)] for name in self.skills]
        for i, needs in enumerate(direct):
            for j in needs:
                self.below[i] |= self.below[j]
                self.below[i, j] = True
        depth = np.array([tree.depth(name) for name in self.skills])
        self.difficulty = _difficulty(tree, depth)
        self.layers: list[tuple[np.ndarray, np.ndarray]] = []
        for level in range(1, int(depth.max(initial=0)) + 1):
            here = np.flatnonzero(depth == level)
            most = max(len(direct[i]) for i in here)
            self.layers.append((here, np.array([(direct[i] + [direct[i][0]] * most)[:most] for i in here])))


def _difficulty(tree: SkillTree, depth: np.ndarray) -> np.ndarray:
    """Ranks by grade, then by depth, scaled to 0..1; by depth alone where a skill has no grade. Ties share a rank."""
    grades = [tree[name].grade for name in tree]
    deepest = max(1, int(depth.max(initial=0)))
    graded = np.array([0 if g is None else g for g in grades]) if None not in grades else np.zeros(len(depth))
    _, place, count = np.unique(graded + 0.9 * depth / deepest, return_inverse=True, return_counts=True)
    rank = np.cumsum(count) - (count - 1) / 2 - 0.5
    return rank[place] / max(1, len(depth))


class KnowledgeBelief:
    """What is believed of one learner.

    Attributes:
        tree: The tree's arrays.
        weight: Of each component, (COMPONENTS,), sums to 1.
        known: P(known) within each component, (COMPONENTS, skills); never rises along a prerequisite edge.
    """

    def __init__(self, tree: TreeArrays, mastery: Mapping[str, float] = {}) -> None:
        """The belief before any answer.

        Args:
            tree: The tree's arrays.
            mastery: What is known beforehand of some skills, P(known) 0..1.
        """
        self.tree = tree
        self.weight = np.full(COMPONENTS, 1 / COMPONENTS)
        spread = np.repeat(SPREADS, LEVELS)
        level = np.tile(np.linspace(0, 1, LEVELS), len(SPREADS)) * (1 + 4 * spread) - 2 * spread
        self.known = 1 / (1 + np.exp(-(level[:, None] - tree.difficulty) / spread[:, None]))
        np.clip(self.known, 0.02, 0.98, out=self.known)
        for here, needs in tree.layers:
            self.known[:, here] = np.minimum(self.known[:, here], self.known[:, needs].min(axis=2))
        for name, chance in mastery.items():
            if name in tree.index:
                odds = np.clip(chance, 0.01, 0.99)
                self._learn(tree.index[name], float(odds), float(1 - odds))

    def marginal(self) -> np.ndarray:
        """P(known) of every skill, (skills,)."""
        return self.weight @ self.known

    def answer(self, skill: int, correct: bool, slip: float, guess: float) -> None:
        """Take in one answer to a problem of a skill (by place)."""
        self._learn(skill, *((1 - slip, guess) if correct else (slip, 1 - guess)))

    def _learn(self, skill: int, if_known: float, if_unknown: float) -> None:
        """Take in evidence about a skill, by its likelihood if the skill is known and if it is not."""
        p, tree = self.known, self.tree
        old = p[:, skill].copy()
        evidence = old * if_known + (1 - old) * if_unknown
        new = old * if_known / evidence
        self.weight = self.weight * evidence
        self.weight /= self.weight.sum()
        lower, upper = tree.below[skill], tree.below[:, skill]
        ratio = [p[:, here] / p[:, needs].min(axis=2) for here, needs in tree.layers]
        p[:, skill] = new
        # Below: sure if the skill is known; else as likely as before, given that the skill is not.
        rest = (p[:, lower] - old[:, None]) / (1 - old)[:, None]
        p[:, lower] = new[:, None] + (1 - new)[:, None] * np.clip(rest, 0, 1)
        p[:, upper] *= (new / old)[:, None]
        fixed = lower | upper
        fixed[skill] = True
        for (here, needs), kept in zip(tree.layers, ratio, strict=True):
            # Neither above nor below: as likely as before, given its weakest prerequisite. No skill above that.
            weakest = p[:, needs].min(axis=2)
            p[:, here] = np.where(fixed[here], np.minimum(p[:, here], weakest), kept * weakest)
        np.clip(p, TINY, 1 - TINY, out=p)

    def information(
        self,
        slip: float,
        guess: np.ndarray,
        *,
        among: np.ndarray | None = None,
        about: np.ndarray | None = None,
    ) -> np.ndarray:
        """What one question on a skill is expected to tell about all skills, in bits.

        The expected fall in the sum over skills of the entropy of P(known); for two skills of which neither needs the
        other only the level ties them.

        Args:
            slip: Chance of a wrong answer although the skill is known.
            guess: Per skill, the chance of a right answer although it is not, (skills,).
            among: Places of the skills to ask about, int (n,); None: each.
            about: Count only what is told about these skills, bool (skills,); None: about all.

        Returns:
            One value per skill to ask about, (n,).
        """
        m = self.marginal()
        at = np.arange(len(m)) if among is None else among
        own, guess = m[at, None], guess[at, None]
        both = (self.known[:, at] * self.weight[:, None]).T @ self.known  # P(i and j known)
        both = np.where(self.tree.below[at], own, both)  # j below i: known whenever i is
        both = np.where(self.tree.below[:, at].T, m, both)  # j above i: i is known whenever j is
        both[np.arange(len(at)), at] = own[:, 0]
        both = np.clip(both, np.maximum(own + m - 1, 0), np.minimum(own, m))  # the marginals agree only to 1e-5
        alone = m - both  # P(j known, i not)
        chance = own * (1 - slip) + (1 - own) * guess
        if_right = entropy(((1 - slip) * both + guess * alone) / chance)
        if_wrong = entropy((slip * both + (1 - guess) * alone) / (1 - chance))
        fall = entropy(m) - chance * if_right - (1 - chance) * if_wrong
        return fall.sum(axis=1) if about is None else fall[:, about].sum(axis=1)

    def own_information(self, slip: float, guess: np.ndarray) -> np.ndarray:
        """What one question on each skill is expected to tell about that skill alone, in bits, (skills,)."""
        m = self.marginal()
        noise = m * entropy(np.array(slip)) + (1 - m) * entropy(guess)
        return entropy(m * (1 - slip) + (1 - m) * guess) - noise


def entropy(p: np.ndarray) -> np.ndarray:
    """Entropy of a yes-or-no question with probability p, in bits."""
    p = np.clip(p, SMALLEST, 1 - SMALLEST)
    return -(p * np.log2(p) + (1 - p) * np.log2(1 - p))
