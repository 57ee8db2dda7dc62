"""The prerequisites of a tree as compressed sparse rows: queries over a hundred thousand skills in milliseconds.

Skills are numbered in teaching order, so that a smaller number never needs a larger one. Traversal goes level by level
with array operations; on trees of this size that is as fast as compiled graph libraries (benchmarks/skilltree.py), and
needs nothing beyond numpy.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import numpy as np

LARGE = 5_000
"""Number of skills from which `SkillTree` uses these arrays; below, plain Python over a few hundred is quicker."""


class CompiledTree:
    """A tree's prerequisites as arrays; made once a tree.

    Attributes:
        names: Skill ids in teaching order; a skill's place is its number everywhere.
        place: Skill id -> number.
        below: The direct prerequisites of all skills one after the other, int32 (edges,).
        start: Where each skill's begin, int64 (skills + 1,).
    """

    def __init__(self, prerequisites: Mapping[str, Sequence[str]]) -> None:
        """Compile a tree.

        Args:
            prerequisites: Skill id -> its direct prerequisites, skills in teaching order.
        """
        self.names = tuple(prerequisites)
        self.place = {name: i for i, name in enumerate(self.names)}
        place = self.place
        self.start = np.zeros(len(self.names) + 1, dtype=np.int64)
        np.cumsum([len(needs) for needs in prerequisites.values()], out=self.start[1:])
        flat = (place[before] for needs in prerequisites.values() for before in needs)
        self.below = np.fromiter(flat, dtype=np.int32, count=int(self.start[-1]))
        self._ids = np.array(self.names, dtype=object)
        self._layers: list[tuple[np.ndarray, np.ndarray, np.ndarray]] | None = None

    def ids(self, numbers: np.ndarray) -> list[str]:
        """The ids of skills by number, in the order given."""
        return self._ids[numbers].tolist()

    def ancestors(self, skill: int, wanted: Callable[[np.ndarray], np.ndarray] | None = None) -> np.ndarray:
        """Everything a skill builds on, in teaching order.

        Args:
            skill: Its number.
            wanted: Numbers (n,) -> bool (n,): neither a skill that is not wanted nor what is below it is looked at.
                Asked once for each skill that is reached. None: all are wanted.

        Returns:
            Numbers, ascending; the skill itself is not among them.
        """
        seen = np.zeros(len(self.names), dtype=bool)
        found = np.zeros(len(self.names), dtype=bool)
        mark = np.empty(len(self.names), dtype=np.int32)
        level = np.array([skill])
        while len(level):
            first = self.start[level]
            count = self.start[level + 1] - first
            total = int(count.sum())
            if not total:
                break
            shift = first - np.cumsum(count) + count
            reached = self.below[np.repeat(shift, count) + np.arange(total)]
            reached = reached[~seen[reached]]
            seen[reached] = True
            mark[reached] = np.arange(len(reached))  # of a skill reached twice, the last one's mark stays
            level = reached[mark[reached] == np.arange(len(reached))]
            if wanted is not None:
                level = level[wanted(level)]
            found[level] = True
        return np.flatnonzero(found)

    def missing(self, goal: int, mastered: np.ndarray) -> np.ndarray:
        """What to teach to reach a goal: the unmastered skills it needs, in teaching order, and the goal last.

        Args:
            goal: Its number.
            mastered: bool (skills,); what only mastered skills need is left out.
        """
        return np.append(self.ancestors(goal, lambda reached: ~mastered[reached]), goal)

    def path(self, goal: str, mastery: Mapping[str, float], threshold: float) -> list[str]:
        """The same by ids: `SkillTree.path` for large trees. Mastery is looked up only where the traversal comes."""

        def unmastered(reached: np.ndarray) -> np.ndarray:
            shares = (mastery.get(name, 0.0) < threshold for name in self.ids(reached))
            return np.fromiter(shares, dtype=bool, count=len(reached))

        wanted = unmastered if mastery or threshold <= 0 else None
        return [*self.ids(self.ancestors(self.place[goal], wanted)), goal]

    def weakest(self, mastery: np.ndarray) -> np.ndarray:
        """The mastery of each skill's weakest direct prerequisite, (skills,); 1 where it has none.

        Args:
            mastery: 0..1 per skill, (skills,).
        """
        found = np.ones(len(self.names))
        having = np.flatnonzero(np.diff(self.start))
        if len(having):
            found[having] = np.minimum.reduceat(mastery[self.below], self.start[having])
        return found

    def propagate(self, mastery: np.ndarray) -> np.ndarray:
        """What each skill's mastery is worth: the least of its own and of everything it builds on, (skills,).

        Args:
            mastery: 0..1 per skill, (skills,).
        """
        worth = np.array(mastery, dtype=float)
        for skills, first, below in self.layers():
            worth[skills] = np.minimum(worth[skills], np.minimum.reduceat(worth[below], first))
        return worth

    def layers(self) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Per depth from 1: the skills there, where the prerequisites of each begin, and their prerequisites."""
        if self._layers is None:
            depth = self._depths()
            order = np.argsort(depth, kind="stable")
            ends = np.searchsorted(depth[order], np.arange(1, int(depth.max(initial=0)) + 2))
            layers = []
            for a, b in pairwise(ends):
                skills = order[a:b]
                count = np.diff(self.start)[skills]
                first = np.cumsum(count) - count
                at = np.repeat(self.start[skills] - first, count) + np.arange(int(count.sum()))
                layers.append((skills, first, self.below[at]))
            self._layers = layers
        return self._layers

    def _depths(self) -> np.ndarray:
        """Per skill, the length of the longest chain below it; one pass in teaching order."""
        depth = [0] * len(self.names)
        start, below = self.start.tolist(), self.below.tolist()
        for i in range(len(depth)):
            needs = below[start[i] : start[i + 1]]
            if needs:
                depth[i] = 1 + max(depth[j] for j in needs)
        return np.array(depth, dtype=np.int64)
