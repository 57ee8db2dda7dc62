"""The teacher: puts a drafted plan into words, slot by slot."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from classwright.agents.words import Embed, Slot, fill
from classwright.classroom.audience import Audience
from classwright.classroom.plan import LessonPlan, Words
from classwright.classroom.slots import SlotRules
from classwright.models.chat import Chat
from classwright.models.together import together
from classwright.skilltree.tree import SkillTree


async def word_plan(
    plan: LessonPlan,
    audience: Audience,
    tree: SkillTree,
    chat: Chat,
    embed: Embed,
    *,
    unit: str,
    interest: str | None,
    language: str,
    only: frozenset[str] | None = None,
    notes: Mapping[str, str] | None = None,
) -> LessonPlan:
    """The plan with the model's words in every slot where they pass the checks.

    Args:
        plan: A complete plan.
        audience: Whom it is for; decides reading level.
        tree: The skill tree.
        chat: The teacher's model.
        embed: Embeddings for the topic check.
        unit: Journal unit, one per draft.
        interest: What the opening is about.
        language: Language code.
        only: Names of the slots to write; None for all.
        notes: Slot name -> what somebody wants of it.
    """
    wanted = notes or {}
    slots = {
        name: _noted(slot, wanted.get(name, ""))
        for name, slot in plan_slots(plan, audience, tree, interest, language)
        if only is None or name in only
    }
    words = await together(*(fill(slot, chat, embed, unit=unit) for slot in slots.values()))
    return with_words(plan, dict(zip(slots, words, strict=True)))


def _noted(slot: Slot, note: str) -> Slot:
    """A slot with a note, whose numbers may be said in it."""
    if not note:
        return slot
    return replace(slot, note=note, rules=slot.rules._replace(numbers_from=[*slot.rules.numbers_from, note]))


def with_words(plan: LessonPlan, words: dict[str, Words]) -> LessonPlan:
    """A copy of the plan with some slots replaced; slot names are those of `LessonPlan.slots`."""
    copy = plan.model_copy(deep=True)
    for name, slot in copy.slots():
        if name in words:
            new = words[name]
            slot.text, slot.source, slot.refused = new.text, new.source, new.refused
    return copy


def plan_slots(
    plan: LessonPlan, audience: Audience, tree: SkillTree, interest: str | None, language: str
) -> Iterator[tuple[str, Slot]]:
    """The slots that the teacher writes, each with its facts and rules."""
    skill = tree[plan.skill]
    common = {"grade": plan.grade or "K", "language": language}
    child = max(3.0, audience.reading_level + 2) if language == "en" else None
    topic = f"{skill.name}. {skill.description}" if language == "en" else ""
    current = dict(plan.slots())

    def slot(where: str, task: str, rules: SlotRules, **values: Any) -> tuple[str, Slot]:
        place = where.split(" ", 1)[1] if " " in where else "1"
        return where, Slot(task, {**common, **values}, rules, current[where].text, place)

    yield slot(
        "hook", "hook", SlotRules((15, 80), child, [skill.name], [interest] if interest else [], topic, free_numbers=1),
        skill=skill.name, interest=interest,
    )  # fmt: skip
    for i, e in enumerate(plan.explanations, 1):
        s = tree[e.skill]
        facts = " ".join((s.explanation or s.description or s.name).split())
        method = " ".join(e.method)
        sources = [facts, method, s.name]
        yield slot(
            f"explanation {i}", "explanation",
            SlotRules((25, 120), child, sources, (), f"{s.name}. {s.description}" if topic else "", [facts]),
            skill=s.name, facts=facts, method=method,
        )  # fmt: skip
    for i, w in enumerate(plan.worked_examples, 1):
        p = w.problem
        yield slot(
            f"example {i}", "talk",
            SlotRules((15, 160), child, [p.text, *p.steps, p.answer], (p.answer,)),
            problem=p.text, steps=p.steps, answer=p.answer,
        )  # fmt: skip
    for i, p in enumerate(plan.guided.problems[: len(plan.guided.hints)], 1):
        yield slot(
            f"hint {i}", "hint",
            SlotRules((5, 40), child, [p.text, *tree[p.skill].method], (), topic),
            problem=p.text, method=" ".join(tree[p.skill].method),
        )  # fmt: skip
    for g in plan.groups:
        scene, picture = topic and f"{topic} {skill.picture}", skill.picture
        yield slot(
            f"group {g.name}", "group", SlotRules((12, 70), None, [picture, g.why], (), scene, content=picture),
            skill=skill.name, tier=g.tier, why=g.why, picture=skill.picture,
        )  # fmt: skip
    method = " ".join(skill.method)
    yield slot(
        "closing", "closing", SlotRules((12, 80), child, [method, skill.name], (), topic, content=method),
        skill=skill.name, method=method,
    )  # fmt: skip
    problem = plan.family_note.text.split(": ", 2)[-1]  # a problem may hold a colon of its own
    yield slot(
        "family note", "family_note", SlotRules((15, 90), None, [problem, skill.name], (problem,), topic),
        skill=skill.name, problem=problem,
    )  # fmt: skip
