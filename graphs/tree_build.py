"""Build a skill tree of any subject: a model proposes in rounds, code checks, merges and asks again about what is weak.

    propose -> merge -> (another round, while it finds something) -> weigh -> finish

A StateGraph like the lesson's; the journal makes it resumable. Deduplication by meaning uses embeddings: what is all
but the same is merged, what is clearly different kept, and in between the model is asked whether one lesson would teach
both. An edge that stood in one proposal only, or lies on a circle, is asked about again in both directions; the answer
decides whether it stays, turns round or goes. What is dropped is listed with the reason.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from pydantic import BaseModel, ConfigDict, Field

from classwright.agents.tree_builder import (
    Proposed,
    ask_quote,
    described,
    must_precede,
    same_skill,
    stands_in,
)
from classwright.agents.tree_builder import propose as ask_proposal
from classwright.errors import OutputError
from classwright.graphs.source_text import sentences
from classwright.models.roles import Models
from classwright.skilltree.draft_tree import (
    DraftEdge,
    DraftSkill,
    assemble,
    break_circles,
    in_circles,
    slug,
    without_shortcuts,
)
from classwright.skilltree.skill import Skill

UNIT = "tree"
SAME, UNLIKE = 0.92, 0.6
"""Cosine similarity of name and description from which two proposals are one skill, and below which they are not."""
NEAR = 0.75
"""Similarity of names from which a prerequisite that nobody proposed is taken to mean a proposed skill."""
CLEARLY = 0.1
"""How much nearer in meaning another sentence must be to be cited in place of the one that the model quoted."""
SURE = 0.5
"""P(yes) from which an edge that is asked about again stays."""
SURER = 0.2
"""How much more the model must say yes to the other direction for an edge to turn round."""


class TreeRequest(BaseModel):
    """What is to be built; everything that decides what the models are asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    topic: str = Field(min_length=1)
    grade: int | None = Field(default=None, ge=0, le=12)
    source: str = ""
    passages: tuple[str, ...] = ()
    rounds: int = Field(default=2, ge=1, le=20)
    seed: int = 0


class Left(BaseModel):
    """Something that was proposed and is not in the tree."""

    what: str
    why: str


class TreeResult(BaseModel):
    """A built tree, with everything that was decided on the way."""

    topic: str
    skills: list[Skill]
    edges: list[DraftEdge]
    merged: list[Left]
    left: list[Left]
    rounds: int
    asked_again: int
    unasked: int


@dataclass(frozen=True)
class Context:
    """What the nodes work with."""

    request: TreeRequest
    models: Models
    progress: Callable[[str, int, int], None]


class State(TypedDict):
    """What the nodes hand on."""

    round: int
    proposed: list[Proposed]
    skills: list[DraftSkill]
    edges: list[DraftEdge]
    merged: list[Left]
    left: list[Left]
    added: int
    result: TreeResult


Node = Runtime[Context]
Update = dict[str, Any]


async def propose(state: State, runtime: Node) -> Update:
    """One proposal a passage, all at once."""
    c, r = runtime.context, runtime.context.request
    number = state.get("round", 0) + 1
    c.progress(f"round {number}: proposing skills", number - 1, r.rounds + 1)
    known = [skill.name for skill in state.get("skills", [])]
    passages: list[tuple[int | None, str]] = list(enumerate(r.passages)) or [(None, "")]

    async def one(i: int | None, passage: str) -> list[Proposed] | OutputError:
        try:
            return await ask_proposal(
                c.models.chat("teacher"), topic=r.topic, grade=r.grade, known=known, passage=passage, number=i,
                place=f"{number}.{0 if i is None else i}", unit=UNIT,
            )  # fmt: skip
        except OutputError as error:
            return error

    replies = await asyncio.gather(*(one(i, passage) for i, passage in passages))
    failed = [reply for reply in replies if isinstance(reply, OutputError)]
    if number == 1 and len(failed) == len(replies):
        raise failed[0]
    left = [*state.get("left", []), *(Left(what=f"a proposal of round {number}", why=str(e)) for e in failed)]
    proposed = [p for reply in replies if not isinstance(reply, OutputError) for p in reply]
    return {"round": number, "proposed": proposed, "left": left}


