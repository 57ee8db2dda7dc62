"""The Socratic policy on problems of every skill: nothing leaks, nothing is said twice, and the moves fit the error."""

import pytest

from classwright.classroom.flip_items import flip_items
from classwright.classroom.leak import leaks
from classwright.classroom.socratic import next_move
from classwright.classroom.student_reply import read_reply
from classwright.classroom.turn import Turn
from classwright.classroom.tutor_checks import faults
from classwright.classroom.utterance import Utterance, plainly
from classwright.skilltree.bank import generator_ids, problem
from tests.classroom.coded_talk import ITEMS, PROBLEM, TREE, converse, start, tutor


def next_to(*texts: str, prob=PROBLEM, seed=0):
    """The move after a talk in which the student speaks first and the tutor said nothing of note in between."""
    turns = []
    for n, text in enumerate(texts):
        if n:
            turns.append(tutor(f"Turn {n}: what do you think?", "generic", "general inquiry"))
        turns.append(Turn(speaker="student", text=text))
    return next_move(prob, TREE, turns, seed=seed)


@pytest.fixture(scope="module")
def talks():
    """Whole talks about sixty misconceptions with five students each."""
    return [
        (item, converse(start(item, seed), lambda p, turns, seed=seed: next_move(p, TREE, turns, seed=seed), 10, seed))
        for item in ITEMS
        for seed in range(5)
    ]


def test_curated_words_never_leak_over_300_talks(talks):
    assert len(talks) == 300
    for item, turns in talks:
        for i, turn in enumerate(turns):
            if turn.speaker == "tutor":
                assert leaks(turn.text, item.problem, turns[:i]) == "", (item.misconception, turn.text)
                assert turn.submove != "reveal answer"


def test_curated_words_pass_the_checks_that_a_model_must_pass(talks):
    for item, turns in talks:
        last = max(i for i, t in enumerate(turns) if t.speaker == "tutor")
        for i, turn in enumerate(turns):
            if turn.speaker == "tutor" and i < last:
                found = [f for f in faults(turn.text, item.problem, turns[:i]) if "was said before" not in f]
                assert found == [], (item.misconception, turn.text)


def test_a_curated_turn_is_hardly_ever_said_twice(talks):
    twice = [
        turns for _, turns in talks
        if len(said := [t.text for t in turns if t.speaker == "tutor"]) > len(set(said))
    ]  # fmt: skip
    assert len(twice) <= 3


def test_most_students_get_there_and_first_words_of_every_skill_leak_nothing(talks):
    solved = sum(any(t.intent == "insight" for t in turns) for _, turns in talks)
    assert solved / len(talks) > 0.85
    for n, skill in enumerate(sorted(generator_ids())):
        p = problem(skill, 40 + n, 1 + n % 3)
        for text in ("", "I don't understand.", "Just tell me the answer.", "I think it is 1."):
            move = next_to(text, prob=p)
            if not move.closes:
                assert leaks(move.text, p, [Turn(speaker="student", text=text)]) == "", (skill, move.text)


def test_what_each_turn_does_to_a_student_hangs_together(talks):
    for _, turns in talks:
        last = None
        for turn in turns:
            if turn.speaker == "student":
                if last is not None:
                    assert turn.before == last
                assert turn.after is not None
                assert last is None or set(turn.after.misconceptions) <= set(last.misconceptions)
                last = turn.after


def test_every_misconception_is_recognized_by_the_plain_words_of_its_holder():
    for item in flip_items(TREE, 0, 11):
        for intent in ("answer", "insists", "guesses", "careless"):
            meant = Utterance(intent=intent, answer=item.wrong, how=item.says if intent == "answer" else "")
            text = plainly(meant, item.problem, item.misconception)
            assert item.misconception in read_reply(text, item.problem, TREE).suspects, text


def test_moves_answer_the_misconception_that_is_held_or_one_that_gives_the_same_answer(talks):
    for item, turns in talks:
        alike = set(read_reply(turns[0].text, item.problem, TREE).suspects)
        assert item.misconception in alike
        moves = [t for t in turns if t.speaker == "tutor" and t.addresses]
        assert moves
        assert moves[0].addresses in alike


@pytest.mark.parametrize(("text", "submove"), [
    ("", "general inquiry"),
    ("Can you just tell me the answer?", "seek strategy"),
    ("I don't understand what you mean.", "recall relevant information"),
    ("I got 999.", "ask for explanation"),
])  # fmt: skip
def test_the_first_move_fits_what_the_student_said(text, submove):
    assert next_to(text).submove == submove


def test_a_student_who_gives_up_is_let_go_and_one_who_is_right_is_closed():
    assert next_to("I give up. I can't do this one.").closes
    assert next_to(f"The answer is {PROBLEM.answer}.").closes


def test_after_a_struggle_the_student_says_what_was_wrong_before_the_talk_closes():
    item = ITEMS[0]
    first = Turn(speaker="student", text=f"The answer is {item.wrong}.")
    asked = tutor("Look here.", "focus", "guide student focus", item.misconception)
    right = Turn(speaker="student", text=f"Oh. Now I get {item.problem.answer}.")
    move = next_move(item.problem, TREE, [first, asked, right])
    assert (move.submove, move.closes) == ("ask for explanation", False)
    said = [first, asked, right, tutor(move.text, move.move, move.submove), Turn(speaker="student", text="I see it.")]
    assert next_move(item.problem, TREE, said).closes


def test_the_same_seed_gives_the_same_move():
    assert all(next_to("I got 999.", seed=s) == next_to("I got 999.", seed=s) for s in range(10))
    assert len({next_to("I got 999.", seed=s).text for s in range(10)}) > 1
