from classwright.classroom.dialogue import problem_from_text
from classwright.classroom.isomorphic import isomorphic
from classwright.skilltree.bank import generator_ids, numbers, problem, wrong_answer
from tests.classroom.coded_talk import IDEA, ITEMS, PROBLEM


def test_they_are_like_the_problem_and_neither_it_nor_each_other():
    for n, skill in enumerate(sorted(generator_ids())[::8]):
        p = problem(skill, n, 2)
        alike = isomorphic(p, 4, 5)
        assert {(q.skill, q.level) for q in alike} <= {(p.skill, p.level)}
        items = [numbers(q) for q in (p, *alike)]
        assert len(items) == len(set(items))


def test_the_same_pattern_comes_first():
    for item in ITEMS[:20]:
        families = [q.family for q in isomorphic(item.problem, 4, 5)]
        own = [f == item.problem.family for f in families]
        assert own == sorted(own, reverse=True)


def test_a_misconception_shows_on_every_one():
    alike = isomorphic(PROBLEM, 6, 5, IDEA)
    assert len(alike) == 6
    assert all(wrong_answer(IDEA, q) for q in alike)


def test_the_same_seed_draws_the_same_and_none_are_drawn_where_there_are_none():
    assert isomorphic(PROBLEM, 4, 5) == isomorphic(PROBLEM, 4, 5) != isomorphic(PROBLEM, 4, 6)
    assert isomorphic(PROBLEM, 0, 5) == []
    assert isomorphic(problem_from_text("1", "What is 2 + 3?", "5"), 4, 5) == []
