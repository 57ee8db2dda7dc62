import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.classroom.audience import assemble, students
from classwright.classroom.course import (
    INTERVALS,
    REVIEW_MINUTES,
    SCHOOL_DAYS,
    choose_skills,
    class_after,
    due_reviews,
    most_reviews,
    review_problems,
    session_days,
    with_reviews,
)
from classwright.classroom.draft import draft_plan
from classwright.classroom.learning import LearningModel
from classwright.classroom.retention import Event, live, retention
from classwright.classroom.verify import verify
from classwright.errors import InputError
from classwright.skilltree.bank import numbers
from classwright.skilltree.learner import Learner
from classwright.skilltree.sampling import sample_class
from classwright.skilltree.tree import default_tree

TREE = default_tree()
GOAL = "fractions.add_unlike"
WAY = ["whole.multiply_facts", "fractions.equivalent", "fractions.add_like", GOAL]


@pytest.mark.parametrize(
    ("per_week", "days"), [(1, [0, 7]), (2, [0, 4, 7, 11]), (3, [0, 2, 4, 7, 9, 11]), (5, [*range(5), *range(7, 12)])]
)
def test_sessions_are_spread_over_the_school_week(per_week, days):
    assert session_days(2, per_week) == days
    assert all(day % 7 < SCHOOL_DAYS for day in days)


def everywhere(value: float) -> dict[str, float]:
    return dict.fromkeys([*TREE.ancestors(GOAL), GOAL], value)


def test_what_is_mastered_gets_no_lesson_and_the_goal_always_does():
    mastery = everywhere(0.9) | {"fractions.add_like": 0.5, GOAL: 0.95}
    assert choose_skills(TREE, mastery, GOAL, 4, 2).taught == ("fractions.add_like", GOAL)


def test_where_time_is_short_the_best_known_go_without_a_lesson():
    mastery = everywhere(0.9) | {"fractions.add_like": 0.79, "fractions.equivalent": 0.62, "fractions.simplify": 0.7}
    choice = choose_skills(TREE, mastery, GOAL, 1, 2)
    assert choice.taught == ("fractions.equivalent", GOAL)
    assert choice.left_out == (("fractions.simplify", 0.7), ("fractions.add_like", 0.79))


def test_too_few_weeks_say_what_fits_and_what_does_not():
    mastery = everywhere(0.9) | dict.fromkeys(WAY, 0.3)
    with pytest.raises(InputError) as caught:
        choose_skills(TREE, mastery, GOAL, 1, 2)
    message = str(caught.value)
    assert "What fits: whole.multiply_facts, fractions.equivalent." in message
    assert f"What does not: fractions.add_like, {GOAL}." in message
    assert "Take --weeks 2, or fractions.equivalent as the goal" in message


@given(st.lists(st.integers(1, 9), min_size=1, max_size=20), st.integers(1, 4))
def test_a_skill_is_reviewed_at_most_once_an_interval_and_never_before_it_is_due(gaps, room):
    day, taught, met, reviewed = 0, {"a": 0, "b": 0}, {"a": 0, "b": 0}, {"a": [], "b": []}
    for gap in gaps:
        day += gap
        due = due_reviews(taught, met, day)
        for skill in due[:room]:
            met[skill] = day
            reviewed[skill].append(day)
            assert any(day >= d for d in INTERVALS)
    for days in reviewed.values():
        assert len(days) <= sum(d <= day for d in INTERVALS)
        for before, after in zip([0, *days], days, strict=False):
            assert any(before < d <= after for d in INTERVALS)


def test_the_longest_due_comes_first_and_one_that_found_no_room_waits():
    taught = {"late": 10, "early": 0}
    assert due_reviews(taught, {"late": 10, "early": 7}, 10) == []
    assert due_reviews(taught, {"late": 10, "early": 7}, 14) == ["late", "early"]
    assert due_reviews(taught, {"late": 14, "early": 7}, 14) == ["early"]
    assert due_reviews(taught, {"late": 10, "early": 0}, 14) == ["early", "late"]
    assert due_reviews({"a": 0}, {"a": 28}, 400) == []


