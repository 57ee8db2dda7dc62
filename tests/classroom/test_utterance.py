from typing import get_args

import pytest

from classwright.classroom.student_reply import is_answer, read_reply
from classwright.classroom.utterance import Intent, Utterance, plainly
from classwright.skilltree.bank import generator_ids, problem
from tests.classroom.coded_talk import ITEMS, PROBLEM, TREE

ANSWERING = ("answer", "careless", "insists", "insight", "repeats", "guesses")


@pytest.mark.parametrize("intent", ANSWERING)
def test_plain_sentences_state_just_their_answer_for_every_skill_right_and_wrong(intent):
    for n, skill in enumerate(sorted(generator_ids())):
        p = problem(skill, 70 + n, 1 + n % 3)
        text = plainly(Utterance(intent=intent, answer=p.answer), p, n)
        assert is_answer(text, p.answer, p), (skill, text)
    for n, item in enumerate(ITEMS):
        how = item.says if intent == "answer" else ""
        text = plainly(Utterance(intent=intent, answer=item.wrong, how=how), item.problem, n)
        assert is_answer(text, item.wrong, item.problem), (item.misconception, text)
        assert not is_answer(text, item.problem.answer, item.problem)


@pytest.mark.parametrize(
    ("intent", "kind"), [("confused", "confused"), ("asks", "asks"), ("gives up", "gives up"), ("quiet", "quiet")]
)
def test_a_tutor_reads_what_was_meant(intent, kind):
    read = {read_reply(plainly(Utterance(intent=intent), PROBLEM, seed), PROBLEM, TREE).kind for seed in range(30)}
    assert read <= {kind, "talk"}
    assert kind in read


def test_every_intent_has_words_and_the_seed_picks_them():
    for intent in get_args(Intent):
        meant = Utterance(intent=intent, answer="7/12" if intent in ANSWERING else "", how="I added them.")
        texts = {plainly(meant, PROBLEM, seed) for seed in range(40)}
        assert all(plainly(meant, PROBLEM, seed) == plainly(meant, PROBLEM, seed) for seed in range(5))
        assert ("" in texts) == (intent == "quiet")


def test_what_was_said_is_not_said_again_while_there_is_another_way():
    meant, said = Utterance(intent="insists", answer="7/12"), set[str]()
    for _ in range(5):
        said.add(plainly(meant, PROBLEM, 3, said=said))
    assert len(said) >= 4  # one of the five says what is wrong with it, which is no answer to a grader
