"""Typed edits of a plan, each proposed because of what happened in its rehearsal.

Code knows which edits are possible and what they cost in minutes; the optimizer chooses among them; the next rehearsal
decides whether the choice was good.
"""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel

from classwright.classroom.draft import explain, narrate_example, repair_for
from classwright.classroom.plan import Explanation, Independent, LessonPlan, Practice, WorkedExample
from classwright.classroom.rehearsal import Rehearsal
from classwright.skilltree.bank import problems
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree

Kind = Literal["teach misconception", "add practice", "add example", "review prerequisite"]
LEAST = 2
"""Minutes that every part keeps."""


class Edit(BaseModel):
    """One change of a plan.

    Attributes:
        kind: What is done.
        target: The misconception or skill it is about.
        minutes: Minutes it takes, from the parts that have most to spare.
        evidence: What in the rehearsal asks for it.
        weight: Wrong answers that it answers; code tries the weightiest first where no model chooses.
    """

    kind: Kind
    target: str
    minutes: int
    evidence: str
    weight: int

    def describe(self, tree: SkillTree) -> str:
        """The edit in a sentence."""
        what = {
            "teach misconception": "Answer this mistake with the whole class: a learner ",
            "add practice": "Give more guided practice in ",
            "add example": "Show one more worked example of ",
            "review prerequisite": "Review the prerequisite ",
        }[self.kind]
        name = tree.misconception(self.target).name if self.kind == "teach misconception" else tree[self.target].name
        return f"{what}{name} ({self.minutes} minutes). Evidence: {self.evidence}"


def possible_edits(plan: LessonPlan, rehearsal: Rehearsal, tree: SkillTree) -> list[Edit]:
    """The edits that the rehearsal asks for and the minutes allow, weightiest first."""
    found: list[Edit] = []
    taught = {r.misconception: r.minutes for r in plan.repairs}
    n = rehearsal.gain.n
    careless = 0
    for f in rehearsal.failures:
        if f.misconception is None:
            careless += f.answers if f.skill == plan.skill else 0
        elif taught.get(f.misconception, 0) < 4 and repair_for(tree, f.misconception, plan.skills, 1, 0, ()):
            why = f"{f.students} of {n} students still answer {f.example_answer} to {f.example_problem.text!r}"
            minutes = 4 - taught.get(f.misconception, 0)
            found.append(
                Edit(
                    kind="teach misconception", target=f.misconception, minutes=minutes, evidence=why, weight=f.answers
                )
            )
    if careless:
        why = f"{careless} wrong answers on the test without a wrong idea behind them"
        found.append(Edit(kind="add practice", target=plan.skill, minutes=3, evidence=why, weight=careless))
        found.append(Edit(kind="add example", target=plan.skill, minutes=3, evidence=why, weight=careless // 2))
    for skill in plan.skills[:-1]:
        gain = rehearsal.by_skill[skill]
        if gain.post < 0.6:
            why = f"only {gain.post:.0%} right on {tree[skill].name} after the lesson"
            found.append(
                Edit(
                    kind="review prerequisite",
                    target=skill,
                    minutes=3,
                    evidence=why,
                    weight=round(gain.n * (1 - gain.post)),
                )
            )
    return sorted((e for e in found if _spare(plan) >= e.minutes), key=lambda e: (-e.weight, e.kind, e.target))


def apply_edit(
    plan: LessonPlan, edit: Edit, tree: SkillTree, seed: int, avoid: Sequence[Problem]
) -> tuple[LessonPlan, frozenset[str]]:
    """A copy of the plan with the edit done, and the names of the slots that are new and want words.

    Args:
        plan: The plan.
        edit: One of `possible_edits`.
        tree: The skill tree.
        seed: Seed of new problems.
        avoid: Test items.
    """
    new = plan.model_copy(deep=True)
    before = {name for name, _ in new.slots()}
    used = [*avoid, *new.problems()]
    match edit.kind:
        case "teach misconception":
            _take(new, edit.minutes, keep="repair")
            known = [r for r in new.repairs if r.misconception == edit.target]
            if known:
                known[0].minutes += edit.minutes
            else:
                new.repairs += repair_for(tree, edit.target, new.skills, edit.minutes, seed, used)
        case "add practice":
            _take(new, edit.minutes, keep="guided")
            new.guided.minutes += edit.minutes
            new.guided.problems += problems(edit.target, 2, seed, 2, avoid=used)
        case "add example":
            _take(new, edit.minutes, keep="example")
            fresh = problems(edit.target, 1, seed, 2, avoid=used) or problems(edit.target, 1, seed, 2)
            new.worked_examples += [narrate_example(p, edit.minutes) for p in fresh]
        case "review prerequisite":
            _take(new, edit.minutes, keep="explanation")
            new.explanations.insert(0, explain(tree, edit.target, edit.minutes))
    return new, frozenset(name for name, _ in new.slots() if name not in before)


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