async def merge(state: State, runtime: Node) -> Update:
    """Take the proposals in: quotes checked, duplicates merged, prerequisites resolved to skills."""
    c, number = runtime.context, state["round"]
    skills = [skill.model_copy(deep=True) for skill in state.get("skills", [])]
    edges = {(e.before, e.after): e.model_copy() for e in state.get("edges", [])}
    merged, left = list(state.get("merged", [])), list(state["left"])
    names = {_key(name): s.id for s in skills for name in (s.name, *s.aliases)}
    taken: list[tuple[str, Proposed]] = []
    c.progress(f"round {number}: comparing {len(state['proposed'])} proposals", number - 1, c.request.rounds + 1)
    added = 0
    for i, p in enumerate(state["proposed"]):
        quote = await _cited(c, p, f"{number}.{i}")
        if quote is None:
            left.append(Left(what=p.name, why="its passage does not stand in the source"))
            continue
        twin = names.get(_key(p.name)) or await _twin(c, p, skills, f"{number}.{i}")
        if twin is None:
            twin = slug(p.name, [s.id for s in skills])
            skills.append(DraftSkill(id=twin, name=p.name, description=p.description, quote=quote))
            added += 1
        else:
            first = next(s for s in skills if s.id == twin)
            if _key(p.name) not in {_key(name) for name in (first.name, *first.aliases)}:
                first.aliases.append(p.name)
                merged.append(Left(what=p.name, why=f"means the same as {first.name}"))
        names[_key(p.name)] = twin
        taken.append((twin, p))
    for after, p in taken:
        before_it: set[str] = set()
        for need in p.needs:
            before = names.get(_key(need)) or await _meant(c, need, skills)
            if before is None:
                left.append(Left(what=f"{need} -> {p.name}", why="nobody proposed the prerequisite as a skill"))
            elif before != after:
                before_it.add(before)
        for before in sorted(before_it):
            if (before, after) in edges:
                edges[before, after].proposed += 1
            else:
                edges[before, after] = DraftEdge(before=before, after=after)
    return {"skills": skills, "edges": list(edges.values()), "merged": merged, "left": left, "added": added}


async def weigh(state: State, runtime: Node) -> Update:
    """Ask again about weak edges, in both directions: each stays, turns round or goes."""
    c = runtime.context
    by_id = {skill.id: skill for skill in state["skills"]}
    edges = [edge.model_copy() for edge in state["edges"]]
    circled = {(e.before, e.after) for e in in_circles(edges)}
    weak = [e for e in edges if e.proposed == 1 or (e.before, e.after) in circled]
    chat, r = c.models.chat("teacher"), c.request
    c.progress(f"asking again about {len(weak)} prerequisites", r.rounds, r.rounds + 1)
    pairs = list(dict.fromkeys(pair for e in weak for pair in ((e.before, e.after), (e.after, e.before))))
    answers = await asyncio.gather(
        *(must_precede(chat, by_id[a], by_id[b], topic=r.topic, unit=UNIT) for a, b in pairs)
    )
    says = dict(zip(pairs, answers, strict=True))
    kept: dict[tuple[str, str], DraftEdge] = {}
    left = list(state["left"])
    for edge in edges:
        if edge in weak:
            edge.forward, edge.backward = says[edge.before, edge.after], says[edge.after, edge.before]
        if edge.forward is None or edge.backward is None:
            kept[edge.before, edge.after] = edge
        elif edge.backward >= max(SURE, edge.forward + SURER):
            turned = DraftEdge(before=edge.after, after=edge.before, forward=edge.backward, backward=edge.forward)
            kept.setdefault((turned.before, turned.after), turned)
            left.append(Left(what=str(edge), why=f"asked again, the model says the other way ({edge.backward:.2f})"))
        elif edge.forward >= SURE:
            kept[edge.before, edge.after] = edge
        else:
            left.append(Left(what=str(edge), why=f"asked again, the model does not hold to it ({edge.forward:.2f})"))
    return {"edges": list(kept.values()), "left": left}


