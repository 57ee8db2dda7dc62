"""Lessons for the tests of the formats: drafted from the tree, without any model."""

from functools import cache

from classwright.classroom.audience import assemble
from classwright.classroom.draft import draft_plan
from classwright.classroom.gain import Gain
from classwright.classroom.plan import Idea, LessonPlan, Passage, Words
from classwright.classroom.rehearsal import Rehearsal
from classwright.classroom.verify import verify
from classwright.graphs.lesson_result import LessonResult
from classwright.skilltree.sampling import sample_class
from classwright.skilltree.tree import default_tree

GOAL = "fractions.add_unlike"
ODD = (
    "polynomials.quadratic_formula",  # powers, roots, sets of solutions
    "equations.inequality_write",  # relations
    "integers.absolute_value",  # bars
    "statistics.line_plot",  # several lines, mixed numbers
    "geometry.coordinate_quadrants",  # points
    "geometry.angle_types",  # words to choose from
    "fractions.compare_same",  # signs to choose from
    "counting.count_objects",  # shapes
    "geometry.circumference",  # pi
    "functions.slope_two_points",
)
IDEA = "Unlike denominators are like coins of two countries: 1/2 and 1/3 must be changed first. [S1]"
PASSAGE = "To add 1/2 and 1/3 we cut both into sixths."
CLAIM = "closing: fractions were invented in Egypt"


@cache
def plan(skill: str = GOAL) -> LessonPlan:
    tree = default_tree()
    audience = assemble(sample_class(6, 7, tree, skill), skill, tree)
    return draft_plan(tree, audience, 90, "balanced", 7, "baking")


@cache
def rich() -> LessonPlan:
    """With everything that a model or a source may add."""
    return plan().model_copy(
        update={
            "ideas": [
                Idea(kind="analogy", skill=GOAL, place="explanation", text=Words(text=IDEA)),
                Idea(kind="activity", skill=GOAL, place="recess", text=Words(text="Fold two strips of paper.")),
            ],
            "passages": [Passage(id="S1", source="notes.pdf, page 3", text=PASSAGE)],
            "unsupported": [CLAIM],
        }
    )


def lesson(skill: str = GOAL, *, rehearsed: bool = False) -> LessonResult:
    chosen = rich() if skill == GOAL else plan(skill)
    rehearsal = None
    if rehearsed:
        gain = Gain(mean=0.5, low=0.4, high=0.6, n=2, pre=0.4, post=0.87)
        rehearsal = Rehearsal(
            gain=gain, by_skill={skill: gain}, freed={}, kept={}, failures=[],
            scores=[("otter-3f2a", 0.4, 0.7), ("otter-3f2a", 0.5, 0.9), ("panda-96ee", 0.3, 1.0)],
        )  # fmt: skip
    return LessonResult(plan=chosen, checks=verify(chosen, default_tree()), rehearsal=rehearsal)
