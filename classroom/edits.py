"""Typed edits of a plan: insert, replace, remove or reorder a named part, each with the evidence it answers.

Code knows which edits are possible and what they cost in minutes; the optimizer chooses among them; the next rehearsal
decides whether the choice was good. Nothing is rewritten that no evidence speaks against.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from pydantic import BaseModel

from classwright.classroom.draft import explain, narrate_example, repair_for
from classwright.classroom.plan import Explanation, Independent, LessonPlan, Practice, WorkedExample
from classwright.classroom.rehearsal import Rehearsal
from classwright.skilltree.bank import problems, wrong_answer
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree

Action = Literal["insert", "replace", "remove", "reorder"]
LEAST = 2
"""Minutes that every part keeps."""
FULL = 4
"""Minutes of a misconception taught to the whole class."""
WEAK = 3
"""The highest level of a judge that asks for a change."""


class Remark(NamedTuple):
    """What an admitted judge finds lacking: a criterion at a low level, with its evidence quoted from the plan."""

    criterion: str
    level: float
    evidence: str
    reason: str


class Edit(BaseModel):
    """One change of a plan.

    Attributes:
        action: What is done to the part.
        part: Which one: "misconception", "guided practice", "worked example", "explanation", or a slot's name.
        target: The misconception or skill it is about; "" for a text.
        minutes: Minutes that an insertion takes from the parts with most to spare, or that a removal gives back.
        evidence: What asks for it.
        weight: Wrong answers it answers; code tries the weightiest first where no model chooses.
    """

    action: Action
    part: str
    target: str = ""
    minutes: int = 0
    evidence: str
    weight: int

    def describe(self, tree: SkillTree) -> str:
        """The edit in a sentence, its evidence included."""
        name = _name(self.target, tree)
        minutes = f" ({self.minutes} minutes)" if self.minutes else ""
        what = {
            ("insert", "misconception"): f"Answer this mistake with the whole class: a learner {name}",
            ("insert", "guided practice"): f"Give more guided practice in {name}",
            ("insert", "worked example"): f"Show one more worked example of {name}",
            ("insert", "explanation"): f"Review the prerequisite {name}",
            ("replace", "guided practice"): f"Put problems into guided practice that bring this mistake out: {name}",
            ("remove", "misconception"): f"Take this mistake out of the lesson and practice instead: {name}",
            ("remove", "explanation"): f"Leave out the review of {name} and practice instead",
            ("reorder", "misconception"): f"Answer this mistake first, before the rarer ones: a learner {name}",
        }.get(
            (self.action, self.part),
            f"Leave out the {self.part}" if self.action == "remove" else f"Write the {self.part} again",
        )
        return f"{what}{minutes}. Evidence: {self.evidence}"


def _name(target: str, tree: SkillTree) -> str:
    if target in tree:
        return tree[target].name
    return tree.misconception(target).name if target else ""


def possible_edits(plan: LessonPlan, rehearsal: Rehearsal, tree: SkillTree) -> list[Edit]:
    """The edits that the rehearsal asks for and the minutes allow, weightiest first."""
    found = _for_misconceptions(plan, rehearsal, tree) + _for_practice(plan, rehearsal) + _for_skills(plan, rehearsal)
    spare = _spare(plan)
    fitting = [e for e in found if e.action != "insert" or spare >= e.minutes]
    return sorted(fitting, key=lambda e: (-e.weight, e.action, e.part, e.target))


def blind_edits(plan: LessonPlan, tree: SkillTree) -> list[Edit]:
    """Insertions that could be made without knowing how the class does; for comparison with informed ones."""
    taught = {r.misconception for r in plan.repairs if r.minutes}
    why = "none: nothing was rehearsed"
    found = [
        Edit(action="insert", part="misconception", target=m.id, minutes=FULL, evidence=why, weight=1)
        for m in tree.misconceptions_of(plan.skill)
        if m.id not in taught and repair_for(tree, m.id, plan.skills, 1, 0, ())
    ]
    for part in ("guided practice", "worked example"):
        found.append(Edit(action="insert", part=part, target=plan.skill, minutes=3, evidence=why, weight=1))
    return [e for e in found if _spare(plan) >= e.minutes]


def text_edits(plan: LessonPlan, remarks: Sequence[Remark]) -> list[Edit]:
    """Texts to write again: those that hold the evidence of a judge's low level."""
    found = []
    for remark in sorted(remarks, key=lambda r: (r.level, r.criterion)):
        quote = _plain(remark.evidence)
        place = next((name for name, words in plan.slots() if quote and quote in _plain(words.text)), None)
        if remark.level <= WEAK and place and place not in {e.part for e in found}:
            action: Action = "remove" if place.startswith("idea ") else "replace"  # nobody writes an idea again
            why = f"{remark.criterion} is {remark.level:.0f} of 5 at {remark.evidence!r}: {remark.reason}"
            found.append(Edit(action=action, part=place, evidence=why, weight=round(5 - remark.level)))
    return found


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def _for_misconceptions(plan: LessonPlan, rehearsal: Rehearsal, tree: SkillTree) -> list[Edit]:
    found = []
    minutes = {r.misconception: r.minutes for r in plan.repairs}
    n = rehearsal.gain.n
    kept, freed = rehearsal.kept, rehearsal.freed
    taught = [r.misconception for r in plan.repairs if r.minutes]
    for f in rehearsal.failures:
        m = f.misconception
        if m is None:
            continue
        why = f"{f.students} of {n} students still answer {f.example_answer} to {f.example_problem.text!r}"
        if minutes.get(m, 0) < FULL and repair_for(tree, m, plan.skills, 1, 0, ()):
            more = FULL - minutes.get(m, 0)
            found.append(
                Edit(action="insert", part="misconception", target=m, minutes=more, evidence=why, weight=f.answers)
            )
        if m in minutes and f.skill == plan.skill and not any(wrong_answer(m, p) for p in plan.guided.problems[2:]):
            late = f"{why}, and few guided problems bring the mistake out"
            found.append(Edit(action="replace", part="guided practice", target=m, evidence=late, weight=f.answers // 2))
        if minutes.get(m) == 0 and taught and kept.get(taught[-1], 0) < kept.get(m, 0):
            why = f"{kept[m]} of {n} still hold it, {kept.get(taught[-1], 0)} the one that has the time"
            found.append(Edit(action="reorder", part="misconception", target=m, evidence=why, weight=f.answers))
    for r in plan.repairs:
        if r.minutes and not kept.get(r.misconception) and not freed.get(r.misconception):
            why = "no student of this class holds it"
            found.append(
                Edit(action="remove", part="misconception", target=r.misconception, minutes=r.minutes, evidence=why,
                     weight=r.minutes)
            )  # fmt: skip
    return found


def _for_practice(plan: LessonPlan, rehearsal: Rehearsal) -> list[Edit]:
    careless = sum(f.answers for f in rehearsal.failures if f.misconception is None and f.skill == plan.skill)
    if not careless:
        return []
    why = f"{careless} wrong answers on the test without a wrong idea behind them"
    return [
        Edit(action="insert", part="guided practice", target=plan.skill, minutes=3, evidence=why, weight=careless),
        Edit(action="insert", part="worked example", target=plan.skill, minutes=3, evidence=why, weight=careless // 2),
    ]


def _for_skills(plan: LessonPlan, rehearsal: Rehearsal) -> list[Edit]:
    found = []
    for skill in plan.skills[:-1]:
        gain = rehearsal.by_skill[skill]
        reviews = [e for e in plan.explanations if e.skill == skill]
        if gain.post < 0.6:
            why, weight = f"only {gain.post:.0%} right after the lesson", round(gain.n * (1 - gain.post))
            found.append(
                Edit(action="insert", part="explanation", target=skill, minutes=3, evidence=why, weight=weight)
            )
        elif gain.pre >= 0.9 and len(reviews) > 1:
            why = f"{gain.pre:.0%} right before the lesson"
            found.append(
                Edit(action="remove", part="explanation", target=skill, minutes=reviews[0].minutes, evidence=why,
                     weight=reviews[0].minutes)
            )  # fmt: skip
    return found


def apply_edit(
    plan: LessonPlan, edit: Edit, tree: SkillTree, seed: int, avoid: Sequence[Problem]
) -> tuple[LessonPlan, frozenset[str]]:
    """The edited plan, and the names of the slots that want words.

    Args:
        plan: The plan.
        edit: One of `possible_edits`, `blind_edits` or `text_edits`.
        tree: The skill tree.
        seed: Seed of new problems.
        avoid: Test items.
    """
    new = plan.model_copy(deep=True)
    before = {name for name, _ in new.slots()}
    used = [*avoid, *new.problems()]
    match edit.action, edit.part:
        case "insert", "misconception":
            _take(new, edit.minutes, keep="repair")
            known = [r for r in new.repairs if r.misconception == edit.target]
            if known:
                known[0].minutes += edit.minutes
            else:
                new.repairs += repair_for(tree, edit.target, new.skills, edit.minutes, seed, used)
        case "insert", "guided practice":
            _take(new, edit.minutes, keep="guided")
            new.guided.minutes += edit.minutes
            new.guided.problems += problems(edit.target, 2, seed, 2, avoid=used)
        case "insert", "worked example":
            _take(new, edit.minutes, keep="example")
            fresh = problems(edit.target, 1, seed, 2, avoid=used) or problems(edit.target, 1, seed, 2)
            new.worked_examples += [narrate_example(p, edit.minutes) for p in fresh]
        case "insert", "explanation":
            _take(new, edit.minutes, keep="explanation")
            new.explanations.insert(0, explain(tree, edit.target, edit.minutes))
        case "replace", "guided practice":
            showing = [p for p in problems(new.skill, 24, seed, 2, avoid=used) if wrong_answer(edit.target, p)]
            place = 2 if len(new.guided.problems) > 2 else 0  # the first ones carry the hints
            room = new.guided.problems[place:]
            new.guided.problems[place:] = [*showing[: len(room)], *room[len(showing) :]]
        case "remove", "misconception":
            [gone] = [r for r in new.repairs if r.misconception == edit.target]
            new.repairs.remove(gone)
            new.guided.minutes += gone.minutes
        case "remove", "explanation":
            gone_text = next(e for e in new.explanations if e.skill == edit.target)
            new.explanations.remove(gone_text)
            new.guided.minutes += gone_text.minutes
        case "reorder", "misconception":
            _promote(new, edit.target)
        case "remove", idea if idea.startswith("idea "):
            del new.ideas[int(idea.removeprefix("idea ")) - 1]
        case "replace", slot:
            return new, frozenset({slot})
    return new, frozenset(name for name, _ in new.slots() if name not in before)


def _promote(plan: LessonPlan, misconception: str) -> None:
    """Teach a misconception first, with the minutes of the last one that is taught."""
    first = next(r for r in plan.repairs if r.misconception == misconception)
    last = [r for r in plan.repairs if r.minutes][-1]
    first.minutes, last.minutes = last.minutes, first.minutes
    plan.repairs.remove(first)
    plan.repairs.insert(0, first)


Timed = Practice | Independent | Explanation | WorkedExample


def _parts(plan: LessonPlan) -> list[tuple[str, Timed]]:
    """Parts that can give minutes."""
    rows: list[tuple[str, Timed]] = [
        ("warm up", plan.warm_up),
        ("guided", plan.guided),
        ("independent", plan.independent),
    ]
    rows += [("explanation", e) for e in plan.explanations] + [("example", w) for w in plan.worked_examples]
    return rows


def _spare(plan: LessonPlan) -> int:
    return sum(max(0, part.minutes - LEAST) for _, part in _parts(plan))


def _take(plan: LessonPlan, minutes: int, keep: str) -> None:
    """Take minutes one by one from the longest part, sparing the kind that is to grow while others can give."""
    for _ in range(minutes):
        rows = _parts(plan)
        givers = [p for kind, p in rows if kind != keep and p.minutes > LEAST] or [
            p for _, p in rows if p.minutes > LEAST
        ]
        longest = max(givers, key=lambda p: p.minutes)
        longest.minutes -= 1
