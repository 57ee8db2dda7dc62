"""A tree in the making: proposed skills and edges, how strong each edge is, and what becomes of circles."""

import re
import unicodedata
from collections.abc import Collection, Sequence

import networkx as nx
from pydantic import BaseModel, ConfigDict, Field

from classwright.skilltree.skill import Skill
from classwright.skilltree.tree import SkillTree


class DraftSkill(BaseModel):
    """A proposed skill.

    Attributes:
        id: Its id, made from the name.
        name: As it was first proposed.
        description: One sentence, or "".
        quote: The passage of the source that it comes from, word for word; "" where there is no source.
        aliases: Other names under which it was proposed.
    """

    model_config = ConfigDict(extra="forbid")

    id: str
    name: str
    description: str = ""
    quote: str = ""
    aliases: list[str] = []


class DraftEdge(BaseModel):
    """A proposed prerequisite.

    Attributes:
        before: Id of the prerequisite.
        after: Id of the skill that needs it.
        proposed: In how many proposals it stood.
        forward: When asked again: P(yes) that `before` must come before `after`, 0..1; None if not asked.
        backward: The same the other way round.
    """

    model_config = ConfigDict(extra="forbid")

    before: str
    after: str
    proposed: int = Field(default=1, ge=1)
    forward: float | None = None
    backward: float | None = None

    @property
    def strength(self) -> float:
        """How far the edge is to be believed, -1..1: the difference of the two answers, else by how often it came."""
        if self.forward is not None and self.backward is not None:
            return self.forward - self.backward
        return 0.0 if self.proposed == 1 else 0.5

    def __str__(self) -> str:
        return f"{self.before} -> {self.after}"


def slug(name: str, taken: Collection[str]) -> str:
    """An id for a name, not among those taken: "Light and dark reactions" gives "light_and_dark_reactions"."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    base = "_".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("_") or "skill"
    number, found = 1, base
    while found in taken:
        number += 1
        found = f"{base}_{number}"
    return found


def in_circles(edges: Sequence[DraftEdge]) -> list[DraftEdge]:
    """The edges that lie on a circle."""
    graph = nx.DiGraph((edge.before, edge.after) for edge in edges)
    part = {name: i for i, names in enumerate(nx.strongly_connected_components(graph)) for name in names}
    return [edge for edge in edges if part[edge.before] == part[edge.after]]


def break_circles(edges: Sequence[DraftEdge]) -> tuple[list[DraftEdge], list[tuple[DraftEdge, str]]]:
    """Leave out the weakest edge of every circle.

    Returns:
        The edges that stay, and each one left out with the circle it was on ("a -> b -> a"). Of equally weak edges the
        one that was proposed last goes.
    """
    kept, gone = list(edges), []
    while True:
        graph = nx.DiGraph()
        graph.add_edges_from((edge.before, edge.after) for edge in kept)
        try:
            circle = nx.find_cycle(graph)
        except nx.NetworkXNoCycle:
            return kept, gone
        on = [edge for edge in kept if (edge.before, edge.after) in circle]
        weakest = min(reversed(on), key=lambda edge: (edge.strength, edge.proposed))
        kept.remove(weakest)
        gone.append((weakest, " -> ".join([a for a, _ in circle] + [circle[0][0]])))


def without_shortcuts(edges: Sequence[DraftEdge]) -> tuple[list[DraftEdge], list[DraftEdge]]:
    """The edges without those that a longer chain implies (transitive reduction), and these; there is no circle."""
    graph = nx.DiGraph((edge.before, edge.after) for edge in edges)
    needed = set(nx.transitive_reduction(graph).edges)
    return (
        [edge for edge in edges if (edge.before, edge.after) in needed],
        [edge for edge in edges if (edge.before, edge.after) not in needed],
    )


def assemble(
    skills: Sequence[DraftSkill], edges: Sequence[DraftEdge], *, model: str, source: str, grade: int | None
) -> SkillTree:
    """The tree of a draft without circles.

    Every skill's `source` says which model proposed it, the passage it comes from, and for each prerequisite how sure
    the model was when asked again.

    Args:
        skills: The skills.
        edges: The edges that stay.
        model: Name of the model.
        source: Name of the source text; "" without one.
        grade: Grade of all skills; None: not known.

    Raises:
        TreeError: The edges do not make a tree; a mistake of the program.
    """
    before: dict[str, list[DraftEdge]] = {skill.id: [] for skill in skills}
    for edge in edges:
        before[edge.after].append(edge)
    made = []
    for skill in skills:
        said = [f"proposed by {model}"]
        if skill.quote:
            said.append(f"from {source}: “{skill.quote}”")
        if before[skill.id]:
            said.append("prerequisites proposed by the model: " + ", ".join(map(_believed, before[skill.id])))
        made.append(
            Skill(
                id=skill.id,
                name=skill.name,
                description=skill.description,
                grade=grade,
                prerequisites=tuple(edge.before for edge in before[skill.id]),
                source="; ".join(said),
            )
        )
    return SkillTree(made)


def _believed(edge: DraftEdge) -> str:
    if edge.forward is None or edge.backward is None:
        return (
            f"{edge.before} (proposed {edge.proposed} times)"
            if edge.proposed > 1
            else f"{edge.before} (not asked again)"
        )
    return f"{edge.before} (yes {edge.forward:.2f}, the other way {edge.backward:.2f})"
