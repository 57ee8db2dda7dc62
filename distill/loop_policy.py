"""What to train next: policies of the skill-targeted loop, in three environments.

Khan et al. (2024, "DataEnvGym: Data Generation Agents in Teacher Environments with Student Feedback"): the state is
what the student's last exam shows, an action is a plan for data, an engine makes the data, the student is trained and
examined: the next state. The environments differ in what a plan is about:

- open-ended: failed questions, for each of which more like it are made;
- skill-list: skills, each with a number of rows;
- skill-tree: skills that are open, to which rows go (exploit), and new ones that are opened (explore).

There the tree grows by skills that a model names; here it is the house's own tree of prerequisites, and exploring opens
what lies below a missing skill before what lies above a mastered one. A policy is any function from State to Plan.
"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import NamedTuple, Protocol

from classwright.distill.exam_result import Answered
from classwright.distill.profile import Standing
from classwright.distill.reweight import skill_weights
from classwright.skilltree.tree import MASTERED, SkillTree


class State(NamedTuple):
    """What a policy sees.

    Attributes:
        round: From 0.
        answers: Of the last exam.
        standings: Its profile, the most surely missing skill first.
        open: Skills that have been trained or examined so far, in the order they were opened.
        budget: Rows that may be made in this round.
        seed: Of everything random in the plan.
    """

    round: int
    answers: Sequence[Answered]
    standings: Sequence[Standing]
    open: tuple[str, ...]
    budget: int
    seed: int


class Plan(NamedTuple):
    """What is to be made; its numbers sum to at most the budget.

    Attributes:
        skills: Skill -> rows.
        like: Id of a failed item -> rows like it.
        opened: Skills that are new in this plan.
        why: One sentence for the report.
    """

    skills: dict[str, int]
    like: dict[str, int]
    opened: tuple[str, ...]
    why: str


class Policy(Protocol):
    """Decides what is made next."""

    def __call__(self, state: State, /) -> Plan:
        """The plan; the same state gives the same plan."""
        ...


def allot(budget: int, weights: Mapping[str, float]) -> dict[str, int]:
    """A number of rows divided by weights, with largest remainders (Hamilton); ties go to the first name.

    Args:
        budget: Rows.
        weights: At least 0; names without weight get none and are left out.

    Returns:
        Name -> rows, in the order of `weights`, summing to the budget; {} where nothing has weight.
    """
    total = sum(weights.values())
    if total <= 0 or budget <= 0:
        return {}
    exact = {k: budget * w / total for k, w in weights.items()}
    given = {k: int(x) for k, x in exact.items()}
    for k in sorted(exact, key=lambda k: (given[k] - exact[k], k))[: budget - sum(given.values())]:
        given[k] += 1
    return {k: n for k, n in given.items() if n}


def open_ended(state: State) -> Plan:
    """Rows like the failed items, all failures alike; where there are more failures than rows, they are drawn."""
    failed = list(dict.fromkeys(a.id for a in state.answers if a.right is False))
    if len(failed) > state.budget:
        drawn = set(Random(f"open-ended/{state.seed}/{state.round}").sample(failed, state.budget))
        failed = [i for i in failed if i in drawn]
    like = allot(state.budget, dict.fromkeys(failed, 1.0))
    why = f"{len(failed)} failed items get rows like them" if like else "no item failed: nothing to make"
    return Plan({}, like, (), why)


def skill_list(state: State) -> Plan:
    """Rows for every examined skill by its error rate."""
    weights = {s.skill: s.missing for s in state.standings}
    skills = allot(state.budget, weights)
    why = f"{len(skills)} skills get rows by their error rates" if skills else "no item failed: nothing to make"
    return Plan(skills, {}, (), why)


def uniform(state: State) -> Plan:
    """The control: rows for all open skills alike, whatever the exam says."""
    return Plan(allot(state.budget, dict.fromkeys(state.open, 1.0)), {}, (), "all open skills get the same")


def skill_tree(
    tree: SkillTree, *, explore: float = 0.3, mastered: float = MASTERED, known: Sequence[str] = ()
) -> Policy:
    """The policy of the skill-tree environment.

    A part of the budget opens new skills: first prerequisites of missing skills (what is below may be the cause), then
    dependents of mastered ones all of whose prerequisites are open. The rest goes to open skills by error rate. Where
    one of the two finds nothing to do, the other gets all.

    Args:
        tree: The skills and their prerequisites.
        explore: Share of the budget for new skills, 0..1; one new skill per ten rows of it, at least one.
        mastered: Accuracy from which a skill counts as learned: the lower end of its interval must reach it; a skill is
            missing when the upper end stays below.
        known: Skills that problems can be made for; all of the tree unless given.

    Raises:
        ValueError: `explore` is out of range.
    """
    if not 0 <= explore <= 1:
        raise ValueError(f"explore {explore} must be 0..1")
    allowed = set(known) or set(tree)

    def plan(state: State) -> Plan:
        opened = set(state.open)
        causes = [
            p for s in state.standings if s.high < mastered and s.skill in tree for p in tree.prerequisites(s.skill)
        ]
        beyond = [
            d
            for s in state.standings
            if s.low >= mastered and s.skill in tree
            for d in tree.dependents(s.skill)
            if all(p in opened for p in tree.prerequisites(d))
        ]
        frontier = [k for k in dict.fromkeys([*causes, *beyond]) if k not in opened and k in allowed]
        weights = {k: w for k, w in skill_weights(state.standings).items() if k in opened and k in allowed}
        if not any(s.missing > 0 for s in state.standings):
            weights = {}
        share = round(explore * state.budget) if weights else state.budget
        new = frontier[: max(1, share // 10)] if share else []
        exploring = allot(share, dict.fromkeys(new, 1.0))
        exploiting = allot(state.budget - sum(exploring.values()), weights)
        skills = {k: exploring.get(k, 0) + exploiting.get(k, 0) for k in (*exploiting, *exploring)}
        why = f"{sum(exploring.values())} rows open {len(exploring)} skills, {sum(exploiting.values())} go to open ones"
        return Plan(skills, {}, tuple(exploring), why)

    return plan
