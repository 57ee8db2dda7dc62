"""The skill tree: skills, the prerequisites between them, and the misconceptions about them.

A `SkillTree` is a networkx graph with an edge from every prerequisite to the skill that needs it. It is checked when it
is built: a tree with any fault is not made, and the error names every fault at once.
"""

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from heapq import heappop, heappush
from pathlib import Path

import networkx as nx

from classwright.errors import InputError
from classwright.skilltree.compiled import LARGE, CompiledTree
from classwright.skilltree.skill import Misconception, Skill

MASTERED = 0.8
"""Mastery from which a skill counts as learned."""


class TreeError(InputError):
    """A tree with faults; `faults` has one line for each, all of them in the message."""

    def __init__(self, faults: Iterable[str], source: str = "") -> None:
        self.faults = tuple(faults)
        self.source = source
        place = f"{source}: " if source else ""
        count = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        super().__init__(f"{place}the skill tree has {count}: " + "; ".join(self.faults))


class SkillTree:
    """Skills in a directed acyclic graph of prerequisites; immutable once built.

    Attributes:
        graph: networkx DiGraph over skill ids with an edge prerequisite -> skill; do not change it.
        compiled: The same as arrays (see `CompiledTree`).
        skills: Skill id -> Skill, in teaching order.
        misconceptions: Misconception id -> Misconception, in the order they were given.
    """

    def __init__(self, skills: Iterable[Skill], misconceptions: Iterable[Misconception] = (), source: str = "") -> None:
        """Build and check a tree.

        Args:
            skills: The skills, in any order; prerequisites are ids among them.
            misconceptions: The misconceptions about them.
            source: Where they come from (a file), for the error message.

        Raises:
            TreeError: a cycle, an unknown prerequisite, a duplicate id, a self edge, an orphan (a skill without any
                edge in a tree of more than one, unless it has a `source`: standards that are imported may stand
                alone), a misconception that is a duplicate or about an unknown skill.
        """
        given, wrong = list(skills), list(misconceptions)
        faults = find_faults(given, wrong)
        if faults:
            raise TreeError(faults, source)
        by_id = {skill.id: skill for skill in given}
        order = _teaching_order(by_id)
        self.skills: Mapping[str, Skill] = {name: by_id[name] for name in order}
        self.misconceptions: Mapping[str, Misconception] = {m.id: m for m in wrong}
        self._place = {name: i for i, name in enumerate(order)}

    def __getitem__(self, skill: str) -> Skill:
        """The skill of an id.

        Raises:
            InputError: there is none; the message offers the nearest ids and names.
        """
        try:
            return self.skills[skill]
        except KeyError:
            raise InputError(f"there is no skill {skill!r}{offer(skill, self._names)}") from None

    def __contains__(self, skill: object) -> bool:
        return skill in self.skills

    def __len__(self) -> int:
        return len(self.skills)

    def __iter__(self) -> Iterator[str]:
        """Skill ids in an order in which they can be taught: prerequisites first, lower grades first."""
        return iter(self.skills)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SkillTree):
            return NotImplemented
        return dict(self.skills) == dict(other.skills) and dict(self.misconceptions) == dict(other.misconceptions)

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def load(cls, path: Path | str) -> "SkillTree":
        """The tree of a `.toml` or `.json` file with the tables `skills` and `misconceptions`.

        Raises:
            InputError: the file cannot be read or a record does not fit; names the file and the place.
            TreeError: the records do not make a tree; names every fault.
        """
        from classwright.skilltree import tree_files

        with tree_files.collector_paused():
            return cls(*tree_files.read(Path(path)), source=str(path))

    def save(self, path: Path | str) -> None:
        """Write the tree as `.toml` or `.json`, whole or not at all; `load` gives an equal tree.

        Raises:
            InputError: another ending, or the file cannot be written.
        """
        from classwright.skilltree import tree_files

        tree_files.write(self.skills.values(), self.misconceptions.values(), Path(path))

    @cached_property
    def graph(self) -> nx.DiGraph:
        """See the class; made when it is first asked for."""
        graph = nx.DiGraph()
        graph.add_nodes_from(self.skills)
        graph.add_edges_from((before, skill.id) for skill in self.skills.values() for before in skill.prerequisites)
        return graph

    @cached_property
    def compiled(self) -> CompiledTree:
        """The prerequisites as arrays, for queries over all skills of a large tree; made when first asked for."""
        return CompiledTree({name: skill.prerequisites for name, skill in self.skills.items()})

    def prerequisites(self, skill: str) -> tuple[str, ...]:
        """The direct prerequisites of a skill, in teaching order."""
        return tuple(sorted(self[skill].prerequisites, key=self._place.__getitem__))

    def dependents(self, skill: str) -> tuple[str, ...]:
        """The skills that have this one as a direct prerequisite, in teaching order."""
        return self._needed_by.get(self[skill].id, ())

    def ancestors(self, skill: str) -> tuple[str, ...]:
        """Everything a skill builds on, directly or not, in teaching order."""
        if len(self) >= LARGE:
            return tuple(self.compiled.ids(self.compiled.ancestors(self.compiled.place[self[skill].id])))
        return tuple(self._way(self[skill].id, {}, MASTERED)[:-1])

    def misconceptions_of(self, skill: str) -> tuple[Misconception, ...]:
        """The misconceptions that show in problems of a skill."""
        return self._by_skill.get(self[skill].id, ())

    def misconception(self, name: str) -> Misconception:
        """The misconception of an id.

        Raises:
            InputError: there is none; the message offers the nearest ids.
        """
        try:
            return self.misconceptions[name]
        except KeyError:
            names = {m.id: m.name for m in self.misconceptions.values()}
            raise InputError(f"there is no misconception {name!r}{offer(name, names)}") from None

    def path(self, goal: str, mastery: Mapping[str, float] = {}, threshold: float = MASTERED) -> list[str]:
        """What to teach so that a learner can reach a goal.

        Args:
            goal: Id of the skill to reach.
            mastery: Skill id -> mastery 0..1; a skill that is missing counts as 0.
            threshold: Mastery from which a skill need not be taught, and nothing below it is looked at.

        Returns:
            The prerequisites that are not mastered, each after its own prerequisites (lower grades first, then by id),
            and the goal last, even when it is mastered. Prerequisites that only mastered skills need are left out.
        """
        if len(self) >= LARGE:
            return self.compiled.path(self[goal].id, mastery, threshold)
        return self._way(self[goal].id, mastery, threshold)

    def _way(self, goal: str, mastery: Mapping[str, float], threshold: float) -> list[str]:
        needed, open_skills = {goal}, [goal]
        while open_skills:
            for before in self.skills[open_skills.pop()].prerequisites:
                if before not in needed and mastery.get(before, 0.0) < threshold:
                    needed.add(before)
                    open_skills.append(before)
        return sorted(needed, key=self._place.__getitem__)

    def depth(self, skill: str) -> int:
        """The number of skills on the longest chain of prerequisites below a skill; 0 for one that has none."""
        return self.depths[self[skill].id]

    @cached_property
    def depths(self) -> dict[str, int]:
        """The depth of every skill."""
        found: dict[str, int] = {}
        for name, skill in self.skills.items():
            found[name] = 1 + max((found[before] for before in skill.prerequisites), default=-1)
        return found

    def longest_path(self) -> list[str]:
        """The longest chain of prerequisites, first skill first."""
        if not self.skills:
            return []
        chain = [max(self.depths, key=lambda name: self.depths[name])]
        while before := self.prerequisites(chain[-1]):
            chain.append(max(before, key=lambda name: self.depths[name]))
        return chain[::-1]

    @cached_property
    def _needed_by(self) -> dict[str, tuple[str, ...]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for name, skill in self.skills.items():  # in teaching order, and so are the dependents
            for before in skill.prerequisites:
                found[before].append(name)
        return {name: tuple(after) for name, after in found.items()}

    @cached_property
    def _by_skill(self) -> dict[str, tuple[Misconception, ...]]:
        found: defaultdict[str, list[Misconception]] = defaultdict(list)
        for misconception in self.misconceptions.values():
            for skill in misconception.skills:
                found[skill].append(misconception)
        return {skill: tuple(items) for skill, items in found.items()}

    @cached_property
    def _names(self) -> dict[str, str]:
        return {name: skill.name for name, skill in self.skills.items()}


def offer(wanted: str, names: Mapping[str, str], n: int = 3) -> str:
    """ "; did you mean a, b or c?" with the ids nearest to a wrong id or to its words, "" when nothing is near.

    Args:
        wanted: What was asked for.
        names: Id -> name of everything there is.
        n: How many ids to offer at most.
    """
    wanted = wanted.strip().lower()
    words = set(wanted.replace(".", " ").replace("_", " ").split())
    scores = []
    for name, title in names.items():
        ratio = difflib.SequenceMatcher(None, wanted, name.lower()).ratio() if _may_match(wanted, name) else 0.0
        own = set(name.replace(".", " ").replace("_", " ").lower().split()) | set(title.lower().split())
        shared = words & own
        spoken = 0.4 + 0.4 * len(shared) / len(words) + 0.15 * len(shared) / len(words | own) if shared else 0.0
        near_title = difflib.SequenceMatcher(None, wanted, title.lower()).ratio() if _may_match(wanted, title) else 0.0
        scores.append((max(ratio, near_title, spoken), name))
    near = [name for score, name in sorted(scores, key=lambda item: (-item[0], item[1]))[:n] if score >= 0.6]
    if not near:
        return ""
    return "; did you mean " + (near[0] if len(near) == 1 else ", ".join(near[:-1]) + " or " + near[-1]) + "?"


def _may_match(a: str, b: str) -> bool:
    """Whether the similarity ratio can reach 0.6 at all, from lengths alone."""
    return 2 * min(len(a), len(b)) >= 0.6 * (len(a) + len(b))


def find_faults(skills: list[Skill], misconceptions: list[Misconception]) -> list[str]:
    """Every fault of a tree to be, one line each; [] when there is none."""
    faults: list[str] = []
    by_id: dict[str, Skill] = {}
    for skill in skills:
        if skill.id in by_id:
            faults.append(f"skill {skill.id} is there twice")
        by_id.setdefault(skill.id, skill)
    needed: set[str] = set()
    for skill in by_id.values():
        for i, before in enumerate(skill.prerequisites):
            if before == skill.id:
                faults.append(f"skill {skill.id} is its own prerequisite")
            elif before not in by_id:
                names = {name: other.name for name, other in by_id.items()}
                faults.append(f"skill {skill.id} has the unknown prerequisite {before}{offer(before, names)}")
            elif before in skill.prerequisites[:i]:
                faults.append(f"skill {skill.id} has the prerequisite {before} twice")
            needed.add(before)
    if len(by_id) > 1:
        faults += [
            f"skill {skill.id} is an orphan: it has no prerequisite and nothing needs it"
            for skill in by_id.values()
            if not skill.prerequisites and skill.id not in needed and not skill.source
        ]
    faults += [f"the prerequisites go in a circle: {' -> '.join(cycle)}" for cycle in _cycles(by_id)]
    seen: set[str] = set()
    for misconception in misconceptions:
        if misconception.id in seen:
            faults.append(f"misconception {misconception.id} is there twice")
        seen.add(misconception.id)
        faults += [
            f"misconception {misconception.id} is about the unknown skill {skill}"
            for skill in misconception.skills
            if skill not in by_id
        ]
    return faults


def _cycles(by_id: Mapping[str, Skill]) -> list[list[str]]:
    """One circle of every strongly connected part, first skill repeated at the end; self edges are not circles here."""
    edges = [(b, s.id) for s in by_id.values() for b in s.prerequisites if b in by_id and b != s.id]
    left = _unordered(by_id, edges)
    graph = nx.DiGraph()
    graph.add_edges_from(edge for edge in edges if edge[0] in left and edge[1] in left)
    found = []
    for part in nx.strongly_connected_components(graph):
        if len(part) > 1:
            circle = nx.find_cycle(graph.subgraph(part), min(part))
            found.append([a for a, _ in circle] + [circle[-1][1]])
    return sorted(found)


def _unordered(by_id: Mapping[str, Skill], edges: list[tuple[str, str]]) -> set[str]:
    """The skills that never become free of prerequisites: those in circles, and all that need them."""
    waiting = dict.fromkeys(by_id, 0)
    opens: defaultdict[str, list[str]] = defaultdict(list)
    for before, after in edges:
        waiting[after] += 1
        opens[before].append(after)
    free = [name for name, n in waiting.items() if not n]
    for name in free:  # grows while it is walked through
        for after in opens.get(name, ()):
            waiting[after] -= 1
            if not waiting[after]:
                free.append(after)
    return set(by_id).difference(free) if len(free) < len(by_id) else set()


def _teaching_order(by_id: Mapping[str, Skill]) -> list[str]:
    """Topological order; among the skills that could come next the lowest grade first, then the id (Kahn 1962)."""
    ranked = sorted(by_id, key=lambda name: (_grade(by_id[name]), name))
    rank = {name: i for i, name in enumerate(ranked)}
    waiting = [len(by_id[name].prerequisites) for name in ranked]
    opens: defaultdict[int, list[int]] = defaultdict(list)
    for i, name in enumerate(ranked):
        for before in by_id[name].prerequisites:
            opens[rank[before]].append(i)
    ready = [i for i, n in enumerate(waiting) if not n]  # ascending, and so a heap
    order: list[str] = []
    while ready:
        i = heappop(ready)
        order.append(ranked[i])
        for after in opens.get(i, ()):
            waiting[after] -= 1
            if not waiting[after]:
                heappush(ready, after)
    return order


def _grade(skill: Skill) -> int:
    return 99 if skill.grade is None else skill.grade


@cache
def default_tree() -> SkillTree:
    """The shipped tree, Kindergarten to Algebra I: all `skilltree/content/*.toml` as one tree, read once.

    Raises:
        TreeError: the shipped content has a fault.
    """
    from classwright.skilltree.tree_files import shipped_records

    return SkillTree(*shipped_records(), source="the shipped skill tree")
