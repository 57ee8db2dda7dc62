from classwright.classroom.graded import grade
from classwright.skilltree import grading
from classwright.skilltree.bank import problem


def test_the_verdict_is_that_of_grading_and_belongs_to_its_question():
    one, other = problem("fractions.add_unlike", 1), problem("fractions.add_unlike", 2)
    for text in (f"I got {one.answer}.", f"I got {other.answer}.", "no idea"):
        for p in (one, other, one, other):
            assert grade(text, p) == grading.grade(text, p)
