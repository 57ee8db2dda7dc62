"""What a lesson's pages say of its sources: what nothing supports, what became of questions, what is false in them."""

from classwright.classroom.free_checks import agreement
from classwright.classroom.plan import LessonPlan
from classwright.classroom.support import support


def notices(plan: LessonPlan) -> list[tuple[str, list[str]]]:
    """The warnings of a plan about its sources: a heading with its lines, without the headings that have none."""
    said = support(plan)
    found = [
        ("No source says this. Check it before you teach it:", said.claims),
        ("Questions that code does not trust:", said.questions),
        ("False in the source:", said.faults),
    ]
    return [(heading, lines) for heading, lines in found if lines]


def settled(plan: LessonPlan) -> str:
    """How the answers of a plan that code cannot check were settled, in a sentence."""
    a = agreement(plan)
    agreed = a.by_code + a.by_opinion
    parts = [f"Two independent solutions agree on {agreed} of {sum(a)} answers"]
    parts += [f"{a.by_opinion} of these agree in a model's opinion only"] if a.by_opinion else []
    parts += [f"{a.by_teacher} {'is' if a.by_teacher == 1 else 'are'} the teacher's"] if a.by_teacher else []
    return "; ".join(parts) + "."
