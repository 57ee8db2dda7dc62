"""Which dialogues a bulk run holds."""

import pytest

from classwright.classroom.dialogue import problem_from_text
from classwright.classroom.problem_record import FileProblem
from classwright.classroom.wrong_solution import WrongSolution
from classwright.errors import InputError
from classwright.graphs.dialogue_plan import DialogueRequest, Plan, draw_problem, draw_students
from classwright.skilltree.bank import wrong_answer
from classwright.skilltree.learner import Learner
from classwright.skilltree.tree import default_tree

SKILLS = ("fractions.add_unlike", "equations.two_step")
TREE = default_tree()


def plan(**more) -> Plan:
    return Plan(DialogueRequest(**({"skills": SKILLS, "n": 40, "students": 6} | more)), TREE)


def test_a_dialogue_is_a_function_of_the_request_and_its_number():
    one, other = plan(), plan()
    assert [other.spec(i) for i in reversed(range(40))] == [one.spec(i) for i in reversed(range(40))]
    assert one.spec(3) != plan(seed=1).spec(3)
    assert len({one.spec(i).id for i in range(40)}) == 40


def test_a_longer_run_begins_with_the_same_dialogues():
    longer, shorter = plan(n=400), plan()
    assert [longer.spec(i) for i in range(40)] == [shorter.spec(i) for i in range(40)]


def test_every_tutor_meets_the_same_cases():
    three, one = plan(tutors=("socratic", "tell", "next-step")), plan()
    assert len(three) == 120
    for case in range(40):
        specs = [three.spec(3 * case + place) for place in range(3)]
        assert [s.tutor for s in specs] == ["socratic", "tell", "next-step"]
        alike = [s.model_copy(update={"id": "", "tutor": "tell"}) for s in specs]
        assert alike[0] == alike[1] == alike[2]
        assert one.spec(case).problem == specs[0].problem


def test_skills_and_students_come_by_turns():
    p = plan()
    specs = [p.spec(i) for i in range(24)]
    assert [s.problem.skill for s in specs[:4]] == [*SKILLS, *SKILLS]
    assert len({s.learner.pseudonym for s in specs}) == 12  # six a skill
    assert len({s.problem.text for s in specs}) > 20


def test_a_sampled_student_holds_a_misconception_that_shows_on_its_problem():
    for skill in ("integers.divide", "decimals.place_value", "geometry.transformations"):
        p = plan(skills=(skill,))
        for i in range(40):
            spec = p.spec(i)
            assert spec.misconception in spec.learner.misconceptions
            assert wrong_answer(spec.misconception, spec.problem) not in (None, spec.problem.answer)


def test_students_at_a_place_do_not_depend_on_how_many_there_are():
    assert draw_students(20, 3, TREE, SKILLS[0])[:5] == draw_students(5, 3, TREE, SKILLS[0])


def test_a_student_without_misconceptions_gets_a_problem_and_none():
    learner = Learner(pseudonym="owl-1", grade=5, mastery={SKILLS[0]: 0.7})
    drawn, misconception = draw_problem(learner, SKILLS[0], TREE, 1)
    assert (drawn.skill, misconception) == (SKILLS[0], None)
    assert plan(learners=(learner,)).spec(0).learner == learner


def test_an_unknown_skill_or_nothing_at_all_is_refused():
    with pytest.raises(InputError, match="fractions.add_unlike"):
        plan(skills=("fractions.add_unlikely",))
    with pytest.raises(InputError, match="nothing to talk about"):
        plan(skills=())


def given(*wrong: str) -> FileProblem:
    problem = problem_from_text("a", "Tom has 12 pens and buys 2 packs of 5. How many pens has he?", "22",
                                ("2 * 5 = 10", "12 + 10 = 22"))  # fmt: skip
    return FileProblem(problem, tuple(WrongSolution(text=f"It is {w}.", answer=w) for w in wrong))


def of_file(*entries: FileProblem, **more) -> Plan:
    return Plan(DialogueRequest(problems="f.jsonl", n=12, students=3, **more), TREE, entries)


def test_wrong_solutions_of_a_file_come_by_turns():
    p = of_file(given("17", "19"))
    specs = [p.spec(i) for i in range(4)]
    assert [s.wrong_answer for s in specs] == ["17", "19", "17", "19"]
    assert specs[0].wrong_solution == "It is 17."
    assert {s.misconception for s in specs} == {None}
    assert all(not s.learner.misconceptions for s in specs)


def test_where_a_file_has_none_they_are_made_from_its_solution():
    p = of_file(given())
    specs = [p.spec(i) for i in range(12)]
    answers = {s.wrong_answer for s in specs}
    assert len(answers) >= 3
    assert answers.isdisjoint({"", "22"})
    assert all(s.wrong_answer in s.wrong_solution for s in specs)


def test_a_problem_that_nothing_wrong_can_be_made_of_leaves_it_to_the_student():
    bare = FileProblem(problem_from_text("b", "How many legs has a spider?", "8"))
    spec = of_file(bare).spec(0)
    assert (spec.wrong_answer, spec.wrong_solution) == ("", "")
