"""The proposer: whole parts beyond the slots (new word problems, analogies, activities, representations, questions).

The model drafts freely, code admits: see `classroom.admission` for problems and `classroom.idea_checks` for ideas. A
model is asked only after a trial: it must solve word problems of the skill whose answers code knows, since a model that
cannot can neither write one nor be the second, independent solver that every problem needs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from pydantic import BaseModel

from classwright.agents.words import Embed
from classwright.classroom.admission import Offer, Terms, admit, item_key, plain_expression, written_skills
from classwright.classroom.audience import Audience
from classwright.classroom.idea_checks import PLACES, SCHEMAS, IdeaKind, IdeaTerms, idea_faults
from classwright.classroom.plan import Idea, LessonPlan, Words
from classwright.classroom.proposals import Proposals, Refusal
from classwright.classroom.slots import TOPIC_SIMILARITY
from classwright.classroom.story import is_readable_story
from classwright.errors import InputError, OutputError
from classwright.models.chat import Chat
from classwright.models.together import both, together
from classwright.prompts import render
from classwright.runs.journal import Key
from classwright.skilltree.bank import numbers, problem
from classwright.skilltree.expression import evaluate
from classwright.skilltree.grading import grade
from classwright.skilltree.problem import Problem
from classwright.skilltree.skill import Skill
from classwright.skilltree.tree import SkillTree

ATTEMPTS = 2
TRIAL, TRIAL_PASS = 3, 2
"""Word problems of the trial, and how many of them must be solved. A model that solves 10 % passes 3 % of trials, one
that solves 90 % passes 97 %."""
LEVELS = (1, 2, 3, 2)
"""Levels of the problems that are asked for, in turn."""
ANY_STORY = "whole.two_step_story"
"""What the trial asks where the lesson's own problems are no stories."""
FIRST_SEED = 2_000_000
CONTEXTS = (
    "a school garden", "a bake sale", "a trip by bus", "a pet shelter", "building a tree house", "a birthday party",
    "a library", "a toy shop", "a farm", "a swimming pool", "making juice", "a craft afternoon", "a lemonade stand",
    "a hike", "a classroom shelf", "a sports day",
)  # fmt: skip


class WordProblem(BaseModel):
    """A word problem."""

    text: str
    expression: str
    work: str
    answer: int | float | str


class Calculation(BaseModel):
    """How a problem is solved, read from its text alone."""

    asked: str
    calculation: str


@dataclass(frozen=True)
class _Ask:
    """What every call of one round of proposals shares."""

    plan: LessonPlan
    tree: SkillTree
    chat: Chat
    embed: Embed
    unit: str
    language: str
    reading_grade: float | None
    taken: frozenset[str]


async def propose(
    plan: LessonPlan,
    audience: Audience,
    tree: SkillTree,
    chat: Chat,
    embed: Embed,
    *,
    unit: str,
    interest: str | None,
    language: str,
    avoid: Sequence[Problem | str] = (),
    problems: int = 4,
) -> Proposals:
    """Parts that the model proposes for a plan, those that code admits and those that it refuses.

    Args:
        plan: A complete plan.
        audience: Whom it is for; decides reading level and contexts.
        tree: The skill tree.
        chat: The teacher's model.
        embed: Embeddings for the topic check.
        unit: Journal unit.
        interest: What one of the stories is about.
        language: Language code. Word problems are asked for in English only, since code reads no other stories.
        avoid: Items of the tests and items that the learners have met (`bank.numbers`).
        problems: How many word problems to ask for.

    Returns:
        The proposals, with `asked` False where the model failed the trial: then nothing else was asked.
    """
    child = max(3.0, audience.reading_level + 2) if language == "en" else None
    items = [*plan.problems(), *avoid]
    taken = frozenset(p if isinstance(p, str) else numbers(p) for p in items)
    ask = _Ask(plan, tree, chat, embed, unit, language, child, taken)
    told = written_skills([plan.skill])
    able = bool(told) and language == "en"
    trial = _stories(told[0] if told else ANY_STORY, (1, 1, 2), taken, FIRST_SEED)
    solved = sum(await together(*(_solves(p, chat, unit, f"trial.{i}") for i, p in enumerate(trial, 1))))
    if solved < TRIAL_PASS:
        why = f"it solved {solved} of {len(trial)} word problems of the trial, and needs {TRIAL_PASS}"
        return Proposals(asked=False, why=why, solved=solved, tried=len(trial))
    contexts = _contexts(interest, audience, plan, problems)
    written, thought = await both(
        together(*(_problem(ask, i, context) for i, context in enumerate(contexts, 1) if able)),
        together(*(_idea(ask, kind, interest) for kind in SCHEMAS)),
    )
    found = Proposals(asked=True, solved=solved, tried=len(trial))
    keys: set[Any] = set()
    for place, (p, refused) in enumerate(written, 1):
        found.refused += refused
        if p is not None and item_key(p) in keys:
            why = "its numbers are those of another proposal"
            found.refused.append(Refusal(kind="problem", place=str(place), text=p.text, why=[why]))
        elif p is not None:
            keys.add(item_key(p))
            found.problems.append(p)
    for idea, refused in thought:
        found.refused += refused
        found.ideas += [idea] if idea else []
    return found