def finish(state: State, runtime: Node) -> Update:
    """Break the circles that are left at their weakest edge, drop shortcuts, and make the tree."""
    r = runtime.context.request
    asked = [e for e in state["edges"] if e.forward is not None and e.backward is not None]
    edges, broken = break_circles(state["edges"])
    left = [*state["left"], *(Left(what=str(e), why=f"the weakest edge of the circle {way}") for e, way in broken)]
    edges, short = without_shortcuts(edges)
    left += [Left(what=str(e), why="a longer chain implies it") for e in short]
    model = runtime.context.models.chat("teacher").model
    tree = assemble(state["skills"], edges, model=model, source=r.source, grade=r.grade)
    result = TreeResult(
        topic=r.topic,
        skills=list(tree.skills.values()),
        edges=edges,
        merged=state["merged"],
        left=left,
        rounds=state["round"],
        asked_again=len(asked),
        unasked=sum(1 for e in edges if e.forward is None or e.backward is None),
    )
    runtime.context.progress("done", r.rounds + 1, r.rounds + 1)
    return {"result": result}


def build_graph() -> Any:
    """The compiled graph."""
    g = StateGraph(State, context_schema=Context)
    for node in (propose, merge, weigh, finish):
        g.add_node(node.__name__, node)
    g.add_edge(START, "propose")
    g.add_edge("propose", "merge")

    def go_on(state: State, runtime: Node) -> str:
        return "propose" if state["added"] and state["round"] < runtime.context.request.rounds else "weigh"

    g.add_conditional_edges("merge", go_on, ["propose", "weigh"])
    g.add_edge("weigh", "finish")
    g.add_edge("finish", END)
    return g.compile()


async def build_tree(context: Context) -> TreeResult:
    """Run the graph to its end.

    Raises:
        OutputError: The model gave no valid proposal, or no skill is left after the checks.
    """
    state = await build_graph().ainvoke(
        {}, context=context, config={"recursion_limit": 10 + 4 * context.request.rounds}
    )
    result: TreeResult = state["result"]
    if not result.skills:
        why = f"; {result.left[0].what}: {result.left[0].why}" if result.left else ""
        raise OutputError(f"no proposed skill passed the checks{why}")
    return result


async def _cited(c: Context, p: Proposed, place: str) -> str | None:
    """The passage of a proposal, asked for once more if it was invented; None if there is none, "" without a source.

    Small models copy a sentence that is not about the skill; where another is clearly nearer in meaning, it is cited.
    """
    if p.passage is None:
        return ""
    passage = c.request.passages[p.passage]
    quote = p.quote
    if not stands_in(quote, passage):
        quote = await ask_quote(c.models.chat("teacher"), p, passage, place=place, unit=UNIT)
    if not stands_in(quote, passage):
        return None
    others = [s for s in sentences(passage) if stands_in(s, passage)]
    rows = await c.models.embed([_line(p), quote, *others])
    likeness = rows[1:] @ rows[0]
    nearest = int(likeness.argmax())
    return others[nearest - 1] if nearest and likeness[nearest] > likeness[0] + CLEARLY else quote


async def _twin(c: Context, p: Proposed, skills: list[DraftSkill], place: str) -> str | None:
    """The known skill that a proposal means, None if it is new."""
    if not skills:
        return None
    line = _line(p)
    [(at, likeness)] = await c.models.nearest(line, [described(s) for s in skills], 1)
    if likeness >= SAME:
        return skills[at].id
    if likeness < UNLIKE:
        return None
    yes = await same_skill(c.models.chat("teacher"), described(skills[at]), line, place=place, unit=UNIT)
    return skills[at].id if yes is not None and yes > SURE else None


async def _meant(c: Context, name: str, skills: list[DraftSkill]) -> str | None:
    """The skill whose name is near enough to a prerequisite's."""
    if not skills:
        return None
    [(at, likeness)] = await c.models.nearest(name, [s.name for s in skills], 1)
    return skills[at].id if likeness >= NEAR else None


def _line(p: Proposed) -> str:
    return f"{p.name}: {p.description}" if p.description else p.name


def _key(name: str) -> str:
    return " ".join(name.casefold().split())
