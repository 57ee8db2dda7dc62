import pytest

from classwright.classroom.moves import MOVES
from classwright.classroom.talk_model import TalkModel
from classwright.classroom.talker import talker
from classwright.skilltree.bank import problem, wrong_answer
from tests.classroom.coded_talk import IDEA, ITEMS, PROBLEM, SKILL, TREE, holder, start, tutor

SPOT = ("Look at the bottom numbers. What do they tell you?", "focus", "guide student focus")
TOLD = ("So it is this.", "telling", "reveal answer")


def students(n, **more):
    return [talker(holder(SKILL, IDEA, seed), PROBLEM, IDEA, TalkModel().model_copy(update=more)) for seed in range(n)]


def test_a_holder_opens_with_what_its_buggy_rule_gives_and_says_how():
    opening = students(1)[0].open()
    assert (opening.intent, opening.answer) == ("answer", wrong_answer(IDEA, PROBLEM))
    assert opening.how == TREE.misconception(IDEA).says


def test_a_misconception_that_does_not_apply_is_refused():
    with pytest.raises(ValueError, match="does not apply"):
        talker(holder("decimals.compare", None), problem("decimals.compare", 1), IDEA, TalkModel())


def test_a_student_without_a_wrong_idea_answers_as_its_mastery_says():
    firsts = [talker(holder(SKILL, None, seed, mastery=0.7), PROBLEM, None, TalkModel()) for seed in range(400)]
    assert sum(t.right for t in firsts) / 400 == pytest.approx(0.02 + 0.95 * 0.7, abs=0.06)
    assert {t.open().intent for t in firsts} == {"insight", "careless"}


@pytest.mark.parametrize(("kind", "odds"), [("guide student focus", 0.95), ("perturb the question", 0.7),
                                        ("ask for explanation", 0.1), ("reveal strategy", 0.95)])  # fmt: skip
def test_a_move_that_answers_the_misconception_gives_an_insight_as_often_as_the_model_says(kind, odds):
    move = next(m for m, kinds in MOVES.items() if kind in kinds)
    seen = [t.reply(tutor("...", move, kind, IDEA)).intent == "insight" for t in students(600)]
    assert sum(seen) / 600 == pytest.approx(odds, abs=0.05)


def test_a_student_that_is_not_ready_sees_less():
    def rate(ready):
        known = [talker(holder(SKILL, IDEA, s, ready=ready), PROBLEM, IDEA, TalkModel()) for s in range(300)]
        return sum(t.reply(tutor(*SPOT, IDEA)).intent == "insight" for t in known) / 300

    assert rate(0.05) < 0.4 < 0.9 < rate(0.95)


def test_what_answers_another_misconception_or_none_changes_nothing():
    other = next(m.id for m in TREE.misconceptions_of(SKILL) if m.id != IDEA)
    for about in (other, None):
        seen = [t.reply(tutor(*SPOT, about)) for t in students(300)]
        assert sum(u.intent == "insight" for u in seen) <= 12
        assert {u.answer for u in seen if u.intent == "insists"} == {wrong_answer(IDEA, PROBLEM)}


def test_an_insight_gives_the_right_answer_and_counts_as_one_practice():
    student = next(t for t in students(20) if t.reply(tutor(*SPOT, IDEA)).intent == "insight")
    assert (student.right, student.insight, student.answer) == (True, True, PROBLEM.answer)
    kept = IDEA in student.student.held
    learned = student.student.model.practice + (0 if kept else student.student.model.freed)
    assert student.student.learned[SKILL] == pytest.approx(learned)


def test_a_told_answer_is_repeated_and_teaches_a_fifth_of_a_practice_and_cures_nobody():
    told = students(200)
    said = [t.reply(tutor(*TOLD), PROBLEM.answer) for t in told]
    assert {(u.intent, u.answer) for u in said} == {("repeats", PROBLEM.answer)}
    assert all(IDEA in t.student.held and not t.insight for t in told)
    assert {round(t.student.learned[SKILL], 9) for t in told} == {round(0.2 * 0.1, 9)}


def test_own_insight_leads_to_giving_the_misconception_up_more_often_than_a_told_strategy():
    def cured(kind, move):
        found = [t for t in students(600) if t.reply(tutor("...", move, kind, IDEA)).intent == "insight"]
        return sum(IDEA not in t.student.held for t in found) / len(found)

    assert cured("guide student focus", "focus") > cured("reveal strategy", "telling") + 0.15


def test_a_student_says_once_how_it_got_its_answer_and_only_when_asked():
    ask = tutor("How did you get that?", "probing", "ask for explanation")
    student = next(t for t in students(20) if t.reply(ask).intent == "explains")
    assert student.explained
    assert student.reply(ask).intent != "explains"


def test_useless_turns_wear_a_student_out():
    empty = tutor("Try again.", "generic", "general inquiry")
    worn = students(200, own_insight=0.0)
    ends = {"gives up": 0}
    for student in worn:
        said = [student.reply(empty).intent for _ in range(12)]
        assert "gives up" not in said[:3]
        ends["gives up"] += "gives up" in said
    assert ends["gives up"] > 170


@pytest.mark.parametrize("item", ITEMS[:20], ids=lambda i: i.misconception)
def test_the_same_seed_and_turns_give_the_same_student(item):
    def talk():
        student = start(item, 5)
        return [student.open(), *(student.reply(tutor(*SPOT)) for _ in range(6)), student.state()]

    assert talk() == talk()