def _contexts(interest: str | None, audience: Audience, plan: LessonPlan, n: int) -> list[str]:
    """What the stories are about: the class's interests first, everyday life after them; the same for the same plan."""
    wanted = [*([interest] if interest else []), *audience.interests()]
    own = list(dict.fromkeys(wanted))[: (n + 1) // 2]
    rng = Random(f"contexts/{plan.skill}/{plan.exit_ticket.problems[0].id}")
    return (own + rng.sample(CONTEXTS, min(n, len(CONTEXTS))))[:n]


def _stories(skill: str, levels: Sequence[int], taken: frozenset[str], first: int) -> list[Problem]:
    """Word problems of the bank, one of each level given, none of them taken."""
    found: list[Problem] = []
    for level in levels:
        for seed in range(first, first + 400):
            p = problem(skill, seed, level, "school")
            if numbers(p) not in taken | {numbers(q) for q in found} and is_readable_story(p):
                found.append(p)
                break
    return found


async def _solves(p: Problem, chat: Chat, unit: str, place: str) -> bool:
    """Whether the calculation that the model reads from a problem's text alone comes to its answer.

    Code works it out: what is in doubt is what the text asks for, not the model's arithmetic.
    """
    try:
        said = await chat.structured(
            Calculation,
            render("propose_solution", problem=p.text),
            key=Key(unit, chat.role, "propose_solution", place),
            max_tokens=150,
            temperature=0.0,
        )
        found = evaluate(plain_expression(said.calculation))
    except (OutputError, InputError):
        return False
    return grade(found, p.model_copy(update={"form": ""})).result == "right"


async def _problem(ask: _Ask, number: int, context: str) -> tuple[Problem | None, list[Refusal]]:
    """One word problem: free first, then for numbers that code gives."""
    skill, level = ask.tree[ask.plan.skill], LEVELS[(number - 1) % len(LEVELS)]
    *examples, spare = _stories(skill.id, (level, level, level), ask.taken, FIRST_SEED + 1000 * number)
    terms = Terms(skill, level, ask.taken, ask.reading_grade, [p.text for p in examples])
    refused: list[Refusal] = []
    for attempt in range(ATTEMPTS):
        place = f"{number}.{attempt}"
        messages = render(
            "propose_problem", grade=ask.plan.grade or "K", language=ask.language, skill=skill.name, context=context,
            examples=examples, given=spare if attempt else None, fault=refused[-1].why[0] if refused else "",
        )  # fmt: skip
        try:
            said = await ask.chat.structured(
                WordProblem, messages, key=Key(ask.unit, ask.chat.role, "propose_problem", place), max_tokens=400
            )
        except OutputError as e:
            refused.append(Refusal(kind="problem", place=place, text="", why=[str(e)]))
            continue
        p, faults = admit(Offer(said.text, said.expression, str(said.answer)), terms, number)
        if p is not None and not await _solves(p, ask.chat, ask.unit, place):
            p, faults = None, ["a second solution, from its text alone, comes to another answer"]
        if p is not None:
            return p, refused
        refused.append(Refusal(kind="problem", place=place, text=f"{said.text} [{said.expression}]", why=faults))
    return None, refused


async def _idea(ask: _Ask, kind: IdeaKind, interest: str | None) -> tuple[Idea | None, list[Refusal]]:
    plan, skill = ask.plan, ask.tree[ask.plan.skill]
    others = [w.text for _, w in plan.slots()]
    terms = IdeaTerms(skill, ask.tree, plan.materials, plan.guided.minutes, ask.reading_grade, others)
    values = idea_values(plan, skill, interest, ask.language)
    return await write_idea(kind, values, terms, ask.chat, ask.embed, unit=ask.unit)


def idea_values(plan: LessonPlan, skill: Skill, interest: str | None, language: str) -> dict[str, Any]:
    """The variables of the template of an idea, without `fault`."""
    return {
        "grade": plan.grade or "K", "language": language, "skill": skill.name, "facts": facts_of(skill),
        "method": " ".join(skill.method), "interest": interest, "minutes": plan.guided.minutes,
        "picture": skill.picture, "materials": ", ".join([*plan.materials, "paper", "pencil", "board"]),
    }  # fmt: skip


def facts_of(skill: Skill) -> str:
    """What a model is told about a skill."""
    return " ".join((skill.explanation or skill.description or skill.name).split())


def idea_topics(skill: Skill) -> list[str]:
    """What an idea must be about: one of these."""
    facts = facts_of(skill)
    return [f"{skill.name}. {skill.description}", facts, skill.picture or facts]


async def write_idea(
    kind: IdeaKind, values: dict[str, Any], terms: IdeaTerms, chat: Chat, embed: Embed, *, unit: str
) -> tuple[Idea | None, list[Refusal]]:
    """One idea of a kind, in two attempts.

    Args:
        kind: The kind.
        values: See `idea_values`.
        terms: What it is held to.
        chat: The teacher's model.
        embed: Embeddings for the topic check.
        unit: Journal unit.
    """
    skill = terms.skill
    refused: list[Refusal] = []
    for attempt in range(ATTEMPTS):
        place = f"{kind}.{attempt}"
        messages = render(f"propose_{kind}", **values, fault=refused[-1].why[0] if refused else "")
        key = Key(unit, chat.role, f"propose_{kind}", str(attempt))
        try:
            said = await chat.structured(SCHEMAS[kind], messages, key=key, max_tokens=300)
        except OutputError as e:
            refused.append(Refusal(kind=kind, place=place, text="", why=[str(e)]))
            continue
        text = said.text()
        faults = idea_faults(said, terms)
        if not faults and values["language"] == "en":
            said_row, *meant = await embed([text, *idea_topics(skill)])
            if (similarity := max(float(said_row @ row) for row in meant)) < TOPIC_SIMILARITY:
                faults = [f"off the topic (similarity {similarity:.2f})"]
        if not faults:
            words = Words(text=text, source="model", refused=tuple("; ".join(r.why[:3]) for r in refused))
            return Idea(kind=kind, skill=skill.id, place=PLACES[kind], text=words), refused
        refused.append(Refusal(kind=kind, place=place, text=text, why=faults))
    return None, refused
