"""Whom a lesson is for: what the learners know, what they miss, and who needs the same thing."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median

from classwright.classroom.chance import chance
from classwright.classroom.learning import LearningModel
from classwright.classroom.plan import Tier
from classwright.classroom.student import KnowledgeStudent
from classwright.errors import InputError
from classwright.skilltree.learner import Learner
from classwright.skilltree.tree import SkillTree

MISSING = 0.6
"""Mean mastery under which a prerequisite is reviewed in the lesson."""
REHEARSAL_SIZE = 24
"""A smaller group is rehearsed several times over, so that the gain rests on at least so many simulated students."""


@dataclass(frozen=True)
class Audience:
    """The learners of one lesson.

    Attributes:
        learners: Public records, no names.
        mastery: One mapping per learner: skill -> expected mastery, for the goal and all it rests on.
        missing: Prerequisites to review first, in teaching order.
        misconceptions: Misconceptions of the goal and reviewed skills that are held, most frequent first, with shares.
    """

    learners: tuple[Learner, ...]
    goal: str
    mastery: tuple[dict[str, float], ...]
    missing: tuple[str, ...]
    misconceptions: tuple[tuple[str, float], ...]

    @property
    def grade(self) -> int:
        """The middle grade of the learners."""
        return round(median(x.grade for x in self.learners))

    @property
    def reading_level(self) -> float:
        """The grade whose texts the weaker readers of the group can read."""
        levels = sorted(x.reading_level if x.reading_level is not None else x.grade for x in self.learners)
        return levels[len(levels) // 4]

    def interests(self) -> list[str]:
        """Interests, most frequent first."""
        return [i for i, _ in Counter(i for x in self.learners for i in x.interests).most_common()]


def expected_mastery(learner: Learner, skill: str, tree: SkillTree) -> float:
    """What to expect of a skill: the profile's figure, else by grade.

    Skills of earlier grades .85, of the learner's own grade .65 (about what learners show before practice, Koedinger
    et al. 2023), of later grades .3; a held misconception of the skill brings it down to .4.
    """
    if skill in learner.mastery:
        return learner.mastery[skill]
    grade = tree[skill].grade
    base = 0.65 if grade is None or grade == learner.grade else 0.85 if grade < learner.grade else 0.3
    held = any(skill in tree.misconception(m).skills for m in learner.misconceptions)
    return min(base, 0.4) if held else base


def assemble(learners: Sequence[Learner], goal: str, tree: SkillTree) -> Audience:
    """The audience of a lesson on a goal.

    Raises:
        InputError: no learners, or an unknown goal.
    """
    if not learners:
        raise InputError("the class is empty: a lesson needs at least one learner")
    around = [*sorted(tree.ancestors(goal)), goal]
    mastery = tuple({s: expected_mastery(x, s, tree) for s in around} for x in learners)
    average = {s: mean(m[s] for m in mastery) for s in around}
    missing = tuple(s for s in tree.path(goal, average, threshold=MISSING) if s != goal and average[s] < MISSING)
    taught = {goal, *missing}
    held = Counter(m for x in learners for m in x.misconceptions if taught & set(tree.misconception(m).skills))
    shares = tuple((m, n / len(learners)) for m, n in sorted(held.items(), key=lambda row: (-row[1], row[0])))
    return Audience(tuple(learners), goal, mastery, missing, shares)


def students(audience: Audience, tree: SkillTree, seed: int, model: LearningModel) -> list[KnowledgeStudent]:
    """The simulated class: every learner, several times with different luck in a small group."""
    lives = max(1, -(-REHEARSAL_SIZE // len(audience.learners)))
    return [
        KnowledgeStudent(
            pseudonym=learner.pseudonym,
            seed=int(chance(seed, learner.pseudonym, life) * 2**53),
            mastery=dict(mastery),
            held=set(learner.misconceptions),
            tree=tree,
            model=model,
        )
        for learner, mastery in zip(audience.learners, audience.mastery, strict=True)
        for life in range(lives)
    ]


def groups(audience: Audience, tree: SkillTree) -> list[tuple[Tier, tuple[str, ...], str]]:
    """Who practices in which tier and why: (tier, pseudonyms, reason), only tiers that have learners."""
    members: dict[Tier, list[str]] = {"support": [], "core": [], "stretch": []}
    reasons: dict[Tier, Counter[str]] = {"support": Counter(), "core": Counter(), "stretch": Counter()}
    for learner, mastery in zip(audience.learners, audience.mastery, strict=True):
        tier = _tier(mastery, audience.goal, tree)
        members[tier].append(learner.pseudonym)
        weak = [s for s in tree.prerequisites(audience.goal) if mastery[s] < MISSING]
        if weak:
            reasons[tier].update(f"not yet secure in {tree[s].name}" for s in weak)
        if tier == "support":
            held = [m for m in learner.misconceptions if audience.goal in tree.misconception(m).skills]
            reasons[tier].update(tree.misconception(m).name for m in held)
    plain = {
        "support": "have not shown this skill yet",
        "core": "have the prerequisites and partly know the skill",
        "stretch": "know the skill well already",
    }
    return [
        (tier, tuple(who), "; ".join(r for r, _ in reasons[tier].most_common(2)) or plain[tier])
        for tier, who in members.items()
        if who
    ]


def stuck_on(audience: Audience, who: Collection[str], tree: SkillTree) -> str | None:
    """The direct prerequisite in which most members of a group, at least half, are not secure; None where none is."""
    rows = [m for x, m in zip(audience.learners, audience.mastery, strict=True) if x.pseudonym in who]
    weak = Counter(s for m in rows for s in tree.prerequisites(audience.goal) if m[s] < MISSING)
    found = weak.most_common(1)
    return found[0][0] if found and 2 * found[0][1] >= len(rows) else None


def _tier(mastery: Mapping[str, float], goal: str, tree: SkillTree) -> Tier:
    if mastery[goal] < 0.5 or any(mastery[s] < 0.5 for s in tree.prerequisites(goal)):
        return "support"
    return "core" if mastery[goal] < 0.8 else "stretch"
