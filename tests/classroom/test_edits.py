import pytest

from classwright.classroom.audience import assemble, students
from classwright.classroom.draft import draft_plan
from classwright.classroom.edits import Remark, apply_edit, blind_edits, possible_edits, text_edits
from classwright.classroom.learning import LearningModel
from classwright.classroom.plan import Idea, Words
from classwright.classroom.rehearsal import make_exam, rehearse
from classwright.classroom.verify import verify
from classwright.skilltree.learner import Learner
from classwright.skilltree.tree import default_tree

GOAL = "fractions.add_unlike"
TREE = default_tree()


def klass(*held, mastery=0.55, n=6):
    people = [
        Learner(
            pseudonym=f"L{i}",
            grade=5,
            misconceptions=held,
            mastery=dict.fromkeys(TREE.ancestors(GOAL), 0.9) | {GOAL: mastery},
        )
        for i in range(n)
    ]
    return assemble(people, GOAL, TREE)


def rehearsed(audience, approach="balanced", known=None):
    exam = make_exam([*audience.missing, GOAL], 3)
    plan = draft_plan(TREE, known or audience, 45, approach, 3, None, [*exam.before, *exam.after])
    return plan, rehearse(plan, students(audience, TREE, 3, LearningModel()), exam, 3), exam


def wrong_idea():
    return TREE.misconceptions_of(GOAL)[0].id


def unknown_to_the_plan(held):
    """A class that holds a misconception which the draft does not teach."""
    audience = klass(held)
    plan, _rehearsal, exam = rehearsed(audience)
    plan.repairs = [r for r in plan.repairs if r.misconception != held]
    plan.guided.minutes += 45 - sum(m for _, m in plan.timetable())
    return plan, rehearse(plan, students(audience, TREE, 3, LearningModel()), exam, 3), exam


def test_a_mistake_that_students_still_make_asks_to_be_taught():
    held = wrong_idea()
    plan, rehearsal, exam = unknown_to_the_plan(held)
    first = possible_edits(plan, rehearsal, TREE)[0]
    assert (first.action, first.part, first.target) == ("insert", "misconception", held)
    assert "students still answer" in first.evidence
    new, slots = apply_edit(plan, first, TREE, 3, [*exam.before, *exam.after])
    assert held in {r.misconception for r in new.repairs}
    assert slots == frozenset()
    assert verify(new, TREE, [*exam.before, *exam.after]).passed


def test_what_nobody_holds_may_go():
    plan, rehearsal, exam = rehearsed(klass(mastery=0.5))
    gone = [e for e in possible_edits(plan, rehearsal, TREE) if e.action == "remove"]
    assert gone
    assert gone[0].evidence == "no student of this class holds it"
    new, _ = apply_edit(plan, gone[0], TREE, 3, [*exam.before, *exam.after])
    assert gone[0].target not in {r.misconception for r in new.repairs}
    assert new.guided.minutes == plan.guided.minutes + gone[0].minutes
    assert verify(new, TREE, [*exam.before, *exam.after]).passed


def test_the_more_frequent_mistake_is_taught_first():
    first, second = (m.id for m in TREE.misconceptions_of(GOAL)[:2])
    plan, _, exam = rehearsed(klass(first, second))
    taught = [r.misconception for r in plan.repairs if r.minutes]
    waiting = next(r.misconception for r in plan.repairs if not r.minutes)
    audience = klass(waiting)
    rehearsal = rehearse(plan, students(audience, TREE, 3, LearningModel()), exam, 3)
    [edit] = [e for e in possible_edits(plan, rehearsal, TREE) if e.action == "reorder"]
    assert edit.target == waiting
    new, _ = apply_edit(plan, edit, TREE, 3, [*exam.before, *exam.after])
    assert new.repairs[0].misconception == waiting
    assert new.repairs[0].minutes > 0
    assert {r.misconception for r in new.repairs if not r.minutes} & set(taught)
    assert verify(new, TREE, [*exam.before, *exam.after]).passed


def test_every_edit_keeps_a_plan_whole():
    held = [m.id for m in TREE.misconceptions_of(GOAL)[:3]]
    audience = klass(*held, mastery=0.3)
    for approach in ("balanced", "practice", "misconceptions", "examples"):
        plan, rehearsal, exam = rehearsed(audience, approach)
        edits = [*possible_edits(plan, rehearsal, TREE), *blind_edits(plan, TREE)]
        assert edits
        for edit in edits:
            new, _ = apply_edit(plan, edit, TREE, 3, [*exam.before, *exam.after])
            assert verify(new, TREE, [*exam.before, *exam.after]).passed, edit.describe(TREE)
            assert new != plan


@pytest.mark.parametrize(("level", "asked"), [(2.0, True), (4.0, False)])
def test_a_judges_low_level_asks_for_the_text_it_quotes(level, asked):
    plan, _, _ = rehearsed(klass())
    quote = " ".join(plan.closing.text.split()[2:8]).upper()
    edits = text_edits(
        plan, [Remark("depth", level, quote, "only steps"), Remark("clarity", 1.0, "not in the plan", "x")]
    )
    assert [e.part for e in edits] == (["closing"] if asked else [])
    if asked:
        assert "depth is 2 of 5" in edits[0].evidence
        same, slots = apply_edit(plan, edits[0], TREE, 3, [])
        assert slots == {"closing"}
        assert same == plan


def test_a_judges_low_level_for_an_idea_asks_to_leave_it_out():
    plan, _, _ = rehearsed(klass())
    one, two = (
        Idea(kind="question", skill=GOAL, place="explanation", text=Words(text=f"Why are {n} strips of equal length?"))
        for n in ("two", "three")
    )
    plan.ideas = [one, two]
    [edit] = text_edits(plan, [Remark("clarity", 1.0, "are two strips of equal", "it leads nowhere")])
    assert edit.describe(TREE).startswith("Leave out the idea 1. Evidence: clarity is 1 of 5")
    new, slots = apply_edit(plan, edit, TREE, 3, [])
    assert (new.ideas, slots) == ([two], frozenset())
