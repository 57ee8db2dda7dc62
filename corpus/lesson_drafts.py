"""Real lesson plans to write texts for: every skill, several classes and interests, drafted by the code of a lesson."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from classwright.classroom.audience import Audience, assemble
from classwright.classroom.draft import draft_plan
from classwright.classroom.plan import LessonPlan
from classwright.classroom.timetable import APPROACHES, need
from classwright.corpus.scene_words import INTERESTS, raises
from classwright.skilltree.learner import Learner
from classwright.skilltree.tree import SkillTree

LEARNERS = 8
WITHOUT_INTEREST = 0.2
"""Share of lessons that are about no interest."""


class Draft(NamedTuple):
    """A plan with whom it is for.

    Attributes:
        plan: Complete, with curated words.
        audience: Its class.
        interest: What its opening is about; None for nothing.
        name: Of the draft, "skill/number".
    """

    plan: LessonPlan
    audience: Audience
    interest: str | None
    name: str


def drafts(tree: SkillTree, *, seed: int, per_skill: int, skills: Sequence[str] = ()) -> Iterator[Draft]:
    """Plans of lessons, the same for the same seed; a skill's are the same whichever other skills are asked for.

    Args:
        tree: The skill tree.
        seed: Of classes, interests and problems.
        per_skill: Plans for each skill.
        skills: Which skills; empty for all of the tree.
    """
    for skill in skills or tree:
        rng = Random(f"{seed}/drafts/{skill}")
        # Interests with a scene for the skill come first: an opening must make sense to be worth learning from.
        liked = sorted(rng.sample(INTERESTS, len(INTERESTS)), key=lambda i: not raises(i, skill))
        for n in range(per_skill):
            interest = None if rng.random() < WITHOUT_INTEREST else liked[n % len(liked)]
            audience = _class(tree, skill, interest, rng)
            minutes = max(rng.choice((45, 50, 60)), need(audience.missing))
            approach = rng.choice(list(APPROACHES))
            plan = draft_plan(tree, audience, minutes, approach, rng.randrange(1_000_000), interest)
            yield Draft(plan, audience, interest, f"{skill}/{n}")


def _class(tree: SkillTree, skill: str, interest: str | None, rng: Random) -> Audience:
    """A class of the skill's grade or the next one: what its members know of the skill, and what they hold, varies."""
    grade = min(12, (tree[skill].grade or 0) + (rng.random() < 0.25))
    wrong = [m.id for m in tree.misconceptions_of(skill)]
    weak = rng.choice(tree.prerequisites(skill)) if tree.prerequisites(skill) and rng.random() < 0.4 else None
    learners = []
    for n in range(LEARNERS):
        known = {skill: rng.choice((0.25, 0.55, 0.6, 0.65, 0.85))}
        if weak:
            known[weak] = rng.choice((0.3, 0.45, 0.55, 0.75))
        learners.append(
            Learner(
                pseudonym=f"learner {n + 1}", grade=grade, interests=(interest,) if interest else (),
                mastery=known,
                misconceptions=tuple(rng.sample(wrong, int(bool(wrong) and rng.random() < 0.5))),
            )
        )  # fmt: skip
    return assemble(learners, skill, tree)