def test_reviews_leave_the_lesson_its_minutes():
    assert (most_reviews(45, alone=False), most_reviews(45, alone=True), most_reviews(20, alone=False)) == (3, 5, 1)


def lesson(skill: str = GOAL, n: int = 6, seed: int = 7):
    people = sample_class(n, 7, TREE, GOAL)
    return draft_plan(TREE, assemble(people, skill, TREE), 39, "balanced", seed, None)


def test_a_lesson_with_its_reviews_is_still_verified():
    plan = lesson()
    reviews = review_problems(["fractions.add_like", "whole.multiply_facts"], 3, plan.problems())
    new = with_reviews(plan, reviews)
    assert new.minutes == plan.minutes + 2 * REVIEW_MINUTES
    assert [p.skill for p in new.warm_up.problems[:4]] == ["fractions.add_like"] * 2 + ["whole.multiply_facts"] * 2
    assert verify(new, TREE).passed
    used = {numbers(p) for p in plan.problems()}
    assert not used & {numbers(p) for items in reviews.values() for p in items}
    assert plan == lesson()


def test_the_class_after_is_the_mean_over_lives_and_the_majority_of_misconceptions():
    wrong = "fractions.add_numerators_and_denominators"
    learner = Learner(pseudonym="otter-1", grade=5, mastery={GOAL: 0.4, "other.skill": 0.3}, misconceptions=(wrong,))
    people = students(assemble([learner], GOAL, TREE), TREE, 1, LearningModel())
    assert len(people) == 24
    for i, student in enumerate(people):
        student.mastery[GOAL] = 0.5 if i % 2 else 0.7
        if i < 12:
            student.held.clear()
    [after] = class_after([learner], people)
    assert after.mastery[GOAL] == 0.6
    assert after.mastery["other.skill"] == 0.3
    assert after.misconceptions == ()
    people[0].held.add(wrong)
    assert class_after([learner], people)[0].misconceptions == (wrong,)


def course(reviews: bool = True) -> list[Event]:
    plans = [
        draft_plan(TREE, assemble(sample_class(12, 7, TREE, GOAL), s, TREE), 45, "balanced", i, None)
        for i, s in enumerate(WAY)
    ]
    events = []
    for i, plan in enumerate(plans):
        shown = [p for q in plans for p in q.problems()]
        earlier = review_problems(WAY[:i], i, shown) if reviews else {}
        events.append(Event(4 * i, plan, earlier))
    return events


def klass():
    return students(assemble(sample_class(12, 7, TREE, GOAL), GOAL, TREE), TREE, 7, LearningModel())


def test_spaced_reviews_are_remembered_better_than_none_and_than_massed_ones():
    people = klass()
    found = retention(people, course(), WAY, 7)
    assert found.over_none.low > 0
    assert found.over_massed.mean > 0
    assert found.spaced > found.massed > found.none
    assert (found.students, found.items) == (24, 24)
    assert people == klass()
    assert found == retention(klass(), course(), WAY, 7)


def test_where_nothing_is_forgotten_and_practice_teaches_nothing_there_is_no_difference():
    still = LearningModel(practice=0, forgetting=0)
    people = students(assemble(sample_class(12, 7, TREE, GOAL), GOAL, TREE), TREE, 7, still)
    found = retention(people, course(), WAY, 7)
    assert (found.over_none.mean, found.over_massed.mean) == (0, 0)
    assert found.spaced == found.none == found.massed


def test_a_session_without_a_lesson_is_practice_only():
    [student] = klass()[:1]
    other = student.copy()
    items = review_problems(["fractions.add_like"], 1, [])
    live([student], Event(0, None, items), 0)
    assert student.mastery["fractions.add_like"] > other.mastery["fractions.add_like"]
    assert student.mastery[GOAL] == other.mastery[GOAL]
