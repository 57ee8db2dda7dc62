"""The rows of one round of a skill-targeted loop: chosen from the pool, or made for the missing skills."""

from collections.abc import Callable, Sequence
from random import Random

from classwright.distill.examine import Marked
from classwright.distill.families import operands
from classwright.distill.loop_policy import Policy, State, open_ended, skill_list, skill_tree
from classwright.distill.loop_settings import LoopArm, LoopSettings
from classwright.distill.profile import Standing, profile
from classwright.distill.rationales import Rationales, row
from classwright.distill.reweight import Made, nearest, select, skill_weights, synthesize
from classwright.distill.rows import Row
from classwright.errors import InputError
from classwright.skilltree.bank import problem
from classwright.skilltree.expression import evaluate
from classwright.skilltree.grading import same_answer
from classwright.skilltree.tree import SkillTree


def round_rows(
    settings: LoopSettings,
    tree: SkillTree,
    made: Rationales,
    answers: Sequence[Marked],
    arm: LoopArm,
    size: Callable[[Row], int],
    seed: int,
    number: int,
) -> list[Row]:
    """The rows of a round: of the pool, or new ones; as many tokens whatever the arm."""
    found, pool, draw = profile(answers), made.train, 1000 * seed + number
    if arm == "syn":
        new = _synthesized(settings, tree, made, answers, found, size, draw)
        return select(new, "random", settings.tokens, size, seed=draw, most=1)
    if arm == "nearest":
        asked = {item.id: item.messages[-1].content for item in made.exam}
        failed = [asked[a.id] for a in answers if a.right is not True]
        if failed:
            return select(pool, "nearest", settings.tokens, size, nearness=_near(pool, failed), seed=draw)
        arm = "random"
    return select(pool, arm, settings.tokens, size, shares=skill_weights(found), seed=draw)


def _near(pool: Sequence[Row], failed: Sequence[str]) -> dict[str, float]:
    from classwright.models.embeddings import WordEmbedder

    return nearest(pool, failed, WordEmbedder().embed_now)


def _synthesized(
    settings: LoopSettings,
    tree: SkillTree,
    made: Rationales,
    answers: Sequence[Marked],
    found: Sequence[Standing],
    size: Callable[[Row], int],
    draw: int,
) -> list[Row]:
    """New rows of the bank where the policy wants them, more than enough for the tokens."""
    smallest = min(map(size, made.train))
    budget = settings.tokens // smallest + len(settings.skills)
    state = State(draw, answers, found, settings.skills, budget, draw)
    plan = _policy(settings, tree)(state)
    wanted = dict(plan.skills)
    skill_of = {item.id: item.skill for item in made.exam}
    for failed, n in plan.like.items():  # the bank makes rows like an item by making rows of its skill
        wanted[skill_of[failed]] = wanted.get(skill_of[failed], 0) + n
    wanted = wanted or dict.fromkeys(settings.skills, budget // len(settings.skills) + 1)
    exam = {item.messages[-1].content for item in made.exam}
    worked: dict[str, str] = {}

    def make(skill: str, n: int) -> Made | None:
        rng = Random(f"syn/{draw}/{skill}/{n}")
        p = problem(skill, rng.randrange(2**31), rng.choice(settings.levels), None)
        new = row(p)
        if new.messages[-2].content in exam or not operands(p):
            return None
        worked[new.id] = p.expression
        return Made(new, p.answer)

    def solve(made: Made) -> list[str | None]:
        try:
            return [evaluate(worked[made.row.id])]
        except InputError:
            return [None]

    return synthesize(wanted, make, solve, agree=1, same=same_answer).rows


def _policy(settings: LoopSettings, tree: SkillTree) -> Policy:
    if settings.environment == "skill-tree":
        return skill_tree(tree, known=settings.skills)
    return open_ended if settings.environment == "open-ended" else skill_list
