"""A credible class around a goal skill, for when no real class is at hand.

Before practice learners get about 65 % of a skill's problems right, 55 % in the lower half and 75 % in the upper half
(Koedinger, Carvalho, Liu & McLaughlin, PNAS 2023; SPECS "How people learn"). So a sampled learner has an ability theta
and masters the goal at logit(0.65) + 0.58 theta, which has about these half means (a normal's half means lie 0.8
standard deviations from the middle). A prerequisite was taught before: it is easier by 0.35 log-odds for every step
below the goal, and mastery follows the prerequisites: a skill is held at most a little above the weakest it needs.
What that study does not say (how often misconceptions are held, how abilities and reading go with theta) is our choice.
"""

from collections.abc import Sequence
from math import exp, log
from random import Random

from classwright.errors import InputError
from classwright.skilltree.learner import ABILITIES, Learner, pseudonym
from classwright.skilltree.scenes import INTERESTS
from classwright.skilltree.tree import SkillTree

MEAN = 0.65
SPREAD = 0.58
"""Log-odds per standard deviation of ability: gives half means of about .55 and .75."""
EASIER_BELOW = 0.35
OWN_NOISE = 0.3
"""Standard deviation, in log-odds, of one skill around a learner's ability."""
LEEWAY = 0.08
"""How far mastery of a skill may exceed that of its weakest prerequisite."""


def sample_class(
    n: int,
    seed: int,
    tree: SkillTree,
    goal: str,
    *,
    misconception_rate: float = 0.3,
    interests: Sequence[str] = INTERESTS,
) -> list[Learner]:
    """A class of `n` learners of the goal's grade, the same for the same arguments.

    Args:
        n: Number of learners, at least 1.
        seed: Seed; a learner at a place does not depend on `n`.
        tree: The skill tree.
        goal: Id of the skill the class is about to learn.
        misconception_rate: Chance that a learner of middling ability holds a given misconception of the goal (a third
            of it for those of the prerequisites); weaker learners hold more.
        interests: What to draw interests from.

    Returns:
        Learners with mastery of the goal and everything below it, nothing about other skills.

    Raises:
        InputError: `n` below 1, or an unknown goal.
    """
    if n < 1:
        raise InputError(f"a class needs at least one learner, not {n}")
    about = [*tree.ancestors(goal), goal]
    steps = _steps_below(tree, goal)
    people: list[Learner] = []
    taken: set[str] = set()
    for place in range(n):
        learner = _sample(
            Random(f"class/{seed}/{goal}/{place}"), place, seed, tree, about, steps, misconception_rate, interests
        )
        if learner.pseudonym in taken:
            learner = learner.model_copy(update={"pseudonym": f"{learner.pseudonym}-{place + 1}"})
        taken.add(learner.pseudonym)
        people.append(learner)
    return people


def _sample(
    rng: Random,
    place: int,
    seed: int,
    tree: SkillTree,
    about: list[str],
    steps: dict[str, int],
    rate: float,
    interests: Sequence[str],
) -> Learner:
    goal = about[-1]
    theta = rng.gauss(0, 1)
    mastery: dict[str, float] = {}
    for skill in about:
        x = log(MEAN / (1 - MEAN)) + SPREAD * theta + EASIER_BELOW * steps[skill] + OWN_NOISE * rng.gauss(0, 1)
        own = 1 / (1 + exp(-x))
        weakest = min((mastery[before] for before in tree[skill].prerequisites if before in mastery), default=1.0)
        mastery[skill] = round(min(own, weakest + LEEWAY, 0.99), 2)
    held = []
    for skill in reversed(about):
        for misconception in tree.misconceptions_of(skill):
            chance = (rate if skill == goal else rate / 3) * exp(-0.5 * theta) * (1.6 - mastery[skill])
            drawn = rng.random()  # drawn for every skill, so that one more skill changes nothing before it
            if drawn < min(chance, 0.9) and misconception.id not in held:
                held.append(misconception.id)
    grade = tree[goal].grade
    grade = 5 if grade is None else grade
    abilities = {name: min(5, max(1, round(3 + 0.8 * theta + 0.6 * rng.gauss(0, 1)))) for name in ABILITIES}
    reading = round(max(0.0, grade + 0.8 * theta + 0.7 * rng.gauss(0, 1)), 1)
    record = {
        "grade": grade,
        "reading_level": reading,
        "interests": tuple(rng.sample(list(interests), min(2, len(interests)))),
        "misconceptions": tuple(held),
        "mastery": mastery,
        "abilities": abilities,
    }
    return Learner(pseudonym=pseudonym({**record, "sampled": f"{seed}/{goal}/{place}"}), **record)


def _steps_below(tree: SkillTree, goal: str) -> dict[str, int]:
    """How many prerequisite steps each skill lies below the goal, by the shortest way."""
    steps, layer = {goal: 0}, [goal]
    while layer:
        below = {before for skill in layer for before in tree[skill].prerequisites if before not in steps}
        steps |= dict.fromkeys(below, steps[layer[0]] + 1)
        layer = sorted(below)
    return steps
