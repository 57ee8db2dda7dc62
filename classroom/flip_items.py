"""The items of the selective flip score: a wrong answer from each misconception, and what a tutor may say to it.

Targeted feedback is the misconception's own diagnostic question with its repair; misaligned feedback is that of another
one which a tutor could plausibly suspect; generic feedback only says that the answer is wrong (arXiv 2605.12748).
"""

from collections.abc import Collection
from typing import NamedTuple

from classwright.classroom.chance import chance
from classwright.classroom.flips import Feedback
from classwright.classroom.graded import grade
from classwright.classroom.leak import leaks
from classwright.skilltree.bank import generator_ids, problem, rule_ids, wrong_answer
from classwright.skilltree.problem import Problem
from classwright.skilltree.skill import Misconception
from classwright.skilltree.tree import SkillTree

DRAWS = 90
"""Problems that are drawn at most for a misconception: the rarest rule applies to every third of its best level."""
GENERIC = "That is wrong. Try again."
LEVELS = (2, 1, 3)


class FlipItem(NamedTuple):
    """One item.

    Attributes:
        misconception: Whose buggy rule gives the wrong answer.
        problem: A problem that it applies to.
        wrong: The wrong answer.
        says: How a learner explains it.
        other: The misconception that misaligned feedback is about.
        neighbor: Whether `other` is one of another skill, as the skill has no second one.
        feedback: Kind of feedback -> the tutor's words, none of which gives the answer away.
    """

    misconception: str
    problem: Problem
    wrong: str
    says: str
    other: str
    neighbor: bool
    feedback: dict[Feedback, str]

    def about(self, kind: Feedback) -> str | None:
        """The misconception that a kind of feedback is about."""
        return {"targeted": self.misconception, "misaligned": self.other, "generic": None}[kind]


def flip_items(tree: SkillTree, n: int, seed: int, skills: Collection[str] = ()) -> list[FlipItem]:
    """Items for `n` misconceptions, spread over the strands by chance, each once; 0 for all that an item exists for.

    Args:
        tree: Skills and misconceptions.
        n: How many; fewer come back only where the tree has no more.
        seed: Draws them.
        skills: Misconceptions of these alone, and problems of theirs; empty for all.
    """
    order = sorted(tree.misconceptions, key=lambda m: chance(seed, "flip item", m))
    found: list[FlipItem] = []
    for name in order:
        of = tree.misconception(name)
        mine = tuple(s for s in of.skills if s in skills) if skills else of.skills
        if mine and (item := flip_item(of.model_copy(update={"skills": mine}), tree, seed)):
            found.append(item)
            if len(found) == n:
                break
    return found


def flip_item(misconception: Misconception, tree: SkillTree, seed: int) -> FlipItem | None:
    """An item for a misconception; None where it has no rule, or no drawn problem will do."""
    if misconception.id not in rule_ids():
        return None
    skills = [s for s in misconception.skills if s in tree and s in generator_ids()]
    for draw in range(DRAWS if skills else 0):
        number = int(chance(seed, "flip problem", misconception.id, draw) * 2**31)
        drawn = problem(skills[draw % len(skills)], number, LEVELS[draw * len(LEVELS) // DRAWS])
        wrong = wrong_answer(misconception.id, drawn)
        if wrong is None or grade(f"I got {wrong}.", drawn).result != "wrong":
            continue
        other, neighbor = _other(misconception, wrong, drawn, tree, seed)
        feedback: dict[Feedback, str] = {
            "targeted": answering(misconception), "misaligned": answering(other), "generic": GENERIC,
        }  # fmt: skip
        if not any(leaks(text, drawn) for text in feedback.values()):
            return FlipItem(misconception.id, drawn, wrong, misconception.says, other.id, neighbor, feedback)
    return None


def answering(misconception: Misconception) -> str:
    """A tutor's words that answer a misconception."""
    return f"{misconception.question} {misconception.repair}"


def _other(held: Misconception, wrong: str, drawn: Problem, tree: SkillTree, seed: int) -> tuple[Misconception, bool]:
    """Another misconception of the skill, best one that shows in this problem; else one of the nearest skills."""
    others = [m for m in tree.misconceptions_of(drawn.skill) if m.id != held.id]
    others.sort(key=lambda m: chance(seed, "other", held.id, m.id))
    shows = [m for m in others if m.id in rule_ids() and wrong_answer(m.id, drawn) not in (None, wrong)]
    if shows or others:
        return (shows or others)[0], False
    place = list(tree.skills)
    here = place.index(drawn.skill)
    near = {*tree.prerequisites(drawn.skill), *tree.dependents(drawn.skill)}
    strand = drawn.skill.split(".")[0]
    # A neighbor in the graph first, then the same strand, then whatever stands nearest in the teaching order.
    ranked = sorted(
        (s for s in place if s != drawn.skill),
        key=lambda s: (s not in near, s.split(".")[0] != strand, abs(place.index(s) - here)),
    )
    return next(m for s in ranked for m in tree.misconceptions_of(s) if drawn.skill not in m.skills), True
